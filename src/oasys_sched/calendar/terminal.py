"""A week and a month for the terminal: lines of text, with colours for those who can show them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final, final

from oasys_sched.calendar.cells import FILL, Piece, beside, fitted, inked, stacked
from oasys_sched.calendar.grid import Grid, GridDay, Placed
from oasys_sched.calendar.picture import MONTHS
from oasys_sched.calendar.ruler import Ruler
from oasys_sched.errors import InvalidValue
from oasys_sched.markup import DAY_NAMES

__all__ = ["LEAST_WIDTH", "Piece", "fitted", "month_lines", "week_lines"]

LABEL: Final = 7
# Seven days of five columns, which hold `10:00` and `23.5h`, a blank after each, and the label of the line.
LEAST_WIDTH: Final = LABEL + 7 * (5 + 1)
# How many lines of a month's day its entries may take.
ENTRIES: Final = 4
RULE: Final = "─"
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
REFUSED: Final = {
    "week": "give a week; month_lines draws a month",
    "month": "give a month; week_lines draws a week",
}

Marks = Sequence[tuple[int, str]]


@final
@dataclass(frozen=True, slots=True)
class _Column:
    """A day on the ruler: `(start, end)` of what it lacks and of its working hours; its entries with theirs."""

    missing: list[tuple[int, int]]
    open: list[tuple[int, int]]
    items: list[tuple[Placed, int, int]]


@final
@dataclass(frozen=True, slots=True)
class _Row:
    """A line's stretch of the ruler."""

    top: int
    bottom: int

    def meets(self, start: int, end: int) -> bool:
        return start < self.bottom and end > self.top


def week_lines(
    grid: Grid, *, width: int = 100, step: timedelta = timedelta(minutes=30)
) -> tuple[tuple[Piece, ...], ...]:
    """Draw days side by side: one line for each step of the clock, from the first to the last thing on them.

    Lines are equally wide: at most `width` terminal columns. `step` is whole minutes, from one to a day. A line's label
    is the time it begins at; hours only, where lines begin on each hour. What starts later in a line says when. `+n`
    counts what has no room beside the others. Skipped hours are dotted, a repeated hour has its own lines; `·` marks
    working hours. Join the texts of a line for plain output.

    Raises:
        InvalidValue: naming `grid` when it is no week, `width` when it is below 49, or `step`.
    """
    _check(grid, "week", width)
    if not isinstance(step, timedelta) or step % MINUTE or not MINUTE <= step <= DAY:
        raise InvalidValue("give whole minutes, from one minute to a day", field="step")
    ruler = Ruler(grid.days)
    marks = ruler.hours()
    places = {place for place, _ in marks}
    columns = [_column(day, ruler) for day in grid.days]
    cell = (width - LABEL) // len(grid.days) - 1
    stride = step // MINUTE
    heads = stacked([(DAY_NAMES[day.date.weekday()], str(day.date.day), _note(day)) for day in grid.days], cell)
    lines = [(Piece(" " * LABEL), *beside([Piece(fitted(text, cell))] for text in texts)) for texts in heads]
    for top, bottom in _stretches(columns, ruler, marks, stride):
        hour, minute = divmod(_minute(marks, top), 60)
        label = f"{hour:02d}:{minute:02d}" if top in places or 60 % stride else ""
        cells = beside(_cell(column, _Row(top, bottom), cell) for column in columns)
        lines.append((Piece(fitted(label, LABEL)), *cells))
    return tuple(lines)


def month_lines(grid: Grid, *, width: int = 100) -> tuple[tuple[Piece, ...], ...]:
    """Draw a calendar's page: weeks under each other, each day with its number and its first entries.

    Lines are equally wide: at most `width` terminal columns. A week is as tall as its fullest day, up to four entries;
    `+n` counts the rest. Days of other months are dim and in brackets, days that do not exist are dotted. Join the
    texts of a line for plain output.

    Raises:
        InvalidValue: naming `grid` when it is no month, or `width` when it is below 49.
    """
    _check(grid, "month", width)
    cell = width // 7 - 1
    title = f"{MONTHS[grid.anchor.month - 1]} {grid.anchor.year}  ·  {grid.zone}"
    names = [DAY_NAMES[day.date.weekday()] for day in grid.days[:7]]
    lines = [[Piece(fitted(title, 7 * (cell + 1)))], beside([Piece(fitted(name, cell))] for name in names)]
    for week in grid.weeks:
        numbers = [str(day.date.day) if day.in_month else f"({day.date.day})" for day in week]
        heads = stacked([(number, _note(day)) for number, day in zip(numbers, week, strict=True)], cell)
        # The numbers stand on the line that parts the weeks.
        heads[0] = [f"{text} {RULE * cell}" for text in heads[0]]
        for texts in heads:
            pairs = zip(texts, week, strict=True)
            lines.append(beside([Piece(fitted(text, cell), dim=not day.in_month)] for text, day in pairs))
        tall = min(ENTRIES, max(1, *(len(day.placed) for day in week)))
        columns = [_first(day, tall, cell) for day in week]
        lines += [beside([column[n]] for column in columns) for n in range(tall)]
    return tuple(map(tuple, lines))


