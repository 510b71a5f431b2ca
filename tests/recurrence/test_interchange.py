"""Series as iCalendar text and JSCalendar dicts, both ways, and everything in them that is refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from oasys_sched import (
    Code,
    Frequency,
    InvalidValue,
    NthWeekday,
    Override,
    OverrideKind,
    Rule,
    Series,
    Skip,
    Weekday,
    rule_from_jscalendar,
    rule_to_jscalendar,
    series_from_ical,
    series_from_jscalendar,
    series_to_ical,
    series_to_jscalendar,
)
from oasys_sched.testing.strategies import rules
from tests.recurrence.test_rule import LONG
from tests.recurrence.test_series import HOUR, NEW_YORK, THURSDAY, WEEK, shown, weekly

START = "DTSTART;TZID=America/New_York:20260305T150000"
PLAIN = f"{START}\nDURATION:PT50M\nRRULE:FREQ=WEEKLY;COUNT=4\n"
ZONE = """BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
ALARM = """BEGIN:PARTICIPANT
BEGIN:VLOCATION
END:VLOCATION
DURATION:PT7M
END:PARTICIPANT
begin:valarm
DURATION:PT5M
end:valarm
"""


def test_a_series_is_written_with_its_exceptions() -> None:
    series = weekly().without(THURSDAY + WEEK).moved(THURSDAY + 2 * WEEK, to=datetime(2026, 3, 20, 9))
    series = series.adding(datetime(2026, 3, 21, 9)).adding(datetime(2026, 3, 22, 9), duration=2 * HOUR)

    assert series_to_ical(series, extra=["UID:1"]).split("\r\n") == [
        "BEGIN:VEVENT",
        "UID:1",
        START,
        "DURATION:PT50M",
        "RRULE:FREQ=WEEKLY;COUNT=6",
        "EXDATE;TZID=America/New_York:20260312T150000",
        "RDATE;TZID=America/New_York:20260321T090000,20260322T090000",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:1",
        "RECURRENCE-ID;TZID=America/New_York:20260319T150000",
        "DTSTART;TZID=America/New_York:20260320T090000",
        "DURATION:PT50M",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:1",
        "RECURRENCE-ID;TZID=America/New_York:20260322T090000",
        "DTSTART;TZID=America/New_York:20260322T090000",
        "DURATION:PT1H40M",
        "END:VEVENT",
        "",
    ]
    assert series_from_ical(series_to_ical(series)).all() == series.all()


def test_a_date_that_a_zone_skipped_takes_no_other_with_it() -> None:
    """30 December 2011 never was in Apia: shifted by a whole day, it would fall on the 31st."""
    daily = Rule.every(days=1, count=3)
    days = Series(start=datetime(2011, 12, 29, 9), zone="Pacific/Apia", duration=HOUR, rule=daily, gap="skip")

    assert shown(days) == ["12-29 09:00", "12-31 09:00", "01-01 09:00"]
    assert shown(series_from_ical(series_to_ical(days))) == shown(days)


def test_an_exception_named_by_the_time_it_was_shifted_to_is_found() -> None:
    nights = weekly(start=datetime(2026, 3, 7, 2, 30), rule=Rule.every(days=1, count=3))
    text = series_to_ical(nights, extra=["EXDATE;TZID=America/New_York:20260308T033000"])

    assert shown(series_from_ical(text)) == ["03-07 02:30", "03-09 02:30"]


def test_lines_are_folded_at_75_octets_between_characters() -> None:
    words = "SUMMARY:" + "Grüße " * 30
    lines = series_to_ical(weekly(), extra=[words]).split("\r\n")

    assert max(len(line.encode()) for line in lines) <= 75
    assert words in "\r\n".join(lines).replace("\r\n ", "")
    exact = ["X" * 75, "Y" * 76, "\u00fc" * 80]
    assert series_to_ical(weekly(), extra=exact).split("\r\n")[1:7] == [
        "X" * 75, "Y" * 75, " Y", "\u00fc" * 37, " " + "\u00fc" * 37, " " + "\u00fc" * 6,
    ]  # fmt: skip


