"""What takes up a clinician's time, and of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import Protocol, final, runtime_checkable

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Span

__all__ = ["Busy", "BusyKind", "Recurs", "TimeBlock"]


@unique
class BusyKind(StrEnum):
    """Why a time is taken. Appointments and holds count towards caps; external ones obey the policy's switch (S88)."""

    APPOINTMENT = "appointment"
    HOLD = "hold"
    EXTERNAL = "external"
    BLOCK = "block"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """One taken span. An appointment's own buffers count: the gap is the larger of after and before (B9)."""

    span: Span
    kind: BusyKind = BusyKind.EXTERNAL
    id: str | None = None
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        for field, value in (("buffer_before", self.buffer_before), ("buffer_after", self.buffer_after)):
            if not timedelta(0) <= value <= timedelta(hours=24):
                raise InvalidValue("give a buffer of 0 to 24 hours", field=field, code=Code.INVALID_DURATION)


@runtime_checkable
class Recurs(Protocol):
    """Something that happens again and again: a recurring block. Expanded for one window at a time."""

    def spans(self, within: Span, /) -> Iterable[Span]:
        """Return the spans that overlap the window, in order."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBlock:
    """Time the clinician keeps free of clients (S73-S78). Title and details are never shown to clients (S76)."""

    span: Span
    id: str | None = None
    title: str = ""
    details: str = ""

    @property
    def label(self) -> str:
        """What the clinician's own calendar shows."""
        return self.title.strip() or "Blocked"

    def spans(self, within: Span, /) -> Iterable[Span]:
        """Return the block's span if it overlaps the window."""
        return (self.span,) if self.span.overlaps(within) else ()
