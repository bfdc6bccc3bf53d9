"""Data that the signals of a monitor read, between the REST API and YAML.

YAML says what is read and over which window; the REST API has three kinds of data: ``Trailing`` behind each run, ``Static`` between
two days, ``Fixed``. What YAML has no words for keeps those of REST.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mlschedule.diagnostics import Diagnostic
from pytest_mlschedule.schedules.frozen import FrozenDict
from pytest_mlschedule.schedules.rest_fields import RestObject
from pytest_mlschedule.schedules.rest_ports import input_to_rest, read_rest_input
from pytest_mlschedule.schedules.rest_spelling import camel, respell, snake
from pytest_mlschedule.triggers.cron import CronTrigger
from pytest_mlschedule.triggers.recurrence import RecurrenceTrigger

_WORDS = {
    "dataContext": "data_context",
    "columns": "data_column_names",
    "preprocessingComponentId": "pre_processing_component",
}
_PORT = {"inputDataType", "jobInputType", "uri"}
_WINDOWS = {
    "Trailing": {"windowSize": "lookback_window_size", "windowOffset": "lookback_window_offset"},
    "Static": {"windowStart": "window_start", "windowEnd": "window_end"},
    "Fixed": {},
}
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T00:00:00(\.0+)?Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_DAYS = {"day": 1, "week": 7, "month": 30}
# What the client reads of input data whether it is there or not; the key that tells what they are comes first.
_INPUT_DATA = (
    "inputDataType", "columns", "dataContext", "jobInputType", "preprocessingComponentId", "uri", "windowOffset", "windowSize",
)  # fmt: skip


@dataclass(frozen=True)
class Windows:
    """The windows that the client sends where nobody says one: as long as the schedule pauses, twice that for reference data."""

    production: str
    reference: str

    @classmethod
    def of(cls, trigger: CronTrigger | RecurrenceTrigger) -> Windows:
        """Those of a schedule with this trigger; a week where the client does not know."""
        if not isinstance(trigger, RecurrenceTrigger):
            return cls("P7D", "P14D")
        days = _DAYS.get(trigger.frequency.lower(), 0) * trigger.interval or 1
        return cls(f"P{days}D", f"P{2 * days}D")


def read_data(data: Any) -> Any:
    """Data as YAML says them."""
    kind = data.get("inputDataType") if isinstance(data, Mapping) else None
    if not isinstance(kind, str) or not isinstance(data.get("uri"), str) or kind not in _WINDOWS:
        return respell(data, snake)
    words = {key: word for key, word in _WORDS.items() if kind != "Fixed" or key != "preprocessingComponentId"}
    window = {word: _read_time(data[key]) for key, word in _WINDOWS[kind].items() if key in data}
    port = read_port({key: data[key] for key in ("jobInputType", "uri") if key in data})
    known = {*_PORT, *words, *_WINDOWS[kind]}
    if not known >= data.keys() or None in window.values() or len(window) < len(_WINDOWS[kind]) or "path" not in port:
        return respell(data, snake)
    read = {word: data[key] for key, word in words.items() if key in data}
    return {"input_data": port, **read, **({"data_window": window} if window else {})}


def _read_time(value: Any) -> str | None:
    """A day, or a size as it is; None for another time than midnight."""
    midnight = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    if midnight:
        return midnight[1]
    return value if isinstance(value, str) and value.startswith("P") else None


def read_port(port: Mapping[str, Any]) -> Any:
    """An input ``{type, path, mode}``; one that is none in the words of REST."""
    found: list[Diagnostic] = []
    read = read_rest_input(RestObject(port, found)) if isinstance(port.get("uri"), str) else None
    return dict(read) if isinstance(read, FrozenDict) and not found else respell(port, snake)


def port_to_rest(port: Any) -> Any:
    """An input as it is sent."""
    if not isinstance(port, Mapping) or not isinstance(port.get("path"), str):
        return respell(port, camel)
    said = FrozenDict({key: item for key, item in port.items() if isinstance(item, str)})
    return {key: item for key, item in input_to_rest(said).items() if item is not None}


def production_to_rest(data: Any, windows: Windows) -> Any:
    """Data of production: they trail behind the run."""
    return _data_to_rest(data, windows.production, windows)


def reference_to_rest(data: Any, windows: Windows) -> Any:
    """Data to compare with: they trail only where a window says so."""
    window = _window_of(data)
    if window.get("lookback_window_size") is not None:
        return _data_to_rest(data, windows.reference, windows)
    days = [window.get("window_start"), window.get("window_end")]
    if not all(isinstance(day, str) and _DAY.fullmatch(day) for day in days):
        return _data_to_rest(data, None, windows)
    start, end = (f"{day}T00:00:00.000Z" for day in days)
    return {**_port_and_words(data), "inputDataType": "Static", "windowStart": start, "windowEnd": end}


def _data_to_rest(data: Any, size: str | None, windows: Windows) -> Any:
    """Data that trail over a window of their own or of ``size``, or are fixed where there is no size."""
    if not isinstance(data, Mapping) or not isinstance(data.get("input_data"), Mapping):
        return respell(data, camel)
    sent = _port_and_words(data)
    if size is None:
        sent.pop("preprocessingComponentId", None)
        return {**sent, "inputDataType": "Fixed"}
    window = _window_of(data)
    own = window.get("lookback_window_size")
    offset = window.get("lookback_window_offset")
    return {
        **sent,
        "inputDataType": "Trailing",
        "windowSize": size if own in (None, "default") else own,
        "windowOffset": "P0D" if offset is None else windows.production if offset == "default" else offset,
    }


def _window_of(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or not isinstance(data.get("input_data"), Mapping):
        return {}
    window = data.get("data_window")
    return window if isinstance(window, Mapping) else {}


def _port_and_words(data: Mapping[str, Any]) -> dict[str, Any]:
    port = port_to_rest(data["input_data"])
    sent = {key: port[key] for key in ("jobInputType", "uri") if key in port}
    sent |= {key: data[word] for key, word in _WORDS.items() if data.get(word) is not None}
    context = sent.get("dataContext")
    return {**sent, "dataContext": snake(context)} if isinstance(context, str) else sent


def fill_data(value: Any) -> Any:
    """A signal with all input data in it filled up with null, which the client takes for granted."""
    if isinstance(value, list | tuple):
        return [fill_data(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    filled = {key: fill_data(item) for key, item in value.items()}
    return {**dict.fromkeys(_INPUT_DATA), **filled} if _INPUT_DATA[0] in filled else filled
