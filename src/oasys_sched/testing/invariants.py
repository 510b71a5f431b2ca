"""The twenty invariants of RULES section 6, as tables of checks: of a world, and of a step from one to the next.

```python
assert not broken(world_of(repository, "north", now=now))
assert not broken_by(Step(before=before, after=after, answer=decision))
```

Numbers are those of the rules. 2 (the available actions are exactly the calls that succeed) needs a desk to call, so
that it is in `oasys_sched.testing.offers` with 4, 5 and 6, which ask the rules for times again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, final

from oasys_sched.availability.blocks import RecurringBlock
from oasys_sched.booking.appointment import OCCUPYING, Appointment, AppointmentStatus
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.events import SeriesCancelled, SeriesRescheduled
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.schedule import Schedule, ServiceRecord
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.codec import dumps, loads
from oasys_sched.decisions import Accepted, Refused
from oasys_sched.fees.billing import BillableItem, billable_items
from oasys_sched.fees.charges import ChargeKind, ChargeState
from oasys_sched.fees.quote import quote_cancellation
from oasys_sched.people import Client
from oasys_sched.policies.reasons import Initiator
from oasys_sched.sessions.note import Note
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.table import SessionStatus
from oasys_sched.sessions.transcript import PurgeObligation, PurgeStatus, Transcript
from oasys_sched.testing.reminding import reminders_go_once, reminders_stay_with_their_appointment
from oasys_sched.testing.world import Step, World
from oasys_sched.times import Span

__all__ = ["STEP_INVARIANTS", "WORLD_INVARIANTS", "Broken", "broken", "broken_by"]

_OWED: Final = frozenset({ChargeState.STORED, ChargeState.BILLED})
_AHEAD: Final = frozenset({AppointmentStatus.PENDING, AppointmentStatus.UPCOMING})
_SECOND: Final = timedelta(seconds=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One invariant that does not hold, by its number in the rules, and what shows it."""

    number: int
    why: str


def broken(world: World) -> tuple[Broken, ...]:
    """Return every invariant of a world that does not hold, with what shows it."""
    return tuple(Broken(number=number, why=why) for number, check in WORLD_INVARIANTS.items() for why in check(world))


def broken_by(step: Step) -> tuple[Broken, ...]:
    """Return every invariant that a step broke, those of the world after it too."""
    mine = (Broken(number=number, why=why) for number, check in STEP_INVARIANTS.items() for why in check(step))
    return (*mine, *broken(step.after))


def _refused_changes_nothing(step: Step) -> Iterator[str]:
    if not isinstance(step.answer, Refused):
        return
    if step.changed or len(step.before.outbox) != len(step.after.outbox):
        yield f"refused with {step.answer.code}, yet something changed"


@dataclass(frozen=True)
class _Taken:
    who: str
    span: Span
    group: str
    overlaps: bool = False


def _taken(world: World) -> Iterator[_Taken]:
    for row in world.all(Appointment):
        if row.status in OCCUPYING:
            yield _Taken(row.clinician, row.span, row.id, row.overlap_allowed)
    for request in world.all(ChangeRequest):
        if not request.lapsed(world.now):
            yield from (_Taken(request.clinician, hold, request.appointment) for hold in request.holds)
    for entry in world.all(WaitlistEntry):
        if entry.hold is not None and world.now < entry.hold.expires_at:
            yield _Taken(entry.clinician, entry.hold.span, entry.hold.over or f"offer {entry.hold.span}")


def _nobody_is_booked_twice(world: World) -> Iterator[str]:
    rows = sorted(_taken(world), key=lambda row: (row.who, row.span.start))
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if other.who != one.who or other.span.start >= one.span.end:
                break
            if one.group != other.group and not one.overlaps and not other.overlaps:
                yield f"{one.group} and {other.group} overlap"


