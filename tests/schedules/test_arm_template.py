"""Schedules found in ARM templates, and what is said about those that a template does not tell."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.arm_template import find_schedule_resources
from pytest_mlschedule.schedules.loader import load_schedules
from pytest_mlschedule.schedules.models import PipelineJob
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

FIXTURES = Path(__file__).parents[2] / "fixtures" / "json"
KIND = "Microsoft.MachineLearningServices/workspaces/schedules"
PROPERTIES = {
    "trigger": {"triggerType": "Cron", "expression": "0 3 * * *"},
    "action": {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}},
}


def schedule(name: Any = "ws/nightly", **rest: Any) -> dict[str, Any]:
    return {"type": KIND, "apiVersion": "x", "name": name, "properties": copy.deepcopy(PROPERTIES), **rest}


def template(*resources: Any, **rest: Any) -> dict[str, Any]:
    return {
        "parameters": {"open": {"type": "string"}, "env": {"defaultValue": "Prod"}},
        **rest,
        "resources": list(resources),
    }


def names(data: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    resources, found = find_schedule_resources(data)
    assert found == []
    return [(path, resource["name"]) for path, resource in resources]


def problems(data: dict[str, Any]) -> list[Diagnostic]:
    return find_schedule_resources(data)[1]


def test_what_bicep_compiles_to() -> None:
    nightly, europe, america = load_schedules(FIXTURES / "workspace_schedules.bicep.json")
    assert (nightly.name, nightly.display_name, nightly.is_enabled) == ("nightly-prod", "Nightly PROD", True)
    assert nightly.trigger.time_zone == "Pacific Standard Time"
    assert nightly.trigger.expression == "15 3 * * *"  # type: ignore[union-attr]
    job = nightly.create_job
    assert isinstance(job, PipelineJob)
    assert job.id == (
        "/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/"
        "Microsoft.MachineLearningServices/workspaces/{unknown}/jobs/train"
    )
    assert job.inputs == {"day": "[not an expression]"}
    assert [(item.code, item.field[-1]) for item in nightly.diagnostics] == [("MLS014", "deployed")]
    assert nightly.diagnostics[0].location is not None
    for found, name, offset in ((europe, "eu", 0), (america, "us", 1)):
        assert (found.name, found.diagnostics) == (f"hourly-{name}", ())
        pattern = RecurrencePattern([offset, 6 + offset, 12 + offset, 18 + offset], [30 * offset])
        assert found.trigger == RecurrenceTrigger("day", 1, pattern, start_time="2026-01-01T00:00:00")
        assert found.action == {
            "actionType": "InvokeBatchEndpoint",
            "endpointInvocationDefinition": {"endpointName": name},
        }


def test_where_schedules_stand() -> None:
    nested = {
        "type": "Microsoft.Resources/deployments",
        "name": "inner",
        "properties": {
            "expressionEvaluationOptions": {"scope": "Inner"},
            "parameters": {"env": {"value": "[toLower(parameters('env'))]"}},
            "template": template(
                schedule("[concat('ws/', parameters('env'))]"), parameters={"env": {"type": "string"}}
            ),
        },
    }
    outer = copy.deepcopy(nested)
    del outer["properties"]["expressionEvaluationOptions"]  # type: ignore[attr-defined]
    child = {"type": "schedules", "name": "child", "properties": PROPERTIES}
    workspace = {
        "type": "Microsoft.MachineLearningServices/WORKSPACES",
        "name": "ws",
        "resources": [child, {"type": "computes"}],
    }
    assert names(
        template({"type": "Microsoft.Storage/storageAccounts", "name": "s"}, nested, outer, workspace, "odd")
    ) == [
        (("resources", 1, "properties", "template", "resources", 0), "ws/prod"),
        (("resources", 2, "properties", "template", "resources", 0), "ws/Prod"),
        (("resources", 3, "resources", 0), "child"),
    ]
    symbolic = {"resources": {"a": schedule("a", type=KIND.upper()), "b": schedule("b", existing=True)}}
    assert names(symbolic) == [(("resources", "a"), "a")]


def test_names_of_which_only_the_last_part_is_known() -> None:
    assert names(template(schedule("[format('{0}/nightly', parameters('open'))]")))[0][1] == "{unknown}/nightly"
    found = problems(template(schedule("[format('ws/{0}', parameters('open'))]")))
    assert [(item.code, item.field) for item in found] == [("MLS013", ("resources", 0, "name"))]
    assert "the parameter 'open' has no default value" in found[0].message
    assert found[0].hint == "give the parameter 'open' a defaultValue"


def test_conditions() -> None:
    resources = [
        schedule("a", condition=False),
        schedule("b", condition="[equals(parameters('env'), 'Dev')]"),
        schedule("c", condition="[equals(parameters('env'), 'Prod')]"),
        schedule("d", condition="[equals(parameters('open'), 'Prod')]"),
    ]
    assert [name for _, name in names(template(*resources))] == ["c", "d"]


def test_loops() -> None:
    looped = schedule("[concat('n', copyIndex(1))]", copy={"name": "x", "count": 3})
    assert [name for _, name in names(template(looped))] == ["n1", "n2", "n3"]
    found = problems(
        template(
            schedule("n", copy={"name": "x", "count": "[parameters('open')]"}), {"type": "x", "copy": {"count": -1}}
        )
    )
    assert [(item.code, item.field) for item in found] == [("MLS013", ("resources", 0, "copy", "count"))]


def unknown_at(*path: str, text: str = "[parameters('open')]") -> dict[str, Any]:
    resource = schedule()
    place: Any = resource
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = text
    return template(resource)


@pytest.mark.parametrize(
    "path",
    [
        ("properties",),
        ("properties", "trigger"),
        ("properties", "trigger", "expression"),
        ("properties", "isEnabled"),
        ("properties", "action"),
        ("properties", "action", "actionType"),
        ("properties", "action", "jobDefinition"),
        ("properties", "action", "jobDefinition", "jobType"),
    ],
)
def test_what_decides_over_runs_must_be_known(path: tuple[str, ...]) -> None:
    resources, found = find_schedule_resources(unknown_at(*path))
    assert resources == []
    assert [(item.code, str(item.severity), item.field) for item in found] == [
        ("MLS013", "error", ("resources", 0, *path))
    ]
    assert found[0].message.startswith("[parameters('open')] cannot be evaluated: ")


def test_mere_references_stay_as_text() -> None:
    path = ("properties", "action", "jobDefinition", "experimentName")
    resources, found = find_schedule_resources(unknown_at(*path))
    assert resources[0][1]["properties"]["action"]["jobDefinition"]["experimentName"] == "[parameters('open')]"
    assert [(item.code, str(item.severity), item.field) for item in found] == [
        ("MLS014", "warning", ("resources", 0, *path))
    ]
    ids = "[resourceId('Microsoft.MachineLearningServices/workspaces/jobs', parameters('open'), 'train')]"
    resources, found = find_schedule_resources(unknown_at(*path[:-1], "sourceJobId", text=ids))
    assert found == []
    assert resources[0][1]["properties"]["action"]["jobDefinition"]["sourceJobId"].endswith(
        "/workspaces/{unknown}/jobs/train"
    )
    resources, found = find_schedule_resources(unknown_at("properties", "description"))
    assert (found, resources[0][1]["properties"]["description"]) == ([], "[parameters('open')]")


def test_long_and_empty_expressions_in_messages() -> None:
    (found,) = problems(unknown_at("properties", "trigger", text=f"[concat('{'x' * 200}', parameters('open'))]"))
    assert len(found.message) < 200
    deep = {"a": "[parameters('open')]"}
    nested = template(schedule())
    nested["variables"] = {"v": "[createArray(variables('v'))]", "w": deep}
    nested["resources"][0]["properties"]["trigger"]["expression"] = "[variables('v')]"
    (found,) = problems(nested)
    assert "the value cannot be evaluated" in found.message or "[variables('v')]" in found.message


@pytest.mark.parametrize(
    "resource",
    [
        {"type": "Microsoft.Resources/deployments"},
        {"type": "Microsoft.Resources/deployments", "properties": 5},
        {"type": "Microsoft.Resources/deployments", "properties": {"template": []}},
        {"type": 5, "resources": {"x": 5}},
        {},
    ],
)
def test_odd_resources_hold_no_schedule(resource: dict[str, Any]) -> None:
    assert find_schedule_resources(template(resource)) == ([], [])
    assert find_schedule_resources({"resources": 5}) == ([], [])


def test_parameters_of_nested_deployments() -> None:
    def deployment(parameters: Any) -> dict[str, Any]:
        inner = template(schedule("[parameters('env')]"), parameters={"env": {"defaultValue": "default"}})
        options = {"scope": "inner"}
        properties = {"expressionEvaluationOptions": options, "parameters": parameters, "template": inner}
        return template({"type": "Microsoft.Resources/deployments", "properties": properties})

    for parameters in ({}, [], None):
        assert names(deployment(parameters))[0][1] == "default"
    secret = {"env": {"reference": {"keyVault": {"id": "x"}, "secretName": "s"}}}
    (found,) = problems(deployment(secret))
    assert "is read when the template is deployed" in found.message
    (found,) = problems(deployment({"env": {"value": "[parameters('open')]"}}))
    assert "'open' has no default value" in found.message


def test_a_template_that_is_nested_too_deep() -> None:
    deep: dict[str, Any] = {}
    for _ in range(1000):
        deep = {"resources": [deep]}
    assert [item.code for item in problems(deep)] == ["MLS004"]


def test_problems_in_a_file_have_their_places(tmp_path: Path) -> None:
    path = tmp_path / "main.json"
    bad = schedule()
    bad["properties"]["trigger"]["expression"] = "[parameters('cron')]"
    worse = schedule("ws/b")
    worse["properties"]["trigger"]["expression"] = "[concat('61', ' * * * *')]"
    data = template(schedule("a"), bad, worse, parameters={"cron": {"type": "string"}})
    path.write_text(json.dumps(data, indent=1))
    with pytest.raises(DefinitionError) as caught:
        load_schedules(tmp_path)
    text = path.read_text().splitlines()
    found = [(item.code, text[item.location.line - 1].strip()) for item in caught.value.diagnostics if item.location]
    assert found == [
        ("MLS013", '"expression": "[parameters(\'cron\')]"'),
        ("MLS102", "\"expression\": \"[concat('61', ' * * * *')]\""),
    ]


def test_a_template_without_schedules_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(
        json.dumps(template({"type": "Microsoft.Storage/storageAccounts", "name": "s"}))
    )
    assert load_schedules(tmp_path) == []
    (tmp_path / "bad.json").write_text(json.dumps(unknown_at("properties", "trigger")))
    with pytest.raises(DefinitionError, match="MLS013"):
        load_schedules(tmp_path)
