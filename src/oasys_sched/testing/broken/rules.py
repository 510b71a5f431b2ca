"""Rules with one flaw each: inside the context, every desk breaks that rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final
from unittest.mock import patch

from oasys_sched.actors import Actor
from oasys_sched.codes import Code
from oasys_sched.decisions import Decision, Refused, refuse
from oasys_sched.desk.core import Desk
from oasys_sched.policies.access import Action
from oasys_sched.ports import Query, Wanted
from oasys_sched.sessions.transcript import Transcript
from oasys_sched.units.asks import Ask, SessionAsk
from oasys_sched.units.commits import Seen

__all__ = ["RULES"]

_DECIDE: Final = Desk.decide


@contextmanager
def _deciding(how: Callable[[Desk, Actor, Any], Decision[Any]]) -> Iterator[None]:
    with patch.object(Desk, "decide", how):
        yield


def _purge_first(desk: Desk, actor: Actor, ask: Ask | SessionAsk) -> Decision[Any]:
    """Erases before the lock is stored: if storing fails, a draft has lost its transcript."""
    if ask.action is Action.SIGN_NOTE and isinstance(ask, SessionAsk) and desk.transcripts is not None:
        query = Query(kind=Transcript.kind, parent=ask.session)
        for row in desk.repository.load(Wanted(practice=actor.practice, queries=(query,))).aggregates:
            desk.transcripts.destroy_key(actor.practice, row.id)
            desk.transcripts.purge(actor.practice, row.id)
    return _DECIDE(desk, actor, ask)


_KINDS: Final = ("appointment", "session", "request", "waitlist", "note")


def _forbid_foreign(desk: Desk, actor: Actor, ask: Ask | SessionAsk) -> Decision[Any]:
    """Tells a client that somebody else's object is there by answering that it is forbidden."""
    decision = _DECIDE(desk, actor, ask)
    if not isinstance(decision, Refused) or decision.code is not Code.NOT_FOUND:
        return decision
    named = {value for value in (getattr(ask, kind, None) for kind in (*_KINDS, "entry")) if value}
    queries = tuple(Query(kind=kind, ids=tuple(named)) for kind in _KINDS)
    there = desk.repository.load(Wanted(practice=actor.practice, queries=queries)).aggregates
    return refuse(Code.FORBIDDEN, "this is not yours") if there else decision


# Each a context in which the rule is broken.
RULES: Final[Mapping[str, Callable[[], AbstractContextManager[Any]]]] = {
    "purge_before_lock": lambda: _deciding(_purge_first),
    "foreign_is_forbidden": lambda: _deciding(_forbid_foreign),
    "replay_without_authorisation": lambda: patch.object(Seen, "barred", lambda *_: None),
}
