"""What the proofs say of an adapter's errors: type and place, and no word of what it was given."""

import threading
from functools import partial
from typing import Any

import pytest

from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import PortFailed
from oasys_sched.testing.blame import blame
from oasys_sched.testing.conformance.races import _together


class Clumsy:
    """Fails in its own words."""

    def load(self, *_: object) -> None:
        self.deeper()

    def deeper(self) -> None:
        raise KeyError("what the client said")

    def port(self) -> None:
        raise PortFailed("no disk")

    def foreign(self) -> None:
        int("what the client said")

    def library(self) -> None:
        import json

        json.loads("{what the client said")


def raised_by(call: Any) -> Exception:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - any will do
        return error
    raise AssertionError


def test_an_error_is_told_by_its_type_and_place() -> None:
    told = blame(raised_by(Clumsy().load), Clumsy())

    assert told.startswith("KeyError (test_blame.py:")
    assert told.endswith(", in deeper)")


def test_only_our_own_errors_are_told_with_their_messages() -> None:
    assert blame(raised_by(Clumsy().port), Clumsy()).startswith("PortFailed: no disk (test_blame.py:")
    for call in (Clumsy().load, Clumsy().foreign, Clumsy().library):
        assert "client" not in blame(raised_by(call), Clumsy())


def test_the_place_is_within_the_adapter() -> None:
    assert blame(raised_by(Clumsy().library), Clumsy()).endswith(", in library)")
    assert blame(raised_by(Clumsy().library), partial(Clumsy)).endswith(", in library)")
    assert blame(raised_by(Clumsy().library), MemoryRepository()).endswith(", in raw_decode)")
    assert blame(raised_by(Clumsy().library), None).endswith(", in raw_decode)")


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert blame(KeyError("x"), None) == "KeyError"


def test_a_race_tells_who_is_stuck_and_where() -> None:
    never = threading.Event()

    def stuck() -> None:
        never.wait()

    clumsy: Any = Clumsy()
    with pytest.raises(AssertionError, match=r"not back after 0.3 s: worker 2 of 3 \(test_blame.py:\d+, in stuck\)"):
        _together(clumsy, lambda: None, stuck, lambda: None, patience=0.3)
    never.set()


def test_a_race_tells_of_other_errors() -> None:
    clumsy: Any = Clumsy()
    with pytest.raises(AssertionError, match=r"with another error: KeyError \(test_blame.py:\d+, in deeper\)"):
        _together(clumsy, lambda: None, clumsy.load)
