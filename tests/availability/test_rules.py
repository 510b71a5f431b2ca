"""The rules of RULES.md about time, each shown on one small week, as a listing and as a verdict."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import oasys_sched as sched
from oasys_sched import Busy, BusyKind, Code
from tests.availability.week import (
    HOURS,
    MINUTE,
    MONDAY,
    NEW_YORK,
    NOW,
    SERVICE,
    STEP,
    WEEK,
    at,
    diary,
    listed,
    reasons,
    span,
)

MORNING = ["15 09:00", "15 09:30", "15 10:00", "15 10:30", "15 11:00"]
AFTERNOON = ["15 13:00", "15 13:30", "15 14:00", "15 14:30", "15 15:00", "15 15:30", "15 16:00"]
HOUR = 60 * MINUTE


def booked(*spans: sched.Span, kind: BusyKind = BusyKind.APPOINTMENT, **more: object) -> tuple[Busy, ...]:
    return tuple(Busy(span=one, kind=kind, **more) for one in spans)  # type: ignore[arg-type]


def test_s15_without_availability_there_are_no_slots_and_the_verdict_says_so() -> None:
    for known in (sched.Diary(hours=None), diary(hours=sched.WeeklyHours(zone="UTC"))):
        slots = sched.bookable_slots(known, SERVICE, within=WEEK, now=NOW)

        assert (len(slots), bool(slots), list(slots), slots.per_day()) == (0, False, [], {})
        assert reasons(known, "06-15 09:00") == [Code.NO_AVAILABILITY]
        assert listed(known.prepared(WEEK)) == []
        assert not sched.is_open(known, span("06-15 09:00", "06-15 10:00"))


def test_s18_a_start_is_bookable_exactly_when_it_is_listed() -> None:
    known = diary(busy=(span("06-15 10:00", "06-15 11:00"),))

    assert listed(known) == ["15 09:00", "15 11:00", *AFTERNOON]
    assert reasons(known, "06-15 09:00") == []
    assert reasons(known, "06-15 09:30") == [Code.BUSY]
    assert reasons(known, "06-15 09:10") == [Code.OFF_GRID]
    assert reasons(known, "06-15 08:00") == [Code.OUTSIDE_HOURS]
    assert reasons(known, "06-15 11:30") == [Code.OUTSIDE_HOURS]
    assert reasons(known, "06-20 09:00") == [Code.OUTSIDE_HOURS]


def test_s18_the_first_reason_holds_the_nearest_bookable_starts() -> None:
    first, *_ = sched.why_not(diary(), SERVICE, at("06-15 11:30"), policy=STEP, now=NOW)

    assert first.details["nearest_before"] == at("06-15 11:00")
    assert first.details["nearest_after"] == at("06-15 13:00")
    assert first.details["closes_at"] == at("06-15 12:00")


def test_s18_where_nothing_is_near_the_proposals_are_empty() -> None:
    closed = diary(hours=sched.WeeklyHours.parse({"mon": "09:00-09:30"}, zone=NEW_YORK.key))
    first, *_ = sched.why_not(closed, SERVICE, at("06-15 09:00"), policy=STEP, now=NOW)

    assert (first.details["nearest_before"], first.details["nearest_after"]) == (None, None)


BLOCKED = span("06-15 12:30", "06-15 14:00")


@pytest.mark.parametrize("block", [BLOCKED, sched.TimeBlock(span=BLOCKED, id="b1")])
def test_s74_nothing_that_overlaps_a_block_is_offered(block: sched.Span | sched.TimeBlock) -> None:
    known = diary(blocks=(block,))
    blocked = sched.why_not(known, SERVICE, at("06-15 13:30"), policy=STEP, now=NOW)

    assert listed(known) == listed(known.prepared(WEEK)) == MORNING + AFTERNOON[2:]
    assert [reason.code for reason in blocked] == [Code.BLOCKED]
    assert blocked[0].details["id"] == getattr(block, "id", None)
    assert reasons(known, "06-15 14:00") == []


def test_s77_a_block_is_called_what_the_clinician_called_it() -> None:
    one = sched.TimeBlock(span=MONDAY)

    assert (one.label, sched.TimeBlock(span=MONDAY, title="Taxes").label) == ("Blocked", "Taxes")


def test_s78_a_recurring_block_keeps_clients_out_of_every_instance() -> None:
    lunch = sched.Series(start=at("06-01 13:00").replace(tzinfo=None), zone=NEW_YORK.key, duration=HOUR,
                         rule=sched.Rule.every(weeks=1, on=("mon", "wed")))  # fmt: skip
    known = diary(blocks=(sched.RecurringBlock(series=lunch, id="lunch", title="Lunch"),))

    assert listed(known) == MORNING + AFTERNOON[2:]
    assert listed(known, span("06-16 00:00", "06-17 00:00"))[5] == "16 13:00"
    assert reasons(known, "06-17 13:30") == [Code.BLOCKED]


def test_s85_s110_external_events_block_bookings() -> None:
    external = span("06-15 13:00", "06-15 13:30")

    assert listed(diary(busy=(external,))) == [*MORNING, *AFTERNOON[1:]]
    assert reasons(diary(busy=(external,)), "06-15 13:00") == [Code.BUSY]


def test_s110_a_connected_calendar_over_the_whole_day_leaves_nothing() -> None:
    known = diary(busy=(MONDAY,))

    assert listed(known) == []
    assert listed(known, span("06-16 00:00", "06-16 10:00")) == ["16 09:00", "16 09:30"]


@pytest.mark.parametrize("kind", BusyKind)
def test_s88_a12_the_switch_frees_external_times_and_nothing_else(kind: BusyKind) -> None:
    known = diary(busy=booked(span("06-15 13:00", "06-15 17:00"), kind=kind))
    off = sched.BookingPolicy(slot_step=STEP.slot_step, block_external_busy=False)
    free = kind is BusyKind.EXTERNAL

    assert listed(known) == MORNING
    assert listed(known, policy=off) == (MORNING + AFTERNOON if free else MORNING)
    assert listed(known.prepared(WEEK), policy=off) == listed(known, policy=off)
    assert (reasons(known, "06-15 14:00", policy=off) == []) is free


def test_s88_the_switch_frees_plain_spans_too() -> None:
    known = diary(busy=(MONDAY, *booked(span("06-15 09:00", "06-15 12:00"))))
    off = sched.BookingPolicy(slot_step=STEP.slot_step, block_external_busy=False)

    assert listed(known, policy=off) == listed(known.prepared(WEEK), policy=off) == AFTERNOON


def test_s89_a2_exactly_at_the_notice_is_early_enough() -> None:
    policy = sched.BookingPolicy(slot_step=STEP.slot_step, minimum_notice=sched.Period.parse("PT24H"))
    now = at("06-14 14:00")

    assert listed(diary(), policy=policy, now=now)[0] == "15 14:00"
    assert reasons(diary(), "06-15 14:00", policy=policy, now=now) == []
    late = sched.why_not(diary(), SERVICE, at("06-15 13:30"), policy=policy, now=now)
    assert [reason.code for reason in late] == [Code.TOO_SOON]
    assert late[0].details["earliest"] == at("06-15 14:00")
    assert late[0].details["minimum_notice"] == "PT24H"


def test_s89_without_notice_only_the_past_is_refused() -> None:
    assert reasons(diary(), "06-15 09:30", now=at("06-15 09:30")) == []
    assert reasons(diary(), "06-15 09:00", now=at("06-15 09:30")) == [Code.TOO_SOON]


def test_s90_a2_exactly_at_the_horizon_is_still_allowed() -> None:
    policy = sched.BookingPolicy(slot_step=STEP.slot_step, maximum_advance=sched.Period.parse("P14D"))
    now = at("06-01 14:00")

    assert listed(diary(), policy=policy, now=now)[-1] == "15 14:00"
    far = sched.why_not(diary(), SERVICE, at("06-15 14:30"), policy=policy, now=now)
    assert [reason.code for reason in far] == [Code.TOO_FAR_AHEAD]
    assert far[0].details["latest"] == at("06-15 14:00")
    assert listed(diary(), span("08-03 00:00", "08-04 00:00"), policy=policy, now=now) == []
    assert len(listed(diary(), span("08-03 00:00", "08-04 00:00"), now=now)) == 12


def test_s109_a_client_hears_only_that_the_time_is_not_available() -> None:
    known = diary(busy=booked(span("06-15 09:00", "06-15 10:00"), id="someone"))
    ask = {"policy": STEP, "now": NOW}

    for known_as in (known, known.prepared(WEEK)):
        (only,) = sched.why_not_for_client(known_as, SERVICE, at("06-15 09:00"), **ask)
        assert (only.code, only.details) == (Code.SLOT_UNAVAILABLE, {})
        assert sched.why_not_for_client(known_as, SERVICE, at("06-15 10:00"), **ask) == ()


def test_a3_hours_elapse_and_days_are_calendar_time_over_a_change_of_clocks() -> None:
    """Clocks go forward on 8 March: from noon on Saturday, 24 hours end at one, a day ends at noon."""
    known = diary(hours=sched.WeeklyHours.parse({"sun": "09:00-17:00"}, zone=NEW_YORK.key))
    sunday, now = span("03-08 00:00", "03-09 00:00"), at("03-07 12:00")

    firsts = {}
    for text in ("PT24H", "P1D"):
        policy = sched.BookingPolicy(slot_step=STEP.slot_step, minimum_notice=sched.Period.parse(text))
        firsts[text] = listed(known, sunday, policy=policy, now=now)[0]

    assert firsts == {"PT24H": "08 13:00", "P1D": "08 12:00"}


def test_a33_a_repeated_hour_is_offered_twice_and_a_skipped_one_never() -> None:
    nights = diary(hours=sched.WeeklyHours.parse({"sun": "00:30-04:00"}, zone=NEW_YORK.key))
    hourly = sched.BookingPolicy(slot_step=HOUR)

    fall = sched.bookable_slots(nights, SERVICE, within=span("11-01 00:00", "11-02 00:00"), policy=hourly, now=NOW)
    spring = listed(nights, span("03-08 00:00", "03-09 00:00"), policy=hourly, now=at("03-01 00:00"))

    assert [f"{slot.starts_at:%H:%M} {slot.starts_at.tzname()}" for slot in fall] == [
        "00:30 EDT", "01:30 EDT", "01:30 EST", "02:30 EST"
    ]  # fmt: skip
    assert spring == ["08 00:30", "08 01:30"]


def test_a33_touching_ranges_are_one_window_and_the_grid_starts_at_its_opening() -> None:
    joined = diary(hours=sched.WeeklyHours.parse({"mon": "09:10-12:00, 12:00-14:00"}, zone=NEW_YORK.key))

    starts = listed(joined, policy=sched.BookingPolicy(slot_step=HOUR))

    assert starts == ["15 09:10", "15 10:10", "15 11:10", "15 12:10", "15 13:10"]


def test_a33_nights_that_run_into_every_morning_have_their_grid_from_the_evening() -> None:
    """No day's first range opens a window: the search for the opening once went back to the year 1."""
    week = {"mon-sun": "22:00-06:00, 06:00-12:00"}
    nights = diary(hours=sched.WeeklyHours.parse(week, zone=NEW_YORK.key))
    long = sched.BookingPolicy(slot_step=timedelta(hours=5))

    assert listed(nights, policy=long) == ["15 03:00", "15 08:00", "15 22:00"]
    assert listed(nights.prepared(MONDAY), policy=long) == listed(nights, policy=long)
    assert sched.why_not(nights, SERVICE, at("06-15 08:00"), policy=long, now=NOW) == ()


