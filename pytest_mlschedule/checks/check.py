"""Checking schedules: every rule over every schedule, what loading found included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.rule import Situation
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.reader import in_file_order
from pytest_mlschedule.schedules.sdk_triggers import is_entity
from pytest_mlschedule.triggers.window import Window

CHECKED = timedelta(days=31)
"""The window that rules about runs look at, where nobody says another one."""


def check_schedules(
    schedules: JobSchedule | Iterable[JobSchedule], *, now: datetime, window: Window | None = None
) -> list[Diagnostic]:
    """Every finding about schedules, in file order: what loading said of them, and what the rules of docs/rules find.

    ``now`` (aware) is when they would be created. ``window``: what rules about runs look at (half-open); by default the 31 days
    from ``now`` on. Objects of azure-ai-ml are taken too. Raises TypeError for a naive ``now``.
    """
    found = tuple(_adopt_all(schedules))
    situation = Situation(schedules=found, now=now, window=window or Window(now, now + CHECKED))
    said = [item for schedule in found for item in schedule.diagnostics]
    return in_file_order(settle(item) for item in [*said, *find_problems(situation)])


def find_problems(situation: Situation) -> Iterator[Diagnostic]:
    """What the rules find, besides what loading said; placed, with the severity of the rule."""
    for rule in CATALOGUE.values():
        if rule.check is not None:
            for schedule in situation.schedules:
                for item in rule.check(schedule, situation):
                    yield settle(item if item.location else schedule.locate(item))
        if rule.check_all is not None:
            yield from map(settle, rule.check_all(situation))


def settle(item: Diagnostic) -> Diagnostic:
    """The diagnostic with the severity that its rule has in a check."""
    rule = CATALOGUE.get(item.code)
    return item if rule is None or rule.severity is item.severity else replace(item, severity=rule.severity)


def _adopt_all(schedules: object) -> Iterator[JobSchedule]:
    one = isinstance(schedules, JobSchedule) or not isinstance(schedules, Iterable)
    for schedule in [schedules] if one else schedules:  # type: ignore[attr-defined]
        if is_entity(schedule):
            from pytest_mlschedule.schedules.sdk import adopt_schedule  # costs time that few need

            yield adopt_schedule(schedule)
        elif isinstance(schedule, JobSchedule):
            yield schedule
        else:
            raise TypeError(f"check_schedules takes schedules (see load_schedule), not {type(schedule).__name__}")
