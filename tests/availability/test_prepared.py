"""A prepared diary answers as the diary does, at every edge of what it keeps."""

from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.availability.prepared import MOST_MASKS, Grid, falling, rising
from tests.availability.week import HOURS, MINUTE, MONDAY, NOW, SERVICE, STEP, WEEK, at, diary, listed, span


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


DAILY = sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=HOURS.zone)
SECOND = timedelta(seconds=1)


def assert_alike(
    known: sched.Diary, service: sched.Service, expected: list[str], policy: sched.BookingPolicy = STEP
) -> None:
    assert listed(known, service=service, policy=policy) == expected
    assert listed(known.prepared(MONDAY), service=service, policy=policy) == expected


def test_candidates_begin_inside_the_prepared_stretch_and_on_the_windows_grid() -> None:
    grid = Grid([(100, 1_000, 1_000), (2_000, 3_000, 3_000), (5_000, 9_000, 9_000)], 70, 500, 2_100)

    assert grid.candidates == [*range(520, 1_000, 70), *range(2_000, 2_100, 70)]
    assert Grid([(500, 900, 900)], 70, 500, 900).candidates == [*range(500, 900, 70)]


def test_b9_what_is_free_behind_a_start_is_counted_to_the_minute() -> None:
    early = diary(busy=(span("06-15 08:00", "06-15 08:00:30"), span("06-15 07:00", "06-15 08:00")))
    exact = diary(busy=(span("06-15 07:00", "06-15 08:00"),))
    hour = sched.Service(duration=50 * MINUTE, buffer_before=60 * MINUTE)
    whole = ["15 09:00", "15 09:30", "15 10:00", "15 10:30", "15 11:00", "15 13:00", "15 13:30", "15 14:00"]
    rest = ["15 14:30", "15 15:00", "15 15:30", "15 16:00"]

    assert_alike(exact, hour, whole + rest)
    assert_alike(early, hour, whole[1:] + rest)


@pytest.mark.parametrize("off", [-SECOND, timedelta(0), SECOND])
def test_a_busy_time_a_second_beside_the_grid_takes_the_starts_that_it_touches(off: timedelta) -> None:
    busy = sched.Span(at("06-15 10:00") + off, at("06-15 11:00") + off)
    short = sched.Service(duration=30 * MINUTE)
    morning = ["15 09:00", "15 09:30", "15 10:00", "15 10:30", "15 11:00", "15 11:30"]
    gone = {-SECOND: morning[1:4], timedelta(0): morning[2:4], SECOND: morning[2:5]}[off]
    known = diary(hours=sched.WeeklyHours.parse({"mon": "09:00-12:00"}, zone=HOURS.zone), busy=(busy,))
    left = [start for start in morning if start not in gone]

    assert_alike(known, short, left)
    # Beside a booking, which makes it look at each busy time by itself.
    booked = sched.Busy(span=span("06-15 14:00", "06-15 15:00"), kind=sched.BusyKind.APPOINTMENT)
    assert_alike(diary(hours=known.hours, busy=(busy, booked)), short, left)


def test_s88_the_switch_frees_external_spans_where_nothing_else_is_busy() -> None:
    known = diary(busy=(MONDAY,))
    off = sched.BookingPolicy(slot_step=60 * MINUTE, block_external_busy=False)
    free = ["15 09:00", "15 10:00", "15 11:00", "15 13:00", "15 14:00", "15 15:00", "15 16:00"]

    assert_alike(known, SERVICE, free, off)
    assert listed(known) == []


def test_a_long_way_between_two_starts_is_looked_at_to_its_end() -> None:
    four = sched.BookingPolicy(slot_step=4 * 60 * MINUTE)
    known = diary(hours=DAILY, busy=(span("06-15 22:00", "06-15 22:30"),))
    starts = ["15 00:00", "15 04:00", "15 08:00", "15 12:00", "15 16:00"]

    assert_alike(known, sched.Service(duration=180 * MINUTE), starts, four)
    assert_alike(known, sched.Service(duration=120 * MINUTE), [*starts, "15 20:00"], four)


def test_b9_the_longest_buffers_reach_over_the_edges_of_what_is_prepared() -> None:
    day = timedelta(days=1)
    six, late = (sched.BookingPolicy(slot_step=hours * 60 * MINUTE) for hours in (6, 23))
    before = sched.Busy(span=span("06-14 01:00", "06-14 02:00"), kind=sched.BusyKind.APPOINTMENT, buffer_after=day)
    after = sched.Busy(span=span("06-16 17:00", "06-16 18:00"), kind=sched.BusyKind.APPOINTMENT, buffer_before=day)

    assert_alike(diary(hours=DAILY, busy=(before,)), SERVICE, ["15 06:00", "15 12:00", "15 18:00"], six)
    assert_alike(diary(hours=DAILY, busy=(after,)), SERVICE, ["15 00:00", "15 06:00", "15 12:00"], six)
    evening = sched.Busy(span=span("06-16 20:00", "06-16 21:00"), kind=sched.BusyKind.APPOINTMENT, buffer_before=day)
    assert_alike(diary(hours=DAILY), SERVICE, ["15 00:00", "15 23:00"], late)
    assert_alike(diary(hours=DAILY, busy=(evening,)), SERVICE, ["15 00:00"], late)


def test_a_busy_time_added_before_all_hours_changes_no_start() -> None:
    buffered = sched.Service(duration=50 * MINUTE, buffer_before=10 * MINUTE)
    ready = diary(busy=(span("06-15 09:00", "06-15 10:00"),)).prepared(WEEK)
    listed(ready, WEEK, buffered)
    far = ready.adding(span("06-14 20:00", "06-14 21:00"))

    assert listed(far, WEEK, buffered) == listed(far.diary, WEEK, buffered) == listed(ready.diary, WEEK, buffered)
    rooms = next(iter(far._rooms.values()))
    assert len(rooms.room) == len(rooms.lead) == len(next(iter(far._grids.values())).candidates)
