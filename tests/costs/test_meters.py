"""Which price of a machine counts: one case for each rule, and what is said where no rule helps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from price_data import action_item, vm_item

from pytest_mlschedule.costs.computes import Compute, Tier
from pytest_mlschedule.costs.prices.meters import (
    Meter,
    Unpriced,
    find_vm_meter,
)
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.prices.tiers import PriceTier

DAY = date(2026, 3, 1)
LINUX = vm_item()
WINDOWS = vm_item(productName="Virtual Machines Ddsv5 Series Windows", retailPrice=0.41, meterId="meter-2")
SPOT = vm_item(skuName="D4ds v5 Spot", meterName="D4ds v5 Spot", retailPrice=0.0273, meterId="meter-3")
LOW = vm_item(skuName="D4ds v5 Low Priority", meterName="D4ds v5 Low Priority", retailPrice=0.0452, meterId="meter-4")
DEV_TEST = vm_item(type="DevTestConsumption", retailPrice=0.2)
ONE_YEAR = vm_item(type="Reservation", reservationTerm="1 Year", retailPrice=1168.0)
THREE_YEARS = vm_item(type="Reservation", reservationTerm="3 Years", retailPrice=2257.0)
ALL = (
    WINDOWS,
    SPOT,
    {**SPOT, "productName": WINDOWS["productName"], "retailPrice": 0.05},
    LOW,
    {**DEV_TEST, "productName": WINDOWS["productName"], "retailPrice": 0.19},
    DEV_TEST,
    ONE_YEAR,
    THREE_YEARS,
    vm_item(type="Reservation", reservationTerm="5 Years", retailPrice=3000.0),
    vm_item(productName="Ddsv5 Series Dedicated Host", retailPrice=5.5),
    vm_item(productName="Ddsv5 Series CloudServices", retailPrice=0.3),
    vm_item(productName="Ddsv5 Series Cloud Services", retailPrice=0.3),
    vm_item(serviceName="Virtual Machines Licenses", retailPrice=0.1),
    vm_item(unitOfMeasure="1/Month", retailPrice=160.0),
    vm_item(unitOfMeasure="per hour", retailPrice=7.0),
    vm_item(type="Other", retailPrice=8.0),
    vm_item(armRegionName="westeurope", retailPrice=0.272),
    vm_item(armSkuName="Standard_D8ds_v5", retailPrice=0.452),
    LINUX,
)


def compute(**changed: Any) -> Compute:
    return Compute(**{"name": "cpu", "size": "Standard_D4ds_v5", "region": "eastus", **changed})


def vm_meter(*items: dict[str, Any], at: date = DAY, **changed: Any) -> Meter | Unpriced:
    return find_vm_meter(PriceList.from_data(list(items)), compute(**changed), at)


def priced(found: Meter | Unpriced) -> Meter:
    assert isinstance(found, Meter), found
    return found


def unpriced(found: Meter | Unpriced) -> Unpriced:
    assert isinstance(found, Unpriced), found
    return found


@pytest.mark.parametrize(
    ("tier", "price"),
    [
        ("dedicated", "0.226"),
        ("spot", "0.0273"),
        ("low_priority", "0.0452"),
        ("dev_test", "0.2"),
        ("reserved_1y", "0.1333333333"),  # 1168 / 8,760 = 0.133333...
        ("reserved_3y", "0.0858828006"),  # 2257 / 26,280 = 0.08588280060...
    ],
)
def test_each_tier_has_its_price_among_all(tier: Tier, price: str) -> None:
    assert priced(vm_meter(*ALL, tier=tier)).price == Decimal(price)


def test_a_meter_says_what_it_is() -> None:
    assert vm_meter(*ALL) == Meter(
        name="Virtual Machines Ddsv5 Series, D4ds v5, eastus, from 2021-11-01",
        region="eastus",
        currency="USD",
        tiers=(PriceTier(Decimal(0), Decimal("0.226")),),
        effective=date(2021, 11, 1),
    )
    assert priced(vm_meter(*ALL, tier="spot")).name == (
        "Virtual Machines Ddsv5 Series, D4ds v5 Spot, eastus, from 2021-11-01"
    )
    # 250 hours at 0.226
    assert priced(vm_meter(*ALL)).charge(Decimal(250)) == Decimal("56.5")


def test_a_reservation_says_that_it_is_spread() -> None:
    remark = "1168.00 USD for 1 Year over 8,760 hours; a reservation is paid whether machines run or not"
    assert priced(vm_meter(*ALL, tier="reserved_1y")).remark == remark


@pytest.mark.parametrize("unit", ["1 Hour", "1 Year", "3 Years", "1"])
def test_a_reservation_is_for_its_term_whatever_its_measure_says(unit: str) -> None:
    found = priced(vm_meter({**THREE_YEARS, "unitOfMeasure": unit}, tier="reserved_3y"))
    assert found.price == Decimal("0.0858828006")


def test_without_dev_test_prices_for_linux_the_dedicated_one_counts_and_this_is_said() -> None:
    found = priced(vm_meter(LINUX, {**DEV_TEST, "productName": WINDOWS["productName"]}, tier="dev_test"))
    assert found.price == Decimal("0.226")
    assert found.remark == "the list has no Dev/Test price for Linux: such machines cost as much as in tier dedicated"


@pytest.mark.parametrize("size", ["Standard_D4ds_v5", "STANDARD_D4DS_V5", "D4ds_v5", "D4ds v5", " standard_d4ds_v5 "])
@pytest.mark.parametrize("region", ["eastus", "East US", "EASTUS"])
def test_spellings_of_sizes_and_regions(size: str, region: str) -> None:
    assert priced(vm_meter(*ALL, size=size, region=region)).price == Decimal("0.226")


def test_basic_sizes_keep_their_prefix() -> None:
    found = vm_meter(vm_item(armSkuName="Basic_A1", retailPrice=0.023), size="basic_A1")
    assert priced(found).price == Decimal("0.023")


def test_prices_of_several_hours_are_for_one() -> None:
    # 22.6 for 100 hours
    assert priced(vm_meter(vm_item(unitOfMeasure="100 Hours", retailPrice=22.6))).price == Decimal("0.226")


OLD = vm_item(effectiveStartDate="2020-01-01T00:00:00Z", retailPrice=0.3)
NEXT = vm_item(effectiveStartDate="2026-03-02T00:00:00Z", retailPrice=0.25)
LAST = vm_item(effectiveStartDate="2027-01-01T00:00:00Z", retailPrice=0.28)
UNDATED = vm_item(effectiveStartDate=None, retailPrice=0.9)


@pytest.mark.parametrize(
    ("at", "price", "remark"),
    [
        (date(2019, 12, 31), "0.9", ""),  # what has no start counts since ever
        (date(2020, 1, 1), "0.3", ""),
        (date(2021, 10, 31), "0.3", ""),
        (date(2021, 11, 1), "0.226", ""),
        (date(2026, 3, 1), "0.226", ""),
        (date(2026, 3, 2), "0.25", ""),
        (date(2028, 1, 1), "0.28", ""),
    ],
)
def test_the_price_that_started_last_counts(at: date, price: str, remark: str) -> None:
    found = priced(vm_meter(OLD, NEXT, LINUX, LAST, UNDATED, at=at))
    assert (found.price, found.remark) == (Decimal(price), remark)


def test_where_all_prices_are_later_the_first_counts_and_this_is_said() -> None:
    found = priced(vm_meter(LAST, NEXT))
    assert found.price == Decimal("0.25")
    assert found.remark == "the list has no earlier price: this one counts from 2026-03-02"


def test_a_meter_that_counts_already_beats_one_that_does_not() -> None:
    other = {**NEXT, "meterId": "meter-9", "productName": "Virtual Machines Ddsv5 Series v2"}
    assert priced(vm_meter(OLD, other)).price == Decimal("0.3")
    # Of two that do not count yet, the one that does so first.
    assert priced(vm_meter(LAST, other)).price == Decimal("0.25")


def test_the_primary_region_of_a_meter_beats_others() -> None:
    other = vm_item(isPrimaryMeterRegion=False, retailPrice=0.5)
    assert priced(vm_meter(other, LINUX)).price == Decimal("0.226")
    assert priced(vm_meter(other)).price == Decimal("0.5")
    newer = {**other, "effectiveStartDate": "2025-01-01T00:00:00Z"}
    assert priced(vm_meter(newer, LINUX)).price == Decimal("0.226")


def test_the_same_price_twice_is_one() -> None:
    assert priced(vm_meter(LINUX, LINUX, vm_item(meterId="meter-7"))).price == Decimal("0.226")


def test_prices_that_no_rule_tells_apart_are_listed() -> None:
    found = unpriced(vm_meter(LINUX, vm_item(meterId="", retailPrice=0.23, productName="Ddsv5", meterName="D4")))
    assert found == Unpriced(
        "2 prices for Standard_D4ds_v5 in eastus, tier dedicated, and no rule chooses between them",
        "leave one of them in the price files, or narrow the $filter: Ddsv5, D4, eastus, from 2021-11-01 at 0.23; "
        "Virtual Machines Ddsv5 Series, D4ds v5, eastus, from 2021-11-01 at 0.226, meterId meter-1",
    )


def test_a_meter_with_two_prices_at_once_is_listed() -> None:
    found = unpriced(vm_meter(LINUX, vm_item(retailPrice=0.23)))
    assert found.reason.startswith("2 prices")
    assert found.hint.count("meterId meter-1") == 2


def test_long_lists_are_cut() -> None:
    items = [vm_item(meterId=f"m{n}", retailPrice=n, isPrimaryMeterRegion=False) for n in range(1, 10)]
    found = unpriced(vm_meter(*items))
    assert found.reason.startswith("9 prices")
    assert found.hint.endswith("; 3 more")
    assert "at 1.00, not the primary region of its meter, meterId m1" in found.hint


FETCH = "fetch it: $filter=armRegionName eq '{}' and armSkuName eq '{}'"


@pytest.mark.parametrize(
    ("items", "changed", "reason", "hint"),
    [
        (
            [LINUX, vm_item(armRegionName="uksouth")],
            {"region": "West Europe"},
            "no price for Standard_D4ds_v5 in West Europe, tier dedicated",
            "the price files know the size in eastus and uksouth; " + FETCH.format("westeurope", "Standard_D4ds_v5"),
        ),
        (
            [LINUX, SPOT],
            {"tier": "low_priority"},
            "no price for Standard_D4ds_v5 in eastus, tier low_priority",
            "the price files know the size there in tier dedicated and spot; "
            + FETCH.format("eastus", "Standard_D4ds_v5"),
        ),
        (
            [vm_item(unitOfMeasure="1 GB")],
            {},
            "no price for Standard_D4ds_v5 in eastus, tier dedicated",
            "the price files know the size there in no tier that is priced by the hour; "
            + FETCH.format("eastus", "Standard_D4ds_v5"),
        ),
        (
            [WINDOWS],
            {"size": "D4ds_v5"},
            "no price for D4ds_v5 in eastus, tier dedicated",
            "the price files know the size for Windows and other services only; "
            + FETCH.format("eastus", "Standard_D4ds_v5"),
        ),
        (
            [LINUX, vm_item(armSkuName="Standard_NC6s_v3")],
            {"size": "STANDARD_D4s_v5"},
            "no price for STANDARD_D4s_v5 in eastus, tier dedicated",
            "the price files know Standard_D4ds_v5; " + FETCH.format("eastus", "Standard_D4s_v5"),
        ),
        (
            [LINUX, *(vm_item(armSkuName=f"Standard_NC{n}s_v3") for n in range(6))],
            {"size": "zzz"},
            "no price for zzz in eastus, tier dedicated",
            "the price files know Standard_D4ds_v5, Standard_NC0s_v3, Standard_NC1s_v3, Standard_NC2s_v3, "
            "Standard_NC3s_v3 and 2 more; " + FETCH.format("eastus", "Standard_zzz"),
        ),
        (
            [action_item(0, 0)],
            {},
            "no price for Standard_D4ds_v5 in eastus, tier dedicated",
            "the price files know no virtual machine; " + FETCH.format("eastus", "Standard_D4ds_v5"),
        ),
        (
            [LINUX],
            {"size": None},
            "no size is given for the compute 'cpu'",
            'size = "Standard_DS3_v2" under [computes.cpu]',
        ),
        (
            [LINUX],
            {"size": "D4ds_v5", "region": None},
            "no region is given for the compute 'cpu'",
            'region = "eastus" under [computes.cpu]; the price files know D4ds_v5 in eastus',
        ),
        (
            [LINUX],
            {"size": "Standard_M8", "region": None},
            "no region is given for the compute 'cpu'",
            'region = "eastus" under [computes.cpu]',
        ),
    ],
)
def test_without_a_price_there_is_a_reason_and_a_way_out(
    items: list[dict[str, Any]], changed: dict[str, Any], reason: str, hint: str
) -> None:
    assert vm_meter(*items, **changed) == Unpriced(reason, hint)


@given(st.permutations(ALL), st.sampled_from(["dedicated", "spot", "low_priority", "dev_test", "reserved_1y"]))
def test_the_order_of_items_does_not_matter(items: list[dict[str, Any]], tier: Tier) -> None:
    assert vm_meter(*items, tier=tier) == vm_meter(*ALL, tier=tier)


@given(st.integers(0, 10**6))
def test_the_order_does_not_matter_for_what_no_rule_tells_apart(seed: int) -> None:
    items = [LINUX, vm_item(retailPrice=0.23), vm_item(meterId="meter-8", retailPrice=0.24), OLD, WINDOWS]
    shuffled = Random(seed).sample(items, len(items))
    assert vm_meter(*shuffled) == vm_meter(*items)


def test_a_price_that_has_ended_counts_only_where_there_is_no_other() -> None:
    old = vm_item(retailPrice=0.50, effectiveStartDate="2024-01-01T00:00:00Z", effectiveEndDate="2024-12-31T00:00:00Z")
    new = vm_item(retailPrice=0.55, effectiveStartDate="2023-01-01T00:00:00Z")
    prices = PriceList.from_data([old, new])
    at = date(2026, 3, 1)
    found = find_vm_meter(prices, compute(), at)
    assert isinstance(found, Meter)
    assert (found.price, found.remark) == (Decimal("0.55"), "")
    assert find_vm_meter(prices, compute(), date(2024, 12, 31)).price == Decimal("0.5")  # type: ignore[union-attr]
    alone = find_vm_meter(PriceList.from_data([old]), compute(), at)
    assert isinstance(alone, Meter)
    assert (alone.price, alone.remark) == (Decimal("0.5"), "the list has no later price: this one ended on 2024-12-31")
