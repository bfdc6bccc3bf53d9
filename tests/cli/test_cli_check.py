"""``mlschedule check``: what it prints, where, and how it exits."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import run
from terminal_runs import in_terminal

DAILY = """\
name: {name}
trigger:
  type: cron
  expression: "{expression}"
  start_time: "2026-01-01T00:00:00"
create_job: {{type: pipeline, job: ../job.yml}}
"""
JOB = """\
type: pipeline
experiment_name: e
settings: {default_compute: azureml:cpu}
jobs: {one: {type: command, command: echo, environment: azureml:env@latest}}
"""
NOW = ("--now", "2026-01-05")


def daily(name: str, expression: str = "0 9 * * *") -> str:
    return DAILY.format(name=name, expression=expression)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("s").mkdir()
    Path("job.yml").write_text(JOB)
    Path("s/good.yml").write_text(daily("good", "0 8 * * *"))


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def check(*arguments: str, text: str | None = None) -> tuple[int, list[str]]:
    """The exit status and the lines of stdout, where stderr has nothing."""
    done = run("check", *arguments, *NOW, text=text)
    assert done.stderr == ""
    return done.exit_code, done.stdout.splitlines()


def codes(*arguments: str) -> list[str]:
    """The codes that are found, in order."""
    return [line.split()[1] for line in check(*arguments)[1] if ".yml:" in line and ": MLS" in line]


def test_findings_are_printed_with_their_line_and_the_way_out() -> None:
    write("s/a.yml", daily("a", "61 9 * * *").replace("2026-01-01T00", "2026-01-01 00"))
    write("s/b.yml", daily("b", "0 9-7 * * *"))
    status, lines = check("s", "--ignore", "MLS107,MLS6")
    assert status == 1
    assert lines == [
        "s/a.yml:4:16: MLS102 trigger.expression: minute 61 is not in 0-59",
        '4 |   expression: "61 9 * * *"',
        "  |                ^^ error",
        "",
        "s/b.yml:4:18: MLS104 trigger.expression: '9-7' is reversed: it is read as 7 to 9, it does not wrap around",
        '4 |   expression: "0 9-7 * * *"',
        "  |                  ^^^ warning",
        '  hint: to run past the end of the hours write "9-23,0-7"',
        "",
        "Found 1 error, 1 warning in 2 of 3 files. 1 fixable with --fix.",
    ]


def test_nothing_to_say() -> None:
    assert check("s") == (0, ["All checks passed: 1 schedule in 1 file."])


def test_a_job_that_several_run_is_told_once_with_who_runs_it() -> None:
    for number in range(7):
        write(f"s/a{number}.yml", daily(f"a{number}", f"0 {number} * * *"))
    write("job.yml", JOB.replace("name: e\n", "name: e\nexperiment_name: f\n"))
    status, lines = check("./s")
    assert status == 1
    assert lines[0] == (
        "job.yml:3:1: MLS005 experiment_name: the key 'experiment_name' is given twice; the last one counts (JB-10) "
        "(used by a0, a1, a2, a3, a4 and 3 more)"
    )
    assert lines[-1] == "Found 1 warning in 0 of 8 files and 1 beside them."


@pytest.mark.parametrize(
    ("fail_on", "status"), [((), 1), (("--fail-on", "error"), 0), (("--fail-on", "warning"), 1), (("--fail-on", "note"), 1)]
)  # fmt: skip
def test_the_exit_status_hangs_on_the_severity(fail_on: tuple[str, ...], status: int) -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    assert check("s", "--select", "MLS103", *fail_on)[0] == status


def test_notes_alone_do_not_fail() -> None:
    write("s/a.yml", daily("a").replace("{type: pipeline, job: ../job.yml}", "azureml:x"))
    assert codes("s/a.yml") == ["MLS507"]
    assert check("s/a.yml")[0] == 0
    assert check("s/a.yml", "--fail-on", "note")[0] == 1
    assert check("s/a.yml", "--fail-on", "note", "--jobs", "job.yml")[0] == 1
    write("jobs/x.yml", JOB)
    assert check("s/a.yml", "--fail-on", "note", "--jobs", "jobs")[0] == 0


def test_a_missing_path_is_2_and_the_others_are_checked() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    status, lines = check("s/a.yml", "lost.yml", "--select", "MLS103")
    assert status == 2
    assert lines[0].startswith("s/a.yml:4:20: MLS103")
    assert "lost.yml:1:1: MLS001 cannot be read: No such file or directory" in lines


def test_a_finding_of_loading_is_1() -> None:
    write("s/a.yml", "a: [\n")
    status, lines = check("s/a.yml")
    assert status == 1
    assert lines[0] == "s/a.yml:2:1: MLS003 is not valid YAML: did not find expected node content"


def test_the_line_of_a_file_that_is_no_yaml_is_shown() -> None:
    write("s/a.yml", 'name: a\ntrigger: {type: "cron"\ncreate_job: x\n')
    assert check("s/a.yml")[1][1:3] == ["3 | create_job: x", "  | ^^^^^^^^^^ error"]
    Path("s/a.yml").write_bytes(b"name: \xff\n")
    assert check("s/a.yml")[1][1:3] == ["1 | name: \ufffd", "  |       ^ error"]


def test_a_folder_without_schedules_is_2() -> None:
    Path("empty").mkdir()
    for paths in (["empty"], ["empty", "job-folder"]):
        Path("job-folder").mkdir(exist_ok=True)
        write("job-folder/job.yml", JOB)
        done = run("check", *paths)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert (
            done.stderr
            == f"mlschedule: no schedules in {', '.join(paths)}: a schedule is YAML or JSON with trigger and create_job\n"
        )


def test_a_job_that_is_named_is_a_finding() -> None:
    assert codes("job.yml") == ["MLS010"]


def test_stdin_is_checked() -> None:
    text = daily("a", "0 9 1 * *").replace("../job.yml", "./job.yml")

    def lines_of(*arguments: str, given: str = text) -> list[str]:
        command = [sys.executable, "-m", "pytest_mlschedule.cli", "check", *arguments, "--select", "MLS103", *NOW]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout.splitlines()

    first, *others = lines_of("-")
    assert first.startswith("<stdin>:4:20: MLS103 ")
    assert others[:2] == ['4 |   expression: "0 9 1 * *"', "  |                    ^ warning"]
    assert lines_of("-", "s")[-1] == "Found 1 warning in 1 of 2 files."
    assert lines_of("-", given="a: [")[0].startswith("<stdin>:2:1: MLS003")


def test_select_and_ignore() -> None:
    write("s/a.yml", daily("a", "0 9-8 1 * *").replace('  start_time: "2026-01-01T00:00:00"\n', ""))
    everything = codes("s")
    assert {"MLS103", "MLS104", "MLS308"} <= set(everything)
    assert codes("s", "--select", "MLS3") == ["MLS308"]
    assert codes("s", "--select", "MLS10,no-start-time") == [
        code for code in everything if code[:5] == "MLS10" or code == "MLS308"
    ]
    assert codes("s", "--select", "MLS1", "--select", "MLS308", "--ignore", "days-and-months-ignored, MLS107") == [
        "MLS308",
        "MLS104",
    ]
    assert codes("s", "--ignore", "MLS") == []
    assert codes("s", "--select", "MLS103", "--ignore", "MLS1") == ["MLS103"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("no-start-tim", "'no-start-tim' is not a rule: a code (MLS103), the start of codes (MLS1) or a name; did you mean no-start-time?"),
        ("MLS1,MLS999", "'MLS999' is not a rule"),
        (",", "no rule is named"),
    ],
)  # fmt: skip
def test_a_selector_that_selects_nothing_is_wrong_usage(option: str, value: str, text: str) -> None:
    done = run("check", "s", option, value)
    assert done.exit_code == 2
    assert f"Invalid value for '{option}': {text}" in " ".join(done.stderr.split())


def test_the_command_line_comes_on_top_of_the_configuration() -> None:
    write("s/a.yml", daily("a", "0 12-11 1 * *"))
    write("mlschedule.toml", '[rules]\nignore = ["MLS103", "MLS107"]\n[rules.severity]\nMLS104 = "note"\n')
    assert codes("s") == ["MLS104"]
    assert check("s")[0] == 0
    assert codes("s", "--ignore", "MLS104") == []
    assert codes("s", "--select", "MLS103") == ["MLS103"]
    assert codes("s", "--no-config", "--ignore", "MLS107") == ["MLS104", "MLS103"]


def test_comments_are_counted() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *").replace('* *"', '* *"  # mls: ignore[MLS103, MLS107] daily is meant'))
    assert check("s") == (0, ["All checks passed: 2 schedules in 2 files. 2 findings ignored by comments."])


def test_a_check_of_folders_is_of_everything() -> None:
    write("s/a.yml", daily("a").replace("name: a", "name: a  # mls: ignore[MLS509]"))
    assert codes("s/a.yml") == []
    assert codes("s") == ["MLS901"]
    write("mlschedule.toml", 'paths = ["s/a.yml"]\n')
    assert codes() == ["MLS901"]


def test_a_baseline_is_written_heeded_and_renewed() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    select = ("--select", "MLS103,MLS9")
    missing = run("check", "s", "--baseline", "b.yml", *select)
    assert (missing.exit_code, missing.stderr) == (2, "mlschedule: b.yml: no such file; --update-baseline writes it\n")
    written = run("check", "s", "--baseline", "b.yml", "--update-baseline", *select, *NOW)
    assert written.exit_code == 0
    assert written.stderr == "mlschedule: b.yml knows 1 finding now (1 more, 0 gone)\n"
    assert written.stdout == "All checks passed: 2 schedules in 2 files. 1 finding in the baseline.\n"
    assert check("s", "--baseline", "b.yml", *select)[0] == 0
    write("s/b.yml", daily("b", "0 7 2 * *"))
    assert codes("s", "--baseline", "b.yml", *select) == ["MLS103"]
    write("s/a.yml", daily("a"))
    assert codes("s", "--baseline", "b.yml", *select) == ["MLS103", "MLS903"]
    renewed = run("check", "s", "--baseline", "b.yml", "--update-baseline", *select, *NOW)
    assert (renewed.exit_code, renewed.stderr) == (0, "mlschedule: b.yml knows 1 finding now (1 more, 1 gone)\n")
    assert [path.name for path in Path().iterdir() if path.name.strip(".").startswith("b.yml")] == ["b.yml"]


def test_the_baseline_of_the_configuration() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    write("conf.toml", 'baseline = "known.yml"\n')
    assert run("check", "s", "--config", "conf.toml", "--update-baseline", *NOW).exit_code == 0
    assert check("s", "--config", "conf.toml")[0] == 0
    assert check("s", "--no-config", "--select", "MLS103")[0] == 1


def test_what_a_baseline_cannot_take_still_fails() -> None:
    write("s/a.yml", "trigger: [\ncreate_job: x\n")
    done = run("check", "s", "--baseline", "b.yml", "--update-baseline", *NOW)
    assert done.exit_code == 1
    assert "MLS003" in done.stdout


def test_wrong_baselines() -> None:
    done = run("check", "s", "--update-baseline")
    assert done.exit_code == 2
    assert "--update-baseline needs --baseline FILE, or baseline in the configuration" in done.stderr
    write("b.yml", "version: 1\nfindings: {a.yml: x}\n")
    for more in ((), ("--update-baseline",)):
        done = run("check", "s", "--baseline", "b.yml", *more)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == "b.yml:2:19: MLS008 findings.a.yml: must be a list of entries, not text ('x')\n"
    assert "x}" in Path("b.yml").read_text()
    done = run("check", "s", "--baseline", "lost/b.yml", "--update-baseline", *NOW)
    assert done.exit_code == 2
    assert done.stderr == "mlschedule: lost/b.yml cannot be written: No such file or directory\n"


def test_a_baseline_keeps_its_rights() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    run("check", "s", "--baseline", "b.yml", "--update-baseline", *NOW)
    Path("b.yml").chmod(0o640)
    run("check", "s", "--baseline", "b.yml", "--update-baseline", *NOW)
    assert Path("b.yml").stat().st_mode & 0o777 == 0o640


def test_now_is_read_in_the_zone() -> None:
    write("s/a.yml", daily("a").replace("start_time", 'end_time: "2026-01-05T03:00:00"\n  start_time'))
    assert "MLS314" not in codes("s/a.yml")
    assert "MLS314" in codes("s/a.yml", "--zone", "America/Los_Angeles")


def test_a_path_is_printed_as_short_as_it_can_be(tmp_path: Path) -> None:
    write("s/a.yml", daily("a", "0 9 1 * *"))
    for given, shown in (("./s", "s/a.yml"), ("s/../s/a.yml", "s/a.yml"), (str(tmp_path / "s"), f"{tmp_path}/s/a.yml")):
        assert check(given, "--select", "MLS103")[1][0].startswith(f"{shown}:4:20: MLS103")


def test_a_terminal_has_colours_and_wrapped_lines() -> None:
    write("s/a.yml", daily("a", "0 9 1 * *").replace('"0', " " * 50 + '"0'))
    text = in_terminal("check", "s", "--select", "MLS103", *NOW)
    assert "\x1b[1ms/a.yml:4:70: \x1b[0m\x1b[33m\x1b[1mMLS103\x1b[0m trigger.expression: the 1 in" in text
    assert "\x1b[33m\x1b[1m^ warning\x1b[0m" in text
    plain = re.sub(r"\x1b\[\d*m", "", text).splitlines()
    assert max(map(len, plain)) <= 60
    (line, carets) = (line for line in plain if " | " in line)
    assert line[carets.index("^")] == "1"
