"""Comments that speak to us: found where YAML has comments, and nowhere else. The oracle is what a YAML parser makes of the text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mlschedule.checks import pragmas
from pytest_mlschedule.checks.pragmas import Pragma, find_pragmas


def shown(text: str) -> list[str]:
    """The comments of a text: line:column, what they say, the line that they are about."""
    return [
        f"{one.line}:{one.column} {one.verb}[{','.join(f'{name.text}@{name.column}' for name in one.names)}] -> {one.target}"
        + (f" ({one.problem})" if one.problem else "")
        for one in find_pragmas(text)
    ]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the scanner of libyaml, and with that of PyYAML."""
    monkeypatch.setattr(pragmas, "_LOADER", getattr(yaml, request.param))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1 # mls: ignore[MLS103] why", ["1:6 ignore[MLS103@20] -> 1"]),
        ("a: 1 #mls:ignore[MLS103]", ["1:6 ignore[MLS103@18] -> 1"]),
        ("a: 1 # MLS : Ignore [ MLS103 , b-c ]", ["1:6 ignore[MLS103@23,b-c@32] -> 1"]),
        ("a: 1 # mls: ignore", ["1:6 ignore[] -> 1"]),
        ("a: 1 # mls: ignore because", ["1:6 ignore[] -> 1"]),
        ("a: 1 # mls: ignore-file[MLS3,]", ["1:6 ignore-file[MLS3@25] -> 1"]),
        ("a: 1 # text # mls: ignore[X]", ["1:13 ignore[X@27] -> 1"]),
        ("a: 1 # mls: ignore[X] # mls: ignore-file[Y]", ["1:6 ignore[X@20] -> 1", "1:23 ignore-file[Y@42] -> 1"]),
        ("# mls: ignore[X]\na: 1", ["1:1 ignore[X@15] -> 2"]),
        ("a:\n  # mls: ignore[X]\n  # says why\n  b: 1", ["2:3 ignore[X@17] -> 4"]),
        ("# mls: ignore[X]\n# mls: ignore[Y]\na: 1", ["1:1 ignore[X@15] -> 3", "2:1 ignore[Y@15] -> 3"]),
        ("# mls: ignore[X]\n\na: 1", ["1:1 ignore[X@15] -> 2"]),
        ("a: 1\n# mls: ignore[X]", ["2:1 ignore[X@15] -> 2"]),
        ("a: 1\n# mls: ignore[X]\n", ["2:1 ignore[X@15] -> 3"]),
        ("a: 1\r\nb: 2 # mls: ignore[X]\r\n", ["2:6 ignore[X@20] -> 2"]),
        ("a: ü # mls: ignore[X]", ["1:6 ignore[X@20] -> 1"]),
        # Where a # is text.
        ("a: 'x # mls: ignore[X]'", []),
        ('a: "x # mls: ignore[X]" # mls: ignore[Y]', ["1:25 ignore[Y@39] -> 1"]),
        ('a: "x\n  # mls: ignore[X]\n  y"', []),
        ("a: x# mls: ignore[X]", []),
        ("a: |\n  # mls: ignore[X]\nb: 1", []),
        ("a: >-\n  t # mls: ignore[X]\n\n  # mls: ignore[Z]\n# mls: ignore[Y]\nb: 1", ["5:1 ignore[Y@15] -> 6"]),
        ("a: | # mls: ignore[X]\n  text", ["1:6 ignore[X@20] -> 1"]),
        ("a: |+ # mls: ignore[X]\n  text\n\n\n# mls: ignore[Y]\nb: 1", ["1:7 ignore[X@21] -> 1", "5:1 ignore[Y@15] -> 6"]),
        ("a: [x, 'y # mls: ignore[A]', # mls: ignore[X]\n  z] # mls: ignore[Y]", ["1:30 ignore[X@44] -> 1", "2:6 ignore[Y@20] -> 2"]),
        ("'# mls: ignore[X]': 1", []),
        ('{"a": "# mls: ignore[X]"}', []),
        ("a: x\n  # mls: ignore[X]\nb: 1", ["2:3 ignore[X@17] -> 3"]),
        # Other words.
        ("a: 1 # mls: please", []),
        ("a: 1 # mls:", []),
        ("a: 1 # html: ignore[X]", []),
        ("a: 1", []),
        ('a: "x # mls: ignore[X]', []),
        # Other forms.
        ("a: 1 # mls: ignroe[X]", ["1:6 ignore[] -> 1 ('ignroe' is neither ignore nor ignore-file)"]),
        ("a: 1 # mls: ignores", ["1:6 ignore[] -> 1 ('ignores' is neither ignore nor ignore-file)"]),
        ("a: 1 # mls: noqa[X]", ["1:6 ignore[] -> 1 ('noqa' is neither ignore nor ignore-file)"]),
        ("a: 1 # mls: ignore MLS103", ["1:6 ignore[] -> 1 (codes stand in brackets)"]),
        ("a: 1 # mls: ignore: mls103, x", ["1:6 ignore[] -> 1 (codes stand in brackets)"]),
        ("a: 1 # mls: ignore[MLS103", ["1:6 ignore[] -> 1 (the bracket is not closed)"]),
        ("a: 1 # mls: ignore[ , ]", ["1:6 ignore[] -> 1 (the brackets name no rule)"]),
    ],
)  # fmt: skip
def test_comments(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_a_name_with_a_sign_stops_nothing() -> None:
    assert find_pragmas("a: 1 # mls: ignore[X#Y]")[0].problem == "the bracket is not closed"


KEYS = st.sampled_from(["a", "b c", '"q # mls: ignore[Q]"', "'s # mls: ignore[S]'"])
VALUES = st.sampled_from(
    ["1", "x#y", "'s # mls: ignore[S]'", '"d # mls: ignore[D]\n     e"', "|\n     # mls: ignore[B]\n     t", ">-\n     f\n\n     # mls: ignore[F]",
     "[1, 'f # mls: ignore[L]']", "{k: v}", "|-  # mls: ignore[H]\n     h"]
)  # fmt: skip


@given(st.lists(st.tuples(KEYS, VALUES, st.sampled_from(["", " # mls: ignore[E]"]), st.booleans()), max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_removing_what_was_found_changes_no_value(parts: list[tuple[str, str, str, bool]]) -> None:
    """Comments are what can be cut without changing the data, and what is not found would change it."""
    text = ""
    for key, value, end, above in parts:
        last = end if "\n" not in value else ""
        text += (" # mls: ignore[A]\n" if above else "") + f" - {key}: {value}{last}\n"
    before = yaml.safe_load(text)
    lines = text.split("\n")
    for one in reversed(find_pragmas(text)):
        lines[one.line - 1] = lines[one.line - 1][: one.column - 1]
    cut = "\n".join(lines)
    assert yaml.safe_load(cut) == before
    for number, line in enumerate(lines):
        if "# mls" in line:
            changed = [*lines[:number], line[: line.index("# mls")], *lines[number + 1 :]]
            assert _load("\n".join(changed)) != before


def _load(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return yaml.YAMLError


def test_a_pragma_is_a_value() -> None:
    one = Pragma(line=1, column=1, verb="ignore", target=2)
    assert one == Pragma(line=1, column=1, verb="ignore", target=2)
    with pytest.raises(AttributeError):
        one.line = 3  # type: ignore[misc]


@given(
    st.lists(
        st.sampled_from(
            [*"#[]{},'\"|>&*!%@`:- \n\t\r\x85\u2028\ufeff\x00ü日", "# mls: ignore[X]", "mls", "a: ", "\ud800"]
        ),
        max_size=30,
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_stops_the_search(parts: list[str]) -> None:
    text = "".join(parts)
    lines = text.splitlines() or [""]
    for one in find_pragmas(text):
        assert 1 <= one.line <= len(lines) + 1
        assert one.target >= 1
