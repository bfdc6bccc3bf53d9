"""Scheduler: the only thing that lets time pass in a workspace (semantics WS-9)."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter

from pytest_mlschedule.clock import SimulatedClock
from pytest_mlschedule.errors import InstantRangeError, MLScheduleError
from pytest_mlschedule.triggers.window import from_epoch, to_epoch
from pytest_mlschedule.workspace.job import STATUSES, Job, JobStatus, check_status
from pytest_mlschedule.workspace.records import ScheduleRecord
from pytest_mlschedule.workspace.state import WorkspaceState
from pytest_mlschedule.workspace.workspace import FakeWorkspace, state_of

OnRun = Callable[[Job], object]
Outcome = str | Callable[[Job], str | None]


class Outcomes(MutableMapping[str, Outcome]):
    """How the jobs of a schedule end: schedule name to a status, or to a function of the job that gives one.

    Schedules that are not in it complete. A text that is no status is a ValueError.
    """

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}

    def __getitem__(self, schedule: str) -> Outcome:
        return self._outcomes[schedule]

    def __setitem__(self, schedule: str, outcome: Outcome) -> None:
        self._outcomes[schedule] = outcome if callable(outcome) else check_status(outcome)

    def __delitem__(self, schedule: str) -> None:
        del self._outcomes[schedule]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return f"Outcomes({self._outcomes})"

    def fixed(self, schedule: str) -> JobStatus:
        """The status that is known before the job is; "Completed" where a function decides."""
        outcome = self._outcomes.get(schedule, "Completed")
        return "Completed" if callable(outcome) else check_status(outcome)


class Scheduler:
    """Makes the schedules of a workspace fire.

    ``clock``, if given, must be the workspace's own: ValueError for another. ``outcomes`` says how jobs end:
    ``scheduler.outcomes["nightly"] = "Failed"``.
    """

    def __init__(self, workspace: FakeWorkspace, clock: SimulatedClock | None = None) -> None:
        if clock is not None and clock is not workspace.clock:
            raise ValueError(
                "a scheduler moves its workspace's own clock: leave clock out, or give FakeWorkspace this clock"
            )
        self.workspace = workspace
        self.outcomes = Outcomes()
        self._state = state_of(workspace)
        self._callbacks: list[OnRun] = []

    def __repr__(self) -> str:
        return f"<Scheduler of {self.workspace!r}>"

    @property
    def clock(self) -> SimulatedClock:
        """The clock of the workspace."""
        return self.workspace.clock

    def on_run(self, callback: OnRun) -> Callable[[], None]:
        """Call ``callback(job)`` for every job that is created from now on, with the clock at its instant.

        A callback may change the workspace: that holds from the instant on. Where it returns a status ("Failed"), the
        job ends so; anything else that it returns is ignored. When it raises, the exception gets a note that names
        schedule and instant and comes out of ``run_until``; that job exists, the clock stands at its instant, later
        runs stay pending. Returns the call that ends it.
        """
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe

    def advance(self, delta: timedelta) -> list[Job]:
        """``run_until(now + delta)``."""
        try:
            instant = self.clock.now() + delta
        except OverflowError:
            raise InstantRangeError(f"{delta} from now is outside the supported years 1970 to 2200") from None
        return self.run_until(instant)

    def run_until(self, instant: datetime) -> list[Job]:
        """Fire everything that is due from now on and before ``instant``, and leave the clock there.

        In time order, at one instant by schedule name. What is due at ``instant`` itself fires in the next call.
        Returns the jobs created, as they ended. Raises TypeError for a naive datetime, ValueError for one that is
        past, InstantRangeError outside 1970 to 2200, MLScheduleError when called from a callback.
        """
        end = to_epoch(instant)
        now = self.clock.now()
        if instant < now:
            raise ValueError(
                f"the clock stands at {now.isoformat()} and only moves forward; {instant.isoformat()} is earlier"
            )
        with _running(self._state):
            look = bool(self._callbacks) or any(callable(outcome) for outcome in self.outcomes.values())
            steps = _Steps(self._state, self.outcomes, self._callbacks)
            jobs = steps.run(end) if look else self._run_at_once(now, end)
            self.clock.move_to(max(instant, self.clock.now()))
        return jobs

    def _run_at_once(self, now: datetime, end: int) -> list[Job]:
        """Nobody looks in between, so schedules are enumerated one after the other and their jobs merged."""
        state = self._state
        jobs: list[Job] = []
        for name, record in sorted(state.records.items()):
            epochs = record.runs(max(record.due_from(now), state.fired.get(name, -1) + 1), end)
            if epochs:
                template, status = state.template(record), self.outcomes.fixed(name)
                jobs += [Job(template, epoch, 0, status) for epoch in epochs]
                state.fired[name] = epochs[-1]
        jobs.sort(key=attrgetter("_epoch"))
        state.jobs.extend(jobs)
        return jobs


class _Steps:
    """One ``run_until`` that stops at every run, because somebody looks and may change what comes after."""

    def __init__(self, state: WorkspaceState, outcomes: Outcomes, callbacks: list[OnRun]) -> None:
        self._state = state
        self._outcomes = outcomes
        self._callbacks = callbacks
        self._heap: list[tuple[int, str, int, ScheduleRecord]] = []
        self._order = count()  # the same instant and name may wait twice, once for a record that is gone

    def run(self, end: int) -> list[Job]:
        """Fire what is due before the epoch ``end``."""
        state = self._state
        created: list[int] = []
        state.changed.clear()
        for name in state.records:
            self._wait(name)
        while self._heap and self._heap[0][0] < end:
            epoch, name, _, record = heapq.heappop(self._heap)
            if self._is_due(epoch, name, record):
                state.clock.move_to(max(from_epoch(epoch), state.clock.now()))
                self._take_changes()  # by listeners of the clock
                if self._is_due(epoch, name, record):
                    created.append(self._fire(epoch, name, record))
        return [state.jobs[position] for position in created]

    def _wait(self, name: str) -> None:
        """Put the next run of a schedule on the heap: not before now, and once at one instant."""
        state = self._state
        record = state.records.get(name)
        if record is not None:
            epoch = record.next_run(max(record.due_from(state.clock.now()), state.fired.get(name, -1) + 1))
            if epoch is not None:
                heapq.heappush(self._heap, (epoch, name, next(self._order), record))

    def _take_changes(self) -> None:
        for name in self._state.changed:
            self._wait(name)
        self._state.changed.clear()

    def _is_due(self, epoch: int, name: str, record: ScheduleRecord) -> bool:
        if self._state.records.get(name) is not record:
            return False
        if epoch < record.due_from(self._state.clock.now()):  # somebody moved the clock by hand: nothing is caught up
            self._wait(name)
            return False
        return True

    def _fire(self, epoch: int, name: str, record: ScheduleRecord) -> int:
        state = self._state
        position = len(state.jobs)
        state.jobs.extend([Job(state.template(record), epoch, 0, self._outcomes.fixed(name))])
        state.fired[name] = epoch
        outcome = self._outcomes.get(name)
        for handler in (*([_strict(outcome)] if callable(outcome) else ()), *self._callbacks):
            self._show(position, handler)
        state.changed.add(name)
        self._take_changes()
        return position

    def _show(self, position: int, handler: OnRun) -> None:
        """Let somebody see a job; a status they give back is how it ends."""
        jobs = self._state.jobs
        job = jobs[position]
        try:
            answer = handler(job)
            if isinstance(answer, str) and answer in STATUSES:
                jobs.set_status(position, check_status(answer))
        except BaseException as failure:
            when = f"{job.trigger_time:%Y-%m-%dT%H:%M:%SZ}"
            failure.add_note(f"raised while schedule {job.schedule!r} ran at {when} (job {job.name})")
            raise


def _strict(outcome: Callable[[Job], str | None]) -> OnRun:
    """The outcome as a callback; it is there to give a status, so another text is a mistake."""

    def decide(job: Job) -> str | None:
        answer = outcome(job)
        return check_status(answer) if isinstance(answer, str) else None

    return decide


@contextmanager
def _running(state: WorkspaceState) -> Iterator[None]:
    if state.scheduler_runs:
        raise MLScheduleError(
            "the scheduler is already running: a callback sees one instant and cannot let time pass; "
            "call run_until and advance outside of callbacks"
        )
    state.scheduler_runs = True
    try:
        yield
    finally:
        state.scheduler_runs = False
