"""Small, honest stand-ins for what a desk talks to: an inbox, transcripts in memory, video links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from oasys_sched.errors import NotFound
from oasys_sched.ports import OutboxRow
from oasys_sched.sessions.sensitive import Sensitive

__all__ = ["Inbox", "Links", "MemoryTranscripts"]


@final
class Inbox:
    """A notifier that keeps what it delivers, in order."""

    def __init__(self) -> None:
        self.rows: list[OutboxRow] = []

    def deliver(self, row: OutboxRow, /) -> None:
        """Acknowledge one message."""
        self.rows.append(row)

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Template and recipient of every message, whatever was delivered twice once; sorted."""
        return sorted((row.template, row.recipient) for row in {row.id: row for row in self.rows}.values())


@final
class Links:
    """A video service whose links are the ids of appointments."""

    def __init__(self) -> None:
        self.issued: set[str] = set()

    def issue(self, practice: str, appointment: str, /) -> str:
        """Return the one link of an appointment."""
        self.issued.add(appointment)
        return f"https://video.example/{practice}/{appointment}"

    def revoke(self, _practice: str, appointment: str, /) -> None:
        """Let nobody in any more."""
        self.issued.discard(appointment)


@final
class MemoryTranscripts:
    """A transcript store in memory, for tests: nothing of it survives, so nothing is encrypted."""

    name = "memory"
    method = "removal"

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], dict[int, Sensitive[str]]] = {}
        self._destroyed: set[tuple[str, str]] = set()

    @property
    def texts(self) -> frozenset[str]:
        """The ids of the transcripts of which text is left."""
        return frozenset(id for (_, id), text in self._texts.items() if text)

    def append(self, practice: str, transcript: str, number: int, text: Sensitive[str], /) -> None:
        """Store one segment under its number; the same number again changes nothing."""
        if (practice, transcript) in self._destroyed:
            raise NotFound("its key is destroyed")
        self._texts.setdefault((practice, transcript), {}).setdefault(number, text)

    def read(self, practice: str, transcript: str, /) -> Sequence[Sensitive[str]]:
        """Return the segments in order."""
        kept = self._texts.get((practice, transcript))
        if kept is None or (practice, transcript) in self._destroyed:
            raise NotFound("no such transcript, or its key is destroyed")
        return tuple(text for _, text in sorted(kept.items()))

    def destroy_key(self, practice: str, transcript: str, /) -> None:
        """Make it unreadable, and keep it so."""
        self._destroyed.add((practice, transcript))

    def purge(self, practice: str, transcript: str, /) -> int:
        """Remove the segments; return how many there were."""
        return len(self._texts.pop((practice, transcript), ()))

    def absent(self, practice: str, transcript: str, /) -> bool:
        """Look whether nothing is left."""
        return not self._texts.get((practice, transcript))
