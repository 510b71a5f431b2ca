"""Free late cancellations and no-shows: a proposal to waive, never a decision (B5, S114)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, final

from oasys_sched.errors import InvalidValue
from oasys_sched.fees.charges import Charge, ChargeKind, ChargeState, WaiveReason
from oasys_sched.times import Period, find_zone

if TYPE_CHECKING:
    from oasys_sched.booking.appointment import Appointment

__all__ = ["GracePolicy", "propose_waiver"]

_YEAR: Final = Period(months=12)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GracePolicy:
    """`free` incidents of each client in any rolling `period`; `intake` also frees the client's first appointment."""

    free: int = 0
    period: Period = _YEAR
    kinds: tuple[ChargeKind, ...] = tuple(ChargeKind)
    intake: bool = False

    def __post_init__(self) -> None:
        if type(self.free) is not int or self.free < 0:
            raise InvalidValue("give a whole number from 0", field="free")
        if not self.period:
            raise InvalidValue("give a period above zero, such as 'P12M'", field="period")


def propose_waiver(
    appointment: Appointment, policy: GracePolicy, history: Iterable[Appointment], *, now: datetime
) -> WaiveReason | None:
    """Return the reason to offer the clinician for waiving this appointment's fee, or None.

    `history` is the client's other appointments. An incident counts once its fee arose within the period, whatever
    became of it; one voided by an undone no-show does not, nor one that came after this: the first ones are free,
    however late somebody decides.
    """
    charge = appointment.charge
    if charge is None or charge.state not in {ChargeState.DECISION_PENDING, ChargeState.STORED}:
        return None
    others = [other for other in history if other.client == appointment.client and other.id != appointment.id]
    if policy.intake and not any(other.starts_at < appointment.starts_at for other in others):
        return WaiveReason.FIRST_OCCURRENCE
    since = policy.period.before(now, find_zone(appointment.zone))
    used = sum(
        _counts(other.charge, policy, since) for other in others if not _after(other, appointment.starts_at, charge.at)
    )
    return WaiveReason.FIRST_OCCURRENCE if charge.kind in policy.kinds and used < policy.free else None


def _after(other: Appointment, starts_at: datetime, at: datetime) -> bool:
    return other.charge is not None and (other.charge.at, other.starts_at) > (at, starts_at)


def _counts(charge: Charge | None, policy: GracePolicy, since: datetime) -> bool:
    return (
        charge is not None
        and charge.kind in policy.kinds
        and charge.state is not ChargeState.VOID
        and charge.at >= since
    )
