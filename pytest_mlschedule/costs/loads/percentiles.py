"""Percentiles by nearest rank: always one of the values, never something between two."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value", int, float, Decimal)


class Spread(NamedTuple, Generic[Value]):
    """The values that 50 and 95 in 100 do not exceed."""

    p50: Value
    p95: Value


def find_rank(count: int, percent: int) -> int:
    """The index, among so many ascending values, of the smallest that so many percent of them do not exceed."""
    return max(0, -(-count * percent // 100) - 1)


def find_spread(values: Iterable[Value]) -> Spread[Value]:
    """Both percentiles of values. Raises ValueError without any."""
    ascending = sorted(values)
    if not ascending:
        raise ValueError("percentiles need at least one value")
    return Spread(*(ascending[find_rank(len(ascending), percent)] for percent in (50, 95)))
