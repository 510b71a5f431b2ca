"""Clinical text stays where it belongs, and clients learn nothing of each other: on every storage that we bring."""

import logging
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.sqlite import SqliteRepository
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.desk.core import Desk
from oasys_sched.ports import Commit
from oasys_sched.sessions.attachments import Upload
from oasys_sched.testing.broken.rules import RULES
from oasys_sched.testing.canaries import canaries
from oasys_sched.testing.commands import MARK
from oasys_sched.testing.doubles import MemoryTranscripts
from oasys_sched.testing.journeys import JOURNEYS
from oasys_sched.testing.noninterference import main, noninterference
from oasys_sched.testing.purge_probe import in_files, purge_probe
from oasys_sched.testing.rows import PRACTICE, message
from oasys_sched.testing.stage import Stage
from oasys_sched.testing.world import World

LONG = os.environ.get("OASYS_PROFILE") == "long"


def memory(clock: Callable[[], datetime]) -> MemoryRepository:
    return MemoryRepository(clock=clock)


@pytest.mark.parametrize("command", JOURNEYS)
def test_no_clinical_text_is_found_outside(command: str) -> None:
    report = canaries(memory, commands=[command])

    assert report.leaks == ()
    assert report.looked_at > 100


def test_sqlite_keeps_clinical_text_out_of_its_errors_too(tmp_path: Path) -> None:
    kept = [SqliteRepository(tmp_path / "practice.db")]
    report = canaries(lambda _: kept[0], commands=["write_note", "sign_and_lock", "append_segment"])
    kept[0].close()

    assert report.leaks == ()


def test_clinical_text_in_an_error_of_any_type_is_found() -> None:
    class Helpful:
        def __init__(self, clock: Callable[[], datetime]) -> None:
            self.kept = memory(clock)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.kept, name)

        def commit(self, commit: Commit) -> None:
            for row in commit.changes:
                if row.kind == "note":
                    raise LookupError(f"cannot store {row.body[0].text.reveal()}")
            self.kept.commit(commit)

    leaks = canaries(Helpful, commands=["begin_note"]).leaks
    told = re.compile(r"begin_note: an error, LookupError \(test_privacy_proofs.py:\d+, in commit\)")
    assert any(map(told.fullmatch, leaks)), leaks


def test_a_leak_is_told_with_its_own_command_and_its_logger() -> None:
    class Chatty:
        def __init__(self, clock: Callable[[], datetime]) -> None:
            self.kept = memory(clock)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.kept, name)

        def commit(self, commit: Commit) -> None:
            if any(row.kind == "note" for row in commit.changes):
                logging.getLogger("mine.sql").warning("storing %s", MARK)
            self.kept.commit(commit)

    leaks = set(canaries(Chatty, commands=["create", "begin_note", "book"]).leaks)
    (leak,) = leaks
    assert re.fullmatch(r"begin_note: a log line of mine.sql \(test_privacy_proofs.py:\d+, in commit\)", leak), leak


@pytest.mark.parametrize("leak", ["log", "answer", "unwrapped", "outbox"])
def test_a_leak_is_found(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = Desk.decide

    def chatty(desk: Desk, actor: Any, ask: Any) -> Any:
        decision = decide(desk, actor, ask)
        if ask.action == "write_note":
            if leak == "log":
                logging.getLogger("app").warning("saved %s", f"{MARK} said 3 things")
            if leak == "answer":
                return MARK
            if leak == "unwrapped":
                # Nothing that prints it shows it, but whoever passes it on does.
                return {"files": (Upload(name=MARK, media_type="application/pdf", content=b""),)}
            if leak == "outbox":
                desk.repository.commit(nameless)
        return decision

    nameless = Commit(practice=PRACTICE, outbox=(message("m", fields={"text": MARK}),))
    monkeypatch.setattr(Desk, "decide", chatty)

    assert canaries(memory, commands=["begin_note"]).leaks


def test_an_erased_transcript_is_in_no_file(tmp_path: Path) -> None:
    stores: list[EncryptedTranscripts] = []

    def make() -> EncryptedTranscripts:
        stores.append(EncryptedTranscripts(tmp_path))
        return stores[-1]

    assert purge_probe(memory, make, in_files(tmp_path)) == ()
    for store in stores:
        store.close()


def test_a_file_that_holds_the_text_is_found(tmp_path: Path) -> None:
    (tmp_path / "left.wal").write_text(f"... {MARK} ...")

    assert purge_probe(memory, lambda: EncryptedTranscripts(tmp_path), in_files(tmp_path)) == (
        "there is a receipt, but the text is still there",
    )


def test_s109_what_others_do_differs_in_no_byte_that_a_client_reads() -> None:
    report = noninterference(memory, pairs=5_000 if LONG else 150)

    assert report.differences == ()
    assert report.questions == 9 * report.pairs


def test_a_client_who_reads_of_others_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    with RULES["foreign_is_forbidden"]():
        assert noninterference(memory, pairs=40).differences
        assert main(["--pairs", "40"]) == 1
    assert "differences" in capsys.readouterr().out


def test_it_runs_as_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pairs", "5", "--seed", "7"]) == 0
    assert capsys.readouterr().out == "seed 7: 5 pairs, 45 questions, 0 differences\n"


def test_a_lock_that_leaves_the_transcript_readable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Stage.ask
    readable = sched.Accepted(("text",))
    monkeypatch.setattr(
        Stage, "ask", lambda stage, name, *given: readable if name == "read_transcript" else ask(stage, name, *given)
    )

    found = purge_probe(memory, MemoryTranscripts, lambda *_: False)
    assert found == ("the note is locked, but its transcript can be read",)


def test_a_lock_after_which_nobody_owes_the_erasure_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "all", lambda *_: ())

    found = purge_probe(memory, MemoryTranscripts, lambda *_: False)
    assert found == ("the note is locked, but nobody owes the erasure",)
