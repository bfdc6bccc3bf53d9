"""Fixing files: which rounds count, what stays as it was, whose files are touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from fixing_runs import CRON, NOW, MemoryFiles, check_in, fix_all, fix_text

from pytest_mlschedule.checks.check import CheckResult, CheckSettings, check_files
from pytest_mlschedule.checks.fixing.rounds import Checked, EditedFiles, FixedFiles, fix_files
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, error
from pytest_mlschedule.schedules.files import Files
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.placeholders import Placeholders
from pytest_mlschedule.schedules.reader import Reader

REVERSED = CRON.format("0 22-2 * * S")
PIPELINE = (
    "type: pipeline\nexperiment_name: e\nsettings: {default_compute: serverless}\ninputs: {a: '${{Name}}'}\njobs: {}\n"
)
USER = CRON.format("0 9 * * *").replace("azureml:score", "../jobs/p.yml")


def spoil(add: Callable[[str], list[Diagnostic]]) -> Callable[[Files], Checked]:
    """A check that finds more in ``a.yml``, depending on its text."""

    def check(files: Files) -> Checked:
        checked = check_in(files)
        text = files.read("a.yml", 10_000).decode()
        found = (*checked.result.findings, *add(text))
        return replace(checked, result=replace(checked.result, findings=found))

    return check


def text_of(fixed: FixedFiles, path: str = "a.yml") -> str | None:
    return next((file.after.decode() for file in fixed.files if os.path.normpath(file.path) == path), None)


def test_rounds_go_on_until_nothing_is_left() -> None:
    fixed = fix_all({"a.yml": CRON.format("'0\t22-2\t* * 5-7'\n  timeZone: Europe/Paris")})
    assert text_of(fixed) == CRON.format("'0 2-22 * * 5-6,0'\n  time_zone: Romance Standard Time")
    assert [(fix.line, fix.code) for fix in fixed.fixes] == [
        (4, "MLS101"), (4, "MLS102"), (4, "MLS104"), (5, "MLS006"), (5, "MLS303"),
    ]  # fmt: skip
    assert fixed.fixes[3].what == "timeZone is now time_zone"
    assert {item.code for item in fixed.checked.result.findings if item.severity is Severity.ERROR} == set()


def test_nothing_to_fix() -> None:
    fixed = fix_all({"a.yml": CRON.format("0 9 * * *"), "b.yml": CRON.format("61 9 * * *")})
    assert fixed.files == fixed.fixes == ()
    assert fixed.not_edited == {}
    assert "MLS102" in {item.code for item in fixed.checked.result.findings}


def test_bytes_outside_the_edits_stay() -> None:
    text = REVERSED.replace("\n", "\r\n").replace("create_job", "# é😀 \u2028# \t\r\n\r\ncreate_job").rstrip("\r\n")
    raw = b"\xef\xbb\xbf" + text.encode()
    fixed = fix_all({"a.yml": raw})
    assert fixed.files[0].before == raw
    assert fixed.files[0].after == raw.replace(b"22-2 * * S", b"2-22 * * SUN")


@pytest.mark.parametrize("second_mark", ["\ufeff", ""])
def test_a_text_with_a_second_byte_order_mark_is_left_alone(second_mark: str) -> None:
    raw = b"\xef\xbb\xbf" + (second_mark + REVERSED).encode()
    assert len(fix_all({"a.yml": raw}).files) == (0 if second_mark else 1)


def test_lines_that_are_written_out_end_as_the_others_do() -> None:
    text = CRON.format("0 9 * * *").replace("create_job: azureml:score", "create_job:\n    job: azureml:score")
    added = text.replace("    job", "    type: pipeline\n    job")
    assert fix_text(text) == added
    assert fix_text(text.replace("\n", "\r\n")) == added.replace("\n", "\r\n")


def test_a_fix_in_the_file_of_a_job() -> None:
    fixed = fix_all({"s/a.yml": USER, "s/b.yml": USER.replace("nightly", "other"), "jobs/p.yml": PIPELINE})
    assert [file.path for file in fixed.files] == ["jobs/p.yml"]
    assert text_of(fixed, "jobs/p.yml") == PIPELINE.replace("Name", "name")
    assert len(fixed.fixes) == 1


def test_what_an_error_hid_may_show() -> None:
    text = CRON.format("0 9 * * *").replace("create_job: azureml:score", "createJob: ./missing.yml")
    fixed = fix_files(lambda files: check_in(files, "a.yml"), MemoryFiles({"a.yml": text}))
    assert text_of(fixed) == text.replace("createJob", "create_job")
    assert [item.code for item in fixed.checked.result.findings if item.severity is Severity.ERROR] == ["MLS401"]


def test_errors_are_fixed_before_warnings() -> None:
    seen: list[str] = []
    fix_files(spoil(lambda text: seen.append(text) or []), MemoryFiles({"a.yml": CRON.format("0 22-2 * * S,7")}))
    assert seen == [CRON.format(fields) for fields in ("0 22-2 * * S,7", "0 22-2 * * S,0", "0 2-22 * * SUN,0")]


def new_error(text: str) -> list[Diagnostic]:
    wrong = error("MLS314", "bad", field=("trigger",)).at(Location("a.yml", 1, 1))
    return [wrong] if "2-22" in text else []


def test_a_fix_that_brings_an_error_is_taken_back_and_the_others_stay() -> None:
    fixed = fix_files(spoil(new_error), MemoryFiles({"a.yml": REVERSED, "b.yml": REVERSED.replace("nightly", "b")}))
    assert text_of(fixed) == REVERSED.replace("* S", "* SUN")
    assert text_of(fixed, "b.yml") == REVERSED.replace("nightly", "b").replace("22-2 * * S", "2-22 * * SUN")
    assert "MLS104" in {item.code for item in fixed.checked.result.findings}
    assert "MLS314" not in {item.code for item in fixed.checked.result.findings}


def test_a_fix_that_brings_an_error_elsewhere_is_taken_back() -> None:
    def elsewhere(text: str) -> list[Diagnostic]:
        return [item.at(Location("c.yml")) for item in new_error(text)]

    fixed = fix_files(spoil(elsewhere), MemoryFiles({"a.yml": REVERSED}))
    assert text_of(fixed) == REVERSED.replace("* S", "* SUN")


def test_a_fix_that_leaves_a_text_unreadable_is_taken_back() -> None:
    def unreadable(text: str) -> list[Diagnostic]:
        return [error("MLS003", "bad").at(Location("a.yml"))] if "time_zone" in text else []

    text = CRON.format("0 9 * * 7\n  timezone: UTC")
    fixed = fix_files(spoil(unreadable), MemoryFiles({"a.yml": text}))
    assert text_of(fixed) == text.replace("* 7", "* 0")


def test_a_fix_that_does_not_mend_is_taken_back() -> None:
    stays = error("MLS303", "bad", field=("trigger", "time_zone")).at(Location("a.yml"))
    text = CRON.format("0 9 * * 7\n  time_zone: Europe/Paris")
    fixed = fix_files(spoil(lambda text: [stays] if "Romance" in text else []), MemoryFiles({"a.yml": text}))
    assert text_of(fixed) == text.replace("* 7", "* 0")


def test_a_fix_that_changes_another_value_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_mlschedule.checks.fixing import rounds
    from pytest_mlschedule.checks.fixing.edits import Edit, Fix

    def careless(*_: object) -> list[Fix]:
        at = REVERSED.index("nightly")
        return [Fix("MLS104", ("trigger", "expression"), (Edit(at, at + 7, "weekly"),), "")]

    monkeypatch.setattr(rounds, "find_fixes", careless)

    def check(files: Files) -> Checked:  # the finding goes, so that only the other value tells
        checked = check_in(files)
        left = [item for item in checked.result.findings if item.code != "MLS104"]
        weekly = b"weekly" in files.read("a.yml", 10_000)
        return replace(checked, result=replace(checked.result, findings=tuple(left))) if weekly else checked

    assert fix_files(check, MemoryFiles({"a.yml": REVERSED})).files == ()


def test_a_file_that_is_gone_after_a_round_counts_as_not_fixed() -> None:
    class Vanishing(MemoryFiles):
        reads = 0

    def check(files: Files) -> Checked:
        if isinstance(files, MemoryFiles):
            return check_in(files)
        return Checked(result=CheckResult(findings=()), reader=Reader(MemoryFiles({})))

    assert fix_files(check, Vanishing({"a.yml": REVERSED})).files == ()


def test_rounds_end(monkeypatch: pytest.MonkeyPatch) -> None:
    from pytest_mlschedule.checks.fixing import rounds

    monkeypatch.setattr(rounds, "MOST_ROUNDS", 1)
    fixed = fix_all({"a.yml": CRON.format("0 22-2 * * S,7")})
    assert text_of(fixed) == CRON.format("0 22-2 * * S,0")


def test_json_is_not_edited() -> None:
    text = '{"name": "n", "trigger": {"type": "cron", "expression": "0 22-2 * * *"}, "create_job": "azureml:x"}'
    fixed = fix_all({"a.json": text})
    assert fixed.files == ()
    assert fixed.not_edited == {"a.json": "JSON is not edited"}


def check_filled(files: Files) -> Checked:
    return check_in(files, placeholders=Placeholders({"zone": "Europe/Paris"}))


def test_templates_are_edited_where_nothing_is_filled() -> None:
    template = CRON.format("0 22-2 * * *\n  time_zone: {{ zone }}").replace("{{", "'{{").replace("}}", "}}'")
    files = MemoryFiles({"a.yml": template, "b.yml": REVERSED, "c.yml": "# {{ other }}\n" + REVERSED})
    fixed = fix_files(check_filled, files)
    assert [file.path for file in fixed.files] == ["b.yml", "c.yml"]
    assert fixed.not_edited == {"a.yml": "a template whose placeholders are filled is not edited"}


def test_findings_that_do_not_count_are_not_fixed() -> None:
    def check(files: Files) -> Checked:
        reader = Reader(files)
        settings = CheckSettings(now=NOW, reader=reader, selection=RuleSelection(ignore=("MLS104",)))
        return Checked(result=check_files(list(load_files(["."], reader=reader)), settings), reader=reader)

    assert text_of(fix_files(check, MemoryFiles({"a.yml": REVERSED}))) == REVERSED.replace("* S", "* SUN")
    ignored = REVERSED.replace("* S", "* S # mls: ignore[MLS104] on purpose")
    assert fix_text(ignored) == ignored.replace("* S", "* SUN")


def test_findings_whose_file_cannot_be_read_are_left_alone() -> None:
    lost = error("MLS303", "bad", field=("trigger", "time_zone")).at(Location("lost.yml"))
    nowhere = error("MLS303", "bad", field=("trigger", "time_zone"))
    fixed = fix_files(spoil(lambda _: [lost, nowhere]), MemoryFiles({"a.yml": CRON.format("0 9 * * *")}))
    assert fixed.files == ()


def test_a_file_that_changes_between_two_looks_is_left_alone() -> None:
    class Restless(MemoryFiles):
        def read(self, path: str, limit: int) -> bytes:
            self.contents[path] += b"#"
            return super().read(path, limit)

    assert fix_all({}).files == ()
    assert fix_files(check_in, Restless({"a.yml": REVERSED})).files == ()


def test_edited_files_answer_like_the_ones_below() -> None:
    below = MemoryFiles({"a.yml": "a", "b.yml": "b"})
    files = EditedFiles(below, {os.path.abspath("a.yml"): b"changed", os.path.abspath("new"): b"new"})
    assert [files.read(path, 3) for path in ("a.yml", "b.yml", "./new")] == [b"cha", b"b", b"new"]
    assert [files.exists(path) for path in ("a.yml", "b.yml", "new", "lost")] == [True, True, True, False]
    assert [files.is_folder(path) for path in (".", "new", "b.yml")] == [True, False, False]
    assert files.walk(".") == ["a.yml", "b.yml"]
