"""The calendar as its owner opens it: week, month and list over the same facts (S22-S26)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, final

from oasys_sched.booking.appointment import Appointment
from oasys_sched.calendar.entries import Entry, EntryKind, appointment_entry
from oasys_sched.calendar.grid import Grid, build_grid, day_start, month_days, week_days
from oasys_sched.calendar.listing import Filters, Listing, Names, select
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.times import EARLIEST, LATEST, Span, find_zone, require_aware

__all__ = ["Calendar"]

VIEWS: Final = ("week", "month")
NO_NAMES: Final[Mapping[str, str]] = {}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Everything on one calendar, to be seen by week, by month or as a list.

    `appointments` as they are stored; `others` are entries for what is none: logged sessions, blocks, holds, external
    busy times. `open` are working hours, for the background. `zone` is whose midnight counts; `week_start` 0 is Monday.
    `now` decides `needs_outcome` (A31).

    Raises:
        InvalidValue: `unknown_zone`, `naive_datetime`, or naming `week_start`.
    """

    zone: str
    appointments: tuple[Appointment, ...] = ()
    others: tuple[Entry, ...] = ()
    client_names: Mapping[str, str] = dataclasses.field(default_factory=lambda: NO_NAMES, hash=False, repr=False)
    service_names: Mapping[str, str] = dataclasses.field(default_factory=lambda: NO_NAMES, hash=False, repr=False)
    open: tuple[Span, ...] = ()
    now: datetime | None = None
    week_start: int = 0

    def __post_init__(self) -> None:
        find_zone(self.zone)
        if type(self.week_start) is not int or not 0 <= self.week_start <= 6:
            raise InvalidValue("give 0 for Monday to 6 for Sunday", field="week_start")
        if self.now is not None:
            require_aware(self.now, "now")
        for field in ("appointments", "others", "open"):
            object.__setattr__(self, field, tuple(getattr(self, field)))

    def week(self, day: date) -> Grid:
        """Return the week that a local day lies in: seven days from the week's start."""
        return self.view("week", day)

    def month(self, day: date) -> Grid:
        """Return the month that a local day lies in, padded to whole weeks."""
        return self.view("month", day)

    def view(self, name: str, day: date) -> Grid:
        """Return a view by its name, as a page's address carries it.

        Raises:
            InvalidValue: `unknown_view` for anything but "week" and "month"; `out_of_range` outside 1971 to 2198.
        """
        if name not in VIEWS:
            raise InvalidValue(f"give one of {', '.join(VIEWS)}", field="view", code=Code.UNKNOWN_VIEW)
        if not isinstance(day, date) or isinstance(day, datetime):
            raise InvalidValue("give a date", field="day")
        if not EARLIEST.year < day.year < LATEST.year:
            raise InvalidValue("give a day between 1971 and 2198", field="day", code=Code.OUT_OF_RANGE)
        days = (week_days if name == "week" else month_days)(day, self.week_start)
        zone = find_zone(self.zone)
        start, end = day_start(days[0], zone), day_start(days[-1] + timedelta(days=1), zone)
        # Only what can be seen becomes an entry: a calendar of years costs a month's worth of objects.
        seen = [a for a in self.appointments if a.starts_at < end and a.ends_at > start]
        others = [self._named(entry) for entry in self.others if entry.starts_at < end and entry.ends_at > start]
        return build_grid(name, day, days, self.zone, [*map(self._entry, seen), *others], self.open)

    def listing(
        self,
        *,
        filters: Filters | None = None,
        search: str = "",
        sort: str = "start",
        descending: bool = False,
        page: int = 1,
        page_size: int = 50,
    ) -> Listing:
        """Return one page of the chronological list (S24, S25).

        Every word of `search` has to occur in the client's name, the service, the mode or the title, whatever its case
        and accents. Sort columns: start, end, client, service, mode, status; ties by start, then id. Of a client or a
        service that the calendar has no name for, an entry's own name counts.

        Raises:
            InvalidValue: `unknown_column`, or naming `search`, `page` or `page_size`.
        """
        names = Names(
            {row.client: row.client_name for row in self.others if row.client and row.client_name}
            | {**self.client_names},
            {row.service: row.service_name for row in self.others if row.service and row.service_name}
            | {**self.service_names},
        )
        found, total = select(
            self.appointments,
            self.others,
            zone=self.zone,
            names=names,
            filters=filters or Filters(),
            search=search,
            sort=sort,
            descending=descending,
            page=page,
            page_size=page_size,
        )
        return Listing(
            zone=self.zone,
            entries=tuple(self._named(row) if isinstance(row, Entry) else self._entry(row) for row in found),  # type: ignore[arg-type]
            total=total,
            page=page,
            page_size=page_size,
            sort=sort,
            descending=descending,
        )

    def for_client(self, *clients: str, zone: str | None = None) -> Calendar:
        """Return what a client may see: the own appointments and sessions (a guardian: those of each child), no more.

        Blocks, holds, busy times, working hours and what awaits the clinician are not in it, so that two calendars with
        the same appointments of this client give equal views, whatever else is on them (S109). `zone` is the client's,
        if it is another.
        """
        own = frozenset(clients)
        return dataclasses.replace(
            self,
            zone=self.zone if zone is None else zone,
            appointments=tuple(a for a in self.appointments if a.client in own),
            others=tuple(
                dataclasses.replace(entry, title="", needs_outcome=False)
                for entry in self.others
                if entry.client in own and entry.kind is EntryKind.SESSION
            ),
            client_names={client: name for client, name in self.client_names.items() if client in own},
            open=(),
            now=None,
        )

    def _named(self, entry: Entry) -> Entry:
        """Return an entry with the calendar's names where it has none of its own."""
        client = entry.client_name or self.client_names.get(entry.client or "", "")
        service = entry.service_name or self.service_names.get(entry.service or "", "")
        if (client, service) == (entry.client_name, entry.service_name):
            return entry
        return dataclasses.replace(entry, client_name=client, service_name=service)

    def _entry(self, appointment: Appointment) -> Entry:
        return appointment_entry(
            appointment,
            now=self.now,
            client_name=self.client_names.get(appointment.client, ""),
            service_name=self.service_names.get(appointment.service, ""),
        )
