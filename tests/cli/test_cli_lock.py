"""``mlschedule lock``: what it writes, what it keeps, what ``--check`` finds, with files and git as people have them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_runs import NIGHTLY, run, write_files

from pytest_mlschedule.planning.lock_document import read_lock

NOW = "--now=2026-03-15"
FILE = "schedules.lock.yml"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path)
    Path(tmp_path, "schedules", "weekly.yml").write_text(
        NIGHTLY.replace("nightly", "weekly").replace('"30 2 * * *"', '"0 7 * * 1"')
    )
    monkeypatch.chdir(tmp_path)


def lock(*arguments: str, code: int = 0) -> str:
    """What the command prints, output and errors, where it ends with a code."""
    result = run("lock", *arguments)
    assert result.exit_code == code, result.output
    return result.output


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8")


def window_of(path: str = FILE) -> tuple[str, str]:
    window = read_lock(path).window
    return f"{window.start:%Y-%m-%d}", f"{window.end:%Y-%m-%d}"


def test_a_new_lock_holds_twelve_months_and_is_then_up_to_date() -> None:
    assert lock("schedules", NOW) == f"Wrote {FILE}: 3 schedules, 2026-03-01 to 2027-03-01.\n"
    before = Path(FILE).read_bytes()
    assert b"\r" not in before
    assert lock("schedules", "--now=2026-07-30") == f"{FILE} is up to date: 3 schedules, 2026-03-01 to 2027-03-01.\n"
    assert lock("schedules", "--check", NOW) == f"{FILE} is up to date: 3 schedules.\n"
    assert Path(FILE).read_bytes() == before
    assert [name for name in os.listdir() if name.endswith(".tmp")] == []


def test_one_schedule_is_one_schedule() -> None:
    assert lock("schedules/weekly.yml", NOW).startswith(f"Wrote {FILE}: 1 schedule, ")
    assert lock("schedules/weekly.yml", "--check", NOW) == f"{FILE} is up to date: 1 schedule.\n"


@pytest.mark.parametrize(
    ("options", "window"),
    [
        (["--from=2026-04-01", "--to=2026-06-01"], ("2026-04-01", "2026-06-01")),
        (["--from=2026-04-01", "--for=10d"], ("2026-04-01", "2026-04-11")),
        (["--from=2026-04-01"], ("2026-04-01", "2027-04-01")),
        (["--for=30d"], ("2026-03-01", "2026-03-31")),
        (["--to=2026-05-01"], ("2026-03-01", "2026-05-01")),
    ],
)
def test_options_say_the_window_and_the_lock_keeps_it(options: list[str], window: tuple[str, str]) -> None:
    lock("schedules", NOW, *options)
    assert window_of() == window
    lock("schedules", NOW)
    assert window_of() == window


def test_a_window_that_ended_makes_way_for_a_new_one() -> None:
    lock("schedules", NOW, "--for=30d")
    assert "ended at 2026-03-31T00:00:00Z; mlschedule lock starts a new one" in lock(
        "schedules", "--check", "--now=2026-05-05"
    )
    assert f"the window of {FILE} ended at 2026-03-31T00:00:00Z; a new one starts" in lock(
        "schedules", "--now=2026-05-05"
    )
    assert window_of() == ("2026-05-01", "2027-05-01")
    assert lock("schedules", "--now=2027-05-05", "--from=2027-01-01", "--for=1d").startswith("Wrote")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to=2026-05-01", "--for=1d"], "--to and --for both say where the window ends; give one of them"),
        (["--from=2026-05-01", "--to=2026-05-01"], "the window ends at 2026-05-01T00:00:00Z, not after 2026-05-01T00:00:00Z"),
        (["--for=400y"], "the window is not in the supported years"),
        (["--for=9000y"], "the window is not in the supported years"),
        (["--check", "--for=1d"], "--check looks at the window of the lock; leave out --from, --to and --for"),
        (["-o", "json"], "-o is for --check"),
        (["--from=soon"], "Invalid value for '--from': 'soon' is not a time"),
    ],
)  # fmt: skip
def test_wrong_usage(options: list[str], said: str) -> None:
    assert said in lock("schedules", NOW, *options, code=2)
    assert not Path(FILE).exists()


def test_zone_data_that_change_nothing_are_no_change() -> None:
    lock("schedules", NOW)
    edit(FILE, "tzdata: 20", "tzdata: 19")
    before = Path(FILE).read_bytes()
    assert "is up to date" in lock("schedules", NOW)
    assert lock("schedules", "--check", NOW) == f"{FILE} is up to date: 3 schedules.\n"
    assert Path(FILE).read_bytes() == before
    edit("schedules/weekly.yml", "0 7", "0 8")
    assert "locked with tzdata 19" in lock("schedules", "--check", NOW, code=1)
    lock("schedules", NOW)
    assert "tzdata: 20" in Path(FILE).read_text()


def test_line_breaks_of_git_on_windows_are_no_change() -> None:
    lock("schedules", NOW)
    Path(FILE).write_bytes(Path(FILE).read_bytes().replace(b"\n", b"\r\n"))
    assert "is up to date" in lock("schedules", NOW)
    assert "is up to date" in lock("schedules", NOW, "--check")


def test_changes_stand_at_their_places() -> None:
    lock("schedules", NOW)
    edit("schedules/weekly.yml", "0 7 * * 1", "0 7 * * 1-3")
    Path("schedules/monthly.yml").rename("schedules/monthly.txt")
    Path("schedules/hourly.yml").write_text(NIGHTLY.replace("name: nightly", "name: hourly"))
    text = lock("schedules", "--check", NOW, code=1)
    lines = text.splitlines()
    line = Path(FILE).read_text().splitlines().index("  monthly:") + 1
    found = [one.partition(" MLS")[0] + " " + one.partition(" MLS")[2][:3] for one in lines if " MLS8" in one]
    assert found == ["schedules/hourly.yml:1:7: 802", f"{FILE}:{line}:3: 803", "schedules/weekly.yml:2:1: 801"]
    assert any("runs 52 → 156 (2026-03 5 → 14, 2026-04 4 → 13" in one for one in lines)
    assert "  hint: if that is meant: mlschedule lock, and commit the file" in lines
    assert f"{line} |   monthly:" in lines
    assert lines[-1].startswith("Found 3 errors in 2 of 3 files and 1 beside them")
    lock("schedules", NOW)
    assert lock("schedules", "--check", NOW) == f"{FILE} is up to date: 3 schedules.\n"


def test_a_change_of_the_job_stands_at_create_job() -> None:
    lock("schedules/nightly.yml", NOW)
    edit("pipelines/train.yml", "rows: 5", "rows: 6")
    text = lock("schedules/nightly.yml", "--check", NOW, code=1)
    assert text.startswith(
        "schedules/nightly.yml:9:8: MLS801 create_job: nightly behaves otherwise than locked: inputs changed"
    )


def test_programs_read_changes_too() -> None:
    lock("schedules", NOW)
    assert json.loads(lock("schedules", "--check", NOW, "-o", "json"))["findings"] == []
    edit("schedules/weekly.yml", "0 7", "0 8")
    (found,) = json.loads(lock("schedules", "--check", NOW, "-o", "json", code=1))["findings"]
    assert (found["code"], found["line"]) == ("MLS801", 2)
    text = lock("schedules", "--check", NOW, "-o", "github", code=1)
    assert text.startswith("::error file=schedules/weekly.yml,line=2,")


def test_without_a_lock_there_is_a_way_out() -> None:
    assert lock("schedules", "--check", NOW, code=2) == (
        f"mlschedule: there is no lock file {FILE}: write it with mlschedule lock, and commit it\n"
    )


def test_schedules_with_errors_are_not_locked() -> None:
    edit("schedules/weekly.yml", "0 7", "61 7")
    assert "schedules/weekly.yml:4:16: MLS102" in lock("schedules", NOW, code=1)
    assert not Path(FILE).exists()
    Path("schedules/weekly.yml").write_text(NIGHTLY)
    assert "MLS509" in lock("schedules", NOW, code=1)
    assert "no-such: no such file" in lock("no-such", NOW, code=2)


def test_the_file_comes_from_the_option_or_the_configuration() -> None:
    Path("mlschedule.toml").write_text('paths = ["schedules"]\nlock = "locks/all.yml"\n')
    Path("locks").mkdir()
    assert lock(NOW).startswith("Wrote locks/all.yml: 3 schedules")
    assert lock("--check", NOW) == "locks/all.yml is up to date: 3 schedules.\n"
    assert lock(NOW, "--file=other.yml").startswith("Wrote other.yml: 3 schedules")
    assert Path("locks/all.yml").read_bytes() == Path("other.yml").read_bytes()


def test_a_file_elsewhere_keeps_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("schedules")
    assert lock(".", NOW, "--file=../up.yml").startswith("Wrote ../up.yml: ")
    assert (tmp_path / "up.yml").exists()


@pytest.mark.parametrize("text", ["", "a: 1\n", "not: [a lock\n", "version: 1\n"])
def test_a_file_that_is_no_lock_is_not_overwritten(text: str) -> None:
    Path("mine.yml").write_text(text)
    said = lock("schedules", NOW, "--file=mine.yml", code=2)
    assert (
        said == "mlschedule: mine.yml is no lock file, and is not overwritten: name another with --file, or remove it\n"
    )
    assert Path("mine.yml").read_text() == text
    assert "MLS" in lock("schedules", NOW, "--file=mine.yml", "--check", code=2)


def test_what_cannot_be_read_or_written_says_so() -> None:
    Path("bytes.yml").write_bytes(b"\xff\xfe")
    assert "bytes.yml is no lock file: name another with --file" in lock("schedules", NOW, "--file=bytes.yml", code=2)
    assert "schedules cannot be read: Is a directory" in lock("schedules", NOW, "--file=schedules", code=2)
    assert "no/lock.yml cannot be written: No such file" in lock("schedules", NOW, "--file=no/lock.yml", code=2)


def test_a_broken_lock_is_written_anew() -> None:
    lock("schedules", NOW)
    before = Path(FILE).read_bytes()
    edit(FILE, "version: 1", "version: [")
    said = lock("schedules", NOW, "--check", code=2)
    assert f"{FILE}:" in said
    assert "write the lock anew with mlschedule lock, and commit it" in said
    assert f"{FILE} is broken (" in lock("schedules", NOW)
    assert Path(FILE).read_bytes() == before


def test_a_link_stays_a_link() -> None:
    Path("real.yml").write_text("")
    Path("real.yml").unlink()
    os.symlink("real.yml", FILE)
    os.unlink(FILE)
    lock("schedules", NOW, "--file=real.yml")
    os.symlink("real.yml", FILE)
    edit("schedules/weekly.yml", "0 7", "0 8")
    lock("schedules", NOW)
    assert Path(FILE).is_symlink()
    assert "is up to date" in lock("schedules", NOW, "--file=real.yml")


def git(*arguments: str, code: int = 0) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == code, done.stdout + done.stderr


def commit_branch(name: str, path: str, old: str, new: str) -> None:
    git("checkout", "-q", "-b", name, "main")
    edit(path, old, new)
    assert lock("schedules", NOW).startswith("Wrote")
    git("commit", "-qam", name)


def start_repository() -> None:
    lock("schedules", NOW, "--for=200d")
    git("init", "-q", "-b", "main")
    git("add", "schedules", "pipelines", FILE)
    git("commit", "-qm", "start")


def test_branches_that_change_different_schedules_merge() -> None:
    start_repository()
    commit_branch("one", "schedules/nightly.yml", "30 2", "30 4")
    commit_branch("other", "schedules/weekly.yml", "0 7 * * 1", "0 7 * * 2")
    git("merge", "-q", "one", "-m", "merged")
    assert lock("schedules", NOW, "--check") == f"{FILE} is up to date: 3 schedules.\n"
    assert "is up to date" in lock("schedules", NOW)


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_conflicts_are_solved_by_writing_it_again(style: str) -> None:
    start_repository()
    commit_branch("one", "schedules/nightly.yml", "30 2", "30 4")
    commit_branch("other", "schedules/nightly.yml", "30 2", "30 5")
    git("-c", f"merge.conflictStyle={style}", "merge", "-q", "one", code=1)
    assert "<<<<<<<" in Path(FILE).read_text()
    git("checkout", "--ours", "schedules/nightly.yml")
    assert "MLS003" in lock("schedules", NOW, "--check", code=2)
    window = f"mlschedule: {FILE} has merge conflicts; it is written anew with the window of the first side"
    assert window in lock("schedules", NOW)
    assert window_of() == ("2026-03-01", "2026-09-17")
    assert lock("schedules", NOW, "--check") == f"{FILE} is up to date: 3 schedules.\n"