def test_a33_a_window_of_many_days_has_one_grid() -> None:
    open_days = tuple(sched.DateOverride.parse(date(2026, 6, day), "00:00-24:00") for day in range(2, 20))
    known = diary(hours=sched.WeeklyHours(zone=NEW_YORK.key), overrides=open_days)
    policy = sched.BookingPolicy(slot_step=timedelta(hours=7))

    first = listed(known, span("06-02 00:00", "06-20 00:00"), policy=policy)
    assert first[:2] == ["02 00:00", "02 07:00"]
    assert listed(known, policy=policy) == [start for start in first if start.startswith("15")]


def test_a33_a_service_of_a_whole_day_fits_over_a_shorter_one() -> None:
    weekend = diary(hours=sched.WeeklyHours.parse({"fri-mon": "00:00-24:00"}, zone=NEW_YORK.key))
    whole_day = sched.Service(duration=timedelta(hours=24))
    evening = span("03-07 22:00", "03-07 23:59")

    assert listed(weekend, evening, service=whole_day, now=at("03-01 00:00")) == [
        "07 22:00", "07 22:30", "07 23:00", "07 23:30"
    ]  # fmt: skip


@pytest.mark.parametrize("sunday", ["02:30-05:00, 03:00-04:00", "02:30-02:45, 03:00-05:00"])
def test_a34_an_opening_that_a_gap_moves_forward_may_come_after_a_later_one(sunday: str) -> None:
    """02:30 is 03:30 on 8 March, so that the range from 03:00 opens the window."""
    early = diary(hours=sched.WeeklyHours.parse({"sun": sunday}, zone=NEW_YORK.key))

    starts = listed(early, span("03-08 00:00", "03-09 00:00"), now=at("03-01 00:00"))
    assert starts == ["08 03:00", "08 03:30", "08 04:00"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # 23:30 is 00:30 on Sunday, within what opens at 00:10, or after it, or alone on a day without hours.
        ({"sat": "23:30-02:00", "sun": "00:10-01:10"}, ["31 00:10", "31 00:40", "31 01:10"]),
        ({"sat": "23:30-02:00", "sun": "00:10-00:25, 04:00-05:00"}, ["31 00:30", "31 01:00", "31 04:00"]),
        ({"sat": "23:30-01:30"}, ["31 00:30"]),
    ],
)
def test_a34_a_gap_before_midnight_moves_openings_to_the_next_date(hours: dict[str, str], expected: list[str]) -> None:
    """In Nuuk, 23:00 to 24:00 is skipped on Saturday, 30 March 2024."""
    nuuk = ZoneInfo("America/Nuuk")
    known = diary(hours=sched.WeeklyHours.parse(hours, zone=nuuk.key))
    weekend = sched.Span(datetime(2024, 3, 30, tzinfo=nuuk), datetime(2024, 4, 1, tzinfo=nuuk))

    for asked in (known, known.prepared(weekend)):
        assert listed(asked, weekend, now=weekend.start) == expected


