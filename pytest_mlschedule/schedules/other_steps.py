"""Steps of a pipeline that are not commands: what the client wants of sweep, spark, parallel, automl and the rest (sdk.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.problems import closest, describe, key_text, unknown_key

_KEYS = {
    "parallel": (
        "comment", "compute", "environment", "environment_variables", "error_threshold", "identity", "input_data", "inputs",
        "logging_level", "max_concurrency_per_instance", "mini_batch_error_threshold", "mini_batch_size", "name", "outputs",
        "partition_keys", "properties", "resources", "retry_settings", "task", "type",
    ),
    "spark": (
        "archives", "args", "code", "compute", "conf", "description", "display_name", "entry", "environment", "experiment_name",
        "files", "identity", "inputs", "jars", "name", "outputs", "properties", "py_files", "resources", "services", "tags", "type",
    ),
}  # fmt: skip
_NEEDED_KEYS = {
    "sweep": ("trial", "objective", "limits"),
    "spark": ("entry",),
    "automl": ("task", "training_data"),
    "data_transfer": ("task",),
    "import": ("source", "output"),
}
_AUTOML_TASKS = (
    "classification", "regression", "forecasting", "image_classification", "image_classification_multilabel",
    "image_object_detection", "image_instance_segmentation", "text_classification", "text_classification_multilabel", "text_ner",
)  # fmt: skip
_TRANSFERS = {"copy_data": "", "import_data": "source", "export_data": "sink"}


def check_other_step(data: Mapping[Any, Any], kind: str, *, component: bool) -> list[Diagnostic]:
    """What the client would say to a step of this kind; ``component``: whether it names one (a sweep: its trial)."""
    found = []
    if not component:
        keys = _KEYS.get(kind)
        found += [unknown_key((key_text(key),), keys) for key in data if keys and key not in keys]
    if not component or kind in ("sweep", "data_transfer"):
        found += [_missing(key, kind) for key in _NEEDED_KEYS.get(kind, ()) if key not in data]
    if component and kind == "import":
        found.append(
            error("MLS403", "the client loads no import step with a component", "write source and output in the step")
        )
    return found or list(_DETAILS.get(kind, _no_details)(data))


def _missing(key: str, kind: str) -> Diagnostic:
    return error("MLS007", f"the key {key!r} is missing: a step of type {kind} needs it", "", (key,))


def _no_details(_: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    return iter(())


def _sweep_details(data: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    for key, inner in (("objective", "goal"), ("objective", "primary_metric"), ("limits", "max_total_trials")):
        value = data[key]
        if not isinstance(value, Mapping):
            yield error("MLS008", f"must be a mapping, not {describe(value)}", "", (key,))
        elif inner not in value:
            yield error("MLS007", f"the key {inner!r} is missing", "", (key, inner))
    goal = data["objective"].get("goal") if isinstance(data["objective"], Mapping) else None
    if goal is not None and str(goal).lower() not in ("minimize", "maximize"):
        yield error("MLS009", f"{describe(goal)} is not a goal: minimize or maximize", "", ("objective", "goal"))


def _spark_details(data: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    entry = data.get("entry", {"file": ""})
    if not isinstance(entry, Mapping) or set(entry) not in ({"file"}, {"class_name"}):
        yield error("MLS009", "the entry of a spark step is {file: ...} or {class_name: ...}", "", ("entry",))
    elif not all(isinstance(name, str) for name in entry.values()):
        yield error("MLS008", "the entry of a spark step is text", "quote it", ("entry",))


def _automl_details(data: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    task = data.get("task")
    if not isinstance(task, str) or task.lower() not in _AUTOML_TASKS:
        yield error("MLS009", f"{describe(task)} is not a task of automl", closest(task, _AUTOML_TASKS), ("task",))
    elif "target_column_name" not in data and task.lower() != "text_ner":
        yield _missing("target_column_name", "automl")


def _transfer_details(data: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    task = data["task"]
    if not isinstance(task, str) or task.lower() not in _TRANSFERS:
        yield error("MLS009", f"{describe(task)} is not a task of data_transfer", closest(task, _TRANSFERS), ("task",))
        return
    end = _TRANSFERS[task.lower()]
    if end and end not in data and "component" not in data:
        yield _missing(end, "data_transfer")


_DETAILS: dict[str, Callable[[Mapping[Any, Any]], Iterator[Diagnostic]]] = {
    "sweep": _sweep_details,
    "spark": _spark_details,
    "automl": _automl_details,
    "data_transfer": _transfer_details,
}
