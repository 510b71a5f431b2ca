"""Pictures of a week and a month as SVG: small, escaped, light and dark, good on paper."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Final

from oasys_sched.calendar.colours import STATUS_COLORS
from oasys_sched.calendar.entries import Entry, EntryKind, ShownStatus
from oasys_sched.calendar.fitting import cut, wrapped
from oasys_sched.calendar.grid import Grid, GridDay, Placed
from oasys_sched.calendar.ruler import Ruler
from oasys_sched.calendar.svg import clipped, document, hatch, line, rect, text
from oasys_sched.calendar.tables import FLAGS
from oasys_sched.errors import InvalidValue
from oasys_sched.markup import DAY_NAMES, escape

__all__ = ["draw", "month_picture", "week_picture"]

MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                 "November", "December")  # fmt: skip
# Box styles for entries without a client: their fill and their ink.
PLAIN: Final = {
    EntryKind.SLOT: ("os-slot", "os-ink"),
    EntryKind.HOLD: ("os-plain os-dash", "os-ink"),
    EntryKind.BLOCK: ("os-plain", "os-ink"),
    EntryKind.BUSY: ("os-plain", "os-soft"),
}
NOUNS: Final = {
    EntryKind.APPOINTMENT: ("appointment", "appointments"),
    EntryKind.SESSION: ("session", "sessions"),
    EntryKind.BLOCK: ("block", "blocks"),
    EntryKind.HOLD: ("hold", "holds"),
    EntryKind.BUSY: ("busy time", "busy times"),
    EntryKind.SLOT: ("free slot", "free slots"),
}
LEFT: Final = 74
TOP: Final = 62
MARGIN: Final = 12


def draw(grid: Grid) -> str:
    """Draw a grid as what it is, a week or a month."""
    return (month_picture if grid.view == "month" else week_picture)(grid)


def week_picture(grid: Grid, *, width: int = 980, hour_height: float = 44, hours: tuple[int, int] | None = None) -> str:
    """Draw days side by side, as SVG text; `width` and `hour_height` in pixels.

    `hours` limits the picture to those wall-clock hours; by default it shows from the first to the last thing on it,
    8:00 to 18:00 at least. Skipped hours are hatched, a repeated hour has a row of its own. Each box is coloured by
    client, with the status as its left edge and sign (A13).

    Raises:
        InvalidValue: naming `hours` when they are not two of a day, `width` below 240, `hour_height` below 12.
    """
    _at_least(240, width=width)
    _at_least(12, hour_height=hour_height)
    ruler = Ruler(grid.days)
    first, last = _extent(grid, ruler) if hours is None else _between(hours, ruler)
    scale = hour_height / 60
    height = TOP + (last - first) * scale + MARGIN
    wide = (width - LEFT - MARGIN) / len(grid.days)

    def y(place: float) -> float:
        return TOP + (min(max(place, first), last) - first) * scale

    body = []
    # Hours that nobody gave are not hours that are shut.
    ground = "os-shut" if any(day.open for day in grid.days) else "os-open"
    for n, day in enumerate(grid.days):
        x = LEFT + n * wide
        body.append(rect(x, TOP, wide, (last - first) * scale, ground))
        for start, end in day.open:
            top, bottom = y(ruler.place(start, day)), y(ruler.end(end, day))
            if bottom > top:
                body.append(rect(x, top, wide, bottom - top, "os-open"))
    for place, label in ruler.hours():
        if first <= place <= last:
            body.append(line(LEFT, y(place), width - MARGIN, y(place)))
            if place < last:
                body.append(text(LEFT - 8, y(place) + 11, label, "os-soft os-xs os-end"))
    for n, day in enumerate(grid.days):
        x = LEFT + n * wide
        for start_place, end_place in ruler.missing(day.date):
            top, bottom = y(start_place), y(end_place)
            if bottom > top:
                body += [rect(x, top, wide, bottom - top, "os-paper"), hatch(x, top, wide, bottom - top)]
        body.append(line(x, TOP, x, height - MARGIN))
        body.append(_day_head(day, x, wide))
        for item in day.placed:
            top, bottom = y(ruler.place(item.starts_at, day)), y(ruler.end(item.ends_at, day))
            if bottom > top:
                share = (wide - 4) / item.columns
                body.append(_box(item, x + 2 + item.column * share, top, share, max(bottom - top, 3)))
    body.append(line(width - MARGIN, TOP, width - MARGIN, height - MARGIN))
    body.append(line(LEFT, TOP, width - MARGIN, TOP, "os-strong"))
    body.append(text(MARGIN, 20, f"{_days(grid.days[0].date, grid.days[-1].date)}  ·  {grid.zone}", "os-ink os-b"))
    title = f"Week from {grid.days[0].date.isoformat()}, {grid.zone}"
    return document(width, height, title, "".join(body), _summary(grid))


def _extent(grid: Grid, ruler: Ruler) -> tuple[int, int]:
    places = [ruler.row(8 * 60), ruler.row(18 * 60)]
    for day in grid.days:
        for item in day.placed:
            places += [ruler.place(item.starts_at, day), ruler.end(item.ends_at, day)]
        for start, end in day.open:
            places += [ruler.place(start, day), ruler.end(end, day)]
    return min(places) // 60 * 60, min(-(-max(places) // 60) * 60, ruler.length)


def _at_least(least: int, **given: float) -> None:
    for name, pixels in given.items():
        if not isinstance(pixels, int | float) or not least <= pixels < 100_000:
            raise InvalidValue(f"give {least} pixels or more", field=name)


def _between(hours: tuple[int, int], ruler: Ruler) -> tuple[int, int]:
    match hours:
        case int(first), int(last) if 0 <= first < last <= 24:
            return ruler.row(first * 60), ruler.row(last * 60)
    raise InvalidValue("give two whole hours from 0 to 24, the first one earlier", field="hours")


def _day_head(day: GridDay, x: float, wide: float) -> str:
    name = f"{DAY_NAMES[day.date.weekday()]} {day.date.day}"
    hours = day.duration / timedelta(hours=1)
    note = "" if hours == 24 else text(x + wide / 2, 56, f"{hours:g} hours", "os-warn os-xs os-mid")
    return text(x + wide / 2, 43, name, "os-ink os-b os-mid") + note


def _box(item: Placed, x: float, y: float, width: float, height: float) -> str:
    entry = item.entry
    shape, ink = _style(entry)
    # Many side by side are thin; then the client's colour is what can be seen.
    thin = max(width - 1, width / 2)
    body = [rect(0.5, 0.5, thin, height - 1, f"{shape} os-edge" if entry.client_color else shape, 3)]
    if entry.status is not None and width >= 3:
        color = STATUS_COLORS[entry.status]
        body.append(rect(1, 1, min(5, width / 3), height - 2, f"os-{color.token} os-edge", 2))
    if height >= 12:
        for n, (words, css) in enumerate(_lines(item, width - 11, int(height - 12) // 14 + 1)):
            body.append(text(9, min(12, height - 3) + n * 13, words, f"{ink} {css}"))
    return clipped(x, y, width, height, f"<title>{escape(_spoken(item))}</title>{''.join(body)}")


def _lines(item: Placed, room: float, most: int) -> list[tuple[str, str]]:
    """What to write in a box of so many lines, each with its style: who, when, what."""
    entry = item.entry
    who = wrapped(entry.caption, room, 11, max(1, most - 1))
    rest = [next((when for when in (_times(item), _clock(item.starts_at)) if cut(when, room, 10) == when), "")]
    if entry.service_name and entry.service_name != entry.label:
        rest.append(cut(entry.service_name, room, 10))
    lines = [(line, f"os-s os-b{_struck(entry)}") for line in who]
    # Three letters say nothing about a service, and half a time is another time.
    lines += [(line, "os-xs") for line in rest if len(line) > 3]
    return lines[:most]


def _style(entry: Entry) -> tuple[str, str]:
    token = entry.client_color
    if token is None or entry.kind in PLAIN:
        return PLAIN.get(entry.kind, ("os-plain", "os-ink"))
    return f"os-{token}", f"os-t-{token}"


def _struck(entry: Entry) -> str:
    return " os-struck" if entry.status is ShownStatus.CANCELLED else ""


def _times(item: Placed) -> str:
    return f"{_clock(item.starts_at)}–{_clock(item.ends_at)}"


def _clock(when: datetime) -> str:
    return f"{when.hour:02d}:{when.minute:02d}"


def _spoken(item: Placed) -> str:
    entry = item.entry
    words = [f"{_times(item)} {entry.label}"]
    if entry.service_name and entry.service_name != entry.label:
        words.append(entry.service_name)
    if entry.mode is not None:
        words.append(entry.mode.replace("_", "-"))
    if entry.status is not None:
        words.append(entry.status.replace("_", " "))
    return ", ".join(words + [said for flag, said in FLAGS if getattr(entry, flag)])


def _days(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first.day} {_month_year(first)} – {last.day} {_month_year(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} – {last.day} {_month_year(last)}"
    return f"{first.day}–{last.day} {_month_year(last)}"


def _month_year(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _summary(grid: Grid) -> str:
    # An entry over a midnight is on two days; several may have one id and start, as busy times have.
    seen = {
        (item.entry.kind, item.entry.id, item.entry.starts_at, item.entry.ends_at)
        for day in grid.days
        for item in day.placed
    }
    counts = Counter(kind for kind, *_ in seen)
    return ", ".join(f"{counts[kind]} {NOUNS[kind][counts[kind] > 1]}" for kind in EntryKind if kind in counts)


def month_picture(grid: Grid, *, width: int = 980, row_height: float = 112) -> str:
    """Draw whole weeks under each other, as SVG text; what does not fit in a day is counted. Sizes in pixels.

    Raises:
        InvalidValue: naming `width` below 240, or `row_height` below 42.
    """
    _at_least(240, width=width)
    _at_least(42, row_height=row_height)
    wide = (width - 2 * MARGIN) / 7
    fitting = max(1, int((row_height - 24) // 17))
    height = TOP + row_height * len(grid.weeks) + MARGIN
    body = [text(MARGIN, 20, f"{_month_year(grid.anchor)}  ·  {grid.zone}", "os-ink os-b")]
    for n, day in enumerate(grid.days[:7]):
        name = DAY_NAMES[day.date.weekday()]
        body.append(text(MARGIN + (n + 0.5) * wide, 54, name, "os-soft os-s os-mid"))
    for row, week in enumerate(grid.weeks):
        for n, day in enumerate(week):
            body.append(_cell(day, MARGIN + n * wide, TOP + row * row_height, wide, row_height, fitting))
    title = f"{_month_year(grid.anchor)}, {grid.zone}"
    return document(width, height, title, "".join(body), _summary(grid))


def _cell(day: GridDay, x: float, y: float, wide: float, tall: float, fitting: int) -> str:
    shade = "os-paper" if day.in_month else "os-shut"
    body = [rect(x, y, wide, tall, f"{shade} os-line")]
    if day.duration == timedelta(0):
        return f"{body[0]}{hatch(x, y, wide, tall)}{text(x + 6, y + 15, str(day.date.day), 'os-warn os-s os-b')}"
    body.append(text(x + 6, y + 15, str(day.date.day), "os-ink os-s os-b" if day.in_month else "os-soft os-s"))
    if day.duration != timedelta(hours=24):
        hours = f"{day.duration / timedelta(hours=1):g} hours"
        body.append(text(x + wide - 6, y + 15, hours, "os-warn os-xs os-end"))
    shown = day.placed if len(day.placed) <= fitting else day.placed[: fitting - 1]
    for n, item in enumerate(shown):
        body.append(_chip(item, x + 3, y + 22 + n * 17, wide - 6))
    if len(shown) < len(day.placed):
        more = f"+{len(day.placed) - len(shown)} more"
        body.append(text(x + 6, y + 22 + len(shown) * 17 + 12, more, "os-soft os-xs"))
    return "".join(body)


def _chip(item: Placed, x: float, y: float, width: float) -> str:
    entry = item.entry
    shape, ink = _style(entry)
    start = "" if item.continues_before else f"{_clock(item.starts_at)} "
    body = rect(0.5, 0.5, width - 1, 14, shape, 3)
    if entry.status is not None:
        body += rect(1, 1, 4, 13, f"os-{STATUS_COLORS[entry.status].token} os-edge", 2)
    words = cut(f"{start}{entry.caption}", width - 11, 10)
    body += text(8, 11.5, words, f"{ink} os-xs{_struck(entry)}")
    return clipped(x, y, width, 15, f"<title>{escape(_spoken(item))}</title>{body}")
