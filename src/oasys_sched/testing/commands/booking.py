"""Appointments, requests, series, blocks and the waitlist, as they are asked for at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from oasys_sched.modes import Mode
from oasys_sched.testing.commands.asking import CLIENTS, WORDS, By, Choice, Command, cared_for, offered

__all__ = ["BOOKING", "REQUESTS"]

_REASONS: Final = ("clinician_illness", "weather", "client_request")
_FEE: Final = (None, True, False)
_RULES: Final = (None, "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=MO,TH")
_HOUR: Final = timedelta(hours=1)


def _book(at: Any, c: Choice) -> Any:
    return at.book(**offered(c.number), starts_at=c.when, client=cared_for(at), key=c.key)


BOOKING: Final[Mapping[str, Command]] = {
    "book": Command(By.CLIENT, None, _book),
    "create": Command(By.CLINICIAN, None, lambda at, c: at.create(
        client=CLIENTS[c.number % 3], **offered(c.number), starts_at=c.when, allow_overlap=c.number == 7, key=c.key)),
    "approve": Command(By.CLINICIAN, "appointment", lambda at, c: at.approve(c.id, key=c.key)),
    "decline": Command(By.CLINICIAN, "appointment", lambda at, c: at.decline(
        c.id, text=f"{WORDS} too full", key=c.key)),
    "withdraw": Command(By.CLIENT, "appointment", lambda at, c: at.withdraw(c.id, key=c.key)),
    "expire": Command(By.SYSTEM, "appointment", lambda at, c: at.expire(c.id)),
    "reschedule": Command(By.CLINICIAN, "appointment", lambda at, c: at.reschedule(
        c.id, to=c.when, text=f"{WORDS} ill", key=c.key)),
    "edit": Command(By.CLINICIAN, "appointment", lambda at, c: at.edit(
        c.id, duration=timedelta(minutes=30 + 10 * (c.number % 4)), key=c.key)),
    "cancel": Command(By.CLINICIAN, "appointment", lambda at, c: at.cancel(
        c.id, reason=_REASONS[c.number % 3], text=f"{WORDS} snow", apply_fee=_FEE[c.number // 3], key=c.key)),
    "client_cancel": Command(By.CLIENT, "appointment", lambda at, c: at.client_cancel(
        c.id, text=f"{WORDS} unwell", key=c.key)),
    "mark_no_show": Command(By.CLINICIAN, "appointment", lambda at, c: at.mark_no_show(
        c.id, reason=f"{WORDS} not there", key=c.key)),
    "undo_no_show": Command(By.CLINICIAN, "appointment", lambda at, c: at.undo_no_show(
        c.id, reason=f"{WORDS} a mistake", key=c.key)),
    "decide_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.decide_fee(
        c.id, apply=c.number % 2 == 0, key=c.key)),
    "waive_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.waive_fee(c.id, reason="illness", key=c.key)),
    "reinstate_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.reinstate_fee(
        c.id, reason=f"{WORDS} a mistake", key=c.key)),
    "bill": Command(By.CLINICIAN, "appointment", lambda at, c: at.bill(c.id, key=c.key)),
}  # fmt: skip

REQUESTS: Final[Mapping[str, Command]] = {
    "request_reschedule": Command(By.CLIENT, "appointment", lambda at, c: at.request_reschedule(
        c.id, to=c.when, text=f"{WORDS} at work", key=c.key)),
    "approve_request": Command(By.CLINICIAN, "request", lambda at, c: at.approve_request(c.id, key=c.key)),
    "suggest": Command(By.CLINICIAN, "request", lambda at, c: at.suggest(
        c.id, starts=[c.when, c.when + _HOUR], key=c.key)),
    "decline_request": Command(By.CLINICIAN, "request", lambda at, c: at.decline_request(c.id, key=c.key)),
    "accept_alternative": Command(By.CLIENT, "request", lambda at, c: at.accept_alternative(
        c.id, starts_at=c.about.proposed[0] if c.about and c.about.proposed else c.when, key=c.key)),
    "decline_alternative": Command(By.CLIENT, "request", lambda at, c: at.decline_alternative(c.id, key=c.key)),
    "withdraw_request": Command(By.CLIENT, "request", lambda at, c: at.withdraw_request(c.id, key=c.key)),
    "expire_request": Command(By.SYSTEM, "request", lambda at, c: at.expire_request(c.id)),
    "create_series": Command(By.CLINICIAN, None, lambda at, c: at.create_series(
        client=CLIENTS[c.number % 3], **offered(c.number), starts_at=c.when,
        rule=f"FREQ=WEEKLY;COUNT={2 + c.number % 3}", skip_conflicts=c.number > 3, key=c.key)),
    "make_recurring": Command(By.CLINICIAN, "appointment", lambda at, c: at.make_recurring(
        c.id, starts_at=c.about.starts_at if c.about else c.when, rule="FREQ=WEEKLY;COUNT=3", skip_conflicts=True,
        key=c.key)),
    "reschedule_future": Command(By.CLINICIAN, "appointment", lambda at, c: at.reschedule_future(
        c.id, to=c.when, text=f"{WORDS} new job", key=c.key)),
    "cancel_future": Command(By.CLINICIAN, "appointment", lambda at, c: at.cancel_future(
        c.id, reason="client_request", text=f"{WORDS} moves away", key=c.key)),
    "block_time": Command(By.CLINICIAN, None, lambda at, c: at.block_time(
        starts_at=c.wall, ends_at=c.wall + timedelta(minutes=20 * (c.number + 1)), rule=_RULES[c.number % 3],
        key=c.key)),
    "lift_block": Command(By.CLINICIAN, "block", lambda at, c: at.lift_block(c.id, key=c.key)),
    "extend_block": Command(By.CLINICIAN, "block", lambda at, c: at.extend_block(c.id, until=c.day, key=c.key)),
    "cut_block": Command(By.CLINICIAN, "block", lambda at, c: at.cut_block(c.id, before=c.day, key=c.key)),
    "delete_block_instance": Command(By.CLINICIAN, "block", lambda at, c: at.delete_block_instance(
        c.id, instance=c.day, key=c.key)),
    "join_waitlist": Command(By.CLIENT, None, lambda at, c: at.join_waitlist(
        service="therapy", mode=Mode.TELEHEALTH, client=cared_for(at), key=c.key)),
    "offer_freed_slot": Command(By.CLINICIAN, None, lambda at, c: at.offer_freed_slot(
        service="therapy", mode=Mode.TELEHEALTH, starts_at=c.when, expires_at=c.when - c.number * _HOUR, key=c.key)),
    "accept_offer": Command(By.CLIENT, "waitlist", lambda at, c: at.accept_offer(c.id, key=c.key)),
    "decline_offer": Command(By.CLIENT, "waitlist", lambda at, c: at.decline_offer(c.id, key=c.key)),
    "expire_offer": Command(By.SYSTEM, "waitlist", lambda at, c: at.expire_offer(c.id)),
    "leave_waitlist": Command(By.CLIENT, "waitlist", lambda at, c: at.leave_waitlist(c.id, key=c.key)),
    "sweep": Command(By.SYSTEM, None, lambda at, _: at.sweep()),
}  # fmt: skip
