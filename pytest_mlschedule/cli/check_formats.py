"""The formats that ``mlschedule check`` writes: name -> what imports its writer. Each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pytest_mlschedule.report.check_context import Writer


def _text() -> Writer:
    from pytest_mlschedule.report.check_text import write_text

    return write_text


FORMATS: Mapping[str, Callable[[], Writer]] = {"text": _text}
