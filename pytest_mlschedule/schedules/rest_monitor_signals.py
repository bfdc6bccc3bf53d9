"""Signals of a monitor between the REST API and YAML, as the client translates them (measured with azure-ai-ml 1.35.2).

Each part is translated by itself; a part that YAML has no words for keeps those of the REST API, in snake case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pytest_mlschedule.schedules.rest_monitor_data import (
    Windows,
    fill_data,
    port_to_rest,
    production_to_rest,
    read_data,
    read_port,
    reference_to_rest,
)
from pytest_mlschedule.schedules.rest_monitor_metrics import (
    gain_to_rest,
    performance_to_rest,
    read_gain,
    read_performance,
    read_thresholds,
    thresholds_to_rest,
)
from pytest_mlschedule.schedules.rest_spelling import camel, respell, snake

SIGNALS = (
    "data_drift", "prediction_drift", "data_quality", "feature_attribution_drift", "model_performance", "custom",
    "generation_safety_quality", "generation_token_statistics",
)  # fmt: skip
_SEGMENT = {"feature": "feature_name", "values": "feature_values"}
_CONNECTION = {"environmentVariables": "environment_variables", "secrets": "secret_config"}
_NO_THRESHOLDS = {"totaltoken": {"total_token_count": 0.0, "total_token_count_per_group": 0.0}}
# The share of requests that is looked at where nobody says one.
_SAMPLING_RATE = 0.1


def read_signal(signal: Mapping[str, Any]) -> dict[str, Any]:
    """A signal as YAML says it."""
    kind = signal.get("signalType")
    word = snake(kind) if isinstance(kind, str) else kind
    if word not in SIGNALS:
        return {**respell(signal, snake, {"signalType": "type"}), **({} if kind is None else {"type": word})}
    read: dict[str, Any] = {"type": word}
    for key, item in signal.items():
        if key == "signalType" or (key, item) in (("modelType", "classification"), ("workspaceConnection", {})):
            continue
        name, translate = _READERS.get(key, (snake(key), None))
        read[name] = translate(item) if translate else respell({key: item}, snake)[snake(key)]
    return _read_metrics(word, signal, read)


def _read_metrics(kind: str, signal: Mapping[str, Any], read: dict[str, Any]) -> dict[str, Any]:
    if "metricThresholds" in signal:
        read["metric_thresholds"] = read_thresholds(kind, signal["metricThresholds"])
    if kind == "feature_attribution_drift" and (gain := read_gain(signal.get("metricThreshold"))):
        del read["metric_threshold"]
        read["metric_thresholds"] = gain
    if kind == "model_performance":
        data = read.get("production_data")
        if isinstance(data, list) and len(data) == 1:
            read["production_data"] = data[0]
        said = read_performance(signal.get("metricThreshold"), signal.get("properties"))
        if said is not None:
            del read["metric_threshold"]
            read["metric_thresholds"], read["properties"] = said
    return {key: item for key, item in read.items() if key != "properties" or item != {}}


def _read_features(features: Any) -> Any:
    if not isinstance(features, Mapping):
        return respell(features, snake)
    kind = features.get("filterType")
    if kind == "AllFeatures" and len(features) == 1:
        return "all_features"
    if kind == "TopNByAttribution" and features.keys() == {"filterType", "top"}:
        return {"top_n_feature_importance": features["top"]}
    if kind == "FeatureSubset" and features.keys() == {"filterType", "features"}:
        return features["features"]
    return respell(features, snake)


def _read_all(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Read what a list or a mapping of names holds."""

    def translate(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [read(item) for item in value]
        return {name: read(item) for name, item in value.items()} if isinstance(value, Mapping) else value

    return translate


def _read_own(names: Mapping[str, str]) -> Callable[[Any], Any]:
    return lambda value: respell(value, snake, names)


def _read_production(data: Any) -> Any:
    return [read_data(item) for item in data] if isinstance(data, list | tuple) else read_data(data)


_READERS: dict[str, tuple[str, Callable[[Any], Any] | None]] = {
    "mode": ("alert_enabled", lambda mode: mode == "Enabled" if mode in ("Enabled", "Disabled") else mode),
    "productionData": ("production_data", _read_production),
    "referenceData": ("reference_data", read_data),
    "inputAssets": ("input_data", _read_all(read_data)),
    "inputs": ("inputs", _read_all(lambda port: read_port(port) if isinstance(port, Mapping) else port)),
    "features": ("features", _read_features),
    "featureDataTypeOverride": ("feature_type_override", lambda value: value),
    "dataSegment": ("data_segment", _read_own(_SEGMENT)),
    "workspaceConnection": ("connection", _read_own(_CONNECTION)),
    "workspaceConnectionId": ("connection_id", lambda value: value),
    "componentId": ("component_id", lambda value: f"azureml:{value}" if isinstance(value, str) else value),
}


def signal_to_rest(signal: Mapping[str, Any], windows: Windows) -> dict[str, Any]:
    """A signal as the client sends it."""
    kind = signal.get("type")
    word = kind.lower() if isinstance(kind, str) else None
    if word not in SIGNALS:
        name = "".join(map(str.capitalize, kind.split("_"))) if isinstance(kind, str) else kind
        rest = respell(signal, camel, {"type": "signalType"})
        return fill_data({**rest, **({} if kind is None else {"signalType": name})})  # type: ignore[no-any-return]
    sent: dict[str, Any] = {"signalType": "".join(map(str.capitalize, word.split("_"))), "mode": "Disabled"}
    for key, item in signal.items():
        if key == "type" or (key == "metric_thresholds" and word in ("feature_attribution_drift", "model_performance")):
            continue
        name, translate = _WRITERS.get(key, (camel(key), None))
        sent[name] = translate(item, windows) if translate else respell({key: item}, camel)[camel(key)]
    return fill_data(sent | _own_keys(word, signal, sent))  # type: ignore[no-any-return]


def _own_keys(kind: str, signal: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What one type of signal says in its own way, and what the client adds to it."""
    thresholds = signal.get("metric_thresholds")
    if kind == "feature_attribution_drift":
        return {} if thresholds is None else {"metricThreshold": gain_to_rest(thresholds)}
    if kind == "model_performance":
        data = sent.get("productionData")
        return {
            **({} if thresholds is None else performance_to_rest(thresholds, signal.get("properties"))),
            **({"productionData": [data]} if isinstance(data, Mapping) else {}),
        }
    said = {} if thresholds is None else {"metricThresholds": thresholds_to_rest(kind, thresholds)}
    if kind == "prediction_drift":
        said["modelType"] = sent.get("modelType", "classification")
    elif kind == "custom":
        said |= {key: sent.get(key, {}) for key in ("inputAssets", "workspaceConnection")}
    elif kind == "generation_token_statistics":
        said.setdefault("metricThresholds", thresholds_to_rest(kind, _NO_THRESHOLDS))
        said["samplingRate"] = sent.get("samplingRate") or _SAMPLING_RATE
    return said


def _mode(value: Any, windows: Windows) -> Any:
    return ("Enabled" if value else "Disabled") if isinstance(value, bool) else value


def _production(data: Any, windows: Windows) -> Any:
    if isinstance(data, list | tuple):
        return [production_to_rest(item, windows) for item in data]
    return production_to_rest(data, windows)


def _features(features: Any, windows: Windows) -> Any:
    if isinstance(features, list | tuple):
        return {"filterType": "FeatureSubset", "features": list(features)}
    if isinstance(features, Mapping) and "top_n_feature_importance" in features:
        return {"filterType": "TopNByAttribution", "top": features["top_n_feature_importance"]}
    return {"filterType": "AllFeatures"} if features == "all_features" else respell(features, camel)


def _inputs(value: Any, windows: Windows) -> Any:
    return {name: port_to_rest(item) for name, item in value.items()} if isinstance(value, Mapping) else value


def _assets(value: Any, windows: Windows) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: reference_to_rest(item, windows) for name, item in value.items()}


def _write_own(names: Mapping[str, str]) -> Callable[[Any, Windows], Any]:
    theirs = {ours: key for key, ours in names.items()}
    return lambda value, windows: respell(value, camel, theirs)


_WRITERS: dict[str, tuple[str, Callable[[Any, Windows], Any] | None]] = {
    "alert_enabled": ("mode", _mode),
    "production_data": ("productionData", _production),
    "reference_data": ("referenceData", reference_to_rest),
    "input_data": ("inputAssets", _assets),
    "inputs": ("inputs", _inputs),
    "features": ("features", _features),
    "feature_type_override": ("featureDataTypeOverride", lambda value, _: value),
    "data_segment": ("dataSegment", _write_own(_SEGMENT)),
    "connection": ("workspaceConnection", _write_own(_CONNECTION)),
    "connection_id": ("workspaceConnectionId", lambda value, _: value),
    "component_id": (
        "componentId",
        lambda value, _: value.removeprefix("azureml:") if isinstance(value, str) else value,
    ),
}
