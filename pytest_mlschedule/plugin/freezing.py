"""The code under test sees the simulated time: freezegun follows the clock, or time-machine where the test uses that.

What follows is the *wall clock*: ``datetime.now()``, ``date.today()``, ``time.time()`` and their relatives; naive local
times read as UTC. The stopwatches ``time.monotonic`` and ``time.perf_counter`` stay real: event loops, timeouts,
hypothesis' deadlines and pytest's durations live on them, and a simulated year must not look to them like a year.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pytest_mlschedule.clock import SimulatedClock

_SCHEMA_HOOK = "__get_pydantic_core_schema__"
_STOPWATCHES = ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")
# Modules whose ``datetime`` stays the real one: ours and pytest's would only get slower, pydantic's lazy ones be imported.
_UNTOUCHED = ("_pytest", "pytest_mlschedule", "pydantic", "pydantic_core")
# freezegun gives real time to whatever runs within five frames of an ignored module: not to callbacks that we call,
# tests that pytest calls, and threads of the code under test.
_SEE_SIMULATED_TIME = (*_UNTOUCHED, "threading")


def follow_clock(clock: SimulatedClock, request: pytest.FixtureRequest) -> AbstractContextManager[None]:
    """Within the block the wall clock of this process stands where ``clock`` stands, and moves when it moves.

    Blocks nest, with each other and with freezegun's and time-machine's own: the innermost decides.
    """
    return _travel(clock) if _uses_time_machine(request) else _freeze(clock)


@contextmanager
def _freeze(clock: SimulatedClock) -> Iterator[None]:
    import freezegun.api as freezegun

    outermost = not freezegun.freeze_factories
    freezer = freezegun.freeze_time(clock.now(), ignore=list(_UNTOUCHED))
    factory = freezer.start()
    unsubscribe = clock.subscribe(factory.move_to)
    try:
        # From here on for both: the frames of callers, and modules first imported meanwhile, which stop() has to restore.
        freezer.ignore = tuple(name for name in freezer.ignore if name not in _SEE_SIMULATED_TIME)
        freezegun.ignore_lists[-1] = freezer.ignore
        if outermost:  # an outer freeze is somebody else's, and so are its stopwatches
            _restore_stopwatches(freezer.undo_changes)
        with _fakes_known_to_pydantic():
            yield
    finally:
        unsubscribe()
        freezer.stop()


def _restore_stopwatches(changes: list[tuple[ModuleType, str, Any]]) -> None:
    """Undo what freezegun did to them: in ``time``, and in modules that imported one by name."""
    import freezegun.api as freezegun

    reals = {name: getattr(freezegun, f"real_{name}") for name in _STOPWATCHES}
    for name, real in reals.items():
        setattr(time, name, real)
    for module, name, original in changes:
        if original in reals.values():
            setattr(module, name, original)


@contextmanager
def _fakes_known_to_pydantic() -> Iterator[None]:
    """A model that is first imported inside a test names freezegun's fakes in its annotations: they mean the real ones."""
    import freezegun.api as freezegun

    fakes = {freezegun.FakeDatetime: freezegun.real_datetime, freezegun.FakeDate: freezegun.real_date}
    for fake in fakes:
        setattr(fake, _SCHEMA_HOOK, classmethod(lambda cls, source, handler: handler.generate_schema(fakes[cls])))
    try:
        yield
    finally:
        for fake in fakes:
            delattr(fake, _SCHEMA_HOOK)


@contextmanager
def _travel(clock: SimulatedClock) -> Iterator[None]:
    import time_machine

    utc = ZoneInfo("UTC")  # a ZoneInfo makes naive local times UTC too, as they are under freezegun
    journey = time_machine.travel(clock.now().astimezone(utc), tick=False)
    traveller = journey.start()
    unsubscribe = clock.subscribe(lambda now: traveller.move_to(now.astimezone(utc)))
    try:
        yield
    finally:
        unsubscribe()
        journey.stop()


def _uses_time_machine(request: pytest.FixtureRequest) -> bool:
    """Whether the test travels by time-machine, which refuses to start once freezegun is active.

    It does when a journey is under way, its fixture is asked for, or the test's module has a name of it.
    """
    library = sys.modules.get("time_machine")
    if library is None:
        return False
    if library.traveller_stack or "time_machine" in request.fixturenames:
        return True
    module = request.node.getparent(pytest.Module)
    names = vars(module.obj).values() if module is not None else ()
    return any(value is library or (isinstance(value, type) and value.__module__ == "time_machine") for value in names)
