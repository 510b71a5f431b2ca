"""RULES 1.3: a client books a slot."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.booking.commands import read_command
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    GUARDIAN,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    SUPERVISOR,
    SYSTEM,
    USD,
    ZONE,
    accepted,
    appointment,
    book,
    cancellation,
    code,
    codes,
    event_names,
    facts,
    policy,
    request,
    schedule,
)

DAY = sched.Span(START - 6 * HOUR, START + 2 * HOUR)


def ruled(**rules: object) -> sched.Facts:
    return facts(schedule=schedule(booking=policy(**rules)))


def listed(given: sched.Facts, actor: sched.Actor = CLIENT, **asked: object) -> list[datetime]:
    fields = {"service": "therapy", "mode": sched.Mode.TELEHEALTH, "within": DAY, "actor": actor, "now": NOW, **asked}
    return [slot.starts_at for slot in accepted(booking.client_slots(given, **fields)).value]


def test_s15_without_hours_there_are_no_slots_and_no_booking() -> None:
    closed = facts(schedule=schedule(hours=None))

    assert listed(closed) == []
    assert code(book(closed)) == "no_availability"


def test_o7_a_clinician_on_hold_offers_nothing() -> None:
    away = sched.Clinician(practice="p", id="dr", zone="America/New_York", status=sched.ClinicianStatus.ON_HOLD)

    assert listed(facts(clinician=away)) == []
    assert code(book(facts(clinician=away))) == "no_availability"


def test_s16_only_services_that_clients_may_book() -> None:
    assert code(book(facts(services=(replace(SERVICE, bookable_by_clients=False),)))) == "service_not_bookable"
    assert code(book(service="unheard-of")) == "unknown_service"
    assert code(book(facts(services=(replace(SERVICE, active=False),)))) == "service_inactive"
    assert code(booking.client_slots(facts(), service="x", within=DAY, actor=CLIENT, now=NOW)) == "unknown_service"


def test_s17_a_single_mode_is_chosen_by_itself_several_are_asked_for() -> None:
    one = facts(services=(SERVICE.with_modes(sched.Mode.PHONE),))
    several = facts(services=(replace(SERVICE, default_mode=sched.Mode.IN_PERSON),))

    assert accepted(book(one, mode=None)).value.mode is sched.Mode.PHONE
    assert code(book(several, mode=None)) == "mode_required"
    assert code(booking.client_slots(several, service="therapy", within=DAY, actor=CLIENT, now=NOW)) == "mode_required"


def test_s18_the_start_is_a_listed_slot_at_the_moment_of_booking() -> None:
    assert code(book(starts_at=START + timedelta(minutes=7))) == "slot_unavailable"
    assert code(book(starts_at=START + 2 * HOUR)) == "slot_unavailable"
    assert code(book(facts(agenda=(appointment(client="bob"),)))) == "slot_unavailable"
    assert code(book(starts_at=NOW - 24 * HOUR)) == "slot_unavailable"
    assert code(book(starts_at=datetime(2026, 3, 5, 15))) == "naive_datetime"


def test_s18_duration_and_price_come_from_the_service() -> None:
    made = accepted(book()).value

    assert (made.duration, made.price) == (SERVICE.duration, sched.Money(12000, USD))


@pytest.mark.parametrize("forged", ["price", "duration", "status", "late", "fee", "charge", "client", "billed"])
def test_s18_a_clients_command_has_no_such_field(forged: str) -> None:
    body = {"service": "therapy", "starts_at": START, forged: 0}

    refused = read_command(sched.BookSlot, body)

    assert code(refused) == "forbidden_field"
    assert refused.refusals[0].field == forged
    for command in (sched.BookSlot, sched.CancelOwn, sched.RequestMove):
        assert forged not in {field.name for field in fields(command)}


def test_s18_a_well_formed_body_is_read_and_a_missing_field_named() -> None:
    assert read_command(sched.BookSlot, {"service": "therapy", "starts_at": START}) == sched.BookSlot(
        service="therapy", starts_at=START
    )
    refused = read_command(sched.BookSlot, {"service": "therapy"})
    assert (code(refused), refused.refusals[0].field) == ("invalid_value", "starts_at")


def test_s19_direct_booking_confirms_at_once() -> None:
    made = accepted(book())

    assert made.value.status is sched.AppointmentStatus.UPCOMING
    assert event_names(made) == ["AppointmentBooked"]
    assert made.value.source is sched.Source.CLIENT


def test_s20_with_approval_the_booking_waits_and_holds_its_slot() -> None:
    made = accepted(book(ruled(require_approval=True)))

    assert made.value.status is sched.AppointmentStatus.PENDING
    assert event_names(made) == ["BookingRequested"]
    assert [row.resource for row in made.value.occupancies] == ["clinician:dr", "client:ann"]


def test_s21_the_widget_has_the_same_rules() -> None:
    made = accepted(book(source=sched.Source.WIDGET))

    assert made.value.source is sched.Source.WIDGET
    assert replace(made.value, source=sched.Source.CLIENT) == accepted(book()).value
    assert code(book(ruled(allow_direct=False), source=sched.Source.WIDGET)) == "self_booking_disabled"


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLINICIAN, "forbidden"), (SCHEDULER, "forbidden"), (SYSTEM, "forbidden"), (SUPERVISOR, "forbidden"),
     (STRANGER, "not_found"), (GUARDIAN, "not_found")],
)  # fmt: skip
def test_s16_only_the_client_books_for_the_client(actor: sched.Actor, expected: str) -> None:
    assert code(book(actor=actor)) == expected


def test_o3_a_guardian_books_for_the_child() -> None:
    child = replace(ANN, guardian="mum", guardian_email="mum@example.org")

    assert accepted(book(facts(client=child), actor=GUARDIAN)).events[0].role is sched.ActorKind.GUARDIAN


def test_o2_a_client_still_signing_up_cannot_book() -> None:
    assert code(book(facts(client=replace(ANN, status=sched.ClientStatus.PENDING)))) == "client_pending"


def test_o4_archived_and_unconnected_clients_cannot_book() -> None:
    assert code(book(facts(client=replace(ANN, status=sched.ClientStatus.ARCHIVED)))) == "client_archived"
    assert code(book(facts(client=replace(ANN, clinicians=())))) == "client_not_in_caseload"
    assert code(book(facts(client=None))) == "not_found"
    assert code(booking.client_slots(facts(client=None), service="therapy", within=DAY, actor=CLINICIAN, now=NOW)) == (
        "not_found"
    )


def test_s86_direct_booking_needs_no_approval() -> None:
    assert accepted(book(ruled(allow_direct=True))).value.status is sched.AppointmentStatus.UPCOMING


def test_s87_approval_required_both_or_neither() -> None:
    pending = sched.AppointmentStatus.PENDING

    assert accepted(book(ruled(allow_direct=False, require_approval=True))).value.status is pending
    assert accepted(book(ruled(allow_direct=True, require_approval=True))).value.status is pending
    assert code(book(ruled(allow_direct=False))) == "self_booking_disabled"


def test_a11_approval_wins_and_neither_switches_off() -> None:
    assert ruled(require_approval=True).schedule.booking.mode is sched.BookingMode.APPROVAL
    refused = booking.client_slots(ruled(allow_direct=False), service="therapy", within=DAY, actor=CLIENT, now=NOW)
    assert code(refused) == "self_booking_disabled"


def test_b18_a_service_can_ask_for_approval_by_itself() -> None:
    limits = (sched.ServiceLimits(service="therapy", require_approval=True),)

    assert accepted(book(ruled(services=limits))).value.status is sched.AppointmentStatus.PENDING


def test_s85_external_busy_blocks_when_connected_and_switched_on() -> None:
    busy = (sched.Span(START, START + HOUR),)

    def booked(**fields: object) -> object:
        return book(facts(external=busy, schedule=schedule(**fields)))

    assert code(booked(calendar_connected=True)) == "slot_unavailable"
    accepted(booked(calendar_connected=False))
    accepted(booked(calendar_connected=True, booking=policy(block_external_busy=False)))


def test_a12_connected_defaults_to_blocking() -> None:
    assert sched.BookingPolicy().block_external_busy


def test_s110_a_connected_calendar_makes_its_times_unavailable() -> None:
    given = facts(external=(sched.Span(START, START + HOUR),), schedule=schedule(calendar_connected=True))

    assert START not in listed(given)
    assert START in listed(facts())


def test_s88_the_switch_alone_decides_whether_external_times_block() -> None:
    busy = (sched.Span(START, START + HOUR),)
    for on in (True, False):
        rules = schedule(calendar_connected=True, booking=policy(block_external_busy=on))
        assert (START in listed(facts(external=busy, schedule=rules))) == (not on)


def test_s74_s78_a_block_stops_clients() -> None:
    given = facts(blocks=(sched.Span(START, START + HOUR),))

    assert code(book(given)) == "slot_unavailable"
    assert START not in listed(given)


def test_s89_too_soon_binds_clients_only() -> None:
    near = ruled(minimum_notice=sched.Period.parse("P1W"))

    assert code(book(near)) == "too_soon"
    planned = booking.create(
        near, id="x", service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=START, actor=CLINICIAN, now=NOW
    )
    accepted(planned)


def test_s89_none_or_zero_is_no_notice() -> None:
    accepted(book(ruled(minimum_notice=sched.Period())))


def test_s90_too_far_ahead() -> None:
    assert code(book(ruled(maximum_advance=sched.Period.parse("P2D")))) == "too_far_ahead"
    accepted(book(ruled(maximum_advance=None)))


def test_s90_an_advance_shorter_than_the_notice_is_a_configuration_error() -> None:
    with pytest.raises(sched.InvalidPolicy) as caught:
        policy(minimum_notice=sched.Period.parse("P1W"), maximum_advance=sched.Period.parse("PT24H"))
    assert caught.value.code is sched.Code.IMPOSSIBLE_WINDOW


def test_a2_notice_and_horizon_are_inclusive() -> None:
    exact = sched.Period(exact=START - NOW)

    accepted(book(ruled(minimum_notice=exact)))
    accepted(book(ruled(maximum_advance=exact)))
    assert code(book(ruled(minimum_notice=exact), now=NOW + timedelta(seconds=1))) == "too_soon"
    assert code(book(ruled(maximum_advance=exact), now=NOW - timedelta(seconds=1))) == "too_far_ahead"


def test_a3_a_week_of_notice_is_calendar_time() -> None:
    now = datetime(2026, 3, 5, 9, tzinfo=ZONE)
    week = ruled(minimum_notice=sched.Period.parse("P1W"))
    hours = ruled(minimum_notice=sched.Period.parse("PT168H"))
    nine = datetime(2026, 3, 12, 9, tzinfo=ZONE)

    accepted(book(week, starts_at=nine, now=now))
    assert code(book(hours, starts_at=nine, now=now)) == "too_soon"
    accepted(book(hours, starts_at=nine + HOUR, now=now))


def test_a9_a_pending_booking_and_a_proposed_time_hold_their_slots() -> None:
    pending = appointment(client="bob", status=sched.AppointmentStatus.PENDING)
    asked = request(appointment(id="b1", client="bob", starts_at=START - 24 * HOUR), proposed=(START,),
                    old_start=START + 24 * HOUR)  # fmt: skip

    assert code(book(facts(agenda=(pending,)))) == "slot_unavailable"
    assert code(book(facts(requests=(asked,)))) == "slot_unavailable"
    accepted(book(facts(requests=(replace(asked, status=sched.RequestStatus.DECLINED),))))
    accepted(book(facts(requests=(replace(asked, old_start=NOW),))))  # lapsed, not yet swept


def test_a10_a_client_is_told_of_the_own_double_booking_and_of_nothing_else() -> None:
    own = facts(client_agenda=(appointment(clinician="other-dr"),))
    others = facts(agenda=(appointment(client="bob"),))

    assert codes(book(own)) == ["slot_unavailable", "client_double_booked"]
    assert codes(book(others)) == ["slot_unavailable"]
    assert START not in listed(own)


def test_b10_the_upcoming_cap_of_each_client() -> None:
    ahead = appointment(starts_at=START + 48 * HOUR)
    capped = facts(schedule=schedule(booking=policy(client_upcoming=1)), client_agenda=(ahead,), agenda=(ahead,))

    assert code(book(capped)) == "client_cap"
    assert code(booking.client_slots(capped, service="therapy", within=DAY, actor=CLIENT, now=NOW)) == "client_cap"
    over = replace(capped, agenda=(), client_agenda=(appointment(starts_at=NOW - HOUR),))
    accepted(book(over))
    accepted(book(replace(over, client_agenda=(appointment(starts_at=NOW),))))


def test_b10_daily_caps_count_holds_and_appointments() -> None:
    there = appointment(client="bob", starts_at=START - 4 * HOUR)
    given = facts(schedule=schedule(booking=policy(daily_count=1)), agenda=(there,))

    assert code(book(given)) == "slot_unavailable"
    accepted(book(given, starts_at=START + 24 * HOUR))


def test_b3_terms_are_acknowledged_when_the_policy_asks() -> None:
    asks = facts(schedule=schedule(cancellation=cancellation(require_acknowledgement=True, version="2026-01")))

    assert code(book(asks)) == "terms_not_accepted"
    assert code(book(asks, terms_accepted="2025-01")) == "terms_not_accepted"
    terms = accepted(book(asks, terms_accepted="2026-01")).value.terms
    assert (terms.version, terms.accepted_at) == ("2026-01", NOW)
    assert accepted(book()).value.terms.accepted_at is None


def test_s16_a_service_may_need_a_payment_method() -> None:
    paid = facts(services=(replace(SERVICE, requires_payment_method=True),))

    assert code(book(paid)) == "payment_method_required"
    accepted(book(replace(paid, client=replace(ANN, has_payment_method=True))))


def test_b19_a_location_has_its_own_hours() -> None:
    hours = WeeklyHours.parse({"mon-fri": "09:00-12:00"}, zone="America/New_York", locations=["north"]).plus(
        WeeklyHours.parse({"mon-fri": "13:00-17:00"}, zone="America/New_York", locations=["south"])
    )
    practice = sched.Practice(id="p", locations=(sched.Location(id="north"), sched.Location(id="south")))
    given = facts(practice=practice, schedule=schedule(hours=hours))

    assert accepted(book(given, mode=sched.Mode.IN_PERSON, location="south")).value.location == "south"
    assert code(book(given, mode=sched.Mode.IN_PERSON, location="north")) == "slot_unavailable"
    assert code(book(given, mode=sched.Mode.IN_PERSON, location="attic")) == "not_found"
    assert code(
        booking.client_slots(given, service="therapy", mode=sched.Mode.IN_PERSON, location="attic", within=DAY,
                             actor=CLIENT, now=NOW)
    ) == "not_found"  # fmt: skip


def test_s109_staff_see_the_clients_slots_even_when_self_booking_is_off() -> None:
    assert listed(ruled(allow_direct=False), actor=CLINICIAN) == listed(facts())
    assert code(booking.client_slots(facts(), service="therapy", within=DAY, actor=SUPERVISOR, now=NOW)) == "forbidden"


def test_s109_why_a_time_is_missing_is_never_told() -> None:
    soon = ruled(minimum_notice=sched.Period.parse("P1W"))
    taken = replace(soon, agenda=(appointment(client="bob"),))

    assert book(soon) == book(taken)


@given(
    starts=st.lists(st.integers(0, 95), max_size=6),
    kinds=st.lists(st.sampled_from(["agenda", "blocks", "external", "own", "hold"]), min_size=6, max_size=6),
    notice=st.sampled_from([None, "PT24H", "P3D"]),
    advance=st.sampled_from([None, "P4D", "P3M"]),
)
def test_s18_invariant_4_every_listed_slot_can_be_booked_at_the_same_moment(
    starts: list[int], kinds: list[str], notice: str | None, advance: str | None
) -> None:
    day = datetime(2026, 3, 5, 0, 0, tzinfo=ZONE)
    busy = [(day + timedelta(minutes=15 * at), kind) for at, kind in zip(starts, kinds, strict=False)]

    def spans(kind: str) -> tuple[sched.Span, ...]:
        return tuple(sched.Span(at, at + HOUR) for at, name in busy if name == kind)

    rules = policy(
        minimum_notice=sched.Period.parse(notice) if notice else None,
        maximum_advance=sched.Period.parse(advance) if advance else None,
    )
    world = facts(
        services=(replace(SERVICE, buffer_after=timedelta(minutes=10)),),
        schedule=schedule(booking=rules, calendar_connected=True),
        agenda=tuple(
            appointment(id=f"x{n}", client="bob", starts_at=span.start) for n, span in enumerate(spans("agenda"))
        ),
        client_agenda=tuple(
            appointment(id=f"y{n}", clinician="z", starts_at=span.start) for n, span in enumerate(spans("own"))
        ),
        requests=tuple(
            request(appointment(id=f"h{n}", client="bob"), id=f"q{n}", proposed=(span.start,),
                    old_start=START + 24 * HOUR)
            for n, span in enumerate(spans("hold"))
        ),
        blocks=spans("blocks"),
        external=spans("external"),
    )  # fmt: skip
    offered = set(listed(world, within=sched.Span(day, day + timedelta(days=1))))

    for number in range(96):
        at = day + timedelta(minutes=15 * number)
        decision = book(world, starts_at=at)
        assert isinstance(decision, sched.Accepted) == (at in offered), at


@given(shift=st.integers(0, 8), kind=st.sampled_from(["agenda", "blocks", "external"]))
def test_s109_invariant_6_equal_free_time_gives_equal_client_views(shift: int, kind: str) -> None:
    at = START - timedelta(hours=shift)
    span = sched.Span(at, at + timedelta(minutes=50))
    one = facts(blocks=(span,))
    ways = {
        "agenda": facts(agenda=(appointment(client="bob", starts_at=at),)),
        "blocks": facts(blocks=(span, span)),
        "external": facts(external=(span,), schedule=schedule(calendar_connected=True)),
    }

    view = listed(one), [repr(book(one, starts_at=START - timedelta(hours=n))) for n in range(7)]
    same = listed(ways[kind]), [repr(book(ways[kind], starts_at=START - timedelta(hours=n))) for n in range(7)]

    assert repr(view).encode() == repr(same).encode()


def test_the_wall_times_the_clocks_skip_are_refused_for_clients_too() -> None:
    skipped = datetime(2026, 3, 8, 2, 30, tzinfo=ZoneInfo("America/New_York"))

    assert code(book(starts_at=skipped)) == "nonexistent_local_time"


@pytest.mark.parametrize("source", [sched.Source.CLINICIAN, "clinician", "telephone", ["widget"]])
def test_s21_a_client_books_by_a_clients_door(source: object) -> None:
    assert code(book(source=source)) == "invalid_value"


def test_s21_the_door_may_be_given_as_text() -> None:
    assert accepted(book(source="widget")).value.source is sched.Source.WIDGET
