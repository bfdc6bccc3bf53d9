"""Findings as commands of GitHub's runner and of Azure's agent, read back by the rules that both publish.

GitHub: actions/runner, ActionCommand (``::name key=value,key=value::data``; properties and data are unescaped, percent signs last).
Azure: azure-pipelines-agent, Command (``##vso[area.event key=value;]data`` anywhere in a line) and its page on percent encoding.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from check_results import context, finding, result, results
from hypothesis import given, settings

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Location
from pytest_mlschedule.report.check_azure import write_azure
from pytest_mlschedule.report.check_github import write_github
from pytest_mlschedule.report.check_places import find_root, full_text, shared_path, whole_characters

SOURCE = 'name: nightly\ntrigger:\n  type: cron\n  expression: "0 3 1 * *"\n'
FILE = "schedules/nightly.yml"


def read_github(line: str) -> tuple[str, dict[str, str], str] | None:
    """A workflow command: its name, properties and data; None for a line that is none."""
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    head, data = line[2:].split("::", 1)
    name, _, listed = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in listed.strip().split(",") if "=" in pair)
    return (
        name,
        {key: unescape(value, "\r=%0D \n=%0A :=%3A ,=%2C %=%25") for key, value in properties.items()},
        unescape(data, "\r=%0D \n=%0A %=%25"),
    )


def read_azure(line: str) -> tuple[str, dict[str, str], str] | None:
    """A logging command: its name, properties and data; None for a line that has none."""
    start = line.find("##vso[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, listed = line[start + 6 : end].partition(" ")
    properties = dict(pair.split("=", 1) for pair in listed.split(";") if "=" in pair)
    table = ";=%3B \r=%0D \n=%0A ]=%5D %=%AZP25"
    return name, {key: unescape(value, table) for key, value in properties.items()}, unescape(line[end + 1 :], table)


def unescape(text: str, table: str) -> str:
    for pair in table.split(" "):
        text = text.replace(pair[2:], pair[0])
    return text


def lines_of(text: str) -> list[str]:
    """Lines as both programs read them from a stream."""
    assert text.endswith("\n")
    return re.split(r"\r\n|[\r\n]", text[:-1])


def expected_text(item: Diagnostic) -> str:
    place = item.location
    return whole_characters(full_text(item, place=f"{place.path}:{place.line}:{place.column}" if place else ""))


def test_github_gets_a_command_a_finding() -> None:
    found = [
        finding("MLS102", f"{FILE}:4:16", "error", message="bad, 100%: no", hint="a\nb", offset=0),
        finding("MLS103", f"{FILE}:4:15"),
        finding("MLS209", f"{FILE}:9:1", "note", field=()),
        finding("MLS999", None, "note"),
    ]
    *commands, last = lines_of(write_github(result(*found), context({FILE: SOURCE})))
    assert commands == [
        "::error file=schedules/nightly.yml,line=4,col=16,endColumn=17,title=MLS102 cron-out-of-range"
        "::schedules/nightly.yml:4:16: MLS102 trigger.expression: bad, 100%25: no%0Ahint: a%0Ab",
        "::warning file=schedules/nightly.yml,line=4,col=15,endColumn=26,title=MLS103 days-and-months-ignored"
        "::schedules/nightly.yml:4:15: MLS103 trigger.expression: DAYS is ignored",
        "::notice file=schedules/nightly.yml,line=9,col=1,title=MLS209 fraction-cut"
        "::schedules/nightly.yml:9:1: MLS209 DAYS is ignored",
        "::notice title=MLS999::MLS999 trigger.expression: DAYS is ignored",
    ]
    assert last == "Found 1 error, 1 warning, 2 notes in 1 of 1 file."


def test_azure_gets_a_command_an_error_and_a_warning_and_a_line_a_note() -> None:
    found = [
        finding("MLS102", f"{FILE}:4:16", "error", message="bad; 100% [x]", hint="a\nb"),
        finding("MLS103", None),
        finding("MLS209", f"{FILE}:9:1", "note", message="see ##vso[task.setvariable variable=a]b\nand ##[error]c"),
    ]
    assert lines_of(write_azure(result(*found), context({FILE: SOURCE}))) == [
        "##vso[task.logissue type=error;sourcepath=schedules/nightly.yml;linenumber=4;columnnumber=16;code=MLS102;]"
        "schedules/nightly.yml:4:16: MLS102 trigger.expression: bad%3B 100%AZP25 [x%5D%0Ahint: a%0Ab",
        "##vso[task.logissue type=warning;code=MLS103;]MLS103 trigger.expression: DAYS is ignored",
        "schedules/nightly.yml:9:1: MLS209 trigger.expression: see # #vso[task.setvariable variable=a]b and # #[error]c",
        "Found 1 error, 1 warning, 1 note in 1 of 1 file.",
    ]


@settings(max_examples=80, deadline=None)
@given(results)
def test_every_text_survives_github(found: CheckResult) -> None:
    *commands, _ = lines_of(write_github(found, context()))
    read = [read_github(line) for line in commands]
    assert len(read) == len(found.findings)
    for command, item in zip(read, found.findings, strict=True):
        assert command is not None
        name, properties, data = command
        assert name == {"error": "error", "warning": "warning", "note": "notice"}[item.severity]
        assert data == expected_text(item)
        assert properties["title"].split()[0] == item.code
        if item.location:
            assert properties["file"] == item.location.path
            assert (properties["line"], properties["col"]) == (str(item.location.line), str(item.location.column))


@settings(max_examples=80, deadline=None)
@given(results)
def test_every_text_survives_azure(found: CheckResult) -> None:
    *written, _ = lines_of(write_azure(found, context()))
    assert len(written) == len(found.findings)
    for line, item in zip(written, found.findings, strict=True):
        command = read_azure(line)
        if item.severity == "note":
            assert command is None
            assert item.code in line
            continue
        assert command is not None
        name, properties, data = command
        assert name == "task.logissue"
        assert data == expected_text(item)
        assert (properties["type"], properties["code"]) == (item.severity.value, item.code)
        if item.location:
            assert properties["sourcepath"] == item.location.path
            assert properties["linenumber"] == str(item.location.line)


def test_paths_are_seen_from_the_root_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    folder = tmp_path / "repo" / "ml" / "team"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    root = find_root(str(folder))
    assert root == str(tmp_path / "repo")
    assert find_root(str(tmp_path)) == str(tmp_path)
    cases = {
        "a.yml": "ml/team/a.yml",
        "../b.yml": "ml/b.yml",
        f"{folder}/c.yml": "ml/team/c.yml",
        "../../../elsewhere/d.yml": "../../../elsewhere/d.yml",
        "..e/f.yml": "ml/team/..e/f.yml",
        "<stdin>": "<stdin>",
    }
    assert {path: shared_path(path, root) for path in cases} == cases
    assert shared_path("x/./y/../a.yml") == "x/a.yml"
    item = finding().at(Location("a.yml", 1, 1))
    assert "file=ml/team/a.yml," in write_github(result(item), context(root=root))
    assert "sourcepath=ml/team/a.yml;" in write_azure(result(item), context(root=root))
