"""What every counter has: the desk behind it, the actor before it, and how one thing is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from oasys_sched.actors import Actor
from oasys_sched.booking.facts import Facts
from oasys_sched.decisions import Decision, Refused
from oasys_sched.errors import NotFound, PortFailed, StaleWrite
from oasys_sched.policies.access import Action
from oasys_sched.ports import TranscriptStore
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import NoteKind
from oasys_sched.sessions.transcript import PurgeObligation
from oasys_sched.units.asks import Ask, SessionAsk
from oasys_sched.units.booking import own_client
from oasys_sched.units.sessions import open_purges, proof

if TYPE_CHECKING:
    from oasys_sched.desk.core import Desk

__all__ = ["Asking"]


class Asking:
    """One actor at the desk."""

    def __init__(self, desk: Desk, actor: Actor) -> None:
        self.desk = desk
        self.actor = actor

    def _ask(
        self,
        action: Action,
        decide: Callable[[Facts, datetime], Decision[Any]],
        *,
        key: str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        appointment: str | None = None,
        request: str | None = None,
        block: str | None = None,
        entry: str | None = None,
        waiting: bool = False,
        times: tuple[datetime | None, ...] = (),
        all_future: bool = False,
        **body: object,
    ) -> Decision[Any]:
        about = {"clinician": clinician, "client": client, "appointment": appointment, "request": request,
                 "block": block, "entry": entry}  # fmt: skip
        named = appointment or request or entry
        ask = Ask(
            command=action.value,
            action=action,
            decide=decide,
            clinician=clinician,
            client=own_client(self.actor, client) if named is None else None,
            appointment=appointment,
            request=request,
            block=block,
            entry=entry,
            waiting=waiting,
            times=times,
            all_future=all_future,
            body={**about, **body, "times": times},
            key=key,
        )
        return self.desk.decide(self.actor, ask)

    def _ask_session(
        self,
        action: Action,
        decide: Callable[[SessionFacts, datetime], Decision[Any]],
        *,
        key: str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        appointment: str | None = None,
        session: str | None = None,
        purpose: NoteKind = NoteKind.PROGRESS,
        times: tuple[datetime | None, ...] = (),
        **body: object,
    ) -> Decision[Any]:
        about = {"clinician": clinician, "client": client, "appointment": appointment, "session": session}
        ask = SessionAsk(
            command=action.value,
            action=action,
            decide=decide,
            clinician=clinician,
            client=own_client(self.actor, client) if appointment is None and session is None else None,
            appointment=appointment,
            session=session,
            purpose=purpose,
            times=times,
            body={**about, **body, "times": times},
            key=key,
        )
        return self.desk.decide(self.actor, ask)

    def _erase(self, decision: Decision[Any], session: str) -> None:
        """Erase right after the commit that ordered it. What fails stays owed: the worker tries again."""
        if isinstance(decision, Refused) or self.desk.transcripts is None:
            return
        with suppress(StaleWrite, PortFailed):
            self._work_off(session)

    def _work_off(self, session: str | None) -> tuple[PurgeObligation, ...]:
        found = self.desk.repository.load(open_purges(self.actor.practice, session))
        return tuple([self._erase_one(row) for row in found.all(PurgeObligation)])

    def _erase_one(self, duty: PurgeObligation) -> PurgeObligation:
        """Destroy the key, remove, look: steps that may each be repeated after a crash (reliability 4.7).

        The store's word for it is not enough: what can still be read is not gone.
        """
        store, system = self.desk.transcripts, Actor.system(practice=duty.practice)
        if store is None:
            return duty
        count, absent = 0, False
        with suppress(PortFailed):
            store.destroy_key(duty.practice, duty.id)
            count = store.purge(duty.practice, duty.id)
            absent = store.absent(duty.practice, duty.id) and not self._readable(store, duty)
        decide = proof(duty.id, absent=absent, count=count, store=store.name, method=store.method, actor=system)
        ask = SessionAsk(command="purge", action=Action.PURGE, decide=decide, session=duty.session)
        decision = self.desk.decide(system, ask)
        return duty if isinstance(decision, Refused) else decision.value

    def _readable(self, store: TranscriptStore, duty: PurgeObligation) -> bool:
        try:
            return len(store.read(duty.practice, duty.id)) > 0
        except NotFound:
            return False

    def own(self) -> str | None:
        """Return the clinician this actor is, if any."""
        return self.actor.id if self.actor.kind == "clinician" else None
