"""A calibration as text: each knob with its verdict and evidence, and what to write into the configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_mlschedule.planning.calibration_result import Calibration, Verdict
from pytest_mlschedule.report.audit_calibration_words import (
    NOT_TOLD,
    ORDER,
    describe_evidence,
    describe_verdict,
    sort_verdicts,
    write_profile,
)
from pytest_mlschedule.report.time_words import show_utc
from pytest_mlschedule.report.wrapping import wrap_line
from pytest_mlschedule.triggers.wording import list_names

Paint = Callable[[Verdict, str], str]
INDENT = " " * 4
_WIDTH = max(map(len, ORDER))


def write_text(
    calibration: Calibration, width: int | None = None, paint: Paint = lambda verdict, text: text
) -> Iterator[str]:
    """The lines, with their ends. ``width``: the columns of a terminal; ``paint`` gives the verdicts their colours."""
    window = calibration.window
    if window is not None:
        head = f"What ran from {show_utc(window.start)} to {show_utc(window.end)} says of the service profile:"
        yield from (f"{part}\n" for part in wrap_line(head, width))
        yield "\n"
    for verdict in sort_verdicts(calibration):
        head = verdict.verdict.ljust(_WIDTH)
        first, *rest = wrap_line(f"{head}  {verdict.knob}: {describe_verdict(verdict)}", width, _WIDTH + 2)
        yield f"{paint(verdict.verdict, head)}{first[len(head) :]}\n"
        yield from (f"{part}\n" for part in rest)
        for line in describe_evidence(verdict):
            yield from (f"{part}\n" for part in wrap_line(f"{INDENT}{line}", width))
    lines = list(write_profile(calibration))
    if lines:
        yield "\nTo plan with what the history shows, write into mlschedule.toml:\n\n"
        yield from (f"{line}\n" for line in lines)
    told = f"A history cannot tell {list_names(NOT_TOLD)}."
    yield "\n"
    yield from (f"{part}\n" for part in wrap_line(told, width))
