"""What the desk does around a decision: replays, rivals, the ports beside it, and what is not there. On both desks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.aggregates import Key
from oasys_sched.audit import sealed, verify_audit
from oasys_sched.errors import NotFound
from oasys_sched.people import Clinician, Location, Practice
from oasys_sched.ports import Commit, Query, Snapshot, Wanted
from oasys_sched.sessions.transcript import PurgeObligation, PurgeReason, PurgeStatus
from oasys_sched.testing.doubles import Links, MemoryTranscripts
from oasys_sched.times import find_zone
from tests.desk import practice
from tests.desk.awaited import AwaitedDesk
from tests.desk.practice import ANA, BEN, DANA, MONDAY, NORTH, SYSTEM, Inbox, client, schedule

Opened = Callable[..., Any]
HOUR = timedelta(hours=1)
ADMIN = sched.Actor.admin("amy", practice=NORTH)
ERIN = sched.Actor.clinician("erin", practice=NORTH)
MUM = sched.Actor.guardian("mum", practice=NORTH)


@pytest.fixture(params=[sched.Desk, AwaitedDesk], ids=["plain", "awaited"])
def opened(request: pytest.FixtureRequest) -> Opened:
    return partial(practice.opened, kind=request.param)


def book(desk: Any, actor: sched.Actor = ANA, starts_at: datetime = MONDAY, **given: Any) -> Any:
    return desk.acting_as(actor).book(service="therapy-50", mode="telehealth", starts_at=starts_at, **given)


def value(decision: object) -> Any:
    assert isinstance(decision, sched.Accepted), decision
    return decision.value


def code(decision: object) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


class Rival:
    """A storage where something happens between a load and its commit, once."""

    def __init__(self, repository: Any, first: Callable[[], object]) -> None:
        self.wrapped, self.first = repository, iter([first])

    def load(self, wanted: Wanted, /) -> Snapshot:
        return self.wrapped.load(wanted)

    def commit(self, commit: Commit, /) -> None:
        for act in self.first:
            act()
        self.wrapped.commit(commit)


def test_a_replay_is_for_those_only_who_may_still_ask(opened: Opened) -> None:
    desk, _, repository = opened()
    kim = client("kim", guardian="mum", guardian_email="mum@example.org")
    repository.commit(Commit(practice=NORTH, changes=(kim,)))
    first = book(desk, MUM, client="kim", key="k")
    assert book(desk, MUM, client="kim", key="k") == first

    repository.commit(Commit(practice=NORTH, changes=(replace(kim, revision=2, guardian="aunt"),)))

    assert code(book(desk, MUM, client="kim", key="k")) == "not_found"


def test_two_at_once_under_one_key_get_one_answer(opened: Opened) -> None:
    desk, _, repository = opened()
    other, answers = sched.Desk(repository, clock=lambda: MONDAY - timedelta(days=14), new_id=lambda: "first"), []
    desk.repository = Rival(repository, lambda: answers.append(book(other, key="k")))

    assert value(book(desk, key="k")).id == "first"
    assert value(answers[0]).id == "first"


def test_two_at_once_under_one_key_for_different_things_get_one_booking(opened: Opened) -> None:
    desk, _, repository = opened()
    other = sched.Desk(repository, clock=lambda: MONDAY - timedelta(days=14))
    desk.repository = Rival(repository, lambda: value(book(other, starts_at=MONDAY + HOUR, key="k")))

    assert code(book(desk, key="k")) == "idempotency_mismatch"
    desk.repository = repository
    assert isinstance(book(desk), sched.Accepted)


def test_who_is_overtaken_five_times_is_told_to_try_again(opened: Opened) -> None:
    class Moving(Rival):
        tries = 0

        def commit(self, commit: Commit, /) -> None:
            self.tries += 1
            raise sched.StaleWrite("moved")

    desk, _, repository = opened()
    moving = Moving(repository, lambda: None)
    desk.repository = moving

    with pytest.raises(sched.StaleWrite, match="try again"):
        book(desk)
    assert moving.tries == 5
    assert repository.outbox(NORTH) == ()


def test_s85_a_connected_calendar_is_asked_for_the_time_around_the_start(opened: Opened) -> None:
    class Calendar:
        asked: list[tuple[str, str, sched.Span]] = []

        def busy(self, practice: str, clinician: str, around: sched.Span, /) -> Iterator[sched.Span]:
            self.asked.append((practice, clinician, around))
            yield sched.Span(MONDAY, MONDAY + HOUR)

    calendar = Calendar()
    desk, _, _ = opened(plan=schedule(calendar_connected=True), busy_source=calendar)

    assert code(book(desk)) == "slot_unavailable"
    assert isinstance(book(desk, starts_at=MONDAY + HOUR), sched.Accepted)
    assert {row[:2] for row in calendar.asked} == {(NORTH, "dana")}
    assert all(row[2].contains(MONDAY) for row in calendar.asked)


def test_s8_the_link_comes_with_telehealth_and_goes_with_it(opened: Opened) -> None:
    links, inbox = Links(), Inbox()
    desk, _, _ = opened(video_links=links, notifier=inbox)
    dana = desk.acting_as(DANA)
    kept = value(book(desk))
    assert links.issued == {kept.id}
    assert inbox.rows[0].fields["video_link"].endswith(kept.id)

    value(dana.edit(kept.id, mode="in_person"))
    assert links.issued == set()
    assert "video_link" not in inbox.rows[-1].fields
    value(dana.edit(kept.id, mode="telehealth"))
    assert links.issued == {kept.id}
    value(dana.edit(kept.id, price=sched.Money.of("7", "USD")))
    value(dana.cancel(kept.id, reason="weather"))
    assert links.issued == set()


def test_o6_a_notice_names_the_place(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, repository = opened(notifier=inbox)
    known = repository.load(Wanted(practice=NORTH, queries=(Query(kind="practice"),))).one(Practice, NORTH)
    places = (Location(id="main", name="Main Street 1", default=True), Location(id="annex"))
    repository.commit(Commit(practice=NORTH, changes=(replace(known, revision=2, locations=places),)))

    value(desk.acting_as(DANA).create(client="ana", service="therapy-50", mode="in_person", starts_at=MONDAY))

    assert inbox.rows[0].fields["location"] == "main"


def test_s7_a_client_without_an_address_is_booked_and_gets_no_message(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, repository = opened(notifier=inbox)
    repository.commit(Commit(practice=NORTH, changes=(client("eve", email=None),)))

    made = desk.acting_as(DANA).create(client="eve", service="therapy-50", mode="telehealth", starts_at=MONDAY)

    assert [row.code for row in made.warnings] == [sched.Code.NO_CONTACT]
    assert inbox.rows == []


def test_a9_only_what_has_lapsed_is_swept(opened: Opened) -> None:
    desk, clock, _ = opened(plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    soon, later = value(book(desk)), value(book(desk, BEN, MONDAY + 3 * HOUR))
    clock.now = MONDAY + HOUR

    assert value(desk.acting_as(SYSTEM).sweep()) == (soon.id,)
    assert value(desk.acting_as(DANA).approve(later.id)).status == "upcoming"


def test_nobodys_client_finds_nothing(opened: Opened) -> None:
    desk, _, repository = opened()
    repository.commit(Commit(practice=NORTH, changes=(client("eve", clinicians=()),)))

    assert code(book(desk, sched.Actor.client("eve", practice=NORTH))) == "not_found"


def test_a_session_needs_somebody_to_hold_it_and_somebody_to_come(opened: Opened) -> None:
    desk, _, _ = opened()
    past = {"service": "therapy-50", "mode": "in_person", "starts_at": MONDAY - timedelta(days=30)}

    assert code(desk.acting_as(ADMIN).log_previous(client="ana", **past)) == "not_found"
    assert code(desk.acting_as(ERIN).log_previous(client="ana", **past)) == "not_found"
    assert code(desk.acting_as(DANA).log_previous(client="ana", **past | {"starts_at": datetime(2026, 1, 5)})) == (
        "naive_datetime"
    )
    assert code(desk.acting_as(DANA).start(service="therapy-50", mode="in_person")) == "not_found"


def test_s61_a_clinician_without_hours_can_log_a_session(opened: Opened) -> None:
    desk, _, repository = opened()
    erin = Clinician(practice=NORTH, id="erin", revision=1, zone="Europe/London")
    repository.commit(Commit(practice=NORTH, changes=(erin,)))

    logged = desk.acting_as(ERIN).log_previous(
        client="ana", service="therapy-50", mode="in_person", starts_at=MONDAY - timedelta(days=30)
    )

    assert value(logged).zone == "Europe/London"


def test_a23_an_abandoned_session_leaves_its_appointment_to_be_joined_and_started_again(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, dana = desk.acting_as(ANA), desk.acting_as(DANA)
    kept = value(book(desk))
    first = value(dana.start(kept.id))
    value(dana.abandon(first.id))

    waiting = value(ana.join(kept.id))
    again = value(dana.start(kept.id))
    value(dana.admit(again.id))

    assert first.id != waiting.id == again.id
    assert value(dana.end(again.id)).status == "ended"
    assert code(dana.start(kept.id)) == "invalid_transition"


def test_s37_two_appointments_of_one_client_may_follow_within_one_instant(opened: Opened) -> None:
    """Found by chance: the storage took the second session for the first one told twice."""
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    for kept in (value(book(desk)), value(book(desk, starts_at=MONDAY + HOUR))):
        assert value(dana.end(value(dana.start(kept.id)).id)).status == "ended"


def test_s45_an_erasure_stays_owed_until_it_can_be_proved(opened: Opened) -> None:
    """Without a store, and when the transcript's own row is gone: nothing is called done."""
    desk, _, repository = opened()
    dana, system = desk.acting_as(DANA), desk.acting_as(SYSTEM)
    past = MONDAY - timedelta(days=30)
    session = value(dana.log_previous(client="ana", service="therapy-50", mode="in_person", starts_at=past))
    owed = PurgeObligation(
        practice=NORTH, id="t1", revision=1, session=session.id, reason=PurgeReason.AGE, opened_at=past, due=past
    )
    repository.commit(Commit(practice=NORTH, changes=(owed,)))

    without_store = value(system.purge_transcripts())
    desk.transcripts = MemoryTranscripts()
    without_row = value(system.purge_transcripts())

    assert (without_store, without_row) == ((owed,), (owed,))
    assert owed.status is PurgeStatus.OPEN
    assert [row.id for row in value(system.overdue_purges())] == ["t1"]


