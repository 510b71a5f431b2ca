"""iCalendar feeds as busy times: events, series, exceptions, zones, limits; with a day-by-day oracle and a fuzzer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oasys_sched import Code, InvalidValue, Span
from oasys_sched.adapters.busy import BusyTime, FeedLimits, FreeBusy, blocking
from oasys_sched.adapters.caldav import CalDavFreeBusy
from oasys_sched.adapters.ics import parse_ics
from oasys_sched.adapters.uids import invite_uid
from tests.adapters.fuzzing import answers_or_refuses, fuzz

NY = ZoneInfo("America/New_York")
YEAR = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
HOUR = timedelta(hours=1)
ONE = ("DTSTART:20260305T150000Z", "DTEND:20260305T160000Z")
WEEKLY = ("UID:w", "DTSTART;TZID=America/New_York:20260226T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
OVERRIDE = ("UID:w", "RECURRENCE-ID;TZID=America/New_York:20260312T150000")


def component(name: str, *lines: str) -> str:
    return "\r\n".join((f"BEGIN:{name}", *lines, f"END:{name}"))


def feed(*components: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *components, "END:VCALENDAR", ""))


def event(*lines: str) -> str:
    return component("VEVENT", *lines)


def read(*components: str, within: Span = YEAR, zone: str = "America/New_York", **options: Any) -> tuple[BusyTime, ...]:
    return parse_ics(feed(*components), within=within, zone=zone, **options)


def starts(*components: str, **options: Any) -> list[str]:
    return [f"{one.span.start:%m-%d %H:%M}" for one in read(*components, **options)]


def test_s85_an_event_blocks_from_its_start_to_its_end() -> None:
    (one,) = read(event(*ONE, "SUMMARY:Chemotherapy", "DESCRIPTION:canary"))

    assert one == BusyTime(span=Span(datetime(2026, 3, 5, 15, tzinfo=UTC), datetime(2026, 3, 5, 16, tzinfo=UTC)))
    assert "canary" not in repr(one)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("STATUS:CONFIRMED", FreeBusy.BUSY),
        ("STATUS:TENTATIVE", FreeBusy.TENTATIVE),
        ("STATUS:CANCELLED", None),
        ("TRANSP:TRANSPARENT", None),
        ("TRANSP:OPAQUE", FreeBusy.BUSY),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", FreeBusy.UNAVAILABLE),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", None),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", FreeBusy.TENTATIVE),
        ("X-MICROSOFT-CDO-BUSYSTATUS:ASLEEP", FreeBusy.BUSY),
    ],
)
def test_a12_cancelled_and_transparent_events_do_not_block_and_tentative_ones_do(
    line: str, kind: FreeBusy | None
) -> None:
    found = read(event(*ONE, line))

    assert [one.kind for one in found] == ([] if kind is None else [kind])
    assert len(blocking(found)) == len(found)


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("DTSTART;VALUE=DATE:20260305",), 24),
        (("DTSTART;VALUE=DATE:20260308",), 23),
        (("DTSTART;VALUE=DATE:20261101",), 25),
        (("DTSTART;VALUE=DATE:20260305", "DTEND;VALUE=DATE:20260308"), 72),
        (("DTSTART;VALUE=DATE:20260307", "DURATION:P2D"), 47),
    ],
)
def test_a12_all_day_events_block_local_days(lines: tuple[str, ...], hours: int) -> None:
    (one,) = read(event(*lines))

    assert one.span.duration == hours * HOUR
    assert one.span.start.astimezone(NY).time() == datetime.min.time()


def test_a12_the_mirror_of_our_own_appointment_never_blocks_itself() -> None:
    ours = event(*ONE, f"UID:{invite_uid('north', 'a-1')}")
    theirs = event(*ONE, "UID:theirs")

    assert read(ours) == ()
    assert len(read(ours, theirs)) == 1
    assert len(read(ours, ours=lambda _uid: False)) == 1


def test_a34_a_series_keeps_its_wall_time_over_the_clock_change() -> None:
    assert starts(event(*WEEKLY)) == ["02-26 20:00", "03-05 20:00", "03-12 19:00", "03-19 19:00"]


def test_a34_a_skipped_occurrence_moves_forward_and_a_repeated_one_takes_the_first() -> None:
    lines = ("DTSTART;TZID=America/New_York:20260307T023000", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=2")
    repeated = ("DTSTART;TZID=America/New_York:20261101T013000", "DURATION:PT30M")

    assert starts(event(*lines)) == ["03-07 07:30", "03-08 07:30"]
    assert starts(event(*repeated)) == ["11-01 05:30"]


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=America/New_York:20260312T150000",
        "EXDATE:20260312T190000Z",
        "EXDATE;TZID=Europe/Berlin:20260312T200000",
        "EXDATE;VALUE=DATE:20260312",
        "EXDATE:20260312T150000",
    ],
)
def test_s85_an_excluded_occurrence_does_not_block_in_whatever_zone_it_is_written(exdate: str) -> None:
    assert starts(event(*WEEKLY, exdate)) == ["02-26 20:00", "03-05 20:00", "03-19 19:00"]


def test_s85_extra_dates_block_and_exclusion_beats_them() -> None:
    extra = "RDATE;TZID=America/New_York:20260401T150000,20260402T150000"

    assert starts(event(*WEEKLY, extra, "EXDATE:20260402T190000Z"))[-1] == "04-01 19:00"
    found = read(event(*WEEKLY, "RDATE;VALUE=PERIOD:20260401T150000Z/PT3H,20260402T150000Z/20260402T170000Z"))
    assert [one.span.duration // HOUR for one in found] == [1, 1, 1, 1, 3, 2]


@pytest.mark.parametrize(
    "override",
    [
        OVERRIDE,
        ("UID:w", "RECURRENCE-ID:20260312T190000Z"),
        ("UID:w", "RECURRENCE-ID;VALUE=DATE:20260312"),
    ],
    ids=["in its zone", "in UTC", "as a date"],
)
def test_s85_a_moved_occurrence_blocks_where_it_went(override: tuple[str, ...]) -> None:
    moved = event(*override, "DTSTART:20260801T120000Z", "DTEND:20260801T130000Z")

    assert starts(event(*WEEKLY), moved) == ["02-26 20:00", "03-05 20:00", "03-19 19:00", "08-01 12:00"]
    august = Span(datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC))
    assert starts(event(*WEEKLY), moved, within=august) == ["08-01 12:00"]


def test_s85_a_cancelled_occurrence_does_not_block() -> None:
    cancelled = event(*OVERRIDE, "DTSTART:20260312T190000Z", "DTEND:20260312T200000Z", "STATUS:CANCELLED")

    assert starts(event(*WEEKLY), cancelled) == ["02-26 20:00", "03-05 20:00", "03-19 19:00"]


@pytest.mark.parametrize("order", [1, -1])
def test_s85_of_several_versions_of_one_occurrence_the_last_counts(order: int) -> None:
    old = event(*OVERRIDE, "SEQUENCE:1", "DTSTART:20260801T120000Z", "DTEND:20260801T130000Z")
    new = event(*OVERRIDE, "SEQUENCE:2", "DTSTART:20260901T120000Z", "DTEND:20260901T130000Z")

    assert starts(event(*WEEKLY), *[old, new][::order])[-1] == "09-01 12:00"


def test_s85_an_occurrence_without_its_series_blocks_all_the_same() -> None:
    assert starts(event(*OVERRIDE, *ONE)) == ["03-05 15:00"]


def test_s85_a_time_moved_for_all_later_ones_moves_each_by_the_same_difference() -> None:
    later = event(
        "UID:w",
        "RECURRENCE-ID;TZID=America/New_York;RANGE=THISANDFUTURE:20260305T150000",
        "DTSTART;TZID=America/New_York:20260306T160000",
        "DURATION:PT2H",
    )
    single = event(*OVERRIDE, "DTSTART:20260801T120000Z", "DURATION:PT30M")

    found = read(event(*WEEKLY), later, single)

    assert [f"{one.span.start:%m-%d %H:%M}" for one in found] == [
        *("02-26 20:00", "03-06 21:00", "03-20 20:00", "08-01 12:00"),
    ]
    assert [one.span.duration / HOUR for one in found] == [1, 2, 2, 0.5]


def test_s85_all_later_ones_can_be_cancelled_together() -> None:
    gone = event(
        "UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260312T190000Z", "DTSTART:20260312T190000Z", "STATUS:CANCELLED"
    )

    assert starts(event(*WEEKLY), gone) == ["02-26 20:00", "03-05 20:00"]


def test_s85_a_series_shifted_far_is_found_where_it_went() -> None:
    shifted = event(
        "UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260226T200000Z", "DTSTART:20260827T190000Z", "DURATION:PT1H"
    )
    september = Span(datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC))

    assert starts(event(*WEEKLY), shifted, within=september) == ["09-03 19:00", "09-10 19:00", "09-17 19:00"]


def test_s85_a_start_off_its_own_rule_counts_as_an_occurrence() -> None:
    lines = ("DTSTART:20260304T150000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20260312T150000Z")

    assert starts(event(*lines)) == ["03-04 15:00", "03-05 15:00", "03-12 15:00"]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260312T190000Z", "03-12 19:00"),
        ("20260312T185959Z", "03-05 20:00"),
        ("20260312T150000", "03-12 19:00"),
        ("20260312", "03-12 19:00"),
        ("99991231T235959Z", "12-31 20:00"),
        ("00010101T000000Z", "02-26 20:00"),
    ],
)
def test_s85_until_is_inclusive_and_may_be_utc_local_or_a_date(until: str, last: str) -> None:
    lines = (*WEEKLY[:3], f"RRULE:FREQ=WEEKLY;UNTIL={until}")

    assert starts(event(*lines))[-1] == last


def test_s85_until_of_whole_days_counts_its_day() -> None:
    lines = ("DTSTART;VALUE=DATE:20260301", "RRULE:FREQ=DAILY;UNTIL=20260303T235959Z")

    assert len(read(event(*lines))) == 3


def test_s85_a_birthday_of_long_ago_still_comes() -> None:
    assert starts(event("DTSTART;VALUE=DATE:19450312", "RRULE:FREQ=YEARLY")) == ["03-12 04:00"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=DAILY;COUNT=10", 10),
        ("FREQ=DAILY;COUNT=5000", 365),
        # A start that is no day of its own rule counts besides.
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=7", 8),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=5", 6),
        ("FREQ=YEARLY;BYWEEKNO=10;BYDAY=TH;COUNT=2", 2),
        ("FREQ=MONTHLY;BYMONTHDAY=31", 8),
    ],
)
def test_s85_counts_end_a_series(rule: str, count: int) -> None:
    assert len(read(event("DTSTART:20260101T150000Z", "DURATION:PT1H", f"RRULE:{rule}"))) == count


def test_s85_a_count_used_up_before_the_window_gives_nothing() -> None:
    lines = ("DTSTART:20200101T150000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=WE,TH;COUNT=200")

    assert read(event(*lines)) == ()


def test_s85_an_event_longer_than_a_day_is_seen_from_inside() -> None:
    lines = ("DTSTART:20251220T120000Z", "DTEND:20260105T120000Z")

    assert read(event(*lines))[0].span == Span(YEAR.start, datetime(2026, 1, 5, 12, tzinfo=UTC))


def test_s85_an_event_for_ever_is_busy_to_the_end_of_the_window() -> None:
    assert read(event("DTSTART:20260601T000000Z", "DTEND:99991231T235959Z"))[0].span.end == YEAR.end


@pytest.mark.parametrize("lines", [("DTSTART:20260305T150000Z",), (*ONE[:1], "DTEND:20260305T150000Z")])
def test_s85_an_event_of_no_length_takes_no_time(lines: tuple[str, ...]) -> None:
    assert read(event(*lines)) == ()


def test_s85_an_event_in_the_skipped_hour_keeps_its_length() -> None:
    lines = ("DTSTART;TZID=America/New_York:20260308T021500", "DTEND;TZID=America/New_York:20260308T030000")

    (one,) = read(event(*lines))

    assert (one.span.start.hour, one.span.duration) == (7, timedelta(minutes=45))


def test_s85_floating_times_are_the_clinicians() -> None:
    assert starts(event("DTSTART:20260305T150000", "DURATION:PT1H")) == ["03-05 20:00"]
    assert starts(event("DTSTART:20260305T150000", "DURATION:PT1H"), zone="Asia/Tokyo") == ["03-05 06:00"]


CUSTOM = component(
    "VTIMEZONE",
    "TZID:Our own time",
    component(
        "STANDARD",
        "DTSTART:16010101T020000",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0500",
    ),
    component(
        "DAYLIGHT",
        "DTSTART:16010101T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 365 * 24 * 4 - 1))
def test_s85_a_zone_the_feed_defines_is_read_as_it_is_defined(quarter: int) -> None:
    wall = datetime(2026, 1, 1, 5) + quarter * timedelta(minutes=15)
    stamp = f"{wall:%Y%m%dT%H%M%S}"
    within = Span(YEAR.start, YEAR.end + timedelta(days=2))

    (ours,) = read(CUSTOM, event(f"DTSTART;TZID=Our own time:{stamp}", "DURATION:PT1H"), within=within)
    (known,) = read(event(f"DTSTART;TZID=America/New_York:{stamp}", "DURATION:PT1H"), within=within)

    assert ours == known


def test_s85_exceptions_work_on_a_clock_the_feed_defines() -> None:
    lines = ("UID:w", "DTSTART;TZID=Our own time:20260226T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")

    assert starts(CUSTOM, event(*lines, "EXDATE:20260312T190000Z", "EXDATE:20260226T200000Z")) == [
        *("03-05 20:00", "03-19 19:00"),
    ]


def test_s85_a_zone_may_name_where_it_is_or_change_on_given_dates() -> None:
    placed = component("VTIMEZONE", "TZID:X", "X-LIC-LOCATION:Europe/Berlin")
    dated = component(
        "VTIMEZONE",
        "TZID:X",
        component(
            "DAYLIGHT",
            *("DTSTART:20250330T020000", "RDATE:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
        ),
        component(
            "STANDARD",
            *("DTSTART:20251026T030000", "RDATE:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+010000"),
        ),
    )
    lines = (*(event(f"DTSTART;TZID=X:2026{day}T120000", "DURATION:PT1H") for day in ("0701", "0201", "1201")),)

    assert starts(placed, *lines) == starts(dated, *lines) == ["02-01 11:00", "07-01 10:00", "12-01 11:00"]


def test_s85_text_folded_inside_a_character_and_broken_descriptions_do_no_harm() -> None:
    raw = feed(event(*ONE, "SUMMARY:Zoë", "DESCRIPTION:one", "this line lost its fold", "")).encode()
    folded = raw.replace("Zoë".encode(), "Zo\xc3".encode("latin-1") + b"\r\n \xab").replace(
        b"DTEND:2026", b"DTE\n\tND:2026"
    )

    assert len(parse_ics(b"\xef\xbb\xbf" + folded, within=YEAR, zone="UTC")) == 1


def test_s85_alarms_and_tasks_are_passed_over() -> None:
    alarm = component("VALARM", "DURATION:PT5M", component("X-INNER", "DTSTART:x"))

    assert len(read(event(*ONE, alarm), component("VTODO", "DTSTART:never"))) == 1


def test_s85_several_calendars_in_one_feed_are_all_read() -> None:
    text = feed(event(*ONE)) + feed(event("DTSTART:20260306T150000Z", "DURATION:PT1H"))

    assert len(parse_ics(text, within=YEAR, zone="UTC")) == 2


def test_s85_an_empty_calendar_is_free() -> None:
    assert read() == ()


ZONE_LINES = ("DTSTART:20250330T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200")


def zone(*lines: str) -> tuple[str, str]:
    return component("VTIMEZONE", "TZID:X", *lines), event("DTSTART;TZID=X:20260701T120000")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><body>Sign in</body></html>",
        "BEGIN:VEVENT\nEND:VEVENT",
        "DTSTART:20260305T150000Z",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        "BEGIN:VCALENDAR\n",
        "END:VCALENDAR\n",
        feed(event()),
        feed(event("DTSTART")),
        feed(event("DTSTART;X=\"1:20260305T150000Z")),
        feed(event("DTSTART" + ";VALUE=DATE-TIME" * 6 + ":20260305T150000Z")),
        feed(event(*ONE, "RRULE FREQ=DAILY")),
        feed(event(*ONE, ONE[0])),
        feed(event(ONE[0], "DTEND:20260305T140000Z")),
        feed(event("DTSTART;VALUE=DATE:20260305", "DTEND;VALUE=DATE:20260304")),
        feed(event(*ONE, "DURATION:PT1H")),
        feed(event("DTSTART:20260231T150000Z")),
        feed(event("DTSTART:2026-03-05")),
        feed(event("DTSTART:15000101T000000Z")),
        feed(event("DTSTART;VALUE=DATE:20260305T150000Z")),
        feed(event("DTSTART;TZID=Nowhere:20260305T150000")),
        feed(event("DTSTART:20260305T150000Z", "DURATION:1H")),
        feed(event("DTSTART:20260305T150000Z", "DURATION:P")),
        feed(event("DTSTART:20260305T150000Z", "DURATION:-PT1H")),
        feed(event("DTSTART:20260305T150000Z", "DURATION:P99999W")),
        feed(event("DTSTART:99981231T150000Z", "DURATION:P73000D")),
        feed(event(*ONE, "RRULE:FREQ=SECONDLY")),
        feed(event(*ONE, "RRULE:FREQ=WEEKLY;INTERVAL=0")),
        feed(event(*ONE, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY")),
        feed(event(*ONE, "EXDATE:yesterday")),
        feed(event(*ONE, "RDATE;VALUE=PERIOD:20260305T150000Z")),
        feed(event(*ONE, "RDATE;VALUE=PERIOD:99981231T000000Z/P73000D")),
        feed(event(*ONE, "SEQUENCE:x")),
        feed(*zone()),
        feed(*zone(component("DAYLIGHT"))),
        feed(*zone(component("DAYLIGHT", "DTSTART;TZID=Nowhere:20250330T020000", *ZONE_LINES[1:]))),
        feed(component("VFREEBUSY", "FREEBUSY;TZID=Nowhere:20260305T150000/PT1H")),
        feed(*zone(component("DAYLIGHT", *ZONE_LINES[:2]))),
        feed(*zone(component("DAYLIGHT", *ZONE_LINES[1:]))),
        feed(*zone(component("DAYLIGHT", *ZONE_LINES[:2], "TZOFFSETTO:+2"))),
        feed(*zone(component("DAYLIGHT", *ZONE_LINES[:2], "TZOFFSETTO:+2400"))),
        feed(event(*ONE)).replace("END:VCALENDAR", ""),
        feed(event(*ONE)) + "\x00",
    ],
)  # fmt: skip
def test_s85_one_bad_entry_refuses_the_whole_feed(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_ics(text, within=YEAR, zone="America/New_York")

    assert caught.value.code is Code.FEED_MALFORMED
    assert caught.value.field


MANY = ",".join(["20260305T150000Z"] * 60)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (
            feed(
                *(zone(component("DAYLIGHT", *ZONE_LINES))[0].replace("TZID:X", f"TZID:X{n}") for n in range(65)),
                *(event(f"DTSTART;TZID=X{n}:20260701T120000") for n in range(65)),
            ),
            FeedLimits(),
        ),
        (feed(*zone(component("DAYLIGHT", *ZONE_LINES, "RRULE:FREQ=DAILY"))), FeedLimits()),
        (" " * 101, FeedLimits(octets=100)),
        ("BEGIN:VCALENDAR\n" * 9, FeedLimits()),
        (feed(*[event(*ONE)] * 3), FeedLimits(events=2)),
        (feed(event(*ONE, *["EXDATE:20260305T150000Z"] * 50)), FeedLimits(events=3)),
        (feed(event(*ONE, "SUMMARY:" + "x" * 70_000)), FeedLimits()),
        (feed(event(*ONE, "SUMMARY:x" + "\r\n y" * 70_000)), FeedLimits()),
        (feed(event(*ONE, f"EXDATE:{MANY}")), FeedLimits(intervals=50)),
        (feed(event(*ONE, f"RDATE;VALUE=PERIOD:{MANY}")), FeedLimits(intervals=50)),
        (feed(event(*ONE, "RRULE:FREQ=DAILY")), FeedLimits(intervals=50)),
        (feed(*[event(*ONE)] * 60), FeedLimits(intervals=50)),
        (feed(*[event(*ONE, "RRULE:FREQ=WEEKLY")] * 10), FeedLimits(days=2_000)),
        (feed(event(*ONE, "RRULE:FREQ=DAILY;COUNT=1000000000")), FeedLimits()),
        (feed(*[event("UID:w", *ONE)] * 65), FeedLimits()),
        (
            feed(
                event(*WEEKLY),
                event("UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260226T200000Z", "DTSTART:20280226T200000Z"),
            ),
            FeedLimits(),
        ),
        (feed(event("DTSTART:20200101T000000Z", "DTEND:20220101T000000Z", "RRULE:FREQ=YEARLY")), FeedLimits()),
    ],
    ids=[
        *("zones", "changes", "octets", "depth", "events", "properties", "line", "folds", "exdates", "periods"),
        *("occurrences", "intervals", "days", "count", "versions", "shift", "length"),
    ],
)  # fmt: skip
def test_s85_a_feed_over_a_limit_is_too_large(text: str, limits: FeedLimits) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_ics(text, within=YEAR, zone="UTC", limits=limits)

    assert caught.value.code is Code.FEED_TOO_LARGE


# --- VFREEBUSY


def freebusy(*lines: str) -> str:
    return component("VFREEBUSY", *lines)


def test_s85_vfreebusy_periods_keep_their_kind() -> None:
    found = read(
        freebusy(
            "FREEBUSY:20260305T150000Z/20260305T160000Z,20260306T150000Z/PT30M",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260307T150000Z/PT1H",
            "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260308T150000Z/P1D",
            "FREEBUSY;FBTYPE=FREE:20260310T150000Z/PT1H",
            "FREEBUSY;FBTYPE=X-ASLEEP:20260311T150000Z/PT1H",
            "FREEBUSY:20260312T150000Z/20260312T150000Z",
        )
    )

    assert [(one.kind, one.span.duration / HOUR) for one in found] == [
        (FreeBusy.BUSY, 1),
        (FreeBusy.BUSY, 0.5),
        (FreeBusy.TENTATIVE, 1),
        (FreeBusy.UNAVAILABLE, 24),
        (FreeBusy.FREE, 1),
        (FreeBusy.BUSY, 1),
    ]


def test_s85_time_the_answer_does_not_speak_of_is_unavailable() -> None:
    found = read(
        freebusy("DTSTART:20260301T000000Z", "DTEND:20260401T000000Z"),
        freebusy("DTSTART:20260315T000000Z", "DTEND:20260501T000000Z"),
        freebusy("DTSTART:20260601T000000Z", "DTEND:20260701T000000Z", "FREEBUSY:20260602T000000Z/PT1H"),
    )

    assert [(one.kind, f"{one.span.start:%m-%d}", f"{one.span.end:%m-%d}") for one in found] == [
        (FreeBusy.UNAVAILABLE, "01-01", "03-01"),
        (FreeBusy.UNAVAILABLE, "05-01", "06-01"),
        (FreeBusy.BUSY, "06-02", "06-02"),
        (FreeBusy.UNAVAILABLE, "07-01", "01-01"),
    ]


def test_s85_a_component_without_limits_speaks_of_all_time() -> None:
    assert read(freebusy()) == ()
    assert read(freebusy("DTSTART:20300101T000000Z")) == (BusyTime(span=YEAR, kind=FreeBusy.UNAVAILABLE),)


def test_s85_a_caldav_answer_without_vfreebusy_is_no_answer() -> None:
    asked = CalDavFreeBusy(url="https://dav.example/", zone="UTC", authorization=str)

    with pytest.raises(InvalidValue) as caught:
        asked.read(feed(event(*ONE)).encode(), YEAR)

    assert caught.value.code is Code.FEED_MALFORMED


# --- the oracle: walk every day


@st.composite
def weekly_series(draw: st.DrawFn) -> tuple[str, list[datetime]]:
    first = date(2025, 12, 1) + timedelta(days=draw(st.integers(0, 60)))
    clock = draw(st.sampled_from([(0, 0), (1, 30), (2, 30), (9, 15), (23, 45)]))
    start = datetime(first.year, first.month, first.day, *clock)
    interval = draw(st.integers(1, 4))
    weekdays = draw(st.sets(st.integers(0, 6), max_size=3)) | {first.weekday()}
    until = first + timedelta(days=draw(st.integers(0, 150)))
    gone = draw(st.sets(st.integers(0, 150), max_size=3))
    names = ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day] for day in sorted(weekdays))
    lines = [
        "UID:w",
        f"DTSTART;TZID=America/New_York:{start:%Y%m%dT%H%M%S}",
        "DURATION:PT45M",
        f"RRULE:FREQ=WEEKLY;INTERVAL={interval};BYDAY={names};UNTIL={until:%Y%m%d}",
        *(f"EXDATE;TZID=America/New_York:{start + timedelta(days=day):%Y%m%dT%H%M%S}" for day in sorted(gone)),
    ]
    monday = first - timedelta(days=first.weekday())
    walls = []
    for offset in range(200):
        day = first + timedelta(days=offset)
        in_week = (day - monday).days // 7 % interval == 0 and day.weekday() in weekdays
        if in_week and day <= until and offset not in gone:
            walls.append(start + timedelta(days=offset))
    return event(*lines), walls


@settings(max_examples=100, deadline=None)
@given(weekly_series(), st.integers(0, 120), st.integers(1, 60))
def test_s85_a_series_blocks_exactly_the_days_that_walking_the_calendar_gives(
    made: tuple[str, list[datetime]], offset: int, length: int
) -> None:
    text, walls = made
    within = Span(YEAR.start + timedelta(days=offset), YEAR.start + timedelta(days=offset + length))

    found = {one.span for one in read(text, within=within)}

    expected = set()
    for wall in walls:
        begins = wall.replace(tzinfo=NY).astimezone(UTC)  # fold=0 moves skipped times forward
        span = Span(begins, begins + timedelta(minutes=45))
        if span.overlaps(within):
            expected.add(Span(max(span.start, within.start), min(span.end, within.end)))
    assert found == expected


# --- the fuzzer: lines shuffled, spoiled, cut, repeated

LINES = [
    *feed(
        CUSTOM,
        event(*WEEKLY, "EXDATE:20260312T190000Z", "RDATE;VALUE=PERIOD:20260401T150000Z/PT3H"),
        event(*OVERRIDE, "DTSTART;TZID=Our own time:20260801T120000", "SEQUENCE:2", "DTSTAMP:20260101T000000Z"),
        event(
            "UID:w", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260319T190000Z", "DTSTART:20260320T190000Z", "DURATION:PT1H"
        ),
        event("DTSTART;VALUE=DATE:19450312", "RRULE:FREQ=YEARLY", "TRANSP:OPAQUE", "STATUS:TENTATIVE"),
        freebusy("DTSTART:20260101T000000Z", "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260307T150000Z/PT1H"),
    ).split("\r\n")
]
HOSTILE_LINES = [
    "RRULE:FREQ=DAILY;COUNT=1000000000",
    "RRULE:FREQ=SECONDLY;COUNT=1;BYSETPOS=-1;BYSECOND=1",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55",
    "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=5000",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=1000;COUNT=5000",
    "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z",
    "RRULE:FREQ=WEEKLY;UNTIL=00010101T000000Z",
    "DTSTART:99991231T235959Z",
    "DTSTART:16000101T000000Z",
    "DTSTART;VALUE=DATE:00010101",
    "DTEND:99991231T235959Z",
    "DURATION:P10000W",
    "DURATION:PT999999999S",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:99991231T235959Z",
    "TZOFFSETTO:+2359",
    "TZOFFSETFROM:-235959",
    "BEGIN:VALARM",
    "BEGIN:VCALENDAR",
    "DTSTART;TZID=" + "/a" * 200 + ":20260101T000000",
    'DTSTART;TZID="America/New_York";X="' + "," * 300 + ":20260101T000000",
]


@st.composite
def spoiled_feeds(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(lines) - 1))
        change = draw(st.integers(0, 6))
        if change == 0:
            lines.insert(place, draw(st.sampled_from(HOSTILE_LINES)))
        elif change == 1:
            lines[place] = draw(st.sampled_from(HOSTILE_LINES))
        elif change == 2:
            del lines[place]
        elif change == 3:
            lines.insert(place, draw(st.sampled_from(LINES)))
        elif change == 4:
            cut = draw(st.integers(0, len(lines[place])))
            lines[place] = (
                lines[place][:cut] + draw(st.text(max_size=6)) + lines[place][cut + draw(st.integers(0, 3)) :]
            )
        elif change == 5:
            other = draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        else:
            lines = lines[:place] if place > 3 else lines
    return (
        draw(st.sampled_from(["\r\n", "\n", "\r\n "])).join(lines)
        if not draw(st.integers(0, 9))
        else "\r\n".join(lines)
    )


@fuzz(spoiled_feeds() | st.binary(max_size=200), examples=200)
def test_s85_a_fuzzed_feed_gives_intervals_or_a_typed_error(example: Any) -> None:
    answers_or_refuses(lambda: parse_ics(example, within=YEAR, zone="America/New_York"))


FREE_BUSY_REPORT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VFREEBUSY
DTSTART:20260302T000000Z
DTEND:20260309T000000Z
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260303T150000Z/20260303T160000Z,20260304T150000Z/PT1H
FREEBUSY;FBTYPE=FREE:20260305T150000Z/PT15M
FREEBUSY:20260306T150000Z/PT45M
END:VFREEBUSY
END:VCALENDAR""".splitlines()
SPOILT = [
    *FREE_BUSY_REPORT,
    "FREEBUSY:20260306T150000/PT45M",
    "FREEBUSY;FBTYPE=X:20260306T150000Z/-PT45M",
    "FREEBUSY:99991231T235959Z/P9W",
    "DTSTART;TZID=Nowhere/There:20260302T000000",
    "DTEND:20260230T000000Z",
    "FREEBUSY:" + "20260306T150000Z/PT45M," * 40,
    *("", "\x00", " folded", "BEGIN:VALARM", "END:VCALENDAR"),
]


@fuzz(
    st.one_of(
        st.lists(
            st.tuples(st.integers(0, len(FREE_BUSY_REPORT) - 1), st.sampled_from(SPOILT) | st.text(max_size=30)),
            max_size=6,
        ),
        st.integers(0, 400),
    )
)
def test_s85_a_fuzzed_free_busy_report_gives_intervals_or_a_typed_error(changes: Any) -> None:
    lines = list(FREE_BUSY_REPORT)
    for place, line in changes if isinstance(changes, list) else ():
        lines[place] = line
    body = "\r\n".join(lines).encode("utf-8", "surrogatepass")
    cut = changes if isinstance(changes, int) else len(body)
    feed = CalDavFreeBusy(url="https://dav.example/c/", zone="UTC", authorization=lambda: "x")
    answers_or_refuses(lambda: feed.read(body[:cut], YEAR))
