import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from oasys_sched import Code, FeedUnavailable, InvalidPolicy, Span
from oasys_sched.adapters.busy import BusyTime, FreeBusy
from oasys_sched.adapters.feeds import (
    FeedBusySource,
    FeedPolicy,
    FeedState,
    FeedStatus,
    MemoryFeedStore,
    WhenStale,
)
from oasys_sched.adapters.http import Feed, HttpAnswer, HttpRequest
from oasys_sched.adapters.ics import IcsFeed
from oasys_sched.ports import BusySource
from tests.adapters.test_http import ICS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARCH = Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
CLOSE = FeedPolicy(when_stale=WhenStale.CLOSE)
LAST = FeedPolicy(when_stale=WhenStale.LAST_KNOWN)


def hours(start: int, end: int) -> Span:
    return Span(NOW + timedelta(hours=start), NOW + timedelta(hours=end))


KNOWN = FeedState().refreshed((BusyTime(span=hours(24, 25)),), MARCH, NOW)


def test_s85_a_fresh_feed_blocks_what_it_says() -> None:
    assert KNOWN.busy(MARCH, policy=LAST, now=NOW) == (hours(24, 25),)
    assert KNOWN.status(LAST, NOW + timedelta(hours=1)) is FeedStatus.FRESH
    assert KNOWN.warnings(LAST, NOW) == ()


def test_s85_a_feed_never_read_closes_everything_under_either_policy() -> None:
    for policy in (LAST, CLOSE):
        assert FeedState().busy(hours(0, 48), policy=policy, now=NOW) == (hours(0, 48),)
        assert FeedState().failed(Code.FEED_MALFORMED, NOW).busy(hours(0, 48), policy=policy, now=NOW) == (
            hours(0, 48),
        )
    (warning,) = FeedState().warnings(LAST, NOW)
    assert warning.code is Code.FEED_STALE
    assert "nobody can book" in warning.message


def test_s85_a_stale_feed_stands_or_closes_by_policy_and_is_never_free() -> None:
    later = NOW + timedelta(hours=1, seconds=1)

    assert KNOWN.status(LAST, later) is FeedStatus.STALE
    assert KNOWN.busy(hours(0, 48), policy=LAST, now=later) == (hours(24, 25),)
    assert KNOWN.busy(hours(0, 48), policy=CLOSE, now=later) == (hours(0, 48),)
    assert "last known" in KNOWN.warnings(LAST, later)[0].message
    assert "nobody can book" in KNOWN.warnings(CLOSE, later)[0].message


def test_s85_a_failing_feed_keeps_what_is_known_and_says_why() -> None:
    failing = KNOWN.failed(Code.FEED_MALFORMED, NOW).failed(Code.FEED_TOO_LARGE, NOW + timedelta(minutes=5))

    assert failing.times == KNOWN.times
    assert (failing.fetched_at, failing.failures) == (NOW, 2)
    assert failing.status(CLOSE, NOW + timedelta(minutes=6)) is FeedStatus.FAILING
    assert failing.busy(hours(0, 48), policy=CLOSE, now=NOW + timedelta(minutes=6)) == (hours(24, 25),)
    (warning,) = failing.warnings(CLOSE, NOW + timedelta(minutes=6))
    assert (warning.code, warning.details["failures"]) == (Code.FEED_TOO_LARGE, 2)


def test_s85_a_good_answer_clears_the_failure() -> None:
    again = KNOWN.failed(Code.FEED_UNAVAILABLE, NOW).refreshed((), MARCH, NOW)

    assert (again.problem, again.failures, again.times) == (None, 0, ())


def test_s85_time_outside_what_was_read_is_closed() -> None:
    state = FeedState().refreshed((BusyTime(span=hours(5, 6)),), hours(2, 10), NOW)

    assert state.busy(hours(0, 12), policy=LAST, now=NOW) == (hours(0, 2), hours(5, 6), hours(10, 12))
    assert state.busy(hours(20, 22), policy=LAST, now=NOW) == (hours(20, 22),)


def test_a12_tentative_time_blocks_unless_the_practice_says_otherwise() -> None:
    state = FeedState().refreshed((BusyTime(span=hours(5, 6), kind=FreeBusy.TENTATIVE),), MARCH, NOW)

    assert state.busy(MARCH, policy=FeedPolicy(), now=NOW) == (hours(5, 6),)
    assert state.busy(MARCH, policy=FeedPolicy(tentative=False), now=NOW) == ()


def test_a12_mirrors_of_own_appointments_do_not_block_even_where_the_window_cuts_them() -> None:
    assert (
        KNOWN.busy(Span(NOW, hours(24, 25).end - timedelta(minutes=30)), policy=LAST, now=NOW, ours=[hours(24, 25)])
        == ()
    )


def test_a_policy_needs_a_time_above_0() -> None:
    with pytest.raises(InvalidPolicy) as caught:
        FeedPolicy(stale_after=timedelta(0))

    assert caught.value.field == "stale_after"