def test_ends_are_written_so_that_every_reader_stops_there() -> None:
    until = weekly(rule=Rule.every(weeks=1, until=date(2026, 3, 20)))
    assert "RRULE:FREQ=WEEKLY;UNTIL=20260321T035959Z" in series_to_ical(until)
    assert series_from_ical(series_to_ical(until)).all() == until.all()
    nights = weekly(start=datetime(2026, 3, 7, 2, 30), rule=Rule.every(days=1, count=3), gap="skip")
    text = series_to_ical(nights)
    assert "EXDATE;TZID=America/New_York:20260308T023000" in text
    assert shown(series_from_ical(text)) == shown(nights)
    endless = weekly(start=datetime(2026, 3, 7, 2, 30), rule=Rule.every(days=1), gap="skip")
    assert "EXDATE" not in series_to_ical(endless)


@pytest.mark.parametrize(
    ("day", "parts"),
    [
        (31, ";BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        (30, ";BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (29, ";BYMONTHDAY=28,29;BYSETPOS=-1"),
        (28, ""),
    ],
)
def test_the_last_day_of_short_months_needs_no_rscale(day: int, parts: str) -> None:
    clamped = weekly(start=datetime(2026, 1, day, 9), rule=Rule.every(months=1, count=5), month_end="clamp")
    text = series_to_ical(clamped)

    assert f"RRULE:FREQ=MONTHLY;COUNT=5{parts}\r\n" in text
    assert shown(series_from_ical(text)) == shown(clamped)


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (datetime(2026, 1, 31, 9), "FREQ=MONTHLY;BYMONTHDAY=15,31;COUNT=5"),
        (datetime(2026, 1, 31, 9), "FREQ=MONTHLY;BYMONTHDAY=30,31;COUNT=7"),
        (datetime(2026, 1, 31, 9), "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=SA,SU;COUNT=5"),
        (datetime(2024, 2, 29, 9), "FREQ=YEARLY;COUNT=6"),
    ],
)
def test_other_days_that_some_month_lacks_are_written_with_skip(start: datetime, rule: str) -> None:
    clamped = weekly(start=start, rule=Rule.parse(rule), month_end="clamp")

    assert ";SKIP=BACKWARD" in series_to_ical(clamped).replace("\r\n ", "")
    assert shown(series_from_ical(series_to_ical(clamped))) == shown(clamped)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PLAIN, ["03-05", "03-12", "03-19", "03-26"]),
        (PLAIN + "EXDATE:20260312T190000Z", ["03-05", "03-19", "03-26"]),
        (PLAIN + "EXDATE;TZID=Europe/Paris:20260312T200000,20260319T200000", ["03-05", "03-26"]),
        (PLAIN + "EXDATE;VALUE=DATE:20260312", ["03-05", "03-19", "03-26"]),
        (PLAIN + "EXDATE;VALUE=DATE:20260313", ["03-05", "03-12", "03-19", "03-26"]),
        (PLAIN + "RDATE;TZID=America/New_York:20260306T090000", ["03-05", "03-06", "03-12", "03-19", "03-26"]),
        (PLAIN + "RDATE;VALUE=PERIOD:20260306T140000Z/PT1H", ["03-05", "03-06", "03-12", "03-19", "03-26"]),
        (PLAIN + "RDATE:20260312T190000Z", ["03-05", "03-12", "03-19", "03-26"]),
        (PLAIN + "RDATE:20260306T140000Z\nEXDATE:20260306T140000Z", ["03-05", "03-12", "03-19", "03-26"]),
        (f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{PLAIN}BEGIN:VALARM\nDURATION:PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR",
         ["03-05", "03-12", "03-19", "03-26"]),
        (f"BEGIN:VCALENDAR\n{ZONE}BEGIN:VEVENT\n{ALARM}{PLAIN}END:VEVENT\nEND:VCALENDAR",
         ["03-05", "03-12", "03-19", "03-26"]),
        (PLAIN.replace("America/New_York", '"America/New_York"'), ["03-05", "03-12", "03-19", "03-26"]),
        (f"{START}\nDTEND;TZID=America/New_York:20260305T155000\nRRULE:FREQ=WEEKLY;COUNT=1", ["03-05"]),
        (f"{START}\nDTEND:20260305T205000Z\nRRULE:FREQ=WEEKLY;COUNT=1", ["03-05"]),
        (f"{START}\nDTEND;VALUE=DATE:20260306\nRRULE:FREQ=WEEKLY;COUNT=1", ["03-05"]),
        (f"{START}\nDURATION:P1D\nRRULE:FREQ=WEEKLY;UNTIL=20260312", ["03-05", "03-12"]),
        (f"{START}\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20260312T185959Z", ["03-05"]),
        (f"{START}\nDURATION:PT1H\nRRULE:FREQ=WEE\n KLY;COUNT=1\nSUMMARY:a:b", ["03-05"]),
        ("DTSTART:20260305T200000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2", ["03-05", "03-12"]),
    ],
)  # fmt: skip
def test_what_others_write_is_read(text: str, expected: list[str]) -> None:
    assert [when[:5] for when in shown(series_from_ical(text))] == expected


