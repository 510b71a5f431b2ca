"""The series of an appointment: it always ends, and within a cap (S10, S11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.recurrence.rule import Rule
from oasys_sched.recurrence.series import Series

__all__ = ["MOST_OCCURRENCES", "appointment_series"]

MOST_OCCURRENCES: Final = 300
MOST_EVER: Final = 5000


def appointment_series(
    *,
    start: datetime,
    zone: str,
    duration: timedelta,
    rule: Rule | str,
    most: int = MOST_OCCURRENCES,
    gap: Literal["shift", "skip"] = "shift",
    month_end: Literal["skip", "clamp"] = "skip",
) -> Decision[Series]:
    """Decide whether a rule makes a series of appointments: exactly one end, at most `most` occurrences (S11).

    Refuses with `end_required`, `end_ambiguous`, `invalid_end`, `invalid_pattern`, `too_many_occurrences`. Months that
    lack the asked day come back as warnings (A35). O(min(count, most)).
    """
    try:
        rule = rule if isinstance(rule, Rule) else Rule.parse(rule)
        if rule.is_open:
            return refuse(Code.END_REQUIRED, "give an end date or a number of occurrences", field="rule")
        series = Series(start=start, zone=zone, duration=duration, rule=rule, gap=gap, month_end=month_end)
    except InvalidValue as error:
        return Refused((Refusal(error.code, error.problem, error.field),))
    if series.counts_beyond(min(most, MOST_EVER)):
        return refuse(Code.TOO_MANY_OCCURRENCES, f"a series has at most {most} occurrences", field="rule", most=most)
    missing = series.left_out()
    warnings = (
        Refusal(Code.DATES_LEFT_OUT, "some months have no such day and are left out", "rule", {"months": missing}),
    )
    return Accepted(series, warnings=warnings if missing else ())
