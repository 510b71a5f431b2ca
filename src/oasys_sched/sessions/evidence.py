"""Did the client come? What a session knows when somebody is about to mark a no-show (B15)."""

from __future__ import annotations

from collections.abc import Iterable

from oasys_sched.sessions.session import Session

__all__ = ["client_was_waiting"]


def client_was_waiting(sessions: Iterable[Session]) -> bool:
    """Tell whether the client of an appointment came to the waiting room and was never admitted.

    `sessions` are all of that appointment's. Feeds `Facts.client_waiting`, so that a no-show then needs a reason.
    """
    came = [person for session in sessions for person in session.clients if person.joined_at is not None]
    return bool(came) and all(person.admitted_at is None for person in came)
