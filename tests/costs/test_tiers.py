"""Tiers: what units cost at the edges, by hand; and that parts add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs.prices.tiers import PriceTier, Unit, charge_tiers, count_free, read_unit

ACTIONS = (PriceTier(Decimal(0), Decimal(0)), PriceTier(Decimal(4000), Decimal("0.000025")))
STORAGE = (
    PriceTier(Decimal(0), Decimal("0.0184")),
    PriceTier(Decimal(51200), Decimal("0.0177")),
    PriceTier(Decimal(512000), Decimal("0.017")),
)


@pytest.mark.parametrize(
    ("units", "used", "cost"),
    [
        (0, 0, "0"),
        (3999, 0, "0"),
        (4000, 0, "0"),
        (4001, 0, "0.000025"),  # the first 4,000 are free, unit 4,001 is not
        (5000, 0, "0.025"),  # 1,000 x 0.000025
        (1, 3999, "0"),
        (1, 4000, "0.000025"),
        (2, 3999, "0.000025"),  # one on each side
        (10, 100_000, "0.00025"),
    ],
)
def test_a_tier_begins_above_its_minimum(units: int, used: int, cost: str) -> None:
    assert charge_tiers(ACTIONS, Decimal(units), Decimal(used)) == Decimal(cost)


def test_three_tiers_at_once() -> None:
    # 51,200 x 0.0184 = 942.08; (512,000 - 51,200) x 0.0177 = 8,156.16; 1,000 x 0.017 = 17
    assert charge_tiers(STORAGE, Decimal(513_000), Decimal(0)) == Decimal("9115.24")
    assert charge_tiers(STORAGE, Decimal("0.5"), Decimal("51199.75")) == Decimal("0.0184") / 4 + Decimal("0.0177") / 4


@pytest.mark.parametrize(("units", "used"), [(-1, 0), (0, -1)])
def test_units_are_not_negative(units: int, used: int) -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        charge_tiers(ACTIONS, Decimal(units), Decimal(used))


TIERS = st.dictionaries(st.integers(1, 5000), st.decimals(min_value=0, max_value=2, places=7), max_size=4).map(
    lambda rest: (PriceTier(Decimal(0), Decimal("0.5")), *(PriceTier(Decimal(at), rest[at]) for at in sorted(rest)))
)
COUNTS = st.integers(0, 9000)


@given(TIERS, COUNTS, COUNTS, COUNTS)
def test_what_is_used_in_two_parts_costs_as_much_as_at_once(
    tiers: tuple[PriceTier, ...], used: int, first: int, second: int
) -> None:
    together = charge_tiers(tiers, Decimal(first + second), Decimal(used))
    parts = charge_tiers(tiers, Decimal(first), Decimal(used)) + charge_tiers(
        tiers, Decimal(second), Decimal(used + first)
    )
    assert together == parts
    assert together >= charge_tiers(tiers, Decimal(first), Decimal(used))


@given(TIERS, st.integers(0, 300), st.integers(0, 6000))
def test_each_unit_costs_the_price_of_its_tier(tiers: tuple[PriceTier, ...], units: int, used: int) -> None:
    one_by_one = sum(
        (
            next(tier.price for tier in reversed(tiers) if number > tier.minimum)
            for number in range(used + 1, used + units + 1)
        ),
        Decimal(0),
    )
    assert charge_tiers(tiers, Decimal(units), Decimal(used)) == one_by_one


@pytest.mark.parametrize(
    ("tiers", "free"),
    [
        (ACTIONS, 4000),
        (STORAGE, 0),
        ((PriceTier(Decimal(0), Decimal(0)),), 0),
        ((PriceTier(Decimal(0), Decimal(0)), PriceTier(Decimal(5), Decimal(0)), PriceTier(Decimal(9), Decimal(1))), 9),
    ],
)
def test_free_units_are_those_before_the_first_that_costs(tiers: tuple[PriceTier, ...], free: int) -> None:
    assert count_free(tiers) == free


@pytest.mark.parametrize(
    ("text", "count", "name"),
    [
        ("1 Hour", 1, "hour"),
        ("100 Hours", 100, "hours"),
        ("1", 1, ""),
        ("10", 10, ""),
        ("100", 100, ""),
        ("1K", 1_000, ""),
        ("10K", 10_000, ""),
        ("1M", 1_000_000, ""),
        ("1B", 1_000_000_000, ""),
        ("10K Transactions", 10_000, "transactions"),
        ("1/Month", 1, "/month"),
        ("1 GB/Month", 1, "gb/month"),
        ("1 GiB Hour", 1, "gib hour"),
        ("1 Month", 1, "month"),
        ("0.5 Hour", "0.5", "hour"),
    ],
)
def test_units_of_measure(text: str, count: int | str, name: str) -> None:
    assert read_unit(text) == Unit(Decimal(count), name)


@pytest.mark.parametrize("text", ["", "Hour", "0", "0.0 Hours", "-1 Hour", "1Hour", "1e3"])
def test_what_is_no_unit_of_measure(text: str) -> None:
    assert read_unit(text) is None
