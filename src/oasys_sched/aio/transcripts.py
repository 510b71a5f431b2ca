"""Journeys of transcripts: on, off, one stretch of text, and the erasure that is owed and proved (S44, S45, S58)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from oasys_sched.aio.asking import Asking
from oasys_sched.codes import Code
from oasys_sched.decisions import Accepted, Decision, Refused, refuse
from oasys_sched.errors import NotFound, StaleWrite
from oasys_sched.policies.access import Action, Relation, forbidden, may
from oasys_sched.sessions.purging import delete_transcripts, expire_transcripts, outlived, overdue_purges
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.session import Session
from oasys_sched.sessions.transcribing import (
    append_segment,
    disable_transcription,
    enable_transcription,
    read_transcript,
    start_dictation,
)
from oasys_sched.sessions.transcript import PurgeObligation, Segment, Transcript
from oasys_sched.units.sessions import kept_transcripts, open_purges, sessions_of

__all__ = ["Transcripts"]


class Transcripts(Asking):
    """Text of a session, kept for its note alone. The text is in the transcript store and nowhere else."""

    async def enable_transcription(self, session: str) -> Decision[Transcript]:
        """Turn live transcription on (S44, S48)."""
        actor, id = self.actor, self.desk.new_id()
        if self.desk.transcripts is None:
            return _no_store()
        return await self._ask_session(
            Action.TRANSCRIBE,
            lambda facts, now: enable_transcription(facts, id=id, actor=actor, now=now),
            session=session,
        )

    async def disable_transcription(self, session: str) -> Decision[Transcript]:
        """Turn live transcription off for now."""
        actor = self.actor
        return await self._ask_session(
            Action.TRANSCRIBE, lambda facts, now: disable_transcription(facts, actor=actor, now=now), session=session
        )

    async def start_dictation(self, session: str) -> Decision[Transcript]:
        """Open the raw buffer of a dictation into the draft (S66)."""
        actor, id = self.actor, self.desk.new_id()
        if self.desk.transcripts is None:
            return _no_store()
        return await self._ask_session(
            Action.TRANSCRIBE, lambda facts, now: start_dictation(facts, id=id, actor=actor, now=now), session=session
        )

    async def append_segment(self, session: str, transcript: str, text: str) -> Decision[Segment]:
        """Take one stretch of text while transcription is on (S44); sound is never taken (S43)."""
        actor, store = self.actor, self.desk.transcripts
        if store is None:
            return _no_store()
        decision = await self._ask_session(
            Action.APPEND_SEGMENT,
            lambda facts, now: append_segment(facts, transcript=transcript, text=text, actor=actor, now=now),
            session=session,
        )
        if isinstance(decision, Refused):
            return decision
        try:
            await store.append(actor.practice, transcript, decision.value.number, decision.value.text)
        except NotFound:
            # The note was locked meanwhile, and the key is destroyed already.
            return _gone()
        return decision

    async def read_transcript(self, session: str, transcript: str) -> Decision[Sequence[Sensitive[str]]]:
        """Read the segments in order, as the session's clinician, until the note is locked (S45)."""
        actor, store = self.actor, self.desk.transcripts
        if store is None:
            return _no_store()
        decision = await self._ask_session(
            Action.READ_TRANSCRIPT,
            lambda facts, _: read_transcript(facts, transcript=transcript, actor=actor),
            session=session,
        )
        if isinstance(decision, Refused):
            return decision
        try:
            return Accepted(await store.read(actor.practice, transcript))
        except NotFound:
            return _gone()

    async def delete_transcripts(self, session: str) -> Decision[tuple[Transcript, ...]]:
        """Delete a session's transcripts early; that is not undoable (RULES 3.7)."""
        actor = self.actor
        decision = await self._ask_session(
            Action.TRANSCRIBE, lambda facts, now: delete_transcripts(facts, actor=actor, now=now), session=session
        )
        await self._erase(decision, session)
        return decision

    async def expire_transcripts(self, session: str) -> Decision[tuple[Transcript, ...]]:
        """Delete transcripts past their age limit, as the system (B17)."""
        actor = self.actor
        decision = await self._ask_session(
            Action.PURGE, lambda facts, now: expire_transcripts(facts, actor=actor, now=now), session=session
        )
        await self._erase(decision, session)
        return decision

    async def purge_transcripts(self) -> Decision[tuple[PurgeObligation, ...]]:
        """Work off every open obligation, as the system: destroy the key, remove, verify, and keep the receipt.

        What has come to its age limit is owed from now on (B17). Safe to repeat at any point. Returns the obligations
        as they are now; open ones are tried again next time.
        """
        refused = self._clockwork()
        if refused is not None:
            return refused
        await self._expire_aged()
        return Accepted(await self._work_off(None))

    async def overdue_purges(self) -> Decision[tuple[PurgeObligation, ...]]:
        """List the erasures that are owed for too long, as the system: each one is an alarm."""
        refused = self._clockwork()
        if refused is not None:
            return refused
        found = await self.desk.repository.load(open_purges(self.actor.practice))
        return Accepted(overdue_purges(found.all(PurgeObligation), self.desk.now()))

    async def _expire_aged(self) -> None:
        """Order the erasure of every transcript past its age limit; what somebody changes meanwhile waits."""
        actor, desk = self.actor, self.desk
        kept = await desk.repository.load(kept_transcripts(actor.practice))
        held = await desk.repository.load(sessions_of(actor.practice, kept.all(Transcript)))
        for session in outlived(held.all(Session), desk.now(), policy=desk.session_policy):
            with suppress(StaleWrite):
                await self._ask_session(
                    Action.PURGE, lambda facts, now: expire_transcripts(facts, actor=actor, now=now), session=session
                )

    def _clockwork(self) -> Refused | None:
        if may(self.actor.kind, Action.PURGE, (Relation.PRACTICE,)):
            return None
        return forbidden(self.actor.kind, Action.PURGE)


def _no_store() -> Refused:
    return refuse(Code.TRANSCRIPTION_OFF, "this practice keeps no transcripts")


def _gone() -> Refused:
    return refuse(Code.TRANSCRIPT_DELETED, "the transcript is gone for good", field="transcript")
