"""Actions of the REST API that are no jobs: carried as data, in the words of YAML where it has them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.entity import schedule_to_entity
from pytest_mlschedule.schedules.models import JobSchedule
from pytest_mlschedule.schedules.rest import schedule_from_rest, schedule_to_rest
from pytest_mlschedule.schedules.rest_spelling import drop_null
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger


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
            "mode": "Enabled",
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
            "alert_enabled": True,
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
            {"alertNotificationSetting": {"alertNotificationType": "AzureMonitor"}},
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
        "mode": "Disabled",
        "inputAssets": {"my_input": data, "otherInput": data},
        "inputs": {"my_min": {"jobInputType": "literal", "value": "1"}},
        "workspaceConnection": {"environmentVariables": {"MY_VAR": "1"}, "secrets": {"MY_SECRET": "s"}},
    }
    drift = {
        "signalType": "DataDrift",
        "mode": "Disabled",
        "featureDataTypeOverride": {"my_feature": "Numerical", "otherFeature": "Categorical"},
    }
    definition = {"signals": {"c": custom, "d": drift}}
    schedule = accept({"actionType": "CreateMonitor", "monitorDefinition": definition})
    signals = schedule.create_monitor["monitoring_signals"]  # type: ignore[index]
    assert signals["c"]["input_data"]["my_input"]["data_column_names"] == {"target_column": "my_y", "corrId": "c"}
    assert signals["c"]["connection"] == {"environment_variables": {"MY_VAR": "1"}, "secret_config": {"MY_SECRET": "s"}}
    assert signals["d"]["feature_type_override"] == drift["featureDataTypeOverride"]
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
        "isArchived": False,
        "properties": {},
        "tags": {"Keep": "it"},
    }
    schedule = accept({"actionType": "ImportData", "dataImportDefinition": {**definition, "description": None}})
    assert schedule.import_data == {
        "name": "d",
        "path": "azureml://datastores/x/paths/y",
        "type": "uri_folder",
        "source": {"type": "database", "connection": "azureml:c", "query": "select 1"},
        "is_anonymous": False,
        "is_archived": False,
        "properties": {},
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


FIXED = {"inputDataType": "Fixed", "jobInputType": "mltable", "uri": "x:1"}
TRAILING = {**FIXED, "inputDataType": "Trailing", "windowSize": "P1D", "windowOffset": "P0D"}
STATIC = {
    **FIXED,
    "inputDataType": "Static",
    "windowStart": "2024-01-02T00:00:00.000Z",
    "windowEnd": "2024-01-03T00:00:00.000Z",
}
GAIN = {"metric": "normalizedDiscountedCumulativeGain", "threshold": {"value": 0.9}}
ACCURACY = {"metric": "Accuracy", "modelType": "Classification", "threshold": {"value": 0.9}}
TEXT = "azureml.modelmonitor.model_performance_thresholds"
ONE = {"metric": "jensenShannonDistance", "threshold": {"value": 0.1}, "dataType": "Numerical"}


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ({"mode": "Paused"}, {"alert_enabled": "Paused"}),
        ({"mode": [5]}, {"alert_enabled": (5,)}),
        ({"features": {"filterType": "TopNByAttribution", "top": 5}}, {"features": {"top_n_feature_importance": 5}}),
        ({"referenceData": STATIC}, {"reference_data.data_window": {"window_start": "2024-01-02", "window_end": "2024-01-03"}}),
        ({"referenceData": {**STATIC, "windowEnd": "2024-01-03T10:00:00Z"}}, {"reference_data.uri": "x:1"}),
        ({"referenceData": {**STATIC, "windowEnd": 5}}, {"reference_data.window_end": 5}),
        ({"referenceData": {**FIXED, "preprocessingComponentId": "c"}}, {"reference_data.preprocessing_component_id": "c"}),
        ({"referenceData": {**FIXED, "newKey": 1}}, {"reference_data.new_key": 1}),
        ({"referenceData": {**FIXED, "jobInputType": "odd"}}, {"reference_data.job_input_type": "odd"}),
        ({"referenceData": {**FIXED, "inputDataType": "Rolling"}}, {"reference_data.input_data_type": "Rolling"}),
        ({"referenceData": {"inputDataType": "Trailing", "uri": "x:1"}}, {"reference_data.uri": "x:1"}),
        ({"referenceData": 5}, {"reference_data": 5}),
        ({"productionData": TRAILING}, {"production_data.input_data": {"type": "mltable", "path": "azureml:x:1"}}),
        ({"features": {"filterType": "AllFeatures"}}, {"features": "all_features"}),
        ({"features": {"filterType": "FeatureSubset", "features": ["a"]}}, {"features": ("a",)}),
        ({"features": {"filterType": "Other", "topMost": 1}}, {"features.top_most": 1}),
        ({"features": 5}, {"features": 5}),
        ({"metricThresholds": [ONE]}, {"metric_thresholds.numerical": {"jensen_shannon_distance": 0.1}}),
        ({"metricThresholds": [ONE, {**ONE, "metric": "populationStabilityIndex"}]}, {"metric_thresholds": 2}),
        ({"metricThresholds": [5]}, {"metric_thresholds": (5,)}),
        ({"metricThresholds": [{**ONE, "threshold": 5}]}, {"metric_thresholds": 1}),
        ({"metricThresholds": [{**ONE, "dataType": 5}]}, {"metric_thresholds": 1}),
        ({"metricThresholds": [{**ONE, "metric": "other"}]}, {"metric_thresholds": 1}),
        ({"metricThresholds": {"a": 1}}, {"metric_thresholds.a": 1}),
        ({"signalType": "FeatureAttributionDrift", "metricThreshold": GAIN}, {"metric_threshold": None}),
        ({"signalType": "FeatureAttributionDrift", "metricThreshold": ACCURACY}, {"metric_threshold.metric": "Accuracy"}),
        ({"signalType": "FeatureAttributionDrift", "productionData": [TRAILING]}, {"production_data": 1}),
        ({"signalType": "ModelPerformance", "metricThreshold": ACCURACY}, {"metric_threshold.metric": "Accuracy"}),
        ({"signalType": "ModelPerformance", "metricThreshold": ACCURACY, "properties": {TEXT: "[5]"}}, {"properties": {TEXT: "[5]"}}),
        ({"signalType": "ModelPerformance", "metricThreshold": ACCURACY, "properties": {TEXT: "[]"}}, {"properties": None}),
        ({"signalType": "ModelPerformance", "metricThreshold": ACCURACY, "properties": {TEXT: "[ ]"}}, {"properties": {TEXT: "[ ]"}}),
        (
            {"signalType": "ModelPerformance", "productionData": [TRAILING]},
            {"production_data.input_data": {"type": "mltable", "path": "azureml:x:1"}},
        ),
        ({"signalType": "ModelPerformance", "productionData": [TRAILING, TRAILING]}, {"production_data": 2}),
        ({"signalType": "Custom", "metricThresholds": [{"metric": "m", "threshold": 5}, 5]}, {"metric_thresholds": 2}),
        ({"signalType": "Custom", "metricThresholds": [{"metric": "m"}]}, {"metric_thresholds": ({"metric_name": "m"},)}),
        ({"signalType": "Custom", "inputs": {"a": 5}}, {"inputs": {"a": 5}}),
        ({"signalType": "Custom", "inputs": 5, "inputAssets": 5}, {"inputs": 5, "input_data": 5}),
        ({"signalType": "Custom", "inputAssets": [5]}, {"input_data": (5,)}),
        ({"signalType": "Custom", "componentId": 5}, {"component_id": 5}),
        ({"signalType": "PredictionDrift", "modelType": "regression"}, {"model_type": "regression"}),
        ({"signalType": "NewDrift", "someThing": 1}, {"type": "new_drift", "some_thing": 1}),
    ],
)  # fmt: skip
def test_what_yaml_has_no_words_for_keeps_those_of_rest(signal: dict[str, Any], expected: dict[str, Any]) -> None:
    """``expected``: values of the signal as YAML says it, by path; of a longer one its length."""
    sent = {"signalType": "DataDrift", **signal}
    schedule = accept({"actionType": "CreateMonitor", "monitorDefinition": {"signals": {"x": sent}}})
    read = schedule.create_monitor["monitoring_signals"]["x"]  # type: ignore[index]
    for path, value in expected.items():
        found = read
        for key in path.split("."):
            found = found.get(key)
        assert (len(found) if isinstance(found, tuple) and isinstance(value, int) else found) == value
    answered = drop_null(answer(schedule)["monitorDefinition"]["signals"]["x"])
    filled = ("mode", "modelType", "inputAssets", "workspaceConnection")
    assert {key: item for key, item in answered.items() if key in sent or key not in filled} == sent
    again = accept({"actionType": "CreateMonitor", "monitorDefinition": {"signals": {"x": answered}}})
    assert again.create_monitor == accept(answer(schedule)).create_monitor


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ({"type": "data_drift", "features": "some"}, {"features": "some"}),
        ({"type": "data_drift", "production_data": 5, "reference_data": {"input_data": 5}}, {"productionData": 5}),
        ({"type": "data_drift", "reference_data": {"input_data": {}, "data_window": 5}}, {"referenceData": {"inputDataType": "Fixed"}}),
        ({"type": "data_drift", "metric_thresholds": {"numerical": {}, "categorical": 5}}, {"metricThresholds": []}),
        ({"type": "data_drift", "metric_thresholds": {"numerical": {"jensen_shannon_distance": 0}}}, {"metricThresholds": []}),
        ({"type": "data_drift", "alert_enabled": False}, {"mode": "Disabled"}),
        ({"type": "data_drift", "reference_data": {"input_data": 5, "data_window": {"window_start": "2024-01-01"}}},
         {"referenceData": {"inputData": 5, "dataWindow": {"windowStart": "2024-01-01"}}}),
        ({"type": "generation_token_statistics", "metric_thresholds": {"totaltoken": {"total_token_count_per_group": 2}}},
         {"metricThresholds": [{"metric": "TotalTokenCount", "threshold": {"value": 3.0}},
                               {"metric": "TotalTokenCountPerGroup", "threshold": {"value": 2.0}}], "samplingRate": 0.1}),
        ({"type": "generation_token_statistics", "sampling_rate": 0.5},
         {"metricThresholds": [{"metric": "TotalTokenCount", "threshold": {"value": 0.0}},
                               {"metric": "TotalTokenCountPerGroup", "threshold": {"value": 0.0}}], "samplingRate": 0.5}),
        ({"type": "custom", "inputs": {"a": 5}, "metric_thresholds": ["x"]}, {"inputs": {"a": 5}, "metricThresholds": ["x"]}),
        ({"type": "feature_attribution_drift", "metric_thresholds": 5},
         {"metricThreshold": {"metric": "normalizedDiscountedCumulativeGain"}}),
        ({"type": "model_performance", "metric_thresholds": 5}, {"metricThreshold": ACCURACY}),
        ({"type": "model_performance", "metric_thresholds": {"classification": {"accuracy": 1}}},
         {"properties": {TEXT: '[{"modelType":"classification","metric":"Accuracy","threshold":{"value":1.0}}]'}}),
        ({"type": "data_drift", "production_data": {"input_data": {"path": "a"}, "data_window": {"lookback_window_offset": "default"}}},
         {"productionData": {"jobInputType": "uri_folder", "uri": "a", "inputDataType": "Trailing", "windowSize": "P7D",
                             "windowOffset": "P7D"}}),
    ],
)  # fmt: skip
def test_signals_of_odd_files(signal: dict[str, Any], expected: dict[str, Any]) -> None:
    schedule = JobSchedule(
        name="m", trigger=CronTrigger("0 3 * * *"), create_monitor={"monitoring_signals": {"x": signal}}
    )
    answered = drop_null(answer(schedule)["monitorDefinition"]["signals"]["x"])
    assert {key: answered[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("monitor", "definition"),
    [
        ({"monitoring_target": {}}, {"monitoringTarget": {"taskType": "classification"}}),
        ({"monitoring_target": {"ml_task": 5}}, {"monitoringTarget": {"taskType": 5}}),
        ({"monitoring_target": 5}, {"monitoringTarget": 5}),
        ({"alert_notification": "AzMonitoring"}, {"alertNotificationSetting": {"alertNotificationType": "AzureMonitor"}}),
    ],
)  # fmt: skip
def test_parts_of_monitors_of_files(monitor: dict[str, Any], definition: dict[str, Any]) -> None:
    schedule = JobSchedule(name="m", trigger=CronTrigger("0 3 * * *"), create_monitor=monitor)
    assert answer(schedule)["monitorDefinition"] == definition


@pytest.mark.parametrize(
    ("frequency", "sizes"),
    [("minute", ("P1D", "P2D")), ("hour", ("P1D", "P2D")), ("day", ("P2D", "P4D")), ("week", ("P14D", "P28D")), ("month", ("P60D", "P120D"))],
)  # fmt: skip
def test_windows_that_nobody_says_hang_on_the_trigger(frequency: str, sizes: tuple[str, str]) -> None:
    data = {"input_data": {"path": "azureml:x:1"}, "data_window": {"lookback_window_size": "default"}}
    signal = {"type": "data_drift", "production_data": data, "reference_data": data}
    trigger = RecurrenceTrigger(frequency, 2)
    schedule = JobSchedule(name="m", trigger=trigger, create_monitor={"monitoring_signals": {"x": signal}})
    sent = answer(schedule)["monitorDefinition"]["signals"]["x"]
    assert (sent["productionData"]["windowSize"], sent["referenceData"]["windowSize"]) == sizes
    shown = schedule_to_entity(schedule)["create_monitor"]["monitoring_signals"]["x"]
    assert shown["production_data"]["data_window"] == {
        "lookback_window_size": sizes[0],
        "lookback_window_offset": "P0D",
    }
