"""Random stories of create, update, enable, disable, delete and trigger against a model that walks minute by minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import FakeWorkspace, Job, ResourceNotFoundError, Scheduler, SimulatedClock, WorkspaceError
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob, Trigger
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

START = datetime(2026, 3, 29, tzinfo=UTC)
LENGTH = 60  # minutes
NAMES = ("a", "b", "c")

Kind = tuple[str, int]  # ("cron", n): every n-th minute of the hour; ("every", n): n minutes from creation on
Change = tuple[str, str, Kind]  # verb, schedule, what a put puts


@dataclass
class Model:
    """What the rules say, one minute after the other and one run after the other."""

    schedules: dict[str, dict[str, object]] = field(default_factory=dict)
    runs: list[tuple[int, str]] = field(default_factory=list)

    def due(self, name: str, minute: int) -> bool:
        found = self.schedules.get(name)
        if found is None or not found["enabled"]:
            return False
        kind, step = found["kind"]  # type: ignore[misc]
        if kind == "cron":
            return minute % step == 0
        return minute >= found["anchor"] and (minute - found["anchor"]) % step == 0  # type: ignore[operator]

    def apply(self, change: Change, minute: int) -> None:
        verb, name, kind = change
        found = self.schedules.get(name)
        if verb == "put":
            self.schedules[name] = {"kind": kind, "anchor": minute, "enabled": True}
        elif found is not None and verb in ("enable", "disable"):
            found["enabled"] = verb == "enable"
        elif found is not None and verb == "delete" and not found["enabled"]:
            del self.schedules[name]

    def fire(self, minute: int, then: Callable[[int], Change | None]) -> None:
        """Fire what is due at a minute; ``then`` gives what the callback of the n-th run does."""
        done: set[str] = set()
        while True:
            due = [name for name in NAMES if name not in done and self.due(name, minute)]
            if not due:
                return
            done.add(due[0])
            change = then(len(self.runs))
            self.runs.append((minute, due[0]))
            if change is not None:
                self.apply(change, minute)


def trigger_of(kind: Kind) -> Trigger:
    name, step = kind
    return CronTrigger(f"*/{step} * * * *") if name == "cron" else RecurrenceTrigger("minute", step)


def apply(workspace: FakeWorkspace, change: Change) -> None:
    verb, name, kind = change
    schedules = workspace.schedules
    try:
        if verb == "put":
            schedules.begin_create_or_update(JobSchedule(name=name, trigger=trigger_of(kind), create_job=PipelineJob()))
        elif verb == "touch":
            schedules.begin_create_or_update(schedules.get(name).replace(description="touched"))
        elif verb == "trigger":
            schedules.trigger(name)
        else:
            {"enable": schedules.begin_enable, "disable": schedules.begin_disable, "delete": schedules.begin_delete}[
                verb
            ](name)
    except (ResourceNotFoundError, WorkspaceError):
        pass


kinds = st.tuples(st.sampled_from(["cron", "every"]), st.sampled_from([1, 2, 3, 5, 7, 30]))
changes = st.tuples(
    st.sampled_from(["put", "put", "enable", "disable", "delete", "touch", "trigger"]), st.sampled_from(NAMES), kinds
)
by_hand = st.lists(st.tuples(st.integers(0, LENGTH), changes), max_size=8)
in_callbacks = st.dictionaries(st.integers(0, 40), changes, max_size=8)
pieces = st.lists(st.integers(0, LENGTH * 60), max_size=4)


def tell(
    first: list[Change],
    stops: dict[int, list[Change]],
    in_callbacks: dict[int, Change] | None,
    pieces: list[int],
) -> list[tuple[int, str]]:
    """The runs (minute, schedule) of a story in the workspace; without callbacks where ``in_callbacks`` is None."""
    workspace = FakeWorkspace(clock=SimulatedClock(START))
    scheduler = Scheduler(workspace)
    runs: list[Job] = []

    def change(job: Job) -> None:
        number = len(runs)
        runs.append(job)
        if in_callbacks and number in in_callbacks:
            apply(workspace, in_callbacks[number])

    if in_callbacks is not None:
        scheduler.on_run(change)
    for one in first:
        apply(workspace, one)
    found: list[Job] = []
    for second in sorted({*pieces, *(minute * 60 for minute in stops), LENGTH * 60}):
        found += scheduler.run_until(START + timedelta(seconds=second))
        for one in stops.get(second // 60, []) if second % 60 == 0 else []:
            apply(workspace, one)
    if in_callbacks is not None:
        assert found == runs
    assert len({job.name for job in workspace.jobs.list()}) == len(workspace.jobs.list())
    minute = timedelta(minutes=1)
    return [((job.trigger_time - START) // minute, job.schedule) for job in found]  # type: ignore[operator, misc]


def expect(
    first: list[Change], stops: dict[int, list[Change]], in_callbacks: dict[int, Change]
) -> list[tuple[int, str]]:
    model = Model()
    for one in first:
        model.apply(one, 0)
    for minute in range(LENGTH):
        for one in stops.get(minute, []):
            model.apply(one, minute)
        model.fire(minute, in_callbacks.get)
    return model.runs


def by_minute(steps: list[tuple[int, Change]]) -> dict[int, list[Change]]:
    stops: dict[int, list[Change]] = {}
    for minute, change in steps:
        stops.setdefault(minute, []).append(change)
    return stops


@settings(max_examples=250, deadline=None)
@given(st.lists(changes, max_size=5), by_hand, in_callbacks, pieces)
def test_ws_9_stories_with_callbacks(
    first: list[Change], steps: list[tuple[int, Change]], in_callbacks: dict[int, Change], pieces: list[int]
) -> None:
    stops = by_minute(steps)
    assert tell(first, stops, in_callbacks, pieces) == expect(first, stops, in_callbacks)


@settings(max_examples=250, deadline=None)
@given(st.lists(changes, max_size=5), by_hand, pieces)
def test_ws_9_stories_without_callbacks(
    first: list[Change], steps: list[tuple[int, Change]], pieces: list[int]
) -> None:
    stops = by_minute(steps)
    expected = expect(first, stops, {})
    assert tell(first, stops, None, pieces) == expected
    assert tell(first, stops, {}, pieces) == expected
