"""Notes to the last field: what a signature covers, what a stamp shows, and which draft a write leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.sessions.note import Meaning, NoteKind, Passage, Signature
from oasys_sched.sessions.overdue import note_due_at
from oasys_sched.sessions.seal import note_digest, sealed, signed
from tests.sessions import files
from tests.sessions.clinic import (
    ANN,
    CLINICIAN,
    DR,
    MINUTE,
    NONCE,
    NOW,
    SUP,
    SUPERVISED,
    accepted,
    active,
    admitted,
    after,
    code,
    ended,
    in_review,
    locked,
    written,
)

LATER = NOW + 60 * MINUTE
PNG = sched.Upload(name="scan.png", media_type="image/png", content=files.png())
PHOTO = sched.Attachment(
    id="f", name="é.png", media_type="image/png", size=70, digest="ab" * 32, width=4, height=3, added_at=NOW + MINUTE
)


def full() -> tuple[sched.Note, sched.Session]:
    """A note that fills every field which a digest covers, in a session that fills its own."""
    session = admitted().session
    assert session is not None
    note = sched.Note(
        practice="p", id="n1", revision=4, session="s1", clinician="dr", client="ann", purpose=NoteKind.PROGRESS,
        nonce=NONCE, format="soap", created_at=NOW, saved_at=NOW + 3 * MINUTE, attachments=(PHOTO,),
        body=(Passage(section="subjective", text=sched.Sensitive("schläft schlecht ☹")),
              Passage(section="plan", text=sched.Sensitive("rest"))),
    )  # fmt: skip
    return note, replace(session, ended_at=NOW + 50 * MINUTE)


def test_s57_a_digest_of_the_first_format_stays_what_it_is_for_ever() -> None:
    note, session = full()
    signature = signed("dr", "Dr. Dana", Meaning.AUTHORSHIP, LATER, note_digest(note, session), late=True)

    assert note_digest(note, session) == "f3de7b810e0178a267f08e827f2170b3245e71054b8b7de977fc1f0e4598ff27"
    assert signature.seal == "5482f1c7cf0be4da2dc31ff1762a315801cdd1ffab6764bbac03ed1197e8f841"


@pytest.mark.parametrize("change", [
    {"attachments": (replace(PHOTO, added_at=NOW + 2 * MINUTE),)}, {"attachments": (replace(PHOTO, height=4),)},
    {"attachments": ()}, {"saved_at": LATER}, {"format": "dap", "body": ()},
])  # fmt: skip
def test_s57_a_digest_covers_files_stamps_and_format(change) -> None:
    note, session = full()

    assert note_digest(replace(note, **change), session) != note_digest(note, session)


def test_s57_a_digest_covers_when_the_client_was_admitted() -> None:
    note, session = full()
    waiting = after(active(), sessions.join(active(), id="x", actor=ANN, now=NOW + MINUTE))
    later = after(waiting, sessions.admit(waiting, actor=DR, now=NOW + 3 * MINUTE)).session

    assert later.admitted_at == session.admitted_at + MINUTE
    assert note_digest(note, replace(later, ended_at=session.ended_at)) != note_digest(note, session)


def test_s57_a_signature_needs_an_aware_time_and_is_kept_in_utc() -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        signed("dr", "Dr. Dana", Meaning.AUTHORSHIP, datetime(2026, 3, 5, 21), "00")

    assert (caught.value.code, caught.value.field) == ("naive_datetime", "at")
    assert signed("dr", "", Meaning.AUTHORSHIP, LATER, "00").at.tzinfo is UTC


def test_s57_verify_names_what_does_not_fit() -> None:
    state = locked()
    note, session = state.note, state.session
    draft, _ = full()
    by_another = replace(note, signatures=(stamp(note, session, "mallory", Meaning.AUTHORSHIP),))
    of_another_meaning = replace(note, signatures=(stamp(note, session, "dr", Meaning.APPROVAL),))

    assert sched.verify(note, session) == ()
    assert sched.verify(replace(note, locked_at=NOW), session) == ("locked_at",)
    assert sched.verify(replace(note, comment=sched.Sensitive("x")), session) == ("comment",)
    assert sched.verify(by_another, session) == ("signatures",)
    assert sched.verify(of_another_meaning, session) == ("signatures",)
    assert sched.verify(draft, session, seals=("",)) == ("digest", "signatures", "locked_at")
    assert sealed(draft) == ""


def stamp(note: sched.Note, session: sched.Session, signer: str, meaning: Meaning) -> Signature:
    return signed(signer, "", meaning, note.locked_at, note_digest(note, session))


def test_b17_a_late_signature_is_as_sound_as_another() -> None:
    state = written(ended())
    state = after(state, sessions.sign_and_lock(state, revision=1, actor=DR, now=NOW + timedelta(days=9)))

    assert state.note.signatures[0].late
    assert sched.verify(state.note, state.session) == ()


def test_b17_a_note_is_due_by_the_clinicians_clock() -> None:
    # Two days after Saturday 15:50 in New York are Monday 15:50 there, an hour of daylight saving time later.
    state = ended()
    session = replace(state.session, ended_at=datetime(2026, 3, 7, 20, 50, tzinfo=UTC))
    policy = replace(state.policy, note_due=sched.Period(days=2))

    assert note_due_at(session, policy) == datetime(2026, 3, 9, 19, 50, tzinfo=UTC)


def test_a_printed_name_is_the_clinicians_own_unless_another_is_given() -> None:
    state = in_review()
    approved = after(state, sessions.approve_note(state, revision=2, actor=SUP, now=LATER))

    assert [row.name for row in approved.note.signatures] == ["Dr. Dana", ""]
    assert locked().note.signatures[0].name == "Dr. Dana"


@pytest.mark.parametrize(("actor", "given", "shown"), [
    (DR, "", "Dr. Dana"), (DR, "D. Dana, PhD", "D. Dana, PhD"), (SUP, "", ""), (SUP, "S. Visor", "S. Visor"),
])  # fmt: skip
def test_b7_an_addendum_shows_its_authors_printed_name(actor, given, shown) -> None:
    state = in_review()
    state = after(state, sessions.approve_note(state, revision=2, actor=SUP, now=LATER))
    state = after(state, sessions.add_addendum(state, id="d1", text="more", actor=actor, now=LATER))
    named = {"name": given} if given else {}
    state = after(state, sessions.sign_addendum(state, actor=actor, now=LATER, **named))
    if state.note.pending:
        assert [row.name for row in state.note.pending.signatures] == [shown]
        state = after(state, sessions.approve_addendum(state, actor=SUP, now=LATER))

    assert [row.name for row in state.note.addenda[0].signatures] == [shown, *([""] if actor is DR else [])]


def test_b7_an_addendum_may_be_as_long_as_a_note() -> None:
    state = locked()
    state = replace(state, policy=replace(state.policy, note_characters=20))

    def add(text: str):
        return sessions.add_addendum(state, id="d1", text=text, actor=DR, now=LATER)

    assert accepted(add("x" * 20)).value.pending.text.reveal() == "x" * 20
    assert code(add("x" * 21)) == "too_large"


def test_s59_what_is_submitted_is_what_the_author_saw() -> None:
    state = written(ended(clinician=SUPERVISED))
    seen = note_digest(state.note, state.session)

    def submit(digest: str):
        return sessions.submit_for_review(state, revision=1, digest=digest, actor=DR, now=LATER)

    assert code(submit("0" * 64)) == "stale_revision"
    assert accepted(submit(seen)).value.digest == seen


def test_s57_a_signature_is_never_stamped_before_the_session_ended() -> None:
    # Written during the session; the clock stepped back by two minutes at its end, by exactly as much as it may.
    state = active(sched.Mode.IN_PERSON)
    state = written(state, at=NOW + MINUTE)
    state = after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE))

    def sign(minute: float):
        return sessions.sign_and_lock(state, revision=1, actor=DR, now=NOW + minute * MINUTE)

    skew = state.policy.clock_skew / MINUTE
    assert accepted(sign(50 - skew)).value.locked_at == NOW + 50 * MINUTE
    assert code(sign(50 - skew - 0.1)) == "clock_skew"


def test_s60_the_comment_of_a_returned_note_is_gone_once_it_is_locked() -> None:
    state = in_review()
    state = after(state, sessions.return_note(state, comment="say more", revision=2, actor=SUP, now=LATER))
    state = replace(state, clinician=CLINICIAN)
    state = after(state, sessions.sign_and_lock(state, revision=3, actor=DR, now=LATER))

    assert (state.note.comment, sched.verify(state.note, state.session)) == (None, ())


def test_s60_a_returned_note_that_gains_or_loses_a_file_is_a_draft_saved_now() -> None:
    state = in_review()
    state = after(state, sessions.return_note(state, comment="say more", revision=2, actor=SUP, now=LATER))
    assert state.note.status is sched.NoteStatus.RETURNED
    with_file = after(state, sessions.attach(state, files={"f": PNG}, revision=3, actor=DR, now=LATER + MINUTE))
    again = replace(with_file, note=replace(with_file.note, status=sched.NoteStatus.RETURNED))
    without = after(again, sessions.detach(again, attachment="f", revision=4, actor=DR, now=LATER + 2 * MINUTE))
    rewritten = written(without, "sleeps well", at=LATER + 3 * MINUTE)

    drafts = [(row.note.status, row.note.saved_at) for row in (with_file, without, rewritten)]
    assert drafts == [(sched.NoteStatus.DRAFT, LATER + number * MINUTE) for number in (1, 2, 3)]


def test_s54_the_limits_of_the_practice_hold_for_files() -> None:
    state = written(ended())
    small = replace(state.policy.attachments, bytes=10)
    state = replace(state, policy=replace(state.policy, attachments=small))

    (verdict,) = accepted(sessions.attach(state, files={"f": PNG}, revision=1, actor=DR, now=LATER)).value

    assert code(verdict) == "too_large"


def test_b7_who_may_not_give_an_addendum_back_is_told_what_that_is_called() -> None:
    state = locked()
    refused = sessions.return_addendum(state, actor=ANN, now=LATER)

    assert code(refused) == "forbidden"
    assert "return note" in refused.refusals[0].message
