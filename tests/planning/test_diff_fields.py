"""Values that differ: of definitions with their macros, of steps and components, of saved plans as far as runs tell."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from diff_plans_of import DATE, diff, fields, plan, recorded, schedule

from pytest_mlschedule import CronTrigger, JobSchedule, PipelineJob, Plan, ServiceProfile, load_schedule
from pytest_mlschedule.schedules.models import CommandJob

NIGHT = "0 3 * * *"


def job_diff(old: dict[str, object], new: dict[str, object]) -> tuple[str, dict[str, tuple[object, object]]]:
    found = diff(named(create_job=PipelineJob(**old)), named(create_job=PipelineJob(**new)))
    return found.change, fields(found)


def named(**given: object) -> JobSchedule:
    return JobSchedule(name="a", trigger=CronTrigger(NIGHT, "2026-01-01T00:00:00"), **given)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"inputs": {"d": DATE}}, {"inputs": {"d": "${{name}}"}}, {"inputs.d": (DATE, "${{name}}")}),
        ({"inputs": {"d": "x"}}, {}, {"inputs.d": ("x", None)}),
        ({}, {"inputs": {"d": 1}}, {"inputs.d": (None, 1)}),
        ({"inputs": {"d": 1}}, {"inputs": {"d": True}}, {"inputs.d": (1, True)}),  # JB-4: on the wire "1" and "True"
        ({"inputs": {"d": 1}}, {"inputs": {"d": 1.0}}, {"inputs.d": (1, 1.0)}),
        (
            {"inputs": {"d": {"type": "uri_file", "path": "azureml:a:1"}}},
            {"inputs": {"d": {"type": "uri_file", "path": "azureml:a:2"}}},
            {"inputs.d.path": ("azureml:a:1", "azureml:a:2")},
        ),
        ({"inputs": {"d": {"type": "uri_file", "path": "p"}}}, {"inputs": {"d": 5}}, {"inputs.d": ({"type": "uri_file", "path": "p"}, 5)}),
        ({"outputs": {"o": {"path": f"x/{DATE}"}}}, {"outputs": {"o": {"path": "x/y"}}}, {"outputs.o.path": (f"x/{DATE}", "x/y")}),
        ({"compute": "cpu"}, {"compute": "gpu"}, {"compute": ("cpu", "gpu")}),
        ({"compute": "cpu"}, {}, {"compute": ("cpu", None)}),
        ({"tags": {"a": "1"}}, {"tags": {"a": "2", "b": "3"}}, {"tags.a": ("1", "2"), "tags.b": (None, "3")}),
        ({"experiment_name": "e"}, {}, {"experiment_name": ("e", "Default")}),  # JB-7
        ({"settings": {"force_rerun": True}}, {"settings": {"force_rerun": False}}, {"settings.force_rerun": (True, False)}),
        ({"identity": {"type": "managed"}}, {"identity": {"type": "user_identity"}}, {"identity.type": ("managed", "user_identity")}),
        ({"properties": {"a": "1"}}, {"properties": {"a": "2"}}, {"properties.a": ("1", "2")}),
    ],
)  # fmt: skip
def test_values_that_change_what_runs(
    old: dict[str, object], new: dict[str, object], expected: dict[str, tuple[object, object]]
) -> None:
    assert job_diff(old, new) == ("changed", expected)
    assert job_diff(new, old) == ("changed", {name: (after, before) for name, (before, after) in expected.items()})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"description": "a"}, {"description": "b"}, {"create_job.description": ("a", "b")}),
        ({"display_name": "a"}, {}, {"create_job.display_name": ("a", None)}),
        ({"name": "a"}, {"name": "b"}, {"create_job.name": ("a", "b")}),  # JB-2: the service names triggered jobs
        ({"inputs": {"d": DATE}}, {"inputs": {"d": "${{ creation_context.trigger_time }}"}}, {}),  # JB-4
    ],
)
def test_jb_2_words_change_nothing_that_runs(
    old: dict[str, object], new: dict[str, object], expected: dict[str, tuple[object, object]]
) -> None:
    change, found = job_diff(old, new)
    assert change == ("cosmetic" if expected else "unchanged")
    assert found == expected


@pytest.mark.parametrize("value", [5, 0.1, True])
def test_jb_4_a_literal_is_text_on_the_wire(value: object) -> None:
    """What is deployed shows texts where the file has numbers: nothing that runs changes."""
    found = diff(
        named(create_job=PipelineJob(inputs={"d": value})), named(create_job=PipelineJob(inputs={"d": str(value)}))
    )
    assert (found.change, found.proof, fields(found)) == ("cosmetic", "all time", {"inputs.d": (value, str(value))})
    saved = diff(recorded(plan(schedule(NIGHT, inputs={"d": value}))), plan(schedule(NIGHT, inputs={"d": str(value)})))
    assert (saved.change, saved.proof) == ("cosmetic", "window")
    tags = diff(
        named(create_job=PipelineJob(inputs={"d": {"path": "1"}})), named(create_job=PipelineJob(inputs={"d": 1}))
    )
    assert tags.change == "changed"


ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/{}/jobs/base"


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("base", ARM.format("w"), "cosmetic"),
        (ARM.format("w"), "base", "cosmetic"),
        (ARM.format("w"), ARM.format("v"), "changed"),
        (ARM.format("w"), "other", "changed"),
    ],
)
def test_an_arm_id_is_the_job_of_that_name(old: str, new: str, change: str) -> None:
    found = diff(named(create_job=old), named(create_job=new))
    assert found.change == change
    assert fields(found) == {"create_job": (old, new)}


def test_macros_inside_outputs_may_be_spelt_in_two_ways() -> None:
    one, other = ({"outputs": {"o": {"path": f"x/${{{{{space}name{space}}}}}", "mode": mode}}} for space, mode in (("", "upload"), (" ", "rw_mount")))  # fmt: skip
    assert job_diff(one, other) == ("changed", {"outputs.o.mode": ("upload", "rw_mount")})


def test_fields_come_in_groups() -> None:
    found = diff(
        schedule(NIGHT, inputs={"a": 1}, compute="cpu"),
        schedule("0 4 * * *", inputs={"a": 2, "b": 1}, compute="gpu", tags={"t": "x"}, description="d"),
    )
    names = [field.name for field in found.fields]
    assert names == ["trigger.expression", "inputs.a", "inputs.b", "tags.t", "compute", "create_job.description"]


def test_words_of_the_schedule_and_its_tags_are_not_the_jobs() -> None:
    old = named(create_job=PipelineJob(), description="a", tags={"team": "x"})
    new = named(create_job=PipelineJob(), description="b", display_name="c", tags={"team": "y"}, properties={"p": "1"})
    found = diff(old, new)
    assert found.change == "cosmetic"
    assert fields(found) == {
        "schedule.description": ("a", "b"),
        "schedule.tags.team": ("x", "y"),
        "schedule.display_name": (None, "c"),
        "schedule.properties": (None, {"p": "1"}),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"create_job": "base"}, {"create_job": "other"}, {"create_job": ("base", "other"), }),
        ({"create_job": "base"}, {"create_job": PipelineJob(id="other")}, {"create_job": ("base", "other"), "job.type": (None, "pipeline")}),
        ({"create_job": PipelineJob()}, {"create_job": CommandJob(content={"command": "echo"})}, {"job.type": ("pipeline", "command"), "command": (None, "echo")}),
        ({"action": {"actionType": "A", "x": 1}}, {"action": {"actionType": "A", "x": 2}}, {"action.x": (1, 2)}),
        ({"create_monitor": {"compute": "a"}}, {"import_data": {"type": "table"}}, {"create_monitor": ({"compute": "a"}, None), "import_data": (None, {"type": "table"})}),
    ],
)  # fmt: skip
def test_what_else_a_schedule_starts(
    old: dict[str, object], new: dict[str, object], expected: dict[str, tuple[object, object]]
) -> None:
    found = diff(named(**old), named(**new))
    assert found.change == "changed"
    assert fields(found) == expected


def test_a_job_of_the_workspace_that_is_known() -> None:
    """The reference stays; what it means does not."""
    one, other = (plan(named(create_job="base"), jobs={"base": PipelineJob(inputs={"x": value})}) for value in (1, 2))
    found = diff(one, other)
    assert (found.change, fields(found)) == ("changed", {"inputs.x": (1, 2)})


PIPELINE = """\
type: pipeline
jobs:
  fit:
    command: echo 1
    environment: azureml:env@latest
    description: Fits.
  score:
    component: ./score.yml
    inputs: {rate: 0.1}
