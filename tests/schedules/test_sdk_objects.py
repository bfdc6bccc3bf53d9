"""Objects of azure-ai-ml taken as ours, offline."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_job, load_schedule
from pytest_mlschedule.schedules.models import CommandJob, CreationContext, JobSchedule, PipelineJob
from pytest_mlschedule.schedules.rest import schedule_to_rest
from pytest_mlschedule.schedules.sdk import adopt_job, adopt_schedule, adopt_trigger, is_entity
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrencePattern, RecurrenceTrigger

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the SDK's own dependencies
    from azure.ai.ml import Input, Output, command, dsl, entities
    from azure.ai.ml import load_job as sdk_load_job
    from azure.ai.ml._restclient.arm_ml_service.models import Schedule as RestSchedule
    from azure.ai.ml.constants import TimeZone
    from azure.ai.ml.entities._load_functions import load_schedule as sdk_load_schedule
    from azure.ai.ml.entities._schedule.schedule import Schedule as SdkSchedule

CREATED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def cron(**fields: Any) -> Any:
    return entities.CronTrigger(**{"expression": "0 3 * * *", **fields})


def sdk_schedule(**fields: Any) -> Any:
    return entities.JobSchedule(**{"name": "nightly", "trigger": cron(), "create_job": "azureml:train", **fields})


JOB = """\
type: pipeline
compute: azureml:cpu
inputs: {rows: 5, run: "${{name}}"}
jobs:
  fit: {component: azureml:fit:1, inputs: {rows: "${{parent.inputs.rows}}"}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "job.yml").write_text(JOB)
    text = "name: nightly\ntrigger: {type: cron, expression: '0 3 * * *'}\ncreate_job: {job: ./job.yml, inputs: {rows: 7}}\n"
    (tmp_path / "overridden.yml").write_text(text)
    return tmp_path


def test_what_is_an_entity() -> None:
    class Own(entities.CronTrigger):  # type: ignore[misc]
        pass

    assert is_entity(cron())
    assert is_entity(Own(expression="* * * * *"))
    assert is_entity(sdk_schedule())
    for other in (CronTrigger("* * * * *"), TimeZone.UTC, "azureml:x", None, {}, object, datetime(2026, 1, 1)):
        assert not is_entity(other)


def test_the_sdk_is_never_imported_by_us() -> None:
    code = "import sys, pytest_mlschedule.schedules.sdk as s; s.is_entity(5); print([m for m in sys.modules if m.startswith('azure')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_ours_come_back_as_they_are() -> None:
    schedule = JobSchedule(name="a", trigger=CronTrigger("* * * * *"), create_job=PipelineJob())
    assert adopt_schedule(schedule) is schedule
    assert adopt_job(schedule.create_job) is schedule.create_job
    assert adopt_trigger(schedule.trigger) is schedule.trigger


@pytest.mark.parametrize("adopt", [adopt_schedule, adopt_job, adopt_trigger])
@pytest.mark.parametrize("value", [5, None, "x", {}, entities.RecurrencePattern(hours=1, minutes=2)])
def test_anything_else_is_a_type_error(adopt: Any, value: Any) -> None:
    with pytest.raises(TypeError, match="is needed"):
        adopt(value)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (cron(), CronTrigger("0 3 * * *")),
        (cron(time_zone=TimeZone.PACIFIC_STANDARD_TIME), CronTrigger("0 3 * * *", time_zone="Pacific Standard Time")),
        (cron(start_time=datetime(2026, 1, 1, 10)), CronTrigger("0 3 * * *", "2026-01-01T10:00:00")),
        (cron(end_time="2027-01-01T00:00:00"), CronTrigger("0 3 * * *", end_time="2027-01-01T00:00:00")),
        (entities.RecurrenceTrigger(frequency="Day", interval=2), RecurrenceTrigger("day", 2)),
        (
            entities.RecurrenceTrigger(
                frequency="week",
                interval=1,
                schedule=entities.RecurrencePattern(hours=3, minutes=[0, 30], week_days="Monday"),
            ),
            RecurrenceTrigger("week", 1, RecurrencePattern(3, [0, 30], "monday")),
        ),
        (
            entities.RecurrenceTrigger(
                frequency="month",
                interval=1,
                schedule=entities.RecurrencePattern(hours=[], minutes=[], month_days=[31]),
            ),
            RecurrenceTrigger("month", 1, RecurrencePattern([], [], None, [31])),
        ),
    ],
)
def test_triggers(given: Any, expected: CronTrigger | RecurrenceTrigger) -> None:
    assert adopt_trigger(given) == expected


