"""The jobs of parsed JSON: a list, one job, or a page of a REST listing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic, error, warning
from pytest_mlschedule.history.job import HistoricJob, Place
from pytest_mlschedule.history.shapes import read_job
from pytest_mlschedule.schedules.problems import describe

COMMAND = "az ml job list -o json > jobs.json"
SHOWN_ALIKE = 5
_MARKS = ("name", "runId", "display_name", "displayName")
_LISTS = {"Items": "prices", "resources": "an ARM template"}


def read_listing(data: Any, path: str) -> tuple[list[HistoricJob], list[Diagnostic]]:
    """The jobs, and every problem; fields of the problems begin with the place of the job in the list."""
    if isinstance(data, Mapping) and isinstance(data.get("value"), list):
        items = data["value"]
        more = data.get("nextLink")
    elif isinstance(data, list):
        items, more = data, None
    elif isinstance(data, Mapping) and _is_job(data):
        items, more = [data], None
    else:
        return [], [_refuse(data)]
    jobs: list[HistoricJob] = []
    refused: list[Diagnostic] = []
    found: list[Diagnostic] = []
    for position, item in enumerate(items):
        if not isinstance(item, Mapping) or not _is_job(item):
            refused.append(_refuse_item(item).under(position))
            continue
        job, notes = read_job(item, Place(path, position))
        jobs.append(job)
        found += [one.under(position) for one in notes]
    if refused:
        return [], _first(refused)
    if more:
        found.append(_cut())
    return jobs, found


def _is_job(item: Mapping[str, Any]) -> bool:
    return not _is_schedule(item) and any(isinstance(item.get(key), str) for key in _MARKS)


def _is_schedule(item: Mapping[str, Any]) -> bool:
    inner = item.get("properties")
    return "trigger" in item or (isinstance(inner, Mapping) and isinstance(inner.get("trigger"), Mapping))


def _refuse(data: Any) -> Diagnostic:
    what = describe(data)
    if isinstance(data, Mapping):
        kind = next((kind for key, kind in _LISTS.items() if key in data), None)
        what = kind or ("a schedule" if _is_schedule(data) else "an object without name and display_name")
    return error("MLS008", f"must be a list of jobs, not {what}", f"make it with: {COMMAND}")


def _refuse_item(item: Any) -> Diagnostic:
    if not isinstance(item, Mapping):
        return error("MLS008", f"must be a job, not {describe(item)}", f"make the file with: {COMMAND}")
    if _is_schedule(item):
        hint = f"this looks like az ml schedule list; jobs come from: {COMMAND}"
        return error("MLS008", "must be a job, not a schedule", hint)
    return error("MLS007", "is no job: it has neither name nor display_name", f"make the file with: {COMMAND}")


def _first(refused: list[Diagnostic]) -> list[Diagnostic]:
    """The first few, and how many more there are: a file of something else has nothing but these."""
    more = len(refused) - SHOWN_ALIKE
    if more <= 0:
        return refused
    return [*refused[:SHOWN_ALIKE], error("MLS008", f"and {more:,} more items that are no jobs")]


def _cut() -> Diagnostic:
    text = "the listing goes on behind nextLink: jobs are missing from it"
    return warning("MLS009", text, "save the pages that follow, and name them too", ("nextLink",))
