"""Row 0: diagnostics, errors, the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.diagnostics import Location, Severity, error, note, warning
from pytest_mlschedule.errors import DefinitionError, MLScheduleError
from pytest_mlschedule.profile import ServiceProfile, field_types

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_diagnostics_read_as_a_line_and_a_hint() -> None:
    found = error("MLS102", "minute 61 is not in 0-59", "write 0-59", ("expression",)).under("trigger")
    placed = found.at(Location("nightly.yml", 7, 16))
    assert str(found) == "MLS102 trigger.expression: minute 61 is not in 0-59\n  hint: write 0-59"
    assert str(placed) == "nightly.yml:7:16: MLS102 trigger.expression: minute 61 is not in 0-59\n  hint: write 0-59"
    assert str(note("X", "text")) == "X text"
    assert error("X", "", "", ("schedule", "hours", 1)).field_name == "schedule.hours[1]"


def test_severities_compare_by_rank() -> None:
    assert [item.severity.rank for item in (note("a", ""), warning("b", ""), error("c", ""))] == [0, 1, 2]
    assert Severity("warning") is Severity.WARNING


def test_definition_errors_say_every_problem() -> None:
    failure = DefinitionError([error("A", "one"), warning("B", "two", "way out")])
    assert str(failure) == "A one\nB two\n  hint: way out"
    assert isinstance(failure, MLScheduleError)


def test_the_clock_moves_forward_only_when_told() -> None:
    clock = SimulatedClock(NOON.astimezone(timezone(timedelta(hours=-8))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC
    clock.tick(timedelta(hours=1))
    clock.move_to(NOON + timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.move_to(NOON)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.tick(timedelta(seconds=-1))
    assert repr(clock) == "SimulatedClock(2026-01-01T13:00:00+00:00)"


def test_a_step_is_a_timedelta() -> None:
    with pytest.raises(TypeError, match="a step of the clock is a timedelta"):
        SimulatedClock(NOON).tick(5)  # type: ignore[arg-type]


@pytest.mark.parametrize("instant", [datetime(2026, 1, 1), "2026-01-01T00:00Z", 5])
def test_the_clock_takes_aware_datetimes_only(instant: object) -> None:
    with pytest.raises(TypeError, match=r"naive|aware"):
        SimulatedClock(instant)  # type: ignore[arg-type]


def test_listeners_hear_every_move_until_they_leave() -> None:
    clock = SimulatedClock(NOON)
    heard: list[datetime] = []
    leave = clock.subscribe(heard.append)
    clock.tick(timedelta(minutes=1))
    leave()
    leave()
    clock.tick(timedelta(minutes=1))
    assert heard == [NOON + timedelta(minutes=1)]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("gap", "foo", "gap cannot be 'foo': it is shift or skip"),
        ("fold", 1, "fold cannot be 1: it is first or second or both"),
        ("first_run", None, "first_run cannot be None: it is scheduled or instant"),
        ("iana_zones", ["accept"], "iana_zones cannot be ['accept']: it is reject or accept"),
        ("trigger_time_format", None, "trigger_time_format cannot be None: it is a str"),
        ("provisioning_delay", 3, "provisioning_delay cannot be 3: it is a timedelta"),
        (
            "provisioning_delay",
            timedelta(seconds=-1),
            "provisioning_delay cannot be datetime.timedelta(days=-1, seconds=86399): it is 0 to 365 days",
        ),
        ("provisioning_delay", timedelta(days=365, seconds=1), "365 days"),
    ],
)
def test_a_profile_says_what_its_fields_take(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match="cannot be") as caught:
        ServiceProfile(**{field: value})  # type: ignore[arg-type]
    assert str(caught.value).endswith(message)


def test_every_field_of_a_profile_has_a_type_that_is_checked() -> None:
    for name in field_types():
        with pytest.raises(ValueError, match=f"^{name} cannot be "):
            ServiceProfile(**{name: object()})  # type: ignore[arg-type]
    assert ServiceProfile(provisioning_delay=timedelta(days=365)).provisioning_delay.days == 365
