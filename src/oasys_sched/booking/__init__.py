"""Decisions about appointments: pure functions from facts, an actor and `now` to `Accepted` or `Refused`.

Each takes a `Facts`, then what is asked for by keyword, then `actor` and `now`; an accepted one carries every changed
aggregate in `changes` and every event in `events`. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from oasys_sched.booking.approval import approve, decline, expire, withdraw
    from oasys_sched.booking.cancelling import cancel, client_cancel
    from oasys_sched.booking.charging import bill, decide_fee, reinstate_fee, waive_fee
    from oasys_sched.booking.creating import create
    from oasys_sched.booking.moving import edit, reschedule
    from oasys_sched.booking.outcome import begin, complete, mark_no_show, reopen, undo_no_show

_HOME: Final[dict[str, str]] = {
    name: module
    for module, names in {
        "approval": "approve decline expire withdraw",
        "cancelling": "cancel client_cancel",
        "charging": "bill decide_fee reinstate_fee waive_fee",
        "creating": "create",
        "moving": "edit reschedule",
        "outcome": "begin complete mark_no_show reopen undo_no_show",
    }.items()
    for name in names.split()
}

__all__ = [
    "approve",
    "begin",
    "bill",
    "cancel",
    "client_cancel",
    "complete",
    "create",
    "decide_fee",
    "decline",
    "edit",
    "expire",
    "mark_no_show",
    "reinstate_fee",
    "reopen",
    "reschedule",
    "undo_no_show",
    "waive_fee",
    "withdraw",
]


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
