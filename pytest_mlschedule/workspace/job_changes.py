"""What may change of a job that exists (WS-11): its texts, never what it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.errors import WorkspaceError
from pytest_mlschedule.schedules.models import JobDefinition, PipelineJob
from pytest_mlschedule.schedules.overrides import merge
from pytest_mlschedule.schedules.rest_ports import literal_text
from pytest_mlschedule.triggers.wording import list_names
from pytest_mlschedule.workspace.job import CHANGEABLE, Job

# Written by the service, or no part of what runs.
_IGNORED = {*CHANGEABLE, "name", "services"}


def refuse_change(name: str, shown: JobDefinition | None, given: JobDefinition) -> None:
    """Raises WorkspaceError where ``given`` runs something else than the job ``name``, which is ``shown`` so."""
    fields = find_changes(shown, given)
    if fields:
        raise WorkspaceError(
            f"A job with the name {name} exists already, with other {list_names(fields)}. What a job runs cannot be changed, only "
            "its description, display name, tags, properties and whether it is archived: give the new job another name"
        )


def find_changes(shown: JobDefinition | None, given: JobDefinition) -> list[str]:
    """The fields in which ``given`` runs something else than ``shown``. An experiment that is not said is the same."""
    old, new = _frame(PipelineJob() if shown is None else shown), _frame(given)
    new.setdefault("experiment_name", old.setdefault("experiment_name", "Default"))
    return [key for key in {**old, **new} if old.get(key) != new.get(key)]


def _frame(job: JobDefinition) -> dict[str, Any]:
    return {
        key: _plain(value) for key, value in job.model_dump().items() if key not in _IGNORED and value not in (None, {})
    }


def _plain(value: Any) -> Any:
    """Literals as text, as they are on the wire; what is null left out."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items() if item is not None}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else literal_text(value)


def given_texts(definition: JobDefinition) -> dict[str, Any]:
    """The texts that a definition gives, to replace those of the job."""
    return {key: getattr(definition, key) for key in CHANGEABLE if getattr(definition, key)}


def merged_texts(job: Job, given: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that are given, tags and properties added to those of the job. Raises DefinitionError for other values."""
    known = {key: value for key, value in given.items() if value is not None}
    changes = PipelineJob(**known)  # validates
    texts = {key: getattr(changes, key) for key in known}
    return texts | {key: merge(getattr(job, key), texts[key]) for key in ("tags", "properties") if key in texts}
