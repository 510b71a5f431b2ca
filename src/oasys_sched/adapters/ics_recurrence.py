"""Where feeds meet our own engine: the wall-clock starts of an RRULE in a window (RFC 5545 3.3.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, final

from oasys_sched.adapters.busy import FeedLimits, malformed, too_large
from oasys_sched.adapters.ics_text import Line
from oasys_sched.adapters.ics_values import Moment
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.engine import Pattern, pattern
from oasys_sched.recurrence.expand import end_wall
from oasys_sched.recurrence.rule import Rule
from oasys_sched.recurrence.zone_table import DAY, seconds_of, wall_of

__all__ = ["Expander"]

_TOO_MANY: Final = frozenset({Code.TOO_MANY_OCCURRENCES, Code.TOO_LARGE})
_FOREIGN: Final = 20  # what a day costs where dateutil has to be asked, in days of our own engine
_CHUNK: Final = 400
_EARLIEST: Final = datetime(1600, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9998, 1, 1, tzinfo=UTC)


@final
class Expander:
    """Expands the rules of one feed within its limits; all of them together may look at `limits.days` days."""

    def __init__(self, limits: FeedLimits) -> None:
        self.limits = limits
        self._left = float(limits.days)

    def starts(self, line: Line, start: Moment, first: datetime, last: datetime) -> set[datetime]:
        """Return the starts a rule gives in `[first, last)`, as wall times on the clock of its first start.

        That start need not be a day of its own rule, as some programs write it; it is not among the results then.
        O(window); with COUNT also O(time since the start), where there is no closed form.

        Raises:
            InvalidValue: `feed_malformed` for a rule that cannot be read, one below a day included; `feed_too_large`.
        """
        try:
            rule = Rule.parse(line.value.strip().upper(), "RRULE")
            found = pattern(replace(rule, until=None, count=None), start.wall)
        except InvalidValue as error:
            refused = too_large if error.code in _TOO_MANY else malformed
            raise refused(error.problem, line.where) from None
        low, high = seconds_of(first), min(seconds_of(last), _end(rule, start))
        if found.step is not None and rule.count is not None:
            high = min(high, found.start_wall + (rule.count - 1) * found.step + 1)
        elif rule.count is not None:
            return self._counted(found, rule.count, low, high, line)
        return self._walls(found, low, high, line)

    def _walls(self, found: Pattern, low: int, high: int, line: Line) -> set[datetime]:
        low = max(low, found.start_wall)
        if low >= high:
            return set()
        days = (high - low) / DAY + 1
        self._left -= days * found.rule.times_a_day * (_FOREIGN if found.rule.by_week_no else 1)
        if self._left < 0 or days * found.density > self.limits.intervals:
            raise too_large("its rules give too many occurrences", line.where)
        return {wall_of(wall) for wall in found.walls(low, high)}

    def _counted(self, found: Pattern, count: int, low: int, high: int, line: Line) -> set[datetime]:
        """Count from the start, in growing chunks, until the count or the window ends."""
        starts: set[datetime] = set()
        position, span = found.start_wall, _CHUNK * DAY
        while count > 0 and position < high:
            chunk = sorted(self._walls(found, position, min(position + span, high), line))[:count]
            count -= len(chunk)
            position += span
            span *= 2
            starts.update(wall for wall in chunk if seconds_of(wall) >= low)
        return starts


def _end(rule: Rule, start: Moment) -> int:
    """The first wall after UNTIL, which in a feed may be UTC, local, or a date (RFC 5545 3.3.10)."""
    until = rule.until
    if isinstance(until, datetime) and until.tzinfo is not None:
        until = min(max(until, _EARLIEST), _LATEST)  # the first and the last year are not whole in every zone
        # Dates have no zone: an instant written there means its day.
        until = until.date() if start.whole_day else start.clock.to_wall(until)
    return end_wall(replace(rule, until=until), None)
