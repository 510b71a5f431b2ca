"""B3: what was agreed on at booking stays in force, whatever the practice says later."""

from datetime import timedelta

import oasys_sched as sched
from oasys_sched import FeeSchedule, Mode, Money, Period

TWO_DAYS, HOURS = Period.parse("P2D"), Period.parse("PT24H")
SERVICE = sched.Service(
    id="therapy-50",
    duration=timedelta(minutes=50),
    modes=(Mode.TELEHEALTH, Mode.IN_PERSON),
    late_cancel_fee=FeeSchedule(
        per_mode=((Mode.TELEHEALTH, Money.of("40", "USD")), (Mode.IN_PERSON, Money.of("60", "USD")))
    ),
    no_show_fee=FeeSchedule(single=Money.of("100", "USD")),
)
POLICY = sched.CancellationPolicy(
    version="2026-01",
    late_threshold=HOURS,
    services=(sched.CancellationLimits(service="therapy-50", late_threshold=TWO_DAYS),),
)


def test_b3_the_snapshot_holds_the_threshold_and_the_fees_of_service_and_mode() -> None:
    terms = sched.Terms.of(POLICY, SERVICE, Mode.IN_PERSON)

    assert (terms.version, terms.late_threshold) == ("2026-01", TWO_DAYS)
    assert (terms.late_cancel_fee, terms.no_show_fee) == (Money.of("60", "USD"), Money.of("100", "USD"))
    assert terms.accepted_at is None


def test_b3_b18_later_terms_do_not_bind_what_was_booked_before() -> None:
    terms = sched.Terms.of(POLICY, SERVICE, Mode.TELEHEALTH)
    later = sched.CancellationPolicy(version="2027-01", late_threshold=Period.parse("P7D"))

    assert terms.applied(later).late_threshold == TWO_DAYS
    assert terms.applied(later).for_service("therapy-50").late_threshold == TWO_DAYS
    free = sched.Service(id="therapy-50", duration=timedelta(minutes=50), modes=(Mode.TELEHEALTH,))
    assert terms.fees(free).late_cancel_fee.amount(Mode.TELEHEALTH) == Money.of("40", "USD")
    assert terms.fees(free).no_show_fee.amount(Mode.TELEHEALTH) == Money.of("100", "USD")
