"""The ``trigger`` mapping of a schedule document, read as azure-ai-ml reads it, with every problem at once (sdk.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pytest_mlschedule.diagnostics import Diagnostic, PathPart, Severity, error
from pytest_mlschedule.profile import DEFAULT_PROFILE, ServiceProfile
from pytest_mlschedule.triggers.cron import CronTrigger, settle_cron
from pytest_mlschedule.triggers.field_values import wrong_type
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger, settle_recurrence
from pytest_mlschedule.triggers.recurrence_pattern import PATTERN_KEYS
from pytest_mlschedule.triggers.timestamps import refuse_date
from pytest_mlschedule.triggers.trigger_base import settle_limits
from pytest_mlschedule.triggers.wording import list_names, nearest, quote

_SHARED_KEYS = ("start_time", "end_time", "time_zone")
TRIGGER_KEYS = {
    "cron": ("type", "expression", *_SHARED_KEYS),
    "recurrence": ("type", "frequency", "interval", "schedule", *_SHARED_KEYS),
}
_ALL_KEYS = tuple(dict.fromkeys(key for keys in TRIGGER_KEYS.values() for key in keys))
_RENAMED = {
    "weekdays": "week_days",
    "weekday": "week_days",
    "monthdays": "month_days",
    "monthday": "month_days",
    "timezone": "time_zone",
    "pattern": "schedule",
    "cron": "expression",
    "start": "start_time",
    "end": "end_time",
}
_EVENT_WORDS = ("event", "blob", "storage", "data", "arrival", "message", "queue")

Found = tuple[CronTrigger | RecurrenceTrigger | None, tuple[Diagnostic, ...]]


def read_trigger(data: object, *, profile: ServiceProfile = DEFAULT_PROFILE) -> Found:
    """The trigger of a mapping as it stands in YAML, and everything to say about it; None when there is an error.

    The fields of the diagnostics count from the mapping: ``("schedule", "hours", 1)``. Accepts and rejects what the
    client does, and rejects values that cannot run at the service.
    """
    if not isinstance(data, Mapping):
        return None, (wrong_type(data, "a mapping with type: cron or type: recurrence", ()),)
    kind, problems = _read_kind(data)
    if not kind and any(problem.code == "MLS012" for problem in problems):
        return None, tuple(problems)  # nobody knows the keys of a trigger that does not exist
    given = {key: value for key, value in data.items() if value is not None and key in _ALL_KEYS}
    other = _other_kind(kind, data)
    if other is not None:
        return None, (*problems, other)  # what is missing and what is too much are this one problem
    problems += _key_problems(data, TRIGGER_KEYS.get(kind, _ALL_KEYS), ())
    schedule = data.get("schedule")
    if kind == "recurrence" and isinstance(schedule, Mapping):
        problems += _key_problems(schedule, PATTERN_KEYS, ("schedule",))
        given["schedule"] = {key: value for key, value in schedule.items() if value is not None}
    elif kind == "recurrence" and "schedule" in given:
        problems.append(wrong_type(given.pop("schedule"), "a mapping with hours and minutes", ("schedule",)))
    for key in ("start_time", "end_time"):
        if isinstance(given.get(key), date):
            problems.append(refuse_date(given.pop(key), key))
    nulls = {problem.field for problem in problems}
    echoes = {("MLS007", field) for field in _meant(problems)}
    settled = [problem for problem in _settle(kind, given, profile) if problem.field not in nulls]
    problems += [problem for problem in settled if (problem.code, problem.field) not in echoes]
    ordered = tuple(sorted(problems, key=lambda problem: _place(data, problem.field)))
    if any(problem.severity is Severity.ERROR for problem in ordered):
        return None, ordered
    return _build(kind, given, profile), ordered


def _other_kind(kind: str, data: Mapping[object, object]) -> Diagnostic | None:
    """MLS009 where the type is one kind and every key of its own is one of the other kind's: the type has to change."""
    keys = {name: set(data) & set(own) - {"type", *_SHARED_KEYS} for name, own in TRIGGER_KEYS.items()}
    other = next((name for name in TRIGGER_KEYS if name != kind and keys[name]), None)
    if "type" not in data or kind not in keys or keys[kind] or other is None:
        return None
    names = [key for key in TRIGGER_KEYS[other] if key in keys[other]]
    verb = "belongs" if len(names) == 1 else "belong"
    message = f"the type is {kind}, and {list_names(names)} {verb} to a {other} trigger"
    return error("MLS009", message, f"write {other}, or give the trigger the keys of {kind}", ("type",))


def _meant(problems: list[Diagnostic]) -> set[tuple[PathPart, ...]]:
    """The keys that misspelt ones stand for: that they are missing goes without saying."""
    found = [problem for problem in problems if problem.code == "MLS006" and problem.hint.startswith("write ")]
    return {(*problem.field[:-1], problem.hint.removeprefix("write ")) for problem in found}


