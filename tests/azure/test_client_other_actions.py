"""Schedules of the real client that start no job: monitors and imports of data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure_names import MLClient, load_schedule
from werkzeug.test import Client

from pytest_mlschedule import FakeWorkspace, Scheduler
from pytest_mlschedule import load_schedule as load_ours
from pytest_mlschedule.arm.application import ArmApplication
from pytest_mlschedule.arm.cloud import Cloud
from pytest_mlschedule.az.az import Az

MONITOR = """\
name: drift
trigger:
  type: recurrence
  frequency: day
  interval: 1
  schedule: {hours: 3, minutes: 15}
create_monitor:
  compute: {instance_type: standard_e4s_v3, runtime_version: "3.4"}
  monitoring_target: {ml_task: classification}
  monitoring_signals:
    drift_of_inputs:
      type: data_drift
      production_data:
        input_data: {path: "azureml:inputs:1", type: mltable}
        data_context: model_inputs
        pre_processing_component: "azureml:prepare:1"
      reference_data:
        input_data: {path: "azureml:training:1", type: mltable}
        data_context: training
      features: {top_n_feature_importance: 20}
      metric_thresholds:
        numerical: {normalized_wasserstein_distance: 0.1}
        categorical: {jensen_shannon_distance: 0.2}
  alert_notification: {emails: [team@example.com]}
"""
IMPORT = """\
name: import-orders
trigger: {type: cron, expression: "0 5 * * *"}
import_data:
  type: uri_folder
  name: orders
  path: azureml://datastores/workspacemanagedstore/paths/orders/${{name}}
  source:
    type: database
    query: select * from orders
    connection: azureml:orders-db
"""


def put(client: MLClient, folder: Path, text: str) -> Any:
    (folder / "schedule.yml").write_text(text, encoding="utf-8")
    return client.schedules.begin_create_or_update(load_schedule("schedule.yml")).result()


def test_a_monitor_is_put_and_fires(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = put(client, folder, MONITOR)
    assert type(made).__name__ == "MonitorSchedule"
    signal = made.create_monitor.monitoring_signals["drift_of_inputs"]
    assert signal.metric_thresholds.numerical.normalized_wasserstein_distance == 0.1
    assert made.create_monitor.alert_notification.emails == ["team@example.com"]
    assert workspace.schedules.get("drift").create_monitor is not None
    jobs = Scheduler(workspace).run_until(datetime(2026, 1, 3, tzinfo=UTC))
    assert [job.display_name for job in jobs] == ["drift-20260101T031500Z", "drift-20260102T031500Z"]
    assert [job.display_name for job in client.jobs.list()] == [job.display_name for job in jobs]
    assert client.schedules.begin_disable("drift").result().is_enabled is False
    assert client.schedules.get("drift").create_monitor.monitoring_signals.keys() == {"drift_of_inputs"}


def test_a_custom_signal_is_read_with_what_it_leaves_open(client: MLClient, folder: Path) -> None:
    """The client reads ``dataContext`` of data whether it is there or not."""
    signals = """\
  monitoring_signals:
    mine:
      type: custom
      component_id: azureml:mine:1
      metric_thresholds: [{metric_name: m, threshold: 2}]
      input_data:
        my_input: {input_data: {path: "azureml:training:1", type: uri_folder}, data_column_names: {target_column: y}}
"""
    head, tail = MONITOR.split("  monitoring_signals:\n")
    put(client, folder, head + signals + tail[tail.index("  alert_notification") :])
    assert client.schedules.begin_disable("drift").result().is_enabled is False
    [found] = client.schedules.list(list_view_type="All")
    kept = found.create_monitor.monitoring_signals["mine"]
    assert kept.input_data["my_input"].data_column_names == {"target_column": "y"}


def test_an_import_is_put_and_fires(client: MLClient, workspace: FakeWorkspace, folder: Path) -> None:
    made = put(client, folder, IMPORT)
    assert type(made).__name__ == "ImportDataSchedule"
    assert made.import_data.name == "orders"
    assert made.import_data.source.query == "select * from orders"
    jobs = Scheduler(workspace).run_until(datetime(2026, 1, 3, tzinfo=UTC))
    assert [job.display_name for job in jobs] == ["import-orders-20260101T050000Z", "import-orders-20260102T050000Z"]
    assert client.schedules.begin_disable("import-orders").result().is_enabled is False


DATABASE = "{type: database, query: select 1, connection: 'azureml:orders-db'}"
FILES = "{type: File_System, path: a/b, connection: 'azureml:orders-s3'}"


@pytest.mark.parametrize("source", [DATABASE, FILES])
@pytest.mark.parametrize("said", ["type: mltable", "type: uri_folder", "tags: {a: b}", "description: d"])
def test_an_import_is_what_the_client_makes_of_it(
    said: str, source: str, client: MLClient, workspace: FakeWorkspace, folder: Path
) -> None:
    """It sends one type, and reads the one that fits the source."""
    head = 'name: i\ntrigger: {type: cron, expression: "0 5 * * *"}\n'
    data = f"  name: orders\n  path: azureml://datastores/w/paths/o\n  {said}\n  source: {source}\n"
    put(client, folder, f"{head}import_data:\n{data}")
    expected, known = rest_action(workspace), client.schedules.get("i")._to_dict()["import_data"]
    assert expected["dataImportDefinition"]["dataType"] == "uri_folder"
    az = Az(workspace)
    assert az("ml schedule show -n i", check=True).json()["import_data"] == known
    az("ml schedule create -f schedule.yml", check=True)
    assert rest_action(workspace) == expected
    workspace.schedules.begin_create_or_update(load_ours("schedule.yml"))
    assert rest_action(workspace) == expected
    az("ml schedule update -n i --set description=x", check=True)
    assert rest_action(workspace) == expected
    assert az("ml schedule show -n i", check=True).json()["import_data"] == known


def rest_action(workspace: FakeWorkspace) -> Any:
    app = Client(ArmApplication(Cloud(workspace), default_principal="Owner"))
    text = app.get(f"{workspace.id}/schedules/i?api-version=2023-06-01-preview").text
    return json.loads(text)["properties"]["action"]


@pytest.mark.parametrize("text", [MONITOR, IMPORT], ids=["monitor", "import"])
def test_they_are_listed_and_deleted(client: MLClient, folder: Path, text: str) -> None:
    name = put(client, folder, text).name
    assert [found.name for found in client.schedules.list()] == [name]
    client.schedules.begin_disable(name).result()
    client.schedules.begin_delete(name).result()
    assert list(client.schedules.list(list_view_type="All")) == []
