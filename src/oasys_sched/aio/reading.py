"""What an actor may look at: a quote before cancelling, the actions at hand, the own view, what to bill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from oasys_sched.aio.asking import Asking
from oasys_sched.booking.actions import ActionState, available_actions
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.cancelling import quoted
from oasys_sched.booking.checks import found
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.own_view import ClientView, client_view
from oasys_sched.decisions import Accepted, Decision, Refused
from oasys_sched.fees.billing import BillableItem, billable_items
from oasys_sched.fees.quote import Quote
from oasys_sched.modes import Mode
from oasys_sched.people import Client
from oasys_sched.policies.access import Action
from oasys_sched.ports import Query, Wanted
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.times import Span
from oasys_sched.units.booking import may_look

__all__ = ["Reading"]


class Reading(Asking):
    """Answers that change nothing."""

    async def quote(self, appointment: str) -> Decision[Quote]:
        """Say what cancelling would mean right now: late or not, the cut-off, the fee, whether to ask (B2)."""
        actor = self.actor

        def answer(facts: Facts, now: datetime) -> Decision[Quote]:
            about = found(facts, actor, Action.QUOTE)
            return about if isinstance(about, Refused) else Accepted(quoted(facts, about, now))

        return await self._ask(Action.QUOTE, answer, appointment=appointment)

    async def actions(self, appointment: str) -> Decision[tuple[ActionState, ...]]:
        """List what this actor can do with an appointment right now, each refused one with its reasons (S27)."""
        actor = self.actor

        def answer(facts: Facts, now: datetime) -> Decision[Any]:
            about = found(facts, actor, Action.QUOTE)
            if isinstance(about, Refused):
                return about
            return Accepted(available_actions(about, facts, actor=actor, now=now))

        return await self._ask(Action.QUOTE, answer, appointment=appointment)

    async def view(
        self,
        *,
        service: str,
        within: Span,
        mode: Mode | str | None = None,
        clinician: str | None = None,
        client: str | None = None,
    ) -> Decision[ClientView]:
        """Show a client the free slots and the own appointments, and nothing else (S109)."""
        actor = self.actor
        return await self._ask(
            Action.SEE_SLOTS,
            lambda facts, now: client_view(facts, service=service, mode=mode, within=within, actor=actor, now=now),
            clinician=clinician,
            client=client,
            times=(within.start, within.end),
        )

    async def agenda(self, within: Span, *, clinician: str | None = None) -> Decision[tuple[Appointment, ...]]:
        """List a clinician's appointments of every status that overlap a span, in order of start."""
        whose = clinician or self.own()
        refused = may_look(self.actor, whose, Action.SEE_CALENDAR)
        if refused is not None:
            return refused
        query = Query(kind="appointment", clinician=whose, within=within)
        snapshot = await self.desk.repository.load(Wanted(practice=self.actor.practice, queries=(query,)))
        return Accepted(tuple(sorted(snapshot.all(Appointment), key=lambda row: (row.starts_at, row.id))))

    async def billable(
        self, *, clinician: str | None = None, require_signed_note: bool = False
    ) -> Decision[tuple[BillableItem, ...]]:
        """List Bill Sessions: ended sessions, logged ones too, and stored fees of billed clients (S69, S101)."""
        whose = clinician or self.own()
        refused = may_look(self.actor, whose, Action.BILL)
        if refused is not None:
            return refused
        queries = (
            Query(kind="appointment", clinician=whose),
            Query(kind="session", clinician=whose, statuses=(SessionStatus.ENDED,)),
            Query(kind="client"),
        )
        found = await self.desk.repository.load(Wanted(practice=self.actor.practice, queries=queries))
        return Accepted(
            billable_items(
                found.all(Appointment),
                found.all(Client),
                sessions=[row.as_billable() for row in found.all(Session)],
                require_signed_note=require_signed_note,
            )
        )
