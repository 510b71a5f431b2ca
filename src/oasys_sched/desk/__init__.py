"""The desk: every journey of a practice as one method. Load, decide, commit, deliver; the rules are elsewhere."""

from __future__ import annotations

from oasys_sched.desk.core import Desk
from oasys_sched.desk.counter import Counter

__all__ = ["Counter", "Desk"]
