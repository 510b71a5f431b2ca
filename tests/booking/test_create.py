"""RULES 1.1: a clinician creates an appointment."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    SUPERVISOR,
    SYSTEM,
    USD,
    accepted,
    appointment,
    code,
    codes,
    create,
    event_names,
    facts,
)


def test_s1_a_clinician_creates_an_appointment_from_a_given_start() -> None:
    made = accepted(create())

    assert made.value.status is sched.AppointmentStatus.UPCOMING
    assert made.value.starts_at == START
    assert made.value.revision == 1
    assert made.changes == (made.value,)
    assert event_names(made) == ["AppointmentCreated"]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLIENT, "forbidden"), (STRANGER, "not_found"), (COLLEAGUE, "forbidden"), (SUPERVISOR, "forbidden"),
     (SYSTEM, "forbidden"), (sched.Actor.clinician("dr", practice="elsewhere"), "not_found")],
)  # fmt: skip
def test_s1_nobody_else_creates_in_a_clinicians_calendar(actor: sched.Actor, expected: str) -> None:
    assert code(create(actor=actor)) == expected


def test_b19_the_front_desk_creates_for_every_clinician() -> None:
    assert accepted(create(actor=SCHEDULER)).value.clinician == "dr"


def test_s2_a24_the_client_is_on_the_caseload() -> None:
    assert code(create(facts(client=replace(ANN, clinicians=("other-dr",))))) == "client_not_in_caseload"
    assert code(create(facts(client=None))) == "not_found"


def test_s2_an_archived_client_is_not_scheduled() -> None:
    assert code(create(facts(client=replace(ANN, status=sched.ClientStatus.ARCHIVED)))) == "client_archived"


def test_o2_a_client_still_signing_up_can_be_scheduled() -> None:
    accepted(create(facts(client=replace(ANN, status=sched.ClientStatus.PENDING))))


def test_s3_the_service_is_known_active_and_offered_by_the_clinician() -> None:
    assert code(create(service="unheard-of")) == "unknown_service"
    assert code(create(facts(services=(replace(SERVICE, active=False),)))) == "service_inactive"
    assert code(create(facts(services=(replace(SERVICE, clinicians=("other-dr",)),)))) == "unknown_service"
    accepted(create(facts(services=(replace(SERVICE, clinicians=("dr",)),))))


def test_s4_duration_mode_and_price_come_from_the_service() -> None:
    made = accepted(create()).value

    assert made.duration == timedelta(minutes=50)
    assert made.price == sched.Money(12000, USD)
    assert accepted(create(mode=sched.Mode.IN_PERSON)).value.price == sched.Money(15000, USD)


def test_b9_the_buffers_are_those_of_the_service() -> None:
    before, after = timedelta(minutes=5), timedelta(minutes=15)
    made = accepted(create(facts(services=(replace(SERVICE, buffer_before=before, buffer_after=after),)))).value

    assert (made.buffer_before, made.buffer_after) == (before, after)


def test_b9_buffers_are_for_clients_and_bind_no_clinician() -> None:
    before = appointment(client="bob", starts_at=START - timedelta(minutes=50), buffer_after=HOUR)
    made = accepted(create(facts(agenda=(before,))))

    assert not made.value.overlap_allowed
    assert made.warnings == ()


def test_s4_given_values_win() -> None:
    made = accepted(create(duration=HOUR, price=sched.Money(0, USD))).value

    assert (made.duration, made.price) == (HOUR, sched.Money(0, USD))


def test_s5_the_mode_is_one_the_service_supports() -> None:
    assert code(create(mode=sched.Mode.PHONE)) == "mode_not_supported"
    assert code(create(mode="carrier-pigeon")) == "mode_not_supported"


def test_s5_without_a_choice_the_only_or_the_default_mode_is_taken() -> None:
    only = replace(SERVICE.with_modes(sched.Mode.PHONE))
    default = replace(SERVICE, default_mode=sched.Mode.IN_PERSON)

    assert code(create(mode=None)) == "mode_required"
    assert accepted(create(facts(services=(only,)), mode=None)).value.mode is sched.Mode.PHONE
    assert accepted(create(facts(services=(default,)), mode=None)).value.mode is sched.Mode.IN_PERSON


def test_s6_the_start_lies_strictly_ahead() -> None:
    refused = create(starts_at=NOW)

    assert code(refused) == "in_the_past"
    assert "Log Previous Session" in refused.refusals[0].message
    accepted(create(starts_at=NOW + timedelta(seconds=1)))


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(minutes=-1), timedelta(hours=24, seconds=1), 50])
def test_s6_the_duration_is_above_zero_and_at_most_a_day(duration: object) -> None:
    assert code(create(duration=duration)) == "invalid_duration"


def test_s6_a_price_is_money() -> None:
    assert code(create(price=12000)) == "invalid_amount"


def test_s6_every_wrong_input_is_told_at_once() -> None:
    assert codes(create(mode=sched.Mode.PHONE, starts_at=NOW, price=1)) == [
        "mode_not_supported",
        "in_the_past",
        "invalid_amount",
    ]


def test_s6_a_wall_time_the_clocks_skip_is_refused() -> None:
    zone = ZoneInfo("America/New_York")

    assert code(create(starts_at=datetime(2026, 3, 8, 2, 30, tzinfo=zone))) == "nonexistent_local_time"
    assert code(create(starts_at=datetime(2026, 3, 8, 2, 30))) == "naive_datetime"
    assert code(create(starts_at=datetime(2199, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC")))) == "out_of_range"


def test_s6_a_wall_time_that_happens_twice_is_the_first_unless_fold_says_so() -> None:
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))

    first = accepted(create(starts_at=twice)).value.starts_at
    second = accepted(create(starts_at=twice.replace(fold=1))).value.starts_at

    assert second - first == HOUR


def test_s7_without_an_address_the_appointment_stands_with_a_warning() -> None:
    made = accepted(create(facts(client=replace(ANN, email=None))))

    assert [warning.code for warning in made.warnings] == [sched.Code.NO_CONTACT]


def test_o3_a_childs_contact_is_the_guardian() -> None:
    child = replace(ANN, email="ann@example.org", guardian="mum", guardian_email=None)

    assert [row.code for row in accepted(create(facts(client=child))).warnings] == [sched.Code.NO_CONTACT]
    assert accepted(create(facts(client=replace(child, guardian_email="mum@example.org")))).warnings == ()


def test_s7_the_event_carries_what_the_invite_needs_and_no_text() -> None:
    (event,) = accepted(create()).events

    assert (event.sequence, event.starts_at, event.mode) == (0, START, sched.Mode.TELEHEALTH)
    assert (event.actor, event.role) == ("dr", sched.ActorKind.CLINICIAN)


def test_o7_only_an_active_clinician_is_scheduled() -> None:
    resting = sched.Clinician(practice="p", id="dr", zone="America/New_York", status=sched.ClinicianStatus.ON_HOLD)

    assert code(create(facts(clinician=resting))) == "clinician_not_active"


def test_o6_the_location_is_one_where_the_clinician_offers_the_service() -> None:
    places = (
        sched.Location(id="annex", clinicians=("other-dr",)),
        sched.Location(id="north"),
        sched.Location(id="main", default=True),
    )
    given = facts(practice=sched.Practice(id="p", locations=places))

    assert accepted(create(given, location="north")).value.location == "north"
    assert accepted(create(given, mode=sched.Mode.IN_PERSON)).value.location == "main"
    assert accepted(create(given)).value.location is None
    assert code(create(given, location="annex")) == "not_found"
    only = replace(given, services=(replace(SERVICE, locations=("north",)),))
    assert accepted(create(only, location="north")).value.location == "north"
    assert accepted(create(only, mode=sched.Mode.IN_PERSON)).value.location == "north"
    assert code(create(only, location="main")) == "not_found"


def test_a10_an_own_appointment_in_the_way_is_a_conflict_unless_allowed() -> None:
    given = facts(agenda=(appointment(client="bob"),))

    assert code(create(given)) == "conflict"
    made = accepted(create(given, allow_overlap=True))
    assert made.value.overlap_allowed
    assert [row.code for row in made.warnings] == [sched.Code.OVERLAP]
    assert all(not row.exclusive for row in made.value.occupancies)


def test_a10_touching_is_not_overlapping() -> None:
    given = facts(agenda=(appointment(client="bob"),))

    assert not accepted(create(given, starts_at=START + timedelta(minutes=50))).value.overlap_allowed
    elsewhere = appointment(clinician="other-dr")
    for shift in (-50, 50):
        own = facts(client_agenda=(replace(elsewhere, starts_at=START + timedelta(minutes=shift)),))
        assert not accepted(create(own)).value.overlap_allowed


def test_a9_a_held_time_is_a_conflict_for_the_clinician_too() -> None:
    request = sched.ChangeRequest(
        practice="p", id="r", asks=sched.RequestKind.RESCHEDULE, appointment="elsewhere", clinician="dr", client="bob",
        requested_at=NOW, old_start=START + 9 * HOUR, duration=HOUR, proposed=(START,),
    )  # fmt: skip

    assert code(create(facts(requests=(request,)))) == "conflict"
    assert (
        code(create(facts(agenda=(appointment(client="bob", status=sched.AppointmentStatus.PENDING),)))) == "conflict"
    )


def test_a10_a_client_is_not_booked_twice_at_one_time() -> None:
    given = facts(client_agenda=(appointment(clinician="other-dr"),))

    assert code(create(given)) == "client_double_booked"
    assert accepted(create(given, allow_overlap=True)).value.overlap_allowed


def test_s78_a10_a_block_a_busy_calendar_and_other_hours_only_warn_the_clinician() -> None:
    span = sched.Span(START, START + HOUR)
    saturday = create(starts_at=START + 48 * HOUR)
    blocked = facts(blocks=(span,))
    busy = facts(external=(span,), schedule=sched.Schedule(practice="p", id="dr", calendar_connected=True))

    assert sched.Code.BLOCKED in {row.code for row in accepted(create(blocked)).warnings}
    assert sched.Code.BUSY in {row.code for row in accepted(create(busy)).warnings}
    assert [row.code for row in accepted(saturday).warnings] == [sched.Code.OUTSIDE_AVAILABILITY]


def test_a12_a_calendar_that_is_not_connected_or_switched_off_blocks_nothing() -> None:
    span = sched.Span(START, START + HOUR)
    off = sched.Schedule(
        practice="p", id="dr", calendar_connected=True, booking=sched.BookingPolicy(block_external_busy=False)
    )

    assert facts(external=(span,)).external_busy == ()
    assert facts(external=(span,), schedule=off).external_busy == ()


def test_b3_the_terms_in_force_are_snapshotted() -> None:
    terms = accepted(create()).value.terms

    assert terms is not None
    assert (terms.version, terms.late_threshold) == ("1", sched.Period.parse("PT24H"))
    assert (terms.late_cancel_fee, terms.no_show_fee) == (sched.Money(5000, USD), sched.Money(8000, USD))
    assert terms.accepted_at is None


def test_a_decision_is_made_for_the_actor_who_asks() -> None:
    assert accepted(create(actor=CLINICIAN)).events[0].actor == "dr"
