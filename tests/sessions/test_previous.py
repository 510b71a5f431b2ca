"""Log Previous Session, walk-ins, and the session history (S61 to S72, S112, A24, A31, O8)."""

from dataclasses import replace
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.sessions.transcript import TranscriptSource
from tests.sessions.clinic import (
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    DAY,
    DR,
    MINUTE,
    NONCE,
    NOW,
    SERVICE,
    SUPERVISED,
    accepted,
    after,
    appointment,
    code,
    ended,
    facts,
    request,
)  # fmt: skip

LATER = NOW + 3 * DAY


def log(given: sched.SessionFacts | None = None, **fields: Any) -> object:
    asked: dict[str, Any] = {"id": "s9", "note_id": "n9", "nonce": NONCE, "service": "therapy", "starts_at": NOW}
    asked |= {"actor": DR, "now": LATER, **fields}
    return sessions.log_previous(given or facts(), **asked)


def logged(given: sched.SessionFacts | None = None, **fields: Any) -> sched.SessionFacts:
    before = given or facts()
    return after(before, log(before, **fields))


def test_s61_s112_a_session_that_took_place_gets_its_record_and_an_open_note() -> None:
    state = logged()
    assert state.session is not None
    assert state.note is not None
    assert (state.session.status, state.session.origin) == ("ended", "logged")
    assert state.session.appointment is None
    assert state.note.status == "draft"


@pytest.mark.parametrize("field", ["service", "starts_at"])
def test_s63_date_and_service_are_needed(field: str) -> None:
    asked: dict[str, Any] = {"id": "s9", "note_id": "n9", "nonce": NONCE, "service": "therapy", "starts_at": NOW}
    del asked[field]
    with pytest.raises(TypeError, match=field):
        sessions.log_previous(facts(), **asked, actor=DR, now=LATER)


def test_s63_the_duration_defaults_from_the_service_and_may_be_another() -> None:
    assert accepted(log()).value.duration == SERVICE.duration
    assert accepted(log(duration=90 * MINUTE)).value.duration == 90 * MINUTE
    assert code(log(duration=-MINUTE)) == "invalid_duration"
    assert code(log(duration=0 * MINUTE)) == "invalid_duration"
    assert code(log(starts_at=NOW.replace(tzinfo=None))) == "naive_datetime"


def test_s64_client_service_and_mode_are_checked() -> None:
    archived = facts(client=replace(CLIENT, status=sched.ClientStatus.ARCHIVED))
    assert code(log(facts(client=None))) == "not_found"
    assert code(log(archived)) == "client_archived"
    assert code(log(service="unheard-of")) == "unknown_service"
    assert code(log(mode="by pigeon")) == "mode_not_supported"
    assert accepted(log(mode="phone")).value.mode is sched.Mode.PHONE
    assert code(log(facts(services=(replace(SERVICE, clinicians=("colleague",)),)))) == "unknown_service"
    assert code(log(facts(services=(replace(SERVICE, active=False),)))) == "service_inactive"
    only = facts(services=(replace(SERVICE, modes=(sched.Mode.PHONE,), default_mode=None),))
    assert code(log(only, mode=sched.Mode.TELEHEALTH)) == "mode_not_supported"
    assert accepted(log(only)).value.mode == "phone"


def test_s64_only_the_clinician_logs() -> None:
    assert code(log(actor=sched.Actor.client("ann", practice="p"))) in {"forbidden", "not_found"}


def test_s65_only_what_is_over_is_logged_and_there_is_no_lower_bound() -> None:
    assert code(log(now=NOW + 49 * MINUTE)) == "not_in_past"
    assert isinstance(log(now=NOW + 50 * MINUTE), sched.Accepted)
    assert isinstance(log(starts_at=NOW.replace(year=1999)), sched.Accepted)


def test_s65_an_overlap_is_a_warning_and_the_same_session_twice_is_refused() -> None:
    other = logged(starts_at=NOW + 30 * MINUTE).session
    assert other is not None
    near = facts(nearby=(replace(other, id="s8"),))
    assert [row.code for row in accepted(log(near)).warnings] == ["overlap"]
    assert accepted(log(near, starts_at=NOW + 2 * DAY)).warnings == ()
    assert code(log(near, starts_at=NOW + 30 * MINUTE)) == "duplicate_session"
    abandoned = facts(nearby=(replace(other, id="s8", status=sched.SessionStatus.ABANDONED),))
    assert accepted(log(abandoned, starts_at=NOW + 30 * MINUTE)).warnings == ()


def test_s66_dictation_goes_through_a_temporary_transcript() -> None:
    state = logged()
    opened = sessions.start_dictation(state, id="t1", actor=DR, now=LATER)
    assert accepted(opened).value.source is TranscriptSource.DICTATION
    state = after(state, opened)
    said = sessions.append_segment(state, transcript="t1", text="slept", actor=DR, now=LATER)
    state = after(state, said)
    assert code(sessions.start_dictation(state, id="t2", actor=COLLEAGUE, now=LATER)) in {"forbidden", "not_found"}
    assert state.note is not None
    state = after(state, sessions.write_note(state, text="slept", revision=state.note.revision, id="n9", nonce=NONCE,
                                             actor=DR, now=LATER))  # fmt: skip
    assert state.note is not None
    done = after(state, sessions.sign_and_lock(state, revision=state.note.revision, actor=DR, now=LATER))
    assert not done.transcripts[0].readable
    assert code(sessions.start_dictation(done, id="t3", actor=DR, now=LATER)) == "note_locked"
    again = sessions.append_segment(done, transcript="t1", text="late", actor=DR, now=LATER)
    assert code(again) == "transcript_deleted"


