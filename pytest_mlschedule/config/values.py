"""Values of a configuration: what each kind takes, our words for what it does not, and its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError, WithJsonSchema, model_validator

from pytest_mlschedule.checks.limits import QuietHours
from pytest_mlschedule.diagnostics import Diagnostic, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.placeholders import LINE_BREAK, NAME
from pytest_mlschedule.schedules.problems import describe, found_by, problems_of, refuse, unknown_key
from pytest_mlschedule.triggers.window import DURATION_FORM, parse_duration
from pytest_mlschedule.triggers.wording import quote
from pytest_mlschedule.triggers.zone_names import SDK_ZONES
from pytest_mlschedule.triggers.zones import resolve_zone

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_HOURS = re.compile(rf"({_CLOCK})\s*-\s*({_CLOCK}|24:00)", re.ASCII)
_PLACEHOLDER_NAME = re.compile(NAME, re.ASCII)
HOURS_FORM = 'write "22:00-06:00", or {from = "22:00", to = "06:00", zone = "Pacific Standard Time"}'


class Table(BaseModel):
    """A table of a configuration. Keys may have dashes instead of underscores; unknown ones are refused.

    Every problem of the table and of those in it is reported at once, with our codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: Callable[[Any], Any]) -> Any:
        if not isinstance(data, Mapping):
            raise refuse(error("MLS008", f"must be a table, not {describe(data)}"))
        given, found = _rename(data, cls.keys())
        value = None
        try:
            value = handler(given)
        except ValidationError as failure:
            found += problems_of(failure, ())
        if found:
            raise refuse(*found)
        return value

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The keys that the table may have, as a file writes them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


