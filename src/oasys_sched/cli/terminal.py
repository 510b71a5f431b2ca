"""Where a command reads and writes, and how much colour there is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final, TextIO, final

from oasys_sched.calendar.terminal import LEAST_WIDTH, Piece
from oasys_sched.codes import Code
from oasys_sched.errors import InvalidValue

__all__ = ["Streams", "read_document"]

LARGEST: Final = 64 * 1024 * 1024


@final
@dataclass(frozen=True, slots=True)
class Streams:
    """Standard input (bytes), output and error."""

    inp: BinaryIO
    out: TextIO
    err: TextIO

    @property
    def interactive(self) -> bool:
        """Whether a person sees the output in a terminal."""
        return self.out.isatty()

    @property
    def width(self) -> int:
        """How many columns a picture may take: what there are, from 49 to 160; 100 where nobody says."""
        if not self.interactive:
            return 100
        return max(LEAST_WIDTH, min(160, shutil.get_terminal_size((100, 40)).columns))

    def write(self, text: str) -> None:
        """Write one line, or several."""
        try:
            self.out.write(f"{text}\n")
        except UnicodeEncodeError:
            # A terminal that knows no more than ASCII still gets its answer.
            encoding = self.out.encoding or "ascii"
            self.out.write(f"{text.encode(encoding, 'replace').decode(encoding)}\n")

    def json(self, answer: object) -> None:
        """Write an answer as JSON."""
        self.write(json.dumps(answer, indent=1, ensure_ascii=False))

    def paint(self, lines: Iterable[Iterable[Piece]]) -> None:
        """Write a picture: in colour where a terminal and rich are there, else as plain text."""
        if self.interactive and find_spec("rich") is not None:
            from rich.console import Console
            from rich.text import Text

            console = Console(file=self.out, highlight=False, width=self.width)
            for line in lines:
                parts = [(piece.text, _style(piece)) for piece in line]
                console.print(Text.assemble(*parts), no_wrap=True, crop=True)
            return
        for line in lines:
            self.write("".join(piece.text for piece in line).rstrip())


def read_document(file: str, streams: Streams) -> object:
    """Read a JSON file, or standard input for '-'.

    Raises:
        InvalidValue: it cannot be read, is too large, is not UTF-8 or not JSON; the line and column are named.
    """
    try:
        if file == "-":
            raw = streams.inp.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                raw = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
        raise InvalidValue(f"cannot read it: {reason}", field=ascii(file)[1:-1]) from None
    if len(raw) > LARGEST:
        raise InvalidValue("larger than 64 MiB", field="file", code=Code.TOO_LARGE)
    try:
        found: object = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InvalidValue(f"not UTF-8 at byte {error.start}", field="file") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise InvalidValue(f"not JSON: {error.msg} at {where}", field="file") from None
    except InvalidValue:
        raise
    except (RecursionError, ValueError):
        raise InvalidValue("not JSON that can be used: nested too deep, or a number too long", field="file") from None
    return found


def _style(piece: Piece) -> str:
    """Name a piece's style as rich does."""
    return f"{piece.ink} on {piece.background}" if piece.background else "dim" if piece.dim else ""


def _no_constant(name: str) -> object:
    raise InvalidValue(f"not JSON: {name} is no number", field="file")
