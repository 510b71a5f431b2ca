"""One way into every command: what has to happen before it can succeed. A literal table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

__all__ = ["JOURNEYS", "Journey"]


@final
@dataclass(frozen=True, slots=True)
class Journey:
    """The steps before a command, each a command or, with @, an act of fate; and how the clinic is set up.

    Steps are numbered, and a number decides details such as the start. `number` is the command's own; by default it
    follows the last step's.
    """

    before: tuple[str, ...] = ()
    number: int | None = None
    clinic: Mapping[str, Any] = field(default_factory=dict)


_ASKED: Final[Mapping[str, Any]] = {"approve": True}
_ALONE: Final[Mapping[str, Any]] = {"supervised": False}
_NOW: Final = ("create", "@start")
_BEGUN: Final = (*_NOW, "start")
_NOTED: Final = (*_BEGUN, "enable_transcription", "append_segment", "begin_note", "end")
_MISSED: Final = (*_NOW, "mark_no_show")
_MOVING: Final = ("create", "request_reschedule")
# Only a block with a number above 0 repeats.
_REPEATING: Final = ("@nothing", "block_time")
_OFFERED: Final = ("join_waitlist", "offer_freed_slot")

JOURNEYS: Final[Mapping[str, Journey]] = {
    "book": Journey(),
    "create": Journey(),
    "approve": Journey(("book",), clinic=_ASKED),
    "decline": Journey(("book",), clinic=_ASKED),
    "withdraw": Journey(("book",), clinic=_ASKED),
    "reschedule": Journey(("create",)),
    "edit": Journey(("create",)),
    "cancel": Journey(("create",)),
    "client_cancel": Journey(("create", "@hour before")),
    "mark_no_show": Journey(_NOW),
    "undo_no_show": Journey(_MISSED),
    "decide_fee": Journey(("create", "@hour before", "cancel")),
    "waive_fee": Journey(_MISSED),
    "reinstate_fee": Journey((*_MISSED, "waive_fee")),
    "bill": Journey(_MISSED),
    "request_reschedule": Journey(("create",)),
    "approve_request": Journey(_MOVING),
    "suggest": Journey(_MOVING),
    "decline_request": Journey(_MOVING),
    "accept_alternative": Journey((*_MOVING, "suggest")),
    "decline_alternative": Journey((*_MOVING, "suggest")),
    "withdraw_request": Journey(_MOVING),
    "create_series": Journey(),
    "make_recurring": Journey(("create",)),
    "reschedule_future": Journey(("create_series",), number=2),
    "cancel_future": Journey(("create_series",)),
    "block_time": Journey(number=1),
    "lift_block": Journey(("block_time",)),
    "extend_block": Journey(_REPEATING, number=40),
    "cut_block": Journey(_REPEATING, number=8),
    "delete_block_instance": Journey(_REPEATING, number=8),
    "join_waitlist": Journey(),
    "offer_freed_slot": Journey(("join_waitlist",)),
    "accept_offer": Journey(_OFFERED),
    "decline_offer": Journey(_OFFERED),
    "leave_waitlist": Journey(("join_waitlist",)),
    "sweep": Journey(("book", "@start"), clinic=_ASKED),
    "join": Journey(_NOW),
    "start": Journey(_NOW),
    "admit": Journey((*_NOW, "join", "start")),
    "leave": Journey((*_NOW, "join", "start", "admit")),
    "end": Journey(_BEGUN),
    "abandon": Journey(_BEGUN),
    "log_previous": Journey(),
    "bill_session": Journey((*_BEGUN, "end")),
    "begin_note": Journey(_BEGUN),
    "write_note": Journey((*_BEGUN, "begin_note")),
    "sign_and_lock": Journey(_NOTED, clinic=_ALONE),
    "submit_for_review": Journey(_NOTED),
    "approve_note": Journey((*_NOTED, "submit_for_review")),
    "return_note": Journey((*_NOTED, "submit_for_review")),
    "recall_note": Journey((*_NOTED, "submit_for_review")),
    "add_addendum": Journey((*_NOTED, "sign_and_lock"), clinic=_ALONE),
    "sign_addendum": Journey((*_NOTED, "sign_and_lock", "add_addendum"), clinic=_ALONE),
    "approve_addendum": Journey((*_NOTED, "submit_for_review", "approve_note", "add_addendum", "sign_addendum")),
    "enable_transcription": Journey(_BEGUN),
    "disable_transcription": Journey((*_BEGUN, "enable_transcription")),
    "append_segment": Journey((*_BEGUN, "enable_transcription")),
    "delete_transcripts": Journey((*_BEGUN, "enable_transcription", "append_segment")),
    "purge_transcripts": Journey((*_NOTED, "@store fails", "sign_and_lock", "@store works"), clinic=_ALONE),
}
