"""Journeys of time blocks: block time once or again and again, let it run longer, end it, give it free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from oasys_sched.booking.blocking import block_time, cut_block, delete_block_instance, extend_block, lift_block
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.decisions import Decision
from oasys_sched.desk.asking import Asking
from oasys_sched.policies.access import Action
from oasys_sched.recurrence.rule import Rule

__all__ = ["Blocks"]

_YEAR = timedelta(days=366)


class Blocks(Asking):
    """Time that is kept free of clients; the clinician may still book over it."""

    def block_time(
        self,
        *,
        starts_at: datetime,
        ends_at: datetime,
        rule: Rule | str | None = None,
        title: str = "",
        details: str = "",
        clinician: str | None = None,
        key: str | None = None,
        **others: object,
    ) -> Decision[BlockRecord]:
        """Block time, from and to a local time in the clinician's zone; by a rule again and again (S73-S80).

        Appointments in that time stay; they come back as a warning (A32). A block has no other field (S73).
        """
        actor, id = self.actor, self.desk.new_id()
        # What has to be looked at, to the day: the zone is not known before the schedule is.
        near = [when.replace(tzinfo=UTC) for when in (starts_at, ends_at) if isinstance(when, datetime)]
        return self._ask(
            Action.BLOCK_TIME,
            lambda facts, now: block_time(
                facts,
                id=id,
                starts_at=starts_at,
                ends_at=ends_at,
                rule=rule,
                title=title,
                details=details,
                others=tuple(others),
                actor=actor,
                now=now,
            ),
            clinician=clinician or self.own(),
            times=(*near, *([] if rule is None else [when + _YEAR for when in near[:1]])),
            key=key,
            given=(title, details, str(rule), *others),
        )

    def extend_block(self, block: str, *, until: date | None, key: str | None = None) -> Decision[BlockRecord]:
        """Let a recurring block run to a later date, or for ever with None (S81)."""
        actor = self.actor
        return self._ask(
            Action.BLOCK_TIME,
            lambda facts, now: extend_block(facts, until=until, actor=actor, now=now),
            block=block,
            key=key,
            given=("extend", until),
        )

    def cut_block(self, block: str, *, before: date | datetime, key: str | None = None) -> Decision[BlockRecord]:
        """Cancel an instance of a recurring block and all later ones (S82)."""
        actor = self.actor
        return self._ask(
            Action.BLOCK_TIME,
            lambda facts, now: cut_block(facts, before=before, actor=actor, now=now),
            block=block,
            key=key,
            given=("cut", before),
        )

    def delete_block_instance(
        self, block: str, *, instance: date | datetime, key: str | None = None
    ) -> Decision[BlockRecord]:
        """Delete one instance of a recurring block (S83)."""
        actor = self.actor
        return self._ask(
            Action.BLOCK_TIME,
            lambda facts, now: delete_block_instance(facts, instance=instance, actor=actor, now=now),
            block=block,
            key=key,
            given=("delete", instance),
        )

    def lift_block(self, block: str, *, key: str | None = None) -> Decision[BlockRecord]:
        """Take a whole block away."""
        actor = self.actor
        return self._ask(
            Action.BLOCK_TIME,
            lambda facts, now: lift_block(facts, actor=actor, now=now),
            block=block,
            key=key,
            given=("lift",),
        )
