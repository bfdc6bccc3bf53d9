"""What the rules of one module find, placed, without what others find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_mlschedule import Diagnostic, JobSchedule
from pytest_mlschedule.checks.rule import Rule, Situation, Thresholds
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.schedules.loader import load_schedules
from pytest_mlschedule.schedules.models import JobDefinition
from pytest_mlschedule.schedules.reader import in_file_order
from pytest_mlschedule.triggers.window import Window

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def find(
    rules: Iterable[Rule],
    *schedules: JobSchedule,
    jobs: Mapping[str, JobDefinition] | None = None,
    profile: ServiceProfile = DEFAULT_PROFILE,
    days: int = 31,
    **thresholds: Any,
) -> list[Diagnostic]:
    situation = Situation(
        schedules=schedules,
        now=NOW,
        window=Window(NOW, NOW + timedelta(days=days)),
        jobs=jobs or {},
        profile=profile,
        thresholds=Thresholds(**thresholds),
    )
    return in_file_order(_run(rules, situation))


def _run(rules: Iterable[Rule], situation: Situation) -> Iterator[Diagnostic]:
    for rule in rules:
        for schedule in situation.schedules if rule.check else ():
            assert rule.check is not None
            for item in rule.check(schedule, situation):
                assert (item.code, item.severity) == (rule.code, rule.severity)
                yield item if item.location else schedule.locate(item)
        if rule.check_all is not None:
            yield from rule.check_all(situation)


def find_in_files(
    rules: Iterable[Rule], folder: Path, files: Mapping[str, str], *named: str, **options: Any
) -> list[str]:
    """Writes files, loads those that are named, and gives the findings as people see them, paths relative to the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    schedules = load_schedules([folder / name for name in named])
    return [str(item).replace(f"{folder}/", "") for item in find(rules, *schedules, **options)]
