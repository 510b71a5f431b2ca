"""What a booking journey has to load, and the facts in what was found: pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, final

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.booking.appointment import OCCUPYING, Appointment
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.request import OPEN_REQUEST, ChangeRequest
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.people import Client, Clinician, Practice
from oasys_sched.policies.access import Action, Relation, forbidden, may
from oasys_sched.ports import Query, Snapshot, Wanted
from oasys_sched.recurrence.rule import Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.sessions.evidence import client_was_waiting
from oasys_sched.sessions.session import Session
from oasys_sched.times import EARLIEST, LATEST, Span
from oasys_sched.units.asks import Ask, guard_of, instants
from oasys_sched.units.commits import Seen

__all__ = [
    "Target",
    "first_look",
    "may_look",
    "own_client",
    "second_look",
    "seen_booking",
    "series_look",
    "series_times",
    "target_of",
    "undecided",
]

# What can matter to a time: a whole week of caps on either side, and the longest appointment with its buffers.
_MARGIN: Final = timedelta(days=14)
_DAY: Final = 86_400
MOST_OCCURRENCES: Final = 400
_ON_THE_LIST: Final = ("offered", "waiting")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom an ask is about, once the first look has found the things it names."""

    clinician: str
    client: str | None
    appointment: Appointment | None
    about: str | None
    people: tuple[str, ...]
    around: Span
    days: tuple[int, ...]


