"""Verdicts to the last figure: what each reason names, where its edges lie, and whose hours it was judged by."""

from datetime import UTC, datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import Busy, BusyKind, Code, Refusal, Rule, Series, check_series
from tests.availability.week import HOURS, MINUTE, NEW_YORK, NOW, SERVICE, STEP, at, diary, reasons, span

HOUR = 60 * MINUTE
HERE = sched.WeeklyHours.parse({"mon": "09:00-10:00"}, zone=NEW_YORK.key, modes=["in_person"], locations=["main"])
ONLINE = sched.WeeklyHours.parse({"mon": "13:00-14:00"}, zone=NEW_YORK.key, modes=["telehealth"])
BOTH = diary(hours=sched.WeeklyHours(zone=NEW_YORK.key, ranges=(*HERE.ranges, *ONLINE.ranges)))
ALWAYS = sched.WeeklyHours.parse({"mon-sun": "00:00-24:00"}, zone=NEW_YORK.key)


def why(known: sched.Diary, when: str, policy: sched.BookingPolicy = STEP, **where: object) -> tuple[Refusal, ...]:
    return sched.why_not(known, SERVICE, at(when), policy=policy, now=NOW, **where)  # type: ignore[arg-type]


def near(before: str | None, after: str | None) -> dict[str, object]:
    return {"nearest_before": before and at(before), "nearest_after": after and at(after)}


def test_s18_each_reason_names_its_culprit_with_all_its_figures() -> None:
    known = diary(busy=(
        Busy(span=span("06-15 09:45", "06-15 10:30"), kind=BusyKind.BLOCK, id="lunch"),
        Busy(span=span("06-15 09:40", "06-15 10:10"), kind=BusyKind.EXTERNAL, id="gcal"),
        Busy(span=span("06-15 08:30", "06-15 08:50"), kind=BusyKind.APPOINTMENT, id="a", buffer_after=25 * MINUTE),
        Busy(span=span("06-15 10:40", "06-15 10:50"), kind=BusyKind.HOLD, id="h", buffer_before=HOUR),
    ))  # fmt: skip

    def told(id: str, kind: BusyKind, start: str, end: str, **more: object) -> dict[str, object]:
        return {"kind": kind.value, "id": id, "start": at(f"06-15 {start}"), "end": at(f"06-15 {end}"), **more}

    blocked = told("lunch", BusyKind.BLOCK, "09:45", "10:30", **near("06-12 16:00", "06-15 11:00"))
    earlier = told("a", BusyKind.APPOINTMENT, "08:30", "08:50", gap_minutes=10)
    later = told("h", BusyKind.HOLD, "10:40", "10:50", gap_minutes=50)
    assert why(known, "06-15 09:00") == (
        Refusal(Code.BLOCKED, "a time block lies there", "starts_at", blocked),
        Refusal(
            Code.BUSY, "an external busy time lies there", "starts_at",
            told("gcal", BusyKind.EXTERNAL, "09:40", "10:10"),
        ),
        Refusal(Code.BUFFER, "too close to an appointment", "starts_at", earlier),
        Refusal(Code.BUFFER, "too close to a hold", "starts_at", later),
    )  # fmt: skip


def test_a_verdict_looks_at_hours_first_then_at_what_is_busy_then_at_notice_and_horizon() -> None:
    strict = sched.BookingPolicy(
        slot_step=30 * MINUTE, minimum_notice=sched.Period(days=20), maximum_advance=sched.Period(days=30)
    )

    soon = why(diary(busy=(span("06-15 09:00", "06-15 10:00"),)), "06-15 09:10", strict)
    late = why(diary(), "07-20 09:00", strict)

    assert [(row.code, row.message, row.field) for row in soon] == [
        (Code.OFF_GRID, "starts lie every 30 minutes from the opening", "starts_at"),
        (Code.BUSY, "an external busy time lies there", "starts_at"),
        (Code.TOO_SOON, "book at least P20D ahead", "starts_at"),
    ]
    opened = {"opens_at": at("06-15 09:00"), "step_seconds": 1800, **near(None, "06-22 09:00")}
    assert soon[0].details == opened
    assert soon[2].details == {"earliest": at("06-21 08:00"), "minimum_notice": "P20D"}
    advance = {"latest": at("07-01 08:00"), "maximum_advance": "P30D", **near("06-30 16:00", None)}
    assert late == (Refusal(Code.TOO_FAR_AHEAD, "book at most P30D ahead", "starts_at", advance),)
    past = why(diary(), "05-29 09:00")
    assert [(row.message, row.details["minimum_notice"]) for row in past] == [("the start has passed", None)]


