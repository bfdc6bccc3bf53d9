"""Placeholders: which texts are some, what they become, and that every place stays one of the file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity, error
from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.schedules.loader import load_files
from pytest_mlschedule.schedules.placeholders import Placeholders, find_placeholders
from pytest_mlschedule.schedules.reader import Reader
from pytest_mlschedule.schedules.source import Document, read_document

VALUES = {"env": "prod", "a.b": "deep", "Build.Id": "7", "cron": "30 2 * * *", "empty": "", "odd": "{{ env }} \\1 $x"}
FORMS = [
    ("{{ env }}", "prod"),
    ("{{env}}", "prod"),
    ("{{\tenv  }}", "prod"),
    ("${env}", "prod"),
    ("$(env)", "prod"),
    ("#{env}#", "prod"),
    ("#{ env }#", "prod"),
    ("x-{{ a.b }}-y", "x-deep-y"),
    ("$(Build.Id)", "7"),
    ("{{ env }}{{ env }}", "prodprod"),
    ("'{{ env }}'", "'prod'"),
    ("{{ odd }}", "{{ env }} \\1 $x"),
    ("[{{ empty }}]", "[]"),
    ("é{{ env }}é", "éprodé"),
    # Azure ML's own, other languages, and what has no value.
    ("${{env}}", "${{env}}"),
    ("${{ env }}", "${{ env }}"),
    ("${{inputs.env}}", "${{inputs.env}}"),
    ("{{{ env }}}", "{{{ env }}}"),
    ("{{ .Values.env }}", "{{ .Values.env }}"),
    ("{{ env | upper }}", "{{ env | upper }}"),
    ("{% env %}", "{% env %}"),
    ("$env", "$env"),
    ("$(date +%s)", "$(date +%s)"),
    ("${env:-x}", "${env:-x}"),
    ("#{env}", "#{env}"),
    ("{{ Env }}", "{{ Env }}"),
    ("{{ 1env }}", "{{ 1env }}"),
    ("{{\nenv }}", "{{\nenv }}"),
    ("{{ other }}", "{{ other }}"),
]


@pytest.mark.parametrize(("text", "filled"), FORMS, ids=[text for text, _ in FORMS])
def test_forms(text: str, filled: str) -> None:
    found = Placeholders(VALUES).fill(text)
    assert found.text == filled
    assert found.written == text
    assert bool(found.fills) == (filled != text)


def test_without_values_nothing_is_filled() -> None:
    text = "".join(text for text, _ in FORMS)
    assert Placeholders().fill(text).text == text


PIECES = st.lists(
    st.sampled_from(
        ["{{ a }}", "${b}", "$(c)", "#{a}#", "{{ no }}", "${{a}}", "x: ", "é", " ", "\n", "\r\n", "\u2028", "[1]"]
    ),
    max_size=25,
)


@settings(max_examples=200, deadline=None)
@given(PIECES, st.text("xyz{}$()#", max_size=4), st.text("pq", max_size=9))
def test_every_place_leads_back_to_its_character(pieces: list[str], one: str, other: str) -> None:
    """Oracle: str.splitlines, and replacing piece by piece with every character's origin kept."""
    text = "".join(pieces)
    values = {"a": one, "b": other, "c": ""}
    filled = Placeholders(values).fill(text)
    items = {
        text.splitlines(keepends=True)[item.line - 1][item.column - 1 :][: len(item.written)]
        for item in find_placeholders(text)
    }
    assert items == {item.written for item in find_placeholders(text)}
    origins, expected, rest = [], "", 0
    for item in [one for one in find_placeholders(text) if one.name in values]:
        start = sum(map(len, text.splitlines(keepends=True)[: item.line - 1])) + item.column - 1
        origins += [*range(rest, start), *[start] * len(values[item.name])]
        expected += text[rest:start] + values[item.name]
        rest = start + len(item.written)
    origins += range(rest, len(text))
    assert filled.text == expected + text[rest:]
    for position, origin in enumerate(origins):
        assert place(filled.locate(at(filled.text, position))) == place(at(text, origin))


