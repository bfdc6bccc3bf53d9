"""All variants, the client's recorded verdicts on them, ours, and the written list of values where ours is stricter."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_mlschedule import DefinitionError, JobSchedule, load_schedule

from .documents import Variant
from .overrides import job_file_variants, override_variants
from .pipelines import pipeline_variants
from .schedules import schedule_variants
from .triggers import trigger_variants

RECORD = Path(__file__).with_name("recorded.txt")
_STRICTER = Path(__file__).with_name("stricter.txt")
_SOURCES = (trigger_variants, schedule_variants, override_variants, job_file_variants, pipeline_variants)


@dataclass(frozen=True, slots=True)
class Stricter:
    """Why we reject values that the client sends: our code, the semantics rule, the reason."""

    code: str
    rule: str
    reason: str


@functools.cache
def all_variants() -> dict[str, Variant]:
    """Every variant by name."""
    found: dict[str, Variant] = {}
    for source in _SOURCES:
        for variant in source():
            assert variant.name not in found, variant.name
            found[variant.name] = variant
    return found


@functools.cache
def families() -> dict[str, list[Variant]]:
    """The variants by the first part of their names."""
    grouped: dict[str, list[Variant]] = {}
    for variant in all_variants().values():
        family = variant.name.split(": ")[0] if ": " in variant.name else "whole files"
        grouped.setdefault(family, []).append(variant)
    return grouped


@functools.cache
def stricter() -> dict[str, Stricter]:
    """The written list: name of the variant → why we reject it."""
    found: dict[str, Stricter] = {}
    for line in _STRICTER.read_text(encoding="utf-8").split("\n"):
        if line.startswith("@ "):
            code, rule, reason = line[2:].split(" ", 2)
            why = Stricter(code, rule, reason)
        elif line and not line.startswith("#"):
            found[line] = why
    return found


@functools.cache
def recorded() -> dict[str, bool]:
    """Whether the client accepted each variant when the record was made (``python -m agreement.record``)."""
    return dict(_read_record())


def _read_record() -> Iterator[tuple[str, bool]]:
    for line in RECORD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            family, letters = line.rsplit(" ", 1)
            for variant, letter in zip(families()[family], letters, strict=True):
                yield variant.name, letter == "a"


def load_ours(path: Path) -> tuple[JobSchedule | None, set[str]]:
    """Our schedule, or None and the codes of our errors."""
    try:
        return load_schedule(path), set()
    except DefinitionError as refused:
        return None, {problem.code for problem in refused.diagnostics if problem.severity == "error"}
