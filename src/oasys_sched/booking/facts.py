"""Everything a booking decision may look at, read in one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, final
from zoneinfo import ZoneInfo

from oasys_sched.availability.busy import Busy, BusyKind, Recurs, TimeBlock
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.verdict import is_open
from oasys_sched.booking.appointment import OCCUPYING, Appointment, AppointmentStatus
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.schedule import Schedule
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.people import Client, Clinician, ClinicianStatus, Practice
from oasys_sched.services import LONGEST, Service
from oasys_sched.times import EARLIEST, LATEST, Span, find_zone

__all__ = ["Facts"]

# How far an appointment and its buffers can reach, and that together with a whole local week.
_REACH: Final = timedelta(days=3)
_WEEK: Final = timedelta(days=12)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One practice, one clinician and schedule, and what surrounds the time in question.

    `appointment` and `request` are the ones acted on, `recurring` is the appointment's series and
    `series` its occurrences. `agenda`
    is what the clinician has near the times in question, pending bookings included; `client_agenda` what the client
    has, with any clinician. `requests` are the open change requests of both. `blocks` are the clinician's time blocks,
    recurring ones too; `external` the busy times of a connected calendar, without the mirror of our own appointments
    (A12). `waitlist` are the clinician's entries; `block` is the block acted on.
    `client_waiting` says that the client of a telehealth appointment waited and was never admitted (B15),
    `session_billed` that its session has been billed by itself.
    """

    practice: Practice
    clinician: Clinician
    schedule: Schedule
    client: Client | None = None
    services: tuple[Service, ...] = ()
    appointment: Appointment | None = None
    request: ChangeRequest | None = None
    series: tuple[Appointment, ...] = ()
    recurring: AppointmentSeries | None = None
    agenda: tuple[Appointment, ...] = ()
    client_agenda: tuple[Appointment, ...] = ()
    requests: tuple[ChangeRequest, ...] = ()
    blocks: tuple[Span | TimeBlock | Recurs, ...] = ()
    external: tuple[Span, ...] = ()
    waitlist: tuple[WaitlistEntry, ...] = ()
    client_waiting: bool = False
    session_billed: bool = False
    block: BlockRecord | None = None

    def service(self, id: str) -> Service | None:
        """Return a service of the practice, or None."""
        return next((service for service in self.services if service.id == id), None)

    def service_of(self, appointment: Appointment) -> Service:
        """Return the service an appointment was booked with; one that is gone has no fee (S98)."""
        return self.service(appointment.service) or Service(id=appointment.service, duration=appointment.duration)

    @property
    def external_busy(self) -> tuple[Span, ...]:
        """The external busy times that count: connected, and the switch is on (A12)."""
        on = self.schedule.calendar_connected and self.schedule.booking.block_external_busy
        return self.external if on else ()

    @property
    def open_request(self) -> ChangeRequest | None:
        """The open request on the appointment in question, if any; there is at most one."""
        return None if self.appointment is None else self.request_on(self.appointment.id)

    def request_on(self, appointment: str) -> ChangeRequest | None:
        """Return the open request on an appointment, if any."""
        known = self.requests if self.request is None else (self.request, *self.requests)
        return next((row for row in known if row.appointment == appointment and row.is_open), None)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the clinician's schedule."""
        hours = self.schedule.hours
        return find_zone(hours.zone if hours else self.clinician.zone)

    @property
    def offers_times(self) -> bool:
        """Whether clients can be offered any time: hours are set up (S15), and the clinician is active (O7)."""
        return self.schedule.hours is not None and self.clinician.status is ClinicianStatus.ACTIVE

    def outside_hours(self, span: Span) -> bool:
        """Tell whether a time does not lie within one window of the hours and overrides set up."""
        return not is_open(Diary(hours=self.schedule.hours, overrides=self.schedule.overrides), span)

    def diary(
        self,
        within: Span,
        *,
        now: datetime,
        service: Service | None = None,
        client: str | None = None,
        ignoring: frozenset[str] = frozenset(),
    ) -> Diary:
        """Return the clinician's diary for starts within a span, as of now; with a client, that client's.

        With a service, it holds only what could matter to that one there. A client's diary also holds the client's own
        appointments with others, so that none is offered twice (A10).
        """
        # Caps look at whole weeks; otherwise only what its own length and buffers could reach matters.
        capped = self.schedule.booking.capped
        margin = _WEEK if capped else _REACH
        near = Span(max(within.start - margin, EARLIEST), min(within.end + margin, LATEST))
        rows = self.occupied(during=near, ignoring=ignoring)
        busy: list[Span | Busy] = [
            Busy(
                span=row.span,
                kind=BusyKind.HOLD if row.status is AppointmentStatus.PENDING else BusyKind.APPOINTMENT,
                id=row.id,
                buffer_before=row.buffer_before,
                buffer_after=row.buffer_after,
            )
            for row in (rows if capped or service is None else _in_the_way(rows, service, within))
        ]
        busy += [Busy(span=hold, kind=BusyKind.HOLD) for hold in self.held(now=now, ignoring=ignoring)]
        if self.client_agenda:
            mine = {row.id for row in self.agenda} | ignoring
            busy += [
                Busy(span=row.span, kind=BusyKind.BLOCK, id=row.id)
                for row in self.client_agenda
                if row.client == client and row.status in OCCUPYING and row.id not in mine
            ]
        return Diary(
            hours=self.schedule.hours if self.offers_times else None,
            overrides=self.schedule.overrides,
            blocks=self.blocks,
            busy=(*busy, *_nearby(self.external_busy, near if service is None else _reached(service, within))),
        )

    def occupied(self, *, during: Span, ignoring: frozenset[str] = frozenset()) -> tuple[Appointment, ...]:
        """Return the clinician's appointments that take up time during a span, but for the ignored ones."""
        known = self.agenda
        if self.series:
            seen = {row.id for row in known}
            known = (*known, *(row for row in self.series if row.id not in seen))
        # An agenda can be long: its rows are compared here, without a call, the cheapest question first.
        low, high = during.start, during.end
        earliest = low - LONGEST
        return tuple(
            [
                row
                for row in known
                if earliest < row.starts_at < high
                and low < row.starts_at + row.duration
                and row.status in OCCUPYING
                and row.id not in ignoring
            ]
        )

    def held(self, *, now: datetime, ignoring: frozenset[str] = frozenset()) -> tuple[Span, ...]:
        """Return what open requests (A9) and waitlist offers (B14) hold with the clinician, but for the ignored ones.

        Requests are ignored by the appointment they are about, offers by their entry.
        """
        offered = {
            entry.hold.span
            for entry in self.waitlist
            if entry.hold is not None and now < entry.hold.expires_at and entry.id not in ignoring
        }
        return tuple(offered) + tuple(
            span
            for request in self.requests
            if request.clinician == self.clinician.id
            and request.appointment not in ignoring
            and not request.lapsed(now)
            for span in request.holds
        )


def _reached(service: Service, within: Span) -> Span:
    """Return where a busy time without buffers could stand in the way of a start within a span."""
    low, high = within.start - service.buffer_before, within.end + service.duration + service.buffer_after
    return Span(max(low, EARLIEST), min(high, LATEST))


def _nearby(spans: Iterable[Span], around: Span) -> list[Span]:
    """Return the spans that overlap another one; there can be many."""
    first, last = around.first, around.last
    return [span for span in spans if span.first < last and first < span.last]


def _in_the_way(rows: Iterable[Appointment], service: Service, within: Span) -> list[Appointment]:
    """Return the appointments that could stand in the way of a start within a span: the larger buffer counts (B9)."""
    low, high = within.start, within.end + service.duration
    own_low, own_high = low - service.buffer_before, high + service.buffer_after
    return [
        row
        for row in rows
        if (row.starts_at < own_high or row.starts_at < high + row.buffer_before)
        and (own_low < (ends := row.starts_at + row.duration) or low < ends + row.buffer_after)
    ]
