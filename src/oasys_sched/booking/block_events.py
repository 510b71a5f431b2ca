"""What happened to time blocks: past-tense facts, ids and times only. Titles and details are in none of them (S76)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import final

from oasys_sched.actors import ActorKind
from oasys_sched.decisions import Event

__all__ = ["BlockCreated", "BlockCut", "BlockEvent", "BlockExtended", "BlockInstanceDeleted", "BlockLifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEvent(Event):
    """The facts every block event carries."""

    practice: str
    block: str
    clinician: str
    actor: str
    role: ActorKind
    at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCreated(BlockEvent):
    """Time was blocked (S73)."""

    recurring: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockExtended(BlockEvent):
    """A recurring block runs longer; `until` of None is for ever (S81)."""

    until: date | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCut(BlockEvent):
    """An instance and all later ones were cancelled (S82)."""

    before: date


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockInstanceDeleted(BlockEvent):
    """One instance was deleted (S83)."""

    instance: date


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLifted(BlockEvent):
    """The whole block was taken away."""
