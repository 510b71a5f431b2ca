"""A transcript store that lies, and does not get caught reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from oasys_sched.errors import NotFound
from oasys_sched.ports import TranscriptStore
from oasys_sched.sessions.sensitive import Sensitive

__all__ = ["ReceiptWithoutPurge"]


@final
class ReceiptWithoutPurge:
    """Says that a transcript is gone; the text is all there."""

    name = "liar"
    method = "removal"

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], list[Sensitive[str]]] = {}
        self.hidden: set[tuple[str, str]] = set()

    def append(self, practice: str, transcript: str, _: int, text: Sensitive[str], /) -> None:
        """Keep a segment."""
        self.kept.setdefault((practice, transcript), []).append(text)

    def read(self, practice: str, transcript: str, /) -> Sequence[Sensitive[str]]:
        """Return the segments, until they are said to be gone."""
        if (practice, transcript) in self.hidden:
            raise NotFound("its key is destroyed")
        return tuple(self.kept.get((practice, transcript), ()))

    def destroy_key(self, practice: str, transcript: str, /) -> None:
        """Say that it cannot be read any more."""
        self.hidden.add((practice, transcript))

    def purge(self, practice: str, transcript: str, /) -> int:
        """Say that every segment was removed."""
        return len(self.kept.get((practice, transcript), ()))

    def absent(self, _practice: str, _transcript: str, /) -> bool:
        """Say that nothing is left."""
        return True

    def holds(self, text: str) -> bool:
        """Tell what is really there."""
        return any(text in row.reveal() for rows in self.kept.values() for row in rows)


def search(store: TranscriptStore, text: str) -> bool:
    """Look past the store's own methods."""
    return isinstance(store, ReceiptWithoutPurge) and store.holds(text)