def test_moved_ones_are_read_by_their_identity_from_any_zone() -> None:
    moved = f"BEGIN:VEVENT\n{PLAIN}END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20260312T190000Z\nDTSTART:20260313T130000Z\n"
    series = series_from_ical(f"{moved}END:VEVENT")

    assert shown(series)[1] == "03-13 09:00"
    assert series.overrides[0].duration is None
    floating = moved.replace("20260313T130000Z", "20260313T090000")
    assert series_from_ical(f"{floating}END:VEVENT") == series
    longer = series_from_ical(f"{moved}DURATION:PT2H\nEND:VEVENT")
    assert longer.overrides[0].duration == timedelta(hours=2)
    assert series_from_ical(f"{moved}DTEND:20260313T143000Z\nEND:VEVENT").overrides[0].duration == timedelta(minutes=90)
    assert series_from_ical(f"{moved}DURATION:PT50M\nEND:VEVENT") == series
    extra = series_from_ical(moved.replace("20260312T190000Z", "20260314T190000Z") + "END:VEVENT")
    assert extra.overrides[0].kind is OverrideKind.ADDED


def test_as_much_is_read_as_a_series_can_hold() -> None:
    assert series_from_ical((PLAIN + "SUMMARY:").ljust(500_000, "x")).overrides == ()
    many = PLAIN + "EXDATE:" + ",".join(["20260312T190000Z"] * 5000)
    assert len(series_from_ical(many).overrides) == 1
    one = "\nBEGIN:VEVENT\nRECURRENCE-ID:20260319T190000Z\nDTSTART:20260313T130000Z\n"
    with pytest.raises(InvalidValue) as caught:
        series_from_ical(many + one)
    assert caught.value.code is Code.TOO_LARGE


def test_an_end_in_utc_is_read_on_the_clock_of_the_series() -> None:
    for until, read in (
        ("20260312T190000Z", datetime(2026, 3, 12, 15)),
        ("20260312T140000", datetime(2026, 3, 12, 14)),
    ):
        assert series_from_ical(PLAIN.replace("COUNT=4", f"UNTIL={until}")).rule.until == read


def test_an_instant_with_two_readings_is_one_extra() -> None:
    (extra,) = series_from_ical(PLAIN + "RDATE:20260308T073000Z").overrides

    assert extra.original == datetime(2026, 3, 8, 3, 30)


