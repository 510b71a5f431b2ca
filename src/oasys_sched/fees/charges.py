"""A fee on a booking: decided, stored, waived, billed (RULES 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse
from oasys_sched.money import Money
from oasys_sched.tables import step

__all__ = ["CHARGE", "Charge", "ChargeAct", "ChargeKind", "ChargeState", "WaiveReason", "moved"]


@unique
class ChargeKind(StrEnum):
    """Why a fee exists."""

    NO_SHOW = "no_show_fee"
    LATE_CANCEL = "late_cancel_fee"


@unique
class ChargeState(StrEnum):
    """Where a fee stands."""

    DECISION_PENDING = "decision_pending"
    STORED = "stored"
    WAIVED = "waived"
    VOID = "void"
    BILLED = "billed"


@unique
class ChargeAct(StrEnum):
    """What can happen to a fee."""

    APPLY = "apply"
    WAIVE = "waive"
    VOID = "void"
    REINSTATE = "reinstate"
    BILL = "bill"


@unique
class WaiveReason(StrEnum):
    """Why a fee is waived (B4)."""

    ILLNESS = "illness"
    EMERGENCY = "emergency"
    CLINICIAN_DISCRETION = "clinician_discretion"
    FIRST_OCCURRENCE = "first_occurrence"
    TECHNICAL_FAILURE = "technical_failure"
    OTHER = "other"


# RULES 3.8. A billed fee changes here no more: a credit belongs to billing.
CHARGE: Final[Mapping[ChargeState, Mapping[ChargeAct, ChargeState]]] = {
    ChargeState.DECISION_PENDING: {
        ChargeAct.APPLY: ChargeState.STORED,
        ChargeAct.WAIVE: ChargeState.WAIVED,
        ChargeAct.VOID: ChargeState.VOID,
    },
    ChargeState.STORED: {
        ChargeAct.WAIVE: ChargeState.WAIVED,
        ChargeAct.VOID: ChargeState.VOID,
        ChargeAct.BILL: ChargeState.BILLED,
    },
    ChargeState.WAIVED: {ChargeAct.REINSTATE: ChargeState.STORED, ChargeAct.VOID: ChargeState.VOID},
    ChargeState.VOID: {},
    ChargeState.BILLED: {},
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One fee on one appointment; never above `quoted` where a quote was given (B2).

    `billing_type` is the client's type at the event, for audit; what is billable follows the current one (A18).
    `reason` is the code of a waiver, or what was said when it was taken back.
    """

    kind: ChargeKind
    state: ChargeState
    amount: Money
    at: datetime
    quoted: Money | None = None
    billing_type: str = ""
    reason: str | None = field(default=None, repr=False)
    reductions: tuple[str, ...] = ()


def moved(charge: Charge, act: ChargeAct, *, reason: str | None = None) -> Charge | Refused:
    """Move a fee along its table; a billed one is refused with `fee_already_billed`."""
    if charge.state is ChargeState.BILLED:
        return refuse(Code.FEE_ALREADY_BILLED, "the fee has been billed: a credit belongs to billing", act=str(act))
    after = step(CHARGE, charge.state, act)
    if isinstance(after, Refused):
        return after
    return replace(charge, state=after, reason=charge.reason if reason is None else reason)
