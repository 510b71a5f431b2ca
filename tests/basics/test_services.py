from datetime import timedelta

import pytest

import oasys_sched as sched

EUR = "EUR"


def service(**given: object) -> sched.Service:
    return sched.Service(**{"id": "therapy-50", "duration": timedelta(minutes=50)} | given)  # type: ignore[arg-type]


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(minutes=-5), timedelta(hours=24, seconds=1), 50])
def test_s6_a_duration_is_above_0_and_at_most_24_hours(duration: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        service(duration=duration)

    assert (caught.value.code, caught.value.field) == (sched.Code.INVALID_DURATION, "duration")


@pytest.mark.parametrize("field", ["buffer_before", "buffer_after"])
@pytest.mark.parametrize("buffer", [timedelta(seconds=-1), timedelta(hours=25), 10])
def test_b9_a_buffer_is_0_to_24_hours(field: str, buffer: object) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        service(**{field: buffer})

    assert caught.value.field == field


def test_s5_there_are_exactly_three_modes() -> None:
    assert [mode.value for mode in sched.Mode] == ["telehealth", "in_person", "phone"]


@pytest.mark.parametrize("modes", [(), (sched.Mode.PHONE, sched.Mode.PHONE)])
def test_s5_a_service_has_at_least_one_mode_each_once(modes: tuple[sched.Mode, ...]) -> None:
    with pytest.raises(sched.InvalidPolicy, match="at least one mode"):
        service(modes=modes)


def test_s5_the_default_mode_is_one_of_the_modes() -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        service(modes=(sched.Mode.PHONE,), default_mode=sched.Mode.TELEHEALTH)

    assert caught.value.code is sched.Code.MODE_NOT_SUPPORTED


@pytest.mark.parametrize("table", ["price", "no_show_fee", "late_cancel_fee"])
def test_s99_a_fee_for_a_mode_the_service_lacks_is_a_configuration_error(table: str) -> None:
    fees = sched.FeeSchedule(per_mode=((sched.Mode.PHONE, sched.Money(1, EUR)),))

    with pytest.raises(sched.InvalidPolicy) as caught:
        service(modes=(sched.Mode.TELEHEALTH,), **{table: fees})

    assert (caught.value.code, caught.value.field) == (sched.Code.MODE_NOT_SUPPORTED, f"{table}.per_mode")


def test_s99_a_per_mode_table_on_a_one_mode_service_is_accepted_for_that_mode() -> None:
    fees = sched.FeeSchedule(per_mode=((sched.Mode.PHONE, sched.Money(1, EUR)),))

    assert service(modes=(sched.Mode.PHONE,), no_show_fee=fees).no_show_fee.amount(sched.Mode.PHONE)


def test_s115_removing_a_mode_removes_its_fee_rows_and_a_default_that_named_it() -> None:
    fees = sched.FeeSchedule(
        single=sched.Money(5, EUR),
        per_mode=((sched.Mode.PHONE, sched.Money(1, EUR)), (sched.Mode.IN_PERSON, sched.Money(2, EUR))),
    )
    before = service(no_show_fee=fees, late_cancel_fee=fees, price=fees, default_mode=sched.Mode.PHONE)

    after = before.with_modes(sched.Mode.IN_PERSON, sched.Mode.TELEHEALTH)

    assert after.no_show_fee.per_mode == ((sched.Mode.IN_PERSON, sched.Money(2, EUR)),)
    assert after.no_show_fee.single == sched.Money(5, EUR)
    assert after.default_mode is None
    assert before.with_modes(sched.Mode.PHONE).default_mode is sched.Mode.PHONE
