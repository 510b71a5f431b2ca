"""Journeys of change requests: ask to move or cancel, approve, suggest, accept; and of fees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from oasys_sched.aio.asking import Asking
from oasys_sched.booking.answering import approve_request, decline_request, expire_request, suggest
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.asking import accept_alternative, decline_alternative, request_reschedule, withdraw_request
from oasys_sched.booking.cancelling import client_cancel
from oasys_sched.booking.charging import bill, decide_fee, reinstate_fee, waive_fee
from oasys_sched.booking.commands import CancelOwn, RequestMove
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.decisions import Decision
from oasys_sched.fees.charges import WaiveReason
from oasys_sched.fees.quote import Quote
from oasys_sched.policies.access import Action

__all__ = ["Requests"]


class Requests(Asking):
    """What clients ask for, how clinicians answer, and what it costs."""

    async def request_reschedule(
        self, appointment: str, *, to: datetime, text: str = "", key: str | None = None
    ) -> Decision[ChangeRequest]:
        """Ask to move an own appointment to a free slot; the proposed time is held (S34)."""
        actor, id = self.actor, self.desk.new_id()
        command = RequestMove(starts_at=to, text=text)
        return await self._ask(
            Action.REQUEST_RESCHEDULE,
            lambda facts, now: request_reschedule(facts, command, id=id, actor=actor, now=now),
            appointment=appointment,
            times=(to,),
            key=key,
            text=text,
        )

    async def client_cancel(
        self,
        appointment: str,
        *,
        reason: str = "client_request",
        text: str = "",
        quote: Quote | None = None,
        key: str | None = None,
    ) -> Decision[Appointment | ChangeRequest]:
        """Cancel an own appointment, or ask to where approval is needed (S91-S94); never dearer than `quote` (B2)."""
        actor, id = self.actor, self.desk.new_id()
        command = CancelOwn(reason=reason, text=text, quote=quote)
        return await self._ask(
            Action.CLIENT_CANCEL,
            lambda facts, now: client_cancel(facts, command, id=id, actor=actor, now=now),
            appointment=appointment,
            key=key,
            given=(reason, text, repr(quote)),
        )

    async def approve_request(
        self,
        request: str,
        *,
        apply_fee: bool | None = None,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[Appointment]:
        """Grant a request: move, or cancel with or without the late fee (S35, S104, S105)."""
        actor, id = self.actor, self.desk.new_id()
        return await self._ask(
            Action.APPROVE_REQUEST,
            lambda facts, now: approve_request(
                facts, apply_fee=apply_fee, allow_overlap=allow_overlap, id=id, actor=actor, now=now
            ),
            request=request,
            key=key,
            given=(apply_fee, allow_overlap),
        )

    async def suggest(
        self, request: str, *, starts: Sequence[datetime], key: str | None = None
    ) -> Decision[ChangeRequest]:
        """Suggest other times instead; each is held (S36)."""
        actor = self.actor
        return await self._ask(
            Action.SUGGEST,
            lambda facts, now: suggest(facts, starts=starts, actor=actor, now=now),
            request=request,
            times=tuple(starts),
            key=key,
        )

    async def decline_request(self, request: str, *, key: str | None = None) -> Decision[ChangeRequest]:
        """Decline a request: the original stands (A42)."""
        actor = self.actor
        return await self._ask(
            Action.DECLINE_REQUEST,
            lambda facts, now: decline_request(facts, actor=actor, now=now),
            request=request,
            key=key,
        )

    async def accept_alternative(
        self, request: str, *, starts_at: datetime, key: str | None = None
    ) -> Decision[Appointment]:
        """Accept one of the suggested times (S36)."""
        actor, id = self.actor, self.desk.new_id()
        return await self._ask(
            Action.ACCEPT_ALTERNATIVE,
            lambda facts, now: accept_alternative(facts, starts_at=starts_at, id=id, actor=actor, now=now),
            request=request,
            times=(starts_at,),
            key=key,
        )

    async def decline_alternative(self, request: str, *, key: str | None = None) -> Decision[ChangeRequest]:
        """Decline every suggested time: the original stands."""
        actor = self.actor
        return await self._ask(
            Action.DECLINE_ALTERNATIVE,
            lambda facts, now: decline_alternative(facts, actor=actor, now=now),
            request=request,
            key=key,
        )

    async def withdraw_request(self, request: str, *, key: str | None = None) -> Decision[ChangeRequest]:
        """Take an own request back."""
        actor = self.actor
        return await self._ask(
            Action.WITHDRAW_REQUEST,
            lambda facts, now: withdraw_request(facts, actor=actor, now=now),
            request=request,
            key=key,
        )

    async def expire_request(self, request: str) -> Decision[ChangeRequest]:
        """Let an undecided request lapse, as the system (A9)."""
        actor = self.actor
        return await self._ask(
            Action.EXPIRE, lambda facts, now: expire_request(facts, actor=actor, now=now), request=request
        )

    async def decide_fee(
        self, appointment: str, *, apply: bool, reason: WaiveReason | str | None = None, key: str | None = None
    ) -> Decision[Appointment]:
        """Apply or waive a late fee that waits for a decision (S104, S105, A6)."""
        actor = self.actor
        return await self._ask(
            Action.DECIDE_FEE,
            lambda facts, now: decide_fee(facts, apply=apply, reason=reason, actor=actor, now=now),
            appointment=appointment,
            key=key,
            given=(apply, reason),
        )

    async def waive_fee(
        self, appointment: str, *, reason: WaiveReason | str, key: str | None = None
    ) -> Decision[Appointment]:
        """Waive a stored fee, with a reason, until it is billed (B4)."""
        actor = self.actor
        return await self._ask(
            Action.WAIVE_FEE,
            lambda facts, now: waive_fee(facts, reason=reason, actor=actor, now=now),
            appointment=appointment,
            key=key,
            reason=reason,
        )

    async def reinstate_fee(self, appointment: str, *, reason: str, key: str | None = None) -> Decision[Appointment]:
        """Reinstate a waived fee, with a reason (B4)."""
        actor = self.actor
        return await self._ask(
            Action.REINSTATE_FEE,
            lambda facts, now: reinstate_fee(facts, reason=reason, actor=actor, now=now),
            appointment=appointment,
            key=key,
            reason=reason,
        )

    async def bill(self, appointment: str, *, key: str | None = None) -> Decision[Appointment]:
        """Record that an appointment's session or fee was billed."""
        actor = self.actor
        return await self._ask(
            Action.BILL, lambda facts, now: bill(facts, actor=actor, now=now), appointment=appointment, key=key
        )
