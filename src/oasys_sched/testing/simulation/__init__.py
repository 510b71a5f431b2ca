"""A clinic run by chance: many people at once, ports that fail, processes that die; every invariant after every step.

```python
report = Simulation(seed=7, operations=10_000).run()
assert report.violation is None, report.violation
```

One operation is one step that anybody makes: a question reaching the desk, one call of one port, a death, an hour that
passes. The same seed makes the same run; a violation carries a shrunk script, and `replay(script)` runs just that.
"""

from __future__ import annotations

from oasys_sched.testing.simulation.running import Report, Simulation, Violation, replay

__all__ = ["Report", "Simulation", "Violation", "replay"]
