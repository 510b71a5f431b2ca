"""iCalendar text as a tree of components: unfolded, bounded, without a word of what an entry is about (RFC 5545 3.1).

Only the properties in `KEPT` leave this module. A line that is no content line is dropped, for real feeds break the
folding of long descriptions; one that begins like a kept property refuses the feed, for dropping that could free a busy
hour. Time and memory are linear in the size of the feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, final

from oasys_sched.adapters.busy import FeedLimits, malformed, too_large

__all__ = ["KEPT", "Component", "Line", "read_components"]

KEPT: Final = frozenset(
    {
        *("BEGIN", "END", "UID", "METHOD", "SEQUENCE", "STATUS", "TRANSP", "DTSTAMP"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *("FREEBUSY", "BUSYTYPE", "PRIORITY", "X-MICROSOFT-CDO-BUSYSTATUS"),
        *("TZID", "X-LIC-LOCATION", "TZOFFSETFROM", "TZOFFSETTO"),
    }
)
# What is read of a client's answer to an invite; never of a feed.
ANSWER: Final = KEPT | {"ATTENDEE", "COMMENT"}

# Components whose inside says nothing about busy time; alarms have an own DURATION.
_SKIPPED: Final = frozenset({"VALARM", "VTODO", "VJOURNAL"})
# Parameters that are read; each stands at most once in a good line.
_READ: Final = frozenset({"TZID", "VALUE", "RANGE", "FBTYPE", "PARTSTAT"})
_MOST_PARAMETERS: Final = len(_READ)
_LINES_PER_EVENT: Final = 16

_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_PARAMETER: Final = re.compile(r';([A-Za-z0-9-]{1,64})=("[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*+', re.ASCII)


@final
@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name in capitals, its parameters (the first value of each), its value, its place."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    value: str
    number: int

    def parameter(self, name: str) -> str | None:
        """Return a parameter's value without its quotes, or None."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def where(self) -> str:
        """The property and its line in the unfolded text, for error messages."""
        return f"{self.name}, line {self.number}"


@final
@dataclass(slots=True)
class Component:
    """One component, its kept properties and the components in it."""

    name: str
    number: int
    lines: list[Line] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def every(self, name: str) -> list[Line]:
        """Return all properties of one name."""
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line | None:
        """Return a property that may stand at most once, or None.

        Raises:
            InvalidValue: `feed_malformed` when it stands twice.
        """
        found = self.every(name)
        if len(found) > 1:
            raise malformed("stands twice in one component", found[1].where)
        return found[0] if found else None

    def inside(self, name: str) -> list[Component]:
        """Return the components of one name directly in this one."""
        return [child for child in self.children if child.name == name]


def read_components(data: bytes | str, limits: FeedLimits, kept: frozenset[str] = KEPT) -> list[Component]:
    """Return the VCALENDAR objects of a feed.

    Raises:
        InvalidValue: `feed_too_large` over any limit; `feed_malformed` for anything but complete VCALENDAR objects.
    """
    octets = data if isinstance(data, bytes) else data.encode("utf-8", "replace")
    if len(octets) > limits.octets:
        raise too_large(f"a feed holds at most {limits.octets} octets", "feed")
    if b"\x00" in octets:
        raise malformed("a NUL octet: this is not calendar text", "feed")
    tree = _Tree(limits)
    for number, text in enumerate(_unfolded(octets.removeprefix(b"\xef\xbb\xbf"), limits.line_octets), 1):
        line = _content_line(text, number, kept)
        if line is not None:
            tree.take(line)
    return tree.finished()


@final
class _Tree:
    """The components read so far, the innermost open one last."""

    def __init__(self, limits: FeedLimits) -> None:
        self._limits = limits
        self._top: list[Component] = []
        self._open: list[Component] = []
        self._skipping = self._events = self._lines = 0

    def take(self, line: Line) -> None:
        """Add one line, unless it lies in a component that says nothing about busy time."""
        if line.name == "BEGIN":
            self._begin(line)
        elif line.name == "END":
            if not self._open or self._open[-1].name != line.value.strip().upper():
                raise malformed("closes what is not open", line.where)
            self._skipping -= self._open.pop().name in _SKIPPED
        elif not self._open:
            raise malformed("stands outside a calendar", line.where)
        elif not self._skipping:
            self._lines += 1
            if self._lines > self._limits.events * _LINES_PER_EVENT:
                raise too_large("too many properties", line.where)
            self._open[-1].lines.append(line)

    def _begin(self, line: Line) -> None:
        name = line.value.strip().upper()
        if len(self._open) == self._limits.depth:
            raise too_large(f"components nest at most {self._limits.depth} deep", line.where)
        if not self._open and name != "VCALENDAR":
            raise malformed("expected BEGIN:VCALENDAR", line.where)
        self._events += name not in _SKIPPED
        if self._events > self._limits.events:
            raise too_large(f"a feed holds at most {self._limits.events} events", line.where)
        component = Component(name, line.number)
        self._skipping += name in _SKIPPED
        if not self._skipping:
            (self._open[-1].children if self._open else self._top).append(component)
        self._open.append(component)

    def finished(self) -> list[Component]:
        """Return the calendar objects; a feed that breaks off is refused."""
        if self._open:
            raise malformed("the feed breaks off", "feed")
        if not self._top:
            raise malformed("this is not calendar text", "feed")
        return self._top


def _unfolded(octets: bytes, most: int) -> Iterator[str]:
    """Join continuation lines before decoding, for a fold may lie inside a character."""
    waiting = bytearray()
    position, size = 0, len(octets)
    while position < size:
        end = octets.find(b"\n", position)
        end = size if end < 0 else end
        raw = octets[position:end].removesuffix(b"\r")
        position = end + 1
        if raw[:1] in {b" ", b"\t"}:
            waiting += raw[1:]
        else:
            if waiting:
                yield waiting.decode("utf-8", "replace")
            waiting = bytearray(raw)
        if len(waiting) > most:
            raise too_large(f"a line holds at most {most} octets", "feed")
    if waiting:
        yield waiting.decode("utf-8", "replace")


def _content_line(text: str, number: int, kept: frozenset[str]) -> Line | None:
    head = _NAME.match(text)
    name = head.group().upper() if head else ""
    if head is None or name not in kept:
        return None
    position = head.end()
    parameters: list[tuple[str, str]] = []
    while found := _PARAMETER.match(text, position):
        position = found.end()
        if found.group(1).upper() in _READ:
            parameters.append((found.group(1).upper(), found.group(2).strip('"')))
            if len(parameters) > _MOST_PARAMETERS:
                raise malformed("a parameter stands twice", f"{name}, line {number}")
    if not text.startswith(":", position):
        raise malformed("not a content line", f"{name}, line {number}")
    return Line(name, tuple(parameters), text[position + 1 :], number)
