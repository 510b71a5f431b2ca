"""A series of appointments as a stored thing: the rule behind the occurrences, each an appointment of its own (S12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.ids import require_id
from oasys_sched.recurrence.rule import Rule
from oasys_sched.recurrence.series import Series

__all__ = ["AppointmentSeries"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentSeries:
    """One recurring arrangement. `start` is the first wall-clock start in `zone`, `rule` RFC 5545 text with an end.

    The appointments are what counts; this says what rule they came from, for the invite and for a look ahead. `ended`
    is set once every occurrence from the first one on has been cancelled or moved to another series.
    """

    kind: ClassVar[str] = "series"

    practice: str
    id: str
    revision: int = 0
    clinician: str
    client: str
    service: str
    start: datetime
    zone: str
    duration: timedelta
    rule: str
    ended: bool = False

    def __post_init__(self) -> None:
        for name in ("practice", "id", "clinician", "client", "service"):
            require_id(getattr(self, name), name)

    @property
    def recurrence(self) -> Series:
        """The rule on its wall clock."""
        return Series(start=self.start, zone=self.zone, duration=self.duration, rule=Rule.parse(self.rule))

    @property
    def index(self) -> Index:
        """Found by clinician, client, and whether it has ended."""
        return Index(clinician=self.clinician, client=self.client, status="ended" if self.ended else "active")

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing: its appointments hold the time."""
        return ()
