"""Everything that can be asked at the desk, as one table: who usually asks, about what, and the call itself.

The same calls serve `Desk`, where they answer, and `AsyncDesk`, where they have to be awaited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import Any, Final, final
from zoneinfo import ZoneInfo

from oasys_sched.actors import Actor, ActorKind
from oasys_sched.modes import Mode
from oasys_sched.testing.clinic import Clinic

__all__ = ["COMMANDS", "MARK", "By", "Choice", "Command", "whose"]


@unique
class By(StrEnum):
    """Whose business a command is."""

    CLINICIAN = "clinician"
    CLIENT = "client"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


@final
@dataclass(frozen=True, slots=True)
class Choice:
    """What one asking is about: a stored thing as its asker saw it, a start, a number to vary by, a key."""

    about: Any
    when: datetime
    number: int
    key: str | None

    @property
    def id(self) -> str:
        """The id of what it is about, or one that nothing has."""
        return "nothing-there" if self.about is None else self.about.id

    @property
    def session(self) -> str:
        """The session a note or transcript belongs to."""
        return "nothing-there" if self.about is None else self.about.session

    @property
    def revision(self) -> int:
        """The revision its asker saw."""
        return 0 if self.about is None else self.about.revision

    @property
    def wall(self) -> datetime:
        """The start on the clinician's clock."""
        return self.when.astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)

    @property
    def day(self) -> date:
        """The start's day."""
        return self.wall.date()


@final
@dataclass(frozen=True, slots=True)
class Command:
    """One call. `about` is the kind of thing it needs, if any."""

    by: By
    about: str | None
    call: Callable[[Any, Choice], Any]


def whose(command: Command, choice: Choice, clinic: Clinic) -> Actor:
    """Return whose business a command on this thing is; what is about nothing goes round."""
    if command.by is By.SYSTEM:
        return Actor.system(practice=clinic.practice)
    if command.by is By.SUPERVISOR:
        return clinic.actor(ActorKind.SUPERVISOR, "sue")
    if command.by is By.CLINICIAN:
        return clinic.actor(ActorKind.CLINICIAN, getattr(choice.about, "clinician", "dana"))
    client = getattr(choice.about, "client", ("ana", "ben", "kim")[choice.number % 3])
    return clinic.actor(ActorKind.GUARDIAN, "mum") if client == "kim" else clinic.actor(ActorKind.CLIENT, client)


# In every clinical text that a command says, so that it can be looked for where none belongs.
MARK: Final = "canary-5b1e"
_CLIENTS: Final = ("ana", "ben", "kim")
_REASONS: Final = ("clinician_illness", "weather", "client_request")
_FEE: Final = (None, True, False)
_RULES: Final = (None, "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;BYDAY=MO,TH")
_HOUR: Final = timedelta(hours=1)


def _offer(number: int) -> dict[str, Any]:
    return {"service": "intake"} if number % 3 == 2 else {"service": "therapy", "mode": Mode.TELEHEALTH}


def _book(at: Any, c: Choice) -> Any:
    client = "kim" if at.actor.kind is ActorKind.GUARDIAN else None
    return at.book(**_offer(c.number), starts_at=c.when, client=client, key=c.key)


