"""Edits of a text, and values written in the place of others."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.checks.fixing.edits import Edit, Fix, apply_fixes
from pytest_mlschedule.checks.fixing.written import WrittenText, list_values


def fix(*edits: tuple[int, int, str]) -> Fix:
    return Fix("MLS006", ("a",), tuple(Edit(*edit) for edit in edits), "")


FIXES = [
    ([], "0123456789", 0),
    ([fix((2, 4, "x"))], "01x456789", 1),
    ([fix((5, 6, "")), fix((0, 1, "abc"))], "abc12346789", 2),
    ([fix((2, 2, "x")), fix((3, 3, "y"))], "01x2y3456789", 2),
    ([fix((1, 2, "x"), (8, 9, "y")), fix((3, 4, "z"))], "0x2z4567y9", 2),
    # What overlaps waits: the first in the order of the text is made.
    ([fix((4, 6, "b")), fix((3, 5, "a"))], "012a56789", 1),
    ([fix((3, 5, "a")), fix((5, 6, "b"))], "012ab6789", 2),
    ([fix((3, 3, "a")), fix((3, 4, "b"))], "012a3456789", 1),
    ([fix((1, 2, "x"), (8, 9, "y")), fix((8, 9, "z"))], "0x234567y9", 1),
    # The same edit for two findings.
    ([fix((3, 5, "a")), fix((3, 5, "a"))], "012a56789", 2),
]


@pytest.mark.parametrize(("fixes", "expected", "number"), FIXES)
def test_apply_fixes(fixes: list[Fix], expected: str, number: int) -> None:
    text, made = apply_fixes("0123456789", fixes)
    assert text == expected
    assert len(made) == number
    assert sorted(made, key=lambda one: one.start) == made


@pytest.mark.parametrize("style", ["", "'", '"'])
@pytest.mark.parametrize("in_flow", [False, True])
@given(value=st.text("aZ09 '\"\\#:,[]{}@*?-\t\né😀", max_size=12))
def test_any_value_is_written_so_that_it_is_read_again(style: str, *, in_flow: bool, value: str) -> None:
    before, behind = ("a: [x, ", "]\n") if in_flow else ("a: ", "\n")
    text = f"{before}{style}0{style}{behind}"
    edit = WrittenText("0", f"{style}0{style}", len(before), style, in_flow).rewrite(value)
    if style == "'" and "\n" in value:
        return  # a line break folds there; no value that is written has one
    read = yaml.safe_load(text[: edit.start] + edit.text + text[edit.end :])
    assert read == {"a": ["x", value] if in_flow else value}


@pytest.mark.parametrize(
    ("raw", "new", "expected"),
    [
        ("'a 7'", "0", "'a 0'"),
        ("a 7", "0", "a 0"),
        ('"a 7"', "0", '"a 0"'),
        ("'a 7'", "'", "'a '''"),
        ('"\\u0061 7"', "0", '"a 0"'),
        ("a 7", "#", '"a #"'),
    ],
)
def test_a_part_of_a_value(raw: str, new: str, expected: str) -> None:
    style = raw[0] if raw[0] in "'\"" else ""
    edit = WrittenText("a 7", raw, 0, style, in_flow=False).replace(2, 1, new)
    assert raw[: edit.start] + edit.text + raw[edit.end :] == expected


def test_the_values_of_a_tree() -> None:
    node = yaml.compose("a: {b: [1, x]}\nc: ~\n")
    tag = "tag:yaml.org,2002:"
    expected = [(("a", "b", 0), f"{tag}int", "1"), (("a", "b", 1), f"{tag}str", "x"), (("c",), f"{tag}null", "~")]
    assert list(list_values(node)) == expected
    assert list(list_values(None)) == []
