"""What happened on a waitlist: past-tense facts, ids and times only (B14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from oasys_sched.actors import ActorKind
from oasys_sched.decisions import Event

__all__ = ["SlotOffered", "WaitlistEvent", "WaitlistJoined", "WaitlistLeft", "WaitlistOfferClosed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistEvent(Event):
    """The facts every waitlist event carries."""

    practice: str
    entry: str
    clinician: str
    client: str
    appointment: str | None
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistJoined(WaitlistEvent):
    """A client waits for a time that suits (B14)."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffered(WaitlistEvent):
    """A freed slot was offered: notice to the client, who may accept until `expires_at`."""

    starts_at: datetime
    expires_at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistOfferClosed(WaitlistEvent):
    """An offer ended without a booking: declined, lapsed, or taken by somebody else; the client waits on."""

    why: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistLeft(WaitlistEvent):
    """The client waits no more."""
