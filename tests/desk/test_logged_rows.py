"""Sessions that took place elsewhere, row by row, through the desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched.ports import Commit, Query, Wanted
from oasys_sched.sessions.assistant import PreparationRequest, Question, ScribeRequest, Suggestion
from oasys_sched.sessions.note import Passage
from oasys_sched.testing.doubles import MemoryTranscripts
from tests.desk import practice
from tests.desk.practice import MONDAY, NORTH
from tests.sessions.files import png

DANA = sched.Actor.clinician("dana", practice=NORTH)
ANA = sched.Actor.client("ana", practice=NORTH)
START = MONDAY.replace(hour=10)
PAST = START - timedelta(days=30)
PNG = png(16, 16)


class Asked:
    """An assistant that keeps what it was shown."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def prepare(self, request: PreparationRequest, /) -> Suggestion:
        return self._answer(request)

    def answer(self, question: Question, /) -> Suggestion:
        return self._answer(question)

    def scribe(self, request: ScribeRequest, /) -> Suggestion:
        return self._answer(request)

    def _answer(self, request: Any) -> Suggestion:
        self.seen.append(request)
        return Suggestion(passages=(Passage(section="", text=sched.Sensitive("a summary")),))


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Any]:
    from functools import partial

    from oasys_sched.adapters.memory import MemoryRepository

    return partial(practice.opened, store=lambda clock: MemoryRepository(clock=clock))


def value(decision: object) -> Any:
    assert isinstance(decision, sched.Accepted), decision
    return decision.value


def code(decision: object) -> str:
    assert isinstance(decision, sched.Refused), decision
    return str(decision.code)


def logged(dana: Any, **given: Any) -> Any:
    return dana.log_previous(
        **{"client": "ana", "service": "therapy-50", "mode": "in_person", "starts_at": PAST} | given
    )


