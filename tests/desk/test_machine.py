"""A practice run by chance: everybody asks the desk for everything, and the twenty invariants hold after each step.

`OASYS_PROFILE=long` walks 50,000 steps; without it some hundred.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

import oasys_sched as sched
from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.booking.appointment import Appointment
from oasys_sched.booking.blocks import BlockRecord
from oasys_sched.booking.request import ChangeRequest
from oasys_sched.booking.waitlist import WaitlistEntry
from oasys_sched.people import BillingType, Clinician
from oasys_sched.policies.access import ACCESS, Action
from oasys_sched.policies.cancellation import CancellationPolicy
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import Commit
from oasys_sched.sessions.session import Session
from oasys_sched.testing.invariants import broken_by
from oasys_sched.testing.offers import broken_offers
from oasys_sched.testing.world import Step, World, world_of
from tests.desk.practice import ANA, BEN, DANA, MONDAY, NORTH, SYSTEM, Inbox, client, opened, schedule, service

LONG = os.environ.get("OASYS_PROFILE") == "long"
ERIN = sched.Actor.clinician("erin", practice=NORTH)
KIM, MUM = sched.Actor.client("kim", practice=NORTH), sched.Actor.guardian("mum", practice=NORTH)
ADMIN = sched.Actor(kind=sched.ActorKind.ADMIN, id="amy", practice=NORTH)
SCHEDULER = sched.Actor(kind=sched.ActorKind.SCHEDULER, id="sam", practice=NORTH)
STRANGER = sched.Actor.client("ana", practice="south")
EVERYBODY = [ANA, BEN, KIM, MUM, DANA, ERIN, ADMIN, SCHEDULER, SYSTEM, STRANGER]
# None stands for the one whose business it is.
ACTORS = st.one_of(st.none(), st.none(), st.none(), st.sampled_from(EVERYBODY))
# Two days with few places, so that everybody is in everybody's way.
STARTS = st.builds(
    lambda day, half: MONDAY + timedelta(days=day, minutes=30 * half), st.sampled_from([0, 1]), st.integers(0, 6)
)
WINDOW = sched.Span(MONDAY - timedelta(days=1), MONDAY + timedelta(days=3))
NUMBERS = st.integers(0, 7)

SCOPES = [None, sched.Scope.THIS]
ON_APPOINTMENTS: dict[str, tuple[Action, Callable[[Any, str, int, Any], Any]]] = {
    "approve": (Action.APPROVE, lambda at, it, n, when: at.approve(it, allow_overlap=n > 5)),
    "decline": (Action.DECLINE, lambda at, it, n, when: at.decline(it)),
    "withdraw": (Action.WITHDRAW, lambda at, it, n, when: at.withdraw(it)),
    "expire": (Action.EXPIRE, lambda at, it, n, when: at.expire(it)),
    "reschedule": (
        Action.RESCHEDULE,
        lambda at, it, n, when: at.reschedule(it, to=when, scope=SCOPES[n % 2], allow_overlap=n > 5),
    ),
    "reschedule all": (
        Action.RESCHEDULE,
        lambda at, it, n, when: at.reschedule_future(it, to=when, allow_overlap=n > 5),
    ),
    "edit": (Action.EDIT, lambda at, it, n, when: at.edit(it, duration=timedelta(minutes=30 + 10 * n))),
    "cancel": (
        Action.CANCEL,
        lambda at, it, n, when: at.cancel(
            it,
            reason=["clinician_illness", "client_request", "weather"][n % 3],
            scope=SCOPES[n % 2],
            apply_fee=[None, True, False][n // 3],
        ),
    ),
    "cancel all": (Action.CANCEL, lambda at, it, n, when: at.cancel_future(it, reason="client_request")),
    "client cancels": (Action.CLIENT_CANCEL, lambda at, it, n, when: at.client_cancel(it)),
    "ask to move": (Action.REQUEST_RESCHEDULE, lambda at, it, n, when: at.request_reschedule(it, to=when)),
    "no-show": (Action.MARK_NO_SHOW, lambda at, it, n, when: at.mark_no_show(it)),
    "undo": (Action.UNDO_NO_SHOW, lambda at, it, n, when: at.undo_no_show(it, reason="mistake")),
    "decide": (Action.DECIDE_FEE, lambda at, it, n, when: at.decide_fee(it, apply=n > 3)),
    "waive": (Action.WAIVE_FEE, lambda at, it, n, when: at.waive_fee(it, reason="illness")),
    "reinstate": (Action.REINSTATE_FEE, lambda at, it, n, when: at.reinstate_fee(it, reason="mistake")),
    "bill": (Action.BILL, lambda at, it, n, when: at.bill(it)),
}  # fmt: skip
ON_REQUESTS: dict[str, tuple[Action, Callable[[Any, str, int, Any], Any]]] = {
    "approve": (
        Action.APPROVE_REQUEST,
        lambda at, it, n, when: at.approve_request(it, allow_overlap=n > 5, apply_fee=[None, True, False][n // 3]),
    ),
    "suggest": (Action.SUGGEST, lambda at, it, n, when: at.suggest(it, starts=[when, when + timedelta(hours=1)])),
    "decline": (Action.DECLINE_REQUEST, lambda at, it, n, when: at.decline_request(it)),
    "accept": (Action.ACCEPT_ALTERNATIVE, lambda at, it, n, when: at.accept_alternative(it, starts_at=when)),
    "decline suggestions": (Action.DECLINE_ALTERNATIVE, lambda at, it, n, when: at.decline_alternative(it)),
    "withdraw": (Action.WITHDRAW_REQUEST, lambda at, it, n, when: at.withdraw_request(it)),
    "expire": (Action.EXPIRE, lambda at, it, n, when: at.expire_request(it)),
}


ON_TIME: dict[str, tuple[Any, sched.Actor, Callable[[Any, str, int, Any], Any]]] = {
    "block": (
        None,
        DANA,
        lambda at, it, n, when: at.block_time(
            starts_at=local(when),
            ends_at=local(when) + timedelta(minutes=20 * (n + 1)),
            rule=[None, "FREQ=DAILY;COUNT=3", "FREQ=DAILY"][n % 3],
        ),
    ),
    "lift": (BlockRecord, DANA, lambda at, it, n, when: at.lift_block(it)),
    "extend": (BlockRecord, DANA, lambda at, it, n, when: at.extend_block(it, until=when.date())),
    "cut": (BlockRecord, DANA, lambda at, it, n, when: at.cut_block(it, before=when.date())),
    "delete": (BlockRecord, DANA, lambda at, it, n, when: at.delete_block_instance(it, instance=when.date())),
    "wait": (
        None,
        BEN,
        lambda at, it, n, when: at.join_waitlist(service="therapy-50", mode=sched.Mode.TELEHEALTH),
    ),
    "wait for better": (
        Appointment,
        ANA,
        lambda at, it, n, when: at.join_waitlist(service="therapy-50", mode=sched.Mode.TELEHEALTH, appointment=it),
    ),
    "offer": (
        None,
        DANA,
        lambda at, it, n, when: at.offer_freed_slot(
            service="therapy-50",
            mode=sched.Mode.TELEHEALTH,
            starts_at=when,
            expires_at=when - timedelta(hours=n),
        ),
    ),
    "accept": (WaitlistEntry, ANA, lambda at, it, n, when: at.accept_offer(it)),
    "decline": (WaitlistEntry, ANA, lambda at, it, n, when: at.decline_offer(it)),
    "leave": (WaitlistEntry, ANA, lambda at, it, n, when: at.leave_waitlist(it)),
    "expire": (WaitlistEntry, SYSTEM, lambda at, it, n, when: at.expire_offer(it)),
}


def local(when: Any) -> Any:
    """Return an instant as the clinician's clock shows it."""
    return when.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)


