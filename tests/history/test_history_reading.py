"""``read_history``: files, one and several, and everything that is no list of jobs."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from pytest_mlschedule.errors import DefinitionError
from pytest_mlschedule.history import reading
from pytest_mlschedule.history.history import History
from pytest_mlschedule.history.places import find_places
from pytest_mlschedule.history.reading import read_history

JOBS = [{"name": "a", "display_name": "nightly-20260302T110000Z"}, {"name": "b", "status": "Failed"}]


def write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def problems(source: Any) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        read_history(source)
    return str(caught.value).splitlines()


def test_several_files_are_one_history(tmp_path: Path) -> None:
    first = write(tmp_path, "one.json", json.dumps(JOBS))
    later = [
        {"name": "b", "status": "Completed"},
        {"name": "c"},
        {"display_name": "no name"},
        {"display_name": "no name"},
    ]
    second = write(tmp_path, "two.json", json.dumps({"value": later}))
    history = read_history([first, Path(second)])
    assert [(job.name, job.status) for job in history.jobs] == [
        ("a", None),
        ("b", "Completed"),
        ("c", None),
        (None, None),
        (None, None),
    ]
    assert [(job.place.path, job.place.position) for job in history.jobs][1] == (second, 0)
    assert repr(history) == "<History of 5 jobs of 1 schedules>"
    assert len(history) == 5
    assert history.schedules == ("nightly",)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(JOBS).encode("utf-8"),
        json.dumps(JOBS).encode("utf-8-sig"),
        json.dumps(JOBS).encode("utf-16"),  # what > writes in PowerShell 5
        json.dumps(JOBS).encode("utf-16-le"),
    ],
)
def test_encodings(tmp_path: Path, content: bytes) -> None:
    assert len(read_history(write(tmp_path, "jobs.json", content))) == 2
    assert len(read_history(io.BytesIO(content))) == 2


def test_open_text() -> None:
    assert len(read_history(io.StringIO(json.dumps(JOBS)))) == 2
    assert read_history(io.StringIO("[]")) == History()
    assert read_history([]) == History()


CASES = [
    ("{", "1:2: MLS003 is not valid JSON: expecting property name enclosed in double quotes", "make it with: az ml job list -o json > jobs.json"),
    ("[\n  {},\n  nope]", "3:3: MLS003 is not valid JSON: expecting value", "make it with: az ml job list -o json > jobs.json"),
    ("", "1:1: MLS003 is not valid JSON: expecting value", "make it with: az ml job list -o json > jobs.json"),
    ("[NaN]", "1:1: MLS003 is not valid JSON: NaN is no value of JSON", "make it with: az ml job list -o json > jobs.json"),
    ("[" * 100_000, "1:1: MLS003 is not valid JSON: it nests too deep", "make it with: az ml job list -o json > jobs.json"),
    ('"text"', "1:1: MLS008 must be a list of jobs, not text ('text')", "make it with: az ml job list -o json > jobs.json"),
    ("{}", "1:1: MLS008 must be a list of jobs, not an object without name and display_name", "make it with: az ml job list -o json > jobs.json"),
    ('{"Items": []}', "1:1: MLS008 must be a list of jobs, not prices", "make it with: az ml job list -o json > jobs.json"),
    ('{"name": "n", "trigger": {}}', "1:1: MLS008 must be a list of jobs, not a schedule", "make it with: az ml job list -o json > jobs.json"),
    ('{"name": "n", "properties": {"trigger": {}}}', "1:1: MLS008 must be a list of jobs, not a schedule", "make it with: az ml job list -o json > jobs.json"),
    ('[{"name": "a"},\n 7]', "2:2: MLS008 [1]: must be a job, not a number (7)", "make the file with: az ml job list -o json > jobs.json"),
    ('{"value": [\n{"status": "Failed"}]}', "2:1: MLS007 [0]: is no job: it has neither name nor display_name", "make the file with: az ml job list -o json > jobs.json"),
    ('[{"name": "n", "trigger": {}}]', "1:2: MLS008 [0]: must be a job, not a schedule", "this looks like az ml schedule list; jobs come from: az ml job list -o json > jobs.json"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), CASES, ids=range(len(CASES)))
def test_what_is_no_history(tmp_path: Path, text: str, message: str, hint: str) -> None:
    path = write(tmp_path, "jobs.json", text)
    assert problems(path) == [f"{path}:{message}", f"  hint: {hint}"]


def test_many_items_that_are_no_jobs_are_not_all_told(tmp_path: Path) -> None:
    path = write(tmp_path, "numbers.json", json.dumps(list(range(1_000))))
    lines = [line for line in problems(path) if "hint" not in line]
    assert len(lines) == 6
    assert lines[4] == f"{path}:1:14: MLS008 [4]: must be a job, not a number (4)"
    assert lines[5] == f"{path}:1:1: MLS008 and 995 more items that are no jobs"


def test_every_file_is_looked_at(tmp_path: Path) -> None:
    broken, missing = write(tmp_path, "broken.json", "["), str(tmp_path / "none.json")
    lines = problems([broken, missing, write(tmp_path, "good.json", "[]")])
    assert lines == [
        f"{broken}:1:2: MLS003 is not valid JSON: expecting value",
        "  hint: make it with: az ml job list -o json > jobs.json",
        f"{missing}:1:1: MLS001 cannot be read: No such file or directory",
        "  hint: make it with: az ml job list -o json > jobs.json",
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read: it is a directory" in problems(str(tmp_path))[0]
    assert "cannot be read: " in problems("a\0b")[0]
    path = write(tmp_path, "latin.json", '[\n{"name": "é"}]'.encode("latin-1"))
    assert problems(path) == [f"{path}:2:11: MLS002 is not UTF-8 text", "  hint: save the file as UTF-8"]
    assert problems("a\nb.json")[0].startswith("a\\nb.json:1:1: MLS001")


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMIT", 1 << 20)
    path = write(tmp_path, "large.json", b"[" + b" " * (1 << 20) + b"]")
    assert problems(path)[0] == f"{path}:1:1: MLS004 is larger than 1 MiB"


def test_a_listing_that_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path, "page.json", json.dumps({"value": JOBS, "nextLink": "https://next"}))
    (found,) = read_history(path).notes
    assert str(found) == (
        f"{path}:1:1: MLS009 nextLink: the listing goes on behind nextLink: jobs are missing from it\n"
        "  hint: save the pages that follow, and name them too"
    )


def test_notes_have_the_place_of_the_job(tmp_path: Path) -> None:
    text = '[{"name": "a"},\n  {"name": "b", "properties": {"StartTimeUtc": "x"}}]'
    path = write(tmp_path, "jobs.json", text)
    (found,) = read_history(path).notes
    assert str(found) == f"{path}:2:3: MLS009 [1].StartTimeUtc: 'x' is not a time; it counts as not given"


def test_data_that_is_parsed_already() -> None:
    assert History.from_data(JOBS).jobs[0].place == ("<data>", 0)
    with pytest.raises(DefinitionError, match="must be a list of jobs, not null"):
        History.from_data(None)


@pytest.mark.parametrize(
    ("text", "wanted", "places"),
    [
        ("[1, 22,\n 3]", {0, 1, 2, 9}, {0: (1, 2), 1: (1, 5), 2: (2, 2)}),
        ("[]", {0}, {}),
        ("[ ]", {0}, {}),
        (' {"a": 1}', {0}, {0: (1, 2)}),
        (' {"a": 1}', {1}, {}),
        ("{}", {0}, {0: (1, 1)}),
        ('{"a": [1], "value" : [ 5,\n6]}', {1}, {1: (2, 1)}),
        ('{"value": 5, "b": []}', {0}, {0: (1, 1)}),
        ("[1, 2]", set(), {}),
    ],
)
def test_places_of_items(text: str, wanted: set[int], places: dict[int, tuple[int, int]]) -> None:
    assert find_places(text, wanted) == places
