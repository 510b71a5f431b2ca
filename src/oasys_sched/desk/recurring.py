"""Journeys of series: create one, give an appointment a pattern, move or cancel all future ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from oasys_sched.booking.facts import Facts
from oasys_sched.booking.future import cancel_future, reschedule_future
from oasys_sched.booking.recurring import AppointmentSeries
from oasys_sched.booking.repeating import create_series, make_recurring
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, refuse
from oasys_sched.desk.asking import Asking
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.policies.access import Action
from oasys_sched.policies.reasons import Initiator
from oasys_sched.recurrence.rule import Rule
from oasys_sched.units.booking import series_times

__all__ = ["Recurring"]


class Recurring(Asking):
    """Series of appointments; each occurrence is an appointment of its own."""

    def create_series(
        self,
        *,
        client: str,
        service: str,
        starts_at: datetime,
        rule: Rule | str,
        mode: Mode | str | None = None,
        duration: timedelta | None = None,
        price: Money | None = None,
        clinician: str | None = None,
        location: str | None = None,
        skip_conflicts: bool = False,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[AppointmentSeries]:
        """Create a recurring series at one wall-clock time, with an end (S9-S12); all or nothing, or skip (A36)."""
        actor, id = self.actor, self.desk.new_id()
        return self._ask(
            Action.CREATE_SERIES,
            lambda facts, now: create_series(
                facts,
                id=id,
                ids=self._ids(),
                rule=rule,
                service=service,
                starts_at=starts_at,
                mode=mode,
                duration=duration,
                price=price,
                location=location,
                skip_conflicts=skip_conflicts,
                allow_overlap=allow_overlap,
                actor=actor,
                now=now,
            ),
            clinician=clinician or self.own(),
            client=client,
            times=series_times(starts_at, rule),
            key=key,
            given=(service, str(rule), mode, duration, price, location, skip_conflicts, allow_overlap),
        )

    def make_recurring(
        self,
        appointment: str,
        *,
        starts_at: datetime,
        rule: Rule | str,
        skip_conflicts: bool = False,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[AppointmentSeries]:
        """Give an upcoming appointment a pattern; it becomes the first occurrence (S9).

        `starts_at` is its start: where the occurrences lie is looked at from there, so that another one is refused.
        """
        actor, id = self.actor, self.desk.new_id()

        def decide(facts: Facts, now: datetime) -> Decision[AppointmentSeries]:
            decision = make_recurring(
                facts,
                id=id,
                ids=self._ids(),
                rule=rule,
                skip_conflicts=skip_conflicts,
                allow_overlap=allow_overlap,
                actor=actor,
                now=now,
            )
            if isinstance(decision, Accepted) and facts.appointment and facts.appointment.starts_at != starts_at:
                return refuse(Code.INVALID_VALUE, "give the start that the appointment has", field="starts_at")
            return decision

        return self._ask(
            Action.CREATE_SERIES,
            decide,
            appointment=appointment,
            times=series_times(starts_at, rule),
            key=key,
            given=(str(rule), skip_conflicts, allow_overlap),
        )

    def reschedule_future(
        self,
        appointment: str,
        *,
        to: datetime,
        text: str = "",
        rule: Rule | None = None,
        include_moved: bool = False,
        allow_overlap: bool = False,
        key: str | None = None,
    ) -> Decision[AppointmentSeries]:
        """Move this occurrence and all later ones by the same wall-clock step (S14, A37)."""
        actor, id = self.actor, self.desk.new_id()
        return self._ask(
            Action.RESCHEDULE,
            lambda facts, now: reschedule_future(
                facts,
                id=id,
                starts_at=to,
                text=text,
                rule=rule,
                include_moved=include_moved,
                allow_overlap=allow_overlap,
                actor=actor,
                now=now,
            ),
            appointment=appointment,
            times=(to,),
            all_future=True,
            key=key,
            given=(text, str(rule), include_moved, allow_overlap),
        )

    def cancel_future(
        self,
        appointment: str,
        *,
        reason: str,
        text: str = "",
        initiator: Initiator | str | None = None,
        requested_at: datetime | None = None,
        apply_fee: bool | None = None,
        key: str | None = None,
    ) -> Decision[AppointmentSeries]:
        """Cancel this occurrence and all later ones; lateness is judged one by one (S14, A21)."""
        actor = self.actor
        return self._ask(
            Action.CANCEL,
            lambda facts, now: cancel_future(
                facts,
                reason=reason,
                text=text,
                initiator=initiator,
                requested_at=requested_at,
                apply_fee=apply_fee,
                actor=actor,
                now=now,
            ),
            appointment=appointment,
            all_future=True,
            key=key,
            given=(reason, text, initiator, requested_at, apply_fee),
        )

    def _ids(self) -> Iterator[str]:
        while True:
            yield self.desk.new_id()
