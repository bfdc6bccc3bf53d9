"""A baseline leaves out what was there, fails for what is new, and says what is gone."""

from __future__ import annotations

import json
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from checked_files import NOTES, brief, check, full, schedule
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mlschedule import DefinitionError
from pytest_mlschedule.checks.baseline import (
    Baseline,
    Entry,
    read_baseline,
    take_known,
    write_baseline,
)
from pytest_mlschedule.checks.check import CheckResult
from pytest_mlschedule.checks.selection import RuleSelection
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity

EMPTY = Baseline(path="baseline.yml")
FILES = {"s/a.yml": schedule("a"), "s/b.yml": schedule("b", "*"), "s/c.yml": schedule("c", "15")}


@pytest.fixture(autouse=True)
def _stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def adopt(folder: Path, files: dict[str, str], **given: object) -> Baseline:
    """The baseline that is written and read for what is found now."""
    taken = check(folder, files, ["s"], baseline=EMPTY, whole=True, **given).baseline
    assert taken is not None
    Path("baseline.yml").write_text(write_baseline(taken), encoding="utf-8")
    read = read_baseline("baseline.yml")
    assert read.counts == taken.counts
    return read


def recheck(folder: Path, files: dict[str, str], baseline: Baseline, *named: str, **given: object) -> CheckResult:
    return check(folder, files, named or ("s",), baseline=baseline, whole=not named, **given)


