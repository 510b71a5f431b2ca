"""What is known of other calendars, how old it is, and what an old or failing feed means for bookings (S85).

A feed that cannot be read changes nothing that is known. What was never read, or lies outside what was read, is closed:
not known is never free. Once the knowledge is older than `stale_after`, the practice's policy says whether the last
known times still stand or the whole window closes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Protocol, final

from oasys_sched.adapters.busy import BusyTime, blocking, clipped
from oasys_sched.adapters.http import AsyncHttpClient, Feed, HttpClient, fetch, fetch_async
from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal
from oasys_sched.errors import InvalidPolicy, OasysError
from oasys_sched.times import Span, as_utc

__all__ = [
    "FeedBusySource",
    "FeedPolicy",
    "FeedState",
    "FeedStatus",
    "FeedStore",
    "MemoryFeedStore",
    "WhenStale",
]


@unique
class WhenStale(StrEnum):
    """What a stale feed means: the last known times stand, or nothing can be booked."""

    LAST_KNOWN = "last_known"
    CLOSE = "close"


@unique
class FeedStatus(StrEnum):
    """How far a feed can be trusted. A failing one is still recent enough."""

    NEVER = "never"
    FRESH = "fresh"
    FAILING = "failing"
    STALE = "stale"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPolicy:
    """How a practice treats other calendars; `tentative` says whether tentative time blocks (A12: it does).

    Raises:
        InvalidPolicy: `stale_after` is not above 0.
    """

    stale_after: timedelta = timedelta(hours=1)
    when_stale: WhenStale = WhenStale.LAST_KNOWN
    tentative: bool = True

    def __post_init__(self) -> None:
        if self.stale_after <= timedelta(0):
            raise InvalidPolicy("give a time above 0", field="stale_after")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What one feed last said, when, for which window; and since when and why it fails."""

    times: tuple[BusyTime, ...] = ()
    covers: Span | None = None
    fetched_at: datetime | None = None
    failed_at: datetime | None = None
    problem: Code | None = None
    failures: int = 0

    def refreshed(self, times: Iterable[BusyTime], covers: Span, now: datetime) -> FeedState:
        """Return the state after a feed was read."""
        return FeedState(times=clipped(times, covers), covers=covers, fetched_at=as_utc(now, "now"))

    def failed(self, problem: Code, now: datetime) -> FeedState:
        """Return the state after a feed could not be read: what was known stays known, and grows old."""
        return replace(self, failed_at=as_utc(now, "now"), problem=problem, failures=self.failures + 1)

    def status(self, policy: FeedPolicy, now: datetime) -> FeedStatus:
        """Tell how far this state can be trusted at a moment."""
        if self.fetched_at is None or self.covers is None:
            return FeedStatus.NEVER
        if now - self.fetched_at > policy.stale_after:
            return FeedStatus.STALE
        return FeedStatus.FAILING if self.problem is not None else FeedStatus.FRESH

    def busy(self, within: Span, *, policy: FeedPolicy, now: datetime, ours: Sequence[Span] = ()) -> tuple[Span, ...]:
        """Return what blocks bookings in a window: merged, in order. `ours` as in `blocking`."""
        status = self.status(policy, now)
        covers = self.covers
        if covers is None or not covers.overlaps(within) or status is FeedStatus.NEVER:
            return (within,)
        if status is FeedStatus.STALE and policy.when_stale is WhenStale.CLOSE:
            return (within,)
        unknown = [
            BusyTime(span=Span(start, end))
            for start, end in ((within.start, covers.start), (covers.end, within.end))
            if start < end
        ]
        mirrors = set(ours)
        known = [one for one in self.times if one.span not in mirrors]
        return blocking((*clipped(known, within), *unknown), tentative=policy.tentative)

    def warnings(self, policy: FeedPolicy, now: datetime) -> tuple[Refusal, ...]:
        """Return what the clinician should be told; nothing when the feed is fresh."""
        status = self.status(policy, now)
        if status is FeedStatus.FRESH:
            return ()
        code = Code.FEED_STALE if status is not FeedStatus.FAILING or self.problem is None else self.problem
        closes = status is FeedStatus.NEVER or (status, policy.when_stale) == (FeedStatus.STALE, WhenStale.CLOSE)
        follows = "nobody can book until it is" if closes else "its last known times are used"
        details = {"status": status, "fetched_at": self.fetched_at, "failures": self.failures, "problem": self.problem}
        return (Refusal(code, f"a connected calendar cannot be read: {follows}", "busy", details),)


