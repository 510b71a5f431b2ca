"""Joining the waitlist, offering a freed slot, and the first acceptance that wins (B14)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, Source
from oasys_sched.booking.checks import (
    authorise,
    chosen_mode,
    client_of,
    instant,
    lasting,
    offered,
    practising,
    upcoming,
)
from oasys_sched.booking.conflicts import Placed, clashes
from oasys_sched.booking.creating import drafted, unreachable
from oasys_sched.booking.events import AppointmentBooked, AppointmentRescheduled
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.moving import moved_to
from oasys_sched.booking.offers import bookable_service, may_self_book, public
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, superseded, tell
from oasys_sched.booking.waitlist import (
    WAITLIST,
    Preference,
    WaitlistAct,
    WaitlistEntry,
    WaitlistOffer,
    matching,
)
from oasys_sched.booking.waitlist_events import (
    SlotOffered,
    WaitlistEvent,
    WaitlistJoined,
    WaitlistLeft,
    WaitlistOfferClosed,
)
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.people import Client
from oasys_sched.policies.access import Action
from oasys_sched.times import Span

__all__ = [
    "accept_offer",
    "decline_offer",
    "expire_offer",
    "join_waitlist",
    "leave_waitlist",
    "offer_freed_slot",
]

ANY_TIME: Final = Preference()
W = TypeVar("W", bound=WaitlistEvent)


def join_waitlist(
    facts: Facts,
    *,
    id: str,
    service: str,
    mode: Mode | None = None,
    preference: Preference = ANY_TIME,
    appointment: str | None = None,
    actor: Actor,
    now: datetime,
) -> Decision[WaitlistEntry]:
    """Wait for a time that suits; with `appointment`, for a better one than that, which is kept until then."""
    client = client_of(facts, actor, Action.JOIN_WAITLIST)
    if isinstance(client, Refused):
        return client
    barred = may_self_book(facts, client, service, now)
    # Having as many appointments ahead as allowed is no bar to moving one of them.
    if barred is not None and (appointment is None or barred.code is not Code.CLIENT_CAP):
        return barred
    chosen = bookable_service(facts, service)
    if isinstance(chosen, Refused):
        return chosen
    how = chosen_mode(chosen, mode, default=False)
    if isinstance(how, Refused):
        return how
    if appointment is not None:
        known = facts.appointment
        if known is None or (known.id, known.client) != (appointment, client.id):
            return refuse(Code.NOT_FOUND, "no such appointment", field="appointment")
        movable = step(APPOINTMENT, known.status, AppointmentAct.REQUEST_RESCHEDULE)
        if isinstance(movable, Refused):
            return movable
    entry = WaitlistEntry(
        practice=facts.practice.id,
        id=id,
        revision=1,
        clinician=facts.clinician.id,
        client=client.id,
        service=chosen.id,
        mode=how,
        zone=facts.zone.key,
        joined_at=now,
        preference=preference,
        appointment=appointment,
    )
    return Accepted(entry, (_tell(WaitlistJoined, entry, actor, now),), unreachable(client), (entry,))


def offer_freed_slot(
    facts: Facts,
    *,
    service: str,
    mode: Mode,
    starts_at: datetime,
    expires_at: datetime,
    most: int = 3,
    actor: Actor,
    now: datetime,
) -> Decision[tuple[WaitlistEntry, ...]]:
    """Offer a free time to the longest waiting clients whom it suits, up to `most`; it is held until the offer ends."""
    refused = authorise(facts, actor, Action.OFFER_FREED_SLOT)
    if refused is not None:
        return refused
    idle = practising(facts)
    if idle is not None:
        return idle
    start, until = upcoming(starts_at, now), instant(expires_at, "expires_at")
    if isinstance(start, Refused):
        return start
    if isinstance(until, Refused):
        return until
    if not now < until <= start:
        return refuse(Code.INVALID_RANGE, "let the offer end after now and before the start", field="expires_at")
    chosen = offered(facts.service(service), facts.clinician)
    if isinstance(chosen, Refused):
        return chosen
    span = lasting(start, chosen.duration)
    if isinstance(span, Refused):
        return span
    fitting = [
        entry
        for entry in matching(facts.waitlist, clinician=facts.clinician.id, service=service, mode=mode, starts_at=start)
        if not clashes(facts, span, entry.client, now=now, ignoring=_own(entry))
    ][:most]
    if not fitting:
        return refuse(Code.NO_CHANGE, "nobody on the waitlist can use that time", field="starts_at")
    in_the_way = {row.id for row in facts.occupied(during=span)}
    holding = tuple(
        changed(
            entry,
            status=WAITLIST[entry.status][WaitlistAct.OFFER],
            offer=WaitlistOffer(
                span=span, expires_at=until, over=entry.appointment if entry.appointment in in_the_way else None
            ),
        )
        for entry in fitting
    )
    events = tuple(_tell(SlotOffered, entry, actor, now, starts_at=start, expires_at=until) for entry in holding)
    return Accepted(holding, events, (), holding)


def accept_offer(facts: Facts, *, entry: str, id: str, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Take the offered time: the first acceptance wins, everybody else offered it waits on (B14).

    The appointment that was to be moved moves; without one, a new appointment `id` is made.
    """
    mine = _mine(facts, entry, actor, WaitlistAct.ACCEPT)
    if isinstance(mine, Refused):
        return mine
    own, client = mine
    offer = own.offer
    if offer is None or now >= offer.expires_at:
        return refuse(Code.HOLD_EXPIRED, "the offer has ended", field="entry")
    taken = (
        _booked(facts, own, client, offer.span, id, now) if own.appointment is None else _moved(facts, own, offer.span)
    )
    if isinstance(taken, Refused):
        return taken
    rivals = [
        row for row in facts.waitlist if row.id != own.id and row.hold is not None and row.hold.span == offer.span
    ]
    free = frozenset({taken.id, own.id, *(row.id for row in rivals)})
    stopped = clashes(facts, taken.span, own.client, now=now, ignoring=free)
    if stopped:
        return Refused(public(stopped))
    booked = changed(own, status=WAITLIST[own.status][WaitlistAct.ACCEPT], offer=None)
    lost = [changed(row, status=WAITLIST[row.status][WaitlistAct.LOSE], offer=None) for row in rivals]
    closed, told = superseded(facts.request_on(taken.id), actor, now)
    event: Event
    if own.appointment is None:
        event = tell(AppointmentBooked, taken, actor, now, source=taken.source)
    else:
        old = facts.appointment.starts_at if facts.appointment else taken.starts_at
        event = tell(AppointmentRescheduled, taken, actor, now, old_start=old)
    events = (event, *told, *(_tell(WaitlistOfferClosed, row, actor, now, why=WaitlistAct.LOSE) for row in lost))
    return Accepted(taken, events, unreachable(client), (taken, booked, *lost, *closed))


