"""Transcripts, the assistant, and the wrapper of clinical text (S44, S45, S48, S52, S53, S58, A44, B17)."""

import copy
import pickle
import traceback
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.sessions.assistant import HealthEntry
from oasys_sched.sessions.purging import prove_purge
from oasys_sched.sessions.sensitive import REVEAL, Sensitive
from tests.sessions.clinic import (
    ANN,
    COLLEAGUE,
    DAY,
    DR,
    MINUTE,
    NOW,
    SUP,
    SYSTEM,
    accepted,
    active,
    after,
    booked,
    code,
    ended,
    facts,
    in_review,
    locked,
    transcribed,
    written,
)  # fmt: skip


@pytest.mark.parametrize("mode", sched.Mode)
def test_s48_transcription_is_for_every_mode(mode: sched.Mode) -> None:
    state = transcribed(active(mode), "slept badly")
    assert state.transcripts[0].segments == 1
    assert accepted(sessions.enable_transcription(state, id="t2", actor=DR, now=NOW)).changes == ()


def test_s44_text_is_taken_only_while_it_is_on() -> None:
    state = transcribed(active())
    paused = after(state, sessions.disable_transcription(state, actor=DR, now=NOW))
    said = {"transcript": "t1", "text": "hm", "actor": SYSTEM, "now": NOW}
    assert code(sessions.append_segment(paused, **said)) == "transcription_off"
    assert code(sessions.disable_transcription(paused, actor=DR, now=NOW)) == "transcription_off"
    again = after(paused, sessions.enable_transcription(paused, id="t9", actor=DR, now=NOW))
    assert again.transcripts[0].status == "live"
    assert code(sessions.append_segment(again, **said | {"transcript": "t9"})) == "not_found"
    assert code(sessions.append_segment(again, **said | {"text": " "})) == "invalid_value"
    assert code(sessions.append_segment(again, **said | {"actor": ANN})) in {"forbidden", "not_found"}


def test_s43_s44_s111_sound_is_never_taken() -> None:
    state = transcribed(active())
    sound = sessions.append_segment(state, transcript="t1", text=b"RIFF", actor=SYSTEM, now=NOW)  # type: ignore[arg-type]
    assert code(sound) == "recording_forbidden"


@pytest.mark.parametrize("act", [sessions.enable_transcription, sessions.start_dictation])
def test_s44_only_the_clinician_turns_it_on(act: Any) -> None:
    assert code(act(active(), id="t1", actor=COLLEAGUE, now=NOW)) in {"forbidden", "not_found"}


def test_s44_only_the_clinician_turns_it_off_or_deletes() -> None:
    state = transcribed(active(), "a")
    for act in (sessions.disable_transcription, sessions.delete_transcripts):
        assert code(act(state, actor=COLLEAGUE, now=NOW)) in {"forbidden", "not_found"}


def test_s45_only_the_clinician_reads_and_only_until_the_lock() -> None:
    state = transcribed(active(), "a")
    assert accepted(sessions.read_transcript(state, transcript="t1", actor=DR)).value.id == "t1"
    assert code(sessions.read_transcript(state, transcript="t1", actor=ANN)) in {"forbidden", "not_found"}
    assert code(sessions.read_transcript(state, transcript="t2", actor=DR)) == "not_found"
    signable = written(after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE)))
    signed = after(signable, sessions.sign_and_lock(signable, revision=1, actor=DR, now=NOW + DAY))
    assert code(sessions.read_transcript(signed, transcript="t1", actor=DR)) == "transcript_deleted"
    assert [(row.readable, row.segments, row.tombstone.count) for row in signed.transcripts] == [(False, 0, 1)]


def purging() -> sched.SessionFacts:
    state = transcribed(active(), "a", "b")
    return after(state, sessions.delete_transcripts(state, actor=DR, now=NOW))


def prove(state: sched.SessionFacts, **fields: Any) -> object:
    given = {"absent": True, "count": 2, "store": "disk", "method": "keys", "actor": SYSTEM, "now": NOW, **fields}
    return prove_purge(state.obligations[0], state.transcripts[0], **given)


def test_s58_an_erasure_is_owed_until_it_is_proved() -> None:
    state = purging()
    assert code(sessions.read_transcript(state, transcript="t1", actor=DR)) == "transcript_deleted"
    assert code(sessions.delete_transcripts(state, actor=DR, now=NOW)) == "transcript_deleted"
    tried = accepted(prove(state, absent=False)).value
    assert (tried.status, tried.attempts) == ("open", 1)
    proved = after(state, prove(state))
    assert proved.obligations[0].status == "proven"
    assert proved.transcripts[0].status == "deleted"
    assert accepted(prove(proved)).changes == ()
    late = NOW + DAY
    assert sched.overdue_purges(state.obligations, late) == state.obligations
    assert sched.overdue_purges(proved.obligations, late) == ()


def test_s58_only_the_clockwork_of_the_practice_proves() -> None:
    assert code(prove(purging(), actor=DR)) == "forbidden"
    assert code(prove(purging(), actor=sched.Actor.system(practice="q"))) == "not_found"


def test_b17_an_unsigned_notes_transcripts_end_at_their_age_limit() -> None:
    state = transcribed(active(), "a")
    state = after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE))
    early = sessions.expire_transcripts(state, actor=SYSTEM, now=NOW + DAY)
    assert code(early) == "too_soon"
    assert code(sessions.expire_transcripts(state, actor=DR, now=NOW + 40 * DAY)) == "forbidden"
    gone = sessions.expire_transcripts(state, actor=SYSTEM, now=NOW + 40 * DAY)
    assert after(state, gone).obligations[0].reason == "age"


def health(client: str, measure: str) -> HealthEntry:
    return HealthEntry(client=client, measure=measure, at=NOW, value=Sensitive("7"))


def test_s52_preparing_looks_at_exactly_three_kinds_of_this_client_alone() -> None:
    mine, theirs = locked().note, locked().note
    assert mine is not None
    assert theirs is not None
    notes = [mine, replace(mine, id="n2", client="bob"), replace(mine, id="n3", status=sched.NoteStatus.DRAFT)]
    past = ended().session
    assert past is not None
    asked = accepted(
        sessions.prepare(
            booked(),
            sessions=[past, replace(past, id="s2", client="bob")],
            health=[health("bob", "sleep"), health("ann", "sleep")],
            notes=notes,
            actor=DR,
        )
    ).value
    assert [row.minutes for row in asked.history] == [50]
    assert [row.client for row in asked.health] == ["ann"]
    assert [row.reveal() for row in asked.themes] == ["sleeps badly"]


@pytest.mark.parametrize("actor", [ANN, COLLEAGUE, SUP])
def test_s52_only_the_treating_clinician_prepares(actor: sched.Actor) -> None:
    assert code(sessions.prepare(booked(), actor=actor)) in {"forbidden", "not_found"}


def test_a44_preparing_is_possible_from_upcoming_through_active() -> None:
    for state in (booked(), active()):
        assert isinstance(sessions.prepare(state, actor=DR), sched.Accepted)
    assert code(sessions.prepare(ended(), actor=DR)) == "session_not_active"
    for status in (sched.AppointmentStatus.CANCELLED, sched.AppointmentStatus.NO_SHOW):
        given = booked()
        assert given.appointment is not None
        over = replace(given, appointment=replace(given.appointment, status=status))
        assert code(sessions.prepare(over, actor=DR)) == "session_not_active"
    assert code(sessions.prepare(facts(), actor=DR)) == "not_found"


def test_s53_a_question_is_one_of_three_kinds_while_the_session_runs() -> None:
    task = next(iter(sched.AssistantTask))
    asked = accepted(sessions.ask(active(), task=task, text="how?", health=[health("bob", "x")], actor=DR)).value
    assert asked.health == ()
    assert code(sessions.ask(active(), task="poem", text="how?", actor=DR)) == "unknown_assistant_task"
    assert code(sessions.ask(active(), task=task, text=" ", actor=DR)) == "invalid_value"
    assert code(sessions.ask(ended(), task=task, text="how?", actor=DR)) == "session_not_active"
    assert code(sessions.ask(active(), task=task, text="how?", actor=ANN)) in {"forbidden", "not_found"}


def test_b7_an_addendum_goes_back_only_with_a_comment() -> None:
    state = in_review()
    assert state.note is not None
    state = after(state, sessions.approve_note(state, revision=state.note.revision, actor=SUP, now=NOW + DAY))
    state = after(state, sessions.add_addendum(state, id="d1", text="more", actor=DR, now=NOW + DAY))
    state = after(state, sessions.sign_addendum(state, actor=DR, now=NOW + DAY))
    assert code(sessions.return_addendum(state, actor=SUP, now=NOW + DAY)) == "reason_required"
    assert isinstance(sessions.return_addendum(state, comment="say why", actor=SUP, now=NOW + DAY), sched.Accepted)


def test_s51_a_write_to_a_locked_note_hands_its_text_back() -> None:
    state = locked()
    assert state.note is not None
    refused = sessions.write_note(state, text="too late", revision=2, id="n1", nonce="x" * 16, actor=DR, now=NOW)
    assert code(refused) == "note_locked"
    body = sessions.write_note(written(ended()), text={"plan": "x"}, revision=1, id="n1", nonce="x" * 16, actor=DR,
                               now=NOW)  # fmt: skip
    assert isinstance(body, sched.Refused)


SECRET = Sensitive("sleeps badly")


def test_o5_sensitive_text_shows_itself_to_nobody() -> None:
    assert f"{SECRET} {SECRET!r} {SECRET!s} {SECRET:>20}".count("sleeps") == 0
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(SECRET)
    with pytest.raises(AttributeError, match="never changes"):
        SECRET._content = "x"  # type: ignore[misc]


def test_sensitive_text_is_a_value() -> None:
    assert Sensitive(SECRET) == SECRET
    assert SECRET != "sleeps badly"
    assert len({SECRET, Sensitive("sleeps badly")}) == 1
    assert bool(SECRET)
    assert not Sensitive("")
    assert len(SECRET) == 12
    assert copy.copy(SECRET) is SECRET
    assert copy.deepcopy(SECRET) is SECRET


def test_sensitive_text_is_written_as_json_only_on_purpose() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Sensitive[str])
    read = adapter.validate_python("sleeps badly")
    assert read == SECRET
    assert adapter.validate_python(SECRET) == SECRET
    assert adapter.dump_json(read, context=REVEAL) == b'"sleeps badly"'
    with pytest.raises(ValueError, match="REVEAL"):
        adapter.dump_json(read)
    assert TypeAdapter(Sensitive).validate_python("x").reveal() == "x"


@pytest.mark.parametrize(
    "given", [["sleeps badly"], b"sleeps badly\xff", {"sleeps badly": 1}, Sensitive(["sleeps badly"])]
)
def test_o5_what_is_no_text_is_not_quoted_by_the_error(given: object) -> None:
    with pytest.raises(ValueError, match="not what is kept here") as raised:
        TypeAdapter(Sensitive[str]).validate_python(given)
    assert "sleeps" not in "".join(traceback.format_exception(raised.value))


def test_durations_of_a_policy_have_a_floor() -> None:
    assert sched.SessionPolicy(early_start=timedelta(minutes=15)).early_start == timedelta(minutes=15)
