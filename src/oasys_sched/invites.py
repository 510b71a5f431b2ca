"""What a calendar invite about appointments has to say, as plain data in an outbox row (S7, S12, S33, B20).

An invite is a mapping: `method`, `id` (whose entry), `sequence`, `minutes`, `zone`, `starts_at`; of a series also
`rule` and `excluded`; `occurrences` names single ones by their original wall-clock start. A message about a series
touches just the occurrences that changed: a calendar forgets its exceptions when the whole series comes again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from oasys_sched.booking import events as ev
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.recurrence.ical import series_to_ical
from oasys_sched.times import find_zone, wall_to_utc

__all__ = ["appointment_invite", "series_invites"]


def appointment_invite(row: Appointment, method: str) -> dict[str, Any]:
    """Return the invite of one appointment; of an occurrence under its series' id and its original start."""
    invite: dict[str, Any] = {
        "method": method,
        "sequence": row.sequence,
        "minutes": _minutes(row.duration),
        "zone": row.zone,
    }
    if row.series is not None and row.recurrence_id is not None:
        invite |= {"id": row.series, "recurrence_id": row.recurrence_id.isoformat()}
    return invite


def series_invites(event: ev.SeriesEvent, changes: Iterable[object]) -> dict[str, Any]:
    """Return a series notice's `invite`, and under `also` what it takes out of the client's calendar.

    A new series comes whole: its rule, the dates it leaves out, and those that lie elsewhere. The series it was split
    from, or the single appointment it grew from, loses only what moved into the new one. Cancelled occurrences are
    named one by one.
    """
    written = list(changes)
    records = {one.id: one for one in written if isinstance(one, AppointmentSeries)}
    rows = {one.id: one for one in written if isinstance(one, Appointment)}
    if isinstance(event, ev.SeriesCancelled):
        return {"invite": _cancelled(event.series, [(rows[id], rows[id].recurrence_id) for id in event.appointments])}
    if isinstance(event, ev.SeriesRescheduled):
        members = (*event.appointments, *event.kept)
        before = next(one.id for one in records.values() if one.id != event.series)
        left = [(rows[id], original) for id, original in zip(members, event.originals, strict=True)]
        also = [_cancelled(before, left)]
    else:
        members = event.appointments
        # A single appointment that was announced already and is now the first of a series.
        also = [
            {**appointment_invite(rows[id], "CANCEL"), "id": id, "recurrence_id": None}
            for id in members
            if rows[id].sequence > 0
        ]
    whole = _whole(records[event.series], [rows[id] for id in members])
    return {"invite": whole, "also": also} if also else {"invite": whole}


def _minutes(duration: timedelta) -> float:
    return duration / timedelta(minutes=1)


def _cancelled(series: str, gone: Iterable[tuple[Appointment, datetime | None]]) -> dict[str, Any]:
    """Name occurrences one by one: few calendars understand "this and all later ones"."""
    pairs = [(row, original) for row, original in gone if original is not None]
    first = pairs[0][0]
    return {
        "method": "CANCEL",
        "id": series,
        "sequence": first.sequence,
        "minutes": _minutes(first.duration),
        "zone": first.zone,
        "occurrences": [_occurrence(row, original) for row, original in pairs],
    }


def _occurrence(row: Appointment, original: datetime) -> dict[str, Any]:
    return {
        "recurrence_id": original.isoformat(),
        "starts_at": row.starts_at.isoformat(),
        "sequence": row.sequence,
        "minutes": _minutes(row.duration),
    }


def _whole(record: AppointmentSeries, rows: Iterable[Appointment]) -> dict[str, Any]:
    """Say a whole series: its rule, which dates it leaves out, which occurrences lie elsewhere."""
    series = record.recurrence
    placed = {row.recurrence_id: row for row in rows if row.recurrence_id is not None}
    usual = {one.original_start: one.starts_at for one in series.all()}
    text = series_to_ical(series)
    return {
        "method": "REQUEST",
        "id": record.id,
        "sequence": 0,
        "minutes": _minutes(record.duration),
        "zone": record.zone,
        "starts_at": wall_to_utc(record.start, find_zone(record.zone)).isoformat(),
        "rule": next(line.partition(":")[2] for line in text.splitlines() if line.startswith("RRULE:")),
        "excluded": [original.isoformat() for original in sorted(set(usual) - set(placed))],
        "occurrences": [
            _occurrence(row, original)
            for original, row in sorted(placed.items())
            if usual.get(original) != row.starts_at or row.duration != record.duration
        ],
    }
