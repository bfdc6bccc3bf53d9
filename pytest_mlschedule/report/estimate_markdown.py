"""An estimate as GitHub-flavoured Markdown: a table, and what there is to say below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_mlschedule.costs.estimate import Estimate
from pytest_mlschedule.report.estimate_words import HEADINGS, NUMBERS, make_rows, make_sections, show_total
from pytest_mlschedule.report.plan_markdown import escape_text, show_code
from pytest_mlschedule.report.time_words import show_utc


def write_markdown(estimate: Estimate) -> str:
    """The text, with a line break at its end."""
    return "\n".join(_lines(estimate)) + "\n"


def _lines(estimate: Estimate) -> Iterator[str]:
    total = f"{show_total(estimate)} {estimate.currency or ''}".rstrip()
    span = f"{show_utc(estimate.window.start)} to {show_utc(estimate.window.end)}"
    yield f"### Estimate: {total} for {estimate.runs:,} run{'' if estimate.runs == 1 else 's'}"
    yield ""
    yield f"From {span}."
    yield ""
    yield _line(HEADINGS)
    yield _line(["---:" if column in NUMBERS else "---" for column in range(len(HEADINGS))])
    for name, *cells in make_rows(estimate):
        yield _line([show_code(name), *map(escape_text, cells)])
    for section in make_sections(estimate):
        yield ""
        yield f"{section.title.capitalize()}"
        yield ""
        yield from (f"- {escape_text(sentence)}" for sentence in section.sentences)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
