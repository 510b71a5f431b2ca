"""Later additions to a locked note: drafted, signed, never changed after; the note's digest stays (B7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refused, refuse
from oasys_sched.policies.access import Action
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Addendum, AddendumStatus, Meaning, Note, NoteKind
from oasys_sched.sessions.note_events import (
    AddendumApproved,
    AddendumReturned,
    AddendumSigned,
    AddendumSubmitted,
    AddendumWritten,
)
from oasys_sched.sessions.seal import addendum_digest, sealed, signed
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.signing import reviewer
from oasys_sched.sessions.table import NoteAct
from oasys_sched.sessions.telling import changed, tell_note
from oasys_sched.sessions.writing import draft

__all__ = ["add_addendum", "approve_addendum", "return_addendum", "sign_addendum"]


def add_addendum(facts: SessionFacts, *, id: str, text: str, actor: Actor, now: datetime) -> Decision[Note]:
    """Draft an addendum to a locked note, or rewrite the own draft under its id. One is open at a time."""
    note = _added_to(facts, actor, Action.ADD_ADDENDUM)
    if isinstance(note, Refused):
        return note
    open_ = note.pending
    if open_ is not None and (open_.id, open_.author) != (id, actor.id):
        return refuse(Code.INVALID_TRANSITION, "another addendum is not signed yet", act="add_addendum")
    if open_ is not None and open_.status is AddendumStatus.IN_REVIEW:
        return refuse(Code.INVALID_TRANSITION, "it is in review", act="add_addendum", state=str(open_.status))
    if any(row.id == id for row in note.addenda):
        return refuse(Code.NOTE_LOCKED, "that addendum is signed: add another one", field="id")
    if not (text or "").strip():
        return refuse(Code.EMPTY_NOTE, "there is nothing to add", field="text")
    if len(text) > facts.policy.note_characters:
        most = facts.policy.note_characters
        return refuse(Code.TOO_LARGE, f"an addendum has at most {most} characters", field="text", limit=most)
    written = Addendum(id=id, author=actor.id, written_at=now, text=Sensitive(text))
    after = changed(note, pending=written)
    return Accepted(after, (tell_note(AddendumWritten, after, actor, now, addendum=id),), (), (after,))


def sign_addendum(facts: SessionFacts, *, name: str = "", actor: Actor, now: datetime) -> Decision[Note]:
    """Sign the open addendum: it is part of the record, or, for a supervised author, goes to the supervisor (B7)."""
    pending = _pending(facts, actor, AddendumStatus.DRAFT)
    if isinstance(pending, Refused):
        return pending
    note, addendum = pending
    if addendum.author != actor.id:
        return refuse(Code.FORBIDDEN, "an addendum is signed by its author")
    printed = name or (facts.clinician.name if actor.kind is ActorKind.CLINICIAN else "")
    signature = signed(
        actor.id, printed, Meaning.ADDENDUM, _at(note, now), addendum_digest(addendum, note), before=sealed(note)
    )
    mine = replace(addendum, signatures=(signature,), comment=None)
    supervisor = reviewer(facts, note.purpose)
    if supervisor is not None and actor.kind is ActorKind.CLINICIAN:
        after = changed(note, pending=replace(mine, status=AddendumStatus.IN_REVIEW))
        asked = tell_note(AddendumSubmitted, after, actor, now, addendum=addendum.id, supervisor=supervisor)
        return Accepted(after, (asked,), (), (after,))
    return _recorded(note, mine, (), actor, now)


def approve_addendum(facts: SessionFacts, *, name: str = "", actor: Actor, now: datetime) -> Decision[Note]:
    """Sign an addendum as the supervisor now assigned: it is part of the record."""
    pending = _pending(facts, actor, AddendumStatus.IN_REVIEW, Action.APPROVE_NOTE)
    if isinstance(pending, Refused):
        return pending
    note, addendum = pending
    first = addendum.signatures[0]
    approval = signed(actor.id, name, Meaning.APPROVAL, max(now, first.at), first.digest, before=first.seal)
    both = replace(addendum, signatures=(first, approval))
    return _recorded(note, both, (AddendumApproved,), actor, now)


def return_addendum(facts: SessionFacts, *, comment: str = "", actor: Actor, now: datetime) -> Decision[Note]:
    """Give an addendum back to its author, with a comment; the author may also take it back, without (A26)."""
    mine = actor.kind is ActorKind.CLINICIAN
    pending = _pending(facts, actor, AddendumStatus.IN_REVIEW, Action.RECALL_NOTE if mine else Action.RETURN_NOTE)
    if isinstance(pending, Refused):
        return pending
    if not mine and not comment.strip():
        return refuse(Code.REASON_REQUIRED, "say what to change", field="comment")
    note, addendum = pending
    said = Sensitive(comment) if comment.strip() else None
    after = changed(note, pending=replace(addendum, status=AddendumStatus.DRAFT, signatures=(), comment=said))
    return Accepted(after, (tell_note(AddendumReturned, after, actor, now, addendum=addendum.id),), (), (after,))


def _added_to(facts: SessionFacts, actor: Actor, action: Action) -> Note | Refused:
    """Return the locked note; what is still a draft is edited instead."""
    note = draft(facts, actor, NoteAct.ADD_ADDENDUM, action)
    if not isinstance(note, Refused) and note.purpose is NoteKind.PSYCHOTHERAPY and actor.id != note.clinician:
        return refuse(Code.FORBIDDEN, "psychotherapy notes are the author's alone")
    return note


def _pending(
    facts: SessionFacts, actor: Actor, status: AddendumStatus, action: Action = Action.ADD_ADDENDUM
) -> tuple[Note, Addendum] | Refused:
    note = _added_to(facts, actor, action)
    if isinstance(note, Refused):
        return note
    if note.pending is None:
        return refuse(Code.NOT_FOUND, "no addendum is open", field="addendum")
    if note.pending.status is not status:
        return refuse(
            Code.INVALID_TRANSITION, f"the addendum is not {status.replace('_', ' ')}", state=str(note.pending.status)
        )
    return note, note.pending


def _at(note: Note, now: datetime) -> datetime:
    """Stamps of one chain never go back."""
    return max([now, *(row.at for row in note.signatures), *(row.signatures[-1].at for row in note.addenda)])


def _recorded(
    note: Note, addendum: Addendum, more: tuple[type[AddendumApproved], ...], actor: Actor, now: datetime
) -> Decision[Note]:
    done = replace(addendum, status=AddendumStatus.SIGNED)
    after = changed(note, addenda=(*note.addenda, done), pending=None)
    events: list[Event] = [
        tell_note(AddendumSigned, after, actor, now, addendum=done.id, seal=done.signatures[-1].seal)
    ]
    events += [tell_note(event, after, actor, now, addendum=done.id) for event in more]
    return Accepted(after, tuple(events), (), (after,))
