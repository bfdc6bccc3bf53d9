"""``mlschedule rules`` and ``mlschedule explain MLS103``."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from cli_runs import run
from terminal_runs import in_terminal

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.report import rule_pages

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_rule_is_listed() -> None:
    lines = run("rules").stdout.splitlines()
    assert [line.split()[:3] for line in lines[:-2]] == [
        [code, rule.severity.value, rule.name] for code, rule in CATALOGUE.items()
    ]
    assert lines[-1] == "mlschedule explain MLS103 shows the page of a rule."
    assert not any("`" in line for line in lines)


def test_rules_are_listed_by_selectors() -> None:
    listed = run("rules", "MLS90", "days-and-months-ignored", "mls901")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["MLS103", "MLS901", "MLS902", "MLS903"]


def test_rules_as_json() -> None:
    (rule,) = json.loads(run("rules", "MLS103", "-o", "json").stdout)
    assert rule == {
        "code": "MLS103",
        "name": "days-and-months-ignored",
        "severity": "warning",
        "summary": "DAYS and MONTHS are ignored",
        "url": rule["url"],
    }


def test_what_is_no_rule_is_not_listed() -> None:
    done = run("rules", "MLS777")
    assert done.exit_code == 2
    assert "'MLS777' is not a rule" in done.stderr


@pytest.mark.parametrize("name", ["MLS103", "mls103", "days-and-months-ignored"])
def test_a_page_is_shown(name: str) -> None:
    done = run("explain", name)
    assert done.exit_code == 0
    assert done.stdout == rule_pages.read_page("MLS103")
    assert done.stdout.startswith(
        "# MLS103: DAYS and MONTHS are ignored\n\nSeverity: warning.\nName: `days-and-months-ignored`.\n"
    )


def test_several_pages_are_shown_with_a_line_between() -> None:
    text = run("explain", "MLS103", "MLS104").stdout
    assert text == f"{rule_pages.read_page('MLS103')}\n{rule_pages.read_page('MLS104')}"


def test_a_page_on_a_terminal_is_laid_out() -> None:
    text = re.sub(r"\x1b\[[\d;]*m", "", in_terminal("explain", "MLS103"))
    assert "MLS103: DAYS and MONTHS are ignored" in text
    assert "# MLS103" not in text
    assert "`" not in text
    assert 'expression: "0 9 1 * *"' in text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MLS777", "MLS777: no such file or directory, and no rule; mlschedule rules lists the rules"),
        ("days-and-month-ignored", "days-and-month-ignored: no such file or directory, and no rule; did you mean days-and-months-ignored?"),
    ],
)  # fmt: skip
def test_what_is_neither_a_path_nor_a_rule(name: str, text: str) -> None:
    done = run("explain", name)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"mlschedule: {text}\n")


def test_a_file_of_that_name_wins() -> None:
    Path("MLS103").write_text('name: a\ntrigger: {type: cron, expression: "0 9 * * *"}\ncreate_job: azureml:x\n')
    assert run("explain", "MLS103").stdout.startswith("a (MLS103)\n")
    assert run("explain", "./MLS103").stdout.startswith("a (MLS103)\n")


def test_pages_and_schedules_are_shown_together() -> None:
    Path("a.yml").write_text('name: a\ntrigger: {type: cron, expression: "0 9 * * *"}\ncreate_job: azureml:x\n')
    text = run("explain", "a.yml", "MLS103").stdout
    assert text.startswith("# MLS103")
    assert "\na (a.yml)\n" in text


def test_a_rule_without_a_page_has_its_title(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rule_pages, "CHECKOUT", tmp_path)
    monkeypatch.setattr(rule_pages, "PACKAGED", tmp_path)
    assert run("explain", "MLS103").stdout == (
        "# MLS103: DAYS and MONTHS are ignored\n\nSeverity: warning.\nName: days-and-months-ignored.\n"
    )


def test_pages_of_the_package_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "MLS103.md").write_text("# MLS103: packaged\n\nsee [here](../x.md) and [there](https://example.org)\n")
    monkeypatch.setattr(rule_pages, "PACKAGED", tmp_path)
    assert run("explain", "MLS103").stdout == "# MLS103: packaged\n\nsee here and [there](https://example.org)\n"


def test_the_wheel_has_the_pages() -> None:
    """Where the build puts them is where they are looked for."""
    target = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert target["force-include"]["docs/rules"] == str(rule_pages.PACKAGED.relative_to(ROOT))
