"""The first questions of every decision: may this actor do it, and is the input well formed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oasys_sched.actors import CLIENT_SIDE, Actor, ActorKind
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.facts import Facts
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.people import Client, Clinician, ClinicianStatus, Location
from oasys_sched.policies.access import Action, Relation, denied
from oasys_sched.services import LONGEST, Service
from oasys_sched.times import Span, WallTime, as_utc, local_kind

__all__ = [
    "authorise",
    "chosen_mode",
    "client_of",
    "default_place",
    "first",
    "found",
    "gathered",
    "instant",
    "lasting",
    "located",
    "offered",
    "practising",
    "priced",
    "relations",
    "supported",
    "upcoming",
]


def relations(facts: Facts, actor: Actor) -> frozenset[Relation]:
    """Tell how an actor stands to what is acted on, from facts read in the same moment."""
    if actor.practice != facts.practice.id:
        return frozenset()
    return frozenset(_relations(facts, actor))


def _relations(facts: Facts, actor: Actor) -> Iterator[Relation]:
    if actor.kind is ActorKind.CLINICIAN:
        clinician = facts.appointment.clinician if facts.appointment else facts.clinician.id
        if actor.id == clinician:
            yield Relation.OWN
    client = facts.client
    whose = facts.appointment.client if facts.appointment else client.id if client else None
    if actor.kind is ActorKind.CLIENT and actor.id == whose:
        yield Relation.OWN
    if actor.kind is ActorKind.GUARDIAN and client is not None and (client.id, client.guardian) == (whose, actor.id):
        yield Relation.OWN
    if actor.kind not in CLIENT_SIDE:
        yield Relation.PRACTICE


def authorise(facts: Facts, actor: Actor, action: Action) -> Refused | None:
    """Refuse an actor who may not: clients learn nothing of what is not theirs (`not_found`)."""
    return denied(actor.kind, action, relations(facts, actor))


def found(facts: Facts, actor: Actor, action: Action) -> Appointment | Refused:
    """Return the appointment acted on, once it is clear that the actor may."""
    refused = authorise(facts, actor, action)
    if refused is not None:
        return refused
    if facts.appointment is None:
        return refuse(Code.NOT_FOUND, "no such appointment", field="appointment")
    return facts.appointment


def client_of(facts: Facts, actor: Actor, action: Action) -> Client | Refused:
    """Return the client acted for, once it is clear that the actor may."""
    refused = authorise(facts, actor, action)
    if refused is not None:
        return refused
    if facts.client is None:
        return refuse(Code.NOT_FOUND, "no such client", field="client")
    return facts.client


def practising(facts: Facts) -> Refused | None:
    """Refuse to plan for a clinician who is inactive or on hold (O7)."""
    if facts.clinician.status is ClinicianStatus.ACTIVE:
        return None
    return refuse(Code.CLINICIAN_NOT_ACTIVE, "only an active clinician can be scheduled", field="clinician")


def instant(value: datetime, field: str) -> datetime | Refused:
    """Return an instant in UTC; naive ones and wall times that a clock change skips are refused (S6)."""
    try:
        moment = as_utc(value, field)
    except InvalidValue as error:
        return refuse(error.code, error.problem, field=field)
    zone = value.tzinfo
    # Only named zones have gaps; a fixed offset names an instant that exists.
    if isinstance(zone, ZoneInfo) and local_kind(value.replace(tzinfo=None), zone) is WallTime.SKIPPED:
        return refuse(
            Code.NONEXISTENT_LOCAL_TIME,
            "the clocks skip this time on that day: give one before or after the change",
            field=field,
        )
    return moment


def upcoming(value: datetime, now: datetime, field: str = "starts_at") -> datetime | Refused:
    """Return an instant strictly after now (S6)."""
    moment = instant(value, field)
    if isinstance(moment, Refused) or moment > now:
        return moment
    return refuse(Code.IN_THE_PAST, "appointments lie ahead: record a past one with Log Previous Session", field=field)


def lasting(starts_at: datetime, duration: timedelta) -> Span | Refused:
    """Return the planned span of a duration above 0 and up to 24 hours (S6)."""
    if not isinstance(duration, timedelta) or not timedelta(0) < duration <= LONGEST:
        return refuse(Code.INVALID_DURATION, "give a duration above 0 and up to 24 hours", field="duration")
    try:
        return Span(starts_at, starts_at + duration)
    except InvalidValue as error:
        return refuse(error.code, error.problem, field="duration")


def offered(service: Service | None, clinician: Clinician) -> Service | Refused:
    """Return a service if it is active and this clinician offers it (S3)."""
    if service is None or (service.clinicians is not None and clinician.id not in service.clinicians):
        return refuse(Code.UNKNOWN_SERVICE, "choose a service that this clinician offers", field="service")
    if not service.active:
        return refuse(Code.SERVICE_INACTIVE, "the service is no longer offered", field="service")
    return service


def chosen_mode(service: Service, mode: Mode | str | None, *, default: bool) -> Mode | Refused:
    """Return the session mode: the given one, the only one, or (for staff) the service's default (S5, S17)."""
    if mode is None:
        if len(service.modes) == 1:
            return service.modes[0]
        if default and service.default_mode is not None:
            return service.default_mode
        return refuse(Code.MODE_REQUIRED, "choose how to meet", field="mode", modes=tuple(map(str, service.modes)))
    return supported(mode, service.modes)


def supported(mode: Mode | str, modes: Sequence[Mode]) -> Mode | Refused:
    """Return a given mode if it is one of those in which a service can be held (S5)."""
    if mode in modes:
        return Mode(mode)
    return refuse(
        Code.MODE_NOT_SUPPORTED, "the service is not offered that way", field="mode", modes=tuple(map(str, modes))
    )


def priced(price: Money | None) -> Refused | None:
    """Refuse a price that is not money; money is never negative (S6)."""
    if price is None or isinstance(price, Money):
        return None
    return refuse(Code.INVALID_AMOUNT, "give a Money of 0 or more", field="price")


def located(facts: Facts, service: Service, location: str | None, mode: Mode | Refused) -> str | Refused | None:
    """Return the place: the given one, else for a meeting in person the practice's default for both (O6)."""
    if location is None:
        return default_place(facts, service, mode)
    if any(place.id == location for place in _places(facts, service)):
        return location
    return refuse(Code.NOT_FOUND, "choose a location where this clinician offers this service", field="location")


def default_place(facts: Facts, service: Service, mode: Mode | Refused) -> str | None:
    """Return where to meet in person when nobody said: the practice's default first. Otherwise there is no place."""
    if mode is not Mode.IN_PERSON:
        return None
    return next((place.id for place in sorted(_places(facts, service), key=lambda place: not place.default)), None)


def _places(facts: Facts, service: Service) -> list[Location]:
    return [
        place
        for place in facts.practice.locations
        if (not place.clinicians or facts.clinician.id in place.clinicians)
        and (service.locations is None or place.id in service.locations)
    ]


def first(*answers: Refused | None) -> Refused | None:
    """Return the first refusal among some answers, if any."""
    return next((answer for answer in answers if answer is not None), None)


def gathered(*answers: object) -> Refused:
    """Return every refusal among some answers as one."""
    return Refused(tuple(row for answer in answers if isinstance(answer, Refused) for row in answer.refusals))
