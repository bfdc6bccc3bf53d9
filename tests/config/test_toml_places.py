"""Where keys and values of TOML stand. The oracle is tomllib: it knows every path there is, and what stands there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.config.toml_places import TomlPath, find_places

BARE = re.compile(r"[A-Za-z0-9_-]+")


def paths_of(value: Any, path: TomlPath = ()) -> Iterator[tuple[TomlPath, Any]]:
    """Every path below a value that tomllib read, with what it leads to."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        yield (*path, part), item
        yield from paths_of(item, (*path, part))


def key_at(text: str, offset: int) -> str:
    """The key that stands at an offset, read by tomllib."""
    bare = BARE.match(text, offset)
    written = bare[0] if bare else text[offset : text.index(text[offset], offset + 1) + 1]
    while True:
        try:
            return next(iter(tomllib.loads(f"{written} = 0")))
        except tomllib.TOMLDecodeError:  # a quote that is escaped does not end the key
            written = text[offset : text.index(text[offset], offset + len(written)) + 1]


def value_stands_at(text: str, offset: int, value: Any) -> bool:
    """Whether tomllib reads the value from some piece of the text that starts at an offset."""
    for end in range(offset + 1, len(text) + 1):
        try:
            if tomllib.loads(f"x = {text[offset:end]}") == {"x": value}:
                return True
        except tomllib.TOMLDecodeError:
            pass
    return False


def check_places(text: str) -> None:
    data = tomllib.loads(text)
    places = find_places(text)
    expected = dict(paths_of(data))
    assert set(places) == set(expected)
    for path, value in expected.items():
        place = places[path]
        if isinstance(path[-1], str):
            assert key_at(text, place.key) == path[-1], path
        if not isinstance(value, dict) and not (isinstance(value, list) and place.key == place.value):
            assert value_stands_at(text, place.value, value), path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        "a=1",
        "a = 1 # b = 2\n",
        "a.b . c = 1\na.d = 2\n",
        '"a b"."c\\"d".\'e"\' = 1\n',
        "[a]\nb = 1\n[a.c]\nd = 2\n[e.f.g]\n",
        "[ a . 'b c' ] # [d]\nx = [1, 2]\n",
        "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\n[[a.e]]\nf = 4\n",
        "a = [1, 'x]', [2, {b = 3, c.d = 4}], # , 5\n]\n",
        "a = [\n  # nothing\n]\nb = {}\n",
        'a = """\nb = 1\n[c]\n"""\nd = 2\n',
        'a = """x\\"""y"""\nb = 1\n',
        'a = """x""y""""\nb = """"""\nc = 1\n',
        "a = '''\n[b]\n'''''\nc = ''''''\nd = 1\n",
        'a = "]#"\nb = \'\\\'\nc = "\\\\"\n',
        "a = 1979-05-27 07:32:00Z\nb = 1e6\nc = -inf\nd = true\n",
        "a = 1\r\nb = 2\r\n[c]\r\nd = 3\r\n",
        "\t a\t=\t1\t\n",
        '"é" = 1\n"\u00e9x" = 2\n',
    ],
)
def test_every_path_of_tomllib_has_its_place(text: str) -> None:
    check_places(text)


def test_lines_of_a_configuration() -> None:
    text = 'paths = ["a", "b"]\n[budgets.schedules."nightly-*"]\nmax = {from = 1}\n'
    places = find_places(text)
    shown = {path: (text[place.key :][:5], text[place.value :][:4]) for path, place in places.items()}
    assert shown == {
        ("paths",): ("paths", '["a"'),
        ("paths", 0): ('"a", ', '"a",'),
        ("paths", 1): ('"b"]\n', '"b"]'),
        ("budgets",): ("budge", "budg"),
        ("budgets", "schedules"): ("sched", "sche"),
        ("budgets", "schedules", "nightly-*"): ('"nigh', '"nig'),
        ("budgets", "schedules", "nightly-*", "max"): ("max =", "{fro"),
        ("budgets", "schedules", "nightly-*", "max", "from"): ("from ", "1}\n"),
    }


# Text of TOML, put together from pieces; what tomllib does not take is no case.
NAMES = st.sampled_from(["a", "b", "c-d", "1", "max_runs"])
KEYS = st.one_of(
    NAMES,
    st.sampled_from(['"a"', "'b'", '"x.y"', '"q\\"[="', "'#'", '""', '"\\u00e9"']),
    st.text("ab=]#[{. \\'", max_size=4).map(lambda text: '"' + text.replace("\\", "\\\\") + '"'),
)
DOTTED = st.lists(KEYS, min_size=1, max_size=3).flatmap(
    lambda keys: st.sampled_from([".", " . ", ". "]).map(lambda dot: dot.join(keys))
)
PLAIN = st.sampled_from(
    [
        "1",
        "-0.5",
        "true",
        "1979-05-27 07:32:00",
        "07:32:00",
        '"s"',
        "'s'",
        '"a#]},=\\""',
        "'\\'",
        '"""\n[x]\na = 1\n"""',
        "'''#'''''",
        '"""\\"""" """'.strip(),
    ]
)
GAP = st.sampled_from(["", " ", "\n", ' # c ]}"\n', "\t"])


def arrays(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inner = st.tuples(
        st.lists(st.tuples(GAP, items, GAP).map("".join), max_size=3).map(",".join), st.sampled_from(["", ","]), GAP
    )
    return inner.map(lambda parts: f"[{''.join(parts)}]")


def inline_tables(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(DOTTED, items).map(" = ".join)
    return st.lists(pair, max_size=3).map(lambda pairs: "{ " + ", ".join(pairs) + " }")


VALUES = st.recursive(PLAIN, lambda items: arrays(items) | inline_tables(items), max_leaves=5)
LINES = st.one_of(
    st.tuples(DOTTED, VALUES).map(" = ".join),
    DOTTED.map(lambda key: f"[{key}]"),
    DOTTED.map(lambda key: f"[[ {key} ]] # x"),
    st.sampled_from(["", "# a = 1", "  # [b]"]),
)


def accepted(lines: list[str]) -> str:
    """The longest text of the lines that tomllib takes, line by line."""
    text = ""
    for line in lines:
        try:
            tomllib.loads(text + line + "\n")
        except tomllib.TOMLDecodeError:
            continue
        text += line + "\n"
    return text


@settings(max_examples=150, deadline=None)
@given(lines=st.lists(LINES, max_size=8))
def test_every_path_of_tomllib_has_its_place_in_any_text(lines: list[str]) -> None:
    check_places(accepted(lines))
