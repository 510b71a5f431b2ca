"""The outcome under an idempotency key as text, for adapters that store text."""

from __future__ import annotations

from oasys_sched.codec import dumps, loads
from oasys_sched.ports import Outcome

__all__ = ["outcome_from", "outcome_text"]


def outcome_text(outcome: Outcome) -> str:
    """Return an outcome as JSON."""
    return dumps((outcome.key, outcome.digest, outcome.decision, outcome.at))


def outcome_from(text: str) -> Outcome:
    """Return the outcome that `outcome_text` was given."""
    key, digest, decision, at = loads(text)
    return Outcome(key=key, digest=digest, decision=decision, at=at)
