"""Lists of slots at their edges: weeks in which the clocks change, and what is in a list or only nearly."""

from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from tests.availability.week import MINUTE, NEW_YORK, NOW, SERVICE, STEP, WEEK, at, diary, span

DAILY = sched.WeeklyHours.parse({"mon-sun": "01:00-04:00, 09:00-12:00"}, zone=NEW_YORK.key)
HOUR = 60 * MINUTE


@pytest.mark.parametrize("month", [3, 11])
def test_a_season_is_listed_as_its_days_are(month: int) -> None:
    start = datetime(2026, month, 1, 5, tzinfo=UTC) - timedelta(days=28)
    known = diary(hours=DAILY)

    def starts(within: sched.Span) -> list[datetime]:
        slots = sched.bookable_slots(known, SERVICE, within=within, policy=STEP, now=start - HOUR)
        return [slot.starts_at for slot in slots]

    season = sched.Span(start, start + timedelta(days=70))
    daily = [
        one for day in range(70) for one in starts(sched.Span(start + day * 24 * HOUR, start + (day + 1) * 24 * HOUR))
    ]
    assert starts(season) == daily
    prepared = sched.bookable_slots(known.prepared(season), SERVICE, within=season, policy=STEP, now=start - HOUR)
    assert [slot.starts_at for slot in prepared] == daily


@pytest.mark.parametrize("ready", [False, True])
def test_a_start_is_in_the_list_exactly_if_it_is_listed(ready: bool) -> None:
    known = diary(busy=(span("06-16 10:00", "06-16 11:00"), span("06-22 16:00", "06-22 16:10")))
    wide = span("06-08 00:00", "06-30 00:00")
    slots = sched.bookable_slots(
        known.prepared(wide) if ready else known, SERVICE, within=WEEK, policy=STEP, now=NOW
    )  # fmt: skip
    listed = {slot.starts_at for slot in slots}

    minutes = [WEEK.start + n * MINUTE for n in range(-3 * 24 * 60, 10 * 24 * 60)]
    assert {one for one in minutes if one in slots} == listed
    assert at("06-15 09:00") + timedelta(seconds=1) not in slots
    assert slots[0].starts_at == min(listed)
    assert slots[-1].starts_at == max(listed)
    assert at("06-12 16:00") not in slots, "the last start before the window"
    assert at("06-22 09:00") not in slots, "the first one after it"


def test_patching_the_same_diary_twice_measures_its_rooms_for_itself() -> None:
    known = diary(hours=DAILY).prepared(WEEK)
    padded = sched.Service(duration=50 * MINUTE, buffer_before=30 * MINUTE)
    for hour in (9, 10, 11):
        booked = sched.Busy(
            span=span(f"06-16 {hour:02}:00", f"06-16 {hour:02}:30"), kind=sched.BusyKind.APPOINTMENT,
            buffer_after=20 * MINUTE,
        )  # fmt: skip
        for now, service in ((known.adding(booked), SERVICE), (known.adding(booked), padded)):
            plain = diary(hours=DAILY, busy=(booked,))
            for within in (WEEK, span("06-16 00:00", "06-17 00:00")):
                asked = {"within": within, "policy": STEP, "now": NOW}
                found = sched.bookable_slots(now, service, **asked)  # type: ignore[arg-type]
                assert list(found) == list(sched.bookable_slots(plain, service, **asked))  # type: ignore[arg-type]
