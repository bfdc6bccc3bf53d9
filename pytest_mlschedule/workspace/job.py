"""Job: an entity in the workspace, made by a schedule or registered by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol, get_args

from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict, thaw
from pytest_mlschedule.schedules.models import CreationContext, JobDefinition
from pytest_mlschedule.schedules.template import stamp
from pytest_mlschedule.triggers.window import from_epoch
from pytest_mlschedule.triggers.zones import zone

JobStatus = Literal[
    "NotStarted",
    "Starting",
    "Provisioning",
    "Preparing",
    "Queued",
    "Running",
    "Finalizing",
    "CancelRequested",
    "Completed",
    "Failed",
    "Canceled",
    "NotResponding",
    "Paused",
    "Unknown",
    "Scheduled",
]
"""The statuses of a job in Azure ML."""

STATUSES: tuple[JobStatus, ...] = get_args(JobStatus)

CHANGEABLE = ("display_name", "description", "tags", "properties")
"""What may change of a job that exists; what it runs cannot."""

FINAL_STATUSES = ("Completed", "Failed", "Canceled")


def check_status(text: str) -> JobStatus:
    """The status itself. Raises ValueError with the ones there are."""
    for status in STATUSES:
        if text == status:
            return status
    raise ValueError(f"{text!r} is not a job status; they are {', '.join(STATUSES)}")


class JobTemplate(Protocol):
    """Where names and values of jobs come from: a RunTemplate of a schedule, or a RegisteredJob."""

    @property
    def schedule(self) -> str | None: ...
    @property
    def zone_key(self) -> str | None: ...
    @property
    def job(self) -> JobDefinition | None: ...
    @property
    def experiment_name(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def tags(self) -> Mapping[str, Any]: ...
    @property
    def compute(self) -> str | None: ...
    @property
    def created_by(self) -> str | None: ...
    def display_name(self, epoch: int, /) -> str: ...
    def job_name(self, epoch: int, ordinal: int, /) -> str: ...
    def inputs(self, epoch: int, ordinal: int, /) -> Mapping[str, Any]: ...
    def outputs(self, epoch: int, ordinal: int, /) -> Mapping[str, Any]: ...


class Job:
    """A job in the workspace (semantics JB-9), as it was when you asked for it: a later change gives a new Job.

    Names and values are resolved when they are read. Two jobs are equal when all they show is equal.
    ``texts``: what was changed since the job was made, of ``CHANGEABLE``.
    """

    __slots__ = ("_epoch", "_name", "_ordinal", "_status", "_template", "_texts")

    def __init__(
        self,
        template: JobTemplate,
        epoch: int,
        ordinal: int = 0,
        status: JobStatus = "Completed",
        texts: Mapping[str, Any] = EMPTY,
    ) -> None:
        self._template = template
        self._texts = texts
        self._epoch = epoch
        self._ordinal = ordinal
        self._status = status
        self._name: str | None = None

    @property
    def name(self) -> str:
        """``{schedule}-{guid}`` for a triggered job (semantics JB-2)."""
        name = self._name
        if name is None:
            name = self._name = self._template.job_name(self._epoch, self._ordinal)
        return name

    @property
    def display_name(self) -> str:
        """``<schedule>-YYYYMMDDThhmmssZ`` for a triggered job (semantics JB-1)."""
        return self._texts.get("display_name") or self._template.display_name(self._epoch)

    @property
    def description(self) -> str | None:
        """The description, overridden."""
        job = self._template.job
        return self._texts.get("description") or (None if job is None else job.description)

    @property
    def experiment_name(self) -> str:
        """Semantics JB-7."""
        return self._template.experiment_name

    @property
    def status(self) -> JobStatus:
        """``Completed`` unless the test says otherwise (semantics WS-9): a run takes no simulated time."""
        return self._status

    @property
    def schedule(self) -> str | None:
        """The name of the schedule that made the job; None for a registered one."""
        return self._template.schedule

    @property
    def trigger_time(self) -> datetime | None:
        """The instant it was triggered for (aware, UTC, whole seconds); None for a registered job."""
        return None if self._template.schedule is None else from_epoch(self._epoch)

    @property
    def local_time(self) -> datetime | None:
        """The same instant in the time zone of its schedule (aware); None for a registered job."""
        key = self._template.zone_key
        return None if key is None else from_epoch(self._epoch).astimezone(zone(key).tzinfo)

    @property
    def creation_context(self) -> CreationContext:
        """``created_at`` is the trigger time; of a registered job the second it was registered. ``created_by`` registered
        the job, or created the schedule."""
        who = self._template.created_by
        kind = None if who is None else "User"
        return CreationContext(created_at=from_epoch(self._epoch), created_by=who, created_by_type=kind)

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Inputs by name, overridden and with macros resolved (semantics JB-4, JB-5). Read-only."""
        return self._template.inputs(self._epoch, self._ordinal)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """Outputs by name, overridden and with macros in their paths resolved. Read-only."""
        return self._template.outputs(self._epoch, self._ordinal)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of the pipeline, overridden. Read-only."""
        return self._template.settings

    @property
    def tags(self) -> Mapping[str, Any]:
        """Tags, overridden. Read-only."""
        tags: Mapping[str, Any] = self._texts.get("tags", self._template.tags)
        return tags

    @property
    def properties(self) -> Mapping[str, Any]:
        """Properties that the definition gives, overridden. Read-only."""
        job = self._template.job
        properties: Mapping[str, Any] = self._texts.get("properties", EMPTY if job is None else job.properties)
        return properties

    @property
    def compute(self) -> str | None:
        """The compute of the job, else the default compute of its settings, else None."""
        return self._template.compute

    @property
    def type(self) -> str:
        """``pipeline``, ``command`` or ``spark``; ``pipeline`` too where the definition is not known."""
        return "pipeline" if self._template.job is None else self._template.job.type

    def to_dict(self) -> dict[str, Any]:
        """The job as plain JSON data: what ``jobs.list(query=...)`` sees. Times are ``YYYY-MM-DDThh:mm:ssZ``."""
        day, time = stamp(self._epoch).split("T")
        created = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}"
        return {
            "name": self.name,
            "display_name": self.display_name,
            "experiment_name": self.experiment_name,
            "status": self.status,
            "type": self.type,
            "inputs": thaw(self.inputs),
            "outputs": thaw(self.outputs),
            "settings": thaw(self.settings),
            "tags": thaw(self.tags),
            "compute": self.compute,
            "creation_context": {"created_at": created},
            "schedule": self.schedule,
            "trigger_time": None if self.schedule is None else created,
        }

    def with_status(self, status: JobStatus) -> Job:
        """A copy with another status."""
        return Job(self._template, self._epoch, self._ordinal, status, self._texts)

    def with_texts(self, texts: Mapping[str, Any]) -> Job:
        """A copy with other texts (``CHANGEABLE``); those that are not given stay."""
        return Job(self._template, self._epoch, self._ordinal, self._status, FrozenDict({**self._texts, **texts}))

    def definition(self) -> JobDefinition | None:
        """The job as one that a schedule can refer to, its values resolved; None where it is not known what it runs.

        A triggered job hands on the experiment it ran in; a registered one that names none leaves it open (JB-7).
        """
        job = self._template.job
        if job is None:
            return None
        values = {"name": self.name, "inputs": self.inputs, "outputs": self.outputs}
        experiment = job.experiment_name if self.schedule is None else self.experiment_name
        return job.model_copy(update={**values, **self._texts, "experiment_name": experiment})

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Job) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<Job {self.display_name} {self.status}>"


class RegisteredJob:
    """The template of a job that somebody put into the workspace; there is one such job, instants change nothing."""

    schedule: None = None
    zone_key: None = None

    def __init__(self, job: JobDefinition, name: str, created_by: str) -> None:
        self.job = job.model_copy(update={"name": name})
        self.created_by: str | None = created_by
        self.experiment_name = job.experiment_name or "Default"
        self.settings = job.settings
        self.tags = job.tags
        self.compute: str | None = job.compute or job.settings.get("default_compute")
        self._name = name

    def display_name(self, epoch: int) -> str:
        return self.job.display_name or self._name

    def job_name(self, epoch: int, ordinal: int) -> str:
        return self._name

    def inputs(self, epoch: int, ordinal: int) -> Mapping[str, Any]:
        return self.job.inputs

    def outputs(self, epoch: int, ordinal: int) -> Mapping[str, Any]:
        return self.job.outputs
