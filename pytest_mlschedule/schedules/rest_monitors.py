"""Monitor and import definitions between the REST API and YAML: carried as data (WS-10), in the words of YAML.

What is known is translated as the client translates it, signals in ``rest_monitor_signals``; of anything else the keys change
their spelling (``targetColumn`` ↔ ``target_column``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_mlschedule.schedules.rest_monitor_data import Windows
from pytest_mlschedule.schedules.rest_monitor_signals import read_signal, signal_to_rest
from pytest_mlschedule.schedules.rest_spelling import camel, drop_null, respell, snake
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

_MONITOR = {
    "computeConfiguration": "compute",
    "monitoringTarget": "monitoring_target",
    "signals": "monitoring_signals",
    "alertNotificationSetting": "alert_notification",
}
_TARGET = {"taskType": "ml_task", "deploymentId": "endpoint_deployment_id", "modelId": "model_id"}
_IMPORT = {"assetName": "name", "dataUri": "path", "dataType": "type", "assetVersion": "version"}
_SOURCE = {"sourceType": "type"}
# What the client sends of every import, whatever type the file says.
_EVERY_IMPORT = {"isAnonymous": False, "isArchived": False, "properties": {}, "tags": {}}
_IMPORT_TYPE = {"dataType": "uri_folder"}
# What the client adds to every monitor, and YAML has no word for.
_COMPUTE = {"computeType": "ServerlessSpark", "computeIdentity": {"computeIdentityType": "AmlToken"}}
_AZURE_ALERT = {"alertNotificationType": "AzureMonitor"}


def read_monitor_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """``monitorDefinition`` as ``create_monitor`` of YAML writes it."""
    given = drop_null(definition)
    monitor = {_MONITOR.get(key, snake(key)): item for key, item in given.items()}
    for key, read in _READERS.items():
        if isinstance(monitor.get(key), Mapping):
            monitor[key] = read(monitor[key])
    return {key: item if key in _READERS else respell(item, snake) for key, item in monitor.items()}


def _read_compute(compute: Mapping[str, Any]) -> Any:
    return respell({key: item for key, item in compute.items() if _COMPUTE.get(key) != item}, snake)


def _read_signals(signals: Mapping[str, Any]) -> Any:
    return {name: read_signal(item) if isinstance(item, Mapping) else item for name, item in signals.items()}


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


def monitor_to_rest(monitor: Mapping[str, Any], trigger: CronTrigger | RecurrenceTrigger) -> dict[str, Any]:
    """``create_monitor`` as ``monitorDefinition``; windows that it leaves open are those of a schedule with this trigger."""
    names = {ours: theirs for theirs, ours in _MONITOR.items()}
    definition = {}
    for key, item in monitor.items():
        write = _WRITERS.get(key, _respell)
        said = _signals_to_rest(item, Windows.of(trigger)) if key == "monitoring_signals" else write(item)
        definition[names.get(key, camel(key))] = said
    return definition


def _respell(value: Any) -> Any:
    return respell(value, camel)


def _alert_to_rest(alert: Any) -> Any:
    if isinstance(alert, str) and alert.lower() == "azmonitoring":
        return dict(_AZURE_ALERT)
    if isinstance(alert, Mapping) and "emails" in alert:
        emails = {"emails": respell(alert["emails"], camel), "emailOn": ["JobFailed", "JobCompleted"]}
        return {"alertNotificationType": "Email", "emailNotificationSetting": emails}
    return respell(alert, camel)


def _signals_to_rest(signals: Any, windows: Windows) -> Any:
    if not isinstance(signals, Mapping):
        return respell(signals, camel)
    return {
        name: signal_to_rest(item, windows) if isinstance(item, Mapping) else item for name, item in signals.items()
    }


def _target_to_rest(target: Any) -> Any:
    if not isinstance(target, Mapping):
        return respell(target, camel)
    task = target.get("ml_task") or "classification"
    said = {**target, "ml_task": task.lower() if isinstance(task, str) else task}
    return respell(said, camel, {ours: theirs for theirs, ours in _TARGET.items()})


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "compute": lambda compute: respell(compute, camel) | _COMPUTE if isinstance(compute, Mapping) else compute,
    "monitoring_target": _target_to_rest,
    "alert_notification": _alert_to_rest,
}


def read_import_definition(definition: Mapping[str, Any]) -> dict[str, Any]:
    """``dataImportDefinition`` as ``import_data`` of YAML writes it."""
    given = drop_null(definition)
    result: dict[str, Any] = respell(given, snake, _IMPORT)
    if isinstance(given.get("source"), Mapping):
        result["source"] = respell(given["source"], snake, _SOURCE)
    return result


def import_to_rest(data: Mapping[str, Any]) -> dict[str, Any]:
    """``import_data`` as ``dataImportDefinition``."""
    result: dict[str, Any] = respell(data, camel, {ours: theirs for theirs, ours in _IMPORT.items()})
    source = data.get("source")
    if isinstance(source, Mapping):
        kind = source.get("type")
        said = {**source, "type": kind.lower()} if isinstance(kind, str) else source
        result["source"] = respell(said, camel, {"type": "sourceType"})
    return {**_EVERY_IMPORT, **result, **_IMPORT_TYPE} if "path" in data else result
