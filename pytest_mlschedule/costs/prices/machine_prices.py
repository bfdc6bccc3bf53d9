"""Which items of a price list are prices of a machine: size, region, system, tier. And what the list has instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from pytest_mlschedule.costs.computes import Tier
from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.prices.tiers import read_unit
from pytest_mlschedule.triggers.wording import list_names, nearest

_OTHER_PRODUCTS = re.compile(r"windows|cloud ?services|dedicated host", re.IGNORECASE)
_INTERRUPTIBLE = re.compile(r"\b(spot|low priority)\b", re.IGNORECASE)
_MOST_NAMES = 5


def match_region(text: str) -> str:
    """A region as it is compared: ``East US`` is ``eastus``."""
    return "".join(text.split()).lower()


def match_size(text: str) -> str:
    """A machine size as it is compared: ``D4ds v5`` and ``STANDARD_D4DS_V5`` are ``standard_d4ds_v5``."""
    size = "_".join(text.lower().split())
    return size if size.startswith(("standard_", "basic_")) else f"standard_{size}"


def list_machines(prices: PriceList, size: str, region: str) -> list[PriceItem]:
    """Every price of a size in a region, whatever its tier; no Windows, Cloud Services and dedicated hosts."""
    return [item for item in _list_linux(prices, size) if match_region(item.arm_region_name) == match_region(region)]


def tier_of(item: PriceItem) -> Tier | None:
    """The tier that an item is a price of; None for what is no price of an hour, and for reservations of other lengths."""
    kind = item.price_type.casefold()
    interruptible = _INTERRUPTIBLE.search(f"{item.sku_name} / {item.meter_name}")
    if kind == "reservation":
        years = item.reservation_term.split()[:1]
        return None if interruptible else "reserved_1y" if years == ["1"] else "reserved_3y" if years == ["3"] else None
    unit = read_unit(item.unit_of_measure)
    if unit is None or unit.name not in ("hour", "hours"):
        return None
    if kind == "devtestconsumption":
        return None if interruptible else "dev_test"
    if kind != "consumption":
        return None
    if interruptible:
        return "spot" if interruptible[1].lower() == "spot" else "low_priority"
    return "dedicated"


def name_regions(prices: PriceList, size: str) -> str:
    """The regions in which the list has a size, for people; empty where it has none."""
    return name_some(sorted({item.arm_region_name for item in _list_linux(prices, size)}))


def explain_missing(prices: PriceList, size: str, region: str) -> str:
    """What the list has instead of a price that it lacks, and how to get that one."""
    known = prices.by_size.get(match_size(size), ())
    written = known[0].arm_sku_name if known else _write_size(size)
    fetch = f"fetch it: $filter=armRegionName eq '{match_region(region)}' and armSkuName eq '{written}'"
    here = list_machines(prices, size, region)
    if here:
        tiers = sorted({tier for item in here if (tier := tier_of(item))}, key=get_args(Tier).index)
        return f"the price files know the size there in {_name_tiers(tiers)}; {fetch}"
    if regions := name_regions(prices, size):
        return f"the price files know the size in {regions}; {fetch}"
    if known:
        return f"the price files know the size for Windows and other services only; {fetch}"
    if not prices.by_size:
        return f"the price files know no virtual machine; {fetch}"
    short = {name.partition("_")[2]: items[0].arm_sku_name for name, items in sorted(prices.by_size.items())}
    near = nearest(match_size(size).partition("_")[2], short, most=3, cutoff=0.75)
    return f"the price files know {name_some([short[name] for name in near or short])}; {fetch}"


def name_some(names: Sequence[str]) -> str:
    """The first few names, and how many more there are; empty for none."""
    more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
    return list_names([*names[:_MOST_NAMES], *more]) if names else ""


def _write_size(text: str) -> str:
    """A size as the API writes it, as far as that is known: filters of the API tell upper case from lower."""
    size = "_".join(text.split())
    prefix, _, rest = size.partition("_")
    return f"{prefix.capitalize()}_{rest}" if prefix.lower() in ("standard", "basic") else f"Standard_{size}"


def _name_tiers(tiers: Sequence[Tier]) -> str:
    return f"tier {list_names(tiers)}" if tiers else "no tier that is priced by the hour"


def _list_linux(prices: PriceList, size: str) -> list[PriceItem]:
    return [item for item in prices.by_size.get(match_size(size), ()) if not _OTHER_PRODUCTS.search(item.product_name)]
