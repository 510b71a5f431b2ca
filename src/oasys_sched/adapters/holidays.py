"""Public holidays as date overrides, through a port; the `holidays` package behind the extra of that name (B19).

A holiday closes nothing by itself: the practice picks a calendar and adds its overrides to a clinician's diary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final, Protocol, final

from oasys_sched.availability.overrides import DateOverride
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue, MissingExtra

__all__ = ["HolidayCalendar", "PublicHolidays", "holiday_overrides"]

_MOST_DAYS: Final = 3_660


class HolidayCalendar(Protocol):
    """Anything that knows its holidays."""

    def holidays(self, first: date, last: date, /) -> Iterable[tuple[date, str]]:
        """Return dates and names of the holidays from `first` to `last`, both included."""
        ...


def holiday_overrides(
    calendar: HolidayCalendar, first: date, last: date, *, working: Collection[date | str] = (), ranges: str = ""
) -> tuple[DateOverride, ...]:
    """Return one override a holiday from `first` to `last`, both included, in order.

    Each closes its date, or opens it only for `ranges`. `working` names holidays on which the practice works as usual,
    by date or by the calendar's name for them.

    Raises:
        InvalidValue: `invalid_range` when `last` lies before `first`, `too_large` for over ten years; bad `ranges`.

    >>> class Christmas:
    ...     def holidays(self, first, last):
    ...         return [(date(2026, 12, 25), "Christmas Day")]
    >>> holiday_overrides(Christmas(), date(2026, 1, 1), date(2026, 12, 31)) == (
    ...     DateOverride.closed(date(2026, 12, 25)),)
    True
    """
    if last < first:
        raise InvalidValue("the end must not lie before the start", field="last", code=Code.INVALID_RANGE)
    if last - first > timedelta(days=_MOST_DAYS):
        raise InvalidValue("ask for at most ten years", field="last", code=Code.TOO_LARGE)
    days = {
        day
        for day, name in calendar.holidays(first, last)
        if first <= day <= last and day not in working and name not in working
    }
    return tuple(DateOverride.parse(day, ranges) for day in sorted(days))


@final
class PublicHolidays:
    """The public holidays of a country or a part of it, from the `holidays` package (extra `holidays`).

    Raises:
        MissingExtra: the package is not installed.
        InvalidValue: naming `country` or `subdivision`, when it knows none of that name.

    Note that some releases of that package pin python-dateutil below 3.
    """

    def __init__(self, country: str, *, subdivision: str | None = None) -> None:
        try:
            import holidays
        except ImportError:
            raise MissingExtra("holidays", "holidays") from None
        known = holidays.list_supported_countries(include_aliases=True)
        if country not in known:
            raise InvalidValue("give a country code such as 'US'", field="country")
        if subdivision is not None and subdivision not in known[country]:
            raise InvalidValue(f"no such part of {country}", field="subdivision")
        self._source = holidays.country_holidays
        self._country = country
        self._subdivision = subdivision

    def holidays(self, first: date, last: date, /) -> tuple[tuple[date, str], ...]:
        """Return dates and names of the holidays from `first` to `last`, both included, in order."""
        years = range(first.year, last.year + 1)
        found = self._source(self._country, subdiv=self._subdivision, years=years)
        return tuple(sorted((day, name) for day, name in found.items() if first <= day <= last))
