"""One clinician's time as facts: hours, overrides, blocks and what is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from oasys_sched.availability.busy import Busy, BusyKind, Recurs, TimeBlock
from oasys_sched.availability.hours import WeeklyHours
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

    def __post_init__(self) -> None:
        for field, most in (("overrides", MOST_OVERRIDES), ("blocks", MOST_BUSY), ("busy", MOST_BUSY)):
            given = getattr(self, field)
            if isinstance(given, str) or not isinstance(given, Iterable):
                raise InvalidValue("give a tuple", field=field)
            if not isinstance(given, tuple):
                object.__setattr__(self, field, tuple(given))
            if len(getattr(self, field)) > most:
                raise InvalidValue(
                    f"give at most {most}; load only what diary_span covers", field=field, code=Code.TOO_LARGE
                )
        if len({row.on for row in self.overrides}) != len(self.overrides):
            raise InvalidValue("give each date once", field="overrides")

    def busy_between(self, within: Span) -> list[Busy]:
        """Return every busy time and block that overlaps a span, each as a `Busy`, unordered."""
        found = [
            entry if isinstance(entry, Busy) else Busy(span=entry)
            for entry in self.busy
            if (entry.span if isinstance(entry, Busy) else entry).overlaps(within)
        ]
        for block in self.blocks:
            spans = (block,) if isinstance(block, Span) else block.spans(within)
            name = getattr(block, "id", None)
            found += [Busy(span=span, kind=BusyKind.BLOCK, id=name) for span in spans if span.overlaps(within)]
        return found

    def prepared(self, within: Span) -> PreparedDiary:
        """Prepare this diary for many questions about one stretch of time. O(candidates + busy), once."""
        # The prepared diary holds a diary: the import cycle is broken here, where the face is nicest.
        from oasys_sched.availability.prepared import PreparedDiary

        return PreparedDiary(self, within)