def test_s3_a_verdict_and_its_proposals_keep_to_the_asked_mode_and_place() -> None:
    morning, afternoon = "06-15 09:00", "06-15 13:00"

    assert why(BOTH, morning, mode=sched.Mode.IN_PERSON, location="main") == ()
    (elsewhere,) = why(BOTH, morning, location="branch")
    assert elsewhere.details == near("06-08 13:00", afternoon)
    (online,) = why(BOTH, morning, mode=sched.Mode.TELEHEALTH)
    assert online.details == near("06-08 13:00", afternoon)
    (here,) = why(BOTH, afternoon, mode=sched.Mode.IN_PERSON)
    assert here.details == near(morning, "06-22 09:00")
    assert sched.is_open(BOTH, span(morning, "06-15 10:00"), mode=sched.Mode.IN_PERSON, location="main")
    assert not sched.is_open(BOTH, span(morning, "06-15 10:00"), mode=sched.Mode.TELEHEALTH)
    assert not sched.is_open(BOTH, span(morning, "06-15 10:00"), location="branch")


@pytest.mark.parametrize("where", [
    {"mode": sched.Mode.TELEHEALTH}, {"location": "branch"}, {"policy": sched.BookingPolicy(slot_step=7 * MINUTE)},
])  # fmt: skip
def test_s109_a_client_is_judged_by_the_same_hours_and_told_no_reason(where) -> None:
    def told(**asked: object) -> tuple[Refusal, ...]:
        when = at("06-15 09:10") if "policy" in asked else at("06-15 09:00")
        return sched.why_not_for_client(BOTH, SERVICE, when, now=NOW, **asked)  # type: ignore[arg-type]

    assert told(**where) == (Refusal(Code.SLOT_UNAVAILABLE, "this time is not available", "starts_at"),)
    if "policy" in where:
        assert told(policy=sched.BookingPolicy(slot_step=10 * MINUTE)) == ()
    else:
        assert told() == ()


def test_s16_hours_round_the_clock_count_their_starts_anew_each_monday() -> None:
    # A week is not a whole number of 50 minutes: Sunday's last start would not lead to Monday's midnight.
    known, step = diary(hours=ALWAYS), sched.BookingPolicy(slot_step=50 * MINUTE)

    assert reasons(known, "06-15 00:00", policy=step) == []
    assert reasons(known, "06-15 00:50", policy=step) == []
    assert reasons(known, "06-15 00:30", policy=step) == [Code.OFF_GRID]


def test_b10_a_full_day_begins_and_ends_at_midnight() -> None:
    one_a_day = sched.BookingPolicy(slot_step=30 * MINUTE, daily_count=1)
    known = diary(hours=ALWAYS, busy=(Busy(span=span("06-15 10:00", "06-15 10:50"), kind=BusyKind.APPOINTMENT),))

    full = why(known, "06-15 00:00", one_a_day)
    assert [row.code for row in full] == [Code.DAILY_CAP]
    assert full[0].details == {"from": "2026-06-15", "count": 1, **near("06-14 23:30", "06-16 00:00")}
    assert why(known, "06-16 00:00", one_a_day) == ()
    assert [row.code for row in why(known, "06-15 23:30", one_a_day)] == [Code.DAILY_CAP]


def test_s88_the_last_second_of_a_slot_is_looked_at() -> None:
    known = diary(busy=(sched.Span(at("06-15 09:50") - timedelta(seconds=1), at("06-15 09:55")),))

    assert reasons(known, "06-15 09:00") == [Code.BUSY]
    assert reasons(diary(busy=(span("06-15 09:50", "06-15 09:55"),)), "06-15 09:00") == []


def test_b9_a_buffer_ends_where_its_figure_says() -> None:
    before = Busy(span=span("06-15 08:00", "06-15 08:35"), kind=BusyKind.APPOINTMENT, id="a", buffer_after=HOUR)
    (reason,) = why(diary(busy=(before,)), "06-15 09:30")

    assert (reason.code, reason.message) == (Code.BUFFER, "too close to an appointment")
    assert reason.details["gap_minutes"] == 55
    assert isinstance(reason.details["gap_minutes"], int)
    after = Busy(span=span("06-15 09:50", "06-15 10:00"), kind=BusyKind.HOLD, id="h", buffer_before=MINUTE)
    (touching,) = why(diary(busy=(after,)), "06-15 09:00")
    assert touching.details["gap_minutes"] == 0
    longest = Busy(span=span("06-15 08:00", "06-15 08:30"), kind=BusyKind.APPOINTMENT, buffer_after=HOUR)
    assert why(diary(busy=(longest,)), "06-15 09:30") == ()


WEEKLY = Series(
    start=datetime(2026, 6, 15, 10), zone=NEW_YORK.key, duration=HOUR, rule=Rule.every(weeks=1, count=2)
)  # fmt: skip


