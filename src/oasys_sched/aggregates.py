"""What every stored thing has in common, so that one repository can keep them all.

An aggregate is a small frozen entity saved whole: practice, kind, id, revision, plus two projections of itself, the
`index` a repository searches by and the `occupancies` that no two aggregates may share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol, final

from oasys_sched.times import EARLIEST, LATEST, Span

__all__ = ["ALL_TIME", "Aggregate", "Claim", "Index", "Key", "Occupancy"]

ALL_TIME: Final = Span(EARLIEST, LATEST)


@final
@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Names one aggregate within a practice."""

    kind: str
    id: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What a repository can search by. `span` is the aggregate's time, `parent` the id it belongs to."""

    clinician: str | None = None
    client: str | None = None
    parent: str | None = None
    span: Span | None = None
    status: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """A resource taken for a span. Two exclusive occupancies of one resource never overlap: the storage refuses it.

    Resources are named `clinician:<id>`, `client:<id>`, and, over ALL_TIME, `request:<appointment>` (one open request)
    or `active:<clinician>` (one active session). `exclusive=False` records an override (A10): it is kept and seen, but
    the storage does not refuse it. Occupancies of one `group` may overlap each other: an appointment and the holds of
    its own change request share the appointment's id; None means the holding aggregate's id. `seats` > 1 makes it a
    group session: that many aggregates of the same group may hold it. An occupancy stops counting at `expires_at`.
    """

    resource: str
    span: Span
    group: str | None = None
    exclusive: bool = True
    seats: int = 1
    expires_at: datetime | None = None


class Aggregate(Protocol):
    """A frozen entity that a repository saves whole, compare-and-set on `revision` (1 is the first stored one)."""

    kind: ClassVar[str]

    @property
    def practice(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...
    @property
    def index(self) -> Index: ...
    @property
    def occupancies(self) -> tuple[Occupancy, ...]: ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A bare claim on something that appointments know nothing of: a room, a device, a seat in a group.

    Save it in the commit of what it belongs to, named by `parent`. Without `taken` it is given back.
    """

    kind: ClassVar[str] = "claim"

    practice: str
    id: str
    revision: int = 0
    parent: str | None = None
    taken: Occupancy | None = None

    @property
    def index(self) -> Index:
        """Found by what it belongs to, its time, and whether it is taken."""
        status = "free" if self.taken is None else "taken"
        return Index(parent=self.parent, span=self.taken.span if self.taken else None, status=status)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """What it takes."""
        return () if self.taken is None else (self.taken,)
