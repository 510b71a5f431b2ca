"""How single values are written in JSON and YAML: durations, periods, instants, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final

from pydantic import PlainValidator, StrictBool, StrictInt, StrictStr, WithJsonSchema

from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue
from oasys_sched.fees.schedule import FeeSchedule
from oasys_sched.modes import Mode
from oasys_sched.money import Money
from oasys_sched.times import Period, require_aware

__all__ = ["DATE", "INSTANT", "LEAVES", "LOCAL"]

MONEY_PATTERN: Final = r"^\d{1,15}(\.\d{1,3})? [A-Z]{3}$"


def _text(value: object, example: str) -> str:
    if not isinstance(value, str) or len(value) > 100:
        raise InvalidValue(f"give text such as '{example}'")
    return value


def read_period(value: object) -> Period:
    """Read an ISO 8601 period."""
    try:
        return Period.parse(_text(value, "PT24H"))
    except InvalidValue as error:
        raise InvalidValue(error.problem, code=Code.INVALID_DURATION) from None


def read_duration(value: object) -> timedelta:
    """Read an ISO 8601 duration that elapses: hours, minutes, seconds."""
    period = read_period(value)
    if period.days or period.months:
        raise InvalidValue("give hours and minutes, such as 'PT50M' or 'PT24H'", code=Code.INVALID_DURATION)
    return period.exact


def read_instant(value: object) -> datetime:
    """Read ISO 8601 with an offset; YAML's own timestamps are taken too if they have one."""
    if not isinstance(value, datetime):
        try:
            value = datetime.fromisoformat(_text(value, "2026-03-05T15:00:00-05:00"))
        except ValueError:
            raise InvalidValue("give ISO 8601 with an offset, such as '2026-03-05T15:00:00-05:00'") from None
    if value.utcoffset() is None:
        raise InvalidValue("add the offset, as in '2026-03-05T15:00:00-05:00'", code=Code.NAIVE_DATETIME)
    try:
        require_aware(value, "instant")
        value.astimezone(UTC)
    except (InvalidValue, OverflowError):
        raise InvalidValue("give an instant between 1970 and 2200", code=Code.OUT_OF_RANGE) from None
    return value


def read_local(value: object) -> datetime:
    """Read a local time, without an offset."""
    if not isinstance(value, datetime):
        try:
            value = datetime.fromisoformat(_text(value, "2026-03-05T15:00:00"))
        except ValueError:
            raise InvalidValue("give a local time such as '2026-03-05T15:00:00'") from None
    if value.tzinfo is not None:
        raise InvalidValue("give local time without an offset: its zone is given once")
    return value


def read_date(value: object) -> date:
    """Read a date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(_text(value, "2026-12-25"))
    except ValueError:
        raise InvalidValue("give a date such as '2026-12-25'") from None


def read_time(value: object) -> time:
    """Read a time of day."""
    try:
        found = time.fromisoformat(_text(value, "08:00"))
    except ValueError:
        raise InvalidValue("give a time of day such as '08:00'") from None
    if found.tzinfo is not None:
        raise InvalidValue("give a time of day such as '08:00', without an offset")
    return found


def read_money(value: object) -> Money:
    """Read '40.00 EUR'."""
    amount, _, currency = _text(value, "40.00 EUR").partition(" ")
    try:
        return Money.of(amount, currency)
    except InvalidValue as error:
        raise InvalidValue(f"{error.problem}: give an amount such as '40.00 EUR'", code=error.code) from None


def read_fees(value: object) -> FeeSchedule:
    """Read one amount, or `single` and `per_mode` amounts."""
    if isinstance(value, str):
        return FeeSchedule(single=read_money(value))
    per_mode = value.get("per_mode", {}) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(per_mode, Mapping) or set(value) - {"single", "per_mode"}:
        raise InvalidValue('give \'40.00 EUR\', or {"single": ..., "per_mode": {"phone": ...}}')
    single = None if value.get("single") is None else _named("single", read_money, value["single"])
    rows = tuple((_mode(mode), _named(f"per_mode.{mode}", read_money, money)) for mode, money in per_mode.items())
    return FeeSchedule(single=single, per_mode=rows)


def _mode(name: object) -> Mode:
    try:
        return Mode(name)  # type: ignore[arg-type]
    except ValueError:
        raise InvalidValue(f"give one of {', '.join(Mode)}", field="per_mode") from None


def _named(field: str, read: Callable[[object], Money], value: object) -> Money:
    try:
        return read(value)
    except InvalidValue as error:
        raise InvalidValue(error.problem, field=field, code=error.code) from None


def _leaf(read: Callable[[object], object], **schema: object) -> Any:
    return Annotated[Any, PlainValidator(read), WithJsonSchema({"type": "string", **schema})]


_MONEY: Final = {"type": "string", "pattern": MONEY_PATTERN, "examples": ["40.00 EUR"]}
INSTANT: Final = _leaf(read_instant, format="date-time", examples=["2026-03-05T15:00:00-05:00"])
LOCAL: Final = _leaf(read_local, description="local time, without an offset", examples=["2026-03-05T15:00:00"])
DATE: Final = _leaf(read_date, format="date")

# Type -> how it is written. Everything else is a record, a list of these, or an enumeration.
LEAVES: Final[Mapping[object, Any]] = {
    str: StrictStr,
    int: StrictInt,
    bool: StrictBool,
    Period: _leaf(read_period, format="duration", examples=["PT24H", "P1W", "P3M"]),
    timedelta: _leaf(read_duration, format="duration", examples=["PT50M"]),
    datetime: INSTANT,
    date: DATE,
    time: _leaf(read_time, format="time", examples=["08:00"]),
    Money: Annotated[Any, PlainValidator(read_money), WithJsonSchema(_MONEY)],
    FeeSchedule: Annotated[
        Any,
        PlainValidator(read_fees),
        WithJsonSchema(
            {
                "anyOf": [
                    _MONEY,
                    {
                        "type": "object",
                        "properties": {
                            "single": {"anyOf": [_MONEY, {"type": "null"}]},
                            "per_mode": {
                                "type": "object",
                                "propertyNames": {"enum": [str(mode) for mode in Mode]},
                                "additionalProperties": _MONEY,
                            },
                        },
                        "additionalProperties": False,
                    },
                ]
            }
        ),
    ],
}
