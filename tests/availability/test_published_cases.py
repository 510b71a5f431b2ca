"""Every published slot case: 13 zones, half-hour changes, skipped days, crossing midnight."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched

CASES = json.loads((Path(__file__).parents[1] / "data" / "slots.json").read_text())["cases"]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def facts(case: dict[str, Any]) -> tuple[sched.Diary, sched.Service, sched.BookingPolicy, sched.Span, datetime]:
    at = datetime.fromisoformat
    week: dict[str, list[str]] = {}
    for row in case["weekly_hours"]:
        week.setdefault(WEEK[row["weekday"]], []).append(f"{row['start']}-{row['end']}")
    diary = sched.Diary(
        hours=sched.WeeklyHours.parse({day: ", ".join(rows) for day, rows in week.items()}, zone=case["timezone"]),
        overrides=tuple(
            sched.DateOverride.parse(
                date.fromisoformat(row["date"]), ", ".join(f"{part['start']}-{part['end']}" for part in row["windows"])
            )
            for row in case["overrides"]
        ),
        busy=tuple(sched.Span(at(row["start"]), at(row["end"])) for row in case["busy"]),
    )
    minutes = {key: timedelta(minutes=case[key] or 0) for key in case if key.endswith("_min")}
    service = sched.Service(
        duration=minutes["duration_min"],
        buffer_before=minutes["buffer_before_min"],
        buffer_after=minutes["buffer_after_min"],
    )
    policy = sched.BookingPolicy(
        minimum_notice=sched.Period(exact=minutes["min_notice_min"]),
        maximum_advance=None if case["max_horizon_min"] is None else sched.Period(exact=minutes["max_horizon_min"]),
        slot_step=minutes["step_min"],
    )
    return diary, service, policy, sched.Span(at(case["window_start"]), at(case["window_end"])), at(case["now"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a33_a_published_case_gives_its_published_starts(case: dict[str, Any]) -> None:
    diary, service, policy, within, now = facts(case)

    slots = sched.bookable_slots(diary, service, within=within, policy=policy, now=now)
    starts = [slot.starts_at.isoformat() for slot in slots]

    if "expected_starts" in case:
        assert case["expected_starts"] == starts
    assert case.get("expected_count", len(starts)) == len(starts) == len(slots) == sum(slots.per_day().values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_s18_every_listed_start_is_accepted_and_no_other_minute_is(case: dict[str, Any]) -> None:
    diary, service, policy, within, now = facts(case)
    slots = sched.bookable_slots(diary, service, within=within, policy=policy, now=now)

    when = within.start
    while when < min(within.end, within.start + timedelta(days=2)):
        assert (when in slots) == (not sched.why_not(diary, service, when, policy=policy, now=now))
        when += timedelta(minutes=17 if when not in slots else 1)
