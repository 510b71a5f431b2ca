"""RULES S8, S28-S30: the clinician moves or edits an appointment."""

from dataclasses import replace
from datetime import timedelta

import pytest

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    CLIENT,
    CLINICIAN,
    HOUR,
    NOW,
    SERVICE,
    START,
    STRANGER,
    USD,
    accepted,
    appointment,
    code,
    event_names,
    facts,
    request,
)

LATER = START + 24 * HOUR
STATUS = sched.AppointmentStatus


def move(given: sched.Facts | None = None, **fields: object) -> object:
    return booking.reschedule(
        given or facts(appointment=appointment()), **{"starts_at": LATER, "actor": CLINICIAN, "now": NOW, **fields}
    )


def edit(given: sched.Facts | None = None, **fields: object) -> object:
    return booking.edit(given or facts(appointment=appointment()), **{"actor": CLINICIAN, "now": NOW, **fields})


def test_s28_a_move_keeps_identity_price_and_fees_and_raises_the_sequence() -> None:
    before = appointment(series="s", recurrence_id=START.replace(tzinfo=None))
    after = accepted(move(facts(appointment=before), scope=sched.Scope.THIS)).value

    assert after == replace(before, starts_at=LATER, sequence=1, revision=2)


@pytest.mark.parametrize("status", [status for status in STATUS if status is not STATUS.UPCOMING])
def test_s28_only_an_upcoming_one_moves(status: sched.AppointmentStatus) -> None:
    assert code(move(facts(appointment=appointment(status=status)))) == "invalid_transition"


def test_s28_the_new_start_lies_ahead_and_differs() -> None:
    assert code(move(starts_at=NOW)) == "in_the_past"
    assert code(move(starts_at=START)) == "no_change"


def test_s28_a_conflict_stops_it_unless_allowed_and_its_own_old_time_does_not() -> None:
    there = appointment(id="b1", client="bob", starts_at=LATER)
    given = facts(appointment=appointment(), agenda=(appointment(), there))

    assert code(move(given)) == "conflict"
    assert accepted(move(given, allow_overlap=True)).value.overlap_allowed
    assert not accepted(move(given, starts_at=START + timedelta(minutes=10))).value.overlap_allowed


def test_s28_only_the_clinicians_side_moves_it() -> None:
    assert code(move(actor=CLIENT)) == "forbidden"
    assert code(move(actor=STRANGER)) == "not_found"
    away = sched.Clinician(practice="p", id="dr", zone="UTC", status=sched.ClinicianStatus.INACTIVE)
    assert code(move(facts(appointment=appointment(), clinician=away))) == "clinician_not_active"


def test_s29_the_reason_is_optional_free_text_and_private() -> None:
    decision = accepted(move(text="room flooded"))

    assert decision.value.change_reason == "room flooded"
    assert decision.events[0].reason_given
    assert "flooded" not in repr(decision)
    assert not accepted(move(text=" ")).events[0].reason_given


def test_s30_the_notice_has_old_and_new_time() -> None:
    (event,) = accepted(move()).events

    assert type(event).__name__ == "AppointmentRescheduled"
    assert (event.old_start, event.starts_at, event.sequence) == (START, LATER, 1)


def test_s28_an_open_request_is_superseded() -> None:
    asked = request()
    decision = accepted(move(facts(appointment=appointment(), requests=(asked,)), starts_at=asked.proposed[0] + HOUR))

    assert event_names(decision) == ["AppointmentRescheduled", "RequestSuperseded"]
    assert decision.changes[1].status is sched.RequestStatus.SUPERSEDED


def test_s33_on_a_series_the_scope_has_to_be_said() -> None:
    given = facts(appointment=appointment(series="s", recurrence_id=START.replace(tzinfo=None)))

    assert code(move(given)) == "scope_required"
    assert move(given, scope=sched.Scope.THIS_AND_FUTURE).refusals[0].details["choices"] == ("this",)
    accepted(move(given, scope=sched.Scope.THIS))
    assert code(move(scope=sched.Scope.THIS_AND_FUTURE)) == "not_a_series"
    accepted(move(scope=sched.Scope.THIS))


