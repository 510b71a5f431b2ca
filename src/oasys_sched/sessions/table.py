"""The states of a session, a note and a transcript, as literal tables (RULES 3.5, 3.6, 3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

__all__ = [
    "NOTE",
    "SESSION",
    "TRANSCRIPT",
    "NoteAct",
    "NoteStatus",
    "SessionAct",
    "SessionStatus",
    "TranscriptAct",
    "TranscriptStatus",
]


@unique
class SessionStatus(StrEnum):
    """`waiting` is the client in the lobby before the clinician has started."""

    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"
    ABANDONED = "abandoned"


@unique
class SessionAct(StrEnum):
    """What can happen to a session."""

    JOIN = "join"
    LEAVE = "leave"
    START = "start"
    ADMIT = "admit"
    TOGGLE = "toggle"
    CHAT = "chat"
    TRANSCRIBE = "transcribe"
    END = "end"
    ABANDON = "abandon"


_S = SessionStatus
_A = SessionAct

SESSION: Final[Mapping[SessionStatus, Mapping[SessionAct, SessionStatus]]] = {
    _S.WAITING: {_A.JOIN: _S.WAITING, _A.LEAVE: _S.WAITING, _A.START: _S.ACTIVE},
    _S.ACTIVE: {
        _A.JOIN: _S.ACTIVE,
        _A.ADMIT: _S.ACTIVE,
        _A.LEAVE: _S.ACTIVE,
        _A.TOGGLE: _S.ACTIVE,
        _A.CHAT: _S.ACTIVE,
        _A.TRANSCRIBE: _S.ACTIVE,
        _A.END: _S.ENDED,
        _A.ABANDON: _S.ABANDONED,
    },
    _S.ENDED: {},
    _S.ABANDONED: {},
}


@unique
class NoteStatus(StrEnum):
    """A locked note is permanent: there is no way out, only addenda."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    LOCKED = "locked"


@unique
class NoteAct(StrEnum):
    """What can happen to a note."""

    WRITE = "write"
    SIGN_AND_LOCK = "sign_and_lock"
    SUBMIT = "submit_for_review"
    APPROVE = "approve"
    RETURN = "return"
    RECALL = "recall"
    ADD_ADDENDUM = "add_addendum"


_N = NoteStatus
_W = NoteAct
_OPEN: Final = {_W.WRITE: _N.DRAFT, _W.SIGN_AND_LOCK: _N.LOCKED, _W.SUBMIT: _N.IN_REVIEW}

NOTE: Final[Mapping[NoteStatus, Mapping[NoteAct, NoteStatus]]] = {
    _N.DRAFT: _OPEN,
    _N.RETURNED: _OPEN,
    _N.IN_REVIEW: {_W.APPROVE: _N.LOCKED, _W.RETURN: _N.RETURNED, _W.RECALL: _N.DRAFT},
    _N.LOCKED: {_W.ADD_ADDENDUM: _N.LOCKED},
}


@unique
class TranscriptStatus(StrEnum):
    """Unreadable from `purging` on; `deleted` once the bytes are proved gone. Off is having none."""

    LIVE = "live"
    PAUSED = "paused"
    RETAINED = "retained"
    PURGING = "purging"
    DELETED = "deleted"


@unique
class TranscriptAct(StrEnum):
    """What can happen to a transcript."""

    RESUME = "resume"
    APPEND = "append"
    PAUSE = "pause"
    RETAIN = "retain"
    PURGE = "purge"
    PROVE = "prove"


_T = TranscriptStatus
_P = TranscriptAct

TRANSCRIPT: Final[Mapping[TranscriptStatus, Mapping[TranscriptAct, TranscriptStatus]]] = {
    _T.LIVE: {_P.APPEND: _T.LIVE, _P.PAUSE: _T.PAUSED, _P.RETAIN: _T.RETAINED, _P.PURGE: _T.PURGING},
    _T.PAUSED: {_P.RESUME: _T.LIVE, _P.RETAIN: _T.RETAINED, _P.PURGE: _T.PURGING},
    _T.RETAINED: {_P.PURGE: _T.PURGING},
    _T.PURGING: {_P.PROVE: _T.DELETED},
    _T.DELETED: {},
}
