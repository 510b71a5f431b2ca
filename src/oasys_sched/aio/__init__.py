"""The desk: every journey of a practice as one method. Load, decide, commit, deliver; the rules are elsewhere."""

from __future__ import annotations

from oasys_sched.aio.core import AsyncDesk
from oasys_sched.aio.counter import AsyncCounter

__all__ = ["AsyncCounter", "AsyncDesk"]
