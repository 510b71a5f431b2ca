"""The clinician moves or edits an appointment (S8, S28-S30)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.checks import (
    chosen_mode,
    default_place,
    first,
    found,
    gathered,
    lasting,
    offered,
    practising,
    priced,
    upcoming,
)
from oasys_sched.booking.conflicts import Placed, place
from oasys_sched.booking.creating import unreachable
from oasys_sched.booking.events import AppointmentEdited, AppointmentRescheduled
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.scope import Scope, one_occurrence
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, dropped, fee_told, superseded, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.access import Action
from oasys_sched.services import Service
from oasys_sched.times import Span

__all__ = ["edit", "reschedule"]


def reschedule(
    facts: Facts,
    *,
    starts_at: datetime,
    text: str = "",
    scope: Scope | str | None = None,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    """Move one upcoming appointment; identity, price, fees and series stay, an open request is superseded (S28).

    On an occurrence of a series `scope` has to say `this`; `reschedule_future` moves the rest (S33).
    """
    appointment = found(facts, actor, Action.RESCHEDULE)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, AppointmentAct.RESCHEDULE)
    if isinstance(status, Refused):
        return status
    refused = first(practising(facts), one_occurrence(appointment, scope))
    if refused is not None:
        return refused
    span = moved_span(appointment, starts_at, now)
    if isinstance(span, Refused):
        return span
    placed = place(
        facts, span, appointment.client, now=now, allow_overlap=allow_overlap, ignoring=frozenset({appointment.id})
    )
    if isinstance(placed, Refused):
        return placed
    moved = moved_to(appointment, span, placed, text=text)
    closed, told = superseded(facts.open_request, actor, now)
    before = appointment.charge.state if appointment.charge else None
    event = tell(
        AppointmentRescheduled, moved, actor, now, old_start=appointment.starts_at, reason_given=bool(text.strip())
    )
    return Accepted(
        moved,
        (event, *fee_told(moved, before, actor, now), *told),
        (*placed.warnings, *unreachable(facts.client)),
        (moved, *closed),
    )


def moved_span(
    appointment: Appointment, starts_at: datetime, now: datetime, field: str = "starts_at"
) -> Span | Refused:
    """Return the span at another start that lies ahead (S28)."""
    start = upcoming(starts_at, now, field)
    if isinstance(start, Refused):
        return start
    if start == appointment.starts_at:
        return refuse(Code.NO_CHANGE, "the appointment already starts then", field=field)
    return lasting(start, appointment.duration)


def moved_to(appointment: Appointment, span: Span, placed: Placed, **more: Any) -> Appointment:
    """Return the next revision at another time: the invite's sequence rises, the original start stays (S28, B16)."""
    text = more.pop("text", "")
    return changed(
        appointment,
        starts_at=span.start,
        sequence=appointment.sequence + 1,
        overlap_allowed=placed.overlap,
        change_reason=text,
        charge=dropped(appointment.charge),
        **more,
    )


def edit(
    facts: Facts,
    *,
    service: str | None = None,
    mode: Mode | str | None = None,
    duration: timedelta | None = None,
    price: Money | None = None,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[Appointment]:
    """Change service, mode, duration or price of an upcoming appointment that has not begun (3.2).

    What is not given stays, but for a mode that a newly chosen service lacks; the price never changes by itself (S6).
    """
    appointment = found(facts, actor, Action.EDIT)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, AppointmentAct.EDIT)
    if isinstance(status, Refused):
        return status
    if now >= appointment.starts_at:
        return refuse(Code.ALREADY_STARTED, "its start has passed: it can no longer be edited", field="appointment")
    # The service already booked may have been retired since; only a new choice has to be on offer.
    chosen: Service | Refused | None = None
    if service is not None and service != appointment.service:
        chosen = offered(facts.service(service), facts.clinician)
    if isinstance(chosen, Refused):
        return chosen
    known = chosen or facts.service(appointment.service)
    how: Mode | Refused = appointment.mode
    if mode is not None or chosen is not None:
        if known is None:
            return refuse(Code.UNKNOWN_SERVICE, "the booked service is gone: choose another", field="service")
        kept = mode if mode is not None else appointment.mode if appointment.mode in known.modes else None
        how = chosen_mode(known, kept, default=True)
    span = lasting(appointment.starts_at, appointment.duration if duration is None else duration)
    bad = priced(price)
    if isinstance(how, Refused) or isinstance(span, Refused) or bad is not None:
        return gathered(how, span, bad)
    values: dict[str, Any] = {
        "service": known.id if known is not None else appointment.service,
        "mode": how,
        "location": _place(facts, appointment, known, how),
        "duration": span.duration,
        "price": appointment.price if price is None else price,
    }
    fields = tuple(name for name, value in values.items() if value != getattr(appointment, name))
    if not fields:
        return refuse(Code.NO_CHANGE, "nothing would change", field="appointment")
    placed = Placed(appointment.overlap_allowed, ())
    if span.end > appointment.ends_at:
        answer = place(
            facts, span, appointment.client, now=now, allow_overlap=allow_overlap, ignoring=frozenset({appointment.id})
        )
        if isinstance(answer, Refused):
            return answer
        placed = answer
    if chosen is not None:
        values |= {"buffer_before": chosen.buffer_before, "buffer_after": chosen.buffer_after}
    visible = fields != ("price",)
    edited = changed(
        appointment,
        **values,
        overlap_allowed=placed.overlap,
        sequence=appointment.sequence + visible,
    )
    event = tell(AppointmentEdited, edited, actor, now, fields=fields, old_mode=appointment.mode, visible=visible)
    return Accepted(edited, (event,), placed.warnings, (edited,))


def _place(facts: Facts, appointment: Appointment, service: Service | None, mode: Mode) -> str | None:
    """Return where an edited appointment is: in person it needs a place, otherwise it has none any more (O6)."""
    if service is None or mode is appointment.mode or (mode is Mode.IN_PERSON and appointment.location is not None):
        return appointment.location
    return default_place(facts, service, mode)
