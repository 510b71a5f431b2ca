"""Who may do what: one table of action x actor x relation, deny by default (RULES 3.11, B19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum, unique
from typing import Final

from oasys_sched.actors import ActorKind
from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, nothing_here, refuse

__all__ = ["ACCESS", "Action", "Relation", "access_table", "denied", "forbidden", "may"]


@unique
class Relation(StrEnum):
    """How an actor stands to what is acted on."""

    OWN = "own"
    PRACTICE = "practice"
    AUTHOR = "author"
    SUPERVISING = "supervising"
    ASSIGNED = "assigned"


@unique
class Action(StrEnum):
    """Everything somebody can ask for."""

    CREATE = "create"
    CREATE_SERIES = "create_series"
    RESCHEDULE = "reschedule"
    EDIT = "edit"
    CANCEL = "cancel"
    APPROVE = "approve"
    DECLINE = "decline"
    APPROVE_REQUEST = "approve_request"
    SUGGEST = "suggest"
    DECLINE_REQUEST = "decline_request"
    MARK_NO_SHOW = "mark_no_show"
    UNDO_NO_SHOW = "undo_no_show"
    DECIDE_FEE = "decide_fee"
    WAIVE_FEE = "waive_fee"
    REINSTATE_FEE = "reinstate_fee"
    BILL = "bill"
    OFFER_FREED_SLOT = "offer_freed_slot"
    BLOCK_TIME = "block_time"
    SET_POLICIES = "set_policies"
    SET_SERVICES = "set_services"
    SEE_CALENDAR = "see_calendar"
    SEE_SLOTS = "see_slots"
    SELF_BOOK = "self_book"
    WITHDRAW = "withdraw"
    CLIENT_CANCEL = "client_cancel"
    REQUEST_RESCHEDULE = "request_reschedule"
    ACCEPT_ALTERNATIVE = "accept_alternative"
    DECLINE_ALTERNATIVE = "decline_alternative"
    WITHDRAW_REQUEST = "withdraw_request"
    JOIN_WAITLIST = "join_waitlist"
    QUOTE = "quote"
    START = "start"
    ADMIT = "admit"
    END = "end"
    ABANDON = "abandon"
    LOG_SESSION = "log_session"
    TRANSCRIBE = "transcribe"
    JOIN = "join"
    LEAVE = "leave"
    USE_CALL = "use_call"
    APPEND_SEGMENT = "append_segment"
    READ_TRANSCRIPT = "read_transcript"
    ASK_ASSISTANT = "ask_assistant"
    WRITE_NOTE = "write_note"
    SIGN_NOTE = "sign_note"
    SUBMIT_NOTE = "submit_note"
    RECALL_NOTE = "recall_note"
    READ_NOTE = "read_note"
    ADD_ADDENDUM = "add_addendum"
    APPROVE_NOTE = "approve_note"
    RETURN_NOTE = "return_note"
    EXPIRE = "expire"
    SEND_REMINDER = "send_reminder"
    PURGE = "purge"


_Cell = Mapping[ActorKind, frozenset[Relation]]


def _cell(**kinds: str) -> _Cell:
    return {ActorKind(kind): frozenset(Relation(name) for name in names.split()) for kind, names in kinds.items()}


_PLANNING: Final = _cell(clinician="own", admin="practice", scheduler="practice")
_DECIDING: Final = _cell(clinician="own")
_MONEY: Final = _cell(clinician="own", admin="practice")
_ASKING: Final = _cell(client="own", guardian="own")
_WRITING: Final = _cell(clinician="author")
_REVIEWING: Final = _cell(supervisor="assigned")
_CLOCKWORK: Final = _cell(system="practice")

# The rule itself. What is not here is forbidden; the docs print this table.
ACCESS: Final[Mapping[Action, _Cell]] = {
    Action.CREATE: _PLANNING,
    Action.CREATE_SERIES: _PLANNING,
    Action.RESCHEDULE: _PLANNING,
    Action.EDIT: _PLANNING,
    Action.CANCEL: _PLANNING,
    Action.APPROVE: _DECIDING,
    Action.DECLINE: _DECIDING,
    Action.APPROVE_REQUEST: _DECIDING,
    Action.SUGGEST: _DECIDING,
    Action.DECLINE_REQUEST: _DECIDING,
    Action.MARK_NO_SHOW: _DECIDING,
    Action.UNDO_NO_SHOW: _DECIDING,
    Action.DECIDE_FEE: _DECIDING,
    Action.WAIVE_FEE: _MONEY,
    Action.REINSTATE_FEE: _MONEY,
    Action.BILL: _MONEY,
    Action.OFFER_FREED_SLOT: _PLANNING,
    Action.BLOCK_TIME: _PLANNING,
    Action.SET_POLICIES: _MONEY,
    Action.SET_SERVICES: _cell(clinician="practice", admin="practice"),
    Action.SEE_CALENDAR: _PLANNING,
    Action.SEE_SLOTS: {**_PLANNING, **_ASKING},
    Action.SELF_BOOK: _ASKING,
    Action.WITHDRAW: _ASKING,
    Action.CLIENT_CANCEL: _ASKING,
    Action.REQUEST_RESCHEDULE: _ASKING,
    Action.ACCEPT_ALTERNATIVE: _ASKING,
    Action.DECLINE_ALTERNATIVE: _ASKING,
    Action.WITHDRAW_REQUEST: _ASKING,
    Action.JOIN_WAITLIST: _ASKING,
    Action.QUOTE: {**_PLANNING, **_ASKING},
    Action.START: _DECIDING,
    Action.ADMIT: _DECIDING,
    Action.END: _DECIDING,
    Action.ABANDON: _DECIDING,
    Action.LOG_SESSION: _cell(clinician="own practice"),
    Action.TRANSCRIBE: _DECIDING,
    Action.JOIN: _ASKING,
    Action.LEAVE: _ASKING,
    Action.USE_CALL: {**_DECIDING, **_ASKING},
    Action.APPEND_SEGMENT: _cell(clinician="own", system="practice"),
    Action.READ_TRANSCRIPT: _DECIDING,
    Action.ASK_ASSISTANT: _DECIDING,
    Action.WRITE_NOTE: _WRITING,
    Action.SIGN_NOTE: _WRITING,
    Action.SUBMIT_NOTE: _WRITING,
    Action.RECALL_NOTE: _WRITING,
    Action.READ_NOTE: _cell(clinician="author", supervisor="supervising assigned"),
    Action.ADD_ADDENDUM: _cell(clinician="author", supervisor="assigned"),
    Action.APPROVE_NOTE: _REVIEWING,
    Action.RETURN_NOTE: _REVIEWING,
    Action.EXPIRE: _CLOCKWORK,
    Action.SEND_REMINDER: _CLOCKWORK,
    Action.PURGE: _CLOCKWORK,
}


def may(kind: ActorKind, action: Action, relations: Iterable[Relation]) -> bool:
    """Tell whether an actor of a kind, standing in these relations to the target, may act.

    >>> may(ActorKind.CLIENT, Action.APPROVE, [Relation.OWN])
    False
    """
    return not ACCESS[action].get(kind, frozenset()).isdisjoint(relations)


_NAMED: Final = {ActorKind.ADMIN: "an admin", ActorKind.SYSTEM: "the system"}


def forbidden(kind: ActorKind, action: Action) -> Refused:
    """Refuse an actor of a kind what the table does not give.

    >>> forbidden(ActorKind.ADMIN, Action.SIGN_NOTE).refusals[0].message
    'an admin may not sign note here'
    """
    who = _NAMED.get(kind, f"a {kind}")
    return refuse(Code.FORBIDDEN, f"{who} may not {action.replace('_', ' ')} here")


def denied(kind: ActorKind, action: Action, relations: Iterable[Relation]) -> Refused | None:
    """Refuse an actor who may not; one with no relation at all learns nothing of what is not theirs (`not_found`)."""
    how = frozenset(relations)
    if not how:
        return nothing_here()
    return None if may(kind, action, how) else forbidden(kind, action)


def access_table() -> str:
    """Print the table as Markdown, one action a row; an empty cell means no."""
    head = f"| action | {' | '.join(ActorKind)} |"
    rule = f"|---|{'---|' * len(ActorKind)}"
    rows = [
        f"| {action} | {' | '.join(', '.join(sorted(row.get(kind, ()))) for kind in ActorKind)} |"
        for action, row in ACCESS.items()
    ]
    return "\n".join([head, rule, *rows])
