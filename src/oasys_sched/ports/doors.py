"""The doors to the outside world, as small protocols over frozen facts. Any class with these methods will do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from oasys_sched.aggregates import Key
from oasys_sched.ports.rows import AuditEntry, Commit, Delivery, OutboxRow, Snapshot, Wanted
from oasys_sched.times import Span

if TYPE_CHECKING:
    from oasys_sched.sessions.assistant import PreparationRequest, Question, ScribeRequest, Suggestion
    from oasys_sched.sessions.sensitive import Sensitive

__all__ = [
    "Assistant",
    "AsyncAssistant",
    "AsyncTranscriptStore",
    "BusySource",
    "Notifier",
    "Repository",
    "TranscriptStore",
    "VideoLinks",
]


class Repository(Protocol):
    """Storage. One `load` is one consistent read, one `commit` one transaction; the storage itself refuses overlaps."""

    def load(self, wanted: Wanted, /) -> Snapshot:
        """Read everything wanted as of one moment."""
        ...

    def commit(self, commit: Commit, /) -> None:
        """Write all of it or nothing.

        Raises:
            StaleWrite: a revision, a guard or the head of an audit chain has moved, the idempotency key is taken
                meanwhile, a locked note would get anything but an addendum, or a row is of another practice.
            KeyReused: the idempotency key is taken by a request with another digest.
            SlotTaken: an exclusive occupancy would overlap another.
            OutcomeUnknown: the connection broke while committing.
        """
        ...

    def audit(self, practice: str, key: Key, /) -> Sequence[AuditEntry]:
        """Read one aggregate's audit chain, oldest first."""
        ...

    def claim(self, practice: str, /, *, now: datetime, limit: int, lease: timedelta) -> Sequence[OutboxRow]:
        """Take due outbox rows for delivery, by due time; no other worker gets them until the lease ends.

        Of one aggregate's rows to one recipient only the first that is due by then is out at a time.
        """
        ...

    def settle(self, practice: str, row_id: str, delivery: Delivery, /, *, now: datetime) -> None:
        """Record how a claimed row ended; a failed one becomes due again later.

        A row that has ended stays as it ended, but one withdrawn while it was out is sent when it went all the same;
        an unknown one is nothing.
        """
        ...


class Notifier(Protocol):
    """Delivers one outbox row: mail, text message, push. Raises to say it failed; returning means acknowledged."""

    def deliver(self, row: OutboxRow, /) -> None: ...


class VideoLinks(Protocol):
    """Issues the secure link of a telehealth appointment; the same appointment gets the same link."""

    def issue(self, practice: str, appointment: str, /) -> str: ...

    def revoke(self, practice: str, appointment: str, /) -> None: ...


class BusySource(Protocol):
    """External busy times of a clinician, as intervals only (S85)."""

    def busy(self, practice: str, clinician: str, within: Span, /) -> Iterable[Span]: ...


class TranscriptStore(Protocol):
    """Keeps transcripts' text, and nothing else does. Each transcript can be destroyed for good (reliability 4.7).

    Every step of a destruction may be repeated. From `destroy_key` on, appending is refused too.
    """

    name: str
    method: str

    def append(self, practice: str, transcript: str, number: int, text: Sensitive[str], /) -> None:
        """Store one segment under its number; the same number again changes nothing.

        Raises:
            NotFound: the transcript's key is destroyed.
        """
        ...

    def read(self, practice: str, transcript: str, /) -> Sequence[Sensitive[str]]:
        """Return the segments in order.

        Raises:
            NotFound: the transcript's key is destroyed.
        """
        ...

    def destroy_key(self, practice: str, transcript: str, /) -> None:
        """Make every copy unreadable, backups included, and keep it so."""
        ...

    def purge(self, practice: str, transcript: str, /) -> int:
        """Remove the segments; return how many were removed just now."""
        ...

    def absent(self, practice: str, transcript: str, /) -> bool:
        """Look whether nothing is left, key and segments."""
        ...


class Assistant(Protocol):
    """A model behind a door. It gets what the rules let it see; its answers are suggestions, never written by it.

    Whatever it raises, the session goes on without: `PortFailed` says it best.
    """

    def prepare(self, request: PreparationRequest, /) -> Suggestion: ...

    def answer(self, question: Question, /) -> Suggestion: ...

    def scribe(self, request: ScribeRequest, /) -> Suggestion: ...


class AsyncTranscriptStore(Protocol):
    """`TranscriptStore`, awaited."""

    name: str
    method: str

    async def append(self, practice: str, transcript: str, number: int, text: Sensitive[str], /) -> None: ...

    async def read(self, practice: str, transcript: str, /) -> Sequence[Sensitive[str]]: ...

    async def destroy_key(self, practice: str, transcript: str, /) -> None: ...

    async def purge(self, practice: str, transcript: str, /) -> int: ...

    async def absent(self, practice: str, transcript: str, /) -> bool: ...


class AsyncAssistant(Protocol):
    """`Assistant`, awaited."""

    async def prepare(self, request: PreparationRequest, /) -> Suggestion: ...

    async def answer(self, question: Question, /) -> Suggestion: ...

    async def scribe(self, request: ScribeRequest, /) -> Suggestion: ...
