"""Journeys of notes: write, sign and lock, review, add to. Nothing unlocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oasys_sched.aggregates import Key
from oasys_sched.booking.actions import ActionState
from oasys_sched.decisions import Accepted, Decision, Refused
from oasys_sched.desk.asking import Asking
from oasys_sched.policies.access import Action
from oasys_sched.sessions.actions import note_actions
from oasys_sched.sessions.addenda import add_addendum, approve_addendum, return_addendum, sign_addendum
from oasys_sched.sessions.attachments import Upload
from oasys_sched.sessions.checks import authorise
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Attachment, Note, NoteKind
from oasys_sched.sessions.seal import verify
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.signing import approve_note, recall_note, return_note, sign_and_lock, submit_for_review
from oasys_sched.sessions.writing import Text, attach, detach, insert_text, read_note, switch_format, write_note
from oasys_sched.units.commits import seals_of

__all__ = ["Notes"]

_PROGRESS = NoteKind.PROGRESS


class Notes(Asking):
    """A session's note, found by its session; `purpose` chooses the psychotherapy note beside the progress note.

    Every write names the `revision` it is based on: repeating one that got through changes nothing, so these journeys
    need no idempotency key, and no text of a note is ever kept as an outcome.
    """

    def write_note(self, session: str, text: Text, *, revision: int, purpose: NoteKind = _PROGRESS) -> Decision[Note]:
        """Save the draft; revision 0 begins it. A stale write is refused with both texts in its details (S50, S51)."""
        actor, id, nonce = self.actor, self.desk.new_id(), self.desk.new_nonce()
        return self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, now: write_note(
                facts, text=text, revision=revision, id=id, nonce=nonce, purpose=purpose, actor=actor, now=now
            ),
            session=session,
            purpose=purpose,
        )

    def insert_text(
        self,
        session: str,
        text: Sensitive[str] | str,
        *,
        revision: int,
        section: str | None = None,
        purpose: NoteKind = _PROGRESS,
    ) -> Decision[Note]:
        """Append an answer of the assistant or text of a transcript, because the author asked for it (S53, O5)."""
        actor = self.actor
        return self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, now: insert_text(facts, text=text, revision=revision, section=section, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def switch_format(
        self, session: str, format: str, *, revision: int, purpose: NoteKind = _PROGRESS
    ) -> Decision[Note]:
        """Change the format of this note alone (O5)."""
        actor = self.actor
        return self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, now: switch_format(facts, format=format, revision=revision, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def attach(
        self, session: str, files: Sequence[Upload], *, revision: int, purpose: NoteKind = _PROGRESS
    ) -> Decision[tuple[Decision[Attachment], ...]]:
        """Attach the files of one drop, each judged alone; the verdicts come in their order (S54)."""
        actor, named = self.actor, {self.desk.new_id(): file for file in files}
        return self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, now: attach(facts, files=named, revision=revision, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def detach(self, session: str, attachment: str, *, revision: int, purpose: NoteKind = _PROGRESS) -> Decision[Note]:
        """Take a file off the draft again."""
        actor = self.actor
        return self._ask_session(
            Action.WRITE_NOTE,
            lambda facts, now: detach(facts, attachment=attachment, revision=revision, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def read_note(self, session: str, *, purpose: NoteKind = _PROGRESS) -> Decision[Note]:
        """Read the note, as its author or its supervisor (RULES 3.11)."""
        actor = self.actor
        return self._ask_session(
            Action.READ_NOTE, lambda facts, _: read_note(facts, actor=actor), session=session, purpose=purpose
        )

    def verify_note(self, session: str, *, purpose: NoteKind = _PROGRESS) -> Decision[tuple[str, ...]]:
        """Name what does not fit in a locked note, its audit included; nothing means that it is intact."""
        actor = self.actor

        def answer(facts: SessionFacts, _: datetime) -> Decision[Any]:
            note = read_note(facts, actor=actor)
            return note if isinstance(note, Refused) else Accepted((note.value, facts.session))

        decision = self._ask_session(Action.READ_NOTE, answer, session=session, purpose=purpose)
        if isinstance(decision, Refused):
            return decision
        note, held = decision.value
        chain = self.desk.repository.audit(actor.practice, Key(note.kind, note.id))
        return Accepted(verify(note, held, seals=seals_of(chain)))

    def note_actions(self, session: str, *, purpose: NoteKind = _PROGRESS) -> Decision[tuple[ActionState, ...]]:
        """List what this actor can do with the note right now, each refused one with its reasons (S59)."""
        actor = self.actor

        def answer(facts: SessionFacts, now: datetime) -> Decision[tuple[ActionState, ...]]:
            refused = authorise(facts, actor, Action.READ_NOTE)
            if refused is not None:
                return refused
            return Accepted(note_actions(facts, purpose=purpose, actor=actor, now=now))

        return self._ask_session(Action.READ_NOTE, answer, session=session, purpose=purpose)

    def sign_and_lock(
        self, session: str, *, revision: int, digest: str | None = None, name: str = "", purpose: NoteKind = _PROGRESS
    ) -> Decision[Note]:
        """Make the note a permanent record; its transcripts are unreadable from then on and erased (S57, S58)."""
        actor = self.actor
        decision = self._ask_session(
            Action.SIGN_NOTE,
            lambda facts, now: sign_and_lock(facts, revision=revision, digest=digest, name=name, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )
        self._erase(decision, session)
        return decision

    def submit_for_review(
        self, session: str, *, revision: int, digest: str | None = None, name: str = "", purpose: NoteKind = _PROGRESS
    ) -> Decision[Note]:
        """Sign as the author and pass the note to the supervisor (S59, S60)."""
        actor = self.actor
        return self._ask_session(
            Action.SUBMIT_NOTE,
            lambda facts, now: submit_for_review(
                facts, revision=revision, digest=digest, name=name, actor=actor, now=now
            ),
            session=session,
            purpose=purpose,
        )

    def approve_note(self, session: str, *, revision: int, digest: str | None = None, name: str = "") -> Decision[Note]:
        """Sign as the supervisor now assigned: locked, both signatures on it (S60)."""
        actor = self.actor
        decision = self._ask_session(
            Action.APPROVE_NOTE,
            lambda facts, now: approve_note(facts, revision=revision, digest=digest, name=name, actor=actor, now=now),
            session=session,
        )
        self._erase(decision, session)
        return decision

    def return_note(self, session: str, comment: str, *, revision: int) -> Decision[Note]:
        """Give the note back to its author with a comment (S60)."""
        actor = self.actor
        return self._ask_session(
            Action.RETURN_NOTE,
            lambda facts, now: return_note(facts, comment=comment, revision=revision, actor=actor, now=now),
            session=session,
        )

    def recall_note(self, session: str) -> Decision[Note]:
        """Take the own note back from review (A26)."""
        actor = self.actor
        return self._ask_session(
            Action.RECALL_NOTE, lambda facts, now: recall_note(facts, actor=actor, now=now), session=session
        )

    def add_addendum(
        self, session: str, text: str, *, addendum: str | None = None, purpose: NoteKind = _PROGRESS
    ) -> Decision[Note]:
        """Draft an addition to a locked note; naming the open `addendum` rewrites it (B7)."""
        actor, id = self.actor, addendum or self.desk.new_id()
        return self._ask_session(
            Action.ADD_ADDENDUM,
            lambda facts, now: add_addendum(facts, id=id, text=text, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def sign_addendum(self, session: str, *, name: str = "", purpose: NoteKind = _PROGRESS) -> Decision[Note]:
        """Sign the open addendum, or pass it to the supervisor (B7)."""
        actor = self.actor
        return self._ask_session(
            Action.ADD_ADDENDUM,
            lambda facts, now: sign_addendum(facts, name=name, actor=actor, now=now),
            session=session,
            purpose=purpose,
        )

    def approve_addendum(self, session: str, *, name: str = "") -> Decision[Note]:
        """Sign an addendum as the supervisor now assigned (B7)."""
        actor = self.actor
        return self._ask_session(
            Action.APPROVE_NOTE,
            lambda facts, now: approve_addendum(facts, name=name, actor=actor, now=now),
            session=session,
        )

    def return_addendum(self, session: str, comment: str = "") -> Decision[Note]:
        """Give an addendum back with a comment, or take the own one back without (B7)."""
        actor = self.actor
        action = Action.RECALL_NOTE if self.own() else Action.RETURN_NOTE
        return self._ask_session(
            action,
            lambda facts, now: return_addendum(facts, comment=comment, actor=actor, now=now),
            session=session,
        )
