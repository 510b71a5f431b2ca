"""FHIR R5 resources from and to our values, as plain dicts (RULES 3.1, 3.10, B20).

Written: Appointment, Slot, Schedule, Encounter. Read: statuses, and Slot and Appointment times as busy intervals.
References are built from ids, never from names; a resource says no reason but a coded cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from oasys_sched.adapters.busy import DEFAULT_LIMITS, BusyTime, FeedLimits, FreeBusy, interval, malformed
from oasys_sched.adapters.json_feed import Json, as_list, as_object, as_text, read_instant
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.policies.reasons import REASONS
from oasys_sched.times import Span

__all__ = [
    "APPOINTMENT_STATUS",
    "SLOT_STATUS",
    "appointment_to_fhir",
    "busy_from_fhir",
    "encounter_status",
    "encounter_to_fhir",
    "schedule_to_fhir",
    "slot_to_fhir",
    "status_from_fhir",
]

_REASON_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"
_CLASS_SYSTEM: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

# RULES 3.1. FHIR's proposed, arrived, waitlist and entered-in-error have no status of ours.
APPOINTMENT_STATUS: Final[Mapping[AppointmentStatus, str]] = {
    AppointmentStatus.PENDING: "pending",
    AppointmentStatus.UPCOMING: "booked",
    AppointmentStatus.IN_PROGRESS: "checked-in",
    AppointmentStatus.COMPLETED: "fulfilled",
    AppointmentStatus.CANCELLED: "cancelled",
    AppointmentStatus.NO_SHOW: "noshow",
}
_STATUS_OF: Final = {fhir: status for status, fhir in APPOINTMENT_STATUS.items()}

SLOT_STATUS: Final[Mapping[FreeBusy, str]] = {
    FreeBusy.FREE: "free",
    FreeBusy.BUSY: "busy",
    FreeBusy.TENTATIVE: "busy-tentative",
    FreeBusy.UNAVAILABLE: "busy-unavailable",
}
_KIND_OF: Final = {fhir: kind for kind, fhir in SLOT_STATUS.items()}

# What an appointment of another system does to the time it names; None frees it.
_BUSY_OF: Final[Mapping[str, FreeBusy | None]] = {
    "proposed": None,
    "waitlist": None,
    "cancelled": None,
    "noshow": None,
    "entered-in-error": None,
    "pending": FreeBusy.TENTATIVE,
    "booked": FreeBusy.BUSY,
    "arrived": FreeBusy.BUSY,
    "checked-in": FreeBusy.BUSY,
    "fulfilled": FreeBusy.BUSY,
}

_CLASS: Final[Mapping[Mode, tuple[str, str]]] = {
    Mode.TELEHEALTH: ("VR", "virtual"),
    Mode.IN_PERSON: ("AMB", "ambulatory"),
    Mode.PHONE: ("VR", "virtual"),
}
_VIRTUAL: Final[Mapping[Mode, str]] = {Mode.TELEHEALTH: "video", Mode.PHONE: "phone"}


def status_from_fhir(status: str) -> AppointmentStatus:
    """Return our status of a FHIR Appointment.status.

    Raises:
        InvalidValue: naming `status`, for one that has no counterpart.

    >>> status_from_fhir("booked")
    <AppointmentStatus.UPCOMING: 'upcoming'>
    """
    found = _STATUS_OF.get(status)
    if found is None:
        raise InvalidValue(f"give one of {', '.join(sorted(_STATUS_OF))}", field="status")
    return found


def appointment_to_fhir(appointment: Appointment, *, video_link: str | None = None) -> dict[str, object]:
    """Return an Appointment resource: the participants' consent, the time, and why it was cancelled as a code.

    Money, notes and free-text reasons stay out.
    """
    status = appointment.status
    pending = status is AppointmentStatus.PENDING
    resource: dict[str, object] = {
        "resourceType": "Appointment",
        "id": appointment.id,
        "status": APPOINTMENT_STATUS[status],
        "class": [_coding(appointment.mode)],
        "serviceType": [{"reference": {"reference": f"HealthcareService/{appointment.service}"}}],
        "start": _instant(appointment.starts_at),
        "end": _instant(appointment.ends_at),
        "minutesDuration": max(1, round(appointment.duration / timedelta(minutes=1))),
        "created": _instant(appointment.created_at),
        "participant": [
            _participant(f"Practitioner/{appointment.clinician}", "needs-action" if pending else "accepted"),
            _participant(f"Patient/{appointment.client}", "accepted"),
        ],
    }
    if status is AppointmentStatus.CANCELLED and appointment.cancellation is not None:
        known = REASONS.get(appointment.cancellation.reason)
        code = known.fhir if known is not None else "other"
        resource["cancellationReason"] = {"coding": [{"system": _REASON_SYSTEM, "code": code}]}
        resource["cancellationDate"] = _instant(appointment.cancellation.requested_at)
    if appointment.mode in _VIRTUAL:
        service: dict[str, object] = {"channelType": {"code": _VIRTUAL[appointment.mode]}}
        if video_link is not None and appointment.mode is Mode.TELEHEALTH:
            service["addressUrl"] = video_link
        resource["virtualService"] = [service]
    return resource


def _participant(actor: str, status: str) -> dict[str, object]:
    return {"actor": {"reference": actor}, "required": True, "status": status}


def _coding(mode: Mode) -> dict[str, object]:
    code, display = _CLASS[mode]
    return {"coding": [{"system": _CLASS_SYSTEM, "code": code, "display": display}]}


def _instant(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def slot_to_fhir(span: Span, *, schedule: str, kind: FreeBusy = FreeBusy.FREE) -> dict[str, object]:
    """Return a Slot resource of a schedule; a hold is `tentative`, a block `unavailable` (RULES 3.1)."""
    return {
        "resourceType": "Slot",
        "schedule": {"reference": f"Schedule/{schedule}"},
        "status": SLOT_STATUS[kind],
        "start": _instant(span.start),
        "end": _instant(span.end),
    }


def schedule_to_fhir(
    id: str, *, clinician: str, services: Iterable[str] = (), horizon: Span | None = None, active: bool = True
) -> dict[str, object]:
    """Return a Schedule resource of one clinician."""
    resource: dict[str, object] = {
        "resourceType": "Schedule",
        "id": id,
        "active": active,
        "serviceType": [{"reference": {"reference": f"HealthcareService/{service}"}} for service in services],
        "actor": [{"reference": f"Practitioner/{clinician}"}],
    }
    if horizon is not None:
        resource["planningHorizon"] = {"start": _instant(horizon.start), "end": _instant(horizon.end)}
    return resource


def encounter_status(status: AppointmentStatus, *, note_locked: bool) -> str | None:
    """Return the Encounter.status of an appointment's session, None while there is none (RULES 3.1).

    >>> encounter_status(AppointmentStatus.COMPLETED, note_locked=False)
    'discharged'
    """
    if status is AppointmentStatus.IN_PROGRESS:
        return "in-progress"
    if status is AppointmentStatus.COMPLETED:
        return "completed" if note_locked else "discharged"
    return None


def encounter_to_fhir(
    id: str, appointment: Appointment, *, mode: Mode, actual: tuple[datetime, datetime | None], note_locked: bool
) -> dict[str, object]:
    """Return an Encounter resource of the session held for an appointment: the actual mode and times (S46, S47).

    Raises:
        InvalidValue: `session_not_active` when the appointment has had no session.
    """
    status = encounter_status(appointment.status, note_locked=note_locked)
    if status is None:
        raise InvalidValue("this appointment has no session", field="appointment", code=Code.SESSION_NOT_ACTIVE)
    started, ended = actual
    period = {"start": _instant(started)} | ({} if ended is None else {"end": _instant(ended)})
    resource: dict[str, object] = {
        "resourceType": "Encounter",
        "id": id,
        "status": status,
        "class": [_coding(mode)],
        "subject": {"reference": f"Patient/{appointment.client}"},
        "participant": [{"actor": {"reference": f"Practitioner/{appointment.clinician}"}}],
        "appointment": [{"reference": f"Appointment/{appointment.id}"}],
        "actualPeriod": period,
    }
    if mode in _VIRTUAL:
        resource["virtualService"] = [{"channelType": {"code": _VIRTUAL[mode]}}]
    return resource


def busy_from_fhir(resources: Iterable[Json], *, limits: FeedLimits = DEFAULT_LIMITS) -> tuple[BusyTime, ...]:
    """Read Slot and Appointment resources of another system as busy times, in order; all or nothing.

    Raises:
        InvalidValue: `feed_malformed` for another resource, an unknown status or a missing time; `feed_too_large`.
    """
    found: list[BusyTime] = []
    for index, resource in enumerate(as_list(list(resources), "resources", limits.intervals)):
        path = f"resources[{index}]"
        entry = as_object(resource, path)
        kind = _read_kind(entry, path)
        if kind is None:
            continue
        start = read_instant(entry.get("start"), f"{path}.start")
        one = interval(start, read_instant(entry.get("end"), f"{path}.end"), kind, path)
        found += [one] if one is not None else []
    return tuple(sorted(found, key=lambda one: (one.span.start, one.span.end, one.kind)))


def _read_kind(entry: Json, path: str) -> FreeBusy | None:
    tables: Mapping[object, Mapping[str, FreeBusy | None]] = {
        "Slot": {**_KIND_OF, "entered-in-error": None},
        "Appointment": _BUSY_OF,
    }
    table = tables.get(str(entry.get("resourceType")))
    if table is None:
        raise malformed("expected a Slot or an Appointment", f"{path}.resourceType")
    status = as_text(entry.get("status"), f"{path}.status")
    if status not in table:
        raise malformed("unknown status", f"{path}.status")
    return table[status]
