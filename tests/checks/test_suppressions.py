"""Findings that comments ignore, and comments that are not needed or not understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_files import NOTES, NOW, brief, check, full, schedule

from pytest_mlschedule import check_schedules, load_schedules
from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.checks.suppressions import Suppressions
from pytest_mlschedule.diagnostics import warning


@pytest.fixture(autouse=True)
def _stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "comment",
    [
        "# mls: ignore[MLS103] daily is meant",
        "# mls: ignore[days-and-months-ignored]",
        "# mls: ignore[mls103]",
        "# mls: ignore[MLS107, MLS103]",
    ],
)
def test_a_finding_is_ignored_on_its_line(tmp_path: Path, comment: str) -> None:
    result = check(tmp_path, {"a.yml": schedule(comment=comment)})
    assert full(result.findings) == []
    assert brief(result.suppressed) == ["a.yml:4:20: MLS103"]


def test_a_finding_is_ignored_from_the_line_above(tmp_path: Path) -> None:
    text = schedule().replace("  expression", "  # mls: ignore[MLS103]\n  # for a reason\n  expression")
    result = check(tmp_path, {"a.yml": text})
    assert (brief(result.findings), brief(result.suppressed)) == ([], ["a.yml:6:20: MLS103"])


def test_a_finding_is_ignored_in_the_whole_file(tmp_path: Path) -> None:
    result = check(tmp_path, {"a.yml": schedule() + "# mls: ignore-file[MLS103] legacy\n"})
    assert (brief(result.findings), brief(result.suppressed)) == ([], ["a.yml:4:20: MLS103"])


def test_errors_of_loading_are_ignored_too(tmp_path: Path) -> None:
    result = check(tmp_path, {"a.yml": schedule(days="*", comment="# mls: ignore[MLS102]").replace('"0 9', '"0 29')})
    assert (brief(result.findings), brief(result.suppressed)) == ([], ["a.yml:4:18: MLS102"])


def test_another_line_and_another_code_ignore_nothing(tmp_path: Path) -> None:
    text = schedule().replace("cron", "cron  # mls: ignore[MLS103]").replace('*"', '*"  # mls: ignore[MLS104]')
    assert full(check(tmp_path, {"a.yml": text}).findings) == [
        "a.yml:3:29: MLS901 MLS103 is not found on line 3\n"
        "  hint: MLS103 is found on line 4: the comment belongs at the end of that line or directly above it",
        *full(check(tmp_path, {"a.yml": schedule()}).findings),
        "a.yml:4:42: MLS901 MLS104 is not found on line 4\n  hint: remove the comment",
    ]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# mls: ignore[MLS103, MLS104]", ["a.yml:4:50: MLS901 MLS104 is not found on line 4\n  hint: remove it from the comment"]),
        ("# mls: ignore-file[MLS104]", ["a.yml:4:47: MLS901 MLS104 is not found in this file\n  hint: remove the comment"]),
        ("# mls: ignore", ["a.yml:4:28: MLS901 there is nothing to ignore here\n  hint: remove the comment"]),
        ("# mls: ignore[MLS1040]", ["a.yml:4:42: MLS902 'MLS1040' is not the code or name of a rule\n  hint: did you mean MLS104?"]),
        ("# mls: ignore[MLS999]", ["a.yml:4:42: MLS902 'MLS999' is not the code or name of a rule\n  hint: mlschedule rules lists them"]),
        ("# mls: ignore[MLS1]", ["a.yml:4:42: MLS902 'MLS1' is not the code or name of a rule\n  hint: mlschedule rules lists them"]),
        ("# mls: ignore[syntax]", ["a.yml:4:42: MLS902 MLS003 cannot be ignored: nothing else is known of such a file\n  hint: leave the file out of the paths"]),
        ("# mls: ignore MLS103", ["a.yml:4:28: MLS902 the comment ignores nothing: codes stand in brackets\n  hint: write # mls: ignore[MLS103] reason"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_comment(tmp_path: Path, comment: str, expected: list[str]) -> None:
    days = "1" if "MLS103," in comment else "*"
    assert full(check(tmp_path, {"a.yml": schedule(days=days, comment=comment)}).findings) == expected


def test_everything_is_ignored_where_no_code_is_named_and_that_is_a_warning(tmp_path: Path) -> None:
    result = check(tmp_path, {"a.yml": schedule(comment="# mls: ignore")}, selection=RuleSelection(ignore=("MLS507",)))
    assert brief(result.suppressed) == ["a.yml:4:20: MLS103", "a.yml:4:20: MLS107"]
    assert full(result.findings) == [
        "a.yml:4:28: MLS902 everything on line 4 is ignored, also what is yet to come\n"
        "  hint: name what is meant: # mls: ignore[MLS103, MLS107]"
    ]


def test_everything_in_a_file_is_ignored(tmp_path: Path) -> None:
    result = check(tmp_path, {"a.yml": "# mls: ignore-file\n" + schedule()})
    assert full(result.findings) == [
        "a.yml:1:1: MLS902 everything in this file is ignored, also what is yet to come\n"
        "  hint: name what is meant: # mls: ignore-file[MLS103]"
    ]


def test_files_that_cannot_be_read_as_yaml_are_reported_all_the_same(tmp_path: Path) -> None:
    result = check(tmp_path, {"a.yml": "a: [ # mls: ignore-file[MLS003]\n"})
    assert brief(result.findings) == ["a.yml:2:1: MLS003"]


def test_a_code_that_is_not_selected_is_not_missed(tmp_path: Path) -> None:
    text = schedule(days="*", comment="# mls: ignore[MLS103, MLS107]")
    assert brief(check(tmp_path, {"a.yml": text}).findings) == ["a.yml:4:42: MLS901"]


def test_the_rules_about_comments_are_selected_like_others(tmp_path: Path) -> None:
    files = {"a.yml": schedule(days="*", comment="# mls: ignore[MLS103, MLS999]")}
    assert brief(check(tmp_path, files).findings) == ["a.yml:4:42: MLS901", "a.yml:4:50: MLS902"]
    for left_out in ("MLS901", "MLS902"):
        selection = RuleSelection(ignore=(*NOTES, left_out))
        assert left_out not in str(brief(check(tmp_path, files, selection=selection).findings))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (schedule(days="*", comment="# mls: ignore[MLS103, MLS901]"), []),
        (schedule(days="*", comment="# mls: ignore[MLS103]") + "# mls: ignore-file[unused-ignore]\n", []),
        (schedule(days="*", comment="# mls: ignore[MLS103, MLS902]"), ["a.yml:4:42: MLS901"]),
        (schedule(days="*", comment="# mls: ignore[MLS999, MLS902]"), []),
        (schedule(days="*").replace("  type", "  # mls: ignore[MLS103]\n  # mls: ignore[MLS901]\n  type"), []),
        (schedule(days="*", comment="# mls: ignore-file"), ["a.yml:4:28: MLS901"]),
    ],
)
def test_findings_about_comments_are_ignored_by_code(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert brief(check(tmp_path, {"a.yml": text}).findings) == expected


PIPELINE = """\
type: pipeline
experiment_name: e
settings: {default_compute: azureml:cpu}
jobs:
  one:
    type: command
    command: echo ${{inputs.d}}
    environment: azureml:env@latest
    inputs: {d: "${{parent.inputs.date}}"} %%