def _locked_means_no_transcript(world: World) -> Iterator[str]:
    locked = {note.session for note in world.all(Note) if note.locked}
    owed = {row.id for row in world.all(PurgeObligation) if row.status is PurgeStatus.OPEN}
    for transcript in world.all(Transcript):
        if transcript.session in locked:
            if transcript.readable:
                yield f"transcript {transcript.id} can be read after the note was locked"
            if transcript.id in world.texts and transcript.id not in owed:
                yield f"transcript {transcript.id} still has text and nobody owes its erasure"


def _locked_notes_never_change(step: Step) -> Iterator[str]:
    for before, after in step.changed:
        if isinstance(before, Note) and before.locked:
            same = isinstance(after, Note) and after.locked and after.digest == before.digest
            if not same or after.body != before.body:  # type: ignore[union-attr]
                yield f"note {before.id} changed after it was locked"


def _fees_have_their_cause(world: World) -> Iterator[str]:
    for row in world.all(Appointment):
        if row.charge is None or row.charge.state not in _OWED:
            continue
        cancelled = row.cancellation
        late = cancelled is not None and cancelled.late and cancelled.initiator is Initiator.CLIENT
        if row.status is not AppointmentStatus.NO_SHOW and not late:
            yield f"appointment {row.id} carries a fee as {row.status}"


def _fees_stay_within_the_quote(world: World) -> Iterator[str]:
    quoted = {
        row.appointment: row.quote.fee.minor if row.quote.fee else 0
        for row in world.all(ChangeRequest)
        if row.quote is not None and row.status == "approved"
    }
    for row in world.all(Appointment):
        charge = row.charge
        if charge is None or charge.kind is not ChargeKind.LATE_CANCEL:
            continue
        most = min([quoted.get(row.id, charge.amount.minor), *([charge.quoted.minor] if charge.quoted else [])])
        if charge.amount.minor > most:
            yield f"appointment {row.id} is charged more than was quoted"


def _bill(world: World) -> tuple[BillableItem, ...]:
    ended = [row.as_billable() for row in world.all(Session) if row.status is SessionStatus.ENDED]
    return billable_items(world.all(Appointment), world.all(Client), sessions=ended)


def _not_billed_means_no_item(world: World) -> Iterator[str]:
    free = {client.id for client in world.all(Client) if client.billing_type == "not_billed"}
    yield from (
        f"client {item.client} is billed for {item.appointment}" for item in _bill(world) if item.client in free
    )


def _own_cancellations_cost_nothing(world: World) -> Iterator[str]:
    for row in world.all(Appointment):
        if row.cancellation is None or row.cancellation.initiator is Initiator.CLIENT:
            continue
        if row.late or (row.charge is not None and row.charge.state is not ChargeState.VOID):
            yield f"appointment {row.id} was not cancelled by the client, yet is late or carries a fee"


def _later_is_never_less_late(world: World) -> Iterator[str]:
    services = {row.id: row.service for row in world.all(ServiceRecord)}
    for row in world.all(Appointment):
        plan, service = world.get(Schedule, row.clinician), services.get(row.service)
        if plan is None or service is None or row.status not in _AHEAD:
            continue
        edge = quote_cancellation(row, service, plan.cancellation, row.starts_at).cut_off or row.starts_at
        times = [edge - timedelta(days=1), edge - _SECOND, edge, edge + _SECOND, row.starts_at - _SECOND]
        late = [quote_cancellation(row, service, plan.cancellation, when).late for when in sorted(times)]
        if late != sorted(late):
            yield f"appointment {row.id} is less late when asked later"


def _one_at_a_time(world: World) -> Iterator[str]:
    open_on = Counter(row.appointment for row in world.all(ChangeRequest) if row.is_open)
    yield from (f"{many} open requests on {id}" for id, many in open_on.items() if many > 1)
    active = Counter(row.clinician for row in world.all(Session) if row.status is SessionStatus.ACTIVE)
    yield from (f"{many} active sessions of {who}" for who, many in active.items() if many > 1)


