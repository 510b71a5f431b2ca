"""RULES S31-S33, S91-S94, S102-S106, S114: cancelling one appointment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    ADMIN,
    ANN,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    GUARDIAN,
    HOUR,
    NOW,
    SCHEDULER,
    SERVICE,
    START,
    STRANGER,
    SUPERVISOR,
    SYSTEM,
    USD,
    accepted,
    appointment,
    cancellation,
    code,
    event_names,
    facts,
    policy,
    request,
    schedule,
)

STATUS = sched.AppointmentStatus
STATE = sched.ChargeState
FEE = sched.Money(5000, USD)
EARLY, LATE = START - 25 * HOUR, START - HOUR


def cancel(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"reason": "clinician_illness", "actor": CLINICIAN, "now": NOW, **fields}
    return booking.cancel(given or facts(appointment=appointment()), **asked)


def withdrawn(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"id": "r1", "actor": CLIENT, "now": EARLY}
    asked |= {name: fields.pop(name) for name in tuple(asked) if name in fields}
    return booking.client_cancel(given or facts(appointment=appointment()), sched.CancelOwn(**fields), **asked)


def under(**rules: object) -> sched.Facts:
    return facts(appointment=appointment(), schedule=schedule(cancellation=cancellation(**rules)))


DIRECT = under(late_requires_approval=False)


def test_s31_a_reason_of_the_taxonomy_is_required() -> None:
    assert code(cancel(reason="")) == "reason_required"
    assert code(cancel(reason="bored")) == "unknown_reason"
    assert code(cancel(reason="declined")) == "unknown_reason"
    assert code(cancel(reason="other")) == "reason_required"
    assert code(cancel(reason="other", text="strike")) == "reason_required"
    assert code(cancel(reason="other", text="strike", initiator=sched.Initiator.SYSTEM)) == "reason_required"
    assert code(cancel(reason="weather", initiator=sched.Initiator.CLIENT)) == "invalid_value"
    done = accepted(cancel(reason="other", text="strike", initiator=sched.Initiator.PRACTICE)).value
    assert done.cancellation.initiator is sched.Initiator.PRACTICE
    assert "strike" not in repr(done)


@pytest.mark.parametrize("status", [STATUS.PENDING, STATUS.UPCOMING])
def test_s31_pending_and_upcoming_can_be_cancelled(status: sched.AppointmentStatus) -> None:
    done = accepted(cancel(facts(appointment=appointment(status=status))))

    assert done.value.status is STATUS.CANCELLED
    assert done.value.occupancies == ()
    assert done.events[0].was_pending == (status is STATUS.PENDING)


@pytest.mark.parametrize("status", [STATUS.IN_PROGRESS, STATUS.COMPLETED, STATUS.CANCELLED, STATUS.NO_SHOW])
def test_s31_nothing_else_can(status: sched.AppointmentStatus) -> None:
    given = facts(appointment=appointment(status=status))

    assert code(cancel(given)) == "invalid_transition"
    assert code(withdrawn(given)) in {"invalid_transition", "already_started"}


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLIENT, "forbidden"), (STRANGER, "not_found"), (COLLEAGUE, "forbidden"), (SUPERVISOR, "forbidden"),
     (SYSTEM, "forbidden")],
)  # fmt: skip
def test_s31_clients_have_their_own_way_to_cancel(actor: sched.Actor, expected: str) -> None:
    assert code(cancel(actor=actor)) == expected


def test_b19_the_front_desk_cancels_but_decides_no_fee() -> None:
    given = facts(appointment=appointment())
    phoned = {"reason": "client_request", "actor": SCHEDULER, "now": LATE}

    assert code(cancel(given, **phoned, apply_fee=True)) == "forbidden"
    assert code(cancel(given, **{**phoned, "actor": ADMIN}, apply_fee=False)) == "forbidden"
    assert accepted(cancel(given, **phoned)).value.charge.state is STATE.DECISION_PENDING


def test_s32_the_notice_is_immediate_and_the_invite_rises() -> None:
    (event,) = accepted(cancel()).events

    assert type(event).__name__ == "AppointmentCancelled"
    assert event.immediate
    assert event.sequence == 1


def test_s33_on_a_series_the_scope_has_to_be_said() -> None:
    given = facts(appointment=appointment(series="s", recurrence_id=START.replace(tzinfo=None)))

    assert code(cancel(given)) == "scope_required"
    accepted(cancel(given, scope=sched.Scope.THIS))


def test_a5_b1_a_clinicians_own_cancellation_is_never_late_and_never_costs() -> None:
    for reason in ("clinician_illness", "clinician_unavailable", "practice_closed", "weather", "technical"):
        done = accepted(cancel(reason=reason, now=LATE)).value
        assert not done.late
        assert done.charge is None
    assert code(cancel(reason="weather", now=LATE, apply_fee=True)) == "not_late"
    accepted(cancel(reason="weather", now=LATE, apply_fee=False))


def test_a5_a_client_who_phones_is_the_initiator_whoever_clicks() -> None:
    done = accepted(cancel(reason="client_illness", now=LATE, apply_fee=True))

    assert done.value.late
    assert (done.value.charge.state, done.value.charge.amount) == (STATE.STORED, FEE)
    assert event_names(done) == ["AppointmentCancelled", "FeeChanged"]
    assert accepted(cancel(reason="client_illness", now=LATE, apply_fee=False)).value.charge.state is STATE.WAIVED


def test_a5_a_pending_booking_is_never_late() -> None:
    done = accepted(cancel(facts(appointment=appointment(status=STATUS.PENDING)), reason="client_request", now=LATE))

    assert not done.value.late


def test_a4_lateness_is_judged_when_the_client_asked() -> None:
    done = accepted(cancel(reason="client_request", now=LATE, requested_at=EARLY)).value

    assert not done.late
    assert done.cancellation.requested_at == EARLY
    assert code(cancel(reason="client_request", requested_at=NOW + HOUR)) == "not_in_past"
    assert code(cancel(reason="client_request", requested_at=datetime(2026, 3, 1))) == "naive_datetime"


def test_a31_a_past_appointment_can_still_be_cancelled_by_the_clinician() -> None:
    accepted(cancel(now=START + 5 * HOUR))


def test_s91_cancelling_can_be_switched_off_for_clients_and_that_wins() -> None:
    assert code(withdrawn(under(allow=False, require_approval=True))) == "client_cancellation_disabled"


def test_s92_with_approval_a_request_is_opened_and_the_appointment_stands() -> None:
    done = accepted(withdrawn(under(require_approval=True)))

    assert isinstance(done.value, sched.ChangeRequest)
    assert (done.value.asks, done.value.status) == (sched.RequestKind.CANCEL, sched.RequestStatus.OPEN)
    assert done.changes == (done.value,)
    assert event_names(done) == ["RequestOpened"]
    assert [row.resource for row in done.value.occupancies] == ["request:a1"]


def test_s93_on_time_and_no_approval_needed_cancels_at_once() -> None:
    done = accepted(withdrawn())

    assert done.value.status is STATUS.CANCELLED
    assert not done.value.late
    assert done.value.charge is None


def test_s93_no_threshold_is_never_late() -> None:
    for threshold in (None, sched.Period()):
        assert not accepted(withdrawn(under(late_threshold=threshold), now=LATE)).value.late


def test_s93_a1_exactly_at_the_threshold_is_on_time() -> None:
    at = START - 24 * HOUR

    assert not accepted(withdrawn(DIRECT, now=at)).value.late
    assert accepted(withdrawn(DIRECT, now=at + timedelta(microseconds=1))).value.late


def test_s94_a6_a_late_one_goes_through_approval_with_its_fee_quoted() -> None:
    done = accepted(withdrawn(now=LATE))
    asked, waiting = done.changes

    assert asked.quote.late
    assert asked.quote.fee == FEE
    assert waiting.status is STATUS.UPCOMING
    assert (waiting.charge.state, waiting.charge.amount, waiting.charge.quoted) == (STATE.DECISION_PENDING, FEE, FEE)
    assert event_names(done) == ["RequestOpened", "FeeChanged"]


def test_a6_with_the_knob_off_a_late_one_is_cancelled_at_once_the_fee_undecided() -> None:
    done = accepted(withdrawn(DIRECT, now=LATE))

    assert done.value.status is STATUS.CANCELLED
    assert done.value.charge.state is STATE.DECISION_PENDING
    assert done.value.late


def test_s114_the_system_never_applies_a_late_fee_by_itself() -> None:
    for world in (DIRECT, under()):
        changes = accepted(withdrawn(world, now=LATE)).changes
        states = [row.charge.state for row in changes if isinstance(row, sched.Appointment)]
        assert states == [STATE.DECISION_PENDING]


def test_s103_late_is_never_an_input() -> None:
    assert "late" not in sched.CancelOwn.__slots__
    with pytest.raises(TypeError):
        cancel(late=True)


def test_a20_a_client_cannot_cancel_what_has_started() -> None:
    assert code(withdrawn(now=START)) == "already_started"
    assert code(withdrawn(facts(appointment=appointment(status=STATUS.IN_PROGRESS)), now=LATE)) == "already_started"


def test_s34_one_open_request_and_only_so_many() -> None:
    again = facts(appointment=appointment(), requests=(request(),), schedule=schedule(
        cancellation=cancellation(require_approval=True)))  # fmt: skip
    many = replace(
        again,
        requests=tuple(request(appointment(id=f"x{n}"), id=f"r{n}") for n in range(2)),
        schedule=schedule(booking=policy(open_requests=2), cancellation=cancellation(require_approval=True)),
    )

    assert code(withdrawn(again)) == "request_already_open"
    assert code(withdrawn(many)) == "too_many_requests"


def test_s93_a_direct_cancellation_supersedes_an_open_request() -> None:
    done = accepted(withdrawn(facts(appointment=appointment(), requests=(request(),))))

    assert event_names(done) == ["AppointmentCancelled", "RequestSuperseded"]
    known = facts(appointment=appointment(), request=request())
    assert event_names(accepted(withdrawn(known))) == ["AppointmentCancelled", "RequestSuperseded"]


def test_b1_a_client_gives_a_clients_reason() -> None:
    assert code(withdrawn(reason="weather")) == "unknown_reason"
    assert code(withdrawn(reason="bored")) == "unknown_reason"
    assert code(withdrawn(reason="")) == "reason_required"
    assert code(withdrawn(reason="other")) == "reason_required"
    accepted(withdrawn(reason="other", text="away"))
    assert accepted(withdrawn(reason="client_moved")).value.cancellation.reason == "client_moved"


@pytest.mark.parametrize(
    ("actor", "expected"),
    [(CLINICIAN, "forbidden"), (STRANGER, "not_found"), (GUARDIAN, "not_found"), (SCHEDULER, "forbidden")],
)
def test_s91_only_the_client_cancels_as_the_client(actor: sched.Actor, expected: str) -> None:
    assert code(withdrawn(actor=actor)) == expected


def test_o3_a_guardian_cancels_for_the_child() -> None:
    given = facts(appointment=appointment(), client=replace(ANN, guardian="mum"))

    accepted(withdrawn(given, actor=GUARDIAN))
    assert code(withdrawn(facts(appointment=appointment(), client=None), actor=GUARDIAN)) == "not_found"


def test_b18_inside_the_cut_off_clients_cannot_cancel_at_all() -> None:
    given = under(cut_off=sched.Period.parse("PT2H"))

    assert code(withdrawn(given, now=START - HOUR)) == "client_cancellation_disabled"
    accepted(withdrawn(given, now=START - 2 * HOUR))


def test_b18_a_service_has_its_own_limits() -> None:
    limits = (sched.CancellationLimits(service="therapy", allow=False),)

    assert code(withdrawn(under(services=limits))) == "client_cancellation_disabled"


def quote(given: sched.Facts, at: datetime) -> sched.Quote:
    return sched.quote_cancellation(given.appointment, SERVICE, given.schedule.cancellation, at, client=given.client)


def test_b2_a_dearer_cancellation_than_was_shown_is_refused_with_the_new_figures() -> None:
    shown = quote(DIRECT, EARLY)
    refused = withdrawn(DIRECT, quote=shown, now=LATE)

    assert code(refused) == "quote_changed"
    assert refused.refusals[0].details == {"late": True, "fee": FEE}
    assert accepted(withdrawn(DIRECT, quote=quote(DIRECT, LATE), now=LATE)).value.charge.amount == FEE
    accepted(withdrawn(DIRECT, quote=shown))


def test_a15_the_fee_shown_is_the_most_even_when_the_service_has_become_dearer() -> None:
    shown = quote(DIRECT, LATE)
    dearer = replace(SERVICE, late_cancel_fee=sched.FeeSchedule(single=sched.Money(9000, USD)))

    assert code(withdrawn(replace(DIRECT, services=(dearer,)), quote=shown, now=LATE)) == "quote_changed"
    free = quote(replace(DIRECT, services=(replace(SERVICE, late_cancel_fee=sched.FeeSchedule()),)), LATE)
    assert code(withdrawn(DIRECT, quote=replace(free, fee=None), now=LATE)) == "quote_changed"


def test_b2_a_client_who_has_asked_keeps_the_terms_of_that_moment() -> None:
    given = under(require_approval=True)
    asked = accepted(withdrawn(given)).value
    phoned = cancel(replace(given, requests=(asked,)), reason="client_request", now=LATE)

    done = accepted(phoned)
    assert not done.value.late
    assert done.value.cancellation.requested_at == EARLY
    assert event_names(done) == ["AppointmentCancelled", "RequestSuperseded"]


def test_a4_a_client_who_had_phoned_in_time_before_asking_online_is_on_time() -> None:
    """What counts is when the client first asked; having phoned late already changes nothing of what was quoted."""
    late_at = START - 10 * HOUR
    asked = request(asks=sched.RequestKind.CANCEL, proposed=(), quote=quote(facts(appointment=appointment()), late_at))
    given = facts(appointment=appointment(), requests=(asked,))
    phoned = lambda at: (
        accepted(cancel(given, reason="client_illness", requested_at=at, apply_fee=None, now=START - HOUR)).value
    )

    assert not phoned(START - 30 * HOUR).late
    assert phoned(START - 30 * HOUR).charge is None
    assert phoned(START - 12 * HOUR).charge.amount == sched.Money(5000, USD)
    assert phoned(START - 12 * HOUR).cancellation.requested_at == late_at


def test_a4_what_was_quoted_holds_from_the_very_moment_it_was_asked() -> None:
    asked = request(asks=sched.RequestKind.CANCEL, quote=quote(facts(appointment=appointment()), LATE))
    # The policy has become milder since: by it, the same moment would be in time.
    milder = replace(under(late_threshold=sched.Period.parse("PT30M")), requests=(asked,))
    done = accepted(cancel(milder, reason="client_illness", requested_at=LATE, now=LATE)).value

    assert (done.late, done.charge.amount) == (True, FEE)


def test_a4_a_fee_that_waited_is_void_once_the_client_turns_out_to_have_been_in_time() -> None:
    asked, waiting = accepted(withdrawn(now=LATE)).changes
    given = facts(appointment=waiting, requests=(asked,))
    done = accepted(cancel(given, reason="client_illness", requested_at=EARLY, now=LATE))

    assert (done.value.late, done.value.charge.state) == (False, STATE.VOID)
    assert event_names(done) == ["AppointmentCancelled", "FeeChanged", "RequestSuperseded"]


def test_s98_a_service_that_is_gone_has_no_fee() -> None:
    done = accepted(withdrawn(replace(DIRECT, services=()), now=LATE)).value

    assert done.late
    assert done.charge is None


def test_s31_a_missing_appointment_is_not_found() -> None:
    assert code(cancel(facts())) == "not_found"
    assert code(withdrawn(facts())) == "not_found"


@given(st.lists(st.integers(0, 60 * 72), min_size=2, max_size=2), st.sampled_from(["PT24H", "P1D", "PT90M", "P2D"]))
def test_a4_invariant_13_lateness_only_grows_with_time(minutes: list[int], threshold: str) -> None:
    given = under(late_threshold=sched.Period.parse(threshold), late_requires_approval=False)
    earlier, later = (START - timedelta(minutes=before) for before in sorted(minutes, reverse=True))

    was = quote(given, earlier).late
    assert quote(given, later).late >= was


@given(
    minutes=st.integers(1, 60 * 72),
    reason=st.sampled_from(["client_request", "weather", "clinician_illness", "technical", "insurance"]),
    apply=st.sampled_from([None, True, False]),
)
def test_a5_invariants_9_and_12_a_stored_fee_means_late_and_by_the_client(
    minutes: int, reason: str, apply: bool | None
) -> None:
    decision = cancel(reason=reason, now=START - timedelta(minutes=minutes), apply_fee=apply)

    if isinstance(decision, sched.Accepted):
        done = decision.value
        by_client = done.cancellation.initiator is sched.Initiator.CLIENT
        assert done.charge is None or (done.late and by_client)
        assert done.late == (by_client and minutes < 24 * 60)
    else:
        assert (code(decision), apply) == ("not_late", True)
