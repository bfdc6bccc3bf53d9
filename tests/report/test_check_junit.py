"""Findings as JUnit XML, held against the XSD of Apache Ant's JUnit reports, which ReFrame carries, and read by junitparser."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import junitparser
import pytest
import reframe
from check_results import context, finding, result, results
from hypothesis import given, settings
from lxml import etree

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.report.check_junit import write_junit
from pytest_mlschedule.report.check_places import full_text

SCHEMA = etree.XMLSchema(etree.parse(Path(reframe.__file__).parent / "schemas" / "junit.xsd"))
FILES = ("a.yml", "b.yml", "c.yml", "d.yml")
FOUND = result(
    finding("MLS102", "a.yml:4:16", "error", message="minute 61", hint="use 0-59"),
    finding("MLS103", "a.yml:4:16"),
    finding("MLS209", "a.yml:4:16", "note"),
    finding("MLS003", "b.yml:1:1", "error", field=(), message="no YAML"),
    finding("MLS103", "c.yml:2:2"),
    finding("MLS412", "job.yml:1:1", "error"),
    finding("MLS903", None, "note"),
)


def read(text: str) -> ElementTree.Element:
    SCHEMA.assertValid(etree.fromstring(text.encode("utf-8")))
    return ElementTree.fromstring(text)


def outcomes(text: str) -> dict[str, str]:
    """What junitparser says of each case."""
    (suite,) = junitparser.JUnitXml.fromstring(text.encode("utf-8"))
    return {case.name: "".join(type(one).__name__.lower() for one in case.result) or "passed" for case in suite}


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [
        (
            "error",
            {
                "a.yml": "failure",
                "b.yml": "error",
                "c.yml": "passed",
                "d.yml": "passed",
                "job.yml": "failure",
                "(no file)": "passed",
            },
        ),
        (
            "warning",
            {
                "a.yml": "failure",
                "b.yml": "error",
                "c.yml": "failure",
                "d.yml": "passed",
                "job.yml": "failure",
                "(no file)": "passed",
            },
        ),
        (
            "note",
            {
                "a.yml": "failure",
                "b.yml": "error",
                "c.yml": "failure",
                "d.yml": "passed",
                "job.yml": "failure",
                "(no file)": "failure",
            },
        ),
    ],
)
def test_a_file_fails_with_what_is_at_or_above_the_threshold(fail_on: str, expected: dict[str, str]) -> None:
    text = write_junit(FOUND, context(files=FILES, fail_on=Severity(fail_on)))
    assert outcomes(text) == expected
    suite = read(text)[0]
    kinds = list(expected.values())
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == tuple(
        map(str, (len(kinds), kinds.count("failure"), kinds.count("error")))
    )


def test_a_failure_has_every_finding_that_counts_and_the_suite_the_others() -> None:
    suite = read(write_junit(FOUND, context(files=FILES)))[0]
    failure = suite.find("testcase[@name='a.yml']/failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("MLS102 MLS103", "1 error, 1 warning")
    assert failure.text == (
        "a.yml:4:16: MLS102 trigger.expression: minute 61\nhint: use 0-59\na.yml:4:16: MLS103 trigger.expression: DAYS is ignored"
    )
    assert suite.findtext("system-out") == (
        "a.yml:4:16: MLS209 trigger.expression: DAYS is ignored\nMLS903 trigger.expression: DAYS is ignored"
    )
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties["now"] == "2026-01-15T09:30:00Z"
    assert properties["fail-on"] == "warning"
    assert {"mlschedule", "tzdata"} < set(properties)
    assert suite.get("timestamp") == "2026-01-15T09:30:00"


def test_several_findings_of_a_kind_are_counted() -> None:
    twice = result(finding(at="a.yml:1:1"), finding(at="a.yml:2:1"))
    assert read(write_junit(twice, context(files=("a.yml",)))).find(".//failure[@message='2 warnings']") is not None


def test_the_schema_would_refuse_another_shape() -> None:
    text = write_junit(FOUND, context(files=FILES)).replace('classname="mlschedule.check" ', "")
    assert not SCHEMA.validate(etree.fromstring(text.encode("utf-8")))


@settings(max_examples=80, deadline=None)
@given(results)
def test_every_text_survives_but_for_what_xml_cannot_hold(found: CheckResult) -> None:
    text = write_junit(found, context(fail_on=Severity.NOTE))
    shown = "".join(one.text or "" for one in read(text).iter() if one.tag in ("failure", "error"))
    assert [item for item in found.findings if as_xml(full_text(item)) not in shown] == []


def as_xml(text: str) -> str:
    """The text with a replacement for every character that lxml refuses to write."""
    return "".join(one if is_xml(one) else "\ufffd" for one in text)


def is_xml(character: str) -> bool:
    try:
        etree.Element("a").text = character
    except ValueError:
        return False
    return character not in "\ufffe\uffff"
