"""The harness finds each of sixteen deliberate flaws, and finds none where there is none."""

from collections.abc import Callable
from datetime import datetime

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import InvalidValue
from oasys_sched.testing.broken import BROKEN, caught
from oasys_sched.testing.conformance import RepositoryConformance
from oasys_sched.testing.conformance.running import violations
from oasys_sched.testing.doubles import MemoryTranscripts
from oasys_sched.testing.purge_probe import purge_probe
from oasys_sched.testing.trespass import trespass

# What finds each of them, by a word of the finding: not just anything that goes wrong.
FOUND_BY = {
    "no_version": "stale",
    "key_not_atomic": "taken_key",
    "outbox_late": "comes_back",
    "late_autosave_wins": "late_autosave",
    "phi_in_error": "errors_quote",
    "snapshot_only": "one_of_many_takes_a_time",
    "locks_what_is_there": "one_of_many_takes_a_time",
    "pending_invisible": "pending_booking",
    "guard_only_in_core": "overlap_is_refused",
    "closed_range": "touching",
    "hold_never_expires": "ran_out",
    "seat_plus_one": "seats_and_no_more",
    "purge_before_lock": "could not be locked",
    "foreign_is_forbidden": "about nothing",
    "replay_without_authorisation": "former guardian",
    "receipt_without_purge": "still there",
}


def sound(clock: Callable[[], datetime]) -> MemoryRepository:
    return MemoryRepository(clock=clock)


def test_there_are_sixteen() -> None:
    assert sorted(BROKEN) == sorted(FOUND_BY)
    assert len(BROKEN) == 16


@pytest.mark.parametrize("name", FOUND_BY)
def test_a_deliberate_flaw_is_found(name: str) -> None:
    assert any(FOUND_BY[name] in finding for finding in caught(name))


def test_a_flaw_that_nobody_made_is_not_found_by_any_name() -> None:
    with pytest.raises(InvalidValue, match="one of BROKEN"):
        caught("no_verzion")


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert violations(RepositoryConformance, MemoryRepository) == ()
    assert trespass(sound).learned == ()
    assert trespass(sound).tries > 1_300
    assert purge_probe(sound, MemoryTranscripts, lambda store, _: bool(getattr(store, "texts", ()))) == ()
