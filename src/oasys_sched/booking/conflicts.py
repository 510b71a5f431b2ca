"""The last question: is the time free? What stops a clinician, what only warns, and what an override records (A10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import final

from oasys_sched.availability.diary import Diary
from oasys_sched.booking.appointment import OCCUPYING
from oasys_sched.booking.facts import Facts
from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal, Refused
from oasys_sched.times import Span

__all__ = ["Placed", "clashes", "place"]


@final
@dataclass(frozen=True, slots=True)
class Placed:
    """A time the clinician may use: whether an override is recorded with it, and what to warn of."""

    overlap: bool
    warnings: tuple[Refusal, ...]


def clashes(
    facts: Facts, span: Span, client: str, *, now: datetime, ignoring: frozenset[str] = frozenset()
) -> tuple[Refusal, ...]:
    """Return what stops a clinician at a time: own appointments, holds, and the client's other appointments."""
    found: list[Refusal] = []
    own = [row.id for row in facts.occupied(ignoring=ignoring, during=span)]
    held = any(hold.overlaps(span) for hold in facts.held(now=now, ignoring=ignoring))
    if own or held:
        found.append(
            Refusal(
                Code.CONFLICT,
                "the time is taken by another appointment or a hold: choose another, or allow the overlap",
                "starts_at",
                {"appointments": tuple(own), "held": held},
            )
        )
    if double_booked(facts, span, client, ignoring=ignoring):
        found.append(Refusal(Code.CLIENT_DOUBLE_BOOKED, "the client has another appointment at that time", "starts_at"))
    return tuple(found)


def double_booked(facts: Facts, span: Span, client: str, *, ignoring: frozenset[str] = frozenset()) -> bool:
    """Tell whether the client has another appointment, with anybody, at a time."""
    return any(
        row.client == client and row.status in OCCUPYING and row.id not in ignoring and row.overlaps(span)
        for row in (*facts.client_agenda, *facts.agenda)
    )


def place(
    facts: Facts, span: Span, client: str, *, allow_overlap: bool, now: datetime, ignoring: frozenset[str] = frozenset()
) -> Placed | Refused:
    """Judge a time for the clinician's own planning: blocks, external busy times and hours only warn (A10, S78)."""
    stopped = clashes(facts, span, client, now=now, ignoring=ignoring)
    if stopped and not allow_overlap:
        return Refused(stopped)
    overlaps = (Refusal(Code.OVERLAP, row.message, row.field, row.details) for row in stopped)
    return Placed(bool(stopped), (*overlaps, *cautions(facts, span)))


def cautions(facts: Facts, span: Span) -> tuple[Refusal, ...]:
    """Return what a clinician should know of a time, and may ignore."""
    found: list[Refusal] = []
    if Diary(hours=None, blocks=facts.blocks).busy_between(span):
        found.append(Refusal(Code.BLOCKED, "the time is blocked", "starts_at"))
    if any(busy.overlaps(span) for busy in facts.external_busy):
        found.append(Refusal(Code.BUSY, "the connected calendar is busy at that time", "starts_at"))
    if facts.outside_hours(span):
        found.append(Refusal(Code.OUTSIDE_AVAILABILITY, "the time lies outside the hours set up", "starts_at"))
    return tuple(found)