def test_st_1_an_aware_datetime_is_that_instant_though_the_client_drops_its_offset() -> None:
    start = datetime(2026, 1, 2, 10, 15, tzinfo=timezone(timedelta(hours=-4)))
    trigger = entities.RecurrenceTrigger(frequency="day", interval=1, start_time=start)
    assert adopt_trigger(trigger).timetable(created_at=CREATED).next_after(CREATED) == start
    assert trigger._to_rest_object().as_dict()["startTime"] == "2026-01-02 10:15:00"


def test_load_schedule_and_load_job_take_objects(folder: Path) -> None:
    schedule = sdk_load_schedule(str(folder / "overridden.yml"))
    assert load_schedule(schedule) == adopt_schedule(schedule)
    job = sdk_load_job(str(folder / "job.yml"))
    assert load_job(job) == adopt_job(job)
    assert load_job(job).inputs["rows"] == 5


def test_our_schedule_takes_their_parts(folder: Path) -> None:
    job = sdk_load_job(str(folder / "job.yml"))
    schedule = JobSchedule(name="a", trigger=cron(), create_job=job)
    assert schedule == JobSchedule(name="a", trigger=CronTrigger("0 3 * * *"), create_job=adopt_job(job))


def test_problems_of_their_parts_are_problems_of_the_field() -> None:
    with pytest.raises(DefinitionError) as caught:
        JobSchedule(name="a", trigger=cron(expression="x"), create_job=entities.Environment(name="e"))
    assert {(item.code, item.field) for item in caught.value.diagnostics} == {
        ("MLS101", ("trigger", "expression")),
        ("MLS008", ("create_job",)),
    }
    with pytest.raises(DefinitionError, match=r"trigger: a trigger is needed .*not azure"):
        JobSchedule(name="a", trigger=entities.RecurrencePattern(hours=1, minutes=1), create_job="x")


def test_dsl_pipelines_keep_their_python_values() -> None:
    node = command(name="n", command="echo", environment="azureml:e:1", compute="cpu", inputs={"a": 1})

    def build(x=3, y=1.5, z=True, s="", q="${{name}}", d=None):  # type: ignore[no-untyped-def]
        node(a=x)

    build.__annotations__ = {"x": int, "y": float, "z": bool, "s": str, "q": str, "d": Input}
    build = dsl.pipeline(name="p", compute="cpu", experiment_name="exp", tags={"a": "b"})(build)
    job = adopt_job(build(d=Input(type="uri_file", path="azureml:d:1")))
    assert isinstance(job, PipelineJob)
    assert job.inputs == {
        "x": 3, "y": 1.5, "z": True, "s": "", "q": "${{name}}", "d": {"type": "uri_file", "path": "azureml:d:1"},
    }  # fmt: skip
    assert isinstance(job.inputs["z"], bool)
    assert (job.compute, job.experiment_name, job.tags, list(job.jobs)) == ("cpu", "exp", {"a": "b"}, ["n"])
    schedule = adopt_schedule(sdk_schedule(create_job=build(q="${{nmae}}")))
    assert [(item.code, item.field) for item in schedule.diagnostics] == [("MLS503", ("create_job", "inputs", "q"))]


def test_jobs_of_a_workspace_are_references_with_what_the_object_says() -> None:
    job = entities.PipelineJob(name="train", id="/subscriptions/s/jobs/train", inputs={"rows": 5}, jobs={})
    adopted = adopt_job(job)
    assert (adopted.id, adopted.name, adopted.inputs) == ("/subscriptions/s/jobs/train", "train", {"rows": 5})
    bare = adopt_job(entities.PipelineJob(name="train", id="/subscriptions/s/jobs/train", jobs={}))
    assert (bare.id, bare.name, bare.inputs) == ("/subscriptions/s/jobs/train", "train", {})


