"""From schedules and a window to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, cast

from pytest_mlschedule.diagnostics import Diagnostic, error, note, warning
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.planning.plan import Plan, check_window
from pytest_mlschedule.planning.recorded import RecordedTimes
from pytest_mlschedule.planning.run import Occurrences, ScheduleRuns
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import reference_name, workspace_reference
from pytest_mlschedule.schedules.sdk_triggers import is_entity
from pytest_mlschedule.schedules.template import compile_run
from pytest_mlschedule.triggers.creation import counts_from_creation
from pytest_mlschedule.triggers.never import explain_never
from pytest_mlschedule.triggers.window import Window, to_epoch, to_epoch_floor
from pytest_mlschedule.triggers.zones import tzdata_version


class WorkspaceJob(Protocol):
    """A job of a workspace: it knows what it runs, or None where nobody does."""

    def definition(self) -> JobDefinition | None: ...


KnownJob = JobDefinition | WorkspaceJob
Jobs = KnownJob | Mapping[str, KnownJob] | Iterable[KnownJob]


def plan_runs(
    schedules: JobSchedule | Iterable[JobSchedule],
    start: datetime,
    end: datetime,
    *,
    created_at: datetime | None = None,
    jobs: Jobs | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
) -> Plan:
    """Every run that the schedules start in the half-open window ``[start, end)``, were they created at ``created_at``.

    Instants are aware datetimes. Nothing runs before ``created_at``, nor for the profile's ``provisioning_delay`` after
    it (semantics ST-4, WS-1); it is also the anchor of triggers without ``start_time`` (ST-3). It defaults to
    ``start``, and runs whose time hangs on that guess carry ``anchor_assumed``. A window that starts in the second of
    creation starts with that second, whose time a run at creation has. Disabled schedules have no runs.

    ``jobs`` are what references to jobs in the workspace mean, by name or as jobs that have a name, one or several,
    those of ``FakeWorkspace.jobs.list()`` too; runs of an unknown one are planned with the schedule's overrides alone.
    What was assumed is in ``Plan.notes``.

    Raises TypeError for naive datetimes, ValueError when ``end`` lies before ``start``, InstantRangeError outside 1970
    to 2200, DefinitionError when two schedules have the same name.
    """
    window = check_window(start, end)
    created = start if created_at is None else created_at
    if to_epoch_floor(created) == to_epoch_floor(start):
        window = Window(start.replace(microsecond=0), end)
    found = _adopt_all(schedules)
    _refuse_duplicates(found)
    known = _jobs_by_name(jobs)
    parts = [_plan_schedule(schedule, start, created_at, known, profile) for schedule in found]
    return Plan(parts, window, created_at=created_at, tzdata_version=tzdata_version())


def _plan_schedule(
    schedule: JobSchedule,
    start: datetime,
    created_at: datetime | None,
    jobs: Mapping[str, JobDefinition],
    profile: ServiceProfile,
) -> ScheduleRuns:
    trigger = schedule.trigger
    occurrences: Occurrences = RecordedTimes(())
    assumed = False
    notes = [_disabled(schedule)]
    if schedule.is_enabled:
        created = created_at or start
        timetable = trigger.timetable(created_at=created, profile=profile)
        occurrences = timetable
        if profile.provisioning_delay:
            occurrences = _TimesFrom(timetable, to_epoch(created + profile.provisioning_delay))
        assumed = created_at is None and hangs_on_creation(schedule, profile)
        notes = [*_about_start(schedule, start if assumed else None, profile), *_about_job(schedule, jobs)]
        if timetable.next_epoch(to_epoch_floor(start) - 1) is None:
            notes += _about_never(schedule, created, profile)
    return ScheduleRuns(
        source=compile_run(schedule, jobs.get, profile),
        occurrences=occurrences,
        time_zone=trigger.time_zone,
        anchor_assumed=assumed,
        notes=tuple(map(schedule.locate, notes)),
        definition=schedule,
    )


@dataclass(frozen=True, slots=True)
class _TimesFrom:
    """The occurrences from the epoch ``first`` on."""

    occurrences: Occurrences
    first: int

    def epochs_between(self, start: int, end: int) -> Sequence[int]:
        return self.occurrences.epochs_between(max(start, self.first), end)

    def count_between(self, start: int, end: int) -> int:
        return self.occurrences.count_between(max(start, self.first), end)


def hangs_on_creation(schedule: JobSchedule, profile: ServiceProfile = DEFAULT_PROFILE) -> bool:
    """Whether the times of runs change with the time of creation, beyond that nothing runs before it (ST-3, ST-7)."""
    instant = schedule.trigger.start is None and profile.first_run == "instant"
    return instant or counts_from_creation(schedule.trigger)


def _disabled(schedule: JobSchedule) -> Diagnostic:
    return note("MLS508", f"{schedule.name} is disabled: no runs", "enable it to see them", ("is_enabled",))


def _about_start(schedule: JobSchedule, assumed: datetime | None, profile: ServiceProfile) -> Iterator[Diagnostic]:
    """What to know without start_time (ST-3, ST-7). ``assumed``: the creation that was guessed, where it matters."""
    field = ("trigger", "start_time")
    if schedule.trigger.start is not None:
        return
    if assumed is not None:
        guess = f"{assumed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        text = f"{schedule.name} has no start_time: its times count from creation, taken to be {guess}"
        yield note("MLS505", text, "set start_time, or say when it is created (created_at=..., --created-at)", field)
    if schedule.trigger.has_pattern and profile.first_run == "scheduled":
        text = f"{schedule.name} has no start_time: some documents say that a first job runs at creation (ST-7)"
        yield note("MLS506", text, 'set start_time; ServiceProfile(first_run="instant") plans that job', field)


def _about_never(schedule: JobSchedule, created_at: datetime, profile: ServiceProfile) -> Iterator[Diagnostic]:
    reason = explain_never(schedule.trigger, created_at=created_at, profile=profile)
    if reason is not None:
        hint = "check start_time, end_time and the pattern of the trigger"
        yield warning("MLS510", f"{schedule.name} never runs: {reason}", hint, ("trigger",))


def _about_job(schedule: JobSchedule, jobs: Mapping[str, JobDefinition]) -> Iterator[Diagnostic]:
    reference = workspace_reference(schedule)
    if reference is None or reference in jobs:
        return
    text = f"{schedule.name} runs the job {reference!r} of the workspace, which is not known: overrides alone show"
    yield note("MLS507", text, "say what it is (jobs=..., --jobs on the command line)", ("create_job",))


def _adopt_all(schedules: object) -> list[JobSchedule]:
    one = isinstance(schedules, str | bytes | Mapping | JobSchedule) or not isinstance(schedules, Iterable)
    return [_adopt(schedule) for schedule in ([schedules] if one else cast("Iterable[object]", schedules))]


def _adopt(schedule: object) -> JobSchedule:
    if isinstance(schedule, JobSchedule):
        return schedule
    if is_entity(schedule):
        from pytest_mlschedule.schedules.sdk import adopt_schedule  # costs time that few need

        return adopt_schedule(schedule)
    raise TypeError(f"plan_runs takes schedules (see load_schedule), not {type(schedule).__name__}")


def _refuse_duplicates(schedules: Iterable[JobSchedule]) -> None:
    seen: dict[str, JobSchedule] = {}
    found = []
    for schedule in schedules:
        first = seen.setdefault(schedule.name, schedule)
        if first is not schedule:
            where = f"; the other one is in {first.source}" if first.source else ""
            text = f"two schedules are called {schedule.name!r}{where}"
            hint = "in a workspace the second would replace the first: rename one"
            found.append(schedule.locate(error("MLS509", text, hint, ("name",))))
    if found:
        raise DefinitionError(found)


def _jobs_by_name(jobs: Jobs | None) -> dict[str, JobDefinition]:
    """The jobs of the workspace by name. Raises ValueError for a job without a name in a list."""
    if jobs is None:
        return {}
    if isinstance(jobs, Mapping):
        given = {reference_name(name): _adopt_job(job) for name, job in jobs.items()}
        return {name: job for name, job in given.items() if job is not None}
    named: dict[str, JobDefinition] = {}
    for job in map(_adopt_job, [jobs] if _is_job(jobs) else cast("Iterable[KnownJob]", jobs)):
        if job is None:
            continue
        if job.name is None:
            raise ValueError("a job in jobs has no name: give it one, or give a mapping of names to jobs")
        named[job.name] = job
    return named


def _is_job(value: Any) -> bool:
    return isinstance(value, JobDefinition) or is_entity(value) or hasattr(value, "definition")


def _adopt_job(job: Any) -> JobDefinition | None:
    """The definition of a job of ours, of azure-ai-ml or of a workspace; None for one that runs nobody knows what."""
    if isinstance(job, JobDefinition):
        return job
    if hasattr(job, "definition") and not is_entity(job):
        return cast("WorkspaceJob", job).definition()
    from pytest_mlschedule.schedules.sdk import adopt_job

    return adopt_job(job)
