"""The states of an appointment and of a change request, as literal tables (RULES 3.2, 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique
from typing import Final

from oasys_sched.booking.appointment import AppointmentStatus
from oasys_sched.tables import mermaid, step

__all__ = ["APPOINTMENT", "REQUEST", "AppointmentAct", "RequestAct", "RequestStatus", "mermaid", "step"]


@unique
class AppointmentAct(StrEnum):
    """What can happen to an appointment."""

    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    RESCHEDULE = "reschedule"
    EDIT = "edit"
    CANCEL = "cancel"
    CLIENT_CANCEL = "client_cancel"
    REQUEST_RESCHEDULE = "request_reschedule"
    REQUEST_CANCEL = "request_cancel"
    START = "start"
    MARK_NO_SHOW = "mark_no_show"
    END = "end"
    ABANDON = "abandon"
    UNDO_NO_SHOW = "undo_no_show"


_S = AppointmentStatus
_A = AppointmentAct

APPOINTMENT: Final[Mapping[AppointmentStatus, Mapping[AppointmentAct, AppointmentStatus]]] = {
    _S.PENDING: {
        _A.APPROVE: _S.UPCOMING,
        _A.DECLINE: _S.CANCELLED,
        _A.WITHDRAW: _S.CANCELLED,
        _A.EXPIRE: _S.CANCELLED,
        _A.CANCEL: _S.CANCELLED,
    },
    _S.UPCOMING: {
        _A.RESCHEDULE: _S.UPCOMING,
        _A.EDIT: _S.UPCOMING,
        _A.CANCEL: _S.CANCELLED,
        _A.CLIENT_CANCEL: _S.CANCELLED,
        _A.REQUEST_RESCHEDULE: _S.UPCOMING,
        _A.REQUEST_CANCEL: _S.UPCOMING,
        _A.START: _S.IN_PROGRESS,
        _A.MARK_NO_SHOW: _S.NO_SHOW,
    },
    _S.IN_PROGRESS: {_A.END: _S.COMPLETED, _A.ABANDON: _S.UPCOMING},
    _S.COMPLETED: {},
    _S.CANCELLED: {},
    _S.NO_SHOW: {_A.UNDO_NO_SHOW: _S.UPCOMING},
}


@unique
class RequestStatus(StrEnum):
    """Where a change request stands; the last five are terminal."""

    OPEN = "open"
    ALTERNATIVE_SUGGESTED = "alternative_suggested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@unique
class RequestAct(StrEnum):
    """What can happen to a change request."""

    APPROVE = "approve"
    SUGGEST = "suggest"
    DECLINE = "decline"
    ACCEPT_ALTERNATIVE = "accept_alternative"
    DECLINE_ALTERNATIVE = "decline_alternative"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"


_R = RequestStatus
_Q = RequestAct

REQUEST: Final[Mapping[RequestStatus, Mapping[RequestAct, RequestStatus]]] = {
    _R.OPEN: {
        _Q.APPROVE: _R.APPROVED,
        _Q.SUGGEST: _R.ALTERNATIVE_SUGGESTED,
        _Q.DECLINE: _R.DECLINED,
        _Q.WITHDRAW: _R.WITHDRAWN,
        _Q.EXPIRE: _R.EXPIRED,
        _Q.SUPERSEDE: _R.SUPERSEDED,
    },
    _R.ALTERNATIVE_SUGGESTED: {
        _Q.ACCEPT_ALTERNATIVE: _R.APPROVED,
        _Q.DECLINE_ALTERNATIVE: _R.DECLINED,
        _Q.WITHDRAW: _R.WITHDRAWN,
        _Q.EXPIRE: _R.EXPIRED,
        _Q.SUPERSEDE: _R.SUPERSEDED,
    },
    _R.APPROVED: {},
    _R.DECLINED: {},
    _R.WITHDRAWN: {},
    _R.EXPIRED: {},
    _R.SUPERSEDED: {},
}
