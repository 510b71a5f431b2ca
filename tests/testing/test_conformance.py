"""Our own adapters under the suite that we give to others."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest

from oasys_sched.adapters.email import EmailNotifier, SmtpTransport
from oasys_sched.adapters.mail_message import message_id
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.errors import InvalidValue
from oasys_sched.testing.conformance import NotifierConformance, RepositoryConformance, TranscriptStoreConformance
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.doubles import Inbox, MemoryTranscripts
from oasys_sched.testing.rows import message
from tests.adapters import post_office
from tests.postgres import empty_practice


class TestMemory(RepositoryConformance):
    @pytest.fixture
    def repository(self) -> MemoryRepository:
        return MemoryRepository()


class TestSqlite(RepositoryConformance):
    processes = lambda repository: partial(SqliteRepository, repository._path)

    @pytest.fixture
    def repository(self, tmp_path: Path) -> Iterator[SqliteRepository]:
        made = SqliteRepository(tmp_path / "practice.db")
        yield made
        made.close()


class TestPostgresql(RepositoryConformance):
    processes = lambda repository: partial(SqlRepository, str(repository.engine.url))

    @pytest.fixture
    def repository(self, postgres: Path) -> Iterator[SqlRepository]:
        made = SqlRepository(empty_practice(postgres))
        yield made
        made.close()


class TestEncryptedTranscripts(TranscriptStoreConformance):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Any]:
        made = EncryptedTranscripts(tmp_path)
        yield made
        made.close()


class TestMemoryTranscripts(TranscriptStoreConformance):
    @pytest.fixture
    def store(self) -> MemoryTranscripts:
        return MemoryTranscripts()


class TestInbox(NotifierConformance):
    delivered = lambda notifier: [row.id for row in notifier.rows]

    @pytest.fixture
    def notifier(self) -> Inbox:
        return Inbox()


class Posted:
    """Mail through a real server on loopback, and what arrived there."""

    def __init__(self) -> None:
        self.inbox = post_office.Inbox()
        self._context: Any = post_office.smtp(self.inbox)
        self._notifier = EmailNotifier(
            SmtpTransport(self._context.__enter__()),
            sender=post_office.SENDER,
            contacts=lambda _: post_office.CLIENT,
            clock=lambda: post_office.NOW,
        )
        self.deliver = self._notifier.deliver

    def close(self) -> None:
        if self._context is not None:
            self._context.__exit__(None, None, None)
            self._context = None


IDS = [*(f"m{number}" for number in range(100)), "bare"]
IDS += [f"hostile-{name}" for name in ("location", "video_link", "video_links", "mode", "reason")]
SENT_AS = {message_id(message(id), post_office.SENDER): id for id in IDS}


class TestMail(NotifierConformance):
    delivered = lambda posted: [SENT_AS[str(mail["Message-ID"])] for mail in posted.inbox.mails]
    break_down = Posted.close

    @pytest.fixture
    def notifier(self) -> Iterator[Posted]:
        posted = Posted()
        yield posted
        posted.close()


class Boastful:
    """Says that it delivered."""

    def deliver(self, row: Any) -> None: ...


class Careless(NotifierConformance):
    delivered = lambda _: []
    break_down = lambda _: None


def test_a_notifier_that_only_says_so_is_found() -> None:
    assert violations(Careless, Boastful) == (
        "test_a_failing_transport_is_told",
        "test_a_row_without_fields_is_delivered",
        "test_every_template_is_delivered",
        "test_hostile_fields_are_delivered_or_refused",
    )


@pytest.mark.parametrize(
    ("test", "flag"),
    [
        ("test_a_failing_transport_is_told", "break_down"),
        ("test_a_row_without_fields_is_delivered", "delivered"),
        ("test_every_template_is_delivered", "delivered"),
        ("test_hostile_fields_are_delivered_or_refused", "delivered"),
    ],
)
def test_what_cannot_be_seen_of_a_notifier_is_skipped_and_says_what_to_set(test: str, flag: str) -> None:
    with pytest.raises(SkipTest, match=f"say in `{flag}`"):
        getattr(NotifierConformance(), test)(Boastful())


class Spool:
    """Keeps lines, and fails as a disk does."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.full = False

    def deliver(self, row: Any) -> None:
        if self.full:
            raise OSError("no space left on device")
        if any("\n" in str(field) for field in row.fields.values()):
            raise ValueError("not one line")
        self.lines.append(row.id)


class TestSpool(NotifierConformance):
    def delivered(self, spool: Spool) -> list[str]:
        return spool.lines

    def break_down(self, spool: Spool) -> None:
        spool.full = True

    @pytest.fixture
    def notifier(self) -> Spool:
        return Spool()


class Quoting(Spool):
    """Says in its error what could not be sent."""

    def deliver(self, row: Any) -> None:
        raise OSError(f"{dict(row.fields)}")


def test_an_error_that_quotes_a_field_is_found() -> None:
    assert {"test_a_failing_transport_is_told", "test_hostile_fields_are_delivered_or_refused"} < {
        *violations(TestSpool, Quoting)
    }


def test_a_suite_can_be_run_in_part_and_without_threads() -> None:
    class Alone(RepositoryConformance):
        threads = False

    assert violations(Alone, MemoryRepository, only="test_one_of_many") == ()
    with pytest.raises(InvalidValue, match="no test of the suite"):
        violations(Alone, MemoryRepository, only="test_one_of_meny")


def test_what_a_storage_cannot_do_is_skipped_where_it_can_be_seen() -> None:
    class Alone(RepositoryConformance):
        threads = False

    with pytest.raises(SkipTest, match="threads"):
        Alone().test_one_of_many_takes_a_time(MemoryRepository())
    with pytest.raises(SkipTest, match="processes"):
        Alone().test_processes_that_want_one_time_get_it_once(MemoryRepository())
