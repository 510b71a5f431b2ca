"""From events to messages: one literal table says who hears what, when and by which template (S7, S30, S32, S33).

Rows carry safe facts only: times, mode, the invite's data. Never a reason's text, a note, or another client's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, final

from oasys_sched.aggregates import Aggregate, Key
from oasys_sched.booking import events as ev
from oasys_sched.booking import waitlist_events as wait
from oasys_sched.booking.appointment import Appointment, AppointmentStatus
from oasys_sched.booking.reminders import ReminderState, plan_reminders
from oasys_sched.booking.waitlist import WaitlistAct
from oasys_sched.decisions import Event
from oasys_sched.invites import appointment_invite, series_invites
from oasys_sched.people import Client
from oasys_sched.policies.reminders import ReminderPolicy
from oasys_sched.ports import OutboxRow
from oasys_sched.sessions import note_events as note

__all__ = ["NOTICES", "Notice", "notices", "reminder_group", "reminder_rows"]

CLIENT: Final = "client"
CLINICIAN: Final = "clinician"
SUPERVISOR: Final = "supervisor"
# A message names so many new times of a series; its invite has them all.
_MOST_TIMES: Final = 20


@final
@dataclass(frozen=True, slots=True)
class Notice:
    """One message an event causes: its template, who gets it, which invite it carries, whether it may wait."""

    template: str
    to: str
    invite: str | None = None
    immediate: bool = False


# What each event makes. An event that is not here makes no message.
NOTICES: Final[Mapping[type[Event], tuple[Notice, ...]]] = {
    ev.AppointmentCreated: (Notice("appointment_created", CLIENT, "REQUEST"),),
    ev.AppointmentBooked: (
        Notice("appointment_booked", CLIENT, "REQUEST"),
        Notice("appointment_booked_by_client", CLINICIAN),
    ),
    ev.BookingRequested: (Notice("booking_requested", CLINICIAN),),
    ev.BookingApproved: (Notice("booking_approved", CLIENT, "REQUEST"),),
    ev.BookingDeclined: (Notice("booking_declined", CLIENT, immediate=True),),
    ev.BookingWithdrawn: (Notice("booking_withdrawn", CLINICIAN),),
    ev.BookingExpired: (Notice("booking_expired", CLIENT), Notice("booking_expired", CLINICIAN)),
    ev.AppointmentRescheduled: (Notice("appointment_rescheduled", CLIENT, "REQUEST"),),
    ev.AppointmentEdited: (Notice("appointment_edited", CLIENT, "REQUEST"),),
    ev.AppointmentCancelled: (Notice("appointment_cancelled", CLIENT, "CANCEL", immediate=True),),
    ev.SeriesCreated: (Notice("series_created", CLIENT, "REQUEST"),),
    ev.SeriesRescheduled: (Notice("series_rescheduled", CLIENT, "REQUEST"),),
    ev.SeriesCancelled: (Notice("series_cancelled", CLIENT, "CANCEL", immediate=True),),
    ev.RequestOpened: (Notice("request_opened", CLINICIAN),),
    ev.AlternativesSuggested: (Notice("alternatives_suggested", CLIENT),),
    ev.AlternativeAccepted: (Notice("alternative_accepted", CLINICIAN),),
    ev.AlternativesDeclined: (Notice("alternatives_declined", CLINICIAN),),
    ev.RequestDeclined: (Notice("request_declined", CLIENT),),
    ev.RequestWithdrawn: (Notice("request_withdrawn", CLINICIAN),),
    wait.SlotOffered: (Notice("waitlist_offer", CLIENT, immediate=True),),
    wait.WaitlistOfferClosed: (Notice("waitlist_offer_closed", CLIENT, immediate=True),),
    ev.RequestExpired: (Notice("request_expired", CLIENT), Notice("request_expired", CLINICIAN)),
    note.NoteSubmitted: (Notice("note_submitted", SUPERVISOR),),
    note.NoteRecalled: (Notice("note_recalled", SUPERVISOR),),
    note.NoteApproved: (Notice("note_approved", CLINICIAN),),
    note.NoteReturned: (Notice("note_returned", CLINICIAN),),
    note.AddendumSubmitted: (Notice("addendum_submitted", SUPERVISOR),),
    note.AddendumReturned: (Notice("addendum_returned", CLINICIAN),),
}


def notices(
    events: Iterable[Event],
    changes: Iterable[Aggregate],
    *,
    clients: Mapping[str, Client],
    links: Mapping[str, str],
    now: datetime,
) -> tuple[OutboxRow, ...]:
    """Return the outbox rows of events, in order. A client without an address gets none (S7); a guardian all (O3).

    `clients` are those the events may be about, by id; one who is missing gets nothing.

    Events that one series event announces together (`group`) make no message of their own (S33). A client's own
    cancellation also tells the clinician.
    """
    changes = tuple(changes)
    written = {row.id: row for row in changes if isinstance(row, Appointment)}
    revisions = {Key(row.kind, row.id): row.revision for row in changes}
    rows: list[OutboxRow] = []
    for number, event in enumerate(events):
        if getattr(event, "group", None) is not None or _silent(event):
            continue
        told = NOTICES.get(type(event), ())
        if isinstance(event, ev.AppointmentCancelled) and event.role in {"client", "guardian"}:
            told = (*told, Notice("appointment_cancelled_by_client", CLINICIAN, immediate=True))
        for notice in told:
            who = _recipient(event, notice.to, clients)
            if who is None:
                continue
            key = _subject(event)
            seq = revisions.get(key, 1)
            rows.append(
                OutboxRow(
                    practice=_fact(event, "practice"),
                    id=f"{key.kind}/{key.id}/{seq}/{number}/{notice.template}/{notice.to}",
                    aggregate=key,
                    seq=seq,
                    template=notice.template,
                    recipient=who,
                    role=notice.to if who == _fact(event, notice.to) else "guardian",
                    fields=_fields(event, notice, written, links, changes),
                    due=now,
                    immediate=notice.immediate,
                )
            )
    return tuple(rows)


def _silent(event: Event) -> bool:
    if isinstance(event, ev.AppointmentEdited):
        return not event.visible
    if isinstance(event, wait.WaitlistOfferClosed):
        return event.why == WaitlistAct.DECLINE
    return isinstance(event, ev.AppointmentCancelled) and event.initiator == "system"


def _fact(event: Event, name: str) -> str:
    return str(getattr(event, name))


def _recipient(event: Event, to: str, clients: Mapping[str, Client]) -> str | None:
    if to != CLIENT:
        # There may be no supervisor any more.
        who = getattr(event, to)
        return None if who is None else str(who)
    client = clients.get(_fact(event, CLIENT))
    if client is None or not client.contact:
        return None
    return client.guardian or client.id


# What an event is about: the first of these facts that it has.
_SUBJECTS: Final = {
    "note": "note",
    "request": "request",
    "entry": "waitlist",
    "series": "series",
    "appointment": "appointment",
}


def _subject(event: Event) -> Key:
    name = next(name for name in _SUBJECTS if hasattr(event, name))
    return Key(_SUBJECTS[name], _fact(event, name))


def _fields(
    event: Event,
    notice: Notice,
    written: Mapping[str, Appointment],
    links: Mapping[str, str],
    changes: Iterable[object],
) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in ("starts_at", "old_start", "expires_at", "mode", "late"):
        value = getattr(event, name, None)
        if value is not None:
            found["old_starts_at" if name == "old_start" else name] = (
                value.isoformat() if isinstance(value, datetime) else value
            )
    times = getattr(event, "proposed", None)
    # Once one of them is agreed on, that is the time to tell.
    if times and "starts_at" not in found:
        found["times"] = [when.isoformat() for when in times]
    if isinstance(event, ev.SeriesRescheduled):
        found["times"] = [new.isoformat() for _, _, new in event.moves[:_MOST_TIMES]]
    if isinstance(event, ev.AppointmentEvent):
        row = written.get(event.appointment)
        if row is not None and row.location:
            found["location"] = row.location
        if notice.to == CLIENT and event.appointment in links and row is not None and row.mode == "telehealth":
            found["video_link"] = links[event.appointment]
        # A booking that nobody approved was never in the client's calendar (S20).
        if notice.invite and row is not None and not getattr(event, "was_pending", False):
            found["invite"] = appointment_invite(row, notice.invite)
    if isinstance(event, ev.SeriesEvent) and notice.invite:
        found |= series_invites(event, changes)
        joined = [[written[id].starts_at.isoformat(), links[id]] for id in event.appointments if id in links]
        if joined:
            found["video_links"] = joined[:_MOST_TIMES]
    return found


def reminder_group(appointment: str) -> str:
    """Return the outbox group of an appointment's reminders, withdrawn together when it moves (A27)."""
    return f"reminders/{appointment}"


def reminder_rows(
    appointments: Iterable[Appointment], policy: ReminderPolicy, client: Client | None, *, now: datetime
) -> tuple[OutboxRow, ...]:
    """Return the reminders of every one of these that is upcoming (S95-S97). Skipped ones make no row."""
    rows: list[OutboxRow] = []
    for appointment in appointments:
        if appointment.status is not AppointmentStatus.UPCOMING or client is None or client.id != appointment.client:
            continue
        rows += [
            OutboxRow(
                practice=appointment.practice,
                id=f"reminder/{reminder.key}",
                aggregate=Key("appointment", appointment.id),
                seq=appointment.revision,
                template="reminder",
                recipient=client.guardian or client.id,
                role="guardian" if client.guardian else CLIENT,
                channel=reminder.channel,
                fields={
                    "key": reminder.key,
                    "starts_at": appointment.starts_at.isoformat(),
                    "mode": appointment.mode.value,
                },
                due=reminder.due,
                expires_at=reminder.expires_at,
                group=reminder_group(appointment.id),
            )
            for reminder in plan_reminders(appointment, policy, client, now=now)
            if reminder.state is ReminderState.PLANNED
        ]
    return tuple(rows)
