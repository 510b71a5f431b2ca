"""`oasys-sched check`: whether a start can be booked, and if not, why."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

from oasys_sched.availability.verdict import why_not, why_not_for_client
from oasys_sched.cli.terminal import Streams, read_document
from oasys_sched.errors import InvalidValue
from oasys_sched.schema.forms import SlotsRequest
from oasys_sched.schema.leaves import read_instant
from oasys_sched.schema.reading import from_dict
from oasys_sched.times import find_zone

__all__ = ["run"]


def run(given: Namespace, streams: Streams) -> int:
    """Give every reason as JSON or as sentences; 0 when the start can be booked, 1 when not."""
    request = from_dict(SlotsRequest, read_document(given.file, streams))
    start = request.start
    if given.at is not None:
        try:
            start = read_instant(given.at)
        except InvalidValue as error:
            raise InvalidValue(error.problem, field="--at", code=error.code) from None
    if start is None:
        raise InvalidValue("is needed, here or as --at: the time in question", field="start")
    ask = why_not_for_client if given.client else why_not
    reasons = ask(
        request.diary,
        request.service,
        start,
        policy=request.policy,
        now=request.now,
        mode=request.mode,
        location=request.location,
    )
    zone = find_zone(request.diary.hours.zone if request.diary.hours else "UTC")
    answer = {
        "bookable": not reasons,
        "reasons": [
            {
                "code": str(reason.code),
                "message": reason.message,
                "field": reason.field,
                "details": {key: _plain(value, zone) for key, value in reason.details.items()},
            }
            for reason in reasons
        ],
    }
    if given.json:
        streams.json(answer)
    else:
        streams.write(f"{start.astimezone(zone):%a %d %b %Y %H:%M}: {'not bookable' if reasons else 'bookable'}")
        for reason in reasons:
            facts = ", ".join(
                f"{key.replace('_', ' ')} {_plain(value, zone)}"
                for key, value in reason.details.items()
                if value is not None
            )
            streams.write(f"  {reason.code}: {reason.message}{f' ({facts})' if facts else ''}")
    return 1 if reasons else 0


def _plain(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
