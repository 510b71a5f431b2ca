"""A small week that the rules are shown on: Mondays to Fridays, nine to five, in New York."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import oasys_sched as sched

NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
HOURS = sched.WeeklyHours.parse({"mon-fri": "09:00-12:00, 13:00-17:00"}, zone=NEW_YORK.key)
SERVICE = sched.Service(duration=50 * MINUTE)
STEP = sched.BookingPolicy(slot_step=30 * MINUTE)


def at(text: str) -> datetime:
    """'06-15 09:00' in 2026 on New York's clock."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=NEW_YORK)


def span(start: str, end: str) -> sched.Span:
    return sched.Span(at(start), at(end))


NOW = at("06-01 08:00")
MONDAY = span("06-15 00:00", "06-16 00:00")
WEEK = span("06-15 00:00", "06-22 00:00")


def diary(**facts: object) -> sched.Diary:
    return sched.Diary(**{"hours": HOURS, **facts})  # type: ignore[arg-type]


def listed(
    known: sched.Diary | sched.PreparedDiary, within: sched.Span = MONDAY, service: sched.Service = SERVICE,
    policy: sched.BookingPolicy = STEP, now: datetime = NOW, **where: object,
) -> list[str]:  # fmt: skip
    slots = sched.bookable_slots(known, service, within=within, policy=policy, now=now, **where)  # type: ignore[arg-type]
    return [f"{slot.starts_at:%d %H:%M}" for slot in slots]


def reasons(
    known: sched.Diary | sched.PreparedDiary, when: str, service: sched.Service = SERVICE,
    policy: sched.BookingPolicy = STEP, now: datetime = NOW, **where: object,
) -> list[sched.Code]:  # fmt: skip
    found = sched.why_not(known, service, at(when), policy=policy, now=now, **where)  # type: ignore[arg-type]
    return [reason.code for reason in found]
