"""Sessions to the last field: what the assistant is asked with, what is billed, and the edges of every limit."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import oasys_sched as sched
from oasys_sched import Code, Refusal, sessions
from oasys_sched.formats import FORMATS
from oasys_sched.sessions.assistant import (
    AssistantTask,
    HealthEntry,
    PastSession,
    PreparationRequest,
    Question,
    ScribeRequest,
)
from oasys_sched.sessions.call import Device, Participant, Presence
from oasys_sched.sessions.events import DeviceSwitched
from oasys_sched.sessions.note import NoteKind
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.timed import session_minutes
from tests.sessions.clinic import (
    ANN,
    CLINICIAN,
    DAY,
    DR,
    MINUTE,
    NONCE,
    NOW,
    SERVICE,
    accepted,
    active,
    admitted,
    after,
    appointment,
    booked,
    code,
    ended,
    facts,
    locked,
    written,
)

LATER = NOW + 60 * MINUTE


def entry(client: str, hours: int = 0, measure: str = "sleep") -> HealthEntry:
    return HealthEntry(client=client, measure=measure, at=NOW - timedelta(hours=hours), value=Sensitive("7"))


def test_s52_of_notes_only_the_own_locked_progress_notes_of_this_client_are_looked_at() -> None:
    mine = locked().note

    def said(text: str, **fields: object) -> sched.Note:
        return replace(mine, id=text, body=(replace(mine.body[0], text=Sensitive(text)),), **fields)

    notes = [
        said("mine"), said("of another client", client="bob"), said("of a colleague", clinician="colleague"),
        said("psychotherapy", purpose=NoteKind.PSYCHOTHERAPY), said("a draft", status=sched.NoteStatus.DRAFT),
        said("mine too"),
    ]  # fmt: skip
    past = ended(sched.Mode.PHONE).session
    others = [replace(past, id="s2", client="bob"), replace(past, id="s3", status=sched.SessionStatus.ABANDONED)]
    asked = accepted(sessions.prepare(
        booked(), sessions=[*others, past], health=[entry("ann"), entry("bob"), entry("ann", 5)], notes=notes, actor=DR
    )).value  # fmt: skip

    assert asked == PreparationRequest(
        client="ann",
        history=(PastSession(service="therapy", mode=sched.Mode.PHONE, at=past.started_at, minutes=50),),
        health=(entry("ann", 5), entry("ann")),
        themes=(Sensitive("mine"), Sensitive("mine too")),
    )
    # Nothing to prepare for once it is over, not even before an appointment that is still open.
    over = replace(booked(), session=past)
    assert code(sessions.prepare(over, actor=DR)) == "session_not_active"


def test_s53_a_question_carries_this_clients_entries_and_no_one_elses() -> None:
    given = {"task": "explain", "text": "what now?"} | {"task": next(iter(AssistantTask)).value}
    asked = accepted(sessions.ask(active(), **given, health=[entry("bob"), entry("ann")], actor=DR)).value
    task = next(iter(AssistantTask))

    assert asked == Question(client="ann", task=task, text=Sensitive("what now?"), health=(entry("ann"),))
    refused = sessions.ask(active(), task="sing", text="la", actor=DR)
    assert refused.refusals[0].message == f"give one of {', '.join(AssistantTask)}"
    most = refused_limit()
    assert accepted(sessions.ask(active(), task=task, text="x" * most, actor=DR)).value.text.reveal() == "x" * most
    assert code(sessions.ask(active(), task=task, text="x" * (most + 1), actor=DR)) == "invalid_value"


def refused_limit() -> int:
    refused = sessions.ask(active(), task=next(iter(AssistantTask)), text=" ", actor=DR)
    return refused.refusals[0].details["limit"]


def test_s71_the_scribe_is_given_the_draft_and_what_was_asked_for() -> None:
    state = written(active(sched.Mode.PHONE))
    plain = ScribeRequest(
        client="ann", mode=sched.Mode.PHONE, format="progress", sections=FORMATS["progress"], body=state.note.body
    )

    assert accepted(sessions.scribe(state, actor=DR)).value == plain
    full = accepted(sessions.scribe(
        state, transcript=(Sensitive("hm"),), template="SOAP", instructions="be brief", actor=DR
    )).value  # fmt: skip
    told = {"template": Sensitive("SOAP"), "instructions": Sensitive("be brief"), "transcript": (Sensitive("hm"),)}
    assert full == replace(plain, **told)


def test_s69_the_bill_names_everything_of_an_ended_session() -> None:
    session = replace(ended().session, billed=True, note_signed=True)
    bill = session.as_billable()

    for name in ("id", "client", "clinician", "service", "mode", "started_at", "price", "appointment", "billed",
                 "note_signed"):  # fmt: skip
        assert getattr(bill, name) == getattr(session, name), name
    assert (bill.price, bill.appointment, bill.billed, bill.note_signed) == (
        sched.Money(12000, "USD"),
        "a1",
        True,
        True,
    )


def test_b17_a_locked_or_running_one_hides_no_overdue_note_behind_it() -> None:
    state = ended()
    running = replace(active().session, id="s0")
    listed = sched.overdue_notes([running, state.session, replace(state.session, id="s2")], [], LATER + 9 * DAY)

    assert [row.session for row in listed] == ["s1", "s2"]


def test_a_session_by_phone_lasts_from_its_start_whatever_was_recorded_of_an_admission() -> None:
    remote = admitted().session
    over = {"status": sched.SessionStatus.ENDED, "ended_at": NOW + 50 * MINUTE}

    assert session_minutes(replace(remote, **over)) == 48
    assert session_minutes(replace(remote, mode=sched.Mode.PHONE, **over)) == 50


def test_a47_it_says_when_it_may_start() -> None:
    strict = booked(policy=sched.SessionPolicy(early_start=15 * MINUTE))
    refused = sessions.start(strict, id="s1", actor=DR, now=NOW - 16 * MINUTE)

    assert refused.refusals == (
        Refusal(
            Code.TOO_SOON, "it may not start that early", "now", {"earliest": (NOW - 15 * MINUTE).isoformat()}
        ),
    )  # fmt: skip
    assert accepted(sessions.start(strict, id="s1", actor=DR, now=NOW - 15 * MINUTE)).value.id == "s1"


def test_s46_the_modes_of_a_service_that_is_gone_are_those_of_the_booking() -> None:
    gone = booked(services=())
    refused = sessions.start(replace(gone, services=()), id="s1", mode=sched.Mode.PHONE, actor=DR, now=NOW)

    assert refused.refusals[0].details == {"modes": ("telehealth",)}


def test_a22_who_leaves_and_comes_back_has_no_device_on_and_has_not_left() -> None:
    state = admitted()
    state = after(state, sessions.toggle(state, device="microphone", on=True, actor=ANN, now=LATER))
    gone = after(state, sessions.leave(state, actor=ANN, now=LATER))
    back = after(gone, sessions.join(gone, id="x", actor=ANN, now=LATER + MINUTE))
    joined = NOW + MINUTE

    left = Participant(person="ann", presence=Presence.LEFT, joined_at=joined, left_at=LATER)
    assert replace(gone.session.participant("ann"), admitted_at=None) == left
    assert gone.session.participant("ann").devices == ()
    again = back.session.participant("ann")
    assert (again.presence, again.joined_at, again.left_at) == (Presence.WAITING, joined, None)


def test_s39_a_switched_device_is_told_with_its_state() -> None:
    state = admitted()
    done = accepted(sessions.toggle(state, device=Device.CAMERA, on=True, actor=ANN, now=LATER))

    assert done.events == (
        DeviceSwitched(
            practice="p", session="s1", clinician="dr", client="ann", appointment="a1", mode=sched.Mode.TELEHEALTH,
            actor="ann", role=sched.ActorKind.CLIENT, at=LATER, device=Device.CAMERA, on=True,
        ),
    )  # fmt: skip
    refused = sessions.toggle(state, device="drone", on=True, actor=ANN, now=LATER)
    assert refused.refusals[0].message == f"give one of {', '.join(Device)}"


def test_the_longest_and_shortest_that_may_be_set_or_said() -> None:
    state = admitted(policy=sched.SessionPolicy(chat_characters=5, early_start=timedelta(0), note_characters=1))

    assert accepted(sessions.chat(state, text="x" * 5, actor=ANN, now=LATER)).value.text.reveal() == "xxxxx"
    assert code(sessions.chat(state, text="x" * 6, actor=ANN, now=LATER)) == "invalid_value"
    day = timedelta(hours=24)
    assert replace(ended().session, duration=day).duration == day
    for wrong in (day + MINUTE, timedelta(0)):
        with pytest.raises(sched.InvalidValue) as caught:
            replace(ended().session, duration=wrong)
        assert caught.value.field == "duration"
    with pytest.raises(sched.InvalidValue) as naive:
        active().session.elapsed(datetime(2026, 3, 5, 21))
    assert naive.value.field == "now"


def log(known: sched.SessionFacts, starts_at: datetime, **more: object) -> object:
    given = {"id": "s9", "note_id": "n9", "nonce": "0123456789abcdef", "service": "therapy", "actor": DR, **more}
    return sessions.log_previous(known, starts_at=starts_at, mode=sched.Mode.IN_PERSON, now=NOW + DAY, **given)


def test_s65_one_warning_is_enough_and_what_only_touches_is_none() -> None:
    other = replace(ended().session, id="s2")
    known = facts(nearby=(other, replace(other, id="s3", started_at=NOW + MINUTE)))
    crossing = accepted(log(known, NOW + 10 * MINUTE))

    assert [row.code for row in crossing.warnings] == [Code.OVERLAP]
    alone = facts(nearby=(other,))
    assert accepted(log(alone, NOW + 50 * MINUTE)).warnings == ()
    assert accepted(log(alone, NOW - 50 * MINUTE)).warnings == ()
    assert accepted(log(alone, NOW - 49 * MINUTE)).warnings != ()
    assert crossing.changes[1].nonce == "0123456789abcdef"


def test_a31_an_appointment_may_be_linked_from_its_start_on() -> None:
    session = accepted(log(facts(), NOW - 50 * MINUTE)).value
    known = replace(facts(appointment=appointment(starts_at=NOW)), session=session)

    assert accepted(sessions.link_logged(known, actor=DR, now=NOW)).value.appointment == "a1"
    assert code(sessions.link_logged(known, actor=DR, now=NOW - MINUTE)) == "not_started_yet"


def test_who_somebody_is_to_a_session_is_asked_of_the_session_itself() -> None:
    # The facts are the colleague's and another client's, the session is not.
    colleague, bob = replace(CLINICIAN, id="colleague"), sched.Client(practice="p", id="bob", revision=1)
    state = replace(active(), clinician=colleague, client=bob)

    assert accepted(sessions.end(state, actor=DR, now=LATER)).value.status is sched.SessionStatus.ENDED
    assert code(sessions.end(state, actor=sched.Actor.clinician("colleague", practice="p"), now=LATER)) == "forbidden"
    assert code(sessions.leave(state, actor=ANN, now=LATER)) == "not_in_call"
    assert code(sessions.leave(state, actor=sched.Actor.client("bob", practice="p"), now=LATER)) == "not_found"
    assert SERVICE.id == state.session.service
    # Nor does an appointment named beside it make it anybody else's.
    beside = replace(state, appointment=appointment(clinician="colleague"))
    assert accepted(sessions.chat(beside, text="hello", actor=DR, now=NOW)).value.sender == "dr"


def test_a_note_says_which_formats_there_are() -> None:
    with pytest.raises(sched.InvalidValue, match="progress, soap, dap, birp, girp") as caught:
        replace(written(active()).note, format="novel")
    assert caught.value.field == "format"


def test_o5_what_hides_sensitive_text_hides_it_in_words() -> None:
    import pickle

    text = Sensitive("secret")
    with pytest.raises(TypeError, match=r"^sensitive text is not pickled: reveal it on purpose, or pass its id$"):
        pickle.dumps(text)
    assert hash(text) == hash(Sensitive("secret")) != hash(Sensitive("other"))
    assert f"{text}" == repr(text)


def test_o5_pydantic_reads_what_is_kept_whatever_its_type_and_tells_nothing_of_it() -> None:
    pydantic = pytest.importorskip("pydantic")
    scores = pydantic.TypeAdapter(Sensitive[dict[str, int]])
    plain = pydantic.TypeAdapter(Sensitive)

    assert scores.validate_python({"phq9": "11"}).reveal() == {"phq9": 11}
    assert scores.dump_python(Sensitive({"phq9": 11}), context=sched.REVEAL) == {"phq9": 11}
    assert plain.validate_python("text").reveal() == "text"
    with pytest.raises(ValueError, match=r"Value error, not what is kept here \["):
        scores.validate_python({"phq9": "canary"})
    with pytest.raises(ValueError, match=r": sensitive text is written only under context=REVEAL$"):
        scores.dump_python(Sensitive({"phq9": 11}))


def test_b12_stating_another_place_from_inside_the_call_leaves_one_in_it() -> None:
    state = admitted()
    moved = accepted(sessions.join(state, id="x", place="US-TX", actor=ANN, now=LATER))

    assert moved.value.places[-1].place == "US-TX"
    assert moved.value.participants == state.session.participants
    assert moved.events == ()


def test_s37_of_two_reasons_the_appointments_own_is_told_first() -> None:
    state = facts(appointment=appointment(status=sched.AppointmentStatus.PENDING), active=active().session)

    assert code(sessions.start(state, id="s2", actor=DR, now=NOW)) == "not_confirmed"


def test_s61_the_note_of_a_logged_session_has_the_clinicians_format() -> None:
    state = facts(clinician=replace(CLINICIAN, note_format="dap"))
    logged = sessions.log_previous(
        state, id="s9", note_id="n9", nonce=NONCE, service="therapy", starts_at=NOW - DAY, actor=DR, now=NOW
    )

    assert after(state, logged).note.format == "dap"


@pytest.mark.parametrize("name", sessions.__all__)
def test_every_decision_is_found_where_it_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # As on first use: nothing has loaded it.
    monkeypatch.delitem(vars(sessions), name, raising=False)
    found = getattr(sessions, name)

    assert (found.__name__, found.__module__.rpartition(".")[0]) == (name, "oasys_sched.sessions")
    assert vars(sessions)[name] is found
