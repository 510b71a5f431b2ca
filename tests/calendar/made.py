"""Appointments made for the calendar's tests."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import oasys_sched as sched
from oasys_sched.booking.appointment import Appointment, AppointmentStatus

NEW_YORK = "America/New_York"


def at(zone: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)


def span(start: datetime, minutes: int) -> sched.Span:
    return sched.Span(start, start.astimezone(UTC) + timedelta(minutes=minutes))


def booked(id: str = "a1", start: datetime | None = None, **given: Any) -> Appointment:
    start = start or at(NEW_YORK, 2026, 6, 17, 10)
    return Appointment(
        **{
            "practice": "p",
            "id": id,
            "clinician": "k",
            "client": "c1",
            "service": "therapy-50",
            "mode": sched.Mode.TELEHEALTH,
            "starts_at": start,
            "duration": timedelta(minutes=50),
            "zone": NEW_YORK,
            "status": AppointmentStatus.UPCOMING,
            "created_at": start.astimezone(UTC) - timedelta(days=7),
        }
        | given
    )


def calendar(*appointments: Appointment, **given: Any) -> sched.Calendar:
    return sched.Calendar(**({"zone": NEW_YORK, "appointments": appointments} | given))


def midnight(day: date, zone: str = NEW_YORK) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
