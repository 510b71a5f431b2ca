"""A whole series against a diary, before it exists: which occurrences are free, what stops the others, what would do.

Two sorted lists, of busy starts and of busy ends, answer with one bisect an occurrence: something overlaps `[s, e)`
exactly when more busy times start before e than have ended by s.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, compress, repeat
from operator import not_
from typing import Final, NamedTuple, final

from oasys_sched.availability._days import floor_seconds
from oasys_sched.availability.allowed import ceil_seconds, instant, whole
from oasys_sched.availability.busy import Busy, BusyKind
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.prepared import PreparedDiary
from oasys_sched.availability.slots import NO_LIMITS, bookable_slots
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused
from oasys_sched.errors import InvalidValue
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.recurrence.overrides import Occurrence
from oasys_sched.recurrence.plan import Found
from oasys_sched.recurrence.series import Series
from oasys_sched.times import EARLIEST, Span

__all__ = ["SeriesCheck", "Verdict", "check_series"]

_DAY: Final = timedelta(days=1)
_FAR_DAYS: Final = 7
# What a clinician hears of each kind; only the first two stop a booking of theirs (A10).
_REASONS: Final[dict[BusyKind, tuple[Code, str]]] = {
    BusyKind.APPOINTMENT: (Code.CONFLICT, "another appointment is at that time"),
    BusyKind.HOLD: (Code.CONFLICT, "the time is held for a pending booking"),
    BusyKind.BLOCK: (Code.BLOCKED, "the time is blocked"),
    BusyKind.EXTERNAL: (Code.BUSY, "the connected calendar is busy at that time"),
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the slot search is asked for: the series' own length, without buffers (B9: those are for clients)."""

    duration: timedelta
    buffer_before: timedelta = timedelta(0)
    buffer_after: timedelta = timedelta(0)


