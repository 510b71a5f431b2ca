"""Erasing transcripts: ordered in one commit, proved in a later one, never forgotten in between (S45, S58).

Phase 1 makes a transcript unreadable and writes the obligation, in the commit of whatever ended its right to exist.
Phase 2, a worker, destroys the key, purges, verifies, and calls `prove_purge` with what it saw. Every step repeats.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refused, nothing_here, refuse
from oasys_sched.policies.access import Action, Relation, forbidden, may
from oasys_sched.sessions.checks import found
from oasys_sched.sessions.events import PurgeOrdered, PurgeUnproven, TranscriptErased
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.policy import SessionPolicy
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import TRANSCRIPT, TranscriptAct
from oasys_sched.sessions.telling import changed, tell_transcript
from oasys_sched.sessions.transcript import (
    PurgeObligation,
    PurgeReason,
    PurgeReceipt,
    PurgeStatus,
    Tombstone,
    Transcript,
)

__all__ = [
    "delete_transcripts",
    "expire_transcripts",
    "order_purge",
    "outlived",
    "overdue_purges",
    "prove_purge",
]


def order_purge(
    facts: SessionFacts, reason: PurgeReason, actor: Actor, now: datetime
) -> tuple[tuple[Transcript | PurgeObligation, ...], tuple[Event, ...]]:
    """Return what makes every readable transcript of a session unreadable and its erasure an obligation (phase 1)."""
    changes: list[Transcript | PurgeObligation] = []
    events: list[Event] = []
    due = now + facts.policy.purge_within
    for transcript in facts.transcripts:
        if not transcript.readable:
            continue
        tombstone = Tombstone(at=now, why=reason, count=transcript.segments)
        gone = changed(
            transcript, status=TRANSCRIPT[transcript.status][TranscriptAct.PURGE], segments=0, tombstone=tombstone
        )
        duty = PurgeObligation(
            practice=gone.practice,
            id=gone.id,
            revision=1,
            session=gone.session,
            reason=reason,
            opened_at=now,
            due=due,
        )
        changes += [gone, duty]
        events.append(tell_transcript(PurgeOrdered, gone, actor, now, reason=reason, due=due))
    return tuple(changes), tuple(events)


def delete_transcripts(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[tuple[Transcript, ...]]:
    """Delete a session's transcripts before the note is locked; that is not undoable (RULES 3.7)."""
    session = found(facts, actor, Action.TRANSCRIBE)
    if isinstance(session, Refused):
        return session
    return _ordered(facts, PurgeReason.CLINICIAN, actor, now)


def expire_transcripts(facts: SessionFacts, *, actor: Actor, now: datetime) -> Decision[tuple[Transcript, ...]]:
    """Delete transcripts that outlived their age limit because nobody signed the note (B17). For the clockwork."""
    session = found(facts, actor, Action.PURGE)
    if isinstance(session, Refused):
        return session
    limit = _age_limit(session, facts.policy)
    if now < limit:
        return refuse(Code.TOO_SOON, "the age limit has not come yet", earliest=limit.isoformat())
    return _ordered(facts, PurgeReason.AGE, actor, now)


def outlived(sessions: Iterable[Session], now: datetime, *, policy: SessionPolicy) -> tuple[str, ...]:
    """Return the ids of the sessions whose transcripts have come to their age limit (B17)."""
    return tuple(session.id for session in sessions if now >= _age_limit(session, policy))


def _age_limit(session: Session, policy: SessionPolicy) -> datetime:
    return policy.transcript_age.after(session.ended_at or session.created_at, ZoneInfo(session.zone))


def _ordered(facts: SessionFacts, reason: PurgeReason, actor: Actor, now: datetime) -> Decision[tuple[Transcript, ...]]:
    changes, events = order_purge(facts, reason, actor, now)
    if not changes:
        return refuse(Code.TRANSCRIPT_DELETED, "there is no transcript any more")
    gone = tuple(row for row in changes if isinstance(row, Transcript))
    return Accepted(gone, events, (), changes)


def prove_purge(
    obligation: PurgeObligation,
    transcript: Transcript,
    *,
    absent: bool,
    count: int,
    store: str,
    method: str,
    actor: Actor,
    now: datetime,
) -> Decision[PurgeObligation]:
    """Close an obligation with a receipt if the store's absence was verified, else count the attempt (phase 2).

    `count` is how many segments the store says it removed. A proven obligation stays proven.
    """
    if actor.practice != obligation.practice:
        return nothing_here()
    if not may(actor.kind, Action.PURGE, (Relation.PRACTICE,)):
        return forbidden(actor.kind, Action.PURGE)
    if obligation.status is PurgeStatus.PROVEN:
        return Accepted(obligation)
    if not absent:
        tried = changed(obligation, attempts=obligation.attempts + 1)
        event = tell_transcript(PurgeUnproven, transcript, actor, now, attempts=tried.attempts)
        return Accepted(tried, (event,), (), (tried,))
    receipt = PurgeReceipt(store=store, method=method, count=count, at=now)
    proven = changed(obligation, status=PurgeStatus.PROVEN, attempts=obligation.attempts + 1, receipt=receipt)
    gone = changed(transcript, status=TRANSCRIPT[transcript.status][TranscriptAct.PROVE])
    event_gone = tell_transcript(TranscriptErased, gone, actor, now, store=store, method=method, count=count)
    return Accepted(proven, (event_gone,), (), (proven, gone))


def overdue_purges(obligations: Iterable[PurgeObligation], now: datetime) -> tuple[PurgeObligation, ...]:
    """Return the open obligations past their due time, the oldest first: each one is an alarm."""
    late = (row for row in obligations if row.status is PurgeStatus.OPEN and row.due < now)
    return tuple(sorted(late, key=lambda row: (row.due, row.id)))
