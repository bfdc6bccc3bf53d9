"""What the server says of its workspace, as JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pytest_mlschedule.report.time_words import show_local, show_utc
from pytest_mlschedule.report.trigger_words import describe_trigger
from pytest_mlschedule.serve.simulation import Run, Simulation
from pytest_mlschedule.workspace.job import Job

SHOWN_RUNS = 50
SHOWN_JOBS = 100
TOLD_JOBS = 1000


def write_clock(now: datetime) -> dict[str, Any]:
    """Where the clock stands."""
    return {"now": show_utc(now)}


def write_move(start: datetime, now: datetime, jobs: Sequence[Job]) -> dict[str, Any]:
    """What a move of the clock did: how many jobs ran, and the first thousand of them whole."""
    told = [job.to_dict() for job in jobs[:TOLD_JOBS]]
    return {"from": show_utc(start), "now": show_utc(now), "count": len(jobs), "jobs": told}


def write_state(simulation: Simulation) -> dict[str, Any]:
    """Everything that the page shows: the schedules, the next runs, the latest jobs first, the clock."""
    workspace = simulation.workspace
    return {
        **write_clock(simulation.now),
        "workspace": {"id": workspace.id, "name": workspace.name, "location": workspace.location},
        "schedules": list(_write_schedules(simulation)),
        "next_runs": [_write_run(run) for run in simulation.next_runs(SHOWN_RUNS)],
        "job_count": simulation.count_jobs().total(),
        "jobs": [_write_job(job) for job in simulation.last_jobs(SHOWN_JOBS)],
    }


def _write_schedules(simulation: Simulation) -> Any:
    counts, first = simulation.count_jobs(), simulation.first_runs()
    profile = simulation.workspace.profile
    for schedule in simulation.schedules():
        run = first.get(schedule.name)
        yield {
            "name": schedule.name,
            "display_name": schedule.display_name,
            "is_enabled": schedule.is_enabled,
            "trigger": describe_trigger(schedule.trigger, profile),
            "time_zone": schedule.trigger.time_zone,
            "next_run": None if run is None else _write_run(run),
            "jobs": counts[schedule.name],
        }


def _write_run(run: Run) -> dict[str, Any]:
    return {
        "schedule": run.schedule,
        "trigger_time": show_utc(run.at),
        "local_time": show_local(run.local),
        "display_name": run.display_name,
    }


def _write_job(job: Job) -> dict[str, Any]:
    """A job, its values left out: the REST face has the whole of it."""
    created, local = job.creation_context.created_at, job.local_time
    assert created is not None, "every job knows when it was made"
    return {
        "name": job.name,
        "display_name": job.display_name,
        "schedule": job.schedule,
        "status": job.status,
        "experiment_name": job.experiment_name,
        "created_at": show_utc(created),
        "local_time": None if local is None else show_local(local),
    }
