"""The data of a page: plain JSON data that its scripts read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pytest_mlschedule.costs.computes import Compute, compute_name
from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.planning.run import ScheduleRuns
from pytest_mlschedule.profile import ServiceProfile
from pytest_mlschedule.report.check_places import DISTRIBUTION, rule_name, shared_path
from pytest_mlschedule.report.page.content import PageContent, Piece
from pytest_mlschedule.report.page.run_code import encode_runs, encode_waits
from pytest_mlschedule.report.page.wall_clocks import list_zones, write_clock_changes, write_zone
from pytest_mlschedule.report.trigger_words import describe_trigger
from pytest_mlschedule.report.value_words import describe_action, show_value
from pytest_mlschedule.triggers.instant_words import name_zone
from pytest_mlschedule.triggers.window import to_epoch_floor

VERSION = 1


def write_data(content: PageContent) -> dict[str, Any]:
    """The document. Instants are epoch seconds, lengths seconds; what is not known is null; zones, computes and schedules are
    referred to by index. Runs are coded (see ``run_code``).
    """
    plan = content.plan
    window = plan.window.epochs
    zones = list_zones(part.source.zone_key for part in plan.parts)
    computes = _list_computes(content)
    return {
        "version": VERSION,
        "title": content.title,
        "made_at": to_epoch_floor(content.made_at),
        "window_there": content.window,
        "made_with": f"{DISTRIBUTION} {_own_version()}",
        "tzdata": plan.tzdata_version,
        "window": list(window),
        "zones": [write_zone(key, window) for key in zones],
        "computes": [_write_compute(name, content.computes.get(name)) for name in computes],
        "schedules": [
            {
                **_describe(part, content.profile),
                "zone": zones.index(part.source.zone_key),
                "pieces": [_write_piece(piece, computes) for piece in _find_pieces(part, content)],
                "runs": encode_runs(part.occurrences.epochs_between(*window)),
            }
            for part in plan.parts
        ],
        "clock_changes": write_clock_changes(plan, content.profile),
        "findings": _write_findings(content),
        "findings_left_out": content.findings.left_out,
        "broken": [shared_path(path) for path in content.findings.broken],
        "estimate": content.estimate,
        "no_estimate": content.no_estimate,
    }


def _own_version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "(not installed)"


def _describe(part: ScheduleRuns, profile: ServiceProfile) -> dict[str, Any]:
    """What a schedule says of itself. A plan that was read back knows less."""
    schedule = part.definition
    tags = {**part.source.tags, **(schedule.tags if schedule else {})}
    return {
        "name": part.source.schedule,
        "title": (schedule.display_name if schedule else None) or "",
        "description": (schedule.description if schedule else None) or "",
        "words": describe_trigger(schedule.trigger, profile).removeprefix("runs ") if schedule else "",
        "starts": describe_action(schedule) if schedule else "",
        "experiment": part.source.experiment_name,
        "tags": [f"{name}={show_value(value)}" for name, value in tags.items()],
        "enabled": schedule.is_enabled if schedule else True,
        "assumed": part.anchor_assumed,
        "zone_name": name_zone(part.time_zone),
        "source": shared_path(schedule.source) if schedule and schedule.source else "",
        "notes": [note.message for note in part.notes],
    }


def _find_pieces(part: ScheduleRuns, content: PageContent) -> Sequence[Piece]:
    """What its runs occupy; what the plan alone knows where nobody says more."""
    known = content.pieces.get(part.source.schedule)
    if known:
        return known
    compute = part.source.compute
    return (Piece(compute=compute_name(compute) if isinstance(compute, str) else None),)


def _write_piece(piece: Piece, computes: Sequence[str]) -> dict[str, Any]:
    return {
        "compute": None if piece.compute is None else computes.index(piece.compute),
        "offset": piece.offset,
        "length": piece.length,
        "longest": piece.longest,
        "nodes": piece.nodes,
        "fits": piece.fits,
        "waits": encode_waits(piece.waits),
    }


def _list_computes(content: PageContent) -> list[str]:
    """The names of all computes that runs use, in alphabetical order."""
    used = (piece.compute for part in content.plan.parts for piece in _find_pieces(part, content))
    return sorted({name for name in used if name is not None})


def _write_compute(name: str, compute: Compute | None) -> dict[str, Any]:
    return {
        "name": name,
        "size": compute.size if compute else None,
        "max_nodes": compute.max_nodes if compute else None,
        "min_nodes": compute.min_nodes if compute else 0,
    }


def _write_findings(content: PageContent) -> list[dict[str, Any]]:
    """Every finding with the schedules (by index) that it is about: those that use its place, and those of its file."""
    names = {name: index for index, name in enumerate(content.plan.schedules)}
    files: dict[str, list[int]] = {}
    for index, part in enumerate(content.plan.parts):
        if part.definition is not None and part.definition.source:
            files.setdefault(os.path.normpath(part.definition.source), []).append(index)
    users = content.findings.users
    return [_write_finding(item, _about(item, users.get(item, ()), names, files)) for item in content.findings.items]


def _about(
    item: Diagnostic, users: Iterable[str], names: Mapping[str, int], files: Mapping[str, Sequence[int]]
) -> list[int]:
    found = {names[user] for user in users if user in names}
    if not found and item.location is not None:
        found = set(files.get(os.path.normpath(item.location.path), ()))
    return sorted(found)


def _write_finding(item: Diagnostic, about: Sequence[int]) -> dict[str, Any]:
    place = item.location
    return {
        "code": item.code,
        "rule": rule_name(item.code),
        "severity": item.severity.value,
        "message": f"{item.field_name}: {item.message}" if item.field else item.message,
        "hint": item.hint,
        "path": shared_path(place.path) if place else "",
        "line": place.line if place else None,
        "column": place.column if place else None,
        "about": about,
    }
