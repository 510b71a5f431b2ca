"""One occurrence, or it and everything after: the choice a series asks for (S14, S33)."""

from __future__ import annotations

from enum import StrEnum, unique

from oasys_sched.booking.appointment import Appointment
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse

__all__ = ["Scope", "one_occurrence", "this_and_future"]


@unique
class Scope(StrEnum):
    """How far a change to an occurrence reaches."""

    THIS = "this"
    THIS_AND_FUTURE = "this_and_future"


def one_occurrence(appointment: Appointment, scope: Scope | str | None) -> Refused | None:
    """Refuse a change to one appointment when it is unclear, or wrong, that only this one is meant."""
    if appointment.series is None:
        return this_and_future(appointment) if scope == Scope.THIS_AND_FUTURE else None
    if scope == Scope.THIS:
        return None
    if scope == Scope.THIS_AND_FUTURE:
        return refuse(
            Code.SCOPE_REQUIRED,
            "this changes one occurrence: cancel_future and reschedule_future change all later ones too",
            field="scope",
            choices=(str(Scope.THIS),),
        )
    return refuse(
        Code.SCOPE_REQUIRED, "say whether this one is meant, or all future ones too", field="scope",
        choices=tuple(map(str, Scope)),
    )  # fmt: skip


def this_and_future(appointment: Appointment) -> Refused | None:
    """Refuse a change to all future occurrences of what is no series (S14)."""
    if appointment.series is None:
        return refuse(Code.NOT_A_SERIES, "it is not part of a series", field="scope")
    return None