class Verdict(NamedTuple):
    """One occurrence and every reason against it; none means free."""

    occurrence: Occurrence
    reasons: tuple[Refusal, ...]

    @property
    def free(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


@final
class SeriesCheck:
    """The verdict on every occurrence of a series; reasons and suggestions are worked out when asked for."""

    __slots__ = ("_diary", "_found", "_occurrences", "_policy", "_rows", "_tops", "free", "series")

    def __init__(
        self, series: Series, diary: Diary | PreparedDiary, policy: BookingPolicy, found: Found, free: tuple[bool, ...]
    ) -> None:
        self.series = series
        self.free = free
        self._found = found
        self._diary = diary
        self._policy = policy
        self._occurrences: tuple[Occurrence, ...] | None = None
        self._rows: list[Busy] | None = None
        self._tops: list[datetime] = []

    @property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Every occurrence that was checked, in order; `free` says of each whether nothing overlaps it."""
        if self._occurrences is None:
            self._occurrences = self.series.built(self._found)
        return self._occurrences

    @property
    def conflicts(self) -> tuple[Occurrence, ...]:
        """The occurrences that overlap anything."""
        return tuple(compress(self.occurrences, map(not_, self.free)))

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every occurrence with its reasons, in order. O(busy log busy) once, then O(what overlaps)."""
        return tuple(
            Verdict(one, () if free else tuple(self._reasons(one)))
            for one, free in zip(self.occurrences, self.free, strict=True)
        )

    def _reasons(self, one: Occurrence) -> Iterator[Refusal]:
        span = one.span
        for row in self._overlapping(span):
            code, message = _REASONS[row.kind]
            details = {"original_start": one.original_start, "span": row.span, "id": row.id}
            yield Refusal(code, message, "starts_at", details)

    def _overlapping(self, span: Span) -> list[Busy]:
        if self._rows is None:
            plain = self._diary if isinstance(self._diary, Diary) else self._diary.diary
            reach = Span(self.occurrences[0].starts_at, max(one.ends_at for one in self.occurrences))
            rows = plain.busy_between(reach)
            external = self._policy.block_external_busy
            self._rows = sorted(
                (row for row in rows if external or row.kind is not BusyKind.EXTERNAL), key=lambda row: row.span.start
            )
            self._tops = list(accumulate((row.span.end for row in self._rows), max))
        last = bisect_left(self._rows, span.end, key=lambda row: row.span.start)
        found = []
        # Before the first place whose latest end so far is over, nothing can reach into the span.
        while last > 0 and self._tops[last - 1] > span.start:
            last -= 1
            if self._rows[last].span.end > span.start:
                found.append(self._rows[last])
        return found[::-1]

    def decide(self, *, skip_conflicts: bool = False, strict: bool = False) -> Decision[Series]:
        """Decide on the series: all or nothing, or without the occurrences that conflict (A36).

        Appointments and holds stop an occurrence, blocks and busy calendars only warn (A10); under `strict` everything
        stops it. Refuses with one `conflict` for each such date, its reasons in `details`.
        """
        stopped: list[Verdict] = []
        warnings: list[Refusal] = []
        for verdict in self.verdicts:
            if any(strict or reason.code is Code.CONFLICT for reason in verdict.reasons):
                stopped.append(verdict)
            else:
                warnings += verdict.reasons
        refusals = tuple(
            Refusal(
                Code.CONFLICT,
                "this date is taken",
                "starts_at",
                {"original_start": verdict.occurrence.original_start, "reasons": verdict.reasons},
            )
            for verdict in stopped
        )
        if not stopped:
            return Accepted(self.series, warnings=tuple(warnings))
        if not skip_conflicts or len(stopped) == len(self.occurrences):
            return Refused(refusals)
        series = self.series
        for verdict in stopped:
            series = series.without(verdict.occurrence.original_start)
        return Accepted(series, warnings=(*refusals, *warnings))

    def suggestions(self) -> dict[datetime, datetime | None]:
        """For each conflicting occurrence, by its original start: the nearest start that is free, or None.

        Looks a day to either side first, then a week, inside the diary's hours and on its grid; never
        at a time that another occurrence of the series takes.
        """
        found: dict[datetime, datetime | None] = {}
        taken = list(compress((one.span for one in self.occurrences), self.free))
        for one in self.conflicts:
            start = self._nearest(one, taken)
            found[one.original_start] = start
            if start is not None:
                taken.append(Span(start, start + one.duration))
        return found

    def _nearest(self, one: Occurrence, taken: Iterable[Span]) -> datetime | None:
        limits = self._diary.within if isinstance(self._diary, PreparedDiary) else None
        blocked = list(taken)
        for days in (1, _FAR_DAYS):
            low, high = one.starts_at - days * _DAY, one.starts_at + days * _DAY
            if limits is not None:
                low, high = max(low, limits.start), min(high, limits.end)
            low = max(low, EARLIEST)
            slots = bookable_slots(
                self._diary,
                _Wanted(duration=one.duration),
                within=Span(low, high),
                policy=BookingPolicy(
                    slot_step=self._policy.slot_step, block_external_busy=self._policy.block_external_busy
                ),
                now=low,
            )
            starts = (slot.starts_at.astimezone(UTC) for slot in slots)
            free = (start for start in starts if not any(_hits(span, start, one.duration) for span in blocked))
            best = min(free, key=lambda start: (abs(start - one.starts_at), start), default=None)
            if best is not None:
                return best
        return None


def _hits(span: Span, start: datetime, duration: timedelta) -> bool:
    return span.start < start + duration and start < span.end


def check_series(
    series: Series,
    diary: Diary | PreparedDiary,
    *,
    within: Span | None = None,
    policy: BookingPolicy | None = None,
) -> SeriesCheck:
    """Check every occurrence of a series against everything busy, before the series exists (A36).

    A prepared diary answers in O(occurrences log busy); a plain one is sorted first. An open series needs `within`.
    Hours and buffers are not asked: they bind clients, and a series is the clinician's (A10, B9).

    Raises:
        InvalidValue: `end_required` for an open series without a window, `out_of_range` when a prepared diary does not
            cover the series.
    """
    rules = NO_LIMITS if policy is None else policy
    found = series.placed(within)
    length = whole(series.duration)
    starts = found.instants
    ends = list(map(length.__add__, starts))
    if found.special:
        # Moved ones have lengths of their own: in the order in which they will be built.
        spans = [(floor_seconds(one.starts_at), ceil_seconds(one.ends_at)) for one in series.built(found)]
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
    if not starts:
        return SeriesCheck(series, diary, rules, found, ())
    low, high = starts[0], max(ends)
    prepared = diary
    if isinstance(prepared, Diary):
        prepared = prepared.prepared(Span(instant(low), instant(high)))
    elif low < prepared.within.first or high > prepared.within.last:
        raise InvalidValue("ask inside the prepared stretch", field="diary", code=Code.OUT_OF_RANGE)
    edges = prepared.edges(external=rules.block_external_busy, padded=False)
    # Of the n busy times that start before an end, all are over by a start when the n-th earliest end is.
    begun = map(bisect_left, repeat(edges.starts), ends)
    over = edges.ends
    free = tuple([not n or over[n - 1] <= start for n, start in zip(begun, starts, strict=True)])
    return SeriesCheck(series, diary, rules, found, free)
