"""check_schedules and objects of azure-ai-ml that are no schedules: what is wrong with them is found, and the others are checked."""

import warnings
from datetime import UTC, datetime

from pytest_mlschedule import check_schedules

with warnings.catch_warnings():  # azure-ai-ml warns of its own libraries while it is imported
    warnings.simplefilter("ignore")
    from azure.ai.ml.entities import CronTrigger, JobSchedule


def _schedule(name, expression):
    trigger = CronTrigger(expression=expression, start_time="2024-02-01T00:00:00", time_zone="UTC")
    return JobSchedule(name=name, trigger=trigger, create_job="azureml:score")


def test_errors_of_an_object_are_found_beside_those_of_others():
    schedules = [_schedule("sunday", "0 9 * * 7"), _schedule("monthly", "0 9 1 * *")]
    found = check_schedules(schedules, now=datetime(2024, 1, 15, tzinfo=UTC))
    assert [(item.code, str(item.severity)) for item in found if item.code in ("MLS102", "MLS103")] == [
        ("MLS102", "error"),
        ("MLS103", "warning"),
    ]


def test_one_object_that_is_refused():
    found = check_schedules(_schedule("sunday", "0 9 * * 7"), now=datetime(2024, 1, 15, tzinfo=UTC))
    assert [(item.code, item.hint) for item in found] == [("MLS102", "write 0 for Sunday")]