class FeedStore(Protocol):
    """Where the states live between refreshes. `name` tells a clinician's feeds apart."""

    def read(self, practice: str, clinician: str, name: str, /) -> FeedState:
        """Return the state, or `FeedState()` of a feed never read."""
        ...

    def write(self, practice: str, clinician: str, name: str, state: FeedState, /) -> None:
        """Keep the state."""
        ...


@final
class MemoryFeedStore:
    """States in memory: after a restart every feed is closed until its first refresh."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str, str], FeedState] = {}

    def read(self, practice: str, clinician: str, name: str, /) -> FeedState:
        """Return the state, or that of a feed never read."""
        return self._states.get((practice, clinician, name), FeedState())

    def write(self, practice: str, clinician: str, name: str, state: FeedState, /) -> None:
        """Keep the state."""
        self._states[practice, clinician, name] = state


Connected = Callable[[str, str], Mapping[str, Feed]]


def _nobodys(_practice: str, _clinician: str) -> tuple[Span, ...]:
    return ()


@final
class FeedBusySource:
    """`BusySource` over any number of feeds a clinician. `refresh` uses the network, `busy` never does.

    `connected` gives a clinician's feeds by name, none for a clinician who connected none. `ours` may give spans of the
    practice's own appointments, whose mirrors then never block (see `blocking`). `clock` gives the present instant.
    """

    def __init__(
        self,
        connected: Connected,
        store: FeedStore,
        *,
        clock: Callable[[], datetime],
        policy: FeedPolicy | None = None,
        ours: Callable[[str, str], Sequence[Span]] = _nobodys,
    ) -> None:
        self._connected = connected
        self._store = store
        self._clock = clock
        self._policy = policy or FeedPolicy()
        self._ours = ours

    def busy(self, practice: str, clinician: str, within: Span, /) -> tuple[Span, ...]:
        """Return what the clinician's connected calendars block, from what is known of them."""
        now, ours = self._clock(), self._ours(practice, clinician)
        spans = [
            BusyTime(span=span)
            for name in self._connected(practice, clinician)
            for span in self._store.read(practice, clinician, name).busy(
                within, policy=self._policy, now=now, ours=ours
            )
        ]
        return blocking(spans)

    def warnings(self, practice: str, clinician: str, /) -> tuple[Refusal, ...]:
        """Return what the clinician should be told about connected calendars."""
        now = self._clock()
        return tuple(
            warning
            for name in self._connected(practice, clinician)
            for warning in self._store.read(practice, clinician, name).warnings(self._policy, now)
        )

    def refresh(self, practice: str, clinician: str, within: Span, client: HttpClient, /) -> dict[str, FeedState]:
        """Ask every connected calendar for a window; a failure of one is its new state, never an exception."""
        found: dict[str, FeedState] = {}
        for name, feed in self._connected(practice, clinician).items():
            try:
                found[name] = self._learned(practice, clinician, name, fetch(feed, client, within), within)
            except Exception as error:  # noqa: BLE001 - a client or a token of the app's own may raise anything
                found[name] = self._failed(practice, clinician, name, error)
        return found

    async def refresh_async(
        self, practice: str, clinician: str, within: Span, client: AsyncHttpClient, /
    ) -> dict[str, FeedState]:
        """`refresh`, awaited."""
        found: dict[str, FeedState] = {}
        for name, feed in self._connected(practice, clinician).items():
            try:
                times = await fetch_async(feed, client, within)
                found[name] = self._learned(practice, clinician, name, times, within)
            except Exception as error:  # noqa: BLE001 - a client or a token of the app's own may raise anything
                found[name] = self._failed(practice, clinician, name, error)
        return found

    def _learned(
        self, practice: str, clinician: str, name: str, times: tuple[BusyTime, ...], within: Span
    ) -> FeedState:
        state = FeedState().refreshed(times, within, self._clock())
        self._store.write(practice, clinician, name, state)
        return state

    def _failed(self, practice: str, clinician: str, name: str, error: Exception) -> FeedState:
        problem = error.code if isinstance(error, OasysError) else Code.FEED_UNAVAILABLE
        state = self._store.read(practice, clinician, name).failed(problem, self._clock())
        self._store.write(practice, clinician, name, state)
        return state
