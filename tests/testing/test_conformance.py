"""Our own adapters under the suite that we give to others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sql import SqlRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.testing.conformance import RepositoryConformance, TranscriptStoreConformance
from tests.postgres import empty_practice


class TestMemory(RepositoryConformance):
    @pytest.fixture
    def repository(self) -> MemoryRepository:
        return MemoryRepository()


class TestSqlite(RepositoryConformance):
    @pytest.fixture
    def repository(self, tmp_path: Path) -> Iterator[SqliteRepository]:
        made = SqliteRepository(tmp_path / "practice.db")
        yield made
        made.close()


class TestPostgresql(RepositoryConformance):
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
