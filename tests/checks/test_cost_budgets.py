"""MLS707: what a month costs. The oracle is arithmetic, written beside each case; prices are those of priced_files.

A run takes an hour on a node of 0.36 an hour unless a test says otherwise: a daily schedule costs 0.36 x the days of the month.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from costed_starts import CPU, DAY, GPU, HOUR, Runs, epoch, every, excesses, money, rates, said, window
from priced_files import actions, machine, page

from pytest_mlschedule import PipelineJob
from pytest_mlschedule.checks.budgets import Budget
from pytest_mlschedule.checks.spending import Spending
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.diagnostics import Location
from pytest_mlschedule.schedules.models import Step

DAILY = every(DAY)
MARCH = window("2026-03-10")


@pytest.mark.parametrize(
    ("day", "month", "cost"),
    [
        ("2026-02-11", "2026-02", "10.08"),  # 28 x 0.36
        ("2028-02-11", "2028-02", "10.44"),  # 29 x 0.36
        ("2026-04-11", "2026-04", "10.80"),  # 30 x 0.36
        ("2026-03-11", "2026-03", "11.16"),  # 31 x 0.36
    ],
)
def test_a_month_counts_as_a_whole_whatever_the_window_has_of_it(day: str, month: str, cost: str) -> None:
    below = Decimal(cost) - Decimal("0.01")
    assert excesses(money(cost), DAILY, during=window(day)) == []
    (found,) = excesses(money(str(below)), DAILY, during=window(day))
    assert found.message == f"all schedules cost {cost} USD in {month} (UTC): a {cost}; budgets allows {below} a month"
    assert (found.code, found.count, found.allowed, found.periods) == ("MLS707", Decimal(cost), below, 1)
    assert (found.period, found.shown) == (f"{month} (UTC)", f"{cost} USD")
    assert found.hint == (
        "run less often, for less time or on cheaper nodes, or raise max_cost_per_month; mlschedule estimate has all the figures; "
        "prices as of 2021-11-01, eastus"
    )


def test_the_dearest_month_is_named_and_the_others_are_counted() -> None:
    # February to May: 10.08, 11.16, 10.80, 11.16.
    during = window("2026-02-20", 80)
    told = "MLS707 all schedules cost 11.16 USD in 2026-03 (UTC): a 11.16; budgets allows {}"
    assert said(money("11"), DAILY, during=during) == [
        f"{told.format('11.00')} a month; 1 more month costs too much as well"
    ]
    assert said(money("10"), DAILY, during=during) == [
        f"{told.format('10.00')} a month; 3 more months cost too much as well"
    ]
    assert said(money("11.16"), DAILY, during=during) == []


def test_months_are_those_of_utc_whatever_the_zone_of_the_budget_is() -> None:
    budget = replace(money("0.50"), zone_key="America/Los_Angeles", zone_name="Pacific Standard Time")
    at = [
        "2026-03-01T00:30",
        "2026-03-31T23:30",
        "2026-04-01T00:30",
    ]  # the first in February for Los Angeles, the last in March
    found = said(budget, Runs("a", [epoch(text) for text in at]), during=MARCH)
    assert found == ["MLS707 all schedules cost 0.72 USD in 2026-03 (UTC): a 0.72; budgets allows 0.50 a month"]


# Ten minutes apart: 144 runs a day, of 100 seconds (0.01) and 2 executions each.
DENSE = every(600)
SHORT = rates({"*": "100s"})


@pytest.mark.parametrize(
    ("during", "month", "cost"),
    [
        # 4,464 runs: 44.64. 8,928 executions, 4,000 of them free: 4,928 x 0.01 = 49.28.
        (window("2026-03-10"), "2026-03", "93.92"),
        # 4,032 runs: 40.32. 8,064 executions: 4,064 x 0.01 = 40.64.
        (window("2026-02-10"), "2026-02", "80.96"),
        # The same March, with a second month in the window that has free executions of its own.
        (window("2026-03-10", 40), "2026-03", "93.92"),
    ],
)
def test_each_month_has_its_own_free_executions(during: object, month: str, cost: str) -> None:
    found = said(money("80"), DENSE, during=during, made_with=SHORT)
    assert found[0].startswith(
        f"MLS707 all schedules cost {cost} USD in {month} (UTC): a {cost}; budgets allows 80.00 a month"
    )


def test_free_executions_are_shared_and_a_schedule_pays_its_part() -> None:
    # Two of them: 17,856 executions, 13,856 x 0.01 = 138.56, a half is 69.28; and 44.64 for 100 seconds each.
    found = said(money("100", "schedule", "*"), DENSE, replace(DENSE, schedule="b"), during=MARCH, made_with=SHORT)
    assert found == [
        f'MLS707 {name} costs 113.92 USD in 2026-03 (UTC); budgets.schedules."*" allows 100.00 a month' for name in "ab"
    ]


ALWAYS = rates(computes=[replace(CPU, min_nodes=1), GPU])


def test_nodes_that_are_always_on_count_in_the_total_alone() -> None:
    # 31 days: 744 hours, of which the runs use 31 (11.16): 713 x 0.36 = 256.68 for nobody.
    starts = replace(DAILY, tags={"team": "ml"})
    assert said(money("267"), starts, during=MARCH, made_with=ALWAYS) == [
        "MLS707 all schedules cost 267.84 USD in 2026-03 (UTC): cpu always on 256.68, a 11.16; budgets allows 267.00 a month"
    ]
    for scope, name in (("tag", "team=ml"), ("schedule", "*")):
        assert excesses(money("11.16", scope, name), starts, during=MARCH, made_with=ALWAYS) == []
        assert len(excesses(money("11.15", scope, name), starts, during=MARCH, made_with=ALWAYS)) == 1


def test_nodes_that_are_always_on_cost_without_a_run_too() -> None:
    # 28 days in February: 672 x 0.36 = 241.92.
    idle = Runs("a", [])
    (found,) = excesses(money("200"), idle, during=window("2026-02-01"), made_with=ALWAYS)
    assert found.message == (
        "all schedules cost 241.92 USD in 2026-02 (UTC): cpu always on 241.92; budgets allows 200.00 a month"
    )
    assert (found.schedules, found.largest) == ((("a", Decimal(0)),), idle)


def test_idle_nodes_are_paid_by_the_schedule_that_leaves_them() -> None:
    # An hour and half an hour more: 31 x 0.54 = 16.74.
    idling = rates(computes=[replace(CPU, idle_seconds=1800)])
    assert said(money("16.73", "schedule", "a"), DAILY, during=MARCH, made_with=idling) == [
        'MLS707 a costs 16.74 USD in 2026-03 (UTC); budgets.schedules."a" allows 16.73 a month'
    ]


def test_schedules_of_a_tag_are_counted_together_and_the_largest_parts_are_named() -> None:
    ml = {"team": "ml"}
    starts = [
        every(DAY, "small", tags=ml),  # 31 x 0.36 = 11.16
        every(DAY, "large", compute="gpu", tags=ml),  # 31 x 1.80 = 55.80
        every(12 * HOUR, "middle", tags=ml),  # 62 x 0.36 = 22.32
        every(7 * DAY, "weekly", start="2026-03-02", tags=ml),  # 5 x 0.36 = 1.80
        every(6 * HOUR, "others", tags={"team": "bi"}),
    ]
    place = Location("mlschedule.toml", 7, 1)
    budget = replace(money("90", "tag", "team=ml"), places={"max_cost_per_month": place})
    (found,) = excesses(budget, *starts, during=MARCH)
    assert found.message == (
        "schedules tagged team=ml cost 91.08 USD in 2026-03 (UTC): large 55.80, middle 22.32, small 11.16 and 1 more; "
        'budgets.tags."team=ml" (mlschedule.toml:7) allows 90.00 a month'
    )
    assert [(name, str(amount.normalize())) for name, amount in found.schedules] == [
        ("large", "55.8"),
        ("middle", "22.32"),
        ("small", "11.16"),
        ("weekly", "1.8"),
    ]
    assert found.largest is starts[1]


def test_each_schedule_of_a_name_has_a_budget_of_its_own() -> None:
    starts = [every(DAY, "score-a"), every(DAY, "score-b", compute="gpu"), every(DAY, "train", compute="gpu")]
    assert said(money("20", "schedule", "score-*"), *starts, during=MARCH) == [
        'MLS707 score-b costs 55.80 USD in 2026-03 (UTC); budgets.schedules."score-*" allows 20.00 a month'
    ]


def test_of_two_schedules_of_one_name_the_first_counts() -> None:
    starts = [every(DAY), replace(every(DAY), compute="gpu")]
    assert [one.count for one in excesses(money("1"), *starts, during=MARCH)] == [Decimal("11.16")]
    found = excesses(money("1", "schedule", "a"), *starts, during=MARCH)
    assert [(one.count, one.largest) for one in found] == [(Decimal("11.16"), starts[0])]


def test_what_is_known_may_be_too_much_by_itself() -> None:
    starts = [DAILY, every(DAY, "b", compute="tpu"), every(DAY, "c", compute="tpu"), every(DAY, "d", compute=None)]
    assert said(money("11"), *starts, during=MARCH) == [
        "MLS707 all schedules cost at least 11.16 USD in 2026-03 (UTC): a 11.16; budgets allows 11.00 a month; "
        "not known: b and 2 more (the compute 'tpu' is not described)"
    ]
    assert said(money("11", "schedule", "a"), *starts, during=MARCH) == [
        'MLS707 a costs 11.16 USD in 2026-03 (UTC); budgets.schedules."a" allows 11.00 a month'
    ]
    assert said(money("11"), *starts[:2], during=MARCH)[0].endswith("not known: b (the compute 'tpu' is not described)")


@pytest.mark.parametrize(
    ("limit", "runs", "told"),
    [
        # A run of 101 seconds: 0.0101; the limit has the same cents.
        ("0.01", 1, "cost 0.0101 USD in 2026-03 (UTC): a 0.01; budgets allows 0.01 a month"),
        ("0.005", 1, "cost 0.0101 USD in 2026-03 (UTC): a 0.01; budgets allows 0.005 a month"),
        ("0", 1, "cost 0.01 USD in 2026-03 (UTC): a 0.01; budgets allows 0.00 a month"),
        ("0.03", 3, "cost 0.0303 USD in 2026-03 (UTC): a 0.03; budgets allows 0.03 a month"),
    ],
)
def test_amounts_that_cents_do_not_tell_apart_have_every_digit(limit: str, runs: int, told: str) -> None:
    first = epoch("2026-03-02")
    starts = Runs("a", [first + day * DAY for day in range(runs)])
    assert said(money(limit), starts, during=MARCH, made_with=rates({"a": "101s"})) == [f"MLS707 all schedules {told}"]


def test_less_than_a_cent() -> None:
    one = Runs("a", [epoch("2026-03-02")])
    assert said(money("0"), one, during=MARCH, made_with=rates({"a": "10s"})) == [
        "MLS707 all schedules cost 0.001 USD in 2026-03 (UTC): a <0.01; budgets allows 0.00 a month"
    ]


def test_thousands_and_another_currency_and_a_price_factor() -> None:
    euros = page(
        machine("Standard_A", 0.5, currencyCode="EUR"),
        actions(0, 0, currencyCode="EUR"),
        actions(4000, 1, currencyCode="EUR"),
        currency="EUR",
    )
    often = every(HOUR)  # 744 runs of 24 hours: 17,856 hours x 0.5 x 0.9 = 8,035.20
    made_with = rates({"*": "24h"}, prices=PriceList.from_data(euros), price_factor=Decimal("0.9"))
    assert said(money("8000"), often, during=MARCH, made_with=made_with) == [
        "MLS707 all schedules cost 8,035.20 EUR in 2026-03 (UTC): a 8,035.20; budgets allows 8,000.00 a month"
    ]


def test_prices_are_those_of_the_month() -> None:
    both = page(
        machine("Standard_A", 0.36, meterName="A", effectiveEndDate="2026-03-31T23:59:59Z"),
        machine("Standard_A", 0.72, meterName="A", effectiveStartDate="2026-04-01T00:00:00Z"),
        actions(0, 0),
    )
    made_with = rates(prices=PriceList.from_data(both))
    # March: 31 x 0.36 = 11.16; April: 30 x 0.72 = 21.60.
    found = said(money("12"), DAILY, during=window("2026-03-20", 31), made_with=made_with)
    assert found == ["MLS707 all schedules cost 21.60 USD in 2026-04 (UTC): a 21.60; budgets allows 12.00 a month"]


def test_an_empty_window_costs_nothing() -> None:
    assert excesses(money("0"), DAILY, during=window("2026-03-10", 0)) == []


def test_an_excess_is_known_again_and_compared_in_cents() -> None:
    (before,) = excesses(money("11"), DAILY, during=MARCH)
    # A run of 10 seconds more (0.001), and one of an hour.
    (little,) = excesses(
        money("11"), DAILY, Runs("b", [epoch("2026-03-05")]), during=MARCH, made_with=rates({"a": "1h", "b": "10s"})
    )
    (more,) = excesses(money("11"), DAILY, Runs("b", [epoch("2026-03-05")]), during=MARCH)
    assert before.key == little.key == more.key
    assert little.count > before.count
    assert not little.is_more_than(before)
    assert more.is_more_than(before)
    assert not before.is_more_than(more)
    (often,) = excesses(money("10"), DAILY, during=window("2026-03-10", 40))
    assert replace(often, count=before.count).is_more_than(before)
    assert {one.key for one in excesses(money("1", "schedule", "*"), DAILY, every(DAY, "b"), during=MARCH)} != {
        before.key
    }


def test_as_much_as_is_known_of_a_schedule_counts() -> None:
    """Two steps, an hour each: one on cpu at 0.36, one on a compute that nobody described. 31 x 0.36 = 11.16 at least."""
    steps = {"a": Step(compute="cpu"), "b": Step(compute="tpu")}
    half = every(DAY, compute=None, job=PipelineJob(jobs=steps))
    made_with = rates(durations={"a/a": "1h", "a/b": "1h"})
    found = said(money("11"), half, during=MARCH, made_with=made_with)
    assert found == [
        "MLS707 all schedules cost at least 11.16 USD in 2026-03 (UTC): a 11.16; budgets allows 11.00 a month; "
        "not known: a (the compute 'tpu' is not described)"
    ]


def test_the_day_and_the_regions_of_prices_are_told_where_they_are_known() -> None:
    undated = PriceList.from_data(page(machine("Standard_A", 0.36, effectiveStartDate=None)))
    for made_with, said_of_them in (
        (rates(), "prices as of 2021-11-01, eastus"),
        (rates(computes=()), "prices as of 2021-11-01"),
        (rates(prices=undated), ""),
        (rates(prices=None), ""),
    ):
        assert Spending([], made_with).priced == said_of_them


def test_a_budget_says_whether_it_needs_rates() -> None:
    assert money("1").needs_rates
    assert Budget(scope="total", max_concurrent_nodes=1).needs_rates
    assert not Budget(scope="total", max_runs_per_day=1).needs_rates