def test_a36_every_culprit_is_named_in_order_and_what_only_touches_is_none() -> None:
    rows = (
        Busy(span=span("06-15 08:00", "06-15 10:30"), kind=BusyKind.EXTERNAL, id="long"),
        Busy(span=span("06-15 09:00", "06-15 10:00"), kind=BusyKind.APPOINTMENT, id="touching"),
        Busy(span=span("06-15 10:45", "06-15 11:30"), kind=BusyKind.BLOCK, id="late"),
        Busy(span=span("06-22 09:00", "06-22 10:00"), kind=BusyKind.HOLD, id="buffered", buffer_after=HOUR),
    )
    check = check_series(WEEKLY, diary(busy=rows))
    first = datetime(2026, 6, 15, 10)

    assert check.free == (False, True)
    assert check.verdicts[0].reasons == (
        Refusal(
            Code.BUSY, "the connected calendar is busy at that time", "starts_at",
            {"original_start": first, "span": rows[0].span, "id": "long"},
        ),
        Refusal(
            Code.BLOCKED, "the time is blocked", "starts_at",
            {"original_start": first, "span": rows[2].span, "id": "late"},
        ),
    )  # fmt: skip


def test_a36_suggestions_keep_to_the_practices_grid_and_calendars() -> None:
    taken = Busy(span=span("06-15 10:30", "06-15 11:15"), kind=BusyKind.APPOINTMENT)
    external = Busy(span=span("06-15 09:00", "06-15 10:00"), kind=BusyKind.EXTERNAL)
    known = diary(busy=(taken, external))
    first = datetime(2026, 6, 15, 10)

    def suggested(**policy: object) -> datetime | None:
        return check_series(WEEKLY, known, policy=sched.BookingPolicy(**policy)).suggestions()[first]  # type: ignore[arg-type]

    assert suggested(slot_step=60 * MINUTE) == at("06-15 13:00")
    assert suggested(slot_step=60 * MINUTE, block_external_busy=False) == at("06-15 09:00")
    assert suggested(slot_step=10 * MINUTE, block_external_busy=False) == at("06-15 09:30")
    found = suggested(slot_step=60 * MINUTE)
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(("open", "moved", "free"), [
    ("09:00-12:00", 9, 11), ("09:00-12:00", 11, 9), ("10:00-13:00", 12, 11), ("08:00-11:00", 8, 9),
])  # fmt: skip
def test_a36_a_suggestion_may_touch_another_occurrence_on_either_side(open: str, moved: int, free: int) -> None:
    known = diary(
        hours=sched.WeeklyHours.parse({"mon": open}, zone=HOURS.zone), busy=(span("06-15 10:00", "06-15 10:10"),)
    )
    daily = Series(start=datetime(2026, 6, 15, 10), zone=NEW_YORK.key, duration=HOUR, rule=Rule.every(days=1, count=2))
    series = daily.moved(datetime(2026, 6, 16, 10), to=datetime(2026, 6, 15, moved))
    hourly = sched.BookingPolicy(slot_step=60 * MINUTE)

    assert check_series(series, known, policy=hourly).suggestions() == {
        datetime(2026, 6, 15, 10): at(f"06-15 {free:02}:00")
    }


def test_a36_what_ends_as_the_occurrence_starts_is_no_culprit_under_a_longer_one() -> None:
    rows = tuple(
        Busy(span=span(f"06-22 {start}", f"06-22 {end}"), kind=BusyKind.APPOINTMENT, id=id)
        for id, start, end in (("long", "08:00", "12:00"), ("over", "09:00", "10:00"))
    )

    (reason,) = check_series(WEEKLY, diary(busy=rows)).verdicts[1].reasons
    assert reason.details["id"] == "long"


def test_s18_at_the_very_close_there_is_no_window_to_name() -> None:
    (closing,) = why(diary(), "06-15 17:00")
    (late,) = why(diary(), "06-15 16:30")

    assert closing == Refusal(
        Code.OUTSIDE_HOURS,
        "does not lie wholly inside the hours",
        "starts_at",
        near("06-15 16:00", "06-16 09:00"),
    )
    assert late.details == {"closes_at": at("06-15 17:00"), **near("06-15 16:00", "06-16 09:00")}


def test_b10_a_cap_of_nothing_counts_nothing() -> None:
    (full,) = why(diary(), "06-15 09:00", sched.BookingPolicy(slot_step=30 * MINUTE, daily_count=0))

    assert full.details == {"from": None, "count": 0, **near(None, None)}


def test_what_only_touches_a_span_is_not_busy_in_it() -> None:
    rows = (
        span("06-15 09:00", "06-15 10:00"),
        Busy(span=span("06-15 09:00", "06-15 10:00"), kind=BusyKind.HOLD),
        Busy(span=span("06-15 11:00", "06-15 12:00"), kind=BusyKind.HOLD),
        Busy(span=span("06-15 10:30", "06-15 11:30"), kind=BusyKind.HOLD, id="in it"),
    )

    assert [row.id for row in diary(busy=rows).busy_between(span("06-15 10:00", "06-15 11:00"))] == ["in it"]