def whose(action: Action, about: Any) -> sched.Actor:
    """Return whom an action on something is for."""
    if about is None:
        return DANA
    kinds = ACCESS[action]
    if sched.ActorKind.CLINICIAN in kinds:
        return sched.Actor.clinician(about.clinician, practice=NORTH)
    return sched.Actor.client(about.client, practice=NORTH) if sched.ActorKind.CLIENT in kinds else SYSTEM


def practice_rules(late: bool, ask: bool, approve: bool, moves: int | None, cap: int | None) -> dict[str, Any]:
    day = sched.Period.parse("PT24H")
    return {
        "booking": sched.BookingPolicy(
            minimum_notice=sched.Period.parse("PT2H"),
            slot_step=timedelta(minutes=30),
            require_approval=approve,
            client_upcoming=cap,
        ),
        "cancellation": CancellationPolicy(
            late_threshold=day, late_requires_approval=late, require_approval=ask, max_reschedules=moves
        ),
        "reminders": ReminderPolicy(enabled=True, offsets=(day, sched.Period.parse("PT2H"))),
    }


class Practice(RuleBasedStateMachine):
    """Whatever anybody asks, at whatever time, in whatever order."""

    steps = 0

    @initialize(
        late=st.booleans(),
        ask=st.booleans(),
        approve=st.booleans(),
        moves=st.sampled_from([None, 0, 1]),
        cap=st.sampled_from([None, 2]),
    )
    def open(self, **rules: Any) -> None:
        given = practice_rules(**rules)
        self.inbox = Inbox()
        self.desk, self.clock, self.repository = opened(
            now=MONDAY - timedelta(days=3), plan=schedule(**given), notifier=self.inbox
        )
        second = service(id="intake", modes=(sched.Mode.PHONE,), buffer_after=timedelta(0))
        self.repository.commit(
            Commit(
                practice=NORTH,
                changes=(
                    Clinician(practice=NORTH, id="erin", revision=1, zone="Europe/London"),
                    schedule(id="erin", **given),
                    sched.ServiceRecord(practice=NORTH, revision=1, service=second),
                    client(
                        "kim", email=None, guardian="mum", guardian_email="mum@example.org", clinicians=("dana", "erin")
                    ),
                ),
            )
        )
        self.desk.acting_as(DANA).create(client="ana", service="intake", starts_at=MONDAY)
        self.desk.acting_as(KIM).book(service="therapy-50", mode="telehealth", starts_at=MONDAY + timedelta(hours=1))
        self.desk.acting_as(BEN).join_waitlist(service="therapy-50", mode=sched.Mode.TELEHEALTH)
        not_billed = client("ben", revision=2, billing_type=BillingType.NOT_BILLED)
        self.repository.commit(Commit(practice=NORTH, changes=(not_billed,)))

    def world(self) -> World:
        return world_of(self.repository, NORTH, now=self.clock.now, outbox=self.repository.outbox(NORTH))

    def one(self, kind: type[Any], number: int) -> Any:
        rows = self.world().all(kind)
        return rows[number % len(rows)] if rows else None

    def ask(self, actor: sched.Actor, call: Callable[[Any], Any], action: Action | None = None, about: str = "") -> Any:
        """Ask once, and hold every invariant against the step it made."""
        type(self).steps += 1
        before = self.world()
        states = self.desk.acting_as(actor).actions(about) if action is not None else None
        answer = call(self.desk.acting_as(actor))
        step = Step(before=before, after=self.world(), answer=answer)
        assert broken_by(step) == ()
        if isinstance(states, sched.Accepted) and isinstance(answer, sched.Accepted):
            # 2: nothing succeeds that was not on the list.
            assert action in {state.action for state in states.value if state.enabled}
        if isinstance(states, sched.Refused) and actor is not SYSTEM:
            assert isinstance(answer, sched.Refused)
        for row in answer.changes if isinstance(answer, sched.Accepted) else ():
            chain = self.repository.audit(NORTH, Key(row.kind, row.id))
            known = Key(row.kind, row.id) in before.by_key
            assert (
                verify_audit(chain, revision=row.revision if len(chain) == row.revision or not known else None) is None
            )
        return answer

    @rule(actor=ACTORS, who=st.sampled_from(["ana", "ben", "kim", "cat"]), start=STARTS, number=NUMBERS)
    def create(self, actor: sched.Actor | None, who: str, start: Any, number: int) -> None:
        """A clinician's own appointment, sometimes over something."""
        actor = actor or DANA
        offer = ["therapy-50", "intake"][number % 2]
        mode = None if offer == "intake" else "telehealth"
        self.ask(
            actor,
            lambda counter: counter.create(
                client=who, service=offer, mode=mode, starts_at=start, allow_overlap=number > 5, key=f"k{number}"
            ),
        )

    @rule(actor=ACTORS, start=STARTS, number=NUMBERS)
    def book(self, actor: sched.Actor | None, start: Any, number: int) -> None:
        """A client's booking, also through a guardian."""
        actor = actor or [ANA, BEN, KIM, MUM][number % 4]
        self.ask(
            actor,
            lambda counter: counter.book(
                service="intake" if number % 3 == 0 else "therapy-50",
                mode=None if number % 3 == 0 else "in_person",
                starts_at=start,
                client="kim" if actor is MUM else None,
                clinician="erin" if number == 6 else "dana",
            ),
        )

    @rule(actor=ACTORS, start=STARTS, number=NUMBERS)
    def series(self, actor: sched.Actor | None, start: Any, number: int) -> None:
        """A few weeks running."""
        self.ask(
            actor or DANA,
            lambda counter: counter.create_series(
                client=["ana", "ben"][number % 2],
                service="therapy-50",
                mode="telehealth",
                starts_at=start,
                rule=f"FREQ=WEEKLY;COUNT={2 + number % 3}",
                skip_conflicts=number > 4,
            ),
        )

    @precondition(lambda self: self.one(Appointment, 0))
    @rule(actor=ACTORS, act=st.sampled_from(sorted(ON_APPOINTMENTS)), number=NUMBERS, start=STARTS)
    def on_an_appointment(self, actor: sched.Actor | None, act: str, number: int, start: Any) -> None:
        """Anything that is about an appointment."""
        about, (action, call) = self.one(Appointment, number), ON_APPOINTMENTS[act]
        id = about.id if about else "nothing-there"
        self.ask(actor or whose(action, about), lambda counter: call(counter, id, number, start), action, id)

    @precondition(lambda self: self.one(Appointment, 0))
    @rule(number=NUMBERS, start=STARTS, away=st.booleans())
    def a_client_wants_a_change(self, number: int, start: Any, away: bool) -> None:
        """What leads to requests, more often than chance alone would."""
        about = self.one(Appointment, number)
        action = Action.CLIENT_CANCEL if away else Action.REQUEST_RESCHEDULE
        self.ask(
            sched.Actor.client(about.client, practice=NORTH),
            lambda at: at.client_cancel(about.id) if away else at.request_reschedule(about.id, to=start),
            action,
            about.id,
        )

    @precondition(lambda self: self.one(ChangeRequest, 0))
    @rule(actor=ACTORS, act=st.sampled_from(sorted(ON_REQUESTS)), number=NUMBERS, start=STARTS)
    def on_a_request(self, actor: sched.Actor | None, act: str, number: int, start: Any) -> None:
        """Anything that is about a change request."""
        about, (action, call) = self.one(ChangeRequest, number), ON_REQUESTS[act]
        id = about.id if about else "nothing-there"
        listed = about is not None and about.is_open
        when = about.proposed[number % len(about.proposed)] if about and about.proposed else start
        self.ask(
            actor or whose(action, about),
            lambda counter: call(counter, id, number, when if act == "accept" else start),
            action if listed else None,
            about.appointment if about else "",
        )

    @rule(actor=ACTORS, act=st.sampled_from(sorted(ON_TIME)), number=NUMBERS, start=STARTS)
    def on_time_itself(self, actor: sched.Actor | None, act: str, number: int, start: Any) -> None:
        """Blocks and the waitlist."""
        kind, default, call = ON_TIME[act]
        about = self.one(kind, number) if kind is not None else None
        who = sched.Actor.client(about.client, practice=NORTH) if isinstance(about, WaitlistEntry) else default
        self.ask(
            actor or (default if default in (DANA, SYSTEM) else who),
            lambda counter: call(counter, about.id if about else "nothing-there", number, start),
        )

    @precondition(lambda self: self.one(Appointment, 0))
    @rule(actor=ACTORS, number=NUMBERS)
    def start_a_session(self, actor: sched.Actor | None, number: int) -> None:
        """It need not be time yet."""
        about = self.one(Appointment, number)
        self.ask(actor or whose(Action.START, about), lambda counter: counter.start(about.id))

    @precondition(lambda self: self.one(Session, 0))
    @rule(actor=ACTORS, act=st.sampled_from(["join", "admit", "end", "abandon", "bill"]), number=NUMBERS)
    def on_a_session(self, actor: sched.Actor | None, act: str, number: int) -> None:
        """What changes the appointment behind it."""
        about = self.one(Session, number)
        calls = {
            "join": lambda counter: counter.join(session=about.id),
            "admit": lambda counter: counter.admit(about.id),
            "end": lambda counter: counter.end(about.id),
            "abandon": lambda counter: counter.abandon(about.id),
            "bill": lambda counter: counter.bill_session(about.id),
        }
        self.ask(actor or whose(Action.JOIN if act == "join" else Action.END, about), calls[act])

    @rule(hours=st.sampled_from([1, 5, 24]), start=st.booleans())
    def wait(self, hours: int, start: bool) -> None:
        """Time passes, often up to a start; whatever is due goes out."""
        ahead = [row.starts_at for row in self.world().all(Appointment) if row.starts_at > self.clock.now]
        self.clock.now = min(ahead) if start and ahead else self.clock.now + timedelta(hours=hours)
        before = self.world()
        self.desk.acting_as(SYSTEM).sweep().or_raise()
        self.desk.deliver(NORTH)
        assert broken_by(Step(before=before, after=self.world(), answer=None)) == ()

    @rule()
    def look(self) -> None:
        """What is offered can be had, takes nothing else's place, and tells nothing (4, 5, 6)."""
        assert not broken_offers(self.world(), within=WINDOW, most=2)


@pytest.mark.parametrize("share", range(2 if LONG else 1))
def test_s27_the_twenty_invariants_hold_whatever_anybody_asks_the_desk(share: int) -> None:
    """RULES section 6 after each step of a random practice; the same practices every time."""
    machine = seed(share)(type("Practice", (Practice,), {"steps": 0}))
    per = 50 if LONG else 20
    chosen = settings(
        max_examples=800 if LONG else 25,
        stateful_step_count=per,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    sys.stdout.write(f"{machine.steps:,} steps\n")
    assert machine.steps > (25_000 if LONG else 200)
