"""When clients are reminded, and when they are left in peace (S95-S97, B11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import final
from zoneinfo import ZoneInfo

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidPolicy, InvalidValue
from oasys_sched.times import Period, wall_to_utc

__all__ = ["QuietHours", "ReminderPolicy"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The recipient's local time in which reminders may arrive, half-open; outside it they move earlier (B11).

    Raises:
        InvalidPolicy: the day closes before it opens.
    """

    opens: time = time(8)
    closes: time = time(21)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise InvalidPolicy("reminders need an opening before the closing, on one day", field="closes")

    def moved(self, due: datetime, zone: ZoneInfo) -> datetime:
        """Return the latest instant not after `due` at which a reminder may arrive.

        A reminder due at night goes out a minute before the evening's closing, never later than planned.
        """
        wall = due.astimezone(zone).replace(tzinfo=None)
        if self.opens <= wall.time() < self.closes:
            return due
        evening = wall.date() if wall.time() >= self.closes else wall.date() - timedelta(days=1)
        return wall_to_utc(datetime.combine(evening, self.closes) - timedelta(minutes=1), zone)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """The reminders of one clinician's appointments: `offsets` before the start, on each of `channels`.

    Offsets are merged and ordered, the longest first. Email is exempt from quiet hours (`quiet_channels` names what is
    not).

    Raises:
        InvalidValue: `invalid_offset` when an offset is not above zero.
        InvalidPolicy: enabled without an offset or a channel.
    """

    enabled: bool = False
    offsets: tuple[Period, ...] = ()
    channels: tuple[str, ...] = ("email",)
    quiet: QuietHours | None = QuietHours()
    quiet_channels: tuple[str, ...] = ("sms", "phone")

    def __post_init__(self) -> None:
        if not all(self.offsets):
            raise InvalidValue("give offsets above zero, such as 'PT24H'", field="offsets", code=Code.INVALID_OFFSET)
        if self.enabled and not self.offsets:
            raise InvalidPolicy("reminders are on, but no offset says when", field="offsets")
        if self.enabled and not self.channels:
            raise InvalidPolicy("reminders are on, but no channel says how", field="channels")
        ordered = sorted(set(self.offsets), key=lambda offset: (offset.months, offset.days, offset.exact), reverse=True)
        object.__setattr__(self, "offsets", tuple(ordered))
        object.__setattr__(self, "channels", tuple(dict.fromkeys(self.channels)))
