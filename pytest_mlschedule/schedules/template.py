"""One schedule compiled to what its runs have in common; an instant then gives a run its names and resolved values."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from pytest_mlschedule.errors import MacroError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.frozen import EMPTY, FrozenDict
from pytest_mlschedule.schedules.macros import Parts, join_macros, split_macros
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import FindJob, effective_job

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = "%Y-%m-%dT%H:%M:%SZ"
# Fixed, so that the same schedule and time give the same job name everywhere (JB-2).
_NAMESPACE = uuid.UUID("5c2b6a0e-1f3d-5f6b-9a53-6f0d6a3c9b11")
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


@lru_cache(maxsize=4096)
def _day_text(day: int) -> str:
    return f"{_EPOCH + timedelta(days=day):%Y%m%d}"


@lru_cache(maxsize=4096)
def _clock_text(second: int) -> str:
    return f"{second // 3600:02d}{second % 3600 // 60:02d}{second % 60:02d}"


def stamp(epoch: int) -> str:
    """``YYYYMMDDThhmmssZ`` of an epoch second, as in display names (JB-1)."""
    day, second = divmod(epoch, 86400)
    return f"{_day_text(day)}T{_clock_text(second)}Z"


class RunTemplate:
    """What all runs of a schedule share: experiment, settings, tags, compute; and how the rest depends on the instant.

    Instants are epoch seconds; ``ordinal`` tells several runs for one instant apart (JB-2).
    """

    __slots__ = ("_dynamic_inputs", "_dynamic_outputs", "_inputs", "_needs_name", "_outputs", "_seed", "_time_format", "compute",
                 "created_by", "experiment_name", "job", "schedule", "settings", "tags", "zone_key")  # fmt: skip

    def __init__(self, schedule: JobSchedule, job: JobDefinition | None, profile: ServiceProfile) -> None:
        self.schedule = schedule.name
        self.zone_key = schedule.trigger.zone.key
        self.job = job
        context = schedule.creation_context
        self.created_by = None if context is None else context.created_by
        self.experiment_name = _experiment(schedule, job, profile)
        self.settings: Mapping[str, Any] = job.settings if job else EMPTY
        self.tags: Mapping[str, Any] = job.tags if job else EMPTY
        self.compute: str | None = (job.compute or job.settings.get("default_compute")) if job else None
        self._inputs: FrozenDict[str, Any] = FrozenDict(job.inputs) if job else EMPTY
        self._outputs: FrozenDict[str, Any] = FrozenDict(job.outputs) if job else EMPTY
        self._dynamic_inputs = _dynamic(self._inputs)
        self._dynamic_outputs = _dynamic({name: output.get("path") for name, output in self._outputs.items()})
        self._seed = _NAMESPACE.bytes + f"{schedule.name}/".encode()
        self._needs_name = any("name" in parts[1::2] for _, parts in self._dynamic_inputs + self._dynamic_outputs)
        self._time_format = _checked_format(profile.trigger_time_format)

    @property
    def recipe(self) -> tuple[Any, ...]:
        """What decides names and values at every instant: templates with equal recipes give equal runs."""
        dynamic = self._dynamic_inputs, self._dynamic_outputs
        shared = self.experiment_name, self.settings, self.tags, self.compute
        return (self.schedule, self._time_format, dynamic, self._inputs, self._outputs, shared)

    def display_name(self, epoch: int) -> str:
        """JB-1."""
        return f"{self.schedule}-{stamp(epoch)}"

    def job_name(self, epoch: int, ordinal: int = 0) -> str:
        """JB-2: ``{schedule}-{guid}``, the same for the same schedule, time and ordinal."""
        # uuid.uuid5, spelt out: it is what reading a year of runs spends its time on (6.5 µs through the uuid module, 2 here).
        text = hashlib.sha1(self._seed + b"%d/%d" % (epoch, ordinal), usedforsecurity=False).hexdigest()
        middle = f"{text[8:12]}-5{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}"
        return f"{self.schedule}-{text[:8]}-{middle}-{text[20:32]}"

    def trigger_time(self, epoch: int) -> str:
        """JB-3: the value of ``${{creation_context.trigger_time}}``."""
        if self._time_format == _ISO:
            text = stamp(epoch)
            return f"{text[:4]}-{text[4:6]}-{text[6:11]}:{text[11:13]}:{text[13:]}"
        return (_EPOCH + timedelta(seconds=epoch)).strftime(self._time_format)

    def inputs(self, epoch: int, ordinal: int = 0) -> FrozenDict[str, Any]:
        """Inputs with macros resolved (JB-4); without macros all runs share one mapping."""
        if not self._dynamic_inputs:
            return self._inputs
        values = self._values(epoch, ordinal)
        return FrozenDict(
            {**self._inputs, **{name: join_macros(parts, values) for name, parts in self._dynamic_inputs}}
        )

    def outputs(self, epoch: int, ordinal: int = 0) -> FrozenDict[str, Any]:
        """Outputs with macros in their paths resolved (JB-4)."""
        if not self._dynamic_outputs:
            return self._outputs
        values = self._values(epoch, ordinal)
        changed = {
            name: FrozenDict({**self._outputs[name], "path": join_macros(parts, values)})
            for name, parts in self._dynamic_outputs
        }
        return FrozenDict({**self._outputs, **changed})

    def _values(self, epoch: int, ordinal: int) -> Mapping[str, str]:
        # A job name costs as much as all the rest of a run: only where a macro asks for it.
        values = {"creation_context.trigger_time": self.trigger_time(epoch)}
        if self._needs_name:
            values["name"] = self.job_name(epoch, ordinal)
        return values


def compile_run(schedule: JobSchedule, find: FindJob, profile: ServiceProfile = DEFAULT_PROFILE) -> RunTemplate:
    """The template of a schedule's runs. ``find`` gives the workspace's job of a name, or None.

    Raises MacroError when the profile's ``trigger_time_format`` is no strftime format.
    """
    return RunTemplate(schedule, effective_job(schedule, find), profile)


def _dynamic(texts: Mapping[str, Any]) -> tuple[tuple[str, Parts], ...]:
    split = ((name, split_macros(text)) for name, text in texts.items())
    return tuple((name, parts) for name, parts in split if parts is not None)


def _experiment(schedule: JobSchedule, job: JobDefinition | None, profile: ServiceProfile) -> str:
    if job is not None and job.experiment_name:
        return job.experiment_name
    if profile.default_experiment == "default":
        return "Default"
    by_reference = isinstance(schedule.create_job, str) or (
        schedule.create_job is not None and schedule.create_job.id is not None
    )
    return schedule.name if by_reference or profile.default_experiment == "schedule_name" else "Default"


@lru_cache(maxsize=64)
def _checked_format(text: str) -> str:
    try:
        sample = _EPOCH.strftime(text)
    except (ValueError, UnicodeError) as reason:
        raise MacroError(f"trigger_time_format {text!r} is no strftime format: {reason}") from None
    if not sample:
        raise MacroError(f"trigger_time_format {text!r} gives an empty text; the default is {_ISO!r}")
    return text
