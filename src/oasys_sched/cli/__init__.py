"""`oasys-sched`: ask the rules from a shell or from any other language. JSON in, JSON or text out.

Bad input is one line on stderr, with the path to the field, and exit status 2.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NoReturn

from oasys_sched.errors import InvalidValue, MissingExtra

if TYPE_CHECKING:
    from oasys_sched.cli.terminal import Streams

__all__ = ["main"]

ABOUT: Final = "The scheduling rules of an appointment practice. FILE is JSON, or - for standard input."
EPILOG: Final = "The documents are described by: oasys-sched schema. Exit: 0 done, 1 not bookable, 2 bad input."
# Command -> (what it does, its module, whether it reads a file, whether it can answer in JSON).
COMMANDS: Final = {
    "slots": ("list the bookable slots of a diary", "slots", True, True),
    "check": ("say why a start is not bookable, or that it is", "check", True, True),
    "week": ("draw a week of a diary in the terminal or as SVG", "pictures", True, False),
    "month": ("draw a month of a diary in the terminal or as SVG", "pictures", True, False),
    "expand": ("list the occurrences of a recurrence rule", "expand", True, True),
    "demo": ("show a week of a small practice, from free times to the bill", "demo", False, False),
    "schema": ("print the JSON Schema of the documents", "schemas", False, False),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise InvalidValue(f"{message} (see {self.prog} --help)")


def _arguments() -> argparse.ArgumentParser:
    from oasys_sched import __version__

    parser = _Parser(prog="oasys-sched", description=ABOUT, epilog=EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"oasys-sched {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (about, _, reads, answers) in COMMANDS.items():
        command = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        if answers:
            command.add_argument("--json", action="store_true", help="answer in JSON")
        if reads:
            command.add_argument("file", metavar="FILE", help="the question as JSON; - is standard input")
        if name == "slots":
            command.add_argument("--in-zone", metavar="ZONE", help="show times in this zone (the client's)")
        if name == "check":
            command.add_argument("--at", metavar="WHEN", help="the start in question, instead of the file's")
            command.add_argument("--client", action="store_true", help="answer as a client may know it")
        if name in {"week", "month"}:
            command.add_argument("--day", metavar="DATE", help=f"a day of the {name} to draw; else the window's first")
            command.add_argument("--svg", metavar="OUT", help="write an SVG picture to this file; - is standard output")
        if name == "schema":
            command.add_argument("name", metavar="NAME", nargs="?", help="one document; else all of them")
    return parser


def main(arguments: Sequence[str] | None = None, streams: Streams | None = None) -> int:
    """Run one command; return its exit status. `streams` stand in for the standard ones."""
    from importlib import import_module

    from oasys_sched.cli.terminal import Streams

    streams = streams or Streams(sys.stdin.buffer, sys.stdout, sys.stderr)
    try:
        given = _arguments().parse_args(arguments)
        command = import_module(f"oasys_sched.cli.{COMMANDS[given.command][1]}")
        status: int = command.run(given, streams)
        streams.out.flush()
        return status
    except SystemExit as done:
        # --help and --version, which argparse has printed already.
        return int(done.code or 0)
    except (InvalidValue, MissingExtra) as error:
        streams.err.write(f"oasys-sched: {' '.join(str(error).split())}\n")
        return 2
    except BrokenPipeError:
        # The reader has seen enough (`| head`); what is still buffered must not complain on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130
