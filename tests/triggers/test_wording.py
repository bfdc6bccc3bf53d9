"""Values in messages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_mlschedule.triggers.wording import list_names, nearest, quote


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "'a'"),
        ("x" * 61, "'" + "x" * 60 + "'…"),
        (b"a", "b'a'"),
        ([1, 2], "[1, 2]"),
        (list(range(31)), "a list of 31 items"),
        ({n: n for n in range(40)}, "a dict of 40 items"),
        (10**60, "a huge number"),
        (-(10**60), "a huge number"),
        (10**59, "1" + "0" * 59),
        (True, "True"),
        (Decimal("1." + "1" * 80), "Decimal('1." + "1" * 49 + "…"),
        (None, "None"),
        ([10**5000], "a list"),
        (nested(100_000), "a list"),
    ],
)
def test_values_are_quoted_in_bounds(value, expected):
    assert quote(value) == expected


def test_names_are_listed():
    assert list_names(["a"]) == "a"
    assert list_names(["a", "b"]) == "a and b"
    assert list_names(["a", "b", "c"], "or") == "a, b or c"


def test_long_texts_have_no_nearest_name():
    assert nearest("moonday", ["monday", "tuesday"]) == ["monday"]
    assert nearest("monday" * 20, ["monday" * 20]) == []
