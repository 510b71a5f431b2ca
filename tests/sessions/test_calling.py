"""RULES 1.6: the waiting room, the call and its devices."""

from dataclasses import replace

import pytest

import oasys_sched as sched
from oasys_sched import sessions
from tests.sessions.clinic import (
    ANN,
    BOB,
    CLINICIAN,
    COLLEAGUE,
    DR,
    MINUTE,
    MUM,
    NOW,
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
)


def join(given, **asked):
    return sessions.join(given, **{"id": "s1", "actor": ANN, "now": NOW, **asked})


def toggle(given, **asked):
    return sessions.toggle(given, **{"device": sched.Device.CAMERA, "on": False, "actor": DR, "now": NOW, **asked})


def test_s40_the_client_enters_a_waiting_room_before_the_start_or_after_it() -> None:
    early, late = accepted(join(booked())), accepted(join(active()))

    assert early.value.status is sched.SessionStatus.WAITING
    assert [row.person for row in early.value.waiting] == ["ann"]
    assert late.value.status is sched.SessionStatus.ACTIVE
    assert late.value.participant("ann").presence is sched.Presence.WAITING
    assert event_names(early) == ["ClientWaiting"]


@pytest.mark.parametrize(("actor", "expected"), [(BOB, "not_found"), (DR, "forbidden"), (SYSTEM, "forbidden")])
def test_s40_only_the_appointments_client_or_guardian_joins(actor, expected) -> None:
    assert code(join(booked(), actor=actor)) == expected
    assert accepted(join(booked(), actor=MUM)).value.waiting[0].person == "mum"


def test_s40_joining_twice_changes_nothing() -> None:
    state = after(booked(), join(booked()))

    again = accepted(join(state, now=NOW + MINUTE))

    assert (again.value, again.changes, again.events) == (state.session, (), ())
    inside = admitted()
    assert accepted(join(inside)).changes == ()


@pytest.mark.parametrize("status", ["pending", "cancelled", "completed", "no_show"])
def test_s40_what_is_not_going_to_happen_is_not_joinable(status) -> None:
    given = facts(appointment=appointment(status=sched.AppointmentStatus(status)))

    assert code(join(given)) == "session_not_joinable"
    assert code(join(ended(sched.Mode.TELEHEALTH))) == "session_not_joinable"
    assert code(join(facts())) == "not_found"


def test_s40_a_session_without_an_appointment_is_not_joinable_once_it_is_over() -> None:
    given = ended(sched.Mode.TELEHEALTH)
    alone = replace(given, appointment=None, session=replace(given.session, appointment=None))

    assert code(join(alone)) == "session_not_joinable"


def test_s55_who_had_left_before_the_end_keeps_the_time() -> None:
    state = admitted()
    gone = after(state, sessions.leave(state, actor=ANN, now=NOW + MINUTE))

    over = accepted(sessions.end(gone, actor=DR, now=NOW + 9 * MINUTE)).value
    assert over.participant("ann").left_at == NOW + MINUTE


def test_s40_a_participant_is_somebody() -> None:
    with pytest.raises(sched.InvalidValue, match="person") as told:
        sched.Participant(person="")
    assert told.value.field == "person"


def test_s40_there_is_no_waiting_room_in_person() -> None:
    assert code(join(booked(sched.Mode.IN_PERSON))) == "not_telehealth"


def test_b12_the_client_says_where_they_are_on_joining() -> None:
    licensed = replace(CLINICIAN, jurisdictions=("US-NY",))
    strict = sched.SessionPolicy(place_check=sched.PlaceCheck.REFUSE)

    assert code(join(booked(clinician=licensed, policy=strict), place="US-TX")) == "place_not_authorised"
    kept = accepted(join(booked(clinician=licensed, policy=strict), place="US-NY")).value.places
    assert (kept[0].place, kept[0].stated_by, kept[0].at) == ("US-NY", "ann", NOW)


def test_b12_who_is_there_already_may_still_say_where() -> None:
    state = booked(clinician=replace(CLINICIAN, jurisdictions=("US-NY",)))
    asked = join(state)
    assert [row.code for row in accepted(asked).warnings] == ["place_not_authorised"]
    state = after(state, asked)

    said = accepted(join(state, place=" US-NY "))

    assert [row.place for row in said.value.places] == ["US-NY"]
    assert (said.value.participants, said.events, said.warnings) == (state.session.participants, (), ())
    state = after(state, said)
    assert accepted(join(state)).changes == accepted(join(state, place="US-NY")).changes == ()
    moved = accepted(join(state, place="US-TX"))
    assert [row.place for row in moved.value.places] == ["US-NY", "US-TX"]
    assert [row.code for row in moved.warnings] == ["place_not_authorised"]


def test_s41_only_the_clinician_admits_and_only_somebody_waiting() -> None:
    state = after(active(), join(active()))
    admit = lambda **asked: sessions.admit(state, **{"actor": DR, "now": NOW, **asked})

    inside = accepted(admit())

    assert inside.value.participant("ann").presence is sched.Presence.IN_CALL
    assert event_names(inside) == ["ClientAdmitted"]
    assert code(admit(actor=ANN)) == "forbidden"
    assert code(admit(actor=COLLEAGUE)) == "forbidden"
    assert code(admit(person="mum")) == "not_waiting"
    assert code(sessions.admit(active(), actor=DR, now=NOW)) == "not_waiting"