def test_a_snapshot_says_what_it_has_not(opened: Opened) -> None:
    _, _, repository = opened()
    found = repository.load(Wanted(practice=NORTH, queries=(Query(kind="clinician"),)))

    assert found.one(Clinician, "dana").name == "Dana"
    with pytest.raises(NotFound, match="clinician"):
        found.one(Clinician, "erin")


def chain(opened: Opened) -> tuple[Any, ...]:
    desk, _, repository = opened()
    kept = value(book(desk))
    value(desk.acting_as(DANA).reschedule(kept.id, to=MONDAY + HOUR))
    value(desk.acting_as(DANA).cancel(kept.id, reason="weather"))
    return tuple(repository.audit(NORTH, Key("appointment", kept.id)))


def test_b8_whatever_is_done_to_the_audit_trail_shows(opened: Opened) -> None:
    first, second, third = entries = chain(opened)
    wrong = {
        "edited": (first, replace(second, actor="ben"), third),
        "re-sealed alone": (first, replace(second, previous="0" * 64), third),
        "dropped": (first, third),
        "reordered": (second, first, third),
        "inserted": (first, first, second, third),
        "head cut": (second, third),
    }

    assert [row.act for row in entries] == ["AppointmentBooked", "AppointmentRescheduled", "AppointmentCancelled"]
    assert verify_audit(entries, revision=3) is None
    assert {name: verify_audit(rows) is not None for name, rows in wrong.items()} == dict.fromkeys(wrong, True)
    # A tail that is cut off shows against what the appointment itself has reached.
    assert verify_audit(entries[:2]) is None
    assert verify_audit(entries[:2], revision=3).why == "the chain ends before the aggregate does"
    assert verify_audit(wrong["edited"]).why == "was edited"


