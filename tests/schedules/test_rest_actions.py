"""Actions of the REST API that are no jobs: carried as data, in the words of YAML where it has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.rest import schedule_from_rest, schedule_to_rest
from pytest_mlschedule.triggers.cron import CronTrigger


def read(action: Any) -> tuple[JobSchedule | None, list[Diagnostic]]:
    trigger = {"triggerType": "Cron", "expression": "0 3 * * *"}
    return schedule_from_rest({"name": "a", "properties": {"trigger": trigger, "action": action}})


def accept(action: Any) -> JobSchedule:
    schedule, found = read(action)
    assert found == []
    assert schedule is not None
    return schedule


def answer(schedule: JobSchedule) -> dict[str, Any]:
    action: dict[str, Any] = schedule_to_rest(schedule)["properties"]["action"]
    return action


MONITOR = {
    "computeConfiguration": {
        "computeType": "ServerlessSpark",
        "computeIdentity": {"computeIdentityType": "AmlToken"},
        "instanceType": "standard_e4s_v3",
        "runtimeVersion": "3.4",
    },
    "monitoringTarget": {"taskType": "classification", "deploymentId": "azureml:ep:dep"},
    "signals": {
        "My_Drift": {
            "signalType": "DataDrift",
            "metricThresholds": [{"dataType": "Numerical", "threshold": {"value": 0.1}}],
            "properties": {"keepThisName": "1"},
        },
        "odd": 5,
    },
    "alertNotificationSetting": {
        "alertNotificationType": "Email",
        "emailNotificationSetting": {"emails": ["a@b.c"], "emailOn": ["JobFailed", "JobCompleted"]},
    },
}
CREATE_MONITOR = {
    "compute": {"instance_type": "standard_e4s_v3", "runtime_version": "3.4"},
    "monitoring_target": {"ml_task": "classification", "endpoint_deployment_id": "azureml:ep:dep"},
    "monitoring_signals": {
        "My_Drift": {
            "type": "data_drift",
            "metric_thresholds": ({"data_type": "Numerical", "threshold": {"value": 0.1}},),
            "properties": {"keepThisName": "1"},
        },
        "odd": 5,
    },
    "alert_notification": {"emails": ("a@b.c",)},
}


def test_ws_10_monitors_are_carried_in_the_words_of_yaml() -> None:
    schedule = accept({"actionType": "createMONITOR", "monitorDefinition": MONITOR})
    assert schedule.create_monitor == CREATE_MONITOR
    assert answer(schedule) == {"actionType": "CreateMonitor", "monitorDefinition": MONITOR}


@pytest.mark.parametrize(
    ("definition", "monitor"),
    [
        (
            {"alertNotificationSetting": {"alertNotificationType": "AzureMonitoring"}},
            {"alert_notification": "azmonitoring"},
        ),
        (
            {"alertNotificationSetting": {"alertNotificationType": "NewKind"}},
            {"alert_notification": {"alert_notification_type": "NewKind"}},
        ),
        ({"signals": {"x": {"signalType": 5}}}, {"monitoring_signals": {"x": {"type": 5}}}),
        ({"signals": [1]}, {"monitoring_signals": (1,)}),
        ({"newThing": {"targetColumn": "x"}}, {"new_thing": {"target_column": "x"}}),
        ({"signals": {"x": {}}}, {"monitoring_signals": {"x": {}}}),
        ({"computeConfiguration": 5}, {"compute": 5}),
    ],
)
def test_parts_of_monitors(definition: dict[str, Any], monitor: dict[str, Any]) -> None:
    schedule = accept({"actionType": "CreateMonitor", "monitorDefinition": {**definition, "monitoringTarget": None}})
    assert schedule.create_monitor == monitor
    assert answer(schedule)["monitorDefinition"] == definition


def test_names_that_somebody_chose_stay() -> None:
    data = {
        "inputDataType": "Fixed",
        "jobInputType": "mltable",
        "uri": "x",
        "columns": {"target_column": "my_y", "corrId": "c"},
    }
    custom = {
        "signalType": "Custom",
        "inputAssets": {"my_input": data, "otherInput": data},
        "inputs": {"my_min": {"jobInputType": "literal", "value": "1"}},
        "workspaceConnection": {"environmentVariables": {"MY_VAR": "1"}, "secrets": {"MY_SECRET": "s"}},
    }
    drift = {
        "signalType": "DataDrift",
        "featureDataTypeOverride": {"my_feature": "Numerical", "otherFeature": "Categorical"},
    }
    definition = {"signals": {"c": custom, "d": drift}}
    schedule = accept({"actionType": "CreateMonitor", "monitorDefinition": definition})
    signals = schedule.create_monitor["monitoring_signals"]  # type: ignore[index]
    assert signals["c"]["input_assets"]["my_input"]["columns"] == {"target_column": "my_y", "corrId": "c"}
    assert signals["c"]["workspace_connection"]["environment_variables"] == {"MY_VAR": "1"}
    assert signals["d"]["feature_data_type_override"] == drift["featureDataTypeOverride"]
    null = dict.fromkeys(("dataContext", "preprocessingComponentId", "windowOffset", "windowSize"))
    custom["inputAssets"] = {"my_input": {**data, **null}, "otherInput": {**data, **null}}
    assert answer(schedule)["monitorDefinition"] == definition
    # What a GET answers can be put again.
    again = accept({"actionType": "CreateMonitor", "monitorDefinition": definition})
    assert again.create_monitor == schedule.create_monitor


def test_names_of_parameters_of_an_import_stay() -> None:
    source = {"sourceType": "database", "storedProcedureParams": [{"my_param": "1", "otherParam": "2"}, 5]}
    schedule = accept({"actionType": "ImportData", "dataImportDefinition": {"source": {**source, "query": None}}})
    read_source = schedule.import_data["source"]  # type: ignore[index]
    assert read_source == {"type": "database", "stored_procedure_params": ({"my_param": "1", "otherParam": "2"}, 5)}
    assert answer(schedule)["dataImportDefinition"] == {"source": source}


def test_a_custom_signal_without_data_has_none() -> None:
    definition = {"signals": {"c": {"signalType": "Custom", "properties": 5}}}
    schedule = accept({"actionType": "CreateMonitor", "monitorDefinition": definition})
    assert answer(schedule)["monitorDefinition"]["signals"]["c"]["inputAssets"] == {}


def test_ws_10_imports_are_carried_in_the_words_of_yaml() -> None:
    definition = {
        "assetName": "d",
        "dataUri": "azureml://datastores/x/paths/y",
        "dataType": "uri_folder",
        "source": {"sourceType": "database", "connection": "azureml:c", "query": "select 1"},
        "isAnonymous": False,
        "tags": {"Keep": "it"},
    }
    schedule = accept({"actionType": "ImportData", "dataImportDefinition": {**definition, "description": None}})
    assert schedule.import_data == {
        "name": "d",
        "path": "azureml://datastores/x/paths/y",
        "type": "uri_folder",
        "source": {"type": "database", "connection": "azureml:c", "query": "select 1"},
        "is_anonymous": False,
        "tags": {"Keep": "it"},
    }
    assert answer(schedule) == {"actionType": "ImportData", "dataImportDefinition": definition}
    assert accept({"actionType": "ImportData", "dataImportDefinition": {"source": 1}}).import_data == {"source": 1}
    assert answer(accept({"actionType": "ImportData", "dataImportDefinition": {"source": 1}}))[
        "dataImportDefinition"
    ] == {"source": 1}


def test_ws_10_batch_endpoints_and_unknown_actions_plan_like_any_other() -> None:
    invocation = {"actionType": "invokebatchendpoint", "endpointInvocationDefinition": {"values": {"x": [1, None]}}}
    schedule = accept(invocation)
    expected = {"actionType": "InvokeBatchEndpoint", "endpointInvocationDefinition": {"values": {"x": [1, None]}}}
    assert answer(schedule) == expected
    assert schedule.action == {**expected, "endpointInvocationDefinition": {"values": {"x": (1, None)}}}
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert schedule.trigger.timetable(created_at=start).next_after(start) == datetime(2026, 1, 1, 3, tzinfo=UTC)
    assert accept({"actionType": "DoSomethingNew", "x": 1}).action == {"actionType": "DoSomethingNew", "x": 1}


def test_a_schedule_without_an_action_answers_with_an_empty_one() -> None:
    assert answer(JobSchedule(name="a", trigger=CronTrigger("* * * * *"))) == {}


@pytest.mark.parametrize(
    ("action", "code", "field"),
    [
        ({"actionType": "CreateJob"}, "MLS007", ("jobDefinition",)),
        ({"actionType": "CreateJob", "jobDefinition": 5}, "MLS008", ("jobDefinition",)),
        ({"actionType": "CreateJob", "jobDefinition": {}}, "MLS405", ("jobDefinition", "jobType")),
        ({"actionType": "CreateMonitor"}, "MLS007", ("monitorDefinition",)),
        ({"actionType": "CreateMonitor", "monitorDefinition": []}, "MLS008", ("monitorDefinition",)),
        ({"actionType": "ImportData", "dataImportDefinition": None}, "MLS007", ("dataImportDefinition",)),
    ],
)
def test_problems_and_their_places(action: dict[str, Any], code: str, field: tuple[str, ...]) -> None:
    schedule, found = read(action)
    assert schedule is None
    assert [(item.code, item.field) for item in found] == [(code, ("properties", "action", *field))]


def test_ws_10_a_misspelt_action_is_told_from_one_we_do_not_know() -> None:
    schedule, found = read({"actionType": "CreateJobb", "jobDefinition": {"jobType": "Pipeline"}})
    assert schedule is None
    assert [(item.code, item.field_name, item.hint) for item in found] == [
        ("MLS009", "properties.action.actionType", "did you mean 'CreateJob'?")
    ]
