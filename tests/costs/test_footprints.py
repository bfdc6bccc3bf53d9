"""What a run occupies: computes and nodes of the job and its steps, durations, and why something is not known."""

from __future__ import annotations

import io
from typing import Any

import pytest

from pytest_mlschedule import load_job, load_schedule
from pytest_mlschedule.costs.computes import Compute, compute_name
from pytest_mlschedule.costs.durations import Duration
from pytest_mlschedule.costs.footprints import CostedSchedule, Footprint, RunPart, describe_schedule, find_footprint
from pytest_mlschedule.costs.run_durations import KnownDuration, RunDurations, read_duration
from pytest_mlschedule.planning.recorded import RecordedTimes

NEVER = RecordedTimes(())
HEAD = "type: pipeline\nname: train\nsettings: {default_compute: azureml:cpu}\n"
INLINE = "{type: command, command: echo, environment: azureml:e@latest"


def footprint(text: str, durations: dict[str, Any], **computes: int) -> Footprint:
    """Of a run of the schedule ``nightly`` with this pipeline; ``computes``: nodes_per_run by name."""
    schedule = CostedSchedule(
        name="nightly",
        occurrences=NEVER,
        compute=load_job(io.StringIO(text)).settings.get("default_compute"),
        job=load_job(io.StringIO(text)),
        pipeline_names=("train",),
        tags={"team": "ml"},
    )
    known = RunDurations(configured={key: read_duration(value) for key, value in durations.items()})
    return find_footprint(
        schedule, known, {name: Compute(name=name, nodes_per_run=nodes) for name, nodes in computes.items()}
    )


def test_a_pipeline_on_one_compute_takes_it_for_the_duration_of_the_run() -> None:
    found = footprint(f"{HEAD}jobs:\n  a: {INLINE}}}\n", {"train": "45m"})
    assert found == Footprint(
        parts=(RunPart("cpu", 1, 0, Duration(2700)),), computes=("cpu",), origin="durations.train", nodes_assumed=True
    )
    assert found.seconds == 2700


@pytest.mark.parametrize(
    ("steps", "computes", "nodes", "assumed"),
    [
        (
            [f"{INLINE}, resources: {{instance_count: 4}}}}", f"{INLINE}, resources: {{instance_count: 2}}}}"],
            {},
            4,
            False,
        ),
        ([f"{INLINE}, resources: {{instance_count: 4}}}}"], {"cpu": 3}, 3, False),  # the configuration counts more
        ([f"{INLINE}, resources: {{instance_count: '4'}}}}"], {}, 4, False),
        ([f"{INLINE}, resources: {{shm_size: 4g}}}}"], {}, 1, True),
        ([f"{INLINE}}}"], {"other": 7}, 1, True),
    ],
)
def test_nodes_of_a_run(steps: list[str], computes: dict[str, int], nodes: int, *, assumed: bool) -> None:
    text = HEAD + "jobs:\n" + "".join(f"  s{index}: {step}\n" for index, step in enumerate(steps))
    found = footprint(text, {"nightly": "1h"}, **computes)
    assert [(part.nodes, part.duration.p50) for part in found.parts] == [(nodes, 3600)]
    assert found.nodes_assumed is assumed
    assert found.seconds == nodes * 3600


@pytest.mark.parametrize(
    ("steps", "computes", "widest"),
    [
        ([f"{INLINE}, resources: {{instance_count: 4}}}}"] * 2, {}, True),
        ([f"{INLINE}}}"] * 2, {}, True),  # one node was taken, and both may run at a time
        ([f"{INLINE}}}"], {}, False),
        ([f"{INLINE}, resources: {{instance_count: 4}}}}"] * 2, {"cpu": 3}, False),  # nodes_per_run says it
    ],
)
def test_of_several_steps_the_one_with_the_most_nodes_counts(
    steps: list[str], computes: dict[str, int], *, widest: bool
) -> None:
    text = HEAD + "jobs:\n" + "".join(f"  s{index}: {step}\n" for index, step in enumerate(steps))
    assert footprint(text, {"nightly": "1h"}, **computes).is_widest is widest
    # Step by step nothing has to be chosen.
    by_step = {f"nightly/s{index}": "1h" for index in range(len(steps))}
    assert not footprint(text, by_step, **computes).is_widest


