"""Schedule files end to end: what is loaded, what is refused, and where the problem is said to be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from schedule_texts import HEAD, JOB, SEED, load, problems

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.schedules.loader import load_schedule, load_schedules
from pytest_mlschedule.schedules.models import PipelineJob


def test_the_three_schedules_of_the_seed_page_load() -> None:
    loaded = {schedule.name: schedule for schedule in load_schedules(SEED)}
    assert list(loaded) == [
        "cron_with_settings_job_schedule",
        "simple_cron_job_schedule",
        "simple_recurrence_job_schedule",
    ]
    changed = loaded["cron_with_settings_job_schedule"].create_job
    assert isinstance(changed, PipelineJob)
    assert changed.settings == {"default_compute": "cpu-cluster", "continue_on_step_failure": True}
    assert changed.inputs == {"hello_string_top_level_input": "${{name}}"}
    assert changed.tags == {"schedule": "cron_with_settings_schedule"}
    assert all(schedule.diagnostics == () for schedule in loaded.values())


def test_every_problem_of_a_file_at_once_in_file_order(folder: Path) -> None:
    text = """\
name: bad name
nmae: x
display_name: 5
trigger:
  type: cron
  expression: "61 * * * *"
  time_zone: America/Los_Angeles
  timezone: UTC
tags: [a]
create_job:
  type: pipeline
  job: ./job.yml
  inputs:
    rate: [1]
    note: null
"""
    assert [item[:3] for item in problems(text, folder)] == [
        ("MLS501", "name", 1),
        ("MLS006", "nmae", 2),
        ("MLS008", "display_name", 3),
        ("MLS102", "trigger.expression", 6),
        ("MLS303", "trigger.time_zone", 7),
        ("MLS006", "trigger.timezone", 8),
        ("MLS008", "tags", 9),
        ("MLS009", "create_job.inputs.rate", 14),
        ("MLS009", "create_job.inputs.note", 15),
    ]


def test_messages_read_as_path_line_column_code_field(tmp_path: Path) -> None:
    path = tmp_path / "nightly.yml"
    path.write_text('name: nightly\ntrigger:\n  type: cron\n  expression: "61 * * * *"\ncreate_job: azureml:x\n')
    with pytest.raises(DefinitionError) as caught:
        load_schedule(path)
    first, *rest = str(caught.value).splitlines()
    assert first.startswith(f"{path}:4:16: MLS102 trigger.expression: ")
    assert "61" in first
    assert rest == [] or rest[0].startswith("  hint: ")


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("", "MLS008", "empty"),
        ("- a\n", "MLS008", "a list"),
        ("plain text\n", "MLS008", "text"),
        (JOB, "MLS010", "this is a job"),
        (
            "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\nx: 1\n",
            "MLS010",
            "this is a job",
        ),
        ("name: x\ntrigger: {type: cron, expression: '* * * * *'}\n", "MLS007", "'create_job' is missing"),
        ("name: x\ncreate_job: azureml:x\n", "MLS007", "'trigger' is missing"),
        ("trigger: {type: cron, expression: '* * * * *'}\ncreate_job: azureml:x\n", "MLS007", "'name' is missing"),
        (HEAD + "create_job: azureml:x\ncreate_monitor: {compute: {}}\n", "MLS009", "exclude one another"),
        (HEAD + "create_job: azureml:x\nis_enabled: null\n", "MLS009", "null"),
        (HEAD + "create_job: azureml:x\nproperties: {a: 1}\n", "MLS008", "must be text"),
        (HEAD + "create_job: azureml:x\ntime_zone: UTC\n", "MLS006", "'time_zone'"),
        (HEAD + "create_job: azureml:x\ninputs: {}\n", "MLS006", "'inputs'"),
        (HEAD.replace("nightly", "5") + "create_job: azureml:x\n", "MLS008", "must be text, not a number (5)"),
        (HEAD + "create_job: azureml:x\n1: x\n", "MLS006", "'1'"),
    ],
)
def test_files_that_are_no_schedules(text: str, code: str, part: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(text, folder)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert part in found.message


def test_jb_10_is_enabled_and_other_read_only_keys_are_ignored(folder: Path) -> None:
    text = (
        HEAD
        + "is_enabled: false\nprovisioning_state: x\ncreation_context: 5\nid: y\n$schema: [1]\ncreate_job: azureml:x\n"
    )
    schedule = load(text, folder)
    assert schedule.is_enabled is True
    assert (schedule.id, schedule.provisioning_state, schedule.creation_context) == (None, None, None)


def test_jb_10_duplicate_keys_warn_and_the_last_wins(folder: Path) -> None:
    schedule = load("name: first\n" + HEAD + "create_job: azureml:x\n", folder)
    assert schedule.name == "nightly"
    assert [(item.code, item.location and item.location.line) for item in schedule.diagnostics] == [("MLS005", 2)]


@pytest.mark.parametrize(
    ("name", "code"),
    [("a" * 255, "MLS502"), ("a" * 240, "MLS502"), ("a" * 239, None), ("9-a_b", None), ("a", None)],
)
def test_jb_11_names(name: str, code: str | None, folder: Path) -> None:
    schedule = load(HEAD.replace("nightly", f"'{name}'") + "create_job: azureml:x\n", folder)
    assert [item.code for item in schedule.diagnostics] == ([code] if code else [])


@pytest.mark.parametrize(
    ("name", "fixed"), [("a b", "a-b"), ("-a", "a"), ("a" * 256, "a" * 200), ("", ""), ("näme", "n-me")]
)
def test_jb_11_names_that_are_refused(name: str, fixed: str, folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load(HEAD.replace("nightly", f"'{name}'") + "create_job: azureml:x\n", folder)
    (found,) = caught.value.diagnostics
    assert found.code == "MLS501"
    assert fixed in found.hint


def test_jb_4_macros_that_stay_text_are_warned_about_where_they_stand(folder: Path) -> None:
    text = (
        HEAD
        + """\