def test_b8_a_gap_in_a_chain_that_was_made_anew_shows(opened: Opened) -> None:
    """Whoever can compute the hashes again still cannot leave a number out."""
    first, _, third = chain(opened)

    without = (first, sealed(replace(third, previous=first.hash)))

    assert verify_audit(without).why == "an entry is missing before it"


def test_s6_a_start_that_is_no_instant_is_refused_by_type(opened: Opened) -> None:
    desk, _, _ = opened()
    dana, ana = desk.acting_as(DANA), desk.acting_as(ANA)
    mine = value(book(desk))
    request = value(ana.request_reschedule(mine.id, to=MONDAY + HOUR))
    asked = {"client": "ben", "service": "therapy-50", "mode": "telehealth"}

    for start in ("2026-03-02T09:00:00-05:00", MONDAY.date(), 7):
        for answer in (
            book(desk, starts_at=start),
            dana.create(starts_at=start, **asked),
            dana.create_series(starts_at=start, rule="FREQ=WEEKLY;COUNT=2", **asked),
            dana.reschedule(mine.id, to=start),
            dana.suggest(request.id, starts=[start]),
            dana.log_previous(starts_at=start, duration=HOUR, **asked),
        ):
            assert code(answer) == "invalid_value"


@pytest.mark.parametrize("rule", [None, 5, {"freq": "weekly"}])
def test_s10_a_pattern_that_is_no_rule_is_refused_by_type(opened: Opened, rule: Any) -> None:
    desk, _, _ = opened()
    dana, mine = desk.acting_as(DANA), value(book(desk))

    assert code(dana.make_recurring(mine.id, starts_at=MONDAY, rule=rule)) == "invalid_pattern"
    assert code(
        dana.create_series(client="ben", service="therapy-50", mode="in_person", starts_at=MONDAY, rule=rule)
    ) == "invalid_pattern"  # fmt: skip