def first_look(actor: Actor, ask: Ask) -> Wanted:
    """Return what names the people: the appointment, the request, the block, the waitlist's entries, the client."""
    named = {
        "appointment": ask.appointment, "request": ask.request, "block": ask.block, "waitlist": ask.entry,
        "client": ask.client,
    }  # fmt: skip
    queries = [Query(kind=kind, ids=(id,)) for kind, id in named.items() if id is not None]
    if ask.waiting:
        queries.append(Query(kind="waitlist", statuses=_ON_THE_LIST))
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
    block = found.get(BlockRecord, ask.block)
    entry = found.get(WaitlistEntry, ask.entry)
    asked = (ask.request, ask.appointment, ask.client, ask.block, ask.entry)
    known = (request, appointment, client, block, entry)
    if any(id is not None and row is None for id, row in zip(asked, known, strict=True)):
        return None
    about = appointment or request or entry
    whose = about.client if about else client.id if client else None
    clinician = (
        ask.clinician
        or (about and about.clinician)
        or (block and block.clinician)
        or (client and client.clinicians and client.clinicians[0])
        or default_clinician
    )
    if not clinician:
        return None
    times = instants(ask)
    if appointment is not None:
        shift = times[0] - appointment.starts_at if times else timedelta(0)
        starts = [row.starts_at for row in occurrences]
        times += [appointment.starts_at, *starts, *(start + shift for start in starts)]
    if request is not None:
        times += [request.old_start, *request.proposed]
    if entry is not None and entry.offer is not None:
        times.append(entry.offer.span.start)
    bounded = [min(max(when, EARLIEST + _MARGIN), LATEST - 2 * _MARGIN) for when in times or [now]]
    around = Span(min(bounded) - _MARGIN, max(bounded) + _MARGIN)
    days = tuple(sorted({int(when.timestamp()) // _DAY + step for when in bounded for step in (-1, 0, 1)}))
    listed = [row for row in found.all(WaitlistEntry) if ask.waiting and row.clinician == clinician]
    return Target(
        clinician=clinician,
        client=whose,
        appointment=appointment,
        about=about.id if isinstance(about, Appointment) else about.appointment if about else None,
        people=tuple(dict.fromkeys(row.client for row in listed)),
        around=around,
        days=days,
    )


def second_look(actor: Actor, ask: Ask, target: Target) -> Wanted:
    """Return everything the decision may look at, and the counters it must not overtake."""
    clinician, client, appointment = target.clinician, target.client, target.about
    queries = [
        Query(kind="practice", ids=(actor.practice,)),
        Query(kind="clinician", ids=(clinician,)),
        Query(kind="schedule", ids=(clinician,)),
        Query(kind="service"),
        Query(kind="block", clinician=clinician, statuses=("active",)),
        Query(kind="appointment", clinician=clinician, within=target.around, statuses=tuple(sorted(OCCUPYING))),
        Query(kind="request", clinician=clinician, statuses=tuple(sorted(OPEN_REQUEST))),
        Query(kind="waitlist", clinician=clinician, statuses=_ON_THE_LIST if ask.waiting else ("offered",)),
    ]
    if target.people:
        queries.append(Query(kind="client", ids=target.people))
        queries += [Query(kind="appointment", client=id, statuses=tuple(sorted(OCCUPYING))) for id in target.people]
    if client is not None:
        queries += [
            Query(kind="client", ids=(client,)),
            Query(kind="appointment", client=client, statuses=tuple(sorted(OCCUPYING))),
            Query(kind="request", client=client, statuses=tuple(sorted(OPEN_REQUEST))),
        ]
    if appointment is not None:
        queries += [
            Query(kind="appointment", ids=(appointment,)),
            Query(kind="request", parent=appointment),
            Query(kind="session", parent=appointment),
        ]
    for kind, id in (("request", ask.request), ("block", ask.block), ("waitlist", ask.entry)):
        if id is not None:
            queries.append(Query(kind=kind, ids=(id,)))
    if target.appointment is not None and target.appointment.series is not None:
        queries.append(Query(kind="appointment", parent=target.appointment.series))
        queries.append(Query(kind="series", ids=(target.appointment.series,)))
    names = [f"clinician/{clinician}/{day}" for day in target.days]
    if client is not None:
        names.append(f"client/{client}")
    if appointment is not None:
        names.append(guard_of(appointment))
    return Wanted(practice=actor.practice, queries=tuple(queries), guards=tuple(names), outcome=ask.stored_key(actor))


def seen_booking(found: Snapshot, ask: Ask, target: Target, external: Iterable[Span]) -> Seen | None:
    """Return the facts of a snapshot; None when practice, clinician or schedule are not there."""
    practice = next(iter(found.all(Practice)), None)
    clinician = found.get(Clinician, target.clinician)
    schedule = found.get(Schedule, target.clinician)
    if practice is None or clinician is None or schedule is None:
        return None
    appointments = found.all(Appointment)
    request = found.get(ChangeRequest, ask.request)
    about, sessions = found.get(Appointment, target.about), found.all(Session)
    facts = Facts(
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
        client_agenda=tuple(row for row in appointments if row.client in {target.client, *target.people}),
        requests=tuple(row for row in found.all(ChangeRequest) if row.is_open),
        blocks=tuple(row.block for row in found.all(BlockRecord) if not row.deleted),
        external=tuple(external),
        waitlist=tuple(row for row in found.all(WaitlistEntry) if row.clinician == target.clinician),
        block=found.get(BlockRecord, ask.block),
        client_waiting=client_was_waiting(sessions),
        session_billed=any(row.billed for row in sessions),
    )
    return Seen(found=found, facts=facts, client=facts.client, reminders=schedule.reminders)


def undecided(practice: str) -> Wanted:
    """Return what names everything that lapses if nobody answers."""
    queries = (
        Query(kind="appointment", statuses=("pending",)),
        Query(kind="request", statuses=tuple(sorted(OPEN_REQUEST))),
        Query(kind="waitlist", statuses=("offered",)),
    )
    return Wanted(practice=practice, queries=queries)


def own_client(actor: Actor, client: str | None) -> str | None:
    """Return whom an actor acts for: a client always for the own self, whatever is asked (fault 27)."""
    return actor.id if actor.kind is ActorKind.CLIENT else client


def series_times(starts_at: datetime, rule: Rule | str) -> tuple[datetime, ...]:
    """Return about when the occurrences of a new series lie, to the day: what has to be looked at for them.

    A rule or a start that makes no sense gives the start alone; the rule itself refuses it.
    """
    if not isinstance(starts_at, datetime):
        return (starts_at,)
    found = [starts_at]
    try:
        pattern = rule if isinstance(rule, Rule) else Rule.parse(rule)
        if pattern.until is not None:
            pattern = replace(pattern, until=pattern.until + timedelta(days=1))
        wall = starts_at.astimezone(UTC).replace(tzinfo=None)
    except (InvalidValue, ValueError, OverflowError):
        return (starts_at,)
    # The zone is not known yet: on the clinician's calendar it is this day or a neighbour, which the rule may name.
    for away in (timedelta(days=-1), timedelta(0), timedelta(days=1)):
        with suppress(InvalidValue, OverflowError):
            line = Series(start=wall + away, zone="UTC", duration=timedelta(minutes=1), rule=pattern)
            if not (pattern.is_open or line.counts_beyond(MOST_OCCURRENCES)):
                found += (row.starts_at - away for row in line.all())
    return tuple(found)


def may_look(actor: Actor, clinician: str | None, action: Action) -> Refused | None:
    """Refuse whoever may not see a clinician's full calendar or bill (RULES 3.11)."""
    own = actor.kind is ActorKind.CLINICIAN and actor.id == clinician
    how = [Relation.PRACTICE, Relation.OWN] if own else [Relation.PRACTICE]
    if not may(actor.kind, action, how):
        return forbidden(actor.kind, action)
    if clinician is None:
        return refuse(Code.INVALID_VALUE, "say whose calendar", field="clinician")
    return None
