"""Hours to the minute: what their text may say, what it means, and the very edges of what may be set."""

from datetime import date, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import Code
from oasys_sched.availability.hours import ClockRange, parse_ranges, parse_weekdays
from tests.availability.week import NEW_YORK, NOW, SERVICE, STEP, WEEK, at, diary, span

DAY = 1440
MIDNIGHT = timedelta(0)


@pytest.mark.parametrize(("text", "opens", "closes"), [
    ("09:00-17:30", 540, 1050), ("00:00-24:00", 0, DAY), ("22:30-02:00", 1350, 1560), ("09:00-09:00", 540, 540 + DAY),
    ("23:59-00:00", 1439, DAY), ("00:00-00:01", 0, 1), (" 09:00 - 09:01 ", 540, 541), ("09:59-10:00", 599, 600),
])  # fmt: skip
def test_a33_a_range_is_read_to_the_minute(text: str, opens: int, closes: int) -> None:
    assert ClockRange.parse(text) == ClockRange(opens=opens, closes=closes)
    assert ClockRange.parse(str(ClockRange.parse(text))) == ClockRange.parse(text)


@pytest.mark.parametrize("text", [
    "24:00-02:00", "09:60-10:00", "09:00-25:00", "09:00-24:01", "09:00", "-", "09:00-10:00-11:00", "9-10", "",
])  # fmt: skip
def test_a33_what_is_no_range_is_refused_by_name(text: str) -> None:
    for given in ({}, {"field": "hours.mon"}):
        with pytest.raises(sched.InvalidValue) as caught:
            ClockRange.parse(text, **given)
        assert (caught.value.code, caught.value.field) == (Code.INVALID_HOURS, given.get("field", "hours"))


@pytest.mark.parametrize(("opens", "closes", "fine"), [
    (0, 1, True), (0, 0, False), (DAY - 1, DAY, True), (DAY, DAY + 1, False), (5, 5 + DAY, True), (5, 6 + DAY, False),
    (-1, 5, False), (10, 9, False),
])  # fmt: skip
def test_a33_a_range_opens_within_the_day_and_closes_within_the_next(opens: int, closes: int, fine: bool) -> None:
    if fine:
        assert ClockRange(opens=opens, closes=closes).closes == closes
        return
    with pytest.raises(sched.InvalidValue, match="at most 24 hours later") as caught:
        ClockRange(opens=opens, closes=closes)
    assert caught.value.field == "hours"


@pytest.mark.parametrize(("key", "days"), [
    ("mon", (0,)), ("Monday", (0,)), ("tues", (1,)), ("weds", None), ("mond", (0,)), ("fri-mon", (0, 4, 5, 6)),
    ("sun-sun", (6,)), ("mon-sun", tuple(range(7))), ("sun-sat", tuple(range(7))), ("sat, sun", (5, 6)),
    ("mon-tue, tue-wed", (0, 1, 2)), ("su", None), ("mon-", None), ("", None), ("xmon", None),
])  # fmt: skip
def test_s3_weekdays_may_be_written_as_people_do(key: str, days: tuple[int, ...] | None) -> None:
    if days is not None:
        assert parse_weekdays(key, "hours") == days
        return
    with pytest.raises(sched.InvalidValue, match="weekdays such as") as caught:
        parse_weekdays(key, f"hours.{key}")
    assert caught.value.field == f"hours.{key}"


def test_a_text_of_ranges_has_at_most_a_thousand_characters() -> None:
    padded = "09:00-10:00".ljust(1000)

    assert parse_ranges(padded, "hours") == (ClockRange(opens=540, closes=600),)
    with pytest.raises(sched.InvalidValue):
        parse_ranges(padded + " ", "hours")


