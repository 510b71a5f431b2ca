"""RULES S99, S102, A16: a fee schedule."""

import pytest

import oasys_sched as sched


def money(minor: int, currency: str = "USD") -> sched.Money:
    return sched.Money(minor, currency)


def test_s99_one_amount_a_mode_in_one_currency() -> None:
    twice = ((sched.Mode.PHONE, money(1)), (sched.Mode.PHONE, money(2)))
    with pytest.raises(sched.InvalidPolicy) as caught:
        sched.FeeSchedule(per_mode=twice)
    assert caught.value.field == "per_mode"
    with pytest.raises(sched.InvalidPolicy) as caught:
        sched.FeeSchedule(single=money(1), per_mode=((sched.Mode.PHONE, money(2, "EUR")),))
    assert caught.value.code is sched.Code.CURRENCY_MISMATCH


def test_a16_zero_for_a_mode_is_no_fee_and_missing_falls_back() -> None:
    fees = sched.FeeSchedule(single=money(4000), per_mode=((sched.Mode.PHONE, money(0)),))

    assert fees.amount(sched.Mode.PHONE) == money(0)
    assert fees.amount(sched.Mode.TELEHEALTH) == money(4000)
    assert sched.FeeSchedule().amount(sched.Mode.PHONE) is None