def test_s5_an_unknown_mode_is_refused_in_a_listing_as_in_a_booking(opened: Opened) -> None:
    desk, _, _ = opened()
    ana, within = desk.acting_as(ANA), sched.Span(MONDAY, MONDAY + HOUR)

    assert code(ana.slots(service="therapy-50", mode="fax", within=within)) == "mode_not_supported"
    assert code(ana.view(service="therapy-50", mode="fax", within=within)) == "mode_not_supported"
    assert value(ana.view(service="therapy-50", mode="in_person", within=within)).mode is sched.Mode.IN_PERSON


def test_a_key_takes_one_instant_in_any_zone_and_a_mode_as_text_for_the_same_request(opened: Opened) -> None:
    desk, _, _ = opened()
    here = MONDAY.astimezone(find_zone("America/New_York"))

    first = book(desk, key="k")
    again = desk.acting_as(ANA).book(service="therapy-50", mode=sched.Mode.TELEHEALTH, starts_at=here, key="k")
    assert value(again) == value(first)
    assert code(book(desk, starts_at=MONDAY + HOUR, key="k")) == "idempotency_mismatch"


def test_a17_the_link_of_an_undone_no_show_works_again(opened: Opened) -> None:
    links = Links()
    desk, clock, _ = opened(video_links=links)
    mine, dana = value(book(desk)), desk.acting_as(DANA)
    clock.now = MONDAY
    value(dana.mark_no_show(mine.id))
    assert links.issued == set()
    value(dana.undo_no_show(mine.id, reason="she was there"))
    assert links.issued == {mine.id}


