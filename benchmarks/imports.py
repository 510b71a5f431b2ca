"""What `import oasys_sched` costs over a bare interpreter, in CPU time of whole processes."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from tempfile import TemporaryDirectory

CODE = {"bare interpreter": "pass", "import oasys_sched": "import oasys_sched",
        "and the first slots": "from benchmarks.slots_job import job, SERVICE\nimport oasys_sched as s\nj = job(90)\n"
        "s.bookable_slots(j.diary, SERVICE, within=j.within, policy=j.policy, now=j.now)[0]"}  # fmt: skip


def spent(code: str, compiled: str) -> float:
    """CPU seconds of one interpreter that runs some code, with bytecode kept as an installed package has it."""
    world = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    world.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, env=world)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    with TemporaryDirectory() as compiled:
        rounds = [{name: spent(code, compiled) for name, code in CODE.items()} for _ in range(42)][1:]
    for name in CODE:
        median = statistics.median(row[name] for row in rounds)
        more = statistics.median(row[name] - row["bare interpreter"] for row in rounds)
        print(f"{name:<24} {median * 1e3:>8.1f} ms {more * 1e3:>8.1f} ms over the bare interpreter")


if __name__ == "__main__":
    main()
