"""RULES B14: the waitlist."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.booking.waitlist import WAITLIST, WaitlistAct, matching
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    SYSTEM,
    accepted,
    appointment,
    book,
    code,
    event_names,
    facts,
    policy,
    request,
    schedule,
)

STATUS = sched.WaitlistStatus
VIDEO = sched.Mode.TELEHEALTH
SPAN = sched.Span(START, START + SERVICE.duration)
UNTIL = START - 24 * HOUR


def entry(id: str = "w1", **fields: object) -> sched.WaitlistEntry:
    given = {
        "practice": "p", "id": id, "revision": 1, "clinician": "dr", "client": "ann", "service": "therapy",
        "mode": VIDEO,
        "zone": "America/New_York", "joined_at": NOW, **fields,
    }  # fmt: skip
    return sched.WaitlistEntry(**given)


def offered(id: str = "w1", **fields: object) -> sched.WaitlistEntry:
    return entry(id, status=STATUS.OFFERED, offer=sched.WaitlistOffer(span=SPAN, expires_at=UNTIL), **fields)


def join(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"id": "w1", "service": "therapy", "mode": VIDEO, "actor": CLIENT, "now": NOW, **fields}
    return booking.join_waitlist(given or facts(), **asked)


def offer(given: sched.Facts, **fields: object) -> object:
    asked = {
        "service": "therapy", "mode": VIDEO, "starts_at": START, "expires_at": UNTIL, "actor": SCHEDULER, "now": NOW,
        **fields,
    }  # fmt: skip
    return booking.offer_freed_slot(given, **asked)


def accept(given: sched.Facts, **fields: object) -> object:
    return booking.accept_offer(given, **{"entry": "w1", "id": "n", "actor": CLIENT, "now": NOW, **fields})


def test_b14_a_client_joins_and_keeps_the_original() -> None:
    one = appointment(starts_at=START + 48 * HOUR)
    done = accepted(join(facts(appointment=one), appointment="a1"))

    assert (done.value.status, done.value.appointment) == (STATUS.WAITING, "a1")
    assert done.changes == (done.value,)
    assert event_names(done) == ["WaitlistJoined"]
    assert done.value.occupancies == ()
    accepted(join())


def test_b14_who_may_not_book_may_not_wait() -> None:
    assert code(join(actor=STRANGER)) == "not_found"
    assert code(join(actor=CLINICIAN)) == "forbidden"
    assert code(join(facts(client=replace(ANN, status=sched.ClientStatus.PENDING)))) == "client_pending"
    assert code(join(service="x")) == "unknown_service"
    assert code(join(mode=None)) == "mode_required"
    assert code(join(appointment="a1")) == "not_found"
    done = facts(appointment=appointment(status=sched.AppointmentStatus.COMPLETED))
    assert code(join(done, appointment="a1")) == "invalid_transition"


def test_b14_a_full_cap_is_no_bar_to_moving_one_of_them() -> None:
    full = facts(appointment=appointment(), schedule=schedule(booking=policy(client_upcoming=1)))

    assert code(join(full)) == "client_cap"
    accepted(join(full, appointment="a1"))


@pytest.mark.parametrize(
    ("fields", "suits"),
    [
        ({}, True),
        ({"weekdays": (3,)}, True),
        ({"weekdays": (0,)}, False),
        ({"after": time(15)}, True),
        ({"after": time(15, 1)}, False),
        ({"before": time(15)}, False),
        ({"before": time(15, 1)}, True),
        ({"first": date(2026, 3, 6)}, False),
        ({"last": date(2026, 3, 4)}, False),
        ({"first": date(2026, 3, 5), "last": date(2026, 3, 5)}, True),
    ],
)
def test_b14_preferences_are_on_the_wall_clock(fields: dict[str, object], suits: bool) -> None:
    rows = matching(
        [entry(preference=sched.Preference(**fields))], clinician="dr", service="therapy", mode=VIDEO, starts_at=START
    )

    assert bool(rows) == suits


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"weekdays": (7,)}, "weekdays"),
        ({"after": time(9), "before": time(9)}, "before"),
        ({"first": date(2026, 3, 5), "last": date(2026, 3, 4)}, "last"),
    ],
)
def test_b14_a_preference_that_never_suits_is_refused(fields: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.Preference(**fields)
    assert caught.value.field == field


def test_b14_only_waiting_entries_match_the_longest_waiting_first() -> None:
    rows = [
        entry("b", joined_at=NOW),
        entry("a", joined_at=NOW),
        entry("c", joined_at=NOW - HOUR),
        offered("d"),
        entry("e", clinician="z"),
        entry("f", mode=sched.Mode.PHONE),
        entry("g", service="other"),
    ]

    found = matching(rows, clinician="dr", service="therapy", mode=VIDEO, starts_at=START)
    assert [row.id for row in found] == ["c", "a", "b"]


def test_b14_an_offer_is_a_hold_that_those_offered_share() -> None:
    world = facts(waitlist=(entry("w1"), entry("w2", client="bob"), entry("w3", client="cy"), entry("w4", client="di")))
    done = accepted(offer(world))

    assert [row.id for row in done.value] == ["w1", "w2", "w3"]
    assert {row.status for row in done.value} == {STATUS.OFFERED}
    groups = {row.occupancies[0].group for row in done.value}
    assert len(groups) == 1
    assert done.value[0].occupancies[0].expires_at == UNTIL
    assert done.value[0].index.span == SPAN
    assert event_names(done) == ["SlotOffered"] * 3
    held = facts(waitlist=done.value)
    assert code(book(held)) == "slot_unavailable"
    accepted(book(held, now=UNTIL))


def test_b14_only_the_planning_side_offers_and_only_a_free_time_ahead() -> None:
    world = facts(waitlist=(entry(),))
    away = sched.Clinician(practice="p", id="dr", zone="UTC", status=sched.ClinicianStatus.ON_HOLD)

    assert code(offer(world, actor=CLIENT)) == "forbidden"
    assert code(offer(replace(world, clinician=away))) == "clinician_not_active"
    assert code(offer(world, starts_at=NOW)) == "in_the_past"
    assert code(offer(world, expires_at=datetime(2026, 3, 4))) == "naive_datetime"
    assert code(offer(world, expires_at=NOW)) == "invalid_range"
    assert code(offer(world, expires_at=START + HOUR)) == "invalid_range"
    assert code(offer(world, service="x")) == "unknown_service"
    late = datetime(2199, 12, 31, 23, 30, tzinfo=START.tzinfo)
    assert code(offer(world, starts_at=late)) == "out_of_range"
    assert code(offer(facts())) == "no_change"
    assert code(offer(replace(world, agenda=(appointment(id="b", client="bob"),)))) == "no_change"


def test_b14_the_appointment_to_be_moved_is_no_obstacle_to_its_own_better_time() -> None:
    near = appointment(starts_at=START + HOUR / 2)
    world = facts(appointment=near, waitlist=(entry(appointment="a1"),))

    accepted(offer(world))


def test_b14_the_first_acceptance_wins_and_the_others_wait_on() -> None:
    world = facts(waitlist=(offered("w1"), offered("w2", client="bob"), entry("w3", client="cy")))
    done = accepted(accept(world))

    assert (done.value.id, done.value.starts_at, done.value.status) == ("n", START, sched.AppointmentStatus.UPCOMING)
    assert [(row.id, row.status) for row in done.changes[1:]] == [("w1", STATUS.BOOKED), ("w2", STATUS.WAITING)]
    assert all(row.occupancies == () for row in done.changes[1:])
    assert event_names(done) == ["AppointmentBooked", "WaitlistOfferClosed"]


def test_b14_accepting_moves_the_original() -> None:
    original = appointment(starts_at=START + 48 * HOUR)
    world = facts(appointment=original, waitlist=(offered(appointment="a1"),), requests=(request(original),))
    done = accepted(accept(world))

    assert (done.value.id, done.value.starts_at, done.value.sequence) == ("a1", START, 1)
    assert event_names(done) == ["AppointmentRescheduled", "RequestSuperseded"]
    assert done.events[0].old_start == original.starts_at
    gone = replace(world, appointment=replace(original, status=sched.AppointmentStatus.CANCELLED))
    assert code(accept(gone)) == "invalid_transition"
    assert code(accept(replace(world, appointment=None))) == "not_found"


def test_b14_an_offer_that_ended_was_taken_or_is_not_ones_own() -> None:
    world = facts(waitlist=(offered(),))

    assert code(accept(world, now=UNTIL)) == "hold_expired"
    assert code(accept(facts(waitlist=(entry(),)))) == "invalid_transition"
    assert code(accept(facts(waitlist=(offered(client="bob"),)))) == "not_found"
    assert code(accept(world, actor=STRANGER)) == "not_found"
    assert code(accept(replace(world, services=()))) == "unknown_service"
    over = appointment(id="b", client="bob", overlap_allowed=True)
    assert code(accept(replace(world, agenda=(over,)))) == "slot_unavailable"


def test_b14_declining_lapsing_and_leaving() -> None:
    world = facts(waitlist=(offered(),))
    declined = accepted(booking.decline_offer(world, entry="w1", actor=CLIENT, now=NOW))
    lapsed = accepted(booking.expire_offer(world, entry="w1", actor=SYSTEM, now=UNTIL))
    left = accepted(booking.leave_waitlist(world, entry="w1", actor=CLIENT, now=NOW))

    assert (declined.value.status, lapsed.value.status, left.value.status) == (
        STATUS.WAITING, STATUS.WAITING, STATUS.LEFT,
    )  # fmt: skip
    assert [event.why for event in (*declined.events, *lapsed.events)] == ["decline", "lapse"]
    assert event_names(left) == ["WaitlistLeft"]
    assert code(booking.expire_offer(world, entry="w1", actor=SYSTEM, now=NOW)) == "not_started_yet"
    assert code(booking.expire_offer(world, entry="w1", actor=CLIENT, now=UNTIL)) == "forbidden"
    assert code(booking.expire_offer(world, entry="w9", actor=SYSTEM, now=UNTIL)) == "not_found"
    for act in (booking.decline_offer, booking.leave_waitlist):
        assert code(act(world, entry="w1", actor=STRANGER, now=NOW)) == "not_found"


@pytest.mark.parametrize("act", WaitlistAct)
@pytest.mark.parametrize("state", STATUS)
def test_b14_every_cell_of_the_waitlist_table(state: sched.WaitlistStatus, act: WaitlistAct) -> None:
    cells = {
        ("waiting", "offer"), ("waiting", "leave"), ("waiting", "expire"), ("offered", "accept"),
        ("offered", "decline"),
        ("offered", "lapse"), ("offered", "lose"), ("offered", "leave"),
    }  # fmt: skip

    assert (act in WAITLIST[state]) == ((state, act) in cells)
