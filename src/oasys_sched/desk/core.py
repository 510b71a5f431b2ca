"""The imperative shell: load, decide, commit, deliver. The same text as `aio.core`, modulo await."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Final, final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.codes import Code
from oasys_sched.decisions import Decision, Refused, nothing_here, refuse
from oasys_sched.desk.counter import Counter
from oasys_sched.errors import InvalidValue, KeyReused, NotifyFailed, PortFailed, SlotTaken, StaleWrite
from oasys_sched.links import link_changes
from oasys_sched.ports import Assistant, BusySource, Delivery, Notifier, Repository, TranscriptStore, VideoLinks
from oasys_sched.relay import RelayRules, relay
from oasys_sched.sessions.policy import SessionPolicy
from oasys_sched.times import Span, require_aware
from oasys_sched.units.asks import Ask, SessionAsk
from oasys_sched.units.booking import first_look, second_look, seen_booking, series_look, target_of
from oasys_sched.units.commits import Seen, commit_of, replayed
from oasys_sched.units.sessions import attended, seen_session, session_look, session_second_look

__all__ = ["Desk"]

TRIES: Final = 5
RELAY: Final = RelayRules()
SESSION_POLICY: Final = SessionPolicy()


@final
class Desk:
    """Every journey over your own storage. `acting_as` an authenticated actor gives the methods.

    `clock` and `new_id` are plain callables; give your own in tests. With a `notifier`, what a commit announces is
    delivered right after it; without one, a worker empties the outbox. `clinician` is the default for a solo practice.
    """

    def __init__(
        self,
        repository: Repository,
        *,
        notifier: Notifier | None = None,
        video_links: VideoLinks | None = None,
        busy_source: BusySource | None = None,
        transcripts: TranscriptStore | None = None,
        assistant: Assistant | None = None,
        session_policy: SessionPolicy = SESSION_POLICY,
        clinician: str | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: token_hex(16),
        new_nonce: Callable[[], str] = lambda: token_hex(16),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.repository = repository
        self.notifier = notifier
        self.video_links = video_links
        self.busy_source = busy_source
        self.transcripts = transcripts
        self.assistant = assistant
        self.session_policy = session_policy
        self.clinician = clinician
        self.new_id = new_id
        self.new_nonce = new_nonce
        self._clock = clock
        self._pause = pause

    def acting_as(self, actor: Actor) -> Counter:
        """Return the desk's methods for one authenticated actor."""
        return Counter(self, actor)

    def now(self) -> datetime:
        """Return the desk's own time, aware."""
        moment = self._clock()
        require_aware(moment, "clock")
        return moment

    def decide(self, actor: Actor, ask: Ask | SessionAsk) -> Decision[Any]:
        """Load, decide, commit; again on fresh facts if somebody was faster, at most five times.

        Raises:
            StaleWrite: somebody was faster five times in a row.
            OutcomeUnknown: the connection broke while committing; ask again with the same key.
            NotifyFailed: it is stored but could not be announced; carries the decision.
        """
        for attempt in range(TRIES):
            now = self.now()
            seen = self._seen(actor, ask, now)
            if seen is None:
                return nothing_here()
            outcome = replayed(ask, seen.found)
            if outcome is not None:
                barred = seen.barred(actor, ask)
                if barred is not None:
                    return barred
                if outcome.digest != ask.digest:
                    return refuse(Code.IDEMPOTENCY_MISMATCH, "this key was used for another request", field="key")
                return outcome.decision
            decision = ask.decide(seen.facts, now)  # type: ignore[arg-type]  # each ask is given the facts it reads
            links = self._links(actor, decision)
            commit = commit_of(actor, ask, seen, decision, links=links, now=now)
            if commit is None:
                return decision
            try:
                self.repository.commit(commit)
            except KeyReused:
                return refuse(Code.IDEMPOTENCY_MISMATCH, "this key was used for another request", field="key")
            except (StaleWrite, SlotTaken):
                self._pause(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter is no secret
                continue
            self._announce(actor, decision, now)
            return decision
        raise StaleWrite("somebody was faster each time: try again")

    def _seen(self, actor: Actor, ask: Ask | SessionAsk, now: datetime) -> Seen | None:
        if isinstance(ask, SessionAsk):
            return self._seen_session(actor, ask)
        first = self.repository.load(first_look(actor, ask))
        whole = series_look(actor, ask, first)
        occurrences = () if whole is None else (self.repository.load(whole)).all(Appointment)
        target = target_of(ask, first, occurrences, self.clinician, now)
        if target is None:
            return None
        found = self.repository.load(second_look(actor, ask, target))
        external = self._external(actor, target.clinician, target.around)
        return seen_booking(found, ask, target, external)

    def _seen_session(self, actor: Actor, ask: SessionAsk) -> Seen | None:
        about = attended(ask, self.repository.load(session_look(actor, ask)), self.clinician)
        if about is None:
            return None
        found = self.repository.load(session_second_look(actor, ask, about))
        return seen_session(found, ask, about, self.session_policy)

    def _external(self, actor: Actor, clinician: str, around: Span) -> tuple[Span, ...]:
        if self.busy_source is None:
            return ()
        return tuple(self.busy_source.busy(actor.practice, clinician, around))

    def _links(self, actor: Actor, decision: Decision[Any]) -> Mapping[str, str]:
        links: dict[str, str] = {}
        if self.video_links is None:
            return links
        issue, revoke = link_changes(decision)
        for appointment in issue:
            links[appointment] = self.video_links.issue(actor.practice, appointment)
        for appointment in revoke:
            self.video_links.revoke(actor.practice, appointment)
        return links

    def deliver(self, practice: str, *, rules: RelayRules = RELAY) -> Mapping[Delivery, int]:
        """Deliver what is due in a practice, for a worker; return how many messages ended how.

        Reminders are judged again by what holds now; one that has become wrong or late is not sent (A29).

        Raises:
            InvalidValue: this desk has no notifier.
        """
        if self.notifier is None:
            raise InvalidValue("give the desk a notifier", field="notifier")
        return relay(self.repository, self.notifier, practice, now=self.now(), rules=rules)

    def _announce(self, actor: Actor, decision: Decision[Any], now: datetime) -> None:
        if self.notifier is None or isinstance(decision, Refused):
            return
        try:
            relay(self.repository, self.notifier, actor.practice, now=now)
        except PortFailed:
            raise NotifyFailed("stored, but not announced: the outbox keeps it", decision) from None
