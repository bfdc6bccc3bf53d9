"""Long lines for a terminal: wrapped at words, what follows further in than the first."""

from __future__ import annotations

from collections.abc import Iterator

HANG = 2
LEAST_ROOM = 20


def wrap_line(line: str, width: int | None, hang: int | None = None) -> Iterator[str]:
    """The lines that a line becomes in so many columns; None: itself. ``hang``: where those after the first begin,
    else a little further in than the first. Words are never cut: paths stay whole, to be copied and clicked."""
    if width is None or len(line) <= width:
        yield line
        return
    from textwrap import TextWrapper  # costs time that few need

    indent = len(line) - len(line.lstrip(" ")) + HANG if hang is None else hang
    if width - indent < LEAST_ROOM:
        indent = 0
    wrapper = TextWrapper(width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
    yield from wrapper.wrap(line)
