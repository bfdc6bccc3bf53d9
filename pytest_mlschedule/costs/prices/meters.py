"""Meters: what an hour of a machine and an execution of a Logic App cost, from the one price of a list that counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pytest_mlschedule.costs.charges import round_money
from pytest_mlschedule.costs.computes import Compute, Tier
from pytest_mlschedule.costs.money import EXACT, show_money
from pytest_mlschedule.costs.prices.action_prices import group_actions
from pytest_mlschedule.costs.prices.machine_prices import (
    explain_missing,
    list_machines,
    match_region,
    name_regions,
    name_some,
    tier_of,
)
from pytest_mlschedule.costs.prices.meter_choice import Candidate, choose_candidates, list_candidates
from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.price_list import PriceList
from pytest_mlschedule.costs.prices.tiers import PriceTier, charge_tiers, count_free

FREE_EXECUTIONS = 4_000
"""Executions of built-in actions that Azure grants a subscription each month, where the price list does not say."""

_TERM_HOURS: Mapping[str, int] = {"reserved_1y": 8_760, "reserved_3y": 26_280}
_ACTION = "an execution of a built-in action of Logic Apps (Consumption)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """What one unit of something costs, and where that is from.

    ``name`` is for people: product, meter, region and since when. ``tiers`` ascend from 0, in single units (hours, executions).
    ``effective``: the day from which the price counts, None where the list does not say. ``remark``: what was assumed, empty
    where nothing was.
    """

    name: str
    region: str
    currency: str
    tiers: tuple[PriceTier, ...]
    effective: date | None = None
    remark: str = ""

    @property
    def price(self) -> Decimal:
        """The price of a unit, of a meter with one tier. Raises ValueError for one with several."""
        if len(self.tiers) > 1:
            raise ValueError(f"{self.name} has {len(self.tiers)} tiers: charge() says what units cost")
        return self.tiers[0].price

    def charge(self, units: Decimal, *, used: Decimal = Decimal(0)) -> Decimal:
        """What units cost when ``used`` others came before them in the month. Each costs the price of its tier."""
        return charge_tiers(self.tiers, units, used)


@dataclass(frozen=True, slots=True)
class Unpriced:
    """No price: why, and the way out."""

    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """How many executions of a month cost nothing. ``used``: how many free units of the meter were gone before these."""

    free: int
    used: int
    remark: str


def find_vm_meter(prices: PriceList, compute: Compute, at: date) -> Meter | Unpriced:
    """What an hour of one machine of a compute costs on a day, on Linux.

    The items: service Virtual Machines, the size and the region of the compute, priced by the hour, of the kind that its tier
    says; no Windows, Cloud Services and dedicated hosts. Of several the one that choose_candidates leaves; Unpriced where it
    leaves several, and where there is none.
    """
    if compute.size is None or compute.region is None:
        return _miss_setting(prices, compute)
    items, remarks = _pick_tier(list_machines(prices, compute.size, compute.region), compute.tier)
    what = f"{compute.size} in {compute.region}, tier {compute.tier}"
    if not items:
        return Unpriced(f"no price for {what}", explain_missing(prices, compute.size, compute.region))
    found = choose_candidates(items, at)
    if len(found) > 1:
        hint = f"leave one of them in the price files, or narrow the $filter: {list_candidates(found)}"
        return Unpriced(f"{len(found)} prices for {what}, and no rule chooses between them", hint)
    if compute.tier in _TERM_HOURS:
        return _spread_term(found[0], prices.currency, compute.tier)
    return _make_meter(found[0], prices.currency, remarks)


def find_action_meter(prices: PriceList, region: str | None, at: date) -> Meter | Unpriced:
    """What an execution of a built-in action costs on a day, with all tiers of a month.

    In the region, else in what the list has for all regions. Without a region: the price that all regions of the list agree on.
    Unpriced where they do not, where there is no price, and where choose_candidates leaves several.
    """
    groups = group_actions(prices)
    known = name_some([name or "all regions" for name in sorted(groups)])
    where = f" in {region}" if region else ""
    if region:
        own = groups.get(match_region(region)) or groups.get("")
        groups = {match_region(region): own} if own else {}
    if not groups:
        narrow = f" and armRegionName eq '{match_region(region)}'" if region else ""
        fetch = f"fetch it: $filter=serviceName eq 'Logic Apps'{narrow}"
        hint = f"the price files know it in {known}; {fetch}" if known else fetch
        return Unpriced(f"no price for {_ACTION}{where}", hint)
    found = [one for _, items in sorted(groups.items()) for one in choose_candidates(items, at)]
    different = len({one.tiers for one in found})
    if different == 1:
        return _join_regions(found, prices.currency)
    if len(groups) > 1:
        why, way = "no region is given", 'region = "eastus" under [logic_app] says which'
    else:
        why, way = "no rule chooses between them", "leave one of them in the price files, or narrow the $filter"
    return Unpriced(f"{different} prices for {_ACTION}{where}, and {why}", f"{way}: {list_candidates(found)}")


def find_grant(meter: Meter, free: int | None = None) -> Grant:
    """The free executions of a month, for all schedules of a subscription together.

    As many as the meter's own free tier has, else 4,000. ``free`` says how many of them are left for these executions: what the
    meter's own tier has beyond that is used up by others. For a meter without such a tier it is the grant itself. Raises
    ValueError below 0.
    """
    if free is not None and free < 0:
        raise ValueError(f"free executions are 0 or more, not {free}")
    own = int(count_free(meter.tiers))
    if not own:
        left = FREE_EXECUTIONS if free is None else free
        return Grant(
            left, 0, f"the first {left:,} executions of a month are taken as free; the price list says nothing of it"
        )
    left = own if free is None else min(own, free)
    remark = f"the first {own:,} executions of a month are free by the price list"
    if free is not None and free != own:
        remark += f", {left:,} of them are left" if free < own else f", not {free:,}"
    return Grant(left, own - left, remark)


def charge_month(meter: Meter, executions: int, free: int | None = None) -> Decimal:
    """What the executions of a month cost, those of find_grant nothing. Tiers count all of the month, free ones too.

    Raises ValueError for numbers below 0.
    """
    grant = find_grant(meter, free)
    if count_free(meter.tiers):
        return meter.charge(Decimal(executions), used=Decimal(grant.used))
    spared = min(executions, grant.free)
    return meter.charge(Decimal(executions - spared), used=Decimal(spared))


def _pick_tier(items: Sequence[PriceItem], tier: Tier) -> tuple[list[PriceItem], list[str]]:
    """The items of a tier, and what is to be said about the choice."""
    found = [item for item in items if tier_of(item) == tier]
    if tier in _TERM_HOURS:  # their measure says "1 Hour" and means the term
        return [replace(item, unit_of_measure="1 Hour", tier_minimum_units=Decimal(0)) for item in found], []
    if found or tier != "dev_test":
        return found, []
    remark = "the list has no Dev/Test price for Linux: such machines cost as much as in tier dedicated"
    return [item for item in items if tier_of(item) == "dedicated"], [remark]


def _spread_term(found: Candidate, currency: str, tier: Tier) -> Meter:
    """A reservation by the hour: its price spread evenly over the hours of its term."""
    hours = _TERM_HOURS[tier]
    total = found.tiers[0].price
    hourly = round_money(EXACT.divide(total, Decimal(hours)))
    term = f"{show_money(total)} {currency} for {found.item.reservation_term} over {hours:,} hours"
    spread = replace(found, tiers=(PriceTier(Decimal(0), hourly),))
    return _make_meter(spread, currency, [f"{term}; a reservation is paid whether machines run or not"])


def _make_meter(found: Candidate, currency: str, remarks: Sequence[str] = ()) -> Meter:
    """The meter of the candidate that was chosen, with what is to be said about it."""
    said = [*remarks]
    if found.is_later:
        said.append(f"the list has no earlier price: this one counts from {found.effective}")
    if found.ended is not None:
        said.append(f"the list has no later price: this one ended on {found.ended}")
    tiers = found.tiers
    if tiers[0].minimum:
        said.append(f"the list has no price for the first {tiers[0].minimum.normalize():,f} units: taken as free")
        tiers = (PriceTier(Decimal(0), Decimal(0)), *tiers)
    return Meter(
        name=found.name,
        region=found.item.arm_region_name,
        currency=currency,
        tiers=tiers,
        effective=found.effective,
        remark="; ".join(said),
    )


def _join_regions(found: Sequence[Candidate], currency: str) -> Meter:
    """The meter of regions that all cost the same; of several it names them all."""
    meter = _make_meter(found[0], currency)
    if len(found) == 1:
        return meter
    item = found[0].item
    regions = name_some([one.item.arm_region_name or "all regions" for one in found])
    name = f"{item.product_name}, {item.meter_name}, the same in {regions}".removeprefix(", ")
    starts = {one.effective for one in found}
    return replace(meter, name=name, region="", effective=meter.effective if len(starts) == 1 else None)


def _miss_setting(prices: PriceList, compute: Compute) -> Unpriced:
    """A compute whose size or region nobody said, with what the list knows."""
    key, example = ("size", "Standard_DS3_v2") if compute.size is None else ("region", "eastus")
    hint = f'{key} = "{example}" under [computes.{compute.name}]'
    if compute.size and (regions := name_regions(prices, compute.size)):
        hint += f"; the price files know {compute.size} in {regions}"
    return Unpriced(f"no {key} is given for the compute {compute.name!r}", hint)