def test_a34_the_hour_before_a_midnight_that_comes_twice_has_the_grid_of_its_window() -> None:
    """In St John's, Sunday, 7 November 2010 began, and at 00:01 it was 23:01 on Saturday again."""
    zone = ZoneInfo("America/St_Johns")
    known = diary(hours=sched.WeeklyHours.parse({"tue-sun": "00:00-24:00"}, zone=zone.key))
    again = datetime(2010, 11, 7, 3, 15, tzinfo=UTC)
    policy, now = sched.BookingPolicy(slot_step=timedelta(minutes=105)), again - timedelta(days=1)

    assert listed(known, sched.Span(again, again + 10 * MINUTE), policy=policy, now=now) == ["06 23:45"]
    assert sched.why_not(known, SERVICE, again, policy=policy, now=now) == ()


def test_a33_starts_are_a_quarter_of_an_hour_apart_and_the_whole_session_fits() -> None:
    starts = listed(diary(), policy=sched.BookingPolicy())

    # 50 minutes: the last start of a morning that ends at 12:00 is 11:00, the next would be 11:15.
    assert starts[:2] == ["15 09:00", "15 09:15"]
    assert starts[8:10] == ["15 11:00", "15 13:00"]
    assert starts[-1] == "15 16:00"


def test_a33_a_busy_end_never_moves_the_grid() -> None:
    assert listed(diary(busy=(span("06-15 09:00", "06-15 09:40"),)))[:2] == ["15 10:00", "15 10:30"]


