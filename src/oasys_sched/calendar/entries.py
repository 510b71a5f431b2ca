"""What a calendar shows: one entry for each appointment, session, block, hold, external busy time or free slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, unique
from types import NoneType
from typing import Final, Protocol, final

from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.calendar.colours import STATUS_COLORS, client_color
from oasys_sched.calendar.drafts import draft_of
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.times import EARLIEST, LATEST, Span, as_utc

__all__ = ["Entry", "EntryKind", "Listed", "ShownStatus", "appointment_entry", "shown_status"]


@unique
class EntryKind(StrEnum):
    """What an entry stands for."""

    APPOINTMENT = "appointment"
    SESSION = "session"
    BLOCK = "block"
    HOLD = "hold"
    BUSY = "busy"
    SLOT = "slot"


@unique
class ShownStatus(StrEnum):
    """Exactly five (S26); a pending booking shows as upcoming with `awaiting_approval`."""

    UPCOMING = "upcoming"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


SHOWN: Final[Mapping[str, ShownStatus]] = {
    AppointmentStatus.PENDING: ShownStatus.UPCOMING,
    AppointmentStatus.UPCOMING: ShownStatus.UPCOMING,
    AppointmentStatus.IN_PROGRESS: ShownStatus.IN_PROGRESS,
    AppointmentStatus.COMPLETED: ShownStatus.COMPLETED,
    AppointmentStatus.CANCELLED: ShownStatus.CANCELLED,
    AppointmentStatus.NO_SHOW: ShownStatus.NO_SHOW,
}

# What an entry is called when it has neither a title nor a client (S76: a block's fallback).
FALLBACK: Final[Mapping[EntryKind, str]] = {
    EntryKind.APPOINTMENT: "Appointment",
    EntryKind.SESSION: "Session",
    EntryKind.BLOCK: "Blocked",
    EntryKind.HOLD: "Held",
    EntryKind.BUSY: "Busy",
    EntryKind.SLOT: "Free",
}


STATUS_OR_NONE: Final = (ShownStatus, NoneType)
MODE_OR_NONE: Final = (Mode, NoneType)
# What may also be given as its text.
NAMED: Final = (
    ("kind", EntryKind, (EntryKind,)),
    ("status", ShownStatus, STATUS_OR_NONE),
    ("mode", Mode, MODE_OR_NONE),
)


class Listed(Protocol):
    """What the list can filter and sort by: an appointment as it is stored, or an entry."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def starts_at(self) -> datetime:
        """When it starts."""
        ...

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        ...

    @property
    def status(self) -> str | None:
        """Its status, stored or shown."""
        ...

    @property
    def client(self) -> str | None:
        """Whose it is."""
        ...

    @property
    def service(self) -> str | None:
        """What is done."""
        ...

    @property
    def mode(self) -> Mode | None:
        """How it happens."""
        ...

    @property
    def series(self) -> str | None:
        """The series it belongs to."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on a calendar. Instants are kept in UTC; a view shows them in its zone.

    Both colours are on every entry that has a client or a status (A13): the grid leads with the client's, the list
    with the status's. Names and titles never appear in `repr`.

    Raises:
        InvalidValue: `naive_datetime`, `out_of_range`, `invalid_range` when the end is not after the start, or naming
            `kind`, `status` or `mode` when there is no such one.
    """

    kind: EntryKind
    id: str
    starts_at: datetime
    ends_at: datetime
    status: ShownStatus | None = None
    client: str | None = None
    client_name: str = field(default="", repr=False)
    service: str | None = None
    service_name: str = field(default="", repr=False)
    mode: Mode | None = None
    location: str | None = None
    series: str | None = None
    title: str = field(default="", repr=False)
    awaiting_approval: bool = False
    needs_outcome: bool = False
    late: bool = False

    def __post_init__(self) -> None:
        # What is stored needs no second look, and a month has a thousand of it.
        if not (
            self.starts_at.__class__ is self.ends_at.__class__ is datetime
            and self.starts_at.tzinfo is self.ends_at.tzinfo is UTC
            and EARLIEST <= self.starts_at < self.ends_at < LATEST
            and self.kind.__class__ is EntryKind
            and self.status.__class__ in STATUS_OR_NONE
            and self.mode.__class__ in MODE_OR_NONE
        ):
            self._read_and_judge()

    def _read_and_judge(self) -> None:
        for name in ("starts_at", "ends_at"):
            object.__setattr__(self, name, as_utc(getattr(self, name), name))
        for name, known, fine in NAMED:
            given = getattr(self, name)
            if given.__class__ not in fine:
                try:
                    object.__setattr__(self, name, known(given))
                except ValueError:
                    raise InvalidValue(f"give one of {', '.join(known)}", field=name) from None
        if self.ends_at <= self.starts_at:
            raise InvalidValue("the end must be after the start", field="ends_at", code=Code.INVALID_RANGE)

    @classmethod
    def session(
        cls,
        id: str,
        span: Span,
        *,
        client: str,
        client_name: str = "",
        service: str | None = None,
        service_name: str = "",
        mode: Mode | None = None,
        status: ShownStatus = ShownStatus.COMPLETED,
    ) -> Entry:
        """Time spent with a client that no appointment planned: logged afterwards, a walk-in (S61, S70)."""
        return cls(
            kind=EntryKind.SESSION,
            id=id,
            starts_at=span.start,
            ends_at=span.end,
            status=status,
            client=client,
            client_name=client_name,
            service=service,
            service_name=service_name,
            mode=mode,
        )

    @classmethod
    def block(cls, id: str, span: Span, *, title: str = "", series: str | None = None) -> Entry:
        """Time the clinician has blocked (S77): no client, no status, no colour."""
        return cls(kind=EntryKind.BLOCK, id=id, starts_at=span.start, ends_at=span.end, title=title, series=series)

    @classmethod
    def hold(cls, id: str, span: Span, *, client: str | None = None, client_name: str = "") -> Entry:
        """Time held for an answer: a proposed new time, an offered slot (A9)."""
        return cls(
            kind=EntryKind.HOLD, id=id, starts_at=span.start, ends_at=span.end, client=client, client_name=client_name
        )

    @classmethod
    def busy(cls, span: Span, *, id: str = "busy") -> Entry:
        """Time another calendar says is taken; only the interval is known (S85)."""
        return cls(kind=EntryKind.BUSY, id=id, starts_at=span.start, ends_at=span.end)

    @classmethod
    def slot(cls, span: Span, *, id: str = "slot") -> Entry:
        """Time that can be booked."""
        return cls(kind=EntryKind.SLOT, id=id, starts_at=span.start, ends_at=span.end)

    @property
    def span(self) -> Span:
        """Its time, half-open, in UTC."""
        return Span(self.starts_at, self.ends_at)

    @property
    def client_color(self) -> str | None:
        """The token of the client's colour (S23), the same in every process."""
        return None if self.client is None else client_color(self.client)

    @property
    def status_color(self) -> str | None:
        """The token of the status's colour (S26)."""
        return None if self.status is None else STATUS_COLORS[self.status].token

    @property
    def label(self) -> str:
        """What to write on it: its title, else the client, else the service, else what it is."""
        return self.title.strip() or self.client_name or self.service_name or FALLBACK[self.kind]

    @property
    def caption(self) -> str:
        """Its label after the signs that say, where there is no colour, how it stands.

        Its status's own, or `?` while it awaits approval; `⚑` if it needs an outcome.
        """
        if self.status is None:
            return self.label
        sign = "?" if self.awaiting_approval else STATUS_COLORS[self.status].sign
        return f"{sign}{'⚑' if self.needs_outcome else ''} {self.label}"


