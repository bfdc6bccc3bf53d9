"""Schedules in the shape of the REST API: what is read, where problems are said to be, and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.diagnostics import Diagnostic, Severity
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.loader import load_schedule, load_schedules
from pytest_mlschedule.schedules.models import CreationContext, JobSchedule, PipelineJob
from pytest_mlschedule.schedules.rest import RESOURCE_TYPE, schedule_from_rest, schedule_to_rest
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

FIXTURES = Path(__file__).parents[2] / "fixtures" / "json"
CRON = {"triggerType": "Cron", "expression": "0 3 * * *"}
REFERENCE = {"actionType": "CreateJob", "jobDefinition": {"jobType": "Pipeline", "sourceJobId": "train"}}
CREATED = datetime(2026, 1, 1, tzinfo=UTC)


def resource(trigger: Any = CRON, action: Any = REFERENCE, **rest: Any) -> dict[str, Any]:
    """A resource; keys with ``__`` in front go to the resource itself, others to its properties."""
    outer = {key[2:]: value for key, value in rest.items() if key.startswith("__")}
    inner = {key: value for key, value in rest.items() if not key.startswith("__")}
    return {"name": "nightly", **outer, "properties": {"trigger": trigger, "action": action, **inner}}


def accept(body: Mapping[str, Any], profile: ServiceProfile = DEFAULT_PROFILE) -> JobSchedule:
    schedule, found = schedule_from_rest(body, profile)
    assert [item for item in found if item.severity is Severity.ERROR] == []
    assert schedule is not None
    return schedule


def refuse(body: Mapping[str, Any]) -> list[Diagnostic]:
    schedule, found = schedule_from_rest(body, DEFAULT_PROFILE)
    assert schedule is None
    assert all(item.severity is Severity.ERROR for item in found)
    return found


def test_everything_that_the_service_answers() -> None:
    schedule = load_schedule(FIXTURES / "rest_schedule.json")
    pattern = RecurrencePattern(hours=[3], minutes=[0, 30], week_days=["monday", "friday"])
    zone = "Pacific Standard Time"
    assert schedule.trigger == RecurrenceTrigger("week", 1, pattern, start_time="2026-01-01T00:00:00", time_zone=zone)
    assert (schedule.name, schedule.display_name, schedule.tags) == (
        "nightly",
        "Nightly training",
        {"team": "forecast"},
    )
    assert (schedule.description, schedule.is_enabled, schedule.provisioning_state) == (None, False, "Succeeded")
    assert str(schedule.id).endswith("/schedules/nightly")
    assert schedule.creation_context == CreationContext(
        created_at=datetime(2025, 12, 31, 10, 52, 6, 123456, tzinfo=UTC),
        created_by="Ada",
        created_by_type="User",
        last_modified_at=datetime(2025, 12, 31, 10, 53, tzinfo=UTC),
    )
    job = schedule.create_job
    assert isinstance(job, PipelineJob)
    assert (job.id, job.compute, job.experiment_name, job.display_name) == (None, "cpu-cluster", "Default", "train")
    assert job.settings == {"default_compute": "cpu-cluster", "continue_on_step_failure": True}
    assert job.inputs == {
        "rows": "5",
        "when": "${{creation_context.trigger_time}}",
        "data": {"type": "uri_file", "path": "azureml://datastores/raw/paths/a.csv", "mode": "ro_mount"},
    }
    path = "azureml://datastores/out/paths/${{name}}"
    assert job.outputs == {"model": {"type": "uri_folder", "path": path, "mode": "rw_mount"}}
    step = job.jobs["train"]
    assert str(step.component).endswith("/components/azureml_anonymous/versions/4f0")
    assert (step.type, step.inputs, step.outputs) == (
        "command",
        {"rows": "${{parent.inputs.rows}}"},
        {"model": "${{parent.outputs.model}}"},
    )


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ({"triggerType": "CRON", "expression": "5 * * * *", "schedule": None}, CronTrigger("5 * * * *")),
        # A service may fill up the keys of the other kind, and add new ones.
        ({**CRON, "frequency": "Day", "interval": 1, "kind": "x"}, CronTrigger("0 3 * * *")),
        ({"TriggerType": "cron", "Expression": "5 * * * *", "TimeZone": "UTC"}, CronTrigger("5 * * * *")),
        ({**CRON, "startTime": None, "endTime": None, "timeZone": None}, CronTrigger("0 3 * * *")),
        ({**CRON, "startTime": "2026-01-01 00:00:00"}, CronTrigger("0 3 * * *", "2026-01-01T00:00:00")),
        ({**CRON, "startTime": "2026-01-01T00:00:00-04:00"}, CronTrigger("0 3 * * *", "2026-01-01T00:00:00-04:00")),
        (
            {"triggerType": "Recurrence", "frequency": "day", "interval": 2, "schedule": None},
            RecurrenceTrigger("day", 2),
        ),
        (
            {"triggerType": "Recurrence", "frequency": "Hour", "interval": 2, "schedule": {"hours": [], "minutes": []}},
            RecurrenceTrigger("hour", 2),
        ),
        (
            {"triggerType": "Recurrence", "frequency": "WEEK", "interval": 1, "schedule": {"weekDays": ["FRIDAY"]}},
            RecurrenceTrigger("week", 1, RecurrencePattern([], [], ["friday"])),
        ),
        (
            {
                "triggerType": "Recurrence",
                "frequency": "Month",
                "interval": 1,
                "schedule": {"hours": [4], "minutes": None, "weekDays": None, "monthDays": [1, 31]},
            },
            RecurrenceTrigger("month", 1, RecurrencePattern([4], [], None, [1, 31])),
        ),
    ],
)
def test_triggers(trigger: dict[str, Any], expected: CronTrigger | RecurrenceTrigger) -> None:
    assert accept(resource(trigger)).trigger == expected


def test_st_1_an_offset_on_the_wire_is_that_instant_unless_the_profile_drops_it() -> None:
    body = resource(
        {"triggerType": "Recurrence", "frequency": "day", "interval": 1, "startTime": "2022-05-10T10:15:00-04:00"}
    )
    created = datetime(2022, 5, 1, tzinfo=UTC)
    for policy, hour in (("documented", 14), ("dropped", 10)):
        profile = ServiceProfile(start_time_offset=policy)  # type: ignore[arg-type]
        timetable = accept(body, profile).trigger.timetable(created_at=created, profile=profile)
        assert timetable.next_after(created) == datetime(2022, 5, 10, hour, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        ("nightly", {}, "nightly"),
        ("ws/nightly", {}, "nightly"),
        (None, {"__id": "/subscriptions/s/x/schedules/by-id"}, "by-id"),
    ],
)
def test_names(name: str | None, more: dict[str, Any], expected: str) -> None:
    assert accept(resource(__name=name, **more)).name == expected


def test_jb_11_long_names_are_a_warning() -> None:
    assert [(item.code, item.field) for item in accept(resource(__name=f"ws/{'n' * 240}")).diagnostics] == [
        ("MLS502", ("name",))
    ]
    assert accept(resource(__name="n" * 239)).diagnostics == ()


@pytest.mark.parametrize(("value", "expected"), [(True, True), (False, False), (None, True)])
def test_is_enabled_means_what_it_says(value: bool | None, expected: bool) -> None:  # noqa: FBT001
    assert accept(resource(isEnabled=value)).is_enabled is expected
    assert accept(resource()).is_enabled


def test_instants_of_a_creation_context() -> None:
    for text, expected in (
        ("2026-01-01T02:00:00+02:00", CREATED),
        ("2026-01-01T00:00:00", CREATED),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        (None, None),
    ):
        context = accept(resource(__systemData={"createdAt": text})).creation_context
        assert context is not None
        assert context.created_at == expected
    assert accept(resource(__systemData=None)).creation_context is None


TRIGGER = ("properties", "trigger")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "MLS007", ("name",)),
        (resource(__name="a b"), "MLS501", ("name",)),
        (resource(__name=5), "MLS008", ("name",)),
        ({"name": "x"}, "MLS007", ("properties",)),
        ({"name": "x", "properties": []}, "MLS008", ("properties",)),
        (resource({}), "MLS007", (*TRIGGER, "triggerType")),
        (resource(None), "MLS007", TRIGGER),
        (resource("cron"), "MLS008", TRIGGER),
        (resource({"triggerType": 5}), "MLS008", (*TRIGGER, "triggerType")),
        (resource({"triggerType": "BlobEvent"}), "MLS012", (*TRIGGER, "triggerType")),
        (resource({"triggerType": "Cron"}), "MLS007", (*TRIGGER, "expression")),
        (resource({**CRON, "expression": "61 * * * *"}), "MLS102", (*TRIGGER, "expression")),
        (resource({**CRON, "starttime": "soon"}), "MLS301", (*TRIGGER, "starttime")),
        (resource({**CRON, "timeZone": "Nowhere"}), "MLS302", (*TRIGGER, "timeZone")),
        (
            resource({"triggerType": "Recurrence", "frequency": "day", "interval": 1, "schedule": {"hours": [1, 24]}}),
            "MLS204",
            (*TRIGGER, "schedule", "hours", 1),
        ),
        (
            resource(
                {"triggerType": "Recurrence", "frequency": "week", "interval": 1, "schedule": {"WeekDays": ["Mon"]}}
            ),
            "MLS204",
            (*TRIGGER, "schedule", "WeekDays", 0),
        ),
        (
            resource({"triggerType": "Recurrence", "frequency": "day", "interval": 1, "schedule": "daily"}),
            "MLS008",
            (*TRIGGER, "schedule"),
        ),
        (resource(action=None), "MLS007", ("properties", "action")),
        (resource(action=[]), "MLS008", ("properties", "action")),
        (resource(action={}), "MLS007", ("properties", "action", "actionType")),
        (resource(action={"x": 1}), "MLS007", ("properties", "action", "actionType")),
        (resource(action={"actionType": 1}), "MLS008", ("properties", "action", "actionType")),
        (resource(isEnabled="yes"), "MLS008", ("properties", "isEnabled")),
        (resource(displayName=5), "MLS008", ("properties", "displayName")),
        (resource(tags=[1]), "MLS008", ("properties", "tags")),
        (resource(tags={1: 2}), "MLS008", ("properties", "tags")),
        (resource(properties={"a": 1}), "MLS008", ("properties", "properties", "a")),
    ],
)
def test_problems_and_their_places(body: dict[str, Any], code: str, field: tuple[str, ...]) -> None:
    assert (code, field) in [(item.code, item.field) for item in refuse(body)]


def test_every_problem_at_once_in_a_file_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(resource({**CRON, "expression": "x"}, isEnabled=1, displayName=2), indent=1))
    with pytest.raises(DefinitionError, match="MLS101") as caught:
        load_schedule(path)
    lines = {str(item.field[-1]): item.location.line for item in caught.value.diagnostics if item.location}
    text = path.read_text().splitlines()
    assert {key: text[line - 1].strip().split(":")[0].strip('"') for key, line in lines.items()} == {
        "expression": "expression",
        "isEnabled": "isEnabled",
        "displayName": "displayName",
    }


def test_data_that_is_nested_too_deep() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"x": deep}
    assert [item.code for item in refuse(deep)] == ["MLS004"]


def test_warnings_are_on_the_schedule_at_their_keys() -> None:
    definition = {
        "jobType": "Pipeline",
        "displayName": "${{name}}",
        "computeId": "${{name}}",
        "inputs": {
            "typo": {"jobInputType": "literal", "value": "${{nmae}}"},
            "data": {"jobInputType": "uri_file", "uri": "x/${{name}}"},
        },
    }
    schedule = accept(
        resource({**CRON, "expression": "0 9 1 * *"}, {"actionType": "createjob", "jobDefinition": definition})
    )
    at = ("properties", "action", "jobDefinition")
    assert [(item.code, item.field) for item in schedule.diagnostics] == [
        ("MLS103", (*TRIGGER, "expression")),
        ("MLS503", (*at, "inputs", "typo")),
        ("MLS504", (*at, "inputs", "data", "uri")),
        ("MLS504", (*at, "displayName")),
        ("MLS504", (*at, "computeId")),
    ]


def test_lists_of_resources(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"value": [resource(), resource(__name="b")], "nextLink": None}))
    assert [schedule.name for schedule in load_schedules(path)] == ["nightly", "b"]


def test_the_answer_of_the_service() -> None:
    """Null-filled, capitalised, as the recordings show it (sdk.md)."""
    trigger = RecurrenceTrigger("week", 2, RecurrencePattern([3], [0], ["friday"]), start_time="2026-01-01 00:00:00")
    answer = schedule_to_rest(JobSchedule(name="nightly", trigger=trigger, create_job="train"))
    properties = answer["properties"]
    assert (answer["id"], answer["name"], answer["type"], answer["systemData"]) == (
        None,
        "nightly",
        RESOURCE_TYPE,
        None,
    )
    assert properties["trigger"] == {
        "triggerType": "Recurrence",
        "frequency": "Week",
        "interval": 2,
        "schedule": {"hours": [3], "minutes": [0], "weekDays": ["Friday"], "monthDays": None},
        "startTime": "2026-01-01 00:00:00",
        "endTime": None,
        "timeZone": "UTC",
    }
    job = properties["action"]["jobDefinition"]
    assert (job["jobType"], job["sourceJobId"], job["experimentName"], job["isArchived"]) == (
        "Pipeline",
        "train",
        "",
        False,
    )
    assert (properties["isEnabled"], properties["provisioningState"], properties["description"]) == (True, None, None)
    inline = JobSchedule(
        name="a", trigger=RecurrenceTrigger("day", 1), create_job=PipelineJob(inputs={"rows": 5, "on": True})
    )
    answer = schedule_to_rest(inline)["properties"]
    assert answer["trigger"]["schedule"] is None
    assert answer["action"]["jobDefinition"]["experimentName"] == "Default"
    assert {name: item["value"] for name, item in answer["action"]["jobDefinition"]["inputs"].items()} == {
        "rows": "5",
        "on": "True",
    }


def test_there_and_back() -> None:
    schedule = load_schedule(FIXTURES / "rest_schedule.json")
    again = accept(json.loads(json.dumps(schedule_to_rest(schedule))))
    assert again == schedule
    bare = JobSchedule(name="x", trigger=CronTrigger("* * * * *"), create_job="j", creation_context=CreationContext())
    assert accept(schedule_to_rest(bare)) == bare


def test_places_in_the_rest_form_are_those_of_its_own_keys() -> None:
    path = FIXTURES / "rest_schedule.json"
    lines = path.read_text(encoding="utf-8").splitlines()
    schedule = load_schedule(path)

    def text_at(*field: str | int) -> str:
        location = schedule.locate(Diagnostic("MLS000", Severity.NOTE, "", field=field)).location
        assert location is not None
        return lines[location.line - 1][location.column - 1 :]

    assert text_at("trigger", "schedule", "week_days", 1).startswith('"Friday"')
    assert text_at("trigger", "time_zone").startswith('"Pacific Standard Time"')
    assert text_at("create_job", "experiment_name").startswith('"Default"')
    assert text_at("create_job", "inputs", "when").startswith("{")
    assert text_at("display_name").startswith('"Nightly training"')
