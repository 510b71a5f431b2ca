"""What only time decides: bookings, requests and offers that nobody answered lapse (A9, B14)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from oasys_sched.aio.bookings import Bookings
from oasys_sched.aio.requests import Requests
from oasys_sched.aio.waitlist import Waitlist
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, refuse
from oasys_sched.errors import StaleWrite
from oasys_sched.policies.access import Action, Relation, may
from oasys_sched.units.booking import undecided

__all__ = ["Clockwork"]


class Clockwork(Bookings, Requests, Waitlist):
    """The system's own journeys, for a worker that runs every few minutes."""

    async def sweep(self) -> Decision[tuple[str, ...]]:
        """Let everything lapse whose time has come, as the system; return the ids of what did.

        A change that somebody makes at the same moment wins; what is left over lapses in the next round.
        """
        if not may(self.actor.kind, Action.EXPIRE, (Relation.PRACTICE,)):
            return refuse(Code.FORBIDDEN, "only the system lets things lapse")
        now = self.desk.now()
        found = await self.desk.repository.load(undecided(self.actor.practice))
        done: list[str] = []
        for booking in found.all(Appointment):
            if booking.status is AppointmentStatus.PENDING and now >= booking.starts_at:
                with suppress(StaleWrite):
                    done += _lapsed(booking.id, await self.expire(booking.id))
        for request in found.all(ChangeRequest):
            if request.lapsed(now):
                with suppress(StaleWrite):
                    done += _lapsed(request.id, await self.expire_request(request.id))
        for entry in found.all(WaitlistEntry):
            if entry.hold is not None and now >= entry.hold.expires_at:
                with suppress(StaleWrite):
                    done += _lapsed(entry.id, await self.expire_offer(entry.id))
        return Accepted(tuple(done))


def _lapsed(id: str, decision: Decision[Any]) -> tuple[str, ...]:
    return (id,) if isinstance(decision, Accepted) else ()
