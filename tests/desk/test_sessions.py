"""Sessions, notes and transcripts at the desk: one commit each, on every storage; nothing left of a transcript."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.adapters.memory import MemoryRepository
from oasys_sched.adapters.threads import repository_in_threads, transcript_store_in_threads
from oasys_sched.adapters.transcripts import EncryptedTranscripts
from oasys_sched.aggregates import Key
from oasys_sched.aio import AsyncDesk
from oasys_sched.errors import NotFound, PortFailed
from oasys_sched.ports import Commit, Query, Wanted
from oasys_sched.sessions.assistant import PreparationRequest, Question, ScribeRequest, Suggestion
from oasys_sched.sessions.note import Passage
from oasys_sched.sessions.seal import signed
from tests.desk.practice import MONDAY, NORTH

DANA = sched.Actor.clinician("dana", practice=NORTH)
ANA = sched.Actor.client("ana", practice=NORTH)
BEN = sched.Actor.client("ben", practice=NORTH)
SUP = sched.Actor.supervisor("sup", practice=NORTH)
SYSTEM = sched.Actor.system(practice=NORTH)
START = MONDAY.replace(hour=10)
SECRET = "zolpidem-and-the-sea"


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = EncryptedTranscripts(tmp_path / "transcripts")
    yield made
    made.close()


def value(decision: object) -> Any:
    assert isinstance(decision, sched.Accepted), decision
    return decision.value


def code(decision: object) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def booked(opened: Callable[..., Any], mode: str = "telehealth", **desk: object) -> tuple[Any, Any, Any, str]:
    made, clock, repository = opened(**desk)
    kept = value(made.acting_as(DANA).create(client="ana", service="therapy-50", mode=mode, starts_at=START))
    clock.now = START
    return made, clock, repository, kept.id


def begun(opened: Callable[..., Any], mode: str = "telehealth", **desk: object) -> tuple[Any, Any, Any, str]:
    made, clock, repository, appointment = booked(opened, mode, **desk)
    return made, clock, repository, value(made.acting_as(DANA).start(appointment)).id


def row(repository: Any, kind: type[Any], id: str) -> Any:
    return repository.load(Wanted(practice=NORTH, queries=(Query(kind=kind.kind, ids=(id,)),))).one(kind, id)


def test_s40_a_client_waits_before_the_start_and_the_clinician_admits(opened: Callable[..., Any]) -> None:
    desk, clock, repository, appointment = booked(opened)
    waiting = value(desk.acting_as(ANA).join(appointment, place="US-NY"))
    assert waiting.status == "waiting"
    started = value(desk.acting_as(DANA).start(appointment))
    assert started.id == waiting.id
    assert row(repository, sched.Appointment, appointment).status == "in_progress"
    admitted = value(desk.acting_as(DANA).admit(started.id))
    assert [guest.presence for guest in admitted.clients] == ["in_call"]
    assert value(desk.acting_as(ANA).toggle(started.id, "microphone", on=True)).revision == admitted.revision + 1
    assert value(desk.acting_as(ANA).chat(started.id, "hello")).text.reveal() == "hello"
    assert value(desk.acting_as(ANA).leave(started.id)).clients[0].presence == "left"
    clock.forward(minutes=50)
    assert value(desk.acting_as(DANA).end(started.id)).status == "ended"
    assert row(repository, sched.Appointment, appointment).status == "completed"
    assert value(desk.acting_as(DANA).bill_session(started.id)).billed


def test_s40_another_client_learns_nothing_of_the_session(opened: Callable[..., Any]) -> None:
    desk, _, _, appointment = booked(opened)
    assert code(desk.acting_as(BEN).join(appointment)) == "not_found"
    assert code(desk.acting_as(BEN).join("no-such")) == "not_found"


def test_s109_an_own_session_with_somebody_elses_appointment_tells_nothing_of_it(opened: Callable[..., Any]) -> None:
    desk, _, _, session = begun(opened)
    later = START + timedelta(hours=2)
    bens = value(desk.acting_as(DANA).create(client="ben", service="therapy-50", mode="in_person", starts_at=later)).id
    ana = desk.acting_as(ANA)

    for ask in (
        lambda named: ana.join(named, session=session),
        lambda named: ana.link_logged(session, appointment=named),
    ):
        assert ask(bens) == ask("no-such")
        assert code(ask(bens)) == "not_found"


def test_s37_one_active_session_a_clinician(opened: Callable[..., Any]) -> None:
    desk, _, _, _ = begun(opened)
    again = desk.acting_as(DANA).start(client="ben", service="therapy-50", mode="in_person")
    assert code(again) == "session_already_active"


def test_a23_an_abandoned_session_frees_its_appointment(opened: Callable[..., Any]) -> None:
    desk, _, repository, session = begun(opened)
    abandoned = value(desk.acting_as(DANA).abandon(session))
    assert row(repository, sched.Appointment, abandoned.appointment).status == "upcoming"


def test_s61_a_session_is_logged_with_its_note_and_linked(opened: Callable[..., Any]) -> None:
    desk, clock, repository, appointment = booked(opened, "in_person")
    clock.forward(hours=3)
    dana = desk.acting_as(DANA)
    logged = value(
        dana.log_previous(client="ana", service="therapy-50", mode="in_person", starts_at=START, key="log-1")
    )
    assert (
        value(dana.log_previous(client="ana", service="therapy-50", mode="in_person", starts_at=START, key="log-1")).id
        == logged.id
    )
    assert (
        code(dana.log_previous(client="ana", service="therapy-50", mode="in_person", starts_at=START))
        == "duplicate_session"
    )
    assert value(dana.read_note(logged.id)).empty
    assert value(dana.link_logged(logged.id, appointment=appointment)).appointment == appointment
    assert row(repository, sched.Appointment, appointment).status == "completed"
    assert [one.id for one in value(dana.history("ana"))] == [logged.id]
    assert code(desk.acting_as(ANA).history("ana", clinician="dana")) == "forbidden"
    assert code(desk.acting_as(ANA).overdue_notes(clinician="dana")) == "forbidden"
    clock.forward(days=3)
    assert [late.session for late in value(dana.overdue_notes())] == [logged.id]


def test_s51_a_stale_write_hands_both_texts_back(opened: Callable[..., Any]) -> None:
    desk, _, _, session = begun(opened, "in_person")
    dana = desk.acting_as(DANA)
    value(dana.write_note(session, "mine", revision=0))
    value(dana.write_note(session, "theirs", revision=1))
    refused = dana.write_note(session, "mine, longer", revision=1)
    assert code(refused) == "stale_revision"
    details = refused.refusals[0].details
    assert details["yours"].reveal() == "mine, longer"
    assert details["stored"][0].text.reveal() == "theirs"
    assert value(dana.switch_format(session, "soap", revision=2)).format == "soap"
    added = value(dana.insert_text(session, "from the assistant", revision=3))
    assert added.body[0].text.reveal() == "theirs\nfrom the assistant"


def test_s54_files_are_judged_one_by_one(opened: Callable[..., Any]) -> None:
    desk, _, _, session = begun(opened, "in_person")
    dana = desk.acting_as(DANA)
    value(dana.write_note(session, "text", revision=0))
    png = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
        b"\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    files = [
        sched.Upload(name="a.png", media_type="image/png", content=png),
        sched.Upload(name="a.exe", media_type="application/x-msdownload", content=b"MZ"),
    ]
    good, bad = value(dana.attach(session, files, revision=1))
    assert code(bad) == "unsupported_file"
    assert value(dana.detach(session, value(good).id, revision=2)).attachments == ()


def test_s45_s58_the_transcript_is_gone_and_proved_gone_with_the_lock(
    opened: Callable[..., Any], store: Any, tmp_path: Path
) -> None:
    desk, clock, repository, session = begun(opened, "in_person", transcripts=store)
    dana = desk.acting_as(DANA)
    transcript = value(dana.enable_transcription(session)).id
    value(desk.acting_as(SYSTEM).append_segment(session, transcript, f"we spoke of {SECRET}"))
    value(dana.disable_transcription(session))
    assert code(dana.append_segment(session, transcript, "more")) == "transcription_off"
    value(dana.enable_transcription(session))
    value(dana.append_segment(session, transcript, "and of sleep"))
    assert [text.reveal() for text in value(dana.read_transcript(session, transcript))] == [
        f"we spoke of {SECRET}",
        "and of sleep",
    ]
    note = value(dana.write_note(session, "sleeps better", revision=0))
    clock.forward(minutes=50)
    value(dana.end(session))
    locked = value(dana.sign_and_lock(session, revision=note.revision))
    assert locked.status == "locked"
    assert value(dana.verify_note(session)) == ()
    assert code(dana.read_transcript(session, transcript)) == "transcript_deleted"
    owed = row(repository, sched.PurgeObligation, transcript)
    assert (owed.status, owed.receipt.count, owed.receipt.store) == ("proven", 2, "sqlite")
    assert row(repository, sched.Transcript, transcript).status == "deleted"
    with pytest.raises(NotFound):
        store.read(NORTH, transcript)
    entry = repository.audit(NORTH, Key("purge", transcript))[-1]
    assert entry.reason == "2 segments erased from sqlite by key destruction, secure delete, search"
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert SECRET.encode() not in files
    assert value(desk.acting_as(SYSTEM).purge_transcripts()) == ()


class Lying:
    """A store whose purge does nothing, until it is mended."""

    name = method = "lying"

    def __init__(self, store: Any) -> None:
        self.store = store
        self.lies = True

    def __getattr__(self, name: str) -> Any:
        if self.lies and name == "purge":
            return lambda *_: 7
        if self.lies and name == "destroy_key":
            return lambda *_: None
        return getattr(self.store, name)


class Down(Lying):
    """A store that cannot be reached, until it can."""

    def __getattr__(self, name: str) -> Any:
        if self.lies and name == "destroy_key":
            raise PortFailed("unreachable")
        return getattr(self.store, name)


class Denying(Lying):
    """A store that says that all is gone, and goes on reading it out."""

    def __getattr__(self, name: str) -> Any:
        if self.lies and name == "absent":
            return lambda *_: True
        return super().__getattr__(name)


@pytest.mark.parametrize("kind", [Lying, Down, Denying])
def test_s58_a_store_that_does_not_erase_is_found_out_and_tried_again(
    opened: Callable[..., Any], store: Any, kind: type[Lying]
) -> None:
    lying = kind(store)
    desk, clock, repository, session = begun(opened, "in_person", transcripts=lying)
    dana, system = desk.acting_as(DANA), desk.acting_as(SYSTEM)
    transcript = value(dana.enable_transcription(session)).id
    value(dana.append_segment(session, transcript, SECRET))
    value(dana.delete_transcripts(session))
    assert code(dana.read_transcript(session, transcript)) == "transcript_deleted"
    assert row(repository, sched.PurgeObligation, transcript).status == "open"
    clock.forward(hours=1)
    assert [owed.id for owed in value(system.overdue_purges())] == [transcript]
    assert [owed.attempts for owed in value(system.purge_transcripts())] == [2]
    lying.lies = False
    (proven,) = value(system.purge_transcripts())
    assert proven.status == "proven"
    assert value(system.overdue_purges()) == ()
    assert code(dana.overdue_purges()) == "forbidden"
    assert code(dana.purge_transcripts()) == "forbidden"


def test_s45_a_segment_whose_key_is_gone_is_not_kept(opened: Callable[..., Any], store: Any) -> None:
    desk, _, _, session = begun(opened, "in_person", transcripts=store)
    dana = desk.acting_as(DANA)
    transcript = value(dana.enable_transcription(session)).id
    store.destroy_key(NORTH, transcript)
    assert code(dana.append_segment(session, transcript, SECRET)) == "transcript_deleted"
    assert code(dana.read_transcript(session, transcript)) == "transcript_deleted"
    assert store.absent(NORTH, transcript)


def test_b17_transcripts_of_unsigned_notes_expire(opened: Callable[..., Any], store: Any) -> None:
    desk, clock, repository, session = begun(opened, "in_person", transcripts=store)
    dana, system = desk.acting_as(DANA), desk.acting_as(SYSTEM)
    value(dana.write_note(session, "text", revision=0))
    transcript = value(dana.start_dictation(session)).id
    value(dana.append_segment(session, transcript, SECRET))
    value(dana.end(session))
    assert code(system.expire_transcripts(session)) == "too_soon"
    clock.forward(days=31)
    value(system.expire_transcripts(session))
    assert row(repository, sched.PurgeObligation, transcript).status == "proven"


def test_b17_the_worker_finds_transcripts_at_their_age_limit(opened: Callable[..., Any], store: Any) -> None:
    desk, clock, _, session = begun(opened, "in_person", transcripts=store)
    dana, system = desk.acting_as(DANA), desk.acting_as(SYSTEM)
    transcript = value(dana.enable_transcription(session)).id
    value(dana.append_segment(session, transcript, SECRET))
    value(dana.end(session))
    clock.forward(days=29)
    assert value(system.purge_transcripts()) == ()
    assert [text.reveal() for text in value(dana.read_transcript(session, transcript))] == [SECRET]
    clock.forward(days=2)
    (duty,) = value(system.purge_transcripts())
    assert (duty.id, duty.reason, duty.status) == (transcript, "age", "proven")
    assert value(system.purge_transcripts()) == ()
    assert code(dana.read_transcript(session, transcript)) == "transcript_deleted"


def test_s44_without_a_store_nothing_is_transcribed(opened: Callable[..., Any]) -> None:
    desk, _, _, session = begun(opened, "in_person")
    dana = desk.acting_as(DANA)
    for decision in (
        dana.enable_transcription(session),
        dana.start_dictation(session),
        dana.append_segment(session, "t", "x"),
        dana.read_transcript(session, "t"),
    ):
        assert code(decision) == "transcription_off"


def supervised(opened: Callable[..., Any]) -> tuple[Any, Any, Any, str]:
    desk, clock, repository, session = begun(opened, "in_person")
    dana = row(repository, sched.Clinician, "dana")
    repository.commit(
        Commit(
            practice=NORTH,
            changes=(
                replace(dana, supervisor="sup", revision=dana.revision + 1),
                replace(dana, id="sup", name="Sue", revision=1),
            ),
        )
    )
    value(desk.acting_as(DANA).write_note(session, SECRET, revision=0))
    clock.forward(minutes=50)
    value(desk.acting_as(DANA).end(session))
    return desk, clock, repository, session


def test_s60_the_supervisor_returns_and_approves(opened: Callable[..., Any]) -> None:
    desk, _, repository, session = supervised(opened)
    dana, sup = desk.acting_as(DANA), desk.acting_as(SUP)
    assert code(dana.sign_and_lock(session, revision=1)) == "review_required"
    submitted = value(dana.submit_for_review(session, revision=1))
    returned = value(sup.return_note(session, "say more", revision=submitted.revision))
    value(dana.submit_for_review(session, revision=returned.revision))
    recalled = value(dana.recall_note(session))
    again = value(dana.submit_for_review(session, revision=recalled.revision))
    assert code(dana.approve_note(session, revision=again.revision)) == "forbidden"
    locked = value(sup.approve_note(session, revision=again.revision, name="Sue"))
    assert [one.meaning for one in locked.signatures] == ["authorship", "approval"]
    told = [(one.template, one.recipient, one.role) for one, _ in repository.outbox(NORTH)]
    assert ("note_submitted", "sup", "supervisor") in told
    assert ("note_returned", "dana", "clinician") in told
    assert ("note_approved", "dana", "clinician") in told


def test_b7_addenda_are_signed_under_the_supervisor_rule(opened: Callable[..., Any]) -> None:
    desk, _, _, session = supervised(opened)
    dana, sup = desk.acting_as(DANA), desk.acting_as(SUP)
    waiting = value(dana.submit_for_review(session, revision=1))
    value(sup.approve_note(session, revision=waiting.revision, name="Sue"))
    value(dana.add_addendum(session, "one more thing"))
    value(dana.sign_addendum(session))
    value(sup.return_addendum(session, "clearer"))
    open_ = value(dana.read_note(session)).pending
    value(dana.add_addendum(session, "one more clear thing", addendum=open_.id))
    value(dana.sign_addendum(session))
    value(dana.return_addendum(session))
    value(dana.sign_addendum(session))
    note = value(sup.approve_addendum(session, name="Sue"))
    assert [one.text.reveal() for one in note.addenda] == ["one more clear thing"]
    assert value(dana.verify_note(session)) == ()
    assert code(desk.acting_as(ANA).verify_note(session)) == "forbidden"


def test_s57_raw_sql_cannot_change_a_locked_note(tmp_path: Path) -> None:
    from functools import partial

    from oasys_sched.adapters.sqlite import SqliteRepository
    from tests.desk import practice

    path = tmp_path / "north.db"
    repositories: list[SqliteRepository] = []

    def made(clock: Any) -> SqliteRepository:
        repositories.append(SqliteRepository(path, clock=clock))
        return repositories[-1]

    desk, _, _, session = supervised(partial(practice.opened, store=made))
    dana, sup = desk.acting_as(DANA), desk.acting_as(SUP)
    waiting = value(dana.submit_for_review(session, revision=1))
    value(sup.approve_note(session, revision=waiting.revision))
    value(dana.add_addendum(session, "first"))
    value(dana.sign_addendum(session))
    value(sup.approve_addendum(session))
    raw = sqlite3.connect(path)
    for statement in (
        "UPDATE aggregate SET body = json_set(body, '$.digest', 'x') WHERE kind = 'note'",
        "UPDATE aggregate SET status = 'draft' WHERE kind = 'note'",
        "UPDATE aggregate SET body = json_remove(body, '$.addenda[0]') WHERE kind = 'note'",
        "UPDATE aggregate SET body = json_set(body, '$.addenda[0].author', 'eve') WHERE kind = 'note'",
        "DELETE FROM aggregate WHERE kind = 'note'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="note locked"):
            raw.execute(statement)
    raw.close()
    for repository in repositories:
        repository.close()


def test_s57_a_chain_that_was_rewritten_as_a_whole_is_found_by_the_audit(opened: Callable[..., Any]) -> None:
    desk, _, repository, session = begun(opened, "in_person")
    dana = desk.acting_as(DANA)
    value(dana.write_note(session, "sleeps badly", revision=0))
    held = value(dana.end(session))
    note = value(dana.sign_and_lock(session, revision=1))
    value(dana.add_addendum(session, "and dreams"))
    value(dana.sign_addendum(session))
    value(dana.add_addendum(session, "a draft is no part of the chain yet"))
    assert value(dana.verify_note(session)) == ()
    kept = repository.audit(NORTH, Key("note", note.id))
    assert [entry.reason for entry in kept[1:]] == [f"sealed {note.signatures[-1].seal}"] * 2 + [kept[-1].reason] * 2
    assert "sleeps" not in repr(kept)

    body = replace(note, body=(Passage(section="note", text=sched.Sensitive("sleeps well")),))
    digest, first = sched.note_digest(body, held), note.signatures[0]
    signature = signed(first.signer, first.name, first.meaning, first.at, digest)
    forged = replace(body, digest=digest, signatures=(signature,))
    assert sched.verify(forged, held) == ()

    class Forging:
        audit = staticmethod(repository.audit)

        def load(self, wanted: Wanted, /) -> Any:
            found = repository.load(wanted)
            return replace(found, aggregates=tuple(forged if row.id == note.id else row for row in found.aggregates))

    desk.repository = Forging()
    assert value(dana.verify_note(session)) == ("seals",)


def test_s59_the_desk_lists_what_can_be_done_with_a_note(opened: Callable[..., Any]) -> None:
    desk, _, _, session = supervised(opened)
    listed = value(desk.acting_as(DANA).note_actions(session))
    assert {row.action for row in listed if row.enabled} == {"read_note", "write_note", "submit_note"}
    assert {row.action for row in value(desk.acting_as(SUP).note_actions(session)) if row.enabled} == {"read_note"}
    assert code(desk.acting_as(ANA).note_actions(session)) == "forbidden"
    assert code(desk.acting_as(BEN).note_actions(session)) == "not_found"


class Echo:
    """An assistant that says what it was given, or fails."""

    def __init__(self) -> None:
        self.fails: type[Exception] | None = None

    def _said(self, words: str) -> Suggestion:
        if self.fails is not None:
            raise self.fails("down")
        return Suggestion(passages=(Passage(section="", text=sched.Sensitive(words)),))

    def prepare(self, request: PreparationRequest, /) -> Suggestion:
        return self._said(f"{len(request.history)} sessions, {len(request.themes)} themes")

    def answer(self, question: Question, /) -> Suggestion:
        return self._said(f"{question.task}: {question.text.reveal()}")

    def scribe(self, request: ScribeRequest, /) -> Suggestion:
        return self._said(" / ".join(row.reveal() for row in request.transcript))


def test_s53_the_assistant_suggests_and_writes_nothing(opened: Callable[..., Any], store: Any) -> None:
    echo = Echo()
    desk, _, _, appointment = booked(opened, "in_person", assistant=echo, transcripts=store)
    dana = desk.acting_as(DANA)
    assert value(dana.prepare_session(appointment)).text.reveal() == "0 sessions, 0 themes"
    session = value(dana.start(appointment)).id
    value(dana.write_note(session, "draft", revision=0))
    assert value(dana.ask_assistant(session, "interventions", "what now?")).text.reveal() == "interventions: what now?"
    assert code(dana.ask_assistant(session, "poetry", "what now?")) == "unknown_assistant_task"
    transcript = value(dana.enable_transcription(session)).id
    value(dana.append_segment(session, transcript, "heard"))
    suggested = value(dana.scribe(session, transcript=transcript))
    assert suggested.text.reveal() == "heard"
    assert code(dana.scribe(session, transcript="other")) == "not_found"
    assert value(dana.read_note(session)).body[0].text.reveal() == "draft"
    for failure in (PortFailed, TimeoutError, ConnectionError, RuntimeError):
        echo.fails = failure
        unanswered = dana.ask_assistant(session, "interventions", "what now?")
        assert code(unanswered) == "assistant_unavailable"
        assert unanswered.refusals[0].details == {"error": failure.__name__}
        assert code(dana.scribe(session)) == "assistant_unavailable"
        assert code(dana.prepare_session(appointment)) == "assistant_unavailable"
    assert code(desk.acting_as(ANA).ask_assistant(session, "interventions", "?")) == "forbidden"
    assert code(desk.acting_as(ANA).scribe(session)) == "forbidden"
    assert code(desk.acting_as(ANA).prepare_session(appointment)) == "forbidden"
    desk.assistant = None
    assert code(dana.ask_assistant(session, "interventions", "?")) == "assistant_unavailable"
    assert code(dana.scribe(session)) == "assistant_unavailable"
    assert code(dana.prepare_session(appointment)) == "assistant_unavailable"


def test_the_async_desk_does_the_same(tmp_path: Path) -> None:
    from tests.desk import practice

    store = EncryptedTranscripts(tmp_path)
    sync, clock, repository = practice.opened()

    async def story() -> tuple[Any, Any]:
        desk = AsyncDesk(repository_in_threads(repository), clock=clock, transcripts=transcript_store_in_threads(store))
        dana = desk.acting_as(DANA)
        kept = value(await dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=START))
        clock.now = START
        session = value(await dana.start(kept.id)).id
        transcript = value(await dana.enable_transcription(session)).id
        value(await dana.append_segment(session, transcript, SECRET))
        assert len(value(await dana.read_transcript(session, transcript))) == 1
        value(await dana.write_note(session, "text", revision=0))
        clock.forward(minutes=50)
        value(await dana.end(session))
        value(await dana.sign_and_lock(session, revision=1))
        assert value(await desk.acting_as(SYSTEM).purge_transcripts()) == ()
        return session, transcript

    session, transcript = asyncio.run(story())
    assert isinstance(repository, MemoryRepository)
    assert value(sync.acting_as(DANA).verify_note(session)) == ()
    assert row(repository, sched.PurgeObligation, transcript).status == "proven"
    assert clock.now - START == timedelta(minutes=50)
    store.close()
