"""A week for the terminal: lines of text, with colours for those who can show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final
from unicodedata import combining, east_asian_width

from oasys_sched.calendar.colours import PALETTE
from oasys_sched.calendar.entries import EntryKind
from oasys_sched.calendar.grid import Grid, GridDay, Placed
from oasys_sched.calendar.ruler import Ruler
from oasys_sched.markup import DAY_NAMES, printable

__all__ = ["Piece", "fitted", "week_lines"]

LABEL: Final = 7
FILL: Final = {EntryKind.BLOCK: "▒", EntryKind.BUSY: "░", EntryKind.HOLD: "┊", EntryKind.SLOT: "┆"}
BACKGROUNDS: Final = {color.token: (color.background, color.ink) for color in PALETTE}


@final
@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style: a background and an ink as #rrggbb, or none."""

    text: str
    background: str | None = None
    ink: str | None = None


def fitted(text: str, width: int) -> str:
    """Return text of exactly so many terminal columns: cut or padded, without control characters."""
    shown, used = [], 0
    for char in printable(text):
        wide = 0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1
        if used + wide > width:
            break
        shown.append(char)
        used += wide
    return "".join(shown) + " " * (width - used)


def week_lines(
    grid: Grid, *, width: int = 100, step: timedelta = timedelta(minutes=30)
) -> tuple[tuple[Piece, ...], ...]:
    """Draw days side by side: one line for each step of the clock, from the first to the last thing on them.

    Join the texts of a line for plain output. Skipped hours are dotted, a repeated hour has its own lines; `·` marks
    working hours.
    """
    ruler = Ruler(grid.days)
    cell = max(4, (width - LABEL) // len(grid.days) - 1)
    stride = max(5, step.seconds // 60)
    labels = {place: label.removesuffix(" again") for place, label in ruler.hours()}
    rows = [_head(grid, cell)]
    first, last = _extent(grid, ruler)
    for top in range(first, last, stride):
        label = next((labels[p] for p in range(top, top + stride) if p in labels), "")
        line = [Piece(fitted(f"{label:>5}", LABEL))]
        for day in grid.days:
            line += [*_cell(day, ruler, top, top + stride, cell), Piece(" ")]
        rows.append(tuple(line))
    return tuple(rows)


def _extent(grid: Grid, ruler: Ruler) -> tuple[int, int]:
    times = [(item.starts_at, item.ends_at, day) for day in grid.days for item in day.placed]
    times += [(start, end, day) for day in grid.days for start, end in day.open]
    if not times:
        return ruler.row(9 * 60), ruler.row(17 * 60)
    first = min(ruler.place(start, day) for start, _, day in times)
    last = max(ruler.end(end, day) for _, end, day in times)
    return first // 60 * 60, min(-(-last // 60) * 60, ruler.length)


def _head(grid: Grid, cell: int) -> tuple[Piece, ...]:
    line = [Piece(" " * LABEL)]
    for day in grid.days:
        hours = day.duration / timedelta(hours=1)
        note = "" if hours == 24 else f" {hours:g}h"
        line.append(Piece(fitted(f"{DAY_NAMES[day.date.weekday()]} {day.date.day}{note}", cell + 1)))
    return tuple(line)


def _cell(day: GridDay, ruler: Ruler, top: int, bottom: int, width: int) -> list[Piece]:
    if any(start <= top and bottom <= end for start, end in ruler.missing(day.date)):
        return [Piece(fitted("." * width, width))]
    here = [item for item in day.placed if _covers(item, day, ruler, top, bottom)]
    if not here:
        inside = any(ruler.place(start, day) < bottom and ruler.end(end, day) > top for start, end in day.open)
        return [Piece(fitted("·" if inside else "", width))]
    share, spare = divmod(width, len(here))
    return [
        _piece(
            item,
            ruler.place(item.starts_at, day) - top,
            share + (spare if n == 0 else 0),
            bottom - top,
            alone=len(here) == 1,
        )
        for n, item in enumerate(here)
    ]


def _covers(item: Placed, day: GridDay, ruler: Ruler, top: int, bottom: int) -> bool:
    return ruler.place(item.starts_at, day) < bottom and ruler.end(item.ends_at, day) > top


def _piece(item: Placed, into: int, width: int, stride: int, *, alone: bool) -> Piece:
    entry = item.entry
    if 0 <= into < stride:
        # The line's own time goes without saying; a later start says its minutes.
        text = f"{f':{item.starts_at.minute:02d} ' if into else ''}{entry.caption}"
    else:
        text = FILL.get(entry.kind, "│") * width
    # What stands beside it begins after a blank.
    text = fitted(text, width if alone else width - 1)
    token = entry.client_color
    if token is None or entry.kind in FILL:
        return Piece(fitted(text, width))
    background, ink = BACKGROUNDS[token]
    return Piece(fitted(text, width), background, ink)
