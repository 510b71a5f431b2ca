"""The documents of the command line: a diary with a question, a series to expand, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final, final

from pydantic import AfterValidator, BaseModel, BeforeValidator, StrictBool, StrictInt, StrictStr

from oasys_sched.availability.blocks import RecurringBlock
from oasys_sched.availability.busy import TimeBlock
from oasys_sched.availability.diary import MOST_OVERRIDES, Diary
from oasys_sched.availability.hours import WeeklyHours
from oasys_sched.availability.overrides import DateOverride
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.modes import Mode
from oasys_sched.policies.booking import BookingPolicy
from oasys_sched.recurrence.rfc5545 import parse_rule
from oasys_sched.recurrence.series import Series
from oasys_sched.schema.leaves import INSTANT, LOCAL, read_date, read_instant, read_local
from oasys_sched.schema.records import STRICT, known_fields, listed, record, shape
from oasys_sched.services import Service
from oasys_sched.times import Span

__all__ = ["DIARY", "EXPAND", "HOURS", "SLOTS", "ExpandRequest", "SlotsRequest"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SlotsRequest:
    """A diary and a question about it: which service, under which policy, seen when, in which window.

    `start` is the time that `check` asks about.
    """

    diary: Diary
    service: Service
    policy: BookingPolicy
    now: datetime
    window: Span | None = None
    start: datetime | None = None
    mode: Mode | None = None
    location: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandRequest:
    """A rule in text with its start, as `expand` takes it."""

    start: str
    zone: str | None
    rule: str
    exclude: tuple[str, ...]
    add: tuple[str, ...]
    limit: int


def _form(form: type[BaseModel], build: Any) -> Any:
    return Annotated[form, BeforeValidator(known_fields(tuple(form.model_fields))), AfterValidator(build)]


class BusyTime(BaseModel):
    """A taken time: instants, half-open; an empty one takes nothing."""

    model_config = STRICT
    start: INSTANT
    end: INSTANT


def _busy(form: BusyTime) -> Span | None:
    return None if form.start == form.end else Span(form.start, form.end)


class Block(BaseModel):
    """Blocked time: instants; or, with a `rule`, the local start and end of the first and how it repeats."""

    model_config = STRICT
    start: StrictStr | datetime
    end: StrictStr | datetime
    rule: StrictStr | None = None
    id: StrictStr | None = None
    title: StrictStr = ""
    details: StrictStr = ""


class Hours(BaseModel):
    """Weekly hours in one zone: weekday names or ranges to a day's ranges; `modes` and `locations` narrow them."""

    model_config = STRICT
    zone: StrictStr
    hours: dict[StrictStr, StrictStr]
    modes: listed(Mode) = ()  # type: ignore[valid-type]
    locations: listed(StrictStr) = ()  # type: ignore[valid-type]


def _weekly(form: Hours) -> WeeklyHours:
    return WeeklyHours.parse(form.hours, zone=form.zone, modes=form.modes, locations=form.locations)


HOURS: Final = _form(Hours, _weekly)


def _date_keys(value: object) -> object:
    # YAML reads an unquoted date as one; JSON has only text.
    if not isinstance(value, Mapping):
        raise InvalidValue('give an object such as {"2026-12-25": ""}')
    if len(value) > MOST_OVERRIDES:
        raise InvalidValue(f"give at most {MOST_OVERRIDES} dates", code=Code.TOO_LARGE)
    return {str(key) if isinstance(key, date) else key: ranges for key, ranges in value.items()}


class DiaryForm(BaseModel):
    """One clinician's time: hours, what single dates do instead, blocks, and what is busy."""

    model_config = STRICT
    zone: StrictStr
    hours: dict[StrictStr, StrictStr] | None = None
    overrides: Annotated[dict[StrictStr, StrictStr], BeforeValidator(_date_keys)] = {}
    blocks: listed(_form(Block, lambda form: form)) = ()  # type: ignore[valid-type]
    busy: listed(_form(BusyTime, _busy)) = ()  # type: ignore[valid-type]


