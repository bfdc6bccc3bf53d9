"""A history that was cut to a window, and one that lies in a folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pytest_mlschedule import DefinitionError, History, audit_runs, load_schedule, plan_history, read_history

NIGHTLY = {
    "name": "old",
    "trigger": {"type": "cron", "expression": "0 2 * * *", "start_time": "2026-03-01T00:00:00"},
    "create_job": "azureml:train",
}


def job(name: str, day: str, number: int = 1) -> dict[str, str]:
    stamp = f"{name}-202603{day}T020000Z"
    created = {"created_at": f"2026-03-{day}T02:00:05+00:00"}
    return {
        "name": f"{name}-{day}-{number}",
        "type": "pipeline",
        "display_name": stamp,
        "status": "Completed",
        "creation_context": created,
    }


def test_a_history_that_was_cut_knows_which_schedules_had_run_before() -> None:
    jobs = [job("old", "01"), job("old", "05"), job("new", "05")]
    cut = History.from_data(jobs).between(datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC))
    assert cut.earlier == {"old"}
    assert cut.between(datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)).earlier == {"old"}


@pytest.mark.parametrize(("first", "early"), [(5, 1), (1, 0)])
def test_what_is_missing_first_is_no_late_creation_where_the_schedule_had_run_before(first: int, early: int) -> None:
    # Due on the 4th and the 5th; it ran on the 5th, and in one case on the 1st.
    history = History.from_data([job("old", "05"), job("old", f"0{first}", 2)])
    cut = history.between(datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC))
    audited = audit_runs(plan_history([load_schedule(NIGHTLY)], cut, created_at=datetime(2026, 3, 1, tzinfo=UTC)), cut)[
        "old"
    ]
    assert audited.counts["missing"] == 1
    assert audited.missing_first == early


def test_a_folder_stands_for_its_json_files(tmp_path: Path) -> None:
    for name, day in (("b.json", "05"), ("a.JSON", "01"), ("notes.txt", "02")):
        (tmp_path / name).write_text(json.dumps([job("old", day)]))
    assert [one.name for one in read_history(tmp_path).jobs] == ["old-01-1", "old-05-1"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DefinitionError, match="MLS001 cannot be read: it is a directory"):
        read_history([empty])


@pytest.mark.parametrize(
    "times",
    [
        {"properties": {"StartTimeUtc": "2026-03-05 02:00:10", "EndTimeUtc": "2026-03-05 02:45:10"}},
        {"properties": {"startTimeUtc": "2026-03-05T02:00:10Z", "endTimeUtc": "2026-03-05T02:45:10Z"}},
        {"start_time": "2026-03-05T02:00:10+00:00", "end_time": "2026-03-05T02:45:10.5+00:00"},
        {"startTime": "2026-03-05T02:00:10Z", "properties": {"EndTimeUtc": None, "Duration": "00:45:00"}},
    ],
)
def test_times_are_read_however_they_are_spelt(times: dict[str, object]) -> None:
    (found,) = History.from_data([{**job("old", "05"), **times}]).jobs
    assert found.duration == 45 * 60
