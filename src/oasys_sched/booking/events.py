"""What happened: past-tense facts from which notices, reminders, invites and audit are made. Never a free text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import final

from oasys_sched.actors import ActorKind
from oasys_sched.booking.appointment import Source
from oasys_sched.booking.request import RequestKind
from oasys_sched.decisions import Event
from oasys_sched.fees.charges import ChargeKind, ChargeState
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.reasons import Initiator

__all__ = [
    "AlternativeAccepted",
    "AlternativesDeclined",
    "AlternativesSuggested",
    "AppointmentBilled",
    "AppointmentBooked",
    "AppointmentCancelled",
    "AppointmentCompleted",
    "AppointmentCreated",
    "AppointmentEdited",
    "AppointmentEvent",
    "AppointmentMissed",
    "AppointmentReopened",
    "AppointmentRescheduled",
    "AppointmentStarted",
    "BookingApproved",
    "BookingDeclined",
    "BookingExpired",
    "BookingRequested",
    "BookingWithdrawn",
    "FeeChanged",
    "NoShowUndone",
    "RequestApproved",
    "RequestDeclined",
    "RequestEvent",
    "RequestExpired",
    "RequestOpened",
    "RequestSuperseded",
    "RequestWithdrawn",
    "SeriesCancelled",
    "SeriesCreated",
    "SeriesEvent",
    "SeriesRescheduled",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEvent(Event):
    """The facts every appointment event carries: whose, when it starts, who did it and when.

    `group` is the series id when the event is one of several that one series event announces together (S33).
    """

    practice: str
    appointment: str
    clinician: str
    client: str
    starts_at: datetime
    duration: timedelta
    mode: Mode
    sequence: int
    actor: str
    role: ActorKind
    at: datetime
    group: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCreated(AppointmentEvent):
    """A clinician created it (S7): invite to the client, link for telehealth, reminders planned."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    """A client booked it and it is confirmed (S19): invite to the client, notice to the clinician."""

    source: Source


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRequested(AppointmentEvent):
    """A client booked it and it awaits approval (S20): notice to the clinician alone."""

    source: Source


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingApproved(AppointmentEvent):
    """The clinician approved a booking: invite, link, reminders."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingDeclined(AppointmentEvent):
    """The clinician declined a booking: notice to the client."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWithdrawn(AppointmentEvent):
    """The client withdrew an unapproved booking: notice to the clinician (A19)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BookingExpired(AppointmentEvent):
    """Nobody decided before the start: notice to both (A9)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRescheduled(AppointmentEvent):
    """It moved (S28, S30): old and new time to the client, updated invite, reminders replanned."""

    old_start: datetime
    late_notice: bool = False
    reason_given: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEdited(AppointmentEvent):
    """Mode, service, price or duration changed (S8); `visible` when the client has to hear of it."""

    fields: tuple[str, ...]
    old_mode: Mode
    visible: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(AppointmentEvent):
    """It was cancelled (S32): immediate notice, invite cancelled, reminders dropped, link revoked."""

    reason: str
    initiator: Initiator
    requested_at: datetime
    late: bool
    was_pending: bool = False
    immediate: bool = True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    """The clinician marked a no-show (S100)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoShowUndone(AppointmentEvent):
    """The clinician took a no-show back (A17); `reason` is a code-free text kept out of here."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentStarted(AppointmentEvent):
    """Its session started: reminders still waiting are dropped."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCompleted(AppointmentEvent):
    """Its session ended."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentReopened(AppointmentEvent):
    """Its session was abandoned: it is upcoming again (A23)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBilled(AppointmentEvent):
    """Its session or fee was billed."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeeChanged(AppointmentEvent):
    """A fee arose or moved along its table (3.8); `before` is None when it arose."""

    fee: ChargeKind
    before: ChargeState | None
    after: ChargeState
    amount: Money
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesEvent(Event):
    """The facts every series event carries; one combined notice covers all `appointments` (S33)."""

    practice: str
    series: str
    clinician: str
    client: str
    appointments: tuple[str, ...]
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCreated(SeriesEvent):
    """A recurring series began (S12); `rule` is its RFC 5545 text."""

    rule: str
    starts_at: datetime
    skipped: tuple[datetime, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRescheduled(SeriesEvent):
    """One occurrence and all later ones moved (S14); `kept` were moved individually before and stay (A37).

    `originals` are the wall-clock starts that named them in the series they left: the moved ones', then the kept ones'.
    """

    moves: tuple[tuple[str, datetime, datetime], ...]
    kept: tuple[str, ...] = ()
    originals: tuple[datetime, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesCancelled(SeriesEvent):
    """One occurrence and all later ones were cancelled (S14, S33)."""

    reason: str
    initiator: Initiator
    late: tuple[str, ...] = ()
    immediate: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """The facts every change request event carries."""

    practice: str
    request: str
    asks: RequestKind
    appointment: str
    clinician: str
    client: str
    old_start: datetime
    proposed: tuple[datetime, ...]
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOpened(RequestEvent):
    """A client asked to move or cancel: notice to the clinician (S34, S92)."""

    late: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesSuggested(RequestEvent):
    """The clinician suggested other times: notice to the client (S36)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproved(RequestEvent):
    """The clinician approved: the appointment's own event tells what became of it (S35)."""

    starts_at: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeAccepted(RequestEvent):
    """The client accepted one of the suggested times: notice to the clinician (S36)."""

    starts_at: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesDeclined(RequestEvent):
    """The client declined every suggestion: the original stands, notice to the clinician (S36)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined(RequestEvent):
    """The clinician declined: the original stands, notice to the client (A42)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn(RequestEvent):
    """The client took the request back: notice to the clinician."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExpired(RequestEvent):
    """Nobody decided in time: notice to both (A9)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSuperseded(RequestEvent):
    """The appointment was cancelled, moved, missed or started meanwhile."""
