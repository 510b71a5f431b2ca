"""The calendar's rarest days: a date that a zone skipped, hours cut off a picture, blocks outside the window."""

import contextlib
import re
from datetime import UTC, date, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.calendar.colours import PALETTE, client_color, color_of
from oasys_sched.calendar.diaries import diary_calendar
from oasys_sched.calendar.grid import build_grid
from oasys_sched.calendar.picture import week_picture
from oasys_sched.calendar.ruler import Ruler, faults
from tests.calendar.made import NEW_YORK, at, booked, calendar, span

APIA = "Pacific/Apia"
WEDNESDAY = date(2026, 6, 17)


def test_a_date_that_a_zone_skipped_has_a_cell_without_time() -> None:
    start = at(APIA, 2011, 12, 29, 22)
    grid = calendar(booked(start=start, duration=timedelta(hours=4), zone=APIA), zone=APIA).week(date(2011, 12, 28))

    assert [len(day.placed) for day in grid.days] == [0, 0, 0, 1, 0, 1, 0]
    assert grid.days[4].duration == timedelta(0)


def test_entries_from_before_the_days_are_on_none_of_them() -> None:
    early = sched.Entry.block("b", span(at(NEW_YORK, 2026, 6, 10, 9), 60))

    grid = build_grid("day", WEDNESDAY, [WEDNESDAY], NEW_YORK, [early])

    assert grid.days[0].placed == ()


@pytest.mark.parametrize("day", [date(1969, 12, 31), date(2199, 12, 31)])
def test_days_outside_the_known_years_are_refused(day: date) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        build_grid("day", day, [day], NEW_YORK, [])

    assert (caught.value.code, caught.value.field) == (sched.Code.OUT_OF_RANGE, "day")


def test_blocks_outside_the_window_are_not_drawn() -> None:
    start = datetime(2026, 6, 15, tzinfo=UTC)
    week = sched.Span(start, start + timedelta(days=7))
    near, far = (sched.Span(start + timedelta(days=n), start + timedelta(days=n, hours=1)) for n in (1, 30))

    found = diary_calendar(sched.Diary(hours=None, blocks=(near, far)), week)

    assert [entry.span for entry in found.others] == [near]


def test_s22_a_diarys_hours_are_the_background_of_its_weeks() -> None:
    week = sched.Span(at(NEW_YORK, 2026, 3, 2), at(NEW_YORK, 2026, 3, 16))
    hours = sched.WeeklyHours.parse({"mon": "09:00-12:00, 13:00-17:00", "sun": "01:00-04:00"}, zone=NEW_YORK)

    grid = diary_calendar(sched.Diary(hours=hours), week).week(date(2026, 3, 8))

    shown = {day.date.day: [f"{start:%H:%M}-{end:%H:%M}" for start, end in day.open] for day in grid.days if day.open}
    assert shown == {2: ["09:00-12:00", "13:00-17:00"], 8: ["01:00-04:00"]}


def test_a_picture_of_some_hours_leaves_the_rest_out() -> None:
    night = booked(start=at(NEW_YORK, 2026, 3, 8, 1))
    noon = booked("a2", start=at(NEW_YORK, 2026, 3, 8, 12))
    grid = calendar(night, noon).week(date(2026, 3, 8))

    whole, part = week_picture(grid, hour_height=88), week_picture(grid, hours=(9, 17), hour_height=88)

    assert ("01:00" in whole, "01:00" in part) == (True, False)
    assert "12:00" in part


def test_a_colour_is_found_by_its_token() -> None:
    assert color_of(client_color("c-17")) in PALETTE


def test_the_end_of_a_day_is_the_bottom_of_the_ruler() -> None:
    (day,) = build_grid("day", WEDNESDAY, [WEDNESDAY], NEW_YORK, []).days

    assert Ruler([day]).place(day.ends_at, day) == Ruler([day]).length == 1440


def test_a_tall_box_says_who_when_and_what() -> None:
    grid = calendar(booked(), client_names={"c1": "Ana"}, service_names={"therapy-50": "Therapy"}).week(WEDNESDAY)

    assert ">Therapy<" in week_picture(grid, hour_height=88)
    assert ">Therapy<" not in week_picture(grid, hour_height=30)