TWO = (
    HEAD
    + f"""jobs:
  load: {INLINE}, outputs: {{o: {{type: uri_folder}}}}}}
  fit:
    type: command
    command: echo ${{{{inputs.x}}}}
    environment: azureml:e@latest
    compute: azureml:gpu
    resources: {{instance_count: 2}}
    inputs: {{x: "${{{{parent.jobs.load.outputs.o}}}}"}}
    outputs: {{m: {{type: uri_folder}}}}
  check: {INLINE}}}
  report:
    type: command
    command: echo ${{{{inputs.x}}}} ${{{{inputs.y}}}}
    environment: azureml:e@latest
    inputs: {{x: "${{{{parent.jobs.load.outputs.o}}}}", y: {{path: "${{{{parent.jobs.fit.outputs.m}}}}", mode: ro_mount}}}}
"""
)


def test_several_computes_are_counted_step_by_step_each_after_those_whose_outputs_it_takes() -> None:
    durations = {"train/load": "10m", "train/fit": "30m", "train/check": "1m", "nightly/report": "5m", "train": "9h"}
    found = footprint(TWO, durations, cpu=3)
    assert found.parts == (
        RunPart("cpu", 3, 0, Duration(600), "load"),
        RunPart("gpu", 2, 600, Duration(1800), "fit"),
        RunPart("cpu", 3, 0, Duration(60), "check"),
        RunPart("cpu", 3, 2400, Duration(300), "report"),
    )
    assert found.computes == ("cpu", "gpu")
    assert (
        found.origin == "durations.train/load, durations.train/fit, durations.train/check and durations.nightly/report"
    )
    # 3 nodes x (600 + 60 + 300) s + 2 nodes x 1800 s
    assert found.seconds == 3 * 960 + 2 * 1800
    assert not found.nodes_assumed


def test_several_computes_without_durations_of_steps_are_unknown_and_said_so() -> None:
    found = footprint(TWO, {"train": "1h", "train/load": "10m", "train/check": "1m", "train/report": "1m"})
    assert found == Footprint(
        computes=("cpu", "gpu"),
        reason="its steps run on cpu and gpu, and no duration is known for step fit",
        hint='add the duration of each step to [durations], as "nightly/fit" = "45m"',
        whole=KnownDuration(Duration(3600), "durations.train"),
    )
    assert found.seconds == 0
    assert "steps load, fit, check and report" in footprint(TWO, {"train": "1h"}).reason


def test_steps_of_one_compute_do_where_the_run_has_no_duration() -> None:
    text = f"{HEAD}jobs:\n  a: {INLINE}}}\n  b: {INLINE}, resources: {{instance_count: 2}}}}\n"
    found = footprint(text, {"nightly/a": "10m", "nightly/b": "20m"})
    assert [(part.step, part.nodes, part.offset) for part in found.parts] == [("a", 1, 0), ("b", 2, 0)]
    assert found.nodes_assumed
    missing = footprint(text, {"nightly/a": "10m"})
    assert missing.reason == "no duration of its runs is known"
    assert missing.hint == 'add it to [durations], as "nightly" = "45m", or give a history of jobs'


def test_steps_that_go_in_a_circle_start_with_the_run() -> None:
    text = HEAD + "jobs:\n" + "".join(
        f"  {name}: {INLINE}, inputs: {{x: '${{{{parent.jobs.{other}.outputs.o}}}}'}}, outputs: {{o: {{type: uri_folder}}}},"
        f" compute: azureml:{name}}}\n".replace("command: echo", "command: 'echo ${{inputs.x}}'")
        for name, other in (("a", "b"), ("b", "a"))
    )  # fmt: skip
    found = footprint(text, {"train/a": "1m", "train/b": "1m"})
    assert [part.offset for part in found.parts] == [0, 0]


def test_tags_and_command_jobs() -> None:
    schedule = CostedSchedule(name="n", occurrences=NEVER, compute="cpu", tags={"team": "ml"})
    known = RunDurations(configured={"team=ml": Duration(60)})
    assert find_footprint(schedule, known, {}).parts == (RunPart("cpu", 1, 0, Duration(60)),)


