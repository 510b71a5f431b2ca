"""What a client sees: free slots and own appointments, as types of their own and never a trimmed full object (S109)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from oasys_sched.actors import Actor
from oasys_sched.availability.slots import Slots
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.offers import client_slots
from oasys_sched.decisions import Accepted, Decision, Refused
from oasys_sched.modes import Mode
from oasys_sched.times import Span

__all__ = ["ClientView", "OwnBooking", "client_view"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBooking:
    """One of the client's own appointments, with anybody."""

    id: str
    starts_at: datetime
    ends_at: datetime
    clinician: str
    service: str
    mode: Mode
    status: AppointmentStatus
    series: str | None
    cancelled_late: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """Free slots of one service in one mode, and the client's own appointments. Why a time is missing is never told."""

    service: str
    mode: Mode | None
    slots: Slots
    own: tuple[OwnBooking, ...]


def client_view(
    facts: Facts, *, service: str, mode: Mode | str | None = None, within: Span, actor: Actor, now: datetime
) -> Decision[ClientView]:
    """Show `facts.client` what can be booked in a span, and the own appointments among the facts."""
    listed = client_slots(facts, service=service, mode=mode, within=within, actor=actor, now=now)
    if isinstance(listed, Refused):
        return listed
    client = facts.client.id if facts.client else None
    own = {row.id: row for row in (*facts.agenda, *facts.client_agenda) if row.client == client}
    bookings = sorted((own_booking(row) for row in own.values()), key=lambda row: (row.starts_at, row.id))
    how = None if mode is None else Mode(mode)
    return Accepted(ClientView(service=service, mode=how, slots=listed.value, own=tuple(bookings)))


def own_booking(appointment: Appointment) -> OwnBooking:
    """Return what a client sees of an own appointment."""
    return OwnBooking(
        id=appointment.id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        clinician=appointment.clinician,
        service=appointment.service,
        mode=appointment.mode,
        status=appointment.status,
        series=appointment.series,
        cancelled_late=appointment.late,
    )
