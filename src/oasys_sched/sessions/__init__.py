"""Decisions about sessions, notes and transcripts: pure functions from facts, an actor and `now`.

Each takes a `SessionFacts`, then what is asked for by keyword, then `actor` and `now`; an accepted one carries every
changed aggregate in `changes` and every event in `events`. There is no operation that records, and none that unlocks.
Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from oasys_sched.sessions.addenda import add_addendum, approve_addendum, return_addendum, sign_addendum
    from oasys_sched.sessions.assistant import ask, prepare, scribe
    from oasys_sched.sessions.calling import admit, chat, join, leave, toggle
    from oasys_sched.sessions.live import abandon, end, start
    from oasys_sched.sessions.previous import bill_session, link_logged, log_previous
    from oasys_sched.sessions.purging import delete_transcripts, expire_transcripts, prove_purge
    from oasys_sched.sessions.signing import (
        approve_note,
        recall_note,
        return_note,
        sign_and_lock,
        submit_for_review,
    )
    from oasys_sched.sessions.transcribing import (
        append_segment,
        disable_transcription,
        enable_transcription,
        read_transcript,
        start_dictation,
    )
    from oasys_sched.sessions.writing import attach, detach, insert_text, read_note, switch_format, write_note

_HOME: Final = {
    name: module
    for module, names in {
        "addenda": "add_addendum approve_addendum return_addendum sign_addendum",
        "assistant": "ask prepare scribe",
        "calling": "admit chat join leave toggle",
        "live": "abandon end start",
        "previous": "bill_session link_logged log_previous",
        "purging": "delete_transcripts expire_transcripts prove_purge",
        "signing": "approve_note recall_note return_note sign_and_lock submit_for_review",
        "transcribing": "append_segment disable_transcription enable_transcription read_transcript start_dictation",
        "writing": "attach detach insert_text read_note switch_format write_note",
    }.items()
    for name in names.split()
}

__all__ = [
    "abandon",
    "add_addendum",
    "admit",
    "append_segment",
    "approve_addendum",
    "approve_note",
    "ask",
    "attach",
    "bill_session",
    "chat",
    "delete_transcripts",
    "detach",
    "disable_transcription",
    "enable_transcription",
    "end",
    "expire_transcripts",
    "insert_text",
    "join",
    "leave",
    "link_logged",
    "log_previous",
    "prepare",
    "prove_purge",
    "read_note",
    "read_transcript",
    "recall_note",
    "return_addendum",
    "return_note",
    "scribe",
    "sign_addendum",
    "sign_and_lock",
    "start",
    "start_dictation",
    "submit_for_review",
    "switch_format",
    "toggle",
    "write_note",
]


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
