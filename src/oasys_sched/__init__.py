"""Every scheduling rule of an appointment practice.

Names load on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

# Type checkers read this as true. Importing it from `typing` would be most of what importing this package costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from oasys_sched.actors import Actor, ActorKind
    from oasys_sched.aio.core import AsyncDesk
    from oasys_sched.availability.blocks import RecurringBlock, block_time
    from oasys_sched.availability.busy import Busy, BusyKind, Recurs, TimeBlock
    from oasys_sched.availability.diary import Diary
    from oasys_sched.availability.hours import ClockRange, HoursRange, WeeklyHours
    from oasys_sched.availability.overrides import DateOverride
    from oasys_sched.availability.prepared import PreparedDiary
    from oasys_sched.availability.series_check import SeriesCheck, Verdict, check_series
    from oasys_sched.availability.slots import Slot, Slots, bookable_slots
    from oasys_sched.availability.verdict import diary_span, is_open, why_not, why_not_for_client
    from oasys_sched.booking.actions import ActionState, available_actions
    from oasys_sched.booking.appointment import Appointment, AppointmentStatus, Cancellation, Source
    from oasys_sched.booking.blocks import BlockRecord
    from oasys_sched.booking.commands import BookSlot, CancelOwn, RequestMove
    from oasys_sched.booking.facts import Facts
    from oasys_sched.booking.own_view import ClientView, OwnBooking, client_view
    from oasys_sched.booking.recurring import AppointmentSeries
    from oasys_sched.booking.reminders import Reminder, ReminderState, judge_reminder, plan_reminders
    from oasys_sched.booking.request import ChangeRequest, RequestKind
    from oasys_sched.booking.schedule import Schedule, ServiceRecord
    from oasys_sched.booking.scope import Scope
    from oasys_sched.booking.table import RequestStatus
    from oasys_sched.booking.waitlist import Preference, WaitlistEntry, WaitlistOffer, WaitlistStatus
    from oasys_sched.calendar.colours import PALETTE, STATUS_COLORS, Color, client_color
    from oasys_sched.calendar.diaries import diary_calendar
    from oasys_sched.calendar.entries import Entry, EntryKind, ShownStatus
    from oasys_sched.calendar.grid import Grid, GridDay, Placed
    from oasys_sched.calendar.listing import Filters, Listing
    from oasys_sched.calendar.picture import month_picture, week_picture
    from oasys_sched.calendar.timeline import Moment, moments, timeline_picture
    from oasys_sched.calendar.views import Calendar
    from oasys_sched.codes import Code
    from oasys_sched.decisions import Accepted, Decision, Event, Refusal, Refused
    from oasys_sched.desk.core import Desk
    from oasys_sched.errors import (
        DeliveryFailed,
        FeedUnavailable,
        InvalidPolicy,
        InvalidValue,
        KeyReused,
        MissingExtra,
        NotFound,
        NotifyFailed,
        OasysError,
        OutcomeUnknown,
        PortFailed,
        RequestRefused,
        SlotTaken,
        StaleWrite,
    )
    from oasys_sched.fees.billing import BillableItem, BillableKind, EndedSession, Payer, billable_items
    from oasys_sched.fees.charges import Charge, ChargeKind, ChargeState, WaiveReason
    from oasys_sched.fees.grace import GracePolicy, propose_waiver
    from oasys_sched.fees.payers import FeeRules, PayerRule
    from oasys_sched.fees.quote import Quote, quote_cancellation
    from oasys_sched.fees.schedule import FeeSchedule
    from oasys_sched.formats import note_formats
    from oasys_sched.modes import Mode
    from oasys_sched.money import Money
    from oasys_sched.people import BillingType, Client, ClientStatus, Clinician, ClinicianStatus, Location, Practice
    from oasys_sched.policies.access import Action, Relation, access_table, may
    from oasys_sched.policies.booking import BookingMode, BookingPolicy, ServiceLimits
    from oasys_sched.policies.cancellation import CancellationLimits, CancellationPolicy, TermsBasis
    from oasys_sched.policies.presets import PRESETS, PolicySet
    from oasys_sched.policies.problems import fee_setup_problems, problems
    from oasys_sched.policies.reasons import REASONS, CancellationReason, Initiator
    from oasys_sched.policies.reminders import QuietHours, ReminderPolicy
    from oasys_sched.policies.terms import Terms
    from oasys_sched.recurrence.appointments import appointment_series
    from oasys_sched.recurrence.editing import SeriesSplit
    from oasys_sched.recurrence.expand import expand
    from oasys_sched.recurrence.ical import series_from_ical, series_to_ical
    from oasys_sched.recurrence.jscalendar import (
        rule_from_jscalendar,
        rule_to_jscalendar,
        series_from_jscalendar,
        series_to_jscalendar,
    )
    from oasys_sched.recurrence.overrides import Occurrence, Override, OverrideKind
    from oasys_sched.recurrence.rule import Frequency, Rule, Skip
    from oasys_sched.recurrence.series import Series
    from oasys_sched.recurrence.weekday import NthWeekday, Weekday
    from oasys_sched.schema.reading import SCHEMAS, from_dict, json_schema
    from oasys_sched.services import Service
    from oasys_sched.sessions.actions import note_actions
    from oasys_sched.sessions.assistant import (
        AssistantTask,
        HealthEntry,
        PastSession,
        PreparationRequest,
        Question,
        ScribeRequest,
        Suggestion,
    )
    from oasys_sched.sessions.attachments import Upload, judge_file
    from oasys_sched.sessions.call import ChatMessage, Device, Participant, Presence, recording_allowed
    from oasys_sched.sessions.evidence import client_was_waiting
    from oasys_sched.sessions.facts import SessionFacts
    from oasys_sched.sessions.note import (
        Addendum,
        AddendumStatus,
        Attachment,
        Meaning,
        Note,
        NoteKind,
        Passage,
        Signature,
    )
    from oasys_sched.sessions.overdue import OverdueNote, overdue_notes
    from oasys_sched.sessions.policy import AttachmentLimits, PlaceCheck, SessionPolicy
    from oasys_sched.sessions.previous import session_history
    from oasys_sched.sessions.purging import overdue_purges
    from oasys_sched.sessions.seal import note_digest, verify
    from oasys_sched.sessions.sensitive import REVEAL, Sensitive
    from oasys_sched.sessions.session import Origin, PlaceStatement, Session
    from oasys_sched.sessions.table import NoteStatus, SessionStatus, TranscriptStatus
    from oasys_sched.sessions.timed import BillingCode, TimedCode, billing_code, session_minutes
    from oasys_sched.sessions.transcript import (
        PurgeObligation,
        PurgeReason,
        PurgeReceipt,
        PurgeStatus,
        Segment,
        Tombstone,
        Transcript,
        TranscriptSource,
    )
    from oasys_sched.sessions.writing import autosave_due
    from oasys_sched.times import Period, Span

__version__ = "0.1.0"

# One line a module: where each public name lives. A test holds this table, the imports above and `__all__` together.
_HOME = {
    name: module
    for module, names in {
        "actors": "Actor ActorKind",
        "aio.core": "AsyncDesk",
        "availability.blocks": "RecurringBlock block_time",
        "availability.busy": "Busy BusyKind Recurs TimeBlock",
        "availability.diary": "Diary",
        "availability.hours": "ClockRange HoursRange WeeklyHours",
        "availability.overrides": "DateOverride",
        "availability.prepared": "PreparedDiary",
        "availability.series_check": "SeriesCheck Verdict check_series",
        "availability.slots": "Slot Slots bookable_slots",
        "availability.verdict": "diary_span is_open why_not why_not_for_client",
        "booking.actions": "ActionState available_actions",
        "booking.appointment": "Appointment AppointmentStatus Cancellation Source",
        "booking.commands": "BookSlot CancelOwn RequestMove",
        "booking.facts": "Facts",
        "booking.own_view": "ClientView OwnBooking client_view",
        "booking.recurring": "AppointmentSeries",
        "booking.reminders": "Reminder ReminderState judge_reminder plan_reminders",
        "booking.request": "ChangeRequest RequestKind",
        "booking.schedule": "Schedule ServiceRecord",
        "booking.scope": "Scope",
        "booking.table": "RequestStatus",
        "booking.blocks": "BlockRecord",
        "booking.waitlist": "Preference WaitlistEntry WaitlistOffer WaitlistStatus",
        "calendar.colours": "Color PALETTE STATUS_COLORS client_color",
        "calendar.diaries": "diary_calendar",
        "calendar.entries": "Entry EntryKind ShownStatus",
        "calendar.grid": "Grid GridDay Placed",
        "calendar.listing": "Filters Listing",
        "calendar.picture": "month_picture week_picture",
        "calendar.timeline": "Moment moments timeline_picture",
        "calendar.views": "Calendar",
        "codes": "Code",
        "decisions": "Accepted Decision Event Refusal Refused",
        "desk.core": "Desk",
        "errors": "DeliveryFailed FeedUnavailable InvalidPolicy InvalidValue KeyReused MissingExtra NotFound "
        "NotifyFailed OasysError OutcomeUnknown PortFailed RequestRefused SlotTaken StaleWrite",
        "fees.billing": "BillableItem BillableKind EndedSession Payer billable_items",
        "fees.charges": "Charge ChargeKind ChargeState WaiveReason",
        "fees.grace": "GracePolicy propose_waiver",
        "fees.payers": "FeeRules PayerRule",
        "fees.quote": "Quote quote_cancellation",
        "fees.schedule": "FeeSchedule",
        "formats": "note_formats",
        "modes": "Mode",
        "money": "Money",
        "people": "BillingType Client ClientStatus Clinician ClinicianStatus Location Practice",
        "policies.access": "Action Relation access_table may",
        "policies.booking": "BookingMode BookingPolicy ServiceLimits",
        "policies.cancellation": "CancellationLimits CancellationPolicy TermsBasis",
        "policies.presets": "PRESETS PolicySet",
        "policies.problems": "fee_setup_problems problems",
        "policies.reasons": "REASONS CancellationReason Initiator",
        "policies.reminders": "QuietHours ReminderPolicy",
        "policies.terms": "Terms",
        "recurrence.appointments": "appointment_series",
        "recurrence.editing": "SeriesSplit",
        "recurrence.expand": "expand",
        "recurrence.ical": "series_from_ical series_to_ical",
        "recurrence.jscalendar": "rule_from_jscalendar rule_to_jscalendar series_from_jscalendar series_to_jscalendar",
        "recurrence.overrides": "Occurrence Override OverrideKind",
        "recurrence.rule": "Frequency Rule Skip",
        "recurrence.series": "Series",
        "recurrence.weekday": "NthWeekday Weekday",
        "schema.reading": "SCHEMAS from_dict json_schema",
        "services": "Service",
        "sessions.actions": "note_actions",
        "sessions.assistant": "AssistantTask HealthEntry PastSession PreparationRequest Question "
        "ScribeRequest Suggestion",
        "sessions.attachments": "Upload judge_file",
        "sessions.call": "ChatMessage Device Participant Presence recording_allowed",
        "sessions.evidence": "client_was_waiting",
        "sessions.facts": "SessionFacts",
        "sessions.note": "Addendum AddendumStatus Attachment Meaning Note NoteKind Passage Signature",
        "sessions.overdue": "OverdueNote overdue_notes",
        "sessions.policy": "AttachmentLimits PlaceCheck SessionPolicy",
        "sessions.previous": "session_history",
        "sessions.purging": "overdue_purges",
        "sessions.seal": "note_digest verify",
        "sessions.sensitive": "REVEAL Sensitive",
        "sessions.session": "Origin PlaceStatement Session",
        "sessions.table": "NoteStatus SessionStatus TranscriptStatus",
        "sessions.timed": "BillingCode TimedCode billing_code session_minutes",
        "sessions.transcript": "PurgeObligation PurgeReason PurgeReceipt PurgeStatus Segment Tombstone Transcript "
        "TranscriptSource",
        "sessions.writing": "autosave_due",
        "times": "Period Span",
    }.items()
    for name in names.split()
}

__all__ = [
    # answers
    "Accepted",
    "Code",
    "Decision",
    "Event",
    "Refusal",
    "Refused",
    # errors
    "DeliveryFailed",
    "FeedUnavailable",
    "InvalidPolicy",
    "InvalidValue",
    "KeyReused",
    "MissingExtra",
    "NotFound",
    "NotifyFailed",
    "OasysError",
    "OutcomeUnknown",
    "PortFailed",
    "RequestRefused",
    "SlotTaken",
    "StaleWrite",
    # who
    "Actor",
    "ActorKind",
    # time and money
    "Money",
    "Period",
    "Span",
    # what is offered, under which rules
    "BookingMode",
    "BookingPolicy",
    "FeeSchedule",
    "Mode",
    "Service",
    "ServiceLimits",
    # what repeats
    "Series",
    "Rule",
    "Occurrence",
    "Override",
    "OverrideKind",
    "SeriesSplit",
    "Frequency",
    "Skip",
    "Weekday",
    "NthWeekday",
    "expand",
    "appointment_series",
    "check_series",
    "SeriesCheck",
    "Verdict",
    "RecurringBlock",
    "block_time",
    "series_from_ical",
    "series_to_ical",
    "series_from_jscalendar",
    "series_to_jscalendar",
    "rule_from_jscalendar",
    "rule_to_jscalendar",
    # people and practice
    "Practice",
    "Location",
    "ClinicianStatus",
    "Clinician",
    "ClientStatus",
    "Client",
    "BillingType",
    # appointments and requests
    "WaitlistStatus",
    "WaitlistOffer",
    "BlockRecord",
    "WaitlistEntry",
    "Preference",
    "AppointmentSeries",
    "client_view",
    "OwnBooking",
    "ClientView",
    "available_actions",
    "ActionState",
    "RequestMove",
    "CancelOwn",
    "BookSlot",
    "Scope",
    "ServiceRecord",
    "Schedule",
    "Facts",
    "RequestStatus",
    "RequestKind",
    "ChangeRequest",
    "Source",
    "Cancellation",
    "AppointmentStatus",
    "Appointment",
    # policies
    "plan_reminders",
    "judge_reminder",
    "ReminderState",
    "Reminder",
    "problems",
    "fee_setup_problems",
    "PolicySet",
    "PRESETS",
    "may",
    "access_table",
    "Relation",
    "Action",
    "Terms",
    "Initiator",
    "CancellationReason",
    "REASONS",
    "ReminderPolicy",
    "QuietHours",
    "TermsBasis",
    "CancellationPolicy",
    "CancellationLimits",
    # fees and billing
    "billable_items",
    "Payer",
    "EndedSession",
    "BillableKind",
    "BillableItem",
    "propose_waiver",
    "GracePolicy",
    "quote_cancellation",
    "Quote",
    "PayerRule",
    "FeeRules",
    "WaiveReason",
    "ChargeState",
    "ChargeKind",
    "Charge",
    # when could it be
    "Busy",
    "BusyKind",
    "ClockRange",
    "DateOverride",
    "Diary",
    "HoursRange",
    "PreparedDiary",
    "Recurs",
    "Slot",
    "Slots",
    "TimeBlock",
    "WeeklyHours",
    "bookable_slots",
    "diary_span",
    "is_open",
    "why_not",
    "why_not_for_client",
    # what a calendar shows
    "PALETTE",
    "STATUS_COLORS",
    "Calendar",
    "Color",
    "Entry",
    "EntryKind",
    "Filters",
    "Grid",
    "GridDay",
    "Listing",
    "Moment",
    "Placed",
    "ShownStatus",
    "client_color",
    "diary_calendar",
    "moments",
    "month_picture",
    "timeline_picture",
    "week_picture",
    # the desk
    "AsyncDesk",
    "Desk",
    # plain dicts and JSON Schema
    "SCHEMAS",
    "from_dict",
    "json_schema",
    # sessions, notes, transcripts
    "Session",
    "SessionFacts",
    "SessionPolicy",
    "SessionStatus",
    "Origin",
    "PlaceCheck",
    "PlaceStatement",
    "Device",
    "Participant",
    "Presence",
    "ChatMessage",
    "recording_allowed",
    "session_history",
    "session_minutes",
    "client_was_waiting",
    "BillingCode",
    "TimedCode",
    "billing_code",
    "Sensitive",
    "REVEAL",
    "Note",
    "NoteKind",
    "NoteStatus",
    "Passage",
    "Signature",
    "Meaning",
    "Addendum",
    "AddendumStatus",
    "OverdueNote",
    "note_actions",
    "note_digest",
    "note_formats",
    "overdue_notes",
    "autosave_due",
    "verify",
    "Attachment",
    "AttachmentLimits",
    "Upload",
    "judge_file",
    "Transcript",
    "TranscriptSource",
    "TranscriptStatus",
    "Segment",
    "Tombstone",
    "PurgeObligation",
    "PurgeReason",
    "PurgeReceipt",
    "PurgeStatus",
    "overdue_purges",
    "AssistantTask",
    "HealthEntry",
    "PastSession",
    "PreparationRequest",
    "Question",
    "ScribeRequest",
    "Suggestion",
    # the package
    "__version__",
]


def __getattr__(name: str) -> object:
    module = _HOME.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
