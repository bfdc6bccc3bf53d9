"""What a run is: names, macros, overrides, experiment (JB rules)."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.errors import MacroError
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.frozen import FrozenDict, freeze, thaw
from pytest_mlschedule.schedules.macros import find_macro_problems, resolve_macros
from pytest_mlschedule.schedules.models import CommandJob, Component, JobDefinition, JobSchedule, PipelineJob, Step
from pytest_mlschedule.schedules.overrides import effective_job, merge, missing_compute, missing_inputs, reference_name
from pytest_mlschedule.schedules.template import RunTemplate, compile_run
from pytest_mlschedule.triggers.cron import CronTrigger

SIX_AM = 1609480800  # 2021-01-01T06:00:00Z
TRIGGER = CronTrigger("0 */12 * * *", start_time="2021-01-01T06:00:00")


def nobody(name: str) -> JobDefinition | None:
    return None


def template(
    job: Any, *, name: str = "named-schedule", find: Any = nobody, profile: ServiceProfile = DEFAULT_PROFILE
) -> RunTemplate:
    return compile_run(JobSchedule(name=name, trigger=TRIGGER, create_job=job), find, profile)


def test_jb_1_display_names_of_the_seed_page() -> None:
    run = template("train")
    names = [run.display_name(SIX_AM + hours * 3600) for hours in (0, 12, 24, 36)]
    assert names == [
        "named-schedule-20210101T060000Z",
        "named-schedule-20210101T180000Z",
        "named-schedule-20210102T060000Z",
        "named-schedule-20210102T180000Z",
    ]


def test_jb_2_job_names_are_schedule_and_guid_the_same_everywhere() -> None:
    run = template("train")
    # Written down once: a version that names jobs otherwise would break every stored plan.
    assert run.job_name(SIX_AM) == "named-schedule-c1de0fb7-c733-5d27-a706-a31246437453"
    names = {
        run.job_name(SIX_AM),
        run.job_name(SIX_AM, 1),
        run.job_name(SIX_AM + 60),
        template("train", name="other").job_name(SIX_AM),
    }
    assert len(names) == 4
    assert run.job_name(SIX_AM) == template("another").job_name(SIX_AM)


def test_jb_2_name_macro_is_the_jobs_own_name() -> None:
    run = template(PipelineJob(inputs={"a": "${{name}}"}))
    assert run.inputs(SIX_AM, 3) == {"a": run.job_name(SIX_AM, 3)}


def test_jb_3_trigger_time_and_its_knob() -> None:
    job = PipelineJob(inputs={"at": "${{creation_context.trigger_time}}"})
    assert template(job).inputs(SIX_AM) == {"at": "2021-01-01T06:00:00Z"}
    profile = ServiceProfile(trigger_time_format="%d.%m.%Y")
    assert template(job, profile=profile).inputs(SIX_AM) == {"at": "01.01.2021"}
    for bad in ("", "\ud800"):
        with pytest.raises(MacroError, match="trigger_time_format"):
            template(job, profile=ServiceProfile(trigger_time_format=bad))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${{name}}", "N"),
        ("${{ name }}", "N"),
        ("${{\tcreation_context.trigger_time}}", "T"),
        ("a/${{name}}/b-${{creation_context.trigger_time}}", "a/N/b-T"),
        ("${{name}}${{name}}", "NN"),
        ("${{parent.inputs.x}}", "${{parent.inputs.x}}"),
        ("${{Name}}", "${{Name}}"),
        ("$name {{name}}", "$name {{name}}"),
        ("", ""),
    ],
)
def test_jb_4_macros_resolve_in_texts(text: str, expected: str) -> None:
    assert resolve_macros(text, {"name": "N", "creation_context.trigger_time": "T"}) == expected


def test_jb_4_where_macros_resolve_and_where_not() -> None:
    macro = "${{creation_context.trigger_time}}"
    job = PipelineJob(
        inputs={"text": f"at {macro}", "number": 5, "bound": "${{parent.inputs.x}}", "data": {"path": macro}},
        outputs={"o": {"path": f"azureml://x/{macro}", "mode": "upload"}, "plain": {"path": "azureml://y"}},
        tags={"t": macro},
        settings={"custom": macro},
    )
    run = template(job)
    assert run.inputs(SIX_AM) == {
        "text": "at 2021-01-01T06:00:00Z",
        "number": 5,
        "bound": "${{parent.inputs.x}}",
        "data": {"path": macro},
    }
    assert run.outputs(SIX_AM) == {
        "o": {"path": "azureml://x/2021-01-01T06:00:00Z", "mode": "upload"},
        "plain": {"path": "azureml://y"},
    }
    assert (run.tags, run.settings) == ({"t": macro}, {"custom": macro})
    assert [item.field_name for item in find_macro_problems(job)] == ["inputs.data.path", "tags.t", "settings.custom"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("${{creation_context.trigger_time}", "write ${{creation_context.trigger_time}}"),
        ("${creation_context.trigger_time}", "write ${{creation_context.trigger_time}}"),
        ("{{name}}", "write ${{name}}"),
        ("at ${{name} and ${{name}}", "write ${{name}}"),
        ("${{Name}}", "did you mean ${{name}}?"),
        ("${name} ${{name}} {name} ${{inputs.x}}", None),
    ],
)
def test_jb_4_misspelt_macros(text: str, hint: str | None) -> None:
    found = list(find_macro_problems(PipelineJob(inputs={"a": text})))
    assert [(item.code, item.hint) for item in found] == ([("MLS503", hint)] if hint else [])


def test_jb_4_runs_without_macros_share_their_mappings() -> None:
    run = template(PipelineJob(inputs={"a": 1}, outputs={"o": {"path": "x"}}))
    assert run.inputs(1) is run.inputs(2)
    assert run.outputs(1) is run.outputs(2)


def test_jb_5_merging_replaces_scalars_and_lists_and_merges_mappings() -> None:
    base = freeze({"a": {"x": 1, "y": [1, 2]}, "b": 1})
    merged = merge(base, {"a": {"y": [3], "z": 4}, "c": {"d": 1}})
    assert merged == {"a": {"x": 1, "y": [3], "z": 4}, "b": 1, "c": {"d": 1}}
    assert base == {"a": {"x": 1, "y": (1, 2)}, "b": 1}


def test_jb_5_overrides_of_a_job_in_the_workspace_are_laid_over_it() -> None:
    registered = PipelineJob(name="train", inputs={"a": 1, "b": 2}, experiment_name="exp", compute="cpu")
    schedule = JobSchedule(name="s", trigger=TRIGGER, create_job=PipelineJob(id="azureml:train", inputs={"b": 3}))
    found = {"train": registered}.get
    job = effective_job(schedule, found)
    assert job is not None
    assert (job.inputs, job.experiment_name, job.base) == ({"a": 1, "b": 3}, "exp", registered)
    alone = effective_job(schedule, nobody)
    assert alone is not None
    assert alone.inputs == {"b": 3}
    plain = JobSchedule(name="s", trigger=TRIGGER, create_job="train")
    assert (effective_job(plain, found), effective_job(plain, nobody)) == (registered, None)
    monitor = JobSchedule(name="s", trigger=TRIGGER, create_monitor={"compute": {}})
    assert effective_job(monitor, found) is None


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("train", "train"),
        ("azureml:train", "train"),
        ("/subscriptions/s/workspaces/w/jobs/train", "train"),
        ("train:3", "train:3"),
    ],
)
def test_jb_8_names_of_references(reference: str, name: str) -> None:
    assert reference_name(reference) == name


@pytest.mark.parametrize(
    ("job", "found", "knob", "experiment"),
    [
        (PipelineJob(experiment_name="own"), None, "by_source", "own"),
        (PipelineJob(), None, "by_source", "Default"),
        (PipelineJob(), None, "schedule_name", "s"),
        ("train", None, "by_source", "s"),
        ("train", None, "default", "Default"),
        ("train", PipelineJob(experiment_name="theirs"), "by_source", "theirs"),
        ("train", PipelineJob(), "by_source", "s"),
        (PipelineJob(id="train"), PipelineJob(experiment_name="theirs"), "by_source", "theirs"),
        (PipelineJob(id="train", experiment_name="mine"), PipelineJob(experiment_name="theirs"), "by_source", "mine"),
        (PipelineJob(id="train"), None, "by_source", "s"),
    ],
)
def test_jb_7_experiment_names(job: Any, found: Any, knob: Any, experiment: str) -> None:
    run = template(job, name="s", find=lambda name: found, profile=ServiceProfile(default_experiment=knob))
    assert run.experiment_name == experiment


def test_jb_9_a_run_without_a_job_of_ours_has_names_and_nothing_else() -> None:
    run = compile_run(JobSchedule(name="m", trigger=TRIGGER, create_monitor={"compute": {}}), nobody)
    assert (run.inputs(0), run.outputs(0), run.tags, run.settings, run.compute) == ({}, {}, {}, {}, None)


@pytest.mark.parametrize(
    ("job", "missing"),
    [
        (PipelineJob(jobs={"a": Step(), "b": Step(compute="cpu")}), ["a"]),
        (PipelineJob(compute="cpu", jobs={"a": Step()}), []),
        (PipelineJob(settings={"default_compute": "serverless"}, jobs={"a": Step()}), []),
        (PipelineJob(jobs={"a": Step(type="pipeline", component=Component(type="pipeline"))}), []),
        (PipelineJob(), []),
        (CommandJob(), []),
    ],
)
def test_jb_12_steps_without_compute(job: Any, missing: list[str]) -> None:
    assert missing_compute(job) == missing


@pytest.mark.parametrize(
    ("declared", "given", "missing"),
    [
        ({"type": "number"}, {}, [("fit", "rate")]),
        ({"type": "number"}, {"rate": "${{parent.inputs.rate}}"}, []),
        ({"type": "number", "default": 0}, {}, []),
        ({"type": "uri_file", "optional": True}, {}, []),
    ],
)
def test_jb_6_required_inputs_of_components(declared: Any, given: Any, missing: list[tuple[str, str]]) -> None:
    job = PipelineJob(
        jobs={"fit": Step(component=Component(inputs={"rate": declared}), inputs=given), "other": Step(component="x:1")}
    )
    assert missing_inputs(job) == missing
    assert missing_inputs(CommandJob()) == []


def test_compute_of_a_run_is_the_jobs_or_the_default() -> None:
    assert template(PipelineJob(compute="azureml:cpu")).compute == "cpu"
    assert template(PipelineJob(settings={"default_compute": "azureml:gpu"})).compute == "gpu"


def test_frozen_mappings_are_dicts_that_nobody_changes() -> None:
    frozen = freeze({"a": {"b": [1, {"c": 2}]}})
    assert frozen == {"a": {"b": (1, {"c": 2})}}
    assert thaw(frozen) == {"a": {"b": [1, {"c": 2}]}}
    assert json.loads(json.dumps(frozen)) == thaw(frozen)
    for change in (
        lambda: frozen.update(a=1),
        lambda: frozen.__setitem__("a", 1),
        lambda: frozen.__delitem__("a"),
        lambda: frozen.pop("a"),
        lambda: frozen.clear(),
        lambda: frozen.__ior__({"x": 1}),
    ):
        with pytest.raises(TypeError, match="read-only"):
            change()
    assert copy.deepcopy(frozen) == frozen == pickle.loads(pickle.dumps(frozen))
    assert isinstance(copy.deepcopy(frozen), FrozenDict)
    assert hash(FrozenDict(a=1)) == hash(FrozenDict(a=2))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=10))
def test_resolving_twice_changes_nothing_more(text: str, name: str) -> None:
    values = {"name": name.replace("{", ""), "creation_context.trigger_time": "T"}
    once = resolve_macros(text + "${{name}}", values)
    assert resolve_macros(once, values) == once
    assert once.endswith(values["name"])
