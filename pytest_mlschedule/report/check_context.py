"""What writers of findings know besides the findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.diagnostics import Severity
from pytest_mlschedule.report.findings import name_users

Style = Literal["error", "warning", "note", "path", "dim", "good"]


def _plain(text: str, _: Style) -> str:
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """``files``: the paths of the schedule files that were checked, as locations name them, in order.

    ``read_text`` gives the text of a file by the path of a location, None where there is none. ``width``: columns of the terminal
    that shows the text, None where there is none. ``paint`` colours a text for that terminal. ``root``: the folder from which
    annotations of a repository see paths; empty: as they were given. ``fixable``: how many findings ``--fix`` would mend.
    """

    files: tuple[str, ...]
    read_text: Callable[[str], str | None]
    now: datetime
    fail_on: Severity = Severity.WARNING
    width: int | None = None
    paint: Callable[[str, Style], str] = _plain
    root: str = ""
    fixable: int = 0


Writer = Callable[[CheckResult, CheckContext], str]
"""Makes the whole output of a check, its last line break included."""


def tell_users(result: CheckResult) -> CheckResult:
    """The result with findings that say who uses what they are about, where several do."""
    told = tuple(name_users(item, result.users.get(item, ())) for item in result.findings)
    return replace(result, findings=told)