def at(text: str, position: int) -> Diagnostic:
    before = text[: position + 1].splitlines(keepends=True)
    return error("MLS006", "here").at(Location("f.yml", len(before), len(before[-1])))


def place(item: Diagnostic) -> tuple[int, int]:
    assert item.location is not None
    return item.location.line, item.location.column


def test_what_has_no_place_stays_without() -> None:
    found = Placeholders({"a": "b"}).fill("{{ a }}")
    assert found.locate(error("MLS006", "x")).location is None


def read(text: str, **values: str) -> Document:
    return read_document(io.StringIO(text), placeholders=Placeholders(values))


def refused(text: str, **values: str) -> list[Diagnostic]:
    with pytest.raises(DefinitionError) as caught:
        read(text, **values)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: {{ v }}", {"a": True}),
        ("a: '{{ v }}'", {"a": "true"}),
        ("a: {{ n }}", {"a": 7}),
        ("a: v{{ n }}", {"a": "v7"}),
        ("{{ k }}: 1", {"key": 1}),
        ("a: {{ null }}", {"a": None}),
        ('{"a": {{ n }}, "b": "#{k}#"}', {"a": 7, "b": "key"}),
        ("a: #{k}#", {"a": "key"}),
        ("# {{ v }}\na: 1", {"a": 1}),
    ],
)
def test_values_are_yaml_as_they_stand(text: str, data: object) -> None:
    values = {"v": "true", "n": "7", "k": "key", "null": "null"}
    document = read(text, **values)
    assert document.data == data
    assert document.warnings == ()
    assert document.written == text


def test_mls016_a_placeholder_without_a_value_among_values() -> None:
    (found,) = refused("a: '{{ env }}-{{ enviroment }}'", env="production-europe", environment="x")
    assert str(found) == (
        "<text>:1:15: MLS016 {{ enviroment }} has no value; there are values for env and environment\n"
        "  hint: did you mean environment? Else give it one: --set enviroment=..., or a line of a --values file"
    )
    assert found.severity is Severity.ERROR


def test_mls016_names_a_few_of_many_values() -> None:
    (found,) = refused("a: '{{ unlike }}'", **{f"v{number}": "" for number in range(7)})
    assert found.message == "{{ unlike }} has no value; there are values for v0, v1, v2, v3, v4 and 2 more"
    assert found.hint == "give it one: --set unlike=..., or a line of a --values file"


def test_mls016_stands_for_the_errors_it_causes() -> None:
    found = refused("a: {{ x }}-y\nb: ${z}", other="1")
    assert [(item.code, place(item)) for item in found] == [("MLS016", (1, 4)), ("MLS016", (2, 4))]
    assert [item.code for item in refused("a: [", other="1")] == ["MLS003"]


def test_mls017_a_template_without_values() -> None:
    found = refused("name: {{ env }}-nightly\ncron: {{cron}}\nagain: {{ env }}\n")
    assert str(found[0]) == (
        "<text>:1:1: MLS017 this file is a template: {{ env }} and {{cron}} have no value\n"
        "  hint: give values: --set env=... --set cron=..., or --values FILE"
    )
    assert [item.code for item in found] == ["MLS017", "MLS003"]
    assert found[0].severity is Severity.WARNING
    (one,) = read("a: '{{ env }}'").warnings
    assert one.message == "this file is a template: {{ env }} has no value"
    (many,) = read("a: '" + "".join(f"$(v{number})" for number in range(7)) + "'").warnings
    assert many.message == "this file is a template: $(v0), $(v1), $(v2), $(v3), $(v4) and 2 more have no value"
    assert (
        many.hint
        == "give values: --set v0=... --set v1=... --set v2=... --set v3=... --set v4=... ..., or --values FILE"
    )


