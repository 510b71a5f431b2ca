"""A clinician creates an appointment (S1-S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Source
from oasys_sched.booking.checks import (
    chosen_mode,
    client_of,
    gathered,
    lasting,
    located,
    offered,
    practising,
    priced,
    upcoming,
)
from oasys_sched.booking.conflicts import place
from oasys_sched.booking.events import AppointmentCreated
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.telling import tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.people import Client, ClientStatus
from oasys_sched.policies.access import Action
from oasys_sched.policies.terms import Terms
from oasys_sched.services import Service
from oasys_sched.times import Span

__all__ = ["create"]


def create(
    facts: Facts,
    *,
    id: str,
    service: str,
    starts_at: datetime,
    mode: Mode | str | None = None,
    duration: timedelta | None = None,
    price: Money | None = None,
    location: str | None = None,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    """Create an appointment for `facts.client` (S1-S8): omitted mode, duration and price come from the service.

    Own appointments and holds refuse unless `allow_overlap`; blocks, busy calendars and hours only warn (A10).
    """
    planned = plan(
        facts,
        Action.CREATE,
        id=id,
        service=service,
        starts_at=starts_at,
        mode=mode,
        duration=duration,
        price=price,
        location=location,
        actor=actor,
        now=now,
    )
    if isinstance(planned, Refused):
        return planned
    placed = place(facts, planned.span, planned.client, now=now, allow_overlap=allow_overlap)
    if isinstance(placed, Refused):
        return placed
    appointment = replace(planned, overlap_allowed=placed.overlap)
    return Accepted(
        appointment,
        (tell(AppointmentCreated, appointment, actor, now),),
        (*placed.warnings, *unreachable(facts.client)),
        (appointment,),
    )


def plan(
    facts: Facts,
    action: Action,
    *,
    id: str,
    service: str,
    starts_at: datetime,
    mode: Mode | str | None,
    duration: timedelta | None,
    price: Money | None,
    location: str | None,
    actor: Actor,
    now: datetime,
) -> Appointment | Refused:
    """Judge actor, client and input of a clinician's new appointment; return it, its place not yet judged."""
    client = plannable(facts, actor, action)
    if isinstance(client, Refused):
        return client
    chosen = offered(facts.service(service), facts.clinician)
    if isinstance(chosen, Refused):
        return chosen
    how = chosen_mode(chosen, mode, default=True)
    start = upcoming(starts_at, now)
    span = start if isinstance(start, Refused) else lasting(start, chosen.duration if duration is None else duration)
    where = located(facts, chosen, location, how)
    bad = priced(price)
    if isinstance(how, Refused) or isinstance(span, Refused) or isinstance(where, Refused) or bad is not None:
        return gathered(how, span, bad, where)
    return drafted(facts, chosen, client, how, span, id=id, location=where, price=price, now=now)


def plannable(facts: Facts, actor: Actor, action: Action) -> Client | Refused:
    """Return the client to plan for: on the clinician's caseload and not archived; a pending one will do (S2, O2)."""
    client = client_of(facts, actor, action)
    if isinstance(client, Refused):
        return client
    idle = practising(facts)
    if idle is not None:
        return idle
    return on_caseload(facts, client)


def on_caseload(facts: Facts, client: Client) -> Client | Refused:
    """Return a client of the clinician's caseload who is not archived (S2)."""
    if facts.clinician.id not in client.clinicians:
        return refuse(Code.CLIENT_NOT_IN_CASELOAD, "the client is not on this clinician's caseload", field="client")
    if client.status is ClientStatus.ARCHIVED:
        return refuse(Code.CLIENT_ARCHIVED, "the client is archived: reactivate first", field="client")
    return client


def drafted(
    facts: Facts,
    service: Service,
    client: Client,
    mode: Mode,
    span: Span,
    *,
    id: str,
    now: datetime,
    location: str | None = None,
    price: Money | None = None,
    status: AppointmentStatus = AppointmentStatus.UPCOMING,
    source: Source = Source.CLINICIAN,
    accepted_at: datetime | None = None,
) -> Appointment:
    """Return the first revision of an appointment, with its snapshots of price, buffers and terms (S4, S6, B3)."""
    return Appointment(
        practice=facts.practice.id,
        id=id,
        revision=1,
        clinician=facts.clinician.id,
        client=client.id,
        service=service.id,
        mode=mode,
        starts_at=span.start,
        duration=span.duration,
        zone=facts.clinician.zone,
        status=status,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        price=service.price.amount(mode) if price is None else price,
        location=location,
        source=source,
        created_at=now,
        original_start=span.start,
        terms=Terms.of(facts.schedule.cancellation, service, mode, accepted_at=accepted_at),
    )


def unreachable(client: Client | None) -> tuple[Refusal, ...]:
    """Warn when no address is on file: the appointment stands, the notice cannot go out (S7)."""
    if client is None or client.contact:
        return ()
    return (Refusal(Code.NO_CONTACT, "no email address on file: tell the client yourself", "client"),)
