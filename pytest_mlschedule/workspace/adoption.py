"""The one place where what users hand in becomes ours."""

from __future__ import annotations

from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule


def take_schedule(given: object) -> JobSchedule:
    """A JobSchedule of ours or of azure-ai-ml. Raises TypeError for anything else."""
    if isinstance(given, JobSchedule):
        return given
    raise TypeError(f"a schedule is a JobSchedule (load_schedule reads one from a file), not {type(given).__name__}")


def take_job(given: object) -> JobDefinition:
    """A job definition of ours or of azure-ai-ml. Raises TypeError for anything else."""
    if isinstance(given, JobDefinition):
        return given
    raise TypeError(f"a job is a PipelineJob (load_job reads one from a file), not {type(given).__name__}")
