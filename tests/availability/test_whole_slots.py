"""Lists of slots at their edges: weeks in which the clocks change, and what is in a list or only nearly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched.availability.allowed import FAR, instant, window_source
from tests.availability.week import HOURS, MINUTE, NEW_YORK, NOW, SERVICE, STEP, WEEK, at, diary, span

DAILY = sched.WeeklyHours.parse({"mon-sun": "01:00-04:00, 09:00-12:00"}, zone=NEW_YORK.key)
HOUR = 60 * MINUTE


@pytest.mark.parametrize("month", [3, 11])
def test_a_season_is_listed_as_its_days_are(month: int) -> None:
    start = datetime(2026, month, 1, 5, tzinfo=UTC) - timedelta(days=28)
    known = diary(hours=DAILY)

    def starts(within: sched.Span) -> list[datetime]:
        slots = sched.bookable_slots(known, SERVICE, within=within, policy=STEP, now=start - HOUR)
        return [slot.starts_at for slot in slots]

    season = sched.Span(start, start + timedelta(days=70))
    daily = [
        one for day in range(70) for one in starts(sched.Span(start + day * 24 * HOUR, start + (day + 1) * 24 * HOUR))
    ]
    assert starts(season) == daily
    prepared = sched.bookable_slots(known.prepared(season), SERVICE, within=season, policy=STEP, now=start - HOUR)
    assert [slot.starts_at for slot in prepared] == daily


@pytest.mark.parametrize("ready", [False, True])
def test_a_start_is_in_the_list_exactly_if_it_is_listed(ready: bool) -> None:
    known = diary(busy=(span("06-16 10:00", "06-16 11:00"), span("06-22 16:00", "06-22 16:10")))
    wide = span("06-08 00:00", "06-30 00:00")
    slots = sched.bookable_slots(
        known.prepared(wide) if ready else known, SERVICE, within=WEEK, policy=STEP, now=NOW
    )  # fmt: skip
    listed = {slot.starts_at for slot in slots}

    minutes = [WEEK.start + n * MINUTE for n in range(-3 * 24 * 60, 10 * 24 * 60)]
    assert {one for one in minutes if one in slots} == listed
    assert at("06-15 09:00") + timedelta(seconds=1) not in slots
    assert slots[0].starts_at == min(listed)
    assert slots[-1].starts_at == max(listed)
    assert at("06-12 16:00") not in slots, "the last start before the window"
    assert at("06-22 09:00") not in slots, "the first one after it"


def test_patching_the_same_diary_twice_measures_its_rooms_for_itself() -> None:
    known = diary(hours=DAILY).prepared(WEEK)
    padded = sched.Service(duration=50 * MINUTE, buffer_before=30 * MINUTE)
    for hour in (9, 10, 11):
        booked = sched.Busy(
            span=span(f"06-16 {hour:02}:00", f"06-16 {hour:02}:30"), kind=sched.BusyKind.APPOINTMENT,
            buffer_after=20 * MINUTE,
        )  # fmt: skip
        for now, service in ((known.adding(booked), SERVICE), (known.adding(booked), padded)):
            plain = diary(hours=DAILY, busy=(booked,))
            for within in (WEEK, span("06-16 00:00", "06-17 00:00")):
                asked = {"within": within, "policy": STEP, "now": NOW}
                found = sched.bookable_slots(now, service, **asked)  # type: ignore[arg-type]
                assert list(found) == list(sched.bookable_slots(plain, service, **asked))  # type: ignore[arg-type]


def test_b10_caps_are_what_counting_each_day_and_week_gives() -> None:
    known_busy = tuple(
        sched.Busy(span=sched.Span(at(start), at(start) + minutes * MINUTE), kind=kind)
        for start, minutes, kind in (
            ("03-05 09:00", 50, sched.BusyKind.APPOINTMENT), ("03-05 23:30", 60, sched.BusyKind.APPOINTMENT),
            ("03-06 10:00", 90, sched.BusyKind.HOLD), ("03-08 09:00", 50, sched.BusyKind.APPOINTMENT),
            ("03-08 11:00", 50, sched.BusyKind.APPOINTMENT), ("03-09 09:00", 30, sched.BusyKind.APPOINTMENT),
            ("03-10 09:00", 120, sched.BusyKind.BLOCK), ("03-11 09:00", 240, sched.BusyKind.EXTERNAL),
            ("03-15 09:00", 50, sched.BusyKind.APPOINTMENT), ("03-16 00:30", 50, sched.BusyKind.APPOINTMENT),
        )
    )  # fmt: skip
    known = diary(hours=sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=NEW_YORK.key), busy=known_busy)
    within = span("03-04 00:00", "03-18 00:00")
    now = at("03-01 00:00")
    hour = sched.BookingPolicy(slot_step=60 * MINUTE)
    every = [slot.starts_at for slot in sched.bookable_slots(known, SERVICE, within=within, policy=hour, now=now)]
    counted = [row.span for row in known_busy if row.kind in {sched.BusyKind.APPOINTMENT, sched.BusyKind.HOLD}]

    def used(start: datetime, *, week: bool) -> tuple[int, timedelta]:
        key = (lambda when: when.astimezone(NEW_YORK).isocalendar()[:2]) if week else (
            lambda when: when.astimezone(NEW_YORK).date())  # fmt: skip
        same = [one for one in counted if key(one.start) == key(start)]
        return len(same), sum((one.duration for one in same), timedelta(0))

    for week in (False, True):
        name = "weekly" if week else "daily"
        for count in (1, 2, 3, 4, 5):
            most = {f"{name}_count": count}
            expected = [start for start in every if used(start, week=week)[0] < count]
            assert_listed(known, within, now, hour, most, expected)
        for minutes in (50, 99, 100, 139, 140, 150, 240, 299, 300, 380):
            longest = {f"{name}_duration": minutes * MINUTE}
            expected = [start for start in every if used(start, week=week)[1] + 50 * MINUTE <= minutes * MINUTE]
            assert_listed(known, within, now, hour, longest, expected)
        assert_listed(known, within, now, hour, {f"{name}_duration": 49 * MINUTE}, [])


def assert_listed(
    known: sched.Diary,
    within: sched.Span,
    now: datetime,
    policy: sched.BookingPolicy,
    caps: dict[str, object],
    expected: list[datetime],
) -> None:
    capped = replace(policy, **caps)  # type: ignore[arg-type]
    for one in (known, known.prepared(within)):
        slots = sched.bookable_slots(one, SERVICE, within=within, policy=capped, now=now)
        assert [slot.starts_at for slot in slots] == expected, caps
    some = [within.start + n * 60 * MINUTE for n in range(0, 13 * 24, 5)]
    fine = [start for start in some if not sched.why_not(known, SERVICE, start, policy=capped, now=now)]
    assert fine == [start for start in some if start in expected], caps


def test_the_last_start_inside_the_horizon_is_listed_and_the_next_is_not() -> None:
    for extra, last in ((0, "06-15 10:00"), (1, "06-15 10:00"), (59, "06-15 10:00"), (-1, "06-15 09:30")):
        policy = sched.BookingPolicy(slot_step=30 * MINUTE, maximum_advance=sched.Period.parse("P14D"))
        now = at("06-01 10:00") + timedelta(seconds=extra)
        for known in (diary(), diary().prepared(WEEK)):
            slots = sched.bookable_slots(known, SERVICE, within=WEEK, policy=policy, now=now)
            assert slots[-1].starts_at == at(last)


def test_a_window_that_begins_inside_opening_hours_keeps_the_openings_grid() -> None:
    late = sched.Span(at("06-15 09:10"), at("06-15 16:40"))
    exact = sched.Span(at("06-15 09:00"), at("06-15 16:00"))
    for within, last in ((late, "15:55"), (exact, "15:55")):
        policy = sched.BookingPolicy(slot_step=35 * MINUTE)
        plain = sched.bookable_slots(diary(), SERVICE, within=within, policy=policy, now=NOW)
        ready = sched.bookable_slots(diary().prepared(within), SERVICE, within=within, policy=policy, now=NOW)
        assert list(plain) == list(ready)
        assert f"{plain[0].starts_at:%H:%M}" == ("09:35" if within is late else "09:00")
        assert f"{plain[-1].starts_at:%H:%M}" == last


def test_a_slot_that_ends_at_midnight_and_one_that_crosses_it_have_their_ends() -> None:
    night = diary(hours=sched.WeeklyHours.parse({"sat": "21:00-24:00", "sun": "00:00-04:00"}, zone=NEW_YORK.key))
    within = span("03-07 00:00", "03-09 00:00")
    hour = sched.Service(duration=60 * MINUTE)
    policy = sched.BookingPolicy(slot_step=30 * MINUTE)
    slots = list(sched.bookable_slots(night, hour, within=within, policy=policy, now=at("03-01 00:00")))

    # The clocks go from 02:00 to 03:00 on the 8th: every slot lasts an hour of real time all the same.
    assert [f"{slot.starts_at:%d %H:%M}-{slot.ends_at:%H:%M}" for slot in slots] == [
        "07 21:00-22:00", "07 21:30-22:30", "07 22:00-23:00", "07 22:30-23:30", "07 23:00-00:00", "07 23:30-00:30",
        "08 00:00-01:00", "08 00:30-01:30", "08 01:00-03:00", "08 01:30-03:30", "08 03:00-04:00",
    ]  # fmt: skip


def test_hash_and_equality_of_lists_of_slots_agree() -> None:
    one, same = (sched.bookable_slots(diary(), SERVICE, within=WEEK, policy=STEP, now=NOW) for _ in range(2))
    other = sched.bookable_slots(diary(), SERVICE, within=WEEK, now=NOW)

    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert len({hash(one), hash(other)}) == 2


def test_patching_keeps_what_was_set_up_besides() -> None:
    closed = sched.DateOverride.closed(at("06-16 00:00").date())
    block = span("06-17 09:00", "06-17 17:00")
    booked = sched.Busy(span=span("06-15 09:00", "06-15 17:00"), kind=sched.BusyKind.APPOINTMENT)
    known = diary(overrides=(closed,), blocks=(block,)).prepared(WEEK).adding(booked)

    slots = sched.bookable_slots(known, SERVICE, within=WEEK, policy=STEP, now=NOW)
    assert {slot.starts_at.day for slot in slots} == {18, 19}
    again = known.removing(booked)
    assert again.diary == diary(overrides=(closed,), blocks=(block,))


@pytest.mark.parametrize(("within", "busy"), [
    (span("06-15 09:00", "06-15 12:00"), (("09:00", "09:10"), ("10:19:59", "12:00"))),
    (span("06-15 09:00", "06-15 10:00"), (("09:00", "09:40"),)),
    (span("06-15 09:10", "06-15 09:30"), ()),
    (span("06-15 11:30", "06-15 13:00"), ()),
])  # fmt: skip
def test_where_the_next_start_is_just_too_late_there_is_none(
    within: sched.Span, busy: tuple[tuple[str, str], ...]
) -> None:
    spans = tuple(span(f"06-15 {start}", f"06-15 {end}") for start, end in busy)
    elsewhere = sched.Busy(span=span("06-15 20:00", "06-15 21:00"), kind=sched.BusyKind.APPOINTMENT)
    for known in (diary(busy=spans), diary(busy=(*spans, elsewhere))):
        for one in (known, known.prepared(within)):
            slots = sched.bookable_slots(one, SERVICE, within=within, policy=STEP, now=NOW)
            assert (bool(slots), len(slots), list(slots), slots.first(1), slots.per_day()) == (False, 0, [], [], {})
            assert within.end not in slots


def test_b9_the_longest_service_looks_as_far_ahead_as_the_longest_buffer() -> None:
    known = diary(
        hours=sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=HOURS.zone),
        busy=(
            sched.Busy(
                span=span("06-16 18:00", "06-16 19:00"),
                kind=sched.BusyKind.APPOINTMENT,
                buffer_before=timedelta(days=1),
            ),
        ),
    )
    long = sched.Service(duration=timedelta(hours=20))

    def starts(within: sched.Span) -> list[str]:
        return [
            f"{slot.starts_at:%d %H:%M}"
            for slot in sched.bookable_slots(known, long, within=within, policy=STEP, now=NOW)
        ]

    assert starts(span("06-14 21:30", "06-14 23:00")) == ["14 21:30", "14 22:00"]
    assert starts(span("06-14 22:30", "06-14 23:00")) == []


def test_an_instant_stays_inside_the_years_that_spans_may_have() -> None:
    assert instant(FAR) == datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert instant(-FAR) == datetime(1970, 1, 2, tzinfo=UTC)


def test_round_the_clock_a_slot_may_run_over_any_monday() -> None:
    # In shifts, so that the first of a Monday's ends before the slot does.
    shifts = {"mon": "00:00-00:10, 00:10-24:00", "tue-sun": "00:00-24:00"}
    known = diary(hours=sched.WeeklyHours.parse(shifts, zone=NEW_YORK.key))

    def over_midnight(within: sched.Span) -> list[int]:
        for one in (known, known.prepared(within)):
            slots = sched.bookable_slots(one, SERVICE, within=within, policy=STEP, now=NOW)
            found = [slot.starts_at.day for slot in slots if f"{slot.starts_at:%a %H:%M}" == "Sun 23:30"]
        return found

    assert over_midnight(span("06-11 00:00", "06-15 00:00")) == [14]
    assert over_midnight(span("06-11 00:00", "07-10 00:00")) == [14, 21, 28, 5]


def test_hours_had_windows_before_they_were_counted_from() -> None:
    nights = diary(hours=sched.WeeklyHours.parse({"mon": "22:00-02:00", "thu": "09:00-10:00"}, zone=NEW_YORK.key))
    within = sched.Span(datetime(2005, 6, 12, tzinfo=UTC), datetime(2005, 6, 19, tzinfo=UTC))
    slots = sched.bookable_slots(nights, sched.Service(duration=HOUR), within=within, now=within.start)

    assert [f"{slot.starts_at:%d %H:%M}" for slot in slots if not slot.starts_at.minute] == [
        "13 22:00", "13 23:00", "14 00:00", "14 01:00", "16 09:00",
    ]  # fmt: skip


def test_as_much_as_four_hundred_days_can_be_asked_about_at_once() -> None:
    days = timedelta(days=400)
    within = sched.Span(NOW, NOW.astimezone(UTC) + days)

    assert len(sched.bookable_slots(diary(), SERVICE, within=within, policy=STEP, now=NOW)) > 3000
    longer = sched.Span(NOW, NOW.astimezone(UTC) + days + timedelta(seconds=1))
    with pytest.raises(sched.InvalidValue):
        sched.bookable_slots(diary(), SERVICE, within=longer, policy=STEP, now=NOW)


def test_s15_without_hours_there_are_no_windows() -> None:
    assert window_source(sched.Diary(hours=None), None, None).between(0, 10**7) == []


def test_a_window_that_begins_a_microsecond_late_leaves_its_first_start_out() -> None:
    late = sched.Span(at("06-15 09:00") + timedelta(microseconds=1), at("06-15 12:00"))
    for known in (diary(), diary().prepared(WEEK)):
        slots = sched.bookable_slots(known, SERVICE, within=late, policy=STEP, now=NOW)
        assert slots[0].starts_at == at("06-15 09:30")
