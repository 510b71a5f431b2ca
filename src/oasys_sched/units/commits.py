"""What a decision writes: the five parts of one commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, final

from oasys_sched.actors import Actor
from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.audit import entry_for
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.checks import authorise as may_book
from oasys_sched.booking.facts import Facts
from oasys_sched.decisions import Accepted, Event, Refused
from oasys_sched.fees.charges import ChargeState
from oasys_sched.notices import notices, reminder_group, reminder_rows
from oasys_sched.people import Client
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import AuditEntry, Commit, Guard, Outcome, Snapshot
from oasys_sched.sessions.checks import authorise as may_attend
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.seal import sealed
from oasys_sched.sessions.transcript import PurgeObligation
from oasys_sched.units.asks import AskBase

__all__ = ["Seen", "commit_of", "replayed", "seals_of"]

_NO_REMINDERS: Final = ReminderPolicy()
# How the audit of a locked note says which seal it had (B8).
_SEALED: Final = "sealed "


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one unit of work saw: the snapshot, its facts, and whom and how often to remind."""

    found: Snapshot
    facts: Facts | SessionFacts
    client: Client | None
    reminders: ReminderPolicy = _NO_REMINDERS

    def barred(self, actor: Actor, ask: AskBase) -> Refused | None:
        """Refuse an actor who may not ask this (any more), replays included."""
        if isinstance(self.facts, Facts):
            return may_book(self.facts, actor, ask.action)
        return may_attend(self.facts, actor, ask.action)


def replayed(ask: AskBase, found: Snapshot) -> Outcome | None:
    """Return the stored outcome of this very key, whatever its body was."""
    return found.outcome if ask.key else None


def commit_of(
    actor: Actor,
    ask: AskBase,
    seen: Seen,
    decision: Accepted[Any] | Refused,
    *,
    links: Mapping[str, str],
    now: datetime,
) -> Commit | None:
    """Return everything a decision writes; None when there is nothing to write."""
    found, key = seen.found, ask.stored_key(actor)
    outcome = None if key is None else Outcome(key=key, digest=ask.digest, decision=decision, at=now)
    if isinstance(decision, Refused):
        return None if outcome is None else Commit(practice=actor.practice, outcome=outcome)
    changes: tuple[Aggregate, ...] = decision.changes  # type: ignore[assignment]
    if not changes and outcome is None:
        return None
    clients = {row.id: row for row in found.all(Client)}
    moved = [
        row for row in changes if isinstance(row, Appointment) and _reminding(_before(found, row)) != _reminding(row)
    ]
    takes = any(row.occupancies or ((old := _before(found, row)) and old.occupancies) for row in changes)
    return Commit(
        practice=actor.practice,
        changes=changes,
        guards=tuple(Guard(name, version) for name, version in sorted(found.guards.items())) if takes else (),
        outcome=outcome,
        outbox=(
            *notices(decision.events, changes, clients=clients, links=links, now=now),
            *reminder_rows(moved, seen.reminders, seen.client, now=now),
        ),
        # A new appointment has no reminders yet.
        withdraw=tuple(reminder_group(row.id) for row in moved if row.revision > 1),
        audit=tuple(
            entry_for(
                _before(found, row),
                row,
                actor=actor,
                act=_act(decision.events, row, ask.command),
                at=now.astimezone(UTC),
                previous=found.audit_heads.get(Key(row.kind, row.id), ""),
                reason=_reason(_before(found, row), row),
            )
            for row in changes
        ),
    )


def _before(found: Snapshot, row: Aggregate) -> Aggregate | None:
    return next((old for old in found.aggregates if old.kind == row.kind and old.id == row.id), None)


def _reminding(row: Aggregate | None) -> tuple[object, ...]:
    """Return what reminders hang on and tell. While it stays so do they, one that is due and not sent yet too (A29)."""
    return (row.status, row.starts_at, row.mode) if isinstance(row, Appointment) else ()


def _act(events: Iterable[Event], row: Aggregate, command: str) -> str:
    named = (type(event).__name__ for event in events if getattr(event, row.kind, None) == row.id)
    return next(named, command)


def _reason(before: Aggregate | None, row: Aggregate) -> str | None:
    """Return why, as a code of the rules: never a text that somebody wrote."""
    if isinstance(row, Appointment):
        was = before if isinstance(before, Appointment) else None
        if row.cancellation is not None and (was is None or was.cancellation is None):
            return row.cancellation.reason
        charge = row.charge
        waived = charge is not None and charge.state is ChargeState.WAIVED
        return charge.reason if charge is not None and waived and (was is None or was.charge != charge) else None
    if isinstance(row, PurgeObligation) and row.receipt is not None:
        return f"{row.receipt.count} segments erased from {row.receipt.store} by {row.receipt.method}"
    if isinstance(row, Note) and row.locked:
        return f"{_SEALED}{sealed(row)}"
    return None


def seals_of(chain: Iterable[AuditEntry]) -> tuple[str, ...] | None:
    """Return the seals a note's audit kept, in order, for `verify`; None when it kept none."""
    kept = [row.reason for row in chain if row.reason is not None and row.reason.startswith(_SEALED)]
    return tuple(dict.fromkeys(reason.removeprefix(_SEALED) for reason in kept)) or None
