"""Planning a series: a rule becomes appointments, all of them or none (S9-S12, A34-A36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from oasys_sched.actors import Actor
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.checks import found
from oasys_sched.booking.conflicts import Placed, place
from oasys_sched.booking.creating import plan, unreachable
from oasys_sched.booking.events import AppointmentCreated, AppointmentEdited, SeriesCreated
from oasys_sched.booking.facts import Facts
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct, step
from oasys_sched.booking.telling import changed, tell
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Event, Refusal, Refused, refuse
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.access import Action
from oasys_sched.recurrence.appointments import appointment_series
from oasys_sched.recurrence.rule import Frequency, Rule
from oasys_sched.recurrence.series import Series
from oasys_sched.times import Span, find_zone

__all__ = ["create_series", "make_recurring"]

PATTERNS: Final = frozenset({Frequency.WEEKLY, Frequency.MONTHLY})


def create_series(
    facts: Facts,
    *,
    id: str,
    ids: Iterable[str],
    rule: Rule | str,
    service: str,
    starts_at: datetime,
    mode: Mode | str | None = None,
    duration: timedelta | None = None,
    price: Money | None = None,
    location: str | None = None,
    skip_conflicts: bool = False,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[AppointmentSeries]:
    """Create a recurring series: weekly, every few weeks or monthly, up to a date or a number (S9-S12).

    Each occurrence is an appointment of its own at the same wall time. `id` names the series, `ids` the appointments,
    in order. Conflicts refuse the whole, each with its date, unless `skip_conflicts` leaves those out (A36).
    """
    supply = iter(ids)
    template = plan(
        facts,
        Action.CREATE_SERIES,
        id=id,
        service=service,
        starts_at=starts_at,
        mode=mode,
        duration=duration,
        price=price,
        location=location,
        actor=actor,
        now=now,
    )
    if isinstance(template, Refused):
        return template
    judged = _pattern(template, rule)
    if isinstance(judged, Refused):
        return judged
    pattern = judged.value
    planned = planned_occurrences(template, pattern, id)
    placed = place_all(facts, planned, allow_overlap=allow_overlap, skip_conflicts=skip_conflicts, now=now)
    if isinstance(placed, Refused):
        return placed
    kept = [replace(row, id=next(supply), overlap_allowed=where.overlap) for row, where in placed]
    skipped = tuple(row.starts_at for row in planned if row.starts_at not in {one.starts_at for one in kept})
    record = _record(template, pattern, id)
    events: list[Event] = [tell(AppointmentCreated, row, actor, now, group=id) for row in kept]
    return Accepted(
        record,
        (_created(record, kept, skipped, actor, now), *events),
        (*(row for _, where in placed for row in where.warnings), *judged.warnings, *unreachable(facts.client)),
        (record, *kept),
    )


def make_recurring(
    facts: Facts,
    *,
    id: str,
    ids: Iterable[str],
    rule: Rule | str,
    skip_conflicts: bool = False,
    allow_overlap: bool = False,
    actor: Actor,
    now: datetime,
) -> Decision[AppointmentSeries]:
    """Give an upcoming single appointment a pattern: it becomes the first occurrence (S9)."""
    appointment = found(facts, actor, Action.CREATE_SERIES)
    if isinstance(appointment, Refused):
        return appointment
    status = step(APPOINTMENT, appointment.status, AppointmentAct.EDIT)
    if isinstance(status, Refused):
        return status
    if appointment.series is not None:
        return refuse(Code.ALREADY_IN_SERIES, "it is part of a series already", field="appointment")
    if now >= appointment.starts_at:
        return refuse(Code.ALREADY_STARTED, "its start has passed: it can no longer be edited", field="appointment")
    judged = _pattern(appointment, rule)
    if isinstance(judged, Refused):
        return judged
    pattern = judged.value
    supply = iter(ids)
    template = replace(
        appointment, revision=1, created_at=now, charge=None, sequence=0, reschedules=0, late_notice=False
    )
    first, *rest = planned_occurrences(template, pattern, id)
    placed = place_all(
        facts,
        rest,
        allow_overlap=allow_overlap,
        skip_conflicts=skip_conflicts,
        now=now,
        settled=(first,),
    )
    if isinstance(placed, Refused):
        return placed
    begun = changed(appointment, series=id, recurrence_id=first.recurrence_id, sequence=appointment.sequence + 1)
    kept = [replace(row, id=next(supply), overlap_allowed=where.overlap) for row, where in placed]
    skipped = tuple(row.starts_at for row in rest if row.starts_at not in {one.starts_at for one in kept})
    record = _record(appointment, pattern, id)
    edited = tell(AppointmentEdited, begun, actor, now, group=id, fields=("series",), old_mode=begun.mode, visible=True)
    events: list[Event] = [tell(AppointmentCreated, row, actor, now, group=id) for row in kept]
    return Accepted(
        record,
        (_created(record, [begun, *kept], skipped, actor, now), edited, *events),
        (*(row for _, where in placed for row in where.warnings), *judged.warnings, *unreachable(facts.client)),
        (record, begun, *kept),
    )


def _pattern(first: Appointment, rule: Rule | str) -> Accepted[Series] | Refused:
    """Judge a recurring pattern: weekly or monthly, with one end, not too long (S10, S11); warn of months left out."""
    wall = first.starts_at.astimezone(find_zone(first.zone)).replace(tzinfo=None)
    judged = appointment_series(start=wall, zone=first.zone, duration=first.duration, rule=rule)
    if isinstance(judged, Refused):
        return judged
    if judged.value.rule.frequency not in PATTERNS or any(judged.value.rule.clock):
        return refuse(Code.INVALID_PATTERN, "repeat weekly, every few weeks, or monthly", field="rule")
    return judged


def planned_occurrences(template: Appointment, pattern: Series, series: str) -> list[Appointment]:
    """Return the occurrences of a pattern as appointments, still without an id and a place of their own."""
    return [
        replace(
            template,
            # The first is where it was asked for, even in the second of two equal hours.
            starts_at=template.starts_at if number == 0 else occurrence.starts_at,
            original_start=template.starts_at if number == 0 else occurrence.starts_at,
            series=series,
            recurrence_id=occurrence.original_start,
        )
        for number, occurrence in enumerate(pattern.all())
    ]


def place_all(
    facts: Facts,
    planned: Sequence[Appointment],
    *,
    allow_overlap: bool,
    skip_conflicts: bool = False,
    now: datetime,
    settled: Sequence[Appointment] = (),
    ignoring: frozenset[str] = frozenset(),
) -> list[tuple[Appointment, Placed]] | Refused:
    """Find every occurrence its place, or refuse with every date that has none (A36); those before are `settled`."""
    spans = [row.span for row in (*settled, *planned)]
    if any(one.overlaps(other) for one, other in pairwise(spans)):
        return refuse(Code.INVALID_DURATION, "occurrences would overlap each other", field="duration")
    judged = []
    for row in planned:
        answer = place(facts, row.span, row.client, allow_overlap=allow_overlap, now=now, ignoring=ignoring)
        judged.append((row, _dated(answer, row.span)))
    placed = [(row, where) for row, where in judged if isinstance(where, Placed)]
    stopped = [refusal for _, where in judged if isinstance(where, Refused) for refusal in where.refusals]
    if stopped and not (skip_conflicts and placed):
        return Refused(tuple(stopped))
    return placed


def _dated(answer: Placed | Refused, span: Span) -> Placed | Refused:
    """Return a judgement whose findings name the date they are about."""
    found = answer.refusals if isinstance(answer, Refused) else answer.warnings
    dated = tuple(
        Refusal(row.code, row.message, row.field, {**row.details, "starts_at": span.start.isoformat()}) for row in found
    )
    return Refused(dated) if isinstance(answer, Refused) else Placed(answer.overlap, dated)


def _record(first: Appointment, pattern: Series, id: str) -> AppointmentSeries:
    return AppointmentSeries(
        practice=first.practice,
        id=id,
        revision=1,
        clinician=first.clinician,
        client=first.client,
        service=first.service,
        start=pattern.start,
        zone=pattern.zone,
        duration=pattern.duration,
        rule=str(pattern.rule),
    )


def _created(
    record: AppointmentSeries,
    kept: Sequence[Appointment],
    skipped: tuple[datetime, ...],
    actor: Actor,
    now: datetime,
) -> SeriesCreated:
    return SeriesCreated(
        practice=record.practice,
        series=record.id,
        clinician=record.clinician,
        client=record.client,
        appointments=tuple(row.id for row in kept),
        actor=actor.id,
        role=actor.kind,
        at=now.astimezone(UTC),
        rule=record.rule,
        starts_at=kept[0].starts_at,
        skipped=skipped,
    )