"""
COMPONENT = """\
name: score
version: "1"
description: Scores.
command: echo ${{inputs.rate}}
environment: azureml:env:1
inputs: {rate: {type: number, description: how much}}
"""
SCHEDULE = """\
name: a
trigger: {type: cron, expression: '0 3 * * *', start_time: '2026-01-01T00:00:00'}
create_job: ./job.yml
"""


def write(folder: Path, pipeline: str = PIPELINE, component: str = COMPONENT) -> JobSchedule:
    folder.mkdir(exist_ok=True)
    for name, text in (("job.yml", pipeline), ("score.yml", component), ("a.yml", SCHEDULE)):
        (folder / name).write_text(text, encoding="utf-8")
    return load_schedule(folder / "a.yml")


@pytest.mark.parametrize(
    ("file", "old", "new", "change", "expected"),
    [
        ("job", "echo 1", "echo 2", "changed", {"jobs.fit.command": ("echo 1", "echo 2")}),
        ("job", "rate: 0.1", "rate: 0.2", "changed", {"jobs.score.inputs.rate": (0.1, 0.2)}),
        ("job", "./score.yml", "azureml:score:1", "changed", None),
        ("job", "  score:", "  rate:", "changed", None),
        ("job", "Fits.", "Fits well.", "cosmetic", {"jobs.fit.description": ("Fits.", "Fits well.")}),
        ("job", "type: pipeline\n", "type: pipeline  # a comment\n", "unchanged", {}),
        ("component", "echo", "print", "changed", {"jobs.score.component.command": ("echo ${{inputs.rate}}", "print ${{inputs.rate}}")}),
        ("component", "env:1", "env:2", "changed", {"jobs.score.component.environment": ("azureml:env:1", "azureml:env:2")}),
        ("component", 'version: "1"', 'version: "2"', "changed", {"jobs.score.component.version": ("1", "2")}),
        ("component", "type: number", "type: string", "changed", {"jobs.score.component.inputs.rate.type": ("number", "string")}),
        ("component", "how much", "how often", "unchanged", {}),
        ("component", "Scores.", "Scores!", "cosmetic", {"jobs.score.component.description": ("Scores.", "Scores!")}),
    ],
)  # fmt: skip
def test_steps_and_components(
    file: str, old: str, new: str, change: str, expected: dict[str, object] | None, tmp_path: Path
) -> None:
    texts = {"pipeline": PIPELINE, "component": COMPONENT}
    key = "pipeline" if file == "job" else "component"
    assert old in texts[key]
    edited = {**texts, key: texts[key].replace(old, new)}
    found = diff(write(tmp_path / "old"), write(tmp_path / "new", **edited))
    assert found.change == change
    if expected is None:
        assert [field.name for field in found.fields if field.name.startswith("jobs.")]
    else:
        assert fields(found) == expected


def values(found: Plan, other: Plan) -> tuple[str, dict[str, tuple[object, object]]]:
    one = diff(found, other)
    return one.change, fields(one)


def dated(**inputs: object) -> Plan:
    return plan(schedule(NIGHT, inputs=inputs, outputs={"o": {"path": "p/${{name}}/x", "mode": "upload"}}))


def test_saved_plans_show_macros_again() -> None:
    old = recorded(dated(d=DATE, n="run ${{name}} of today", x=1))
    assert values(old, dated(d=DATE, n="run ${{ name }} of today", x=1)) == ("unchanged", {})
    change, found = values(old, dated(d="${{name}}", n="run of today", x=2))
    assert change == "changed"
    assert found == {
        "inputs.d": (DATE, "${{name}}"),
        "inputs.n": ("run ${{name}} of today", "run of today"),
        "inputs.x": (1, 2),
    }
    assert values(old, recorded(dated(d=DATE, n="run ${{name}} of today", x=2))) == ("changed", {"inputs.x": (1, 2)})
    assert values(old, recorded(dated(d=DATE, x=1)))[1] == {"inputs.n": ("run ${{name}} of today", None)}


def test_saved_outputs_and_shared_values() -> None:
    old = plan(
        schedule(NIGHT, outputs={"o": {"path": "p/${{name}}", "mode": "upload"}}, tags={"a": "1"}, compute="cpu")
    )
    new = plan(
        schedule(NIGHT, outputs={"o": {"path": "q/${{name}}", "mode": "upload"}}, tags={"a": "2"}, compute="gpu")
    )
    expected = {"outputs.o.path": ("p/${{name}}", "q/${{name}}"), "tags.a": ("1", "2"), "compute": ("cpu", "gpu")}
    assert values(recorded(old), recorded(new)) == ("changed", expected)
    assert values(recorded(old), new) == ("changed", expected)


def test_a_literal_that_happens_to_be_the_time_is_the_same_run() -> None:
    one = plan(schedule(NIGHT, inputs={"d": "2026-03-01T03:00:00Z"}), length=timedelta(days=1))
    assert values(recorded(one), one) == ("unchanged", {})


def test_values_that_follow_no_macro_are_those_of_the_first_run_that_differs() -> None:
    """Another format of times: a saved plan shows texts that differ from run to run."""
    german = plan(schedule(NIGHT, inputs={"d": DATE, "x": 1}), profile=ServiceProfile(trigger_time_format="%d.%m.%Y"))
    other = plan(schedule(NIGHT, inputs={"d": DATE, "x": 1}))
    assert values(recorded(german), recorded(german)) == ("unchanged", {})
    assert values(recorded(german), recorded(other)) == (
        "changed",
        {"inputs.d": ("01.03.2026", "2026-03-01T03:00:00Z")},
    )
    assert values(german, other) == ("changed", {"inputs.d": ("01.03.2026", "2026-03-01T03:00:00Z")})
    later = plan(schedule("0 4 * * *", inputs={"d": DATE, "x": 2}))  # no run at the same time: d cannot be compared
    assert values(recorded(german), recorded(later))[1] == {"inputs.x": (1, 2)}


def test_a_saved_plan_without_runs_knows_no_values() -> None:
    ended = CronTrigger(NIGHT, "2026-01-01T00:00:00", "2026-01-02T00:00:00")
    one, other = (recorded(plan(schedule(ended, inputs={"x": value}))) for value in (1, 2))
    assert values(one, other) == ("unchanged", {})
    found = diff(one, recorded(plan(schedule(NIGHT, inputs={"x": 2}))))
    assert (found.change, fields(found)) == ("changed", {})


def test_a_saved_plan_tells_its_time_zone() -> None:
    one, other = (recorded(plan(schedule(NIGHT, time_zone=zone))) for zone in ("UTC", "Greenwich Standard Time"))
    found = diff(one, other)
    assert (found.change, found.proof) == ("cosmetic", "window")
    assert fields(found) == {"trigger.time_zone": ("UTC", "Greenwich Standard Time")}
