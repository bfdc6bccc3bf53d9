"""The values that definitions become. All frozen; a definition file is validated into the same classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.fields import (
    AnyMap,
    Compute,
    Identity,
    Inputs,
    Outputs,
    Services,
    Settings,
    Text,
    TextMap,
)
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict
from pytest_mlschedule.schedules.names import find_name_problems
from pytest_mlschedule.schedules.places import Places
from pytest_mlschedule.schedules.problems import describe, problems_of, refuse
from pytest_mlschedule.schedules.sdk_triggers import adopt_trigger, is_entity
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.reading import read_trigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

Trigger = CronTrigger | RecurrenceTrigger


class Model(BaseModel):
    """Frozen, no unknown keys. In a file an explicit null is an error; in Python None means: not given.

    Raises DefinitionError when built with values that a file could not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as failure:
            raise DefinitionError(problems_of(failure, type(self).model_fields)) from None

    # pydantic calls a custom __init__ for nested values too, where its own error must pass; this says: as yours.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @model_validator(mode="before")
    @classmethod
    def _drop_none(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context is None and isinstance(data, Mapping):
            return {key: value for key, value in data.items() if value is not None}
        return data


class Component(Model):
    """A component: the typed declarations that bindings of a step reach (JB-6). Other keys stay in ``content``.

    ``steps`` are those of a pipeline component of a file, with the components that they name.
    """

    type: str = "command"
    name: str | None = None
    version: str | None = None
    inputs: AnyMap = EMPTY
    outputs: AnyMap = EMPTY
    content: AnyMap = EMPTY
    steps: AnyMap = Field(default=EMPTY, exclude=True, repr=False)
    path: Path | None = Field(default=None, exclude=True, repr=False)


class Step(Model):
    """One step of a pipeline. ``component`` is a Component, or the reference of one in the workspace as text."""

    type: str = "command"
    component: Component | str | None = None
    inputs: AnyMap = EMPTY
    outputs: AnyMap = EMPTY
    compute: str | None = None
    content: AnyMap = EMPTY


class JobDefinition(Model):
    """What the job types have in common. Mappings are read-only."""

    type: str
    name: Text = None
    display_name: Text = None
    description: Text = None
    experiment_name: Text = None
    tags: TextMap = EMPTY
    properties: TextMap = EMPTY
    services: Services = EMPTY
    compute: Compute = None
    identity: Identity = None
    inputs: Inputs = EMPTY
    outputs: Outputs = EMPTY
    settings: Settings = EMPTY
    id: str | None = None
    """The job in the workspace (name or ARM id) that these overrides are laid over; None for a job given as file."""
    path: Path | None = Field(default=None, exclude=True, repr=False)
    """The file the job came from."""
    base: JobDefinition | None = Field(default=None, exclude=True, repr=False)
    """The job before the schedule's overrides; None where there are none."""
    overrides: AnyMap = Field(default=EMPTY, exclude=True, repr=False)
    """The overriding mapping of ``create_job`` as written, without ``type`` and ``job``."""
    sent: Any = Field(default=None, exclude=True, repr=False)
    """What a client of the REST face put, for its answers; None for a job that came otherwise."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JobDefinition):
            return NotImplemented
        return type(self) is type(other) and self.model_dump() == other.model_dump()

    __hash__ = None  # type: ignore[assignment]


if TYPE_CHECKING:
    Steps = Mapping[str, Step]
else:
    Steps = Annotated[dict[str, Step], AfterValidator(FrozenDict)]


class PipelineJob(JobDefinition):
    """A pipeline job: inputs and outputs by name, settings, steps by name (``jobs``)."""

    type: Literal["pipeline"] = "pipeline"
    jobs: Steps = EMPTY
    component: Component | str | None = None


class CommandJob(JobDefinition):
    """A command job (private preview in schedules: JB-8)."""

    type: Literal["command"] = "command"
    content: AnyMap = EMPTY


class SparkJob(JobDefinition):
    """A spark job (private preview in schedules: JB-8)."""

    type: Literal["spark"] = "spark"
    content: AnyMap = EMPTY


Job = PipelineJob | CommandJob | SparkJob


class CreationContext(Model):
    """Who created a resource, and when (aware, UTC)."""

    created_at: datetime | None = None
    created_by: str | None = None
    created_by_type: str | None = None
    last_modified_at: datetime | None = None
    last_modified_by: str | None = None
    last_modified_by_type: str | None = None


def _take_name(value: Any) -> Any:
    if not isinstance(value, str):
        raise refuse(error("MLS008", f"must be text, not {describe(value)}", "quote it"))
    problems = [item for item in find_name_problems(value) if item.severity is Severity.ERROR]
    if problems:
        raise refuse(*problems)
    return value


def _take_trigger(value: Any) -> Any:
    if isinstance(value, CronTrigger | RecurrenceTrigger):
        return value
    if is_entity(value):
        return _adopt(adopt_trigger, value)
    trigger, found = read_trigger(value)
    if trigger is None:
        raise refuse(*found)
    return trigger


def _take_action(value: Any) -> Any:
    if isinstance(value, str):
        if not value.removeprefix("azureml:").strip():
            raise refuse(error("MLS401", "the reference is empty; it is the name of a job in the workspace"))
        return value.removeprefix("azureml:")
    if isinstance(value, JobDefinition) or value is None:
        return value
    if is_entity(value):
        from pytest_mlschedule.schedules.sdk import adopt_job  # which builds these models

        return _adopt(adopt_job, value)
    raise ValueError("create_job is a job (PipelineJob), or the name of a job in the workspace as text")


def _adopt(adopt: Callable[[Any], Any], value: Any) -> Any:
    """An object of azure-ai-ml as ours, its problems as those of the field."""
    try:
        return adopt(value)
    except DefinitionError as failure:
        raise refuse(*failure.diagnostics) from None
    except TypeError as failure:
        raise refuse(error("MLS008", str(failure))) from None


ACTION_FIELDS = ("create_job", "create_monitor", "import_data", "action")


_ORIGIN = ("source", "diagnostics", "places")


class JobSchedule(Model):
    """A schedule: when (``trigger``) and what (one of ``create_job``, ``create_monitor``, ``import_data``, ``action``).

    One without any of them can be planned; a workspace refuses it.

    ``create_job`` is the job with the schedule's overrides applied; for a job in the workspace it is the reference as text
    (without ``azureml:``), or a job with ``id`` and the overrides alone. ``action`` is any other action of the REST API, as data.
    ``source`` is the file it came from, ``places`` where in it, ``diagnostics`` the warnings and notes of a load that succeeded.
    """

    name: Annotated[str, PlainValidator(_take_name)]
    trigger: Annotated[Trigger, PlainValidator(_take_trigger)]
    create_job: Annotated[Job | str | None, BeforeValidator(_take_action)] = None
    create_monitor: AnyMap | None = None
    import_data: AnyMap | None = None
    action: AnyMap | None = None
    display_name: Text = None
    description: Text = None
    tags: AnyMap = EMPTY
    properties: TextMap = EMPTY
    is_enabled: bool = True
    provisioning_state: str | None = None
    creation_context: CreationContext | None = None
    id: str | None = None
    source: str | None = Field(default=None, repr=False)
    diagnostics: tuple[Diagnostic, ...] = Field(default=(), repr=False)
    places: Places | None = Field(default=None, exclude=True, repr=False)

    def locate(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic at its place in the file that the schedule came from; as it is where there was none."""
        if self.source is None:
            return diagnostic
        place = (1, 1) if self.places is None else self.places.find(diagnostic)
        return diagnostic.at(Location(self.source, *place))

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        given = [name for name in ACTION_FIELDS if getattr(self, name) is not None]
        if len(given) > 1:
            text = f"{' and '.join(given)} exclude one another: a schedule has one action"
            raise refuse(error("MLS009", text, "keep one of them", (given[1],)))
        return self

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed. Raises DefinitionError for fields and values that a schedule does not have."""
        # Fields that were never said stay so: a put that does not say is_enabled may keep what is stored (WS-1).
        return type(self)(**{**{name: getattr(self, name) for name in self.model_fields_set}, **changes})

    @property
    def behaviour(self) -> tuple[Any, ...]:
        """What decides equality: everything but where it came from and what was said about it."""
        return tuple(getattr(self, name) for name in type(self).model_fields if name not in _ORIGIN)

    def __eq__(self, other: object) -> bool:
        return self.behaviour == other.behaviour if isinstance(other, JobSchedule) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


__all__ = [
    "CommandJob",
    "Component",
    "CreationContext",
    "FrozenDict",
    "Job",
    "JobDefinition",
    "JobSchedule",
    "PipelineJob",
    "SparkJob",
    "Step",
    "Trigger",
]
