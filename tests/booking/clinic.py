"""A small practice that the booking tests share: one clinician, two clients, one service."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.availability.hours import WeeklyHours

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE).astimezone(UTC)
START = datetime(2026, 3, 5, 15, 0, tzinfo=ZONE).astimezone(UTC)
HOUR = timedelta(hours=1)
USD = "USD"

CLINICIAN = sched.Actor.clinician("dr", practice="p")
COLLEAGUE = sched.Actor.clinician("other-dr", practice="p")
CLIENT = sched.Actor.client("ann", practice="p")
STRANGER = sched.Actor.client("bob", practice="p")
GUARDIAN = sched.Actor.guardian("mum", practice="p")
SUPERVISOR = sched.Actor.supervisor("sup", practice="p")
ADMIN = sched.Actor.admin("boss", practice="p")
SCHEDULER = sched.Actor.scheduler("desk", practice="p")
SYSTEM = sched.Actor.system(practice="p")
EVERYBODY = (CLINICIAN, COLLEAGUE, CLIENT, STRANGER, GUARDIAN, SUPERVISOR, ADMIN, SCHEDULER, SYSTEM)

ANN = sched.Client(practice="p", id="ann", revision=1, clinicians=("dr",), email="ann@example.org", guardian=None)
SERVICE = sched.Service(
    id="therapy",
    name="Therapy",
    duration=timedelta(minutes=50),
    modes=(sched.Mode.TELEHEALTH, sched.Mode.IN_PERSON),
    price=sched.FeeSchedule(
        single=sched.Money(15000, USD), per_mode=((sched.Mode.TELEHEALTH, sched.Money(12000, USD)),)
    ),
    no_show_fee=sched.FeeSchedule(single=sched.Money(8000, USD)),
    late_cancel_fee=sched.FeeSchedule(single=sched.Money(5000, USD)),
)
POLICY = sched.CancellationPolicy(late_threshold=sched.Period.parse("PT24H"))


HOURS = WeeklyHours.parse({"mon-fri": "09:00-17:00"}, zone="America/New_York")


def schedule(**fields: Any) -> sched.Schedule:
    given = {"practice": "p", "id": "dr", "revision": 1, "hours": HOURS, "cancellation": POLICY, **fields}
    return sched.Schedule(**given)


def cancellation(**fields: Any) -> sched.CancellationPolicy:
    return replace(POLICY, **fields)


def facts(**fields: Any) -> sched.Facts:
    given = {
        "practice": sched.Practice(id="p", revision=1),
        "clinician": sched.Clinician(practice="p", id="dr", revision=1, zone="America/New_York"),
        "schedule": schedule(),
        "client": ANN,
        "services": (SERVICE,),
        **fields,
    }
    if given.get("appointment") is not None and "agenda" not in fields:
        given["agenda"] = (given["appointment"],)
    return sched.Facts(**given)


def appointment(**fields: Any) -> sched.Appointment:
    given: dict[str, Any] = {
        "practice": "p",
        "id": "a1",
        "revision": 1,
        "clinician": "dr",
        "client": "ann",
        "service": "therapy",
        "mode": sched.Mode.TELEHEALTH,
        "starts_at": START,
        "duration": timedelta(minutes=50),
        "zone": "America/New_York",
        "price": sched.Money(12000, USD),
        "created_at": NOW,
        "original_start": START,
        **fields,
    }
    return sched.Appointment(**given)


def create(given: sched.Facts | None = None, **fields: Any) -> sched.Decision[sched.Appointment]:
    asked = {
        "id": "new",
        "service": "therapy",
        "mode": sched.Mode.TELEHEALTH,
        "starts_at": START,
        "actor": CLINICIAN,
        "now": NOW,
        **fields,
    }
    return booking.create(given or facts(), **asked)


def accepted(decision: object) -> sched.Accepted[Any]:
    assert isinstance(decision, sched.Accepted), decision
    return decision


def codes(decision: object) -> list[str]:
    assert isinstance(decision, sched.Refused), decision
    return [str(row.code) for row in decision.refusals]


def code(decision: object) -> str:
    return codes(decision)[0]


def event_names(decision: sched.Accepted[Any]) -> list[str]:
    return [type(event).__name__ for event in decision.events]


def moved(original: sched.Appointment, **fields: Any) -> sched.Appointment:
    return replace(original, revision=original.revision + 1, **fields)


def book(given: sched.Facts | None = None, **fields: Any) -> sched.Decision[sched.Appointment]:
    """A client books; `actor`, `now` and `id` aside, fields are the command's."""
    who: dict[str, Any] = {"actor": CLIENT, "now": NOW, "id": "new"}
    who |= {name: fields.pop(name) for name in tuple(who) if name in fields}
    command = sched.BookSlot(**{"service": "therapy", "mode": sched.Mode.TELEHEALTH, "starts_at": START, **fields})
    return booking.self_book(given or facts(), command, **who)


def request(original: sched.Appointment | None = None, **fields: Any) -> sched.ChangeRequest:
    about = original or appointment()
    given = {
        "practice": "p",
        "id": "r1",
        "revision": 1,
        "asks": sched.RequestKind.RESCHEDULE,
        "appointment": about.id,
        "clinician": about.clinician,
        "client": about.client,
        "requested_at": NOW,
        "old_start": about.starts_at,
        "duration": about.duration,
        "proposed": (START + timedelta(days=1),),
        **fields,
    }
    if given["asks"] is sched.RequestKind.CANCEL:
        given["proposed"] = ()
    return sched.ChangeRequest(**given)


def policy(**fields: Any) -> sched.BookingPolicy:
    return sched.BookingPolicy(**fields)
