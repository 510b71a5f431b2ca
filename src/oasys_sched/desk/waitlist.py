"""Journeys of the waitlist: wait for a better time, offer a freed one, take it first (B14)."""

from __future__ import annotations

from datetime import datetime

from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.waiting import (
    accept_offer,
    decline_offer,
    expire_offer,
    join_waitlist,
    leave_waitlist,
    offer_freed_slot,
)
from oasys_sched.booking.waitlist import Preference, WaitlistEntry
from oasys_sched.decisions import Decision
from oasys_sched.desk.asking import Asking
from oasys_sched.modes import Mode
from oasys_sched.policies.access import Action

__all__ = ["Waitlist"]

_ANY_TIME = Preference()


class Waitlist(Asking):
    """Who waits for a time, and who gets it."""

    def join_waitlist(
        self,
        *,
        service: str,
        mode: Mode | None = None,
        preference: Preference = _ANY_TIME,
        appointment: str | None = None,
        clinician: str | None = None,
        client: str | None = None,
        key: str | None = None,
    ) -> Decision[WaitlistEntry]:
        """Wait for a time that suits; with `appointment`, for a better one than that, kept until then."""
        actor, id = self.actor, self.desk.new_id()
        return self._ask(
            Action.JOIN_WAITLIST,
            lambda facts, now: join_waitlist(
                facts,
                id=id,
                service=service,
                mode=mode,
                preference=preference,
                appointment=appointment,
                actor=actor,
                now=now,
            ),
            clinician=clinician,
            client=client,
            appointment=appointment,
            key=key,
            given=("join", service, mode, repr(preference)),
        )

    def leave_waitlist(self, entry: str, *, key: str | None = None) -> Decision[WaitlistEntry]:
        """Wait no more."""
        actor = self.actor
        return self._ask(
            Action.JOIN_WAITLIST,
            lambda facts, now: leave_waitlist(facts, entry=entry, actor=actor, now=now),
            entry=entry,
            key=key,
            given=("leave",),
        )

    def offer_freed_slot(
        self,
        *,
        service: str,
        mode: Mode,
        starts_at: datetime,
        expires_at: datetime,
        most: int = 3,
        clinician: str | None = None,
        key: str | None = None,
    ) -> Decision[tuple[WaitlistEntry, ...]]:
        """Offer a free time to the longest waiting clients whom it suits; it is held until `expires_at`."""
        actor = self.actor
        return self._ask(
            Action.OFFER_FREED_SLOT,
            lambda facts, now: offer_freed_slot(
                facts,
                service=service,
                mode=mode,
                starts_at=starts_at,
                expires_at=expires_at,
                most=most,
                actor=actor,
                now=now,
            ),
            clinician=clinician or self.own(),
            waiting=True,
            times=(starts_at,),
            key=key,
            given=(service, mode, expires_at, most),
        )

    def accept_offer(self, entry: str, *, key: str | None = None) -> Decision[Appointment]:
        """Take the offered time: the first acceptance wins, and the kept appointment moves there."""
        actor, id = self.actor, self.desk.new_id()
        return self._ask(
            Action.JOIN_WAITLIST,
            lambda facts, now: accept_offer(facts, entry=entry, id=id, actor=actor, now=now),
            entry=entry,
            waiting=True,
            key=key,
            given=("accept",),
        )

    def decline_offer(self, entry: str, *, key: str | None = None) -> Decision[WaitlistEntry]:
        """Decline the offered time and wait on."""
        actor = self.actor
        return self._ask(
            Action.JOIN_WAITLIST,
            lambda facts, now: decline_offer(facts, entry=entry, actor=actor, now=now),
            entry=entry,
            key=key,
            given=("decline",),
        )

    def expire_offer(self, entry: str) -> Decision[WaitlistEntry]:
        """Let an unanswered offer lapse, as the system; the client waits on."""
        actor = self.actor
        return self._ask(
            Action.EXPIRE, lambda facts, now: expire_offer(facts, entry=entry, actor=actor, now=now), entry=entry
        )
