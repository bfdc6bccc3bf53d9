"""Histories as ``az ml job list -o json`` would print them, made of plans: what a service of a given profile would have run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_mlschedule import PlannedRun
from pytest_mlschedule.history.history import History
from pytest_mlschedule.schedules.frozen import thaw

Entity = dict[str, Any]


def at(text: str) -> datetime:
    """An instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def job_of(run: PlannedRun, late: int = 4, takes: int = 600, **changes: Any) -> Entity:
    """The job that a run became: created ``late`` seconds after its trigger time."""
    created = run.trigger_time + timedelta(seconds=late)
    return {
        "name": run.job_name,
        "display_name": run.display_name,
        "experiment_name": run.experiment_name,
        "status": "Completed",
        "type": "pipeline",
        "creation_context": {"created_at": created.isoformat()},
        "properties": {
            "runSource": "Schedule",
            "azureml.genericTriggerName": run.schedule,
            "StartTimeUtc": f"{created + timedelta(seconds=30):%Y-%m-%d %H:%M:%S}",
            "EndTimeUtc": f"{created + timedelta(seconds=30 + takes):%Y-%m-%d %H:%M:%S}",
        },
        "inputs": thaw(run.inputs),
        **changes,
    }


def history_of(runs: Iterable[PlannedRun], keep: Callable[[PlannedRun], bool] = lambda run: True) -> History:
    """The history of runs, some left out."""
    return History.from_data([job_of(run) for run in runs if keep(run)])