def _booked(
    facts: Facts, entry: WaitlistEntry, client: Client, span: Span, id: str, now: datetime
) -> Appointment | Refused:
    service = offered(facts.service(entry.service), facts.clinician)
    if isinstance(service, Refused):
        return service
    return drafted(facts, service, client, entry.mode, span, id=id, source=Source.CLIENT, now=now)


def _moved(facts: Facts, entry: WaitlistEntry, span: Span) -> Appointment | Refused:
    original = facts.appointment
    if original is None or original.id != entry.appointment:
        return refuse(Code.NOT_FOUND, "no such appointment", field="appointment")
    movable = step(APPOINTMENT, original.status, AppointmentAct.RESCHEDULE)
    if isinstance(movable, Refused):
        return movable
    there = Span(span.start, span.start + original.duration)
    return moved_to(original, there, Placed(overlap=False, warnings=()), reschedules=original.reschedules + 1)


def decline_offer(facts: Facts, *, entry: str, actor: Actor, now: datetime) -> Decision[WaitlistEntry]:
    """Decline the offered time and wait on."""
    mine = _mine(facts, entry, actor, WaitlistAct.DECLINE)
    if isinstance(mine, Refused):
        return mine
    return _closed(mine[0], WaitlistAct.DECLINE, actor, now)


def leave_waitlist(facts: Facts, *, entry: str, actor: Actor, now: datetime) -> Decision[WaitlistEntry]:
    """Wait no more; an open offer is free again."""
    mine = _mine(facts, entry, actor, WaitlistAct.LEAVE)
    if isinstance(mine, Refused):
        return mine
    left = changed(mine[0], status=WAITLIST[mine[0].status][WaitlistAct.LEAVE], offer=None)
    return Accepted(left, (_tell(WaitlistLeft, left, actor, now),), (), (left,))


def expire_offer(facts: Facts, *, entry: str, actor: Actor, now: datetime) -> Decision[WaitlistEntry]:
    """Let an unanswered offer lapse; the client waits on."""
    refused = authorise(facts, actor, Action.EXPIRE)
    if refused is not None:
        return refused
    own = _entry(facts, entry, WaitlistAct.LAPSE)
    if isinstance(own, Refused):
        return own
    if own.offer is not None and now < own.offer.expires_at:
        return refuse(Code.NOT_STARTED_YET, "the offer still stands", field="entry")
    return _closed(own, WaitlistAct.LAPSE, actor, now)


def _mine(facts: Facts, id: str, actor: Actor, act: WaitlistAct) -> tuple[WaitlistEntry, Client] | Refused:
    client = client_of(facts, actor, Action.JOIN_WAITLIST)
    if isinstance(client, Refused):
        return client
    own = _entry(facts, id, act, client=client.id)
    return own if isinstance(own, Refused) else (own, client)


def _entry(facts: Facts, id: str, act: WaitlistAct, *, client: str | None = None) -> WaitlistEntry | Refused:
    found = next((row for row in facts.waitlist if row.id == id and client in (None, row.client)), None)
    if found is None:
        return refuse(Code.NOT_FOUND, "no such entry", field="entry")
    status = step(WAITLIST, found.status, act)
    return status if isinstance(status, Refused) else found


def _closed(entry: WaitlistEntry, act: WaitlistAct, actor: Actor, now: datetime) -> Accepted[WaitlistEntry]:
    waiting = changed(entry, status=WAITLIST[entry.status][act], offer=None)
    return Accepted(waiting, (_tell(WaitlistOfferClosed, waiting, actor, now, why=act),), (), (waiting,))


def _own(entry: WaitlistEntry) -> frozenset[str]:
    """Return what of the client's own may be in the way of a better time: the appointment to be moved."""
    return frozenset() if entry.appointment is None else frozenset({entry.appointment})


def _tell(event: type[W], entry: WaitlistEntry, actor: Actor, now: datetime, **facts: Any) -> W:
    return event(
        practice=entry.practice,
        entry=entry.id,
        clinician=entry.clinician,
        client=entry.client,
        appointment=entry.appointment,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )
