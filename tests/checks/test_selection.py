"""Which rules count: tables of selectors against rules, of patterns against paths."""

from __future__ import annotations

import re
from types import MappingProxyType

import pytest

from pytest_mlschedule.checks.catalogue import CATALOGUE
from pytest_mlschedule.checks.rule import Rule
from pytest_mlschedule.checks.selection import (
    RuleSelection,
    Sieve,
    check_selector,
    check_selectors,
    find_nearest,
    find_rule,
    fits,
)
from pytest_mlschedule.diagnostics import Diagnostic, Location, Severity

NAMES = {
    "MLS003": "syntax",
    "MLS102": "cron-out-of-range",
    "MLS103": "days-and-months-ignored",
    "MLS113": "another",
    "MLS201": "frequency",
}
RULES = MappingProxyType(
    {code: Rule(code=code, name=name, severity=Severity.WARNING, summary="s") for code, name in NAMES.items()}
)


def finding(code: str, path: str = "a.yml") -> Diagnostic:
    return Diagnostic(code, Severity.NOTE, "m", location=Location(path, 3, 1))


def counting(**said: object) -> list[str]:
    """The numbers of the codes that count."""
    sieve = Sieve(RuleSelection(**said), RULES)  # type: ignore[arg-type]
    return [code.removeprefix("MLS") for code in RULES if sieve.counts(code)]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (["MLS"], [], "003 102 103 113 201"),
        (["MLS1"], [], "003 102 103 113"),
        (["mls1"], [], "003 102 103 113"),
        (["MLS10"], [], "003 102 103"),
        (["MLS103"], [], "003 103"),
        (["days-and-months-ignored"], [], "003 103"),
        (["Days-And-Months-Ignored"], [], "003 103"),
        (["MLS103", "MLS2"], [], "003 103 201"),
        (["MLS"], ["MLS1"], "003 201"),
        (["MLS", "MLS103"], ["MLS1"], "003 103 201"),
        (["MLS", "MLS10"], ["MLS1"], "003 102 103 201"),
        (["MLS1"], ["MLS103"], "003 102 113"),
        (["MLS103"], ["MLS103"], "003"),
        (["MLS103"], ["days-and-months-ignored"], "003"),
        (["days-and-months-ignored"], ["MLS10"], "003 103"),
        (["MLS10"], ["MLS10"], "003"),
        (["MLS"], ["MLS"], "003"),
        ([], [], "003"),
        (["MLS"], ["MLS003", "syntax"], "003 102 103 113 201"),
        (["MLS1 "], [], "003 102 103 113"),
        (["LS1", "103", "1", "MLS1.*", ""], [], "003"),
    ],
)
def test_the_longer_selector_wins_and_a_tie_is_ignored(select: list[str], ignore: list[str], expected: str) -> None:
    assert counting(select=tuple(select), ignore=tuple(ignore)) == expected.split()


def test_everything_counts_by_default() -> None:
    assert counting() == "003 102 103 113 201".split()


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ((), (), "003 103 201"),
        ((), ("MLS2",), "003 103"),
        (("MLS1",), (), "003 102 103 113"),  # what the configuration ignores counts again
        (("MLS1",), ("MLS102",), "003 103 113"),
    ],
)
def test_a_command_line_narrows_the_configuration(
    select: tuple[str, ...], ignore: tuple[str, ...], expected: str
) -> None:
    configured = RuleSelection(ignore=("MLS102", "MLS113"), severity={"MLS1": Severity.ERROR}, root="x")
    narrowed = configured.narrow(select=select, ignore=ignore)
    assert [code[3:] for code in RULES if Sieve(narrowed, RULES).counts(code)] == expected.split()
    assert (narrowed.severity, narrowed.root) == (configured.severity, "x")


@pytest.mark.parametrize(
    ("severity", "code", "expected"),
    [
        ({}, "MLS103", "warning"),
        ({"MLS": "error"}, "MLS103", "error"),
        ({"MLS": "error", "MLS10": "note"}, "MLS103", "note"),
        ({"MLS10": "note", "MLS": "error"}, "MLS103", "note"),
        ({"MLS103": "error", "MLS10": "note"}, "MLS103", "error"),
        ({"days-and-months-ignored": "error", "MLS10": "note"}, "MLS103", "error"),
        ({"MLS2": "error"}, "MLS103", "warning"),
        ({"MLS0": "note", "syntax": "note"}, "MLS003", "warning"),
    ],
)
def test_the_longest_selector_says_the_severity(severity: dict[str, str], code: str, expected: str) -> None:
    selection = RuleSelection(severity={selector: Severity(value) for selector, value in severity.items()})
    settled = Sieve(selection, RULES).settle(finding(code))
    assert settled is not None
    assert settled.severity == expected


def test_what_does_not_count_is_dropped_and_a_code_without_a_rule_stays() -> None:
    sieve = Sieve(RuleSelection(select=("MLS2",)), RULES)
    assert sieve.settle(finding("MLS103")) is None
    assert sieve.settle(finding("MLS999")) == finding("MLS999")
    assert sieve.settle(Diagnostic("MLS201", Severity.WARNING, "m")) == Diagnostic("MLS201", Severity.WARNING, "m")


