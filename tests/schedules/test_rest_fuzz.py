"""Hostile JSON in every shape that is taken: a schedule, or diagnostics; never another exception."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE
from pytest_mlschedule.schedules.arm_template import find_schedule_resources
from pytest_mlschedule.schedules.entity import schedule_from_entity, schedule_to_entity
from pytest_mlschedule.schedules.loader import load_schedule
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.reader import has_errors
from pytest_mlschedule.schedules.rest import job_from_rest, schedule_from_rest, schedule_to_rest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "json"
REST = json.loads((FIXTURES / "rest_schedule.json").read_text())
MONITOR = {
    **REST,
    "properties": {
        **REST["properties"],
        "action": {
            "actionType": "CreateMonitor",
            "monitorDefinition": {
                "computeConfiguration": {"computeType": "ServerlessSpark", "instanceType": "x"},
                "monitoringTarget": {"taskType": "classification"},
                "signals": {"a": {"signalType": "DataDrift", "properties": {"x": "y"}}},
                "alertNotificationSetting": {"emailNotificationSetting": {"emails": ["a@b.c"]}},
            },
        },
    },
}
IMPORT = {
    **REST,
    "properties": {
        **REST["properties"],
        "action": {"actionType": "ImportData", "dataImportDefinition": {"source": {"sourceType": "x"}}},
    },
}
ENTITY = json.loads((FIXTURES / "az_schedule_list.json").read_text())[0]
ENTITY["create_job"]["jobs"] = {
    "a": {"component": {"name": "c", "inputs": {}}, "inputs": {"x": {"path": "y"}}, "outputs": {"o": "${{x}}"}}
}
TEMPLATE = json.loads((FIXTURES / "workspace_schedules.bicep.json").read_text())

WORDS = st.sampled_from(
    [
        "Cron", "Recurrence", "Day", "CreateJob", "Pipeline", "Command", "literal", "uri_file", "${{name}}", "0 3 * * *", "UTC",
        "2026-01-01T00:00:00", "azureml:x:1", "/subscriptions/s", "a\nb: [", "[concat(", "[parameters('open')]", "[[x]", "\x00", "\ud800", "",
        "[variables('expressions')]", "[copyIndex()]",
    ]
)  # fmt: skip
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), WORDS)
KEYS = st.one_of(
    st.text(max_size=3),
    st.sampled_from(
        [
            "properties",
            "trigger",
            "action",
            "type",
            "name",
            "copy",
            "count",
            "resources",
            "value",
            "jobs",
            "inputs",
            "id",
        ]
    ),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON value, from the outside in."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value at one place."""
    if not path:
        return new
    result = copy.copy(value)
    result[path[0]] = replaced(value[path[0]], path[1:], new)
    return result


def broken(valid: Any) -> st.SearchStrategy[Any]:
    """The valid document with one or two places changed."""
    change = st.tuples(st.sampled_from(places(valid)[1:]), JSON)

    def apply(changes: list[tuple[tuple[Any, ...], Any]]) -> Any:
        result = valid
        for path, new in changes:
            try:
                result = replaced(result, path, new)
            except (TypeError, LookupError):
                continue  # the other change took that place away
        return result

    return st.lists(change, min_size=1, max_size=2).map(apply)


def check(schedule: JobSchedule | None, found: list[Any]) -> None:
    """What is no schedule has errors, what is one can be written, compared and planned."""
    assert (schedule is None) == has_errors(found)
    for item in found:
        assert str(item)
    if schedule is not None:
        json.dumps([schedule_to_rest(schedule), schedule_to_entity(schedule)])
        assert schedule == schedule.replace()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(broken(REST), broken(MONITOR), broken(IMPORT), st.dictionaries(KEYS, JSON, max_size=4)))
def test_resources(data: dict[str, Any]) -> None:
    check(*schedule_from_rest(data, DEFAULT_PROFILE))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(broken(REST["properties"]["action"]["jobDefinition"]), st.dictionaries(KEYS, JSON, max_size=4)))
def test_definitions(data: dict[str, Any]) -> None:
    job, found = job_from_rest(data)
    assert (job is None) == has_errors(found)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(broken(ENTITY), st.dictionaries(KEYS, JSON, max_size=4)))
def test_entities(data: dict[str, Any]) -> None:
    check(*schedule_from_entity(data, DEFAULT_PROFILE))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(broken(TEMPLATE), st.dictionaries(KEYS, JSON, max_size=4)))
def test_templates(data: dict[str, Any]) -> None:
    resources, found = find_schedule_resources(data)
    for item in found:
        assert str(item)
    for _, resource in resources:
        check(*schedule_from_rest(resource, DEFAULT_PROFILE))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(broken(REST), broken([ENTITY]), broken(TEMPLATE), broken({"value": [REST]})))
def test_files(data: Any) -> None:
    try:
        assert isinstance(load_schedule(io.StringIO(json.dumps(data))), JobSchedule)
    except DefinitionError as refused:
        assert refused.diagnostics


@pytest.mark.parametrize(
    "shape", [lambda deep: deep, lambda deep: {**REST, "properties": deep}, lambda deep: {"resources": [deep]}]
)
def test_deep_files(shape: Any) -> None:
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"properties": deep, "trigger": {}}
    with pytest.raises(DefinitionError):
        load_schedule(io.StringIO(json.dumps(shape(deep))))
