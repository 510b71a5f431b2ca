"""Fetching over a real socket on loopback, with httpx, sync and async; and what a client may be asked for."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import httpx
import pytest

from oasys_sched import Code, FeedUnavailable, InvalidValue, MissingExtra, Span
from oasys_sched.adapters.busy import FeedLimits, FreeBusy
from oasys_sched.adapters.caldav import CalDavFreeBusy, basic_login
from oasys_sched.adapters.google import GoogleFreeBusy
from oasys_sched.adapters.graph import GraphSchedule
from oasys_sched.adapters.http import Feed, HttpAnswer, HttpRequest, fetch, fetch_async, require_https
from oasys_sched.adapters.httpx_client import HttpxAsyncClient, HttpxClient
from oasys_sched.adapters.ics import IcsFeed
from tests.adapters.test_google import FREEBUSY
from tests.adapters.test_graph import SAMPLE

MARCH = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
ICS = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Secret\r\nDTSTART:20260305T150000Z\r\n"
    b"DTEND:20260305T160000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
VFREEBUSY = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nDTSTART:20260301T000000Z\r\nDTEND:20260401T000000Z\r\n"
    b"FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260305T150000Z/PT1H\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
)


class Answer(BaseHTTPRequestHandler):
    """Answers by path; keeps what it was asked."""

    asked: list[tuple[str, str, dict[str, str], bytes]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append((self.command, self.path, dict(self.headers), body))
        path = self.path
        if path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        if path == "/gzip":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        try:
            if path in {"/endless", "/drip"}:
                for _ in range(400):
                    self.wfile.write(b"x" * (65_536 if path == "/endless" else 1))
                    self.wfile.flush()
            else:
                self.wfile.write(
                    {
                        "/feed.ics": ICS,
                        "/dav/": VFREEBUSY,
                        "/google": json.dumps(FREEBUSY).encode(),
                        "/graph": json.dumps(SAMPLE).encode(),
                    }.get(path, b"")
                )
        except (BrokenPipeError, ConnectionResetError):
            pass  # the reader had enough

    do_POST = do_GET  # noqa: N815
    do_REPORT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@contextmanager
def client(**options: Any) -> Iterator[HttpxClient]:
    made = HttpxClient(**options)
    try:
        yield made
    finally:
        made.close()


def ics(server: str, path: str, **options: Any) -> IcsFeed:
    return IcsFeed(url=server + path, zone="UTC", allow_http=True, **options)


def both_ways(feed: Feed, within: Span = MARCH, **options: Any) -> list[Any]:
    """The same question through the sync and the async client."""

    async def asked() -> Any:
        made = HttpxAsyncClient()
        try:
            return await fetch_async(feed, made, within, **options)
        finally:
            await made.close()

    with client() as made:
        return [fetch(feed, made, within, **options), asyncio.run(asked())]


def test_s85_a_published_calendar_is_read_over_http(server: str) -> None:
    first, second = both_ways(ics(server, "/feed.ics"))

    assert first == second
    assert [one.span.start.hour for one in first] == [15]


def test_s85_a_caldav_collection_answers_a_report(server: str) -> None:
    feed = CalDavFreeBusy(
        url=server + "/dav/", zone="UTC", authorization=basic_login("ada", "app-password"), allow_http=True
    )
    Answer.asked.clear()

    first, second = both_ways(feed)

    assert first == second
    assert [one.kind for one in first] == [FreeBusy.TENTATIVE]
    method, path, headers, body = Answer.asked[0]
    assert (method, path, headers["Depth"]) == ("REPORT", "/dav/", "1")
    assert headers["Authorization"] == "Basic YWRhOmFwcC1wYXNzd29yZA=="
    assert b'<C:time-range start="20260301T000000Z" end="20260401T000000Z"/>' in body
    assert "password" not in repr(feed)


def test_s85_google_and_graph_are_asked_with_their_token(server: str) -> None:
    google = GoogleFreeBusy(calendars=("home",), token=lambda: "t0ken", url=server + "/google")
    graph = GraphSchedule(schedules=("ada@clinic.example",), token=lambda: "t0ken", url=server + "/graph")
    Answer.asked.clear()

    assert [len(found) for found in both_ways(google)] == [2, 2]
    assert [len(found) for found in both_ways(graph)] == [6, 6]
    assert {headers["Authorization"] for _, _, headers, _ in Answer.asked} == {"Bearer t0ken"}
    assert {method for method, *_ in Answer.asked} == {"POST"}


@pytest.mark.parametrize("path", ["/missing", "/gzip"])
def test_s85_an_answer_that_was_not_asked_for_is_no_answer(server: str, path: str) -> None:
    with client() as made, pytest.raises(FeedUnavailable):
        fetch(ics(server, path), made, MARCH)


def test_s85_a_compressed_answer_is_no_answer_async_either(server: str) -> None:
    async def asked() -> None:
        made = HttpxAsyncClient()
        try:
            await fetch_async(ics(server, "/gzip"), made, MARCH)
        finally:
            await made.close()

    with pytest.raises(FeedUnavailable):
        asyncio.run(asked())


def test_s85_reading_stops_at_the_limit(server: str) -> None:
    with client() as made, pytest.raises(InvalidValue) as caught:
        fetch(ics(server, "/endless"), made, MARCH, limits=FeedLimits(octets=1_000_000))

    assert caught.value.code is Code.FEED_TOO_LARGE


def test_s85_an_answer_that_drips_ends_with_patience(server: str) -> None:
    with client(patience=timedelta(0)) as made, pytest.raises(FeedUnavailable):
        fetch(ics(server, "/drip"), made, MARCH)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[::zz]/", "http://\udcff/"])
def test_s85_a_calendar_that_cannot_be_reached_says_so_without_its_address(url: str) -> None:
    feed = GoogleFreeBusy(calendars=("home",), token=lambda: "t0ken", url=url)

    async def asked() -> None:
        made = HttpxAsyncClient()
        try:
            await made.send(feed.request(MARCH), most=10)
        finally:
            await made.close()

    with client() as made, pytest.raises(FeedUnavailable) as caught:
        fetch(feed, made, MARCH)
    with pytest.raises(FeedUnavailable):
        asyncio.run(asked())

    assert "127" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_s85_an_app_hands_in_its_own_client() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(ICS))

    with client(client=httpx.Client(transport=httpx.MockTransport(answer))) as made:
        assert len(fetch(IcsFeed(url="webcal://calendars.example/x.ics", zone="UTC"), made, MARCH)) == 1


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("webcal://a.example/x", "https://a.example/x"),
        ("HTTPS://a.example/x", "https://a.example/x"),
    ],
)
def test_s85_webcal_means_https(url: str, safe: str) -> None:
    assert require_https(url, allow_http=False) == safe


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "file:///etc/passwd", "https://", "a.example", "https://a.example/\n", "https://a b", ""],
)
def test_s85_only_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        IcsFeed(url=url, zone="UTC")

    assert caught.value.field == "url"


def test_without_httpx_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "oasys_sched.adapters.httpx_client")

    with pytest.raises(MissingExtra, match=r"oasys-sched\[feeds\]"):
        import_module("oasys_sched.adapters.httpx_client")


def test_any_object_with_send_is_a_client() -> None:
    class Canned:
        def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
            return HttpAnswer(status=200, body=ICS)

    assert len(fetch(IcsFeed(url="https://a.example/", zone="UTC"), Canned(), MARCH)) == 1
