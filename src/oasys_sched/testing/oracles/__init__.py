"""Slow, obvious readings of the same rules, to hold a fast one to: yours or ours."""

from oasys_sched.testing.oracles.calendar_scan import scan, slow_occurrences
from oasys_sched.testing.oracles.linearizable import Attempt, linearizable
from oasys_sched.testing.oracles.minute_grid import minute_grid

__all__ = ["Attempt", "linearizable", "minute_grid", "scan", "slow_occurrences"]
