"""One appointment's life: every moment where the rules have it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.appointment import AppointmentStatus, Cancellation, Initiator
from tests.calendar.made import NEW_YORK, at, booked

SERVICE = sched.Service(duration=timedelta(minutes=50))
ALWAYS = sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=NEW_YORK)


def test_a_timeline_names_every_moment_in_order() -> None:
    start = at(NEW_YORK, 2026, 3, 8, 10)
    asked = Cancellation(reason="client_illness", initiator=Initiator.CLIENT,
                         requested_at=at(NEW_YORK, 2026, 3, 7, 12), late=True)  # fmt: skip
    found = sched.moments(
        booked(start=start, cancellation=asked, status=AppointmentStatus.CANCELLED),
        booking=sched.BookingPolicy(minimum_notice=sched.Period.parse("P2D")),
        cancellation=sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H")),
        reminders=sched.ReminderPolicy(enabled=True, offsets=tuple(map(sched.Period.parse, ("PT2H", "P1D", "P1M")))),
    )

    assert [moment.name for moment in found] == [
        "booked", "last_booking", "late_from", "reminder", "cancelled", "start", "end"]  # fmt: skip
    by_name = {moment.name: moment.at for moment in found}
    # Clocks go forward that night: 24 hours before 10:00 is 09:00, a day before is 10:00 (RULES 5).
    assert by_name["late_from"] == at(NEW_YORK, 2026, 3, 7, 9)
    assert by_name["last_booking"] == at(NEW_YORK, 2026, 3, 6, 10)
    assert [moment.label for moment in found][1:5] == [
        "bookable until 2 days before",
        "on time until 24 hours before",
        "reminder 1 day before",
        "cancelled late",
    ]


def test_a_timeline_without_policies_is_booked_start_end() -> None:
    assert [moment.name for moment in sched.moments(booked())] == ["booked", "start", "end"]
    on_time = Cancellation(reason="client_illness", initiator=Initiator.CLIENT, requested_at=at(NEW_YORK, 2026, 6, 15))
    quiet = sched.moments(
        booked(cancellation=on_time),
        booking=sched.BookingPolicy(),
        cancellation=sched.CancellationPolicy(),
        reminders=sched.ReminderPolicy(),
    )
    assert [moment.label for moment in quiet] == ["booked", "cancelled", "start", "end"]


@pytest.mark.parametrize(("start", "notice", "last"), [
    (at(NEW_YORK, 2026, 3, 31, 9), "P1M", at(NEW_YORK, 2026, 2, 28, 23, 59)),
    (at(NEW_YORK, 2026, 3, 9, 2, 30), "P1D", at(NEW_YORK, 2026, 3, 8, 1, 59)),
    (at(NEW_YORK, 2026, 11, 1, 1, 30, fold=1), "P1D", at(NEW_YORK, 2026, 10, 31, 1, 59)),
    (at(NEW_YORK, 2026, 6, 17, 9), "PT24H", at(NEW_YORK, 2026, 6, 16, 9)),
    (at(NEW_YORK, 2026, 6, 17, 9), "P1DT2H", at(NEW_YORK, 2026, 6, 16, 7)),
])  # fmt: skip
def test_s89_the_last_minute_to_book_is_the_last_one_at_which_it_can_be_booked(
    start: datetime, notice: str, last: datetime
) -> None:
    policy = sched.BookingPolicy(minimum_notice=sched.Period.parse(notice), slot_step=timedelta(minutes=30))
    found = {moment.name: moment.at for moment in sched.moments(booked(start=start), booking=policy)}

    assert found["last_booking"] == last
    diary = sched.Diary(hours=ALWAYS)
    late = [
        minute
        for minute in range(-600, 3000)
        if not sched.why_not(diary, SERVICE, start, policy=policy, now=last.astimezone(UTC) + minute * MINUTE)
    ]
    assert late[-1] == 0


MINUTE = timedelta(minutes=1)


def reminded(status: AppointmentStatus, **given_: object) -> list[datetime]:
    policy = sched.ReminderPolicy(
        enabled=True, offsets=(sched.Period.parse("PT2H"), sched.Period.parse("P1D")), channels=("sms",)
    )
    life = sched.moments(booked(start=at(NEW_YORK, 2026, 6, 17, 9), status=status, **given_), reminders=policy)
    return [moment.at for moment in life if moment.name == "reminder"]


def test_b11_reminders_stand_where_quiet_hours_move_them() -> None:
    assert reminded(AppointmentStatus.UPCOMING) == [at(NEW_YORK, 2026, 6, 16, 9), at(NEW_YORK, 2026, 6, 16, 20, 59)]


def test_s96_there_is_none_of_a_pending_booking_and_none_after_a_cancellation() -> None:
    asked = Cancellation(
        reason="client_illness", initiator=Initiator.CLIENT, requested_at=at(NEW_YORK, 2026, 6, 16, 12)
    )

    assert reminded(AppointmentStatus.PENDING) == []
    assert reminded(AppointmentStatus.CANCELLED, cancellation=asked) == [at(NEW_YORK, 2026, 6, 16, 9)]


def test_a28_one_that_lies_before_the_booking_is_left_out() -> None:
    late = at(NEW_YORK, 2026, 6, 16, 10)

    assert reminded(AppointmentStatus.UPCOMING, created_at=late) == [at(NEW_YORK, 2026, 6, 16, 20, 59)]


def test_a_moment_without_a_zone_is_refused_by_name() -> None:
    odd = [sched.Moment("start", "start", datetime(2026, 1, 1, 9)), sched.Moment("end", "end", NOW)]

    with pytest.raises(sched.InvalidValue) as caught:
        sched.timeline_picture(odd, zone="UTC")
    assert (caught.value.field, caught.value.code) == ("found", sched.Code.NAIVE_DATETIME)


NOW = datetime(2026, 1, 1, 10, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["PT1H", "P1D", "P2DT3H", "P1M", "P1M1D", "P1Y"]),
    st.sampled_from([NEW_YORK, "Europe/London", "Australia/Lord_Howe", "Africa/Cairo"]),
)
def test_s89_from_the_last_minute_the_notice_still_ends_by_the_start_and_from_the_next_ones_it_does_not(
    when: datetime, notice: str, zone: str
) -> None:
    start, period = when.replace(tzinfo=UTC), sched.Period.parse(notice)
    policy = sched.BookingPolicy(minimum_notice=period)
    life = sched.moments(booked(start=start, zone=zone), booking=policy)
    (last,) = (moment.at for moment in life if moment.name == "last_booking")

    place = at(zone, 2026, 1, 1).tzinfo
    assert period.after(last, place) <= start  # type: ignore[arg-type]
    assert all(period.after(last + minutes * MINUTE, place) > start for minutes in (1, 2, 30, 60, 90, 1440, 4000))  # type: ignore[arg-type]
