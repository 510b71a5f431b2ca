"""A prepared diary answers as the diary does, at every edge of what it keeps."""

from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.availability.prepared import MOST_MASKS, falling, rising
from tests.availability.week import HOURS, MINUTE, NOW, SERVICE, STEP, WEEK, diary, listed, span


@pytest.mark.parametrize("step", [1, 7, 60, 300])
def test_bytes_fall_and_rise_by_a_step_and_stop_at_the_cap(step: int) -> None:
    for count in (0, 1, 5, 300):
        for rest in (0, 1, 254, 255, 256, 1000):
            ahead = [rest + step * n for n in range(count)]

            assert falling(rest + step * (count - 1), step, count) == bytes(min(255, n) for n in reversed(ahead))
            assert rising(rest, step, count) == bytes(min(255, n) for n in ahead)


def test_a_stretch_that_begins_after_the_last_start_of_a_window_has_none_of_it() -> None:
    late = span("06-15 11:50", "06-15 13:30")

    assert listed(diary().prepared(late), late) == listed(diary(), late) == ["15 13:00"]


def test_more_services_than_it_remembers_are_still_answered() -> None:
    ready = diary(busy=(span("06-15 10:00", "06-15 11:00"),)).prepared(WEEK)
    answers = set()
    for minutes in range(1, MOST_MASKS + 20):
        service = sched.Service(duration=minutes * MINUTE)
        starts = tuple(listed(ready, service=service))
        assert list(starts) == listed(ready.diary, service=service)
        answers.add(starts)

    assert 0 < len(ready._masks) <= MOST_MASKS
    assert len(answers) == 3


def test_hours_that_add_up_to_a_week_without_covering_it_have_ordinary_windows() -> None:
    twice = "00:00-24:00, 00:00-24:00"
    known = diary(hours=sched.WeeklyHours.parse({"mon-sat": twice}, zone=HOURS.zone))
    sunday = span("06-14 00:00", "06-15 06:00")
    seven = sched.BookingPolicy(slot_step=timedelta(hours=7))

    assert listed(known, sunday, policy=seven) == ["15 00:00"]
    assert listed(known.prepared(sunday), sunday, policy=seven) == ["15 00:00"]


def test_hours_with_a_break_add_up_but_do_not_cover_the_week() -> None:
    """Sunday is open from noon: the sum is a week, the morning is not open."""
    hours = {"mon-sat": "00:00-24:00", "sat": "00:00-24:00", "sun": "12:00-24:00"}
    known = diary(hours=sched.WeeklyHours.parse(hours, zone=HOURS.zone))

    assert listed(known, span("06-14 00:00", "06-14 13:00")) == ["14 12:00", "14 12:30"]


def test_patching_many_times_in_and_out_comes_back_to_the_start() -> None:
    ready = diary(busy=(span("06-15 10:00", "06-15 11:00"),)).prepared(WEEK)
    before = listed(ready, WEEK)
    off = sched.BookingPolicy(slot_step=STEP.slot_step, block_external_busy=False)
    listed(ready, WEEK, policy=off)
    added: list[sched.Span | sched.Busy] = [
        span("06-16 09:00", "06-16 10:00"),
        sched.Busy(span=span("06-17 09:00", "06-17 10:00"), kind=sched.BusyKind.HOLD, buffer_after=15 * MINUTE),
        sched.Busy(span=span("06-10 09:00", "06-26 10:00"), kind=sched.BusyKind.EXTERNAL),
        span("07-15 09:00", "07-15 10:00"),
    ]
    patched = ready
    for one in added:
        patched = patched.adding(one)
        anew = patched.diary.prepared(WEEK)
        for policy in (STEP, off):
            assert listed(patched, WEEK, policy=policy) == listed(anew, WEEK, policy=policy)
    for one in added:
        patched = patched.removing(one)

    assert listed(patched, WEEK) == before
    assert listed(ready, WEEK) == before
    assert patched.diary == ready.diary


def test_closed_all_week_is_prepared_too() -> None:
    shut = diary(hours=sched.WeeklyHours.parse({"sat": "09:00-10:00"}, zone=HOURS.zone))
    monday = span("06-15 00:00", "06-16 00:00")
    ready = shut.prepared(monday)

    assert listed(ready, monday) == []
    assert listed(ready.adding(monday), monday) == []
    assert sched.why_not(ready, SERVICE, monday.start, policy=STEP, now=NOW)


def test_weeks_are_remembered_up_to_a_number_and_answered_beyond_it() -> None:
    policy = sched.BookingPolicy(slot_step=timedelta(minutes=45))
    found = []
    for _ in range(2):
        for year in range(2026, 2034):
            start = datetime(year, 1, 1, tzinfo=UTC)
            within = sched.Span(start, start + timedelta(days=364))
            found.append(len(sched.bookable_slots(diary(), SERVICE, within=within, policy=policy, now=start)))

    assert found[:8] == found[8:]
    assert min(found) > 1000