def test_a_start_that_floats_or_is_in_utc_takes_the_zone_it_is_given() -> None:
    floating = "DTSTART:20260305T150000\nDURATION:PT50M\nRRULE:FREQ=WEEKLY;COUNT=6"

    assert series_from_ical(floating, zone=NEW_YORK) == weekly()
    assert series_from_ical(floating.replace("150000", "200000Z"), zone=NEW_YORK) == weekly()
    assert series_from_ical(floating.replace("150000", "200000Z")).zone == "UTC"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (7, Code.TOO_LARGE, "text"),
        ("X" * 500_001, Code.TOO_LARGE, "text"),
        (PLAIN + "EXDATE:" + ",".join(["20260312T190000Z"] * 5001), Code.TOO_LARGE, "EXDATE"),
        ("EXDATE:" + "20260312T190000Z," * 1_000_000, Code.TOO_LARGE, "text"),
        ("", Code.INVALID_VALUE, "VEVENT"),
        (f"BEGIN:VEVENT\n{PLAIN}END:VEVENT\nBEGIN:VEVENT\n{PLAIN}END:VEVENT", Code.INVALID_VALUE, "VEVENT"),
        ("SUMMARY:nothing", Code.INVALID_PATTERN, "RRULE"),
        (PLAIN + "RRULE:FREQ=DAILY", Code.INVALID_PATTERN, "RRULE"),
        (PLAIN + "EXRULE:FREQ=DAILY", Code.INVALID_PATTERN, "RRULE"),
        (PLAIN.replace("WEEKLY", "HOURLY"), Code.INVALID_PATTERN, "RRULE.FREQ"),
        (PLAIN.replace(":20260305T150000", ";VALUE=DATE:20260305"), Code.INVALID_VALUE, "DTSTART"),
        (PLAIN.replace(":20260305T150000", ":tomorrow"), Code.INVALID_VALUE, "DTSTART"),
        (PLAIN.replace("America/New_York", "Mars/Olympus"), Code.UNKNOWN_ZONE, "zone"),
        (PLAIN.replace("America/New_York:20260305T150000", "Mars/Olympus:20260305T200000Z"), Code.UNKNOWN_ZONE, "zone"),
        (PLAIN.replace("New_York", "New_York=x"), Code.UNKNOWN_ZONE, "zone"),
        (PLAIN.replace("WEEKLY;", "WEEKLY:"), Code.INVALID_PATTERN, "RRULE.FREQ"),
        (PLAIN.replace(";TZID=America/New_York", ""), Code.UNKNOWN_ZONE, "DTSTART"),
        (PLAIN.replace("DURATION:PT50M\n", ""), Code.INVALID_DURATION, "DURATION"),
        (PLAIN.replace("PT50M", "soon"), Code.INVALID_DURATION, "DURATION"),
        (PLAIN.replace("DURATION:PT50M", "DTEND:20260305T190000Z"), Code.INVALID_DURATION, "duration"),
        (PLAIN.replace("COUNT=4", "COUNT=0"), Code.INVALID_END, "RRULE.COUNT"),
        (PLAIN + "EXDATE:yesterday", Code.INVALID_VALUE, "EXDATE"),
        (PLAIN + "EXDATE;TZID=Mars/Olympus:20260312T190000", Code.UNKNOWN_ZONE, "EXDATE"),
        (f"{PLAIN}END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID;range=thisandfuture:20260312T190000Z\nDTSTART:20260313T130000Z",
         Code.INVALID_VALUE, "RECURRENCE-ID"),
        (f"{PLAIN}END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20260312T190000Z\nEND:VEVENT", Code.INVALID_VALUE,
         "RECURRENCE-ID"),
        (f"{PLAIN}END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20260314\nDTSTART:20260313T130000Z", Code.NO_SUCH_INSTANCE,
         "RECURRENCE-ID"),
        (f"{PLAIN}END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID:20260312\nDTSTART:20260313", Code.INVALID_VALUE, "DTSTART"),
    ],
)  # fmt: skip
def test_text_that_means_nothing_safe_is_refused_by_name(text: Any, code: Code, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        series_from_ical(text)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert len(str(caught.value)) < 300


WORDS = [
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "EXRULE",
    "RECURRENCE-ID", ":", ";", ",", ";TZID=America/New_York", ";VALUE=DATE", ";RANGE=THISANDFUTURE", ":20260305T150000",
    ":20260305", "20260312T190000Z", "/PT1H", "PT50M", "P1M", "FREQ=WEEKLY", "FREQ=YEARLY", ";COUNT=4",
    ";UNTIL=20270101", ";BYDAY=TH", ";BYWEEKNO=10",
]  # fmt: skip
_lines = st.lists(st.sampled_from(WORDS), max_size=5).map("".join)


@settings(max_examples=20_000 if LONG else 200)
@given(st.lists(_lines, max_size=8).map(lambda lines: "\n".join([PLAIN, *lines])) | st.text(max_size=200))
@example("DTSTART:00010101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")
@example(PLAIN + "RDATE:99991231T235959Z")
@example("DTSTART:20260305T150000Z\nDTEND:00010101T000000\nRRULE:FREQ=DAILY")
@example("DTSTART;TZID=Pacific/Apia:99991231T235959\nDTEND:99991231\nRRULE:FREQ=DAILY")
def test_reading_text_only_ever_raises_typed_errors(text: str) -> None:
    try:
        series = series_from_ical(text)
    except InvalidValue as caught:
        event(str(caught.code))
        return
    assert series_from_ical(series_to_ical(series)).rule.frequency is series.rule.frequency


def test_a_series_is_a_jscalendar_event() -> None:
    series = (
        weekly().without(THURSDAY + WEEK).moved(THURSDAY + 2 * WEEK, to=datetime(2026, 3, 20, 9), duration=2 * HOUR)
    )
    series = series.adding(datetime(2026, 3, 21, 9))

    assert series_to_jscalendar(series) == {
        "start": "2026-03-05T15:00:00",
        "timeZone": NEW_YORK,
        "duration": "PT50M",
        "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": 6}],
        "recurrenceOverrides": {
            "2026-03-12T15:00:00": {"excluded": True},
            "2026-03-19T15:00:00": {"start": "2026-03-20T09:00:00", "duration": "PT1H40M"},
            "2026-03-21T09:00:00": {},
        },
    }
    assert series_from_jscalendar(series_to_jscalendar(series)) == series


