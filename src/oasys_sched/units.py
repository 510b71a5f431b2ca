"""One unit of work, as pure functions: what to load for it, the facts in a snapshot, the commit of a decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.audit import entry_for
from oasys_sched.booking.appointment import OCCUPYING, Appointment
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.request import OPEN_REQUEST, ChangeRequest
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.notices import notices, reminder_group, reminder_rows
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.policies.access import Action, Relation, may
from oasys_sched.ports import Commit, Guard, Outcome, Query, Snapshot, Wanted
from oasys_sched.recurrence.rule import Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.times import EARLIEST, LATEST, Span

__all__ = ["Ask", "first_look", "second_look"]

# What can matter to a time: a whole week of caps on either side, and the longest appointment with its buffers.
_MARGIN: Final = timedelta(days=14)
_DAY: Final = 86_400
MOST_OCCURRENCES: Final = 400


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing somebody asks of the desk: whom and what it is about, and the rule that decides it.

    `times` are the instants it concerns, `all_future` adds those of the whole series, `body` is every argument as plain
    data: the digest under the idempotency key.
    """

    command: str
    action: Action
    decide: Callable[[Facts, datetime], Decision[Any]]
    clinician: str | None = None
    client: str | None = None
    appointment: str | None = None
    request: str | None = None
    times: tuple[datetime | None, ...] = ()
    all_future: bool = False
    body: Mapping[str, object] = field(default_factory=dict)
    key: str | None = None

    def stored_key(self, actor: Actor) -> str | None:
        """Return the key under which the outcome is kept: each actor and command has keys of its own."""
        return f"{actor.kind}/{actor.id}/{self.command}/{self.key}" if self.key else None

    @property
    def digest(self) -> str:
        """SHA-256 of every argument."""
        text = json.dumps([self.command, dict(self.body)], sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom an ask is about, once the first look has found the things it names."""

    clinician: str
    client: str | None
    appointment: Appointment | None
    around: Span
    days: tuple[int, ...]


def first_look(actor: Actor, ask: Ask) -> Wanted:
    """Return what names the people: the appointment, the request, the client."""
    queries = [
        Query(kind=kind, ids=(id,))
        for kind, id in (("appointment", ask.appointment), ("request", ask.request), ("client", ask.client))
        if id is not None
    ]
    return Wanted(practice=actor.practice, queries=tuple(queries))


def series_look(actor: Actor, ask: Ask, first: Snapshot) -> Wanted | None:
    """Return what names every occurrence of the series in question; None where only one appointment is."""
    appointment = first.get(Appointment, ask.appointment)
    if not ask.all_future or appointment is None or appointment.series is None:
        return None
    return Wanted(practice=actor.practice, queries=(Query(kind="appointment", parent=appointment.series),))


def target_of(
    ask: Ask, found: Snapshot, occurrences: Iterable[Appointment], default_clinician: str | None, now: datetime
) -> Target | None:
    """Return whom the ask is about; None when something it names does not exist."""
    request = found.get(ChangeRequest, ask.request)
    appointment = found.get(Appointment, ask.appointment)
    client = found.get(Client, ask.client)
    missing = (ask.request and not request, ask.appointment and not appointment, ask.client and not client)
    if any(missing):
        return None
    whose = appointment.client if appointment else request.client if request else client.id if client else None
    clinician = (
        ask.clinician
        or (appointment and appointment.clinician)
        or (request and request.clinician)
        or (client and client.clinicians and client.clinicians[0])
        or default_clinician
    )
    if not clinician:
        return None
    times = [when for when in ask.times if when is not None and when.utcoffset() is not None]
    if appointment is not None:
        shift = times[0] - appointment.starts_at if times else timedelta(0)
        starts = [row.starts_at for row in occurrences]
        times += [appointment.starts_at, *starts, *(start + shift for start in starts)]
    if request is not None:
        times += [request.old_start, *request.proposed]
    bounded = [min(max(when, EARLIEST + _MARGIN), LATEST - 2 * _MARGIN) for when in times or [now]]
    around = Span(min(bounded) - _MARGIN, max(bounded) + _MARGIN)
    days = tuple(sorted({int(when.timestamp()) // _DAY + step for when in bounded for step in (-1, 0, 1)}))
    return Target(clinician=clinician, client=whose, appointment=appointment, around=around, days=days)


def second_look(actor: Actor, ask: Ask, target: Target, request: ChangeRequest | None) -> Wanted:
    """Return everything the decision may look at, and the counters it must not overtake."""
    clinician, client = target.clinician, target.client
    appointment = target.appointment.id if target.appointment else request.appointment if request else None
    queries = [
        Query(kind="practice", ids=(actor.practice,)),
        Query(kind="clinician", ids=(clinician,)),
        Query(kind="schedule", ids=(clinician,)),
        Query(kind="service"),
        Query(kind="block", clinician=clinician),
        Query(kind="appointment", clinician=clinician, within=target.around, statuses=tuple(sorted(OCCUPYING))),
        Query(kind="request", clinician=clinician, statuses=tuple(sorted(OPEN_REQUEST))),
    ]
    if client is not None:
        queries += [
            Query(kind="client", ids=(client,)),
            Query(kind="appointment", client=client, statuses=tuple(sorted(OCCUPYING))),
            Query(kind="request", client=client, statuses=tuple(sorted(OPEN_REQUEST))),
        ]
    if appointment is not None:
        queries += [Query(kind="appointment", ids=(appointment,)), Query(kind="request", parent=appointment)]
    if ask.request is not None:
        queries.append(Query(kind="request", ids=(ask.request,)))
    if target.appointment is not None and target.appointment.series is not None:
        queries.append(Query(kind="appointment", parent=target.appointment.series))
        queries.append(Query(kind="series", ids=(target.appointment.series,)))
    names = [f"clinician/{clinician}/{day}" for day in target.days]
    if client is not None:
        names.append(f"client/{client}")
    return Wanted(practice=actor.practice, queries=tuple(queries), guards=tuple(names), outcome=ask.stored_key(actor))


def facts_of(found: Snapshot, ask: Ask, target: Target, external: Iterable[Span]) -> Facts | None:
    """Return the facts of a snapshot; None when practice, clinician or schedule are not there."""
    practice = next(iter(found.all(Practice)), None)
    clinician = found.get(Clinician, target.clinician)
    schedule = found.get(Schedule, target.clinician)
    if practice is None or clinician is None or schedule is None:
        return None
    appointments = found.all(Appointment)
    request = found.get(ChangeRequest, ask.request)
    about = found.get(Appointment, ask.appointment or (request.appointment if request else None))
    return Facts(
        practice=practice,
        clinician=clinician,
        schedule=schedule,
        client=found.get(Client, target.client),
        services=tuple(row.service for row in found.all(ServiceRecord)),
        appointment=about,
        request=request,
        recurring=found.get(AppointmentSeries, about.series if about else None),
        series=tuple(row for row in appointments if about and about.series and row.series == about.series),
        agenda=tuple(row for row in appointments if row.clinician == target.clinician),
        client_agenda=tuple(row for row in appointments if row.client == target.client),
        requests=tuple(row for row in found.all(ChangeRequest) if row.is_open),
        blocks=tuple(row.block for row in found.all(BlockRecord)),
        external=tuple(external),
    )


def replayed(ask: Ask, found: Snapshot) -> Outcome | None:
    """Return the stored outcome of this very key, whatever its body was."""
    return found.outcome if ask.key else None


def commit_of(
    actor: Actor,
    ask: Ask,
    found: Snapshot,
    facts: Facts,
    decision: Accepted[Any] | Refused,
    *,
    links: Mapping[str, str],
    now: datetime,
) -> Commit | None:
    """Return everything a decision writes; None when there is nothing to write."""
    key = ask.stored_key(actor)
    outcome = None if key is None else Outcome(key=key, digest=ask.digest, decision=decision, at=now)
    if isinstance(decision, Refused):
        return None if outcome is None else Commit(practice=actor.practice, outcome=outcome)
    changes: tuple[Aggregate, ...] = decision.changes  # type: ignore[assignment]
    if not changes and outcome is None:
        return None
    takes = any(row.occupancies or ((old := _before(found, row)) and old.occupancies) for row in changes)
    return Commit(
        practice=actor.practice,
        changes=changes,
        guards=tuple(Guard(name, version) for name, version in sorted(found.guards.items())) if takes else (),
        outcome=outcome,
        outbox=(
            *notices(decision.events, changes, client=facts.client, links=links, now=now),
            *reminder_rows(changes, facts.schedule.reminders, facts.client, now=now),
        ),
        withdraw=tuple(reminder_group(row.id) for row in changes if isinstance(row, Appointment)),
        audit=tuple(
            entry_for(
                _before(found, row),
                row,
                actor=actor,
                act=_act(decision.events, row, ask.command),
                at=now.astimezone(UTC),
                previous=found.audit_heads.get(Key(row.kind, row.id), ""),
                reason=_reason(row),
            )
            for row in changes
        ),
    )


def _before(found: Snapshot, row: Aggregate) -> Aggregate | None:
    return next((old for old in found.aggregates if old.kind == row.kind and old.id == row.id), None)


def _act(events: Iterable[Event], row: Aggregate, command: str) -> str:
    named = (type(event).__name__ for event in events if getattr(event, row.kind, None) == row.id)
    return next(named, command)


def _reason(row: Aggregate) -> str | None:
    if isinstance(row, Appointment) and row.cancellation is not None:
        return row.cancellation.reason
    return None


def own_client(actor: Actor, client: str | None) -> str | None:
    """Return whom an actor acts for: a client always for the own self, whatever is asked (fault 27)."""
    return actor.id if actor.kind is ActorKind.CLIENT else client


def series_times(starts_at: datetime, rule: Rule | str) -> tuple[datetime, ...]:
    """Return about when the occurrences of a new series lie, to the day: what has to be looked at for them.

    A rule or a start that makes no sense gives the start alone; the rule itself refuses it.
    """
    try:
        pattern = Rule.parse(rule) if isinstance(rule, str) else rule
        wall = starts_at.astimezone(UTC).replace(tzinfo=None)
        line = Series(start=wall, zone="UTC", duration=timedelta(minutes=1), rule=pattern)
        if line.last_start is None or line.counts_beyond(MOST_OCCURRENCES):
            return (starts_at,)
        return (starts_at, *(row.starts_at for row in line.all()))
    except (InvalidValue, ValueError, OverflowError):
        return (starts_at,)


def may_see_calendar(actor: Actor, clinician: str | None) -> Refused | None:
    """Refuse whoever may not see a clinician's full calendar (RULES 3.11)."""
    own = actor.kind is ActorKind.CLINICIAN and actor.id == clinician
    how = [Relation.PRACTICE, Relation.OWN] if own else [Relation.PRACTICE]
    if clinician is None:
        return refuse(Code.INVALID_VALUE, "say whose calendar", field="clinician")
    if not may(actor.kind, Action.SEE_CALENDAR, how):
        return refuse(Code.FORBIDDEN, "only the clinician's own side sees the calendar")
    return None
