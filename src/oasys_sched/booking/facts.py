"""Everything a booking decision may look at, read in one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from oasys_sched.booking.appointment import OCCUPYING, Appointment
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.schedule import Schedule
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.services import Service
from oasys_sched.times import Span

__all__ = ["Facts"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One practice, one clinician and schedule, and what surrounds the time in question.

    `appointment` and `request` are the ones acted on, `series` every occurrence of the appointment's series. `agenda`
    is what the clinician has near the times in question, pending bookings included; `client_agenda` what the client
    has, with any clinician. `requests` are the open change requests of both. `blocks` and `external` are spans:
    expanded time blocks, and busy times of a connected calendar without the mirror of our own appointments (A12).
    `client_waiting` says that the client of a telehealth appointment was in the waiting room and never admitted (B15).
    """

    practice: Practice
    clinician: Clinician
    schedule: Schedule
    client: Client | None = None
    services: tuple[Service, ...] = ()
    appointment: Appointment | None = None
    request: ChangeRequest | None = None
    series: tuple[Appointment, ...] = ()
    agenda: tuple[Appointment, ...] = ()
    client_agenda: tuple[Appointment, ...] = ()
    requests: tuple[ChangeRequest, ...] = ()
    blocks: tuple[Span, ...] = ()
    external: tuple[Span, ...] = ()
    client_waiting: bool = False

    def service(self, id: str) -> Service | None:
        """Return a service of the practice, or None."""
        return next((service for service in self.services if service.id == id), None)

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

    def outside_hours(self, span: Span) -> bool:
        """Tell whether a time lies outside the hours set up."""
        del span
        return False

    def occupied(self, *, ignoring: frozenset[str] = frozenset()) -> tuple[Appointment, ...]:
        """Return the clinician's appointments that take up time, but for the ignored ones."""
        return tuple(row for row in self.agenda if row.status in OCCUPYING and row.id not in ignoring)

    def held(self, *, ignoring: frozenset[str] = frozenset()) -> tuple[Span, ...]:
        """Return what open requests of the clinician's clients hold, but for those on ignored appointments (A9)."""
        return tuple(
            span
            for request in self.requests
            if request.clinician == self.clinician.id and request.appointment not in ignoring
            for span in request.holds
        )