def test_s66_a_dictation_begun_again_before_anything_was_said_is_the_same_one() -> None:
    begun = after(logged(), sessions.start_dictation(logged(), id="t1", actor=DR, now=LATER))
    again = accepted(sessions.start_dictation(begun, id="t2", actor=DR, now=LATER))
    assert (again.value, again.changes, again.events) == (begun.transcripts[0], (), ())
    said = after(begun, sessions.append_segment(begun, transcript="t1", text="slept", actor=DR, now=LATER))
    assert accepted(sessions.start_dictation(said, id="t2", actor=DR, now=LATER)).value.id == "t2"


def test_s67_a_logged_session_is_signed_like_any_other() -> None:
    state = logged()
    state = after(state, sessions.write_note(state, text="over the phone", revision=1, id="n9", nonce=NONCE, actor=DR,
                                             now=LATER))  # fmt: skip
    done = accepted(sessions.sign_and_lock(state, revision=2, actor=DR, now=LATER)).value
    assert done.locked
    supervised = logged(facts(clinician=SUPERVISED))
    assert code(sessions.sign_and_lock(supervised, revision=1, actor=DR, now=LATER)) != "accepted"


def test_s68_the_history_merges_scheduled_and_logged_by_actual_start() -> None:
    scheduled, earlier = ended().session, logged(starts_at=NOW - DAY).session
    assert scheduled is not None
    assert earlier is not None
    abandoned = replace(scheduled, id="s7", status=sched.SessionStatus.ABANDONED)
    foreign = replace(scheduled, id="s6", client="bob")
    history = sched.session_history([scheduled, earlier, abandoned, foreign, scheduled], "ann")
    assert [row.id for row in history] == ["s9", "s1"]


def test_s69_an_ended_session_is_billed_once() -> None:
    state = logged()
    billed = sessions.bill_session(state, actor=DR, now=LATER)
    assert accepted(billed).value.billed
    assert code(sessions.bill_session(after(state, billed), actor=DR, now=LATER)) == "invalid_transition"
    assert code(sessions.bill_session(state, actor=sched.Actor.client("ann", practice="p"), now=LATER)) != "accepted"


def test_s71_scribe_works_on_a_logged_session_and_live_features_do_not() -> None:
    state = logged()
    asked = accepted(sessions.scribe(state, template="short", instructions="kindly", actor=DR)).value
    assert asked.client == "ann"
    assert asked.template.reveal() == "short"
    assert code(sessions.scribe(state, actor=COLLEAGUE)) in {"forbidden", "not_found"}
    enabled = sessions.enable_transcription(state, id="t1", actor=DR, now=LATER)
    assert code(enabled) == "session_not_active"
    assert code(sessions.disable_transcription(state, actor=DR, now=LATER)) == "session_not_active"
    assert code(sessions.toggle(state, device="camera", on=True, actor=DR, now=LATER)) == "session_not_active"
    locked = replace(state, note=replace(state.note, status=sched.NoteStatus.LOCKED) if state.note else None)
    assert code(sessions.scribe(locked, actor=DR)) == "note_locked"


def test_s72_a_walk_in_is_logged_without_an_appointment() -> None:
    assert accepted(log(walk_in=True)).value.origin == "walk_in"


def test_a24_o8_any_client_of_the_practice_may_walk_in() -> None:
    colleagues = facts(client=replace(CLIENT, clinicians=("colleague",)), clinician=CLINICIAN)
    assert accepted(log(colleagues, walk_in=True)).value.client == "ann"


PAST = appointment(starts_at=NOW)


def link(state: sched.SessionFacts, **fields: Any) -> object:
    return sessions.link_logged(state, **{"actor": DR, "now": LATER, **fields})


def test_a31_a_logged_session_becomes_the_outcome_of_a_past_appointment() -> None:
    asked = request()
    state = replace(logged(), appointment=PAST, request=asked)
    linked = accepted(link(state))
    rows = {row.kind: row for row in linked.changes}
    assert rows["session"].appointment == PAST.id
    assert (rows["appointment"].status, rows["appointment"].revision) == ("completed", PAST.revision + 1)
    assert rows["request"].status == "superseded"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"appointment": None}, "not_found"),
        ({"appointment": replace(PAST, client="bob")}, "not_found"),
        ({"appointment": replace(PAST, starts_at=LATER + DAY)}, "not_started_yet"),
        ({"appointment": replace(PAST, status=sched.AppointmentStatus.PENDING)}, "not_confirmed"),
        ({"appointment": replace(PAST, status=sched.AppointmentStatus.COMPLETED)}, "invalid_transition"),
        ({"session": None}, "not_found"),
    ],
)
def test_a31_only_a_past_appointment_of_both_that_has_no_outcome(change: dict[str, Any], refusal: str) -> None:
    assert code(link(replace(replace(logged(), appointment=PAST), **change))) == refusal


def test_a31_a_session_is_linked_once_and_only_a_logged_one() -> None:
    state = logged()
    assert state.session is not None
    twice = replace(state, appointment=PAST, session=replace(state.session, appointment="a7"))
    assert code(link(twice)) == "invalid_transition"
    assert code(link(replace(ended(), appointment=PAST))) == "invalid_transition"
