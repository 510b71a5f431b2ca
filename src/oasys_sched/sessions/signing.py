"""Sign and Lock, Submit for Review, and what the supervisor does with it (S57-S60, A25, A26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.policies.access import Action
from oasys_sched.sessions.checks import found
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Meaning, Note, NoteKind, Signature
from oasys_sched.sessions.note_events import NoteApproved, NoteLocked, NoteRecalled, NoteReturned, NoteSubmitted
from oasys_sched.sessions.overdue import note_due_at
from oasys_sched.sessions.purging import order_purge
from oasys_sched.sessions.seal import note_digest, signed
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import NOTE, NoteAct, SessionStatus
from oasys_sched.sessions.telling import changed, tell_note
from oasys_sched.sessions.transcript import PurgeReason
from oasys_sched.sessions.writing import draft

__all__ = ["approve_note", "recall_note", "return_note", "reviewer", "sign_and_lock", "submit_for_review"]


def sign_and_lock(
    facts: SessionFacts, *, revision: int, digest: str | None = None, name: str = "", actor: Actor, now: datetime
) -> Decision[Note]:
    """Make the note a permanent record, and order the erasure of every transcript, in one commit (S57, S58).

    `revision`, and if given `digest`, are what the signer saw: anything else is `stale_revision`. `name` is the printed
    name, the clinician's own by default. There is no way back.
    """
    ready = _signable(facts, NoteAct.SIGN_AND_LOCK, Action.SIGN_NOTE, revision, digest, actor, now)
    if isinstance(ready, Refused):
        return ready
    note, session = ready
    if reviewer(facts, note.purpose) is not None:
        return refuse(Code.REVIEW_REQUIRED, "a supervised note goes to the supervisor: submit it for review")
    signature = _authored(facts, note, session, name, now)
    return _locked(facts, note, session, (signature,), actor, now)


def submit_for_review(
    facts: SessionFacts, *, revision: int, digest: str | None = None, name: str = "", actor: Actor, now: datetime
) -> Decision[Note]:
    """Sign as the author and pass the note to the supervisor; it is read-only meanwhile (S59, S60).

    Transcripts stay until the approval (A25).
    """
    ready = _signable(facts, NoteAct.SUBMIT, Action.SUBMIT_NOTE, revision, digest, actor, now)
    if isinstance(ready, Refused):
        return ready
    note, session = ready
    supervisor = reviewer(facts, note.purpose)
    if supervisor is None:
        return refuse(Code.NO_SUPERVISOR, "nobody supervises this note: sign and lock it")
    signature = _authored(facts, note, session, name, now)
    after = changed(
        note,
        status=NOTE[note.status][NoteAct.SUBMIT],
        digest=signature.digest,
        signatures=(signature,),
        comment=None,
    )
    event = tell_note(NoteSubmitted, after, actor, now, supervisor=supervisor, digest=signature.digest)
    return Accepted(after, (event,), (), (after,))


def approve_note(
    facts: SessionFacts, *, revision: int, digest: str | None = None, name: str = "", actor: Actor, now: datetime
) -> Decision[Note]:
    """Sign as the supervisor now assigned: the note is locked, both signatures on it, transcripts go (S60, A25)."""
    ready = _signable(facts, NoteAct.APPROVE, Action.APPROVE_NOTE, revision, digest, actor, now)
    if isinstance(ready, Refused):
        return ready
    note, session = ready
    seen = note_digest(note, session)
    before = note.signatures[-1]
    at = max(now, before.at)
    approval = signed(actor.id, name, Meaning.APPROVAL, at, seen, before=before.seal)
    return _locked(facts, note, session, (*note.signatures, approval), actor, now, NoteApproved)


def return_note(facts: SessionFacts, *, comment: str, revision: int, actor: Actor, now: datetime) -> Decision[Note]:
    """Give the note back to its author with a comment; the author's signature is dropped (S60)."""
    note = draft(facts, actor, NoteAct.RETURN, Action.RETURN_NOTE)
    if isinstance(note, Refused):
        return note
    if note.revision != revision:
        return _moved_on(note)
    if not (comment or "").strip():
        return refuse(Code.REASON_REQUIRED, "say what to change", field="comment")
    after = _unsigned(note, NoteAct.RETURN, comment=Sensitive(comment))
    return Accepted(after, (tell_note(NoteReturned, after, actor, now),), (), (after,))


