"""What each fix makes of a value, and what it leaves alone. The expected texts are written by hand."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from fixing_runs import CRON, RECURRENCE, MemoryFiles, check_in, fix_text

from pytest_mlschedule.checks.fixing.fixes import FIXERS, count_fixable, is_fixable
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.schedules.source import read_document

ARM_ID = "/subscriptions/0/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/j"

EXPRESSIONS = [
    ("MLS101", '"@daily"', '"0 0 * * *"'),
    ("MLS101", "'@Midnight'", "'0 0 * * *'"),
    ("MLS101", '" @hourly "', '"0 * * * *"'),
    ("MLS101", '"@weekly"', '"0 0 * * 0"'),
    ("MLS101", '"@monthly"', None),
    ("MLS101", '"@yearly"', None),
    ("MLS101", '"@daily *"', None),
    ("MLS101", '"0\\t9 * * *"', '"0 9 * * *"'),
    ("MLS101", "'0\t9  *\t\t* *'", "'0 9 * * *'"),
    ("MLS101", "0\t9 * * *", "0 9 * * *"),
    ("MLS101", '"0\\t9 * *"', None),
    ("MLS101", '"0 0 9 * * *"', None),
    ("MLS101", "|\n    0 9 * * *", None),
    ("MLS102", '"0 9 * * 7"', '"0 9 * * 0"'),
    ("MLS102", "0 9 * * 1,07", "0 9 * * 1,0"),
    ("MLS102", "'0 9 * * 5-7'", "'0 9 * * 5-6,0'"),
    ("MLS102", "'0 9 * * Fri-7'", "'0 9 * * Fri-6,0'"),
    ("MLS102", "'0 9 * * 6-7'", "'0 9 * * 6,0'"),
    ("MLS102", "'0 9 * * 0-7'", "'0 9 * * 0-6'"),
    ("MLS102", "'0 9 * * 7-7'", "'0 9 * * 0'"),
    ("MLS102", "'0 9 * * 1-7/2'", None),
    ("MLS102", "'0 9 * * 7-2'", None),
    ("MLS102", "'0 9 * * 9-7'", None),
    ("MLS106", "'0 9 * * x-7'", None),
    ("MLS102", "'0 9 * * 17'", None),
    ("MLS102", "'67 9 * * *'", None),
    ("MLS102", "'0 9 * 0-7 *'", None),
    ("MLS104", "'0 22-2 * * *'", "'0 2-22 * * *'"),
    ("MLS104", '"0 9 * * FRI-MON/2"', '"0 9 * * MON-FRI/2"'),
    ("MLS104", "5,50-40/3 9 * * *", "5,40-50/3 9 * * *"),
    ("MLS105", "'0 9 * * S'", "'0 9 * * SUN'"),
    ("MLS105", "'0 9 * * t,5'", "'0 9 * * tue,5'"),
    ("MLS105", "'0 9 * Ju *'", "'0 9 * Jun *'"),
    ("MLS106", "'0 9 ? * *'", "'0 9 * * *'"),
    ("MLS106", "0 9 * * ?", "0 9 * * *"),
    ("MLS106", "'0 ? * * *'", None),
    ("MLS106", "'0 9 * * 1,?'", None),
    ("MLS106", "'0 9 ?/2 * *'", None),
    ("MLS106", "'0 9 L * *'", None),
]

LIMITS = [
    ("MLS301", "start_time: 2026-03-01T10:00:00", 'start_time: "2026-03-01T10:00:00"'),
    ("MLS301", "end_time: 2026-03-05 1:02:03 # c", 'end_time: "2026-03-05T01:02:03" # c'),
    ("MLS301", "start_time: 2026-03-01T10:00:00Z", 'start_time: "2026-03-01T10:00:00Z"'),
    ("MLS301", "start_time: '2026-03-01t10:00z'", "start_time: '2026-03-01T10:00Z'"),
    ("MLS301", "start_time: 2026-03-01t10:00", "start_time: 2026-03-01T10:00"),
    ("MLS301", 'start_time: " 2026-03-01T10:00"', 'start_time: "2026-03-01T10:00"'),
    ("MLS301", "start_time: 2026-03-01", None),
    ("MLS301", "start_time: '2026-03-01'", None),
    ("MLS301", "start_time: 2026-03-01T10:00:00-04:00", None),
    ("MLS301", "start_time: 2026-03-01t10:00:00Z\n  time_zone: Pacific Standard Time", None),
    ("MLS301", "start_time: 1900-03-01 10:00:00", None),
    ("MLS301", "start_time: '1900-03-01T10:00'", None),
    ("MLS301", "start_time: noon", None),
    ("MLS301", "start_time: 10:30", None),
    ("MLS303", "time_zone: Europe/Paris", "time_zone: Romance Standard Time"),
    ("MLS303", "time_zone: 'america/new_york'", "time_zone: 'Eastern Standard Time'"),
    ("MLS303", "time_zone: Antarctica/Troll", None),
    ("MLS302", "time_zone: Pacific", "time_zone: Pacific Standard Time"),
    ("MLS302", "time_zone: pacific-standard_time", "time_zone: Pacific Standard Time"),
    ("MLS302", 'time_zone: "W. EuropeStandard Time "', 'time_zone: "W. Europe Standard Time"'),
    ("MLS302", "time_zone: UTC -08", "time_zone: UTC-08"),
    ("MLS302", "time_zone: UTC 08", None),
    ("MLS302", "time_zone: Pacific Time", None),
    ("MLS302", "time_zone: |\n    Pacific", None),
    ("MLS302", "time_zone: &anchor Pacific", None),
    ("MLS302", "time_zone: !!str Pacific", None),
    ("MLS302", "time_zone: Pacific\n    Standard", None),
    ("MLS302", "time_zone: 'pacific-\n    standard time'", None),
    ("MLS006", "timezone: UTC", "time_zone: UTC"),
    ("MLS006", "'Time-Zone': UTC", "'time_zone': UTC"),
    ("MLS006", "? timeZones # c\n  : UTC", "? time_zone # c\n  : UTC"),
    ("MLS006", "startTime: '2026-03-01T10:00'", "start_time: '2026-03-01T10:00'"),
    ("MLS006", "timezone: UTC\n  time_zone: UTC", None),
    ("MLS006", "timezone: UTC\n  timeZone: UTC", None),
    ("MLS006", "time_zome: UTC", None),
    ("MLS006", "start: '2026-03-01T10:00'", None),
    ("MLS006", "hours: 9", None),
    ("MLS006", "pattern: 9", None),
    ("MLS006", "1: 9", None),
    ("MLS006", "&a timezone: UTC", None),
]

PATTERNS = [
    ("MLS006", "pattern: {hours: 9, minutes: 0}", "schedule: {hours: 9, minutes: 0}"),
    ("MLS006", "schedule: {hour: 9, minute: [0]}", "schedule: {hours: 9, minutes: [0]}"),
    ("MLS006", "schedule: {hours: 9, minutes: 0, WeekDay: monday}", "schedule: {hours: 9, minutes: 0, week_days: monday}"),
    ("MLS006", "schedule: {hours: 9, minutes: 0, hour: 9}", None),
    ("MLS204", "schedule: {hours: 9, minutes: 0, week_days: [Mon, 'thurs.']}", "schedule: {hours: 9, minutes: 0, week_days: [monday, 'thursday']}"),
    ("MLS204", "schedule: {hours: 9, minutes: 0, week_days: Sundays}", "schedule: {hours: 9, minutes: 0, week_days: sunday}"),
    ("MLS204", "schedule: {hours: 9, minutes: 0, week_days: [t, funday]}", None),
    ("MLS204", "schedule: {hours: [24], minutes: 0}", None),
]  # fmt: skip

FREQUENCIES = [
    *[(name, "day") for name in ("days", "Daily", "'DAYS '")],
    *[("Weekly", "week"), ("monthly", "month"), ("hourly", "hour"), ("minutes", "minute")],
    *[(name, None) for name in ("year", "fortnightly", "dailys")],
]

JOBS = [
    ("MLS401", "create_job: file:./job.yml", "create_job: ./job.yml"),
    ("MLS401", "create_job: {job: 'file:job.yml'}", "create_job: {job: 'job.yml'}"),
    ("MLS401", "create_job: file:./missing.yml", None),
    ("MLS401", "create_job: file:.", None),
    ("MLS401", "create_job: file:///job.yml", None),
    ("MLS401", "create_job: AZUREML:score", "create_job: azureml:score"),
    ("MLS401", f"create_job: {ARM_ID}", f"create_job: azureml:{ARM_ID}"),
    ("MLS401", "create_job: score", None),
    ("MLS405", "create_job:\n  # c\n  job: azureml:x", "create_job:\n  # c\n  type: pipeline\n  job: azureml:x"),
    ("MLS405", "create_job: { inputs: {a: 1}, job: azureml:x}", "create_job: { inputs: {a: 1}, type: pipeline, job: azureml:x}"),
    ("MLS405", "create_job:\n  ? job\n  : azureml:x", None),
    ("MLS405", "create_job:\n  description: x", None),
    ("MLS405", "create_job: {job: ./job.yml, type: Pipeline}", "create_job: {job: ./job.yml, type: pipeline}"),
    ("MLS405", "create_job: {job: ./job.yml, type: spark}", None),
    ("MLS405", "create_job: {job: ./job.yml, type: sweep}", None),
    ("MLS405", "create_job: ./untyped.yml", None),
    ("MLS006", "createJob: ./job.yml", "create_job: ./job.yml"),
    ("MLS006", "create_job: {job: ./job.yml, Input: {a: x}}", "create_job: {job: ./job.yml, inputs: {a: x}}"),
    ("MLS011", "create_job: {job: ./job.yml, tags: {v: 010, w: yes}}", 'create_job: {job: ./job.yml, tags: {v: "010", w: "yes"}}'),
    ("MLS011", "create_job: {job: ./job.yml, inputs: {a: 010}}", None),
    ("MLS011", "create_job: {job: ./job.yml, experiment_name: on}", 'create_job: {job: ./job.yml, experiment_name: "on"}'),
    ("MLS011", "create_job: {job: ./job.yml, settings: {force_rerun: on}}", None),
    ("MLS011", "create_job: ./job.yml\ndescription: on", 'create_job: ./job.yml\ndescription: "on"'),
    ("MLS011", "create_job: ./job.yml\nproperties: {a: on}", 'create_job: ./job.yml\nproperties: {a: "on"}'),
    ("MLS011", "create_job: ./job.yml\ntags: {a: on}", None),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: '{{creation_context.trigger_time}}'}}", "create_job: {job: ./job.yml, inputs: {a: '${{creation_context.trigger_time}}'}}"),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: {value: 'x ${{Creation-Context.TriggerTime}} y'}}}", "create_job: {job: ./job.yml, inputs: {a: {value: 'x ${{creation_context.trigger_time}} y'}}}"),
    ("MLS503", "create_job:\n  job: ./job.yml\n  inputs:\n    a: ${creation_context.trigger_time}", "create_job:\n  job: ./job.yml\n  inputs:\n    a: ${{creation_context.trigger_time}}"),
    ("MLS503", 'create_job: {job: ./job.yml, inputs: {a: "\\t${{NAME}}${{NAME}}"}}', 'create_job: {job: ./job.yml, inputs: {a: "\\t${{name}}${{name}}"}}'),
    ("MLS503", "create_job: {job: ./job.yml, outputs: {m: {path: '${{ creation_context.trigger_tme }}'}}}", "create_job: {job: ./job.yml, outputs: {m: {path: '${{creation_context.trigger_time}}'}}}"),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: '${{name}'}}", "create_job: {job: ./job.yml, inputs: {a: '${{name}}'}}"),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: '{{name}}'}}", None),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: '${{names}}'}}", None),
    ("MLS503", "create_job: {job: ./job.yml, inputs: {a: '${{trigger}}'}}", None),
    ("MLS503", "create_job: {job: ./job.yml, tags: {a: '${{Name}}'}}", None),
    ("MLS503", "create_job:\n  job: ./job.yml\n  inputs:\n    a: |\n      ${{Name}}", None),
]  # fmt: skip

IGNORES = [
    ("MLS901", "create_job: azureml:x  # mls: ignore[MLS103] why", "create_job: azureml:x"),
    ("MLS901", "# mls: ignore[MLS103]\ncreate_job: azureml:x", "create_job: azureml:x"),
    ("MLS901", "create_job: azureml:x # mls: ignore[MLS104, MLS103] w", "create_job: azureml:x"),
    ("MLS901", "create_job: azureml:x # why # mls: ignore[MLS103]", "create_job: azureml:x # why"),
    ("MLS901", "create_job: azureml:x # mls: ignore[MLS103] # mls: ignore[MLS104]", "create_job: azureml:x"),
    ("MLS901", "is_enabled: false # mls: ignore[MLS103, MLS015]\ncreate_job: azureml:x", "is_enabled: false # mls: ignore[MLS015]\ncreate_job: azureml:x"),
    ("MLS901", "is_enabled: false # mls: ignore[MLS015 , MLS103]\ncreate_job: azureml:x", "is_enabled: false # mls: ignore[MLS015]\ncreate_job: azureml:x"),
    ("MLS901", "is_enabled: false # mls: ignore[MLS015] mls\n# mls: ignore-file[MLS103]\ncreate_job: azureml:x", "is_enabled: false # mls: ignore[MLS015] mls\ncreate_job: azureml:x"),
    ("MLS901", "is_enabled: false\ncreate_job: azureml:x # mls: ignore[MLS015]", None),
]  # fmt: skip

HEAD = "name: nightly\ntrigger: {type: cron, expression: '0 9 * * *', start_time: '2026-01-01T00:00:00'}\n"
CASES = [
    *[(code, CRON.format(bad), good and CRON.format(good)) for code, bad, good in EXPRESSIONS],
    *[(code, *(text and CRON.format(f"0 9 * * *\n  {text}") for text in texts)) for code, *texts in LIMITS],
    *[(code, *(text and RECURRENCE.format(f"  {text}\n") for text in texts)) for code, *texts in PATTERNS],
    *[
        ("MLS201", *(text and RECURRENCE.format("").replace(": week", f": {text}") for text in (bad, good and good.join("''") if bad[0] == "'" else good)))
        for bad, good in FREQUENCIES
    ],
    *[(code, *(text and f"{HEAD}{text}\n" for text in texts)) for code, *texts in (*JOBS, *IGNORES)],
]  # fmt: skip

FILES = {
    "job.yml": "type: pipeline\nexperiment_name: e\nsettings: {default_compute: serverless}\ninputs: {a: x}\noutputs: {m: {path: 'azureml://x/'}}\njobs: {}\n",
    "untyped.yml": "jobs: {}\n",
}  # fmt: skip


def findings_of(text: str) -> list[Diagnostic]:
    return list(check_in(MemoryFiles({"schedule.yml": text, **FILES}), "schedule.yml").result.findings)


@pytest.mark.parametrize(
    ("code", "bad", "good"), CASES, ids=[f"{code}-{index}" for index, (code, *_) in enumerate(CASES)]
)
def test_what_a_fix_makes_of_it(code: str, bad: str, good: str | None) -> None:
    found = findings_of(bad)
    assert code in {item.code for item in found}
    fixed = fix_text(bad, FILES)
    assert fixed == (bad if good is None else good)
    if good is not None:
        assert code not in {item.code for item in findings_of(fixed)}


@pytest.mark.parametrize(
    ("code", "bad", "good"), CASES, ids=[f"{code}-{index}" for index, (code, *_) in enumerate(CASES)]
)
def test_findings_know_whether_they_can_be_fixed(code: str, bad: str, good: str | None) -> None:
    checked = check_in(MemoryFiles({"schedule.yml": bad, **FILES}), "schedule.yml")
    document = checked.files[0].document
    assert document is not None
    found = [item for item in checked.result.findings if item.code == code]
    fixable = [item for item in found if is_fixable(item, document)]
    assert bool(fixable) == (good is not None)
    assert count_fixable(found, [document]) == len(fixable)


@pytest.mark.parametrize("code", ["MLS015", "MLS103", "MLS307", "MLS005", "MLS202"])
def test_what_has_two_readings_has_no_fix(code: str) -> None:
    assert code not in FIXERS


def test_a_finding_without_a_document_has_no_fix() -> None:
    item = Diagnostic("MLS303", Severity.ERROR, "x", field=("trigger", "time_zone"), location=Location("a.yml"))
    assert not is_fixable(item, None)
    other = Diagnostic("MLS103", Severity.WARNING, "x", location=Location("a.yml"))
    assert count_fixable([item, other, item.at(None)], []) == 0
    gone = Diagnostic("MLS901", Severity.WARNING, "x", "remove the comment")
    for place in (None, Location("a.yml", 1, 1), Location("a.yml", 9, 1)):
        assert not is_fixable(gone.at(place), read_document(io.StringIO("a: 1 # mls: ignore")))


@pytest.mark.parametrize("code", sorted(FIXERS))
def test_no_fix_stumbles_over_findings_about_nothing(code: str) -> None:
    document = read_document(io.StringIO("name: 'x'\ntrigger: [1]\n"))
    fields: tuple[tuple[str | int, ...], ...] = (
        (),
        ("name",),
        ("trigger",),
        ("trigger", 0),
        ("create_job", "type"),
        ("a", "b"),
    )
    for field in fields:
        for offset in (None, 0):
            item = Diagnostic(code, Severity.ERROR, "m", "write y", Location("a.yml"), field, offset)
            assert not is_fixable(item, document), field


def test_a_value_that_stands_elsewhere_too_is_left_alone() -> None:
    anchored = CRON.format("0 9 * * *\n  time_zone: *zone").replace("name", "description: &zone Pacific\nname")
    shared = f"properties: &all {{a: on}}\ntags: *all\nx: [1]\n{HEAD}create_job: azureml:x\n"
    for text, code in ((anchored, "MLS302"), (shared, "MLS011")):
        (item,) = (item for item in findings_of(text) if item.code == code)
        assert not is_fixable(item, read_document(io.StringIO(text)))
        assert fix_text(text) == text


def test_a_plain_text_gets_quotes_where_it_needs_them() -> None:
    text = CRON.format("0 9 * * 0\n  time_zone: UTC").replace("expression: 0 9 * * 0", "expression: '@daily'")
    flow = "name: n\ntrigger: {type: cron, expression: 0 9 * * 5-7}\ncreate_job: azureml:x\n"
    assert fix_text(flow) == flow.replace("0 9 * * 5-7", '"0 9 * * 5-6,0"')
    assert fix_text(text) == text.replace("@daily", "0 0 * * *")


def test_the_page_of_a_rule_says_whether_there_is_a_fix() -> None:
    pages = (Path(__file__).parents[2] / "docs" / "rules").glob("MLS*.md")
    told = {page.stem for page in pages if re.search(r"^Fix: \S", page.read_text("utf-8"), re.MULTILINE)}
    assert told == set(FIXERS)
