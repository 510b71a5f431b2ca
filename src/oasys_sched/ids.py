"""Identifiers: opaque strings with a type each. An id is a name, never an authority."""

from __future__ import annotations

from typing import NewType

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = [
    "AppointmentId",
    "BlockId",
    "ChargeId",
    "ClientId",
    "ClinicianId",
    "LocationId",
    "NoteId",
    "PersonId",
    "PracticeId",
    "RequestId",
    "SeriesId",
    "ServiceId",
    "SessionId",
    "require_id",
]

PracticeId = NewType("PracticeId", str)
PersonId = NewType("PersonId", str)
ClinicianId = NewType("ClinicianId", str)
ClientId = NewType("ClientId", str)
ServiceId = NewType("ServiceId", str)
LocationId = NewType("LocationId", str)
AppointmentId = NewType("AppointmentId", str)
SeriesId = NewType("SeriesId", str)
RequestId = NewType("RequestId", str)
BlockId = NewType("BlockId", str)
ChargeId = NewType("ChargeId", str)
SessionId = NewType("SessionId", str)
NoteId = NewType("NoteId", str)

_LONGEST = 255


def require_id(value: str, field: str) -> None:
    """Refuse an id that storage or a header could mangle: empty, over 255 characters, or with control characters."""
    if not isinstance(value, str) or not value or len(value) > _LONGEST or not value.isprintable():
        raise InvalidValue("give a printable id of 1 to 255 characters", field=field, code=Code.INVALID_VALUE)
