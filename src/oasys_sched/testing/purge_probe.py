"""A probe of erasure: nothing goes before the lock, everything goes with it, and no receipt lies (S57, B17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from oasys_sched.decisions import Accepted
from oasys_sched.errors import PortFailed
from oasys_sched.ports import TranscriptStore
from oasys_sched.sessions.transcript import PurgeObligation, PurgeStatus
from oasys_sched.testing.commands import MARK, Choice
from oasys_sched.testing.faults import Fault
from oasys_sched.testing.stage import MakeRepository, Stage

__all__ = ["in_files", "purge_probe"]

_COMMAND: Final = "sign_and_lock"


def purge_probe(
    make: MakeRepository, make_store: Callable[[], TranscriptStore], search: Callable[[TranscriptStore, str], bool]
) -> tuple[str, ...]:
    """Return what is wrong with how a transcript goes; nothing means that it is erased, in time and for good.

    `search` looks for a text in everything the store keeps, past the store's own methods: see `in_files`.
    """
    return (*_too_early(make, make_store), *_not_at_all(make, make_store, search))


def _too_early(make: MakeRepository, make_store: Callable[[], TranscriptStore]) -> list[str]:
    """The lock fails: then the transcript has to be there still."""
    plain = Stage(make, _COMMAND, store=make_store())
    plain.ask(_COMMAND, plain.prepare())
    plain.close()
    stage = Stage(make, _COMMAND, store=make_store())
    choice = stage.prepare()
    stage.plan.fault = Fault(plain.plan.calls.index("repository.commit") + 1, "repository.commit", PortFailed)
    with suppress(PortFailed):
        stage.ask(_COMMAND, choice)
    stage.plan.fault = None
    read = stage.ask("read_transcript", _transcript(stage))
    stage.close()
    kept = isinstance(read, Accepted) and len(read.value) > 0
    return [] if kept else ["the note could not be locked, but its transcript is gone"]


def _not_at_all(
    make: MakeRepository, make_store: Callable[[], TranscriptStore], search: Callable[[TranscriptStore, str], bool]
) -> list[str]:
    """The lock works: then nothing is readable, and a receipt means that nothing is left."""
    store = make_store()
    stage = Stage(make, _COMMAND, store=store)
    choice = stage.prepare()
    transcript = _transcript(stage)
    signed = stage.ask(_COMMAND, choice)
    assert isinstance(signed, Accepted), f"{_COMMAND} came out as {signed!r}"
    wrong = []
    if isinstance(stage.ask("read_transcript", transcript), Accepted):
        wrong.append("the note is locked, but its transcript can be read")
    duties = stage.world().all(PurgeObligation)
    if not duties:
        wrong.append("the note is locked, but nobody owes the erasure")
    if any(duty.status is PurgeStatus.PROVEN for duty in duties) and search(store, MARK):
        wrong.append("there is a receipt, but the text is still there")
    stage.close()
    return wrong


def _transcript(stage: Stage) -> Choice:
    return stage.choice("read_transcript", 0)


def in_files(folder: Path) -> Callable[[TranscriptStore, str], bool]:
    """Return a search through every byte of every file in a folder, journals and all."""

    def found(_: TranscriptStore, text: str) -> bool:
        return any(text.encode() in path.read_bytes() for path in _files(folder))

    return found


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
