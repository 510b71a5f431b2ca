"""What cancelling would cost right now: the figure a client sees before confirming, and never pays above (B2, A15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, final

from oasys_sched.fees.charges import Charge, ChargeKind, ChargeState
from oasys_sched.fees.payers import NO_FEE_RULES, FeeRules
from oasys_sched.money import Money
from oasys_sched.times import find_zone, require_aware

if TYPE_CHECKING:
    from oasys_sched.booking.appointment import Appointment
    from oasys_sched.people import Client
    from oasys_sched.policies.cancellation import CancellationPolicy
    from oasys_sched.services import Service

__all__ = ["Quote", "late_charge", "no_show_charge", "quote_cancellation"]

_CANCELLABLE: Final = frozenset({"pending", "upcoming"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The terms of cancelling at one moment.

    `cut_off` is the last instant that is on time (None: never late); `left` the time until it, zero when late.
    `fee` is None when nothing would be owed; `reductions` name each rule that lowered it (B6). `allowed` tells whether
    the client may cancel without the clinician at all, `needs_approval` whether the clinician decides (S92, S94).
    """

    appointment: str
    at: datetime
    starts_at: datetime
    cut_off: datetime | None
    late: bool
    left: timedelta | None
    fee: Money | None
    allowed: bool
    needs_approval: bool
    reductions: tuple[str, ...] = ()

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes in which a cancellation is still on time; None when none is ever late."""
        return None if self.left is None else int(self.left.total_seconds()) // 60


def quote_cancellation(
    appointment: Appointment,
    service: Service,
    policy: CancellationPolicy,
    now: datetime,
    *,
    client: Client | None = None,
    rules: FeeRules = NO_FEE_RULES,
) -> Quote:
    """Quote the cancellation of an appointment by its client at `now` (S93, S102, S106).

    Both halves are needed for a fee: a threshold in the policy and an amount for the booked mode on the service. With
    `terms="at_booking"` and a snapshot on the appointment, the snapshot's threshold and fee are the ones that count.
    A booking still awaiting approval is never late (A19).

    Raises:
        InvalidValue: `naive_datetime`.
    """
    require_aware(now, "now")
    effective, priced = _in_force(appointment, service, policy)
    zone = find_zone(appointment.zone)
    cut_off = None if appointment.status == "pending" else effective.cut_off_for(appointment.starts_at, zone)
    late = cut_off is not None and now > cut_off
    fee, reductions = _reduced(priced.late_cancel_fee.amount(appointment.mode) if late else None, client, rules)
    return Quote(
        appointment=appointment.id,
        at=now,
        starts_at=appointment.starts_at,
        cut_off=cut_off,
        late=late,
        left=None if cut_off is None else max(cut_off - now, timedelta(0)),
        fee=fee,
        allowed=effective.allow
        and appointment.status in _CANCELLABLE
        and now < appointment.starts_at
        and not effective.is_cut_off(appointment.starts_at, now, zone),
        needs_approval=effective.require_approval or (late and effective.late_requires_approval),
        reductions=reductions,
    )


def late_charge(quote: Quote, state: ChargeState, *, client: Client | None) -> Charge | None:
    """Turn a quote into its fee, or None when nothing is owed; the amount is the one quoted."""
    if quote.fee is None:
        return None
    return Charge(
        kind=ChargeKind.LATE_CANCEL,
        state=state,
        amount=quote.fee,
        quoted=quote.fee,
        at=quote.at,
        billing_type=client.billing_type if client else "",
        reductions=quote.reductions,
    )


def no_show_charge(
    appointment: Appointment,
    service: Service,
    policy: CancellationPolicy,
    now: datetime,
    *,
    client: Client | None = None,
    rules: FeeRules = NO_FEE_RULES,
) -> Charge | None:
    """Resolve the no-show fee for the booked mode as of its marking, or None when nothing is owed (S99, S100)."""
    _, priced = _in_force(appointment, service, policy)
    fee, reductions = _reduced(priced.no_show_fee.amount(appointment.mode), client, rules)
    if fee is None:
        return None
    return Charge(
        kind=ChargeKind.NO_SHOW,
        state=ChargeState.STORED,
        amount=fee,
        at=now,
        billing_type=client.billing_type if client else "",
        reductions=reductions,
    )


def _in_force(
    appointment: Appointment, service: Service, policy: CancellationPolicy
) -> tuple[CancellationPolicy, Service]:
    effective = policy.for_service(service.id)
    if policy.terms == "at_booking" and appointment.terms is not None:
        return appointment.terms.applied(effective), appointment.terms.fees(service)
    return effective, service


def _reduced(amount: Money | None, client: Client | None, rules: FeeRules) -> tuple[Money | None, tuple[str, ...]]:
    if amount is None:
        return None, ()
    fee, reductions = rules.reduce(amount, payer=client.payer if client else None)
    return (fee if fee.minor else None), reductions
