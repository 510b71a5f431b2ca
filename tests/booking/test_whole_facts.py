"""Facts to the last field: the diary that a client is shown, where its edges lie, and what a quote is made of."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.booking.cancelling import quoted
from oasys_sched.booking.offers import service_as_booked
from oasys_sched.fees.payers import FeeRules, PayerRule
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    HOUR,
    NOW,
    SERVICE,
    START,
    accepted,
    appointment,
    book,
    cancellation,
    code,
    codes,
    create,
    facts,
    policy,
    request,
    schedule,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WITHIN = sched.Span(START, START + HOUR)


def at(hours: float, **fields: object) -> sched.Appointment:
    return appointment(**{"id": f"at {hours}", "client": "bob", "starts_at": START + hours * HOUR, **fields})


def test_a10_a_clients_diary_holds_everything_that_is_in_the_way() -> None:
    pending = at(1, status=sched.AppointmentStatus.PENDING, buffer_before=5 * MINUTE, buffer_after=10 * MINUTE)
    cancelled = at(0, id="gone", status=sched.AppointmentStatus.CANCELLED)
    asked = request(at(-1, client="ann"), proposed=(START + 2 * HOUR,))
    elsewhere = appointment(id="elsewhere", clinician="other-dr", starts_at=START - HOUR)
    others = replace(elsewhere, id="not hers", client="bob")
    busy = sched.Span(START + 4 * HOUR, START + 5 * HOUR)
    block = sched.Span(START + 6 * HOUR, START + 7 * HOUR)
    override = sched.DateOverride.closed(START.date())
    known = facts(
        agenda=(at(-1, client="ann"), pending, cancelled),
        client_agenda=(at(-1, client="ann"), elsewhere, others, replace(elsewhere, id="over", status=cancelled.status)),
        requests=(asked,), external=(busy,), blocks=(block,),
        schedule=schedule(calendar_connected=True, overrides=(override,)),
    )  # fmt: skip

    assert known.diary(WITHIN, now=NOW, client="ann") == sched.Diary(
        hours=known.schedule.hours,
        overrides=(override,),
        blocks=(block,),
        busy=(
            sched.Busy(span=at(-1).span, kind=sched.BusyKind.APPOINTMENT, id="at -1"),
            sched.Busy(
                span=pending.span, kind=sched.BusyKind.HOLD, id="at 1",
                buffer_before=5 * MINUTE, buffer_after=10 * MINUTE,
            ),
            sched.Busy(span=asked.holds[0], kind=sched.BusyKind.HOLD),
            sched.Busy(span=elsewhere.span, kind=sched.BusyKind.BLOCK, id="elsewhere"),
            busy,
        ),
    )  # fmt: skip
    ignored = known.diary(WITHIN, now=NOW, client="ann", ignoring=frozenset({"at -1", "elsewhere"}))
    assert [row.id for row in ignored.busy if isinstance(row, sched.Busy)] == ["at 1"]
    assert {row.id for row in known.diary(WITHIN, now=NOW).busy if isinstance(row, sched.Busy)} == {
        "at -1",
        "at 1",
        None,
    }


@pytest.mark.parametrize(("hours", "there"), [(-71.5, True), (-72.9, False), (72.9, True), (73, False)])
def test_a_diary_reaches_three_days_and_its_edges_are_half_open(hours, there) -> None:
    row = at(hours)
    assert bool(facts(agenda=(row,)).diary(WITHIN, now=NOW).busy) is there
    capped = schedule(booking=policy(daily_count=9))
    assert facts(agenda=(row,), schedule=capped).diary(WITHIN, now=NOW).busy
    far = at(hours + (288 - 72) * (1 if hours > 0 else -1))
    assert bool(facts(agenda=(far,), schedule=capped).diary(WITHIN, now=NOW).busy) is there


def test_an_appointment_that_began_a_day_before_still_takes_up_time() -> None:
    long = at(-24, duration=24 * HOUR)
    known = facts(agenda=(long, replace(long, id="twin", starts_at=long.starts_at + MINUTE)))

    assert [row.id for row in known.occupied(during=WITHIN)] == ["twin"]
    assert [row.id for row in known.occupied(during=sched.Span(START - MINUTE, START))] == ["at -24", "twin"]
    again = replace(known, series=(long, at(0.5)))
    assert [row.id for row in again.occupied(during=sched.Span(START - MINUTE, START + HOUR))] == [
        "at -24", "twin", "at 0.5",
    ]  # fmt: skip


@pytest.mark.parametrize(("hours", "there"), [(-1, False), (-0.99, True), (0.99, True), (1, False)])
def test_a12_busy_times_of_other_calendars_count_where_they_touch_a_start(hours, there) -> None:
    external = sched.Span(START + hours * HOUR, START + (hours + 1) * HOUR)
    known = facts(external=(external,), schedule=schedule(calendar_connected=True))
    # A start within a minute of ours, of a service that takes no time to speak of.
    short = replace(SERVICE, duration=MINUTE)
    diary = known.diary(sched.Span(START, START + 59 * MINUTE), now=NOW, service=short)

    assert bool(diary.busy) is there


BEFORE, AFTER = {"buffer_before": 30 * MINUTE}, {"buffer_after": 30 * MINUTE}


@pytest.mark.parametrize(
    ("own", "others", "starts", "there"),
    [
        # It ends where the first start could begin, and begins where the last one could end.
        ({}, {}, -60, False), ({}, {}, -59, True), ({}, {}, 59, True), ({}, {}, 60, False),
        (BEFORE, {}, -90, False), (BEFORE, {}, -89, True), (BEFORE, {}, 60, False),
        (AFTER, {}, -60, False), (AFTER, {}, 89, True), (AFTER, {}, 90, False),
        ({}, BEFORE, -60, False), ({}, BEFORE, 89, True), ({}, BEFORE, 90, False),
        ({}, AFTER, -90, False), ({}, AFTER, -89, True), ({}, AFTER, 60, False),
    ],
)  # fmt: skip
def test_b9_a_diary_holds_what_its_own_or_the_services_buffers_reach(own, others, starts, there) -> None:
    row = at(starts / 60, duration=HOUR, **others)
    short = replace(SERVICE, duration=MINUTE, **own)
    diary = facts(agenda=(row,)).diary(sched.Span(START, START + 59 * MINUTE), now=NOW, service=short)

    assert bool(diary.busy) is there


def test_b9_what_is_booked_keeps_its_length_and_buffers() -> None:
    booked = appointment(duration=80 * MINUTE, buffer_before=5 * MINUTE, buffer_after=15 * MINUTE)
    expected = {"duration": 80 * MINUTE, "buffer_before": 5 * MINUTE, "buffer_after": 15 * MINUTE}

    assert service_as_booked(facts(), booked) == replace(SERVICE, **expected)
    assert service_as_booked(facts(services=()), booked) == sched.Service(id="therapy", **expected)


def test_b6_a_quote_knows_the_client_and_the_rules_of_payers() -> None:
    late = START - HOUR
    rules = FeeRules(payers=(PayerRule(payer="medicaid", cap=sched.Money(900, "USD")),))
    practice = sched.Practice(id="p", revision=1, fee_rules=rules)

    def fee(**more: object) -> object:
        known = facts(appointment=appointment(), **more)
        return quoted(known, known.appointment, late).fee

    assert fee() == fee(practice=practice) == sched.Money(5000, "USD")
    assert fee(client=replace(ANN, payer="medicaid"), practice=practice) == sched.Money(900, "USD")
    assert fee(services=()) is None


def test_what_was_said_is_kept_and_nothing_is_made_up() -> None:
    known = facts(appointment=appointment())
    silent = accepted(booking.cancel(known, reason="clinician_illness", actor=CLINICIAN, now=NOW)).value
    said = accepted(booking.cancel(known, reason="clinician_illness", text="the flu", actor=CLINICIAN, now=NOW)).value

    assert (silent.cancellation.text, said.cancellation.text) == ("", "the flu")
    blocked = accepted(booking.block_time(
        facts(), id="b", starts_at=START.replace(tzinfo=None), ends_at=(START + HOUR).replace(tzinfo=None),
        actor=CLINICIAN, now=NOW,
    )).value  # fmt: skip
    assert (blocked.block.title, blocked.block.details) == ("", "")


def test_s73_what_no_block_has_is_named() -> None:
    refused = booking.block_time(
        facts(), id="b", starts_at=START.replace(tzinfo=None), ends_at=(START + HOUR).replace(tzinfo=None),
        others=("client", "price"), actor=CLINICIAN, now=NOW,
    )  # fmt: skip

    assert codes(refused) == ["forbidden_field", "forbidden_field"]
    assert [row.field for row in refused.refusals] == ["client", "price"]


@pytest.mark.parametrize(("kept", "gone"), [(0, True), (1, False)])
def test_s82_a_block_cut_at_its_first_instance_is_gone_as_a_whole(kept: int, gone: bool) -> None:
    noon = datetime(2026, 3, 5, 12)
    daily = accepted(booking.block_time(
        facts(), id="b", starts_at=noon, ends_at=noon + HOUR, rule="FREQ=DAILY", actor=CLINICIAN, now=NOW
    )).value  # fmt: skip
    cut = booking.cut_block(facts(block=daily), before=noon + kept * DAY, actor=CLINICIAN, now=NOW)

    assert accepted(cut).value.deleted is gone
    again = booking.lift_block(facts(block=accepted(cut).value), actor=CLINICIAN, now=NOW)
    assert code(again) == "not_found" if gone else accepted(again).value.deleted


def test_s6_a_duration_may_be_a_whole_day() -> None:
    assert accepted(create(duration=DAY, allow_overlap=True)).value.duration == DAY
    assert code(create(duration=DAY + timedelta(microseconds=1))) == "invalid_duration"


def test_s17_a_client_chooses_how_to_meet_where_staff_have_a_default() -> None:
    usual = facts(services=(replace(SERVICE, default_mode=sched.Mode.IN_PERSON),))

    assert accepted(create(usual, mode=None)).value.mode is sched.Mode.IN_PERSON
    assert code(book(usual, mode=None)) == "mode_required"
    waiting = booking.join_waitlist(usual, id="w", service="therapy", mode=None, actor=CLIENT, now=NOW)
    assert code(waiting) == "mode_required"
    modes = (sched.Mode.PHONE, sched.Mode.IN_PERSON)
    other = replace(SERVICE, id="other", price=sched.FeeSchedule(), modes=modes, default_mode=sched.Mode.PHONE)
    edited = facts(services=(SERVICE, other), appointment=appointment())
    switched = booking.edit(edited, service="other", actor=CLINICIAN, now=NOW)
    assert accepted(switched).value.mode is sched.Mode.PHONE
    kept = booking.edit(replace(edited, appointment=appointment(mode=sched.Mode.IN_PERSON)), service="other",
                        actor=CLINICIAN, now=NOW)  # fmt: skip
    assert accepted(kept).value.mode is sched.Mode.IN_PERSON


def test_s94_a_clients_own_cancellation_keeps_what_was_said_and_when() -> None:
    known = facts(appointment=appointment(), schedule=schedule(cancellation=cancellation(late_requires_approval=False)))
    command = sched.CancelOwn(reason="client_illness", text="a cold")
    late = START - HOUR
    done = accepted(booking.client_cancel(known, command, id="r", actor=CLIENT, now=late)).value

    told = done.cancellation
    assert (told.reason, told.text, told.late, told.requested_at) == ("client_illness", "a cold", True, late)
