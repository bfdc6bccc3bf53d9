"""Values of runs in words: inputs on one line, what a schedule starts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any

from pytest_mlschedule.schedules.frozen import thaw
from pytest_mlschedule.schedules.models import JobDefinition, JobSchedule
from pytest_mlschedule.schedules.overrides import reference_name
from pytest_mlschedule.triggers.wording import list_names

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
# What may stand without quotes: nothing that a terminal, a table or a reader takes for something else.
_PLAIN = re.compile(r"[\w.:/@{}$+%#-]+")


def show_values(values: Mapping[str, Any]) -> str:
    """``date=2026-03-08T10:00:00Z rows=5 data={"type": "uri_file"}``; empty for none."""
    return " ".join(f"{show_value(name)}={show_value(value)}" for name, value in values.items())


def show_value(value: Any) -> str:
    """One value on one line; texts with anything unusual in them, and what is no text, as JSON."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return show_json(value)


def show_json(value: Any) -> str:
    """Any value as JSON on one line, control characters escaped."""
    text = _ENCODER.encode(thaw(value))
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def describe_action(schedule: JobSchedule) -> str:
    """What a run starts: ``the job in pipelines/score.yml, with other inputs``."""
    job = schedule.create_job
    if isinstance(job, str):
        return f"the job {reference_name(job)} of the workspace"
    if job is not None:
        return _describe_job(job)
    if schedule.create_monitor is not None:
        return "a model monitor"
    if schedule.import_data is not None:
        return "a data import"
    action: Mapping[str, Any] = schedule.action if schedule.action is not None else {}
    kind = action.get("actionType") or action.get("action_type")
    return f"the action {kind}" if kind else "another action"


def _describe_job(job: JobDefinition) -> str:
    if job.id is not None:
        what = f"the job {reference_name(job.id)} of the workspace"
    elif job.path is not None:
        what = f"the {job.type} job in {os.path.normpath(job.path)}"
    else:
        what = f"a {job.type} job"
    changed = [name for name in job.overrides if name not in ("type", "job", "name")]
    return f"{what}, with other {list_names(changed)}" if changed else what