def test_a_rule_is_a_jscalendar_object() -> None:
    rule = Rule(
        frequency=Frequency.MONTHLY, interval=2, by_day=(NthWeekday(Weekday.FRI, -1), NthWeekday(Weekday.MON)),
        by_month=(3,), by_set_pos=(1,), week_start=Weekday.SUN, skip=Skip.FORWARD, count=3,
    )  # fmt: skip

    assert rule_to_jscalendar(rule) == {
        "@type": "RecurrenceRule", "frequency": "monthly", "interval": 2, "rscale": "gregorian", "skip": "forward",
        "firstDayOfWeek": "su", "byDay": [{"@type": "NDay", "day": "mo"}, {"@type": "NDay", "day": "fr",
        "nthOfPeriod": -1}], "byMonth": ["3"], "bySetPosition": [1], "count": 3,
    }  # fmt: skip
    assert rule_from_jscalendar(rule_to_jscalendar(rule)) == rule


@given(rules())
def test_rules_come_back_from_jscalendar(rule: Rule) -> None:
    assert rule_from_jscalendar(rule_to_jscalendar(rule)) == rule


def test_an_end_by_date_is_local_and_inclusive() -> None:
    series = weekly(rule=Rule.every(weeks=1, until=date(2026, 3, 20)))
    written = series_to_jscalendar(series)

    assert written["recurrenceRules"][0]["until"] == "2026-03-20T23:59:59"
    assert series_from_jscalendar(written).all() == series.all()
    aware = weekly(rule=Rule.every(weeks=1, until=datetime(2026, 3, 19, 19, tzinfo=UTC)))
    assert series_to_jscalendar(aware)["recurrenceRules"][0]["until"] == "2026-03-19T15:00:00"


def event_with(**changed: Any) -> dict[str, Any]:
    return {**series_to_jscalendar(weekly()), **changed}


def rule_with(**changed: Any) -> dict[str, Any]:
    return event_with(recurrenceRules=[{"frequency": "weekly", "count": 2, **changed}])


def patched(patch: Any, key: Any = "2026-03-12T15:00:00") -> dict[str, Any]:
    return event_with(recurrenceOverrides={key: patch})


