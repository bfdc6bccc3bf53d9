"""The Logic Apps behind schedules: executions, the monthly grant, tiers. An execution above the grant costs 0.000025."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bill_data import MARCH, estimate, rates, runs, window
from price_data import action_item, page_of, vm_item

from pytest_mlschedule.costs.estimating import make_estimate
from pytest_mlschedule.costs.logic_apps import LogicAppBill, bill_logic_apps
from pytest_mlschedule.costs.prices.price_list import PriceList
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


@pytest.mark.parametrize(
    ("settings", "counts", "expected"),
    [
        # 2 actions a run are assumed. 31 x 2 = 62 and 2,000 x 2 = 4,000 are free; 2,001 x 2 = 4,002 and 8,928 x 2 are not.
        ({}, {"a": [31]}, {"a": ["0"]}),
        ({}, {"a": [2_000]}, {"a": ["0"]}),
        ({}, {"a": [2_001]}, {"a": [None]}),
        ({}, {"a": [8_928]}, {"a": [None]}),
        # Each month by itself.
        ({}, {"a": [31, 8_928, 0]}, {"a": ["0", None, "0"]}),
        # All schedules share the grant: (1,500 + 600) x 2 = 4,200. What does not run costs nothing.
        ({}, {"a": [1_500], "b": [600], "c": [0]}, {"a": [None], "b": [None], "c": ["0"]}),
        ({}, {"a": [1_500, 1_400], "b": [600, 600]}, {"a": [None, "0"], "b": [None, "0"]}),
        ({"actions_per_run": 10}, {"a": [400]}, {"a": ["0"]}),
        ({"actions_per_run": 10}, {"a": [401]}, {"a": [None]}),
        ({"free_executions": 61}, {"a": [31]}, {"a": [None]}),
        ({"free_executions": 62}, {"a": [31]}, {"a": ["0"]}),
        ({"free_executions": 0}, {"a": [1, 0]}, {"a": [None, "0"]}),
        ({}, {}, {}),
        ({}, {"a": []}, {"a": []}),
    ],
)
def test_without_a_price_only_months_above_the_grant_are_unknown(
    settings: dict[str, int], counts: dict[str, list[int]], expected: dict[str, list[str | None]]
) -> None:
    unpriced = replace(rates(**settings), prices=None)  # type: ignore[arg-type]
    assert costs(unpriced, **counts) == expected
    # With a price, whatever it is, the same months are free.
    priced = costs(rates(**settings), **counts)  # type: ignore[arg-type]
    for name, months in expected.items():
        assert [cost == "0" for cost in months] == [cost == "0" for cost in priced[name]]


def test_without_a_price_it_is_said_why_and_what_is_free() -> None:
    found = bill(replace(ONE, prices=None), a=[5_000, 31])
    assert (found.reason, found.meter) == ("no prices are given", None)
    assert found.hint == "--prices FILE, or prices in the configuration: pages of the Azure Retail Prices API"
    assert found.remark == "the first 4,000 executions of a month are taken as free"
    assert bill(replace(rates(free_executions=100), prices=None), a=[31]).remark == (
        "the first 100 executions of a month are taken as free"
    )
    # Where nothing is free, nothing is said.
    assert bill(replace(ONE, prices=None), a=[5_000]).remark == ""
    assert bill(replace(rates(free_executions=0), prices=None), a=[0]).remark == ""


MACHINES = PriceList.from_data(page_of(vm_item(armSkuName="Standard_A", retailPrice=Decimal("0.36"))))


def test_a_price_file_without_logic_apps_does_where_the_grant_covers_them() -> None:
    made = replace(rates(durations={"nightly": "45m"}), prices=MACHINES)
    found = make_estimate([runs("nightly", range(0, 31 * 86_400, 86_400))], MARCH, made)
    # 31 x 2,700 s x 0.0001 = 8.37; 31 x 2 = 62 executions are free.
    one = found.of("nightly")
    assert (one.logic_app.executions, one.logic_app.cost, one.logic_app.reason, one.logic_app.hint) == (62, 0, "", "")
    assert (found.total, found.unknown, found.hints) == (Decimal("8.37"), {}, ())
    assert one.months["2026-03"].cost == Decimal("8.37")
    assert found.to_dict()["schedules"][0]["logic_app"] == {"executions": 62, "cost": "0.00"}  # type: ignore[index]
    assert (
        "Logic Apps: the first 4,000 executions of a month are taken as free, in each calendar month of UTC that the window "
        "touches, and nothing else uses them"
    ) in found.assumptions


def test_a_price_file_without_logic_apps_does_not_for_months_above_the_grant() -> None:
    made = replace(rates(durations={"often": "30s"}), prices=MACHINES)
    # Every 5 minutes of March, 31 x 288 = 8,928 runs; and 31 in April.
    times = [*range(0, 31 * 86_400, 300), *range(31 * 86_400, 62 * 86_400, 86_400)][: 8_928 + 31]
    found = make_estimate([runs("often", times)], window("2026-03-01", "2026-06-01"), made)
    one = found.of("often")
    assert {name: (share.runs, share.cost) for name, share in one.months.items()} == {
        "2026-03": (8_928, None),  # 17,856 executions
        "2026-04": (30, Decimal("0.09")),  # 60 executions; 30 x 30 s x 0.0001
        "2026-05": (1, Decimal("0.003")),
    }
    assert (one.logic_app.executions, one.logic_app.cost, one.total) == (17_918, None, None)
    assert one.reason == "no price for an execution of a built-in action of Logic Apps (Consumption) in eastus"
    assert one.logic_app.hint == "fetch it: $filter=serviceName eq 'Logic Apps' and armRegionName eq 'eastus'"
    assert found.known_total == one.least == one.compute.cost == Decimal("26.877")  # 8,959 x 30 s x 0.0001


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
    found = estimate([runs("a", [0]), runs("b", [])], durations={"a": "1h"}, region="uksouth", free_executions=1)
    assert found.unknown == {
        "a": "no price for an execution of a built-in action of Logic Apps (Consumption) in uksouth"
    }
    assert found.hints == (
        "the price files know it in eastus; fetch it: $filter=serviceName eq 'Logic Apps' and armRegionName eq 'uksouth'",
    )
    assert found.of("a").compute.cost == Decimal("0.36")
    assert found.of("a").months["2026-03"].cost is None
    assert found.of("b").total == 0
