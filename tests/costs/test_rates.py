"""What a node of a compute costs an hour, what an execution costs, and in which currency."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from bill_data import CPU, PRICES, rates, with_fields
from price_data import vm_item

from pytest_mlschedule.costs.computes import Compute
from pytest_mlschedule.costs.prices.meters import Meter, Unpriced
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.rates import NO_PRICES, NodePrice, Rates
from pytest_mlschedule.costs.settings import CostSettings

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(("factor", "price"), [("1", "0.36"), ("0.85", "0.306"), ("0.123456789", "0.04444444404")])
def test_the_price_of_a_node(factor: str, price: str) -> None:
    found = rates(price_factor=Decimal(factor)).node_price("cpu", DAY)
    # 0.36 x the factor, every digit of it.
    assert (found.price, found.compute, found.reason, found.hint) == (Decimal(price), CPU, "", "")
    assert found.meter is not None
    assert found.meter.price == Decimal("0.36")
    assert found.meter.name == "Virtual Machines Ddsv5 Series, Standard_A, eastus, from 2021-11-01"


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (None, NodePrice(reason="the compute 'cpu' is not described", hint="add [computes.cpu] with its size and region to the configuration")),
        (Compute(name="cpu"), NodePrice(reason="the size and the region of the compute 'cpu' is not known", hint="add it to [computes.cpu] in the configuration")),
        (Compute(name="cpu", size="x"), NodePrice(reason="the region of the compute 'cpu' is not known", hint="add it to [computes.cpu] in the configuration")),
        (with_fields(CPU, region="x"), None),
    ],
)  # fmt: skip
def test_why_a_price_is_not_known(compute: Compute | None, expected: NodePrice | None) -> None:
    found = rates([compute] if compute else []).node_price("cpu", DAY)
    if expected is None:
        assert found.reason == "no price for Standard_A in x, tier dedicated"
        assert found.hint.startswith("the price files know the size in eastus; fetch it")
    else:
        assert found == replace(expected, compute=compute)
    assert (found.price, found.meter) == (None, None)


def test_a_compute_that_is_almost_described_is_named() -> None:
    found = rates([with_fields(CPU, name="cpu-cluster")]).node_price("cpu-clutser", DAY)
    assert (
        found.hint
        == "[computes] has cpu-cluster; add [computes.cpu-clutser] with its size and region to the configuration"
    )


def test_without_a_price_list() -> None:
    bare = replace(rates(), prices=None)
    assert bare.node_price("cpu", DAY) == NodePrice(compute=CPU, reason=NO_PRICES.reason, hint=NO_PRICES.hint)
    assert bare.action_meter(DAY) == NO_PRICES == Unpriced("no prices are given", NO_PRICES.hint)


def test_the_price_of_the_day_counts() -> None:
    later = vm_item(armSkuName="Standard_A", retailPrice=0.5, effectiveStartDate="2026-03-02T00:00:00Z")
    earlier = vm_item(armSkuName="Standard_A", retailPrice=0.4)
    made = replace(rates(), prices=PriceList.from_data([earlier, later]))
    assert made.node_price("cpu", date(2026, 3, 1)).price == Decimal("0.4")
    assert made.node_price("cpu", date(2026, 3, 2)).price == Decimal("0.5")


@pytest.mark.parametrize(
    ("settings", "prices", "currency"),
    [
        (CostSettings(), None, None),
        (CostSettings(currency="EUR"), None, "EUR"),
        (CostSettings(), PRICES, "USD"),
    ],
)
def test_the_currency_is_that_of_the_prices(
    settings: CostSettings, prices: PriceList | None, currency: str | None
) -> None:
    assert Rates(settings=settings, prices=prices).currency == currency


@pytest.mark.parametrize(
    ("region", "computes", "expected"),
    [
        (None, [], None),
        ("uksouth", [CPU], "uksouth"),
        (None, [CPU], "eastus"),
        (None, [CPU, with_fields(CPU, name="b")], "eastus"),
        (None, [CPU, with_fields(CPU, name="b", region="East US")], "eastus"),
        (None, [CPU, with_fields(CPU, name="b", region=None)], "eastus"),
        (None, [CPU, with_fields(CPU, name="b", region="uksouth")], None),
    ],
)
def test_the_region_of_logic_apps(region: str | None, computes: list[Compute], expected: str | None) -> None:
    settings = CostSettings(region=region, computes={one.name: one for one in computes})
    assert settings.logic_app_region == expected


def test_the_meter_of_actions() -> None:
    found = rates().action_meter(DAY)
    assert isinstance(found, Meter)
    assert [tier.price for tier in found.tiers] == [0, Decimal("0.000025")]
    assert isinstance(rates(region="uksouth").action_meter(DAY), Unpriced)
