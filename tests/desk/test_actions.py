"""S27, invariant 2: what the desk lists as available is exactly what succeeds, in states reached by chance."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.policies.access import Action
from oasys_sched.ports import Commit, Snapshot, Wanted
from oasys_sched.testing.world import world_of
from tests.desk.practice import ANA, BEN, DANA, MONDAY, NORTH, SYSTEM, Clock, opened, schedule
from tests.desk.test_machine import LONG, ON_APPOINTMENTS, ON_REQUESTS, practice_rules, whose

HOUR = timedelta(hours=1)
ERIN = sched.Actor.clinician("erin", practice=NORTH)
ADMIN, FRONT = sched.Actor.admin("amy", practice=NORTH), sched.Actor.scheduler("sam", practice=NORTH)
ASKING = [ANA, BEN, DANA, ERIN, ADMIN, FRONT, sched.Actor.guardian("mum", practice=NORTH)]
STARTS = [MONDAY, MONDAY + HOUR / 2, MONDAY + 26 * HOUR]


class DryRun:
    """The same storage, in which every commit is checked as it would be and then left out."""

    def __init__(self, repository: Any) -> None:
        self.wrapped = repository

    def load(self, wanted: Wanted, /) -> Snapshot:
        return self.wrapped.load(wanted)

    def commit(self, commit: Commit, /) -> None:
        self.wrapped._check(commit)


def suitable(desk: Any, world: Any, about: Any, now: Any) -> dict[Action, Callable[[Any], Iterator[Any]]]:
    """Every action with the arguments that could make it succeed, tried one after the other."""
    it, free = about.id, max([now, *(row.starts_at for row in world.all(sched.Appointment))]) + timedelta(days=9)
    scope = sched.Scope.THIS if about.series else None
    request = next((row for row in world.all(ChangeRequest) if row.appointment == it and row.is_open), None)
    ask = request.id if request else "nothing"
    listed = sched.Span(now, now + timedelta(days=30))

    def moves(at: Any) -> Iterator[Any]:
        slots = desk.acting_as(DANA).slots(
            service=about.service, mode=about.mode, within=listed, client=about.client, clinician=about.clinician
        )
        starts = slots.value.first(40) if isinstance(slots, sched.Accepted) else []
        return (at.request_reschedule(it, to=row.starts_at) for row in [*starts, sched.Slot(free, free)])

    price = sched.Money.of("7", "USD")
    return {
        Action.APPROVE: lambda at: iter([at.approve(it, allow_overlap=True)]),
        Action.DECLINE: lambda at: iter([at.decline(it)]),
        Action.WITHDRAW: lambda at: iter([at.withdraw(it)]),
        Action.RESCHEDULE: lambda at: iter([at.reschedule(it, to=free, scope=scope, allow_overlap=True)]),
        Action.EDIT: lambda at: iter([at.edit(it, price=price)]),
        Action.CANCEL: lambda at: iter([at.cancel(it, reason="weather", scope=scope)]),
        Action.CLIENT_CANCEL: lambda at: iter([at.client_cancel(it)]),
        Action.REQUEST_RESCHEDULE: moves,
        Action.APPROVE_REQUEST: lambda at: iter([at.approve_request(ask, allow_overlap=True)]),
        Action.SUGGEST: lambda at: iter([at.suggest(ask, starts=[free])]),
        Action.DECLINE_REQUEST: lambda at: iter([at.decline_request(ask)]),
        Action.ACCEPT_ALTERNATIVE: lambda at: (
            at.accept_alternative(ask, starts_at=start) for start in (request.proposed if request else (free,))
        ),
        Action.DECLINE_ALTERNATIVE: lambda at: iter([at.decline_alternative(ask)]),
        Action.WITHDRAW_REQUEST: lambda at: iter([at.withdraw_request(ask)]),
        Action.MARK_NO_SHOW: lambda at: iter([at.mark_no_show(it, reason="she did not come")]),
        Action.UNDO_NO_SHOW: lambda at: iter([at.undo_no_show(it, reason="mistake")]),
        Action.DECIDE_FEE: lambda at: iter([at.decide_fee(it, apply=True)]),
        Action.WAIVE_FEE: lambda at: iter([at.waive_fee(it, reason="illness")]),
        Action.REINSTATE_FEE: lambda at: iter([at.reinstate_fee(it, reason="mistake")]),
        Action.BILL: lambda at: iter([at.bill(it)]),
    }


def check_everything(desk: Any, clock: Clock, repository: Any) -> int:
    """Compare the list with the calls for every appointment and actor; return how many actions were enabled."""
    dry = sched.Desk(DryRun(repository), clock=clock, pause=lambda _: None)
    world = world_of(repository, NORTH, now=clock.now)
    enabled = 0
    for about in world.all(sched.Appointment):
        calls = suitable(desk, world, about, clock.now)
        for actor in ASKING:
            counter = dry.acting_as(actor)
            answer = counter.actions(about.id)
            listed = answer.value if isinstance(answer, sched.Accepted) else ()
            said = {state.action for state in listed if state.enabled}
            done = {
                action
                for action, call in calls.items()
                if any(isinstance(one, sched.Accepted) for one in call(counter))
            }
            assert done == said, (actor, about.status, done ^ said)
            assert all(state.refusals for state in listed if not state.enabled)
            enabled += len(said)
    return enabled


ACT = st.tuples(
    st.sampled_from([("a", name) for name in sorted(ON_APPOINTMENTS)] + [("r", name) for name in sorted(ON_REQUESTS)]),
    st.integers(0, 7),
    st.sampled_from(STARTS),
    st.sampled_from([0, 0, 0, 1, 24, 50]),
)


@settings(max_examples=200 if LONG else 15, deadline=None)
@given(
    script=st.lists(ACT, max_size=12),
    rules=st.fixed_dictionaries(
        {
            "late": st.booleans(),
            "ask": st.booleans(),
            "approve": st.booleans(),
            "moves": st.sampled_from([None, 0, 1]),
            "cap": st.sampled_from([None, 2]),
        }
    ),
)
def test_s27_the_list_of_actions_is_exactly_what_succeeds(script: list[Any], rules: dict[str, Any]) -> None:
    desk, clock, repository = opened(now=MONDAY - timedelta(days=3), plan=schedule(**practice_rules(**rules)))
    desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY)
    desk.acting_as(BEN).book(service="therapy-50", mode="telehealth", starts_at=MONDAY + HOUR)
    desk.acting_as(DANA).create_series(
        client="ben", service="therapy-50", mode="in_person", starts_at=MONDAY + 2 * HOUR, rule="FREQ=WEEKLY;COUNT=2"
    )
    for (kind, name), number, start, hours in script:
        world = world_of(repository, NORTH, now=clock.now)
        rows = world.all(sched.Appointment if kind == "a" else ChangeRequest)
        if rows:
            action, call = (ON_APPOINTMENTS if kind == "a" else ON_REQUESTS)[name]
            about = rows[number % len(rows)]
            call(desk.acting_as(whose(action, about)), about.id, number, start)
        clock.forward(hours=hours)

    assert check_everything(desk, clock, repository) >= 0


def test_s27_each_state_of_an_appointment_lists_its_own_actions() -> None:
    """One row a state, so that no state is left to chance."""
    desk, clock, repository = opened(
        now=MONDAY - timedelta(days=3),
        plan=schedule(booking=sched.BookingPolicy(require_approval=True, slot_step=timedelta(minutes=30))),
    )
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    seen: list[tuple[str, set[str]]] = []

    def look() -> None:
        check_everything(desk, clock, repository)
        listed = dana.actions(mine.id).or_raise().value
        (row,) = [row for row in dana.agenda(WIDE).or_raise().value if row.id == mine.id]
        seen.append((str(row.status), {str(state.action) for state in listed if state.enabled}))

    mine = ana.book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value
    look()
    dana.approve(mine.id).or_raise()
    look()
    clock.now = MONDAY - 2 * HOUR
    ana.client_cancel(mine.id).or_raise()
    look()
    clock.now = MONDAY
    dana.mark_no_show(mine.id).or_raise()
    look()
    dana.bill(mine.id).or_raise()
    look()

    assert seen == [
        ("pending", {"approve", "decline", "cancel"}),
        ("upcoming", {"reschedule", "edit", "cancel"}),
        ("upcoming", {"reschedule", "edit", "cancel", "approve_request", "decline_request"}),
        ("no_show", {"undo_no_show", "waive_fee", "bill"}),
        ("no_show", set()),
    ]


def test_s27_the_system_and_strangers_are_listed_nothing() -> None:
    desk, _, _ = opened()
    mine = desk.acting_as(ANA).book(service="therapy-50", mode="telehealth", starts_at=MONDAY).or_raise().value

    assert desk.acting_as(SYSTEM).actions(mine.id).code is sched.Code.FORBIDDEN
    assert desk.acting_as(BEN).actions(mine.id).code is sched.Code.NOT_FOUND
    assert desk.acting_as(replace(DANA, practice="south")).actions(mine.id).code is sched.Code.NOT_FOUND


WIDE = sched.Span(MONDAY - timedelta(days=1), MONDAY + timedelta(days=30))
