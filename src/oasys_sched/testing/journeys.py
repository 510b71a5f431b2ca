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
_WRITTEN: Final = (*_BEGUN, "begin_note")
_NOTED: Final = (*_BEGUN, "enable_transcription", "append_segment", "begin_note", "end")
_ADDED: Final = (*_NOTED, "submit_for_review", "approve_note", "add_addendum", "sign_addendum")
# Steps number 0 and 3 are about the same client, as are 0 and 9.
_HELD_ELSEWHERE: Final = (*_NOW, "@nothing", "log_previous")
_LOCKED_BEFORE: Final = (*_NOTED, "sign_and_lock", "@nothing", "create")
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
    "expire": Journey(("book", "@start"), clinic=_ASKED),
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
    "expire_request": Journey((*_MOVING, "@month later")),
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
    "expire_offer": Journey((*_OFFERED, "@month later")),
    "leave_waitlist": Journey(("join_waitlist",)),
    "sweep": Journey(("book", "@start"), clinic=_ASKED),
    "join": Journey(_NOW),
    "start": Journey(_NOW),
    "admit": Journey((*_NOW, "join", "start")),
    "leave": Journey((*_NOW, "join", "start", "admit")),
    "toggle": Journey(_BEGUN, number=2),
    "chat": Journey(_BEGUN),
    "end": Journey(_BEGUN),
    "abandon": Journey(_BEGUN),
    "log_previous": Journey(),
    "link_logged": Journey(_HELD_ELSEWHERE),
    "bill_session": Journey((*_BEGUN, "end")),
    "begin_note": Journey(_BEGUN),
    "write_note": Journey(_WRITTEN),
    "insert_text": Journey(_WRITTEN),
    "switch_format": Journey(_WRITTEN, number=1),
    "attach": Journey(_WRITTEN),
    "detach": Journey((*_WRITTEN, "attach")),
    "sign_and_lock": Journey(_NOTED, clinic=_ALONE),
    "submit_for_review": Journey(_NOTED),
    "approve_note": Journey((*_NOTED, "submit_for_review")),
    "return_note": Journey((*_NOTED, "submit_for_review")),
    "recall_note": Journey((*_NOTED, "submit_for_review")),
    "add_addendum": Journey((*_NOTED, "sign_and_lock"), clinic=_ALONE),
    "sign_addendum": Journey((*_NOTED, "sign_and_lock", "add_addendum"), clinic=_ALONE),
    "approve_addendum": Journey(_ADDED),
    "return_addendum": Journey(_ADDED),
    "enable_transcription": Journey(_BEGUN),
    "disable_transcription": Journey((*_BEGUN, "enable_transcription")),
    "start_dictation": Journey(_WRITTEN),
    "append_segment": Journey((*_BEGUN, "enable_transcription")),
    "delete_transcripts": Journey((*_BEGUN, "enable_transcription", "append_segment")),
    "expire_transcripts": Journey((*_NOTED, "@month later")),
    "purge_transcripts": Journey((*_NOTED, "@store fails", "sign_and_lock", "@store works"), clinic=_ALONE),
    "slots": Journey(("create",), number=0),
    "view": Journey(("create",), number=0),
    "quote": Journey(("create",)),
    "actions": Journey(("create",)),
    "agenda": Journey(("create",)),
    "billable": Journey(_MISSED),
    "history": Journey((*_NOTED, "@nothing", "@nothing")),
    "read_note": Journey(_NOTED),
    "verify_note": Journey((*_NOTED, "sign_and_lock"), clinic=_ALONE),
    "note_actions": Journey(_NOTED),
    "overdue_notes": Journey((*_NOTED, "@month later")),
    "read_transcript": Journey(_NOTED),
    "overdue_purges": Journey((*_NOTED, "@store fails", "sign_and_lock", "@month later"), clinic=_ALONE),
    "prepare_session": Journey(_LOCKED_BEFORE, clinic=_ALONE),
    "ask_assistant": Journey(_BEGUN),
    "scribe": Journey(_NOTED),
}
