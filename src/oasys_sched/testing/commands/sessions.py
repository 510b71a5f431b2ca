"""Sessions, their notes and their transcripts, as they are asked for at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from oasys_sched.formats import FORMATS
from oasys_sched.sessions.attachments import Upload
from oasys_sched.sessions.call import Device
from oasys_sched.testing.commands.asking import CLIENTS, MARK, By, Choice, Command, offered

__all__ = ["SESSIONS"]

_DEVICES: Final = tuple(Device)
_FORMATS: Final = tuple(FORMATS)


def _attach(at: Any, c: Choice) -> Any:
    """Offer two files of one drop: a document, and what calls itself a picture."""
    content = f"%PDF-1.4\n{MARK} {c.number}\n%%EOF\n".encode()
    files = [
        Upload(name=f"{MARK}.{ending}", media_type=media_type, content=content)
        for ending, media_type in (("pdf", "application/pdf"), ("png", "image/png"))
    ]
    return at.attach(c.session, files, revision=c.revision)


def _detach(at: Any, c: Choice) -> Any:
    files = () if c.about is None else c.about.attachments
    return at.detach(c.session, files[0].id if files else c.other, revision=c.revision)


SESSIONS: Final[Mapping[str, Command]] = {
    "join": Command(By.CLIENT, "appointment", lambda at, c: at.join(c.id)),
    "start": Command(By.CLINICIAN, "appointment", lambda at, c: at.start(c.id, key=c.key)),
    "admit": Command(By.CLINICIAN, "session", lambda at, c: at.admit(c.id)),
    "leave": Command(By.CLIENT, "session", lambda at, c: at.leave(c.id)),
    "toggle": Command(By.CLINICIAN, "session", lambda at, c: at.toggle(
        c.id, _DEVICES[c.number % len(_DEVICES)], on=c.number % 2 == 0)),
    "chat": Command(By.CLINICIAN, "session", lambda at, c: at.chat(c.id, f"{MARK} can you hear me?")),
    "end": Command(By.CLINICIAN, "session", lambda at, c: at.end(c.id, key=c.key)),
    "abandon": Command(By.CLINICIAN, "session", lambda at, c: at.abandon(c.id)),
    "log_previous": Command(By.CLINICIAN, None, lambda at, c: at.log_previous(
        client=CLIENTS[c.number % 3], **offered(c.number), starts_at=c.when - timedelta(days=14), walk_in=True,
        key=c.key)),
    "link_logged": Command(By.CLINICIAN, "session", lambda at, c: at.link_logged(
        c.id, appointment=c.other, key=c.key), beside="appointment"),
    "bill_session": Command(By.CLINICIAN, "session", lambda at, c: at.bill_session(c.id, key=c.key)),
    "begin_note": Command(By.CLINICIAN, "session", lambda at, c: at.write_note(
        c.id, f"{MARK} said {c.number} things", revision=0)),
    "write_note": Command(By.CLINICIAN, "note", lambda at, c: at.write_note(
        c.session, f"{MARK} said {c.number} more things", revision=c.revision)),
    "insert_text": Command(By.CLINICIAN, "note", lambda at, c: at.insert_text(
        c.session, f"{MARK} was suggested", revision=c.revision)),
    "switch_format": Command(By.CLINICIAN, "note", lambda at, c: at.switch_format(
        c.session, _FORMATS[c.number % len(_FORMATS)], revision=c.revision)),
    "attach": Command(By.CLINICIAN, "note", _attach),
    "detach": Command(By.CLINICIAN, "note", _detach),
    "sign_and_lock": Command(By.CLINICIAN, "note", lambda at, c: at.sign_and_lock(c.session, revision=c.revision)),
    "submit_for_review": Command(By.CLINICIAN, "note", lambda at, c: at.submit_for_review(
        c.session, revision=c.revision)),
    "approve_note": Command(By.SUPERVISOR, "note", lambda at, c: at.approve_note(c.session, revision=c.revision)),
    "return_note": Command(By.SUPERVISOR, "note", lambda at, c: at.return_note(
        c.session, f"{MARK} say more", revision=c.revision)),
    "recall_note": Command(By.CLINICIAN, "note", lambda at, c: at.recall_note(c.session)),
    "add_addendum": Command(By.CLINICIAN, "note", lambda at, c: at.add_addendum(c.session, f"{MARK} and {c.number}")),
    "sign_addendum": Command(By.CLINICIAN, "note", lambda at, c: at.sign_addendum(c.session)),
    "approve_addendum": Command(By.SUPERVISOR, "note", lambda at, c: at.approve_addendum(c.session)),
    "return_addendum": Command(By.SUPERVISOR, "note", lambda at, c: at.return_addendum(
        c.session, f"{MARK} say why")),
    "enable_transcription": Command(By.CLINICIAN, "session", lambda at, c: at.enable_transcription(c.id)),
    "disable_transcription": Command(By.CLINICIAN, "session", lambda at, c: at.disable_transcription(c.id)),
    "start_dictation": Command(By.CLINICIAN, "session", lambda at, c: at.start_dictation(c.id)),
    "append_segment": Command(By.CLINICIAN, "transcript", lambda at, c: at.append_segment(
        c.session, c.id, f"{MARK} segment {c.number}")),
    "delete_transcripts": Command(By.CLINICIAN, "transcript", lambda at, c: at.delete_transcripts(c.session)),
    "expire_transcripts": Command(By.SYSTEM, "session", lambda at, c: at.expire_transcripts(c.id)),
    "purge_transcripts": Command(By.SYSTEM, None, lambda at, _: at.purge_transcripts()),
}  # fmt: skip
