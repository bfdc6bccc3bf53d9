"""Actions that are not jobs: ``create_monitor`` and ``import_data``. Checked in shape, carried as data (WS-10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error
from pytest_mlschedule.schedules.frozen import FrozenDict, freeze
from pytest_mlschedule.schedules.problems import closest, describe, key_text, unknown_key
from pytest_mlschedule.schedules.reader import Reader, follow, locate_all
from pytest_mlschedule.schedules.rest_monitor_signals import SIGNALS
from pytest_mlschedule.schedules.source import Document

ActionResult = tuple[FrozenDict[str, Any] | None, list[Diagnostic]]

_MONITOR_KEYS = ("compute", "monitoring_target", "monitoring_signals", "alert_notification")
_MONITOR_COMPUTE = ("instance_type", "runtime_version")
_ML_TASKS = ("classification", "regression", "questionanswering")
_TARGET_KEYS = ("ml_task", "endpoint_deployment_id", "model_id")
_IMPORT_KEYS = (
    "type", "name", "source", "path", "version", "description", "tags", "properties", "mode", "settings", "id", "$schema",
    "auto_delete_setting", "creation_context", "datastore", "referenced_uris", "base_path", "latest_version",
)  # fmt: skip
_IMPORT_TYPES = ("mltable", "uri_folder", "uri_file")
_SOURCES = {
    "database": ("type", "connection", "query", "stored_procedure", "stored_procedure_params", "table_name"),
    "file_system": ("type", "connection", "path"),
}


def read_monitor(value: Any, document: Document, reader: Reader) -> ActionResult:
    """A model monitor: compute with instance type and runtime, target, signals, alerts. Fields relative to create_monitor."""
    if not isinstance(value, Mapping) or not value:
        return None, [error("MLS008", f"must be a mapping with compute, not {describe(value)}")]
    found = [unknown_key((str(key),), _MONITOR_KEYS) for key in value if key not in _MONITOR_KEYS]
    found += _compute_problems(value)
    found += _target_problems(value.get("monitoring_target", {}))
    signals = value.get("monitoring_signals", {})
    if not isinstance(signals, Mapping):
        found.append(error("MLS008", f"must be a mapping, not {describe(signals)}", "", ("monitoring_signals",)))
    else:
        for name, signal in signals.items():
            kind = signal.get("type") if isinstance(signal, Mapping) else None
            if not isinstance(kind, str) or kind.lower() not in SIGNALS:
                text = "a signal is a mapping with a type"
                found.append(error("MLS009", text, closest(kind, SIGNALS), ("monitoring_signals", str(name))))
    alert = value.get("alert_notification", "azmonitoring")
    emails = alert.get("emails", []) if isinstance(alert, Mapping) else []
    if not isinstance(emails, list):
        text = f"must be a list of addresses, not {describe(emails)}"
        found.append(error("MLS008", text, f"write emails: [{emails}]", ("alert_notification", "emails")))
    if not isinstance(alert, Mapping) and (not isinstance(alert, str) or alert.lower() != "azmonitoring"):
        text = f"must be azmonitoring or a mapping with emails, not {describe(alert)}"
        found.append(error("MLS009", text, "", ("alert_notification",)))
    return (None if found else freeze(value)), found


def _compute_problems(value: Mapping[Any, Any]) -> list[Diagnostic]:
    if "compute" not in value:
        return [
            error(
                "MLS007",
                "the key 'compute' is missing",
                "a monitor runs on serverless Spark: instance_type, runtime_version",
                ("compute",),
            )
        ]
    compute = value["compute"]
    if not isinstance(compute, Mapping):
        return [
            error(
                "MLS008",
                f"must be a mapping with instance_type and runtime_version, not {describe(compute)}",
                "",
                ("compute",),
            )
        ]
    found = [
        unknown_key((str(key),), _MONITOR_COMPUTE).under("compute") for key in compute if key not in _MONITOR_COMPUTE
    ]
    for key in _MONITOR_COMPUTE:
        if key not in compute:
            found.append(error("MLS007", f"the key {key!r} is missing", "", ("compute", key)))
        elif not isinstance(compute[key], str):
            found.append(error("MLS008", f"must be text, not {describe(compute[key])}", "quote it", ("compute", key)))
    return found


def _target_problems(target: Any) -> list[Diagnostic]:
    if not isinstance(target, Mapping):
        return [error("MLS008", f"must be a mapping, not {describe(target)}", "", ("monitoring_target",))]
    found = [
        unknown_key((str(key),), _TARGET_KEYS).under("monitoring_target") for key in target if key not in _TARGET_KEYS
    ]
    for key, item in target.items():
        if key in _TARGET_KEYS and not isinstance(item, str):
            found.append(error("MLS008", f"must be text, not {describe(item)}", "quote it", ("monitoring_target", key)))
        elif key == "model_id" and not re.fullmatch(r"azureml:.+[:@].+|azureml:/.+", item):
            text = f"{item!r} names no version"
            found.append(error("MLS009", text, "write azureml:<model>:<version>", ("monitoring_target", key)))
        elif key == "ml_task" and item.lower() not in _ML_TASKS:
            found.append(
                error("MLS009", f"{item!r} is not a task", closest(item, _ML_TASKS), ("monitoring_target", key))
            )
    return found


def read_import(value: Any, document: Document, reader: Reader) -> ActionResult:
    """A data import: name, source, path, written out or as a file. Fields relative to import_data."""
    if isinstance(value, str) and value:
        target, found = follow(reader, document, value.removeprefix("file:"))
        if target is None:
            return None, found
        action, found = read_import(target.data if isinstance(target.data, Mapping) else {}, target, reader)
        return action, locate_all(target, found)
    if not isinstance(value, Mapping) or not value:
        return None, [
            error("MLS008", f"must be a mapping with name, source and path, or a file, not {describe(value)}")
        ]
    found = [unknown_key((str(key),), _IMPORT_KEYS) for key in value if key not in _IMPORT_KEYS]
    for key in ("name", "path"):
        found += _text_problems(value, key)
    kind = value.get("type", "uri_folder")
    if kind not in _IMPORT_TYPES:
        found.append(
            error("MLS009", f"{describe(kind)} is not a type of imported data", closest(kind, _IMPORT_TYPES), ("type",))
        )
    found += _source_problems(value)
    return (None if found else freeze(value)), found


def _text_problems(value: Mapping[Any, Any], key: str) -> list[Diagnostic]:
    if key not in value:
        return [error("MLS007", f"the key {key!r} is missing", "", (key,))]
    if not isinstance(value[key], str):
        return [error("MLS008", f"must be text, not {describe(value[key])}", "quote it", (key,))]
    return []


def _source_problems(value: Mapping[Any, Any]) -> list[Diagnostic]:
    if "source" not in value:
        return [error("MLS007", "the key 'source' is missing", "", ("source",))]
    source = value["source"]
    if not isinstance(source, Mapping):
        return [error("MLS008", f"must be a mapping with type and connection, not {describe(source)}", "", ("source",))]
    kind = source.get("type")
    found = [item.under("source") for item in _text_problems(source, "connection")]
    keys = _SOURCES.get(kind.lower()) if isinstance(kind, str) else None
    if keys is None:
        what = "a source needs a type" if kind is None else f"{describe(kind)} is not a type of a source"
        return [*found, error("MLS009", what, closest(kind, _SOURCES), ("source", "type"))]
    return found + [unknown_key((key_text(key),), keys).under("source") for key in source if key not in keys]
