"""check_files and check_schedules: what is found, once, in order, with who uses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from checked_files import NOTES, NOW, brief, check, full, schedule

from pytest_mlschedule import (
    CronTrigger,
    JobSchedule,
    Location,
    Severity,
    check_schedules,
    load_schedule,
    load_schedules,
)
from pytest_mlschedule.checks import check as check_module
from pytest_mlschedule.checks.limits import Budget
from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.diagnostics import error, note, warning
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.triggers.window import Window

JOB = """\
type: pipeline
experiment_name: e
experiment_name: e
settings: {default_compute: azureml:cpu}
jobs: {one: {type: command, command: echo, environment: azureml:env@latest}}
"""


@pytest.fixture(autouse=True)
def _stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def of_job(name: str, minute: int = 0, job: str = "../job.yml", days: str = "*") -> str:
    text = schedule(name, days).replace('"0 9', f'"{minute} 9')
    return text.replace(f"azureml:report-{name}", f"{{type: pipeline, job: {job}}}")


def test_what_several_schedules_share_is_found_once_with_who_uses_it(tmp_path: Path) -> None:
    files = {f"s/{name}.yml": of_job(name, index) for index, name in enumerate("abc")} | {"job.yml": JOB}
    result = check(tmp_path, files, ["s"])
    assert brief(result.findings) == ["job.yml:3:1: MLS005"]
    assert result.users == {result.findings[0]: ("a", "b", "c")}
    assert (result.files, result.schedules) == (3, 3)
    assert "used by" not in str(result.findings)


def test_users_are_files_where_their_schedules_are_not_known(tmp_path: Path) -> None:
    files = {"s/a.yml": of_job("a"), "s/b.yml": of_job("b c", 1), "job.yml": JOB}
    result = check(tmp_path, files, ["./s"])
    assert result.users[result.findings[-1]] == ("a", "s/b.yml")


def test_findings_are_in_the_order_of_files_then_of_what_they_use(tmp_path: Path) -> None:
    files = {
        "s/a.yml": of_job("a"),  # nothing but its job
        "s/b.yml": schedule("b", "1"),  # on loading
        "s/c.yml": schedule("c", "*").replace('  start_time: "2026-01-01T00:00:00"\n', ""),  # by a rule
        "s/d.yml": of_job("b", 3),  # by a rule about all
        "job.yml": JOB,
    }
    expected = ["s/b.yml:4:20: MLS103", "s/c.yml:2:1: MLS308", "s/d.yml:1:7: MLS509", "job.yml:3:1: MLS005"]
    assert brief(check(tmp_path, files, ["s"]).findings) == expected
    assert brief(check(tmp_path, files, ["s"], selection=RuleSelection(ignore=NOTES)).findings) == expected
    reversed_files = ["s/d.yml", "s/c.yml", "s/b.yml", "s/a.yml"]
    assert [text.partition(":")[0] for text in brief(check(tmp_path, files, reversed_files).findings)] == [
        "s/c.yml", "s/b.yml", "s/b.yml", "job.yml",
    ]  # fmt: skip


def test_findings_of_a_line_are_in_the_order_of_columns(tmp_path: Path) -> None:
    text = 'name: a\ntrigger: {type: cron, expression: "61 29 * * *", time_zone: X, start_time: "2026"}\ncreate_job: azureml:a\n'
    places = brief(check(tmp_path, {"a.yml": text}).findings)
    columns = [int(place.split(":")[2]) for place in places]
    assert len(columns) >= 4
    assert columns == sorted(columns)


def test_paths_are_as_short_as_they_can_be(tmp_path: Path) -> None:
    files = {"s/a.yml": schedule("a"), "s/b.yml": of_job("b"), "job.yml": JOB}
    found = check(tmp_path, files, ["./s/../s/a.yml", "s/b.yml"]).findings
    assert brief(found) == ["s/a.yml:4:20: MLS103", "job.yml:3:1: MLS005"]
    absolute = check(tmp_path, files, [str(tmp_path / "s")]).findings
    assert brief(absolute) == [f"{tmp_path}/{text}" for text in brief(found)]


def test_the_rule_says_how_bad_a_finding_of_loading_is(tmp_path: Path) -> None:
    text = schedule(days="*").replace("trigger:", "is_enabled: false\ntrigger:")
    (found,) = check(tmp_path, {"a.yml": text}).findings
    assert (found.code, found.severity) == ("MLS015", Severity.ERROR)
    (loaded,) = load_schedule("a.yml").diagnostics
    assert loaded.severity is Severity.WARNING
    assert Severity.ERROR in {item.severity for item in check_schedules(load_schedule("a.yml"), now=NOW)}


def test_severities_are_those_of_the_selection(tmp_path: Path) -> None:
    selection = RuleSelection(ignore=NOTES, severity={"MLS1": Severity.NOTE})
    (found,) = check(tmp_path, {"a.yml": schedule()}, selection=selection).findings
    assert found.severity is Severity.NOTE


def test_settings_reach_the_rules(tmp_path: Path) -> None:
    text = schedule("a", "*").replace("0 9", "30 2").replace("  start", "  time_zone: Pacific Standard Time\n  start")
    assert brief(check(tmp_path, {"a.yml": text}).findings) == ["a.yml:4:15: MLS311"]
    short = Window(NOW, NOW + timedelta(days=1))
    budgets = (Budget(scope="total", max_runs_per_day=0),)
    found = check(tmp_path, {"a.yml": schedule("a", "*")}, budgets=budgets, window=short).findings
    assert brief(found) == ["a.yml:2:1: MLS701"]
    shifted, skipped = (
        check(tmp_path, {"a.yml": text}, profile=ServiceProfile(gap=gap)).findings[0].message
        for gap in ("shift", "skip")
    )
    assert shifted != skipped


def test_nothing_is_found_in_nothing() -> None:
    assert check_schedules([], now=NOW) == []


def _stub(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    monkeypatch.setattr(check_module, "CATALOGUE", {rule.code: rule for rule in rules})


def rule(code: str, **functions: object) -> Rule:
    return Rule(code=code, name=code.lower(), severity=Severity.WARNING, summary="s", **functions)  # type: ignore[arg-type]


def test_fields_of_rules_are_placed_and_their_own_places_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Location("./other.yml", 7, 8)
    _stub(
        monkeypatch,
        rule(
            "MLS801", check=lambda one, _: [error("MLS801", "m", field=("trigger", "expression")), note("MLS801", "n")]
        ),
        rule("MLS802", check=lambda one, _: [error("MLS802", "m").at(place)]),
        rule(
            "MLS803",
            check_all=lambda situation: [one.locate(warning("MLS803", one.name)) for one in situation.schedules],
        ),
        rule("MLS804", check_all=lambda situation: [error("MLS804", "nowhere")]),
    )
    result = check(tmp_path, {"a.yml": schedule(days="*")})
    assert full(result.findings) == [
        "a.yml:1:1: MLS801 n",
        "a.yml:1:1: MLS803 nightly",
        "a.yml:4:15: MLS801 trigger.expression: m",
        "other.yml:7:8: MLS802 m",
        "MLS804 nowhere",
    ]
    assert {item.severity for item in result.findings} == {Severity.WARNING}


def test_schedules_of_python_are_checked(tmp_path: Path) -> None:
    made = JobSchedule(name="a", trigger=CronTrigger("0 9 1 * *"), create_job="x")
    found = check_schedules(made, now=NOW)
    assert {"MLS103", "MLS308", "MLS507"} <= {item.code for item in found}
    assert {item.location for item in found} == {None}
    loaded = load_schedule(
        {"name": "a", "trigger": {"type": "cron", "expression": "0 9 1 * *"}, "create_job": "azureml:x"}
    )
    assert sorted(full(check_schedules(loaded, now=NOW))) == sorted(full(found))
    assert len(check_schedules([made, made.replace(name="b")], now=NOW)) > len(found)


@pytest.mark.filterwarnings("ignore")
def test_objects_of_the_client_are_checked() -> None:
    from azure.ai.ml import entities

    trigger = entities.CronTrigger(expression="0 9 1 * *", start_time="2026-01-01T00:00:00")
    made = entities.JobSchedule(name="a", trigger=trigger, create_job="azureml:x")
    expected = {"MLS103", "MLS107", "MLS507"}
    assert {item.code for item in check_schedules(made, now=NOW)} == expected
    assert {item.code for item in check_schedules([made], now=NOW)} == expected
    wrong = entities.JobSchedule(
        name="b", trigger=entities.CronTrigger(expression="61 9 * * *"), create_job="azureml:y"
    )
    assert {item.code for item in check_schedules([made, wrong], now=NOW)} == expected | {"MLS102"}


def test_schedules_are_checked_once_each_in_order(tmp_path: Path) -> None:
    check(
        tmp_path,
        {
            "b.yml": schedule("b", "1"),
            "a.yml": schedule("a", "1"),
            "job.yml": JOB,
            "c.yml": of_job("c", 1, "./job.yml"),
        },
    )
    loaded = load_schedules(["b.yml", "a.yml", "c.yml"])
    found = [item for item in check_schedules(loaded, now=NOW) if item.code not in NOTES]
    assert brief(found) == ["b.yml:4:20: MLS103", "a.yml:4:20: MLS103", "job.yml:3:1: MLS005"]
    assert [item for item in check_schedules((one for one in loaded), now=NOW) if item.code not in NOTES] == found


def test_the_window_is_that_of_the_caller() -> None:
    late = load_schedule(
        {
            "name": "a",
            "trigger": {"type": "cron", "expression": "*/2 * * * *", "start_time": "2026-01-01T00:00:00"},
            "create_job": "azureml:x",
        }
    )
    assert "MLS603" in {
        item.code for item in check_schedules(late, now=NOW, window=Window(NOW, NOW + timedelta(days=2)))
    }


def test_what_is_no_schedule_is_refused() -> None:
    with pytest.raises(TypeError, match=r"takes schedules \(see load_schedule\), not str"):
        check_schedules("a.yml", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        check_schedules(5, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not dict"):
        check_schedules([{}], now=NOW)  # type: ignore[list-item]


def test_a_naive_now_is_refused() -> None:
    with pytest.raises(TypeError, match="is naive"):
        check_schedules([], now=datetime(2026, 1, 1))
