"""What a client can ask for. These types have no price, status or fee field at all, so none can be forged (S18)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, final

from oasys_sched.booking.appointment import Source
from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal, Refused, refuse
from oasys_sched.fees.quote import Quote
from oasys_sched.modes import Mode

__all__ = ["BookSlot", "CancelOwn", "RequestMove", "read_command"]

C = TypeVar("C", "BookSlot", "CancelOwn", "RequestMove")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookSlot:
    """Book one free slot (S16-S18). `terms_accepted` is the version of the terms the client agreed to (B3)."""

    service: str
    starts_at: datetime
    mode: Mode | str | None = None
    terms_accepted: str | None = None
    location: str | None = None
    source: Source | str = Source.CLIENT


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOwn:
    """Cancel the own appointment, for a client's reason of the taxonomy.

    `quote` is what the client was shown before confirming: if cancelling has become dearer since, nothing happens and
    the new figures are told (B2). It can only lead to a refusal, never to another fee.
    """

    reason: str = "client_request"
    text: str = field(default="", repr=False)
    quote: Quote | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMove:
    """Ask to move the own appointment to another slot (S34)."""

    starts_at: datetime
    text: str = field(default="", repr=False)


def read_command(command: type[C], fields: Mapping[str, Any]) -> C | Refused:
    """Read a client's command from a mapping, such as a request body already turned into values.

    Any name the command does not have is refused with `forbidden_field`, whatever its value.
    """
    known = {row.name: row for row in dataclasses.fields(command)}
    stray = sorted(set(fields) - set(known))
    if stray:
        return Refused(
            tuple(Refusal(Code.FORBIDDEN_FIELD, "clients cannot set this", field=str(name)) for name in stray)
        )
    for name, row in known.items():
        if name not in fields and row.default is dataclasses.MISSING:
            return refuse(Code.INVALID_VALUE, "this is needed", field=name)
    return command(**fields)
