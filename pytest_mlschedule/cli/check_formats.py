"""The formats that ``mlschedule check`` writes: name -> what imports its writer. Each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_mlschedule.report.check_context import Writer


def _text() -> Writer:
    from pytest_mlschedule.report.check_text import write_text

    return write_text


def _json() -> Writer:
    from pytest_mlschedule.report.check_json import write_json

    return write_json


def _sarif() -> Writer:
    from pytest_mlschedule.report.check_sarif import write_sarif

    return write_sarif


def _github() -> Writer:
    from pytest_mlschedule.report.check_github import write_github

    return write_github


def _azure() -> Writer:
    from pytest_mlschedule.report.check_azure import write_azure

    return write_azure


def _junit() -> Writer:
    from pytest_mlschedule.report.check_junit import write_junit

    return write_junit


FORMATS: Mapping[str, Callable[[], Writer]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "azure": _azure,
    "junit": _junit,
}
