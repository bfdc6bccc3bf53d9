"""Files of ``--file``, read in the process of the tests, as somebody sees them who stands in the caller's folder."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from pytest_mlschedule.az.call import AzCall
from pytest_mlschedule.az.errors import AzError, definition_error
from pytest_mlschedule.az.overrides import lay_overrides
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.loader import load_job, load_schedule
from pytest_mlschedule.schedules.models import Job, JobSchedule
from pytest_mlschedule.schedules.source import read_document

Overrides = Sequence[tuple[str, str]]
T = TypeVar("T")


def read_schedule(call: AzCall, file: str, overrides: Overrides, profile: ServiceProfile) -> JobSchedule:
    """The schedule of a file with ``--set`` laid over it. Raises AzError."""

    def load(source: Any, base: Path | None) -> JobSchedule:
        return load_schedule(source, base=base, profile=profile)

    return _read(call, file, overrides, load, "JobScheduleSchema")


def read_job(call: AzCall, file: str, overrides: Overrides) -> Job:
    """The job of a file with ``--set`` laid over it. Raises AzError."""

    def load(source: Any, base: Path | None) -> Job:
        return load_job(source, base=base)

    return _read(call, file, overrides, load, "PipelineJobSchema")


def _read(call: AzCall, file: str, overrides: Overrides, load: Callable[[Any, Path | None], T], schema: str) -> T:
    path = call.path(file)
    text = call.streams.get(file)
    if text is None and not os.path.isfile(path):
        raise AzError(f"No such file or directory: {file}")
    base = Path(path).parent
    try:
        if not overrides:
            return load(path if text is None else _named_stream(text, file), base)
        document = read_document(path if text is None else _named_stream(text, file))
        data = document.data
        if not isinstance(data, dict):
            return load(path if text is None else _named_stream(text, file), base)
        changed = deepcopy(data)
        lay_overrides(changed, overrides)
        return load(changed, base)
    except DefinitionError as failure:
        raise definition_error(failure, schema, call) from None


def _named_stream(text: str, name: str) -> io.StringIO:
    stream = io.StringIO(text)
    stream.name = name
    return stream
