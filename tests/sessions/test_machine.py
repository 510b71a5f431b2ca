"""Sessions, notes, transcripts and supervisors by chance, with a process that may die between any two calls of a port.

After every step: a locked note keeps its digest and its words, its transcripts cannot be read, and each erasure is
owed or proven. `OASYS_PROFILE=long` walks 50,000 steps; without it some hundred.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.errors import OasysError, OutcomeUnknown, PortFailed, StaleWrite
from oasys_sched.sessions.seal import verify
from oasys_sched.testing.commands import COMMANDS, SESSIONS
from oasys_sched.testing.faults import Fault
from oasys_sched.testing.invariants import broken_by
from oasys_sched.testing.stage import Stage
from oasys_sched.testing.strategies import actors
from oasys_sched.testing.world import Step

LONG = os.environ.get("OASYS_PROFILE") == "long"


class Died(BaseException):
    """The process is gone: nothing catches this."""


# Those that lead on, more often than chance alone would take them.
PATH = (
    "create", "start", "enable_transcription", "append_segment", "append_segment", "begin_note", "write_note", "end",
    "sign_and_lock", "submit_for_review", "approve_note", "add_addendum", "sign_addendum", "approve_addendum",
)  # fmt: skip
ACTS = st.sampled_from(PATH) | st.sampled_from(sorted({*SESSIONS, "create", "book", "cancel", "mark_no_show"}))
ERRORS = st.sampled_from((Died, Died, PortFailed, StaleWrite, OutcomeUnknown))


class Room(RuleBasedStateMachine):
    """Anybody asks for anything about sessions; any call of a port may be the last of its process."""

    steps = 0
    locked_notes = proven = deaths = 0

    @initialize(journey=st.sampled_from(("create", "append_segment", "sign_and_lock", "approve_note", "add_addendum")))
    def open(self, journey: str) -> None:
        self.stage = Stage(lambda clock: MemoryRepository(clock=clock), journey)
        self.stage.prepare()
        self.digests: dict[str, str] = {}
        self.number = 0

    @rule(
        act=ACTS,
        actor=st.none() | st.none() | actors(),
        which=st.integers(0, 3),
        call=st.none() | st.none() | st.integers(1, 9),
        error=ERRORS,
        after=st.booleans(),
    )
    def ask(self, act: str, actor: Any, which: int, call: int | None, error: Any, after: bool) -> None:
        """One command, about one of the newest things there are, whole or cut off at some call of a port."""
        stage = self.stage
        self.number += 1
        before = stage.world(messages=True)
        choice = self.about(act, which)
        stage.plan.calls.clear()
        # A storage that says that somebody was faster has written nothing.
        stage.plan.fault = None if call is None else Fault(call, "any", error, after and error is not StaleWrite)
        answer = None
        try:
            answer = stage.ask(act, choice, actor)
        except OasysError:
            pass
        except Died:
            type(self).deaths += 1
        finally:
            stage.plan.fault = None
        assert broken_by(Step(before=before, after=stage.world(messages=True), answer=answer)) == ()
        self.look()

    def about(self, act: str, which: int) -> Any:
        """What to ask about: mostly the newest thing of its kind."""
        choice = self.stage.choice(act, self.number)
        rows = [row for row in self.stage.world().aggregates if row.kind == COMMANDS[act].about]
        rows.sort(key=lambda row: -int(row.id.partition("-")[2]))
        chosen = rows[min(which, len(rows) - 1)] if rows else None
        return replace(choice, about=chosen, number=choice.number % 8)

    @rule(hours=st.sampled_from((0, 1, 1, 24, 24 * 8, 24 * 31)))
    def wait(self, hours: int) -> None:
        """Time passes: to the next start, or by hours."""
        if hours == 0:
            starts = [row.starts_at for row in self.stage.world().all(sched.Appointment)]
            ahead = [when for when in starts if when > self.stage.clinic.now]
            self.stage.clinic.now = min(ahead, default=self.stage.clinic.now)
        else:
            self.stage.clinic.now += timedelta(hours=hours)
        self.look()

    def look(self) -> None:
        """What holds whatever happened."""
        type(self).steps += 1
        world, store = self.stage.world(), self.stage.store
        sessions = {row.id: row for row in world.all(sched.Session)}
        duties = {row.id: row for row in world.all(sched.PurgeObligation)}
        signed = {note.session: note for note in world.all(sched.Note) if note.locked}
        for note in signed.values():
            assert note.digest == self.digests.setdefault(note.id, note.digest or "")
            assert verify(note, sessions[note.session]) == ()
        for row in world.all(sched.Transcript):
            duty = duties.get(row.id)
            if signed.get(row.session) is not None and signed[row.session].purpose == "progress":
                assert duty is not None, "nobody owes the erasure"
                read = self.stage.ask("read_transcript", self.of(row))
                assert isinstance(read, sched.Refused), "a locked note's transcript can be read"
            if duty is not None and duty.status == "proven":
                assert row.id not in store.texts  # type: ignore[attr-defined]
                assert store.absent(self.stage.clinic.practice, row.id)
        type(self).locked_notes = max(self.locked_notes, len(signed))
        type(self).proven += sum(duty.status == "proven" for duty in duties.values())

    def of(self, transcript: Any) -> Any:
        return replace(self.stage.choice("read_transcript", 0), about=transcript, key=None)

    def teardown(self) -> None:
        """Once the workers have done their rounds, nothing is owed."""
        if not hasattr(self, "stage"):
            return
        for _ in range(2):
            self.stage.clinic.now += timedelta(hours=1)
            self.stage.ask("purge_transcripts", self.stage.choice("purge_transcripts", 0))
        assert all(duty.status == "proven" for duty in self.stage.world().all(sched.PurgeObligation))


@pytest.mark.parametrize("share", range(2 if LONG else 1))
def test_whatever_dies_when_a_locked_note_stays_and_its_transcript_goes(share: int) -> None:
    machine = seed(share)(type("Room", (Room,), {"steps": 0, "locked_notes": 0, "proven": 0, "deaths": 0}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=600 if LONG else 40,
            stateful_step_count=50,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    sys.stdout.write(f"{machine.steps:,} steps, {machine.deaths:,} deaths, {machine.proven:,} times a proven erasure\n")
    assert machine.steps > (25_000 if LONG else 500)
    assert machine.locked_notes
    assert machine.proven
    assert machine.deaths
