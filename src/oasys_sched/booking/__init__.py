"""Decisions about appointments: pure functions from facts, an actor and `now` to `Accepted` or `Refused`.

Each takes a `Facts`, then what is asked for by keyword, then `actor` and `now`; an accepted one carries every changed
aggregate in `changes` and every event in `events`. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from oasys_sched.booking.answering import approve_request, decline_request, expire_request, suggest
    from oasys_sched.booking.approval import approve, decline, expire, withdraw
    from oasys_sched.booking.asking import accept_alternative, decline_alternative, request_reschedule, withdraw_request
    from oasys_sched.booking.blocking import block_time, cut_block, delete_block_instance, extend_block, lift_block
    from oasys_sched.booking.cancelling import cancel, client_cancel
    from oasys_sched.booking.charging import bill, decide_fee, reinstate_fee, waive_fee
    from oasys_sched.booking.creating import create
    from oasys_sched.booking.future import cancel_future, reschedule_future
    from oasys_sched.booking.moving import edit, reschedule
    from oasys_sched.booking.offers import client_slots
    from oasys_sched.booking.outcome import begin, complete, mark_no_show, reopen, undo_no_show
    from oasys_sched.booking.own_view import client_view
    from oasys_sched.booking.repeating import create_series, make_recurring
    from oasys_sched.booking.selfbook import self_book
    from oasys_sched.booking.waiting import (
        accept_offer,
        decline_offer,
        expire_offer,
        join_waitlist,
        leave_waitlist,
        offer_freed_slot,
    )

_HOME: Final[dict[str, str]] = {
    name: module
    for module, names in {
        "answering": "approve_request decline_request expire_request suggest",
        "approval": "approve decline expire withdraw",
        "asking": "accept_alternative decline_alternative request_reschedule withdraw_request",
        "blocking": "block_time cut_block delete_block_instance extend_block lift_block",
        "cancelling": "cancel client_cancel",
        "charging": "bill decide_fee reinstate_fee waive_fee",
        "own_view": "client_view",
        "creating": "create",
        "future": "cancel_future reschedule_future",
        "moving": "edit reschedule",
        "offers": "client_slots",
        "outcome": "begin complete mark_no_show reopen undo_no_show",
        "repeating": "create_series make_recurring",
        "selfbook": "self_book",
        "waiting": "accept_offer decline_offer expire_offer join_waitlist leave_waitlist offer_freed_slot",
    }.items()
    for name in names.split()
}

__all__ = [
    "block_time",
    "cut_block",
    "delete_block_instance",
    "extend_block",
    "lift_block",
    "offer_freed_slot",
    "leave_waitlist",
    "join_waitlist",
    "expire_offer",
    "decline_offer",
    "accept_offer",
    "client_view",
    "reschedule_future",
    "make_recurring",
    "create_series",
    "cancel_future",
    "accept_alternative",
    "approve",
    "approve_request",
    "begin",
    "bill",
    "cancel",
    "client_cancel",
    "client_slots",
    "complete",
    "create",
    "decide_fee",
    "decline",
    "decline_alternative",
    "decline_request",
    "edit",
    "expire",
    "expire_request",
    "mark_no_show",
    "reinstate_fee",
    "reopen",
    "request_reschedule",
    "reschedule",
    "self_book",
    "suggest",
    "undo_no_show",
    "waive_fee",
    "withdraw",
    "withdraw_request",
]


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
