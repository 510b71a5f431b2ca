"""What sessions cost: a verdict on a file, saving, sealing and verifying a note, erasing a transcript."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256

import oasys_sched as sched
from benchmarks.timing import interleaved, table
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.codec import dumps
from oasys_sched.sessions.seal import note_digest, verify
from oasys_sched.testing.stage import Stage
from tests.sessions import files

NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
VERDICTS = 100_000


def uploads() -> list[sched.Upload]:
    """Small honest files of every kind with up to three bytes changed, some with 64 KiB behind them."""
    chance = random.Random(7)
    kinds = [
        ("a.png", "image/png", files.png()),
        ("a.jpg", "image/jpeg", files.jpeg()),
        ("a.pdf", "application/pdf", files.pdf()),
        ("a.heic", "image/heic", files.heic()),
    ]
    made = []
    for _ in range(2_000):
        name, media_type, whole = chance.choice(kinds)
        body = bytearray(whole + chance.randbytes(chance.choice((0, 0, 200, 65_000))))
        for _ in range(chance.randrange(4)):
            body[chance.randrange(min(len(body), 64))] = chance.randrange(256)
        made.append(sched.Upload(name=name, media_type=media_type, content=bytes(body)))
    return made


def verdicts() -> None:
    """100,000 verdicts, 50 on each file; the digest of what is accepted is part of it. CPU time, each file's median."""
    drop, times, accepted = uploads(), [], 0
    for upload in drop:
        tries = []
        for _ in range(VERDICTS // len(drop)):
            began = time.thread_time()
            verdict = sched.judge_file(upload, id="a", now=NOW)
            tries.append(time.thread_time() - began)
        times.append(statistics.median(tries) * 1e6)
        accepted += isinstance(verdict, sched.Accepted)
    times.sort()
    print(
        f"{VERDICTS:,} verdicts on {len(drop):,} spoilt files, {accepted:,} of them accepted:"
        f" median {times[len(times) // 2]:.1f} µs, 99 of 100 {times[len(times) * 99 // 100]:.1f} µs,"
        f" the slowest file {times[-1]:.1f} µs"
    )


def notes() -> None:
    """A note of 8,000 characters: the desk's journeys beside the bare hashing and the bare writing down of the text."""
    from oasys_sched.adapters.memory import MemoryRepository

    stage = Stage(lambda clock: MemoryRepository(clock=clock), "sign_and_lock")
    choice = stage.prepare()
    dana = stage.desk.acting_as(sched.Actor.clinician("dana", practice=stage.clinic.practice))
    text = "A sentence about how the week went. " * 222
    note = dana.write_note(choice.session, text, revision=choice.revision).or_raise().value
    locked = dana.sign_and_lock(choice.session, revision=note.revision).or_raise().value
    session = stage.world().get(sched.Session, choice.session)
    assert session is not None
    raw = dumps(locked).encode()
    table(
        f"a note of {len(text):,} characters",
        interleaved(
            {
                "floor: SHA-256 of its bytes": lambda: sha256(raw).hexdigest(),
                "floor: the note as JSON": lambda: dumps(locked),
                "digest of content, files and session": lambda: note_digest(locked, session),
                "verify": lambda: verify(locked, session),
                "a stale autosave refused, both texts returned": lambda: dana.write_note(
                    choice.session, text, revision=1
                ),
                "read": lambda: dana.read_note(choice.session),
            }
        ),
        base="floor: the note as JSON",
    )


def erasing() -> None:
    """A transcript of 300 segments: kept, and erased with its key."""
    with tempfile.TemporaryDirectory() as folder:
        store = EncryptedTranscripts(folder)
        began = time.perf_counter()
        for number in range(300):
            store.append("p", "t", number, sched.Sensitive("something was said here, for about a minute or so"))
        kept = time.perf_counter() - began
        began = time.perf_counter()
        store.destroy_key("p", "t")
        gone = time.perf_counter() - began
        began = time.perf_counter()
        removed = store.purge("p", "t")
        assert store.absent("p", "t")
        purged = time.perf_counter() - began
        store.close()
    print(
        f"\na transcript: {kept / 300 * 1e3:.1f} ms to keep a segment (on disk, synced), {gone * 1e3:.1f} ms until"
        f" nobody can read it, {purged * 1e3:.1f} ms to remove {removed} segments and search the files"
    )


def main() -> None:
    """Print every figure."""
    verdicts()
    notes()
    erasing()
