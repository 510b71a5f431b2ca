"""How decisions write themselves down: the next revision of an aggregate, and the events about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.events import (
    AppointmentEvent,
    FeeChanged,
    RequestEvent,
    RequestSuperseded,
)
from oasys_sched.booking.request import ChangeRequest, RequestKind
from oasys_sched.booking.table import REQUEST, RequestAct
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.decisions import Event
from oasys_sched.fees.charges import CHARGE, Charge, ChargeAct, ChargeState

__all__ = ["changed", "dropped", "fee_told", "opened", "superseded", "tell", "tell_request"]

A = TypeVar("A", bound=AppointmentEvent)
R = TypeVar("R", bound=RequestEvent)
T = TypeVar("T", Appointment, ChangeRequest, WaitlistEntry)


def changed(aggregate: T, **fields: Any) -> T:
    """Return the next revision of an aggregate."""
    return replace(aggregate, revision=aggregate.revision + 1, **fields)


def opened(appointment: Appointment, asks: RequestKind, *, id: str, now: datetime, **facts: Any) -> ChangeRequest:
    """Return the first revision of a request on an appointment, its start frozen as of now (A4)."""
    return ChangeRequest(
        practice=appointment.practice,
        id=id,
        revision=1,
        asks=asks,
        appointment=appointment.id,
        clinician=appointment.clinician,
        client=appointment.client,
        requested_at=now,
        old_start=appointment.starts_at,
        duration=appointment.duration,
        **facts,
    )


def tell(event: type[A], appointment: Appointment, actor: Actor, now: datetime, **facts: Any) -> A:
    """Return an event about an appointment as it now stands."""
    return event(
        practice=appointment.practice,
        appointment=appointment.id,
        clinician=appointment.clinician,
        client=appointment.client,
        starts_at=appointment.starts_at,
        duration=appointment.duration,
        mode=appointment.mode,
        sequence=appointment.sequence,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )


def tell_request(event: type[R], request: ChangeRequest, actor: Actor, now: datetime, **facts: Any) -> R:
    """Return an event about a change request as it now stands."""
    return event(
        practice=request.practice,
        request=request.id,
        asks=request.asks,
        appointment=request.appointment,
        clinician=request.clinician,
        client=request.client,
        old_start=request.old_start,
        proposed=request.proposed,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )


def fee_told(
    appointment: Appointment, before: ChargeState | None, actor: Actor, now: datetime, *, group: str | None = None
) -> tuple[Event, ...]:
    """Return the event of a fee that arose or moved; nothing when there is no fee."""
    charge: Charge | None = appointment.charge
    if charge is None or charge.state is before:
        return ()
    return (
        tell(
            FeeChanged,
            appointment,
            actor,
            now,
            group=group,
            fee=charge.kind,
            before=before,
            after=charge.state,
            amount=charge.amount,
            reason=charge.reason if charge.state is ChargeState.WAIVED else None,
        ),
    )


def dropped(charge: Charge | None) -> Charge | None:
    """Return a fee that nobody will decide any more as void, any other as it is (3.8)."""
    if charge is None or charge.state is not ChargeState.DECISION_PENDING:
        return charge
    return replace(charge, state=CHARGE[charge.state][ChargeAct.VOID])


def superseded(
    request: ChangeRequest | None, actor: Actor, now: datetime
) -> tuple[tuple[ChangeRequest, ...], tuple[Event, ...]]:
    """Close an open request that the appointment has outrun (3.4); nothing when there is none."""
    if request is None:
        return (), ()
    closed = changed(request, status=REQUEST[request.status][RequestAct.SUPERSEDE])
    return (closed,), (tell_request(RequestSuperseded, closed, actor, now),)