create_job:
  type: pipeline
  job: ./job.yml
  inputs:
    note: "${{ name }} at ${{creation_context.triger_time}}"
    data: {path: "azureml://x/${{name}}"}
  tags: {when: "${{creation_context.trigger_time}}", bound: "${{parent.inputs.x}}"}
"""
    )
    schedule = load(text, folder)
    found = [(item.code, item.field_name, item.location and item.location.line) for item in schedule.diagnostics]
    assert found == [
        ("MLS503", "create_job.inputs.note", 7),
        ("MLS504", "create_job.inputs.data.path", 8),
        ("MLS504", "create_job.tags.when", 9),
    ]
    assert "creation_context.trigger_time" in schedule.diagnostics[0].hint


def test_jb_4_macro_warnings_of_the_base_job_are_placed_in_its_file(folder: Path) -> None:
    (folder / "job.yml").write_text(JOB.replace("team: churn", 'team: "${{name}}"'))
    (found,) = load(HEAD + "create_job: ./job.yml\n", folder).diagnostics
    assert found.location is not None
    assert (found.code, found.location.path, found.location.line) == ("MLS504", str(folder / "job.yml"), 11)


def test_a_directory_finds_the_schedules_among_other_yaml(folder: Path) -> None:
    (folder / "b").mkdir()
    (folder / ".git").mkdir()
    for path in ("one.yml", "b/two.yaml", ".git/hidden.yml"):
        (folder / path).write_text(HEAD.replace("nightly", Path(path).stem) + "create_job: azureml:x\n")
    (folder / "values.yml").write_text("a: 1\n")
    (folder / "list.yml").write_text("- 1\n")
    (folder / "broken.yml").write_text("a: [\n")
    (folder / "note.txt").write_text("trigger: create_job:")
    loaded = load_schedules([folder, folder / "one.yml"])
    assert [schedule.name for schedule in loaded] == ["two", "one"]
    assert loaded[1].source == str(folder / "one.yml")


def test_a_broken_file_that_speaks_of_a_trigger_is_not_passed_over(folder: Path) -> None:
    (folder / "broken.yml").write_text("name: x\ntrigger: [\ncreate_job: y\n")
    (folder / "incomplete.yml").write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json\nname: x\n"
    )
    with pytest.raises(DefinitionError) as caught:
        load_schedules(folder)
    assert [item.code for item in caught.value.diagnostics] == ["MLS003", "MLS007", "MLS007"]


CRON = 'trigger: {type: cron, expression: "0 2 * * *"}\n'


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("name: x\n" + CRON, ["MLS007"]),
        ("name: x\n" + CRON + "create_jobs: azureml:x\n", ["MLS006"]),
        ("name: x\ntriggers: {type: recurrence, frequency: day, interval: 1}\n", ["MLS007", "MLS006"]),
        ("name: x\ncreate_job: azureml:x\n", ["MLS007"]),
        ("name: x\ncreate_job: {type: pipeline, job: azureml:x}\n", ["MLS007"]),
        ('name: x\ndescription: "nightly\n' + "trigger:\n  type: cron\n", ["MLS003"]),
        ("name: x\na: [\ntrigger: {type: recurrence\n", ["MLS003"]),
        ("name: x\ntrigger: # nightly\n  time_zone: UTC\n  expression: '* * * * *\n", ["MLS003"]),
        ("name: x\n<<<<<<< HEAD\ntrigger:\n  frequency: day\n=======\n", ["MLS003"]),
    ],
)
def test_a_schedule_in_a_directory_that_lacks_a_part_is_not_passed_over(
    text: str, codes: list[str], folder: Path
) -> None:
    (folder / "short.yml").write_text(text)
    with pytest.raises(DefinitionError) as caught:
        load_schedules(folder)
    assert [item.code for item in caught.value.diagnostics] == codes


@pytest.mark.parametrize(
    "text",
    [
        "trigger: none\nsteps: []\n",
        "trigger: {branches: {include: [main]}}\n",
        "trigger: {type: webhook}\n",
        "triggers: [{type: cron}]\n",
        "create_job: true\n",
        'name: x\ntrigger: {type: cron, schedule: "0 * * * *"}\nimage: x\n',
        'name: x\ntrigger: {expression: ".*nightly.*", action: alert}\n',
        "name: x\ntriggers: {frequency: 5m, condition: x}\n",
        'trigger: {type: cron, expression: "0 * * * *"}\n',
        "create_job: ./scripts/create_job.sh\nname: x\n",
        "name: {{ .Release.Name }}: [\ntrigger:\n  type: cron\n",
        "name: x\n{{- if .on }}\ntrigger:\n  type: cron\n",
        "name: x\ntrigger:\n  event: push\n---\nsteps:\n  - |\n    type: cron\n",
        "create_job: {enabled: true}\n",
        "kind: ScaledJob\nspec:\n  triggers:\n  - type: cron\n  x: {{ name }}: [\n",
        "trigger:\n  branches: [\n",
    ],
)
def test_what_others_call_a_trigger_is_passed_over(text: str, folder: Path) -> None:
    (folder / "other.yml").write_text(text)
    assert load_schedules(folder) == []


def test_a_named_file_is_always_read(folder: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_schedules(folder / "job.yml")
    assert [item.code for item in caught.value.diagnostics] == ["MLS010"]


def test_tz_2_iana_names_load_where_the_profile_says_so(folder: Path) -> None:
    text = HEAD.replace("start_time:", "time_zone: Europe/Paris, start_time:") + "create_job: azureml:x\n"
    schedule = load_schedule(io.StringIO(text), profile=ServiceProfile(iana_zones="accept"))
    assert schedule.trigger.zone.key == "Europe/Paris"
    with pytest.raises(DefinitionError):
        load_schedule(io.StringIO(text))


def test_crlf_and_bom_keep_their_places(folder: Path) -> None:
    text = "\ufeff" + (HEAD + "create_job: ./none.yml\n").replace("\n", "\r\n")
    assert [item[2:] for item in problems(text, folder)] == [(3, 13)]


@pytest.mark.parametrize(
    ("line", "code", "field", "part"),
    [
        ("is_enabled: false", "MLS015", "is_enabled", "created enabled"),
        ("is_enabled: true", None, "", ""),
    ],
)
def test_jb_10_a_file_that_says_disabled_is_warned_about(
    line: str, code: str | None, field: str, part: str, folder: Path
) -> None:
    found = load(HEAD + f"{line}\ncreate_job: azureml:x\n", folder).diagnostics
    assert [(item.code, item.field_name) for item in found] == ([(code, field)] if code else [])
    assert all(part in item.message for item in found)


@pytest.mark.parametrize(
    ("written", "warned"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T02:00:00"),
        ("2026-03-01T10:00:00+01:00", "2026-03-01T01:00:00"),
        ("2026-03-01T10:00:00-08:00", None),
        ("2026-03-01T10:00:00", None),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_st_1_an_offset_that_the_client_drops_is_warned_about(written: str, warned: str | None, folder: Path) -> None:
    text = "name: x\ntrigger:\n  type: cron\n  expression: 0 3 * * *\n  time_zone: Pacific Standard Time\n"
    schedule = load(text + f"  end_time: '{written}'\ncreate_job: azureml:x\n", folder)
    found = [(item.code, item.field_name, item.location and item.location.line) for item in schedule.diagnostics]
    assert found == ([("MLS307", "trigger.end_time", 6)] if warned else [])
    assert warned is None or warned in schedule.diagnostics[0].hint
    dropped = ServiceProfile(start_time_offset="dropped")
    text += f"  end_time: '{written}'\ncreate_job: azureml:x\n"
    assert load_schedule(io.StringIO(text), profile=dropped).diagnostics == ()


def test_a_directory_finds_exports_and_passes_over_what_cannot_be_read(folder: Path) -> None:
    (folder / "export.json").write_text(
        '[{"name": "a", "create_job": {"type": "pipeline", "id": "azureml:/s/jobs/x"}, "provisioning_state": "Succeeded",'
        ' "trigger": {"type": "cron", "expression": "0 3 * * *"}}]'
    )
    (folder / "list.json").write_text("[1, 2]")
    (folder / "words.yml").write_text("only words")
    (folder / "gone.yml").symlink_to(folder / "nowhere.yml")
    assert [schedule.name for schedule in load_schedules(folder)] == ["a"]
