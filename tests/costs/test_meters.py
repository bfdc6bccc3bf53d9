"""Which price counts: one case for each rule, and what is said where no rule helps."""

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
from pytest_mlschedule.costs.meters import (
    Meter,
    Unpriced,
    charge_month,
    find_action_meter,
    find_grant,
    find_vm_meter,
)
from pytest_mlschedule.costs.price_list import PriceList
from pytest_mlschedule.costs.tiers import PriceTier

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


def test_the_same_price_twice_is_one() -> None:
    assert priced(vm_meter(LINUX, LINUX, vm_item(meterId="meter-7"))).price == Decimal("0.226")


def test_prices_that_no_rule_tells_apart_are_listed() -> None:
    found = unpriced(vm_meter(LINUX, vm_item(meterId="", retailPrice=0.23, productName="Ddsv5", meterName="D4")))
    assert found == Unpriced(
        "2 prices for Standard_D4ds_v5 in eastus, tier dedicated, and no rule chooses between them",
        "Ddsv5, D4, eastus, from 2021-11-01 at 0.23; "
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


FREE = action_item(0.0, 0.0)
PAID = action_item(4000.0, 0.000025)
ACTION_TIERS = (PriceTier(Decimal(0), Decimal(0)), PriceTier(Decimal(4000), Decimal("0.000025")))
WHAT = "an execution of a built-in action of Logic Apps (Consumption)"
OTHER_METERS = (
    action_item(0, 0.000125, meterName="Consumption Standard Connector Actions", meterId="c"),
    action_item(0, 0.001, meterName="Consumption Enterprise Connector Actions", meterId="e"),
    action_item(0, 0.12, meterName="Consumption Data Retention", unitOfMeasure="1 GB/Month", meterId="d"),
    action_item(0, 0.1997, meterName="Standard vCPU Duration", skuName="Standard", unitOfMeasure="1 Hour"),
    action_item(0, 0.4, meterName="Basic Unit", productName="Logic Apps Integration Account", skuName="Basic"),
    action_item(0, 0.9, meterName="Base Actions", productName="Logic Apps Integration Service Environment"),
    action_item(0, 0.7, type="DevTestConsumption"),
    action_item(0, 0.6, unitOfMeasure="1 Hour"),
    action_item(0, 0.5, unitOfMeasure="a piece"),
    action_item(0, 0.3, serviceName="Functions"),
    vm_item(),
)


def action_meter(*items: dict[str, Any], region: str | None = "eastus", at: date = DAY) -> Meter | Unpriced:
    return find_action_meter(PriceList.from_data(list(items)), region, at)


def test_all_tiers_of_the_built_in_actions_are_one_meter() -> None:
    assert action_meter(*OTHER_METERS, PAID, FREE) == Meter(
        name="Logic Apps, Consumption Built-in Actions, eastus, from 2019-05-01",
        region="eastus",
        currency="USD",
        tiers=ACTION_TIERS,
        effective=date(2019, 5, 1),
    )


def test_a_meter_with_tiers_has_no_single_price() -> None:
    with pytest.raises(ValueError, match=r"from 2019-05-01 has 2 tiers: charge\(\) says what units cost"):
        _ = priced(action_meter(FREE, PAID)).price


def test_a_measure_of_many_scales_prices_and_minimums() -> None:
    # 10K: 0.25 for 10,000 is 0.000025 each; the minimum 0.4 of 10,000 is 4,000.
    found = action_meter(action_item(0, 0, unitOfMeasure="10K"), action_item(0.4, 0.25, unitOfMeasure="10K"))
    assert priced(found).tiers == ACTION_TIERS


@pytest.mark.parametrize("name", ["Actions", "Action Executions"])
def test_meters_of_actions_without_the_word_built_in(name: str) -> None:
    free, paid = ({**item, "meterName": name} for item in (FREE, PAID))
    assert priced(action_meter(*OTHER_METERS, free, paid)).tiers == ACTION_TIERS


@pytest.mark.parametrize("region", ["Global", ""])
def test_prices_for_all_regions_count_where_the_region_has_none(region: str) -> None:
    anywhere = [{**item, "armRegionName": region} for item in (FREE, PAID)]
    found = priced(action_meter(*anywhere, region="norwayeast"))
    assert found.tiers == ACTION_TIERS
    assert found.region == region
    assert (region or "all regions") in found.name
    own = action_item(0, 0.00003, armRegionName="norwayeast")
    assert priced(action_meter(own, *anywhere, region="Norway East")).price == Decimal("0.00003")


def test_without_a_region_the_price_that_all_agree_on_counts() -> None:
    other = [{**item, "armRegionName": "westeurope", "effectiveStartDate": None} for item in (FREE, PAID)]
    assert priced(action_meter(FREE, PAID, region=None)).region == "eastus"
    assert action_meter(*other, FREE, PAID, region=None) == Meter(
        name="Logic Apps, Consumption Built-in Actions, the same in eastus and westeurope",
        region="",
        currency="USD",
        tiers=ACTION_TIERS,
    )
    dated = [{**item, "armRegionName": "westeurope"} for item in (FREE, PAID)]
    assert priced(action_meter(*dated, FREE, PAID, region=None)).effective == date(2019, 5, 1)


def test_without_a_region_prices_that_differ_are_listed() -> None:
    other = action_item(0, 0.00004, armRegionName="brazilsouth", meterId="b")
    assert action_meter(FREE, PAID, other, region=None) == Unpriced(
        f"2 prices for {WHAT}, and no region is given",
        "Logic Apps, Consumption Built-in Actions, brazilsouth, from 2019-05-01 at 0.00004, meterId b; "
        "Logic Apps, Consumption Built-in Actions, eastus, from 2019-05-01 at 0.00 / 0.000025, meterId meter-actions",
    )


def test_two_prices_of_actions_in_one_region_are_listed() -> None:
    found = unpriced(action_meter(FREE, PAID, action_item(4000, 0.00003)))
    assert found.reason == f"2 prices for {WHAT} in eastus, and no rule chooses between them"
    assert "at 0.00 / 0.000025" in found.hint
    assert "at 0.00 / 0.00003" in found.hint


@pytest.mark.parametrize(
    ("items", "region", "reason", "hint"),
    [
        (OTHER_METERS, None, f"no price for {WHAT}", "fetch it: $filter=serviceName eq 'Logic Apps'"),
        (
            [FREE, PAID],
            "West Europe",
            f"no price for {WHAT} in West Europe",
            "the price files know it in eastus; "
            "fetch it: $filter=serviceName eq 'Logic Apps' and armRegionName eq 'westeurope'",
        ),
    ],
)
def test_without_a_price_of_actions_there_is_a_way_out(
    items: list[dict[str, Any]], region: str | None, reason: str, hint: str
) -> None:
    assert action_meter(*items, region=region) == Unpriced(reason, hint)


def test_tiers_of_a_meter_may_have_started_on_different_days() -> None:
    older = {**PAID, "effectiveStartDate": "2016-01-01T00:00:00Z"}
    assert priced(action_meter(older, FREE)).tiers == ACTION_TIERS
    # A tier that starts later is none yet.
    later = action_item(10_000, 0.00002, effectiveStartDate="2027-01-01T00:00:00Z")
    assert priced(action_meter(older, FREE, later)).tiers == ACTION_TIERS


def test_where_the_list_begins_above_0_the_units_before_are_free_and_this_is_said() -> None:
    found = priced(action_meter(PAID))
    assert found.tiers == ACTION_TIERS
    assert found.remark == "the list has no price for the first 4,000 units: taken as free"


TIERED = priced(action_meter(FREE, PAID))
FLAT = priced(action_meter(action_item(0, 0.000025)))
STEPPED = priced(action_meter(action_item(0, 0.00003), action_item(10_000, 0.00002)))
ALWAYS_FREE = priced(action_meter(FREE))


@pytest.mark.parametrize(
    ("meter", "executions", "free", "cost"),
    [
        # The list's own free tier.
        (TIERED, 0, None, "0"),
        (TIERED, 4000, None, "0"),
        (TIERED, 4001, None, "0.000025"),
        (TIERED, 10_000, None, "0.15"),  # 6,000 x 0.000025
        (TIERED, 10_000, 4000, "0.15"),  # not 8,000 free
        (TIERED, 10_000, 9000, "0.15"),  # the list wins
        (TIERED, 10_000, 1000, "0.225"),  # others use 3,000: 9,000 x 0.000025
        (TIERED, 10_000, 0, "0.25"),  # others use all
        # No free tier in the list.
        (FLAT, 4000, None, "0"),
        (FLAT, 10_000, None, "0.15"),
        (FLAT, 10_000, 0, "0.25"),
        (FLAT, 500, 1000, "0"),
        # Tiers count the free ones too: 4,001 to 10,000 at 0.00003, then 2,000 at 0.00002.
        (STEPPED, 12_000, None, "0.22"),
        (ALWAYS_FREE, 10**6, 0, "0"),
    ],
)
def test_a_month_of_executions(meter: Meter, executions: int, free: int | None, cost: str) -> None:
    assert charge_month(meter, executions, free) == Decimal(cost)


@pytest.mark.parametrize(
    ("meter", "free", "left", "used", "remark"),
    [
        (TIERED, None, 4000, 0, "the first 4,000 executions of a month are free by the price list"),
        (TIERED, 4000, 4000, 0, "the first 4,000 executions of a month are free by the price list"),
        (TIERED, 9000, 4000, 0, "the first 4,000 executions of a month are free by the price list, not 9,000"),
        (
            TIERED,
            1000,
            1000,
            3000,
            "the first 4,000 executions of a month are free by the price list, 1,000 of them are left",
        ),
        (
            FLAT,
            None,
            4000,
            0,
            "the first 4,000 executions of a month are taken as free; the price list says nothing of it",
        ),
        (FLAT, 10, 10, 0, "the first 10 executions of a month are taken as free; the price list says nothing of it"),
    ],
)
def test_where_free_executions_are_from(meter: Meter, free: int | None, left: int, used: int, remark: str) -> None:
    grant = find_grant(meter, free)
    assert (grant.free, grant.used, grant.remark) == (left, used, remark)


@pytest.mark.parametrize("meter", [TIERED, FLAT])
@pytest.mark.parametrize(("executions", "free"), [(-1, None), (1, -1)])
def test_executions_are_not_negative(meter: Meter, executions: int, free: int | None) -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        charge_month(meter, executions, free)


@given(
    st.sampled_from([TIERED, FLAT, STEPPED]),
    st.integers(0, 30_000),
    st.integers(0, 30_000),
    st.none() | st.integers(0, 9000),
)
def test_more_executions_never_cost_less(meter: Meter, fewer: int, more: int, free: int | None) -> None:
    low, high = sorted((fewer, more))
    assert charge_month(meter, low, free) <= charge_month(meter, high, free)
