"""Ready-made sets of policies to start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.times import Period

__all__ = ["PRESETS", "PolicySet"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """The three policies of one clinician."""

    booking: BookingPolicy
    cancellation: CancellationPolicy
    reminders: ReminderPolicy


_DAY: Final = Period.parse("PT24H")
_TWO_HOURS: Final = Period.parse("PT2H")
_REMINDERS: Final = ReminderPolicy(enabled=True, offsets=(_DAY, _TWO_HOURS))

PRESETS: Final[Mapping[str, PolicySet]] = {
    # Clients book and cancel freely; nothing is ever late.
    "open": PolicySet(booking=BookingPolicy(), cancellation=CancellationPolicy(), reminders=ReminderPolicy()),
    # Booked at once with a day's notice up to three months ahead; late within a day, the clinician decides on the fee.
    "standard": PolicySet(
        booking=BookingPolicy(minimum_notice=_DAY, maximum_advance=Period.parse("P3M")),
        cancellation=CancellationPolicy(late_threshold=_DAY),
        reminders=_REMINDERS,
    ),
    # Every booking and every cancellation is the clinician's decision.
    "approval": PolicySet(
        booking=BookingPolicy(
            allow_direct=False,
            require_approval=True,
            minimum_notice=Period.parse("PT48H"),
            maximum_advance=Period.parse("P3M"),
        ),
        cancellation=CancellationPolicy(require_approval=True, late_threshold=Period.parse("PT48H")),
        reminders=_REMINDERS,
    ),
    # The practice plans; clients call.
    "by_phone": PolicySet(
        booking=BookingPolicy(allow_direct=False),
        cancellation=CancellationPolicy(allow=False, late_threshold=_DAY),
        reminders=_REMINDERS,
    ),
}
