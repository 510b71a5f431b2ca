"""The chronological list: filters, search, sort, one page (S24, S25)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from heapq import nsmallest
from operator import attrgetter, or_
from typing import Any, Final, final

from oasys_sched.calendar.entries import SHOWN, Entry, Listed, ShownStatus, shown_status
from oasys_sched.calendar.folding import bare, fold
from oasys_sched.calendar.grid import day_start
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.times import EARLIEST, LATEST, find_zone

__all__ = ["COLUMNS", "Filters", "Listing", "Names", "select"]

LONGEST_SEARCH: Final = 200
LARGEST_PAGE: Final = 1000
FIELDS: Final = ("status", "client", "service", "mode", "series")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What to keep: a row must satisfy every field that is given, by any one of that field's values (S25).

    `first_day` and `last_day` are local days, both included; a row belongs to the day it starts on. A pending booking
    counts as upcoming, as it is shown.

    Raises:
        InvalidValue: naming the field, when a status or mode does not exist or the last day is before the first.
    """

    status: tuple[ShownStatus, ...] = ()
    client: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    mode: tuple[Mode, ...] = ()
    series: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        for field in FIELDS:
            given = getattr(self, field)
            if isinstance(given, str) or not isinstance(given, Iterable):
                raise InvalidValue("give several values as a tuple, even one", field=field)
            object.__setattr__(self, field, tuple(given))
            if not all(isinstance(value, str) for value in getattr(self, field)):
                raise InvalidValue("give each value as text", field=field)
        for field, kind in (("status", ShownStatus), ("mode", Mode)):
            try:
                object.__setattr__(self, field, tuple(kind(value) for value in getattr(self, field)))
            except ValueError:
                known = ", ".join(kind)
                raise InvalidValue(f"give one of {known}", field=field) from None
        for field in ("first_day", "last_day"):
            day = getattr(self, field)
            if day is None:
                continue
            if not isinstance(day, date) or isinstance(day, datetime):
                raise InvalidValue("give a date", field=field)
            if not EARLIEST.date() <= day < LATEST.date() - timedelta(days=1):
                raise InvalidValue("give a day between 1970 and 2199", field=field, code=Code.OUT_OF_RANGE)
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise InvalidValue("the last day is before the first", field="last_day", code=Code.INVALID_RANGE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list, with the number of rows and pages there are."""

    zone: str
    entries: tuple[Entry, ...]
    total: int
    page: int
    page_size: int
    sort: str
    descending: bool

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one, empty."""
        return max(1, -(-self.total // self.page_size))

    def _repr_html_(self) -> str:
        from oasys_sched.calendar.tables import listing_table

        return listing_table(self)


@final
@dataclass(frozen=True, slots=True)
class Names:
    """What clients and services are called; an id without a name is called by its id."""

    clients: Mapping[str, str]
    services: Mapping[str, str]

    def client(self, id: str | None) -> str:
        """A client's name."""
        return "" if id is None else self.clients.get(id, id)

    def service(self, id: str | None) -> str:
        """A service's name."""
        return "" if id is None else self.services.get(id, id)


_STATUS: Final = {status: n for n, status in enumerate(ShownStatus)}


Value = Callable[[Listed], Any]
Key = Callable[[Any, Names], Any]
Fine = Callable[[Listed], tuple[object, ...]]


def _standing(row: Listed) -> tuple[object, ...]:
    return row.starts_at, row.id


@final
@dataclass(frozen=True, slots=True)
class Column:
    """How one column orders rows: by the `key` of a `value` that many rows share, then by whatever `fine` gives."""

    value: Value
    key: Key
    fine: Callable[[bool], Fine] = lambda _: _standing


def _status_key(status: str | None, _: Names) -> int:
    shown = shown_status(status)
    return len(_STATUS) if shown is None else _STATUS[shown]


# The fixed columns (S25). A hundred thousand rows name a few hundred clients: only those are folded and sorted.
COLUMNS: Final[Mapping[str, Column]] = {
    "start": Column(
        lambda row: row.starts_at.toordinal(),
        lambda day, _: day,
        lambda descending: (lambda row: (EARLIEST - row.starts_at, row.id)) if descending else _standing,
    ),
    "end": Column(
        lambda row: row.ends_at.toordinal(),
        lambda day, _: day,
        lambda descending: lambda row: (EARLIEST - row.ends_at if descending else row.ends_at, row.starts_at, row.id),
    ),
    "client": Column(attrgetter("client"), lambda key, names: (fold(names.client(key)), key or "")),
    "service": Column(attrgetter("service"), lambda key, names: (fold(names.service(key)), key or "")),
    "mode": Column(attrgetter("mode"), lambda mode, _: mode or ""),
    "status": Column(attrgetter("status"), _status_key),
}


def select(
    rows: Iterable[Listed],
    entries: Iterable[Entry] = (),
    *,
    zone: str,
    names: Names,
    filters: Filters,
    search: str,
    sort: str,
    descending: bool,
    page: int,
    page_size: int,
) -> tuple[list[Listed], int]:
    """Return one page of rows and entries, and how many there are in all. One pass, and a heap for the page.

    Ties are in order of start, then id, in both directions.

    Raises:
        InvalidValue: `unknown_column`; or naming `search`, `page` or `page_size`.
    """
    if not isinstance(sort, str) or sort not in COLUMNS:
        raise InvalidValue(f"give one of {', '.join(COLUMNS)}", field="sort", code=Code.UNKNOWN_COLUMN)
    for field, number, most in (("page", page, 10**9), ("page_size", page_size, LARGEST_PAGE)):
        if type(number) is not int or not 1 <= number <= most:
            raise InvalidValue(f"give a whole number from 1 to {most}", field=field, code=Code.OUT_OF_RANGE)
    words = _words(search)
    found = _searched(_filtered(rows, filters, zone), words, names)
    found += _searched(_filtered(entries, filters, zone), words, names, _own)
    first = (page - 1) * page_size
    return _page(found, COLUMNS[sort], names, descending, first, first + page_size), len(found)


def _filtered(rows: Iterable[Listed], filters: Filters, zone: str) -> Iterable[Listed]:
    # Each step hands single rows to the next: rows of years are seen once, while they are at hand.
    if filters.status:
        shown = {None: False} | {status: state in filters.status for status, state in SHOWN.items()}
        rows = (row for row in rows if shown[row.status])
    if filters.client:
        clients = frozenset(filters.client)
        rows = (row for row in rows if row.client in clients)
    if filters.service:
        services = frozenset(filters.service)
        rows = (row for row in rows if row.service in services)
    if filters.mode:
        modes = frozenset(filters.mode)
        rows = (row for row in rows if row.mode in modes)
    if filters.series:
        series = frozenset(filters.series)
        rows = (row for row in rows if row.series in series)
    if filters.first_day is not None:
        first = day_start(filters.first_day, find_zone(zone))
        rows = (row for row in rows if row.starts_at >= first)
    if filters.last_day is not None:
        end = day_start(filters.last_day + timedelta(days=1), find_zone(zone))
        rows = (row for row in rows if row.starts_at < end)
    return rows


class _Asked(dict[str | None, int]):
    """Answers that are worked out once, however many rows ask for the same."""

    def __init__(self, ask: Callable[[str | None], int]) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, key: str | None) -> int:
        answer = self[key] = self.ask(key)
        return answer


def _words(search: str) -> tuple[str, ...]:
    if not isinstance(search, str) or len(search) > LONGEST_SEARCH:
        raise InvalidValue(f"give text of at most {LONGEST_SEARCH} characters", field="search")
    # Signs alone fold to nothing, and yet somebody looks for them.
    return tuple(dict.fromkeys(fold(search).split() or bare(search).split()))


def _own(row: Listed) -> tuple[str, ...]:
    """What an entry is called by itself."""
    return (row.title, row.client_name, row.service_name) if isinstance(row, Entry) else ()


def _searched(
    rows: Iterable[Listed],
    words: tuple[str, ...],
    names: Names,
    own: Callable[[Listed], tuple[str, ...]] | None = None,
) -> list[Listed]:
    """Keep rows in which every word of the search occurs somewhere: client name, service, mode or title (S25)."""
    if not words:
        return list(rows)
    everything = (1 << len(words)) - 1

    def found(text: str | None) -> int:
        plain = bare(text or "")
        folded = fold(plain)
        return sum(1 << n for n, word in enumerate(words) if word in folded or word in plain)

    clients = _Asked(lambda client: found(names.client(client)))
    services = _Asked(lambda service: found(names.service(service)))
    modes = _Asked(found)
    if own is None:
        return [row for row in rows if everything == clients[row.client] | services[row.service] | modes[row.mode]]
    return [
        row
        for row in rows
        if everything
        == reduce(or_, map(found, own(row)), clients[row.client] | services[row.service] | modes[row.mode])
    ]


def _page(
    rows: Sequence[Listed], column: Column, names: Names, descending: bool, first: int, last: int
) -> list[Listed]:
    """Find a page without sorting the rest: only the ranks it touches are put in order."""
    value, fine = column.value, column.fine(descending)
    values = [value(row) for row in rows]
    counts = Counter(values)
    keys = {one: column.key(one, names) for one in counts}
    rank = {key: n for n, key in enumerate(sorted(set(keys.values()), reverse=descending))}
    ranks = {one: rank[key] for one, key in keys.items()}
    sizes = [0] * len(rank)
    for one, count in counts.items():
        sizes[ranks[one]] += count
    touched, before, skipped = set(), 0, 0
    for place, count in enumerate(sizes):
        if before < last and before + count > first:
            touched.add(place)
        elif before < last:
            skipped += count
        before += count
    wanted = {one for one, place in ranks.items() if place in touched}
    picked = [row for row, one in zip(rows, values, strict=True) if one in wanted]
    return nsmallest(last - skipped, picked, key=lambda row: (ranks[value(row)], *fine(row)))[first - skipped :]
