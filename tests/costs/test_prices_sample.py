"""The dated sample of prices that ships with the example: honest about itself, and complete for its sizes and regions."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pytest_mlschedule.costs.computes import Compute, Tier
from pytest_mlschedule.costs.prices.meters import Meter, charge_month, find_action_meter, find_vm_meter
from pytest_mlschedule.costs.prices.price_files import read_prices
from pytest_mlschedule.costs.prices.price_list import PriceList

SAMPLE = Path(__file__).parents[2] / "examples" / "estate" / "prices" / "retail-prices.json"
DAY = date(2026, 3, 1)
# List prices of 2026-06-18, by the hour on Linux.
LIST_PRICES = {
    "Standard_DS3_v2": ("0.293", "0.272"),
    "Standard_D4ds_v5": ("0.226", "0.272"),
    "Standard_E8ds_v5": ("0.576", "0.692"),
    "Standard_F8s_v2": ("0.338", "0.388"),
    "Standard_NC4as_T4_v3": ("0.526", "0.658"),
    "Standard_NC6s_v3": ("3.06", "3.823"),
}
REGIONS = ("eastus", "westeurope")


@pytest.fixture(scope="module")
def prices() -> PriceList:
    return read_prices([SAMPLE])


def price_of(prices: PriceList, size: str, region: str, tier: Tier = "dedicated") -> Decimal:
    found = find_vm_meter(prices, Compute(name="cpu", size=size, region=region, tier=tier), DAY)
    assert isinstance(found, Meter), found
    return found.price


def test_the_sample_says_what_it_is(prices: PriceList) -> None:
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    assert data["Comment"].startswith(
        "Sample figures for the examples, written by hand from public lists, and no quote."
    )
    assert data["Count"] == len(data["Items"]) == len(prices.items)
    assert prices.as_of == date(2026, 6, 18)
    assert prices.currency == "USD"
    assert prices.notes == ()


@pytest.mark.parametrize("size", LIST_PRICES)
def test_sizes_have_their_list_price_in_both_regions(prices: PriceList, size: str) -> None:
    found = tuple(price_of(prices, size, region) for region in REGIONS)
    assert found == tuple(map(Decimal, LIST_PRICES[size]))


@pytest.mark.parametrize("size", LIST_PRICES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_tiers_of_a_size_follow_the_rules_of_thumb_that_the_comment_names(
    prices: PriceList, size: str, region: str
) -> None:
    full = price_of(prices, size, region)
    assert price_of(prices, size, region, "low_priority") == full / 5
    assert price_of(prices, size, region, "spot") == (full * Decimal("0.121")).quantize(Decimal("0.000001"))
    assert price_of(prices, size, region, "dev_test") == full


@pytest.mark.parametrize("size", ["Standard_D4ds_v5", "Standard_E8ds_v5"])
@pytest.mark.parametrize("region", REGIONS)
def test_longer_reservations_cost_less_an_hour(prices: PriceList, size: str, region: str) -> None:
    tiers: tuple[Tier, ...] = ("dedicated", "reserved_1y", "reserved_3y")
    hourly = [price_of(prices, size, region, tier) for tier in tiers]
    assert hourly == sorted(hourly, reverse=True)


@pytest.mark.parametrize("region", [*REGIONS, None])
def test_logic_apps_have_a_free_grant_and_one_price(prices: PriceList, region: str | None) -> None:
    meter = find_action_meter(prices, region, DAY)
    assert isinstance(meter, Meter)
    # 10,000 executions: 4,000 free, 6,000 x 0.000025
    assert charge_month(meter, 10_000) == Decimal("0.15")


def test_the_rule_has_something_to_choose_from(prices: PriceList) -> None:
    here = [item for item in prices.by_size["standard_d4ds_v5"] if item.arm_region_name == "eastus"]
    kinds = {
        (item.price_type, item.meter_name.rpartition("v5")[2].strip(), "Windows" in item.product_name) for item in here
    }
    assert len(kinds) == len(here) - 1 == 7  # two reservations of different terms
