"""Fixing files inside tests: what ``--fix`` does, without the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.checks.fixing.rounds import Checked, FixedFiles, fix_files
from pytest_mlschedule.schedules.files import Files
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.placeholders import NO_VALUES, Placeholders
from pytest_mlschedule.schedules.reader import Reader

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CRON = """\
name: nightly
trigger:
  type: cron
  expression: {}
create_job: azureml:score
"""
RECURRENCE = """\
name: nightly
trigger:
  type: recurrence
  frequency: week
  interval: 1
{}create_job: azureml:score
"""


class MemoryFiles:
    """Files that are in no folder; a path that is not known is a folder of all of them where it is "."."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        self.contents = {
            str(Path(path)): text if isinstance(text, bytes) else text.encode() for path, text in texts.items()
        }

    def read(self, path: str, limit: int) -> bytes:
        try:
            return self.contents[str(Path(path))][:limit]
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory") from None

    def exists(self, path: str) -> bool:
        return str(Path(path)) in self.contents or self.is_folder(path)

    def is_folder(self, path: str) -> bool:
        return path == "."

    def walk(self, folder: str) -> list[str]:
        return sorted(self.contents)


def check_in(files: Files, *paths: str, placeholders: Placeholders = NO_VALUES) -> Checked:
    """What a check finds in these files."""
    reader = Reader(files, placeholders)
    loaded = tuple(load_files(list(paths) or ["."], reader=reader))
    return Checked(files=loaded, result=check_files(loaded, CheckSettings(now=NOW, reader=reader)), reader=reader)


def fix_all(texts: Mapping[str, str | bytes]) -> FixedFiles:
    """The outcome of fixing files by name."""
    return fix_files(check_in, MemoryFiles(texts))


def fix_text(text: str, others: Mapping[str, str] | None = None) -> str:
    """What becomes of the text of one schedule file (``schedule.yml``), beside other files."""
    files = MemoryFiles({"schedule.yml": text, **(others or {})})
    outcome = fix_files(lambda source: check_in(source, "schedule.yml"), files)
    return next((file.after.decode() for file in outcome.files if file.path == "schedule.yml"), text)