def test_b9_the_gap_is_the_larger_of_the_two_buffers_not_their_sum() -> None:
    service = sched.Service(duration=50 * MINUTE, buffer_before=10 * MINUTE, buffer_after=10 * MINUTE)
    taken = span("06-15 14:00", "06-15 15:00")
    known = diary(busy=booked(taken, buffer_before=40 * MINUTE, buffer_after=5 * MINUTE))
    every = sched.BookingPolicy(slot_step=10 * MINUTE)

    starts = listed(known, service=service, policy=every)
    around = [start for start in starts if "15 12:00" < start < "15 15:30"]
    assert around == ["15 15:10", "15 15:20"]
    assert listed(known.prepared(WEEK), service=service, policy=every) == starts
    close = sched.why_not(known, service, at("06-15 13:00"), policy=every, now=NOW)
    assert [(reason.code, reason.details["gap_minutes"]) for reason in close] == [(Code.BUFFER, 10)]
    after = sched.why_not(known, service, at("06-15 15:00"), policy=every, now=NOW)
    assert [(reason.code, reason.details["gap_minutes"]) for reason in after] == [(Code.BUFFER, 0)]


def test_b9_buffers_may_lie_outside_the_hours() -> None:
    service = sched.Service(duration=HOUR, buffer_before=HOUR, buffer_after=HOUR)

    assert listed(diary(), service=service)[0] == "15 09:00"
    assert listed(diary(), service=service)[-1] == "15 16:00"


