"""Transcripts in SQLite, each encrypted under a key of its own, so that destroying the key erases backups too.

Two files: the text, which may be backed up, and the keys, which must not be. Needs the extra `crypto`.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, final

from oasys_sched.errors import MissingExtra, NotFound, PortFailed
from oasys_sched.sessions.sensitive import Sensitive

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    raise MissingExtra("cryptography", "crypto") from None

__all__ = ["EncryptedTranscripts"]

_KEYS: Final = """
    CREATE TABLE IF NOT EXISTS secret (
      practice TEXT NOT NULL, transcript TEXT NOT NULL, key BLOB, PRIMARY KEY (practice, transcript)) STRICT
"""
_TEXTS: Final = """
    CREATE TABLE IF NOT EXISTS segment (
      practice TEXT NOT NULL, transcript TEXT NOT NULL, number INTEGER NOT NULL, nonce BLOB NOT NULL,
      body BLOB NOT NULL, PRIMARY KEY (practice, transcript, number)) STRICT
"""
_MINE: Final = "WHERE practice = ? AND transcript = ?"


@final
class EncryptedTranscripts:
    """A transcript store in a directory: `transcripts.db` and `transcript-keys.db`. Safe between threads and processes.

    AES-256-GCM; each segment is bound to its practice, transcript and number. Keep the keys' file out of every backup.
    """

    name = "sqlite"
    method = "key destruction, secure delete, search"

    def __init__(self, directory: Path | str) -> None:
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._keys = _opened(folder / "transcript-keys.db", _KEYS)
        self._texts = _opened(folder / "transcripts.db", _TEXTS)
        self._files = tuple(folder / f"transcripts.db{ending}" for ending in ("", "-wal"))

    def close(self) -> None:
        """Close both files."""
        self._keys.close()
        self._texts.close()

    def append(self, practice: str, transcript: str, number: int, text: Sensitive[str], /) -> None:
        """Store one segment under its number; the same number again changes nothing.

        Raises:
            NotFound: the transcript's key is destroyed.
            PortFailed: the file cannot be written.
        """
        # The keys' file stays locked meanwhile: no other process can destroy the key between its use and the insert.
        with self._working(), _transaction(self._keys):
            self._keys.execute(
                "INSERT INTO secret VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (practice, transcript, secrets.token_bytes(32)),
            )
            cipher, nonce = self._cipher(practice, transcript), secrets.token_bytes(12)
            body = cipher.encrypt(nonce, text.reveal().encode(), _place(practice, transcript, number))
            self._texts.execute(
                "INSERT INTO segment VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (practice, transcript, number, nonce, body),
            )

    def read(self, practice: str, transcript: str, /) -> Sequence[Sensitive[str]]:
        """Return the segments in order.

        Raises:
            NotFound: the transcript's key is destroyed, or there never was one.
            PortFailed: the file cannot be read, or somebody changed it.
        """
        with self._working():
            cipher = self._cipher(practice, transcript)
            rows = self._texts.execute(
                f"SELECT number, nonce, body FROM segment {_MINE} ORDER BY number",  # noqa: S608 - constants only
                (practice, transcript),
            )
            try:
                return tuple(
                    Sensitive(cipher.decrypt(nonce, body, _place(practice, transcript, number)).decode())
                    for number, nonce, body in rows
                )
            except InvalidTag:
                raise PortFailed("a transcript was changed outside the store") from None

    def destroy_key(self, practice: str, transcript: str, /) -> None:
        """Make every copy unreadable, backups included; what is left of the key is that it is gone."""
        with self._working():
            self._keys.execute(
                "INSERT INTO secret VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET key = NULL", (practice, transcript)
            )
            _settled(self._keys)

    def purge(self, practice: str, transcript: str, /) -> int:
        """Remove the segments, then search the file for what was in them.

        Raises:
            PortFailed: something is still in the file, such as while another process reads it.
        """
        with self._working():
            rows = self._texts.execute(
                f"DELETE FROM segment {_MINE} RETURNING nonce",  # noqa: S608 - constants only
                (practice, transcript),
            ).fetchall()
            _settled(self._texts)
            left = b"".join(path.read_bytes() for path in self._files if path.exists())
            if any(nonce in left for (nonce,) in rows):
                raise PortFailed("removed, but not yet gone from the file")
            return len(rows)

    def absent(self, practice: str, transcript: str, /) -> bool:
        """Look whether key and segments are gone."""
        with self._working():
            (texts,) = self._texts.execute(
                f"SELECT count(*) FROM segment {_MINE}",  # noqa: S608 - constants only
                (practice, transcript),
            ).fetchone()
            return texts == 0 and self._key(practice, transcript) is None

    def _key(self, practice: str, transcript: str) -> bytes | None:
        row = self._keys.execute(
            f"SELECT key FROM secret {_MINE}",  # noqa: S608 - constants only
            (practice, transcript),
        ).fetchone()
        return None if row is None else row[0]

    def _cipher(self, practice: str, transcript: str) -> AESGCM:
        key = self._key(practice, transcript)
        if key is None:
            raise NotFound("no such transcript, or its key is destroyed")
        return AESGCM(key)

    @contextmanager
    def _working(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                # The driver's message may quote what was being written.
                raise PortFailed(f"the transcript store failed: {type(error).__name__}") from None


def _opened(path: Path, schema: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(schema)
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _settled(connection: sqlite3.Connection) -> None:
    """Write the log into the file and empty it, so that no old page stays behind."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _place(practice: str, transcript: str, number: int) -> bytes:
    # Ids hold no line breaks, so no two places read the same.
    return f"{practice}\n{transcript}\n{number}".encode()
