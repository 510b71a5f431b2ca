"""RULES 1.6, 1.7, 1.9, table 3.5: a session starts, is held and ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

import oasys_sched as sched
from oasys_sched import sessions
from tests.sessions.clinic import (
    ADMIN,
    ANN,
    BOB,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    DR,
    ELSEWHERE,
    MINUTE,
    MUM,
    NOW,
    SUP,
    SYSTEM,
    accepted,
    active,
    admitted,
    after,
    appointment,
    booked,
    code,
    ended,
    event_names,
    facts,
    request,
    transcribed,
    written,
)


def start(given, **asked):
    return sessions.start(given, **{"id": "s1", "actor": DR, "now": NOW, **asked})


def test_s37_starting_a_session_moves_its_appointment_along_in_the_same_commit() -> None:
    made = accepted(start(booked()))

    assert made.value.status is sched.SessionStatus.ACTIVE
    assert made.value.appointment == "a1"
    assert [(row.kind, row.revision) for row in made.changes] == [("session", 1), ("appointment", 4)]
    assert made.changes[1].status is sched.AppointmentStatus.IN_PROGRESS
    assert event_names(made) == ["SessionStarted", "AppointmentStarted"]


def test_s37_an_open_request_on_the_appointment_is_superseded() -> None:
    made = accepted(start(booked(request=request())))

    assert [row.kind for row in made.changes] == ["session", "appointment", "request"]
    assert made.changes[2].status is sched.RequestStatus.SUPERSEDED


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(ANN, "forbidden"), (BOB, "not_found"), (COLLEAGUE, "forbidden"), (SUP, "forbidden"), (SYSTEM, "forbidden"),
     (ADMIN, "forbidden"), (ELSEWHERE, "not_found")],
)  # fmt: skip
def test_s37_only_the_appointments_clinician_starts(actor, expected) -> None:
    assert code(start(booked(), actor=actor)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("pending", "not_confirmed"), ("cancelled", "invalid_transition"), ("completed", "invalid_transition"),
     ("no_show", "invalid_transition"), ("in_progress", "invalid_transition")],
)  # fmt: skip
def test_s37_only_an_upcoming_appointment_starts(status, expected) -> None:
    given = facts(appointment=appointment(status=sched.AppointmentStatus(status)))

    assert code(start(given)) == expected


def test_s37_a_clinician_has_one_active_session() -> None:
    other = replace(active().session, id="other")

    assert code(start(booked(active=other))) == "session_already_active"
    assert other.occupancies[0].resource == "active:dr"
    assert ended().session.occupancies[0].resource == "session:a1"


def test_s37_without_an_appointment_or_a_service_there_is_nothing_to_start() -> None:
    assert code(start(facts())) == "not_found"


def test_o7_an_inactive_clinician_starts_nothing() -> None:
    resting = replace(CLINICIAN, status=sched.ClinicianStatus.ON_HOLD)

    assert code(start(booked(clinician=resting))) == "clinician_not_active"


def test_s38_camera_and_microphone_of_the_clinician_are_on_at_the_start() -> None:
    host = active().session.participant("dr")

    assert host.devices == (sched.Device.CAMERA, sched.Device.MICROPHONE)
    assert host.presence is sched.Presence.IN_CALL
    assert active(sched.Mode.PHONE).session.participants == ()


def test_a47_a_session_may_start_as_early_as_one_likes_unless_the_practice_says_otherwise() -> None:
    early = NOW - timedelta(hours=5)

    assert accepted(start(booked(), now=early)).value.started_at == early
    strict = booked(policy=sched.SessionPolicy(early_start=timedelta(minutes=15)))
    assert code(start(strict, now=NOW - 16 * MINUTE)) == "too_soon"
    accepted(start(strict, now=NOW - 15 * MINUTE))


def test_s46_the_mode_may_change_at_the_start_and_the_booked_one_stays_on_the_appointment() -> None:
    made = accepted(start(booked(), mode=sched.Mode.PHONE))

    assert made.value.mode is sched.Mode.PHONE
    assert made.changes[1].mode is sched.Mode.TELEHEALTH
    assert made.events[0].booked_mode is sched.Mode.TELEHEALTH


def test_s46_the_mode_is_one_the_service_supports() -> None:
    narrow = sched.Service(id="therapy", duration=timedelta(minutes=50), modes=(sched.Mode.TELEHEALTH,))

    refused = start(booked(services=(narrow,)), mode=sched.Mode.PHONE)

    assert code(refused) == "mode_not_supported"
    assert refused.refusals[0].details["modes"] == ("telehealth",)
    assert code(start(booked(services=()), mode=sched.Mode.PHONE)) == "mode_not_supported"
    accepted(start(booked(services=()), mode=sched.Mode.TELEHEALTH))
    assert code(start(booked(), mode="by pigeon")) == "mode_not_supported"
    assert accepted(start(booked(), mode="phone")).value.mode is sched.Mode.PHONE


def test_a14_the_price_snapshot_does_not_follow_the_mode() -> None:
    made = accepted(start(booked(), mode=sched.Mode.PHONE))

    assert made.value.price == sched.Money(12000, "USD")


def test_s47_in_person_and_by_phone_a_timer_runs_and_stops_at_the_end() -> None:
    session = active(sched.Mode.IN_PERSON).session

    assert session.elapsed(NOW + 7 * MINUTE) == 7 * MINUTE
    assert session.elapsed(NOW - 7 * MINUTE) == timedelta(0)
    assert ended().session.elapsed(NOW + 600 * MINUTE) == 50 * MINUTE


def test_a45_telehealth_keeps_the_times_of_start_admission_and_end() -> None:
    state = admitted()
    state = after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE))

    assert (state.session.started_at, state.session.admitted_at, state.session.ended_at) == (
        NOW, NOW + 2 * MINUTE, NOW + 50 * MINUTE,
    )  # fmt: skip


def test_s55_ending_completes_the_appointment_and_switches_everything_off() -> None:
    state = transcribed(admitted())

    done = accepted(sessions.end(state, actor=DR, now=NOW + 50 * MINUTE))

    assert done.value.status is sched.SessionStatus.ENDED
    assert {row.presence for row in done.value.participants} == {sched.Presence.LEFT}
    assert all(row.devices == () for row in done.value.participants)
    by_kind = {row.kind: row for row in done.changes}
    assert by_kind["appointment"].status is sched.AppointmentStatus.COMPLETED
    assert by_kind["transcript"].status is sched.TranscriptStatus.RETAINED
    assert done.events[0].lasted == 50 * MINUTE


def test_s55_ending_twice_is_no_transition() -> None:
    assert code(sessions.end(ended(), actor=DR, now=NOW)) == "invalid_transition"
    assert code(sessions.end(active(), actor=ANN, now=NOW)) == "forbidden"
    assert code(sessions.end(facts(), actor=DR, now=NOW)) == "not_found"


def test_s55_a_clock_set_back_ends_no_session_before_its_start() -> None:
    done = accepted(sessions.end(active(), actor=DR, now=NOW - MINUTE))

    assert done.value.ended_at == NOW


def test_s55_an_appointment_that_is_not_in_progress_stops_the_end() -> None:
    state = replace(active(), appointment=appointment())

    assert code(sessions.end(state, actor=DR, now=NOW)) == "invalid_transition"


def test_a23_a_session_nobody_came_to_is_abandoned_and_the_appointment_upcoming_again() -> None:
    state = transcribed(active(), "hm")

    done = accepted(sessions.abandon(state, actor=DR, now=NOW + 15 * MINUTE))

    assert done.value.status is sched.SessionStatus.ABANDONED
    by_kind = {row.kind: row for row in done.changes}
    assert by_kind["appointment"].status is sched.AppointmentStatus.UPCOMING
    assert by_kind["transcript"].status is sched.TranscriptStatus.PURGING
    assert by_kind["purge"].reason is sched.PurgeReason.ABANDONED
    assert done.events[0].was_waiting is False
    assert done.value.occupancies == ()


def test_a23_what_took_place_is_ended_not_abandoned() -> None:
    assert code(sessions.abandon(admitted(), actor=DR, now=NOW)) == "invalid_transition"
    assert code(sessions.abandon(ended(), actor=DR, now=NOW)) == "invalid_transition"
    assert code(sessions.abandon(active(), actor=ANN, now=NOW)) == "forbidden"
    noted = written(active(sched.Mode.PHONE))
    assert code(sessions.abandon(noted, actor=DR, now=NOW)) == "invalid_transition"
    blank = written(active(sched.Mode.PHONE), " ")
    accepted(sessions.abandon(blank, actor=DR, now=NOW))
    other = replace(blank, beside=noted.note)
    assert code(sessions.abandon(other, actor=DR, now=NOW)) == "invalid_transition"


def test_s70_a_session_may_stand_alone_from_start_to_end() -> None:
    given = facts()

    made = accepted(start(given, service="therapy", mode=sched.Mode.PHONE))
    state = after(given, made)

    assert made.value.appointment is None
    assert made.value.origin is sched.Origin.STANDALONE
    assert made.value.price == sched.Money(9000, "USD")
    assert event_names(made) == ["SessionStarted"]
    assert [row.kind for row in accepted(sessions.end(state, actor=DR, now=NOW + MINUTE)).changes] == ["session"]
    assert [row.kind for row in accepted(sessions.abandon(state, actor=DR, now=NOW + MINUTE)).changes] == ["session"]
    assert code(start(given, service="unheard")) == "unknown_service"


def test_b12_a_client_on_the_phone_is_asked_for_the_place() -> None:
    licensed = replace(CLINICIAN, jurisdictions=("US-NY", "US-NJ"))
    strict = sched.SessionPolicy(place_check=sched.PlaceCheck.REFUSE)
    lax = sched.SessionPolicy(place_check=sched.PlaceCheck.OFF)
    phone = lambda **given: booked(sched.Mode.PHONE, clinician=licensed, **given)

    here = accepted(start(phone(policy=strict), place="us-ny"))
    assert [(row.place, row.authorised, row.stated_by) for row in here.value.places] == [("us-ny", True, "dr")]
    assert here.warnings == ()
    assert code(start(phone(policy=strict), place="US-CA")) == "place_not_authorised"
    assert code(start(phone(policy=strict))) == "place_not_authorised"
    away = accepted(start(phone(), place="US-CA"))
    assert [row.code for row in away.warnings] == ["place_not_authorised"]
    assert away.value.places[0].authorised is False
    assert accepted(start(phone(policy=lax), place="US-CA")).warnings == ()
    assert accepted(start(booked(sched.Mode.IN_PERSON, clinician=licensed, policy=strict))).value.places == ()


def test_s49_a_session_somebody_waits_in_keeps_its_id_when_it_starts() -> None:
    before = booked()
    state = after(before, sessions.join(before, id="lobby", actor=ANN, now=NOW - MINUTE))

    made = accepted(start(state))

    assert (made.value.id, made.value.revision) == ("lobby", 2)
    assert [row.person for row in made.value.participants] == ["dr", "ann"]
    assert code(start(replace(state, session=ended().session))) == "invalid_transition"


def test_a_session_knows_its_span_even_before_it_started() -> None:
    before = booked()
    waiting = after(before, sessions.join(before, id="lobby", actor=MUM, now=NOW - MINUTE)).session

    assert waiting.index.span == sched.Span(NOW - MINUTE, NOW + 49 * MINUTE)
    assert waiting.elapsed(NOW) == timedelta(0)
    assert waiting.admitted_at is None
    with pytest.raises(sched.InvalidValue, match="ended"):
        waiting.as_billable()
    with pytest.raises(sched.InvalidValue, match="duration"):
        replace(waiting, duration=timedelta(0))


@pytest.mark.parametrize("field", ["note_characters", "segment_characters", "chat_characters"])
def test_a_policy_counts_in_whole_numbers(field) -> None:
    with pytest.raises(sched.InvalidValue, match=field):
        sched.SessionPolicy(**{field: 0})


@pytest.mark.parametrize("field", ["autosave_every", "purge_within", "clock_skew", "early_start"])
def test_a_policy_never_goes_back_in_time(field) -> None:
    with pytest.raises(sched.InvalidValue, match=field):
        sched.SessionPolicy(**{field: timedelta(seconds=-1)})


def test_limits_of_attachments_are_whole_numbers() -> None:
    with pytest.raises(sched.InvalidValue, match="pixels"):
        sched.AttachmentLimits(pixels=0)


def test_b13_o7_codes_follow_the_actual_minutes() -> None:
    session = ended().session
    lasting = lambda minutes: replace(session, ended_at=NOW + timedelta(minutes=minutes))
    expected = {0: None, 15: None, 16: "90832", 37: "90832", 38: "90834", 52: "90834", 53: "90837", 300: "90837"}

    for minutes, code_ in expected.items():
        found = sched.billing_code(lasting(minutes), CLINICIAN)
        assert (found.code if found else None) == code_, minutes
    with_role = replace(CLINICIAN, billing_modifier="HO")
    assert sched.billing_code(lasting(45), with_role) == sched.BillingCode(code="90834", modifier="HO")


def test_b13_telehealth_counts_from_the_admission() -> None:
    state = admitted()
    state = after(state, sessions.end(state, actor=DR, now=NOW + 39 * MINUTE))

    assert sched.session_minutes(state.session) == 37
    assert sched.session_minutes(active().session) == 0
    assert sched.session_minutes(replace(state.session, ended_at=NOW)) == 0


def test_b13_a_call_nobody_was_admitted_to_has_no_code() -> None:
    session = ended(sched.Mode.TELEHEALTH).session

    assert sched.session_minutes(session) == 0
    assert sched.billing_code(session, CLINICIAN) is None
    assert sched.session_minutes(replace(session, origin=sched.Origin.STANDALONE)) == 0
    for told in (sched.Origin.LOGGED, sched.Origin.WALK_IN):
        assert sched.session_minutes(replace(session, origin=told)) == 50


def test_b13_rows_of_a_table_do_not_overlap() -> None:
    table = (sched.TimedCode(code="a", least=1, most=10), sched.TimedCode(code="b", least=10))

    with pytest.raises(sched.InvalidPolicy, match="overlap"):
        sched.billing_code(ended().session, CLINICIAN, table=table)
    with pytest.raises(sched.InvalidPolicy, match="overlap"):
        sched.billing_code(ended().session, CLINICIAN, table=(sched.TimedCode(code="a", least=1), table[1]))


def test_b15_a_client_who_waited_and_was_never_admitted_did_come() -> None:
    before = booked()
    lobby = after(before, sessions.join(before, id="s0", actor=ANN, now=NOW)).session

    assert sched.client_was_waiting([lobby])
    assert not sched.client_was_waiting([active().session])
    assert not sched.client_was_waiting([lobby, admitted().session])
    state = active(client=CLIENT)
    state = after(state, sessions.join(state, id="x", actor=ANN, now=NOW))
    assert accepted(sessions.abandon(state, actor=DR, now=NOW)).events[0].was_waiting is True
