"""A clinician's time block as it is stored, one-off or recurring, and the decisions about it (S73-S84)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.availability.busy import Recurs, TimeBlock
from oasys_sched.ids import require_id

__all__ = ["BlockRecord"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRecord:
    """One block of one clinician. It occupies nothing: it keeps clients out, never the clinician (S78)."""

    kind: ClassVar[str] = "block"

    practice: str
    id: str
    revision: int = 0
    clinician: str
    block: TimeBlock | Recurs
    deleted: bool = False

    def __post_init__(self) -> None:
        for name in ("practice", "id", "clinician"):
            require_id(getattr(self, name), name)

    @property
    def index(self) -> Index:
        """Found by clinician and status."""
        return Index(clinician=self.clinician, status="deleted" if self.deleted else "active")

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()
