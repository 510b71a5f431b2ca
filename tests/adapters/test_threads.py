"""Blocking adapters behind awaitable methods: the same answers, and the event loop never waits."""

import asyncio
import sys
import threading
from datetime import datetime, timedelta
from importlib import reload
from pathlib import Path
from types import ModuleType

import pytest

from oasys_sched import MissingExtra
from oasys_sched.adapters import sql, transcripts
from oasys_sched.adapters.memory import AsyncMemoryRepository, MemoryRepository
from oasys_sched.adapters.threads import (
    assistant_in_threads,
    busy_source_in_threads,
    notifier_in_threads,
    repository_in_threads,
    transcript_store_in_threads,
    video_links_in_threads,
)
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.aggregates import Key
from oasys_sched.errors import PortFailed
from oasys_sched.ports import OutboxRow
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.testing.rows import NOW, PRACTICE, appointment, audited, message
from oasys_sched.times import Span

WITHIN = Span(NOW, NOW + timedelta(hours=1))


class Blocking:
    """Every port at once; each call notes where it ran."""

    name = "blocking"

    def __init__(self) -> None:
        self.threads: set[int] = set()

    def _here(self) -> None:
        self.threads.add(threading.get_ident())

    def deliver(self, row: OutboxRow, /) -> None:
        self._here()

    def busy(self, practice: str, clinician: str, within: Span, /) -> list[Span]:
        self._here()
        return [within]

    def issue(self, practice: str, appointment: str, /) -> str:
        self._here()
        return f"https://video.example/{appointment}"


def test_every_port_runs_beside_the_event_loop() -> None:
    port = Blocking()

    async def story() -> None:
        await notifier_in_threads(port).deliver(message("m"))
        assert list(await busy_source_in_threads(port).busy("p", "dana", WITHIN)) == [WITHIN]
        assert await video_links_in_threads(port).issue("p", "a") == "https://video.example/a"  # type: ignore[arg-type]
        assert assistant_in_threads(port).name == "blocking"  # type: ignore[arg-type, attr-defined]

    asyncio.run(story())
    assert port.threads
    assert threading.get_ident() not in port.threads


def test_a_repository_and_a_transcript_store_answer_as_they_do_without(tmp_path: Path) -> None:
    plain, store = MemoryRepository(), EncryptedTranscripts(tmp_path)

    async def story() -> None:
        waiting, awaited = repository_in_threads(plain), AsyncMemoryRepository(plain)
        await waiting.commit(audited(appointment("a")))
        assert await waiting.audit(PRACTICE, Key("appointment", "a")) == await awaited.audit(
            PRACTICE, Key("appointment", "a")
        )
        texts = transcript_store_in_threads(store)
        await texts.append(PRACTICE, "t", 1, Sensitive("words"))
        assert [row.reveal() for row in await texts.read(PRACTICE, "t")] == ["words"]

    asyncio.run(story())
    store.close()


def test_a_transcript_that_somebody_changed_is_not_read(tmp_path: Path) -> None:
    store = EncryptedTranscripts(tmp_path)
    store.append(PRACTICE, "t", 1, Sensitive("words"))
    store._texts.execute("UPDATE segment SET number = 2")

    with pytest.raises(PortFailed, match="outside the store"):
        store.read(PRACTICE, "t")
    store.close()


def test_a_transcript_that_is_still_in_the_file_is_not_reported_gone(tmp_path: Path) -> None:
    store = EncryptedTranscripts(tmp_path)
    store.append(PRACTICE, "t", 1, Sensitive("words"))
    reader = EncryptedTranscripts(tmp_path)
    reader._texts.execute("BEGIN")
    reader._texts.execute("SELECT * FROM segment").fetchall()

    # The reader keeps its old view, so the log cannot be emptied.
    store._texts.execute("PRAGMA busy_timeout = 10")
    with pytest.raises(PortFailed, match="not yet gone"):
        store.purge(PRACTICE, "t")

    reader._texts.execute("COMMIT")
    reader.close()
    store.close()


def test_a_store_that_cannot_be_written_says_no_word_of_the_text(tmp_path: Path) -> None:
    store = EncryptedTranscripts(tmp_path)
    store._texts.execute("DROP TABLE segment")

    with pytest.raises(PortFailed) as caught:
        store.append(PRACTICE, "t", 1, Sensitive("marker"))
    assert "marker" not in str(caught.value)
    assert not store._keys.in_transaction
    store.close()


@pytest.mark.parametrize(
    ("module", "package", "extra"), [(sql, "sqlalchemy", "sql"), (transcripts, "cryptography", "crypto")]
)
def test_without_the_package_the_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, package: str, extra: str
) -> None:
    missing = [name for name in sys.modules if name == package or name.startswith(f"{package}.")]
    names = dict(vars(module))
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]

    with pytest.raises(MissingExtra, match=rf"oasys-sched\[{extra}\]"):
        reload(module)
    vars(module).update(names)


def test_backoff_grows_and_ends() -> None:
    from oasys_sched.relay import due_again

    waits = [(due_again(attempts, NOW) - NOW).total_seconds() / 60 for attempts in (1, 2, 3, 11, 12, 1_000)]
    assert waits == [1, 2, 4, 1024, 1024, 1024]
    assert isinstance(due_again(1, NOW), datetime)
