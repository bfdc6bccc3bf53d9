"""Money: text, shares, discounts. The oracle is integer arithmetic, or written in the table."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mlschedule.costs.charges import charge_seconds, count_hours, round_money
from pytest_mlschedule.costs.money import EXACT, apply_discount, drop_zeros, show_money, split_exactly

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


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("8.3700000000", "8.37"),
        ("0E-10", "0"),
        ("-0.000", "0"),
        ("0", "0"),
        ("1.0", "1"),
        ("100.00", "100"),
        ("1E+2", "100"),
        ("-7.10", "-7.1"),
        ("0.0000250", "0.000025"),
        ("1." + "0" * 150 + "10", "1." + "0" * 150 + "1"),  # more digits than the context of money has
    ],
)
def test_zeros_that_say_nothing_are_dropped(amount: str, written: str) -> None:
    assert str(drop_zeros(Decimal(amount))) == written


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=12) | st.integers(-(10**9), 10**9).map(Decimal))
def test_a_number_without_useless_zeros_is_the_same_number(amount: Decimal) -> None:
    found = drop_zeros(amount)
    assert found == amount
    _, digits, exponent = found.as_tuple()
    assert isinstance(exponent, int)
    assert exponent <= 0
    assert exponent == 0 or digits[-1]  # the last place says something


def test_charges_hours_and_shares_have_no_useless_zeros() -> None:
    # 83,700 s at 0.36 an hour: 23.25 h x 0.36 = 8.37.
    assert str(charge_seconds(83_700, Decimal("0.3600"))) == "8.37"
    assert [str(count_hours(seconds)) for seconds in (0, 83_700, 36_000, 1_200)] == ["0", "23.25", "10", "0.3333333333"]
    # The eleventh place is half: to the even tenth.
    assert [str(round_money(Decimal(text))) for text in ("1.50000000005", "0.00000000004", "70")] == ["1.5", "0", "70"]
    assert list(map(str, split_exactly(Decimal("0.1500000000"), [6, 3, 1, 0]))) == ["0.09", "0.045", "0.015", "0"]
    assert list(map(str, split_exactly(Decimal(-1), [1, 1, 0]))) == ["-0.5", "-0.5", "0"]
    assert list(map(str, split_exactly(Decimal("1E+2"), [1, 3]))) == ["25", "75"]


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


def test_a_discount_is_applied_exactly_whatever_context_is_set() -> None:
    # 123456789.123456789 x 0.85 = 104938270.75493827065
    with localcontext() as context:
        context.prec = 3
        left = apply_discount(Decimal("123456789.123456789"), Decimal("0.85"))
        assert show_money(left) == "104938270.75493827065"
    assert str(apply_discount(Decimal("1.50"), Decimal(1))) == "1.5"
    assert str(apply_discount(Decimal("0.36"), Decimal("0.5"))) == "0.18"


def test_the_arithmetic_of_money_keeps_long_sums() -> None:
    assert EXACT.add(Decimal(10) ** 40, Decimal("1E-40")) == Decimal("1" + "0" * 40 + "." + "0" * 39 + "1")
