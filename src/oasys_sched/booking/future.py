"""An occurrence and all future ones: moved together, or cancelled together (S14, S33, A21, A37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.cancelling import cancellation_wish, cancelled_by
from oasys_sched.booking.checks import authorise, found, practising
from oasys_sched.booking.creating import unreachable
from oasys_sched.booking.events import AppointmentRescheduled, SeriesCancelled, SeriesRescheduled
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.moving import moved_span, moved_to
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.repeating import place_all
from oasys_sched.booking.scope import this_and_future
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import fee_told, superseded, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refusal, Refused, refuse
from oasys_sched.errors import InvalidValue
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator
from oasys_sched.recurrence.rule import Rule
from oasys_sched.times import find_zone, wall_to_utc

__all__ = ["cancel_future", "reschedule_future"]

WAITING = frozenset({AppointmentStatus.PENDING, AppointmentStatus.UPCOMING})


def reschedule_future(
    facts: Facts,
    *,
    id: str,
    starts_at: datetime,
    text: str = "",
    rule: Rule | None = None,
    include_moved: bool = False,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[AppointmentSeries]:
    """Move an occurrence and all later ones by the same wall-clock distance; they become the series `id` (S14, 3.3).

    Occurrences moved individually before stay where they are and are reported, unless `include_moved` (A37). Past and
    finished ones are untouched. `rule` is needed only where the pattern cannot simply shift along.
    """
    located = _located(facts, actor, Action.RESCHEDULE, AppointmentAct.RESCHEDULE, now)
    if isinstance(located, Refused):
        return located
    pivot, record, future = located
    idle = practising(facts)
    if idle is not None:
        return idle
    span = moved_span(pivot, starts_at, now)
    if isinstance(span, Refused):
        return span
    zone = find_zone(pivot.zone)
    identity = _identity(pivot)
    wall = span.start.astimezone(zone).replace(tzinfo=None)
    records = _split(record, identity, wall, id, rule)
    if isinstance(records, Refused):
        return records
    delta = wall - identity
    targets, kept = [], []
    for row in future:
        target = replace(row, series=id, recurrence_id=_identity(row) + delta)
        if row is pivot:
            targets.append(replace(target, starts_at=span.start))
        elif include_moved or not _moved_alone(row):
            targets.append(replace(target, starts_at=wall_to_utc(_identity(target), zone)))
        else:
            kept.append(target)
    targets.sort(key=lambda row: row.starts_at)
    placed = place_all(
        facts,
        targets,
        allow_overlap=allow_overlap,
        now=now,
        ignoring=frozenset(row.id for row in targets),
    )
    if isinstance(placed, Refused):
        return placed
    before = {row.id: row for row in future}
    moved: list[Appointment] = []
    events: list[Event] = []
    closed: list[object] = []
    for target, where in placed:
        old = before[target.id]
        row = moved_to(old, target.span, where, text=text, series=id, recurrence_id=target.recurrence_id)
        ended, told = superseded(facts.request_on(old.id), actor, now)
        moved.append(row)
        closed += ended
        events += [
            tell(
                AppointmentRescheduled, row, actor, now, group=id, old_start=old.starts_at,
                reason_given=bool(text.strip()),
            ),
            *fee_told(row, old.charge.state if old.charge else None, actor, now, group=id),
            *told,
        ]  # fmt: skip
    stayed = [replace(row, revision=row.revision + 1) for row in kept]
    told_all = SeriesRescheduled(
        practice=record.practice,
        series=id,
        clinician=record.clinician,
        client=record.client,
        appointments=tuple(row.id for row in moved),
        actor=actor.id,
        role=actor.kind,
        at=now,
        moves=tuple((row.id, before[row.id].starts_at, row.starts_at) for row in moved),
        kept=tuple(row.id for row in stayed),
        originals=tuple(_identity(before[row.id]) for row in (*moved, *stayed)),
    )
    warnings = (*(row for _, where in placed for row in where.warnings), *_reported(stayed), *unreachable(facts.client))
    return Accepted(records[1], (told_all, *events), warnings, (*records, *moved, *stayed, *closed))


def cancel_future(
    facts: Facts,
    *,
    reason: str,
    text: str = "",
    initiator: Initiator | str | None = None,
    requested_at: datetime | None = None,
    apply_fee: bool | None = None,
    actor: Actor,
    now: datetime,
) -> Decision[AppointmentSeries]:
    """Cancel an occurrence and all later ones, the individually moved ones too, with one notice (S14, S33, A37).

    Lateness and fee are judged for each occurrence by itself (A21).
    """
    located = _located(facts, actor, Action.CANCEL, AppointmentAct.CANCEL, now)
    if isinstance(located, Refused):
        return located
    pivot, record, future = located
    refused = authorise(facts, actor, Action.DECIDE_FEE) if apply_fee is not None else None
    if refused is not None:
        return refused
    wish = cancellation_wish(reason, text, initiator, requested_at, now)
    if isinstance(wish, Refused):
        return wish
    cancelled: list[Appointment] = []
    events: list[Event] = []
    closed: list[object] = []
    for row in future:
        done, told = cancelled_by(facts, row, wish, apply_fee, actor, now, group=record.id)
        ended, told_request = superseded(facts.request_on(row.id), actor, now)
        cancelled.append(done)
        closed += ended
        events += [*told, *told_request]
    if apply_fee and not any(row.late for row in cancelled):
        return refuse(Code.NOT_LATE, "none was cancelled late by the client: no fee can apply", field="apply_fee")
    shorter = _cut(record, _identity(pivot))
    if isinstance(shorter, Refused):
        return shorter
    told_all = SeriesCancelled(
        practice=record.practice,
        series=record.id,
        clinician=record.clinician,
        client=record.client,
        appointments=tuple(row.id for row in cancelled),
        actor=actor.id,
        role=actor.kind,
        at=now,
        reason=wish.reason,
        initiator=wish.initiator,
        late=tuple(row.id for row in cancelled if row.late),
    )
    return Accepted(shorter, (told_all, *events), (), (shorter, *cancelled, *closed))


def _located(
    facts: Facts, actor: Actor, action: Action, act: AppointmentAct, now: datetime
) -> tuple[Appointment, AppointmentSeries, Sequence[Appointment]] | Refused:
    """Return the chosen occurrence, its series, and it with every later one that is still ahead, by identity (A37)."""
    pivot = found(facts, actor, action)
    if isinstance(pivot, Refused):
        return pivot
    status = step(APPOINTMENT, pivot.status, act)
    if isinstance(status, Refused):
        return status
    single = this_and_future(pivot)
    if single is not None:
        return single
    if now >= pivot.starts_at:
        return refuse(Code.ALREADY_STARTED, "choose an occurrence that lies ahead", field="appointment")
    record = facts.recurring
    if record is None or record.id != pivot.series:
        return refuse(Code.NOT_FOUND, "no such series", field="series")
    rows = {row.id: row for row in facts.series} | {pivot.id: pivot}
    future = [
        row
        for row in rows.values()
        if row.series == pivot.series
        and row.status in WAITING
        and row.starts_at > now
        and _identity(row) >= _identity(pivot)
        and act in APPOINTMENT[row.status]
    ]
    return pivot, record, sorted(future, key=_identity)


def _identity(appointment: Appointment) -> datetime:
    wall = appointment.recurrence_id
    return appointment.starts_at.replace(tzinfo=None) if wall is None else wall


def _moved_alone(appointment: Appointment) -> bool:
    zone = find_zone(appointment.zone)
    return appointment.starts_at != wall_to_utc(_identity(appointment), zone)


def _reported(kept: Sequence[Appointment]) -> list[Refusal]:
    return [
        Refusal(
            Code.KEPT_IN_PLACE, "it had been moved by itself and stays where it is", "appointment",
            {"appointment": row.id, "starts_at": row.starts_at.isoformat()},
        )
        for row in kept
    ]  # fmt: skip


def _cut(record: AppointmentSeries, identity: datetime) -> AppointmentSeries | Refused:
    try:
        shorter = record.recurrence.cut(before=identity)
    except InvalidValue as error:
        return refuse(error.code, error.problem, field="series")
    if shorter is None:
        return replace(record, revision=record.revision + 1, ended=True)
    return replace(record, revision=record.revision + 1, rule=str(shorter.rule))


def _split(
    record: AppointmentSeries, identity: datetime, wall: datetime, id: str, rule: Rule | None
) -> tuple[AppointmentSeries, AppointmentSeries] | Refused:
    try:
        parts = record.recurrence.split(at=identity, to=wall, rule=rule)
    except InvalidValue as error:
        return refuse(error.code, error.problem, field="rule")
    old = replace(record, revision=record.revision + 1, ended=parts.before is None)
    if parts.before is not None:
        old = replace(old, rule=str(parts.before.rule))
    new = replace(record, id=id, revision=1, start=parts.after.start, rule=str(parts.after.rule))
    return old, new
