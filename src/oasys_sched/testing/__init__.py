"""Strategies, conformance suites and simulations for your own adapters and ours."""

import sys

# The suites are modules of an installed package: unless pytest is told before they are imported, what fails in them
# reads "AssertionError" and nothing else. Where no pytest runs, there is nobody to tell.
if "pytest" in sys.modules:
    sys.modules["pytest"].register_assert_rewrite("oasys_sched.testing.conformance")