def test_jb_8_commands_are_a_private_preview_and_sweeps_an_error() -> None:
    node = command(
        name="n", command="echo", environment="azureml:e:1", compute="cpu", inputs={"a": 1}, outputs={"o": Output()}
    )
    schedule = adopt_schedule(sdk_schedule(create_job=node))
    assert isinstance(schedule.create_job, CommandJob)
    assert schedule.create_job.inputs == {"a": 1}
    assert schedule.create_job.content["environment"] == "azureml:e:1"
    assert [(item.code, item.field) for item in schedule.diagnostics] == [("MLS404", ("create_job",))]
    swept = node(a=1).sweep(primary_metric="m", goal="maximize", sampling_algorithm="random", compute="cpu")
    swept.set_limits(max_total_trials=1)
    with pytest.raises(DefinitionError) as caught:
        adopt_schedule(sdk_schedule(create_job=swept))
    assert [(item.code, item.field[:1]) for item in caught.value.diagnostics] == [("MLS403", ("create_job",))]


def test_every_field_of_a_schedule() -> None:
    schedule = sdk_schedule(
        display_name="d",
        description="t",
        tags={"a": 1},
        properties={"p": "q"},
        is_enabled=False,
        provisioning_state="Succeeded",
    )
    adopted = adopt_schedule(schedule)
    assert (adopted.display_name, adopted.description, adopted.tags, adopted.properties) == (
        "d",
        "t",
        {"a": 1},
        {"p": "q"},
    )
    assert (adopted.is_enabled, adopted.provisioning_state, adopted.create_job) == (False, "Succeeded", "train")
    assert adopt_schedule(sdk_schedule()).is_enabled
    assert adopt_schedule(sdk_schedule()).creation_context is None


def test_a_schedule_that_came_from_a_workspace() -> None:
    context = CreationContext(created_at=CREATED, created_by="Ada", created_by_type="User")
    ours = JobSchedule(
        name="a", trigger=CronTrigger("0 3 * * *"), create_job="train", is_enabled=False, creation_context=context
    )
    adopted = adopt_schedule(SdkSchedule._from_rest_object(RestSchedule(schedule_to_rest(ours))))
    assert adopted.creation_context == context
    assert (adopted.is_enabled, adopted.trigger) == (False, ours.trigger)
    assert isinstance(adopted.create_job, PipelineJob)
    assert (adopted.create_job.id, adopted.create_job.experiment_name) == ("train", None)


def test_ws_10_monitors_and_imports(tmp_path: Path) -> None:
    files = {
        "create_monitor": "{compute: {instance_type: standard_e4s_v3, runtime_version: '3.4'}}",
        "import_data": "{type: mltable, name: d, source: {type: database, connection: azureml:c, query: q}, path: azureml://x/y}",
    }
    for key, text in files.items():
        path = tmp_path / f"{key}.yml"
        path.write_text(f"name: a\ntrigger: {{type: cron, expression: '0 3 * * *'}}\n{key}: {text}\n")
        assert getattr(adopt_schedule(sdk_load_schedule(str(path))), key) == getattr(load_schedule(path), key)


class Broken(entities.MonitorSchedule):  # type: ignore[misc]
    """A schedule whose translation fails, or that has no action."""

    answer: Any = RuntimeError("no\n workspace")

    def __init__(self) -> None:
        entities.Schedule.__init__(self, name="a", trigger=cron())

    def _to_dict(self) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return {}


def test_what_the_client_cannot_translate_is_a_definition_error() -> None:
    with pytest.raises(
        DefinitionError, match="MLS406 azure-ai-ml cannot translate this Broken without a workspace: no workspace"
    ):
        adopt_schedule(Broken())
    empty = Broken()
    empty.answer = None
    with pytest.raises(DefinitionError, match="MLS007 create_job"):
        adopt_schedule(empty)
    with pytest.raises(DefinitionError, match="MLS406"):
        adopt_job(entities.PipelineJob(inputs={"a b": 1}, jobs={}))


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"trigger": None}, "MLS007", ("trigger",)),
        ({"trigger": cron(expression="x")}, "MLS101", ("trigger", "expression")),
        ({"trigger": cron(time_zone="Nowhere")}, "MLS302", ("trigger", "time_zone")),
        ({"create_job": 5}, "MLS008", ("create_job",)),
        ({"name": 5}, "MLS008", ("name",)),
        ({"properties": {"a": 1}}, "MLS008", ("properties", "a")),
    ],
)
def test_problems_and_their_places(fields: dict[str, Any], code: str, field: tuple[str, ...]) -> None:
    with pytest.raises(DefinitionError) as caught:
        adopt_schedule(sdk_schedule(**fields))
    assert [(item.code, item.field) for item in caught.value.diagnostics] == [(code, field)]
