"""The Bill Sessions list: ended sessions, no-show fees and late cancellation fees (S101, S104, S107, S108)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING, final

from oasys_sched.fees.charges import ChargeState
from oasys_sched.modes import Mode
from oasys_sched.money import Money

if TYPE_CHECKING:
    from oasys_sched.booking.appointment import Appointment
    from oasys_sched.people import Client

__all__ = ["BillableItem", "BillableKind", "EndedSession", "Payer", "billable_items"]


@unique
class BillableKind(StrEnum):
    """What is billed."""

    SESSION = "session"
    NO_SHOW_FEE = "no_show_fee"
    LATE_CANCEL_FEE = "late_cancel_fee"


@unique
class Payer(StrEnum):
    """Who is asked to pay: a fee is always the client's, never a claim line (A41)."""

    CLIENT = "client"
    INSURANCE = "insurance"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSession:
    """What billing has to know of one ended session; `appointment` is None for a logged or walk-in one (S69, S70)."""

    id: str
    client: str
    clinician: str
    service: str
    mode: Mode
    started_at: datetime
    price: Money | None = None
    appointment: str | None = None
    billed: bool = False
    note_signed: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BillableItem:
    """One line of Bill Sessions. An `amount` of None says that nobody set a price; 0 is a price (RULES 3.8)."""

    kind: BillableKind
    client: str
    clinician: str
    service: str
    mode: Mode
    at: datetime
    amount: Money | None
    payer: Payer
    appointment: str | None = None
    session: str | None = None


def billable_items(
    appointments: Iterable[Appointment],
    clients: Iterable[Client],
    *,
    sessions: Iterable[EndedSession] = (),
    require_signed_note: bool = False,
) -> tuple[BillableItem, ...]:
    """Return what can be billed now, oldest first, each thing once.

    The client's current billing type decides (A18): Not Billed clients, and clients not given, have no line. A
    completed appointment is listed through its session when that is given, otherwise by itself.
    `require_signed_note` withholds sessions whose note is unsigned (A40). O(n log n).
    """
    payers = {
        client.id: Payer.INSURANCE if client.billing_type == "insurance" else Payer.CLIENT
        for client in clients
        if client.billing_type != "not_billed"
    }
    booked = {appointment.id: appointment for appointment in appointments if appointment.client in payers}
    held = [session for session in sessions if session.client in payers]
    items = [item for appointment in booked.values() if (item := _fee(appointment)) is not None]
    items += [
        _session(session, payers[session.client])
        for session in held
        if not session.billed
        and not (session.appointment in booked and booked[session.appointment].billed)
        and (session.note_signed or not require_signed_note)
    ]
    listed = {session.appointment for session in held}
    items += [
        _completed(appointment, payers[appointment.client])
        for appointment in booked.values()
        if appointment.status == "completed"
        and not appointment.billed
        and appointment.id not in listed
        and not require_signed_note
    ]
    return tuple(sorted(items, key=lambda item: (item.at, item.appointment or "", item.session or "")))


def _fee(appointment: Appointment) -> BillableItem | None:
    charge = appointment.charge
    if charge is None or charge.state is not ChargeState.STORED:
        return None
    return BillableItem(
        kind=BillableKind(charge.kind.value),
        client=appointment.client,
        clinician=appointment.clinician,
        service=appointment.service,
        mode=appointment.mode,
        at=appointment.starts_at,
        amount=charge.amount,
        payer=Payer.CLIENT,
        appointment=appointment.id,
    )


def _session(session: EndedSession, payer: Payer) -> BillableItem:
    return BillableItem(
        kind=BillableKind.SESSION,
        client=session.client,
        clinician=session.clinician,
        service=session.service,
        mode=session.mode,
        at=session.started_at,
        amount=session.price,
        payer=payer,
        appointment=session.appointment,
        session=session.id,
    )


def _completed(appointment: Appointment, payer: Payer) -> BillableItem:
    return BillableItem(
        kind=BillableKind.SESSION,
        client=appointment.client,
        clinician=appointment.clinician,
        service=appointment.service,
        mode=appointment.mode,
        at=appointment.starts_at,
        amount=appointment.price,
        payer=payer,
        appointment=appointment.id,
    )
