"""``check --fix`` and ``--diff``: what is written, what is shown, and that git agrees."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Container
from pathlib import Path
from types import ModuleType

import pytest
from cli_runs import run

from pytest_mlschedule.checks.fixing.rounds import EditedFile
from pytest_mlschedule.cli.fixing import write_files

NOW = ("--now", "2026-03-07", "--ignore", "MLS507,MLS6")
NIGHTLY = """\
name: nightly
trigger:
  type: cron
  expression: "0 3 * * *"    # at night
  timezone: 'Europe/Paris'
  start_time: 2026-01-01 00:00:00
create_job: azureml:score
"""
FIXED = (
    NIGHTLY.replace("timezone", "time_zone")
    .replace("Europe/Paris", "Romance Standard Time")
    .replace("2026-01-01 00:00:00", '"2026-01-01T00:00:00"')
)
WHAT = """\
  {path} line 5: MLS006 timezone is now time_zone
  {path} line 5: MLS303 'Europe/Paris' is now 'Romance Standard Time'
  {path} line 6: MLS301 2026-01-01 00:00:00 is now "2026-01-01T00:00:00"
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(path: str, text: str | bytes = NIGHTLY) -> Path:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return target


def git(*arguments: str, text: bytes | None = None) -> bytes:
    done = subprocess.run(["git", *arguments], input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def commit_all() -> None:
    git("init", "-q")
    git("config", "core.autocrlf", "false")
    git("add", "-A")
    git("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")


def contents() -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in sorted(Path().rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_the_summary_says_how_many_have_a_fix() -> None:
    write("a.yml")
    lines = run("check", "a.yml", *NOW).stdout.splitlines()
    assert lines[-1] == "Found 2 errors in 1 of 1 file. 2 fixable with --fix."
    write("a.yml", NIGHTLY.replace("timezone: 'Europe/Paris'", "time_zone: Mars").replace("0 3", "61 3"))
    assert run("check", "a.yml", *NOW).stdout.splitlines()[-1].endswith(" 1 fixable with --fix.")
    write("a.yml", FIXED.replace("0 3", "61 3"))
    assert run("check", "a.yml", *NOW).stdout.endswith("Found 1 error in 1 of 1 file.\n")


def test_fix_writes_the_file_and_says_what_it_did() -> None:
    path = write("a.yml")
    path.chmod(0o640)
    result = run("check", "--fix", "a.yml", *NOW)
    assert path.read_text() == FIXED
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir() == ["a.yml"]
    passed = "\nAll checks passed: 1 schedule in 1 file.\n"
    assert result.stdout == "Fixed 3 problems in 1 file:\n" + WHAT.format(path="a.yml") + passed
    assert (result.exit_code, result.stderr) == (0, "")
    again = run("check", "--fix", "a.yml", *NOW)
    assert (again.exit_code, again.stdout) == (0, passed.lstrip())


def test_what_is_left_decides_the_exit_status() -> None:
    write("s/a.yml", NIGHTLY.replace("0 3", "61 3"))
    write("s/b.yml", NIGHTLY.replace("nightly", "other"))
    result = run("check", "--fix", "s", *NOW)
    assert result.exit_code == 1
    assert result.stdout.startswith("Fixed 6 problems in 2 files:\n")
    assert "\n\ns/a.yml:4:16: MLS102 trigger.expression: minute 61 is not in 0-59\n" in result.stdout
    assert result.stdout.endswith("\nFound 1 error in 1 of 2 files.\n")
    assert Path("s/b.yml").read_text() == FIXED.replace("nightly", "other")


def test_of_many_fixes_the_first_are_told() -> None:
    for index in range(20):
        write(f"s/{index:02}.yml", NIGHTLY.replace("nightly", f"n{index}"))
    lines = run("check", "--fix", "s", *NOW).stdout.splitlines()
    assert lines[0] == "Fixed 60 problems in 20 files:"
    assert lines[1] == "  s/00.yml line 5: MLS006 timezone is now time_zone"
    assert lines[50:52] == [
        "  s/16.yml line 5: MLS303 'Europe/Paris' is now 'Romance Standard Time'",
        "  ... and 10 more",
    ]


def test_other_formats_hold_what_is_left() -> None:
    write("a.yml", NIGHTLY.replace("0 3", "61 3"))
    result = run("check", "--fix", "a.yml", "-o", "json", *NOW)
    assert [item["code"] for item in json.loads(result.stdout)["findings"]] == ["MLS102"]
    assert result.stderr == "Fixed 3 problems in 1 file:\n" + WHAT.format(path="a.yml") + "\n"


def test_stdin_is_fixed_to_stdout() -> None:
    result = run("check", "--fix", "-", *NOW, text=NIGHTLY)
    assert (result.exit_code, result.stdout) == (0, FIXED)
    assert result.stderr.startswith("Fixed 3 problems in 1 file:\n")
    assert result.stderr.endswith("\nAll checks passed: 1 schedule in 1 file.\n")
    good = run("check", "--fix", "-", *NOW, text=FIXED)
    assert (good.exit_code, good.stdout) == (0, FIXED)
    bad = run("check", "--fix", "-", *NOW, text="a: [")
    assert (bad.exit_code, bad.stdout) == (1, "a: [")
    assert "MLS003" in bad.stderr
    assert os.listdir() == []


def test_the_diff_of_stdin() -> None:
    result = run("check", "--diff", "-", *NOW, text=NIGHTLY)
    assert result.exit_code == 1
    assert result.stdout.startswith("diff --git a/- b/-\n--- a/-\n+++ b/-\n@@ -2,6 +2,6 @@\n")


USAGE = [
    (["--fix", "--set", "a=b", "a.yml"], "--fix and --set do not go together: templates that are filled are not edited"),
    (["--diff", "--set", "a=b", "a.yml"], "--diff and --set do not go together: templates that are filled are not edited"),
    (["--fix", "--values", "v.yml", "a.yml"], "--fix and --values do not go together: templates that are filled are not edited"),
    (["--diff", "-o", "json", "a.yml"], "--diff writes a diff, not json; leave out -o"),
    (["--diff", "--baseline", "b.json", "--update-baseline", "a.yml"], "--diff writes no files; leave out --update-baseline"),
    (["--fix", "-", "a.yml"], "--fix takes - alone or files, not both"),
    (["--diff", "a.yml", "-"], "--diff takes - alone or files, not both"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[" ".join(arguments) for arguments, _ in USAGE])
def test_wrong_usage(arguments: list[str], message: str) -> None:
    write("a.yml")
    write("v.yml", "a: b\n")
    result = run("check", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {message}"
    assert contents() == {"a.yml": NIGHTLY.encode(), "v.yml": b"a: b\n"}


def test_the_diff_writes_nothing() -> None:
    write("a.yml")
    result = run("check", "--diff", "a.yml", *NOW)
    assert result.exit_code == 1
    assert (
        result.stdout
        == """\
diff --git a/a.yml b/a.yml
--- a/a.yml
+++ b/a.yml
@@ -2,6 +2,6 @@
 trigger:
   type: cron
   expression: "0 3 * * *"    # at night
-  timezone: 'Europe/Paris'
-  start_time: 2026-01-01 00:00:00
+  time_zone: 'Romance Standard Time'
+  start_time: "2026-01-01T00:00:00"
 create_job: azureml:score
"""
    )
    assert result.stderr == "Would fix 3 problems in 1 file:\n" + WHAT.format(path="a.yml")
    assert contents() == {"a.yml": NIGHTLY.encode()}
    both = run("check", "--diff", "--fix", "a.yml", *NOW)
    assert (both.exit_code, both.stdout) == (1, result.stdout)
    assert contents() == {"a.yml": NIGHTLY.encode()}


def test_without_a_diff_findings_are_as_usual() -> None:
    write("a.yml", FIXED.replace("0 3", "61 3"))
    usual = run("check", "a.yml", *NOW)
    result = run("check", "--diff", "a.yml", *NOW)
    assert (result.exit_code, result.stdout, result.stderr) == (usual.exit_code, usual.stdout, "")
    assert run("check", "--diff", "lost.yml", *NOW).exit_code == 2


def write_repository() -> None:
    pipeline = "type: pipeline\r\nexperiment_name: e\r\ninputs: {date: x, at: '${{Name}}'}\r\nsettings: {default_compute: serverless}\r\njobs: {}"
    user = FIXED.replace("azureml:score", "'../../pipe lines/tr\"ain é.yml'")
    write("schedules/plain.yml")
    write("schedules/deep/er/ends without.yml", NIGHTLY.replace("nightly", "b").rstrip("\n"))
    write("schedules/windows.yml", b"\xef\xbb\xbf" + NIGHTLY.replace("nightly", "c").replace("\n", "\r\n").encode())
    write(
        "schedules/mixed.yml",
        NIGHTLY.replace("nightly", "d").replace("# at", "# \u2028# \x85# at").replace("cron\n", "cron\r\n"),
    )
    write("schedules/first/user.yml", user.replace("nightly", "e"))
    write('pipe lines/tr"ain é.yml', pipeline)
    write("schedules/good.yml", FIXED.replace("nightly", "f"))
    commit_all()


@pytest.mark.parametrize("where", [".", "schedules", "schedules/deep"])
def test_git_applies_the_diff_to_what_fix_writes(where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_repository()
    before = contents()
    given = [os.path.relpath(path, where) for path in ("schedules", "pipe lines")]
    monkeypatch.chdir(tmp_path / where)
    result = run("check", "--diff", *given, *NOW)
    assert result.exit_code == 1
    monkeypatch.chdir(tmp_path)
    assert contents() == before
    git("apply", "--check", "-", text=result.stdout_bytes)
    git("apply", "-", text=result.stdout_bytes)
    applied = contents()
    git("checkout", "-q", ".")
    assert contents() == before
    monkeypatch.chdir(tmp_path / where)
    assert run("check", "--fix", *given, *NOW).exit_code == 0
    monkeypatch.chdir(tmp_path)
    assert contents() == applied
    changed = {path for path in before if before[path] != applied[path]}
    assert changed == set(before) - {"schedules/good.yml", "schedules/first/user.yml"}


def test_git_applies_the_diff_from_the_folder_that_it_is_about(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("x/x/a.yml")
    write("b.yml", "a: b\n")
    commit_all()
    monkeypatch.chdir(tmp_path / "x")
    patch = run("check", "--diff", "x", *NOW).stdout_bytes
    git("apply", "-", text=patch)
    assert Path("x/a.yml").read_text() == FIXED


def test_patch_takes_the_diff_outside_of_git() -> None:
    write("my files/a.yml", NIGHTLY.rstrip("\n"))
    result = run("check", "--diff", "my files", *NOW)
    git("apply", "-", text=result.stdout_bytes)
    assert Path("my files/a.yml").read_text() == FIXED.rstrip("\n")


def test_json_is_left_alone_and_it_is_said() -> None:
    text = json.dumps(
        {"name": "n", "trigger": {"type": "cron", "expression": "0 22-2 * * *"}, "create_job": "azureml:x"}
    )
    write("a.json", text)
    result = run("check", "--fix", "a.json", *NOW)
    assert result.stdout.startswith("Not fixed: a.json (JSON is not edited)\n\na.json:1:")
    assert Path("a.json").read_text() == text
    assert "fixable" not in run("check", "a.json", *NOW).stdout


def test_what_the_baseline_knows_is_not_fixed() -> None:
    write("a.yml", FIXED.replace("0 3", "0 22-2"))
    assert run("check", "a.yml", "--baseline", "b.json", "--update-baseline", *NOW).exit_code == 0
    result = run("check", "--fix", "a.yml", "--baseline", "b.json", *NOW)
    assert result.exit_code == 0
    assert "22-2" in Path("a.yml").read_text()
    fixed = run("check", "--fix", "a.yml", "--baseline", "c.json", "--update-baseline", *NOW)
    assert fixed.exit_code == 0
    assert "MLS104" not in Path("c.json").read_text()


def test_a_symbolic_link_is_not_replaced() -> None:
    write("real/a.yml")
    write("s/b.yml", NIGHTLY.replace("nightly", "b"))
    Path("s/a.yml").symlink_to("../real/a.yml")
    result = run("check", "--fix", "s", *NOW)
    assert (result.exit_code, result.stdout) == (2, "")
    real = os.path.realpath("real/a.yml")
    assert result.stderr == f"mlschedule: s/a.yml is a symbolic link: fix {real} itself; nothing was written\n"
    assert Path("s/b.yml").read_text() == NIGHTLY.replace("nightly", "b")


def test_a_read_only_file_is_not_replaced() -> None:
    write("s/a.yml").chmod(0o444)
    write("s/b.yml", NIGHTLY.replace("nightly", "b"))
    result = run("check", "--fix", "s", *NOW)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mlschedule: s/a.yml is read-only; nothing was written\n"
    assert Path("s/b.yml").read_text() == NIGHTLY.replace("nightly", "b")


def edited(path: str) -> EditedFile:
    return EditedFile(path=path, before=NIGHTLY.encode(), after=FIXED.encode())


def failure_of(*paths: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        write_files([edited(path) for path in paths])
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_a_file_that_somebody_changed_meanwhile_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.yml", "theirs")
    message = "mlschedule: a.yml was changed by somebody else meanwhile; lost.yml cannot be read again: No such file or directory; nothing was written\n"
    assert failure_of("a.yml", "lost.yml", capsys=capsys) == message
    assert contents() == {"a.yml": b"theirs"}


def full_disk(module: ModuleType, name: str, calls: Container[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Some calls of a function fail, counted from 1."""
    real, counter = getattr(module, name), itertools.count(1)

    def call(*arguments: object, **named: object) -> object:
        if next(counter) in calls:
            raise OSError(28, "No space left on device", "b.yml")
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, call)


@pytest.mark.parametrize(("module", "name"), [(tempfile, "mkstemp"), (shutil, "copymode"), (os, "replace")])
def test_when_one_file_cannot_be_written_none_is(
    module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("a.yml", "b.yml"):
        write(path)
    full_disk(module, name, {2}, monkeypatch)
    message = "mlschedule: b.yml cannot be written: No space left on device; nothing was written\n"
    assert failure_of("a.yml", "b.yml", capsys=capsys) == message
    assert contents() == {"a.yml": NIGHTLY.encode(), "b.yml": NIGHTLY.encode()}


def test_what_cannot_be_put_back_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("a.yml", "b.yml"):
        write(path)
    full_disk(os, "replace", range(2, 9), monkeypatch)
    message = "mlschedule: b.yml cannot be written: No space left on device; a.yml was written before\n"
    assert failure_of("a.yml", "b.yml", capsys=capsys) == message
    assert contents() == {"a.yml": FIXED.encode(), "b.yml": NIGHTLY.encode()}


def test_a_file_under_two_names_is_written_once() -> None:
    write("s/a.yml")
    assert run("check", "--fix", "s/a.yml", "./s/../s/a.yml", "s", *NOW).exit_code == 0
    assert Path("s/a.yml").read_text() == FIXED