def test_s62_where_the_log_is_opened_makes_no_difference(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    by_calendar = logged(desk.acting_as(DANA))
    by_client = logged(desk.acting_as(DANA), starts_at=PAST - timedelta(days=1))

    one, other = value(by_calendar), value(by_client)
    assert (one.status, one.origin, one.mode) == (other.status, other.origin, other.mode)
    assert [type(event) for event in by_calendar.events] == [type(event) for event in by_client.events]


def test_s63_date_time_mode_are_needed_and_the_length_comes_from_the_service(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    assert value(logged(dana)).ended_at - PAST == timedelta(minutes=50)
    longer = value(logged(dana, starts_at=PAST - timedelta(days=1), duration=timedelta(minutes=80)))
    assert longer.ended_at - longer.started_at == timedelta(minutes=80)
    assert code(logged(dana, mode=None)) == "mode_required"


def test_s64_client_service_and_mode_are_checked_as_for_an_appointment(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    assert isinstance(logged(dana, client="nobody"), sched.Refused)
    assert code(logged(dana, service="nothing")) in {"unknown_service", "not_found"}
    assert isinstance(logged(desk.acting_as(ANA)), sched.Refused)


def test_s65_it_has_to_be_over_and_may_be_long_ago(opened: Callable[..., Any]) -> None:
    desk, clock, _ = opened()
    dana = desk.acting_as(DANA)

    assert code(logged(dana, starts_at=clock.now - timedelta(minutes=49))) == "not_in_past"
    assert value(logged(dana, starts_at=clock.now - timedelta(minutes=50))).status == "ended"
    assert value(logged(dana, starts_at=PAST.replace(year=2001))).status == "ended"


def test_s66_notes_and_files_go_into_the_draft(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    session = value(logged(dana))
    note = value(dana.write_note(session.id, "we talked", revision=value(dana.read_note(session.id)).revision))

    files = [
        sched.Upload(name="a.png", media_type="image/png", content=PNG),
        sched.Upload(name="a.pdf", media_type="image/png", content=PNG),
    ]
    good, bad = value(dana.attach(session.id, files, revision=note.revision))

    draft = value(dana.read_note(session.id))
    assert (draft.status, draft.body[0].text.reveal()) == ("draft", "we talked")
    assert draft.attachments == (value(good),)
    assert code(bad) == "file_type_mismatch"


def test_s67_a_logged_session_is_signed_like_any_other(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)
    session = value(logged(dana))
    note = value(dana.write_note(session.id, "we talked", revision=value(dana.read_note(session.id)).revision))

    locked = value(dana.sign_and_lock(session.id, revision=note.revision))

    assert locked.status == "locked"
    assert code(dana.write_note(session.id, "more", revision=locked.revision)) == "note_locked"


def test_s68_history_has_scheduled_and_logged_sessions_once_each_by_start(opened: Callable[..., Any]) -> None:
    desk, clock, _ = opened()
    dana = desk.acting_as(DANA)
    made = value(dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=START))
    clock.now = START
    held = value(dana.start(made.id))
    clock.forward(minutes=50)
    value(dana.end(held.id))
    later = value(logged(dana))
    earlier = value(logged(dana, starts_at=PAST - timedelta(days=7)))

    listed = value(dana.history("ana"))

    assert [session.id for session in listed] == [earlier.id, later.id, held.id]
    assert [session.origin for session in listed] == ["logged", "logged", "scheduled"]


def test_s71_scribe_and_billing_work_and_what_is_live_does_not(opened: Callable[..., Any]) -> None:
    assistant = Asked()
    desk, _, _ = opened(assistant=assistant, transcripts=MemoryTranscripts())
    dana = desk.acting_as(DANA)
    session = value(logged(dana))

    assert value(dana.scribe(session.id)).text.reveal() == "a summary"
    assert value(dana.bill_session(session.id)).billed
    for live in (dana.enable_transcription(session.id), dana.toggle(session.id, "camera", on=True)):
        assert isinstance(live, sched.Refused)


def test_s72_a_walk_in_is_logged_without_an_appointment(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    session = value(logged(dana, walk_in=True))

    assert session.origin == "walk_in"
    assert session.appointment is None
    assert value(dana.agenda(sched.Span(PAST - timedelta(days=1), START + timedelta(days=1)))) == ()


def test_o8_a_supervisor_sees_the_supervisees_own_clients_and_walk_ins(opened: Callable[..., Any]) -> None:
    """Direct clients, and clients of a colleague who were seen once (A24); nobody else's supervisor does."""
    desk, _, repository = opened()
    known = repository.load(Wanted(practice=NORTH, queries=(Query(kind="clinician"),))).one(sched.Clinician, "dana")
    supervised = replace(known, revision=2, supervisor="sup")
    others = [replace(known, id=id, revision=1) for id in ("sup", "someone")]
    repository.commit(Commit(practice=NORTH, changes=(supervised, *others)))
    dana, sup = desk.acting_as(DANA), desk.acting_as(sched.Actor.supervisor("sup", practice=NORTH))
    own = value(logged(dana))
    walked_in = value(logged(dana, client="cat", walk_in=True, starts_at=PAST - timedelta(days=1)))
    theirs = value(logged(desk.acting_as(sched.Actor.clinician("someone", practice=NORTH)), client="cat"))

    for session in (own, walked_in):
        value(dana.write_note(session.id, "what was said", revision=value(dana.read_note(session.id)).revision))
        assert value(sup.read_note(session.id)).session == session.id
        assert code(desk.acting_as(sched.Actor.supervisor("other", practice=NORTH)).read_note(session.id)) == (
            "forbidden"
        )
    assert code(sup.read_note(theirs.id)) == "forbidden"
    sent = value(dana.submit_for_review(walked_in.id, revision=value(dana.read_note(walked_in.id)).revision))
    assert value(sup.approve_note(walked_in.id, revision=sent.revision)).locked


def test_s112_a_previous_session_is_a_full_record(opened: Callable[..., Any]) -> None:
    desk, _, _ = opened()
    dana = desk.acting_as(DANA)

    session = value(logged(dana))

    assert (session.status, session.origin) == ("ended", "logged")
    assert value(dana.read_note(session.id)).status == "draft"
    assert [one.id for one in value(dana.history("ana"))] == [session.id]


def test_s48_audio_is_transcribed_in_person_and_on_the_phone_too(opened: Callable[..., Any]) -> None:
    for mode in ("in_person", "phone"):
        desk, _, _ = opened(transcripts=MemoryTranscripts(), offers=practice.service(modes=tuple(sched.Mode)))
        dana = desk.acting_as(DANA)
        session = value(dana.start(client="ana", service="therapy-50", mode=mode))
        assert value(dana.enable_transcription(session.id)).status == "live"


def test_s52_the_summary_is_asked_for_with_this_clients_data_alone(opened: Callable[..., Any]) -> None:
    assistant = Asked()
    desk, _, _ = opened(assistant=assistant)
    dana = desk.acting_as(DANA)
    value(logged(dana))
    value(logged(dana, client="ben", starts_at=PAST - timedelta(days=1)))
    made = value(dana.create(client="ana", service="therapy-50", mode="in_person", starts_at=START))

    assert value(dana.prepare_session(made.id)).text.reveal() == "a summary"
    (request,) = assistant.seen
    assert "ben" not in repr(request)
    assert isinstance(desk.acting_as(ANA).prepare_session(made.id), sched.Refused)
