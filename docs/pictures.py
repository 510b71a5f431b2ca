"""Every picture of the docs, made by the library from the same facts on every machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import oasys_sched as sched
from oasys_sched.calendar.entries import Entry

HERE = Path(__file__).parent
ZONE = "America/New_York"
CLIENTS = {
    "ana": ("c-1", "Ana Ruiz"), "bjorn": ("c-2", "Björn Ødegård"), "chloe": ("c-4", "Chloé Martin"),
    "dmitri": ("c-6", "Dmitri Petrov"), "emeka": ("c-9", "Emeka Obi"), "fatima": ("c-15", "Fatima Khan"),
    "grace": ("c-11", "Grace Lee"), "hugo": ("c-13", "Hugo Silva"),
}  # fmt: skip
NAMES = dict(CLIENTS.values())
SERVICES = {"therapy-50": "Individual therapy"}
HOURS = sched.WeeklyHours.parse({"mon-thu": "09:00-12:00, 13:00-17:00", "fri": "09:00-12:00"}, zone=ZONE)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A local time of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(ZONE))


def booked(id: str, client: str, start: datetime, *, status: str = "upcoming", minutes: int = 50) -> sched.Appointment:
    """One appointment as it is stored."""
    return sched.Appointment(
        practice="harbour",
        id=id,
        clinician="rivera",
        client=CLIENTS[client][0],
        service="therapy-50",
        mode=sched.Mode.TELEHEALTH,
        starts_at=start,
        duration=timedelta(minutes=minutes),
        zone=ZONE,
        status=sched.AppointmentStatus(status),
        created_at=start.astimezone(UTC) - timedelta(days=7),
    )


def span(start: datetime, minutes: int) -> sched.Span:
    """A stretch of time."""
    return sched.Span(start, start.astimezone(UTC) + timedelta(minutes=minutes))


def practice(*appointments: sched.Appointment, others: tuple[Entry, ...] = (), month: int = 3) -> sched.Calendar:
    """The example practice's calendar."""
    diary = sched.Diary(hours=HOURS)
    whole = sched.Span(at(1, 0, month=month), at(28, 0, month=month) + timedelta(days=14))
    return sched.Calendar(
        zone=ZONE,
        appointments=appointments,
        others=others,
        client_names=NAMES,
        service_names=SERVICES,
        open=sched.diary_calendar(diary, whole).open,
        now=at(4, 18, month=month),
    )


def week() -> str:
    """A working week: every status, an overlap, a block, a hold and another calendar's time."""
    grid = practice(
        booked("a1", "ana", at(2, 9), status="completed"),
        booked("a2", "bjorn", at(2, 10, 30), status="completed"),
        booked("a3", "chloe", at(2, 14), status="no_show"),
        booked("a4", "dmitri", at(3, 9, 30), status="cancelled"),
        booked("a5", "emeka", at(3, 9, 30), status="completed"),
        booked("a6", "fatima", at(4, 9), status="completed", minutes=80),
        booked("a7", "grace", at(4, 15), status="upcoming"),
        booked("a8", "ana", at(5, 9)),
        booked("a9", "hugo", at(5, 10, 30)),
        booked("b1", "bjorn", at(5, 15), status="pending"),
        booked("b2", "emeka", at(6, 9)),
        booked("b3", "chloe", at(6, 10)),
        others=(
            Entry.block("lunch", span(at(3, 13), 60), title="Supervision"),
            Entry.hold("h1", span(at(5, 13), 50), client="c-6", client_name=NAMES["c-6"]),
            Entry.busy(span(at(4, 13), 75)),
        ),
    ).week(date(2026, 3, 2))
    return sched.week_picture(grid)


def tutorial() -> str:
    """The week at the end of the tutorial."""
    shown = booked("a1", "ana", at(5, 15), status="cancelled"), booked("a2", "ana", at(6, 10))
    plain = sched.Calendar(zone=ZONE, appointments=shown, client_names=NAMES)
    return sched.week_picture(plain.week(date(2026, 3, 2)))


def crowded() -> str:
    """A full week with overlaps up to six deep."""
    rows = []
    for day in range(2, 7):
        for n, hour in enumerate((9, 10, 11, 13, 14, 15, 16)):
            for deep in range(1 + (day * 7 + n * 3) % 4):
                client = list(CLIENTS)[(day * 5 + n * 3 + deep) % len(NAMES)]
                rows.append(booked(f"c{day}-{n}-{deep}", client, at(day, hour, deep * 10), minutes=80))
    return sched.week_picture(practice(*rows).week(date(2026, 3, 2)))


def autumn() -> str:
    """A week in which the clocks go back: Sunday has 25 hours, and one o'clock comes twice."""
    sunday = datetime(2026, 11, 1, tzinfo=ZoneInfo(ZONE))
    grid = practice(
        booked("d1", "ana", at(28, 10, month=10)),
        booked("d2", "bjorn", at(30, 11, month=10)),
        booked("d3", "chloe", sunday.replace(hour=1), minutes=50),
        booked("d4", "dmitri", sunday.replace(hour=1, fold=1), minutes=50),
        booked("d5", "emeka", sunday.replace(hour=3), minutes=50),
        month=10,
    ).week(date(2026, 11, 1))
    return sched.week_picture(grid)


def month(entries: int = 200) -> str:
    """A month with many entries."""
    rows = []
    for n in range(entries):
        day = 1 + n * 7 % 31
        rows.append(booked(f"m{n:03}", list(CLIENTS)[n % len(NAMES)], at(day, 8 + n * 5 % 10, n * 10 % 60)))
    return sched.month_picture(practice(*rows).month(date(2026, 3, 1)))


def empty() -> str:
    """A week in which nothing is booked."""
    return sched.week_picture(practice().week(date(2026, 3, 9)))


def timeline() -> str:
    """The life of one appointment that was cancelled late."""
    appointment = sched.Appointment(
        practice="harbour",
        id="a1",
        clinician="rivera",
        client="ana",
        service="therapy-50",
        mode=sched.Mode.TELEHEALTH,
        starts_at=at(5, 15),
        duration=timedelta(minutes=50),
        zone=ZONE,
        status=sched.AppointmentStatus.UPCOMING,
        created_at=at(2, 9),
    )
    found = sched.moments(
        appointment,
        booking=sched.BookingPolicy(minimum_notice=sched.Period.parse("PT48H")),
        cancellation=sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H")),
        reminders=sched.ReminderPolicy(enabled=True, offsets=(sched.Period.parse("PT26H"), sched.Period.parse("PT2H"))),
    )
    return sched.timeline_picture(found, zone=ZONE, now=at(5, 9))


PICTURES = {
    "week": week,
    "tutorial": tutorial,
    "crowded": crowded,
    "autumn": autumn,
    "month": month,
    "empty": empty,
    "timeline": timeline,
}

if __name__ == "__main__":
    # The README is read where nothing is built: its picture is committed, and a test holds it to what is made here.
    (HERE / "images" / "week.svg").write_text(week(), encoding="utf-8")
