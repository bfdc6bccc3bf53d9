"""Monitors from a file: deployed by ``az`` or from Python they are what the real client makes of the same file."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
from azure_names import MLClient
from azure_names import load_schedule as load_for_client
from werkzeug.test import Client

from pytest_mlschedule import FakeWorkspace, load_schedule
from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.az.az import Az
from pytest_mlschedule.azure import make_client

MONITOR = """\
name: monitor
trigger: TRIGGER
create_monitor:
  compute: {instance_type: standard_e4s_v3, runtime_version: "3.4"}
  monitoring_target: TARGET
  alert_notification: ALERT
  monitoring_signals:
    the_one:
"""
CRON = '{type: cron, expression: "0 5 * * *"}'
MODEL = "{ml_task: Classification, model_id: 'azureml:model:1'}"
EMAILS = "{emails: [team@example.com]}"
SHORT = "{input_data: {path: 'azureml:live:1', type: uri_folder}}"
LONG = (
    "{input_data: {path: 'azureml:live:1', type: uri_folder}, data_context: Model_Inputs, pre_processing_component: 'azureml:pp:1', "
    "data_window: {lookback_window_offset: P1D, lookback_window_size: P3D}}"
)
FIXED = "{input_data: {path: 'azureml:ref:1', type: mltable}, data_context: training, data_column_names: {target_column: y}}"
STATIC = (
    "{input_data: {path: 'azureml:ref:1', type: mltable}, pre_processing_component: 'azureml:pp:1', "
    "data_window: {window_start: '2024-01-02', window_end: '2024-02-03'}}"
)
TRAILING = "{input_data: {path: 'azureml:ref:1', type: mltable}, data_window: {lookback_window_size: default}}"
SIGNALS = {
    "data drift": f"""\
type: data_drift
production_data: {LONG}
reference_data: {FIXED}
features: {{top_n_feature_importance: 10}}
metric_thresholds: {{numerical: {{jensen_shannon_distance: 0.01}}, categorical: {{pearsons_chi_squared_test: 1}}}}
properties: {{MyKey: v}}
data_segment: {{feature_name: f, feature_values: [a, b]}}
feature_type_override: {{my_feature: numerical}}
alert_enabled: true
""",
    "data drift between two days": f"""\
type: Data_Drift
production_data: {SHORT}
reference_data: {STATIC}
features: [a, b]
metric_thresholds: {{numerical: {{population_stability_index: 0.1, normalized_wasserstein_distance: 1}}}}
""",
    "prediction drift": f"""\
type: prediction_drift
production_data: {SHORT}
reference_data: {TRAILING}
metric_thresholds: {{categorical: {{population_stability_index: 0.02}}}}
""",
    "data quality": f"""\
type: data_quality
production_data: {SHORT}
reference_data: {FIXED}
features: all_features
metric_thresholds: {{numerical: {{null_value_rate: 0.01, out_of_bounds_rate: 0}}, categorical: {{data_type_error_rate: 0.02}}}}
""",
    "feature attribution drift": f"""\
type: feature_attribution_drift
production_data:
- {LONG}
- {{input_data: {{path: "azureml:live:1", type: uri_folder}}, data_context: model_outputs, data_column_names: {{prediction: p}}}}
reference_data: {FIXED}
metric_thresholds: {{normalized_discounted_cumulative_gain: 0.9}}
""",
    "model performance": f"""\
type: model_performance
production_data: {SHORT}
reference_data: {FIXED}
metric_thresholds: {{classification: {{accuracy: 0.8, recall: 1}}}}
properties: {{MyKey: v}}
""",
    "custom": f"""\
type: custom
component_id: azureml:mine:1
metric_thresholds: [{{metric_name: m, threshold: 2}}, {{metric_name: n}}]
connection: {{environment_variables: {{MY_VAR: c}}, secret_config: {{my_key: v}}}}
input_data: {{my_input: {FIXED}}}
inputs:
  other_input: {{type: uri_folder, path: "azureml://datastores/b/paths/x", mode: download}}
  table: {{type: mltable, path: "azureml:ref:1"}}
""",
    "generation safety quality": """\
type: generation_safety_quality
connection_id: azureml:conn
production_data:
- {input_data: {path: "azureml:live:1", type: uri_folder}, data_column_names: {prompt_column: q}, data_window: {lookback_window_size: P3D}}
- {input_data: {path: "azureml:live:1", type: uri_folder}}
metric_thresholds:
  groundedness: {aggregated_groundedness_pass_rate: 0.7, acceptable_groundedness_score_per_instance: 4}
  fluency: {aggregated_fluency_pass_rate: 0.5}
