"""What a client can be offered, and whether one start is among it: one reading of the same rules (S18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from oasys_sched.actors import CLIENT_SIDE, Actor
from oasys_sched.availability.slots import Slots, bookable_slots
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.checks import chosen_mode, client_of, located, offered
from oasys_sched.booking.conflicts import double_booked
from oasys_sched.booking.facts import Facts
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refusal, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.people import Client, ClientStatus
from oasys_sched.policies.access import Action
from oasys_sched.policies.booking import BookingMode
from oasys_sched.services import Service
from oasys_sched.times import LATEST, Span

__all__ = ["client_slots"]

_TICK = timedelta(seconds=1)
# How many other times to name to a client who was too late, and how far to look for them.
_OTHERS = 3
_SOON = timedelta(days=7)
_UNAVAILABLE = Refusal(Code.SLOT_UNAVAILABLE, "this time is not available", "starts_at")


def client_slots(
    facts: Facts,
    *,
    service: str,
    mode: Mode | str | None = None,
    location: str | None = None,
    within: Span,
    actor: Actor,
    now: datetime,
) -> Decision[Slots]:
    """List the starts that `facts.client` could book right now: each of them can be booked at the same `now`.

    For a client it is refused where booking would be, whatever the start; staff see the same list for the client.
    """
    client = client_of(facts, actor, Action.SEE_SLOTS)
    if isinstance(client, Refused):
        return client
    barred = may_self_book(facts, client, service, now)
    if barred is not None and actor.kind in CLIENT_SIDE:
        return barred
    chosen = bookable_service(facts, service)
    if isinstance(chosen, Refused):
        return chosen
    how = chosen_mode(chosen, mode, default=False)
    where = located(facts, chosen, location, how)
    if isinstance(how, Refused):
        return how
    if isinstance(where, Refused):
        return where
    return Accepted(
        bookable_slots(
            facts.diary(within, service=chosen, client=client.id, now=now),
            chosen,
            within=within,
            policy=facts.schedule.booking.for_service(chosen.id),
            now=now,
            mode=how,
            location=where,
        )
    )


def may_self_book(facts: Facts, client: Client, service: str, now: datetime) -> Refused | None:
    """Refuse where a client cannot book at all: not signed up, archived, self-booking off, too many ahead."""
    if client.status is ClientStatus.PENDING:
        return refuse(Code.CLIENT_PENDING, "finish signing up before booking", field="client")
    if client.status is ClientStatus.ARCHIVED:
        return refuse(Code.CLIENT_ARCHIVED, "the account is archived: call the practice", field="client")
    if facts.clinician.id not in client.clinicians:
        return refuse(Code.CLIENT_NOT_IN_CASELOAD, "book with the own clinician only", field="client")
    policy = facts.schedule.booking
    if policy.for_service(service).mode is BookingMode.OFF:
        return refuse(Code.SELF_BOOKING_DISABLED, "booking online is not possible: call the practice")
    if policy.client_upcoming is not None:
        ahead = {
            row.id
            for row in (*facts.client_agenda, *facts.agenda)
            if row.client == client.id
            and row.clinician == facts.clinician.id
            and row.status in {AppointmentStatus.PENDING, AppointmentStatus.UPCOMING}
            and row.starts_at > now
        }
        if len(ahead) >= policy.client_upcoming:
            return refuse(Code.CLIENT_CAP, "as many appointments ahead as allowed", limit=policy.client_upcoming)
    return None


def bookable_service(facts: Facts, id: str) -> Service | Refused:
    """Return a service that this clinician's clients may book by themselves (S16)."""
    service = offered(facts.service(id), facts.clinician)
    if isinstance(service, Refused) or service.bookable_by_clients:
        return service
    return refuse(Code.SERVICE_NOT_BOOKABLE, "call the practice to book this service", field="service")


def service_as_booked(facts: Facts, appointment: Appointment) -> Service:
    """Return the service of an appointment with the duration and buffers it was booked with."""
    return replace(
        facts.service_of(appointment),
        duration=appointment.duration,
        buffer_before=appointment.buffer_before,
        buffer_after=appointment.buffer_after,
    )


def free_for_client(
    facts: Facts,
    service: Service,
    start: datetime,
    client: str,
    *,
    now: datetime,
    mode: Mode | None = None,
    location: str | None = None,
    ignoring: str | None = None,
) -> tuple[Refusal, ...]:
    """Return why a client cannot have a start, or (): it is one of the slots listed at the same `now`.

    Notice and horizon are named (S89, S90); of anything else a client learns only that the time is not available, and
    in `others` which of the next days' times are, up to three: what to answer who was a moment too late.
    """
    if not facts.offers_times:
        return (Refusal(Code.NO_AVAILABILITY, "no times are offered", "starts_at"),)
    policy = facts.schedule.booking.for_service(service.id)
    zone = facts.zone
    notice, advance = policy.minimum_notice, policy.maximum_advance
    if notice and start < (earliest := notice.after(now, zone)):
        return (
            Refusal(
                Code.TOO_SOON,
                "choose a later time: notice is needed",
                "starts_at",
                {"notice": str(notice), "earliest": earliest},
            ),
        )
    if advance is not None and start > (latest := advance.after(now, zone)):
        return (
            Refusal(
                Code.TOO_FAR_AHEAD,
                "choose an earlier time",
                "starts_at",
                {"advance": str(advance), "latest": latest},
            ),
        )
    ignored = frozenset({ignoring} if ignoring else ())

    def listed(within: Span) -> Slots:
        diary = facts.diary(within, service=service, client=client, now=now, ignoring=ignored)
        return bookable_slots(diary, service, within=within, policy=policy, now=now, mode=mode, location=location)

    if start in listed(Span(start, start + _TICK)):
        return ()
    own = double_booked(facts, Span(start, start + service.duration), client, ignoring=ignored)
    others = listed(Span(start, min(start + _SOON, LATEST))).first(_OTHERS)
    return public(
        (Refusal(Code.CLIENT_DOUBLE_BOOKED, "", "starts_at"),) if own else (),
        others=tuple(slot.starts_at.isoformat() for slot in others),
    )


def public(found: tuple[Refusal, ...], *, others: tuple[str, ...] = ()) -> tuple[Refusal, ...]:
    """Return what a client may know of why a time is not free: the own double booking, and nothing else (S109)."""
    own = any(row.code is Code.CLIENT_DOUBLE_BOOKED for row in found)
    gone = replace(_UNAVAILABLE, details={"others": others}) if others else _UNAVAILABLE
    if not own:
        return (gone,)
    twice = Refusal(Code.CLIENT_DOUBLE_BOOKED, "you have another appointment at that time", "starts_at")
    return (gone, twice)
