"""RULES 3.2, 3.4: the tables of appointments and change requests, every cell."""

from collections.abc import Mapping

import pytest

import oasys_sched as sched
from oasys_sched.booking.table import APPOINTMENT, REQUEST, AppointmentAct, RequestAct, mermaid, step

EXPECTED = """
pending approve upcoming, pending decline cancelled, pending withdraw cancelled, pending expire cancelled,
pending cancel cancelled, upcoming reschedule upcoming, upcoming edit upcoming, upcoming cancel cancelled,
upcoming client_cancel cancelled, upcoming request_reschedule upcoming, upcoming request_cancel upcoming,
upcoming start in_progress, upcoming mark_no_show no_show, in_progress end completed, in_progress abandon upcoming,
no_show undo_no_show upcoming
"""
EXPECTED_REQUEST = """
open approve approved, open suggest alternative_suggested, open decline declined, open withdraw withdrawn,
open expire expired, open supersede superseded, alternative_suggested accept_alternative approved,
alternative_suggested decline_alternative declined, alternative_suggested withdraw withdrawn,
alternative_suggested expire expired, alternative_suggested supersede superseded
"""


def cells(text: str) -> dict[tuple[str, str], str]:
    return {(state, act): after for state, act, after in (row.split() for row in text.split(","))}


@pytest.mark.parametrize("act", AppointmentAct)
@pytest.mark.parametrize("state", sched.AppointmentStatus)
def test_s28_every_cell_of_the_appointment_table(state: sched.AppointmentStatus, act: AppointmentAct) -> None:
    after = step(APPOINTMENT, state, act)

    expected = cells(EXPECTED).get((state, act))
    if expected is None:
        assert isinstance(after, sched.Refused)
        assert after.code is sched.Code.INVALID_TRANSITION
        assert after.refusals[0].details == {"act": act.value, "state": state.value}
    else:
        assert after == expected


@pytest.mark.parametrize("act", RequestAct)
@pytest.mark.parametrize("state", sched.RequestStatus)
def test_s34_every_cell_of_the_request_table(state: sched.RequestStatus, act: RequestAct) -> None:
    after = step(REQUEST, state, act)

    expected = cells(EXPECTED_REQUEST).get((state, act))
    assert isinstance(after, sched.Refused) if expected is None else after == expected


@pytest.mark.parametrize("table", [APPOINTMENT, REQUEST])
def test_s28_every_state_is_listed_and_reachable(table: Mapping[str, Mapping[str, str]]) -> None:
    reached = {after for row in table.values() for after in row.values()} | {next(iter(table))}

    assert reached == set(table)
    assert set(table) == set(type(next(iter(table))))


def test_s28_terminal_states_have_no_way_out_and_the_table_prints() -> None:
    assert not APPOINTMENT[sched.AppointmentStatus.COMPLETED]
    assert not APPOINTMENT[sched.AppointmentStatus.CANCELLED]
    drawn = mermaid(APPOINTMENT)
    assert "    completed --> [*]" in drawn
    assert "    pending --> upcoming: approve" in drawn
