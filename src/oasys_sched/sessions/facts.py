"""Everything a decision about a session may look at, read in one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.people import Client, Clinician
from oasys_sched.services import Service
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.policy import SessionPolicy
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.transcript import PurgeObligation, Transcript

__all__ = ["SessionFacts"]

_POLICY: Final = SessionPolicy()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """One clinician (of the session, or who starts or logs one), one client, and what surrounds the session.

    `appointment` is the one the session belongs to, or the one to start or link; `request` the open change request on
    it. `active` is another active session of the clinician. `nearby` are sessions of the clinician or the client whose
    time may touch a logged one. `note` is the one that is asked about, `beside` the session's note of the other kind.
    `transcripts` and `obligations` are all of the session's.
    """

    clinician: Clinician
    client: Client | None = None
    services: tuple[Service, ...] = ()
    policy: SessionPolicy = _POLICY
    appointment: Appointment | None = None
    request: ChangeRequest | None = None
    session: Session | None = None
    active: Session | None = None
    nearby: tuple[Session, ...] = ()
    note: Note | None = None
    beside: Note | None = None
    transcripts: tuple[Transcript, ...] = ()
    obligations: tuple[PurgeObligation, ...] = ()

    @property
    def practice(self) -> str:
        """The practice everything here belongs to."""
        return self.clinician.practice

    @property
    def supervisor(self) -> str | None:
        """Who reviews the notes of this clinician now; nobody supervises themselves (A26)."""
        supervisor = self.clinician.supervisor
        return None if supervisor == self.clinician.id else supervisor

    def service(self, id: str) -> Service | None:
        """Return a service of the practice, or None."""
        return next((service for service in self.services if service.id == id), None)