@pytest.mark.parametrize(
    ("cap", "code"),
    [
        ({"daily_count": 1}, Code.DAILY_CAP),
        ({"daily_duration": timedelta(hours=1)}, Code.DAILY_CAP),
        ({"weekly_count": 1}, Code.WEEKLY_CAP),
        ({"weekly_duration": timedelta(hours=1)}, Code.WEEKLY_CAP),
    ],
)
def test_b10_a_full_day_or_week_offers_nothing_more(cap: dict[str, object], code: Code) -> None:
    known = diary(busy=booked(span("06-15 09:00", "06-15 10:00")))
    policy = sched.BookingPolicy(slot_step=STEP.slot_step, **cap)  # type: ignore[arg-type]
    tuesday = span("06-16 00:00", "06-17 00:00")

    assert listed(known, policy=policy) == listed(known.prepared(WEEK), policy=policy) == []
    assert bool(listed(known, tuesday, policy=policy)) is (code is Code.DAILY_CAP)
    assert reasons(known, "06-15 14:00", policy=policy) == [code]
    assert len(listed(known, span("06-22 00:00", "06-23 00:00"), policy=policy)) == 12


@pytest.mark.parametrize("cap", [{"daily_count": 0}, {"weekly_duration": timedelta(minutes=30)}])
def test_b10_a_cap_that_nothing_fits_under_closes_everything(cap: dict[str, object]) -> None:
    policy = sched.BookingPolicy(slot_step=STEP.slot_step, **cap)  # type: ignore[arg-type]

    assert listed(diary(), WEEK, policy=policy) == []
    assert reasons(diary(), "06-15 14:00", policy=policy)[0] in {Code.DAILY_CAP, Code.WEEKLY_CAP}


def test_b10_only_appointments_and_holds_count_towards_a_cap() -> None:
    policy = sched.BookingPolicy(slot_step=STEP.slot_step, daily_count=1)
    for kind, free in ((BusyKind.EXTERNAL, True), (BusyKind.BLOCK, True), (BusyKind.HOLD, False)):
        known = diary(busy=booked(span("06-15 09:00", "06-15 10:00"), kind=kind))

        assert bool(listed(known, policy=policy)) is free


def test_s3_hours_serve_the_modes_and_places_they_are_for() -> None:
    here = sched.WeeklyHours.parse({"mon": "09:00-10:00"}, zone=NEW_YORK.key, modes=["in_person"], locations=["main"])
    online = sched.WeeklyHours.parse({"mon": "13:00-14:00"}, zone=NEW_YORK.key, modes=["telehealth"])
    known = diary(hours=here.plus(online))
    per_mode = {mode: listed(known, mode=mode) for mode in (None, sched.Mode.IN_PERSON, sched.Mode.TELEHEALTH)}

    assert per_mode == {
        None: ["15 09:00", "15 13:00"], sched.Mode.IN_PERSON: ["15 09:00"], sched.Mode.TELEHEALTH: ["15 13:00"]
    }  # fmt: skip
    assert listed(known, location="branch") == ["15 13:00"]
    assert reasons(known, "06-15 09:00", mode=sched.Mode.TELEHEALTH) == [Code.OUTSIDE_HOURS]
    assert sched.is_open(known, span("06-15 09:00", "06-15 10:00"), mode=sched.Mode.IN_PERSON)
    assert not sched.is_open(known, span("06-15 09:00", "06-15 10:01"))
    with pytest.raises(sched.InvalidValue, match="one zone"):
        here.plus(sched.WeeklyHours(zone="UTC"))


def test_an_override_replaces_adds_or_closes() -> None:
    day = date(2026, 6, 15)

    assert listed(diary(overrides=(sched.DateOverride.closed(day),))) == []
    assert listed(diary(overrides=(sched.DateOverride.parse(day, "10:00-11:00"),))) == ["15 10:00"]
    assert listed(diary(overrides=(sched.DateOverride.opening(day, "20:00-21:00"),)))[-2:] == ["15 16:00", "15 20:00"]


def test_round_the_clock_hours_start_their_grid_on_mondays() -> None:
    always = diary(hours=sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=NEW_YORK.key))
    five = sched.BookingPolicy(slot_step=timedelta(hours=5))
    starts = listed(always, span("06-14 12:00", "06-15 15:00"), policy=five)

    assert starts == ["14 16:00", "14 21:00", "15 00:00", "15 05:00", "15 10:00"]


