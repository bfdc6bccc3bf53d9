"""What really ran against what should have: every occurrence of a plan, every job of a history, each once.

An occurrence and a job belong together when the trigger time in the job's display name is the instant of the occurrence, to the
second (semantics JB-1). Nearness counts for nothing: a job that ran an hour late was triggered for its own time, and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.job import HistoricJob
from pytest_mlschedule.planning.audit_result import Audit, AuditEntry, Kind, ScheduleAudit
from pytest_mlschedule.planning.plan import Plan
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.triggers.window import Window

LATE_AFTER = timedelta(minutes=5)
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class _Span:
    """The audited window in epochs; what is due after ``settled`` may still come; ``tolerance`` in seconds."""

    start: int
    end: int
    settled: int
    tolerance: int

    def __contains__(self, epoch: int) -> bool:
        return self.start <= epoch < self.end


def audit_runs(plan: Plan, history: History, *, late_after: timedelta = LATE_AFTER) -> Audit:
    """Compare a plan with what really ran.

    Only the part of the plan's window is looked at that the history covers: from its first to its last job, or what
    ``History.between`` says. Each occurrence there is ``on_time``, ``late`` (its job was created, or where that is not known
    started, over ``late_after`` after the trigger time) or ``missing``; each other job of a schedule is ``extra`` (nothing was due)
    or ``manual`` (submitted by somebody, a second one for an occurrence, or at a second that the trigger cannot have).

    Where the history ends with its last job, an occurrence less than ``late_after`` before that is not missed yet.
    """
    window = _overlap(plan.window, history.window)
    start, end = window.epochs
    tolerance = max(0, int(late_after.total_seconds()))
    span = _Span(start, end, end if history.stated else end - tolerance, tolerance)
    known = set(plan.schedules)
    audited = [_audit_schedule(part, history, span) for part in plan.parts]
    unknown = {name: _count(history.of(name), span) for name in history.schedules if name not in known}
    return Audit(
        window=window,
        late_after=late_after,
        schedules=tuple(audited),
        unknown={name: count for name, count in unknown.items() if count},
        unplaced=_count((job for job in history.jobs if job.schedule is None and job.source == "schedule"), span),
        others=sum(_is_other(job, known) and job.instant in span for job in history.jobs if job.instant is not None),
    )


def _overlap(planned: Window, covered: Window | None) -> Window:
    """What both windows share; empty, at the start of the plan, where that is nothing."""
    if covered is None:
        return Window(planned.start, planned.start)
    start = max(planned.start, covered.start)
    return Window(start, max(start, min(planned.end, covered.end)))


def _is_other(job: HistoricJob, known: set[str]) -> bool:
    """Whether no schedule made the job, as far as anybody knows."""
    if job.schedule is None:
        return job.source != "schedule"
    return job.source == "user" and job.schedule not in known


def _count(jobs: Iterable[HistoricJob], span: _Span) -> int:
    return sum(job.source != "user" and job.instant is not None and job.instant in span for job in jobs)


def _audit_schedule(part: ScheduleRuns, history: History, span: _Span) -> ScheduleAudit:
    name = part.source.schedule
    due = part.occurrences.epochs_between(span.start, span.end)
    made, by_hand, unplaced = _sort_jobs(history.of(name), span)
    entries = [*_match_jobs(name, due, made, span), *(AuditEntry(name, epoch, "manual", job) for epoch, job in by_hand)]
    second = _find_second(part, due)
    for epoch in made.keys() - set(due):
        kind: Kind = "extra" if second is None or epoch % _MINUTE == second else "manual"
        entries += [
            AuditEntry(name, epoch, "manual" if position else kind, job) for position, job in enumerate(made[epoch])
        ]
    entries.sort(key=lambda entry: entry.order)
    return ScheduleAudit(
        name=name,
        zone_key=part.source.zone_key,
        entries=tuple(entries),
        pending=sum(epoch >= span.settled and epoch not in made for epoch in due),
        unplaced=unplaced,
        existed=name in history.earlier or _knows_creation(part),
    )


def _knows_creation(part: ScheduleRuns) -> bool:
    """Whether the schedule says itself when it was created: nothing was due before."""
    context = None if part.definition is None else part.definition.creation_context
    return context is not None and context.created_at is not None


def _sort_jobs(
    jobs: Iterable[HistoricJob], span: _Span
) -> tuple[Mapping[int, list[HistoricJob]], list[tuple[int, HistoricJob]], int]:
    """The jobs that the schedule made by trigger time, those somebody submitted, and how many have no trigger time."""
    made: dict[int, list[HistoricJob]] = defaultdict(list)
    by_hand: list[tuple[int, HistoricJob]] = []
    unplaced = 0
    for job in jobs:
        if job.trigger_time is None:
            unplaced += job.source != "user" and job.instant is not None and job.instant in span
        elif job.trigger_time not in span:
            continue
        elif job.source == "user":
            by_hand.append((job.trigger_time, job))
        else:
            made[job.trigger_time].append(job)
    return made, by_hand, unplaced


def _match_jobs(
    name: str, due: Iterable[int], made: Mapping[int, list[HistoricJob]], span: _Span
) -> Iterator[AuditEntry]:
    """An entry for each occurrence that is settled; of several jobs for one the first is its own (``History.of`` sorts them)."""
    for epoch in due:
        jobs = made.get(epoch, ())
        if not jobs:
            if epoch < span.settled:
                yield AuditEntry(name, epoch, "missing")
            continue
        entry = AuditEntry(name, epoch, "on_time", jobs[0])
        late = entry.late_by is not None and entry.late_by > span.tolerance
        yield AuditEntry(name, epoch, "late", jobs[0]) if late else entry
        yield from (AuditEntry(name, epoch, "manual", job) for job in jobs[1:])


def _find_second(part: ScheduleRuns, due: Sequence[int]) -> int | None:
    """The second of the minute at which every occurrence lies; None where nobody knows."""
    if part.definition is not None and part.definition.trigger.has_pattern:
        return 0
    return due[0] % _MINUTE if due else None
