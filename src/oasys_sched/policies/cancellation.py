"""When clients may cancel or move, what counts as late, and which terms count (S91-S94, A6, A8, B3, B16, B18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import final
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidPolicy, InvalidValue
from oasys_sched.policies.limits import check_limits, limited
from oasys_sched.times import Period

__all__ = ["CancellationLimits", "CancellationPolicy", "TermsBasis"]


@unique
class TermsBasis(StrEnum):
    """Which terms a fee follows: those in force when it arises, or those agreed at booking (A15, B3)."""

    AT_EVENT = "at_event"
    AT_BOOKING = "at_booking"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationLimits:
    """Rules of one service that replace the clinician's (B18); None keeps the clinician's."""

    service: str
    allow: bool | None = None
    require_approval: bool | None = None
    late_threshold: Period | None = None
    cut_off: Period | None = None
    max_reschedules: int | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPolicy:
    """The cancellation rules of one clinician.

    `late_threshold`: a client's cancellation is late strictly inside it; None or zero is never late (S93, A1).
    `late_requires_approval`: a late one becomes a request that the clinician decides, fee included (A6).
    `cut_off`: strictly inside it clients cannot cancel by themselves at all (B18). `max_reschedules` counts moves the
    client asked for (B16). `late_reschedule_counts`: an approved late move is treated as a late cancellation of the
    old hour (A8). `no_show_grace`: minutes after the start before a no-show can be marked (B15). `version` names the
    text clients acknowledge when `require_acknowledgement` is set (B3).

    >>> from datetime import UTC
    >>> policy = CancellationPolicy(late_threshold=Period.parse("PT24H"))
    >>> policy.is_late(datetime(2026, 3, 8, 14, tzinfo=UTC), datetime(2026, 3, 7, 14, tzinfo=UTC), ZoneInfo("UTC"))
    False
    """

    allow: bool = True
    require_approval: bool = False
    late_threshold: Period | None = None
    late_requires_approval: bool = True
    late_reschedule_counts: bool = False
    cut_off: Period | None = None
    max_reschedules: int | None = None
    no_show_grace: timedelta = timedelta(0)
    terms: TermsBasis = TermsBasis.AT_EVENT
    version: str = "1"
    require_acknowledgement: bool = False
    services: tuple[CancellationLimits, ...] = ()

    def __post_init__(self) -> None:
        if self.max_reschedules is not None and (type(self.max_reschedules) is not int or self.max_reschedules < 0):
            raise InvalidValue("give a whole number from 0, or None for no limit", field="max_reschedules")
        if not isinstance(self.no_show_grace, timedelta) or not timedelta(0) <= self.no_show_grace <= timedelta(days=1):
            raise InvalidValue("give a grace of 0 to 24 hours", field="no_show_grace", code=Code.INVALID_DURATION)
        if not self.version:
            raise InvalidPolicy("name the version of the terms", field="version")
        check_limits(self)

    def for_service(self, service: str) -> CancellationPolicy:
        """Return the policy in force for one service (B18)."""
        return limited(self, service)

    def cut_off_for(self, starts_at: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the last instant at which a cancellation is on time, or None when none is ever late."""
        return self.late_threshold.before(starts_at, zone) if self.late_threshold else None

    def is_late(self, starts_at: datetime, requested_at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether a client's cancellation asked for at an instant is late: strictly inside the threshold (A1)."""
        last = self.cut_off_for(starts_at, zone)
        return last is not None and requested_at > last

    def is_cut_off(self, starts_at: datetime, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether clients can no longer cancel by themselves (B18)."""
        return self.cut_off is not None and bool(self.cut_off) and now > self.cut_off.before(starts_at, zone)
