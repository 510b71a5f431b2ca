"""A fee on a booking: decided, stored, waived, billed (RULES 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import final

from oasys_sched.money import Money

__all__ = ["Charge", "ChargeKind", "ChargeState"]


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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One fee on one appointment; never above `quoted` where a quote was given (B2).

    `billing_type` is the client's type at the event, for audit; what is billable follows the current one (A18).
    """

    kind: ChargeKind
    state: ChargeState
    amount: Money
    at: datetime
    quoted: Money | None = None
    billing_type: str = ""
    reason: str | None = None
    reductions: tuple[str, ...] = ()
