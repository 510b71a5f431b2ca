"""The feeds' HTTP client over httpx (extra `feeds`), bounded in octets and in time."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import final

from oasys_sched.adapters.busy import too_large
from oasys_sched.adapters.http import HttpAnswer, HttpRequest
from oasys_sched.errors import FeedUnavailable, MissingExtra

try:
    import httpx
except ImportError:
    raise MissingExtra("httpx", "feeds") from None

__all__ = ["HttpxAsyncClient", "HttpxClient"]


class _Reading:
    """Counts octets and time while a body arrives, so that a drip-fed or endless answer ends."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._until = monotonic() + seconds
        self._body = bytearray()

    def take(self, chunk: bytes) -> None:
        self._body += chunk
        if len(self._body) > self._most:
            raise too_large(f"a feed holds at most {self._most} octets", "feed")
        if monotonic() > self._until:
            raise FeedUnavailable("the calendar took too long to answer")

    def body(self) -> bytes:
        return bytes(self._body)


def _plain(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    # Asking for no compression makes the count of octets on the wire the count in memory.
    return [*headers, ("Accept-Encoding", "identity")]


def _require_plain(answer: httpx.Response) -> None:
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FeedUnavailable("the calendar sent a compressed answer that was not asked for")


@final
class HttpxClient:
    """`HttpClient` over httpx. Redirects are followed only if the given client does so.

    `patience` bounds the whole exchange. An app that lets people enter addresses should hand in a client whose
    transport refuses its own network.
    """

    def __init__(self, client: httpx.Client | None = None, *, patience: timedelta = timedelta(seconds=30)) -> None:
        self._client = client or httpx.Client(timeout=10)
        self._seconds = patience.total_seconds()

    def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        """Send one request and read at most `most` octets of the answer."""
        reading = _Reading(most, self._seconds)
        try:
            with self._client.stream(
                request.method, request.url, headers=_plain(request.headers), content=request.body
            ) as answer:
                _require_plain(answer)
                for chunk in answer.iter_raw():
                    reading.take(chunk)
                return HttpAnswer(status=answer.status_code, body=reading.body())
        except (httpx.HTTPError, httpx.InvalidURL):
            # The cause holds the address, which for a private feed is the secret.
            raise FeedUnavailable("the calendar could not be reached") from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


@final
class HttpxAsyncClient:
    """`AsyncHttpClient` over httpx; as `HttpxClient`."""

    def __init__(self, client: httpx.AsyncClient | None = None, *, patience: timedelta = timedelta(seconds=30)) -> None:
        self._client = client or httpx.AsyncClient(timeout=10)
        self._seconds = patience.total_seconds()

    async def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        """Send one request and read at most `most` octets of the answer."""
        reading = _Reading(most, self._seconds)
        try:
            async with self._client.stream(
                request.method, request.url, headers=_plain(request.headers), content=request.body
            ) as answer:
                _require_plain(answer)
                async for chunk in answer.aiter_raw():
                    reading.take(chunk)
                return HttpAnswer(status=answer.status_code, body=reading.body())
        except (httpx.HTTPError, httpx.InvalidURL):
            raise FeedUnavailable("the calendar could not be reached") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
