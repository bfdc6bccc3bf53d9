"""Which price of Logic Apps counts, and what a month of executions costs: by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from price_data import action_item, vm_item

from pytest_mlschedule.costs.prices.meters import Meter, Unpriced, charge_month, find_action_meter, find_grant
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.prices.tiers import PriceTier

DAY = date(2026, 3, 1)


def priced(found: Meter | Unpriced) -> Meter:
    assert isinstance(found, Meter), found
    return found


def unpriced(found: Meter | Unpriced) -> Unpriced:
    assert isinstance(found, Unpriced), found
    return found


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
        'region = "eastus" under [logic_app] says which: '
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
