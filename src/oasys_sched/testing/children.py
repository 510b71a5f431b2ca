"""How the storage tests start processes: from a clean one that has everything imported, never by forking this one."""

from __future__ import annotations

from multiprocessing import get_all_start_methods, get_context
from typing import Any, Final

__all__ = ["child_context"]

# What each child would import for itself otherwise; where an extra is missing, that module is passed over.
PRELOADED: Final = ("oasys_sched.testing.crash", "oasys_sched.adapters.sqlite", "oasys_sched.adapters.sql")


def child_context() -> Any:
    """Return the multiprocessing context; a fork of this process could inherit a lock that a thread of it holds."""
    context: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(list(PRELOADED))
    return context
