"""`oasys-sched demo`: a week of a small practice, from the list of free times to a locked note and the bill.

It runs on the embedded defaults: SQLite files in a folder that is gone afterwards.
"""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from oasys_sched.aggregates import Key
from oasys_sched.audit import verify_audit
from oasys_sched.availability.diary import Diary
from oasys_sched.availability.slots import Slots
from oasys_sched.calendar.diaries import diary_calendar
from oasys_sched.calendar.terminal import week_lines
from oasys_sched.cli.example import NAMES, PRACTICE, SCHEDULE, SERVICE, ZONE, Example
from oasys_sched.cli.terminal import Streams
from oasys_sched.decisions import Decision, Refused
from oasys_sched.fees.quote import quote_cancellation
from oasys_sched.sessions.timed import session_minutes
from oasys_sched.times import Span, find_zone

__all__ = ["run"]


def run(_: Namespace, streams: Streams) -> int:
    """Tell the story; every sentence is what the library answered."""
    with TemporaryDirectory(prefix="oasys-sched-") as folder, Example(Path(folder)) as example:
        _Story(example, streams).tell()
    return 0


class _Story:
    def __init__(self, example: Example, streams: Streams) -> None:
        self.here = example
        self.streams = streams

    def tell(self) -> None:
        """Everything in order."""
        self._listing()
        appointment = self._booking()
        missed = self._missing()
        self._moving(appointment)
        self._signing(*self._meeting())
        self._cancelling(appointment)
        self._billing(missed)

    def _listing(self) -> None:
        here, say = self.here, self._say
        when = here.set_clock(2, 9)
        self._head(when, "Ana looks for a time with Dr Rivera")
        slots = self._slots()
        first = _shown(slots[0][0])
        say(f"{len(slots)} bookable starts this week, on {len(slots.per_day())} days; the first is {first}")
        say("(none within 24 hours: that is the practice's notice)")
        self._picture(slots)

    def _booking(self) -> str:
        here, say = self.here, self._say
        start = here.at(5, 15)
        booked = self._done(here.ana.book(service="therapy-50", mode="telehealth", starts_at=start, key="ana-1"))
        say(f"Ana books {_shown(start)}: {booked.status}, as Dr Rivera approves every booking")
        say(f"the time is held: {'still' if start in self._slots() else 'no longer'} offered to others")
        refused = here.bjorn.book(service="therapy-50", mode="telehealth", starts_at=start)
        why = refused.refusals if isinstance(refused, Refused) else ()
        say(f"Björn tries the same time: {', '.join(f'{row.code} ({row.message})' for row in why) or 'booked'}")
        approved = self._done(here.clinician.approve(booked.id))
        say(f"Dr Rivera approves: {approved.status}")
        for row, _ in here.repository.outbox(PRACTICE):
            say(f"  to {row.recipient}: {row.template}, due {_shown(row.due)}")
        return str(booked.id)

    def _missing(self) -> str:
        here = self.here
        start = here.at(4, 10)
        made = self._done(
            here.clinician.create(client="bjorn", service="therapy-50", mode="in_person", starts_at=start)
        )
        self._say(f"Dr Rivera puts Björn down for {_shown(start)}, in person")
        self._head(here.set_clock(4, 10, 20), "Björn does not come")
        missed = self._done(here.clinician.mark_no_show(made.id))
        self._say(f"marked as {missed.status}; the service's no-show fee of {missed.charge.amount} is stored")
        return str(made.id)

    def _moving(self, appointment: str) -> None:
        here, say = self.here, self._say
        self._head(here.set_clock(4, 11), "Ana asks to move")
        asked = self._done(here.ana.request_reschedule(appointment, to=here.at(6, 9)))
        say(f"she asks for {_shown(here.at(6, 9))}: {asked.status}; both times are held")
        offered = here.at(6, 11)
        answer = self._done(here.clinician.suggest(asked.id, starts=[offered]))
        say(f"Dr Rivera suggests {_shown(offered)} instead: {answer.status}")
        moved = self._done(here.ana.accept_alternative(asked.id, starts_at=offered))
        say(f"Ana accepts: {moved.status} on {_shown(moved.starts_at)}; Thursday 15:00 is free again")

    def _meeting(self) -> tuple[str, str]:
        here, say = self.here, self._say
        start = here.at(5, 14)
        made = self._done(
            here.clinician.create(client="bjorn", service="therapy-50", mode="telehealth", starts_at=start)
        )
        say(f"Björn gets another chance: {_shown(start)}, by video")
        self._head(here.set_clock(5, 13, 57), "Björn comes early")
        waiting = self._done(here.bjorn.join(made.id))
        say(f"he is {waiting.participants[0].presence}; nobody is in the call")
        self._head(here.set_clock(5, 14), "The session")
        session = self._done(here.clinician.start(made.id))
        here.set_clock(5, 14, 1)
        inside = self._done(here.clinician.admit(session.id))
        call = ", ".join(f"{row.person} {row.presence}" for row in inside.participants)
        say(f"Dr Rivera starts it and admits him: {call}")
        transcript = self._done(here.clinician.enable_transcription(session.id))
        for said in ("I slept better this week.", "The breathing exercise helped."):
            here.set_clock(5, 14, 10)
            self._done(here.clinician.append_segment(session.id, transcript.id, said))
        kept = len(self._done(here.clinician.read_transcript(session.id, transcript.id)))
        say(f"transcription is on, as text only: {kept} segments; there is no way to record sound or video")
        note = self._done(here.clinician.write_note(session.id, "Slept better.", revision=0))
        note = self._done(here.clinician.write_note(session.id, "Slept better. Breathing.", revision=note.revision))
        say(f"the note saves itself: revision {note.revision}")
        stale = here.clinician.write_note(session.id, "An older tab writes too.", revision=1)
        say(f"an older browser tab saves too: {stale.code if isinstance(stale, Refused) else 'saved'}; nothing is lost")
        here.set_clock(5, 14, 52)
        ended = self._done(here.clinician.end(session.id))
        say(f"it ends after {session_minutes(ended)} minutes; the appointment is {here.appointment(made.id).status}")
        return str(session.id), str(transcript.id)

    def _signing(self, session: str, transcript: str) -> None:
        here, say = self.here, self._say
        self._head(here.set_clock(5, 15, 10), "Sign and Lock")
        note = self._done(here.clinician.read_note(session))
        locked = self._done(here.clinician.sign_and_lock(session, revision=note.revision, name="Dr Rivera"))
        say(f"the note is {locked.status}, sealed by {locked.digest[:16]}...")
        late = here.clinician.write_note(session, "One more thing.", revision=locked.revision)
        say(f"one more edit: {late.code if isinstance(late, Refused) else 'saved'}; an addendum is the way")
        say(f"what does not fit in it: {', '.join(self._done(here.clinician.verify_note(session))) or 'nothing'}")
        gone = here.clinician.read_transcript(session, transcript)
        say(f"the transcript: {gone.code if isinstance(gone, Refused) else 'readable'}")
        duty = here.purge(transcript)
        absent = here.transcripts.absent(PRACTICE, transcript)
        how = duty.receipt.method if duty.receipt else "nobody"
        say(f"its erasure is {duty.status} by {how}; looked for again: {'gone' if absent else 'there'}")
        whole = verify_audit(here.repository.audit(PRACTICE, Key(locked.kind, locked.id))) is None
        say(f"the note's audit chain is {'whole' if whole else 'broken'}")

    def _cancelling(self, appointment: str) -> None:
        here, say = self.here, self._say
        now = here.set_clock(5, 20)
        self._head(now, "Ana cannot come after all")
        current = next(row for row in here.appointments() if row.id == appointment)
        quote = quote_cancellation(current, SERVICE, SCHEDULE.cancellation, now)
        cut_off = _shown(quote.cut_off) if quote.cut_off else "never"
        say(f"before she confirms she sees: on time until {cut_off}; now it is late and may cost {quote.fee}")
        request = self._done(here.ana.client_cancel(appointment, reason="client_illness", quote=quote))
        say(f"she cancels: a request, {request.status}; Dr Rivera decides, the fee included")
        cancelled = self._done(here.clinician.approve_request(request.id, apply_fee=True))
        say(f"approved with the fee: {cancelled.status}, {cancelled.charge.amount} {cancelled.charge.state}")

    def _billing(self, missed: str) -> None:
        here = self.here
        self._head(here.set_clock(6, 17), "The end of the week")
        self._picture(self._slots())
        self._say("Bill Sessions:")
        for item in self._done(here.clinician.billable()):
            mark = " (never came)" if item.appointment == missed else ""
            self._say(f"  {NAMES[item.client]:<14} {_shown(item.at)}  {item.kind:<15} {item.amount!s:>10}{mark}")

    def _slots(self) -> Slots:
        here = self.here
        found: Slots = self._done(here.ana.slots(service="therapy-50", mode="telehealth", within=self._week()))
        return found

    def _week(self) -> Span:
        return Span(self.here.at(2, 0), self.here.at(9, 0))

    def _picture(self, slots: Slots) -> None:
        shown = diary_calendar(Diary(hours=SCHEDULE.hours), self._week(), slots=slots)
        shown = replace(shown, appointments=self.here.appointments(), client_names=NAMES, now=self.here.desk.now())
        lines = week_lines(shown.week(date(2026, 3, 2)), width=self.streams.width)
        self.streams.write("")
        self.streams.paint(lines)

    def _head(self, when: datetime, words: str) -> None:
        self.streams.write(f"\n{_shown(when)}  {words}")

    def _say(self, words: str) -> None:
        self.streams.write(f"  {words}")

    @staticmethod
    def _done(decision: Decision[Any]) -> Any:
        return decision.or_raise().value


def _shown(when: datetime) -> str:
    return f"{when.astimezone(find_zone(ZONE)):%a %d %b %H:%M}"
