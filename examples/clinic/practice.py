"""The example practice: one clinician, two services, three clients. A real app keeps these in its settings pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from oasys_sched import (
    BillingType,
    BookingPolicy,
    CancellationPolicy,
    Client,
    Clinician,
    FeeSchedule,
    Mode,
    Money,
    Period,
    Practice,
    ReminderPolicy,
    Schedule,
    Service,
    ServiceRecord,
    WeeklyHours,
)
from oasys_sched.aggregates import Aggregate

PRACTICE = "harbour"
CLINICIAN = "rivera"
ZONE = "America/New_York"
NAME = "Harbour Practice"
CLINICIAN_NAME = "Dr Rivera"

SERVICES = (
    Service(
        id="therapy-50",
        name="Individual therapy",
        duration=timedelta(minutes=50),
        modes=(Mode.TELEHEALTH, Mode.IN_PERSON, Mode.PHONE),
        buffer_after=timedelta(minutes=10),
        price=FeeSchedule(single=Money.of("140.00", "USD")),
        no_show_fee=FeeSchedule(single=Money.of("70.00", "USD")),
        late_cancel_fee=FeeSchedule(single=Money.of("50.00", "USD")),
    ),
    Service(
        id="first-visit",
        name="First visit",
        duration=timedelta(minutes=80),
        modes=(Mode.IN_PERSON, Mode.TELEHEALTH),
        buffer_after=timedelta(minutes=10),
        price=FeeSchedule(single=Money.of("190.00", "USD")),
    ),
)
CLIENTS = (
    ("ana", "Ana Ruiz", BillingType.CASH_PAY),
    ("bjorn", "Björn Ødegård", BillingType.INSURANCE),
    ("chloe", "Chloé Martin", BillingType.CASH_PAY),
)


def people(*, approval: bool) -> tuple[Aggregate, ...]:
    """Return everything that has to be stored before the first appointment."""
    schedule = Schedule(
        practice=PRACTICE,
        id=CLINICIAN,
        hours=WeeklyHours.parse({"mon-thu": "09:00-12:00, 13:00-17:00", "fri": "09:00-12:00"}, zone=ZONE),
        booking=BookingPolicy(
            require_approval=approval,
            minimum_notice=Period.parse("PT12H"),
            maximum_advance=Period.parse("P3M"),
            slot_step=timedelta(minutes=30),
        ),
        cancellation=CancellationPolicy(late_threshold=Period.parse("PT24H")),
        reminders=ReminderPolicy(enabled=True, offsets=(Period.parse("PT24H"),)),
    )
    return (
        Practice(id=PRACTICE, name=NAME, revision=1),
        Clinician(
            practice=PRACTICE,
            id=CLINICIAN,
            name=CLINICIAN_NAME,
            zone=ZONE,
            email="rivera@example.org",
            revision=1,
        ),
        replace(schedule, revision=1),
        *(ServiceRecord(practice=PRACTICE, service=service, revision=1) for service in SERVICES),
        *(
            Client(
                practice=PRACTICE,
                id=id,
                name=name,
                billing_type=billing,
                clinicians=(CLINICIAN,),
                email=f"{id}@example.org",
                revision=1,
            )
            for id, name, billing in CLIENTS
        ),
    )
