"""The one thing feeds need of the network: send a request, get at most so many octets back.

`Feed` objects hold no connection: they say what to ask and how to read the answer. `fetch` and `fetch_async` join
a feed to any client with the one method below; `httpx_client` (extra `feeds`) holds two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, final

from oasys_sched.adapters.busy import DEFAULT_LIMITS, BusyTime, FeedLimits
from oasys_sched.errors import FeedUnavailable, InvalidValue
from oasys_sched.times import Span

__all__ = [
    "AsyncHttpClient",
    "Feed",
    "HttpAnswer",
    "HttpClient",
    "HttpRequest",
    "Token",
    "fetch",
    "fetch_async",
    "require_https",
]

Token = Callable[[], str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request. Address, headers and body may hold secrets and stay out of `repr`."""

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What came back: the status and the body as sent."""

    status: int
    body: bytes = field(default=b"", repr=False)


class HttpClient(Protocol):
    """Anything that sends one request and reads at most `most` octets of the answer."""

    def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        """Send and read.

        Raises:
            FeedUnavailable: no answer, or not in time.
            InvalidValue: `feed_too_large` when the body goes on after `most` octets.
        """
        ...


class AsyncHttpClient(Protocol):
    """`HttpClient`, awaited."""

    async def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        """Send and read."""
        ...


class Feed(Protocol):
    """One place to learn busy times from, without the network: what to ask, and what the answer says."""

    def request(self, within: Span, /) -> HttpRequest:
        """Say what to ask for a window."""
        ...

    def read(self, body: bytes, within: Span, /) -> tuple[BusyTime, ...]:
        """Read the answer to that question; all or nothing."""
        ...


def fetch(feed: Feed, client: HttpClient, within: Span, *, limits: FeedLimits = DEFAULT_LIMITS) -> tuple[BusyTime, ...]:
    """Ask a feed once for a window and read the answer; all or nothing.

    Raises:
        FeedUnavailable: no answer in time, or any status but 200.
        InvalidValue: `feed_too_large` or `feed_malformed`.
    """
    return feed.read(_checked(client.send(feed.request(within), most=limits.octets)), within)


async def fetch_async(
    feed: Feed, client: AsyncHttpClient, within: Span, *, limits: FeedLimits = DEFAULT_LIMITS
) -> tuple[BusyTime, ...]:
    """`fetch`, awaited."""
    return feed.read(_checked(await client.send(feed.request(within), most=limits.octets)), within)


def _checked(answer: HttpAnswer) -> bytes:
    if answer.status != 200:
        raise FeedUnavailable(f"the calendar answered with status {answer.status}")
    return answer.body


def require_https(url: str, *, allow_http: bool) -> str:
    """Refuse an address that is not https (or, where allowed, http); `webcal` is read as https.

    Raises:
        InvalidValue: naming `url`.
    """
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    secure = "https" if scheme in {"webcal", "webcals", "https"} else scheme
    allowed = {"https", "http"} if allow_http else {"https"}
    if not separator or not rest or secure not in allowed or not url.isprintable() or " " in url or len(url) > 2000:
        raise InvalidValue("give an https address", field="url")
    return f"{secure}://{rest}"
