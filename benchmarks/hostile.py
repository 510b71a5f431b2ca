"""Bad and huge input: how long until the typed refusal comes. The slowest of several tries counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import oasys_sched as sched

START = datetime(2026, 6, 15, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = sched.Span(START, START + 7 * DAY)
MILLION = 1_000_000
SERVICE = sched.Service(duration=HOUR)
DIARY = sched.Diary(hours=sched.WeeklyHours.parse({"mon-fri": "09:00-17:00"}, zone="America/New_York"))
SPANS = (WEEK,) * MILLION
EXCLUDED = (sched.Override(original=datetime(2026, 6, 15), kind=sched.OverrideKind.EXCLUDED),) * MILLION
EXDATES = "EXDATE:" + "20260312T190000Z," * MILLION
DATES = ["2026-06-15"] * MILLION


def ask(**changed: object) -> object:
    return sched.bookable_slots(DIARY, SERVICE, **{"within": WEEK, "now": START, **changed})  # type: ignore[arg-type]


def series(rule: str) -> object:
    zone = "America/New_York"
    return sched.Series(start=datetime(2026, 6, 15, 9), zone=zone, duration=HOUR, rule=sched.Rule.parse(rule))


CASES: dict[str, Callable[[], object]] = {
    "naive now": lambda: ask(now=datetime(2026, 6, 15)),
    "end before start": lambda: sched.Span(START, START - DAY),
    "year 1": lambda: sched.Span(datetime.min.replace(tzinfo=UTC), START),
    "year 9999": lambda: sched.Span(START, datetime.max.replace(tzinfo=UTC)),
    "a million busy times": lambda: sched.Diary(hours=None, busy=SPANS),
    "unknown zone": lambda: sched.WeeklyHours(zone="Mars/Olympus"),
    "no duration": lambda: sched.Service(duration=timedelta(0)),
    "negative duration": lambda: sched.Service(duration=-HOUR),
    "step 0": lambda: sched.BookingPolicy(slot_step=timedelta(0)),
    "a window of 100 years": lambda: ask(within=sched.Span(START, START + 36_500 * DAY)),
    "SECONDLY": lambda: series("FREQ=SECONDLY"),
    "MINUTELY": lambda: series("FREQ=MINUTELY"),
    "HOURLY": lambda: series("FREQ=HOURLY"),
    "INTERVAL=0": lambda: series("FREQ=DAILY;INTERVAL=0"),
    "COUNT=10^9": lambda: series("FREQ=DAILY;COUNT=1000000000"),
    "30 February": lambda: series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "empty BYSETPOS": lambda: series("FREQ=MONTHLY;BYDAY=MO;BYSETPOS="),
    "a million exceptions": lambda: sched.Series(
        start=datetime(2026, 6, 15, 9), zone="UTC", duration=HOUR, rule=sched.Rule.every(days=1), overrides=EXCLUDED
    ),
    "a million EXDATEs as text": lambda: sched.series_from_ical(EXDATES),
    "a million excluded dates": lambda: sched.expand("2026-06-15T09:00:00", "UTC", "FREQ=DAILY", DATES),
    "the 2nd of all Mondays on a 1st": lambda: series("FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=2"),
    "the 3rd of two days a week": lambda: series("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3"),
    "day 366 in January": lambda: sched.expand("2026-06-15", None, "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1"),
    "week 53 in June": lambda: sched.expand("2026-06-15", None, "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"),
    "UNTIL before the start": lambda: series("FREQ=DAILY;UNTIL=20260614"),
}


def refused(call: Callable[[], object]) -> tuple[float, sched.InvalidValue]:
    began = time.perf_counter()
    try:
        call()
    except sched.InvalidValue as error:
        return time.perf_counter() - began, error
    raise AssertionError("taken without a word")


def main() -> None:
    # Names are loaded when they are first used, which is no part of refusing.
    for name in sched.__all__:
        getattr(sched, name)
    print("slowest of five tries, the first one cold\n")
    for name, call in CASES.items():
        tries = [refused(call) for _ in range(5)]
        error = tries[0][1]
        print(f"  {name:<34} {max(spent for spent, _ in tries) * 1e3:>8.2f} ms   {error.code} ({error.field})")


if __name__ == "__main__":
    main()
