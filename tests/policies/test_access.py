"""RULES 3.11, B19: one table, deny by default, cell by cell."""

import pytest

import oasys_sched as sched
from oasys_sched.policies.access import ACCESS, _cell

KINDS, ACTIONS, RELATIONS = tuple(sched.ActorKind), tuple(sched.Action), tuple(sched.Relation)

# RULES 3.11, in the words of its columns: who may, and only standing so.
OWN_CLINICIAN = (
    "approve decline approve_request suggest decline_request mark_no_show undo_no_show decide_fee start admit"
)
OWN_CLINICIAN += " end abandon transcribe read_transcript ask_assistant use_call append_segment"
PLANNING = "create create_series reschedule edit cancel offer_freed_slot block_time see_calendar see_slots quote"
MONEY = "waive_fee reinstate_fee bill set_policies"
CLIENT = "self_book withdraw client_cancel request_reschedule accept_alternative decline_alternative withdraw_request"
CLIENT += " join_waitlist join leave see_slots quote use_call"
AUTHOR = "write_note sign_note submit_note recall_note read_note add_addendum"
EXPECTED: dict[tuple[str, str], set[str]] = {
    **{("clinician", action): {"own"} for action in f"{OWN_CLINICIAN} {PLANNING} {MONEY}".split()},
    **{(kind, action): {"practice"} for action in PLANNING.split() for kind in ("admin", "scheduler")},
    **{("admin", action): {"practice"} for action in MONEY.split()},
    **{(kind, action): {"own"} for action in CLIENT.split() for kind in ("client", "guardian")},
    **{("clinician", action): {"author"} for action in AUTHOR.split()},
    **{("system", action): {"practice"} for action in ("expire", "send_reminder", "purge", "append_segment")},
    ("clinician", "set_services"): {"practice"},
    ("admin", "set_services"): {"practice"},
    ("clinician", "log_session"): {"own", "practice"},
    ("supervisor", "read_note"): {"supervising", "assigned"},
    ("supervisor", "add_addendum"): {"assigned"},
    ("supervisor", "approve_note"): {"assigned"},
    ("supervisor", "return_note"): {"assigned"},
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_b19_every_cell_of_the_access_table(kind: sched.ActorKind, action: sched.Action) -> None:
    allowed = {relation for relation in RELATIONS if sched.may(kind, action, [relation])}

    assert allowed == EXPECTED.get((kind, action), set())


def test_b19_nobody_may_do_anything_without_a_relation() -> None:
    assert not any(sched.may(kind, action, []) for kind in KINDS for action in ACTIONS)


def test_b19_every_action_is_in_the_table_and_nothing_else() -> None:
    assert set(ACCESS) == set(ACTIONS)


def test_b19_no_cell_lets_a_client_decide_or_a_practice_role_read_notes() -> None:
    for action in ("approve", "mark_no_show", "waive_fee", "bill", "set_policies", "create", "see_calendar"):
        assert not sched.may(sched.ActorKind.CLIENT, sched.Action(action), RELATIONS)
    for kind in (sched.ActorKind.ADMIN, sched.ActorKind.SCHEDULER, sched.ActorKind.SYSTEM):
        assert not sched.may(kind, sched.Action.READ_NOTE, RELATIONS)


def test_b19_the_table_prints_as_markdown() -> None:
    lines = sched.access_table().splitlines()

    assert len(lines) == len(ACTIONS) + 2
    assert lines[0].startswith("| action | clinician | client |")
    assert "| self_book |  | own | own |  |  |  |  |" in lines


def test_b19_the_printed_table_says_what_the_rule_says() -> None:
    head, rule, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in sched.access_table().splitlines()
    )

    assert head == ["action", *KINDS]
    assert rule == ["---"] * (1 + len(KINDS))
    printed = {
        (kind, row[0]): set(cell.split(", ")) for row in rows for kind, cell in zip(KINDS, row[1:], strict=True) if cell
    }
    assert printed == EXPECTED


def test_b19_a_cell_names_kinds_and_relations() -> None:
    assert _cell(clinician="own practice", system="practice") == {
        sched.ActorKind.CLINICIAN: {sched.Relation.OWN, sched.Relation.PRACTICE},
        sched.ActorKind.SYSTEM: {sched.Relation.PRACTICE},
    }