@pytest.mark.parametrize(
    ("path", "dropped"),
    [
        ("schedules/legacy/a.yml", True),
        ("schedules/legacy/deep/a.yml", True),
        ("schedules/a.yml", False),
        ("legacy/a.yml", False),
    ],
)
def test_rules_are_ignored_by_file(path: str, dropped: bool) -> None:  # noqa: FBT001
    selection = RuleSelection(per_file_ignores={"schedules/legacy/**": ("MLS10",), "*.json": ("MLS2",)})
    sieve = Sieve(selection, RULES)
    for _ in range(2):  # the second answer is a remembered one
        assert [sieve.counts(code, path) for code in ("MLS103", "MLS113", "MLS201")] == [not dropped, True, True]
    assert sieve.counts("MLS103")


def test_patterns_start_at_the_root(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    selection = RuleSelection(per_file_ignores={"schedules/*.yml": ("MLS",)}, root=str(tmp_path / "repo"))
    sieve = Sieve(selection, RULES)
    assert not sieve.counts("MLS103", "repo/schedules/a.yml")
    assert not sieve.counts("MLS103", str(tmp_path / "repo" / "schedules" / "a.yml"))
    assert sieve.counts("MLS103", "schedules/a.yml")
    assert sieve.counts("MLS003", "repo/schedules/a.yml")


PATHS = ("a.yml", "s/a.yml", "s/b.yaml", "s/legacy/a.yml", "s/legacy/x/a.yml", "t/s/a.yml", "s/legacy.yml")


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("s/**", "s/a.yml s/b.yaml s/legacy/a.yml s/legacy/x/a.yml s/legacy.yml"),
        ("s/legacy/**", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("s/legacy", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("s/legacy/", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("./s/legacy", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("legacy", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("legacy/", "s/legacy/a.yml s/legacy/x/a.yml"),
        ("s/*.yml", "s/a.yml s/legacy.yml"),
        ("s\\*.yml", "s/a.yml s/legacy.yml"),
        ("s/?.y*ml", "s/a.yml s/b.yaml"),
        ("a.yml", "a.yml s/a.yml s/legacy/a.yml s/legacy/x/a.yml t/s/a.yml"),
        ("**/a.yml", "a.yml s/a.yml s/legacy/a.yml s/legacy/x/a.yml t/s/a.yml"),
        ("s/**/a.yml", "s/a.yml s/legacy/a.yml s/legacy/x/a.yml"),
        ("s/[ab].*", "s/a.yml s/b.yaml"),
        ("S/a.yml", ""),
        ("*.yaml", "s/b.yaml"),
        ("**/**/x/**", "s/legacy/x/a.yml"),
        ("s/a.ym", ""),
    ],
)
def test_patterns(pattern: str, fitting: str) -> None:
    assert [path for path in PATHS if fits(path, pattern)] == fitting.split()


@pytest.mark.parametrize("selector", ["MLS", "MLS1", "MLS103", "mls103", "days-and-months-ignored", " MLS2 "])
def test_selectors_that_select(selector: str) -> None:
    assert check_selector(selector, RULES) is None


@pytest.mark.parametrize(
    ("selector", "way_out"),
    [
        ("days-and-month-ignored", "did you mean days-and-months-ignored?"),
        ("MSL103", "did you mean MLS103?"),
        ("MLS104", "mlschedule rules lists them"),
        ("MLS3", "mlschedule rules lists them"),
        ("", "mlschedule rules lists them"),
        ("x" * 100, "mlschedule rules lists them"),
    ],
)
def test_selectors_that_select_nothing(selector: str, way_out: str) -> None:
    (problem,) = check_selectors(["MLS1", selector, "frequency"], RULES)
    assert problem.startswith(repr(selector[:60]))
    assert problem.endswith(f" is not a rule: a code (MLS103), the start of codes (MLS1) or a name; {way_out}")


def test_nearest_are_codes_and_names_as_they_are_written() -> None:
    assert find_nearest("mls0103", RULES, most=2) == ["MLS103", "MLS003"]
    assert find_nearest("another", RULES) == ["another"]
    assert find_nearest("MLS199", RULES) == []


@pytest.mark.parametrize("text", ["MLS103", "mls103", " days-and-months-ignored ", "DAYS-and-months-ignored"])
def test_a_rule_is_found_by_code_and_name(text: str) -> None:
    assert find_rule(text, RULES) is RULES["MLS103"]


@pytest.mark.parametrize("text", ["MLS10", "103", "", "days"])
def test_a_part_of_a_code_is_no_rule(text: str) -> None:
    assert find_rule(text, RULES) is None


def test_the_real_catalogue_is_sorted_and_its_codes_are_codes() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert [code for code in CATALOGUE if not re.fullmatch(r"MLS\d{3}", code)] == []
