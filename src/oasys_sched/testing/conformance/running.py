"""Running a suite without pytest: which of its tests an adapter fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from unittest import SkipTest

from oasys_sched.errors import InvalidValue
from oasys_sched.testing.closing import closed

__all__ = ["violations"]


def violations(suite: type, make: Callable[[], object], *, only: str = "test_") -> tuple[str, ...]:
    """Return the names of the tests of a suite that fail; each gets a fresh adapter from `make`.

    An adapter with a `close` method is closed after each test. What a suite skips does not fail.

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
        except Exception:  # noqa: BLE001 - whatever goes wrong is what we are looking for
            failed.append(name)
        finally:
            closed(adapter)
    return tuple(failed)