"""
USER = schedule(days="*").replace("azureml:report-nightly", "{type: pipeline, job: ./job.yml}")


def test_comments_work_in_job_files(tmp_path: Path) -> None:
    bare = check(tmp_path, {"a.yml": USER, "job.yml": PIPELINE.replace("%%", "")})
    assert brief(bare.findings) == ["job.yml:9:17: MLS408"]
    files = {"a.yml": USER, "job.yml": PIPELINE.replace("%%", "# mls: ignore[MLS408]")}
    result = check(tmp_path, files)
    assert (brief(result.findings), brief(result.suppressed)) == ([], ["job.yml:9:17: MLS408"])


def test_unused_comments_of_job_files_are_reported(tmp_path: Path) -> None:
    text = PIPELINE.replace('"${{parent.inputs.date}}"', "x")
    assert brief(check(tmp_path, {"a.yml": USER, "job.yml": text.replace("%%", "# mls: ignore[MLS407]")}).findings) == [
        "job.yml:9:34: MLS901"
    ]


def test_comments_in_files_that_nobody_uses_are_passed_over(tmp_path: Path) -> None:
    files = {"a.yml": schedule(days="*"), "job.yml": PIPELINE.replace("%%", "# mls: ignore[MLS103]")}
    assert brief(check(tmp_path, files, ["."]).findings) == []


def test_comments_of_components_count(tmp_path: Path) -> None:
    component = "name: c\ntype: command\ncommand: x # mls: ignore[MLS103]\n"
    job = "type: pipeline\nexperiment_name: e\nsettings: {default_compute: azureml:cpu}\njobs:\n  one: {type: command, component: ./c.yml}\n"
    result = check(
        tmp_path, {"a.yml": USER, "job.yml": job, "c.yml": component + "environment: azureml:e@latest\n"}, whole=True
    )
    assert brief(result.findings) == ["c.yml:3:26: MLS901"]


def test_what_only_all_files_can_tell_is_decided_by_all_files(tmp_path: Path) -> None:
    files = {
        "a.yml": schedule("one", "*").replace("one", "one # mls: ignore[MLS509]", 1),
        "b.yml": schedule("two", "*"),
    }
    assert brief(check(tmp_path, files, ["a.yml"]).findings) == []
    assert brief(check(tmp_path, files, ["."], whole=True).findings) == ["a.yml:1:25: MLS901"]


def test_what_depends_on_schedules_is_decided_by_all_of_them(tmp_path: Path) -> None:
    files = {
        "a.yml": USER,
        "job.yml": PIPELINE.replace('"${{parent.inputs.date}}"', "x").replace("%%", "# mls: ignore[MLS410]"),
    }
    assert brief(check(tmp_path, files).findings) == []
    assert brief(check(tmp_path, files, ["."], whole=True).findings) == ["job.yml:9:34: MLS901"]


def test_rules_that_could_not_run_are_not_missed(tmp_path: Path) -> None:
    text = schedule(days="*", comment="# mls: ignore[MLS308, MLS103]").replace("azureml:report-nightly", '"azureml:"')
    found = check(tmp_path, {"a.yml": text}).findings
    assert brief(found) == ["a.yml:4:50: MLS901", "a.yml:6:13: MLS401"]


def test_json_has_no_comments(tmp_path: Path) -> None:
    text = '{"name": "a", "description": "x # mls: ignore[MLS103]", "trigger": {"type": "cron", "expression": "0 9 1 * *"}}'
    result = check(tmp_path, {"a.json": text}, ["a.json"])
    assert "MLS9" not in str(brief(result.findings))
    assert result.suppressed == ()


def test_each_comment_is_judged_by_itself(tmp_path: Path) -> None:
    text = schedule(comment="# mls: ignore[MLS103]").replace("type: cron", "type: cron\n  # mls: ignore[MLS103]")
    result = check(tmp_path, {"a.yml": text})
    assert (brief(result.findings), brief(result.suppressed)) == ([], ["a.yml:5:20: MLS103"])


TWICE = PIPELINE.replace('"${{parent.inputs.date}}"', '"x"').replace(
    "experiment_name: e", "experiment_name: e\nexperiment_name: e"
)


def test_check_schedules_heeds_comments() -> None:
    Path("a.yml").write_text(schedule("other", comment="# mls: ignore[MLS103, MLS107]"))
    Path("b.yml").write_text(USER)
    Path("job.yml").write_text(TWICE.replace("%%", ""))
    assert brief(check_schedules(load_schedules(["a.yml", "b.yml"]), now=NOW)) == [
        "a.yml:6:1: MLS507",
        "job.yml:3:1: MLS005",
    ]
    Path("job.yml").write_text(TWICE.replace("%%", "# mls: ignore-file[MLS005]"))
    assert brief(check_schedules(load_schedules(["a.yml", "b.yml"]), now=NOW)) == ["a.yml:6:1: MLS507"]


def test_a_job_file_may_be_gone_when_schedules_are_checked() -> None:
    Path("b.yml").write_text(USER)
    Path("job.yml").write_text(TWICE.replace("%%", "# mls: ignore-file[MLS005]"))
    (loaded,) = load_schedules(["b.yml"])
    Path("job.yml").unlink()
    assert brief(check_schedules(loaded, now=NOW)) == ["job.yml:3:1: MLS005"]


def test_findings_without_a_place_are_not_ignored() -> None:
    item = warning("MLS103", "m")
    suppressions = Suppressions({"a.yml": "a: 1 # mls: ignore[MLS103]"}, CATALOGUE)
    assert not suppressions.take(item)
    assert [problem.code for problem in suppressions.find_problems(lambda code, path: True, [item])] == ["MLS901"]