def test_s8_a_mode_change_is_told_so_that_the_link_comes_or_goes() -> None:
    (event,) = accepted(edit(mode=sched.Mode.IN_PERSON)).events

    assert (event.old_mode, event.mode, event.fields) == (sched.Mode.TELEHEALTH, sched.Mode.IN_PERSON, ("mode",))
    assert event.visible
    assert event.sequence == 1


def test_s6_a_price_change_stays_between_the_practice_and_itself() -> None:
    decision = accepted(edit(price=sched.Money(1, USD)))

    assert decision.value.price == sched.Money(1, USD)
    assert not decision.events[0].visible
    assert decision.value.sequence == 0


def test_s28_an_edit_wants_something_to_change() -> None:
    assert code(edit()) == "no_change"
    assert code(edit(mode=sched.Mode.TELEHEALTH, service="therapy")) == "no_change"


def test_s5_an_edit_checks_its_input() -> None:
    assert code(edit(mode=sched.Mode.PHONE)) == "mode_not_supported"
    assert code(edit(duration=timedelta(0))) == "invalid_duration"
    assert code(edit(price=5)) == "invalid_amount"
    assert code(edit(service="unheard-of")) == "unknown_service"
    assert code(edit(actor=CLIENT)) == "forbidden"
    assert code(edit(now=START)) == "already_started"
    done = facts(appointment=appointment(status=STATUS.COMPLETED))
    assert code(edit(done, mode=sched.Mode.IN_PERSON)) == "invalid_transition"


def test_s3_another_service_brings_its_buffers_but_not_its_price() -> None:
    short = sched.Service(
        id="short", duration=timedelta(minutes=25), modes=(sched.Mode.PHONE,), buffer_after=timedelta(minutes=5)
    )
    after = accepted(edit(facts(appointment=appointment(), services=(SERVICE, short)), service="short")).value

    assert (after.service, after.mode, after.buffer_after) == ("short", sched.Mode.PHONE, timedelta(minutes=5))
    assert (after.price, after.duration) == (appointment().price, appointment().duration)


def test_s8_another_service_alone_is_told_to_the_client() -> None:
    like = replace(SERVICE, id="like-it", name="Like it")
    done = accepted(edit(facts(appointment=appointment(), services=(SERVICE, like)), service="like-it"))

    assert (done.events[0].fields, done.events[0].visible, done.value.sequence) == (("service",), True, 1)


def test_s3_a_retired_service_does_not_stop_an_edit_of_something_else() -> None:
    retired = facts(appointment=appointment(), services=(replace(SERVICE, active=False),))
    gone = facts(appointment=appointment(), services=())

    accepted(edit(retired, mode=sched.Mode.IN_PERSON))
    accepted(edit(gone, price=sched.Money(1, USD)))
    assert code(edit(gone, mode=sched.Mode.IN_PERSON)) == "unknown_service"


def test_a10_a_longer_appointment_needs_its_time_free() -> None:
    after = appointment(id="b1", client="bob", starts_at=START + HOUR)
    given = facts(appointment=appointment(), agenda=(appointment(), after))

    assert code(edit(given, duration=2 * HOUR)) == "conflict"
    assert accepted(edit(given, duration=2 * HOUR, allow_overlap=True)).value.overlap_allowed
    accepted(edit(given, duration=HOUR))


def test_o6_a_meeting_that_becomes_one_in_person_gets_a_place_and_one_by_video_has_none() -> None:
    places = (sched.Location(id="north"), sched.Location(id="main", default=True))
    practice = sched.Practice(id="p", locations=places)
    by_video = facts(practice=practice, appointment=appointment())
    here = appointment(mode=sched.Mode.IN_PERSON, location="north")

    changed = accepted(edit(by_video, mode=sched.Mode.IN_PERSON))
    assert changed.value.location == "main"
    assert changed.events[0].fields == ("mode", "location")
    gone = accepted(edit(facts(practice=practice, appointment=here), mode="telehealth")).value
    assert (gone.mode, gone.location) == (sched.Mode.TELEHEALTH, None)
    stays = accepted(edit(facts(practice=practice, appointment=here), price=sched.Money(1, USD))).value
    assert stays.location == "north"
    planned = facts(practice=practice, appointment=appointment(location="north"))
    assert accepted(edit(planned, mode=sched.Mode.IN_PERSON)).value.location == "north"
