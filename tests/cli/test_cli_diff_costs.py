"""``mlschedule diff`` with money: what is shown, budgets since when, what fails. Prices and schedules are those of priced_files.

A run takes an hour: in March a daily schedule on a node of 0.36 costs 31 x 0.36 = 11.16, on one of 1.80 it costs 55.80.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runs import run
from click.testing import Result
from git_repository import Repository, make_repository
from priced_files import COMPUTES, CONFIG, DURATIONS, PRICES, schedule

MARCH = ("--from", "2026-03-01", "--to", "2026-04-01", "--now", "2026-03-01")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """main with a nightly and a weekly schedule, prices and computes; a branch that is as main."""
    made = make_repository(tmp_path / "repo", monkeypatch)
    made.write("mlschedule.toml", CONFIG)
    made.write("prices.json", PRICES)
    made.commit(schedules__nightly=schedule("nightly"), schedules__weekly=schedule("weekly", "0 4 * * MON"))
    made.git("checkout", "--quiet", "-b", "feature")
    monkeypatch.chdir(made.path)
    return made


def diff(*arguments: str) -> Result:
    return run("diff", "--base", "main", "schedules", *MARCH, *arguments)


def document(*arguments: str) -> dict[str, Any]:
    result = diff("-o", "json", *arguments)
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)  # type: ignore[no-any-return]


# What is shown.


def test_money_of_each_schedule_and_in_total(repository: Repository) -> None:
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    result = diff()
    assert result.exit_code == 0
    assert (
        "~ nightly: runs 31\n    cost 11.16 → 55.80 USD (+44.64), node hours 31.00\n    compute  cpu → gpu\n"
        in result.stdout
    )
    # Five Mondays: 5 x 0.36 = 1.80.
    assert "\nPlan: 1 changed, 1 unchanged; runs 36; cost 12.96 → 57.60 USD (+44.64)\n" in result.stdout
    assert (
        "\nTaken for granted:\n  - both sides are counted with the prices, durations and computes of mlschedule.toml "
        "as it is in the work tree\n  - prices: prices.json"
    ) in result.stdout
    found = document()
    (nightly, _) = found["schedules"]
    assert nightly["cost"] == {"old": "11.16", "new": "55.80", "difference": "44.64"}
    assert found["total"]["cost"] == {"old": "12.96", "new": "57.60", "difference": "44.64"}
    assert (found["currency"], found["assumptions"][0][:29]) == ("USD", "both sides are counted with t")
    comment = diff("-o", "markdown").stdout
    assert "| `~` | `nightly` | changed | 31 | 11.16 → 55.80 (+44.64) | 1 field changed |\n" in comment
    assert "| | **total** | | 36 | 12.96 → 57.60 (+44.64) | |\n" in comment


def test_both_sides_are_counted_with_what_the_work_tree_says(repository: Repository) -> None:
    """The branch makes runs twice as long and nodes dearer: no schedule changes, and no cost."""
    repository.write("mlschedule.toml", CONFIG.replace('"1h"', '"2h"').replace("Standard_A", "Standard_B"))
    result = diff()
    # (31 + 5) runs x 2 hours x 1.80 = 129.60.
    assert (
        "No schedule changes what it does.\n2 schedules unchanged\nPlan: 2 unchanged; runs 36; cost 129.60 USD\n"
        in result.stdout
    )
    assert "Taken for granted" not in result.stdout


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ("", "Plan: 1 changed, 1 unchanged; runs 36\n"),
        ("[budgets]\nmax_cost_per_month = 100\n", "Plan: 1 changed, 1 unchanged; runs 36\n"),
        ("[logic_app]\nregion = 'eastus'\n", "Plan: 1 changed, 1 unchanged; runs 36\n"),
        (DURATIONS, "; runs 36; node hours 36.00\n"),
        (COMPUTES, "; runs 36; node hours unknown\n"),
        ('prices = ["prices.json"]\n', "; runs 36; cost unknown USD\n"),
    ],
)
def test_costs_are_shown_where_something_is_known(config: str, shown: str, repository: Repository) -> None:
    repository.write("mlschedule.toml", config)
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    result = diff()
    assert shown in result.stdout
    assert ("Taken for granted:" in result.stdout) == ("; runs 36; " in shown)


def test_options_count_before_the_configuration(repository: Repository) -> None:
    repository.write("mlschedule.toml", COMPUTES + DURATIONS)
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    assert "cost 12.96 → 57.60 USD (+44.64)\n" in diff("--prices", "prices.json").stdout
    alone = diff("--no-config", "--prices", "prices.json")
    assert "cost unknown USD\n" in alone.stdout
    assert "  - both sides are counted with the same prices, durations and computes\n" in alone.stdout
    broken = diff("--history", "prices.json")
    assert (broken.exit_code, broken.stdout) == (2, "")
    assert broken.stderr.startswith("prices.json:")
    assert diff("--prices", "none.json").stderr == "mlschedule: none.json: no such file or directory\n"


def test_prices_that_cannot_be_read_are_wrong_usage(repository: Repository) -> None:
    repository.write("prices.json", "[")
    result = diff()
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("prices.json:1:2: MLS003 is not valid JSON")


def test_saved_plans_and_files(repository: Repository) -> None:
    def save(name: str) -> None:
        result = run("plan", "schedules", "--from", "2026-03-01", "--to", "2026-04-01", "-o", "json")
        (repository.path / name).write_text(result.stdout)

    save("old.json")
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    save("new.json")
    for sides in (("old.json", "new.json"), ("old.json", "schedules")):
        found = json.loads(run("diff", *sides, "-o", "json").stdout)
        assert found["total"]["cost"] == {"old": "12.96", "new": "57.60", "difference": "44.64"}, sides


# What fails.


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (schedule("nightly"), 0, None),
        (schedule("nightly", compute="gpu"), 1, "12.96 → 57.60 USD (+44.64)"),
        (schedule("nightly", "0 5 * * *"), 0, None),
        (schedule("nightly", "0 5 * * MON"), 0, None),
        (schedule("nightly", "0 3,5 * * *"), 1, "12.96 → 24.12 USD (+11.16)"),
    ],
)
def test_fail_on_cost(text: str, status: int, said: str | None, repository: Repository) -> None:
    repository.write("schedules/nightly.yml", text)
    result = diff("--fail-on", "cost")
    assert result.exit_code == status
    last = result.stderr.splitlines()[-1]
    if said is None:
        assert last.startswith("mlschedule: old side: ")
    else:
        assert last == f"mlschedule: everything costs more than before: {said} (--fail-on cost)"


def test_fail_on_cost_does_not_take_what_is_not_known_for_an_increase(repository: Repository) -> None:
    repository.write("schedules/new.yml", schedule("new", compute="tpu"))
    result = diff("--fail-on", "cost")
    told = "mlschedule: not known, and not counted: new: the compute 'tpu' is not described"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (0, told)
    # One that was not known and now is: nobody can say whether it is more.
    repository.commit()
    repository.git("branch", "base")
    repository.write("schedules/new.yml", schedule("new", compute="gpu"))
    arguments = ("diff", "--base", "base", "schedules", *MARCH, "--fail-on", "cost")
    assert run(*arguments).exit_code == 0
    # What is known on both sides costs more.
    repository.write("schedules/nightly.yml", schedule("nightly", "0 3,5 * * *"))
    result = run(*arguments)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        1,
        "mlschedule: everything costs more than before: 12.96 + unknown → 79.92 USD (+11.16 of what is known on both sides) "
        "(--fail-on cost)",
    )


def test_less_than_a_cent_is_no_increase(repository: Repository) -> None:
    config = CONFIG.replace('"1h"', '"2s"')  # a run costs 0.0002
    repository.write("mlschedule.toml", config)
    repository.write("schedules/nightly.yml", schedule("nightly", "0 3,5 * * *"))
    assert diff("--fail-on", "cost").exit_code == 0
    repository.write("schedules/nightly.yml", schedule("nightly", "0 3,5,7 * * *"))  # 62 more: 0.0124
    assert diff("--fail-on", "cost").exit_code == 1


@pytest.mark.parametrize("config", ["", COMPUTES + DURATIONS])
def test_fail_on_cost_needs_prices(config: str, repository: Repository) -> None:
    repository.write("mlschedule.toml", config)
    result = diff("--fail-on", "cost")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: --fail-on cost: no prices are given: --prices FILE, or prices in the configuration"
    )


def test_fail_on_increase_is_about_runs(repository: Repository) -> None:
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    assert diff("--fail-on", "increase").exit_code == 0


# Budgets, since when.


def told(*arguments: str) -> list[tuple[Any, ...]]:
    """Code, scope, what both sides had, and since when."""
    return [
        (one["code"], one["limit"], one["old"], one["new"], one["allowed"], one["since"])
        for one in document(*arguments)["budgets"]
    ]


def test_a_budget_of_money_that_the_change_exceeds(repository: Repository) -> None:
    repository.write("mlschedule.toml", f"{CONFIG}[budgets]\nmax_cost_per_month = 15\n")
    assert told() == []
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    assert told() == [("MLS707", "max_cost_per_month", None, "57.60", "15.00", "this change")]
    result = diff("--fail-on", "budget")
    assert result.exit_code == 1
    assert result.stderr.endswith("mlschedule: the change exceeds 1 limit (--fail-on budget)\n")
    assert (
        "\nBudgets that this change exceeds:\n"
        "  schedules/nightly.yml:2:1: MLS707 trigger: all schedules cost 57.60 USD in 2026-03 (UTC): nightly 55.80, weekly 1.80; "
        "budgets (mlschedule.toml:11) allows 15.00 a month (since this change)\n"
        "    hint: run less often, "
    ) in result.stdout
    assert result.stdout.index("Budgets that") < result.stdout.index("Taken for granted:")
    (budget,) = document()["budgets"]
    assert budget["schedules"] == [{"name": "nightly", "cost": "55.80"}, {"name": "weekly", "cost": "1.80"}]
    assert (budget["path"], budget["line"], budget["period"]) == ("schedules/nightly.yml", 2, "2026-03 (UTC)")


def test_a_budget_of_money_that_was_exceeded_before(repository: Repository) -> None:
    repository.write("mlschedule.toml", f"{CONFIG}[budgets]\nmax_cost_per_month = 10\n")
    arguments = ("--fail-on", "budget")
    repository.write("schedules/nightly.yml", schedule("nightly", "0 5 * * *"))
    same = diff(*arguments)
    assert (same.exit_code, told()) == (0, [("MLS707", "max_cost_per_month", "12.96", "12.96", "10.00", "before")])
    assert "\nBudgets that were exceeded before:\n" in same.stdout
    repository.write("schedules/nightly.yml", schedule("nightly", "0 3,5 * * MON-FRI"))  # 22 days: 44 x 0.36 = 15.84
    more = diff(*arguments)
    assert (more.exit_code, "(12.96 USD before this change)" in more.stdout) == (1, True)
    repository.write("schedules/nightly.yml", schedule("nightly", "0 3 * * MON-FRI"))
    assert (diff(*arguments).exit_code, told()) == (0, [])


def test_more_months_that_cost_too_much_are_the_change_s_doing(repository: Repository) -> None:
    """April has 30 nights and four Mondays (12.24), March 31 and five (12.96); then April costs as much as March."""
    repository.write("mlschedule.toml", f"{CONFIG}[budgets]\nmax_cost_per_month = 12.90\n")
    arguments = (
        "diff",
        "--base",
        "main",
        "schedules",
        "--from",
        "2026-03-01",
        "--to",
        "2026-04-20",
        "--fail-on",
        "budget",
    )
    assert run(*arguments).exit_code == 0
    # Two nights at the end of April: 12.96.
    repository.write("schedules/more.yml", schedule("more").replace("2026-01-01", "2026-04-29"))
    result = run(*arguments)
    assert (result.exit_code, "(more often than before)" in result.stdout) == (1, True)


def test_a_budget_of_nodes(repository: Repository) -> None:
    repository.write("mlschedule.toml", f"{DURATIONS}[budgets]\nmax_concurrent_nodes = 1\n")
    assert told() == []
    repository.write("schedules/nightly.yml", schedule("nightly", "30 3 * * *"))
    assert told() == [("MLS708", "max_concurrent_nodes", None, 2, 1, "this change")]
    result = diff("--fail-on", "budget")
    assert result.exit_code == 1
    assert (
        "MLS708 trigger: all schedules ask for 2 nodes of cpu at 2026-03-02 04:00 (UTC): nightly 1, weekly 1; budgets "
        "(mlschedule.toml:4) allows 1 at a time; 4 more times there are too many as well (since this change)\n"
        "    hint: move nightly from 03:30 to 03:00 (UTC): peak 2 → 1 nodes; or raise max_concurrent_nodes\n"
    ) in result.stdout
    (budget,) = document()["budgets"]
    assert budget["schedules"] == [{"name": "nightly", "nodes": 1}, {"name": "weekly", "nodes": 1}]
    repository.commit()
    repository.git("branch", "-f", "main")
    repository.write("schedules/third.yml", schedule("third", "40 3 * * *"))
    assert "(2 nodes before this change)" in diff().stdout


def test_budgets_that_nobody_can_decide_are_shown_and_fail_nothing(repository: Repository) -> None:
    budgets = "[budgets]\nmax_cost_per_month = 100\n"
    repository.write("mlschedule.toml", CONFIG + budgets)
    repository.write("schedules/new.yml", schedule("new", compute="tpu"))
    result = diff("--fail-on", "budget")
    assert result.exit_code == 0
    assert (
        "\nBudgets that nobody can decide:\n"
        "  schedules/new.yml:2:1: MLS709 trigger: nobody knows whether all schedules together keep max_cost_per_month of "
        "budgets (mlschedule.toml:11): new: the compute 'tpu' is not described; what is known comes to 12.96 USD in 2026-03 "
        "(since this change)\n"
    ) in result.stdout
    (budget,) = document()["budgets"]
    assert (budget["code"], budget["since"]) == ("MLS709", "this change")
    assert [budget[name] for name in ("old", "new", "allowed")] == [None] * 3
    assert budget["schedules"] == [{"name": "new", "cost": None}]
    comment = diff("-o", "markdown").stdout
    assert "\n- warning: `schedules/new.yml:2:1: MLS709 trigger: nobody knows" in comment
    repository.commit()
    repository.git("branch", "-f", "main")
    before = diff()
    assert "\nBudgets that nobody could decide before:\n" in before.stdout
    assert "(as before this change)" in before.stdout
    repository.write("schedules/other.yml", schedule("other", compute="npu"))
    assert "(1 unknown before this change)" in diff().stdout


def test_a_budget_that_nobody_could_decide_and_the_change_exceeds(repository: Repository) -> None:
    repository.write("mlschedule.toml", f"{CONFIG}[budgets]\nmax_cost_per_month = 50\n")
    repository.commit(schedules__nightly=schedule("nightly", compute="tpu"))
    repository.git("branch", "-f", "main")
    repository.write("schedules/nightly.yml", schedule("nightly", compute="gpu"))
    assert told() == [("MLS707", "max_cost_per_month", None, "57.60", "50.00", "this change")]


def test_budgets_of_saved_plans(repository: Repository) -> None:
    """Of April a saved plan knows 9 nights: 9 x 0.36 = 3.24, and one Monday: 0.36."""
    repository.write("mlschedule.toml", f"{CONFIG}[budgets]\nmax_cost_per_month = 3\nmax_concurrent_nodes = 1\n")
    saved = run("plan", "schedules", "--from", "2026-04-01", "--for", "9d", "-o", "json")
    (repository.path / "old.json").write_text(saved.stdout)
    for sides in (("old.json", "schedules"), ("schedules", "old.json"), ("old.json", "old.json")):
        result = run("diff", *sides, "-o", "json", "--fail-on", "budget")
        found = [(one["code"], one["old"], one["new"]) for one in json.loads(result.stdout)["budgets"]]
        assert (result.exit_code, found) == (0, [("MLS707", "3.60", "3.60")]), sides