class Wire:
    """A client whose answers a test decides, sync and async."""

    def __init__(self, *answers: bytes | int) -> None:
        self.answers = list(answers)

    def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        answer = self.answers.pop(0)
        return HttpAnswer(status=200, body=answer) if isinstance(answer, bytes) else HttpAnswer(status=answer)


class AsyncWire:
    def __init__(self, *answers: bytes | int) -> None:
        self.wire = Wire(*answers)

    async def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
        return self.wire.send(request, most=most)


def source(clock: list[datetime], **options: object) -> FeedBusySource:
    feeds: dict[str, Feed] = {
        "work": IcsFeed(url="https://work.example/x.ics", zone="UTC"),
        "home": IcsFeed(url="https://home.example/x.ics", zone="UTC"),
    }
    return FeedBusySource(
        lambda _practice, clinician: feeds if clinician == "ada" else {},
        MemoryFeedStore(),
        clock=lambda: clock[0],
        **options,  # type: ignore[arg-type]
    )


EMPTY = b"BEGIN:VCALENDAR\nEND:VCALENDAR"


def test_a12_a_clinician_who_connected_nothing_is_blocked_by_nothing() -> None:
    busy: BusySource = source([NOW])

    assert busy.busy("north", "bob", MARCH) == ()


def test_s85_connected_calendars_block_together_once_read() -> None:
    busy = source([NOW])
    assert busy.busy("north", "ada", MARCH) == (MARCH,)

    states = busy.refresh("north", "ada", MARCH, Wire(ICS, EMPTY))

    assert [state.status(LAST, NOW) for state in states.values()] == [FeedStatus.FRESH] * 2
    assert [span.start.day for span in busy.busy("north", "ada", MARCH)] == [5]
    assert busy.warnings("north", "ada") == ()
    assert busy.busy("south", "ada", MARCH) == (MARCH,)


@pytest.mark.parametrize("answer", [b"<html>", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\n", 503, b"\x00", ICS[:-20]])
def test_s85_a_bad_answer_changes_nothing_that_is_known(answer: bytes | int) -> None:
    clock = [NOW]
    busy = source(clock)
    busy.refresh("north", "ada", MARCH, Wire(ICS, EMPTY))
    known = busy.busy("north", "ada", MARCH)
    clock[0] += timedelta(minutes=10)

    states = asyncio.run(busy.refresh_async("north", "ada", MARCH, AsyncWire(answer, EMPTY)))

    assert busy.busy("north", "ada", MARCH) == known
    assert states["work"].status(LAST, clock[0]) is FeedStatus.FAILING
    assert states["home"].status(LAST, clock[0]) is FeedStatus.FRESH
    assert states["home"].fetched_at == clock[0]
    assert [warning.code for warning in busy.warnings("north", "ada")] == [states["work"].problem]


def test_s85_whatever_a_client_of_the_app_raises_is_one_failing_feed() -> None:
    class Expired:
        """Cannot get a token for one of the calendars."""

        def __init__(self) -> None:
            self.wire = Wire(EMPTY)

        def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
            if "work" in request.url:
                raise KeyError("refresh_token")
            return self.wire.send(request, most=most)

    class AsyncExpired(Expired):
        async def send(self, request: HttpRequest, /, *, most: int) -> HttpAnswer:
            return super().send(request, most=most)

    for ask in (
        lambda busy: busy.refresh("north", "ada", MARCH, Expired()),
        lambda busy: asyncio.run(busy.refresh_async("north", "ada", MARCH, AsyncExpired())),
    ):
        states = ask(source([NOW]))
        assert (states["work"].problem, states["work"].status(LAST, NOW)) == (Code.FEED_UNAVAILABLE, FeedStatus.NEVER)
        assert states["home"].status(LAST, NOW) is FeedStatus.FRESH


def test_s85_a_failing_first_read_keeps_the_clinician_closed() -> None:
    busy = source([NOW])

    busy.refresh("north", "ada", MARCH, Wire(b"<html>", EMPTY))

    assert busy.busy("north", "ada", MARCH) == (MARCH,)


def test_a12_spans_of_own_appointments_are_taken_for_mirrors() -> None:
    mirror = Span(datetime(2026, 3, 5, 15, tzinfo=UTC), datetime(2026, 3, 5, 16, tzinfo=UTC))
    busy = source([NOW], ours=lambda _practice, _clinician: (mirror,))

    busy.refresh("north", "ada", MARCH, Wire(ICS, EMPTY))

    assert busy.busy("north", "ada", MARCH) == ()


def test_s85_a_token_that_cannot_be_had_is_a_failing_feed() -> None:
    from oasys_sched.adapters.google import GoogleFreeBusy

    def token() -> str:
        raise FeedUnavailable("consent was withdrawn")

    store = MemoryFeedStore()
    busy = FeedBusySource(
        lambda _p, _c: {"google": GoogleFreeBusy(calendars=("me",), token=token)}, store, clock=lambda: NOW
    )

    busy.refresh("north", "ada", MARCH, Wire())

    assert store.read("north", "ada", "google").problem is Code.FEED_UNAVAILABLE
