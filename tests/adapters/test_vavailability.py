"""Published availability, painted from the lowest priority to the highest."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, Span
from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy
from oasys_sched.adapters.vavailability import open_spans, parse_vavailability
from tests.adapters.fuzzing import answers_or_refuses, fuzz
from tests.adapters.test_ics import component, feed

NY = ZoneInfo("America/New_York")
# The week in which the clocks go forward, from Monday.
WEEK = Span(datetime(2026, 3, 2, tzinfo=NY), datetime(2026, 3, 9, tzinfo=NY))
OFFICE = component(
    "AVAILABLE",
    "UID:office",
    "DTSTART;TZID=America/New_York:20260105T090000",
    "DTEND;TZID=America/New_York:20260105T170000",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
)


def available(*lines: str) -> str:
    return component("VAVAILABILITY", *lines)


def read(*components: str, within: Span = WEEK, **options: Any) -> tuple[BusyTime, ...]:
    return parse_vavailability(feed(*components), within=within, zone="America/New_York", **options)


def shown(found: tuple[BusyTime, ...]) -> list[str]:
    return [
        f"{one.kind} {one.span.start.astimezone(NY):%a %H:%M}-{one.span.end.astimezone(NY):%a %H:%M}" for one in found
    ]


def test_b20_working_hours_open_the_days_and_close_the_nights() -> None:
    found = read(available(OFFICE))

    assert [f"{span.start.astimezone(NY):%a %H}-{span.end.astimezone(NY):%H}" for span in open_spans(found)] == [
        f"{day} 09-17" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")
    ]
    assert sum((one.span.duration for one in found), timedelta(0)) == WEEK.duration
    assert {one.kind for one in found} == {FreeBusy.FREE, FreeBusy.UNAVAILABLE}


def test_b20_a_higher_priority_covers_a_lower_one() -> None:
    """RFC 7953, section 5: other hours during a trip, whatever the order in the feed."""
    trip = available(
        "PRIORITY:1",
        "DTSTART;TZID=America/New_York:20260303T000000",
        "DTEND;TZID=America/New_York:20260304T000000",
        "BUSYTYPE:BUSY",
        component(
            "AVAILABLE", "DTSTART;TZID=America/New_York:20260303T120000", "DTEND;TZID=America/New_York:20260303T130000"
        ),
    )
    usual = available("PRIORITY:9", OFFICE)

    expected = [
        "unavailable Mon 00:00-Mon 09:00",
        "free Mon 09:00-Mon 17:00",
        "unavailable Mon 17:00-Tue 00:00",
        "busy Tue 00:00-Tue 12:00",
        "free Tue 12:00-Tue 13:00",
        "busy Tue 13:00-Wed 00:00",
        "unavailable Wed 00:00-Wed 09:00",
    ]
    assert shown(read(trip, usual))[:7] == shown(read(usual, trip))[:7] == expected


def test_b20_priority_0_is_the_lowest() -> None:
    closed = available("PRIORITY:0", "BUSYTYPE:BUSY-TENTATIVE")

    assert [one.kind for one in read(closed, available("PRIORITY:9", OFFICE))].count(FreeBusy.TENTATIVE) == 0


def test_b20_time_nobody_speaks_of_is_in_no_interval() -> None:
    spoken = available("DTSTART;TZID=America/New_York:20260303T090000", "DURATION:PT2H", "BUSYTYPE:X-ODD")

    assert shown(read(spoken)) == ["unavailable Tue 09:00-Tue 11:00"]
    assert read(available("DTSTART:20300101T000000Z")) == ()
    assert read() == ()


def test_b20_an_available_period_counts_only_inside_its_component() -> None:
    spoken = available(
        "DTSTART;TZID=America/New_York:20260303T100000", "DTEND;TZID=America/New_York:20260303T120000", OFFICE
    )

    assert shown(read(spoken)) == ["free Tue 10:00-Tue 12:00"]


@pytest.mark.parametrize(
    "lines",
    [
        ("PRIORITY:10",),
        ("PRIORITY:high",),
        ("DURATION:PT1H",),
        ("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", "DURATION:PT1H"),
        ("DTSTART:99981231T000000Z", "DURATION:P73000D"),
        (component("AVAILABLE", "DTEND:20260303T100000Z"),),
    ],
)
def test_b20_a_component_that_cannot_be_right_refuses_the_feed(lines: tuple[str, ...]) -> None:
    with pytest.raises(InvalidValue) as caught:
        read(available(OFFICE), available(*lines))

    assert caught.value.code is Code.FEED_MALFORMED


@pytest.mark.parametrize(
    "periods",
    [[OFFICE.replace("WEEKLY", "DAILY")], [component("AVAILABLE", "DTSTART:20260303T100000Z", "DURATION:PT1H")] * 8],
    ids=["by a rule", "one by one"],
)
def test_b20_too_many_periods_are_too_large(periods: list[str]) -> None:
    with pytest.raises(InvalidValue) as caught:
        read(available(*periods), limits=FeedLimits(intervals=6))

    assert caught.value.code is Code.FEED_TOO_LARGE


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9), st.integers(0, 160), st.integers(1, 40), st.lists(st.integers(0, 160), max_size=3)
        ),
        max_size=5,
    )
)
def test_b20_painting_equals_painting_hour_by_hour(parts: list[tuple[int, int, int, list[int]]]) -> None:
    start = WEEK.start

    def stamp(hour: int) -> str:
        return f"{start + hour * timedelta(hours=1):%Y%m%dT%H%M%SZ}"

    text = [
        available(
            f"PRIORITY:{priority}",
            f"DTSTART:{stamp(first)}",
            f"DURATION:PT{length}H",
            *(component("AVAILABLE", f"DTSTART:{stamp(hour)}", "DURATION:PT2H") for hour in free),
        )
        for priority, first, length, free in parts
    ]
    hours: dict[int, FreeBusy] = {}
    for _priority, first, length, free in sorted(parts, key=lambda part: part[0] or 10, reverse=True):
        span = range(first, first + length)
        hours.update(dict.fromkeys(span, FreeBusy.UNAVAILABLE))
        hours.update(
            dict.fromkeys((hour + more for hour in free for more in (0, 1) if hour + more in span), FreeBusy.FREE)
        )

    found = read(*text)

    for hour in range(167):
        middle = start + timedelta(minutes=60 * hour + 30)
        here = [one.kind for one in found if one.span.contains(middle)]
        assert here == ([hours[hour]] if hour in hours else [])


LINES = feed(
    available("PRIORITY:1", "BUSYTYPE:BUSY", OFFICE), available("DTSTART:20260303T090000Z", "DURATION:PT9H")
).split("\r\n")


@fuzz(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from([*LINES, "PRIORITY:0", "DURATION:P9W", "x", ""])),
        max_size=5,
    )
)
def test_b20_fuzzed_availability_gives_intervals_or_a_typed_error(changes: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for place, line in changes:
        lines[place] = line
    answers_or_refuses(lambda: parse_vavailability("\r\n".join(lines), within=WEEK, zone="UTC"))
