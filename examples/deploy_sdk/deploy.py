"""The team's deploy script: puts the schedules of a folder into a workspace, and removes those that are gone."""

import os
import sys
from pathlib import Path

from azure.ai.ml import MLClient
from azure.ai.ml.entities._load_functions import load_schedule
from azure.identity import DefaultAzureCredential


def deploy(client, folder):
    schedules = [load_schedule(path) for path in sorted(Path(folder).glob("*.yml"))]
    for schedule in schedules:
        client.schedules.begin_create_or_update(schedule).result()
    wanted = {schedule.name for schedule in schedules}
    for old in client.schedules.list(list_view_type="All"):
        if old.name not in wanted:
            remove(client, old)


def remove(client, schedule):
    """A schedule must be disabled before it can be deleted."""
    if schedule.is_enabled:
        client.schedules.begin_disable(schedule.name).result()
    client.schedules.begin_delete(schedule.name).result()


if __name__ == "__main__":
    names = (os.environ[name] for name in ("AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "AZUREML_WORKSPACE"))
    deploy(MLClient(DefaultAzureCredential(), *names), sys.argv[1])
