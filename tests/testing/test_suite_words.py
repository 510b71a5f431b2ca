"""What the suite for repositories says of a failure, and that its tables leave nothing out."""

from dataclasses import fields

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import KeyReused, SlotTaken, StaleWrite
from oasys_sched.ports import Commit, Guard
from oasys_sched.sessions.note import Note
from oasys_sched.testing.conformance.asserting import refused
from oasys_sched.testing.conformance.locks import OTHERWISE
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