def _diary(form: DiaryForm) -> Diary:
    return Diary(
        hours=WeeklyHours.parse(form.hours or {}, zone=form.zone),
        overrides=tuple(_override(key, ranges) for key, ranges in form.overrides.items()),
        blocks=tuple(_block(block, form.zone, f"blocks.{n}") for n, block in enumerate(form.blocks)),
        busy=tuple(span for span in form.busy if span is not None),
    )


def _override(key: str, ranges: str) -> DateOverride:
    try:
        return DateOverride.parse(read_date(key), ranges)
    except InvalidValue as error:
        raise InvalidValue(error.problem, field=f"overrides.{key}", code=error.code) from None


def _block(form: Block, zone: str, path: str) -> TimeBlock | RecurringBlock:
    read = read_instant if form.rule is None else read_local
    times = []
    for field, text in (("start", form.start), ("end", form.end)):
        try:
            times.append(read(text))
        except InvalidValue as error:
            raise InvalidValue(error.problem, field=f"{path}.{field}", code=error.code) from None
    start, end = times
    try:
        if form.rule is None:
            return TimeBlock(span=Span(start, end), id=form.id, title=form.title, details=form.details)
        if end <= start:
            raise InvalidValue("the end must be after the start", field="end", code=Code.INVALID_RANGE)
        series = Series(start=start, zone=zone, duration=end - start, rule=parse_rule(form.rule))
        return RecurringBlock(series=series, id=form.id, title=form.title, details=form.details)
    except InvalidValue as error:
        raise InvalidValue(error.problem, field=f"{path}.{error.field}", code=error.code) from None


DIARY: Final = _form(DiaryForm, _diary)


class SlotsForm(DiaryForm):
    """A diary and a question about it; `window` is needed by `slots`, `start` by `check`."""

    service: record(Service)  # type: ignore[valid-type]
    policy: record(BookingPolicy) = None  # type: ignore[valid-type]
    now: INSTANT
    window: shape(Span | None) = None  # type: ignore[valid-type]
    start: INSTANT | None = None
    mode: Mode | None = None
    location: StrictStr | None = None


def _slots(form: SlotsForm) -> SlotsRequest:
    return SlotsRequest(
        diary=_diary(form),
        service=form.service,
        policy=form.policy or BookingPolicy(),
        now=form.now,
        window=form.window,
        start=form.start,
        mode=form.mode,
        location=form.location,
    )


SLOTS: Final = _form(SlotsForm, _slots)


class ExpandForm(BaseModel):
    """A recurrence rule (RFC 5545 text), its local start and zone, and how many occurrences are wanted."""

    model_config = STRICT
    start: StrictStr
    zone: StrictStr | None = None
    rule: StrictStr
    exclude: listed(StrictStr) = ()  # type: ignore[valid-type]
    add: listed(StrictStr) = ()  # type: ignore[valid-type]
    limit: StrictInt = 10


EXPAND: Final = _form(
    ExpandForm, lambda form: ExpandRequest(**{name: getattr(form, name) for name in ExpandForm.model_fields})
)


class SlotAnswer(BaseModel):
    """One bookable slot, in the diary's zone."""

    start: INSTANT
    end: INSTANT


class SlotsAnswer(BaseModel):
    """The bookable slots, in order."""

    slots: list[SlotAnswer]


class Reason(BaseModel):
    """One reason why a time cannot be booked."""

    code: Code
    message: StrictStr
    field: StrictStr | None
    details: dict[str, Any]


class CheckAnswer(BaseModel):
    """Whether a time can be booked, and if not, every reason."""

    bookable: StrictBool
    reasons: list[Reason]


class OccurrenceAnswer(BaseModel):
    """One occurrence: its local start, and its instant where a zone was given."""

    start: LOCAL
    utc: INSTANT | None


class ExpandAnswer(BaseModel):
    """The first occurrences, in order."""

    occurrences: list[OccurrenceAnswer]
