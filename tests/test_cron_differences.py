"""docs/cron-differences.md: what its tables say of us, croniter, cronsim and dateutil is what they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from croniter import CroniterError, croniter
from cronsim import CronSim, CronSimError
from dateutil import tz
from dateutil.rrule import rrulestr

from pytest_mlschedule import CronTrigger, DefinitionError

PAGE = (Path(__file__).parents[1] / "docs" / "cron-differences.md").read_text(encoding="utf-8")
NEW_YEAR, NEXT_YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its header."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert lines, f"no table under {heading}"
    return [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def by_azure_ml(expression: str, start: datetime) -> Iterator[datetime]:
    zone = "UTC" if start.tzinfo is UTC else "Pacific Standard Time"
    timetable = CronTrigger(expression, time_zone=zone).timetable(created_at=start)
    return (moment.astimezone(start.tzinfo) for moment in timetable.iter(start, start + timedelta(days=366)))


def by_croniter(expression: str, start: datetime) -> Iterator[datetime]:
    return croniter(expression, start - timedelta(seconds=1)).all_next(datetime)


def by_cronsim(expression: str, start: datetime) -> Iterator[datetime]:
    return CronSim(expression, start - timedelta(seconds=1))


def by_dateutil(rule: str, start: datetime) -> Iterator[datetime]:
    return iter(rrulestr(rule, dtstart=start.replace(tzinfo=tz.gettz(str(start.tzinfo)))))


LIBRARIES: list[tuple[int, Callable[[str, datetime], Iterator[datetime]]]] = [
    (1, by_azure_ml),
    (2, by_croniter),
    (3, by_cronsim),
]


@pytest.mark.parametrize("row", rows_under("Expressions"), ids=lambda row: row[0])
def test_the_number_of_runs_in_a_year(row: list[str]) -> None:
    for column, occurrences in LIBRARIES:
        try:
            found = takewhile(lambda moment: moment < NEXT_YEAR, occurrences(row[0], NEW_YEAR))
            result = f"{sum(1 for _ in found):,}"
        except (DefinitionError, CroniterError, CronSimError):
            result = "error"
        assert result == row[column], occurrences.__name__


@pytest.mark.parametrize("row", rows_under("Clock changes"), ids=lambda row: f"{row[0]} on {row[1]}")
def test_the_times_of_a_day_when_the_clock_changes(row: list[str]) -> None:
    midnight = datetime.fromisoformat(row[1]).replace(tzinfo=ZONE)
    for column, occurrences in LIBRARIES:
        found = islice(occurrences(row[0], midnight), 200)
        times = [f"{moment:%H:%M %Z}" for moment in takewhile(lambda moment: moment.date() == midnight.date(), found)]
        shown = ", ".join(times) if len(times) < 5 else f"{len(times)} runs"
        assert shown == row[column + 1], occurrences.__name__


def test_dateutil_gives_a_time_that_does_not_exist() -> None:
    (rule, day, shown), *_ = rows_under("Recurrences")
    first = next(by_dateutil(rule, datetime.fromisoformat(day).replace(tzinfo=ZONE)))
    assert f"{first:%H:%M}" == shown
    assert not tz.datetime_exists(first)
