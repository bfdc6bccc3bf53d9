"""Where a failing assertion stands: whether that code uses us at all, and the time zone its schedules are in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import tzinfo
from types import CodeType, FrameType, FunctionType, ModuleType

from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import PlannedRun
from pytest_mlschedule.scheduler import Scheduler
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.triggers.zones import zone
from pytest_mlschedule.workspace.job import Job
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

_PACKAGE = "pytest_mlschedule"
_MACHINERY = ("_pytest", "pluggy", _PACKAGE)


def find_our_names() -> list[object]:
    """What is ours among the variables of the assertion's function, and what it names of its module.

    Lists of times and of texts are everybody's: they are explained only to a function that has to do with us.
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None and _top(frame.f_globals.get("__name__")) in _MACHINERY:
        frame = frame.f_back
    if frame is None:
        return []
    named = [frame.f_globals[name] for name in dict.fromkeys(_names(frame.f_code)) if name in frame.f_globals]
    return [value for value in (*frame.f_locals.values(), *named) if _is_ours(value)]


def find_zone(values: list[object]) -> tzinfo | None:
    """The time zone of the schedules, plans and runs among some values, where all agree on one."""
    keys = {key for value in values for key in _zone_keys(value)}
    return zone(keys.pop()).tzinfo if len(keys) == 1 else None


def _names(code: CodeType) -> Iterator[str]:
    """The global names that code uses, its comprehensions and inner functions included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_ours(value: object) -> bool:
    if isinstance(value, list | tuple) and value:
        value = value[0]
    if isinstance(value, ModuleType):
        return _top(value.__name__) == _PACKAGE
    owner = value if isinstance(value, type | FunctionType) else type(value)
    return _top(owner.__module__) == _PACKAGE


def _top(module: object) -> str:
    return str(module).partition(".")[0]


def _zone_keys(value: object) -> Iterator[str]:
    if isinstance(value, JobSchedule):
        yield value.trigger.zone.key
    elif isinstance(value, Plan):
        yield from (part.source.zone_key for part in value.parts)
    elif isinstance(value, FakeWorkspace):
        yield from (record.timetable.zone.key for record in state_of(value).records.values())
    elif isinstance(value, Scheduler):
        yield from _zone_keys(value.workspace)
    elif isinstance(value, PlannedRun | Job):
        yield from filter(None, [getattr(getattr(value.local_time, "tzinfo", None), "key", None)])
    elif isinstance(value, list | tuple):
        yield from (key for item in value for key in _zone_keys(item))
