"""RULES S95-S97, A27-A30, B11: reminders planned, skipped, expired."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched
from oasys_sched.booking.reminders import REMINDER, ReminderAct
from oasys_sched.tables import step
from tests.booking.clinic import ANN, HOUR, NOW, START, ZONE, appointment

DAY, TWO = sched.Period.parse("PT24H"), sched.Period.parse("PT2H")
POLICY = sched.ReminderPolicy(enabled=True, offsets=(DAY, TWO))
STATE, STATUS = sched.ReminderState, sched.AppointmentStatus
TEXTS = replace(ANN, phone="+1", reminder_consent=("email", "sms"))


def plan(policy: sched.ReminderPolicy = POLICY, client: sched.Client = ANN, **fields: object) -> list[sched.Reminder]:
    now = fields.pop("now", NOW)
    return list(sched.plan_reminders(appointment(**fields), policy, client, now=now))


def judge(
    at: datetime, policy: sched.ReminderPolicy = POLICY, number: int = 0, **fields: object
) -> sched.ReminderState:
    client = fields.pop("client", ANN)
    key = plan()[number].key
    return sched.judge_reminder(key, appointment(**fields), policy, client, now=at)


def test_s97_due_is_the_start_less_the_offset() -> None:
    assert [row.due for row in plan()] == [START - 24 * HOUR, START - 2 * HOUR]
    assert [row.state for row in plan()] == [STATE.PLANNED, STATE.PLANNED]


def test_s97_days_are_calendar_time() -> None:
    start = datetime(2026, 3, 8, 10, tzinfo=ZONE)
    day = sched.ReminderPolicy(enabled=True, offsets=(sched.Period.parse("P1D"),))

    assert plan(day, starts_at=start)[0].due == datetime(2026, 3, 7, 10, tzinfo=ZONE)


def test_s95_switched_off_plans_and_sends_nothing() -> None:
    off = replace(POLICY, enabled=False)

    assert plan(off) == []
    assert judge(START - 24 * HOUR, off) is STATE.CANCELLED


@pytest.mark.parametrize("status", [status for status in STATUS if status is not STATUS.UPCOMING])
def test_s96_invariant_15_only_an_upcoming_appointment_has_reminders(status: sched.AppointmentStatus) -> None:
    assert plan(status=status) == []
    assert judge(START - 24 * HOUR, status=status) is STATE.CANCELLED


def test_a27_the_key_names_appointment_start_offset_and_channel() -> None:
    keys = {row.key for row in plan()}

    assert len(keys) == 2
    assert keys.isdisjoint(row.key for row in plan(starts_at=START + HOUR))
    assert keys == {row.key for row in plan(now=NOW + HOUR)}


def test_a27_after_a_move_the_old_ones_are_cancelled() -> None:
    assert judge(START - 24 * HOUR, starts_at=START + HOUR) is STATE.CANCELLED


def test_a28_a_moment_already_past_is_skipped() -> None:
    rows = plan(now=START - 23 * HOUR)

    assert [(row.state, row.why) for row in rows] == [(STATE.SKIPPED, "past"), (STATE.PLANNED, None)]
    assert plan(now=START - 24 * HOUR)[0].state is STATE.PLANNED


def test_a29_sent_from_its_due_until_the_next_one_or_the_start() -> None:
    assert judge(START - 24 * HOUR - timedelta(seconds=1)) is STATE.PLANNED
    assert judge(START - 24 * HOUR) is STATE.SENT
    assert judge(START - 2 * HOUR - timedelta(seconds=1)) is STATE.SENT
    assert judge(START - 2 * HOUR) is STATE.EXPIRED
    assert judge(START - timedelta(seconds=1), number=1) is STATE.SENT
    assert judge(START, number=1) is STATE.EXPIRED
    thrice = replace(POLICY, offsets=(DAY, sched.Period.parse("PT8H"), TWO))
    assert [row.expires_at for row in plan(thrice)] == [START - 8 * HOUR, START - 2 * HOUR, START]


def test_a29_settings_are_read_again_when_sending() -> None:
    at = START - 24 * HOUR

    assert judge(at, replace(POLICY, offsets=(TWO,))) is STATE.CANCELLED
    assert judge(at, client=replace(ANN, reminders_opted_out=("email",))) is STATE.SKIPPED


def test_b11_an_opt_out_wins_then_consent_then_the_address() -> None:
    def why(client: sched.Client, channel: str = "sms") -> str | None:
        return plan(replace(POLICY, channels=(channel,)), client)[0].why

    assert why(TEXTS) is None
    assert why(replace(TEXTS, reminders_opted_out=("sms",))) == "opted_out"
    assert why(replace(TEXTS, reminder_consent=("email",))) == "no_consent"
    assert why(replace(TEXTS, phone=None)) == "no_contact"
    assert why(replace(ANN, email=None), "email") == "no_contact"


def test_o3_a_childs_reminders_go_to_the_guardian_alone() -> None:
    child = replace(TEXTS, guardian="mum", guardian_email="mum@example.org")
    rows = plan(replace(POLICY, channels=("email", "sms")), child)

    assert {(row.channel, row.why) for row in rows} == {("email", None), ("sms", "no_contact")}


def test_b11_a_text_at_night_moves_earlier_in_the_recipients_zone_email_does_not() -> None:
    policy = replace(POLICY, offsets=(sched.Period.parse("PT8H"),), channels=("email", "sms"))
    email, text = plan(policy, TEXTS)[1], plan(policy, TEXTS)[0]

    assert (email.channel, email.due) == ("email", START - 8 * HOUR)
    assert text.due == datetime(2026, 3, 4, 20, 59, tzinfo=ZONE)
    there = replace(TEXTS, zone="Europe/Berlin")  # seven in the morning here is one in the afternoon there
    assert plan(policy, there)[0].due == START - 8 * HOUR
    assert plan(replace(policy, quiet=None), TEXTS)[0].due == START - 8 * HOUR


def test_b11_two_that_move_to_one_moment_do_not_expire_each_other() -> None:
    policy = replace(POLICY, offsets=(sched.Period.parse("PT9H"), sched.Period.parse("PT8H")), channels=("sms",))
    one, other = plan(policy, TEXTS)

    assert one.due == other.due
    assert one.expires_at == other.expires_at == START


@given(
    offsets=st.lists(st.integers(1, 24 * 14), min_size=1, max_size=5),
    hours=st.integers(-24 * 3, 24 * 20),
    channels=st.sampled_from([("email",), ("sms",), ("email", "sms")]),
)
def test_s97_invariant_15_keys_are_unique_and_nothing_is_due_after_the_start(
    offsets: list[int], hours: int, channels: tuple[str, ...]
) -> None:
    periods = tuple(sched.Period(exact=timedelta(hours=offset)) for offset in offsets)
    rows = plan(
        sched.ReminderPolicy(enabled=True, offsets=periods, channels=channels),
        TEXTS,
        now=START - timedelta(hours=hours),
    )

    assert len({row.key for row in rows}) == len(rows) == len(set(offsets)) * len(channels)
    assert all(row.due < row.expires_at <= START for row in rows)
    assert rows == sorted(rows, key=lambda row: (row.due, row.key))


@pytest.mark.parametrize("act", ReminderAct)
@pytest.mark.parametrize("state", STATE)
def test_s95_every_cell_of_the_reminder_table(state: sched.ReminderState, act: ReminderAct) -> None:
    moved = step(REMINDER, state, act)

    assert isinstance(moved, sched.Refused) == (state is not STATE.PLANNED)
