"""RULES S101, S104-S108, A18, A40, A41, B5: Bill Sessions and the proposed waiver."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched

USD = "USD"
NOW = datetime(2026, 3, 8, 14, tzinfo=UTC)
CASH = sched.Client(practice="p", id="cash")
INSURED = sched.Client(practice="p", id="insured", billing_type=sched.BillingType.INSURANCE)
FREE = sched.Client(practice="p", id="free", billing_type=sched.BillingType.NOT_BILLED)
CLIENTS = (CASH, INSURED, FREE)
STATE, KIND, STATUS = sched.ChargeState, sched.ChargeKind, sched.AppointmentStatus


def appointment(
    id: str = "a", client: str = "cash", charge: sched.Charge | None = None, **fields: object
) -> sched.Appointment:
    given = {
        "practice": "p", "id": id, "clinician": "d", "client": client, "service": "s", "mode": sched.Mode.TELEHEALTH,
        "starts_at": NOW, "duration": timedelta(minutes=50), "zone": "UTC", "created_at": NOW,
        "price": sched.Money(100, USD), "charge": charge, **fields,
    }  # fmt: skip
    return sched.Appointment(**given)


def fee(
    state: sched.ChargeState = STATE.STORED, kind: sched.ChargeKind = KIND.NO_SHOW, **fields: object
) -> sched.Charge:
    return sched.Charge(**{"kind": kind, "state": state, "amount": sched.Money(80, USD), "at": NOW, **fields})


def session(id: str = "x", **fields: object) -> sched.EndedSession:
    given = {
        "id": id, "client": "cash", "clinician": "d", "service": "s", "mode": sched.Mode.PHONE, "started_at": NOW,
        "price": sched.Money(100, USD), **fields,
    }  # fmt: skip
    return sched.EndedSession(**given)


def test_s101_a_no_show_fee_is_one_item_and_replaces_the_session_price() -> None:
    (item,) = sched.billable_items([appointment(status=STATUS.NO_SHOW, charge=fee())], CLIENTS)

    assert (item.kind, item.amount, item.appointment) == (sched.BillableKind.NO_SHOW_FEE, sched.Money(80, USD), "a")


def test_s104_a_stored_late_fee_is_an_item_and_nothing_else_is() -> None:
    for state in STATE:
        items = sched.billable_items(
            [appointment(status=STATUS.CANCELLED, charge=fee(state, KIND.LATE_CANCEL))], CLIENTS
        )
        assert [item.kind for item in items] == ([sched.BillableKind.LATE_CANCEL_FEE] if state is STATE.STORED else [])


def test_s107_s108_not_billed_clients_have_no_item() -> None:
    rows = [appointment("1", "free", fee()), appointment("2", "free", status=STATUS.COMPLETED)]

    assert sched.billable_items(rows, CLIENTS, sessions=[session(client="free")]) == ()
    assert rows[0].charge is not None


def test_a18_the_current_billing_type_decides() -> None:
    row = appointment(client="free", charge=fee(billing_type="not_billed"))

    assert sched.billable_items([row], [replace(FREE, billing_type=sched.BillingType.CASH_PAY)]) != ()


def test_a41_a_fee_is_the_clients_a_session_the_payers() -> None:
    rows = [appointment("1", "insured", fee()), appointment("2", "insured", status=STATUS.COMPLETED)]

    assert [item.payer for item in sched.billable_items(rows, CLIENTS)] == [sched.Payer.CLIENT, sched.Payer.INSURANCE]


def test_s69_a_standalone_session_is_billed_like_any_other() -> None:
    (item,) = sched.billable_items([], CLIENTS, sessions=[session()])

    assert (item.kind, item.session, item.appointment) == (sched.BillableKind.SESSION, "x", None)


def test_s101_each_session_is_listed_once_and_never_again_once_billed() -> None:
    done = appointment(status=STATUS.COMPLETED)

    assert len(sched.billable_items([done], CLIENTS)) == 1
    (item,) = sched.billable_items([done], CLIENTS, sessions=[session(appointment="a")])
    assert item.session == "x"
    assert sched.billable_items([replace(done, billed=True)], CLIENTS, sessions=[session(appointment="a")]) == ()
    assert sched.billable_items([done], CLIENTS, sessions=[session(appointment="a", billed=True)]) == ()


def test_s101_a_session_priced_zero_or_not_at_all_is_still_listed() -> None:
    rows = [session("1", price=sched.Money(0, USD)), session("2", price=None)]

    assert [item.amount for item in sched.billable_items([], CLIENTS, sessions=rows)] == [sched.Money(0, USD), None]


def test_a40_a_signed_note_can_be_required() -> None:
    rows = [session("1"), session("2", note_signed=True)]
    done = appointment(status=STATUS.COMPLETED)

    items = sched.billable_items([done], CLIENTS, sessions=rows, require_signed_note=True)
    assert [item.session for item in items] == ["2"]
    assert [item.session for item in sched.billable_items([], CLIENTS, sessions=rows)] == ["1", "2"]


@given(st.lists(st.tuples(st.sampled_from(["cash", "insured", "free"]), st.sampled_from(list(STATE)),
                          st.sampled_from(list(STATUS))), max_size=8))  # fmt: skip
def test_s108_invariant_11_not_billed_means_no_items(
    rows: list[tuple[str, sched.ChargeState, sched.AppointmentStatus]],
) -> None:
    booked = [appointment(str(n), client, fee(state), status=status) for n, (client, state, status) in enumerate(rows)]
    items = sched.billable_items(booked, CLIENTS)

    assert "free" not in {item.client for item in items}
    assert list(items) == sorted(items, key=lambda item: (item.at, item.appointment))


GRACE = sched.GracePolicy(free=1)


def propose(policy: sched.GracePolicy, *history: sched.Appointment, charge: sched.Charge | None = None) -> object:
    return sched.propose_waiver(appointment(charge=charge or fee()), policy, history, now=NOW)


def test_b5_grace_only_proposes_for_a_fee_that_can_be_waived() -> None:
    assert propose(GRACE) is sched.WaiveReason.FIRST_OCCURRENCE
    assert propose(GRACE, charge=fee(STATE.DECISION_PENDING)) is sched.WaiveReason.FIRST_OCCURRENCE
    for state in (STATE.WAIVED, STATE.VOID, STATE.BILLED):
        assert propose(GRACE, charge=fee(state)) is None
    assert sched.propose_waiver(appointment(), GRACE, [], now=NOW) is None


def test_b5_only_so_many_in_a_rolling_period() -> None:
    recent = appointment("b", charge=fee(STATE.WAIVED))

    assert propose(GRACE, recent) is None
    assert propose(sched.GracePolicy(free=2), recent) is not None
    old = appointment("b", charge=fee(STATE.WAIVED, at=NOW - timedelta(days=366)))
    assert propose(GRACE, old) is not None
    assert propose(GRACE, appointment("b", charge=fee(STATE.VOID))) is not None
    assert propose(GRACE, appointment("b")) is not None
    assert propose(GRACE, replace(recent, client="other")) is not None
    assert propose(sched.GracePolicy(free=1, kinds=(KIND.LATE_CANCEL,))) is None
    assert propose(sched.GracePolicy(free=1, kinds=(KIND.NO_SHOW,)), appointment(
        "b", charge=fee(kind=KIND.LATE_CANCEL))) is not None  # fmt: skip


def test_b5_what_came_later_takes_nothing_from_what_came_first() -> None:
    """However late both are decided: the first is free, the second is not."""
    first, second = (appointment(id, charge=fee(at=NOW - timedelta(days=ago))) for id, ago in (("a", 2), ("b", 1)))

    assert sched.propose_waiver(first, GRACE, [second], now=NOW) is sched.WaiveReason.FIRST_OCCURRENCE
    assert sched.propose_waiver(second, GRACE, [first], now=NOW) is None
    earlier, later = (replace(first, starts_at=NOW - timedelta(days=day)) for day in (2, 1))
    assert sched.propose_waiver(earlier, GRACE, [replace(later, id="b")], now=NOW) is not None
    assert sched.propose_waiver(later, GRACE, [replace(earlier, id="b")], now=NOW) is None


def test_b5_intake_grace_frees_the_first_appointment() -> None:
    intake = sched.GracePolicy(intake=True)

    assert propose(intake) is sched.WaiveReason.FIRST_OCCURRENCE
    assert propose(intake, appointment("b", starts_at=NOW - timedelta(days=7))) is None


@pytest.mark.parametrize(("fields", "field"), [({"free": -1}, "free"), ({"period": sched.Period()}, "period")])
def test_b5_a_grace_that_cannot_be_right(fields: dict[str, object], field: str) -> None:
    with pytest.raises(sched.InvalidValue) as caught:
        sched.GracePolicy(**fields)
    assert caught.value.field == field
