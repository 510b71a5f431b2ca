"""RULES section 6 over random walks through the rules: a small clinic, everybody asking for everything."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import booking
from tests.booking.clinic import (
    ANN,
    CLIENT,
    CLINICIAN,
    HOUR,
    NOW,
    SERVICE,
    START,
    SYSTEM,
    appointment,
    cancellation,
    code,
    facts,
    policy,
    schedule,
)

BOB = sched.Actor.client("bob", practice="p")
PEOPLE = {"ann": ANN, "bob": replace(ANN, id="bob", billing_type=sched.BillingType.NOT_BILLED)}
TIMES = [START + timedelta(minutes=30 * step) for step in range(4)]
OPEN = {sched.AppointmentStatus.PENDING, sched.AppointmentStatus.UPCOMING, sched.AppointmentStatus.IN_PROGRESS}
ACTS = [
    "create", "book", "approve", "decline", "withdraw", "expire", "reschedule", "cancel", "client_cancel", "ask",
    "approve_request", "suggest", "decline_request", "accept", "withdraw_request", "expire_request", "no_show", "undo",
    "decide", "waive", "reinstate", "bill", "begin", "complete", "reopen",
]  # fmt: skip
STEP = st.tuples(
    st.sampled_from(ACTS),
    st.sampled_from([CLINICIAN, CLIENT, BOB, SYSTEM]),
    st.integers(0, 5),
    st.sampled_from(TIMES),
    st.booleans(),
)


class Clinic:
    """Everything stored, in two dicts; `clock` only goes forward."""

    def __init__(self, **rules: object) -> None:
        self.rows: dict[str, sched.Appointment] = {}
        self.requests: dict[str, sched.ChangeRequest] = {}
        self.quotes: dict[str, int] = {}
        self.clock: datetime = NOW
        self.ids: Iterator[int] = itertools.count()
        self.schedule = schedule(
            cancellation=cancellation(**{key: rules[key] for key in ("late_requires_approval", "require_approval")}),
            booking=policy(require_approval=rules["approve"]),
        )

    def facts(self, row: sched.Appointment | None, who: str) -> sched.Facts:
        client = row.client if row else who
        about = next((r for r in self.requests.values() if row and r.appointment == row.id and r.is_open), None)
        return facts(
            schedule=self.schedule,
            client=PEOPLE.get(client),
            appointment=row,
            request=about,
            agenda=tuple(self.rows.values()),
            client_agenda=tuple(r for r in self.rows.values() if r.client == client),
            requests=tuple(r for r in self.requests.values() if r.is_open),
        )

    def do(self, act: str, actor: sched.Actor, number: int, at: datetime, flag: bool) -> object:
        rows = list(self.rows.values())
        row = rows[number % len(rows)] if rows and act not in {"create", "book"} else None
        world, id = self.facts(row, actor.id if actor.id in PEOPLE else "ann"), f"x{next(self.ids)}"
        who = {"actor": actor, "now": self.clock}
        video = sched.Mode.TELEHEALTH
        calls = {
            "create": lambda: booking.create(
                world, id=id, service="therapy", mode=video, starts_at=at, allow_overlap=flag, **who
            ),
            "book": lambda: booking.self_book(
                world, sched.BookSlot(service="therapy", mode=video, starts_at=at), id=id, **who
            ),
            "approve": lambda: booking.approve(world, allow_overlap=flag, **who),
            "decline": lambda: booking.decline(world, **who),
            "withdraw": lambda: booking.withdraw(world, **who),
            "expire": lambda: booking.expire(world, **who),
            "reschedule": lambda: booking.reschedule(world, starts_at=at, allow_overlap=flag, **who),
            "cancel": lambda: booking.cancel(
                world, reason="client_request" if flag else "weather", apply_fee=[None, True, False][number % 3], **who
            ),
            "client_cancel": lambda: booking.client_cancel(world, sched.CancelOwn(), id=id, **who),
            "ask": lambda: booking.request_reschedule(world, sched.RequestMove(starts_at=at), id=id, **who),
            "approve_request": lambda: booking.approve_request(world, allow_overlap=flag, id=id, **who),
            "suggest": lambda: booking.suggest(world, starts=[at, at + HOUR], **who),
            "decline_request": lambda: booking.decline_request(world, **who),
            "accept": lambda: booking.accept_alternative(world, starts_at=at, id=id, **who),
            "withdraw_request": lambda: booking.withdraw_request(world, **who),
            "expire_request": lambda: booking.expire_request(world, **who),
            "no_show": lambda: booking.mark_no_show(world, **who),
            "undo": lambda: booking.undo_no_show(world, reason="mistake", **who),
            "decide": lambda: booking.decide_fee(world, apply=flag, **who),
            "waive": lambda: booking.waive_fee(world, reason="illness", **who),
            "reinstate": lambda: booking.reinstate_fee(world, reason="mistake", **who),
            "bill": lambda: booking.bill(world, **who),
        }
        if act in calls:
            return calls[act]()
        if row is None:
            return None
        along = {"begin": booking.begin, "complete": booking.complete, "reopen": booking.reopen}[act]
        return along(row, **({"request": world.open_request} if act == "begin" else {}), **who)

    def commit(self, decision: sched.Accepted[object]) -> None:
        for change in decision.changes:
            known = self.rows if isinstance(change, sched.Appointment) else self.requests
            before = known.get(change.id)
            assert change.revision == (before.revision if before else 0) + 1
            known[change.id] = change
            if isinstance(change, sched.ChangeRequest) and change.quote is not None:
                self.quotes[change.appointment] = change.quote.fee.minor if change.quote.fee else 0


def check(clinic: Clinic) -> None:
    rows = list(clinic.rows.values())
    live = [row for row in rows if row.status in OPEN]
    for one, other in itertools.combinations(live, 2):
        assert not one.span.overlaps(other.span) or one.overlap_allowed or other.overlap_allowed  # 3
    for row in rows:
        charge = row.charge
        late = row.late and row.cancellation.initiator is sched.Initiator.CLIENT
        if charge is not None and charge.state in {sched.ChargeState.STORED, sched.ChargeState.BILLED}:
            assert row.status is sched.AppointmentStatus.NO_SHOW or late  # 9
            if charge.kind is sched.ChargeKind.LATE_CANCEL and row.id in clinic.quotes:
                assert charge.amount.minor <= clinic.quotes[row.id]  # 10
        if row.cancellation is not None and row.cancellation.initiator is not sched.Initiator.CLIENT:
            assert not row.late  # 12
            assert charge is None or charge.state is sched.ChargeState.VOID
    open_requests = [request.appointment for request in clinic.requests.values() if request.is_open]
    assert len(open_requests) == len(set(open_requests))  # 14
    assert all(clinic.rows[id].status is sched.AppointmentStatus.UPCOMING for id in open_requests)
    for item in sched.billable_items(rows, PEOPLE.values()):
        assert item.client != "bob"  # 11


@settings(max_examples=80, deadline=None)
@given(
    steps=st.lists(STEP, max_size=25),
    late=st.booleans(),
    ask=st.booleans(),
    approve=st.booleans(),
    jumps=st.lists(st.sampled_from([0, 0, 1, 30, 40]), min_size=25, max_size=25),
)
def test_s27_invariants_of_section_6_hold_after_every_step(
    steps: list[tuple[str, sched.Actor, int, datetime, bool]], late: bool, ask: bool, approve: bool, jumps: list[int]
) -> None:
    clinic = Clinic(late_requires_approval=late, require_approval=ask, approve=approve)
    for (act, actor, number, at, flag), jump in zip(steps, jumps, strict=False):
        clinic.clock += timedelta(hours=jump)
        before = dict(clinic.rows), dict(clinic.requests)
        decision = clinic.do(act, actor, number, at, flag)
        assert (clinic.rows, clinic.requests) == before  # 1: deciding changes nothing by itself
        if isinstance(decision, sched.Accepted):
            clinic.commit(decision)
            assert decision.events  # B8
            for event in decision.events:
                assert (event.actor, event.role, event.at) == (actor.id, actor.kind, clinic.clock)
            check(clinic)


def test_b8_every_accepted_transition_tells_who_when_from_and_to() -> None:
    moved = booking.reschedule(facts(appointment=appointment()), starts_at=START + HOUR, actor=CLINICIAN, now=NOW)
    assert isinstance(moved, sched.Accepted)
    (event,) = moved.events
    assert (event.actor, event.role, event.at) == ("dr", sched.ActorKind.CLINICIAN, NOW)
    assert (event.old_start, event.starts_at) == (START, START + HOUR)


def test_a9_peer_bug_two_pending_requests_for_one_slot() -> None:
    rules = schedule(booking=policy(require_approval=True))
    first = booking.self_book(
        facts(schedule=rules), sched.BookSlot(service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=START),
        id="one", actor=CLIENT, now=NOW,
    )  # fmt: skip
    assert isinstance(first, sched.Accepted)

    second = booking.self_book(
        facts(schedule=rules, client=PEOPLE["bob"], agenda=(first.value,)),
        sched.BookSlot(service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=START), id="two", actor=BOB, now=NOW,
    )  # fmt: skip

    assert code(second) == "slot_unavailable"


def test_s28_peer_bug_the_old_slot_is_free_after_a_move() -> None:
    moved = booking.reschedule(facts(appointment=appointment()), starts_at=START - HOUR, actor=CLINICIAN, now=NOW)
    assert isinstance(moved, sched.Accepted)

    again = booking.self_book(
        facts(client=PEOPLE["bob"], agenda=(moved.value,)),
        sched.BookSlot(service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=START), id="two", actor=BOB, now=NOW,
    )  # fmt: skip

    assert isinstance(again, sched.Accepted)


def test_s89_peer_bug_the_clinician_is_not_bound_by_the_own_notice() -> None:
    strict = facts(schedule=schedule(booking=policy(minimum_notice=sched.Period.parse("P30D"))))

    made = booking.create(
        strict, id="n", service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=START, actor=CLINICIAN, now=NOW
    )
    assert isinstance(made, sched.Accepted)


@given(
    starts=st.lists(st.integers(-60, 60), max_size=8),
    buffers=st.tuples(st.sampled_from([0, 10, 90]), st.sampled_from([0, 15, 120])),
    own=st.tuples(st.sampled_from([0, 30]), st.sampled_from([0, 60, 24 * 60])),
    at=st.integers(0, 31),
)
def test_b9_what_a_diary_leaves_out_could_never_matter(
    starts: list[int], buffers: tuple[int, int], own: tuple[int, int], at: int
) -> None:
    """The trimmed diary of the verdict answers like the untrimmed one of the listing."""
    service = replace(SERVICE, buffer_before=timedelta(minutes=buffers[0]), buffer_after=timedelta(minutes=buffers[1]))
    rows = tuple(
        appointment(
            id=f"b{n}", client="bob", starts_at=START + timedelta(minutes=30 * start),
            buffer_before=timedelta(minutes=own[0]), buffer_after=timedelta(minutes=own[1]),
        )
        for n, start in enumerate(starts)
    )  # fmt: skip
    world = facts(services=(service,), agenda=rows)
    when = START - 6 * HOUR + timedelta(minutes=15 * at)
    within = sched.Span(when, when + timedelta(seconds=1))
    whole = replace(world.diary(within, now=NOW, client="ann"))

    slots = sched.bookable_slots(whole, service, within=within, now=NOW)
    booked = booking.self_book(
        world,
        sched.BookSlot(service="therapy", mode=sched.Mode.TELEHEALTH, starts_at=when),
        id="n",
        actor=CLIENT,
        now=NOW,
    )
    assert isinstance(booked, sched.Accepted) == (when in slots)
