"""How clients may book: direct or by approval, how soon, how far ahead, how often (S86-S90, B10, B18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidPolicy, InvalidValue
from oasys_sched.policies.limits import check_limits, limited
from oasys_sched.times import Period

__all__ = ["BookingMode", "BookingPolicy", "ServiceLimits"]

# Both limits are compared from here; its month has 31 days.
_REFERENCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_UTC: Final = ZoneInfo("UTC")


@unique
class BookingMode(StrEnum):
    """What a client's booking becomes."""

    DIRECT = "direct"
    APPROVAL = "approval"
    OFF = "off"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """Limits of one service that replace the practice's (B18); None keeps the practice's."""

    service: str
    minimum_notice: Period | None = None
    maximum_advance: Period | None = None
    slot_step: timedelta | None = None
    require_approval: bool | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPolicy:
    """The booking rules of one clinician. None means no limit; every limit binds clients only.

    `minimum_notice` and `maximum_advance` are inclusive (A2). Caps count what already occupies the diary, by local day
    and by local week from Monday.

    Raises:
        InvalidPolicy: `impossible_window` when the advance ends before the notice begins (S90); what contradicts it in
            a service's limits, at `services.<number>`.
        InvalidValue: `invalid_duration` when the step is not above 0 and at most 24 hours.
    """

    allow_direct: bool = True
    require_approval: bool = False
    block_external_busy: bool = True
    minimum_notice: Period | None = None
    maximum_advance: Period | None = None
    slot_step: timedelta = timedelta(minutes=15)
    daily_count: int | None = None
    daily_duration: timedelta | None = None
    weekly_count: int | None = None
    weekly_duration: timedelta | None = None
    client_upcoming: int | None = None
    reschedule_notice: Period | None = None
    open_requests: int = 5
    services: tuple[ServiceLimits, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.slot_step, timedelta) or not timedelta(0) < self.slot_step <= timedelta(hours=24):
            raise InvalidValue("give a step above 0 and up to 24 hours", field="slot_step", code=Code.INVALID_DURATION)
        for field in ("daily_count", "weekly_count", "client_upcoming"):
            count = getattr(self, field)
            if count is not None and (type(count) is not int or count < 0):
                raise InvalidValue("give a whole number from 0, or None for no limit", field=field)
        if type(self.open_requests) is not int or self.open_requests < 0:
            raise InvalidValue("give a whole number from 0", field="open_requests")
        for field in ("daily_duration", "weekly_duration"):
            duration = getattr(self, field)
            if duration is not None and (not isinstance(duration, timedelta) or duration < timedelta(0)):
                raise InvalidValue(
                    "give a duration from 0, or None for no limit", field=field, code=Code.INVALID_DURATION
                )
        if self.minimum_notice is not None and self.maximum_advance is not None:
            earliest = self.minimum_notice.after(_REFERENCE, _UTC)
            if self.maximum_advance.after(_REFERENCE, _UTC) < earliest:
                raise InvalidPolicy(
                    "the maximum advance ends before the minimum notice begins: nothing could ever be booked",
                    field="maximum_advance",
                    code=Code.IMPOSSIBLE_WINDOW,
                )
        check_limits(self)

    @property
    def mode(self) -> BookingMode:
        """Approval wins over direct; neither switches self-booking off (A11)."""
        if self.require_approval:
            return BookingMode.APPROVAL
        return BookingMode.DIRECT if self.allow_direct else BookingMode.OFF

    @property
    def capped(self) -> bool:
        """Whether any daily or weekly cap is set (B10)."""
        return (
            self.daily_count is not None
            or self.daily_duration is not None
            or self.weekly_count is not None
            or self.weekly_duration is not None
        )

    def for_service(self, service: str) -> BookingPolicy:
        """Return the policy in force for one service (B18)."""
        return limited(self, service)
