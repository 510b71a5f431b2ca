"""Where feeds meet our own engine: the wall-clock starts of an RRULE in a window (RFC 5545 3.3.10)."""

from __future__ import annotations

from datetime import datetime

from oasys_sched.adapters.busy import malformed
from oasys_sched.adapters.ics_text import Line
from oasys_sched.adapters.ics_values import Moment

__all__ = ["rule_starts"]


def rule_starts(rule: Line, _start: Moment, _first: datetime, _last: datetime, *, most: int) -> set[datetime]:
    """Refuse: repeating events are not read yet."""
    raise malformed(f"repeating events are not read yet, {most} or fewer", rule.where)
