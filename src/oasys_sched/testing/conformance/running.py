"""Running a suite without pytest: which of its tests an adapter fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable

__all__ = ["violations"]


def violations(suite: type, make: Callable[[], object], *, only: str = "test_") -> tuple[str, ...]:
    """Return the names of the tests of a suite that fail; each gets a fresh adapter from `make`.

    An adapter with a `close` method is closed after each test.
    """
    failed = []
    for name, _ in inspect.getmembers(suite, inspect.isfunction):
        if not name.startswith(only):
            continue
        adapter = make()
        try:
            getattr(suite(), name)(adapter)
        except Exception:  # noqa: BLE001 - whatever goes wrong is what we are looking for
            failed.append(name)
        finally:
            getattr(adapter, "close", lambda: None)()
    return tuple(failed)
