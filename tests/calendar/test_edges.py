"""The calendar's rarest days: a date that a zone skipped, hours cut off a picture, blocks outside the window."""

from datetime import UTC, date, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.calendar.colours import PALETTE, client_color, color_of
from oasys_sched.calendar.diaries import diary_calendar
from oasys_sched.calendar.grid import build_grid
from oasys_sched.calendar.picture import week_picture
from oasys_sched.calendar.ruler import Ruler
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
