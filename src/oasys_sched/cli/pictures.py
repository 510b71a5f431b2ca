"""`oasys-sched week` and `oasys-sched month`: a diary as a picture."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from oasys_sched.availability.slots import bookable_slots
from oasys_sched.calendar.diaries import diary_calendar
from oasys_sched.calendar.grid import day_start, month_days, week_days
from oasys_sched.calendar.picture import month_picture, week_picture
from oasys_sched.calendar.terminal import Piece, month_lines, week_lines
from oasys_sched.cli.terminal import Streams, read_document
from oasys_sched.errors import InvalidValue
from oasys_sched.schema.forms import SlotsRequest
from oasys_sched.schema.leaves import read_date
from oasys_sched.schema.reading import from_dict
from oasys_sched.times import Span, find_zone

__all__ = ["run"]

Days = Callable[[date, int], list[date]]
Lines = Callable[..., tuple[tuple[Piece, ...], ...]]
# Command -> (its days, its lines for the terminal, its SVG).
VIEWS: Final[Mapping[str, tuple[Days, Lines, Callable[..., str]]]] = {
    "week": (week_days, week_lines, week_picture),
    "month": (month_days, month_lines, month_picture),
}


def run(given: Namespace, streams: Streams) -> int:
    """Draw hours, blocks, busy times and bookable stretches of one week or month."""
    request = from_dict(SlotsRequest, read_document(given.file, streams))
    zone_name = request.diary.hours.zone if request.diary.hours else "UTC"
    zone = find_zone(zone_name)
    first = (request.window.start if request.window else request.now).astimezone(zone).date()
    day = _asked(given.day) if given.day is not None else first
    if not 1971 <= day.year < 2199:
        raise InvalidValue("give a day between 1971 and 2198", field="--day")
    days_of, lines, picture = VIEWS[given.command]
    days = days_of(day, 0)
    within = Span(day_start(days[0], zone), day_start(days[-1] + timedelta(days=1), zone))
    slots = bookable_slots(
        request.diary,
        request.service,
        within=within,
        policy=request.policy,
        now=request.now,
        mode=request.mode,
        location=request.location,
    )
    grid = diary_calendar(request.diary, within, slots=slots, zone=zone_name).view(given.command, day)
    if given.svg is None:
        streams.paint(lines(grid, width=streams.width))
    elif given.svg == "-":
        streams.out.write(picture(grid))
    else:
        try:
            Path(given.svg).write_text(picture(grid), encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
            raise InvalidValue(f"cannot write it: {reason}", field="--svg") from None
    return 0


def _asked(text: str) -> date:
    try:
        return read_date(text)
    except InvalidValue as error:
        raise InvalidValue(error.problem, field="--day") from None
