"""The list of 100,000 appointments and the month of 1,000 entries, against plain passes over the same data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import oasys_sched as sched
from benchmarks.timing import interleaved
from oasys_sched.calendar.grid import Placed

SIZE = 100_000
ZONE = "America/New_York"
FIRST = datetime(2020, 1, 1, 14, tzinfo=UTC)
STATUSES = tuple(sched.AppointmentStatus)
MODES = tuple(sched.Mode)
SERVICES = {"therapy-50": "Individual therapy", "intake": "First visit", "group": "Group", "couple": "Couple's therapy"}
FIRST_NAMES = ("Ana", "Björn", "Chloé", "Dmitri", "Emeka", "Fátima", "Grace", "Hugo", "Íris", "Jürgen")
LAST_NAMES = ("Ruiz", "Ødegård", "Martin", "Petrov", "Obi", "Khan", "Lee", "Silva", "Nowak", "Åberg")
NAMES = {f"c{n}": f"{FIRST_NAMES[n % 10]} {LAST_NAMES[n // 10 % 10]} {n // 100}" for n in range(500)}


def appointments(size: int, step: timedelta) -> tuple[sched.Appointment, ...]:
    services = list(SERVICES)
    made = []
    for n in range(size):
        at = FIRST + n * step
        made.append(
            sched.Appointment(
                practice="p",
                id=f"a{n * 7919 % size:06}",
                clinician="k",
                client=f"c{n * 31 % 500}",
                service=services[n * 7 % 4],
                mode=MODES[n % 3],
                starts_at=at,
                duration=timedelta(minutes=50),
                zone=ZONE,
                status=STATUSES[n * 5 % len(STATUSES)],
                created_at=at - timedelta(days=7),
            )
        )
    return tuple(made)


FILTERS = sched.Filters(status=("upcoming", "completed"), mode=("telehealth", "in_person"))
STATUS = frozenset(("pending", "upcoming", "completed"))
MODE = frozenset(("telehealth", "in_person"))


def one_pass(rows: tuple[sched.Appointment, ...]) -> int:
    """The least anybody can do: look once at every field that the question names, and keep what fits."""
    names = {id: name.casefold() for id, name in NAMES.items()}
    kept = [
        (names[row.client], row.starts_at, row.id)
        for row in rows
        if row.status in STATUS
        and row.mode in MODE
        and ("ruiz" in names[row.client] or "ruiz" in row.service or "ruiz" in row.mode)
    ]
    return len(kept)


def filter_and_sort(rows: tuple[sched.Appointment, ...]) -> list[sched.Appointment]:
    """What an app writes: filter in a comprehension, sort it all, cut a page."""
    found = [
        row
        for row in rows
        if row.status in STATUS
        and row.mode in MODE
        and "ruiz" in f"{NAMES[row.client]} {SERVICES[row.service]} {row.mode}".casefold()
    ]
    found.sort(key=lambda row: (NAMES[row.client].casefold(), row.starts_at, row.id))
    return found[50:100]


def page(calendar: sched.Calendar, sort: str = "client", descending: bool = False) -> sched.Listing:
    return calendar.listing(filters=FILTERS, search="ruiz", sort=sort, descending=descending, page=2)


def constructed(rows: tuple[sched.Appointment, ...], places: list[Placed]) -> None:
    """What a view of them consists of, by its constructors: an entry for each, and a place for each part of one."""
    for row in rows:
        sched.Entry(
            kind=sched.EntryKind.APPOINTMENT,
            id=row.id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            status=sched.ShownStatus.UPCOMING,
            client=row.client,
            client_name=NAMES[row.client],
            service=row.service,
            service_name=SERVICES[row.service],
            mode=row.mode,
        )
    for place in places:
        Placed(
            entry=place.entry,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            column=place.column,
            columns=place.columns,
        )


def laid_out(rows: tuple[sched.Appointment, ...], zone: ZoneInfo) -> None:
    """The least of a month: each row's times in its zone, in order, on its day."""
    days: dict[date, list[tuple[datetime, datetime, str]]] = {}
    for row in sorted(rows, key=lambda row: row.starts_at):
        starts_at = row.starts_at.astimezone(zone)
        days.setdefault(starts_at.date(), []).append((starts_at, row.ends_at.astimezone(zone), row.id))


def main() -> None:
    rows = appointments(SIZE, timedelta(minutes=30))
    calendar = sched.Calendar(zone=ZONE, appointments=rows, client_names=NAMES, service_names=SERVICES)
    assert page(calendar).total == one_pass(rows)
    assert [entry.client for entry in page(calendar).entries] == [row.client for row in filter_and_sort(rows)]
    contenders = {
        "one pass over the data": lambda: one_pass(rows),
        "filter, sort all, cut a page": lambda: filter_and_sort(rows),
        "listing: filter + search + sort by client, page 2": lambda: page(calendar),
        "listing: the same by start, descending": lambda: page(calendar, "start", True),
        "listing: sort by client only, page 2": lambda: calendar.listing(sort="client", page=2),
        "listing: sort by start only, page 2": lambda: calendar.listing(page=2),
    }
    spent = interleaved(contenders, rounds=9)
    floor = spent["one pass over the data"]
    print(f"\na list of {SIZE:,} appointments, {page(calendar).total:,} found (CPU time, median of 9)")
    for name, seconds in spent.items():
        print(f"  {name:<52} {seconds * 1e3:>8.1f} ms {seconds / floor:>6.2f}x one pass")

    many = appointments(1_000, timedelta(minutes=43))
    whole = sched.Calendar(zone=ZONE, appointments=many, client_names=NAMES, service_names=SERVICES)
    day = date(2020, 1, 15)
    places = [place for cell in whole.month(day).days for place in cell.placed]
    seen = len(places)
    views = {
        f"floor: {len(many):,} appointments by local day, as tuples": lambda: laid_out(many, ZoneInfo(ZONE)),
        f"their {len(many):,} entries and {seen:,} places, constructed": lambda: constructed(many, places),
        f"month of {len(many):,} entries ({seen:,} places on the grid)": lambda: whole.month(day),
        "week out of the same": lambda: whole.week(day),
        f"month out of {SIZE:,} appointments": lambda: calendar.month(date(2022, 6, 15)),
        "picture of that month of 1,000": lambda: sched.month_picture(whole.month(day)),
    }
    print("\nviews (CPU time, median of 9)")
    spent = interleaved(views, rounds=9)
    floor = next(iter(spent.values()))
    for name, seconds in spent.items():
        print(f"  {name:<52} {seconds * 1e3:>8.2f} ms {seconds / floor:>6.2f}x floor")
