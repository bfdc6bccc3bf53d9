"""The team's deploy script: ``python deploy.py prod`` puts all schedules into the workspace of a stage."""

import sys
import tomllib
from pathlib import Path

from azure.ai.ml import MLClient
from azure.ai.ml.entities._load_functions import load_schedule
from azure.identity import DefaultAzureCredential

HERE = Path(__file__).parent


def deploy(stage):
    place = tomllib.loads((HERE / "stages.toml").read_text())[stage]
    client = MLClient(DefaultAzureCredential(), place["subscription"], place["group"], place["workspace"])
    for path in sorted((HERE / "schedules").glob("*.yml")):
        schedule = client.schedules.begin_create_or_update(load_schedule(path)).result()
        if stage != "prod":
            client.schedules.begin_disable(schedule.name).result()
        print(f"\n{schedule.name} is in {place['workspace']}")


if __name__ == "__main__":
    deploy(sys.argv[1])