def test_round_the_clock_hours_in_shifts_close_nowhere() -> None:
    """The grid starts anew on Mondays, the window goes on: a long service may end in any later shift."""
    shifts = diary(hours=sched.WeeklyHours.parse({"mon-sun": "00:00-12:00, 12:00-24:00"}, zone=NEW_YORK.key))
    whole_day = sched.Service(duration=timedelta(hours=24))

    assert listed(shifts, span("06-14 22:30", "06-15 01:00"), service=whole_day) == [
        "14 22:30", "14 23:00", "14 23:30", "15 00:00", "15 00:30"
    ]  # fmt: skip
    saturday_off = diary(hours=shifts.hours, overrides=(sched.DateOverride.closed(date(2026, 6, 13)),))
    assert listed(saturday_off, span("06-12 00:00", "06-14 00:30"), service=whole_day) == ["12 00:00", "14 00:00"]


def test_a_listing_is_a_sequence_that_people_can_read() -> None:
    slots = sched.bookable_slots(diary(), SERVICE, within=MONDAY, policy=STEP, now=NOW)
    paris = slots.in_zone("Europe/Paris")

    assert repr(slots) == "<12 slots of 50 min, from 2026-06-15 09:00, America/New_York>"
    assert repr(sched.bookable_slots(diary(busy=(MONDAY,)), SERVICE, within=MONDAY, now=NOW)).startswith("<0 slots")
    assert [slot.starts_at.hour for slot in paris.first(2)] == [15, 15]
    assert [slot.starts_at for slot in paris] == [slot.starts_at for slot in slots]
    assert (paris.zone, paris.duration, paris == slots, slots == 12) == ("Europe/Paris", 50 * MINUTE, False, False)
    assert slots[0] in slots
    assert at("06-15 09:00") in slots
    assert slots[0]._replace(ends_at=at("06-15 10:30")) not in slots
    assert "nine" not in slots
    assert at("06-15 09:00").replace(tzinfo=None) not in slots
    assert at("06-14 09:00") not in slots
    assert slots.first(-1) == []
    for index in (12, -13):
        with pytest.raises(IndexError):
            slots[index]


def test_an_adapter_looks_far_enough_to_miss_no_busy_time() -> None:
    service = sched.Service(duration=HOUR, buffer_before=2 * HOUR)
    plain = sched.diary_span(WEEK, service)
    capped = sched.diary_span(WEEK, service, sched.BookingPolicy(weekly_count=3))

    assert (WEEK.start - plain.start, plain.end - WEEK.end) == (timedelta(days=3, hours=3),) * 2
    assert capped.duration - plain.duration == timedelta(days=18)
    edge = sched.diary_span(sched.Span(sched.Span(*_first_day()).start, WEEK.end), service)
    assert edge.start == _first_day()[0]


def _first_day() -> tuple[object, object]:
    from oasys_sched.times import EARLIEST

    return EARLIEST, EARLIEST + timedelta(days=1)


def test_a_day_that_a_zone_skipped_has_no_hours() -> None:
    """Samoa went from 29 to 31 December 2011."""
    apia = sched.Diary(hours=sched.WeeklyHours.parse({"mon-sun": "09:00-10:00"}, zone="Pacific/Apia"))
    from datetime import UTC, datetime

    within = sched.Span(datetime(2011, 12, 29, 12, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC))
    slots = sched.bookable_slots(apia, SERVICE, within=within, now=within.start)

    assert [slot.starts_at.day for slot in slots if slot.starts_at.minute == 0] == [29, 31, 1]


def test_hours_are_the_same_whatever_the_order_they_were_given_in() -> None:
    one = sched.WeeklyHours.parse({"sat, sun": "10:00-11:00", "fri-mon": "12:00-13:00"}, zone=NEW_YORK.key)
    two = sched.WeeklyHours.parse({"fri": "12:00-13:00", "saturday-monday": "12:00-13:00", "sun": "10:00-11:00",
                                   "sat": "10:00-11:00"}, zone=NEW_YORK.key)  # fmt: skip

    assert one == two
    assert [str(row.range) for row in HOURS.ranges[:2]] == ["09:00-12:00", "13:00-17:00"]
    assert str(sched.ClockRange.parse("22:30-02:00")) == "22:30-02:00"
    assert str(sched.ClockRange.parse("22:30-24:00")) == "22:30-24:00"
