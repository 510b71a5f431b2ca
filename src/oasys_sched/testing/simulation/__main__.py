"""`python -m oasys_sched.testing.simulation`: many seeds on many processes; the reports, then what they add up to."""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from oasys_sched.testing.simulation.running import Report, simulated

__all__ = ["main"]

# A report for each so many operations, so that a long run shows that it is alive.
SHARE = 250_000


def main(given: list[str] | None = None) -> int:
    """Simulate, print and return how many seeds found something."""
    asked = argparse.ArgumentParser(prog="python -m oasys_sched.testing.simulation", description=main.__doc__)
    asked.add_argument("--operations", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1, help="the first one; each share takes the next")
    asked.add_argument("--processes", type=int, default=2)
    options = asked.parse_args(given)
    shares = [min(SHARE, options.operations - done) for done in range(0, options.operations, SHARE)]
    begun = time.monotonic()
    reports: list[Report] = []
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(simulated, options.seed + number, share) for number, share in enumerate(shares)]
        for run in as_completed(runs):
            reports.append(run.result())
            print(reports[-1], flush=True)
    wrong = [report for report in reports if report.violation is not None]
    cells = len({cell for report in reports for cell in report.covered})
    done, faults = sum(report.operations for report in reports), sum(sum(r.faults.values()) for r in reports)
    seeds = f"{options.seed} to {options.seed + len(shares) - 1}"
    print(f"{done:,} operations, seeds {seeds}, {faults:,} faults, {cells:,} cells covered, {len(wrong)} violations")
    print(f"{time.monotonic() - begun:.0f} s on {options.processes} processes")
    return len(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
