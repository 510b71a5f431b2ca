"""What is said about the outbox: lease, settle, list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from oasys_sched.adapters.sql_saying import Say, Steps, sql
from oasys_sched.ports import Delivery, OutboxRow
from oasys_sched.relay import due_again
from oasys_sched.stored_rows import row_from

__all__ = ["claiming", "outbox", "settling"]

_CLAIM: Final = sql("""
    UPDATE oasys.outbox SET leased = :until
    FROM (
      SELECT practice, id FROM oasys.outbox AS due
      WHERE practice = :practice AND state IS NULL AND due <= :now AND (leased IS NULL OR leased <= :now)
        AND NOT EXISTS (
          SELECT 1 FROM oasys.outbox AS before
          WHERE before.practice = due.practice AND before.kind = due.kind AND before.aggregate = due.aggregate
            AND before.recipient = due.recipient AND before.state IS NULL AND before.due <= :now
            AND (before.due, before.seq, before.position) < (due.due, due.seq, due.position))
      ORDER BY due.due, due.seq, due.position LIMIT :limit FOR UPDATE SKIP LOCKED) AS taken
    WHERE outbox.practice = taken.practice AND outbox.id = taken.id
    RETURNING outbox.due, outbox.seq, outbox.position, outbox.body, outbox.attempts
""")


def claiming(practice: str, now: datetime, limit: int, lease: timedelta) -> Steps[tuple[OutboxRow, ...]]:
    """Lease due rows that no other worker is taking; of one aggregate and recipient one at a time."""
    answer = yield Say(_CLAIM, {"practice": practice, "now": now, "until": now + lease, "limit": limit})
    return tuple(row_from(body, attempts) for *_, body, attempts in sorted(answer.rows, key=lambda row: tuple(row[:3])))


# A row withdrawn while it was out went all the same, and must not go again when planned anew.
_SETTLED: Final = sql("""
    SELECT attempts FROM oasys.outbox
    WHERE practice = :practice AND id = :id
      AND (state IS NULL OR (state = 'skipped' AND CAST(:delivery AS text) = 'sent'))
    FOR UPDATE
""")
_SETTLE: Final = sql("""
    UPDATE oasys.outbox SET state = :state, attempts = :attempts, leased = NULL,
      due = coalesce(CAST(:due AS timestamptz), due)
    WHERE practice = :practice AND id = :id
""")


def settling(practice: str, row_id: str, delivery: Delivery, now: datetime) -> Steps[None]:
    """Record how a row ended; a failed one becomes due again, later each time."""
    answer = yield Say(_SETTLED, {"practice": practice, "id": row_id, "delivery": delivery.value})
    for (tried,) in answer.rows:
        state: str | None = delivery.value
        attempts, due = tried, None
        if delivery is Delivery.FAILED:
            state, attempts = None, attempts + 1
            due = due_again(attempts, now)
        values = {"state": state, "attempts": attempts, "due": due}
        yield Say(_SETTLE, {"practice": practice, "id": row_id, **values})


_OUTBOX: Final = sql("SELECT body, attempts, state FROM oasys.outbox WHERE practice = :practice ORDER BY position")


def outbox(practice: str) -> Steps[tuple[tuple[OutboxRow, Delivery | None], ...]]:
    """Read every outbox row and how it ended, in order of commit."""
    answer = yield Say(_OUTBOX, {"practice": practice})
    return tuple(
        (row_from(body, attempts), Delivery(state) if state else None) for body, attempts, state in answer.rows
    )
