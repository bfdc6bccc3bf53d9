"""Findings as JSON."""

from __future__ import annotations

import json
from importlib import metadata

import pytest
from check_results import context, finding, result, results
from hypothesis import given, settings

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.report import check_places
from pytest_mlschedule.report.check_json import write_json


def test_the_document_is_as_promised() -> None:
    found = finding(
        "MLS102", "./schedules/../nightly.yml:4:16", "error", message="minute 61 is not in 0-59", hint="use 0-59"
    )
    document = json.loads(write_json(result(found, finding(at=None), suppressed=(finding(),)), context()))
    assert document["version"] == 1
    assert document["now"] == "2026-01-15T09:30:00Z"
    assert document["summary"] == {
        "errors": 1,
        "warnings": 1,
        "notes": 0,
        "files": 1,
        "schedules": 1,
        "suppressed": 1,
        "known": 0,
        "fixable": 0,
    }
    assert document["findings"][0] == {
        "code": "MLS102",
        "name": "cron-out-of-range",
        "severity": "error",
        "message": "minute 61 is not in 0-59",
        "hint": "use 0-59",
        "path": "nightly.yml",
        "line": 4,
        "column": 16,
        "field": "trigger.expression",
        "url": None,
    }
    assert [document["findings"][1][key] for key in ("path", "line", "column")] == [None, None, None]


def test_a_code_without_a_rule_has_no_name() -> None:
    (found,) = json.loads(write_json(result(finding("MLS999")), context()))["findings"]
    assert (found["name"], found["url"]) == ("", None)


@pytest.mark.parametrize("address", ["https://example.org/mls", "https://example.org/mls/"])
def test_the_pages_of_rules_are_where_the_distribution_says(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_places, "metadata", lambda _: Distribution(f"Documentation, {address}"))
    check_places.project_address.cache_clear()
    try:
        found = json.loads(write_json(result(finding("MLS103"), finding("MLS999")), context()))["findings"]
    finally:
        check_places.project_address.cache_clear()
    assert [item["url"] for item in found] == ["https://example.org/mls/rules/MLS103/", None]


class Distribution:
    """What importlib.metadata knows of a distribution, as far as it is asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    def get_all(self, name: str) -> list[str] | None:
        return self.addresses if name == "Project-URL" else None


def test_there_is_no_page_without_a_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(check_places, "metadata", missing)
    check_places.project_address.cache_clear()
    try:
        assert check_places.page_address("MLS103") is None
    finally:
        check_places.project_address.cache_clear()


@settings(max_examples=60, deadline=None)
@given(results)
def test_every_text_survives(found: CheckResult) -> None:
    text = write_json(found, context())
    document = json.loads(text.encode("utf-8"))
    whole = check_places.whole_characters
    assert [(item["message"], item["hint"], item["severity"]) for item in document["findings"]] == [
        (whole(item.message), whole(item.hint), item.severity.value) for item in found.findings
    ]
