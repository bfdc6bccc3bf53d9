"""Money: text, shares, discounts. The oracle is integer arithmetic, or written in the table."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs.money import EXACT, apply_discount, read_discount, show_money, split_exactly

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=12)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.5", "12.50"),
        ("0.3464", "0.3464"),
        ("0", "0.00"),
        ("-0.000", "0.00"),
        ("1E+3", "1000.00"),
        ("2.5E-5", "0.000025"),
        ("1.230000", "1.23"),
        ("-7.1", "-7.10"),
        ("123456789012345678901234567890.125", "123456789012345678901234567890.125"),
    ],
)
def test_money_is_shown_exactly(amount: str, text: str) -> None:
    assert show_money(Decimal(amount)) == text


@given(AMOUNTS)
def test_shown_money_is_the_amount(amount: Decimal) -> None:
    text = show_money(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert len(text.partition(".")[2]) >= 2


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_number_is_no_money(amount: str) -> None:
    with pytest.raises(ValueError, match="no sum of money"):
        show_money(Decimal(amount))
    with pytest.raises(ValueError, match="no sum of money"):
        split_exactly(Decimal(amount), [1])


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        # 10 / 3 = 3.3333333333 and a third: 3 x 3.3333333333 = 9.9999999999, the last 10^-10 goes to the first.
        ("10", [1, 1, 1], ["3.3333333334", "3.3333333333", "3.3333333333"]),
        # 1 x 1/6 = 0.16666666666.., 2/6 = 0.3333333333.., 3/6 = 0.5: the first lost two thirds of 10^-10, the second a third.
        ("1", [1, 2, 3], ["0.1666666667", "0.3333333333", "0.5000000000"]),
        ("-1", [1, 2, 3], ["-0.1666666667", "-0.3333333333", "-0.5000000000"]),
        # 12 places: a third of 10^-12 x 1 goes to the one that lost most.
        ("0.000000000001", [1, 2], ["0", "0.000000000001"]),
        ("5", [0, 1, 0], ["0", "5", "0"]),
        ("0", [0, 0], ["0", "0"]),
        ("0", [], []),
        ("1E+2", [1, 3], ["25", "75"]),
    ],
)
def test_shares_are_proportional_and_add_up(total: str, weights: list[int], shares: list[str]) -> None:
    assert split_exactly(Decimal(total), weights) == [Decimal(share) for share in shares]


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_shares_add_up_to_the_last_digit(total: Decimal, weights: list[int]) -> None:
    if not sum(weights):
        weights = [*weights, 1]
    shares = split_exactly(total, weights)
    assert sum(map(Fraction, shares), Fraction(0)) == Fraction(total)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(Fraction(share) - Fraction(total) * weight / sum(weights)) < Fraction(1, 10**10)


@pytest.mark.parametrize(("total", "weights"), [("1", []), ("1", [0, 0])])
def test_there_must_be_something_to_share_by(total: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"nothing to share 1\.00 by"):
        split_exactly(Decimal(total), weights)


def test_weights_are_not_negative() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        split_exactly(Decimal(1), [2, -1])


@pytest.mark.parametrize(
    ("value", "factor"),
    [
        (0.85, "0.85"),
        ("0.85", "0.85"),
        (Decimal("0.85"), "0.85"),
        ("15%", "0.85"),
        (" 15 % ", "0.85"),
        ("12.5%", "0.875"),
        ("0%", "1"),
        (1, "1"),
        (1.0, "1"),
        ("99.99%", "0.0001"),
    ],
)
def test_a_discount_is_a_factor_or_what_is_taken_off(value: object, factor: str) -> None:
    assert read_discount(value) == Decimal(factor)


@pytest.mark.parametrize(
    "value",
    [0, 15, "15", 1.01, -0.5, "100%", "-5%", "15 percent", "", True, None, [0.85], float("nan"), "1e-1", "\u0665%"],
)
def test_what_is_no_discount_is_told_the_two_forms(value: object) -> None:
    with pytest.raises(ValueError, match=r"is no discount: write a factor above 0 and at most 1 .*\"15%\""):
        read_discount(value)


def test_a_discount_is_applied_exactly_whatever_context_is_set() -> None:
    # 123456789.123456789 x 0.85 = 104938270.75493827065
    with localcontext() as context:
        context.prec = 3
        left = apply_discount(Decimal("123456789.123456789"), Decimal("0.85"))
        assert show_money(left) == "104938270.75493827065"
    amount = Decimal("1.5")
    assert apply_discount(amount, Decimal(1)) is amount


def test_the_arithmetic_of_money_keeps_long_sums() -> None:
    assert EXACT.add(Decimal(10) ** 40, Decimal("1E-40")) == Decimal("1" + "0" * 40 + "." + "0" * 39 + "1")