def test_b15_why_a_waiting_client_is_marked_is_kept(opened: Opened) -> None:
    desk, clock, _ = opened()
    mine, dana = value(book(desk)), desk.acting_as(DANA)
    clock.now = MONDAY
    assert value(dana.mark_no_show(mine.id, reason="she left")).change_reason == "she left"


def test_b8_an_audit_entry_names_the_reason_of_its_own_transition(opened: Opened) -> None:
    desk, clock, repository = opened(plan=schedule(cancellation=sched.CancellationPolicy(
        late_threshold=sched.Period.parse("PT24H"), late_requires_approval=False)))  # fmt: skip
    mine, dana = value(book(desk)), desk.acting_as(DANA)
    clock.now = MONDAY - HOUR
    value(desk.acting_as(ANA).client_cancel(mine.id))
    value(dana.decide_fee(mine.id, apply=True))
    value(dana.waive_fee(mine.id, reason="illness"))
    value(dana.reinstate_fee(mine.id, reason="not so ill"))
    value(dana.bill(mine.id))

    chain = repository.audit(NORTH, Key("appointment", mine.id))
    assert [row.reason for row in chain] == [None, "client_request", None, "illness", None, None]


def test_s36_the_clinician_hears_which_suggested_time_was_accepted(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, _ = opened(notifier=inbox)
    mine, ana, dana = value(book(desk)), desk.acting_as(ANA), desk.acting_as(DANA)
    request = value(ana.request_reschedule(mine.id, to=MONDAY + HOUR))
    value(dana.suggest(request.id, starts=[MONDAY + 2 * HOUR, MONDAY + 3 * HOUR]))
    value(ana.accept_alternative(request.id, starts_at=MONDAY + 3 * HOUR))

    (told,) = [row for row in inbox.rows if row.template == "alternative_accepted"]
    assert told.fields == {
        "starts_at": (MONDAY + 3 * HOUR).isoformat(),
        "old_starts_at": MONDAY.isoformat(),
    }


def test_s20_a_booking_that_was_never_approved_has_no_invite_to_cancel(opened: Opened) -> None:
    inbox = Inbox()
    desk, _, _ = opened(notifier=inbox, plan=schedule(booking=sched.BookingPolicy(require_approval=True)))
    mine = value(book(desk))
    value(desk.acting_as(DANA).cancel(mine.id, reason="clinician_illness"))

    (told,) = [row for row in inbox.rows if row.recipient == "ana"]
    assert told.template == "appointment_cancelled"
    assert "invite" not in told.fields


def test_s8_each_telehealth_session_of_a_series_has_its_link_in_the_one_notice(opened: Opened) -> None:
    inbox, links = Inbox(), Links()
    desk, _, _ = opened(notifier=inbox, video_links=links)
    asked = {"client": "ana", "service": "therapy-50", "starts_at": MONDAY}
    value(desk.acting_as(DANA).create_series(mode="telehealth", rule="FREQ=WEEKLY;COUNT=2", **asked))
    value(desk.acting_as(DANA).create_series(
        mode="in_person", rule="FREQ=WEEKLY;COUNT=2", **asked | {"starts_at": MONDAY + HOUR}))  # fmt: skip

    by_video, in_person = [row.fields for row in inbox.rows if row.template == "series_created"]
    assert [start for start, _ in by_video["video_links"]] == ["2026-03-02T14:00:00+00:00", "2026-03-09T13:00:00+00:00"]
    assert {link.rpartition("/")[2] for _, link in by_video["video_links"]} == links.issued
    assert "video_links" not in in_person