sampling_rate: 0.5
properties: {my_key: c}
""",
    "generation token statistics": f"type: generation_token_statistics\nproduction_data: {SHORT}\n",
    "generation token statistics with thresholds": f"""\
type: generation_token_statistics
production_data: {SHORT}
metric_thresholds: {{totaltoken: {{total_token_count_per_group: 5}}}}
""",
}  # fmt: skip
FREQUENCIES = {
    unit: f"{{type: recurrence, frequency: {unit}, interval: 2}}" for unit in ("minute", "hour", "day", "Week", "month")
}
DRIFT = SIGNALS["prediction drift"]
CASES = {name: (CRON, MODEL, EMAILS, signal) for name, signal in SIGNALS.items()} | {
    **{unit: (trigger, MODEL, "azmonitoring", DRIFT) for unit, trigger in FREQUENCIES.items()},
    "task": (CRON, "{ml_task: QuestionAnswering}", "AzMonitoring", DRIFT),
    "no task": (CRON, "{model_id: 'azureml:model:1'}", "{emails: []}", DRIFT),
}


@pytest.fixture(params=CASES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    trigger, target, alert, signal = CASES[request.param]
    text = MONITOR.replace("TRIGGER", trigger).replace("TARGET", target).replace("ALERT", alert)
    path = tmp_path / "monitor.yml"
    path.write_text(text + textwrap.indent(signal, "      "), encoding="utf-8")
    return path


def deploy(file: Path, how: str) -> tuple[FakeWorkspace, MLClient]:
    workspace = FakeWorkspace()
    client = make_client(workspace)
    if how == "client":
        client.schedules.begin_create_or_update(load_for_client(str(file))).result()
    elif how == "az":
        Az(workspace)(["ml", "schedule", "create", "-f", str(file)], check=True)
    else:
        workspace.schedules.begin_create_or_update(load_schedule(file))
    return workspace, client


def answer(workspace: FakeWorkspace) -> Any:
    app = Client(ArmApplication(Cloud(workspace), default_principal="Owner"))
    text = app.get(f"{workspace.id}/schedules/monitor?api-version=2023-06-01-preview").text
    return json.loads(without_ids(text))["properties"]["action"]


def without_ids(text: str) -> str:
    """The client makes ids of the names of assets: ``azureml:live:1``."""
    text = re.sub(
        r'"(azureml:)?/subscriptions/[^"]*/workspaces/[^"/]*/\w+/([^"/]*)/versions/([^"/]*)"', r'"\2:\3"', text
    )
    return re.sub(r'"azureml:([\w.-]+:\d+)"', r'"\1"', text)


def read(client: MLClient) -> Any:
    """What the client reads."""
    schedule = client.schedules.get("monitor")
    assert [found.name for found in client.schedules.list()] == ["monitor"]
    return json.loads(without_ids(json.dumps(schedule._to_dict()["create_monitor"])))


@pytest.mark.parametrize("how", ["az", "python"])
def test_a_file_is_what_the_client_makes_of_it(file: Path, how: str) -> None:
    by_client, client = deploy(file, "client")
    workspace, own_client = deploy(file, how)
    assert answer(workspace) == answer(by_client)
    assert read(own_client) == read(client)
    for one in (client, own_client):
        assert one.schedules.begin_disable("monitor").result().is_enabled is False
    assert answer(workspace) == answer(by_client), "the client puts back what it read, which is not all"


@pytest.mark.parametrize("how", ["client", "az", "python"])
def test_az_shows_what_the_client_reads(file: Path, how: str) -> None:
    workspace, client = deploy(file, how)
    shown = Az(workspace)("ml schedule show -n monitor", check=True).json()["create_monitor"]
    shown = json.loads(without_ids(json.dumps(shown)))
    shown["monitoring_target"].pop("model_id", None)  # which the client does not read
    known = read(client)
    signal, seen = shown["monitoring_signals"]["the_one"], known["monitoring_signals"]["the_one"]
    if signal["type"] == "model_performance":  # the client reads one accuracy for all, and drops the properties
        assert signal.pop("metric_thresholds") == {"classification": {"accuracy": 0.8, "recall": 1.0}}
        assert signal.pop("properties") == {"MyKey": "v"}
        del seen["metric_thresholds"]
    assert shown == known
    before = answer(workspace)
    Az(workspace)("ml schedule update -n monitor --set description=x", check=True)
    assert answer(workspace) == before