def _the_past_stays(step: Step) -> Iterator[str]:
    if not isinstance(step.answer, Accepted):
        return
    if not any(isinstance(event, SeriesCancelled | SeriesRescheduled) for event in step.answer.events):
        return
    for before, _ in step.changed:
        if isinstance(before, Appointment) and (before.status not in _AHEAD or before.starts_at <= step.before.now):
            yield f"occurrence {before.id} was over and changed nevertheless"


def _series_keep_their_end(world: World) -> Iterator[str]:
    for series in world.all(AppointmentSeries):
        line = series.recurrence
        walls = {one.original_start: one.starts_at for one in line.all()}
        rows = [row for row in world.all(Appointment) if row.series == series.id]
        own = [row.recurrence_id for row in rows]
        if len(set(own)) != len(own):
            yield f"series {series.id} has an occurrence twice"
        # What was running or over when the series was cut is let be; abandoned, it comes back to the calendar.
        begun = {session.appointment for session in world.all(Session)}
        ahead = [row for row in rows if row.status in _AHEAD and row.starts_at > world.now and row.id not in begun]
        live = [] if series.ended else ahead
        yield from (f"occurrence {row.id} is outside its series" for row in live if row.recurrence_id not in walls)
        first, last = min(walls.values()), max(walls.values())
        middle = first + (last - first) / 2
        part = line.occurrences(Span(first, max(middle, first + _SECOND)))
        within = [one for one in line.occurrences(Span(first, last + _SECOND)) if one.starts_at < middle]
        if [one for one in part if one.starts_at < middle] != within:
            yield f"series {series.id} expands differently in a smaller window"


def _extend_and_cut_is_nothing(world: World) -> Iterator[str]:
    for record in world.all(BlockRecord):
        block = record.block
        if not isinstance(block, RecurringBlock) or block.series.last_start is None:
            continue
        last = block.series.last_start
        longer = block.extended(last + timedelta(days=366)).or_raise().value
        later = next((one for one in longer.series.all() if one.original_start > last), None)
        back = longer.cut(before=later.original_start).or_raise().value if later is not None else block
        if back is None or back.series.all() != block.series.all():
            yield f"block {record.id} is another one after extending and cutting it"


def _blocks_are_never_billed(world: World) -> Iterator[str]:
    known = {row.id for row in world.all(Appointment)}, {row.id for row in world.all(Session)}
    bill = _bill(world)
    yield from (f"{item} is neither appointment nor session" for item in bill
                if item.appointment not in known[0] and item.session not in known[1])  # fmt: skip
    lines = Counter((item.kind, item.appointment, item.session) for item in bill)
    yield from (f"{line} is billed {many} times" for line, many in lines.items() if many > 1)


def _what_is_stored_comes_back(step: Step) -> Iterator[str]:
    for _, after in step.changed:
        if after is not None and loads(dumps(after)) != after:
            yield f"{after.kind} {after.id} does not come back from its stored form"


WORLD_INVARIANTS: Final[Mapping[int, Callable[[World], Iterable[str]]]] = {
    3: _nobody_is_booked_twice,
    7: _locked_means_no_transcript,
    9: _fees_have_their_cause,
    10: _fees_stay_within_the_quote,
    11: _not_billed_means_no_item,
    12: _own_cancellations_cost_nothing,
    13: _later_is_never_less_late,
    14: _one_at_a_time,
    15: reminders_go_once,
    17: _series_keep_their_end,
    18: _extend_and_cut_is_nothing,
    19: _blocks_are_never_billed,
}

STEP_INVARIANTS: Final[Mapping[int, Callable[[Step], Iterable[str]]]] = {
    1: _refused_changes_nothing,
    8: _locked_notes_never_change,
    15: reminders_stay_with_their_appointment,
    16: _the_past_stays,
    20: _what_is_stored_comes_back,
}