def _settle(kind: str, given: Mapping[str, object], profile: ServiceProfile) -> list[Diagnostic]:
    if kind == "cron":
        return settle_cron(given, profile)[1]
    if kind == "recurrence":
        return settle_recurrence(given, profile)[1]
    return settle_limits(given, profile)[1]


def _build(kind: str, given: Mapping[str, object], profile: ServiceProfile) -> CronTrigger | RecurrenceTrigger:
    if kind == "cron":
        return CronTrigger.from_mapping(given, profile)
    return RecurrenceTrigger.from_mapping(given, profile)


def _read_kind(data: Mapping[object, object]) -> tuple[str, list[Diagnostic]]:
    """``cron`` or ``recurrence``, guessed from the other keys where ``type`` does not say it, else empty."""
    guess = "cron" if "expression" in data else "recurrence" if "frequency" in data or "interval" in data else ""
    at = ("type",)
    if "type" not in data:
        hint = f"add type: {guess}" if guess else "add type: cron or type: recurrence"
        return guess, [error("MLS007", "a trigger needs type", hint, at)]
    value = data["type"]
    text = value if isinstance(value, str) else None
    if text is None:
        # Null is reported with the other nulls.
        return guess, [] if value is None else [wrong_type(value, "a trigger type: cron or recurrence", at)]
    if text.lower() in TRIGGER_KEYS:
        return text.lower(), []
    if any(word in text.lower() for word in _EVENT_WORDS):
        message = f"trigger type {quote(text)}: Azure Machine Learning v2 schedules don't support event-based triggers"
        hint = "use cron or recurrence, or start the job from an event handler of your own"
        return guess, [error("MLS012", message, hint, at)]
    near = nearest(text, TRIGGER_KEYS) or ([guess] if guess else [])
    hint = f"write {near[0]}" if near else "write cron or recurrence"
    return guess, [error("MLS009", f"{quote(text)} is not a trigger type: cron or recurrence", hint, at)]


def _key_problems(
    data: Mapping[object, object], allowed: tuple[str, ...], path: tuple[PathPart, ...]
) -> list[Diagnostic]:
    """Unknown keys and explicit nulls of a mapping."""
    problems = []
    for key, value in data.items():
        if key not in allowed:
            problems.append(_unknown_key(key, allowed, path))
        elif value is None:
            problems.append(wrong_type(None, "a value for this key", (*path, _key_text(key))))
    return problems


def _unknown_key(key: object, allowed: tuple[str, ...], path: tuple[PathPart, ...]) -> Diagnostic:
    """MLS006 with the right key, or where the key belongs."""
    name = _key_text(key)
    where = "a pattern" if path else "this trigger"
    return error("MLS006", f"{quote(key)} is not a key of {where}", _right_key(name, allowed, path), (*path, name))


def _right_key(name: str, allowed: tuple[str, ...], path: tuple[PathPart, ...]) -> str:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name[:100]).lower()
    forms = (snake, _RENAMED.get(snake, snake), f"{snake}s", snake.removesuffix("s"))
    known = next((form for form in forms if form in allowed), None)
    if known is not None:
        return f"write {known}"
    elsewhere = next((form for form in forms if form in (*_ALL_KEYS, *PATTERN_KEYS)), None)
    if elsewhere in PATTERN_KEYS:
        return (
            f"{elsewhere} belongs under schedule" if "schedule" in allowed else "days and times are part of expression"
        )
    if elsewhere is not None and path:
        return f"{elsewhere} belongs to the trigger, one level up"
    if elsewhere is not None:
        kind = next(kind for kind, keys in TRIGGER_KEYS.items() if elsewhere in keys)
        return f"{elsewhere} belongs to a {kind} trigger"
    near = nearest(name, allowed)
    return f"did you mean {near[0]}?" if near else f"the keys are {list_names(allowed)}"


def _place(data: Mapping[object, object], field: tuple[PathPart, ...]) -> tuple[int, int]:
    """Sorts problems in the order of the document; missing keys come last."""
    keys = [_key_text(key) for key in data]
    first = keys.index(str(field[0])) if field and field[0] in keys else len(keys)
    schedule = data.get("schedule")
    inner = [_key_text(key) for key in schedule] if isinstance(schedule, Mapping) and len(field) > 1 else []
    second = inner.index(str(field[1])) if len(field) > 1 and field[1] in inner else len(inner)
    return first, second


def _key_text(key: object) -> str:
    """A key as the part of a diagnostic's field: YAML has keys that are no texts."""
    return key if isinstance(key, str) else quote(key)
