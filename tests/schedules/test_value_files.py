"""Files of values: every value as it is written, nested names with dots, and the place of what is no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.value_files import read_values


def read(text: str, folder: Path, name: str = "values.yml") -> dict[str, str]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_values(path)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: x\nb: 'y z'\n", {"a": "x", "b": "y z"}),
        ("a: 1.10\nb: 010\nc: 1e3\nd: 2026-01-01\n", {"a": "1.10", "b": "010", "c": "1e3", "d": "2026-01-01"}),
        (
            "a: true\nb: Yes\nc: null\nd: ~\ne:\nf: ''\n",
            {"a": "true", "b": "Yes", "c": "null", "d": "~", "e": "", "f": ""},
        ),
        ('a: "0 9 * * *"\n', {"a": "0 9 * * *"}),
        ("a: >-\n  one\n  line\n", {"a": "one line"}),
        ("db: {region: emea, size: {small: 1}}\nx.y: 2\n", {"db.region": "emea", "db.size.small": "1", "x.y": "2"}),
        ("a: 1\na: 2\n", {"a": "2"}),
        (
            "base: &base {x: 1, y: 1}\nprod:\n  y: 2\n  <<: *base\n",
            {"base.x": "1", "base.y": "1", "prod.x": "1", "prod.y": "2"},
        ),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n",
            {"a.x": "1", "b.x": "2", "b.y": "2", "c.x": "1", "c.y": "2"},
        ),
        ("a: é\n", {"a": "é"}),
        ("{}\n", {}),
    ],
)
def test_values(text: str, values: dict[str, str], tmp_path: Path) -> None:
    assert read(text, tmp_path) == values


def test_json(tmp_path: Path) -> None:
    text = '{"a": 1.10, "b": true, "c": null, "d": {"e": "x"}}'
    assert read(text, tmp_path, "v.json") == {"a": "1.10", "b": "true", "c": "null", "d.e": "x"}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\nb: [x]\n", ["2:4: MLS008 b: a list is no value of a placeholder"]),
        ("a:\n  b: |\n    x\n    y\n", ["2:6: MLS009 a.b: a value is one line of text"]),
        (
            "a b: 1\n'': 2\n",
            ["1:1: MLS006 a b: 'a b' is not a name that a placeholder can have", "2:1: MLS006 : '' is not a name"],
        ),
        ("[a]: 1\n", ["1:1: MLS003 is not valid YAML"]),
        ("? {a: 1}\n: 2\n", ["1:3: MLS003 is not valid YAML"]),
        ("a: &a [1]\nb: {<<: *a}\n", ["1:8: MLS003 is not valid YAML"]),
        ("[1, 2]\n", ["1:1: MLS008 must be a mapping, not a list"]),
        ("", ["1:1: MLS008 the file is empty"]),
        ("text\n", ["1:1: MLS008 must be a mapping, not text ("]),
        ("a: {", ["2:1: MLS003 is not valid YAML"]),
    ],
)
def test_what_is_no_value(text: str, problems: list[str], tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(text, tmp_path)
    said = [str(item).removeprefix(f"{tmp_path / 'values.yml'}:") for item in caught.value.diagnostics]
    assert len(said) == len(problems), said
    assert [one.startswith(problem) for one, problem in zip(said, problems, strict=True)] == [True] * len(said), said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="MLS001"):
        read_values(tmp_path / "nope.yml")
