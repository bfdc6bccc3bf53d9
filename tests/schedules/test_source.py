"""Reading documents: places, encodings, and hostile input refused in bounded time and memory."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.diagnostics import Diagnostic, Location, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.json_text import find_syntax_error
from pytest_mlschedule.schedules.source import read_document


def refused(source: object) -> Diagnostic:
    with pytest.raises(DefinitionError) as caught:
        read_document(source)  # type: ignore[arg-type]
    (found,) = caught.value.diagnostics
    return found


def text_of(data: bytes | str, path: Path) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1", {"a": 1}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: x\r\n", {"a": 1, "b": "x"}),
        ("---\na: 1\n...\n", {"a": 1}),
        ("a: 010\nb: 10:30\nc: yes\nd: 0x1f", {"a": 8, "b": 630, "c": True, "d": 31}),
        ("a: &x {p: 1}\nb:\n  <<: *x\n  q: 2", {"a": {"p": 1}, "b": {"p": 1, "q": 2}}),
        ('{"a": [1, 2.5, null, "x"]}', {"a": [1, 2.5, None, "x"]}),
        ("{a: 1, b: [x]}", {"a": 1, "b": ["x"]}),
        ("", None),
        ("# nothing\n", None),
    ],
)
def test_jb_13_documents_are_read_as_safe_loader_reads_them(text: str, data: object) -> None:
    assert read_document(io.StringIO(text)).data == data
    assert yaml.safe_load(text) == data


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "part"),
    [
        ("a: [1", "MLS003", 2, 1, "not valid YAML"),
        ("a: 1\n\tb: 2", "MLS003", 2, 1, "not valid YAML"),
        ("a: 1\n---\nb: 2", "MLS003", 2, 1, "several documents"),
        ("a: !!python/object/apply:os.system ['true']", "MLS003", 1, 4, "could not determine a constructor"),
        ("a: 2026-02-30", "MLS003", 1, 1, "cannot be read"),
        ("[1, 2]: x\n", "MLS003", 1, 1, "unhashable"),
        ("a: 1\nb: \x00", "MLS003", 2, 4, "control character"),
        ('{"a": NaN', "MLS003", 2, 1, "not valid YAML"),
    ],
)
def test_syntax_errors_name_the_place(text: str, code: str, line: int, column: int, part: str) -> None:
    found = refused(io.StringIO(text))
    assert (found.code, found.location) == (code, Location("<text>", line, column))
    assert part in found.message


def test_nothing_is_executed(tmp_path: Path) -> None:
    target = tmp_path / "made"
    refused(io.StringIO(f"a: !!python/object/apply:os.mkdir ['{target}']"))
    assert not target.exists()


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + chr(ord(name) - 1)] * 9)}]\n" for name in "bcdefghi"
)
MERGE_BOMB = "a: &a {k: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{','.join(['*' + chr(ord(name) - 1)] * 9)}], {name}x: 1}}\n" for name in "bcdefgh"
)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (BOMB, "aliases expand"),
        (MERGE_BOMB, "aliases expand"),
        ("a: &a [*a]", "refers to the value that contains it"),
        ("[" * 200_000, "nests deeper"),
        ("a: " + "[" * 200 + "]" * 200, "nests deeper"),
        ("- " * 100_000 + "x", "nests deeper"),
        ("\n".join(" " * depth + "a:" for depth in range(150)), "nests deeper"),
        ("? " * 50_000, "nests deeper"),
        ("".join(f"k{number}: 1\n" for number in range(60_000)), "over 100000 values"),
        ("a: " + "x" * (2 << 20), "larger than 1 MiB"),
        ('{"a": "' + "x" * (9 << 20) + '"}', "larger than 8 MiB"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nests deeper"),
        ('{"a": ' + '"x", ' * 400_000 + "}", "larger than 1 MiB"),
    ],
    ids=[
        "aliases",
        "merge keys",
        "loop",
        "flow",
        "flow closed",
        "block",
        "indent",
        "keys",
        "wide",
        "large",
        "large json",
        "json",
        "no json",
    ],
)
def test_hostile_documents_are_refused(text: str, part: str) -> None:
    found = refused(io.StringIO(text))
    assert found.code == "MLS004"
    assert part in found.message


@pytest.mark.parametrize(
    ("text", "part", "line", "column"),
    [
        ('{"a": [1, 2,]}', "illegal trailing comma", 1, 12),
        ('{"a": 1\n "b": 2}', "expecting ',' delimiter", 2, 2),
        ('{"a": NaN}', "NaN is no value of JSON", 1, 1),
        ("[" * 100_000, "nests too deep", 1, 1),
    ],
)
def test_a_json_file_is_json(tmp_path: Path, text: str, part: str, line: int, column: int) -> None:
    found = refused(text_of(text, tmp_path / "x.json"))
    assert found.code == "MLS003"
    assert found.location is not None
    if "comma" not in part:
        assert part in found.message
        assert (found.location.line, found.location.column) == (line, column)
    assert "JSON" in found.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("e: * 9 * * *", "quote the text"),
        ("e: &", "quote the text"),
        ("i: {x: ${{a}}}", "quote ${{...}}"),
        ("a:\n   b: 1\n  c: 2", "indentation"),
        ("a: %x", "tabs"),
    ],
)
def test_syntax_errors_say_the_way_out(text: str, hint: str) -> None:
    assert hint in refused(io.StringIO(text)).hint


def test_deep_but_honest_documents_pass() -> None:
    text = "\n".join("  " * depth + f"k{depth}:" for depth in range(40)) + " 1"
    assert read_document(io.StringIO(text)).data["k0"]["k1"]
    many = "".join(f"- {{a: {number}, b: [x, y]}}\n" for number in range(120))
    assert len(read_document(io.StringIO(many)).data) == 120


def test_files_that_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    cases = {
        tmp_path: "a directory",
        tmp_path / "pipe": "not a regular file",
        tmp_path / "loop": "symbolic links",
        tmp_path / "missing.yml": "No such file",
        Path("/dev/zero"): "not a regular file",
        "a\0b.yml": "null",
    }
    for path, part in cases.items():
        found = refused(path)
        assert found.code == "MLS001"
        assert part in found.message


def test_text_given_as_a_path_is_told_apart() -> None:
    found = refused("name: x\ntrigger: {}\n")
    assert found.code == "MLS001"
    assert "io.StringIO" in found.hint


@pytest.mark.parametrize("source", [5, None, ["a"]])
def test_other_sources_are_type_errors(source: object) -> None:
    with pytest.raises(TypeError, match=r"io\.StringIO"):
        read_document(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "line", "column"),
    [(b"a: \xe9", 1, 4), (b"a: 1\nb: caf\xe9\n", 2, 7), ("a: 1".encode("utf-16"), 1, 1)],
)
def test_other_encodings_are_refused(tmp_path: Path, raw: bytes, line: int, column: int) -> None:
    path = text_of(raw, tmp_path / "x.yml")
    found = refused(path)
    assert (found.code, found.location) == ("MLS002", Location(str(path), line, column))
    assert "UTF-8" in found.hint


def test_binary_streams_and_names(tmp_path: Path) -> None:
    path = text_of("a: 1", tmp_path / "x.yml")
    with path.open("rb") as stream:
        document = read_document(stream)
    assert (document.data, document.name) == ({"a": 1}, str(path))


@pytest.mark.parametrize(
    ("text", "code", "field", "line", "column"),
    [
        ("a: 1\nb:\n  a: 1\n  a: 2\n", "MLS005", ("b", "a"), 4, 3),
        ("hours: [08, 010]\n", "MLS011", ("hours", 1), 1, 13),
        ("at: 10:30\n", "MLS011", ("at",), 1, 5),
        ("on_failure: off\n", "MLS011", ("on_failure",), 1, 13),
        ("n: 0x10", "MLS011", ("n",), 1, 4),
    ],
)
def test_jb_10_jb_13_texts_that_mean_something_else_are_warned_about(
    text: str, code: str, field: tuple[str, ...], line: int, column: int
) -> None:
    (found,) = read_document(io.StringIO(text)).warnings
    assert (found.code, found.field, found.location) == (code, field, Location("<text>", line, column))
    assert str(found.severity) == "warning"


def test_quoted_look_alikes_are_text() -> None:
    assert read_document(io.StringIO("a: '010'\nb: \"yes\"\nc: '10:30'")).warnings == ()


def test_jb_10_duplicate_keys_of_json() -> None:
    document = read_document(io.StringIO('{"a": 1, "a": 2}'))
    assert document.data == {"a": 2}
    assert [item.code for item in document.warnings] == ["MLS005"]


@pytest.mark.parametrize(
    ("text", "field", "offset", "place"),
    [
        ('t:\n  e: "61 * * * *"\n', ("t", "e"), None, (2, 6)),
        ('t:\n  e: "61 * * * *"\n', ("t", "e"), 3, (2, 10)),
        ("t:\n  e: 61 * * * *\n", ("t", "e"), 3, (2, 9)),
        ("t:\n  e: 1\n", ("t", "missing"), None, (1, 1)),
        ("t:\n  e: [1, 2]\n", ("t", "e", 1), None, (2, 10)),
        ("t:\n  e: [1, 2]\n", ("t", "e", 9), None, (2, 3)),
        ('{"t": {"e": 5}}', ("t", "e"), None, (1, 13)),
        ("[1, 2]", (0,), None, (1, 2)),
        ("", ("t",), None, (1, 1)),
    ],
)
def test_values_are_placed(text: str, field: tuple[str | int, ...], offset: int | None, place: tuple[int, int]) -> None:
    found = read_document(io.StringIO(text)).locate(
        Diagnostic("X", error("", "").severity, "", "", None, field, offset)
    )
    assert found.location == Location("<text>", *place)


def test_unknown_keys_are_placed_at_the_key() -> None:
    found = read_document(io.StringIO("t:\n  timezone: UTC\n")).locate(error("MLS006", "", "", ("t", "timezone")))
    assert found.location == Location("<text>", 2, 3)


def test_mappings_have_no_places() -> None:
    assert read_document({"a": 1}).locate(error("X", "")).location is None


def test_a_place_that_is_known_stays() -> None:
    known = error("X", "").at(Location("other.yml", 3, 4))
    assert read_document(io.StringIO("a: 1")).locate(known) is known


def test_json_that_yaml_cannot_place_is_placed_at_its_start() -> None:
    document = read_document(io.StringIO('{\t"a":\t{"b": 1}}'))
    assert document.locate(error("X", "", "", ("a", "b"))).location is not None


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("abc:-[]{}&*!|>'\"#%@`,? \n\t0123456789<=.~")), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = read_document(io.StringIO(text))
    except DefinitionError as failure:
        assert all(item.code in ("MLS003", "MLS004") for item in failure.diagnostics)
    else:
        assert repr(document.data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        read_document(io.BytesIO(raw))
    except DefinitionError as failure:
        assert all(item.code in ("MLS002", "MLS003", "MLS004") for item in failure.diagnostics)


def test_json_without_an_error_has_none_to_tell() -> None:
    assert find_syntax_error('{"a": 1}') == ("", 1, 1)