def test_slots_are_one_stretch_in_whatever_order_they_come() -> None:
    hours = sched.WeeklyHours.parse({"mon": "09:00-12:00, 13:00-15:00"}, zone="UTC")
    week = sched.Span(datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 6, 22, tzinfo=UTC))
    diary = sched.Diary(hours=hours)
    service = sched.Service(duration=timedelta(minutes=60))
    slots = list(sched.bookable_slots(diary, service, within=week, now=week.start))

    for mixed in (slots, slots[::-1], [*slots[5:], *slots[:5]]):
        shown = diary_calendar(diary, week, slots=mixed).others
        assert [(entry.starts_at.hour, entry.ends_at.hour) for entry in shown] == [(9, 12), (13, 15)]


def test_a_day_that_was_skipped_has_no_hours_and_a_picture_without_holes() -> None:
    apia = "Pacific/Apia"
    over = sched.Span(at(apia, 2011, 12, 29, 22), at(apia, 2011, 12, 31, 2))
    grid = sched.Calendar(zone=apia, open=(over,)).week(date(2011, 12, 30))

    assert [len(day.open) for day in grid.days] == [0, 0, 0, 1, 0, 1, 0]
    assert '="-' not in sched.week_picture(grid)


def test_the_last_year_that_can_be_shown_is_the_one_that_is_named() -> None:
    for year, fine in ((1970, False), (1971, True), (2198, True), (2199, False)):
        for view in ("week", "month"):
            with contextlib.nullcontext() if fine else pytest.raises(sched.InvalidValue, match="1971 and 2198"):
                assert sched.Calendar(zone=NEW_YORK).view(view, date(year, 6, 3)).days


def test_hours_outside_the_picture_are_no_box_in_it() -> None:
    late = (span(at(NEW_YORK, 2026, 6, 17, 15), 120),)

    assert 'height="0.0"' not in sched.week_picture(calendar(open=late).week(WEDNESDAY), hours=(8, 9))


def test_a_title_of_blanks_is_none() -> None:
    hour = span(at(NEW_YORK, 2026, 6, 17, 9), 60)

    assert sched.Entry.block("b", hour, title="  ").label == "Blocked"
    assert sched.TimeBlock(span=hour, title="\t").label == "Blocked"


def test_what_lasts_less_than_a_minute_is_drawn() -> None:
    start = at(NEW_YORK, 2026, 6, 17, 10)
    brief = sched.Entry.block("b", sched.Span(start, start + timedelta(seconds=40)), title="Brief")

    assert "Brief" in sched.week_picture(calendar(others=(brief,)).week(date(2026, 6, 17)))


def test_a_summary_counts_every_busy_time() -> None:
    start = at(NEW_YORK, 2026, 6, 17, 10)
    two = (sched.Entry.busy(span(start, 30)), sched.Entry.busy(span(start, 60)))

    assert "2 busy times" in sched.week_picture(calendar(others=two).week(date(2026, 6, 17)))


def test_a_crowded_or_narrow_picture_has_no_box_of_less_than_nothing() -> None:
    start = at(NEW_YORK, 2026, 6, 17, 10)
    crowd = calendar(*(booked(f"a{n}", start, client=f"c{n % 9}") for n in range(140)))

    for width in (240, 980):
        svg = sched.week_picture(crowd.week(date(2026, 6, 17)), width=width)
        sizes = [float(size) for size in re.findall(r'(?:width|height)="([-\d.]+)"', svg)]
        assert min(sizes) > 0
    for picture, wrong in (
        (sched.week_picture, {"width": 239}),
        (sched.week_picture, {"hour_height": 0}),
        (sched.month_picture, {"width": -1}),
        (sched.month_picture, {"row_height": 41}),
        (sched.month_picture, {"row_height": "tall"}),
    ):
        with pytest.raises(sched.InvalidValue) as caught:
            picture(crowd.week(date(2026, 6, 17)), **wrong)  # type: ignore[operator]
        assert caught.value.field == next(iter(wrong))


@pytest.mark.parametrize(("zone", "day", "start", "end"), [
    ("Antarctica/Casey", date(2020, 10, 4), 1, 181), ("America/New_York", date(2026, 3, 8), 120, 180),
    ("Africa/Cairo", date(2026, 4, 24), 0, 60),
])  # fmt: skip
def test_s22_what_the_clocks_skip_is_hatched_to_the_minute(zone: str, day: date, start: int, end: int) -> None:
    (fault,) = faults(sched.Calendar(zone=zone).week(day).day(day))

    assert (fault.start, fault.end, fault.twice) == (start, end, False)
