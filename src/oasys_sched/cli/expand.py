"""`oasys-sched expand`: the first occurrences of a recurrence rule."""

from __future__ import annotations

from argparse import Namespace

from oasys_sched.cli.terminal import Streams, read_document
from oasys_sched.recurrence.expand import expand
from oasys_sched.schema.forms import ExpandRequest
from oasys_sched.schema.reading import from_dict

__all__ = ["run"]


def run(given: Namespace, streams: Streams) -> int:
    """List occurrences as JSON, or one a line."""
    request = from_dict(ExpandRequest, read_document(given.file, streams))
    answer = expand(request.start, request.zone, request.rule, request.exclude, request.add, request.limit)
    if given.json:
        streams.json(answer)
        return 0
    for one in answer["occurrences"]:
        streams.write(one["start"] if one["utc"] is None else f"{one['start']}  {one['utc']}")
    return 0
