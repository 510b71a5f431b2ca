"""Bad facts are refused by a typed error that names the field, before any work is done; big ones cost bounded work."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import repeat
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched import Code
from oasys_sched.availability.diary import MOST_BUSY
from tests.availability.week import HOURS, MONDAY, NOW, SERVICE, WEEK, at, diary, listed, span

NAIVE = datetime(2026, 6, 15, 9)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEKDAYS = ("hours." + "mon," * 100)[:200]


def ask(**changed: Any) -> sched.Slots:
    given = {"diary": diary(), "service": SERVICE, "within": WEEK, "now": NOW, **changed}
    return sched.bookable_slots(given.pop("diary"), given.pop("service"), **given)


REFUSED: dict[str, tuple[Callable[[], object], str, Code]] = {
    "naive now": (lambda: ask(now=NAIVE), "now", Code.NAIVE_DATETIME),
    "naive start asked": (lambda: sched.why_not(diary(), SERVICE, NAIVE, now=NOW), "when", Code.NAIVE_DATETIME),
    "text for now": (lambda: ask(now="2026-06-15"), "now", Code.INVALID_VALUE),
    "naive window": (lambda: sched.Span(NAIVE, NAIVE + DAY), "start", Code.NAIVE_DATETIME),
    "naive end": (lambda: sched.Span(NOW, NAIVE), "end", Code.NAIVE_DATETIME),
    "end before start": (lambda: sched.Span(NOW, NOW - DAY), "end", Code.INVALID_RANGE),
    "nothing between": (lambda: sched.Span(NOW, NOW), "end", Code.INVALID_RANGE),
    "year 1": (lambda: sched.Span(datetime.min.replace(tzinfo=UTC), NOW), "start", Code.OUT_OF_RANGE),
    "year 9999": (lambda: sched.Span(NOW, datetime.max.replace(tzinfo=UTC)), "end", Code.OUT_OF_RANGE),
    "now in year 1": (lambda: ask(now=datetime.min.replace(tzinfo=UTC)), "now", Code.OUT_OF_RANGE),
    "a hundred years": (lambda: ask(within=sched.Span(NOW, NOW + 36_500 * DAY)), "within", Code.OUT_OF_RANGE),
    "401 days": (lambda: ask(within=sched.Span(NOW, NOW + 401 * DAY)), "within", Code.OUT_OF_RANGE),
    "outside what is prepared": (lambda: ask(diary=diary().prepared(MONDAY)), "within", Code.OUT_OF_RANGE),
    "unknown zone": (lambda: sched.WeeklyHours(zone="Mars/Olympus"), "zone", Code.UNKNOWN_ZONE),
    "zone as a path": (lambda: sched.WeeklyHours(zone="../../etc/passwd"), "zone", Code.UNKNOWN_ZONE),
    "zone of a million letters": (lambda: sched.WeeklyHours(zone="A" * 1_000_000), "zone", Code.UNKNOWN_ZONE),
    "shown in an unknown zone": (lambda: ask().in_zone("Nowhere"), "zone", Code.UNKNOWN_ZONE),
    "no duration": (lambda: sched.Service(duration=timedelta(0)), "duration", Code.INVALID_DURATION),
    "negative duration": (lambda: sched.Service(duration=-HOUR), "duration", Code.INVALID_DURATION),
    "a year's duration": (lambda: sched.Service(duration=365 * DAY), "duration", Code.INVALID_DURATION),
    "negative buffer": (
        lambda: sched.Service(duration=HOUR, buffer_after=-HOUR), "buffer_after", Code.INVALID_DURATION,
    ),
    "negative buffer of a booking": (
        lambda: sched.Busy(span=WEEK, buffer_before=-HOUR), "buffer_before", Code.INVALID_DURATION,
    ),
    "step 0": (lambda: sched.BookingPolicy(slot_step=timedelta(0)), "slot_step", Code.INVALID_DURATION),
    "negative step": (lambda: sched.BookingPolicy(slot_step=-HOUR), "slot_step", Code.INVALID_DURATION),
    "a step of two days": (lambda: sched.BookingPolicy(slot_step=2 * DAY), "slot_step", Code.INVALID_DURATION),
    "a million busy times": (lambda: diary(busy=(WEEK,) * 1_000_000), "busy", Code.TOO_LARGE),
    "a million blocks": (lambda: diary(blocks=(WEEK,) * 1_000_000), "blocks", Code.TOO_LARGE),
    "a million overrides": (
        lambda: diary(overrides=(sched.DateOverride.closed(date(2026, 6, 1)),) * 1_000_000), "overrides",
        Code.TOO_LARGE,
    ),
    "one date twice": (
        lambda: diary(overrides=(sched.DateOverride.closed(date(2026, 6, 1)),) * 2), "overrides", Code.INVALID_VALUE,
    ),
    "busy is no list": (lambda: diary(busy=7), "busy", Code.INVALID_VALUE),
    "busy is text": (lambda: diary(busy="none"), "busy", Code.INVALID_VALUE),
    "an override of a moment": (lambda: sched.DateOverride.closed(NOW), "on", Code.INVALID_VALUE),
    "an override in year 1": (lambda: sched.DateOverride.closed(date.min), "on", Code.OUT_OF_RANGE),
    "hours that are no mapping": (lambda: sched.WeeklyHours.parse("mon", zone="UTC"), "hours", Code.INVALID_HOURS),
    "an unknown weekday": (lambda: hours({"moonday": "09:00-10:00"}), "hours.moonday", Code.INVALID_HOURS),
    "an unfinished range of days": (lambda: hours({"mon-": "09:00-10:00"}), "hours.mon-", Code.INVALID_HOURS),
    "a day eight days after Monday": (
        lambda: sched.HoursRange(weekday=8, range=sched.ClockRange(0, 60)), "weekday", Code.INVALID_HOURS,
    ),
    "a day before Monday": (
        lambda: sched.HoursRange(weekday=-1, range=sched.ClockRange(0, 60)), "weekday", Code.INVALID_HOURS,
    ),
    "a hundred days by name": (lambda: hours({"mon," * 100 + "mon": "09:00-10:00"}), WEEKDAYS, Code.INVALID_HOURS),
    "ten thousand ways to write Monday": (
        lambda: hours({f"mon{' ' * (n % 90)}-mon{' ' * (n // 90)}": "09:00-10:00" for n in range(8_000)}), "hours",
        Code.TOO_LARGE,
    ),
    "a day that is no text": (lambda: hours({7: "09:00-10:00"}), "hours.7", Code.INVALID_HOURS),
    "25 o'clock": (lambda: hours({"mon": "25:00-26:00"}), "hours.mon", Code.INVALID_HOURS),
    "minute 60": (lambda: hours({"mon": "09:60-10:00"}), "hours.mon", Code.INVALID_HOURS),
    "later than midnight": (lambda: hours({"mon": "09:00-24:01"}), "hours.mon", Code.INVALID_HOURS),
    "opening at 24:00": (lambda: hours({"mon": "24:00-02:00"}), "hours.mon", Code.INVALID_HOURS),
    "only an opening": (lambda: hours({"mon": "09:00"}), "hours.mon", Code.INVALID_HOURS),
    "words": (lambda: hours({"mon": "nine to five"}), "hours.mon", Code.INVALID_HOURS),
    "no text": (lambda: hours({"mon": None}), "hours.mon", Code.INVALID_HOURS),
    "too much text": (lambda: hours({"mon": "09:00-10:00," * 10_000}), "hours.mon", Code.INVALID_HOURS),
    "a thousand ranges": (
        lambda: sched.WeeklyHours(zone="UTC", ranges=HOURS.ranges * 100), "hours", Code.TOO_LARGE,
    ),
    "a clock range of two days": (lambda: sched.ClockRange(0, 2881), "hours", Code.INVALID_HOURS),
    "taking out what is not in": (lambda: diary().prepared(WEEK).removing(MONDAY), "busy", Code.INVALID_VALUE),
}  # fmt: skip


def hours(week: Any) -> sched.WeeklyHours:
    return sched.WeeklyHours.parse(week, zone="UTC")


@pytest.mark.parametrize("name", REFUSED)
def test_bad_facts_are_refused_by_name(name: str) -> None:
    make, field, code = REFUSED[name]

    with pytest.raises(sched.InvalidValue) as caught:
        make()

    assert (caught.value.field, caught.value.code) == (field, code)
    assert len(str(caught.value)) < 300


def test_overlapping_hours_are_merged() -> None:
    """Not a mistake: shifts often overlap, and together they are one opening."""
    week = {"mon": "09:00-11:00, 10:00-12:00, 09:30-10:30"}
    merged = diary(hours=sched.WeeklyHours.parse(week, zone=HOURS.zone))

    assert listed(merged) == ["15 09:00", "15 09:30", "15 10:00", "15 10:30", "15 11:00"]


def test_what_is_given_as_a_list_becomes_a_tuple() -> None:
    assert diary(busy=[MONDAY]) == diary(busy=(MONDAY,))
    assert hash(diary(busy=[MONDAY])) == hash(diary(busy=(MONDAY,)))


def test_no_more_is_read_than_a_diary_takes() -> None:
    def read_on() -> Iterator[sched.Span]:
        yield from repeat(MONDAY, MOST_BUSY + 1)
        pytest.fail("it knows by now that this is too many")

    assert len(diary(blocks=repeat(MONDAY, MOST_BUSY)).blocks) == MOST_BUSY
    with pytest.raises(sched.InvalidValue) as caught:
        diary(blocks=read_on())
    assert (caught.value.field, caught.value.code) == ("blocks", sched.Code.TOO_LARGE)


def test_the_most_busy_times_are_answered_and_hold_no_slot() -> None:
    """As many as a diary takes, unsorted and all over each other: the answer is a run for each gap."""
    spans = tuple(sched.Span(MONDAY.start + timedelta(seconds=n * 7_919 % 86_400), MONDAY.end) for n in range(20_000))

    slots = sched.bookable_slots(diary(busy=spans), SERVICE, within=WEEK, now=NOW)

    assert len(list(slots._starts.runs())) == 8
    assert slots[0].starts_at == at("06-16 09:00")


def test_a_second_by_second_grid_makes_no_object_for_a_start() -> None:
    policy = sched.BookingPolicy(slot_step=timedelta(seconds=1))
    slots = sched.bookable_slots(diary(), SERVICE, within=WEEK, policy=policy, now=NOW)

    assert len(slots) == 5 * (2 * 3600 + 601 + 3 * 3600 + 601)
    assert len(list(slots._starts.runs())) == 10
    assert slots[-1].starts_at == at("06-19 16:10")


def test_odd_seconds_and_microseconds_round_against_the_booking() -> None:
    busy = sched.Span(at("06-15 09:00"), at("06-15 10:00") + timedelta(microseconds=1))
    late = at("06-15 09:00") + timedelta(microseconds=1)

    assert listed(diary(busy=(busy,)))[0] == "15 10:30"
    assert listed(diary(), now=late)[0] == "15 09:30"
    odd = sched.why_not(diary(), SERVICE, late, policy=sched.BookingPolicy(slot_step=timedelta(seconds=90)), now=NOW)
    assert (odd[0].code, odd[0].message) == (Code.OFF_GRID, "starts lie every 90 seconds from the opening")


@pytest.mark.parametrize("edge", ["1970-01-02", "2199-12-20"])
def test_the_first_and_the_last_days_of_the_calendar_can_be_asked_about(edge: str) -> None:
    low = datetime.fromisoformat(edge).replace(tzinfo=UTC)
    within = sched.Span(low, low + 10 * DAY)
    slots = sched.bookable_slots(diary(), SERVICE, within=within, now=low)

    assert len(slots) >= 6 * 12
    assert not sched.why_not(diary(), SERVICE, slots[0].starts_at, now=low)
    assert sched.why_not(diary(), SERVICE, low, now=low)


def test_a_century_prepared_is_swept_and_never_spread_out() -> None:
    known = diary(busy=(MONDAY,))
    century = known.prepared(sched.Span(NOW, NOW + 36_500 * DAY))
    minutes = sched.BookingPolicy(slot_step=timedelta(minutes=1))

    assert listed(century, WEEK, policy=minutes) == listed(known, WEEK, policy=minutes)
    assert not century._grids


def test_long_services_and_odd_steps_are_answered_without_the_bytes() -> None:
    """A prepared diary's bytes hold 255 minutes and whole minutes; beyond that it sweeps, and answers alike."""
    known = diary(
        hours=sched.WeeklyHours.parse({"mon-fri": "06:00-23:00"}, zone=HOURS.zone),
        busy=(span("06-15 12:00", "06-15 12:30"),),
    )
    for service, step in (
        (sched.Service(duration=5 * HOUR), 30 * 60), (SERVICE, 601),
        (sched.Service(duration=timedelta(seconds=90)), 900),
        (sched.Service(duration=HOUR, buffer_before=5 * HOUR), 900),
    ):  # fmt: skip
        policy = sched.BookingPolicy(slot_step=timedelta(seconds=step))

        starts = listed(known, service=service, policy=policy)
        assert starts
        assert listed(known.prepared(WEEK), service=service, policy=policy) == starts
