"""What somebody asks of the desk: whom and what it is about, and the rule that decides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeGuard, final

from oasys_sched.actors import Actor
from oasys_sched.booking.facts import Facts
from oasys_sched.decisions import Decision
from oasys_sched.policies.access import Action
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import NoteKind

__all__ = ["Ask", "AskBase", "SessionAsk", "guard_of", "instants"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBase:
    """What every ask has. `body` is every argument as plain data: the digest under the idempotency `key`."""

    command: str
    action: Action
    clinician: str | None = None
    client: str | None = None
    appointment: str | None = None
    times: tuple[datetime | None, ...] = ()
    body: Mapping[str, object] = field(default_factory=dict, repr=False)
    key: str | None = None

    def stored_key(self, actor: Actor) -> str | None:
        """Return the key under which the outcome is kept: each actor and command has keys of its own."""
        return f"{actor.kind}/{actor.id}/{self.command}/{self.key}" if self.key else None

    @property
    def digest(self) -> str:
        """SHA-256 of every argument; one instant is the same in every zone."""
        text = json.dumps([self.command, dict(self.body)], sort_keys=True, default=_plain)
        return sha256(text.encode()).hexdigest()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(AskBase):
    """Something about bookings.

    `times` are the instants it concerns, `all_future` adds those of the whole series, `waiting` everybody on the
    clinician's waitlist.
    """

    decide: Callable[[Facts, datetime], Decision[Any]]
    request: str | None = None
    block: str | None = None
    entry: str | None = None
    waiting: bool = False
    all_future: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionAsk(AskBase):
    """Something about a session, its note (the one of this `purpose`) or its transcripts.

    `times` is when a logged session took place.
    """

    decide: Callable[[SessionFacts, datetime], Decision[Any]]
    session: str | None = None
    purpose: NoteKind = NoteKind.PROGRESS


def _plain(value: object) -> str:
    return str(value.astimezone(UTC) if _is_instant(value) else value)


def instants(ask: AskBase) -> list[datetime]:
    """Return the times of an ask that are instants; what is none is the rule's to refuse."""
    return [when for when in ask.times if _is_instant(when)]


def _is_instant(value: object) -> TypeGuard[datetime]:
    return isinstance(value, datetime) and value.utcoffset() is not None


def guard_of(appointment: str) -> str:
    """Return the counter of everything about one appointment: its requests and its session see each other by it."""
    return f"appointment/{appointment}"