def _rename(data: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The table with underscores in its keys, without those that are not known; and what is wrong with its keys."""
    spelt = {key.replace("_", "-"): key for key in keys} | {key: key for key in keys}
    given: dict[str, Any] = {}
    found = []
    for key, value in data.items():
        name = spelt.get(key)
        if name is None:
            found.append(unknown_key((key,), keys))
        elif name in given:
            text = f"{name} is given twice, with a dash and with an underscore"
            found.append(error("MLS005", text, "keep one of them", (key,)))
        else:
            given[name] = value
    return given, found


def is_plain_text(value: object) -> bool:
    """Whether a value is text that is not empty."""
    return isinstance(value, str) and bool(value.strip())


def read_text(value: Any) -> str:
    """Text, not empty."""
    if not is_plain_text(value):
        what = "empty" if isinstance(value, str) else describe(value)
        raise refuse(error("MLS008", f"must be text, not {what}", "" if isinstance(value, str) else "quote it"))
    return str(value)


def read_texts(value: Any) -> tuple[str, ...]:
    """A list of texts; one text stands for a list of one."""
    if isinstance(value, str):
        return (read_text(value),)
    if not isinstance(value, list):
        raise refuse(error("MLS008", f"must be a list of texts, not {describe(value)}"))
    return tuple(_read_each(value, read_text))


def _read_each(values: list[Any], read: Callable[[Any], Any]) -> list[Any]:
    """Every item read, or every problem of every item."""
    results, found = [], []
    for index, item in enumerate(values):
        result, problems = found_by(read, item)
        results.append(result)
        found += [problem.under(index) for problem in problems]
    if found:
        raise refuse(*found)
    return results


def _read_count(least: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse(error("MLS008", f"must be a whole number, not {describe(value)}"))
        if value < least:
            raise refuse(error("MLS009", f"must be {least} or more, not {value}"))
        return value

    return read


def read_length(value: Any) -> timedelta:
    """A length of time above zero."""
    if not isinstance(value, str):
        raise refuse(error("MLS008", f"must be a length of time as text, not {describe(value)}", DURATION_FORM))
    try:
        length = parse_duration(value)
    except OverflowError:
        raise refuse(error("MLS009", f"{value!r} is longer than any time there is")) from None
    except ValueError:
        raise refuse(error("MLS009", f"{value!r} is not a length of time", DURATION_FORM)) from None
    if not length:
        raise refuse(error("MLS009", f"{value!r} is no time at all", DURATION_FORM))
    return length


def read_zone(value: Any) -> tuple[str, str]:
    """The name and the IANA key of a time zone, by its Windows or IANA name."""
    name = read_text(value)
    try:
        match = resolve_zone(name, iana="accept")
    except DefinitionError as failure:
        found = failure.diagnostics[0]
        hint = f"{found.hint.rstrip('?')}; IANA names such as Europe/Paris work here too"
        raise refuse(error(found.code, f"{quote(name)} is not a time zone", hint)) from None
    return match.name, match.key


def read_severity(value: Any) -> Severity:
    """A severity by its name."""
    if value not in [one.value for one in Severity]:
        raise refuse(error("MLS009", f"{quote(value)} is not a severity: error, warning or note"))
    return Severity(value)


def read_values(value: Any) -> dict[str, str]:
    """Values of placeholders: text, or a number or boolean that becomes the text it is written as."""
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be a table of values by name, not {describe(value)}"))
    found = [item for name, one in value.items() for item in _problems_of_value(name, one)]
    if found:
        raise refuse(*found)
    return {name: str(item).lower() if isinstance(item, bool) else str(item) for name, item in value.items()}


def _problems_of_value(name: str, value: Any) -> Iterator[Diagnostic]:
    if not _PLACEHOLDER_NAME.fullmatch(name):
        text = f"{quote(name)} is not a name that a placeholder can have"
        yield error("MLS006", text, "letters, digits, _, . and -, a letter or _ first", (name,))
    if not isinstance(value, str | int | float):
        hint = 'quote a name that has dots: "a.b" = 1' if isinstance(value, Mapping) else "quote it"
        yield error("MLS008", f"must be text, not {describe(value)}", hint, (name,))
    elif LINE_BREAK.search(str(value)):
        yield error("MLS009", "a value is one line of text", "", (name,))


def read_selectors(value: Any) -> tuple[str, ...]:
    """Codes of rules, starts of codes, or names."""
    texts = read_texts(value)
    problems = [(index, _problem_of(text)) for index, text in enumerate(texts)]
    found = [_in_list(error("MLS009", problem), index, value) for index, problem in problems if problem]
    if found:
        raise refuse(*found)
    return texts


def _problem_of(selector: str) -> str | None:
    # Costs time that few need.
    from pytest_mlschedule.checks.catalogue import CATALOGUE
    from pytest_mlschedule.checks.selection import check_selector

    return check_selector(selector, CATALOGUE)


def _in_list(problem: Diagnostic, index: int, value: Any) -> Diagnostic:
    """The problem of an item, where there is a list and not one text that stands for it."""
    return problem.under(index) if isinstance(value, list) else problem


def read_severities(value: Any) -> dict[str, Severity]:
    """Severities by rule."""
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be a table of severities by rule, not {describe(value)}"))
    result: dict[str, Severity] = {}
    found: list[Diagnostic] = []
    for selector, item in value.items():
        problem = _problem_of(selector)
        if problem:
            found.append(error("MLS006", problem, "", (selector,)))
        severity, problems = found_by(read_severity, item)
        found += [one.under(selector) for one in problems]
        result[selector] = severity
    if found:
        raise refuse(*found)
    return result


class _Hours(Table):
    start: Annotated[str, PlainValidator(read_text), Field(alias="from")]
    end: Annotated[str, PlainValidator(read_text), Field(alias="to")]
    zone: Annotated[tuple[str, str], PlainValidator(read_zone)] | None = None


def read_quiet_hours(value: Any) -> tuple[QuietHours, ...]:
    """One or several spans of hours, each as text or as a table."""
    if isinstance(value, list):
        return tuple(_read_each(value, _read_span))
    return (_read_span(value),)


def _read_span(value: Any) -> QuietHours:
    if isinstance(value, str):
        return _span(value, ("UTC", ""))
    if not isinstance(value, Mapping):
        raise refuse(error("MLS008", f"must be hours as text or a table, not {describe(value)}", HOURS_FORM))
    try:
        given = _Hours.model_validate(value)
    except ValidationError as failure:
        raise refuse(*problems_of(failure, ())) from None
    return _span(f"{given.start}-{given.end}", given.zone or ("UTC", ""))


def _span(text: str, zone: tuple[str, str]) -> QuietHours:
    """Hours of a zone; an empty key stands for the zone of the configuration."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise refuse(error("MLS009", f"{text!r} are not hours", HOURS_FORM))
    start, end = (_second_of_day(clock) for clock in match.groups())
    if start == end:
        raise refuse(error("MLS009", f"{text!r} is no time at all", 'write "00:00-24:00" for the whole day'))
    return QuietHours(start=start, end=end, zone_name=zone[0], zone_key=zone[1])


def _second_of_day(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def _schema(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema(schema)


_SPAN_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": rf"^\s*{_CLOCK}\s*-\s*({_CLOCK}|24:00)\s*$"},
        {
            "type": "object",
            "properties": {
                "from": {"type": "string", "pattern": f"^{_CLOCK}$"},
                "to": {"type": "string", "pattern": f"^({_CLOCK}|24:00)$"},
                "zone": {"type": "string"},
            },
            "required": ["from", "to"],
            "additionalProperties": False,
        },
    ]
}

_LENGTH_PATTERN = r"^\s*(?=\S)" + "".join(rf"([0-9]{{1,9}}\s*[{unit}{unit.upper()}]\s*)?" for unit in "ywdhms") + "$"
Name = Annotated[str, PlainValidator(read_text), _schema(type="string", minLength=1)]
_NAMES_SCHEMA = _schema(
    anyOf=[
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        {"type": "string", "minLength": 1},
    ]
)
Names = Annotated[tuple[str, ...], PlainValidator(read_texts), _NAMES_SCHEMA]
Count = Annotated[int, PlainValidator(_read_count(0)), _schema(type="integer", minimum=0)]
Number = Annotated[int, PlainValidator(_read_count(1)), _schema(type="integer", minimum=1)]
Length = Annotated[timedelta, PlainValidator(read_length), _schema(type="string", pattern=_LENGTH_PATTERN)]
ZoneName = Annotated[
    tuple[str, str], PlainValidator(read_zone), _schema(anyOf=[{"enum": sorted(SDK_ZONES)}, {"type": "string"}])
]
Selectors = Annotated[tuple[str, ...], PlainValidator(read_selectors), _NAMES_SCHEMA]
Level = Annotated[Severity, PlainValidator(read_severity), _schema(enum=[one.value for one in Severity])]
Levels = Annotated[
    dict[str, Severity],
    PlainValidator(read_severities),
    _schema(type="object", additionalProperties={"enum": [one.value for one in Severity]}),
]
Texts = Annotated[
    dict[str, str],
    PlainValidator(read_values),
    _schema(type="object", additionalProperties={"type": ["string", "number", "boolean"]}),
]
Hours = Annotated[
    tuple[QuietHours, ...],
    PlainValidator(read_quiet_hours),
    _schema(anyOf=[*_SPAN_SCHEMA["anyOf"], {"type": "array", "items": _SPAN_SCHEMA}]),
]
