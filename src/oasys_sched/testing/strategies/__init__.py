"""Hypothesis strategies for everything the library reads: sound values, and hostile ones. Needs the extra `testing`."""

from oasys_sched.testing.strategies.hostile import documents, feeds, hostile_text, uploads
from oasys_sched.testing.strategies.hours import busy_sets, clock_ranges, date_overrides, weekly_hours
from oasys_sched.testing.strategies.offers import booking_policies, cancellation_policies, services
from oasys_sched.testing.strategies.people import actors, clinics, scripts
from oasys_sched.testing.strategies.questions import Question, questions
from oasys_sched.testing.strategies.repeating import rules, series
from oasys_sched.testing.strategies.zones import instants, wall_times, zones

__all__ = [
    "Question",
    "actors",
    "booking_policies",
    "busy_sets",
    "cancellation_policies",
    "clinics",
    "clock_ranges",
    "date_overrides",
    "documents",
    "feeds",
    "hostile_text",
    "instants",
    "questions",
    "rules",
    "scripts",
    "series",
    "services",
    "uploads",
    "wall_times",
    "weekly_hours",
    "zones",
]
