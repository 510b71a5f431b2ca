"""RULES 3.8: a fee moves along its table and no other way."""

from datetime import UTC, datetime

import pytest

import oasys_sched as sched
from oasys_sched.fees.charges import CHARGE, ChargeAct, moved
from oasys_sched.tables import mermaid

STATE, ACT = sched.ChargeState, ChargeAct
ALLOWED = {
    (STATE.DECISION_PENDING, ACT.APPLY): STATE.STORED,
    (STATE.DECISION_PENDING, ACT.WAIVE): STATE.WAIVED,
    (STATE.DECISION_PENDING, ACT.VOID): STATE.VOID,
    (STATE.STORED, ACT.WAIVE): STATE.WAIVED,
    (STATE.STORED, ACT.VOID): STATE.VOID,
    (STATE.STORED, ACT.BILL): STATE.BILLED,
    (STATE.WAIVED, ACT.REINSTATE): STATE.STORED,
    (STATE.WAIVED, ACT.VOID): STATE.VOID,
}


@pytest.mark.parametrize("act", ACT)
@pytest.mark.parametrize("state", STATE)
def test_s104_every_cell_of_the_charge_table(state: sched.ChargeState, act: ChargeAct) -> None:
    charge = sched.Charge(
        kind=sched.ChargeKind.NO_SHOW, state=state, amount=sched.Money(1, "USD"), at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    answer = moved(charge, act)

    if (state, act) in ALLOWED:
        assert answer.state is ALLOWED[state, act]
    else:
        billed = state is STATE.BILLED
        assert answer.code is (sched.Code.FEE_ALREADY_BILLED if billed else sched.Code.INVALID_TRANSITION)


def test_s104_every_state_is_in_the_table_and_it_prints() -> None:
    assert set(CHARGE) == set(STATE)
    drawn = mermaid(CHARGE).splitlines()
    assert "    billed --> [*]" in drawn
    assert "    stored --> billed: bill" in drawn