def recall_note(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[Note]:
    """Take the note back from review, also when no supervisor is left (A26)."""
    note = draft(facts, actor, NoteAct.RECALL, Action.RECALL_NOTE)
    if isinstance(note, Refused):
        return note
    after = _unsigned(note, NoteAct.RECALL)
    return Accepted(after, (tell_note(NoteRecalled, after, actor, now, supervisor=facts.supervisor),), (), (after,))


def reviewer(facts: SessionFacts, purpose: NoteKind) -> str | None:
    """Return who has to review: the supervisor, but for psychotherapy notes, which nobody else may read."""
    return None if purpose == NoteKind.PSYCHOTHERAPY else facts.supervisor


def _signable(
    facts: SessionFacts, act: NoteAct, action: Action, revision: int, digest: str | None, actor: Actor, now: datetime
) -> tuple[Note, Session] | Refused:
    """Return note and session if a signature may be put under exactly what the signer saw."""
    session = found(facts, actor, action)
    if isinstance(session, Refused):
        return session
    note = draft(facts, actor, act, action)
    if isinstance(note, Refused):
        return note
    if session.status is SessionStatus.ABANDONED:
        return refuse(Code.SESSION_NOT_ACTIVE, "the session did not take place", field="session")
    if session.status is not SessionStatus.ENDED:
        return refuse(Code.SESSION_ACTIVE, "end the session first", field="session")
    if note.empty:
        return refuse(Code.EMPTY_NOTE, "there is neither text nor a file to sign", field="note")
    current = note_digest(note, session)
    if note.revision != revision or {digest or current, *(row.digest for row in note.signatures)} != {current}:
        return _moved_on(note)
    last = max([note.saved_at, session.ended_at or now, *(row.at for row in note.signatures)])
    if now < last - facts.policy.clock_skew:
        return refuse(Code.CLOCK_SKEW, "the clock has stepped back too far to sign", field="now")
    return note, session


def _authored(facts: SessionFacts, note: Note, session: Session, name: str, now: datetime) -> Signature:
    at = max(now, note.saved_at, session.ended_at or now)
    return signed(
        note.clinician,
        name or facts.clinician.name,
        Meaning.AUTHORSHIP,
        at,
        note_digest(note, session),
        late=at > note_due_at(session, facts.policy),
    )


def _locked(
    facts: SessionFacts,
    note: Note,
    session: Session,
    signatures: tuple[Signature, ...],
    actor: Actor,
    now: datetime,
    approved: type[NoteApproved] | None = None,
) -> Decision[Note]:
    """Lock the note, mark its session, and order the purge: one commit, all or nothing."""
    last = signatures[-1]
    after = changed(
        note,
        status=NOTE[note.status][NoteAct.SIGN_AND_LOCK if approved is None else NoteAct.APPROVE],
        digest=last.digest,
        signatures=signatures,
        locked_at=last.at,
        comment=None,
    )
    # Opening a transcript writes the session too, so that none can slip in beside this commit.
    documented = changed(session, note_signed=session.note_signed or note.purpose is NoteKind.PROGRESS)
    purged, told = order_purge(facts, PurgeReason.NOTE_LOCKED, actor, now)
    locked = tell_note(NoteLocked, after, actor, now, digest=last.digest, seal=last.seal, late_entry=after.late_entry)
    heard = () if approved is None else (tell_note(approved, after, actor, now),)
    warnings = (Refusal(Code.LATE_ENTRY, "signed later than it was due"),) if after.late_entry else ()
    return Accepted(after, (locked, *heard, *told), warnings, (after, documented, *purged))


def _unsigned(note: Note, act: NoteAct, comment: Sensitive[str] | None = None) -> Note:
    return changed(
        replace(note, digest=None, signatures=(), comment=comment or note.comment), status=NOTE[note.status][act]
    )


def _moved_on(note: Note) -> Refused:
    return refuse(
        Code.STALE_REVISION, "this is not what you saw: read it again", field="revision", revision=note.revision
    )
