"""A client's request to move or cancel an appointment: open until somebody decides (RULES 3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import ClassVar, Final, final

from oasys_sched.aggregates import ALL_TIME, Index, Occupancy
from oasys_sched.booking.table import RequestStatus
from oasys_sched.errors import InvalidValue
from oasys_sched.fees.quote import Quote
from oasys_sched.ids import require_id
from oasys_sched.times import Span, as_utc

__all__ = ["OPEN_REQUEST", "ChangeRequest", "RequestKind"]

OPEN_REQUEST: Final = frozenset({RequestStatus.OPEN, RequestStatus.ALTERNATIVE_SUGGESTED})


@unique
class RequestKind(StrEnum):
    """What is asked for."""

    RESCHEDULE = "reschedule"
    CANCEL = "cancel"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """One request on one appointment. `old_start` and `quote` are frozen as of `requested_at` (A4, A15).

    `proposed` holds the start asked for or, once suggested, the alternatives; each is held for the client (A9).
    `late_notice` says that a move was asked for inside the late window (A8).
    """

    kind: ClassVar[str] = "request"

    practice: str
    id: str
    revision: int = 0
    asks: RequestKind
    appointment: str
    clinician: str
    client: str
    status: RequestStatus = RequestStatus.OPEN
    requested_at: datetime
    old_start: datetime
    duration: timedelta
    proposed: tuple[datetime, ...] = ()
    late_notice: bool = False
    quote: Quote | None = None
    reason: str | None = None
    text: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name in ("practice", "id", "appointment", "clinician", "client"):
            require_id(getattr(self, name), name)
        for name in ("requested_at", "old_start"):
            object.__setattr__(self, name, as_utc(getattr(self, name), name))
        object.__setattr__(self, "proposed", tuple(sorted({as_utc(start, "proposed") for start in self.proposed})))
        if self.asks is RequestKind.RESCHEDULE and not self.proposed:
            raise InvalidValue("a request to move names at least one time", field="proposed")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.status in OPEN_REQUEST

    @property
    def expires_at(self) -> datetime | None:
        """When an undecided move lapses: once the old start, or every proposed one, has come (A9).

        A cancellation request never lapses (A7).
        """
        return min(self.old_start, self.proposed[-1]) if self.asks is RequestKind.RESCHEDULE else None

    def lapsed(self, now: datetime) -> bool:
        """Tell whether its time has run out, be it swept already or not."""
        until = self.expires_at
        return until is not None and now >= until

    @property
    def holds(self) -> tuple[Span, ...]:
        """The times kept free for the client while the request is open."""
        return tuple(Span(start, start + self.duration) for start in self.proposed) if self.is_open else ()

    @property
    def index(self) -> Index:
        """Found by clinician, client, appointment as parent, the span of its holds and status."""
        span = Span(self.proposed[0], self.proposed[-1] + self.duration) if self.proposed else None
        return Index(
            clinician=self.clinician, client=self.client, parent=self.appointment, span=span, status=self.status
        )

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """The holds, in the appointment's group, and the one place for an open request on the appointment."""
        if not self.is_open:
            return ()
        return (
            Occupancy(resource=f"request:{self.appointment}", span=ALL_TIME, group=self.id),
            *(
                Occupancy(
                    resource=f"clinician:{self.clinician}",
                    span=span,
                    group=self.appointment,
                    expires_at=self.expires_at,
                )
                for span in self.holds
            ),
        )
