"""Checked by mypy, never run: what the public face promises to a type checker."""

from datetime import timedelta
from typing import assert_type

import oasys_sched as sched

assert_type(sched.Service(duration=timedelta(minutes=50)).modes, tuple[sched.Mode, ...])
assert_type(sched.Money(1, "EUR") + sched.Money(1, "EUR"), sched.Money)


def answer(decision: sched.Decision[int]) -> int | sched.Code:
    match decision:
        case sched.Accepted(value):
            return value
        case sched.Refused(refusals):
            return refusals[0].code
