"""Journeys of sessions: start, wait, admit, end; log one that took place elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from oasys_sched.decisions import Accepted, Decision
from oasys_sched.desk.asking import Asking
from oasys_sched.modes import Mode
from oasys_sched.policies.access import Action
from oasys_sched.ports import Query, Wanted
from oasys_sched.sessions.call import ChatMessage, Device
from oasys_sched.sessions.calling import admit, chat, join, leave, toggle
from oasys_sched.sessions.live import abandon, end, start
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.overdue import OverdueNote, overdue_notes
from oasys_sched.sessions.previous import bill_session, link_logged, log_previous, session_history
from oasys_sched.sessions.session import Session
from oasys_sched.units.booking import may_look

__all__ = ["Sessions"]


class Sessions(Asking):
    """What happens between the waiting room and the end. There is no journey that records anything (S43)."""

    def start(
        self,
        appointment: str | None = None,
        *,
        client: str | None = None,
        service: str | None = None,
        mode: Mode | str | None = None,
        place: str | None = None,
        key: str | None = None,
    ) -> Decision[Session]:
        """Start a session from its appointment, or with a client and a service without one (S37, S46, S70).

        `mode` is the actual one, the booked one by default; `place` where a client on the phone says to be (B12).
        """
        actor, id = self.actor, self.desk.new_id()
        return self._ask_session(
            Action.START,
            lambda facts, now: start(facts, id=id, mode=mode, service=service, place=place, actor=actor, now=now),
            appointment=appointment,
            client=client,
            clinician=self.own(),
            key=key,
            given=(service, mode, place),
        )

    def join(
        self, appointment: str | None = None, *, session: str | None = None, place: str | None = None
    ) -> Decision[Session]:
        """Enter the waiting room of an appointment or a running session (S40)."""
        actor, id = self.actor, self.desk.new_id()
        return self._ask_session(
            Action.JOIN,
            lambda facts, now: join(facts, id=id, place=place, actor=actor, now=now),
            appointment=appointment,
            session=session,
        )

    def admit(self, session: str, *, person: str | None = None) -> Decision[Session]:
        """Let somebody from the waiting room into the call (S41)."""
        actor = self.actor
        return self._ask_session(
            Action.ADMIT,
            lambda facts, now: admit(facts, person=person, actor=actor, now=now),
            session=session,
        )

    def leave(self, session: str) -> Decision[Session]:
        """Leave the call or the waiting room (A22)."""
        actor = self.actor
        return self._ask_session(Action.LEAVE, lambda facts, now: leave(facts, actor=actor, now=now), session=session)

    def toggle(self, session: str, device: Device | str, *, on: bool) -> Decision[Session]:
        """Switch one of the own devices or capabilities (S39, S42)."""
        actor = self.actor
        return self._ask_session(
            Action.USE_CALL,
            lambda facts, now: toggle(facts, device=device, on=on, actor=actor, now=now),
            session=session,
        )

    def chat(self, session: str, text: str) -> Decision[ChatMessage]:
        """Check a chat message and hand it back to be passed on; nothing keeps it (A43)."""
        actor = self.actor
        return self._ask_session(
            Action.USE_CALL, lambda facts, now: chat(facts, text=text, actor=actor, now=now), session=session
        )

    def end(self, session: str, *, key: str | None = None) -> Decision[Session]:
        """End a session: everybody leaves, transcription stops, the appointment is completed (S55)."""
        actor = self.actor
        return self._ask_session(
            Action.END, lambda facts, now: end(facts, actor=actor, now=now), session=session, key=key
        )

    def abandon(self, session: str) -> Decision[Session]:
        """Give up a session nobody came to; the appointment is upcoming again (A23)."""
        actor = self.actor
        decision = self._ask_session(
            Action.ABANDON, lambda facts, now: abandon(facts, actor=actor, now=now), session=session
        )
        self._erase(decision, session)
        return decision

    def log_previous(
        self,
        *,
        client: str,
        service: str,
        starts_at: datetime,
        mode: Mode | str | None = None,
        duration: timedelta | None = None,
        walk_in: bool = False,
        key: str | None = None,
    ) -> Decision[Session]:
        """Record a session that took place elsewhere, and open its note (S61-S65, S72)."""
        actor, id, note_id, nonce = self.actor, self.desk.new_id(), self.desk.new_id(), self.desk.new_nonce()
        return self._ask_session(
            Action.LOG_SESSION,
            lambda facts, now: log_previous(
                facts,
                id=id,
                note_id=note_id,
                nonce=nonce,
                service=service,
                mode=mode,
                starts_at=starts_at,
                duration=duration,
                walk_in=walk_in,
                actor=actor,
                now=now,
            ),
            client=client,
            clinician=self.own(),
            times=(starts_at,),
            key=key,
            given=(service, mode, duration, walk_in),
        )

    def link_logged(self, session: str, *, appointment: str, key: str | None = None) -> Decision[Session]:
        """Make a logged session the outcome of a past appointment (A31)."""
        actor = self.actor
        return self._ask_session(
            Action.LOG_SESSION,
            lambda facts, now: link_logged(facts, actor=actor, now=now),
            session=session,
            appointment=appointment,
            key=key,
        )

    def bill_session(self, session: str, *, key: str | None = None) -> Decision[Session]:
        """Record that an ended session was billed (S69)."""
        actor = self.actor
        return self._ask_session(
            Action.BILL, lambda facts, now: bill_session(facts, actor=actor, now=now), session=session, key=key
        )

    def history(self, client: str, *, clinician: str | None = None) -> Decision[tuple[Session, ...]]:
        """List what took place with one client, scheduled and logged alike, by actual start (S68)."""
        whose = clinician or self.own()
        refused = may_look(self.actor, whose, Action.SEE_CALENDAR)
        if refused is not None:
            return refused
        query = Query(kind="session", clinician=whose, client=client)
        found = self.desk.repository.load(Wanted(practice=self.actor.practice, queries=(query,)))
        return Accepted(session_history(found.all(Session), client))

    def overdue_notes(self, *, clinician: str | None = None) -> Decision[tuple[OverdueNote, ...]]:
        """List the ended sessions whose note should have been locked by now, the oldest first (B17)."""
        whose = clinician or self.own()
        refused = may_look(self.actor, whose, Action.SEE_CALENDAR)
        if refused is not None:
            return refused
        queries = (Query(kind="session", clinician=whose), Query(kind="note", clinician=whose))
        found = self.desk.repository.load(Wanted(practice=self.actor.practice, queries=queries))
        rows, policy = found.all(Note), self.desk.session_policy
        return Accepted(overdue_notes(found.all(Session), rows, self.desk.now(), policy=policy))
