"""``pytest --mlschedule`` holds schedules against budgets of money and nodes as ``mlschedule check`` does."""

from __future__ import annotations

import pytest
from priced_files import CONFIG, PRICES, schedule
from small_project import Project

OPTIONS = ("--mlschedule", "--mlschedule-now=2026-03-01", "schedules")
TEST = "def test_code(): pass"


@pytest.fixture
def priced(project: Project) -> Project:
    """A nightly schedule that costs 31 x 0.36 = 11.16 in March, and one on Mondays: 5 x 1.80 = 9.00."""
    project.write("prices.json", PRICES)
    project.write("schedules/nightly.yml", schedule("nightly"))
    project.write("schedules/weekly.yml", schedule("weekly", "30 4 * * MON", "gpu"))
    return project


def budget(project: Project, text: str) -> None:
    project.write("mlschedule.toml", f"{CONFIG}[budgets]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "passed", "failed"),
    [
        ("max_cost_per_month = 20.16", 2, 0),
        ("max_cost_per_month = 20", 1, 1),
        ("max_concurrent_nodes = 1", 2, 0),
        ('schedules = {"*" = {max_cost_per_month = 8}}', 0, 2),
    ],
)
def test_a_money_budget_fails_the_file_of_the_largest_part(
    text: str, passed: int, failed: int, priced: Project
) -> None:
    budget(priced, text)
    priced.run(TEST, *OPTIONS).assert_outcomes(passed=passed, failed=failed)


def test_what_is_said(priced: Project) -> None:
    budget(priced, "max_cost_per_month = 20")
    priced.run(TEST, *OPTIONS).stdout.fnmatch_lines(
        [
            "*nightly.yml:2:1: MLS707 trigger: all schedules cost 20.16 USD in 2026-03 (UTC): nightly 11.16, weekly 9.00; "
            "budgets (*mlschedule.toml:11) allows 20.00 a month*"
        ]
    )


def test_an_undecided_budget_fails_as_warnings_do(priced: Project) -> None:
    budget(priced, "max_cost_per_month = 100")
    priced.write("schedules/nightly.yml", schedule("nightly", compute="tpu"))
    result = priced.run(TEST, *OPTIONS)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*MLS709*nightly: the compute 'tpu' is not described*"])
    priced.write("mlschedule.toml", f'fail_on = "error"\n{CONFIG}[budgets]\nmax_cost_per_month = 100\n')
    priced.run(TEST, *OPTIONS).assert_outcomes(passed=2)


def test_prices_that_cannot_be_used_are_wrong_usage(priced: Project) -> None:
    budget(priced, "max_cost_per_month = 20")
    priced.write("prices.json", PRICES.replace("0.36", '"much"'))
    result = priced.run(TEST, *OPTIONS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*prices.json:7:19: MLS008 Items[[]0[]].retailPrice: must be a number*"])


def test_prices_are_left_alone_without_such_a_budget(priced: Project) -> None:
    budget(priced, "max_runs_per_day = 5")
    priced.write("prices.json", "no prices")
    priced.run(TEST, *OPTIONS).assert_outcomes(passed=2)
