"""Journeys of appointments: create, book, approve, move, cancel, miss."""

from __future__ import annotations

from datetime import datetime, timedelta

from oasys_sched.aio.asking import Asking
from oasys_sched.availability.slots import Slots
from oasys_sched.booking.appointment import Appointment, Source
from oasys_sched.booking.approval import approve, decline, expire, withdraw
from oasys_sched.booking.cancelling import cancel
from oasys_sched.booking.commands import BookSlot
from oasys_sched.booking.creating import create
from oasys_sched.booking.moving import edit, reschedule
from oasys_sched.booking.offers import client_slots
from oasys_sched.booking.outcome import mark_no_show, undo_no_show
from oasys_sched.booking.scope import Scope
from oasys_sched.booking.selfbook import self_book
from oasys_sched.decisions import Decision
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator
from oasys_sched.times import Span

__all__ = ["Bookings"]


class Bookings(Asking):
    """Appointments, from the first wish to the last word."""

    async def slots(
        self,
        *,
        service: str,
        within: Span,
        mode: Mode | str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        location: str | None = None,
    ) -> Decision[Slots]:
        """List what a client could book right now (S15-S18); each of them can be booked at the same moment."""
        actor = self.actor
        return await self._ask(
            Action.SEE_SLOTS,
            lambda facts, now: client_slots(
                facts, service=service, mode=mode, location=location, within=within, actor=actor, now=now
            ),
            clinician=clinician,
            client=client,
            times=(within.start, within.end),
        )

    async def book(
        self,
        *,
        service: str,
        starts_at: datetime,
        mode: Mode | str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        location: str | None = None,
        terms_accepted: str | None = None,
        source: Source | str = Source.CLIENT,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Book a slot as a client, or as a guardian for `client` (S15-S21): confirmed, or pending approval."""
        actor, id = self.actor, self.desk.new_id()
        command = BookSlot(
            service=service,
            starts_at=starts_at,
            mode=mode,
            terms_accepted=terms_accepted,
            location=location,
            source=source,
        )
        return await self._ask(
            Action.SELF_BOOK,
            lambda facts, now: self_book(facts, command, id=id, actor=actor, now=now),
            clinician=clinician,
            client=client,
            times=(starts_at,),
            key=key,
            given=(service, mode, location, terms_accepted, source),
        )

    async def create(
        self,
        *,
        client: str,
        service: str,
        starts_at: datetime,
        mode: Mode | str | None = None,
        duration: timedelta | None = None,
        price: Money | None = None,
        clinician: str | None = None,
        location: str | None = None,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Create an appointment for a client (S1-S8); omitted facts come from the service."""
        actor, id = self.actor, self.desk.new_id()
        return await self._ask(
            Action.CREATE,
            lambda facts, now: create(
                facts,
                id=id,
                service=service,
                starts_at=starts_at,
                mode=mode,
                duration=duration,
                price=price,
                location=location,
                allow_overlap=allow_overlap,
                actor=actor,
                now=now,
            ),
            clinician=clinician or self.own(),
            client=client,
            times=(starts_at,),
            key=key,
            given=(service, mode, duration, price, location, allow_overlap),
        )

    async def approve(
        self, appointment: str, *, allow_overlap: bool = False, key: str | None = None
    ) -> Decision[Appointment]:
        """Confirm a pending booking (S20)."""
        actor = self.actor
        return await self._ask(
            Action.APPROVE,
            lambda facts, now: approve(facts, allow_overlap=allow_overlap, actor=actor, now=now),
            appointment=appointment,
            key=key,
            allow_overlap=allow_overlap,
        )

    async def decline(self, appointment: str, *, text: str = "", key: str | None = None) -> Decision[Appointment]:
        """Turn a pending booking down."""
        actor = self.actor
        return await self._ask(
            Action.DECLINE,
            lambda facts, now: decline(facts, text=text, actor=actor, now=now),
            appointment=appointment,
            key=key,
            text=text,
        )

    async def withdraw(self, appointment: str, *, key: str | None = None) -> Decision[Appointment]:
        """Take an own pending booking back (A19)."""
        actor = self.actor
        return await self._ask(
            Action.WITHDRAW,
            lambda facts, now: withdraw(facts, actor=actor, now=now),
            appointment=appointment,
            key=key,
        )

    async def expire(self, appointment: str) -> Decision[Appointment]:
        """Let a pending booking lapse, as the system (A9)."""
        actor = self.actor
        return await self._ask(
            Action.EXPIRE, lambda facts, now: expire(facts, actor=actor, now=now), appointment=appointment
        )

    async def reschedule(
        self,
        appointment: str,
        *,
        to: datetime,
        text: str = "",
        scope: Scope | str | None = None,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Move an upcoming appointment (S28-S30)."""
        actor = self.actor
        return await self._ask(
            Action.RESCHEDULE,
            lambda facts, now: reschedule(
                facts, starts_at=to, text=text, scope=scope, allow_overlap=allow_overlap, actor=actor, now=now
            ),
            appointment=appointment,
            times=(to,),
            key=key,
            given=(text, scope, allow_overlap),
        )

    async def edit(
        self,
        appointment: str,
        *,
        service: str | None = None,
        mode: Mode | str | None = None,
        duration: timedelta | None = None,
        price: Money | None = None,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Change the service, mode, length or price of an upcoming appointment (S8)."""
        actor = self.actor
        return await self._ask(
            Action.EDIT,
            lambda facts, now: edit(
                facts,
                service=service,
                mode=mode,
                duration=duration,
                price=price,
                allow_overlap=allow_overlap,
                actor=actor,
                now=now,
            ),
            appointment=appointment,
            key=key,
            given=(service, mode, duration, price, allow_overlap),
        )

    async def cancel(
        self,
        appointment: str,
        *,
        reason: str,
        text: str = "",
        initiator: Initiator | str | None = None,
        requested_at: datetime | None = None,
        apply_fee: bool | None = None,
        scope: Scope | str | None = None,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Cancel, with a reason; on a client's behalf lateness and fee follow from when the client asked (S31, A5)."""
        actor = self.actor
        return await self._ask(
            Action.CANCEL,
            lambda facts, now: cancel(
                facts,
                reason=reason,
                text=text,
                initiator=initiator,
                requested_at=requested_at,
                apply_fee=apply_fee,
                scope=scope,
                actor=actor,
                now=now,
            ),
            appointment=appointment,
            key=key,
            given=(reason, text, initiator, requested_at, apply_fee, scope),
        )

    async def mark_no_show(
        self, appointment: str, *, reason: str = "", key: str | None = None
    ) -> Decision[Appointment]:
        """Mark that the client did not come; a configured fee is stored (S100)."""
        actor = self.actor
        return await self._ask(
            Action.MARK_NO_SHOW,
            lambda facts, now: mark_no_show(facts, reason=reason, actor=actor, now=now),
            appointment=appointment,
            key=key,
            reason=reason,
        )

    async def undo_no_show(self, appointment: str, *, reason: str, key: str | None = None) -> Decision[Appointment]:
        """Take a no-show back until its fee is billed (A17)."""
        actor = self.actor
        return await self._ask(
            Action.UNDO_NO_SHOW,
            lambda facts, now: undo_no_show(facts, reason=reason, actor=actor, now=now),
            appointment=appointment,
            key=key,
            reason=reason,
        )
