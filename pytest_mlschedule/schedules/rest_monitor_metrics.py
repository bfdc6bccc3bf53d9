"""Thresholds of the metrics of a monitor, between the REST API and YAML: a list there, a mapping of groups here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import chain
from typing import Any

from pytest_mlschedule.schedules.rest_spelling import camel, respell, snake

_DRIFT = {
    "numerical": (
        "jensen_shannon_distance", "normalized_wasserstein_distance", "population_stability_index",
        "two_sample_kolmogorov_smirnov_test",
    ),
    "categorical": ("jensen_shannon_distance", "population_stability_index", "pearsons_chi_squared_test"),
}  # fmt: skip
_RATES = ("null_value_rate", "data_type_error_rate", "out_of_bounds_rate")
_ASPECTS = ("groundedness", "relevance", "coherence", "fluency", "similarity")
# Metrics by the type of the signal and their group, in the order in which the client sends them.
_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "data_drift": _DRIFT,
    "prediction_drift": _DRIFT,
    "data_quality": {"numerical": _RATES, "categorical": _RATES},
    "generation_safety_quality": {
        aspect: (f"acceptable_{aspect}_score_per_instance", f"aggregated_{aspect}_pass_rate") for aspect in _ASPECTS
    },
    "generation_token_statistics": {"totaltoken": ("total_token_count", "total_token_count_per_group")},
}
_FEATURE_TYPES = ("numerical", "categorical")
# The first metric of these that YAML leaves out is sent all the same.
_FILLED = ("generation_safety_quality", "generation_token_statistics")
_FILL = 3.0
_GAIN = "normalized_discounted_cumulative_gain"
# The client sends this of every model performance signal, and what the file says as text among the properties.
_PERFORMANCE = {"metric": "Accuracy", "modelType": "Classification", "threshold": {"value": 0.9}}
_PERFORMANCE_TEXT = "azureml.modelmonitor.model_performance_thresholds"


def read_thresholds(kind: str, thresholds: Any) -> Any:
    """``metricThresholds`` of a signal as YAML says them; those of no known metric in the words of REST."""
    if not isinstance(thresholds, list | tuple):
        return respell(thresholds, snake)
    if kind == "custom":
        return [_read_custom(item) for item in thresholds]
    names = {_wire(group, key): (group, key) for group, keys in _GROUPS.get(kind, {}).items() for key in keys}
    read: dict[str, dict[str, Any]] = {}
    for item in thresholds:
        name = _name_of(item)
        if name not in names:
            return respell(thresholds, snake)
        group, key = names[name]
        if key in read.get(group, {}) or (names_one(kind) and group in read):
            return respell(thresholds, snake)
        read.setdefault(group, {})[key] = item["threshold"]["value"]
    return read


def names_one(kind: str) -> bool:
    """Whether a signal has one metric of each group."""
    return _GROUPS.get(kind) is _DRIFT


def _name_of(item: Any) -> Any:
    """What names the metric of a threshold that has all its parts and no other."""
    if not isinstance(item, Mapping) or not item.keys() <= {"dataType", "metric", "threshold"}:
        return None
    value = item.get("threshold")
    name = (item.get("dataType"), item.get("metric"))
    is_whole = isinstance(value, Mapping) and value.keys() == {"value"} and isinstance(name[1], str)
    return name if is_whole and isinstance(name[0], str | None) else None


def _wire(group: str, key: str) -> tuple[str | None, str]:
    if group in _FEATURE_TYPES:
        return group.capitalize(), camel(key)
    return None, key.title().replace("_", "")


def _read_custom(item: Any) -> Any:
    if not isinstance(item, Mapping) or not item.keys() <= {"metric", "threshold"} or "metric" not in item:
        return respell(item, snake)
    value = item.get("threshold")
    if value is None:
        return {"metric_name": item["metric"]}
    is_value = isinstance(value, Mapping) and value.keys() == {"value"}
    return {"metric_name": item["metric"], "threshold": value["value"]} if is_value else respell(item, snake)


def thresholds_to_rest(kind: str, thresholds: Any) -> Any:
    """``metric_thresholds`` as ``metricThresholds``."""
    if kind == "custom" and isinstance(thresholds, list | tuple):
        return [_custom_to_rest(item) for item in thresholds]
    if not isinstance(thresholds, Mapping) or not thresholds.keys() & _GROUPS.get(kind, {}).keys():
        return respell(thresholds, camel)
    groups = ((group, keys, thresholds.get(group)) for group, keys in _GROUPS[kind].items())
    return list(chain.from_iterable(_group_to_rest(kind, *group) for group in groups))


def _group_to_rest(kind: str, group: str, keys: tuple[str, ...], given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, Mapping) or not given:
        return []
    values = {key: given[key] for key in keys if given.get(key) is not None}
    if kind in _FILLED:
        values = {keys[0]: _FILL, **values}
    if names_one(kind):
        values = dict([item for item in values.items() if item[1]][:1])
    return [_threshold(*_wire(group, key), value) for key, value in values.items()]


def _threshold(data_type: str | None, metric: str, value: Any) -> dict[str, Any]:
    said = {"metric": metric, "threshold": {"value": _number(value)}}
    return said if data_type is None else {"dataType": data_type, **said}


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _custom_to_rest(item: Any) -> Any:
    if not isinstance(item, Mapping) or "metric_name" not in item:
        return respell(item, camel)
    value = item.get("threshold")
    said = {"metric": item["metric_name"]}
    return said if value is None else {**said, "threshold": {"value": _number(value)}}


def read_gain(threshold: Any) -> dict[str, Any] | None:
    """The threshold of feature attribution as YAML says it; None for another one."""
    if _name_of(threshold) != (None, camel(_GAIN)):
        return None
    return {_GAIN: threshold["threshold"]["value"]}


def gain_to_rest(thresholds: Any) -> dict[str, Any]:
    """The threshold of feature attribution."""
    value = thresholds.get(_GAIN) if isinstance(thresholds, Mapping) else None
    return _threshold(None, camel(_GAIN), value) if value else {"metric": camel(_GAIN)}


def read_performance(threshold: Any, properties: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The thresholds of model performance and the properties without them; None where it is not what the client sends."""
    if not isinstance(properties, Mapping) or threshold != _PERFORMANCE:
        return None
    try:
        said = json.loads(properties.get(_PERFORMANCE_TEXT, ""))
        values = {item["metric"].lower(): item["threshold"]["value"] for item in said}
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    if performance_text(values) != properties[_PERFORMANCE_TEXT]:
        return None
    return {"classification": values}, {key: item for key, item in properties.items() if key != _PERFORMANCE_TEXT}


def performance_to_rest(thresholds: Any, properties: Any) -> dict[str, Any]:
    """The keys of a model performance signal that say its thresholds."""
    values = thresholds.get("classification") if isinstance(thresholds, Mapping) else None
    said = {_PERFORMANCE_TEXT: performance_text(values)} if isinstance(values, Mapping) else {}
    own = properties if isinstance(properties, Mapping) else {}
    return {"metricThreshold": {**_PERFORMANCE, "threshold": {"value": 0.9}}, "properties": {**own, **said}}


def performance_text(values: Mapping[str, Any]) -> str:
    """The thresholds as the client writes them."""
    texts = (
        f'{{"modelType":"classification","metric":"{key.capitalize()}","threshold":{{"value":{_number(values[key])}}}}}'
        for key in ("accuracy", "precision", "recall")
        if values.get(key)
    )
    return f"[{', '.join(texts)}]"
