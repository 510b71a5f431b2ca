"""Invariants 4, 5 and 6 of RULES section 6: what clients are offered, asked again of the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.availability.busy import TimeBlock
from oasys_sched.availability.slots import Slot, Slots
from oasys_sched.booking.appointment import OCCUPYING, Appointment
from oasys_sched.booking.commands import BookSlot
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.offers import client_slots
from oasys_sched.booking.selfbook import self_book
from oasys_sched.decisions import Accepted
from oasys_sched.people import Client, Clinician
from oasys_sched.services import Service
from oasys_sched.testing.invariants import Broken
from oasys_sched.testing.world import World
from oasys_sched.times import Span

__all__ = ["broken_offers"]


def broken_offers(world: World, *, within: Span, most: int = 3) -> tuple[Broken, ...]:
    """Return how the listings of a span break 4, 5 or 6, for every client and service of every clinician.

    Of each listing `most` slots are tried, spread over it. Costs a listing for each of them.
    """
    return tuple(
        problem
        for clinician in world.all(Clinician)
        for client in world.all(Client)
        for problem in _client(world, clinician.id, client.id, within, most)
    )


def _client(world: World, clinician: str, client: str, within: Span, most: int) -> Iterator[Broken]:
    facts = world.facts(clinician, client)
    if facts is None:
        return
    actor = Actor.client(client, practice=facts.practice.id)
    for service in facts.services:
        slots = _listed(facts, service, actor, within, world)
        if slots is None:
            continue
        if tuple(slots) != tuple(_listed(_scrambled(facts, client), service, actor, within, world) or ()):
            yield Broken(number=6, why=f"what {client} sees depends on more than free time")
        for slot in _spread(tuple(slots), most):
            yield from _slot(facts, service, actor, Span(slot.starts_at, slot.starts_at + service.duration), world)
            yield from _less(facts, service, actor, within, world, slots, slot.starts_at)


def _listed(facts: Facts, service: Service, actor: Actor, within: Span, world: World) -> Slots | None:
    answer = client_slots(facts, service=service.id, mode=service.modes[0], within=within, actor=actor, now=world.now)
    return answer.value if isinstance(answer, Accepted) else None


def _book(facts: Facts, service: Service, actor: Actor, start: datetime, world: World) -> Appointment | None:
    command = BookSlot(
        service=service.id,
        mode=service.modes[0],
        starts_at=start,
        terms_accepted=facts.schedule.cancellation.version,
    )
    answer = self_book(facts, command, id="tried", actor=actor, now=world.now)
    return answer.value if isinstance(answer, Accepted) else None


def _slot(facts: Facts, service: Service, actor: Actor, span: Span, world: World) -> Iterator[Broken]:
    if _book(facts, service, actor, span.start, world) is None:
        yield Broken(number=4, why=f"{span.start} is offered to {actor.id}, but cannot be booked")
    rows = (*facts.agenda, *facts.client_agenda)
    taken = [row.span for row in rows if row.status in OCCUPYING]
    taken += facts.held(now=world.now)
    taken += facts.external_busy
    taken += [one for block in facts.blocks for one in ([block] if isinstance(block, Span) else block.spans(span))]
    if any(span.overlaps(one) for one in taken):
        yield Broken(number=4, why=f"{span.start} is offered to {actor.id}, but is taken")


def _less(
    facts: Facts, service: Service, actor: Actor, within: Span, world: World, slots: Slots, start: datetime
) -> Iterator[Broken]:
    booked = _book(facts, service, actor, start, world)
    if booked is None:
        return
    fuller = {
        "a block": replace(facts, blocks=(*facts.blocks, TimeBlock(span=booked.span))),
        "an appointment": replace(facts, agenda=(*facts.agenda, replace(booked, client="somebody-else"))),
    }
    for what, more in fuller.items():
        fewer = set(_listed(more, service, actor, within, world) or ())
        if not fewer <= set(slots):
            yield Broken(number=5, why=f"{what} at {start} adds a slot")


def _scrambled(facts: Facts, client: str) -> Facts:
    """Return the same free time with everything foreign under other names, and without what takes no time."""

    def other(row: Appointment) -> Appointment:
        mine = row.client == client
        return row if mine else replace(row, client=f"x-{row.client}", service=f"x-{row.service}", price=None)

    return replace(
        facts,
        agenda=tuple(other(row) for row in facts.agenda if row.client == client or row.status in OCCUPYING),
        blocks=tuple(replace(row, title="x") if isinstance(row, TimeBlock) else row for row in facts.blocks),
        requests=tuple(row if row.client == client else replace(row, client="x") for row in facts.requests),
    )


def _spread(slots: tuple[Slot, ...], most: int) -> Iterable[Slot]:
    step = max(1, len(slots) // max(1, most))
    return slots[::step][:most]
