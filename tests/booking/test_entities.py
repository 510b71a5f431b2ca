"""What is stored: appointments, requests, schedules, services, and how a repository finds them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.availability.busy import BusyKind
from tests.booking.clinic import (
    ANN,
    CLIENT,
    HOUR,
    NOW,
    SERVICE,
    START,
    STRANGER,
    appointment,
    code,
    facts,
    request,
    schedule,
)

STATUS = sched.AppointmentStatus


def test_s12_an_appointment_is_found_by_people_series_time_and_status() -> None:
    one = appointment(series="s", recurrence_id=datetime(2026, 3, 5, 15))

    assert (one.index.clinician, one.index.client, one.index.parent) == ("dr", "ann", "s")
    assert one.index.span == sched.Span(START, START + timedelta(minutes=50))
    assert one.index.status == "upcoming"


def test_a9_what_is_to_happen_takes_the_time_of_both() -> None:
    for status in STATUS:
        held = [row.resource for row in appointment(status=status).occupancies]
        waits = status in {STATUS.PENDING, STATUS.UPCOMING, STATUS.IN_PROGRESS}
        assert held == (["clinician:dr", "client:ann"] if waits else [])


def test_s6_times_are_kept_in_utc_and_naive_ones_refused() -> None:
    there = appointment(starts_at=START.astimezone(ZoneInfo("Asia/Tokyo")))

    assert there == appointment()
    for field in ("starts_at", "created_at"):
        with pytest.raises(sched.InvalidValue) as caught:
            appointment(**{field: datetime(2026, 3, 5, 15)})
        assert caught.value.field == field


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(days=1, seconds=1)])
def test_s6_an_appointment_lasts_up_to_a_day(duration: timedelta) -> None:
    with pytest.raises(sched.InvalidValue):
        appointment(duration=duration)


def test_s103_late_is_read_from_the_cancellation() -> None:
    wish = sched.Cancellation(
        reason="client_request", initiator=sched.Initiator.CLIENT, requested_at=NOW, late=True, text="secret"
    )

    assert appointment(cancellation=wish).late
    assert not appointment().late
    assert "secret" not in repr(wish)


def test_s34_a_request_is_found_by_appointment_and_the_span_of_its_holds() -> None:
    later = START + 24 * HOUR
    asked = request(proposed=(later + HOUR, later, later))

    assert asked.proposed == (later, later + HOUR)
    assert asked.index.span == sched.Span(later, later + HOUR + timedelta(minutes=50))
    assert (asked.index.parent, asked.index.status) == ("a1", "open")
    assert request(asks=sched.RequestKind.CANCEL).index.span is None
    assert replace(asked, status=sched.RequestStatus.APPROVED).occupancies == ()


def test_s22_an_appointment_overlaps_what_it_shares_time_with() -> None:
    meeting, minute = appointment(), timedelta(minutes=1)
    start, end = meeting.starts_at, meeting.ends_at

    for one, overlaps in (
        ((start - HOUR, start), False), ((start - HOUR, start + minute), True), ((end - minute, end + HOUR), True),
        ((end, end + HOUR), False),
    ):  # fmt: skip
        assert meeting.overlaps(sched.Span(*one)) is overlaps


def test_s98_schedules_and_services_are_found_by_id() -> None:
    record = sched.ServiceRecord(practice="p", service=SERVICE)

    assert (record.id, record.index.status, record.occupancies) == ("therapy", "active", ())
    assert replace(record, service=replace(SERVICE, active=False)).index.status == "inactive"
    assert (schedule().index.clinician, schedule().occupancies) == ("dr", ())


def test_s78_a_diary_for_staff_has_no_other_clinicians_appointments() -> None:
    elsewhere = appointment(id="z", clinician="z")
    world = facts(agenda=(appointment(status=STATUS.PENDING),), client_agenda=(elsewhere,))
    day = sched.Span(START, START + HOUR)

    assert [row.kind for row in world.diary(day, now=NOW).busy] == [BusyKind.HOLD]
    assert [row.kind for row in world.diary(day, now=NOW, client="ann").busy] == [BusyKind.HOLD, BusyKind.BLOCK]
    far = sched.Span(START + 60 * 24 * HOUR, START + 61 * 24 * HOUR)
    assert world.diary(far, now=NOW).busy == ()


def test_a10_outside_hours_means_not_within_one_window() -> None:
    world = facts()

    assert not world.outside_hours(sched.Span(START, START + 2 * HOUR))
    assert world.outside_hours(sched.Span(START, START + 3 * HOUR))
    assert world.outside_hours(sched.Span(START + 48 * HOUR, START + 49 * HOUR))
    away = facts(schedule=schedule(overrides=(sched.DateOverride.closed(START.date()),)))
    assert away.outside_hours(sched.Span(START, START + 2 * HOUR))
    assert facts(schedule=schedule(hours=None)).outside_hours(sched.Span(START, START + HOUR))
    assert facts(schedule=schedule(hours=None)).zone == ZoneInfo("America/New_York")


def test_s34_without_an_appointment_there_is_no_request() -> None:
    assert facts(requests=(request(),)).open_request is None


NAIVE = datetime(2026, 3, 5, 15)


def waiting(**fields: object) -> sched.WaitlistEntry:
    given = {
        "practice": "p", "id": "w", "clinician": "dr", "client": "ann", "service": "therapy",
        "mode": sched.Mode.TELEHEALTH, "zone": "America/New_York", "joined_at": NOW, **fields,
    }  # fmt: skip
    return sched.WaitlistEntry(**given)


@pytest.mark.parametrize(
    ("made", "field", "expected"),
    [
        (lambda: request(proposed=(NAIVE,)), "proposed", "naive_datetime"),
        (lambda: waiting(joined_at=NAIVE), "joined_at", "naive_datetime"),
        (lambda: sched.WaitlistOffer(span=appointment().span, expires_at=NAIVE), "expires_at", "naive_datetime"),
        (lambda: schedule(practice=""), "practice", "invalid_value"),
        (lambda: schedule(id=""), "id", "invalid_value"),
        (lambda: sched.ServiceRecord(practice="", service=SERVICE), "practice", "invalid_value"),
    ],
)
def test_s6_what_cannot_be_stored_is_refused_by_its_name(made: Callable[[], object], field: str, expected: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        made()
    assert (caught.value.field, str(caught.value.code)) == (field, expected)


def test_every_name_of_the_booking_module_is_looked_up_where_it_lives() -> None:
    for name in booking.__all__:
        assert booking.__getattr__(name).__name__ == name


def test_every_decision_is_a_name_of_the_booking_module() -> None:
    assert set(booking.__all__) <= set(dir(booking))
    assert all(callable(getattr(booking, name)) for name in booking.__all__)
    with pytest.raises(AttributeError, match="no attribute 'bok'"):
        booking.bok


def test_s34_a_stranger_asking_to_move_learns_nothing() -> None:
    one = facts(appointment=appointment())
    states = sched.available_actions(appointment(), one, actor=STRANGER, now=NOW)

    assert states == ()
    move = sched.RequestMove(starts_at=START + HOUR)
    assert code(booking.request_reschedule(one, move, id="r", actor=STRANGER, now=NOW)) == "not_found"
    assert code(booking.request_reschedule(facts(), move, id="r", actor=CLIENT, now=NOW)) == "not_found"


def test_s16_a_booking_needs_its_client_among_the_facts() -> None:
    other = sched.Client(practice="p", id="bob", clinicians=("dr",))
    slot = sched.BookSlot(service="therapy", starts_at=START, mode=sched.Mode.TELEHEALTH)

    assert code(booking.self_book(facts(client=other), slot, id="x", actor=CLIENT, now=NOW)) == "not_found"
    assert ANN.id != other.id


def test_s34_a_request_to_move_names_a_time() -> None:
    with pytest.raises(sched.InvalidValue, match="at least one time") as caught:
        replace(request(), proposed=())
    assert caught.value.field == "proposed"
