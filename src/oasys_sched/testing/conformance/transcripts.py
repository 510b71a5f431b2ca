"""What `TranscriptStore` promises: what it keeps can be read, and what is destroyed is gone for good."""

from __future__ import annotations

from oasys_sched.errors import NotFound
from oasys_sched.ports import TranscriptStore
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.testing.rows import PRACTICE

__all__ = ["TranscriptStoreConformance"]


def _fill(store: TranscriptStore, transcript: str = "t", *, practice: str = PRACTICE) -> None:
    for number, text in enumerate(("first ü", "second"), 1):
        store.append(practice, transcript, number, Sensitive(text))


def _texts(store: TranscriptStore, transcript: str = "t", *, practice: str = PRACTICE) -> list[str]:
    return [row.reveal() for row in store.read(practice, transcript)]


def _gone(store: TranscriptStore, transcript: str = "t") -> bool:
    try:
        store.read(PRACTICE, transcript)
    except NotFound:
        return True
    return False


class TranscriptStoreConformance:
    """Give it a fixture `store`: an empty one for each test."""

    def test_segments_are_read_in_order(self, store: TranscriptStore) -> None:
        _fill(store)
        assert _texts(store) == ["first ü", "second"]

    def test_a_segment_is_stored_once(self, store: TranscriptStore) -> None:
        _fill(store)
        store.append(PRACTICE, "t", 2, Sensitive("again"))
        assert _texts(store) == ["first ü", "second"]

    def test_one_that_never_was_cannot_be_read(self, store: TranscriptStore) -> None:
        assert _gone(store, "never")

    def test_transcripts_and_practices_are_apart(self, store: TranscriptStore) -> None:
        _fill(store)
        _fill(store, "u")
        _fill(store, practice="elsewhere")
        store.destroy_key(PRACTICE, "t")
        assert store.purge(PRACTICE, "t") == 2
        assert _texts(store, "u") == ["first ü", "second"]
        assert _texts(store, practice="elsewhere") == ["first ü", "second"]

    def test_a_destroyed_key_makes_it_unreadable_at_once(self, store: TranscriptStore) -> None:
        _fill(store)
        store.destroy_key(PRACTICE, "t")
        assert _gone(store)

    def test_nothing_is_appended_after_the_destruction(self, store: TranscriptStore) -> None:
        _fill(store)
        store.destroy_key(PRACTICE, "t")
        try:
            store.append(PRACTICE, "t", 3, Sensitive("late"))
        except NotFound:
            return
        raise AssertionError("it keeps a segment after its key was destroyed")

    def test_absence_is_looked_for_not_assumed(self, store: TranscriptStore) -> None:
        _fill(store)
        assert not store.absent(PRACTICE, "t")
        store.destroy_key(PRACTICE, "t")
        assert not store.absent(PRACTICE, "t")
        store.purge(PRACTICE, "t")
        assert store.absent(PRACTICE, "t")
        assert _gone(store)

    def test_every_step_may_be_repeated(self, store: TranscriptStore) -> None:
        _fill(store)
        for _ in range(2):
            store.destroy_key(PRACTICE, "t")
            store.purge(PRACTICE, "t")
        assert store.absent(PRACTICE, "t")

    def test_one_that_never_was_can_be_destroyed(self, store: TranscriptStore) -> None:
        store.destroy_key(PRACTICE, "never")
        assert store.purge(PRACTICE, "never") == 0
        assert store.absent(PRACTICE, "never")
