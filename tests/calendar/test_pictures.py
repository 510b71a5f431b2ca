"""Pictures: well-formed, escaped, complete, and right about hours that do not exist or come twice."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.calendar.ruler import Ruler
from oasys_sched.markup import escape, printable
from tests.calendar.made import NEW_YORK, at, booked, calendar, span

DAY = date(2026, 6, 17)


def texts(svg: str) -> list[str]:
    return [
        element.text or "" for element in ET.fromstring(svg).iter() if element.tag.endswith(("text", "title", "desc"))
    ]


def full_week(**given_: object) -> sched.Calendar:
    made = [
        booked(f"a{n}", at(NEW_YORK, 2026, 6, 15 + n, 10), client=f"c{n}", status=status, mode=sched.Mode.PHONE)
        for n, status in enumerate(AppointmentStatus)
    ]
    return calendar(
        *made,
        booked("b1", at(NEW_YORK, 2026, 6, 17, 10, 15), client="c7", duration=timedelta(minutes=10)),
        booked("b2", at(NEW_YORK, 2026, 6, 17, 11), client="c8", duration=timedelta(minutes=20)),
        others=(
            sched.Entry.block("x", span(at(NEW_YORK, 2026, 6, 20, 22), 240), title="On call"),
            sched.Entry.busy(span(at(NEW_YORK, 2026, 6, 16, 13), 90)),
            sched.Entry.hold("h", span(at(NEW_YORK, 2026, 6, 16, 15), 60), client="c1", client_name="Ana"),
            sched.Entry.slot(span(at(NEW_YORK, 2026, 6, 16, 16), 60)),
        ),
        open=(span(at(NEW_YORK, 2026, 6, 15, 9), 480),),
        client_names={"c0": "Ana", "c1": "Björn"},
        service_names={"therapy-50": "Individual therapy"},
        now=at(NEW_YORK, 2026, 6, 17, 12),
        **given_,
    )


def test_a_weeks_picture_shows_each_entry_its_time_and_its_flags() -> None:
    shown = texts(sched.week_picture(full_week().week(DAY)))

    assert "10:00–10:50 Ana, Individual therapy, phone, upcoming, awaiting approval" in shown
    assert "10:00–10:50 Björn, Individual therapy, phone, upcoming, needs an outcome" in shown
    assert "22:00–00:00 On call" in shown
    assert "00:00–02:00 On call" in shown
    assert {"Mon 15", "Sun 21", "08:00", "15–21 June 2026  ·  America/New_York"} <= set(shown)
    assert "8 appointments, 1 block, 1 hold, 1 busy time, 1 free slot" in shown
    assert "Week from 2026-06-15, America/New_York" in shown


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2026, 6, 17), "15–21 June 2026"),
        (date(2026, 11, 1), "26 October – 1 November 2026"),
        (date(2026, 12, 31), "28 December 2026 – 3 January 2027"),
    ],
)
def test_a_weeks_picture_says_from_when_to_when(day: date, title: str) -> None:
    assert f"{title}  ·  {NEW_YORK}" in texts(sched.week_picture(calendar().week(day)))


def in_the_last_box(svg: str, lines: int) -> list[str]:
    shown = texts(svg)
    boxes = [n for n, words in enumerate(shown) if words.startswith("10:00–11:50")]
    return shown[boxes[-1] + 1 : boxes[-1] + 1 + lines]


def test_a_narrow_box_holds_whole_words_or_says_that_it_does_not() -> None:
    hours = timedelta(minutes=110)
    made = [booked(f"a{n}", at(NEW_YORK, 2026, 6, 17, 10), client="c1", duration=hours) for n in range(6)]
    names = {"client_names": {"c1": "Bartholomew Ruiz"}, "service_names": {"therapy-50": "Individual therapy"}}

    assert in_the_last_box(sched.week_picture(calendar(*made, **names).week(DAY)), 3) == ["○", "B", "R"]
    two = sched.week_picture(calendar(*made[:2], **names).week(DAY))
    assert in_the_last_box(two, 5) == ["○", "Barth…", "Ruiz", "10:00", "Individ…"]


def test_hours_that_nobody_gave_are_not_shown_as_shut() -> None:
    known = calendar(open=(span(at(NEW_YORK, 2026, 6, 15, 9), 480),))

    assert 'class="os-shut"' in sched.week_picture(known.week(DAY))
    assert 'class="os-shut"' not in sched.week_picture(calendar().week(DAY))


def test_s23_s26_a13_a_box_has_the_clients_colour_and_the_statuss_edge() -> None:
    root = ET.fromstring(sched.week_picture(full_week().week(DAY)))
    classes = {element.get("class", "") for element in root.iter()}

    assert f"os-{sched.client_color('c0')} os-edge" in classes
    assert {f"os-{color.token} os-edge" for color in sched.STATUS_COLORS.values()} <= classes
    assert any("os-struck" in name for name in classes)


def test_a_months_picture_counts_what_does_not_fit() -> None:
    made = [booked(f"a{n}", at(NEW_YORK, 2026, 6, 17, 8, n), client=f"c{n}") for n in range(9)]
    shown = texts(sched.month_picture(calendar(*made).month(DAY)))

    assert "+5 more" in shown
    assert sum("08:0" in text and "○" in text for text in shown) == 4
    assert "June 2026, America/New_York" in shown
    assert "9 appointments" in shown


def test_a_months_picture_shows_days_that_are_short_long_or_missing() -> None:
    spring = texts(sched.month_picture(calendar().month(date(2026, 3, 8))))
    autumn = texts(sched.month_picture(calendar().month(date(2026, 11, 8))))
    missing = sched.month_picture(calendar(zone="Pacific/Apia").month(date(2011, 12, 8)))

    assert "23 hours" in spring
    assert "25 hours" in autumn
    assert "os-hatch" in missing.partition("</style>")[2]


def test_s22_what_goes_on_from_yesterday_has_no_time_in_the_month() -> None:
    night = sched.Entry.block("x", span(at(NEW_YORK, 2026, 6, 20, 22), 240), title="On call")
    shown = texts(sched.month_picture(calendar(others=(night,)).month(DAY)))

    assert [text for text in shown if text.endswith("On call") and "–" not in text] == ["22:00 On call", "On call"]


def test_an_empty_week_is_a_picture_of_working_time() -> None:
    shown = texts(sched.week_picture(calendar().week(DAY)))

    assert "08:00" in shown
    assert "17:00" in shown
    assert "07:00" not in shown
    assert "18:00" not in shown


def test_a_picture_can_be_limited_to_some_hours() -> None:
    svg = sched.week_picture(full_week().week(DAY), hours=(11, 15))

    assert [text for text in texts(svg) if text.endswith(":00") and len(text) == 5] == [
        "11:00",
        "12:00",
        "13:00",
        "14:00",
    ]
    assert "On call" not in svg
    assert "Björn" not in svg


@pytest.mark.parametrize("hours", [(9, 9), (17, 9), (-1, 9), (9, 25), (9.5, 12), (9,), ("9", "17"), 9])
def test_a_pictures_hours_are_two_of_a_day(hours: object) -> None:
    with pytest.raises(sched.InvalidValue, match="hours: give two whole hours"):
        sched.week_picture(calendar().week(DAY), hours=hours)  # type: ignore[arg-type]


def test_a_picture_may_show_a_whole_day() -> None:
    shown = texts(sched.week_picture(calendar().week(DAY), hours=(0, 24)))

    assert {"00:00", "23:00"} <= set(shown)


def test_s22_a_repeated_hour_has_a_row_and_a_skipped_hour_is_hatched() -> None:
    autumn = sched.week_picture(
        calendar(others=(sched.Entry.busy(span(at(NEW_YORK, 2026, 11, 1, 0), 240)),)).week(date(2026, 11, 1))
    )
    spring = sched.week_picture(
        calendar(others=(sched.Entry.busy(span(at(NEW_YORK, 2026, 3, 8, 0), 240)),)).week(date(2026, 3, 8))
    )
    drawn = [svg.partition("</style>")[2].count("os-hatch") for svg in (autumn, spring)]

    assert "01:00 again" in texts(autumn)
    assert "25 hours" in texts(autumn)
    assert "23 hours" in texts(spring)
    assert drawn == [6, 1]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"'><svg onload=x>", "a\x00b\x1b[31m", "\ud800", "&amp;"]
)
def test_whatever_a_name_holds_the_picture_stays_one_picture(text: str) -> None:
    shown = calendar(
        booked(),
        others=(sched.Entry.block("b", span(at(NEW_YORK, 2026, 6, 17, 14), 60), title=text),),
        client_names={"c1": text},
        service_names={"therapy-50": text},
    )
    for svg in (sched.week_picture(shown.week(DAY)), sched.month_picture(shown.month(DAY))):
        root = ET.fromstring(svg.encode())
        assert {element.tag.partition("}")[2] for element in root.iter()} <= {
            "svg", "title", "desc", "style", "rect", "text", "line", "path"}  # fmt: skip
        assert "\x1b" not in svg


@given(st.text())
def test_escaped_text_comes_back_as_what_was_printable(text: str) -> None:
    assert ET.fromstring(f"<a b='{escape(text)}'>{escape(text)}</a>").get("b") == printable(text)


def test_a_picture_follows_the_readers_light_and_the_paper() -> None:
    svg = sched.week_picture(calendar().week(DAY))

    assert "@media(prefers-color-scheme:dark)" in svg
    assert "@media print" in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_a_grid_shows_itself_in_a_notebook() -> None:
    shown = calendar()

    assert shown.week(DAY)._repr_html_() == sched.week_picture(shown.week(DAY))
    assert shown.month(DAY)._repr_html_() == sched.month_picture(shown.month(DAY))


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 11, 1)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Asia/Beirut", date(2026, 3, 29)),
        ("America/Havana", date(2026, 11, 1)),
        ("America/Santiago", date(2026, 4, 4)),
        ("Pacific/Apia", date(2011, 12, 30)),
        ("America/New_York", date(2026, 6, 17)),
    ],
)
def test_s22_the_ruler_is_in_the_order_of_time(zone: str, day: date) -> None:
    """Later instants of a day stand lower; ends stand at or below starts; a missing stretch holds no instant."""
    grid = calendar(zone=zone).week(day)
    ruler = Ruler(grid.days)
    for cell in grid.days:
        zone_ = cell.starts_at.tzinfo
        when, until = cell.starts_at.astimezone(UTC), cell.ends_at.astimezone(UTC)
        places = []
        while when < until:
            places.append(ruler.place(when.astimezone(zone_), cell))
            when += timedelta(minutes=5)
            assert ruler.end(when.astimezone(zone_), cell) == places[-1] + 5
        assert places == sorted(set(places))
        assert all(0 <= place < ruler.length for place in places)
        for start, end in ruler.missing(cell.date):
            assert start < end
            assert not any(start <= place < end for place in places)
        hidden = sum(end - start for start, end in ruler.missing(cell.date))
        assert ruler.length - hidden == cell.duration // timedelta(minutes=1)


def test_a_timeline_picture_marks_the_late_stretch_and_now() -> None:
    policy = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H"))
    svg = sched.timeline_picture(
        sched.moments(booked(), cancellation=policy), zone=NEW_YORK, now=at(NEW_YORK, 2026, 6, 17, 8)
    )
    plain = sched.timeline_picture(sched.moments(booked()), zone=NEW_YORK)

    assert "cancelling here is late" in texts(svg)
    assert "now" in texts(svg)
    assert "Wed 17 Jun 10:00" in texts(svg)
    assert "cancelling here is late" not in plain
    assert ET.fromstring(sched.timeline_picture((), zone=NEW_YORK)).tag.endswith("svg")


def test_no_line_of_a_timeline_runs_through_words() -> None:
    """Each mark is lower than the one before it, and its words stand above the next mark's line."""
    offsets = tuple(sched.Period.parse(f"PT{n}H") for n in (48, 24, 12, 6, 3, 2, 1))
    found = sched.moments(booked(), reminders=sched.ReminderPolicy(enabled=True, offsets=offsets))
    root = ET.fromstring(sched.timeline_picture(found, zone=NEW_YORK))
    drawn = [e for e in root.iter() if e.tag.endswith("line") and e.get("x1") == e.get("x2")]
    tops = [float(line.get("y1", "")) for line in drawn]
    said = [float(e.get("y", "")) for e in root.iter() if e.tag.endswith("text") and "os-soft" in e.get("class", "")]

    assert len(tops) == len(found) == 10
    assert all(words < line for words, line in zip(said, tops[1:], strict=False))


def test_a_timeline_needs_a_zone_and_an_aware_now() -> None:
    with pytest.raises(sched.InvalidValue, match="zone"):
        sched.timeline_picture((), zone="Nowhere")
    with pytest.raises(sched.InvalidValue, match="now"):
        sched.timeline_picture((), zone=NEW_YORK, now=datetime(2026, 6, 17))