def test_a_week_has_at_most_so_many_ranges() -> None:
    row = sched.WeeklyHours.parse({"mon": "09:00-10:00"}, zone="UTC").ranges
    most = next(n for n in range(1, 10_000) if too_many(row * (n + 1)))

    assert most % 7 == 0
    with pytest.raises(sched.InvalidValue, match=f"at most {most} ranges") as caught:
        sched.WeeklyHours(zone="UTC", ranges=row * (most + 1))
    assert (caught.value.code, caught.value.field) == (Code.TOO_LARGE, "hours")


def too_many(ranges: tuple[object, ...]) -> bool:
    try:
        sched.WeeklyHours(zone="UTC", ranges=ranges)  # type: ignore[arg-type]
    except sched.InvalidValue:
        return True
    return False


@pytest.mark.parametrize(("year", "fine"), [(1969, False), (1970, True), (1971, True), (2199, True), (2200, False)])
def test_an_override_lies_between_1970_and_2200(year: int, fine: bool) -> None:
    if fine:
        assert sched.DateOverride.closed(date(year, 6, 1)).on.year == year
        return
    with pytest.raises(sched.InvalidValue) as caught:
        sched.DateOverride.closed(date(year, 6, 1))
    assert (caught.value.field, caught.value.code) == ("on", Code.OUT_OF_RANGE)


@pytest.mark.parametrize("field", ["buffer_before", "buffer_after"])
def test_b9_a_buffer_is_at_most_a_day(field: str) -> None:
    day = timedelta(hours=24)
    for fine in (MIDNIGHT, day):
        assert getattr(sched.Busy(span=WEEK, **{field: fine}), field) == fine  # type: ignore[arg-type]
    for wrong in (day + timedelta(microseconds=1), -timedelta(microseconds=1)):
        with pytest.raises(sched.InvalidValue) as caught:
            sched.Busy(span=WEEK, **{field: wrong})  # type: ignore[arg-type]
        assert caught.value.field == field


def test_slots_are_counted_from_either_end() -> None:
    slots = sched.bookable_slots(diary(), SERVICE, within=span("06-15 00:00", "06-16 00:00"), policy=STEP, now=NOW)
    every = list(slots)

    assert [slots[n] for n in range(-len(every), len(every))] == every * 2
    for beyond in (len(every), -len(every) - 1):
        with pytest.raises(IndexError, match=r"^no such slot$"):
            slots[beyond]
    empty = sched.bookable_slots(sched.Diary(hours=None), SERVICE, within=WEEK, now=NOW)
    with pytest.raises(IndexError):
        empty[0]
    assert slots[1:3] == every[1:3]
    assert slots[::-1] == every[::-1]
    assert every[0] in slots
    assert sched.Slot(every[0].starts_at, every[0].ends_at + timedelta(minutes=1)) not in slots


def test_a_window_open_to_the_minute_before_midnight_and_one_to_midnight_itself() -> None:
    for closes, last in (("23:59", "23:09"), ("24:00", "23:10"), ("00:01", "23:11")):
        hours = sched.WeeklyHours.parse({"mon": f"22:00-{closes}"}, zone=NEW_YORK.key)
        minute = sched.BookingPolicy(slot_step=timedelta(minutes=1))
        slots = sched.bookable_slots(diary(hours=hours), SERVICE, within=WEEK, policy=minute, now=NOW)
        assert f"{slots[-1].starts_at:%H:%M}" == last
        assert sched.is_open(diary(hours=hours), sched.Span(at("06-15 22:00"), slots[-1].ends_at))


@pytest.mark.parametrize("weekday", [-1, 7])
def test_s3_a_weekday_is_one_of_seven(weekday: int) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.HoursRange(weekday=weekday, range=ClockRange.parse("09:00-10:00"))
    assert (caught.value.field, caught.value.code) == ("weekday", Code.INVALID_HOURS)


def test_a_key_of_weekdays_has_at_most_two_hundred_characters() -> None:
    assert parse_weekdays("mon".ljust(200), "hours") == (0,)
    with pytest.raises(sched.InvalidValue):
        parse_weekdays("mon".ljust(201), "hours")
