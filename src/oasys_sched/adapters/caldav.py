"""CalDAV: a server's own free-busy report of one collection (RFC 4791 7.10)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, final

from oasys_sched.adapters.busy import DEFAULT_LIMITS, BusyTime, FeedLimits, malformed
from oasys_sched.adapters.http import HttpRequest, require_https
from oasys_sched.adapters.ics import parse_ics
from oasys_sched.adapters.ics_text import read_components
from oasys_sched.times import Span, find_zone

__all__ = ["CalDavFreeBusy", "basic_login"]

_QUERY: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range start="{}" end="{}"/></C:free-busy-query>'
)


def basic_login(user: str, password: str) -> Callable[[], str]:
    """Return an `authorization` for a server that takes a name and an (app) password."""
    credentials = b64encode(f"{user}:{password}".encode()).decode("ascii")
    return lambda: f"Basic {credentials}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CalDavFreeBusy:
    """One CalDAV collection as a feed. `authorization` gives the header's value and stays out of `repr`.

    The server expands recurring events itself and answers with a VFREEBUSY: when, never what.

    Raises:
        InvalidValue: naming `url` or `zone`.
    """

    url: str = field(repr=False)
    zone: str
    authorization: Callable[[], str] = field(repr=False)
    allow_http: bool = False
    limits: FeedLimits = DEFAULT_LIMITS

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", require_https(self.url, allow_http=self.allow_http))
        find_zone(self.zone)

    def request(self, within: Span, /) -> HttpRequest:
        """Say what to ask for a window."""
        stamps = (when.strftime("%Y%m%dT%H%M%SZ") for when in (within.start, within.end))
        return HttpRequest(
            method="REPORT",
            url=self.url,
            headers=(
                ("Authorization", self.authorization()),
                ("Content-Type", 'application/xml; charset="utf-8"'),
                ("Depth", "1"),
            ),
            body=_QUERY.format(*stamps).encode(),
        )

    def read(self, body: bytes, within: Span, /) -> tuple[BusyTime, ...]:
        """Read the answer, which must hold a VFREEBUSY: an empty calendar object is no answer.

        Raises:
            InvalidValue: `feed_malformed` or `feed_too_large`.
        """
        if not any(calendar.inside("VFREEBUSY") for calendar in read_components(body, self.limits)):
            raise malformed("the server answered without a VFREEBUSY", "feed")
        return parse_ics(body, within=within, zone=self.zone, limits=self.limits)