def _check(grid: Grid, view: str, width: int) -> None:
    if grid.view != view:
        raise InvalidValue(REFUSED[view], field="grid")
    if not isinstance(width, int) or width < LEAST_WIDTH:
        raise InvalidValue(f"give a whole number from {LEAST_WIDTH}", field="width")


def _note(day: GridDay) -> str:
    return "" if day.duration == DAY else f"{day.duration / timedelta(hours=1):g}h"


def _column(day: GridDay, ruler: Ruler) -> _Column:
    return _Column(
        ruler.missing(day.date),
        [(ruler.place(start, day), _end(end, day, ruler)) for start, end in day.open],
        [(item, ruler.place(item.starts_at, day), _end(item.ends_at, day, ruler)) for item in day.placed],
    )


def _end(when: datetime, day: GridDay, ruler: Ruler) -> int:
    """Where something ends; a minute that has begun counts."""
    over = timedelta(seconds=when.second, microseconds=when.microsecond)
    whole = (when.astimezone(UTC) + (MINUTE - over) % MINUTE).astimezone(when.tzinfo)
    return ruler.end(whole, day)


def _stretches(columns: Sequence[_Column], ruler: Ruler, marks: Marks, stride: int) -> list[tuple[int, int]]:
    """Where each line begins and ends; what comes twice begins and ends with a line."""
    times = [(start, end) for column in columns for _, start, end in column.items]
    times += [time for column in columns for time in column.open]
    times = times or [(ruler.row(9 * 60), ruler.row(17 * 60))]
    first = max(place for place, _ in marks if place <= min(start for start, _ in times))
    last = min(place for place, _ in marks if place >= max(end for _, end in times))
    edges = {first, *(place for place, label in marks if label.endswith("again"))}
    edges |= {ruler.row(end) for _, end in ruler.extra}
    return [
        (top, min(top + stride, below))
        for edge, below in pairwise([*sorted(edge for edge in edges if first <= edge < last), last])
        for top in range(edge, below, stride)
    ]


def _minute(marks: Marks, place: int) -> int:
    """Return what the clock says at a place, in minutes since midnight."""
    mark, label = marks[bisect_right(marks, place, key=lambda mark: mark[0]) - 1]
    return int(label[:2]) * 60 + int(label[3:5]) + place - mark


def _cell(column: _Column, row: _Row, width: int) -> list[Piece]:
    if any(start <= row.top and row.bottom <= end for start, end in column.missing):
        return [Piece("." * width)]
    here = [(item, start - row.top) for item, start, end in column.items if row.meets(start, end)]
    if not here:
        return [Piece(fitted("·" if any(row.meets(start, end) for start, end in column.open) else "", width))]
    if len(here) > width:
        # One column for each that has one, and the count of the rest.
        room = next((n for n in range(width - 2, 0, -1) if n + len(f"+{len(here) - n}") <= width), 0)
        shown = [_piece(item, into, row, 1, 1) for item, into in here[:room]]
        return [*shown, Piece(fitted(f"+{len(here) - room}", width - room))]
    share, spare = divmod(width, len(here))
    # What stands beside it begins after a blank, where there is room for blanks.
    blank = int(len(here) > 1 and share > 1)
    widths = [share + (n < spare) for n in range(len(here))]
    return [_piece(item, into, row, wide, wide - blank) for (item, into), wide in zip(here, widths, strict=True)]


def _piece(item: Placed, into: int, row: _Row, width: int, room: int) -> Piece:
    """Draw an entry on a line that begins `into` minutes before it: its words have `room`."""
    text = ""
    if 0 <= into < row.bottom - row.top:
        # The line's own time goes without saying; a later start says its minutes, and its hour on a line of many.
        start = item.starts_at
        hour = f"{start.hour:02d}" if row.bottom - row.top > 60 else ""
        when = f"{hour}:{start.minute:02d} " if into else ""
        # Half a time is another time.
        text = fitted(f"{when if len(when) <= room else ''}{item.entry.caption}", room)
    # Nothing that takes time looks free: where no letter has room, the fill stands for it.
    return inked(fitted(text if text.strip() else FILL.get(item.entry.kind, "│") * room, width), item.entry)


def _first(day: GridDay, tall: int, width: int) -> list[Piece]:
    """Draw as many entries of a day as have room, and the count of the rest."""
    if not day.duration:
        return [Piece("." * width)] * tall
    shown = day.placed if len(day.placed) <= tall else day.placed[: tall - 1]
    lines = [inked(fitted(_timed(item), width), item.entry) for item in shown]
    if len(shown) < len(day.placed):
        lines.append(Piece(fitted(f"+{len(day.placed) - len(shown)}", width)))
    return lines + [Piece(" " * width)] * (tall - len(lines))


def _timed(item: Placed) -> str:
    start = item.starts_at
    return f"{'' if item.continues_before else f'{start.hour:02d}:{start.minute:02d} '}{item.entry.caption}"
