"""compare_runs: what is missing, what is extra, what has other values; between lists of any kind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_mlschedule import plan_runs
from pytest_mlschedule.planning.compare import ABSENT, FirstDifference, RunPoint, ValueChange, compare_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger

START = datetime(2026, 3, 7, tzinfo=UTC)


def plan(days: int = 3, *, name: str = "nightly", hour: int = 3, zone: str = "Pacific Standard Time", **inputs):
    job = PipelineJob(inputs=inputs, outputs={"model": {"path": "azureml://m"}}, compute="cpu")
    schedule = JobSchedule(name=name, trigger=CronTrigger(f"0 {hour} * * *", time_zone=zone), create_job=job)
    return plan_runs(schedule, START, START + timedelta(days=days)).runs


def stamps(points) -> list[str]:
    return [f"{point.trigger_time:%m-%dT%H}" for point in points]


def local(point: RunPoint) -> str | None:
    return point.local_time and point.local_time.isoformat()


@dataclass
class Job:
    """A job of a workspace, as far as comparing looks at it."""

    schedule: str
    trigger_time: datetime
    inputs: dict[str, Any] = field(default_factory=dict)


def test_equal_lists() -> None:
    difference = compare_runs(plan(), list(plan()))
    assert not difference
    assert difference.first is None
    assert (difference.actual_count, difference.expected_count) == (3, 3)
    assert (difference.missing, difference.extra, difference.changed, difference.reordered) == ((), (), (), False)
    assert not compare_runs([], [])


def test_missing_and_extra_times_in_the_zone_of_the_schedule() -> None:
    difference = compare_runs(plan(hour=3), plan(hour=4))
    assert difference
    assert stamps(difference.extra) == ["03-07T11", "03-08T10", "03-09T10"]
    assert stamps(difference.missing) == ["03-07T12", "03-08T11", "03-09T11"]
    assert local(difference.missing[1]) == "2026-03-08T04:00:00-07:00"
    assert difference.first is not None
    assert difference.first.index == 0


def test_a_list_that_ends_early() -> None:
    runs = plan()
    longer = compare_runs(runs, runs[:2])
    assert longer.first == FirstDifference(2, RunPoint(runs[2].trigger_time, "nightly", runs[2].local_time), None)
    shorter = compare_runs(runs[:2], runs)
    assert shorter.first == FirstDifference(2, None, longer.first.actual)
    assert (shorter.missing, shorter.extra) == (longer.extra, longer.missing)


def test_changed_values_are_named() -> None:
    difference = compare_runs(plan(1, rows=5, date="x", old=1), plan(1, rows=6, date="x", new=2))
    (change,) = difference.changed
    assert change.point.schedule == "nightly"
    assert change.values == (
        ValueChange("inputs.rows", 5, 6),
        ValueChange("inputs.old", 1, ABSENT),
        ValueChange("inputs.new", ABSENT, 2),
    )
    assert difference.first is not None
    assert difference.first.actual == difference.first.expected == change.point
    assert (difference.missing, difference.extra, difference.reordered) == ((), (), False)
    assert repr(ABSENT) == "(absent)"


def test_other_values_are_compared_where_both_have_them() -> None:
    one, other = plan(1)[0], plan(1)[0]
    job = SimpleNamespace(
        schedule="nightly",
        trigger_time=other.trigger_time,
        experiment_name="exp",
        compute="gpu",
        inputs={},
        outputs=None,
        tags={"a": "b"},
    )
    (change,) = compare_runs([one], [job]).changed
    assert change.values == (
        ValueChange("experiment_name", "Default", "exp"),
        ValueChange("compute", "cpu", "gpu"),
        ValueChange("outputs.model", {"path": "azureml://m"}, ABSENT),
        ValueChange("tags.a", ABSENT, "b"),
    )


def test_the_order_counts() -> None:
    runs = plan()
    difference = compare_runs(runs, runs[::-1])
    assert difference
    assert difference.reordered
    assert difference.first is not None
    assert (difference.missing, difference.extra, difference.first.index) == ((), (), 0)


def test_repeated_runs_count() -> None:
    """A retry starts a second job for the same time."""
    job = Job("nightly", START)
    difference = compare_runs([job, job], [job])
    assert stamps(difference.extra) == ["03-07T00"]
    assert difference.first is not None
    assert difference.first.index == 1


def test_against_display_names() -> None:
    runs = plan()
    names = [run.display_name for run in runs]
    assert not compare_runs(runs, names)
    assert not compare_runs(names, names)
    difference = compare_runs(runs, [*names[:1], "nightly-20260308T110000Z", *names[2:]])
    assert (stamps(difference.missing), stamps(difference.extra)) == (["03-08T11"], ["03-08T10"])
    assert local(difference.missing[0]) == "2026-03-08T04:00:00-07:00"
    other = compare_runs(names[:1], ["weekly-20260307T110000Z"])
    assert (other.missing[0].schedule, other.extra[0].schedule) == ("weekly", "nightly")
    assert local(other.missing[0]) is None


def test_against_times_alone() -> None:
    runs = plan(1, rows=5)
    at = runs[0].trigger_time
    for time in (at, at.astimezone(timezone(timedelta(hours=-8))), at.isoformat(), "2026-03-07T03:00:00-08:00"):
        assert not compare_runs(runs, [time])
        assert not compare_runs([time], runs)
    difference = compare_runs(runs, [at + timedelta(hours=1)])
    assert stamps(difference.missing) == ["03-07T12"]
    assert local(difference.missing[0]) == "2026-03-07T04:00:00-08:00"


def test_times_alone_have_no_zone_where_schedules_have_several() -> None:
    runs = [*plan(1), *plan(1, name="other", zone="UTC")]
    difference = compare_runs(runs, [START])
    assert local(difference.missing[0]) is None


@pytest.mark.parametrize(
    "wrong", [5, None, object(), SimpleNamespace(trigger_time=START), SimpleNamespace(schedule="x")]
)
def test_what_is_no_run_is_a_type_error(wrong) -> None:
    with pytest.raises(TypeError, match="is no run: give planned runs, jobs, aware datetimes or display names"):
        compare_runs([wrong], [])


@pytest.mark.parametrize("wrong", ["nightly", "nightly-20260399T000000Z", ""])
def test_texts_that_are_no_run_are_a_value_error(wrong) -> None:
    with pytest.raises(ValueError, match=r"is neither a display name \(name-YYYYMMDDThhmmssZ\) nor a time"):
        compare_runs([], [wrong])


@pytest.mark.parametrize("wrong", [datetime(2026, 3, 7), "2026-03-07T11:00:00", Job("x", datetime(2026, 3, 7))])
def test_naive_times_are_a_type_error(wrong) -> None:
    with pytest.raises(TypeError, match="is naive: give it a time zone"):
        compare_runs([wrong], [])
