"""The real client in a process of its own, against a server that speaks TLS."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

from served import START, Served

from pytest_mlschedule.serve.server import Server

CODE = """
import warnings
warnings.simplefilter("ignore")
from azure.ai.ml import MLClient
from azure.ai.ml.entities import CronTrigger, JobSchedule
from pytest_mlschedule.azure import FakeCredential

names = "00000000-0000-0000-0000-000000000000", "fake-resource-group", "fake-workspace"
client = MLClient(FakeCredential("deployer"), *names, enable_telemetry=False)
trigger = CronTrigger(expression="0 3 * * *")
client.schedules.begin_create_or_update(JobSchedule(name="extra", trigger=trigger, create_job="azureml:x")).result()
client.schedules.trigger("extra", schedule_time="2026-03-01T03:00:00Z")
print([schedule.name for schedule in client.schedules.list()])
"""


def test_the_client_in_another_process(served: Served, certificate: tuple[str, str]) -> None:
    served.workspace.assign_role("AzureML Data Scientist", principal="deployer")
    server = Server(served.application, "127.0.0.1", 0, certificate=certificate)
    thread = threading.Thread(target=server.run)
    thread.start()
    where = {"AZUREML_DEV_URL_MFE": server.url_of("127.0.0.1"), "REQUESTS_CA_BUNDLE": certificate[0]}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, **where}, capture_output=True, text=True, check=False
    )
    server.stop()
    thread.join()
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].lstrip(".") == str(
        ["extra", "features", "nightly-scoring", "weekly-retraining"]
    )
    jobs = served.application.simulation.run_until(START + timedelta(days=1))
    assert [job.display_name for job in jobs if job.schedule == "extra"] == ["extra-20260302T030000Z"]
    first, _ = served.workspace.schedules.jobs("extra")
    assert first.display_name == "extra-20260301T030000Z"
