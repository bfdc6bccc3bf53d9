"""Plans as JSON and back; what is no plan is refused with every problem named."""

import json
import subprocess
import sys
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from pytest_mlschedule import DefinitionError, Plan, plan_runs
from pytest_mlschedule.schedules.models import JobSchedule, PipelineJob
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger
from pytest_mlschedule.triggers.zones import tzdata_version

START, END = datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
JOB = PipelineJob(
    inputs={
        "date": "${{creation_context.trigger_time}}",
        "rows": 5,
        "data": {"type": "uri_file", "path": "azureml:d:1"},
    },
    outputs={"model": {"path": "azureml://store/${{name}}"}},
    settings={"default_compute": "azureml:cpu", "list": [1, {"a": 2}]},
    tags={"team": "ml"},
)
NIGHTLY = JobSchedule(
    name="nightly",
    trigger=CronTrigger("0 3 * * *", time_zone="Pacific Standard Time"),
    create_job=JOB,
    source="schedules/nightly.yml",
)
EVEN = JobSchedule(name="even", trigger=RecurrenceTrigger("day", 2), create_job="train")
OFF = NIGHTLY.replace(name="off", is_enabled=False)


@pytest.fixture
def plan() -> Plan:
    return plan_runs([NIGHTLY, EVEN, OFF], START, END)


def test_the_document(plan) -> None:
    data = plan.for_schedule("nightly").to_dict()
    (_, run) = data.pop("runs")
    name = plan[-1].job_name
    assert data == {
        "version": 1,
        "tzdata_version": tzdata_version(),
        "created_at": None,
        "window": {"start": "2026-03-07T00:00:00Z", "end": "2026-03-09T00:00:00Z"},
        "schedules": {
            "nightly": {
                "time_zone": "Pacific Standard Time",
                "iana_zone": "America/Los_Angeles",
                "runs": 2,
                "anchor_assumed": False,
                "notes": [
                    {
                        "code": "MLS506",
                        "severity": "note",
                        "message": "nightly has no start_time: some documents say that a first job runs at creation (ST-7)",
                        "hint": 'set start_time; ServiceProfile(first_run="instant") plans that job',
                        "field": ["trigger", "start_time"],
                        "location": {"path": "schedules/nightly.yml", "line": 1, "column": 1},
                    }
                ],
                "experiment_name": "Default",
                "settings": {"default_compute": "cpu", "list": [1, {"a": 2}]},
                "tags": {"team": "ml"},
                "compute": "cpu",
            }
        },
    }
    assert run == {
        "schedule": "nightly",
        "trigger_time": "2026-03-08T10:00:00Z",
        "local_time": "2026-03-08T03:00:00-07:00",
        "job_name": name,
        "display_name": "nightly-20260308T100000Z",
        "inputs": {"date": "2026-03-08T10:00:00Z", "rows": 5, "data": {"type": "uri_file", "path": "azureml:d:1"}},
        "outputs": {"model": {"path": f"azureml://store/{name}"}},
    }


def test_a_plan_read_back_is_the_same_plan(plan) -> None:
    text = json.dumps(plan.to_dict())
    again = Plan.from_dict(json.loads(text))
    assert again == plan
    assert list(again) == list(plan)
    assert [run.to_dict() for run in again] == [run.to_dict() for run in plan]
    assert [run.anchor_assumed for run in again] == [run.anchor_assumed for run in plan]
    assert again.notes == plan.notes
    assert again.notes[-1].location is not None
    assert again.count_by_schedule() == {"even": 1, "nightly": 2, "off": 0}
    assert again.tzdata_version == plan.tzdata_version
    assert json.dumps(again.to_dict()) == text
    assert again.between(START, START + timedelta(days=1)) == plan.between(START, START + timedelta(days=1))


def test_creation_and_fractions_of_a_second_are_kept() -> None:
    created, start = START + timedelta(microseconds=1), START + timedelta(seconds=1, microseconds=2)
    plan = plan_runs(NIGHTLY, start, END, created_at=created)
    data = plan.to_dict()
    assert data["created_at"] == "2026-03-07T00:00:00.000001Z"
    assert data["window"]["start"] == "2026-03-07T00:00:01.000002Z"
    again = Plan.from_dict(data)
    assert (again.created_at, again.start) == (created, start)
    assert again == plan


def test_a_plan_of_other_zone_data_says_so(plan) -> None:
    data = plan.to_dict() | {"tzdata_version": "2020a"}
    assert Plan.from_dict(data).tzdata_version == "2020a"
    assert Plan.from_dict(data) == plan


def test_a_run_that_was_changed_makes_another_plan(plan) -> None:
    data = plan.to_dict()
    data["runs"][-1]["inputs"]["rows"] = 6
    again = Plan.from_dict(data)
    assert again != plan
    assert again[-1].inputs["rows"] == 6


