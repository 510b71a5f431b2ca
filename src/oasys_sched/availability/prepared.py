"""A diary prepared for many questions about one stretch of time: two bytes for each candidate start.

`room` holds the free minutes ahead of a candidate, `lead` the free minutes behind it, both capped at 255; `tail` the
minutes to closing. Any service is then a table look-up over those bytes, whatever the number of busy times.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias, final

from oasys_sched.availability._windows import Window
from oasys_sched.availability.allowed import CAP, DAY, FAR, LONGEST, REACH, Question, instant, whole
from oasys_sched.availability.busy import Busy, BusyKind
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.intervals import joined
from oasys_sched.availability.starts import MaskStarts, RunStarts, Starts
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.times import Span

__all__ = ["PreparedDiary"]

FULL: Final = bytes([CAP])
# AT_LEAST[n] maps a byte to 1 where it is n or more.
AT_LEAST: Final = tuple(bytes(value >= floor for value in range(256)) for floor in range(256))


# A mode, a place and a step: what decides the candidates.
Place: TypeAlias = tuple[Mode | None, str | None, int]
MOST_MASKS: Final = 64


def falling(minutes: int, step: int, count: int) -> bytes:
    """Return that many bytes, each a step less than the one before; what is above the cap is the cap."""
    full = min(count, max(0, (minutes - CAP + step - 1) // step))
    rest = minutes - full * step
    return FULL * full + bytes(range(rest, rest - (count - full) * step, -step))


def rising(minutes: int, step: int, count: int) -> bytes:
    """Return that many bytes, each a step more than the one before, up to the cap."""
    below = min(count, max(0, (CAP - minutes + step - 1) // step))
    return bytes(range(minutes, minutes + below * step, step)) + FULL * (count - below)


class Grid:
    """Every candidate start of one mode, place and step, and the minutes to closing of each.

    `firsts` holds the first candidate of each window, `ranks` its rank among all, and lastly how many there are.
    """

    __slots__ = ("_ending", "_tail", "candidates", "firsts", "ranks", "step")

    def __init__(self, windows: Iterable[Window], step: int, low: int, high: int) -> None:
        self.step = step
        self.candidates: list[int] = []
        self.firsts: list[int] = []
        self.ranks = [0]
        tail: list[bytes] = []
        for first, stop, closes in windows:
            aligned = first if first >= low else first - ((first - low) // step) * step
            starts = range(aligned, min(stop, high), step)
            if starts:
                self.candidates += starts
                self.firsts.append(aligned)
                self.ranks.append(len(self.candidates))
                tail.append(falling((closes - aligned) // 60, step // 60, len(starts)))
        self._tail = b"".join(tail)
        self._ending: dict[int, int] = {}

    def ending(self, length: int) -> int:
        """Return one byte for each candidate, as one number: 1 where that many minutes fit before closing."""
        found = self._ending.get(length)
        if found is None:
            found = self._ending[length] = int.from_bytes(self._tail.translate(AT_LEAST[length]), "little")
        return found

    def touched(self, low: int, high: int) -> tuple[int, int]:
        """Return which windows, from one up to another, may have candidates in `[low, high)`."""
        begin = max(bisect_right(self.firsts, low) - 1, 0)
        return begin, max(bisect_left(self.firsts, high), begin)

    def measure(self, begin: int, until: int, edges: Edges) -> Rooms:
        """Return the free minutes round each candidate of some windows; none inside a busy stretch.

        O(windows + busy).
        """
        if begin == until:
            return Rooms(b"", b"")
        step, ranks = self.step, self.ranks
        starts, ends = edges.near(self.firsts[begin] - REACH, self.candidates[ranks[until] - 1] + REACH)
        room: list[bytes] = []
        lead: list[bytes] = []
        opens, closes = [-FAR, *ends], [*starts, FAR]
        gap = 0
        for row in range(begin, until):
            first, size, at = self.firsts[row], ranks[row + 1] - ranks[row], 0
            while at < size:
                start = first + at * step
                while closes[gap] <= start:
                    gap += 1
                taken = min(max((opens[gap] - start + step - 1) // step, 0), size - at)
                at += taken
                start += taken * step
                free = min((closes[gap] - start + step - 1) // step, size - at)
                if taken:
                    room.append(bytes(taken))
                    lead.append(bytes(taken))
                if free > 0:
                    room.append(falling((closes[gap] - start) // 60, step // 60, free))
                    lead.append(rising((start - opens[gap]) // 60, step // 60, free))
                    at += free
        return Rooms(b"".join(room), b"".join(lead))


class Rooms(NamedTuple):
    """The free minutes round each candidate of a grid."""

    room: bytes
    lead: bytes


class Edges(NamedTuple):
    """Busy starts and ends, each sorted by itself: enough for every question about what is covered."""

    starts: list[int]
    ends: list[int]

    def near(self, low: int, high: int) -> tuple[list[int], list[int]]:
        """Return the union of what reaches into `(low, high)`. Equal ranks of both lists cover what the spans cover."""
        first, last = bisect_right(self.ends, low), bisect_left(self.starts, high)
        return joined(self.starts[first:last], self.ends[first:last])

    def adding(self, start: int, end: int) -> Edges:
        """Return the edges with one more span."""
        edges = Edges(self.starts.copy(), self.ends.copy())
        insort(edges.starts, start)
        insort(edges.ends, end)
        return edges

    def removing(self, start: int, end: int) -> Edges:
        """Return the edges without one span that is among them."""
        edges = Edges(self.starts.copy(), self.ends.copy())
        del edges.starts[bisect_left(edges.starts, start)]
        del edges.ends[bisect_left(edges.ends, end)]
        return edges


@final
class PreparedDiary:
    """A diary with its candidates measured once; ask it for any service, or patch one booking in or out.

    It answers exactly as the diary does, for windows inside the prepared one. Immutable: `adding` and `removing`
    return another.
    """

    __slots__ = ("_edges", "_grids", "_masks", "_rooms", "_too_long", "diary", "within")

    def __init__(self, diary: Diary, within: Span) -> None:
        self.diary = diary
        self.within = within
        # Nobody asks about more at a time, and the candidates of a century would fill the memory: sweep instead.
        self._too_long = within.duration > LONGEST
        self._grids: dict[Place, Grid] = {}
        # By whether external busy times count, and whether busy times carry their own buffers.
        self._edges: dict[tuple[bool, bool], Edges] = {}
        self._rooms: dict[tuple[Mode | None, str | None, int, bool, bool], Rooms] = {}
        self._masks: dict[tuple[Mode | None, str | None, int, bool, int, int, int], bytes] = {}

    def adding(self, busy: Span | Busy) -> PreparedDiary:
        """Return this with one more busy time. A plain span is an external one."""
        entry = busy if isinstance(busy, Busy) else Busy(span=busy)
        return self._patched(self._with((*self.diary.busy, busy)), entry, Edges.adding)

    def removing(self, busy: Span | Busy) -> PreparedDiary:
        """Return this without one busy time.

        Raises:
            InvalidValue: it is not in the diary.
        """
        # From the end: what was added last is most often taken out.
        rows = self.diary.busy[::-1]
        try:
            at = len(rows) - 1 - rows.index(busy)
        except ValueError:
            raise InvalidValue("no such busy time in this diary", field="busy") from None
        kept = self.diary.busy[:at] + self.diary.busy[at + 1 :]
        entry = busy if isinstance(busy, Busy) else Busy(span=busy)
        return self._patched(self._with(kept), entry, Edges.removing)

    def _with(self, busy: tuple[Span | Busy, ...]) -> Diary:
        known = self.diary
        return Diary(hours=known.hours, overrides=known.overrides, blocks=known.blocks, busy=busy)

    def _patched(self, diary: Diary, entry: Busy, change: Callable[[Edges, int, int], Edges]) -> PreparedDiary:
        patched = PreparedDiary(diary, self.within)
        patched._grids = self._grids
        narrow, wide = _edge(entry, padded=False), _edge(entry, padded=True)
        # What is shared because nothing carries a buffer stays shared, and is patched once.
        changed: dict[tuple[int, int, int], Edges] = {}
        for (external, padded), edges in self._edges.items():
            same = (id(edges), *(wide if padded else narrow))
            if same not in changed:
                binds = external or entry.kind is not BusyKind.EXTERNAL
                changed[same] = change(edges, *same[1:]) if binds else edges
            patched._edges[external, padded] = changed[same]
        low, high = wide
        measured: dict[tuple[int, int], Rooms] = {}
        for key, rooms in self._rooms.items():
            mode, location, step, external, padded = key
            edges = patched._edges[external, padded]
            found = measured.get((id(rooms), id(edges)))
            if found is None:
                # Beyond the cap nothing changes: 255 free minutes stay 255.
                grid = self._grids[mode, location, step]
                begin, until = grid.touched(low - REACH, high + REACH)
                first, last = grid.ranks[begin], grid.ranks[until]
                part = grid.measure(begin, until, edges)
                found = measured[id(rooms), id(edges)] = Rooms(
                    rooms.room[:first] + part.room + rooms.room[last:],
                    rooms.lead[:first] + part.lead + rooms.lead[last:],
                )
            patched._rooms[key] = found
        return patched

    def starts(self, question: Question, start: int, end: int) -> Starts:
        """Return the allowed starts in `[start, end)`, from the bytes where they can tell, else by a sweep.

        Raises:
            InvalidValue: `out_of_range` when the stretch is not inside the prepared one.
        """
        if start < self.within.first or end > self.within.last:
            raise InvalidValue("ask inside the prepared stretch", field="within", code=Code.OUT_OF_RANGE)
        mask = self._mask(question)
        if mask is None:
            return RunStarts(question.runs(start, end), question.step)
        grid = self._grids[question.mode, question.location, question.step].candidates
        first = bisect_left(grid, max(start, question.earliest))
        last = bisect_left(grid, min(end, question.latest + 1), first)
        found = mask[first:last]
        if question.capped:
            found = self._capped(question, grid, first, found)
        return MaskStarts(grid, first, found, question.step)

    def _mask(self, question: Question) -> bytes | None:
        """Return one byte for each candidate, 1 where the service fits; kept for the next time it is asked.

        None where the bytes cannot tell.
        """
        external = question.policy.block_external_busy
        place = question.mode, question.location, question.step
        key = (*place, external, question.duration, question.before, question.after)
        found = self._masks.get(key)
        if found is None and question.hours is not None and question.fits_bytes and not self._too_long:
            grid = self._grid(question, place)
            length, need = question.duration // 60, (question.duration + question.after) // 60
            core, padded = self._room(question, place, external, False), self._room(question, place, external, True)
            mask = int.from_bytes(core.room.translate(AT_LEAST[need]), "little")
            mask &= grid.ending(length)
            if question.before:
                mask &= int.from_bytes(core.lead.translate(AT_LEAST[question.before // 60]), "little")
            if padded is not core:
                mask &= int.from_bytes(padded.room.translate(AT_LEAST[length]), "little")
            if len(self._masks) >= MOST_MASKS:
                self._masks.clear()
            found = self._masks[key] = mask.to_bytes(len(grid.candidates), "little")
        return found

    def _capped(self, question: Question, grid: list[int], first: int, found: bytes) -> bytes:
        low, high = self.within.first, self.within.last
        busy = [row for row in self.diary.busy_between(question.reach(low, high)) if question.counts(row)]
        kept = bytearray(found)
        for *_, begin, end in question.full_stretches(busy):
            left = max(bisect_left(grid, begin) - first, 0)
            right = max(min(bisect_left(grid, end) - first, len(kept)), left)
            kept[left:right] = bytes(right - left)
        return bytes(kept)

    def _grid(self, question: Question, place: Place) -> Grid:
        grid = self._grids.get(place)
        if grid is None:
            low, high = self.within.first, self.within.last
            grid = self._grids[place] = Grid(question.source().between(low, high), question.step, low, high)
        return grid

    def _room(self, question: Question, place: Place, external: bool, padded: bool) -> Rooms:
        key = (*place, external, padded)
        rooms = self._rooms.get(key)
        if rooms is None:
            edges = self.edges(external, padded=padded)
            if padded and edges is self.edges(external, padded=False):
                rooms = self._room(question, place, external, False)
            else:
                grid = self._grid(question, place)
                rooms = grid.measure(0, len(grid.firsts), edges)
            self._rooms[key] = rooms
        return rooms

    def edges(self, external: bool, *, padded: bool) -> Edges:
        """Return the sorted starts and ends of what binds, widened by buffers when `padded`. O(busy log busy) once."""
        edges = self._edges.get((external, padded))
        if edges is None:
            edges = self._edges[external, padded] = self._sorted_edges(external, padded)
        return edges

    def _sorted_edges(self, external: bool, padded: bool) -> Edges:
        low, high = self.within.first - DAY - REACH, self.within.last + DAY + REACH
        others: list[Busy] = []
        if self.diary.has_others:
            others = [
                row
                for row in self.diary.other_busy(Span(instant(low), instant(high)))
                if external or row.kind is not BusyKind.EXTERNAL
            ]
        if padded and not any(row.buffer_before or row.buffer_after for row in others):
            return self.edges(external, padded=False)
        starts, ends = self.diary.plain_edges() if external else ([], [])
        if others:
            rows = [_edge(row, padded) for row in others]
            starts = sorted(starts + [start for start, _ in rows])
            ends = sorted(ends + [end for _, end in rows])
        return Edges(starts, ends)


def _edge(entry: Busy, padded: bool) -> tuple[int, int]:
    start, end = entry.span.first, entry.span.last
    return (start - whole(entry.buffer_before), end + whole(entry.buffer_after)) if padded else (start, end)
