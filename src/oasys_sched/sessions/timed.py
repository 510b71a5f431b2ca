"""Billing codes that depend on the minutes a session took, as data (B13, O7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final, final

from oasys_sched.errors import InvalidPolicy
from oasys_sched.modes import Mode
from oasys_sched.people import Clinician
from oasys_sched.sessions.session import AFTER_THE_FACT, Session
from oasys_sched.sessions.table import SessionStatus

__all__ = ["PSYCHOTHERAPY", "BillingCode", "TimedCode", "billing_code", "session_minutes"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TimedCode:
    """One row of a table: the code for sessions of `least` to `most` whole minutes; None is no upper end."""

    code: str
    least: int
    most: int | None = None


# Individual psychotherapy by the minute; under 16 minutes nothing is billed by time.
PSYCHOTHERAPY: Final = (
    TimedCode(code="90832", least=16, most=37),
    TimedCode(code="90834", least=38, most=52),
    TimedCode(code="90837", least=53),
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BillingCode:
    """A code with the modifier of the clinician's role, such as HO, HN or HP (O7)."""

    code: str
    modifier: str | None = None


def session_minutes(session: Session) -> int:
    """Return the whole minutes a session took: from the admission for telehealth, else from the start.

    A telehealth session into which nobody was admitted took none; one told of afterwards had its call elsewhere.
    """
    here = session.mode is Mode.TELEHEALTH and session.origin not in AFTER_THE_FACT
    start = session.admitted_at if here else session.started_at
    if start is None or session.ended_at is None or session.status is not SessionStatus.ENDED:
        return 0
    return max(0, (session.ended_at - start) // timedelta(minutes=1))


def billing_code(
    session: Session, clinician: Clinician, *, table: Sequence[TimedCode] = PSYCHOTHERAPY
) -> BillingCode | None:
    """Return the code for the actual minutes of an ended session, or None when the table has none.

    Raises:
        InvalidPolicy: rows of the table overlap.
    """
    rows = sorted(table, key=lambda row: row.least)
    for before, after in pairwise(rows):
        if before.most is None or before.most >= after.least:
            raise InvalidPolicy("rows of a code table do not overlap", field="table")
    minutes = session_minutes(session)
    code = next((row.code for row in rows if row.least <= minutes and (row.most is None or minutes <= row.most)), None)
    return None if code is None else BillingCode(code=code, modifier=clinician.billing_modifier)
