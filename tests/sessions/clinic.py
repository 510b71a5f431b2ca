"""A small practice that the session tests share: one clinician, one client, an appointment, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import oasys_sched as sched
from oasys_sched import sessions
from oasys_sched.booking.request import ChangeRequest

NOW = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)  # 15:00 in New York
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NONCE = "0123456789abcdef"

DR = sched.Actor.clinician("dr", practice="p")
COLLEAGUE = sched.Actor.clinician("colleague", practice="p")
ANN = sched.Actor.client("ann", practice="p")
BOB = sched.Actor.client("bob", practice="p")
MUM = sched.Actor.guardian("mum", practice="p")
SUP = sched.Actor.supervisor("sup", practice="p")
OTHER_SUP = sched.Actor.supervisor("other-sup", practice="p")
ADMIN = sched.Actor.admin("boss", practice="p")
SCHEDULER = sched.Actor.scheduler("front", practice="p")
SYSTEM = sched.Actor.system(practice="p")
ELSEWHERE = sched.Actor.clinician("dr", practice="q")
EVERYBODY = (DR, COLLEAGUE, ANN, BOB, MUM, SUP, OTHER_SUP, ADMIN, SCHEDULER, SYSTEM, ELSEWHERE)

CLINICIAN = sched.Clinician(practice="p", id="dr", revision=1, name="Dr. Dana", zone="America/New_York")
SUPERVISED = replace(CLINICIAN, supervisor="sup")
CLIENT = sched.Client(practice="p", id="ann", revision=1, clinicians=("dr",), guardian="mum")
SERVICE = sched.Service(
    id="therapy",
    duration=timedelta(minutes=50),
    modes=(sched.Mode.TELEHEALTH, sched.Mode.IN_PERSON, sched.Mode.PHONE),
    default_mode=sched.Mode.TELEHEALTH,
    price=sched.FeeSchedule(single=sched.Money(15000, "USD"), per_mode=((sched.Mode.PHONE, sched.Money(9000, "USD")),)),
)


def appointment(**fields: Any) -> sched.Appointment:
    given: dict[str, Any] = {
        "practice": "p",
        "id": "a1",
        "revision": 3,
        "clinician": "dr",
        "client": "ann",
        "service": "therapy",
        "mode": sched.Mode.TELEHEALTH,
        "starts_at": NOW,
        "duration": timedelta(minutes=50),
        "zone": "America/New_York",
        "price": sched.Money(12000, "USD"),
        "created_at": NOW - 7 * DAY,
        **fields,
    }
    return sched.Appointment(**given)


def request(**fields: Any) -> ChangeRequest:
    given: dict[str, Any] = {
        "practice": "p",
        "id": "r1",
        "revision": 1,
        "asks": "reschedule",
        "appointment": "a1",
        "clinician": "dr",
        "client": "ann",
        "requested_at": NOW - DAY,
        "old_start": NOW,
        "duration": timedelta(minutes=50),
        "proposed": (NOW + DAY,),
        **fields,
    }
    return ChangeRequest(**given)


def facts(**fields: Any) -> sched.SessionFacts:
    given: dict[str, Any] = {"clinician": CLINICIAN, "client": CLIENT, "services": (SERVICE,), **fields}
    return sched.SessionFacts(**given)


def after(before: sched.SessionFacts, decision: object) -> sched.SessionFacts:
    """The same facts once a decision is committed; every written revision has to be the next one."""
    known: dict[tuple[str, str], Any] = {}
    for row in (before.appointment, before.request, before.session, before.note, *before.transcripts,
                *before.obligations):  # fmt: skip
        if row is not None:
            known[row.kind, row.id] = row
    for row in accepted(decision).changes:
        assert row.revision == (known[row.kind, row.id].revision if (row.kind, row.id) in known else 0) + 1, row
        known[row.kind, row.id] = row
    first = lambda kind: next((row for (name, _), row in known.items() if name == kind), None)
    rows = lambda kind: tuple(row for (name, _), row in known.items() if name == kind)
    return replace(
        before,
        appointment=first("appointment"),
        request=first("request"),
        session=first("session"),
        note=first("note"),
        transcripts=rows("transcript"),
        obligations=rows("purge"),
    )


def booked(mode: sched.Mode = sched.Mode.TELEHEALTH, **fields: Any) -> sched.SessionFacts:
    return facts(appointment=appointment(mode=mode), **fields)


def active(mode: sched.Mode = sched.Mode.TELEHEALTH, **fields: Any) -> sched.SessionFacts:
    before = booked(mode, **fields)
    return after(before, sessions.start(before, id="s1", actor=DR, now=NOW))


def admitted(**fields: Any) -> sched.SessionFacts:
    state = active(**fields)
    state = after(state, sessions.join(state, id="x", actor=ANN, now=NOW + MINUTE))
    return after(state, sessions.admit(state, actor=DR, now=NOW + 2 * MINUTE))


def ended(mode: sched.Mode = sched.Mode.IN_PERSON, **fields: Any) -> sched.SessionFacts:
    state = active(mode, **fields)
    return after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE))


def written(state: sched.SessionFacts, text: Any = "sleeps badly", *, at: datetime | None = None) -> sched.SessionFacts:
    revision = state.note.revision if state.note else 0
    when = at or (state.session.ended_at if state.session and state.session.ended_at else NOW + MINUTE)
    return after(
        state,
        sessions.write_note(state, text=text, revision=revision, id="n1", nonce=NONCE, actor=DR, now=when),
    )


def transcribed(state: sched.SessionFacts, *texts: str) -> sched.SessionFacts:
    state = after(state, sessions.enable_transcription(state, id="t1", actor=DR, now=NOW + MINUTE))
    for text in texts:
        state = after(state, sessions.append_segment(state, transcript="t1", text=text, actor=SYSTEM, now=NOW + MINUTE))
    return state


def locked(**fields: Any) -> sched.SessionFacts:
    state = written(ended(**fields))
    return after(state, sessions.sign_and_lock(state, revision=1, actor=DR, now=NOW + 60 * MINUTE))


def in_review(**fields: Any) -> sched.SessionFacts:
    state = written(ended(clinician=SUPERVISED, **fields))
    return after(state, sessions.submit_for_review(state, revision=1, actor=DR, now=NOW + 60 * MINUTE))


def accepted(decision: object) -> sched.Accepted[Any]:
    assert isinstance(decision, sched.Accepted), decision
    return decision


def code(decision: object) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def event_names(decision: object) -> list[str]:
    return [type(event).__name__ for event in accepted(decision).events]
