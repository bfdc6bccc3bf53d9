"""The line that a finding is about: what the carets stand under, what can be shown, what fits."""

from __future__ import annotations

import pytest
from check_results import context, finding
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.report.check_text import write_text
from pytest_mlschedule.report.excerpt import cut_excerpt


def marked(line: str, column: int, offset: int | None = None, width: int = 120) -> str:
    """What the carets stand under."""
    part = cut_excerpt(f"first\n{line}\nlast", finding(at=f"a.yml:2:{column}", offset=offset), width)
    assert part is not None
    return part.text[part.start : part.start + part.length]


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("  frequency: weeks", 14, "weeks"),
        ("  frequency: weeks  # why", 14, "weeks"),
        ("  frequency: weeks", 3, "frequency"),
        ("time_zone: Pacific Standard Time", 12, "Pacific Standard Time"),
        ("a: [x y, z]", 5, "x y"),
        ("a: {b: c d}", 5, "b"),
        ("a: {b: c d}", 8, "c d"),
        ("a: 'it''s' # x", 4, "'it''s'"),
        (r'a: "say \"x\" # y" # z', 4, r'"say \"x\" # y"'),
        ("a: 1 # mls: ignore[X] y ", 6, "# mls: ignore[X] y"),
        ("a: b:c", 4, "b:c"),
        ("- a", 3, "a"),
        ("a: 'open", 4, "'open"),
        ("a:", 3, ""),
        ("a", 99, ""),
    ],
)
def test_what_is_meant_is_marked(line: str, column: int, expected: str) -> None:
    assert marked(line, column).strip() == expected


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ('expression: "0 29 1 * *"', 16, "29"),
        ("expression: 0 9 1 * *", 17, "1"),
        ('e: "61"', 5, "61"),
        ("h: [25]", 5, "25"),
    ],
)
def test_a_part_of_a_value_is_one_word(line: str, column: int, expected: str) -> None:
    assert marked(line, column, offset=1) == expected


def test_a_place_without_a_line_shows_nothing() -> None:
    assert cut_excerpt("a: 1\n\n", finding(at="a.yml:2:1")) is None
    assert cut_excerpt("a: 1", finding(at="a.yml:2:1")) is None
    assert cut_excerpt("a: 1", finding(at=None)) is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_end_where_yaml_ends_them(ending: str) -> None:
    part = cut_excerpt(f"a: 1{ending}b: 2{ending}", finding(at="a.yml:2:4"))
    assert part is not None
    assert part.text == "b: 2"


def test_a_long_line_is_cut_around_what_is_meant() -> None:
    line = "a: [" + "x, " * 100 + "wrong, " + "y, " * 100 + "z]"
    part = cut_excerpt(line, finding(at=f"a.yml:1:{line.index('wrong') + 1}"), 60)
    assert part is not None
    assert len(part.text) == 60
    assert part.text[0] == part.text[-1] == "…"
    assert part.text[part.start : part.start + part.length] == "wrong"


def test_a_hostile_line_takes_no_time() -> None:
    part = cut_excerpt(f"a: b{' ' * 200_000}c", finding(at="a.yml:1:4"))
    assert part is not None
    assert part.text.startswith("a: b ")


def test_what_moves_the_cursor_or_turns_the_text_is_not_shown() -> None:
    part = cut_excerpt("\ta: \x1b[31m\u202eb\x07", finding(at="a.yml:1:2"))
    assert part is not None
    assert part.text == " a: \ufffd[31m\ufffdb\ufffd"


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    part = cut_excerpt("日本: e\u0301x", finding(at="a.yml:1:5"))
    assert part is not None
    assert (part.start, part.length) == (6, 2)


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(LINES, st.integers(1, 50), st.integers(1, 3), st.sampled_from([None, 0]), st.sampled_from([8, 40, 120]))
@settings(max_examples=100, deadline=None)
def test_any_line_is_shown_in_its_width(text: str, column: int, line: int, offset: int | None, width: int) -> None:
    part = cut_excerpt(text, finding(at=f"a.yml:{line}:{column}", offset=offset), width)
    if part is not None:
        assert part.text.isprintable()
        assert len(part.text) <= max(width, 1)
        assert part.length >= 1
        assert part.start >= 0


def test_a_finding_whose_path_is_a_code_is_painted_once() -> None:
    result = CheckResult(findings=(finding("MLS103", "MLS103.yml:1:1"), finding("MLS103", None)), files=1)
    known = context({"MLS103.yml": "name: x"})
    painted = write_text(
        result,
        type(known)(
            files=known.files, read_text=known.read_text, now=known.now, paint=lambda text, style: f"<{style}>{text}</>"
        ),
    )
    assert painted.splitlines()[0] == "<path>MLS103.yml:1:1: </><warning>MLS103</> trigger.expression: DAYS is ignored"
    assert "\n<warning>MLS103</> trigger" in painted


def test_a_path_with_spaces_may_be_wrapped() -> None:
    result = CheckResult(findings=(finding("MLS103", f"{'a b' * 30}.yml:1:1"),), files=1)
    known = context()
    text = write_text(result, type(known)(files=(), read_text=known.read_text, now=known.now, width=40))
    assert max(map(len, text.splitlines())) <= 60
    assert "MLS103" in text