BOOKING: Final[Mapping[str, Command]] = {
    "book": Command(By.CLIENT, None, _book),
    "create": Command(By.CLINICIAN, None, lambda at, c: at.create(
        client=_CLIENTS[c.number % 3], **_offer(c.number), starts_at=c.when, allow_overlap=c.number == 7, key=c.key)),
    "approve": Command(By.CLINICIAN, "appointment", lambda at, c: at.approve(c.id, key=c.key)),
    "decline": Command(By.CLINICIAN, "appointment", lambda at, c: at.decline(c.id, key=c.key)),
    "withdraw": Command(By.CLIENT, "appointment", lambda at, c: at.withdraw(c.id, key=c.key)),
    "reschedule": Command(By.CLINICIAN, "appointment", lambda at, c: at.reschedule(c.id, to=c.when, key=c.key)),
    "edit": Command(By.CLINICIAN, "appointment", lambda at, c: at.edit(
        c.id, duration=timedelta(minutes=30 + 10 * (c.number % 4)), key=c.key)),
    "cancel": Command(By.CLINICIAN, "appointment", lambda at, c: at.cancel(
        c.id, reason=_REASONS[c.number % 3], apply_fee=_FEE[c.number // 3], key=c.key)),
    "client_cancel": Command(By.CLIENT, "appointment", lambda at, c: at.client_cancel(c.id, key=c.key)),
    "mark_no_show": Command(By.CLINICIAN, "appointment", lambda at, c: at.mark_no_show(c.id, key=c.key)),
    "undo_no_show": Command(By.CLINICIAN, "appointment", lambda at, c: at.undo_no_show(
        c.id, reason="a mistake", key=c.key)),
    "decide_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.decide_fee(
        c.id, apply=c.number % 2 == 0, key=c.key)),
    "waive_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.waive_fee(c.id, reason="illness", key=c.key)),
    "reinstate_fee": Command(By.CLINICIAN, "appointment", lambda at, c: at.reinstate_fee(
        c.id, reason="a mistake", key=c.key)),
    "bill": Command(By.CLINICIAN, "appointment", lambda at, c: at.bill(c.id, key=c.key)),
}  # fmt: skip

REQUESTS: Final[Mapping[str, Command]] = {
    "request_reschedule": Command(By.CLIENT, "appointment", lambda at, c: at.request_reschedule(
        c.id, to=c.when, key=c.key)),
    "approve_request": Command(By.CLINICIAN, "request", lambda at, c: at.approve_request(c.id, key=c.key)),
    "suggest": Command(By.CLINICIAN, "request", lambda at, c: at.suggest(
        c.id, starts=[c.when, c.when + _HOUR], key=c.key)),
    "decline_request": Command(By.CLINICIAN, "request", lambda at, c: at.decline_request(c.id, key=c.key)),
    "accept_alternative": Command(By.CLIENT, "request", lambda at, c: at.accept_alternative(
        c.id, starts_at=c.about.proposed[0] if c.about and c.about.proposed else c.when, key=c.key)),
    "decline_alternative": Command(By.CLIENT, "request", lambda at, c: at.decline_alternative(c.id, key=c.key)),
    "withdraw_request": Command(By.CLIENT, "request", lambda at, c: at.withdraw_request(c.id, key=c.key)),
    "create_series": Command(By.CLINICIAN, None, lambda at, c: at.create_series(
        client=_CLIENTS[c.number % 3], **_offer(c.number), starts_at=c.when,
        rule=f"FREQ=WEEKLY;COUNT={2 + c.number % 3}", skip_conflicts=c.number > 3, key=c.key)),
    "make_recurring": Command(By.CLINICIAN, "appointment", lambda at, c: at.make_recurring(
        c.id, starts_at=c.about.starts_at if c.about else c.when, rule="FREQ=WEEKLY;COUNT=3", skip_conflicts=True,
        key=c.key)),
    "reschedule_future": Command(By.CLINICIAN, "appointment", lambda at, c: at.reschedule_future(
        c.id, to=c.when, key=c.key)),
    "cancel_future": Command(By.CLINICIAN, "appointment", lambda at, c: at.cancel_future(
        c.id, reason="client_request", key=c.key)),
    "block_time": Command(By.CLINICIAN, None, lambda at, c: at.block_time(
        starts_at=c.wall, ends_at=c.wall + timedelta(minutes=20 * (c.number + 1)), rule=_RULES[c.number % 3],
        key=c.key)),
    "lift_block": Command(By.CLINICIAN, "block", lambda at, c: at.lift_block(c.id, key=c.key)),
    "extend_block": Command(By.CLINICIAN, "block", lambda at, c: at.extend_block(c.id, until=c.day, key=c.key)),
    "cut_block": Command(By.CLINICIAN, "block", lambda at, c: at.cut_block(c.id, before=c.day, key=c.key)),
    "delete_block_instance": Command(By.CLINICIAN, "block", lambda at, c: at.delete_block_instance(
        c.id, instance=c.day, key=c.key)),
    "join_waitlist": Command(By.CLIENT, None, lambda at, c: at.join_waitlist(
        service="therapy", mode=Mode.TELEHEALTH, client="kim" if at.actor.kind is ActorKind.GUARDIAN else None,
        key=c.key)),
    "offer_freed_slot": Command(By.CLINICIAN, None, lambda at, c: at.offer_freed_slot(
        service="therapy", mode=Mode.TELEHEALTH, starts_at=c.when, expires_at=c.when - c.number * _HOUR, key=c.key)),
    "accept_offer": Command(By.CLIENT, "waitlist", lambda at, c: at.accept_offer(c.id, key=c.key)),
    "decline_offer": Command(By.CLIENT, "waitlist", lambda at, c: at.decline_offer(c.id, key=c.key)),
    "leave_waitlist": Command(By.CLIENT, "waitlist", lambda at, c: at.leave_waitlist(c.id, key=c.key)),
    "sweep": Command(By.SYSTEM, None, lambda at, _: at.sweep()),
}  # fmt: skip

SESSIONS: Final[Mapping[str, Command]] = {
    "join": Command(By.CLIENT, "appointment", lambda at, c: at.join(c.id)),
    "start": Command(By.CLINICIAN, "appointment", lambda at, c: at.start(c.id, key=c.key)),
    "admit": Command(By.CLINICIAN, "session", lambda at, c: at.admit(c.id)),
    "leave": Command(By.CLIENT, "session", lambda at, c: at.leave(c.id)),
    "end": Command(By.CLINICIAN, "session", lambda at, c: at.end(c.id, key=c.key)),
    "abandon": Command(By.CLINICIAN, "session", lambda at, c: at.abandon(c.id)),
    "log_previous": Command(By.CLINICIAN, None, lambda at, c: at.log_previous(
        client=_CLIENTS[c.number % 3], **_offer(c.number), starts_at=c.when - timedelta(days=14), walk_in=True,
        key=c.key)),
    "bill_session": Command(By.CLINICIAN, "session", lambda at, c: at.bill_session(c.id, key=c.key)),
    "begin_note": Command(By.CLINICIAN, "session", lambda at, c: at.write_note(
        c.id, f"{MARK} said {c.number} things", revision=0)),
    "write_note": Command(By.CLINICIAN, "note", lambda at, c: at.write_note(
        c.session, f"{MARK} said {c.number} more things", revision=c.revision)),
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
    "enable_transcription": Command(By.CLINICIAN, "session", lambda at, c: at.enable_transcription(c.id)),
    "disable_transcription": Command(By.CLINICIAN, "session", lambda at, c: at.disable_transcription(c.id)),
    "append_segment": Command(By.CLINICIAN, "transcript", lambda at, c: at.append_segment(
        c.session, c.id, f"{MARK} segment {c.number}")),
    "delete_transcripts": Command(By.CLINICIAN, "transcript", lambda at, c: at.delete_transcripts(c.session)),
    "purge_transcripts": Command(By.SYSTEM, None, lambda at, _: at.purge_transcripts()),
}  # fmt: skip

READING: Final[Mapping[str, Command]] = {
    "quote": Command(By.CLIENT, "appointment", lambda at, c: at.quote(c.id)),
    "actions": Command(By.CLINICIAN, "appointment", lambda at, c: at.actions(c.id)),
    "read_note": Command(By.CLINICIAN, "note", lambda at, c: at.read_note(c.session)),
    "verify_note": Command(By.CLINICIAN, "note", lambda at, c: at.verify_note(c.session)),
    "read_transcript": Command(By.CLINICIAN, "transcript", lambda at, c: at.read_transcript(c.session, c.id)),
}

COMMANDS: Final[Mapping[str, Command]] = {**BOOKING, **REQUESTS, **SESSIONS, **READING}
