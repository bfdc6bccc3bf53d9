"""Where values of JSON stand. The oracle is json: it knows every path, and reads from a place what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs.prices.json_places import JsonPlaces
from pytest_mlschedule.diagnostics import Location, PathPart

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def paths_of(value: Any, path: tuple[PathPart, ...] = ()) -> Iterator[tuple[tuple[PathPart, ...], Any]]:
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        yield from paths_of(item, (*path, part))


def read_at(text: str, place: Location) -> Any:
    """What json reads at a place of a text."""
    at = sum(len(line) + 1 for line in text.split("\n")[: place.line - 1]) + place.column - 1
    return json.JSONDecoder().raw_decode(text, at)[0]


@given(value=JSON, indent=st.sampled_from([None, 0, 2, "\t"]), ascii_only=st.booleans())
def test_every_value_is_found(value: Any, indent: int | str | None, *, ascii_only: bool) -> None:
    text = " \n" + json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    places = JsonPlaces("prices.json", text)
    for path, item in paths_of(value):
        assert read_at(text, places.locate(path)) == item


TEXT = '{"Items": [\n  {"a": 1, "a": 2},\n  {"b": []}\n], "n": 5}'


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 1, 1),
        (("Items",), 1, 11),
        (("Items", 0), 2, 3),
        (("Items", 0, "a"), 2, 17),  # the last one counts
        (("Items", 0, "retailPrice"), 2, 3),  # what is missing: the value around it
        (("Items", 1, "b", 3), 3, 9),
        (("Items", 2), 1, 11),
        (("n", "deeper"), 4, 9),
        (("none",), 1, 1),
    ],
)
def test_places(path: tuple[PathPart, ...], line: int, column: int) -> None:
    assert JsonPlaces("p.json", TEXT).locate(path) == Location("p.json", line, column)
