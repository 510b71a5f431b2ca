"""A client books a slot (S15-S21)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Source
from oasys_sched.booking.checks import chosen_mode, client_of, gathered, instant, lasting, located
from oasys_sched.booking.commands import BookSlot
from oasys_sched.booking.creating import drafted, unreachable
from oasys_sched.booking.events import AppointmentBooked, BookingRequested
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.offers import bookable_service, free_for_client, may_self_book
from oasys_sched.booking.telling import tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.people import Client
from oasys_sched.policies.access import Action
from oasys_sched.policies.booking import BookingMode
from oasys_sched.services import Service

__all__ = ["self_book"]

# The doors of clients (S21).
_DOORS: Final = (Source.CLIENT, Source.WIDGET)


def self_book(facts: Facts, command: BookSlot, *, id: str, actor: Actor, now: datetime) -> Decision[Appointment]:
    """Book a slot for `facts.client`: confirmed at once, or pending and held until approved (S19, S20).

    The start has to be one of the slots listed at this very moment; duration and price come from the service (S18).
    Every door has these rules, the widget too (S21).
    """
    client = client_of(facts, actor, Action.SELF_BOOK)
    if isinstance(client, Refused):
        return client
    barred = may_self_book(facts, client, command.service, now)
    if barred is not None:
        return barred
    service = bookable_service(facts, command.service)
    if isinstance(service, Refused):
        return service
    mode = chosen_mode(service, command.mode, default=False)
    place = located(facts, service, command.location, mode)
    start = instant(command.starts_at, "starts_at")
    span = start if isinstance(start, Refused) else lasting(start, service.duration)
    unpaid = _payable(service, client)
    terms = _agreed(facts, command)
    door = _door(command.source)
    if (
        isinstance(mode, Refused)
        or isinstance(place, Refused)
        or isinstance(span, Refused)
        or unpaid is not None
        or terms is not None
        or isinstance(door, Refused)
    ):
        return gathered(mode, place, span, unpaid, terms, door)
    stopped = free_for_client(facts, service, span.start, client.id, now=now, mode=mode, location=place)
    if stopped:
        return Refused(stopped)
    waits = facts.schedule.booking.for_service(service.id).mode is BookingMode.APPROVAL
    appointment = drafted(
        facts,
        service,
        client,
        mode,
        span,
        id=id,
        location=place,
        status=AppointmentStatus.PENDING if waits else AppointmentStatus.UPCOMING,
        source=door,
        accepted_at=now if command.terms_accepted is not None else None,
        now=now,
    )
    event = tell(BookingRequested if waits else AppointmentBooked, appointment, actor, now, source=door)
    return Accepted(appointment, (event,), unreachable(client), (appointment,))


def _door(source: Source | str) -> Source | Refused:
    if source in _DOORS:
        return Source(source)
    return refuse(Code.INVALID_VALUE, "clients book by the client door or the widget", field="source")


def _payable(service: Service, client: Client) -> Refused | None:
    if client.has_payment_method or not service.requires_payment_method:
        return None
    return refuse(Code.PAYMENT_METHOD_REQUIRED, "add a way to pay before booking", field="client")


def _agreed(facts: Facts, command: BookSlot) -> Refused | None:
    policy = facts.schedule.cancellation
    # Terms that were never asked for may be left out; agreeing to other ones than are in force is agreeing to nothing.
    if command.terms_accepted == policy.version or (
        command.terms_accepted is None and not policy.require_acknowledgement
    ):
        return None
    return refuse(
        Code.TERMS_NOT_ACCEPTED, "agree to the terms in force", field="terms_accepted", version=policy.version
    )
