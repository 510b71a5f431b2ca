"""Transcripts to the last field: what erasing several leaves behind, at the very edge of every limit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.sessions.events import PurgeOrdered, PurgeUnproven, TranscriptErased
from oasys_sched.sessions.purging import outlived, overdue_purges, prove_purge
from oasys_sched.sessions.transcript import PurgeObligation, PurgeReason, PurgeReceipt, PurgeStatus, Tombstone
from tests.sessions.clinic import (
    ANN,
    DR,
    MINUTE,
    NOW,
    SYSTEM,
    accepted,
    active,
    after,
    code,
    ended,
    locked,
    transcribed,
    written,
)

LATER = NOW + 60 * MINUTE
TOLD = {"practice": "p", "transcript": "t2", "session": "s1", "clinician": "dr", "client": "ann", "at": LATER}


def with_two() -> sched.SessionFacts:
    """A live transcript that was deleted, and another one of two segments and a dictation after it."""
    state = transcribed(active(), "a")
    state = after(state, sessions.delete_transcripts(state, actor=DR, now=NOW + MINUTE))
    state = after(state, sessions.enable_transcription(state, id="t2", actor=DR, now=NOW + 2 * MINUTE))
    for text in ("b", "c"):
        state = after(state, sessions.append_segment(state, transcript="t2", text=text, actor=SYSTEM, now=NOW))
    return after(written(state), sessions.start_dictation(written(state), id="t3", actor=DR, now=NOW + 3 * MINUTE))


def test_s58_each_transcript_that_is_left_goes_and_each_erasure_is_owed() -> None:
    state = with_two()
    assert state.session.transcripts == ("t1", "t2", "t3")
    done = accepted(sessions.delete_transcripts(state, actor=DR, now=LATER))

    assert [(row.id, row.status, row.segments) for row in done.value] == [("t2", "purging", 0), ("t3", "purging", 0)]
    counts = [Tombstone(at=LATER, why=PurgeReason.CLINICIAN, count=count) for count in (2, 0)]
    assert [row.tombstone for row in done.value] == counts
    due = LATER + state.policy.purge_within
    owed = [
        PurgeObligation(practice="p", id=id, revision=1, session="s1", reason=PurgeReason.CLINICIAN,
                        opened_at=LATER, due=due) for id in ("t2", "t3")
    ]  # fmt: skip
    assert list(done.changes) == [done.value[0], owed[0], done.value[1], owed[1]]
    first = PurgeOrdered(**TOLD, actor="dr", role=sched.ActorKind.CLINICIAN, reason=PurgeReason.CLINICIAN, due=due)
    assert done.events == (first, replace(first, transcript="t3"))


def test_s58_a_failed_proof_is_told_and_a_good_one_is_kept_with_its_receipt() -> None:
    state = with_two()
    state = after(state, sessions.delete_transcripts(state, actor=DR, now=LATER))
    duty, gone = state.obligations[1], state.transcripts[1]
    assert (duty.id, gone.id) == ("t2", "t2")

    def prove(absent: bool, actor: sched.Actor = SYSTEM):
        return prove_purge(
            duty, gone, absent=absent, count=2, store="disk", method="key destroyed", actor=actor, now=LATER
        )

    by_system = {**TOLD, "actor": SYSTEM.id, "role": sched.ActorKind.SYSTEM}
    tried = accepted(prove(absent=False))
    assert (tried.events, tried.warnings) == ((PurgeUnproven(**by_system, attempts=1),), ())
    assert tried.changes == (replace(duty, revision=2, attempts=1),)
    proven = accepted(prove(absent=True))
    receipt = PurgeReceipt(store="disk", method="key destroyed", count=2, at=LATER)
    done = replace(duty, revision=2, attempts=1, status=PurgeStatus.PROVEN, receipt=receipt)
    erased = TranscriptErased(**by_system, store="disk", method="key destroyed", count=2)
    assert (proven.value, proven.events, proven.warnings) == (done, (erased,), ())
    assert proven.changes == (done, replace(gone, revision=gone.revision + 1, status=sched.TranscriptStatus.DELETED))
    refused = prove(absent=True, actor=DR)
    assert refused.refusals[0].message == "a clinician may not purge here"


def test_b17_the_age_limit_itself_is_the_first_moment_to_expire() -> None:
    state = ended()
    state = replace(state, transcripts=with_two().transcripts)
    limit = NOW + 50 * MINUTE + timedelta(days=30)
    policy = replace(state.policy, transcript_age=sched.Period(days=30))
    state = replace(state, policy=policy)
    # The clocks in New York went forward meanwhile: thirty days are an hour shorter.
    limit -= timedelta(hours=1)

    assert code(sessions.expire_transcripts(state, actor=SYSTEM, now=limit - timedelta(microseconds=1))) == "too_soon"
    assert len(accepted(sessions.expire_transcripts(state, actor=SYSTEM, now=limit)).value) == 2
    early = limit - timedelta(microseconds=1)
    assert [outlived([state.session], now, policy=policy) for now in (early, limit)] == [(), (state.session.id,)]


def test_s58_an_erasure_is_overdue_after_its_due_time_and_the_oldest_comes_first() -> None:
    duty = PurgeObligation(
        practice="p", id="t5", session="s1", reason=PurgeReason.AGE, opened_at=NOW, due=NOW + 2 * MINUTE
    )
    older, same = replace(duty, id="t9", due=NOW + MINUTE), replace(duty, id="t4")
    proven = replace(duty, id="t1", status=PurgeStatus.PROVEN)

    assert overdue_purges([duty, same, older, proven], LATER) == (older, same, duty)
    assert overdue_purges([duty, older], duty.due) == (older,)


def test_s44_a_segment_may_be_as_long_as_the_limit_says() -> None:
    state = active()
    state = replace(state, policy=replace(state.policy, segment_characters=20))

    def say(text: str):
        return sessions.append_segment(transcribed(state), transcript="t1", text=text, actor=SYSTEM, now=NOW)

    assert accepted(say("x" * 20)).value.text.reveal() == "x" * 20
    assert code(say("x" * 21)) == "invalid_value"


def test_s66_nothing_is_dictated_without_a_draft() -> None:
    state = with_two()
    said = {"transcript": "t3", "text": "more", "actor": SYSTEM, "now": LATER}

    assert accepted(sessions.append_segment(state, **said)).value.number == 1
    assert code(sessions.append_segment(replace(state, note=None), **said)) == "transcription_off"
    assert code(sessions.append_segment(replace(state, note=locked().note), **said)) == "transcription_off"


@pytest.mark.parametrize("given", [{"opened_at": datetime(2026, 3, 5)}, {"session": ""}, {"client": ""}])
def test_a_transcript_names_what_is_wrong_with_it(given) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        replace(with_two().transcripts[0], **given)
    assert [caught.value.field] == list(given)


@pytest.mark.parametrize("given", [{"due": datetime(2026, 3, 5)}, {"opened_at": datetime(2026, 3, 5)}, {"id": ""}])
def test_an_obligation_names_what_is_wrong_with_it(given) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        replace(with_two().obligations[0], **given)
    assert [caught.value.field] == list(given)


def test_s66_opening_one_writes_the_session_that_holds_it() -> None:
    opened = accepted(sessions.enable_transcription(active(), id="t1", actor=DR, now=NOW))

    assert opened.changes == (opened.value, replace(active().session, revision=2, transcripts=("t1",)))
    assert opened.value.opened_at.tzinfo is UTC
    assert code(sessions.enable_transcription(active(), id="t1", actor=ANN, now=NOW)) == "forbidden"
