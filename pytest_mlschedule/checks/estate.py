"""MLS6xx: what schedules do to one another and to their computes."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from pytest_mlschedule.checks.minute_counts import MinuteCounts
from pytest_mlschedule.checks.rule import Rule, Situation
from pytest_mlschedule.diagnostics import Diagnostic, PathPart, Severity, warning
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule, PipelineJob
from pytest_mlschedule.schedules.overrides import workspace_reference
from pytest_mlschedule.triggers.creation import counts_from_creation
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.instant_words import show_utc
from pytest_mlschedule.triggers.window import UTC_EPOCH
from pytest_mlschedule.triggers.wording import list_names

_SHOWN_DATES = 3
_SHOWN_NAMES = 5
_MINUTE = 60


def find_trigger_field(schedule: JobSchedule) -> tuple[PathPart, ...]:
    """Where the times of a trigger stand that one would change."""
    if isinstance(schedule.trigger, CronTrigger):
        return ("trigger", "expression")
    return ("trigger", "interval") if schedule.trigger.schedule is None else ("trigger", "schedule", "minutes")


@dataclass(frozen=True, slots=True)
class _Minutes:
    """The minutes of the window in which a schedule starts its job, as bits."""

    schedule: JobSchedule
    bits: int
    raw: bytes
    """The same, to look at one minute of many schedules."""


def _find_minutes(schedules: Iterable[JobSchedule], situation: Situation) -> Iterator[_Minutes]:
    start, end = situation.window.epochs
    for schedule in schedules:
        bits = situation.timetable(schedule).minutes_between(start, end)
        if bits:
            yield _Minutes(schedule, bits, bits.to_bytes((bits.bit_length() + 7) // 8, "little"))


def _find_running(situation: Situation) -> Iterator[JobSchedule]:
    """The schedules whose times are known: those that count from a creation that is only guessed coincide by guess."""
    for schedule in situation.schedules:
        if schedule.is_enabled and not counts_from_creation(schedule.trigger):
            yield schedule


def _check_same_job(situation: Situation) -> Iterator[Diagnostic]:
    """MLS601: two schedules that start the same job with the same inputs and outputs in the same minute."""
    by_job: dict[str, list[JobSchedule]] = defaultdict(list)
    for schedule in _find_running(situation):
        target = _name_job(schedule)
        if target is not None:
            by_job[target].append(schedule)
    for target, schedules in by_job.items():
        if len(schedules) > 1:
            by_values: dict[str, list[JobSchedule]] = defaultdict(list)
            for schedule in schedules:
                by_values[_values_of(situation.job(schedule))].append(schedule)
            for same in by_values.values():
                yield from _find_pairs(target, same, situation)


def _name_job(schedule: JobSchedule) -> str | None:
    """What a schedule runs: the path of a file, or the name of a job of the workspace; None for a job of its own."""
    reference = workspace_reference(schedule)
    if reference is not None:
        return f"azureml:{reference}"
    job = schedule.create_job
    return os.path.normpath(job.path) if isinstance(job, JobDefinition) and job.path is not None else None


def _values_of(job: JobDefinition | None) -> str:
    """Inputs and outputs as they go over the wire, where every literal is text (JB-4), to compare."""
    ports: tuple[Mapping[str, Any], ...] = ({}, {}) if job is None else (job.inputs, job.outputs)
    texts = [{name: _wire(value) for name, value in given.items()} for given in ports]
    return json.dumps(texts, sort_keys=True, default=str)


def _wire(value: Any) -> Any:
    return value if isinstance(value, Mapping) else str(value)


def _find_pairs(target: str, schedules: list[JobSchedule], situation: Situation) -> Iterator[Diagnostic]:
    """One finding for each schedule that coincides with earlier ones; it names them."""
    earlier: list[_Minutes] = []
    taken = 0
    for one in _find_minutes(schedules, situation) if len(schedules) > 1 else ():
        shared = taken & one.bits
        others = _find_others(one, earlier, shared) if shared else []
        if others:
            yield _same_job(target, one, others, situation)
        taken |= one.bits
        earlier.append(one)


def _find_others(one: _Minutes, earlier: list[_Minutes], shared: int) -> list[_Minutes]:
    """Those of the earlier ones that coincide with one: in the first minute, then in the first that these do not explain ….

    Up to one more than are shown. Two of one name are no two: MLS509 says so.
    """
    found: list[_Minutes] = []
    while shared and len(found) <= _SHOWN_NAMES:
        lowest = shared & -shared
        place, bit = divmod(lowest.bit_length() - 1, 8)
        coinciding = (other for other in earlier if place < len(other.raw) and other.raw[place] >> bit & 1)
        there = list(islice(coinciding, _SHOWN_NAMES + 1))
        for other in there:
            shared &= ~other.bits
        found += [other for other in there if other.schedule.name != one.schedule.name]
    return found


def _same_job(target: str, one: _Minutes, others: list[_Minutes], situation: Situation) -> Diagnostic:
    shared = 0
    for other in others:
        shared |= one.bits & other.bits
    names = [_name_schedule(other.schedule) for other in others[:_SHOWN_NAMES]]
    names += ["others"] if len(others) > _SHOWN_NAMES else []
    times = shared.bit_count()
    text = (
        f"{one.schedule.name} starts {target} in the same minute and with the same inputs as {list_names(names)}, "
        f"{times} time{'' if times == 1 else 's'} {_say_window(situation)}: {_show_dates(shared, situation)}"
    )
    hint = "drop one of them, give it other inputs, or move it"
    return one.schedule.locate(warning("MLS601", text, hint, find_trigger_field(one.schedule)))


def _name_schedule(schedule: JobSchedule) -> str:
    place = schedule.locate(Diagnostic("", Severity.NOTE, "", field=("name",))).location
    return f"{schedule.name} ({place})" if place else schedule.name


def _say_window(situation: Situation) -> str:
    return f"between {show_utc(situation.window.start)} and {show_utc(situation.window.end)}"


def _show_dates(bits: int, situation: Situation) -> str:
    """The first minutes of a set, in UTC."""
    base = situation.window.epochs[0] // _MINUTE
    shown: list[str] = []
    rest = bits
    while rest and len(shown) < _SHOWN_DATES:
        lowest = rest & -rest
        shown.append(_show_minute(base + lowest.bit_length() - 1))
        rest ^= lowest
    return ", ".join(shown) + (", ..." if rest else "")


def _show_minute(minute: int) -> str:
    return f"{UTC_EPOCH + timedelta(minutes=minute):%Y-%m-%dT%H:%MZ}"


def _check_pile_up(situation: Situation) -> Iterator[Diagnostic]:
    """MLS602: more starts in one minute on one compute than is allowed."""
    most = situation.thresholds.most_starts_per_minute
    by_compute: dict[str, list[JobSchedule]] = defaultdict(list)
    spelling: dict[str, str] = {}
    for schedule in _find_running(situation):
        for compute in find_computes(situation.job(schedule)):
            by_compute[compute.lower()].append(schedule)
            spelling.setdefault(compute.lower(), compute)
    for key, schedules in by_compute.items():
        if len(schedules) > most:  # each starts once in a minute
            yield from _find_worst(spelling[key], schedules, situation)


def find_computes(job: JobDefinition | None) -> list[str]:
    """The computes that a run of a job uses: its own or default one, and those of its steps; serverless is none of them."""
    if job is None:
        return []
    default = job.compute or job.settings.get("default_compute")
    steps = job.jobs.values() if isinstance(job, PipelineJob) else ()
    own = [step.compute for step in steps]
    names = dict.fromkeys([*own, default] if not own or None in own else own)
    return [name for name in names if isinstance(name, str) and name.lower() != "serverless" and "${{" not in name]


def _find_worst(compute: str, schedules: list[JobSchedule], situation: Situation) -> Iterator[Diagnostic]:
    most = situation.thresholds.most_starts_per_minute
    found = list(_find_minutes(schedules, situation))
    counts = MinuteCounts()
    for one in found:
        counts.add(one.bits)
    number, minutes = counts.find_most()
    if number <= most:
        return
    worst = minutes & -minutes
    there = [one.schedule for one in found if one.bits & worst]
    names = [schedule.name for schedule in there[:_SHOWN_NAMES]]
    listed = f"{', '.join(names)} and {number - len(names)} more" if number > len(names) else list_names(names)
    minute = _show_minute(situation.window.epochs[0] // _MINUTE + worst.bit_length() - 1)
    often = counts.find_above(most).bit_count()
    text = (
        f"{number} schedules start on {compute} at {minute}, {most} are allowed: {listed}; "
        f"over the limit in {often} minute{'' if often == 1 else 's'} {_say_window(situation)}"
    )
    hint = "move some of them by a few minutes (the limit is most_starts_per_minute of the configuration)"
    last = there[-1]
    yield last.locate(warning("MLS602", text, hint, find_trigger_field(last)))


def _check_period(schedule: JobSchedule, situation: Situation) -> Iterator[Diagnostic]:
    """MLS603: runs that follow one another faster than is allowed."""
    if not schedule.is_enabled:
        return
    start, end = situation.window.epochs
    timetable = situation.timetable(schedule)
    distance = timetable.shortest_distance(start, end)
    shortest = situation.thresholds.shortest_period
    if distance is not None and distance < shortest.total_seconds():
        count = timetable.count_between(start, end)
        text = (
            f"runs follow one another after {_say_length(distance)}, the shortest allowed is "
            f"{_say_length(int(shortest.total_seconds()))}; {count:,} runs {_say_window(situation)}"
        )
        hint = "run it less often (the limit is shortest_period of the configuration)"
        yield warning("MLS603", text, hint, find_trigger_field(schedule))


def _say_length(seconds: int) -> str:
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds % unit == 0 and seconds:
            return f"{seconds // unit} {name}{'' if seconds == unit else 's'}"
    return f"{seconds} seconds"


_WARNING = Severity.WARNING
RULES: tuple[Rule, ...] = (
    Rule(
        code="MLS601",
        name="same-job-same-minute",
        severity=_WARNING,
        summary="two schedules start the same job in the same minute",
        check_all=_check_same_job,
    ),
    Rule(
        code="MLS602",
        name="pile-up",
        severity=_WARNING,
        summary="many schedules start on one compute in one minute",
        check_all=_check_pile_up,
    ),
    Rule(
        code="MLS603",
        name="too-frequent",
        severity=_WARNING,
        summary="runs follow one another fast",
        check=_check_period,
    ),
)
