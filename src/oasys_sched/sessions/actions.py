"""What an actor can do with a note right now: found by asking the very rules that decide (S59)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from oasys_sched.actors import Actor
from oasys_sched.booking.actions import ActionState
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.policies.access import Action, may
from oasys_sched.sessions.addenda import add_addendum
from oasys_sched.sessions.checks import relations
from oasys_sched.sessions.facts import SessionFacts
from oasys_sched.sessions.note import NoteKind
from oasys_sched.sessions.signing import (
    approve_note,
    recall_note,
    return_note,
    reviewer,
    sign_and_lock,
    submit_for_review,
)
from oasys_sched.sessions.writing import read_note, write_note

__all__ = ["note_actions"]

# Long enough for a nonce.
_PROBE: Final = "probe of what is possible"


def note_actions(
    facts: SessionFacts, *, purpose: NoteKind = NoteKind.PROGRESS, actor: Actor, now: datetime
) -> tuple[ActionState, ...]:
    """Return every action this actor may ever take on a session's note, each enabled or with the reason why not.

    Of Sign and Lock and Submit for Review exactly one is there: the one the supervisor rule leaves (S59). `purpose` is
    the kind of note asked about, for when there is none yet.
    """
    how = relations(facts, actor)
    supervised = reviewer(facts, purpose) is not None
    left_out = Action.SIGN_NOTE if supervised else Action.SUBMIT_NOTE
    seen = facts.note.revision if facts.note is not None else 0
    return tuple(
        ActionState(action, answer.refusals if isinstance(answer, Refused) else ())
        for action, probe in _PROBES.items()
        if action is not left_out and may(actor.kind, action, how)
        for answer in [probe(facts, seen, actor, now)]
    )


_Probe = Callable[[SessionFacts, int, Actor, datetime], Accepted[object] | Refused]


def _write(facts: SessionFacts, revision: int, actor: Actor, now: datetime) -> Accepted[object] | Refused:
    return write_note(facts, text="", revision=revision, id=_PROBE, nonce=_PROBE, actor=actor, now=now)


def _add(facts: SessionFacts, _: int, actor: Actor, now: datetime) -> Accepted[object] | Refused:
    pending = facts.note.pending if facts.note is not None else None
    id = _PROBE if pending is None else pending.id
    return add_addendum(facts, id=id, text=_PROBE, actor=actor, now=now)


_PROBES: Final[Mapping[Action, _Probe]] = {
    Action.READ_NOTE: lambda facts, _, actor, __: read_note(facts, actor=actor),
    Action.WRITE_NOTE: _write,
    Action.SIGN_NOTE: lambda facts, seen, actor, now: sign_and_lock(facts, revision=seen, actor=actor, now=now),
    Action.SUBMIT_NOTE: lambda facts, seen, actor, now: submit_for_review(facts, revision=seen, actor=actor, now=now),
    Action.RECALL_NOTE: lambda facts, _, actor, now: recall_note(facts, actor=actor, now=now),
    Action.APPROVE_NOTE: lambda facts, seen, actor, now: approve_note(facts, revision=seen, actor=actor, now=now),
    Action.RETURN_NOTE: lambda facts, seen, actor, now: return_note(
        facts, comment=_PROBE, revision=seen, actor=actor, now=now
    ),
    Action.ADD_ADDENDUM: _add,
}