def remove(*path):
    def change(data) -> None:
        *way, last = path
        for key in way:
            data = data[key]
        del data[last]

    return change


def put(*path):
    def change(data) -> None:
        *way, last, value = path
        for key in way:
            data = data[key]
        data[last] = value

    return change


WRONG = [
    (remove("window"), "MLS007 window: the key 'window' is missing"),
    (
        put("version", 2),
        "MLS009 version: is a plan of version 2; this release reads version 1\n  hint: make the plan again",
    ),
    (put("window", "start", "2026-03-07"), "MLS009 window.start: '2026-03-07' is not an instant"),
    (put("window", "end", 5), "MLS009 window.end: 5 is not an instant"),
    (
        put("window", "end", "2300-01-01T00:00:00Z"),
        "MLS009 window.end: 2300-01-01T00:00:00+00:00 is outside the supported",
    ),
    (
        put("window", "end", "2026-03-06T00:00:00Z"),
        "MLS009 window.end: the window ends at 2026-03-06T00:00:00Z, before it starts at 2026-03-07T00:00:00Z",
    ),
    (
        put("schedules", "nightly", "runs", 3),
        "MLS009 schedules.nightly.runs: nightly says runs: 3, and the document holds 2",
    ),
    (remove("runs", 0), "MLS009 schedules.even.runs: even says runs: 1, and the document holds 0"),
    (remove("schedules", "off", "runs"), "MLS007 schedules.off.runs: the key 'runs' is missing"),
    (put("schedules", "off", "runs", "0"), "MLS008 schedules.off.runs: input should be a valid integer"),
    (put("created_at", "yesterday"), "MLS009 created_at: 'yesterday' is not an instant"),
    (
        put("runs", 0, "trigger_time", "2026-03-07T00:00:00.5Z"),
        "MLS009 runs[0].trigger_time: '2026-03-07T00:00:00.5Z' has a",
    ),
    (put("runs", 0, "inputs", []), "MLS008 runs[0].inputs: must be a mapping, not a list"),
    (put("runs", 0, "job_name", 5), "MLS008 runs[0].job_name: must be text, not a number (5)\n  hint: quote it"),
    (put("runs", 0, "schedule", "x"), "MLS009 runs[0]: the run 'even-20260307T000000Z' 'x' is not one of the plan's"),
    (
        put("runs", 0, "trigger_time", "2026-03-09T00:00:00Z"),
        "MLS009 runs[0]: the run 'even-20260307T000000Z' lies outside",
    ),
    (
        put("runs", 2, "trigger_time", "2026-03-07T11:00:00Z"),
        "MLS009 runs[2]: the run 'nightly-20260308T100000Z' is given twice",
    ),
    (
        put("schedules", "even", "iana_zone", "Mars/Base"),
        "MLS009 schedules.even.iana_zone: 'Mars/Base' is no time zone of",
    ),
    (put("schedules", "even", "notes", 0, "severity", "bad"), "MLS008 schedules.even.notes[0].severity: "),
    (
        put("schedules", "even", "notes", 0, "location", {"path": "x", "line": 1}),
        "MLS007 schedules.even.notes[0].location.column",
    ),
]


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message[:40] for _, message in WRONG])
def test_what_is_no_plan_is_refused(plan, change, message) -> None:
    data = deepcopy(plan.to_dict())
    change(data)
    with pytest.raises(DefinitionError) as caught:
        Plan.from_dict(data)
    assert len(caught.value.diagnostics) == 1
    assert str(caught.value).startswith(message)


def test_a_reversed_window_is_refused_without_runs_too() -> None:
    data = plan_runs([], START, END).to_dict()
    data["window"] = {"start": "2026-03-09T00:00:00Z", "end": "2026-03-07T00:00:00Z"}
    with pytest.raises(DefinitionError, match=r"^MLS009 window\.end: "):
        Plan.from_dict(data)


@pytest.mark.parametrize("data", [None, [], "text", {}])
def test_anything_else_is_refused(data) -> None:
    with pytest.raises(DefinitionError):
        Plan.from_dict(data)


def test_plans_are_written_and_read_while_the_clock_is_frozen() -> None:
    """In a process of its own, where the module is loaded for the first time with datetime replaced."""
    code = """
from datetime import UTC, datetime
from freezegun import freeze_time
from pytest_mlschedule import CronTrigger, JobSchedule, Plan, plan_runs
plan = plan_runs(JobSchedule(name="a", trigger=CronTrigger("0 3 * * *"), action={}), *WINDOW)
with freeze_time("2020-01-01"):
    again = Plan.from_dict(plan.to_dict())
    assert again == plan
assert again == plan == Plan.from_dict(plan.to_dict())
""".replace("WINDOW", "(datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))")
    subprocess.run([sys.executable, "-c", code], check=True)
