"""Files written into a folder and checked, with what was found as people see it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_mlschedule import Diagnostic
from pytest_mlschedule.checks.check import CheckResult, CheckSettings, check_files
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.reader import Reader

NOW = datetime(2026, 1, 5, tzinfo=UTC)
# With MLS103 at 4:20 where the expression names days.
SCHEDULE = """\
name: {name}
trigger:
  type: cron
  expression: "0 9 {days} * *"{comment}
  start_time: "2026-01-01T00:00:00"
create_job: azureml:report-{name}
"""
NOTES = ("MLS107", "MLS507")
"""What is said of such schedules besides, and is not what these tests are about."""


def schedule(name: str = "nightly", days: str = "1", comment: str = "") -> str:
    """A schedule file; with the days "1" MLS103 stands in line 4."""
    return SCHEDULE.format(name=name, days=days, comment=comment and f"  {comment}")


def check(folder: Path, files: Mapping[str, str], named: Sequence[str] = ("a.yml",), **settings: Any) -> CheckResult:
    """What a check of named files (all are written) finds, in the folder as the working directory; ``NOTES`` are not selected."""
    os.chdir(folder)
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    reader = Reader()
    given = {"selection": RuleSelection(ignore=NOTES), "now": NOW, "reader": reader} | settings
    return check_files(list(load_files(named, reader=reader)), CheckSettings(**given))


def brief(found: Sequence[Diagnostic]) -> list[str]:
    """Where and which, in order."""
    return [f"{item.location}: {item.code}" for item in found]


def full(found: Sequence[Diagnostic]) -> list[str]:
    """Whole texts, in order."""
    return list(map(str, found))
