"""RULES 1.2, 3.3: series of appointments."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched import booking
from oasys_sched.recurrence.rule import Rule
from tests.booking.clinic import (
    CLIENT,
    CLINICIAN,
    HOUR,
    NOW,
    SCHEDULER,
    START,
    STRANGER,
    USD,
    ZONE,
    accepted,
    appointment,
    code,
    codes,
    event_names,
    facts,
    request,
)

WEEK = timedelta(weeks=1)
STATUS = sched.AppointmentStatus
WEEKLY = Rule.every(weeks=1, count=4)


def names(prefix: str = "o") -> object:
    return (f"{prefix}{number}" for number in count())


def plan(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {
        "id": "s", "ids": names(), "rule": WEEKLY, "service": "therapy", "mode": sched.Mode.TELEHEALTH,
        "starts_at": START, "actor": CLINICIAN, "now": NOW, **fields,
    }  # fmt: skip
    return booking.create_series(given or facts(), **asked)


def rows(decision: object) -> list[sched.Appointment]:
    return [row for row in accepted(decision).changes if isinstance(row, sched.Appointment)]


SERIES = rows(plan())
RECORD = accepted(plan()).value


def within(pivot: int = 1, series: list[sched.Appointment] | None = None, **fields: object) -> sched.Facts:
    known = series or SERIES
    given = {"appointment": known[pivot], "series": tuple(known), "recurring": RECORD, "agenda": tuple(known), **fields}
    return facts(**given)


def move(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"id": "s2", "starts_at": SERIES[1].starts_at + 24 * HOUR, "actor": CLINICIAN, "now": NOW, **fields}
    return booking.reschedule_future(given or within(), **asked)


def cancel(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"reason": "clinician_unavailable", "actor": CLINICIAN, "now": NOW, **fields}
    return booking.cancel_future(given or within(), **asked)


def test_s10_weekly_biweekly_and_monthly() -> None:
    assert [row.starts_at for row in rows(plan(rule=Rule.every(weeks=2, count=3)))][1:] == [
        datetime(2026, 3, 19, 15, tzinfo=ZONE),
        datetime(2026, 4, 2, 15, tzinfo=ZONE),
    ]
    assert len(rows(plan(rule="FREQ=MONTHLY;BYDAY=1TH;COUNT=3"))) == 3
    assert len(rows(plan(rule=Rule.every(months=1, count=2)))) == 2


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;COUNT=3", "invalid_pattern"),
        ("FREQ=HOURLY;COUNT=3", "invalid_pattern"),
        ("fortnightly-ish", "invalid_pattern"),
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=3", "invalid_pattern"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "invalid_pattern"),
        ("FREQ=WEEKLY", "end_required"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "end_ambiguous"),
        ("FREQ=WEEKLY;COUNT=0", "invalid_end"),
        ("FREQ=WEEKLY;UNTIL=20260101", "invalid_end"),
        ("FREQ=WEEKLY;COUNT=301", "too_many_occurrences"),
        ("FREQ=WEEKLY;UNTIL=20400101", "too_many_occurrences"),
    ],
)
def test_s10_s11_a_pattern_that_cannot_be_right(rule: str, expected: str) -> None:
    assert code(plan(rule=rule)) == expected


def test_s11_the_end_date_is_inclusive_and_the_count_includes_the_first() -> None:
    assert len(rows(plan(rule=Rule.every(weeks=1, until=date(2026, 3, 26))))) == 4
    assert len(rows(plan(rule=Rule.every(weeks=1, until=date(2026, 3, 25))))) == 3
    assert len(rows(plan(rule=Rule.every(weeks=1, count=1)))) == 1


def test_s12_each_occurrence_is_an_appointment_with_series_and_identity() -> None:
    assert [row.id for row in SERIES] == ["o0", "o1", "o2", "o3"]
    assert {row.series for row in SERIES} == {"s"}
    assert SERIES[1].recurrence_id == datetime(2026, 3, 12, 15)
    assert all(row.revision == 1 and row.original_start == row.starts_at for row in SERIES)


def test_s12_a34_the_wall_time_is_shared_across_the_clock_change() -> None:
    assert [row.starts_at.hour for row in SERIES] == [20, 19, 19, 19]


def test_a34_the_second_of_two_equal_hours_stays_the_second() -> None:
    twice = datetime(2026, 11, 1, 1, 30, tzinfo=ZONE, fold=1)

    one = rows(plan(starts_at=twice))[0]
    assert (one.starts_at, one.original_start) == (twice.astimezone(UTC), twice.astimezone(UTC))


def test_s12_one_event_announces_them_all() -> None:
    done = accepted(plan())

    assert event_names(done) == ["SeriesCreated", *["AppointmentCreated"] * 4]
    assert done.events[0].appointments == ("o0", "o1", "o2", "o3")
    assert done.events[0].rule == "FREQ=WEEKLY;COUNT=4"
    assert {event.group for event in done.events[1:]} == {"s"}
    assert RECORD.index.status == "active"
    assert RECORD.occupancies == ()


def test_s9_the_rules_of_a_single_appointment_hold() -> None:
    assert code(plan(actor=CLIENT)) == "forbidden"
    assert code(plan(actor=STRANGER)) == "not_found"
    assert code(plan(service="x")) == "unknown_service"
    assert code(plan(starts_at=NOW)) == "in_the_past"
    accepted(plan(actor=SCHEDULER))


def test_a36_conflicts_refuse_the_whole_with_every_date() -> None:
    there = [appointment(id=f"b{n}", client="bob", starts_at=SERIES[n].starts_at) for n in (1, 3)]
    refused = plan(facts(agenda=tuple(there)))

    assert codes(refused) == ["conflict", "conflict"]
    assert [row.details["starts_at"] for row in refused.refusals] == [row.starts_at.isoformat() for row in there]


def test_a36_or_leave_them_out() -> None:
    there = [appointment(id=f"b{n}", client="bob", starts_at=SERIES[n].starts_at) for n in (1, 3)]
    done = accepted(plan(facts(agenda=tuple(there)), skip_conflicts=True))

    assert [row.recurrence_id.day for row in rows(done)] == [5, 19]
    assert done.events[0].skipped == (SERIES[1].starts_at, SERIES[3].starts_at)
    full = [appointment(id=f"b{n}", client="bob", starts_at=row.starts_at) for n, row in enumerate(SERIES)]
    assert code(plan(facts(agenda=tuple(full)), skip_conflicts=True)) == "conflict"
    assert all(row.overlap_allowed for row in rows(plan(facts(agenda=tuple(full)), allow_overlap=True)))


def test_a35_months_without_the_day_are_left_out_and_reported() -> None:
    done = accepted(plan(starts_at=datetime(2026, 3, 31, 15, tzinfo=ZONE), rule=Rule.every(months=1, count=3)))

    assert [row.recurrence_id.month for row in rows(done)] == [3, 5, 7]
    (warning,) = (row for row in done.warnings if row.code is sched.Code.DATES_LEFT_OUT)
    assert [day.month for day in warning.details["months"]] == [4, 6]


def test_s6_occurrences_never_overlap_each_other() -> None:
    both = Rule.every(weeks=1, on=("sat", "sun"), count=4)
    night = datetime(2026, 3, 7, 3, tzinfo=ZONE)

    # Saturday 03:00 to Sunday 03:00 lasts 23 hours on the day the clocks change.
    assert code(plan(rule=both, starts_at=night, duration=24 * HOUR)) == "invalid_duration"


def recur(given: sched.Facts | None = None, **fields: object) -> object:
    asked = {"id": "s", "ids": names("n"), "rule": WEEKLY, "actor": CLINICIAN, "now": NOW, **fields}
    return booking.make_recurring(given or facts(appointment=appointment()), **asked)


def test_s9_an_upcoming_single_becomes_the_first_occurrence() -> None:
    done = accepted(recur())

    assert [row.id for row in rows(done)] == ["a1", "n0", "n1", "n2"]
    assert rows(done)[0].recurrence_id == datetime(2026, 3, 5, 15)
    assert rows(done)[0].revision == 2
    assert rows(done)[1].price == sched.Money(12000, USD)
    assert event_names(done) == ["SeriesCreated", "AppointmentEdited", *["AppointmentCreated"] * 3]


def test_s9_what_has_happened_to_the_single_is_not_said_of_the_others() -> None:
    void = sched.Charge(
        kind=sched.ChargeKind.LATE_CANCEL, state=sched.ChargeState.VOID, amount=sched.Money(5000, USD), at=NOW
    )
    moved = appointment(charge=void, late_notice=True, reschedules=2, sequence=3)
    one, *others = rows(recur(facts(appointment=moved)))

    assert (one.charge, one.late_notice, one.reschedules, one.sequence) == (void, True, 2, 4)
    assert {(row.charge, row.late_notice, row.reschedules, row.sequence) for row in others} == {(None, False, 0, 0)}


@pytest.mark.parametrize("fields", [{}, {"allow_overlap": True}, {"skip_conflicts": True}])
def test_s6_what_becomes_a_series_does_not_overlap_its_second_occurrence(fields: dict[str, object]) -> None:
    # Saturday 03:00 to Sunday 03:00 lasts 23 hours on the day the clocks change.
    night = appointment(starts_at=datetime(2026, 3, 7, 3, tzinfo=ZONE), duration=24 * HOUR)
    both = Rule.every(weeks=1, on=("sat", "sun"), count=2)

    assert code(recur(facts(appointment=night), rule=both, **fields)) == "invalid_duration"


def test_a9_an_occurrence_does_not_take_the_time_its_own_first_one_may_be_moved_to() -> None:
    held = facts(appointment=appointment(), requests=(request(proposed=(SERIES[2].starts_at,)),))

    refused = recur(held)
    assert code(refused) == "conflict"
    assert refused.refusals[0].details["starts_at"] == SERIES[2].starts_at.isoformat()
    assert [row.id for row in rows(recur(held, skip_conflicts=True))] == ["a1", "n0", "n1"]


def test_s9_what_cannot_become_a_series() -> None:
    assert code(recur(within())) == "already_in_series"
    assert code(recur(facts(appointment=appointment(status=STATUS.COMPLETED)))) == "invalid_transition"
    assert code(recur(now=START)) == "already_started"
    assert code(recur(actor=CLIENT)) == "forbidden"
    assert code(recur(rule="FREQ=WEEKLY")) == "end_required"
    there = appointment(id="b", client="bob", starts_at=SERIES[2].starts_at)
    busy = facts(appointment=appointment(), agenda=(appointment(), there))
    assert code(recur(busy)) == "conflict"
    assert accepted(recur(busy, skip_conflicts=True)).events[0].skipped == (there.starts_at,)


def test_s13_a_single_occurrence_moves_and_keeps_its_identity() -> None:
    done = accepted(booking.reschedule(
        within(), starts_at=START + WEEK + 2 * HOUR, scope=sched.Scope.THIS, actor=CLINICIAN, now=NOW))  # fmt: skip

    assert done.value.recurrence_id == SERIES[1].recurrence_id
    assert len(done.changes) == 1


def test_s14_all_future_ones_move_by_the_same_wall_time() -> None:
    done = accepted(move())
    moved = rows(done)

    assert [row.id for row in moved] == ["o1", "o2", "o3"]
    assert {row.series for row in moved} == {"s2"}
    assert [row.starts_at.astimezone(ZONE).hour for row in moved] == [15, 15, 15]
    assert [row.starts_at.astimezone(ZONE).day for row in moved] == [13, 20, 27]
    old, new = done.changes[:2]
    assert (old.rule, old.ended) == ("FREQ=WEEKLY;UNTIL=20260305T150000", False)
    assert (new.id, new.revision, new.rule) == ("s2", 1, "FREQ=WEEKLY;COUNT=3")
    assert done.value == new
    old, new = accepted(move(within(recurring=replace(RECORD, revision=5)))).changes[:2]
    assert (old.revision, new.revision) == (6, 1)


def test_s33_one_event_announces_the_move() -> None:
    done = accepted(move(text="new hours"))

    assert event_names(done) == ["SeriesRescheduled", *["AppointmentRescheduled"] * 3]
    assert {event.group for event in done.events[1:]} == {"s2"}
    assert done.events[0].moves[0] == ("o1", SERIES[1].starts_at, SERIES[1].starts_at + 24 * HOUR)
    assert "new hours" not in repr(done)
    assert {row.change_reason for row in rows(done)} == {"new hours"}
    assert {row.change_reason for row in rows(move())} == {""}
    assert {row.cancellation.text for row in rows(cancel())} == {""}


def test_s14_past_and_finished_ones_are_untouched() -> None:
    later = NOW + 2 * WEEK  # o0 and o1 are past
    known = [*SERIES[:3], replace(SERIES[3], status=STATUS.CANCELLED)]

    assert [row.id for row in rows(move(within(2, known), starts_at=START + 3 * WEEK, now=later))] == ["o2"]
    assert [row.id for row in rows(cancel(within(2, known), now=later))] == ["o2"]
    assert code(cancel(within(1, known), now=later)) == "already_started"
    # One that had been moved to an earlier time begins at this very moment.
    begun = [SERIES[0], SERIES[1], replace(SERIES[2], starts_at=NOW), SERIES[3]]
    assert [row.id for row in rows(cancel(within(1, begun)))] == ["o1", "o3"]


def test_s14_only_in_a_series() -> None:
    assert code(move(facts(appointment=appointment()))) == "not_a_series"
    assert code(cancel(facts(appointment=appointment()))) == "not_a_series"
    assert code(cancel(within(recurring=None))) == "not_found"
    assert code(cancel(within(0, [replace(SERIES[0], status=STATUS.COMPLETED)]))) == "invalid_transition"
    for actor, expected in ((CLIENT, "forbidden"), (STRANGER, "not_found")):
        assert code(move(actor=actor)) == expected
        assert code(cancel(actor=actor)) == expected


def test_s28_the_usual_rules_hold_for_the_chosen_one() -> None:
    away = sched.Clinician(practice="p", id="dr", zone="America/New_York", status=sched.ClinicianStatus.INACTIVE)

    assert code(move(starts_at=SERIES[1].starts_at)) == "no_change"
    assert code(move(starts_at=NOW)) == "in_the_past"
    assert code(move(within(clinician=away))) == "clinician_not_active"


def test_a37_an_individually_moved_one_stays_and_is_reported_or_comes_along() -> None:
    aside = replace(SERIES[2], starts_at=SERIES[2].starts_at + 3 * HOUR)
    known = [SERIES[0], SERIES[1], aside, SERIES[3]]

    done = accepted(move(within(1, known)))
    assert done.events[0].kept == ("o2",)
    stayed = next(row for row in rows(done) if row.id == "o2")
    assert (stayed.starts_at, stayed.series, stayed.revision) == (aside.starts_at, "s2", aside.revision + 1)
    assert [row.code for row in done.warnings] == [sched.Code.KEPT_IN_PLACE]
    along = accepted(move(within(1, known), include_moved=True))
    assert along.events[0].kept == ()
    assert [row.starts_at.astimezone(ZONE).hour for row in rows(along)] == [15, 15, 15]


def test_a37_cancelling_all_future_ones_includes_the_moved_by_identity() -> None:
    aside = replace(SERIES[0], starts_at=SERIES[3].starts_at + 3 * HOUR)  # an earlier one, moved past the pivot
    moved = replace(SERIES[2], starts_at=SERIES[2].starts_at + 3 * HOUR)

    assert [row.id for row in rows(cancel(within(1, [aside, SERIES[1], moved, SERIES[3]])))] == ["o1", "o2", "o3"]


def test_a36_a_conflict_on_any_date_stops_the_whole_move() -> None:
    there = appointment(id="b", client="bob", starts_at=SERIES[3].starts_at + 24 * HOUR)

    refused = move(within(agenda=(*SERIES, there)))
    assert code(refused) == "conflict"
    accepted(move(within(agenda=(*SERIES, there)), allow_overlap=True))


def test_s14_their_own_old_times_are_no_obstacle() -> None:
    accepted(move(starts_at=SERIES[2].starts_at))


def test_s33_cancelling_future_ones_is_one_notice_and_ends_the_series_before() -> None:
    done = accepted(cancel())

    assert event_names(done) == ["SeriesCancelled", *["AppointmentCancelled"] * 3]
    assert done.value.rule == "FREQ=WEEKLY;UNTIL=20260305T150000"
    assert not done.value.ended
    assert {row.status for row in rows(done)} == {STATUS.CANCELLED}
    whole = accepted(cancel(within(0)))
    assert whole.value.ended
    assert whole.value.index.status == "ended"
    assert accepted(move(within(0), starts_at=START + HOUR)).changes[0].ended


def test_s33_requests_on_any_of_them_are_superseded() -> None:
    asked = request(SERIES[2], proposed=(SERIES[2].starts_at + 5 * HOUR,))

    assert "RequestSuperseded" in event_names(accepted(cancel(within(requests=(asked,)))))
    assert "RequestSuperseded" in event_names(accepted(move(within(requests=(asked,)))))


def test_a21_lateness_is_judged_for_each_occurrence() -> None:
    at = SERIES[1].starts_at - HOUR
    done = accepted(cancel(reason="client_illness", apply_fee=True, now=at))

    assert [row.late for row in rows(done)] == [True, False, False]
    assert [row.charge is not None for row in rows(done)] == [True, False, False]
    assert done.events[0].late == ("o1",)
    assert code(cancel(reason="weather", apply_fee=True, now=at)) == "not_late"
    assert code(cancel(reason="client_illness", apply_fee=True, actor=SCHEDULER, now=at)) == "forbidden"
    assert code(cancel(reason="")) == "reason_required"


def test_a48_cancelling_one_makes_up_for_none() -> None:
    done = accepted(booking.cancel(
        within(), reason="weather", scope=sched.Scope.THIS, actor=CLINICIAN, now=NOW))  # fmt: skip

    assert len(done.changes) == 1


def test_s14_a_pattern_that_cannot_shift_along_asks_for_a_new_rule() -> None:
    planned = plan(rule="FREQ=MONTHLY;BYDAY=1TH;COUNT=3")
    known, record = rows(planned), accepted(planned).value
    given = within(1, known, recurring=record)
    to = known[1].starts_at + 24 * HOUR

    refused = move(given, starts_at=to)
    if isinstance(refused, sched.Refused):
        assert code(refused) == "invalid_pattern"
    accepted(move(given, starts_at=to, rule=Rule.parse("FREQ=MONTHLY;BYDAY=1FR;COUNT=2")))
    odd = replace(record, start=record.start + timedelta(minutes=5))
    assert code(cancel(within(1, known, recurring=odd))) == "no_such_instance"


@settings(max_examples=40)
@given(pivot=st.integers(0, 3), past=st.integers(0, 4), shift=st.integers(-3, 30), act=st.sampled_from([move, cancel]))
def test_s14_invariant_16_past_occurrences_never_change(pivot: int, past: int, shift: int, act: object) -> None:
    now = START + past * WEEK - timedelta(hours=1) if past else NOW
    given = within(pivot)
    fields = {"starts_at": SERIES[pivot].starts_at + timedelta(hours=shift)} if act is move else {}
    decision = act(given, now=now, **fields)

    if isinstance(decision, sched.Accepted):
        changed = {row.id for row in rows(decision)}
        assert all(row.starts_at > now and row.recurrence_id >= SERIES[pivot].recurrence_id
                   for row in SERIES if row.id in changed)  # fmt: skip
        assert len({row.id for row in rows(decision)}) == len(rows(decision))