# An appointment was judged when it was made, and a month has a thousand of them.
EntryDraft: Final = draft_of(Entry)


def shown_status(status: str | None) -> ShownStatus | None:
    """Return the one of the five statuses that a stored status is shown as (S26)."""
    return None if status is None else SHOWN[status]


def appointment_entry(
    appointment: Appointment, *, now: datetime | None = None, client_name: str = "", service_name: str = ""
) -> Entry:
    """Return an appointment as the clinician sees it.

    `needs_outcome` (A31): its time is over at `now` and nobody has said what came of it. Without `now`: never.
    """
    status, starts_at, ends_at = appointment.status, appointment.starts_at, appointment.ends_at
    made = EntryDraft()
    made.kind = EntryKind.APPOINTMENT
    made.id = appointment.id
    made.starts_at = starts_at
    made.ends_at = ends_at
    made.status = SHOWN[status]
    made.client = appointment.client
    made.client_name = client_name
    made.service = appointment.service
    made.service_name = service_name
    made.mode = appointment.mode
    made.location = appointment.location
    made.series = appointment.series
    made.title = ""
    made.awaiting_approval = status is AppointmentStatus.PENDING
    made.needs_outcome = now is not None and status is AppointmentStatus.UPCOMING and ends_at <= now
    made.late = appointment.late or appointment.late_notice
    made.__class__ = Entry
    return made  # type: ignore[no-any-return]
