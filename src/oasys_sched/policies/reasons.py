"""Why an appointment was cancelled, and who that makes the initiator (RULES 3.10, B1, A5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, final

from oasys_sched.codes import Code
from oasys_sched.decisions import Refused, refuse

__all__ = ["REASONS", "CancellationReason", "Initiator", "find_reason"]


@unique
class Initiator(StrEnum):
    """Who wanted a cancellation, whoever clicked (A5)."""

    CLIENT = "client"
    CLINICIAN = "clinician"
    PRACTICE = "practice"
    SYSTEM = "system"


@final
@dataclass(frozen=True, slots=True)
class CancellationReason:
    """One reason: its code, who it makes the initiator (None: must be stated), and the FHIR R5 code it maps to."""

    code: str
    initiator: Initiator | None
    fhir: str


def _table(*rows: tuple[str, Initiator | None, str]) -> dict[str, CancellationReason]:
    return {code: CancellationReason(code, initiator, fhir) for code, initiator, fhir in rows}


# FHIR codes are of http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason.
REASONS: Final = _table(
    ("client_request", Initiator.CLIENT, "pat"),
    ("client_illness", Initiator.CLIENT, "pat"),
    ("client_emergency", Initiator.CLIENT, "pat"),
    ("client_schedule", Initiator.CLIENT, "pat"),
    ("client_transport", Initiator.CLIENT, "pat-lt"),
    ("client_financial", Initiator.CLIENT, "oth-fin"),
    ("client_moved", Initiator.CLIENT, "pat-mv"),
    ("client_changed_provider", Initiator.CLIENT, "pat-ucp"),
    ("insurance", Initiator.CLIENT, "oth-fin"),
    ("clinician_unavailable", Initiator.CLINICIAN, "prov-pers"),
    ("clinician_illness", Initiator.CLINICIAN, "prov-pers"),
    ("client_discharged", Initiator.CLINICIAN, "prov-dch"),
    ("practice_closed", Initiator.PRACTICE, "other"),
    ("weather", Initiator.PRACTICE, "oth-weath"),
    ("technical", Initiator.PRACTICE, "oth-err"),
    ("booked_in_error", Initiator.PRACTICE, "oth-err"),
    ("declined", Initiator.SYSTEM, "other"),
    ("withdrawn", Initiator.SYSTEM, "other"),
    ("expired", Initiator.SYSTEM, "other"),
    ("superseded", Initiator.SYSTEM, "other"),
    ("other", None, "other"),
)


def find_reason(
    code: str, *, text: str = "", initiator: Initiator | str | None = None
) -> tuple[str, Initiator] | Refused:
    """Judge a reason that a person gave; return its code and initiator (S31).

    The codes of the system itself are nobody's to give. `other` needs a text and must state who wanted it; any other
    code says so by itself, and a stated initiator must agree.
    """
    if not code:
        return refuse(Code.REASON_REQUIRED, "give a cancellation reason", field="reason")
    reason = REASONS.get(code)
    if reason is None or reason.initiator is Initiator.SYSTEM:
        known = [row.code for row in REASONS.values() if row.initiator is not Initiator.SYSTEM]
        return refuse(Code.UNKNOWN_REASON, "no such cancellation reason", field="reason", known=tuple(known))
    if reason.initiator is None:
        if not text.strip():
            return refuse(Code.REASON_REQUIRED, "say in words what the other reason is", field="text")
        wanted = next((who for who in Initiator if who == initiator), Initiator.SYSTEM)
        if wanted is Initiator.SYSTEM:
            return refuse(Code.REASON_REQUIRED, "say who wanted it: client, clinician or practice", field="initiator")
        return code, wanted
    if initiator not in (None, reason.initiator):
        return refuse(
            Code.INVALID_VALUE, f"the reason {code} means that the {reason.initiator} wanted it", field="initiator"
        )
    return code, reason.initiator
