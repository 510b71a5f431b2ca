from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched

amounts = st.integers(0, 10**12)


@given(amounts, amounts)
def test_sums_and_differences_lose_no_cent(a: int, b: int) -> None:
    one, other = sched.Money(a, "EUR"), sched.Money(b, "EUR")

    assert one + other - other == one
    assert (one < other) == (a < b)
    assert (one <= other) == (a <= b)
    assert one.capped(other).minor == min(a, b)


@given(amounts, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_amount_and_of_are_inverse(minor: int, currency: str) -> None:
    money = sched.Money(minor, currency)

    assert money == sched.Money.of(money.amount, currency)
    assert money == sched.Money.of(str(money).split()[0], currency)


@pytest.mark.parametrize("minor", [1.5, True, "12", None, -1])
def test_only_whole_non_negative_minor_units_are_money(minor: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Money(minor, "EUR")  # type: ignore[arg-type]

    assert caught.value.code is sched.Code.INVALID_AMOUNT
    assert caught.value.field == "minor"


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "E R", "ÉUR", 978])
def test_a_currency_is_three_capital_letters(currency: object) -> None:
    with pytest.raises(sched.InvalidValue, match="ISO 4217"):
        sched.Money(1, currency)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["", "ten", "1e999999999", "NaN", "inf", 0.1, None, [1]])
def test_what_is_no_exact_decimal_is_refused(amount: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Money.of(amount, "EUR")  # type: ignore[arg-type]

    assert caught.value.field == "amount"


def test_more_decimals_than_the_currency_has_are_refused_not_rounded() -> None:
    with pytest.raises(sched.InvalidValue, match="more decimals than JPY"):
        sched.Money.of("10.5", "JPY")


def test_currencies_never_mix() -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        _ = sched.Money(1, "EUR") + sched.Money(1, "USD")

    assert caught.value.code is sched.Code.CURRENCY_MISMATCH


def test_a_difference_is_never_negative() -> None:
    with pytest.raises(sched.InvalidValue):
        _ = sched.Money(1, "EUR") - sched.Money(2, "EUR")


def test_it_reads_as_people_write_it() -> None:
    assert str(sched.Money(4005, "USD")) == "40.05 USD"
    assert repr(sched.Money(4005, "USD")) == "Money(4005, 'USD')"
    assert sched.Money.of(Decimal("1.234"), "KWD").minor == 1234
