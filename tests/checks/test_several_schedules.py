"""Files of several schedules: an error in one hides nothing about the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pytest_mlschedule.checks.check import CheckSettings, check_files
from pytest_mlschedule.schedules.files import Disk
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.reader import Reader


def export(folder: Path, **expressions: str) -> Path:
    listed = [
        {
            "name": name,
            "trigger": {"type": "cron", "expression": expression, "time_zone": "UTC"},
            "create_job": f"azureml:{name}",
            "provisioning_state": "Succeeded",
        }
        for name, expression in expressions.items()
    ]
    path = folder / "export.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


def test_an_error_in_one_schedule_hides_nothing_about_the_others(tmp_path: Path) -> None:
    reader = Reader()
    (file,) = load_files(export(tmp_path, one="0 2 1 * *", two="0 99 * * *"), reader=reader)
    assert [schedule.name for schedule in file.schedules] == ["one"]
    assert file.is_broken
    found = check_files([file], CheckSettings(now=datetime(2026, 1, 15, tzinfo=UTC), reader=reader)).findings
    assert sorted(item.code for item in found) == ["MLS102", "MLS103", "MLS107", "MLS308", "MLS507"]


class Locked(Disk):
    """A disk with a file that nobody may read."""

    def read(self, path: str, limit: int) -> bytes:
        if path.endswith("locked.yml"):
            raise PermissionError(13, "Permission denied")
        return super().read(path, limit)


def test_a_file_that_nobody_may_read_is_told_also_where_nobody_named_it(tmp_path: Path) -> None:
    (tmp_path / "locked.yml").write_text("name: x", encoding="utf-8")
    (tmp_path / "other.yml").write_text("on: [push]", encoding="utf-8")
    (file,) = load_files(tmp_path, reader=Reader(Locked()))
    assert [(item.code, item.message) for item in file.diagnostics] == [("MLS001", "cannot be read: Permission denied")]
