"""Recurring time blocks: every N days or weeks, with an end or without, kept free of clients (S79-S84).

A block's end is wall time too: 22:00 to 06:00 ends at 06:00 on the nights the clocks change (A34).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeVar, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.availability.busy import TimeBlock
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.policies.access import Action, Relation, may
from oasys_sched.recurrence.overrides import Occurrence
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.times import EARLIEST, LATEST, Span, find_zone, wall_to_utc

__all__ = ["RecurringBlock", "block_time"]

T = TypeVar("T")

_RHYTHMS: Final = (Frequency.DAILY, Frequency.WEEKLY)
_MOST_TITLE: Final = 200
_MOST_DETAILS: Final = 2000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringBlock:
    """Time the clinician keeps free again and again; it goes into `Diary.blocks`.

    `series.duration` is the length on the wall clock. Title and details are never shown to clients (S76).

    Raises:
        InvalidValue: `invalid_pattern` for another rhythm than days or weeks.

    >>> from datetime import UTC
    >>> lunch = RecurringBlock(series=Series(start=datetime(2026, 3, 2, 12), zone="America/New_York",
    ...                                      duration=timedelta(hours=1), rule=Rule.every(days=1)))
    >>> weekend = Span(datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC))
    >>> [str(span.start) for span in lunch.spans(weekend)]
    ['2026-03-07 17:00:00+00:00', '2026-03-08 16:00:00+00:00']
    """

    series: Series
    id: str | None = None
    title: str = ""
    details: str = ""

    def __post_init__(self) -> None:
        if self.series.rule.frequency not in _RHYTHMS:
            raise InvalidValue("blocks repeat every N days or weeks", field="rule", code=Code.INVALID_PATTERN)
        for field, text, most in (("title", self.title, _MOST_TITLE), ("details", self.details, _MOST_DETAILS)):
            if len(text) > most:
                raise InvalidValue(f"give at most {most} characters", field=field, code=Code.TOO_LARGE)

    @property
    def label(self) -> str:
        """What the clinician's own calendar shows."""
        return self.title.strip() or "Blocked"

    def instances(self, within: Span) -> tuple[Occurrence, ...]:
        """List the instances that overlap a window; `duration` is the elapsed time between the two wall times."""
        reach = self.series.duration + timedelta(days=1)
        low = min(within.start, max(within.start - reach, EARLIEST))
        found = map(self._elapsed, self.series.occurrences(Span(low, within.end)))
        return tuple(one for one in found if one.starts_at < within.end and within.start < one.ends_at)

    def _elapsed(self, one: Occurrence) -> Occurrence:
        if one.moved:
            return one
        end = wall_to_utc(one.original_start + self.series.duration, find_zone(self.series.zone))
        # A block that lies wholly inside a skipped hour has no time between its walls: it keeps its length.
        return one._replace(duration=end - one.starts_at) if end > one.starts_at else one

    def spans(self, within: Span, /) -> Iterable[Span]:
        """Return the spans that overlap the window, in order. O(the window)."""
        return [one.span for one in self.instances(within)]

    def extended(self, until: date | datetime | None) -> Decision[RecurringBlock]:
        """Run to a later end, or for ever with None; deleted instances stay deleted (S81)."""
        return _decided(lambda: replace(self, series=self.series.extended(until=until)))

    def without(self, instance: date | datetime) -> Decision[RecurringBlock]:
        """Delete one instance (S83)."""
        return _decided(lambda: replace(self, series=self.series.without(instance)), original="instance")

    def cut(self, *, before: date | datetime) -> Decision[RecurringBlock | None]:
        """Cancel an instance and all later ones; None when it was the first (S82)."""

        def shorter() -> RecurringBlock | None:
            series = self.series.cut(before=before)
            return None if series is None else replace(self, series=series)

        return _decided(shorter)


def _decided(change: Callable[[], T], **called: str) -> Decision[T]:
    """A change that can only fail on bad input, as a decision; fields are named as they are `called` here."""
    try:
        return Accepted(change())
    except InvalidValue as error:
        field = called.get(error.field or "", error.field)
        return Refused((Refusal(error.code, error.problem, field),))


def block_time(
    actor: Actor,
    *,
    practice: str,
    clinician: str,
    zone: str,
    start: datetime,
    end: datetime,
    rule: Rule | str | None = None,
    id: str | None = None,
    title: str = "",
    details: str = "",
    appointments: Iterable[Span] = (),
    **others: object,
) -> Decision[TimeBlock | RecurringBlock]:
    """Decide to block time, once or by a rule; `start` and `end` are local times in the clinician's zone (S73-S80).

    `appointments` that lie in it stay, and come back as an `overlap` warning with their spans (S78, A32); for a series
    they are looked for in its first year. Refuses with `forbidden`, `forbidden_field` (a block has no client, service,
    price or mode), `invalid_range`, and what makes a rule invalid.
    """
    how = _relations(actor, practice, clinician)
    if not may(actor.kind, Action.BLOCK_TIME, how):
        return refuse(Code.FORBIDDEN, "only the clinician's own side blocks time")
    if others:
        return Refused(
            tuple(refuse(Code.FORBIDDEN_FIELD, "a block has no such field", field=name).refusals[0] for name in others)
        )
    decision = _decided(lambda: _block(zone, start, end, rule, id, title, details))
    if isinstance(decision, Refused):
        return decision
    block = decision.value
    year = Span(wall_to_utc(start, find_zone(zone)), LATEST)
    year = Span(year.start, min(year.start + timedelta(days=366), LATEST))
    blocked = list(block.spans(year))
    hit = tuple(taken for taken in appointments if any(span.overlaps(taken) for span in blocked))
    if not hit:
        return decision
    return Accepted(
        block,
        warnings=(Refusal(Code.OVERLAP, "appointments in this time stay", "start", {"appointments": hit}),),
    )


def _relations(actor: Actor, practice: str, clinician: str) -> list[Relation]:
    if actor.practice != practice:
        return []
    own = actor.kind is ActorKind.CLINICIAN and actor.id == clinician
    return [Relation.OWN, Relation.PRACTICE] if own else [Relation.PRACTICE]


def _block(
    zone: str, start: datetime, end: datetime, rule: Rule | str | None, id: str | None, title: str, details: str
) -> TimeBlock | RecurringBlock:
    if not all(isinstance(when, datetime) and when.tzinfo is None for when in (start, end)):
        raise InvalidValue("give local times without a zone; the zone is the clinician's", field="start")
    if end <= start:
        raise InvalidValue("the end must be after the start", field="end", code=Code.INVALID_RANGE)
    if rule is None:
        key = find_zone(zone)
        return TimeBlock(span=Span(wall_to_utc(start, key), wall_to_utc(end, key)), id=id, title=title, details=details)
    parsed = rule if isinstance(rule, Rule) else Rule.parse(rule)
    series = Series(start=start, zone=zone, duration=end - start, rule=parsed)
    return RecurringBlock(series=series, id=id, title=title, details=details)
