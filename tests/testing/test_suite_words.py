"""What the suite for repositories says of a failure, and that its tables leave nothing out."""

import importlib
import pickle
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import oasys_sched.testing
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard, Snapshot, Wanted
from oasys_sched.sessions.note import Note
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.testing.conformance.asserting import refused
from oasys_sched.testing.conformance.locks import OTHERWISE
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.rows import PRACTICE, appointment, audited, message


def test_every_fact_of_a_note_is_tried_on_a_locked_one() -> None:
    apart = {"practice", "id", "revision", "addenda", "pending"}
    assert {field.name for field in fields(Note)} == {*OTHERWISE, *apart}


def test_a_commit_that_was_taken_is_told_with_what_was_tried() -> None:
    commit = audited(appointment("a"), outbox=(message("m"),), guards=(Guard("day", 0),), withdraw=("g",))
    with pytest.raises(AssertionError) as told:
        refused(MemoryRepository(), commit, SlotTaken, tried="the last of several")
    assert str(told.value) == (
        "the storage took it, where it has to raise SlotTaken: the last of several; rows: appointment a revision 1;"
        " guards: day at 0; withdrawn: g; messages: m; audit entries: appointment a 1"
    )
    with pytest.raises(AssertionError, match=r"raise SlotTaken or KeyReused: an empty commit$"):
        refused(MemoryRepository(), Commit(practice=PRACTICE), SlotTaken, KeyReused)


def test_another_error_is_told_with_the_one_that_was_wanted() -> None:
    stale = Commit(practice=PRACTICE, guards=(Guard("day", 7),))
    with pytest.raises(AssertionError, match="it raised StaleWrite, where it has to raise SlotTaken: guards: day at 7"):
        refused(MemoryRepository(), stale, SlotTaken)
    assert isinstance(refused(MemoryRepository(), stale, StaleWrite), StaleWrite)


class Forgetful:
    """Takes everything and keeps nothing."""

    def commit(self, commit: Commit, /) -> None: ...

    def load(self, wanted: Wanted, /) -> Snapshot:
        return Snapshot()


def test_a_violation_is_a_name_with_a_reason() -> None:
    (stale,) = violations(RepositoryConformance, Forgetful, only="test_a_second_insert_is_stale")
    assert stale == "test_a_second_insert_is_stale"
    assert "where it has to raise StaleWrite: rows: appointment a revision 1" in stale.reason
    assert "at commits.py:" in stale.reason
    (broken,) = violations(RepositoryConformance, object, only="test_an_empty_commit")
    assert broken.reason.startswith("AttributeError: 'object' object has no attribute 'commit'")
    assert pickle.loads(pickle.dumps(broken)).reason == broken.reason


MINE = """
import pytest
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.adapters.memory import MemoryRepository

class Paged:
    def __init__(self):
        self.inner = MemoryRepository()
    def __getattr__(self, name):
        return getattr(self.inner, name)
    def commit(self, commit):
        self.inner.commit(commit)
    def load(self, wanted):
        from dataclasses import replace
        found = self.inner.load(wanted)
        return replace(found, aggregates=found.aggregates[:1])

class TestPaged(RepositoryConformance):
    threads = False
    @pytest.fixture
    def repository(self):
        return Paged()
"""


def test_pytest_says_what_came_and_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "test_paged.py").write_text(MINE)
    options = ["-q", "-p", "no:cacheprovider", "-k", "test_touching_times_are_fine", "test_paged.py"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(oasys_sched.testing.__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed" in ran.stdout
    assert "AssertionError: assert ('a',) == ('a', 'b', 'c')" in ran.stdout
    assert "Warning" not in ran.stdout


def test_the_package_is_there_without_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pytest")
    importlib.reload(oasys_sched.testing)
