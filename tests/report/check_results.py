"""Results of a check for the tests of its formats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import strategies as st

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity
from pytest_mlschedule.report.check_context import CheckContext

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


def context(
    texts: Mapping[str, str] | None = None,
    *,
    files: tuple[str, ...] = (),
    fail_on: Severity = Severity.WARNING,
    root: str = "",
) -> CheckContext:
    """A context that knows these texts, by the paths of locations."""
    known = texts or {}
    return CheckContext(files=files or tuple(known), read_text=known.get, now=NOW, fail_on=fail_on, root=root)


def finding(
    code: str = "MLS103", at: str | None = "schedules/nightly.yml:4:16", severity: str = "warning", **more: object
) -> Diagnostic:
    """A finding, its place as people write it."""
    place = None
    if at is not None:
        path, line, column = at.rsplit(":", 2)
        place = Location(path, int(line), int(column))
    values = {"message": "DAYS is ignored", "hint": "", "field": ("trigger", "expression")} | more
    return Diagnostic(code, Severity(severity), location=place, **values)  # type: ignore[arg-type]


def result(*findings: Diagnostic, suppressed: tuple[Diagnostic, ...] = ()) -> CheckResult:
    """What a check of one file found."""
    return CheckResult(findings=findings, suppressed=suppressed, files=1, schedules=1)


# Whatever a file can make us quote; halves of characters too, which JSON can hold and nothing can write.
texts = st.text(max_size=60) | st.text(alphabet="%:;,]\r\n=#[AZP2503BD \t", max_size=30)
whole_texts = texts.map(lambda text: "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in text))
paths = st.lists(
    st.text(alphabet="abc %:;,]=#é😀", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=3
).map("/".join)


@st.composite
def diagnostics(draw: st.DrawFn) -> Diagnostic:
    """Any finding."""
    place = draw(st.none() | st.builds(Location, paths, st.integers(1, 99), st.integers(1, 99)))
    return Diagnostic(
        code=draw(st.sampled_from(["MLS001", "MLS103", "MLS999"])),
        severity=draw(st.sampled_from(Severity)),
        message=draw(texts),
        hint=draw(texts),
        location=place,
        field=draw(st.tuples() | st.just(("trigger", "hours", 0))),
    )


results = st.builds(
    CheckResult,
    findings=st.lists(diagnostics(), max_size=5).map(tuple),
    suppressed=st.lists(diagnostics(), max_size=2).map(tuple),
)
