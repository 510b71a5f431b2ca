"""One clinician's time as facts: hours, overrides, blocks and what is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, final

from oasys_sched.availability.busy import Busy, BusyKind, Recurs, TimeBlock
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.availability.intervals import joined
from oasys_sched.availability.overrides import DateOverride
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import Span

if TYPE_CHECKING:
    from oasys_sched.availability.prepared import PreparedDiary

__all__ = ["Diary"]

MOST_BUSY: Final = 250_000
MOST_OVERRIDES: Final = 10_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """Everything that decides when a clinician could be booked, as of one moment.

    `busy` takes plain spans (external busy times) and `Busy` values; `blocks` takes spans, `TimeBlock`s and anything
    that `Recurs`. No hours means no availability (S15).
    """

    hours: WeeklyHours | None
    overrides: tuple[DateOverride, ...] = ()
    blocks: tuple[Span | TimeBlock | Recurs, ...] = ()
    busy: tuple[Span | Busy, ...] = ()
    # Sorted integer edges, found at the first question and kept: a diary never changes.
    _edges: dict[str, tuple[list[int], list[int]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, most in (("overrides", MOST_OVERRIDES), ("blocks", MOST_BUSY), ("busy", MOST_BUSY)):
            given = getattr(self, name)
            if type(given) is not tuple:
                if isinstance(given, str) or not isinstance(given, Iterable):
                    raise InvalidValue("give a tuple", field=name)
                given = tuple(islice(given, most + 1))
                object.__setattr__(self, name, given)
            if len(given) > most:
                raise InvalidValue(
                    f"give at most {most}; load only what diary_span covers", field=name, code=Code.TOO_LARGE
                )
        if self.overrides and len({row.on for row in self.overrides}) != len(self.overrides):
            raise InvalidValue("give each date once", field="overrides")

    def _repr_html_(self) -> str:
        """Show a notebook the hours and the overrides; of blocks and busy times only how many there are."""
        from oasys_sched.availability.shown import diary_table

        return diary_table(self)

    def plain_edges(self) -> tuple[list[int], list[int]]:
        """Return the starts and the ends of the plain external spans in UTC seconds, each sorted by itself."""
        found = self._edges.get("plain")
        if found is None:
            try:
                found = _edges_of(self.busy)
            except AttributeError:
                # Not only spans: a `Busy` has no edges of its own.
                found = _edges_of([row for row in self.busy if type(row) is Span])
            self._edges["plain"] = found
        return found

    def plain_union(self) -> tuple[list[int], list[int]]:
        """Return the same as disjoint stretches."""
        found = self._edges.get("union")
        if found is None:
            found = self._edges["union"] = joined(*self.plain_edges())
        return found

    @property
    def has_others(self) -> bool:
        """Whether there is anything beside plain external spans."""
        return bool(self.blocks) or len(self.plain_edges()[0]) < len(self.busy)

    def other_busy(self, within: Span) -> list[Busy]:
        """Return every `Busy` and every block that overlaps a span, unordered."""
        low, high = within.first, within.last
        found = [row for row in self.busy if type(row) is Busy and row.span.first < high and low < row.span.last]
        for block in self.blocks:
            spans = (block,) if isinstance(block, Span) else block.spans(within)
            name = getattr(block, "id", None)
            found += [Busy(span=span, kind=BusyKind.BLOCK, id=name) for span in spans if span.overlaps(within)]
        return found

    def busy_between(self, within: Span) -> list[Busy]:
        """Return every busy time and block that overlaps a span, each as a `Busy`, unordered."""
        plain = [Busy(span=row) for row in self.busy if type(row) is Span and row.overlaps(within)]
        return plain + self.other_busy(within)

    def prepared(self, within: Span) -> PreparedDiary:
        """Prepare this diary for many questions about one stretch of time. O(candidates + busy), once."""
        # The prepared diary holds a diary: the import cycle is broken here, where the face is nicest.
        from oasys_sched.availability.prepared import PreparedDiary

        return PreparedDiary(self, within)


def _edges_of(rows: Iterable[Any]) -> tuple[list[int], list[int]]:
    return sorted([row.first for row in rows]), sorted([row.last for row in rows])
