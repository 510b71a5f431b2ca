"""`python -m oasys_sched` is `oasys-sched`."""

import sys

from oasys_sched.cli import main

if __name__ == "__main__":
    sys.exit(main())
