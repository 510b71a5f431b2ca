"""A week or a month as local days, each with what happens on it (S22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.calendar.drafts import draft_of
from oasys_sched.calendar.entries import Entry
from oasys_sched.calendar.layout import columns
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import EARLIEST, LATEST, Span, find_zone, wall_to_utc

__all__ = ["GridDay", "Grid", "Placed", "build_grid", "day_start", "month_days", "week_days"]

DAY: Final = timedelta(days=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The part of an entry that lies on one day, and its column among those it overlaps.

    `starts_at` and `ends_at` are cut to the day and aware in the grid's zone; `continues_*` tell what was cut off.
    """

    entry: Entry
    starts_at: datetime
    ends_at: datetime
    column: int = 0
    columns: int = 1
    continues_before: bool = False
    continues_after: bool = False


PlacedDraft: Final = draft_of(Placed)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GridDay:
    """One local day, `[starts_at, ends_at)`, aware in the grid's zone: 23, 24 or 25 hours (or none: Apia, 2011).

    `placed` is in order of start; `open` are the working hours that lie on it.
    """

    date: date
    starts_at: datetime
    ends_at: datetime
    placed: tuple[Placed, ...] = ()
    open: tuple[tuple[datetime, datetime], ...] = ()
    in_month: bool = True

    @property
    def duration(self) -> timedelta:
        """Elapsed time from midnight to midnight."""
        return self.ends_at.astimezone(UTC) - self.starts_at.astimezone(UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A week (7 days) or a month (whole weeks) of one zone. `anchor` is the day that was asked for."""

    view: str
    zone: str
    anchor: date
    days: tuple[GridDay, ...]

    @property
    def weeks(self) -> tuple[tuple[GridDay, ...], ...]:
        """The days, seven at a time."""
        return tuple(self.days[n : n + 7] for n in range(0, len(self.days), 7))

    def day(self, when: date) -> GridDay:
        """Return one day of the grid.

        Raises:
            InvalidValue: `out_of_range` when it is not on the grid.
        """
        for day in self.days:
            if day.date == when:
                return day
        raise InvalidValue("not a day of this grid", field="when", code=Code.OUT_OF_RANGE)

    def _repr_html_(self) -> str:
        from oasys_sched.calendar.picture import draw

        return draw(self)


def day_start(when: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day, in UTC; a skipped midnight moves forward."""
    return wall_to_utc(datetime.combine(when, time()), zone)


def week_days(when: date, week_start: int) -> list[date]:
    """Return the seven days of the week that a day lies in; `week_start` 0 is Monday."""
    first = when - timedelta(days=(when.weekday() - week_start) % 7)
    return [first + n * DAY for n in range(7)]


def month_days(when: date, week_start: int) -> list[date]:
    """Return the days of a month, padded to whole weeks."""
    first = when.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    start = week_days(first, week_start)[0]
    end = week_days(last, week_start)[-1]
    return [start + n * DAY for n in range((end - start).days + 1)]


def build_grid(
    view: str, anchor: date, days: Sequence[date], zone: str, entries: Sequence[Entry], open: Sequence[Span] = ()
) -> Grid:
    """Lay entries out over consecutive days; what crosses a midnight is on both days. O(entries log entries + cells).

    Raises:
        InvalidValue: `out_of_range` when a day lies outside 1970 to 2199.
    """
    if not EARLIEST.date() <= days[0] <= days[-1] < LATEST.date() - DAY:
        raise InvalidValue("give a day between 1970 and 2199", field="day", code=Code.OUT_OF_RANGE)
    place = find_zone(zone)
    edges = [day_start(day, place) for day in [*days, days[-1] + DAY]]
    # Of those that start together the longest comes first.
    cells = _spread(edges, sorted(entries, key=lambda e: (e.starts_at, LATEST - e.ends_at, e.id)))
    windows = [(span.start, span.end) for span in sorted(open, key=lambda s: s.start)]
    return Grid(
        view=view,
        zone=zone,
        anchor=anchor,
        days=tuple(
            GridDay(
                date=day,
                starts_at=edges[n].astimezone(place),
                ends_at=edges[n + 1].astimezone(place),
                placed=_place(edges[n], edges[n + 1], cells[n], place),
                open=tuple(
                    (max(start, edges[n]).astimezone(place), min(end, edges[n + 1]).astimezone(place))
                    for start, end in windows
                    if max(start, edges[n]) < min(end, edges[n + 1])
                ),
                in_month=view != "month" or day.month == anchor.month,
            )
            for n, day in enumerate(days)
        ),
    )


def _spread(edges: list[datetime], entries: list[Entry]) -> list[list[Entry]]:
    cells: list[list[Entry]] = [[] for _ in edges[1:]]
    first = 0
    for entry in entries:
        starts_at, ends_at = entry.starts_at, entry.ends_at
        if ends_at <= edges[0]:
            continue
        # Entries come in order of start, so the first day to look at never moves back.
        while first < len(cells) and edges[first + 1] <= starts_at:
            first += 1
        for n in range(first, len(cells)):
            if edges[n] >= ends_at:
                break
            if edges[n] < edges[n + 1]:
                cells[n].append(entry)
    return cells


def _place(start: datetime, end: datetime, entries: list[Entry], zone: ZoneInfo) -> tuple[Placed, ...]:
    times = [(max(one.starts_at, start), min(one.ends_at, end)) for one in entries]
    # Entries come in order of start, so only the first can be from yesterday. What came over starts at midnight, like
    # the rest that does: the longest is leftmost.
    if entries and entries[0].starts_at < start:
        ranked = sorted(zip(times, entries, strict=True), key=lambda row: (row[0][0], LATEST - row[0][1], row[1].id))
        times, entries = [cut for cut, _ in ranked], [entry for _, entry in ranked]
    placed: list[Placed] = []
    for entry, (starts_at, ends_at), (column, count) in zip(
        entries, _shown(times, start, end, zone), columns(times), strict=True
    ):
        made = PlacedDraft()
        made.entry = entry
        made.starts_at = starts_at
        made.ends_at = ends_at
        made.column = column
        made.columns = count
        made.continues_before = entry.starts_at < start
        made.continues_after = entry.ends_at > end
        made.__class__ = Placed
        placed.append(made)
    return tuple(placed)


def _shown(
    times: list[tuple[datetime, datetime]], start: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Show what happens on a day in a zone; a day without a change of clocks needs one conversion."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    # Changes of one zone are days apart: with equal offsets at both ends, what elapses is what the clock moves on.
    if first.utcoffset() == last.utcoffset():
        return [(first + (starts_at - start), first + (ends_at - start)) for starts_at, ends_at in times]
    return [(starts_at.astimezone(zone), ends_at.astimezone(zone)) for starts_at, ends_at in times]
