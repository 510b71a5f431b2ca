"""Running a suite without pytest: which of its tests an adapter fails."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import final
from unittest import SkipTest

from oasys_sched.errors import InvalidValue
from oasys_sched.testing.closing import closed

__all__ = ["Violation", "violations"]


@final
class Violation(str):
    """The name of a test that failed, as text; `reason` says what came in its way, and where."""

    __slots__ = ("reason",)

    reason: str

    def __new__(cls, name: str, reason: str = "") -> Violation:
        self = super().__new__(cls, name)
        self.reason = reason
        return self


def violations(suite: type, make: Callable[[], object], *, only: str = "test_") -> tuple[Violation, ...]:
    """Return the names of the tests of a suite that fail, each with its `reason`.

    Each gets a fresh adapter from `make`. An adapter with a `close` method is closed after each test. What a suite
    skips does not fail. A reason quotes what the adapter raised, and so the rows of the suite: they are invented.

    Raises:
        InvalidValue: no test begins like `only`.
    """
    names = [name for name, _ in inspect.getmembers(suite, inspect.isfunction) if name.startswith(only)]
    if not names:
        raise InvalidValue("no test of the suite begins like this", field="only")
    failed = []
    for name in names:
        adapter = make()
        try:
            getattr(suite(), name)(adapter)
        except SkipTest:
            continue
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what we are looking for
            failed.append(Violation(name, _reason(error, name)))
        finally:
            closed(adapter)
    return tuple(failed)


def _reason(error: Exception, test: str) -> str:
    """Return the error and its words, the line of the test it came from, and the line it was raised in."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [frame for frame in frames if frame.name == test] + frames[-1:]
    places = dict.fromkeys(f"{Path(frame.filename).name}:{frame.lineno}: {frame.line}" for frame in steps)
    said = "".join(traceback.format_exception_only(error)).strip()
    return "\n  at ".join((said, *places))