@pytest.mark.parametrize(
    ("period", "length"),
    [
        (":20260306T140000Z/PT1H", timedelta(hours=1)),
        (":20260306T140000Z/20260306T153000Z", timedelta(minutes=90)),
        (":20260306T140000Z/PT50M", None),
        (";TZID=Europe/Paris:20260306T150000/20260306T163000", timedelta(minutes=90)),
        (":20260306T140000Z", None),
    ],
)
def test_an_extra_period_keeps_its_own_length(period: str, length: timedelta | None) -> None:
    read = series_from_ical(f"{PLAIN}RDATE;VALUE=PERIOD{period}")

    assert read.overrides == (Override(original=datetime(2026, 3, 6, 9), kind=OverrideKind.ADDED, duration=length),)
    assert series_from_ical(series_to_ical(read)).all() == read.all()


def test_a_patch_that_changes_nothing_is_no_exception() -> None:
    assert series_from_jscalendar(patched({})) == weekly()
    assert series_from_jscalendar(event_with(recurrenceOverrides=None, title="never read")) == weekly()
    assert series_from_jscalendar(patched({"excluded": False}, "2026-03-13T15:00:00")).overrides == (
        Override(original=datetime(2026, 3, 13, 15), kind=OverrideKind.ADDED),
    )
    assert series_from_jscalendar(event_with(duration="P1DT1H")).duration == timedelta(hours=25)
    longer = patched({"start": "2026-03-14T09:00:00", "duration": "PT1H"}, "2026-03-13T15:00:00")
    assert series_from_jscalendar(longer).overrides == (
        Override(
            original=datetime(2026, 3, 13, 15), kind=OverrideKind.ADDED, to=datetime(2026, 3, 14, 9),
            duration=timedelta(hours=1),
        ),
    )  # fmt: skip
    minutes = [(THURSDAY + timedelta(minutes=n)).isoformat() for n in range(5000)]
    full = event_with(recurrenceOverrides={key: {"excluded": True} for key in minutes})
    assert len(series_from_jscalendar(full).overrides) == 5000


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        ("text", Code.INVALID_VALUE, "event"),
        (event_with(recurrenceRules=[]), Code.INVALID_PATTERN, "recurrenceRules"),
        (event_with(recurrenceRules=[{}, {}]), Code.INVALID_PATTERN, "recurrenceRules"),
        (event_with(recurrenceRules="weekly"), Code.INVALID_PATTERN, "recurrenceRules"),
        (event_with(recurrenceRules=["weekly"]), Code.INVALID_PATTERN, "recurrenceRules.0"),
        (event_with(excludedRecurrenceRules=[{}]), Code.INVALID_PATTERN, "recurrenceRules"),
        (event_with(timeZone=None), Code.UNKNOWN_ZONE, "timeZone"),
        (event_with(timeZone="Mars/Olympus"), Code.UNKNOWN_ZONE, "zone"),
        (event_with(start=None), Code.INVALID_VALUE, "start"),
        (event_with(start="2026-03-05"), Code.INVALID_VALUE, "start"),
        (event_with(start="2026-02-30T15:00:00"), Code.INVALID_VALUE, "start"),
        (event_with(start="2026-03-05T15:00:00+00:00"), Code.INVALID_VALUE, "start"),
        (event_with(start="2026-03-05T15:00+00"), Code.INVALID_VALUE, "start"),
        (event_with(duration="P1M"), Code.INVALID_DURATION, "duration"),
        (event_with(duration=50), Code.INVALID_DURATION, "duration"),
        (event_with(recurrenceOverrides="none"), Code.TOO_LARGE, "recurrenceOverrides"),
        (event_with(recurrenceOverrides={str(n): {} for n in range(5001)}), Code.TOO_LARGE, "recurrenceOverrides"),
        (patched({}, "soon"), Code.INVALID_VALUE, "recurrenceOverrides.soon"),
        (patched({}, "s" * 41), Code.INVALID_VALUE, f"recurrenceOverrides.{'s' * 40}"),
        (patched({}, 7), Code.INVALID_VALUE, "recurrenceOverrides.7"),
        (patched({"title": "x"}), Code.INVALID_VALUE, "recurrenceOverrides.2026-03-12T15:00:00"),
        (patched(None), Code.INVALID_VALUE, "recurrenceOverrides.2026-03-12T15:00:00"),
        (patched({"start": "x"}), Code.INVALID_VALUE, "recurrenceOverrides.2026-03-12T15:00:00.start"),
        (patched({"duration": 7}), Code.INVALID_DURATION, "recurrenceOverrides.2026-03-12T15:00:00.duration"),
        (rule_with(frequency="hourly"), Code.INVALID_PATTERN, "recurrenceRules.0.frequency"),
        (rule_with(frequency=7), Code.INVALID_PATTERN, "recurrenceRules.0.frequency"),
        (rule_with(rscale="hebrew"), Code.INVALID_PATTERN, "recurrenceRules.0.skip"),
        (rule_with(skip="sideways"), Code.INVALID_PATTERN, "recurrenceRules.0.skip"),
        (rule_with(unknown=1), Code.INVALID_PATTERN, "recurrenceRules.0"),
        (rule_with(interval="2"), Code.INVALID_PATTERN, "recurrenceRules.0.interval"),
        (rule_with(interval=0), Code.INVALID_PATTERN, "recurrenceRules.0.interval"),
        (rule_with(byDay="mo"), Code.INVALID_PATTERN, "recurrenceRules.0.byDay"),
        (rule_with(byDay=["mo"]), Code.INVALID_PATTERN, "recurrenceRules.0.byDay"),
        (rule_with(byDay=[{"day": "xx"}]), Code.INVALID_PATTERN, "recurrenceRules.0.byDay"),
        (rule_with(byDay=[{"day": "mo", "nthOfPeriod": True}]), Code.INVALID_PATTERN, "recurrenceRules.0.byDay"),
        (rule_with(firstDayOfWeek="x"), Code.INVALID_PATTERN, "recurrenceRules.0.firstDayOfWeek"),
        (rule_with(byMonth=[3]), Code.INVALID_PATTERN, "recurrenceRules.0.byMonth"),
        (rule_with(byMonth=["003"]), Code.INVALID_PATTERN, "recurrenceRules.0.byMonth"),
        (rule_with(byMonth=["5L"]), Code.INVALID_PATTERN, "recurrenceRules.0.byMonth"),
        (rule_with(byMonthDay=["1"]), Code.INVALID_PATTERN, "recurrenceRules.0.byMonthDay"),
        (rule_with(count=10**9), Code.TOO_MANY_OCCURRENCES, "recurrenceRules.0.count"),
        (rule_with(until="2026-04-01T00:00:00"), Code.END_AMBIGUOUS, "recurrenceRules.0.count"),
        (rule_with(byDay=[{"day": "mo", "nthOfPeriod": 54}]), Code.INVALID_PATTERN, "recurrenceRules.0.byDay"),
        (rule_with(byMonthDay=[1]), Code.INVALID_PATTERN, "recurrenceRules.0.byMonthDay"),
    ],
)
def test_dicts_that_mean_nothing_safe_are_refused_by_path(value: Any, code: Code, field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        series_from_jscalendar(value)

    assert (caught.value.code, caught.value.field) == (code, field)


def test_an_event_without_a_rule_or_a_length_is_told_what_it_lacks() -> None:
    for name, needed in (("recurrenceRules", "exactly one recurrence rule"), ("duration", "ISO 8601 duration")):
        event = event_with()
        del event[name]
        with pytest.raises(InvalidValue, match=needed) as caught:
            series_from_jscalendar(event)
        assert caught.value.field == name


_leaves = st.sampled_from([None, True, "weekly", "mo", "P1D", "2026-03-12T15:00:00"]) | st.integers(-400, 400)
_names = st.sampled_from(["frequency", "byDay", "day", "excluded", "start", "2026-03-12T15:00:00", "interval"])
_json = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3), max_leaves=6
)
_keys = st.sampled_from(["start", "timeZone", "duration", "recurrenceRules", "recurrenceOverrides"])


@settings(max_examples=20_000 if LONG else 200)
@given(st.dictionaries(_keys, _json, max_size=3))
def test_reading_dicts_only_ever_raises_typed_errors(changed: dict[str, Any]) -> None:
    try:
        series = series_from_jscalendar(event_with(**changed))
    except InvalidValue as caught:
        event(str(caught.code))
        return
    assert isinstance(series, Series)
