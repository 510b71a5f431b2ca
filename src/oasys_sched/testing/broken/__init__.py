"""Sixteen deliberately wrong storages and rules. A harness that misses one of them proves nothing (reliability 5.7).

`caught(name)` runs what should find it and returns what it found; `caught` of all sixteen is a test of this harness.
"""

from oasys_sched.testing.broken.catching import BROKEN, caught

__all__ = ["BROKEN", "caught"]
