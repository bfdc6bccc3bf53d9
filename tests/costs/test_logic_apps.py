"""The Logic Apps behind schedules: executions, the monthly grant, tiers. An execution above the grant costs 0.000025."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bill_data import estimate, rates, runs, window
from price_data import action_item, page_of

from pytest_mlschedule.costs.logic_apps import LogicAppBill, bill_logic_apps
from pytest_mlschedule.costs.price_list import PriceList
from pytest_mlschedule.costs.rates import Rates

DAY = date(2026, 3, 1)
ONE = rates(actions_per_run=1)
FLAT = replace(ONE, prices=PriceList.from_data(page_of(action_item(0, 0.000025))))
STEPPED = replace(ONE, prices=PriceList.from_data(page_of(action_item(0, 0.00003), action_item(10_000, 0.00002))))


def bill(made_with: Rates, **counts: list[int]) -> LogicAppBill:
    """Of runs by schedule and month."""
    return bill_logic_apps(counts, made_with, DAY)


def costs(made_with: Rates, **counts: list[int]) -> dict[str, list[str | None]]:
    found = bill(made_with, **counts).costs
    return {
        name: [None if cost is None else f"{cost.normalize():f}" for cost in months] for name, months in found.items()
    }


@pytest.mark.parametrize(
    ("executions", "cost"),
    [
        (0, "0"),
        (1, "0"),
        (3_999, "0"),
        (4_000, "0"),
        (4_001, "0.000025"),  # 1 x 0.000025
        (10_000, "0.15"),  # 6,000 x 0.000025
    ],
)
@pytest.mark.parametrize("made_with", [ONE, FLAT], ids=["free tier in the list", "none in the list"])
def test_the_grant_of_a_month(made_with: Rates, executions: int, cost: str) -> None:
    assert costs(made_with, nightly=[executions]) == {"nightly": [cost]}


@pytest.mark.parametrize(
    ("runs_", "actions", "cost"),
    [
        (1_999, None, "0"),  # 2 actions are assumed: 3,998
        (2_000, None, "0"),  # 4,000
        (2_001, None, "0.00005"),  # 4,002: 2 x 0.000025
        (1_000, 4, "0"),
        (1_000, 5, "0.025"),  # 5,000: 1,000 x 0.000025
    ],
)
def test_each_run_executes_so_many_actions(runs_: int, actions: int | None, cost: str) -> None:
    made_with = rates(actions_per_run=actions)
    assert costs(made_with, nightly=[runs_]) == {"nightly": [cost]}
    assert bill(made_with, nightly=[runs_]).actions == (actions or 2)


def test_tiers_count_the_free_executions_too() -> None:
    # 4,000 are free; 4,001 to 10,000 at 0.00003 = 0.18; 2,000 more at 0.00002 = 0.04.
    assert costs(STEPPED, nightly=[12_000]) == {"nightly": ["0.22"]}


@pytest.mark.parametrize(
    ("free", "cost"),
    [
        (0, "0.125"),  # others of the subscription take all of the grant: 5,000 x 0.000025
        (1_000, "0.1"),  # 4,000 x 0.000025
        (4_000, "0.025"),
        (9_000, "0.025"),  # the price list says 4,000
    ],
)
def test_how_much_of_the_grant_is_left_is_a_setting(free: int, cost: str) -> None:
    assert costs(rates(actions_per_run=1, free_executions=free), nightly=[5_000]) == {"nightly": [cost]}


def test_each_month_has_its_own_grant() -> None:
    assert costs(ONE, nightly=[4_000, 4_001, 0, 5_000]) == {"nightly": ["0", "0.000025", "0", "0.025"]}


def test_all_schedules_share_the_grant_in_proportion() -> None:
    # 6,000 + 3,000 + 1,000 = 10,000 executions cost 6,000 x 0.000025 = 0.15: 60, 30 and 10 parts of 100 of it.
    assert costs(ONE, a=[6_000], b=[3_000], c=[1_000], d=[0]) == {
        "a": ["0.09"],
        "b": ["0.045"],
        "c": ["0.015"],
        "d": ["0"],
    }
    # Each alone would be within the grant; together they are not: 2 x 2,500 - 4,000 = 1,000.
    assert costs(ONE, a=[2_500], b=[2_500]) == {"a": ["0.0125"], "b": ["0.0125"]}


def test_shares_add_up_to_the_last_digit() -> None:
    # 3 x 1,334 = 4,002 executions cost 0.00005; a third of it has no end, the first two get what is left over.
    found = bill(ONE, a=[1_334], b=[1_334], c=[1_334]).costs
    assert [found[name][0] for name in "abc"] == [Decimal("0.0000166667")] * 2 + [Decimal("0.0000166666")]


def test_the_price_factor_counts_for_executions_too() -> None:
    assert costs(rates(actions_per_run=1, price_factor=Decimal("0.5")), nightly=[10_000]) == {"nightly": ["0.075"]}


def test_without_a_price_months_with_runs_are_unknown_and_others_cost_nothing() -> None:
    nothing = replace(ONE, prices=None)
    found = bill(nothing, a=[1, 0], b=[0, 0])
    assert found.costs == {"a": [None, Decimal(0)], "b": [Decimal(0), Decimal(0)]}
    assert (found.reason, found.meter, found.remark) == ("no prices are given", None, "")
    assert found.hint == "--prices FILE, or prices in the configuration: pages of the Azure Retail Prices API"


def test_nothing_to_bill() -> None:
    assert bill(ONE).costs == {}
    assert bill(ONE, a=[]).costs == {"a": []}
    assert bill(ONE, a=[], b=[]).costs == {"a": [], "b": []}


def test_what_is_taken_for_granted_is_said() -> None:
    found = bill(ONE, nightly=[1])
    assert found.meter is not None
    assert found.meter.name == "Logic Apps, Consumption Built-in Actions, eastus, from 2019-05-01"
    assert found.remark == "the first 4,000 executions of a month are free by the price list"


def test_an_estimate_has_executions_and_their_cost() -> None:
    # Every 10 minutes of a day: 144 runs, 10 actions each: 1,440 executions; the two of them 2,880; 1,000 are free.
    schedules = [runs(name, range(0, 86_400, 600)) for name in ("a", "b")]
    found = estimate(
        schedules,
        durations={"a": "1s", "b": "1s"},
        during=window("2026-03-01", "2026-03-02"),
        actions_per_run=10,
        free_executions=1_000,
    )
    # 1,880 x 0.000025 = 0.047, half of it each.
    assert [one.logic_app.executions for one in found.schedules] == [1_440, 1_440]
    assert [one.logic_app.cost for one in found.schedules] == [Decimal("0.0235")] * 2
    # And 144 s x 0.0001 of compute.
    assert [one.total for one in found.schedules] == [Decimal("0.0235") + Decimal("0.0144")] * 2


def test_an_estimate_says_why_executions_have_no_cost() -> None:
    found = estimate([runs("a", [0]), runs("b", [])], durations={"a": "1h"}, region="uksouth")
    assert found.unknown == {
        "a": "no price for an execution of a built-in action of Logic Apps (Consumption) in uksouth"
    }
    assert found.hints == (
        "the price files know it in eastus; fetch it: $filter=serviceName eq 'Logic Apps' and armRegionName eq 'uksouth'",
    )
    assert found.of("a").compute.cost == Decimal("0.36")
    assert found.of("a").months["2026-03"].cost is None
    assert found.of("b").total == 0
