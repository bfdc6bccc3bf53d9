"""Monitor and import definitions between the REST API and YAML: carried as data (WS-10).

Keys change their spelling (``targetColumn`` ↔ ``target_column``) and the outer ones their names; below a name that somebody
chose (a signal, a tag, a column) the name stays. What a signal holds keeps the shape it came in; data that it reads are answered
filled up with null, which the client takes for granted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_MONITOR = {
    "computeConfiguration": "compute",
    "monitoringTarget": "monitoring_target",
    "signals": "monitoring_signals",
    "alertNotificationSetting": "alert_notification",
}
_TARGET = {"taskType": "ml_task", "deploymentId": "endpoint_deployment_id", "modelId": "model_id"}
_IMPORT = {"assetName": "name", "dataUri": "path", "dataType": "type", "assetVersion": "version"}
_SOURCE = {"sourceType": "type"}
# What the client adds to every monitor, and YAML has no word for.
_COMPUTE = {"computeType": "ServerlessSpark", "computeIdentity": {"computeIdentityType": "AmlToken"}}
_AZURE_ALERT = {"alertNotificationType": "AzureMonitoring"}
# Below these, keys are names that somebody chose.
_NAMED = {
    "columns", "data_column_names", "environment_variables", "feature_data_type_override", "feature_type_override", "input_assets",
    "input_data", "inputs", "monitoring_signals", "properties", "secret_config", "secrets", "signals", "stored_procedure_params",
    "tags",
}  # fmt: skip
# What the client reads of input data whether it is there or not; the key that tells what they are comes first.
_INPUT_DATA = (
    "inputDataType", "columns", "dataContext", "jobInputType", "preprocessingComponentId", "uri", "windowOffset", "windowSize",
)  # fmt: skip

Spell = Callable[[str], str]


def read_monitor_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """``monitorDefinition`` as ``create_monitor`` of YAML writes it."""
    given = _drop_null(definition)
    monitor = {_MONITOR.get(key, snake(key)): item for key, item in given.items()}
    for key, read in _READERS.items():
        if isinstance(monitor.get(key), Mapping):
            monitor[key] = read(monitor[key])
    return {key: item if key in _READERS else respell(item, snake) for key, item in monitor.items()}


def _read_compute(compute: Mapping[str, Any]) -> Any:
    return respell({key: item for key, item in compute.items() if _COMPUTE.get(key) != item}, snake)


def _read_signals(signals: Mapping[str, Any]) -> Any:
    return {name: _read_signal(item) if isinstance(item, Mapping) else item for name, item in signals.items()}


def _read_signal(signal: Mapping[str, Any]) -> Any:
    kind = signal.get("signalType")
    typed = {**signal, "signalType": snake(kind)} if isinstance(kind, str) else signal
    return respell(typed, snake, {"signalType": "type"})


def _read_alert(alert: Mapping[str, Any]) -> Any:
    email = alert.get("emailNotificationSetting")
    if isinstance(email, Mapping):
        return {"emails": email.get("emails")}
    return "azmonitoring" if alert == _AZURE_ALERT else respell(alert, snake)


_READERS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "compute": _read_compute,
    "monitoring_target": lambda target: respell(target, snake, _TARGET),
    "monitoring_signals": _read_signals,
    "alert_notification": _read_alert,
}


def monitor_to_rest(monitor: Mapping[str, Any]) -> dict[str, Any]:
    """``create_monitor`` as ``monitorDefinition``."""
    names = {ours: theirs for theirs, ours in _MONITOR.items()}
    definition = {}
    for key, item in monitor.items():
        write = _WRITERS.get(key)
        definition[names.get(key, camel(key))] = write(item) if write else respell(item, camel)
    return definition


def _fill_data(value: Any) -> Any:
    """A signal with all input data in it filled up."""
    if isinstance(value, list):
        return [_fill_data(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    filled = {key: _fill_data(item) for key, item in value.items()}
    return {**dict.fromkeys(_INPUT_DATA), **filled} if _INPUT_DATA[0] in filled else filled


def _alert_to_rest(alert: Any) -> Any:
    if alert == "azmonitoring":
        return dict(_AZURE_ALERT)
    if isinstance(alert, Mapping) and "emails" in alert:
        emails = {"emails": respell(alert["emails"], camel), "emailOn": ["JobFailed", "JobCompleted"]}
        return {"alertNotificationType": "Email", "emailNotificationSetting": emails}
    return respell(alert, camel)


def _signals_to_rest(signals: Any) -> Any:
    if not isinstance(signals, Mapping):
        return respell(signals, camel)
    return {name: _signal_to_rest(item) if isinstance(item, Mapping) else item for name, item in signals.items()}


def _signal_to_rest(signal: Mapping[str, Any]) -> Any:
    answer = respell(signal, camel, {"type": "signalType"})
    kind = answer.get("signalType")
    if isinstance(kind, str):
        answer["signalType"] = "".join(map(str.capitalize, kind.split("_")))
    if answer.get("signalType") == "Custom":
        answer.setdefault("inputAssets", {})
    return _fill_data(answer)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "compute": lambda compute: respell(compute, camel) | _COMPUTE if isinstance(compute, Mapping) else compute,
    "monitoring_target": lambda target: respell(target, camel, {ours: theirs for theirs, ours in _TARGET.items()}),
    "monitoring_signals": _signals_to_rest,
    "alert_notification": _alert_to_rest,
}


def read_import_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """``dataImportDefinition`` as ``import_data`` of YAML writes it."""
    given = _drop_null(definition)
    result: dict[str, Any] = respell(given, snake, _IMPORT)
    if isinstance(given.get("source"), Mapping):
        result["source"] = respell(given["source"], snake, _SOURCE)
    return result


def import_to_rest(data: Mapping[str, Any]) -> dict[str, Any]:
    """``import_data`` as ``dataImportDefinition``."""
    result: dict[str, Any] = respell(data, camel, {ours: theirs for theirs, ours in _IMPORT.items()})
    if isinstance(data.get("source"), Mapping):
        result["source"] = respell(data["source"], camel, {"type": "sourceType"})
    return result


def respell(value: Any, spell: Spell, names: Mapping[str, str] | None = None) -> Any:
    """The same data with its keys spelt otherwise; ``names`` are exceptions on the outermost level."""
    if isinstance(value, Mapping):
        return {(names or {}).get(key, spell(key)): _below(key, item, spell) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [respell(item, spell) for item in value]
    return value


def _below(key: str, value: Any, spell: Spell) -> Any:
    if snake(key) not in _NAMED:
        return respell(value, spell)
    if isinstance(value, list | tuple):
        return [_below(key, item, spell) for item in value]
    return {name: respell(item, spell) for name, item in value.items()} if isinstance(value, Mapping) else value


def _drop_null(value: Any) -> Any:
    """The same data without keys whose value is null, which is the same as absent."""
    if isinstance(value, Mapping):
        return {key: _drop_null(item) for key, item in value.items() if item is not None}
    return [_drop_null(item) for item in value] if isinstance(value, list | tuple) else value


def snake(key: str) -> str:
    """``targetColumn`` and ``DataDrift`` as ``target_column`` and ``data_drift``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


def camel(key: str) -> str:
    """``target_column`` as ``targetColumn``."""
    return re.sub(r"(?<=[a-zA-Z0-9])_([a-z0-9])", lambda match: match[1].upper(), key)