LEFT_ALONE = [
    "# {{ env }}\na: 1",
    "a: 1  # see ${env}",
    "a: 'x'  # it's {{ env }}",
    'a: "x # y"  # {{ env }}',
    "a: don't  # {{ env }}'s",
    "command: echo ${HOME} $(pwd)",
    "jobs:\n  a:\n    command: >-\n      echo ${HOME}\n      $(pwd)\n    args: $(x)\n    environment_variables:\n      A: ${B}\n",
    "steps:\n- command: ls $(x)\n- 5\n",
    "a: ${{inputs.x}}",
]
REPORTED = [
    "a: 'x # {{ env }}'",
    'a: "don\'t # {{ env }}"',
    "command: echo {{ env }}",
    "a: $(env)\ncommand: echo ${HOME}",
    "a: #{env}#\n",
    "a: x#{env}#\n",
    "? [a, b]\n: ${env}\n",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_comments_and_shells_keep_their_own(text: str) -> None:
    assert read(text).warnings == ()
    assert read(text, other="1").warnings == ()


@pytest.mark.parametrize("text", REPORTED)
def test_what_is_neither_is_reported(text: str) -> None:
    if text.startswith("?"):
        assert [item.code for item in refused(text)] == ["MLS017", "MLS003"]
    else:
        assert [item.code for item in read(text).warnings] == ["MLS017"]
        assert [item.code for item in refused(text, other="1")] == ["MLS016"]


SCHEDULE = """\
name: {{ env }}-nightly
trigger: {type: cron, expression: "{{ minute }} 2 * * *", time_zone: {{ zone }}, start_time: "2026-01-01T00:00:00"}
create_job: {type: pipeline, job: ./{{ env }}/train.yml}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("prod").mkdir()
    Path("nightly.yml").write_text(SCHEDULE)
    Path("prod/train.yml").write_text("type: pipeline\ninputs:\n  rows: ${rows}\njobs: {}\n")
    return tmp_path


def load(**values: str) -> tuple[Reader, list[Diagnostic], list[str]]:
    reader = Reader(placeholders=Placeholders(values))
    (file,) = load_files(["nightly.yml"], reader=reader)
    return reader, list(file.diagnostics), [schedule.name for schedule in file.schedules]


def test_files_that_are_referred_to_are_filled_too(folder: Path) -> None:
    reader, found, names = load(env="prod", minute="30", zone="UTC", rows="8", more="x")
    assert (found, names) == ([], ["prod-nightly"])
    assert reader.placeholder_names == {"env", "minute", "zone", "rows"}
    assert reader.text("nightly.yml") == SCHEDULE


def test_columns_are_those_of_the_file(folder: Path) -> None:
    _, found, _ = load(env="prod", minute="61", zone="Pacifik Standard Time", rows="8")
    line = SCHEDULE.splitlines()[1]
    expected = [("MLS102", line.index("{{ minute")), ("MLS302", line.index("{{ zone"))]
    assert [(item.code, place(item)) for item in found] == [(code, (2, column + 1)) for code, column in expected]


def test_what_is_said_later_has_the_columns_of_the_file(folder: Path) -> None:
    reader = Reader(placeholders=Placeholders({"env": "prod", "minute": "5", "zone": "UTC", "rows": "8"}))
    (file,) = load_files(["nightly.yml"], reader=reader)
    (schedule,) = file.schedules
    column = SCHEDULE.splitlines()[1].index('"2026') + 1
    assert place(schedule.locate(error("MLS301", "x", "", ("trigger", "start_time")))) == (2, column)
    assert place(schedule.locate(error("MLS301", "x", "", ("create_job",)))) == (
        3,
        SCHEDULE.splitlines()[2].index("./") + 1,
    )


def test_a_placeholder_left_in_a_pipeline_is_an_error(folder: Path) -> None:
    _, found, names = load(env="prod", minute="30", zone="UTC")
    assert [(item.code, item.location and item.location.path, place(item)) for item in found] == [
        ("MLS016", "prod/train.yml", (3, 9))
    ]
    assert names == []


def test_a_template_without_values_says_so_first(folder: Path) -> None:
    _, found, names = load()
    assert found[0].code == "MLS017"
    assert names == []


@pytest.mark.parametrize("written", ["${creation_context.trigger_time}", "{{ creation_context.trigger_time }}"])
def test_jb_4_a_macro_with_a_dollar_or_brace_too_few_is_no_placeholder(written: str) -> None:
    assert list(find_placeholders(f"a: {written} ${{b}}")) == list(find_placeholders(f"a: {' ' * len(written)} ${{b}}"))
