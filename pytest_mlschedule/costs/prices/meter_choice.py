"""The rule that chooses one price among several of a list for the same thing, and never guesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import TypeVar

from pytest_mlschedule.costs.money import EXACT, show_money
from pytest_mlschedule.costs.prices.price_items import PriceItem
from pytest_mlschedule.costs.prices.tiers import PriceTier, read_unit

_MOST_LISTED = 6
_MOST_COMBINATIONS = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one meter of the list costs in one region at one time. ``item`` names it; ``tiers`` are in single units.

    ``is_later``: it only counts after the day that was asked for; ``ended``: its last day, where that was before.
    """

    item: PriceItem
    tiers: tuple[PriceTier, ...]
    effective: date | None
    is_later: bool
    ended: date | None = None

    @property
    def name(self) -> str:
        """Product, meter, region, since when."""
        since = "" if self.effective is None else f"from {self.effective}"
        region = self.item.arm_region_name or "all regions"
        return ", ".join(filter(None, (self.item.product_name, self.item.meter_name, region, since)))

    def __str__(self) -> str:
        """The name with its prices and what tells it from its likes."""
        prices = " / ".join(show_money(tier.price) for tier in self.tiers)
        place = "" if self.item.is_primary_meter_region else ", not the primary region of its meter"
        identity = f", meterId {self.item.meter_id}" if self.item.meter_id else ""
        return f"{self.name} at {prices}{place}{identity}"


def choose_candidates(items: Iterable[PriceItem], at: date) -> list[Candidate]:
    """What remains by rule, one for each price that still stands: no rule tells several apart. Empty for no items.

    Of each meter, the prices that count on the day ``at``; where none does yet, those that count first. Then the meters that
    count already, of these those in their primary region, and of these those with the latest start. Candidates that cost the
    same are one. The order of the items does not matter. Prices that had ended before count where there are no others.
    """
    every = list(items)
    standing = [item for item in every if item.effective_end is None or item.effective_end >= at]
    meters: dict[tuple[str | bool, ...], list[PriceItem]] = defaultdict(list)
    for item in standing or every:
        names = (item.meter_id, item.product_name, item.sku_name, item.meter_name, item.arm_region_name.lower())
        meters[(*names, item.is_primary_meter_region)].append(item)
    found = [candidate for group in meters.values() for candidate in _read_meter(group, at)]
    found = _keep_best(found, lambda one: not one.is_later)
    found = _keep_best(found, lambda one: one.item.is_primary_meter_region)
    found = _keep_best(found, lambda one: -_start(one.effective) if one.is_later else _start(one.effective))
    return list({one.tiers: one for one in sorted(found, key=str, reverse=True)}.values())[::-1]


def list_candidates(candidates: Sequence[Candidate]) -> str:
    """Candidates for a hint: the first few, and how many more there are."""
    more = [f"{len(candidates) - _MOST_LISTED} more"] if len(candidates) > _MOST_LISTED else []
    return "; ".join([*map(str, candidates[:_MOST_LISTED]), *more])


def _read_meter(items: Sequence[PriceItem], at: date) -> list[Candidate]:
    """What a meter costs: one candidate, or several where the list has several prices for the same tier and day."""
    started = [item for item in items if _start(item.effective_start) <= at.toordinal()]
    usable = started or _keep_best(items, lambda item: -_start(item.effective_start))
    rows: dict[Decimal, list[PriceItem]] = defaultdict(list)
    for item in usable:
        rows[_read_tier(item).minimum].append(item)
    choices = [_latest_prices(rows[minimum]) for minimum in sorted(rows)]
    found = []
    for chosen in islice(product(*choices), _MOST_COMBINATIONS):
        effective = max((item.effective_start for item in chosen if item.effective_start is not None), default=None)
        ends = [item.effective_end for item in chosen if item.effective_end is not None and item.effective_end < at]
        found.append(
            Candidate(chosen[0], tuple(map(_read_tier, chosen)), effective, not started, min(ends, default=None))
        )
    return found


def _latest_prices(items: Sequence[PriceItem]) -> list[PriceItem]:
    """Of items for the same tier those that start last, one for each price."""
    latest = _keep_best(items, lambda item: _start(item.effective_start))
    return list({item.retail_price: item for item in latest}.values())


def _read_tier(item: PriceItem) -> PriceTier:
    """The tier of an item in single units: both its numbers count in the measure of the item."""
    unit = read_unit(item.unit_of_measure)
    assert unit is not None
    price = EXACT.divide(item.retail_price, unit.count)
    return PriceTier(EXACT.multiply(item.tier_minimum_units, unit.count), price)


def _keep_best(values: Sequence[T], rank: Callable[[T], int]) -> list[T]:
    """The values of the highest rank."""
    best = max(map(rank, values), default=0)
    return [value for value in values if rank(value) == best]


def _start(effective: date | None) -> int:
    """A start to compare: what has none counts since ever."""
    return 0 if effective is None else effective.toordinal()
