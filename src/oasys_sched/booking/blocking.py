"""Blocking time, once or again and again, and giving it free again (S73-S83)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from oasys_sched.actors import CLIENT_SIDE, Actor
from oasys_sched.availability.blocks import RecurringBlock
from oasys_sched.availability.blocks import block_time as judged
from oasys_sched.booking.appointment import OCCUPYING
from oasys_sched.booking.block_events import (
    BlockCreated,
    BlockCut,
    BlockEvent,
    BlockExtended,
    BlockInstanceDeleted,
    BlockLifted,
)
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.checks import relations
from oasys_sched.booking.facts import Facts
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, nothing_here, refuse
from oasys_sched.policies.access import Action, may
from oasys_sched.recurrence.rule import Rule

__all__ = ["block_time", "cut_block", "delete_block_instance", "extend_block", "lift_block"]

E = TypeVar("E", bound=BlockEvent)


def block_time(
    facts: Facts,
    *,
    id: str,
    starts_at: datetime,
    ends_at: datetime,
    rule: Rule | str | None = None,
    title: str = "",
    details: str = "",
    others: tuple[str, ...] = (),
    actor: Actor,
    now: datetime,
) -> Decision[BlockRecord]:
    """Block time in the clinician's zone; appointments in it stay and are reported as a warning (S73-S80, A32).

    `others` are the names of fields that were given and that no block has (S73).
    """
    decision = judged(
        actor,
        practice=facts.practice.id,
        clinician=facts.clinician.id,
        zone=facts.zone.key,
        start=starts_at,
        end=ends_at,
        rule=rule,
        id=id,
        title=title,
        details=details,
        appointments=tuple(row.span for row in facts.agenda if row.status in OCCUPYING),
        **dict.fromkeys(others),
    )
    if isinstance(decision, Refused):
        return decision
    record = BlockRecord(
        practice=facts.practice.id, id=id, revision=1, clinician=facts.clinician.id, block=decision.value
    )
    event = _tell(BlockCreated, record, actor, now, recurring=rule is not None)
    return Accepted(record, (event,), decision.warnings, (record,))


def extend_block(facts: Facts, *, until: date | None, actor: Actor, now: datetime) -> Decision[BlockRecord]:
    """Let a recurring block run to a later date, or for ever with None; deleted dates stay deleted (S81)."""
    found = _recurring(facts, actor)
    if isinstance(found, Refused):
        return found
    record, block = found
    longer = block.extended(until)
    if isinstance(longer, Refused):
        return longer
    return _changed(BlockExtended, record, actor, now, block=longer.value, told={"until": until})


def cut_block(facts: Facts, *, before: date | datetime, actor: Actor, now: datetime) -> Decision[BlockRecord]:
    """Cancel an instance and all later ones; the earlier ones are kept (S82)."""
    found = _recurring(facts, actor)
    if isinstance(found, Refused):
        return found
    record, block = found
    shorter = block.cut(before=before)
    if isinstance(shorter, Refused):
        return shorter
    gone = shorter.value is None
    return _changed(
        BlockCut, record, actor, now, block=shorter.value or block, deleted=gone, told={"before": _day(before)}
    )


def delete_block_instance(
    facts: Facts, *, instance: date | datetime, actor: Actor, now: datetime
) -> Decision[BlockRecord]:
    """Delete one instance of a recurring block (S83)."""
    found = _recurring(facts, actor)
    if isinstance(found, Refused):
        return found
    record, block = found
    fewer = block.without(instance)
    if isinstance(fewer, Refused):
        return fewer
    return _changed(BlockInstanceDeleted, record, actor, now, block=fewer.value, told={"instance": _day(instance)})


def lift_block(facts: Facts, *, actor: Actor, now: datetime) -> Decision[BlockRecord]:
    """Take a whole block away: the time can be booked again."""
    record = _own(facts, actor)
    if isinstance(record, Refused):
        return record
    return _changed(BlockLifted, record, actor, now, block=record.block, deleted=True)


def _own(facts: Facts, actor: Actor) -> BlockRecord | Refused:
    # Clients learn nothing of blocks, not even that there is one.
    if actor.kind in CLIENT_SIDE:
        return nothing_here()
    if not may(actor.kind, Action.BLOCK_TIME, relations(facts, actor)):
        return refuse(Code.FORBIDDEN, "only the clinician's own side blocks time")
    if facts.block is None or facts.block.deleted:
        return refuse(Code.NOT_FOUND, "no such block", field="block")
    return facts.block


def _recurring(facts: Facts, actor: Actor) -> tuple[BlockRecord, RecurringBlock] | Refused:
    record = _own(facts, actor)
    if isinstance(record, Refused):
        return record
    if not isinstance(record.block, RecurringBlock):
        return refuse(Code.NOT_A_SERIES, "it does not recur: lift the whole block", field="block")
    return record, record.block


def _changed(
    event: type[E],
    record: BlockRecord,
    actor: Actor,
    now: datetime,
    *,
    block: Any,
    deleted: bool = False,
    told: dict[str, date | None] | None = None,
) -> Accepted[BlockRecord]:
    after = replace(record, revision=record.revision + 1, block=block, deleted=deleted)
    return Accepted(after, (_tell(event, after, actor, now, **(told or {})),), (), (after,))


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _tell(event: type[E], record: BlockRecord, actor: Actor, now: datetime, **facts: Any) -> E:
    return event(
        practice=record.practice,
        block=record.id,
        clinician=record.clinician,
        actor=actor.id,
        role=actor.kind,
        at=now,
        **facts,
    )
