"""The stories of test_scenes.py, as one table: who asks what, when, and by which rules of the practice.

A step is who asks, the desk's method, its arguments; `_` is the one without a name. `("at", 50, {})` lets it be 50
hours after Monday 08:00 in New York. Starts are on Dana's calendar, in her clock's hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oasys_sched.availability.hours import ClockRange, HoursRange
from oasys_sched.booking.waitlist import Preference
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.people import Location
from oasys_sched.policies.cancellation import TermsBasis
from oasys_sched.policies.reasons import Initiator
from oasys_sched.times import Period, Span

NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
Step = tuple[str, Any, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The steps, how the clinic is set up, and what its rules say otherwise."""

    steps: tuple[Step, ...]
    clinic: Mapping[str, Any] = field(default_factory=dict)
    # Of Dana's schedule by part, of the practice, of the services by id, and of Ana.
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    practice: Mapping[str, Any] = field(default_factory=dict)
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ana: Mapping[str, Any] = field(default_factory=dict)


def day(number: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026; the 2nd is the clinic's first Monday, the clocks change on the 8th."""
    return datetime(2026, 3, number, hour, minute, tzinfo=NEW_YORK)


def wall(number: int, hour: int, minute: int = 0) -> datetime:
    return day(number, hour, minute).replace(tzinfo=None)


THERAPY = {"service": "therapy", "mode": Mode.TELEHEALTH}
LATE = {"late_threshold": Period.parse("PT24H")}
WEEKLY = "FREQ=WEEKLY;COUNT=4"
DAYS = "FREQ=WEEKLY;BYDAY=TU,WE,TH,FR;COUNT=4"
USD = lambda amount: Money.of(amount, "USD")


def made(who: str, number: int, hour: int, minute: int = 0, **more: Any) -> Step:
    return ("dana", "create", {"client": who, **THERAPY, "starts_at": day(number, hour, minute), **more})


SCENES: dict[str, Scene] = {
    "a late cancellation that is asked for": Scene(clinic={"late": True}, steps=(
        made("ana", 3, 9), made("ben", 3, 10), made("ana", 3, 11), made("kim", 3, 12),
        ("at", 10, {}),
        ("ana", "quote", {"_": "$appointment.0"}),
        ("ana", "client_cancel", {"_": "$appointment.0", "reason": "client_illness", "text": "a cold"}),
        ("ana", "client_cancel", {"_": "$appointment.0"}),
        ("dana", "approve_request", {"_": "$request", "apply_fee": True}),
        ("ben", "client_cancel", {"_": "$appointment.1"}),
        ("dana", "approve_request", {"_": "$request"}),
        ("dana", "approve_request", {"_": "$request", "apply_fee": False}),
        ("ana", "client_cancel", {"_": "$appointment.2", "reason": "weather"}),
        ("ana", "client_cancel", {"_": "$appointment.2", "reason": "other", "text": "moving"}),
        ("ana", "withdraw_request", {"_": "$request"}),
        ("ana", "client_cancel", {"_": "$appointment.2"}),
        ("dana", "decline_request", {"_": "$request"}),
        ("mum", "client_cancel", {"_": "$appointment.3"}),
        ("at", 27, {}),
        ("dana", "approve_request", {"_": "$request", "apply_fee": True}),
        ("system", "expire_request", {"_": "$request"}),
        ("system", "sweep", {}),
    )),
    "fees from their beginning to the bill": Scene(steps=(
        made("ana", 3, 9), made("ben", 3, 10), made("ana", 3, 11),
        ("at", 10, {}),
        ("ana", "client_cancel", {"_": "$appointment.0"}),
        ("dana", "waive_fee", {"_": "$appointment.0", "reason": "illness"}),
        ("dana", "decide_fee", {"_": "$appointment.0", "apply": True}),
        ("dana", "decide_fee", {"_": "$appointment.0", "apply": True}),
        ("dana", "waive_fee", {"_": "$appointment.0", "reason": "illness"}),
        ("dana", "waive_fee", {"_": "$appointment.0", "reason": "illness"}),
        ("dana", "reinstate_fee", {"_": "$appointment.0", "reason": "was a mistake"}),
        ("dana", "bill", {"_": "$appointment.0"}),
        ("dana", "waive_fee", {"_": "$appointment.0", "reason": "goodwill"}),
        ("dana", "cancel", {"_": "$appointment.1", "reason": "client_schedule"}),
        ("dana", "decide_fee", {"_": "$appointment.1", "apply": False, "reason": "first_time"}),
        ("at", 27, {}),
        ("dana", "mark_no_show", {"_": "$appointment.2", "reason": "did not pick up"}),
        ("dana", "undo_no_show", {"_": "$appointment.2", "reason": "was in the wrong room"}),
        ("dana", "mark_no_show", {"_": "$appointment.2"}),
        ("dana", "bill", {"_": "$appointment.2"}),
        ("dana", "undo_no_show", {"_": "$appointment.2", "reason": "too late"}),
        ("dana", "billable", {}),
    )),
    "moving by request": Scene(rules={"cancellation": {"max_reschedules": 2, "late_reschedule_counts": True}}, steps=(
        made("ana", 4, 9), made("ben", 4, 10), made("ana", 5, 9),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 11), "text": "a train"}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 12)}),
        ("dana", "suggest", {"_": "$request", "starts": [day(4, 10), day(5, 10)]}),
        ("dana", "suggest", {"_": "$request", "starts": [day(5, 10), day(5, 11)]}),
        ("ben", "accept_alternative", {"_": "$request", "starts_at": day(5, 10)}),
        ("ana", "accept_alternative", {"_": "$request", "starts_at": day(5, 12)}),
        ("ana", "accept_alternative", {"_": "$request", "starts_at": day(5, 10)}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(6, 9)}),
        ("dana", "approve_request", {"_": "$request"}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(6, 11)}),
        ("dana", "reschedule", {"_": "$appointment.0", "to": day(6, 11), "text": "as agreed"}),
        made("ana", 6, 10),
        ("ana", "request_reschedule", {"_": "$appointment.3", "to": day(6, 12)}),
        ("ana", "client_cancel", {"_": "$appointment.3"}),
        ("at", 42, {}),
        ("ben", "quote", {"_": "$appointment.1"}),
        ("ben", "request_reschedule", {"_": "$appointment.1", "to": day(6, 9)}),
        ("dana", "approve_request", {"_": "$request", "apply_fee": True}),
        ("dana", "bill", {"_": "$appointment.1"}),
        ("ana", "request_reschedule", {"_": "$appointment.2", "to": day(6, 12)}),
        ("dana", "cancel", {"_": "$appointment.2", "reason": "clinician_illness", "text": "the flu"}),
        ("dana", "approve_request", {"_": "$request"}),
    )),
    "approval and its clocks": Scene(clinic={"approve": True}, steps=(
        ("ana", "book", {**THERAPY, "starts_at": day(3, 9)}),
        ("ben", "book", {**THERAPY, "starts_at": day(3, 9)}),
        ("ben", "book", {**THERAPY, "starts_at": day(3, 10)}),
        ("mum", "book", {**THERAPY, "starts_at": day(3, 11), "client": "kim"}),
        ("dana", "approve", {"_": "$appointment.0"}),
        ("dana", "approve", {"_": "$appointment.0"}),
        ("dana", "decline", {"_": "$appointment.1", "text": "I am away"}),
        ("mum", "withdraw", {"_": "$appointment.2"}),
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9)}),
        ("dana", "create", {"client": "ben", **THERAPY, "starts_at": day(4, 9)}),
        ("dana", "create", {"client": "ben", **THERAPY, "starts_at": day(4, 9), "allow_overlap": True}),
        ("dana", "approve", {"_": "$appointment.3"}),
        ("dana", "approve", {"_": "$appointment.3", "allow_overlap": True}),
        ("ben", "book", {"service": "intake", "starts_at": day(5, 9)}),
        ("at", 80, {}),
        ("system", "expire", {"_": "$appointment.5"}),
        ("system", "sweep", {}),
    )),
    "editing": Scene(steps=(
        made("ana", 3, 9), made("ben", 3, 10),
        ("dana", "edit", {"_": "$appointment.0"}),
        ("dana", "edit", {"_": "$appointment.0", "mode": Mode.IN_PERSON}),
        ("dana", "edit", {"_": "$appointment.0", "price": USD("100")}),
        ("dana", "edit", {"_": "$appointment.0", "service": "intake"}),
        ("dana", "edit", {"_": "$appointment.0", "service": "therapy", "mode": Mode.PHONE}),
        ("dana", "edit", {"_": "$appointment.0", "service": "therapy"}),
        ("dana", "edit", {"_": "$appointment.0", "duration": 30 * MINUTE}),
        ("dana", "edit", {"_": "$appointment.0", "duration": 70 * MINUTE}),
        ("dana", "edit", {"_": "$appointment.0", "duration": 70 * MINUTE, "allow_overlap": True}),
        ("dana", "edit", {"_": "$appointment.0", "mode": Mode.TELEHEALTH, "price": USD("120")}),
        ("ana", "edit", {"_": "$appointment.0", "price": USD("1")}),
        ("dana", "actions", {"_": "$appointment.0"}),
        ("ana", "actions", {"_": "$appointment.0"}),
        ("at", 26, {}),
        ("dana", "edit", {"_": "$appointment.0", "duration": 30 * MINUTE}),
    )),
    "a series moved, split and cut": Scene(steps=(
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(3, 9), "rule": WEEKLY}),
        ("dana", "reschedule", {"_": "$appointment.1", "to": day(11, 9), "scope": "this"}),
        ("dana", "cancel", {"_": "$appointment.2", "reason": "client_schedule", "scope": "this"}),
        ("ana", "request_reschedule", {"_": "$appointment.3", "to": day(25, 9)}),
        ("dana", "reschedule_future", {"_": "$appointment.1", "to": day(11, 10), "text": "a new room"}),
        ("dana", "reschedule_future", {
            "_": "$appointment.1", "to": day(11, 10), "text": "a new room", "include_moved": True}),
        ("dana", "cancel_future", {"_": "$appointment.3", "reason": "other", "text": "moving away"}),
        ("dana", "cancel_future", {
            "_": "$appointment.3", "reason": "other", "text": "moving away", "initiator": Initiator.CLIENT}),
        ("dana", "cancel_future", {"_": "$appointment.3", "reason": "client_moved"}),
        ("dana", "actions", {"_": "$appointment.0"}),
    )),
    "a series against what is there": Scene(steps=(
        made("ben", 10, 9), made("ben", 17, 9, 30),
        ("dana", "block_time", {"starts_at": wall(24, 9), "ends_at": wall(24, 12), "title": "out"}),
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(3, 9), "rule": WEEKLY}),
        ("dana", "create_series", {
            "client": "ana", **THERAPY, "starts_at": day(3, 9), "rule": WEEKLY, "skip_conflicts": True,
            "price": USD("99"), "duration": 60 * MINUTE}),
        made("ana", 5, 9),
        ("dana", "make_recurring", {"_": "$appointment", "starts_at": day(5, 9), "rule": "FREQ=MONTHLY;COUNT=3"}),
        made("kim", 6, 9), made("ben", 13, 9),
        ("dana", "make_recurring", {"_": "$appointment.5", "starts_at": day(6, 9), "rule": WEEKLY}),
        ("dana", "make_recurring", {
            "_": "$appointment.7", "starts_at": day(6, 9), "rule": WEEKLY, "skip_conflicts": True}),
        ("dana", "reschedule_future", {"_": "$appointment.2", "to": day(3, 10)}),
        ("dana", "reschedule_future", {"_": "$appointment.2", "to": day(3, 12), "allow_overlap": True}),
    )),
    "a late end of a series": Scene(steps=(
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(3, 9), "rule": DAYS}),
        ("at", 20, {}),
        ("dana", "cancel_future", {
            "_": "$appointment.0", "reason": "client_illness", "text": "a fever", "requested_at": day(2, 12),
            "apply_fee": True}),
        ("dana", "create_series", {"client": "ben", **THERAPY, "starts_at": day(3, 9), "rule": DAYS}),
        ("dana", "cancel_future", {"_": "$appointment.4", "reason": "client_illness", "requested_at": day(1, 12)}),
        ("dana", "create_series", {"client": "ben", **THERAPY, "starts_at": day(3, 9), "rule": DAYS}),
        ("at", 25, {}),
        ("dana", "reschedule_future", {"_": "$appointment.8", "to": day(4, 11)}),
        ("dana", "cancel_future", {"_": "$appointment.9", "reason": "practice_closed"}),
    )),
    "blocks": Scene(steps=(
        made("ana", 4, 9), made("ben", 11, 9),
        ("dana", "block_time", {
            "starts_at": wall(4, 9), "ends_at": wall(4, 10), "rule": "FREQ=WEEKLY;COUNT=4", "title": "Team",
            "details": "in room 2"}),
        ("dana", "delete_block_instance", {"_": "$block", "instance": date(2026, 3, 11)}),
        ("dana", "delete_block_instance", {"_": "$block", "instance": wall(18, 9)}),
        ("dana", "delete_block_instance", {"_": "$block", "instance": date(2026, 3, 12)}),
        ("dana", "cut_block", {"_": "$block", "before": date(2026, 3, 20)}),
        ("dana", "extend_block", {"_": "$block", "until": date(2026, 4, 20)}),
        ("dana", "cut_block", {"_": "$block", "before": wall(25, 9)}),
        ("dana", "extend_block", {"_": "$block", "until": None}),
        ("dana", "lift_block", {"_": "$block"}),
        ("dana", "lift_block", {"_": "$block"}),
        ("dana", "block_time", {"starts_at": wall(5, 9), "ends_at": wall(5, 9)}),
        ("dana", "block_time", {"starts_at": wall(5, 9), "ends_at": wall(6, 9)}),
        ("dana", "cut_block", {"_": "$block", "before": date(2026, 3, 20)}),
        ("dana", "extend_block", {"_": "$block", "until": date(2026, 3, 20)}),
        ("dana", "delete_block_instance", {"_": "$block", "instance": date(2026, 3, 5)}),
        ("sam", "block_time", {"starts_at": wall(6, 9), "ends_at": wall(6, 10), "clinician": "dana"}),
    )),
    "the waiting list": Scene(steps=(
        made("ben", 6, 9), made("ana", 6, 11),
        ("ana", "join_waitlist", {**THERAPY, "appointment": "$appointment.1"}),
        ("ana", "join_waitlist", {**THERAPY}),
        ("mum", "join_waitlist", {
            **THERAPY, "client": "kim", "preference": Preference(weekdays=(2, 4), after=time(9))}),
        ("ben", "join_waitlist", {"service": "therapy", "appointment": "$appointment.0"}),
        ("ben", "join_waitlist", {**THERAPY, "appointment": "$appointment.0"}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(4, 9), "expires_at": day(3, 9), "most": 4}),
        ("ben", "decline_offer", {"_": "$waitlist.3"}),
        ("ana", "accept_offer", {"_": "$waitlist.0"}),
        ("mum", "accept_offer", {"_": "$waitlist.2"}),
        ("ben", "leave_waitlist", {"_": "$waitlist.3"}),
        ("ben", "leave_waitlist", {"_": "$waitlist.3"}),
        ("mum", "join_waitlist", {**THERAPY, "client": "kim"}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(4, 11), "expires_at": day(3, 9), "most": 1}),
        ("at", 26, {}),
        ("mum", "accept_offer", {"_": "$waitlist"}),
        ("system", "expire_offer", {"_": "$waitlist"}),
        ("system", "sweep", {}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(4, 11), "expires_at": day(3, 13)}),
        ("mum", "leave_waitlist", {"_": "$waitlist"}),
    )),
    "an offer over the own appointment": Scene(steps=(
        made("ana", 6, 9),
        ("ana", "join_waitlist", {**THERAPY, "appointment": "$appointment.0"}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(6, 9, 30), "expires_at": day(3, 9)}),
        ("ana", "accept_offer", {"_": "$waitlist"}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(6, 11)}),
        ("ana", "join_waitlist", {**THERAPY, "appointment": "$appointment.0"}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(5, 9), "expires_at": day(3, 9)}),
        ("ana", "accept_offer", {"_": "$waitlist"}),
    )),
    "sessions and what becomes of the appointment": Scene(steps=(
        made("ana", 3, 9), made("ben", 3, 10), made("kim", 3, 11),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 9)}),
        ("at", 24.9, {}),
        ("ana", "join", {"_": "$appointment.0"}),
        ("dana", "start", {"_": "$appointment.0", "mode": Mode.PHONE}),
        ("dana", "start", {"_": "$appointment.0", "mode": Mode.IN_PERSON}),
        ("dana", "start", {"_": "$appointment.1"}),
        ("at", 25.9, {}),
        ("dana", "end", {"_": "$session"}),
        ("dana", "bill_session", {"_": "$session"}),
        ("dana", "mark_no_show", {"_": "$appointment.0"}),
        ("dana", "start", {"_": "$appointment.1"}),
        ("dana", "abandon", {"_": "$session"}),
        ("dana", "mark_no_show", {"_": "$appointment.1"}),
        ("dana", "start", {"_": "$appointment.1"}),
        ("at", 28, {}),
        ("dana", "end", {"_": "$session"}),
        ("dana", "log_previous", {
            "client": "kim", **THERAPY, "starts_at": day(3, 11), "duration": 45 * MINUTE}),
        ("dana", "link_logged", {"_": "$session", "appointment": "$appointment.2"}),
        ("dana", "log_previous", {"client": "ana", **THERAPY, "starts_at": day(3, 9)}),
        ("dana", "log_previous", {"client": "ana", **THERAPY, "starts_at": day(2, 9), "walk_in": True}),
        ("dana", "start", {"client": "ben", **THERAPY}),
        ("dana", "history", {"_": "ana"}),
        ("dana", "overdue_notes", {}),
    )),
    "terms agreed at booking": Scene(rules={
        "cancellation": {"terms": TermsBasis.AT_BOOKING, "require_acknowledgement": True, "version": "v7", **LATE},
        "booking": {"client_upcoming": 2, "daily_count": 2},
    }, steps=(
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9)}),
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9), "terms_accepted": "v6"}),
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9), "terms_accepted": "v7"}),
        ("ana", "book", {**THERAPY, "starts_at": day(4, 10), "terms_accepted": "v7"}),
        ("ana", "book", {**THERAPY, "starts_at": day(5, 10), "terms_accepted": "v7"}),
        ("ben", "book", {**THERAPY, "starts_at": day(4, 11), "terms_accepted": "v7"}),
        ("at", 40, {}),
        ("ana", "quote", {"_": "$appointment.0"}),
        ("ana", "client_cancel", {"_": "$appointment.0"}),
        ("dana", "cancel", {"_": "$appointment.1", "reason": "client_request", "requested_at": day(2, 12)}),
    )),
    "somebody without an address": Scene(ana={"email": None}, steps=(
        made("ana", 3, 9),
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9)}),
        ("dana", "reschedule", {"_": "$appointment.0", "to": day(3, 10)}),
        ("dana", "make_recurring", {"_": "$appointment.0", "starts_at": day(3, 10), "rule": "FREQ=WEEKLY;COUNT=2"}),
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(5, 9), "rule": WEEKLY}),
        ("dana", "reschedule_future", {"_": "$appointment.3", "to": day(5, 10)}),
        ("ana", "join_waitlist", {**THERAPY}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(6, 9), "expires_at": day(3, 9)}),
        ("ana", "accept_offer", {"_": "$waitlist"}),
        ("ana", "client_cancel", {"_": "$appointment.1"}),
        ("dana", "cancel_future", {"_": "$appointment.4", "reason": "practice_closed"}),
    )),
    "an approval without an address": Scene(ana={"email": None}, clinic={"approve": True}, steps=(
        ("ana", "book", {**THERAPY, "starts_at": day(4, 9)}),
        ("dana", "approve", {"_": "$appointment.0"}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 10)}),
        ("dana", "approve_request", {"_": "$request"}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 11)}),
        ("dana", "suggest", {"_": "$request", "starts": [day(5, 9)]}),
        ("ana", "accept_alternative", {"_": "$request", "starts_at": day(5, 9)}),
    )),
    "a pending fee that is overtaken": Scene(clinic={"late": True}, steps=(
        made("ana", 3, 9), made("ben", 3, 10), made("ana", 3, 11), made("ben", 3, 12),
        ("dana", "create_series", {"client": "kim", **THERAPY, "starts_at": day(3, 9, 50), "rule": WEEKLY,
                                   "allow_overlap": True}),
        ("at", 20, {}),
        ("ana", "client_cancel", {"_": "$appointment.0", "text": "a fever"}),
        ("ben", "client_cancel", {"_": "$appointment.1"}),
        ("ana", "client_cancel", {"_": "$appointment.2"}),
        ("ben", "client_cancel", {"_": "$appointment.3"}),
        ("mum", "client_cancel", {"_": "$appointment.4"}),
        ("dana", "reschedule", {"_": "$appointment.0", "to": day(4, 9)}),
        ("dana", "cancel", {"_": "$appointment.1", "reason": "clinician_illness"}),
        ("dana", "reschedule_future", {"_": "$appointment.4", "to": day(3, 10), "allow_overlap": True}),
        ("mum", "client_cancel", {"_": "$appointment.4"}),
        ("dana", "cancel_future", {"_": "$appointment.4", "reason": "client_request", "apply_fee": False}),
        ("at", 26, {}),
        ("dana", "start", {"_": "$appointment.2"}),
        ("at", 28, {}),
        ("dana", "end", {"_": "$session"}),
        ("dana", "mark_no_show", {"_": "$appointment.3"}),
        ("dana", "undo_no_show", {"_": "$appointment.3", "reason": "was there"}),
    )),
    "a late move that counts": Scene(
        rules={"cancellation": {"late_reschedule_counts": True, **LATE}}, steps=(
            ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(4, 9), "rule": WEEKLY}),
            made("ben", 4, 10),
            ("dana", "reschedule", {
                "_": "$appointment.0", "to": day(4, 9, 30), "scope": "this", "allow_overlap": True}),
            ("dana", "reschedule", {"_": "$appointment.4", "to": day(4, 11)}),
            ("at", 40, {}),
            ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(6, 9), "text": "a train"}),
            ("dana", "suggest", {"_": "$request", "starts": [day(6, 10 + n // 4, 15 * (n % 4)) for n in range(10)]}),
            ("dana", "suggest", {"_": "$request", "starts": [day(6, 10 + n // 4, 15 * (n % 4)) for n in range(11)]}),
            ("ana", "accept_alternative", {"_": "$request", "starts_at": day(6, 11)}),
            ("dana", "decide_fee", {"_": "$appointment.0", "apply": False, "reason": "illness"}),
            ("ben", "request_reschedule", {"_": "$appointment.4", "to": day(6, 9)}),
            ("dana", "decline_request", {"_": "$request"}),
            ("dana", "make_recurring", {"_": "$appointment.4", "starts_at": day(4, 11), "rule": WEEKLY}),
            ("ana", "actions", {"_": "$appointment.1"}),
        ),
    ),
    "a series made of what was moved before": Scene(steps=(
        made("ana", 6, 9), made("ben", 12, 9),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(5, 9)}),
        ("dana", "approve_request", {"_": "$request"}),
        ("at", 5, {}),
        ("dana", "make_recurring", {
            "_": "$appointment.0", "starts_at": day(5, 9), "rule": WEEKLY, "allow_overlap": True}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(5, 9)}),
        ("ana", "view", {**THERAPY, "within": Span(day(5, 9), day(6, 9))}),
        ("ana", "slots", {**THERAPY, "within": Span(day(5, 9), day(6, 9))}),
    )),
    "two places": Scene(
        practice={"locations": (Location(id="main", default=True), Location(id="branch"))},
        rules={"hours": {"ranges": (
            HoursRange(weekday=2, range=ClockRange(540, 720), locations=("main",)),
            HoursRange(weekday=3, range=ClockRange(540, 720), locations=("branch",)),
            HoursRange(weekday=4, range=ClockRange(540, 720), modes=(Mode.TELEHEALTH,)),
        )}},
        steps=(
            ("dana", "create", {"client": "ana", "service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(4, 9)}),
            ("dana", "create", {
                "client": "ben", "service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(5, 9),
                "location": "branch"}),
            ("dana", "create_series", {
                "client": "kim", "service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(5, 11),
                "location": "branch", "rule": "FREQ=WEEKLY;COUNT=2"}),
            ("ben", "book", {
                "service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(4, 10), "location": "branch"}),
            ("ben", "book", {"service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(4, 10)}),
            ("ben", "book", {"service": "therapy", "mode": Mode.IN_PERSON, "starts_at": day(6, 10)}),
            ("ben", "book", {**THERAPY, "starts_at": day(6, 10), "location": "harbour"}),
            ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(5, 10)}),
            ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 11)}),
            ("ana", "slots", {
                "service": "therapy", "mode": Mode.IN_PERSON, "within": Span(day(4, 0), day(7, 0)),
                "location": "branch"}),
            ("ana", "slots", {**THERAPY, "within": Span(day(4, 0), day(7, 0))}),
            ("ana", "slots", {
                "service": "therapy", "mode": Mode.IN_PERSON, "within": Span(day(4, 0), day(7, 0))}),
        ),
    ),
    "what cannot be understood": Scene(steps=(
        made("ana", 4, 9), made("ben", 4, 10),
        ("ana", "book", {**THERAPY, "starts_at": wall(5, 9)}),
        ("dana", "create", {"client": "ana", **THERAPY, "starts_at": wall(5, 9)}),
        ("dana", "create", {"client": "ana", **THERAPY, "starts_at": day(8, 2, 30)}),
        ("ana", "book", {**THERAPY, "starts_at": day(8, 2, 30)}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": wall(5, 9)}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(8, 2, 30)}),
        ("ana", "request_reschedule", {"_": "$appointment.0", "to": day(4, 9)}),
        ("dana", "reschedule", {"_": "$appointment.0", "to": day(8, 2, 30)}),
        ("dana", "reschedule", {"_": "$appointment.0", "to": day(1, 9)}),
        ("ana", "join_waitlist", {**THERAPY}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(8, 2, 30), "expires_at": day(4, 9)}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(5, 9), "expires_at": day(8, 2, 30)}),
        ("dana", "offer_freed_slot", {**THERAPY, "starts_at": day(5, 9), "expires_at": wall(5, 9)}),
        ("dana", "cancel", {"_": "$appointment.0", "reason": "client_request", "requested_at": wall(2, 8)}),
        ("dana", "cancel", {"_": "$appointment.0", "reason": "client_request", "requested_at": day(3, 8)}),
        ("dana", "edit", {"_": "$appointment.0", "duration": timedelta(hours=25)}),
        ("dana", "edit", {"_": "$appointment.0", "duration": timedelta(0)}),
        ("dana", "create", {"client": "ana", **THERAPY, "starts_at": datetime(2199, 12, 31, 18, tzinfo=NEW_YORK),
                            "duration": timedelta(hours=9)}),
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(5, 9), "rule": "FREQ=HOURLY;COUNT=3"}),
        ("dana", "create_series", {"client": "ana", **THERAPY, "starts_at": day(5, 9), "rule": "FREQ=WEEKLY"}),
        ("dana", "create_series", {
            "client": "ana", **THERAPY, "starts_at": day(5, 9), "rule": "FREQ=WEEKLY;COUNT=3",
            "duration": timedelta(hours=24)}),
        ("dana", "create_series", {
            "client": "ana", **THERAPY, "starts_at": day(5, 9), "rule": "FREQ=WEEKLY;BYDAY=TH,FR;COUNT=3",
            "duration": timedelta(hours=24), "allow_overlap": True}),
    )),
}  # fmt: skip
