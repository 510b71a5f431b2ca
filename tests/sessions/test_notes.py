"""RULES 1.8, 1.9, table 3.6: a note is written, reviewed, locked, and never changed after."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import oasys_sched as sched
from oasys_sched import decisions, sessions
from oasys_sched.sessions.table import NOTE, NoteAct, NoteStatus
from tests.sessions.clinic import (
    ANN,
    BOB,
    CLIENT,
    CLINICIAN,
    COLLEAGUE,
    DAY,
    DR,
    EVERYBODY,
    MINUTE,
    NONCE,
    NOW,
    OTHER_SUP,
    SUP,
    SUPERVISED,
    SYSTEM,
    accepted,
    active,
    after,
    booked,
    code,
    ended,
    event_names,
    facts,
    in_review,
    locked,
    transcribed,
    written,
)

LATER = NOW + 60 * MINUTE


def write(given, text="sleeps badly", **asked):
    revision = given.note.revision if given.note else 0
    return sessions.write_note(
        given, **{"text": text, "revision": revision, "id": "n1", "nonce": NONCE, "actor": DR, "now": NOW, **asked}
    )


def sign(given, **asked):
    return sessions.sign_and_lock(given, **{"revision": given.note.revision, "actor": DR, "now": LATER, **asked})


def submit(given, **asked):
    return sessions.submit_for_review(given, **{"revision": given.note.revision, "actor": DR, "now": LATER, **asked})


def approve(given, **asked):
    return sessions.approve_note(
        given, **{"revision": given.note.revision, "name": "S. Visor", "actor": SUP, "now": LATER, **asked}
    )


def give_back(given, **asked):
    return sessions.return_note(
        given, **{"comment": "say more", "revision": given.note.revision, "actor": SUP, "now": LATER, **asked}
    )


@pytest.mark.parametrize("mode", list(sched.Mode))
def test_s49_notes_are_written_from_the_start_on_in_every_mode(mode) -> None:
    assert accepted(write(active(mode))).value.section("note").reveal() == "sleeps badly"
    assert code(write(booked(mode))) == "not_found"


def test_s49_nothing_is_written_about_what_did_not_start_or_was_abandoned() -> None:
    before = booked()
    waiting = after(before, sessions.join(before, id="s1", actor=ANN, now=NOW))
    gone = after(active(), sessions.abandon(active(), actor=DR, now=NOW))

    assert code(write(waiting)) == "session_not_active"
    assert code(write(gone)) == "session_not_active"


def test_a23_the_note_of_an_abandoned_session_stays_as_it_is() -> None:
    state = written(active())
    gone = after(state, sessions.abandon(state, actor=DR, now=NOW + MINUTE))
    given = {"revision": 1, "actor": DR, "now": NOW + MINUTE}

    for refused in (
        write(gone, "more"),
        sessions.insert_text(gone, text="more", **given),
        sessions.switch_format(gone, format="soap", **given),
        sessions.attach(gone, files={}, **given),
        sessions.detach(gone, attachment="x", **given),
        sessions.start_dictation(gone, id="t9", actor=DR, now=NOW + MINUTE),
        sessions.scribe(gone, actor=DR),
    ):
        assert code(refused) == "session_not_active"
    assert accepted(sessions.read_note(gone, actor=DR)).value == state.note


def test_s50_one_draft_a_session_by_its_clinician_made_on_the_first_write() -> None:
    made = accepted(write(active()))

    assert (made.value.revision, made.value.clinician, made.value.status) == (1, "dr", sched.NoteStatus.DRAFT)
    assert event_names(made) == ["NoteStarted", "NoteWritten"]
    assert made.value.occupancies[0].resource == "note:progress:s1"
    assert code(write(active(), revision=1)) == "not_found"
    assert code(write(active(), id=None)) == "not_found"
    assert code(write(active(), nonce=None)) == "not_found"


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not DR])
def test_s50_nobody_else_writes(actor) -> None:
    hidden = actor.practice != "p" or actor is BOB
    expected = "not_found" if hidden else "forbidden"

    assert code(write(active(), actor=actor)) == expected
    assert code(write(written(active()), actor=actor)) == expected


def test_s51_autosave_is_due_when_something_changed_and_some_seconds_have_passed() -> None:
    due = sched.autosave_due

    assert due(None, True, NOW)
    assert not due(None, False, NOW)
    assert not due(NOW, True, NOW + timedelta(seconds=4))
    assert due(NOW, True, NOW + timedelta(seconds=5))
    assert due(NOW, True, NOW, every=timedelta(0))


def test_s51_an_unchanged_text_makes_no_revision() -> None:
    state = written(active())

    again = accepted(write(state))

    assert (again.value, again.changes, again.events) == (state.note, (), ())


def test_s51_a_write_based_on_an_old_revision_is_refused_with_both_texts() -> None:
    state = written(written(active()), "sleeps badly again")

    refused = write(state, "eats little", revision=1)

    assert code(refused) == "stale_revision"
    details = refused.refusals[0].details
    assert details["yours"].reveal() == "eats little"
    assert details["stored"][0].text.reveal() == "sleeps badly again"
    assert details["revision"] == 2
    assert "eats" not in repr(refused)
    assert "sleeps" not in repr(refused)


def test_s51_a_repeated_write_whose_answer_was_lost_is_no_conflict() -> None:
    state = written(active())

    assert accepted(write(state, revision=0)).value == state.note


def test_s51_an_autosave_after_the_lock_is_refused_and_hands_the_text_back() -> None:
    refused = write(locked(), {"note": "one more thing"})

    assert code(refused) == "note_locked"
    assert refused.refusals[0].details["yours"]["note"].reveal() == "one more thing"


def test_s51_whatever_is_refused_the_author_gets_the_text_back() -> None:
    state = written(active())
    waiting = after(booked(), sessions.join(booked(), id="s1", actor=ANN, now=NOW))
    insert = lambda text: sessions.insert_text(state, text=text, revision=1, actor=DR, now=NOW)

    for refused, text in (
        (write(state, "x" * 200_001), "x" * 200_001),
        (write(waiting, "too early"), "too early"),
        (write(active(), "no such revision", revision=4), "no such revision"),
        (insert("x" * 200_000), "x" * 200_000),
    ):
        assert refused.refusals[0].details["yours"].reveal() == text
    assert write(state, {"weather": "rain"}).refusals[0].details["yours"]["weather"].reveal() == "rain"
    # Nobody else learns from it that there is a session.
    assert write(state, "x", actor=BOB) == decisions.nothing_here()
    assert sessions.insert_text(state, text="x", revision=1, actor=BOB, now=NOW) == decisions.nothing_here()


def test_s51_what_was_handed_back_can_be_written_as_it_is() -> None:
    state = written(active())
    handed = write(state, {"note": "mine"}, revision=0).refusals[0].details["yours"]

    assert accepted(write(state, handed)).value.section("note").reveal() == "mine"
    assert accepted(write(state, sched.Sensitive("mine"))).value.section("note").reveal() == "mine"


@pytest.mark.parametrize("text", [None, 5, ["sleeps badly"], b"sleeps badly", sched.Sensitive(b"sleeps badly")])
def test_s50_a_note_is_text(text: Any) -> None:
    state = written(active())

    assert code(write(state, text)) == "invalid_value"
    assert code(write(active(), text)) == "invalid_value"
    assert code(sessions.insert_text(state, text=text, revision=1, actor=DR, now=NOW)) == "invalid_value"


def test_o5_five_formats_are_data_and_text_without_a_section_goes_into_the_first() -> None:
    assert set(sched.note_formats()) == {"progress", "soap", "dap", "birp", "girp"}
    soap = facts_with_format("soap")

    assert accepted(write(soap)).value.section("subjective").reveal() == "sleeps badly"
    kept = accepted(write(soap, {"plan": "rest", "assessment": "fair", "objective": ""}))
    assert [row.section for row in kept.value.body] == ["assessment", "plan"]
    assert code(write(soap, {"weather": "rain"})) == "invalid_value"
    assert code(write(soap, {"plan": b"sound"})) == "invalid_value"


def facts_with_format(name):
    return active(clinician=replace(CLINICIAN, note_format=name))


def test_o5_the_format_switches_for_one_session_and_loses_no_text() -> None:
    soap = facts_with_format("soap")
    soap = after(soap, write(soap, {"subjective": "tired", "plan": "rest", "objective": "pale"}))

    dap = accepted(sessions.switch_format(soap, format="dap", revision=1, actor=DR, now=NOW)).value

    assert dap.format == "dap"
    assert dap.section("data").reveal() == "tired\n\npale"
    assert dap.section("plan").reveal() == "rest"
    assert code(sessions.switch_format(soap, format="poem", revision=1, actor=DR, now=NOW)) == "invalid_value"
    assert code(sessions.switch_format(soap, format="dap", revision=0, actor=DR, now=NOW)) == "stale_revision"


def test_o5_text_of_a_transcript_is_appended_by_an_explicit_insert_and_survives_it() -> None:
    state = written(ended())
    insert = lambda given, text, **asked: sessions.insert_text(
        given, **{"text": text, "revision": given.note.revision, "actor": DR, "now": NOW, **asked}
    )

    once = accepted(insert(state, sched.Sensitive("said: better")))

    assert once.value.section("note").reveal() == "sleeps badly\nsaid: better"
    assert once.events[0].inserted is True
    soap = after(facts_with_format("soap"), write(facts_with_format("soap")))
    assert accepted(insert(soap, "rest", section="plan")).value.section("plan").reveal() == "rest"
    assert code(insert(soap, "rest", section="none")) == "invalid_value"
    assert code(insert(state, "x", revision=9)) == "stale_revision"
    refused = insert(locked(), sched.Sensitive("late"))
    assert (code(refused), refused.refusals[0].details["yours"].reveal()) == ("note_locked", "late")


def test_a_note_has_a_greatest_length() -> None:
    small = sched.SessionPolicy(note_characters=10)

    assert code(write(active(policy=small), "x" * 11)) == "too_large"
    assert accepted(write(active(policy=small), "x" * 10)).value.revision == 1


def test_s56_after_the_end_the_draft_stays_editable() -> None:
    state = written(ended(), "first")

    assert accepted(write(state, "second")).value.section("note").reveal() == "second"


def test_s57_sign_and_lock_makes_a_permanent_record() -> None:
    state = written(ended())

    done = accepted(sign(state))

    assert done.value.status is sched.NoteStatus.LOCKED
    (signature,) = done.value.signatures
    assert (signature.signer, signature.name, signature.meaning) == ("dr", "Dr. Dana", sched.Meaning.AUTHORSHIP)
    assert done.value.locked_at == LATER
    assert done.value.digest == sched.note_digest(state.note, state.session)
    assert {row.kind: row.revision for row in done.changes} == {"note": 2, "session": 3}
    assert after(state, done).session.note_signed
    assert event_names(done) == ["NoteLocked"]
    assert done.events[0].digest == done.value.digest


def test_s57_not_while_active_not_when_empty_and_not_by_anybody_else() -> None:
    assert code(sign(written(active()))) == "session_active"
    assert code(sign(written(ended(), " "))) == "empty_note"
    assert code(sign(written(ended()), actor=COLLEAGUE)) == "forbidden"
    assert code(sign(written(ended()), actor=BOB)) == "not_found"
    assert code(sessions.sign_and_lock(ended(), revision=0, actor=DR, now=NOW)) == "not_found"
    state = written(active())
    gone = after(state, sessions.abandon(state, actor=DR, now=NOW))
    assert code(sign(gone)) == "session_not_active"


def test_s57_what_is_signed_is_what_the_signer_saw() -> None:
    state = written(ended())

    assert code(sign(state, revision=0)) == "stale_revision"
    assert code(sign(state, digest="0" * 64)) == "stale_revision"
    assert accepted(sign(state, digest=sched.note_digest(state.note, state.session))).value.locked


@pytest.mark.parametrize(
    "attempt",
    [
        lambda s: write(s, "other"),
        lambda s: sign(s),
        lambda s: submit(s),
        lambda s: sessions.insert_text(s, text="x", revision=s.note.revision, actor=DR, now=NOW),
        lambda s: sessions.switch_format(s, format="dap", revision=s.note.revision, actor=DR, now=NOW),
        lambda s: sessions.detach(s, attachment="f", revision=s.note.revision, actor=DR, now=NOW),
        lambda s: sessions.attach(s, files={}, revision=s.note.revision, actor=DR, now=NOW),
        lambda s: sessions.recall_note(s, actor=DR, now=NOW),
        lambda s: sessions.scribe(s, actor=DR),
        lambda s: sessions.start_dictation(s, id="t", actor=DR, now=NOW),
    ],
)
def test_s57_a_locked_note_is_locked_for_every_act(attempt) -> None:
    assert code(attempt(locked())) == "note_locked"


def test_s58_lock_and_purge_are_one_commit() -> None:
    state = transcribed(active(sched.Mode.PHONE), "one", "two")
    state = written(after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE)))

    done = accepted(sign(state))

    by_kind = {row.kind: row for row in done.changes}
    assert set(by_kind) == {"note", "session", "transcript", "purge"}
    assert by_kind["transcript"].status is sched.TranscriptStatus.PURGING
    assert by_kind["transcript"].tombstone == sched.Tombstone(at=LATER, why=sched.PurgeReason.NOTE_LOCKED, count=2)
    assert by_kind["purge"].due == LATER + timedelta(minutes=15)
    assert event_names(done) == ["NoteLocked", "PurgeOrdered"]


def test_s59_a_supervised_author_submits_and_an_unsupervised_one_signs() -> None:
    supervised, free = written(ended(clinician=SUPERVISED)), written(ended())

    assert code(sign(supervised)) == "review_required"
    assert code(submit(free)) == "no_supervisor"
    asked = accepted(submit(supervised))
    assert asked.value.status is sched.NoteStatus.IN_REVIEW
    assert (event_names(asked), asked.events[0].supervisor) == (["NoteSubmitted"], "sup")
    assert accepted(sign(free)).value.locked


def possible(given, actor=DR, **asked):
    return {row.action.value: row for row in sched.note_actions(given, actor=actor, now=LATER, **asked)}


def enabled(given, actor=DR, **asked):
    return {name for name, row in possible(given, actor, **asked).items() if row.enabled}


def test_s59_exactly_one_of_sign_and_submit_is_among_the_actions() -> None:
    alone, supervised = written(ended()), written(ended(clinician=SUPERVISED))

    assert enabled(alone) == {"read_note", "write_note", "sign_note"}
    assert enabled(supervised) == {"read_note", "write_note", "submit_note"}
    for given, left_out in ((alone, "submit_note"), (supervised, "sign_note"), (locked(), "submit_note")):
        assert left_out not in possible(given)
    # Psychotherapy notes are the author's alone: nobody reviews them.
    private = sched.NoteKind.PSYCHOTHERAPY
    assert enabled(replace(supervised, note=replace(supervised.note, purpose=private)), purpose=private) == {
        "read_note", "write_note", "sign_note",
    }  # fmt: skip
    assert "submit_note" not in possible(replace(supervised, note=None), purpose=private)


def test_s59_what_is_not_possible_says_why() -> None:
    begun = possible(written(active()))
    assert begun["sign_note"].refusals[0].code == "session_active"
    assert enabled(active()) == {"write_note"}
    assert enabled(in_review()) == {"read_note", "recall_note"}
    assert enabled(in_review(), SUP) == {"read_note", "approve_note", "return_note"}
    assert enabled(locked()) == {"read_note", "add_addendum"}
    assert possible(locked())["write_note"].refusals[0].code == "note_locked"
    drafted = after(locked(), sessions.add_addendum(locked(), id="x1", text="also", actor=DR, now=LATER))
    assert "add_addendum" in enabled(drafted)
    assert possible(locked(), ANN) == possible(locked(), BOB) == {}


def test_s60_the_assigned_supervisor_approves_and_both_signatures_stand() -> None:
    state = in_review()

    done = accepted(approve(state))

    assert [(row.signer, row.meaning) for row in done.value.signatures] == [
        ("dr", sched.Meaning.AUTHORSHIP), ("sup", sched.Meaning.APPROVAL),
    ]  # fmt: skip
    assert done.value.locked
    assert sched.verify(done.value, state.session) == ()
    assert event_names(done) == ["NoteLocked", "NoteApproved"]


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not SUP])
def test_s60_nobody_else_approves_or_returns_not_even_the_author(actor) -> None:
    expected = "not_found" if actor.practice != "p" or actor is BOB else "forbidden"

    assert code(approve(in_review(), actor=actor)) == expected
    assert code(give_back(in_review(), actor=actor)) == expected


def test_s60_in_review_the_author_only_reads_or_recalls() -> None:
    assert code(write(in_review(), "more")) == "invalid_transition"
    assert code(submit(in_review())) == "invalid_transition"
    assert code(sign(in_review())) == "invalid_transition"
    back = accepted(sessions.recall_note(in_review(), actor=DR, now=LATER))
    assert (back.value.status, back.value.signatures, back.value.digest) == (sched.NoteStatus.DRAFT, (), None)
    assert back.events[0].supervisor == "sup"


def test_s60_returned_with_a_comment_it_is_the_authors_again() -> None:
    assert code(give_back(in_review(), comment=" ")) == "reason_required"
    assert code(give_back(in_review(), revision=1)) == "stale_revision"
    assert code(approve(in_review(), revision=1)) == "stale_revision"
    state = after(in_review(), give_back(in_review()))
    assert state.note.comment.reveal() == "say more"
    assert state.note.signatures == ()
    state = after(state, write(state, "sleeps badly since March"))
    assert state.note.status is sched.NoteStatus.DRAFT
    state = after(state, submit(state))
    assert accepted(approve(state)).value.comment is None


def test_s60_an_approval_is_of_exactly_what_the_author_signed() -> None:
    state = in_review()
    touched = replace(state, note=replace(state.note, body=(sched.Passage(section="note", text=sched.Sensitive("x")),)))

    assert code(approve(touched)) == "stale_revision"


def test_a25_the_transcript_goes_on_approval_not_on_submission() -> None:
    state = transcribed(active(sched.Mode.PHONE, clinician=SUPERVISED), "one")
    state = written(after(state, sessions.end(state, actor=DR, now=NOW + 50 * MINUTE)))

    state = after(state, submit(state))

    assert state.transcripts[0].readable
    assert code(sessions.read_transcript(state, transcript="t1", actor=SUP)) == "forbidden"
    state = after(state, approve(state))
    assert not state.transcripts[0].readable


def test_a26_review_follows_the_new_supervisor() -> None:
    state = replace(in_review(), clinician=replace(SUPERVISED, supervisor="other-sup"))

    assert code(approve(state)) == "forbidden"
    assert accepted(approve(state, actor=OTHER_SUP)).value.locked


def test_a26_without_a_supervisor_left_the_author_recalls_and_signs() -> None:
    state = replace(in_review(), clinician=CLINICIAN)

    assert code(approve(state)) == "forbidden"
    recalled = sessions.recall_note(state, actor=DR, now=LATER)
    assert accepted(recalled).events[0].supervisor is None
    assert accepted(sign(after(state, recalled))).value.locked


def test_a26_nobody_approves_an_own_note() -> None:
    state = replace(in_review(), clinician=replace(CLINICIAN, supervisor="dr"))

    assert code(approve(state, actor=sched.Actor.supervisor("dr", practice="p"))) == "forbidden"
    assert accepted(sign(written(ended(clinician=replace(CLINICIAN, supervisor="dr"))))).value.locked


def test_b17_a_late_entry_is_flagged_and_an_overdue_note_listed() -> None:
    state = written(ended())
    due = state.session.ended_at + 2 * DAY

    on_time, late = accepted(sign(state, now=due)), accepted(sign(state, now=due + MINUTE))

    assert (on_time.value.late_entry, on_time.warnings) == (False, ())
    assert (late.value.late_entry, [row.code for row in late.warnings]) == (True, ["late_entry"])
    assert late.events[0].late_entry is True
    listed = sched.overdue_notes([state.session, active().session], [state.note], due + MINUTE)
    assert [(row.note, row.due, row.status) for row in listed] == [("n1", due, sched.NoteStatus.DRAFT)]
    assert sched.overdue_notes([state.session], [], due + MINUTE)[0].note is None
    assert sched.overdue_notes([state.session], [state.note], due) == ()
    assert sched.overdue_notes([state.session], [late.value], due + DAY) == ()


def test_a_clock_set_back_signs_nothing_but_small_steps_keep_the_order() -> None:
    state = written(ended(), at=NOW + 55 * MINUTE)

    assert code(sign(state, now=NOW + 49 * MINUTE)) == "clock_skew"
    stamped = accepted(sign(state, now=NOW + 53 * MINUTE)).value
    assert stamped.locked_at == NOW + 55 * MINUTE
    supervised = in_review()
    assert accepted(approve(supervised, now=LATER - MINUTE)).value.locked_at == LATER


def test_a_psychotherapy_note_named_by_text_is_the_authors_alone_too() -> None:
    given = ended(clinician=SUPERVISED)
    state = after(given, write(given, purpose="psychotherapy"))

    assert state.note is not None
    assert state.note.purpose is sched.NoteKind.PSYCHOTHERAPY
    assert code(sessions.read_note(state, actor=SUP)) == "forbidden"
    with pytest.raises(sched.InvalidValue, match="purpose: give progress or psychotherapy"):
        replace(state.note, purpose="private")


def test_psychotherapy_notes_are_the_authors_alone_even_under_supervision() -> None:
    given = ended(clinician=SUPERVISED)
    state = after(given, write(given, purpose=sched.NoteKind.PSYCHOTHERAPY))

    assert state.note.occupancies[0].resource == "note:psychotherapy:s1"
    assert code(sessions.read_note(state, actor=SUP)) == "forbidden"
    assert accepted(sessions.read_note(state, actor=DR)).value == state.note
    assert code(submit(state)) == "no_supervisor"
    state = after(state, sign(state))
    assert code(sessions.add_addendum(state, id="d1", text="x", actor=SUP, now=LATER)) == "forbidden"
    mine = after(state, sessions.add_addendum(state, id="d1", text="x", actor=DR, now=LATER))
    assert len(accepted(sessions.sign_addendum(mine, actor=DR, now=LATER)).value.addenda) == 1


@pytest.mark.parametrize("actor", EVERYBODY)
def test_read_note_is_for_author_and_supervisor(actor) -> None:
    decision = sessions.read_note(in_review(), actor=actor)

    if actor in {DR, SUP}:
        assert accepted(decision).value.section("note").reveal() == "sleeps badly"
    else:
        assert code(decision) == ("not_found" if actor.practice != "p" or actor is BOB else "forbidden")
    assert code(sessions.read_note(ended(), actor=DR)) == "not_found"


def add(given, **asked):
    return sessions.add_addendum(given, **{"id": "d1", "text": "it was April", "actor": DR, "now": LATER, **asked})


def test_b7_an_addendum_is_signed_on_its_own_and_the_notes_digest_stays() -> None:
    state = locked()
    digest = state.note.digest
    state = after(state, add(state, text="draft"))
    state = after(state, add(state))

    state = after(state, sessions.sign_addendum(state, actor=DR, now=LATER))

    (addendum,) = state.note.addenda
    assert (addendum.text.reveal(), addendum.author, addendum.status) == ("it was April", "dr", "signed")
    assert state.note.digest == digest
    assert state.note.pending is None
    assert sched.verify(state.note, state.session) == ()


def test_b7_addenda_belong_to_locked_notes_and_are_append_only() -> None:
    assert code(add(written(ended()))) == "invalid_transition"
    assert code(add(locked(), text=" ")) == "empty_note"
    assert code(add(locked(), text="x" * 200_001)) == "too_large"
    assert code(add(locked(), actor=ANN)) == "forbidden"
    state = after(locked(), add(locked()))
    assert code(add(state, id="d2")) == "invalid_transition"
    assert code(sessions.sign_addendum(locked(), actor=DR, now=LATER)) == "not_found"
    assert code(sessions.return_addendum(locked(), comment="when?", actor=SUP, now=LATER)) == "forbidden"
    assert code(sessions.return_addendum(locked(), actor=DR, now=LATER)) == "not_found"
    state = after(state, sessions.sign_addendum(state, actor=DR, now=LATER))
    assert code(add(state, text="changed")) == "note_locked"


def test_b7_the_supervisor_rule_holds_for_addenda() -> None:
    state = in_review()
    state = after(state, approve(state))
    state = after(state, add(state))

    state = after(state, sessions.sign_addendum(state, actor=DR, now=LATER))

    assert (state.note.addenda, state.note.pending.status) == ((), "in_review")
    assert code(add(state)) == "invalid_transition"
    assert code(sessions.approve_addendum(state, actor=DR, now=LATER)) == "forbidden"
    assert code(sessions.return_addendum(state, actor=SUP, now=LATER)) == "reason_required"
    assert code(sessions.sign_addendum(state, actor=DR, now=LATER)) == "invalid_transition"
    returned = after(state, sessions.return_addendum(state, comment="when?", actor=SUP, now=LATER))
    assert returned.note.pending.comment.reveal() == "when?"
    recalled = accepted(sessions.return_addendum(state, actor=DR, now=LATER)).value
    assert (recalled.pending.status, recalled.pending.comment) == ("draft", None)
    done = accepted(sessions.approve_addendum(state, name="S. Visor", actor=SUP, now=LATER))
    assert event_names(done) == ["AddendumSigned", "AddendumApproved"]
    assert sched.verify(done.value, state.session) == ()


def test_b7_a_supervisors_own_addendum_needs_nobody_else() -> None:
    state = in_review()
    state = after(state, approve(state))
    state = after(state, add(state, actor=SUP))

    assert code(sessions.sign_addendum(state, actor=DR, now=LATER)) == "forbidden"
    assert accepted(sessions.sign_addendum(state, actor=SUP, now=LATER)).value.addenda[0].author == "sup"


def full_record():
    state = in_review()
    state = after(state, approve(state))
    for number in ("d1", "d2"):
        state = after(state, add(state, id=number))
        state = after(state, sessions.sign_addendum(state, actor=DR, now=LATER))
        state = after(state, sessions.approve_addendum(state, actor=SUP, now=LATER))
    return state.note, state.session


def other(value):
    """A different value of the same kind."""
    if isinstance(value, sched.Sensitive):
        return sched.Sensitive(value.reveal() + "!")
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, sched.Meaning):
        return sched.Meaning.APPROVAL if value is sched.Meaning.AUTHORSHIP else sched.Meaning.AUTHORSHIP
    if isinstance(value, str):
        return {"progress": "psychotherapy", "in_person": "phone"}.get(value, value + "0")
    if isinstance(value, tuple):
        return value[:-1]
    return 7


NOTE_FIELDS = ["practice", "id", "session", "clinician", "client", "nonce", "body", "digest", "signatures",
               "locked_at", "created_at", "saved_at"]  # fmt: skip


@pytest.mark.parametrize("field", NOTE_FIELDS)
def test_s57_verify_finds_any_change_of_the_note(field) -> None:
    note, session = full_record()

    assert sched.verify(replace(note, **{field: other(getattr(note, field))}), session)


def test_s57_verify_finds_what_no_generic_change_covers() -> None:
    note, session = full_record()
    text = replace(note.body[0], text=sched.Sensitive("sleeps well"))
    file = sched.Attachment(id="f", name="f.png", media_type="image/png", size=1, digest="0", added_at=NOW)

    for touched in (
        replace(note, body=(text,)),
        replace(note, body=(replace(note.body[0], section="plan"),)),
        replace(note, attachments=(file,)),
        replace(note, format="dap"),
        replace(note, purpose=sched.NoteKind.PSYCHOTHERAPY),
        replace(note, status=sched.NoteStatus.DRAFT),
        replace(note, comment=sched.Sensitive("x")),
        replace(note, signatures=()),
        replace(note, signatures=tuple(reversed(note.signatures))),
        replace(note, addenda=tuple(reversed(note.addenda))),
        replace(note, addenda=note.addenda[1:]),
        replace(note, addenda=(replace(note.addenda[0], signatures=()), note.addenda[1])),
    ):
        assert sched.verify(touched, session)


@pytest.mark.parametrize("position", [0, 1])
@pytest.mark.parametrize("field", ["signer", "name", "meaning", "at", "digest", "late", "seal"])
def test_s57_verify_finds_any_change_of_a_signature(field, position) -> None:
    note, session = full_record()
    rows = list(note.signatures)
    rows[position] = replace(rows[position], **{field: other(getattr(rows[position], field))})

    assert sched.verify(replace(note, signatures=tuple(rows)), session)


@pytest.mark.parametrize("field", ["id", "author", "written_at", "text", "status", "comment", "signatures"])
def test_b7_verify_finds_any_change_of_an_addendum(field) -> None:
    note, session = full_record()
    changed = other(getattr(note.addenda[0], field)) if field != "comment" else sched.Sensitive("x")
    touched = replace(note, addenda=(replace(note.addenda[0], **{field: changed}), note.addenda[1]))

    assert any(found.startswith("addenda") for found in sched.verify(touched, session))


@pytest.mark.parametrize("field", ["id", "clinician", "client", "service", "mode", "started_at", "ended_at"])
def test_s57_verify_finds_any_change_of_the_sessions_facts(field) -> None:
    note, session = full_record()

    value = getattr(session, field)
    changed = sched.Mode.PHONE if field == "mode" else other(value)

    assert sched.verify(note, replace(session, **{field: changed})) == ("digest", "signatures")


def test_s57_the_seals_in_the_audit_find_a_cut_end_and_a_rewritten_chain() -> None:
    note, session = full_record()
    seals = (note.signatures[-1].seal, *(row.signatures[-1].seal for row in note.addenda))

    assert sched.verify(note, session, seals=seals) == ()
    assert sched.verify(replace(note, addenda=note.addenda[:1]), session) == ()
    assert sched.verify(replace(note, addenda=note.addenda[:1]), session, seals=seals) == ("seals",)


def test_what_may_change_later_is_not_part_of_the_digest() -> None:
    note, session = full_record()

    assert sched.verify(note, replace(session, billed=True, revision=99, appointment="a9")) == ()


def test_the_table_of_notes_is_the_whole_truth() -> None:
    """Every empty cell refuses and changes nothing."""
    states = {
        NoteStatus.DRAFT: written(ended(clinician=SUPERVISED)),
        NoteStatus.IN_REVIEW: in_review(),
        NoteStatus.RETURNED: after(in_review(), give_back(in_review())),
        NoteStatus.LOCKED: after(in_review(), approve(in_review())),
    }
    acts = {
        NoteAct.WRITE: lambda s: write(s, "different"),
        NoteAct.SIGN_AND_LOCK: lambda s: sign(replace(s, clinician=CLINICIAN)),
        NoteAct.SUBMIT: submit,
        NoteAct.APPROVE: approve,
        NoteAct.RETURN: give_back,
        NoteAct.RECALL: lambda s: sessions.recall_note(s, actor=DR, now=LATER),
        NoteAct.ADD_ADDENDUM: add,
    }
    assert set(NOTE) == set(states)
    for status, state in states.items():
        for act, attempt in acts.items():
            decision = attempt(state)
            if act in NOTE[status]:
                assert accepted(decision).value.status is NOTE[status][act], (status, act)
            else:
                assert code(decision) in {"invalid_transition", "note_locked"}, (status, act)


def test_a_note_needs_a_known_format_and_a_nonce_nobody_guesses() -> None:
    note = written(active()).note

    with pytest.raises(sched.InvalidValue, match="format"):
        replace(note, format="haiku")
    with pytest.raises(sched.InvalidValue, match="nonce"):
        replace(note, nonce="short")


def test_facts_find_no_service_they_do_not_have() -> None:
    assert facts().service("nothing") is None
    assert json.dumps(sorted(sched.note_formats()["soap"])) == '["assessment", "objective", "plan", "subjective"]'
    assert (CLIENT.id, SYSTEM.kind) == ("ann", "system")


def test_s57_only_the_progress_note_makes_a_session_documented() -> None:
    state = written(ended())
    private = replace(state, note=replace(state.note, purpose=sched.NoteKind.PSYCHOTHERAPY))

    assert after(state, sign(state)).session.note_signed
    signed = after(private, sign(private))
    assert signed.session.note_signed is False
    both = replace(state, session=replace(state.session, note_signed=True), note=private.note)
    assert after(both, sign(both)).session.note_signed


def test_s60_nothing_is_no_comment() -> None:
    assert code(give_back(in_review(), comment=None)) == "reason_required"
    added = sessions.add_addendum(locked(), id="x1", text=None, actor=DR, now=LATER)  # type: ignore[arg-type]
    assert code(added) == "empty_note"
