"""`oasys-sched schema`: the JSON Schema of the documents."""

from __future__ import annotations

from argparse import Namespace

from oasys_sched.cli.terminal import Streams
from oasys_sched.schema.reading import SCHEMAS, json_schema

__all__ = ["run"]


def run(given: Namespace, streams: Streams) -> int:
    """Print one schema, or all by name."""
    streams.json(json_schema(given.name) if given.name else {name: json_schema(name) for name in SCHEMAS})
    return 0
