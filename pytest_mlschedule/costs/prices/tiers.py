"""Graduated prices: a tier's price counts for the units above its minimum, up to the next tier's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pytest_mlschedule.costs.money import EXACT

_UNIT = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([KMB]?)(?![A-Za-z])\s*(.*?)\s*", re.ASCII | re.IGNORECASE)
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class PriceTier:
    """``price`` of one unit, for the units after the first ``minimum`` ones of a month."""

    minimum: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """What a price is for: ``count`` of something, such as ``hour``; ``name`` is lower case, empty for plain pieces."""

    count: Decimal
    name: str


def read_unit(text: str) -> Unit | None:
    """A unitOfMeasure of the price list: ``1 Hour``, ``10K``, ``100``, ``1 GB/Month``. None for what is none of these."""
    match = _UNIT.fullmatch(text)
    if match is None or not match[1].strip("0."):
        return None
    count = EXACT.multiply(Decimal(match[1]), Decimal(_FACTORS[match[2].upper()]))
    return Unit(count, " ".join(match[3].lower().split()))


def charge_tiers(tiers: Sequence[PriceTier], units: Decimal, used: Decimal) -> Decimal:
    """What units cost that come after ``used`` others: each unit costs the price of the tier it falls in.

    ``tiers`` ascend, the first from 0. A tier with minimum 4000 begins with unit 4001. Raises ValueError for units below 0.
    """
    if units < 0 or used < 0:
        raise ValueError(f"units are 0 or more, not {min(units, used)}")
    end = EXACT.add(used, units)
    total = Decimal(0)
    for index, tier in enumerate(tiers):
        upper = min(end, tiers[index + 1].minimum) if index + 1 < len(tiers) else end
        lower = max(used, tier.minimum)
        if upper > lower:
            total = EXACT.add(total, EXACT.multiply(EXACT.subtract(upper, lower), tier.price))
    return total


def count_free(tiers: Sequence[PriceTier]) -> Decimal:
    """How many units of a month cost nothing before the first that costs: 0 where the first does, and where none ever does."""
    return next((tier.minimum for tier in tiers if tier.price), Decimal(0))
