"""Rules never raise, whatever loads: every file of fixtures, examples and docs, actions that are no jobs, objects of azure-ai-ml."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from docs_pages import ROOT, read_blocks

from pytest_mlschedule import (
    CronTrigger,
    DefinitionError,
    Diagnostic,
    FakeWorkspace,
    JobSchedule,
    PipelineJob,
    RecurrenceTrigger,
    check_schedules,
    load_schedules,
)
from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.schedules.loader import load_files

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FOLDERS = ("fixtures", "examples")
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md"), ROOT / "README.md"])


def loaded(folder: Path) -> list[JobSchedule]:
    return [schedule for file in load_files(folder) for schedule in file.schedules]


def check(schedules: list[JobSchedule]) -> list[Diagnostic]:
    found = check_schedules(schedules, now=NOW)
    assert {item.code for item in found} <= set(CATALOGUE)
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_files_of_the_repository(folder: str) -> None:
    schedules = loaded(ROOT / folder)
    assert schedules
    check(schedules)
    for schedule in schedules:
        check([schedule])


def pages_with_schedules() -> Iterator[Path]:
    for page in PAGES:
        if any(block.title.endswith((".yml", ".yaml", ".json")) for block in read_blocks(page)):
            yield page


@pytest.mark.parametrize("page", sorted(pages_with_schedules()), ids=lambda page: str(page.relative_to(ROOT)))
def test_files_of_the_docs(page: Path, tmp_path: Path) -> None:
    for block in read_blocks(page):
        if block.title.endswith((".yml", ".yaml", ".json")) and " " not in block.title:
            path = tmp_path / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    check(loaded(tmp_path))


TRIGGERS: tuple[Any, ...] = (
    CronTrigger("* * * * *"),
    CronTrigger("30 2 1 1 *", start_time="2026-01-01T00:00:00", time_zone="Pacific Standard Time"),
    CronTrigger("0 0 * * *", end_time="2020-01-01T00:00:00"),
    CronTrigger("0 0 * * *", start_time="2199-12-31T00:00:00"),
    RecurrenceTrigger("month", 16, start_time="1970-01-31T00:00:00"),
    RecurrenceTrigger("minute", 1),
)
ACTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"create_job": "train"},
    {"create_job": PipelineJob(id="train", inputs={"a": 1})},
    {"create_job": PipelineJob()},
    {"create_monitor": {"compute": {}}},
    {"import_data": {"type": "mltable"}},
    {"action": {"actionType": "InvokeBatchEndpoint"}},
)


def test_every_action_with_every_trigger() -> None:
    pairs = enumerate(product(TRIGGERS, ACTIONS))
    texts = {"description": "hourly, every Monday at 9 am, monthly", "display_name": "Nightly"}
    schedules = [
        JobSchedule(name=f"s{number}", trigger=trigger, **action, **texts) for number, (trigger, action) in pairs
    ]
    check(schedules)
    for schedule in schedules:
        check([schedule])


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 12, 1, tzinfo=UTC)])
def test_at_the_ends_of_time(now: datetime) -> None:
    schedules = [
        JobSchedule(name=f"s{number}", trigger=trigger, description="daily") for number, trigger in enumerate(TRIGGERS)
    ]
    assert {item.code for item in check_schedules(schedules, now=now)} <= set(CATALOGUE)


def test_what_a_workspace_holds(tmp_path: Path) -> None:
    workspace = FakeWorkspace()
    for schedule in load_schedules(ROOT / "examples" / "quickstart" / "schedules"):
        workspace.schedules.begin_create_or_update(schedule)
    check(list(workspace.schedules.list()))


def test_objects_of_the_sdk() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure.ai.ml.entities._load_functions import load_schedule

        path = ROOT / "fixtures" / "seed" / "recurrence.yml"
        found = check_schedules(load_schedule(path), now=NOW)
    assert "MLS511" in {item.code for item in found}
    assert {item.location for item in found} == {None}


def test_files_with_errors_do_not_stop_the_others(tmp_path: Path) -> None:
    good = 'name: n\ntrigger: {type: cron, expression: "* * * * *"}\ncreate_job: azureml:j\n'
    (tmp_path / "a.yml").write_text(good.replace("* * * * *", "61 * * * *"), encoding="utf-8")
    (tmp_path / "b.yml").write_text(good, encoding="utf-8")
    with pytest.raises(DefinitionError):
        load_schedules(tmp_path)
    assert {"MLS507", "MLS603"} <= {item.code for item in check(loaded(tmp_path))}
