"""A plan as a table of GitHub-flavoured Markdown, for pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mlschedule.report.listing import Listing, summarize


def write_markdown(listing: Listing) -> Iterator[str]:
    """The lines of the table, and what it amounts to as a paragraph below."""
    if len(listing.plan):
        yield _line([escape_text(heading) for heading in listing.headings])
        yield _line(["---"] * len(listing.headings))
        for run in listing.runs():
            schedule, *times, inputs = listing.cells(run)
            yield _line([show_code(schedule), *times, show_code(inputs)])
        yield "\n"
    yield "  \n".join(map(escape_text, summarize(listing))) + "\n"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def escape_text(text: str) -> str:
    """Plain text that Markdown takes for nothing else."""
    return "".join(f"\\{char}" if char in r"\`*_[]<>|~" else char for char in text)


def show_code(text: str) -> str:
    """A code span; a table cell ends at every bar that has no backslash, in code too."""
    if not text:
        return ""
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", r"\|")