def test_s41_nobody_is_admitted_before_the_start() -> None:
    state = after(booked(), join(booked()))

    assert code(sessions.admit(state, actor=DR, now=NOW)) == "session_not_active"


def test_a22_who_left_and_comes_back_waits_again() -> None:
    state = admitted()
    state = after(state, sessions.leave(state, actor=ANN, now=NOW + 3 * MINUTE))
    assert state.session.participant("ann").presence is sched.Presence.LEFT

    state = after(state, join(state, now=NOW + 4 * MINUTE))

    assert state.session.participant("ann").presence is sched.Presence.WAITING
    state = after(state, sessions.admit(state, actor=DR, now=NOW + 5 * MINUTE))
    assert state.session.admitted_at == NOW + 2 * MINUTE


def test_s41_leaving_is_for_somebody_who_is_there() -> None:
    assert code(sessions.leave(active(), actor=ANN, now=NOW)) == "not_in_call"
    assert code(sessions.leave(ended(), actor=ANN, now=NOW)) == "session_not_active"
    assert code(sessions.leave(active(), actor=BOB, now=NOW)) == "not_found"
    gone = after(admitted(), sessions.leave(admitted(), actor=ANN, now=NOW))
    assert code(sessions.leave(gone, actor=ANN, now=NOW)) == "not_in_call"


@pytest.mark.parametrize("device", list(sched.Device))
@pytest.mark.parametrize("actor", [DR, ANN])
def test_s42_every_capability_is_switched_on_and_off_by_who_is_in_the_call(device, actor) -> None:
    state = after(admitted(), toggle(admitted(), device=device, on=True, actor=actor))
    assert device in state.session.participant(actor.id).devices

    off = accepted(toggle(state, device=str(device), on=False, actor=actor))

    assert device not in off.value.participant(actor.id).devices
    assert event_names(off) == ["DeviceSwitched"]


def test_s39_devices_are_independent_and_switching_to_the_same_changes_nothing() -> None:
    muted = accepted(toggle(admitted(), device=sched.Device.MICROPHONE))

    assert muted.value.participant("dr").devices == (sched.Device.CAMERA,)
    assert accepted(toggle(admitted(), on=True)).changes == ()
    assert code(toggle(admitted(), device="recorder", on=True)) == "invalid_value"


def test_s39_only_while_active_and_only_in_telehealth() -> None:
    assert code(toggle(ended(sched.Mode.TELEHEALTH))) == "session_not_active"
    assert code(toggle(active(sched.Mode.PHONE))) == "not_telehealth"
    assert code(toggle(active(sched.Mode.IN_PERSON))) == "not_telehealth"


def test_s42_who_waits_can_neither_share_nor_chat() -> None:
    waiting = after(active(), join(active()))

    assert code(toggle(waiting, device=sched.Device.SCREEN_SHARE, on=True, actor=ANN)) == "not_in_call"
    assert code(sessions.chat(waiting, text="hello", actor=ANN, now=NOW)) == "not_in_call"
    assert code(toggle(active(), actor=ANN)) == "not_in_call"


def test_a43_chat_is_passed_on_and_kept_nowhere() -> None:
    said = accepted(sessions.chat(admitted(), text="can you hear me", actor=ANN, now=NOW))

    assert (said.value.sender, said.value.text.reveal()) == ("ann", "can you hear me")
    assert (said.changes, said.events) == ((), ())
    assert "hear" not in repr(said)
    assert code(sessions.chat(admitted(), text=" ", actor=DR, now=NOW)) == "invalid_value"
    assert code(sessions.chat(admitted(), text="x" * 2001, actor=DR, now=NOW)) == "invalid_value"
    assert code(sessions.chat(active(sched.Mode.PHONE), text="x", actor=DR, now=NOW)) == "not_telehealth"


@pytest.mark.parametrize("row", ["s43", "s111"])
def test_s43_s111_nothing_is_ever_recorded(row) -> None:
    assert sched.recording_allowed() is False


def test_s43_no_recording_and_no_unlocking_operation_exists_anywhere() -> None:
    import ast
    from pathlib import Path

    forbidden = ("unlock", "record_", "start_recording", "stop_recording", "_recording", "reopen_note")
    allowed = {"recording_allowed"}
    package = Path(sched.__file__).parent
    # The harness is about storages, and its tests are named for what must not be possible.
    for path in {*package.rglob("*.py")} - {*(package / "testing").rglob("*.py")}:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = node.name.lower()
                assert name in allowed or not any(word in name for word in forbidden), f"{path.name}: {node.name}"
    for enumeration in (sched.Device, sched.SessionStatus, sched.NoteStatus, sched.Action):
        assert not any("unlock" in member or "recording" in member for member in enumeration)


def test_s111_the_names_of_the_decisions_are_these_and_no_others() -> None:
    assert dir(sessions) == sorted(set(dir(sessions)))
    assert set(sessions.__all__) <= set(dir(sessions))
    assert all(callable(getattr(sessions, name)) for name in sessions.__all__)
    with pytest.raises(AttributeError, match="record"):
        sessions.record