@pytest.mark.parametrize(
    ("schedule", "reason", "hint"),
    [
        (CostedSchedule(name="n", occurrences=NEVER), "the job that it runs is not known",
         "a saved plan does not say what its jobs occupy: estimate the schedules themselves"),
        (CostedSchedule(name="n", occurrences=NEVER, pipeline_names=("train",)),
         "the job 'train' of the workspace is not known here", "say what it is (--jobs on the command line)"),
        (CostedSchedule(name="n", occurrences=NEVER, kind="monitor"), "what a monitor occupies is not known", ""),
        (CostedSchedule(name="n", occurrences=NEVER, compute="${{parent.inputs.c}}", job=load_job(io.StringIO(HEAD + "jobs: {}\n"))),
         "its job names no compute", ""),
    ],
)  # fmt: skip
def test_why_nothing_is_known(schedule: CostedSchedule, reason: str, hint: str) -> None:
    found = find_footprint(schedule, RunDurations(configured={"n": Duration(60)}), {})
    assert (found.parts, found.computes, found.reason, found.hint) == ((), (), reason, hint)


def schedule_of(action: str) -> str:
    trigger = 'trigger: {type: cron, expression: "0 2 * * *", start_time: "2026-01-01T00:00:00"}\n'
    return f"name: nightly\ntags: {{team: ml}}\n{trigger}{action}"


def test_a_schedule_is_described_by_its_job_and_its_own_tags(tmp_path: Any) -> None:
    (tmp_path / "fit-model.yml").write_text(f"{HEAD}tags: {{team: base, tier: '2'}}\njobs: {{}}\n")
    (tmp_path / "nightly.yml").write_text(schedule_of("create_job:\n  job: ./fit-model.yml\n  compute: azureml:big\n"))
    schedule = load_schedule(tmp_path / "nightly.yml")
    found = describe_schedule(schedule, schedule.create_job, NEVER)  # type: ignore[arg-type]
    assert found.names == ("nightly", "train", "fit-model")
    assert (found.compute, dict(found.tags), found.kind) == ("big", {"team": "ml", "tier": "2"}, "job")


@pytest.mark.parametrize(
    ("action", "names", "kind"),
    [
        ("create_job: azureml:train\n", ("nightly", "train"), "job"),
        ("create_job: {type: pipeline, job: 'azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/fit'}\n",
         ("nightly", "fit"), "job"),
        ("import_data: {type: mltable, name: d, path: 'azureml://datastores/x', source: {type: database, query: q, connection: 'azureml:c'}}\n",
         ("nightly",), "data import"),
    ],
)  # fmt: skip
def test_schedules_without_a_job_at_hand(action: str, names: tuple[str, ...], kind: str) -> None:
    found = describe_schedule(load_schedule(io.StringIO(schedule_of(action))), None, NEVER)
    assert (found.names, found.compute, found.kind) == (names, None, kind)


def test_monitors_and_other_actions_have_a_kind() -> None:
    base = load_schedule(io.StringIO(schedule_of("create_job: azureml:train\n")))
    changed = {"monitor": {"create_monitor": {"x": 1}}, "action": {"action": {"actionType": "InvokeBatchEndpoint"}}}
    for kind, action in changed.items():
        assert describe_schedule(base.replace(create_job=None, **action), None, NEVER).kind == kind


@pytest.mark.parametrize(
    ("reference", "name"),
    [("azureml:cpu", "cpu"), ("cpu", "cpu"), (" serverless ", "serverless"),
     ("azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/gpu/", "gpu")],
)  # fmt: skip
def test_names_of_computes(reference: str, name: str) -> None:
    assert compute_name(reference) == name


def test_what_is_known_of_a_run_is_kept_where_its_compute_is_not() -> None:
    schedule = CostedSchedule(name="n", occurrences=NEVER, pipeline_names=("train",))
    found = find_footprint(schedule, RunDurations(configured={"train": Duration(3600)}), {})
    assert (found.parts, found.length) == ((), 3600)
    assert Footprint().length is None


@pytest.mark.parametrize(
    ("given", "end"),
    [(False, '"45m", or give a history of jobs'), (True, '"45m"; the history has none that completed, with times')],
)
def test_the_hint_says_whether_a_history_was_of_no_use(*, given: bool, end: str) -> None:
    schedule = CostedSchedule(name="n", occurrences=NEVER, compute="cpu")
    assert find_footprint(schedule, RunDurations(has_history=given), {}).hint.endswith(end)
