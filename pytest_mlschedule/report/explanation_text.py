"""An explanation as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mlschedule.report.explain import Explanation
from pytest_mlschedule.report.time_words import show_local, show_utc
from pytest_mlschedule.report.value_words import show_value
from pytest_mlschedule.report.wrapping import wrap_line

INDENT = "  "


def write_explanation(explanation: Explanation, width: int | None = None) -> Iterator[str]:
    """The name, the sentence, then a paragraph for each kind of fact. Lines with their ends, wrapped to a width."""
    for line, hang in _lines(explanation):
        for part in wrap_line(line, width, hang):
            yield f"{part}\n"


def _lines(explanation: Explanation) -> Iterator[tuple[str, int | None]]:
    """Lines, and where the rest of a line begins that is too long; None: anywhere."""
    place = f" ({explanation.source})" if explanation.source else ""
    yield f"{explanation.name}{place}", None
    yield f"{INDENT}{explanation.summary}", None
    titles = max(len(title) for title, _ in explanation.facts)
    yield "", None
    for title, text in explanation.facts:
        head = f"{INDENT}{title.ljust(titles)}  "
        yield f"{head}{text}", len(head)
    yield from _section("next runs", _next_runs(explanation))
    yield from _section("when the clocks change", explanation.clock_changes)
    yield from _section("remarks", _remarks(explanation))


def _section(title: str, lines: tuple[str, ...]) -> Iterator[tuple[str, int | None]]:
    if lines:
        yield "", None
        yield f"{INDENT}{title}", None
    for line in lines:
        yield f"{INDENT * 2}{line}", None


def _next_runs(explanation: Explanation) -> tuple[str, ...]:
    """Time in the zone, in UTC, display name; under the first run its inputs."""
    if not explanation.next_runs:
        return ("none",)
    lines = [
        f"{show_local(run.local_time)}  {show_utc(run.trigger_time)}  {run.display_name}"
        for run in explanation.next_runs
    ]
    first = explanation.next_runs[0]
    lines[1:1] = [f"{INDENT}{name} = {show_value(value)}" for name, value in first.inputs.items()]
    return tuple(lines)


def _remarks(explanation: Explanation) -> tuple[str, ...]:
    return tuple(line for diagnostic in explanation.diagnostics for line in str(diagnostic).splitlines())