def test_what_was_found_is_left_out(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    result = recheck(tmp_path, FILES, baseline)
    assert (brief(result.findings), brief(result.known)) == ([], ["s/a.yml:4:20: MLS103", "s/c.yml:4:20: MLS103"])


def test_the_file_is_sorted_an_entry_a_line(tmp_path: Path) -> None:
    adopt(tmp_path, FILES | {"s/z.yml": schedule("z", days="*").replace('"0 9', '"0 29')})
    head, _, body = Path("baseline.yml").read_text().partition("version: 1\n")
    assert all(line.startswith("# ") for line in head.splitlines())
    assert body == (
        "findings:\n"
        "  s/a.yml:\n"
        "    - {code: MLS103, field: trigger.expression, line: 'expression: \"0 9 1 * *\"'}\n"
        "  s/c.yml:\n"
        "    - {code: MLS103, field: trigger.expression, line: 'expression: \"0 9 15 * *\"'}\n"
        "  s/z.yml:\n"
        "    - {code: MLS102, field: trigger.expression, line: 'expression: \"0 29 * * *\"'}\n"
    )


def test_entries_survive_moves_and_spaces(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    moved = FILES["s/a.yml"].replace("trigger:", "# more\n\ntags: {a: b}\ntrigger:").replace("  ", "    ")
    result = recheck(tmp_path, FILES | {"s/a.yml": moved}, baseline)
    assert (brief(result.findings), brief(result.known)[0]) == ([], "s/a.yml:7:22: MLS103")


def test_entries_survive_time(tmp_path: Path) -> None:
    """Messages hold dates that come nearer; entries do not."""
    files = {
        "s/a.yml": schedule("a", "*")
        .replace("0 9", "30 2")
        .replace("  start", "  time_zone: Pacific Standard Time\n  start")
    }
    baseline = adopt(tmp_path, files)
    assert [entry.code for entry in baseline.counts] == ["MLS311"]
    later = check(tmp_path, files, ["s"], baseline=baseline, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert brief(later.findings) == []
    assert later.known[0].message != check(tmp_path, files, ["s"]).findings[0].message


def test_new_findings_fail(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    result = recheck(tmp_path, FILES | {"s/d.yml": schedule("d")}, baseline)
    assert brief(result.findings) == ["s/d.yml:4:20: MLS103"]


def test_a_line_that_is_touched_is_new_and_its_entry_stale(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    result = recheck(tmp_path, FILES | {"s/a.yml": schedule("a", "2")}, baseline)
    first, second = full(result.findings)
    assert first.startswith("s/a.yml:4:20: MLS103 ")
    assert second == (
        'baseline.yml:6:7: MLS903 MLS103 in s/a.yml is not found any more: expression: "0 9 1 * *"\n'
        "  hint: mlschedule check --baseline baseline.yml --update-baseline removes it"
    )


def test_the_same_finding_twice_where_the_baseline_has_one(tmp_path: Path) -> None:
    entry = Entry("a.yml", "MLS103", "f", "x")
    item = Diagnostic("MLS103", Severity.WARNING, "m", "", Location("a.yml", 1, 1), ("f",))
    other = item.at(Location("a.yml", 2, 1))
    new, known, left = take_known([item, other], Baseline(path="b.yml", counts={entry: 1}), lambda _: "x\n x ")
    assert (new, known, left) == ([other], [item], {})
    new, known, left = take_known([item, other], Baseline(path="b.yml", counts={entry: 3}), lambda _: "x\nx")
    assert (new, known, left) == ([], [item, other], {entry: 1})


def test_a_count_is_written_and_read(tmp_path: Path) -> None:
    twice = {"s/a.yml": schedule("a", "*").replace('"0 9', '"0 29').replace(' * *"', ' * 9"')}
    baseline = adopt(tmp_path, twice)
    assert list(baseline.counts.values()) == [2]
    assert "count: 2}" in Path("baseline.yml").read_text()
    repaired = {"s/a.yml": twice["s/a.yml"].replace("  start", "  # a comment\n  start")}
    assert brief(recheck(tmp_path, repaired, baseline).findings) == []
    baseline = Baseline(path="baseline.yml", counts={next(iter(baseline.counts)): 4}, places=baseline.places)
    assert "(2 times)" in str(recheck(tmp_path, twice, baseline).findings)


def test_stale_entries_are_only_those_that_could_have_been_found(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    clean = {name: schedule(name[2], "*") for name in FILES}
    assert brief(recheck(tmp_path, clean, baseline).findings) == [
        "baseline.yml:6:7: MLS903",
        "baseline.yml:8:7: MLS903",
    ]
    assert brief(recheck(tmp_path, clean, baseline, "s/a.yml").findings) == ["baseline.yml:6:7: MLS903"]
    assert brief(recheck(tmp_path, clean, baseline, "s/b.yml").findings) == []
    Path("s/c.yml").unlink()
    assert brief(recheck(tmp_path, {}, baseline, "s/b.yml").findings) == ["baseline.yml:8:7: MLS903"]
    selection = RuleSelection(ignore=(*NOTES, "MLS903"))
    assert brief(recheck(tmp_path, clean, baseline, selection=selection).findings) == []
    selection = RuleSelection(ignore=(*NOTES, "MLS103"))
    assert brief(recheck(tmp_path, clean, baseline, selection=selection).findings) == []


def test_a_file_that_cannot_be_loaded_makes_only_entries_of_loading_stale(tmp_path: Path) -> None:
    late = schedule("a", "*").replace('  start_time: "2026-01-01T00:00:00"\n', "")
    baseline = adopt(tmp_path, {"s/a.yml": late, "s/b.yml": schedule("b", "1")})
    assert sorted(entry.code for entry in baseline.counts) == ["MLS103", "MLS308"]
    broken = {"s/a.yml": late.replace("name: a", "name: a b"), "s/b.yml": schedule("b c", "*")}
    assert brief(recheck(tmp_path, broken, baseline).findings) == [
        "s/a.yml:1:7: MLS501",
        "s/b.yml:1:7: MLS501",
        "baseline.yml:8:7: MLS903",
    ]
    unreadable = {"s/a.yml": "a: [", "s/b.yml": schedule("b", "1")}
    assert brief(recheck(tmp_path, unreadable, baseline, "s/a.yml").findings) == ["s/a.yml:2:1: MLS003"]


def test_an_entry_of_an_unknown_code_is_stale(tmp_path: Path) -> None:
    entry = Entry("s/a.yml", "MLS999", "", "")
    baseline = Baseline(path="baseline.yml", counts={entry: 1}, places={entry: Location("baseline.yml", 9, 2)})
    assert brief(recheck(tmp_path, {"s/a.yml": schedule(days="*")}, baseline).findings) == ["baseline.yml:9:2: MLS903"]


def test_a_baseline_called_json_is_json(tmp_path: Path) -> None:
    taken = check(tmp_path, FILES, ["s"], baseline=Baseline(path="baseline.json")).baseline
    assert taken is not None
    Path("baseline.json").write_text(write_baseline(taken))
    assert json.loads(Path("baseline.json").read_text())["version"] == 1
    read = read_baseline("baseline.json")
    assert read.counts == taken.counts
    assert [str(place) for place in read.places.values()] == ["baseline.json:5:7", "baseline.json:12:7"]


def test_updating_takes_the_new_drops_the_gone_and_keeps_what_was_not_looked_at(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, FILES)
    changed = FILES | {"s/a.yml": schedule("a", "2"), "s/b.yml": schedule("b", "3")}
    updated = recheck(tmp_path, changed, baseline, "s/a.yml", "s/b.yml").baseline
    assert updated is not None
    assert {(entry.path, entry.line[-10:]) for entry in updated.counts} == {
        ("s/a.yml", '"0 9 2 * *"'[-10:]),
        ("s/b.yml", '"0 9 3 * *"'[-10:]),
        ("s/c.yml", '"0 9 15 * *"'[-10:]),
    }


def test_what_cannot_be_ignored_is_not_taken(tmp_path: Path) -> None:
    baseline = adopt(tmp_path, {"s/a.yml": "trigger: [\ncreate_job: x"})
    assert baseline.counts == {}
    assert "findings: {}" in Path("baseline.yml").read_text()


def test_paths_are_relative_to_the_baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(tmp_path, FILES)
    taken = check(tmp_path, FILES, ["s"], baseline=Baseline(path="conf/deep/baseline.yml")).baseline
    assert taken is not None
    assert {entry.path for entry in taken.counts} == {"../../s/a.yml", "../../s/c.yml"}
    Path("conf/deep").mkdir(parents=True)
    Path("conf/deep/baseline.yml").write_text(write_baseline(taken))
    elsewhere = check(tmp_path / "conf", {}, ["../s"], baseline=read_baseline(str(tmp_path / "conf/deep/baseline.yml")))
    assert (brief(elsewhere.findings), len(elsewhere.known)) == ([], 2)


def test_stale_entries_are_found_from_any_folder(tmp_path: Path) -> None:
    adopt(tmp_path, FILES)
    Path("s/a.yml").write_text(schedule("a", "*"))
    os.chdir("s")
    result = check(tmp_path / "s", {}, ["a.yml"], baseline=read_baseline("../baseline.yml"))
    assert brief(result.findings) == ["../baseline.yml:6:7: MLS903"]


def test_stdin_and_python_objects_are_not_taken() -> None:
    for place in (None, Location("<stdin>", 1, 1)):
        assert EMPTY.entry_of(Diagnostic("MLS103", Severity.WARNING, "m", location=place), lambda _: "x") is None


def test_long_lines_are_told_apart(tmp_path: Path) -> None:
    def entry(tail: str) -> Entry | None:
        item = Diagnostic("MLS103", Severity.WARNING, "m", location=Location("a.yml", 2, 1))
        return EMPTY.entry_of(item, lambda _: f"x\n{'y' * 150}{tail}\n")

    one, other = entry("1"), entry("2")
    assert one is not None
    assert one != other
    assert len(one.line) == 109
    assert one == entry("1  ")


def test_a_finding_behind_the_end_of_its_file_has_no_line() -> None:
    item = Diagnostic("MLS103", Severity.WARNING, "m", location=Location("a.yml", 9, 1))
    assert EMPTY.entry_of(item, lambda _: "x") == Entry("a.yml", "MLS103", "", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", ["1:1: MLS008 a baseline is a mapping, not a list"]),
        ("", ["1:1: MLS008 a baseline is a mapping, not null"]),
        ("version: 2\n", ["1:10: MLS009 version: the version of a baseline is 1, not a number (2)\n  hint: it was written by another version of mlschedule"]),
        ("findings: {}\n", ["1:1: MLS009 version: the version of a baseline is 1, not null"]),
        ("version: 1\nfinding: {}\n", ["2:1: MLS006 finding: the key 'finding' is not known here\n  hint: did you mean 'findings'?"]),
        ("version: 1\nfindings: [a]\n", ["2:11: MLS008 findings: must be a mapping of paths to entries, not a list"]),
        ("version: 1\nfindings: {a.yml: x}\n", ["2:19: MLS008 findings.a.yml: must be a list of entries, not text ('x')"]),
        ("version: 1\nfindings: {1: []}\n", ["2:15: MLS008 findings.1: a path must be text, not a number (1)\n  hint: quote it"]),
        ("version: 1\nfindings:\n  a.yml:\n  - x\n", ["4:5: MLS008 findings.a.yml[0]: an entry is a mapping, not text ('x')"]),
        (
            "version: 1\nfindings:\n  a.yml:\n  - {cod: MLS103, line: 7, count: 0}\n  - {code: MLS103, count: true}\n",
            [
                "4:5: MLS007 findings.a.yml[0].code: code is missing",
                "4:6: MLS006 findings.a.yml[0].cod: the key 'cod' is not known here\n  hint: did you mean 'code'?",
                "4:25: MLS008 findings.a.yml[0].line: must be text, not a number (7)\n  hint: quote it",
                "4:35: MLS008 findings.a.yml[0].count: must be a whole number of 1 or more, not a number (0)",
                "5:27: MLS008 findings.a.yml[1].count: must be a whole number of 1 or more, not a boolean (true)",
            ],
        ),
        ("version: 1\nversion: 1\n", ["2:1: MLS005 version: the key 'version' is given twice; the last one counts (JB-10)\n  hint: remove the one that is not meant"]),
        ("a: [", ["2:1: MLS003 is not valid YAML: did not find expected node content\n  hint: check the indentation here and in the line before, and quote text that holds a colon"]),
    ],
)  # fmt: skip
def test_a_broken_baseline_is_refused_with_places(text: str, expected: list[str]) -> None:
    Path("b.yml").write_text(text)
    with pytest.raises(DefinitionError) as refused:
        read_baseline("b.yml")
    assert [
        str(item).removeprefix("b.yml:").split("\n  hint: mlschedule check")[0] for item in refused.value.diagnostics
    ] == expected


def test_no_findings_may_be_left_out_or_empty() -> None:
    for text in ("version: 1\n", "version: 1\nfindings:\n", "version: 1\nfindings: {a.yml: []}\n"):
        Path("b.yml").write_text(text)
        assert read_baseline("b.yml").counts == {}


def test_an_entry_that_stands_twice_counts_twice() -> None:
    Path("b.yml").write_text("version: 1\nfindings:\n  a.yml:\n  - {code: MLS103}\n  - {code: MLS103, count: 2}\n")
    read = read_baseline("b.yml")
    assert read.counts == {Entry("a.yml", "MLS103", "", ""): 3}
    assert read.places == {Entry("a.yml", "MLS103", "", ""): Location("b.yml", 4, 5)}


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    st.dictionaries(
        st.builds(Entry, TEXTS, st.just("MLS103") | TEXTS.filter(bool), TEXTS, TEXTS), st.integers(1, 9), max_size=6
    ),
    st.randoms(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_and_its_order_is_not_that_of_finding(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[Entry, int], dice: random.Random
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.yml"
    text = write_baseline(Baseline(path="x", counts=counts))
    shuffled = list(counts.items())
    dice.shuffle(shuffled)
    assert write_baseline(Baseline(path="x", counts=dict(shuffled))) == text
    path.write_text(text, encoding="utf-8")
    assert yaml.safe_load(text)["version"] == 1
    assert read_baseline(str(path)).counts == counts
    assert len(text.splitlines()) == 4 + len(counts) + len({entry.path for entry in counts})
