"""Sums of money: exact arithmetic, exact text, exact shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

EXACT = Context(prec=100, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""The arithmetic of money. Sums and products are exact in it, and the context that a caller has set does not count."""

_PLACES = 10


def show_money(amount: Decimal) -> str:
    """An amount as text: every digit it has, two places or more, no exponent. Raises ValueError for what is no number."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is no sum of money")
    whole, _, places = format(amount, "f").partition(".")
    text = f"{whole}.{places.rstrip('0').ljust(2, '0')}"
    return text.removeprefix("-") if amount.is_zero() else text


def drop_zeros(amount: Decimal) -> Decimal:
    """The same number without zeros that say nothing: 8.37 for 8.3700, 0 for 0E-10, 100 for 1E+2. The amount is finite."""
    whole, _, places = format(amount, "f").partition(".")
    return Decimal(f"{whole}.{places.rstrip('0')}") if amount else Decimal(0)


def split_exactly(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """Shares in proportion to weights, whose sum is the total to the last digit.

    Shares are multiples of 10⁻¹⁰, or of the last digit of the total where it has more places, and written without useless zeros.
    What rounding leaves goes to the shares that lost most by it, the first of equals. Raises ValueError for weights below 0, and
    for weights that are all 0 when there is something to share.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is 0 or more")
    sign, digits, exponent = total.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{total} is no sum of money")
    whole = sum(weights)
    places = max(_PLACES, -exponent)
    quanta = int("".join(map(str, digits))) * 10 ** (exponent + places)
    if whole == 0 and quanta:
        raise ValueError(f"nothing to share {show_money(total)} by: no weight is above 0")
    shares = [quanta * weight // whole if whole else 0 for weight in weights]
    lost = sorted(range(len(weights)), key=lambda index: -(quanta * weights[index] % whole) if whole else 0)
    for index in lost[: quanta - sum(shares)]:
        shares[index] += 1
    return [drop_zeros(Decimal(f"{'-' * sign}{share}E-{places}")) for share in shares]


def apply_discount(amount: Decimal, factor: Decimal) -> Decimal:
    """What is left of an amount: the exact product with a factor (0.85: 85 % are paid)."""
    return drop_zeros(EXACT.multiply(amount, factor))
