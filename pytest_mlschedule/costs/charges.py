"""What node-seconds cost, and how many hours they are, to ten places: a third of an hour has no end in decimals."""

from __future__ import annotations

from decimal import Decimal

from pytest_mlschedule.costs.money import EXACT, drop_zeros

HOUR = 3600
_QUANTUM = Decimal("1E-10")


def round_money(amount: Decimal) -> Decimal:
    """An amount to ten places, half to even, without useless zeros."""
    return drop_zeros(amount.quantize(_QUANTUM, context=EXACT))


def count_hours(node_seconds: int) -> Decimal:
    """Node-seconds in hours."""
    return round_money(EXACT.divide(Decimal(node_seconds), Decimal(HOUR)))


def charge_seconds(node_seconds: int, price: Decimal) -> Decimal:
    """What node-seconds cost at the price of a node an hour."""
    return round_money(EXACT.divide(EXACT.multiply(price, Decimal(node_seconds)), Decimal(HOUR)))
