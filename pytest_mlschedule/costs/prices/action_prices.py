"""Which items of a price list are prices of built-in actions of Logic Apps, Consumption plan."""

from __future__ import annotations

import re
from collections import defaultdict

from pytest_mlschedule.costs.prices.machine_prices import match_region
from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.prices.tiers import read_unit

_ACTIONS = re.compile(r"\bactions?\b", re.IGNORECASE)
_BUILT_IN = re.compile(r"\bbuilt-?\s?in\b", re.IGNORECASE)
_OTHER_METERS = re.compile(
    r"connector|enterprise|standard|hybrid|retention|integration|environment|isolated|vcpu|memory|agent", re.IGNORECASE
)
_PIECES = ("", "action", "actions", "execution", "executions")


def group_actions(prices: PriceList) -> dict[str, list[PriceItem]]:
    """The items by region; those for all regions under the empty name.

    Meters called built-in, where there are any; else those of actions that are neither connectors nor of another plan.
    """
    found = [item for item in prices.of_logic_apps if _is_action(item)]
    named = [item for item in found if _BUILT_IN.search(item.meter_name)]
    groups: dict[str, list[PriceItem]] = defaultdict(list)
    for item in named or found:
        name = match_region(item.arm_region_name)
        groups["" if name == "global" else name].append(item)
    return dict(groups)


def _is_action(item: PriceItem) -> bool:
    unit = read_unit(item.unit_of_measure)
    return (
        item.price_type.casefold() == "consumption"
        and _ACTIONS.search(item.meter_name) is not None
        and _OTHER_METERS.search(f"{item.product_name} / {item.sku_name} / {item.meter_name}") is None
        and unit is not None
        and unit.name in _PIECES
    )
