"""Every refusal code the library can give, as one enumeration.

RULES.md writes the codes in capitals; the values here are the same words in lower_snake_case.
Codes are part of the compatibility promise: they are added to, never reused, never reworded.
"""

from __future__ import annotations

from enum import StrEnum, unique

__all__ = ["Code"]


@unique
class Code(StrEnum):
    """The stable, machine-readable reason of a refusal, a warning or an error."""

    # values that cannot be right, whatever the state
    INVALID_VALUE = "invalid_value"
    NAIVE_DATETIME = "naive_datetime"
    NONEXISTENT_LOCAL_TIME = "nonexistent_local_time"
    UNKNOWN_ZONE = "unknown_zone"
    OUT_OF_RANGE = "out_of_range"
    INVALID_RANGE = "invalid_range"
    INVALID_DURATION = "invalid_duration"
    INVALID_AMOUNT = "invalid_amount"
    INVALID_OFFSET = "invalid_offset"
    INVALID_PATTERN = "invalid_pattern"
    INVALID_END = "invalid_end"
    INVALID_HOURS = "invalid_hours"
    CURRENCY_MISMATCH = "currency_mismatch"
    TOO_LARGE = "too_large"
    MISSING_EXTRA = "missing_extra"

    # configuration
    INVALID_POLICY = "invalid_policy"
    IMPOSSIBLE_WINDOW = "impossible_window"
    MODE_NOT_SUPPORTED = "mode_not_supported"

    # who may do what
    FORBIDDEN = "forbidden"
    FORBIDDEN_FIELD = "forbidden_field"
    NOT_FOUND = "not_found"
    CLIENT_NOT_IN_CASELOAD = "client_not_in_caseload"
    CLIENT_ARCHIVED = "client_archived"
    CLIENT_PENDING = "client_pending"
    CLINICIAN_NOT_ACTIVE = "clinician_not_active"

    # services and times
    UNKNOWN_SERVICE = "unknown_service"
    SERVICE_INACTIVE = "service_inactive"
    SERVICE_NOT_BOOKABLE = "service_not_bookable"
    MODE_REQUIRED = "mode_required"
    IN_THE_PAST = "in_the_past"
    NOT_IN_PAST = "not_in_past"
    NO_AVAILABILITY = "no_availability"
    SLOT_UNAVAILABLE = "slot_unavailable"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    BLOCKED = "blocked"
    BUSY = "busy"
    BUFFER = "buffer"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    DAILY_CAP = "daily_cap"
    WEEKLY_CAP = "weekly_cap"
    CLIENT_CAP = "client_cap"
    CONFLICT = "conflict"
    CLIENT_DOUBLE_BOOKED = "client_double_booked"
    HOLD_EXPIRED = "hold_expired"
    SELF_BOOKING_DISABLED = "self_booking_disabled"
    PAYMENT_METHOD_REQUIRED = "payment_method_required"
    TERMS_NOT_ACCEPTED = "terms_not_accepted"

    # series
    ALREADY_IN_SERIES = "already_in_series"
    NOT_A_SERIES = "not_a_series"
    END_REQUIRED = "end_required"
    END_AMBIGUOUS = "end_ambiguous"
    TOO_MANY_OCCURRENCES = "too_many_occurrences"
    SCOPE_REQUIRED = "scope_required"
    NOT_AN_EXTENSION = "not_an_extension"
    ALREADY_OPEN_ENDED = "already_open_ended"
    NO_SUCH_INSTANCE = "no_such_instance"

    # appointments and requests
    INVALID_TRANSITION = "invalid_transition"
    NO_CHANGE = "no_change"
    NOT_CONFIRMED = "not_confirmed"
    ALREADY_STARTED = "already_started"
    NOT_STARTED_YET = "not_started_yet"
    REASON_REQUIRED = "reason_required"
    UNKNOWN_REASON = "unknown_reason"
    REQUEST_ALREADY_OPEN = "request_already_open"
    TOO_MANY_REQUESTS = "too_many_requests"
    TOO_MANY_RESCHEDULES = "too_many_reschedules"
    CLIENT_CANCELLATION_DISABLED = "client_cancellation_disabled"
    NOT_LATE = "not_late"
    FEE_ALREADY_BILLED = "fee_already_billed"
    QUOTE_CHANGED = "quote_changed"
    CLIENT_WAS_WAITING = "client_was_waiting"

    # sessions, notes, transcripts, attachments
    SESSION_ALREADY_ACTIVE = "session_already_active"
    SESSION_NOT_ACTIVE = "session_not_active"
    SESSION_ACTIVE = "session_active"
    SESSION_NOT_JOINABLE = "session_not_joinable"
    DUPLICATE_SESSION = "duplicate_session"
    NOT_TELEHEALTH = "not_telehealth"
    NOT_WAITING = "not_waiting"
    NOT_IN_CALL = "not_in_call"
    PLACE_NOT_AUTHORISED = "place_not_authorised"
    RECORDING_FORBIDDEN = "recording_forbidden"
    TRANSCRIPTION_OFF = "transcription_off"
    TRANSCRIPT_DELETED = "transcript_deleted"
    NOTE_LOCKED = "note_locked"
    EMPTY_NOTE = "empty_note"
    NO_SUPERVISOR = "no_supervisor"
    REVIEW_REQUIRED = "review_required"
    UNKNOWN_ASSISTANT_TASK = "unknown_assistant_task"
    ASSISTANT_UNAVAILABLE = "assistant_unavailable"
    UNSUPPORTED_FILE = "unsupported_file"
    FILE_TYPE_MISMATCH = "file_type_mismatch"
    EMPTY_FILE = "empty_file"
    FILE_TRUNCATED = "file_truncated"
    TOO_MANY_FILES = "too_many_files"

    # views
    UNKNOWN_VIEW = "unknown_view"
    UNKNOWN_COLUMN = "unknown_column"

    # the unit of work
    STALE_REVISION = "stale_revision"
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch"
    IN_PROGRESS = "in_progress"
    CLOCK_SKEW = "clock_skew"
    PORT_FAILED = "port_failed"
    DELIVERY_FAILED = "delivery_failed"

    # feeds
    FEED_MALFORMED = "feed_malformed"
    FEED_TOO_LARGE = "feed_too_large"
    FEED_STALE = "feed_stale"
    FEED_UNAVAILABLE = "feed_unavailable"

    # warnings: they accompany an acceptance and stop nothing
    NO_CONTACT = "no_contact"
    OVERLAP = "overlap"
    OUTSIDE_AVAILABILITY = "outside_availability"
    LATE_ENTRY = "late_entry"
    KEPT_IN_PLACE = "kept_in_place"
    DATES_LEFT_OUT = "dates_left_out"
