"""The approved sentences: each refusal or invalid value that a test meets is one of `data/refusals.json`.

The file is read off the code once and then kept: `python -m tests.refusal_words` writes it anew, and its diff says
which words people will read from now on. A word, a field or a figure that changes without it fails whatever test
comes upon it.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from oasys_sched.codes import Code
from oasys_sched.decisions import Refusal
from oasys_sched.errors import InvalidValue

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "oasys_sched"
# Whose words they are: the packages of the rules; the modules beside them lend a few.
RULES = ("availability", "booking", "desk", "fees", "policies", "recurrence", "sessions", "units")
APPROVED = Path(__file__).parent / "data" / "refusals.json"
ANY = "*"
ANY_OR_NONE = "*?"
# Who builds them: the names of the arguments by position, and what is understood without them.
BUILDERS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "refuse": (("code", "message"), {"field": None}),
    "Refusal": (("code", "message", "field", "details"), {"field": None}),
    "InvalidValue": (("message",), {"field": None, "code": "invalid_value"}),
    "InvalidPolicy": (("message",), {"field": None, "code": "invalid_policy"}),
    "_problem": (("field", "message", "service"), {"code": "invalid_policy", "service": ANY}),
    "invalid": (("message", "field", "code"), {"code": "invalid_pattern"}),
}
OTHERS = {"code", "message", "field", "details", "service"}


def sentences() -> list[dict[str, Any]]:
    """Read every sentence off the code, with its code, its field and the names of its figures."""
    found = {
        json.dumps(sentence, sort_keys=True)
        for package in ("", *RULES)
        for path in sorted((SOURCE / package).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for sentence in _of(node)
    }
    return [json.loads(line) for line in sorted(found)]


def _of(node: ast.AST) -> Iterator[dict[str, Any]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILDERS:
        names, given = BUILDERS[node.func.id]
        arguments: dict[str, ast.expr | None] = dict(zip(names, node.args, strict=False))
        arguments |= {word.arg or "**": word.value for word in node.keywords}
        told = {name: _written(value) for name, value in arguments.items() if value is not None}
        for message in _alternatives(arguments.get("message")):
            yield {
                "code": told.get("code", given.get("code", ANY)),
                "message": message,
                "field": told.get("field", given.get("field", ANY)),
                "details": _details(arguments),
            }
    # A table of reasons: a code beside its words.
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        code, message = (_written(one) for one in node.elts)
        if isinstance(node.elts[0], ast.Attribute) and code in set(Code) and message is not None and message != ANY:
            yield {"code": code, "message": message, "field": ANY, "details": None}


def _details(arguments: dict[str, ast.expr | None]) -> dict[str, Any] | None:
    """Name the figures; None when more may come."""
    if "**" in arguments or "service" in arguments:
        return None
    if "details" not in arguments:
        return {name: _written(value) for name, value in sorted(arguments.items()) if name not in OTHERS}
    shown = arguments["details"]
    if not isinstance(shown, ast.Dict) or any(key is None for key in shown.keys):
        return None
    pairs = zip(shown.keys, shown.values, strict=True)
    return {key.value: _written(value) for key, value in pairs if isinstance(key, ast.Constant)}


def _alternatives(node: ast.expr | None) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_alternatives(node.body), *_alternatives(node.orelse)]
    words = _written(node)
    return [] if words in {None, ANY} or (words and not words.strip("{}")) else [words]


def _written(node: ast.expr | None) -> Any:
    """A literal as it is, what is put together with holes, a code by its value; `*` for whatever only running tells."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code":
        return str(Code[node.attr])
    if isinstance(node, ast.IfExp) and None in {_written(node.body), _written(node.orelse)}:
        return ANY_OR_NONE
    return ANY


class Unapproved(AssertionError):
    """Somebody would read words that nobody approved."""


@cache
def _approved() -> dict[str, list[tuple[re.Pattern[str], Any, dict[str, Any] | None]]]:
    table: dict[str, list[tuple[re.Pattern[str], Any, dict[str, Any] | None]]] = {}
    for row in json.loads(APPROVED.read_text(encoding="utf-8")):
        table.setdefault(row["code"], []).append((_pattern(row["message"]), row["field"], row["details"]))
    return table


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, words.split("{}"))), re.DOTALL)


# What a field is called when only running tells: a name of ours, perhaps of what lies inside it, or of RFC 5545.
NAME = re.compile(r"(RRULE|DT(START|END)|EX(DATE|RULE)|RDATE|DURATION|RECURRENCE-ID|[a-z][A-Za-z_]*)([.\[].*)?")
# An overlap that stopped nothing is told in the words of the conflict it would have been.
RECODED = {"overlap"}
# Fields that are named once more on the way out: a start in a list of starts, a value in its place in a document, a
# part of a rule by the standard's name.
RENAMED = re.compile(r"starts\[\d+\]|duration|series|rule|(rule|RRULE|recurrenceRules\.\d+)\.\w+|overrides\..*|--\w+")


@lru_cache(maxsize=4096)
def _is_approved(code: str, message: str, field: str | None, figures: tuple[tuple[str, str | None], ...]) -> bool:
    shown = dict(figures)
    table = _approved()
    codes = table if code in RECODED else (code, ANY)
    for words, where, details in (row for one in codes for row in table.get(one, ())):
        if not words.fullmatch(message) or not _same_field(where, field):
            continue
        # A copy may say more than the first one did, never less.
        if details is None or all(_same(value, shown.get(name)) for name, value in details.items()):
            return True
    return False


def _same_field(approved: str | None, shown: str | None) -> bool:
    if shown is None or approved == shown:
        return approved == shown
    if approved == ANY:
        return bool(NAME.fullmatch(shown))
    _, _, last = shown.rpartition(".")
    inside = approved is None and "." in shown
    return (
        inside or any(_pattern(str(approved)).fullmatch(one) for one in (shown, last)) or bool(RENAMED.fullmatch(shown))
    )


def _same(approved: Any, shown: str | None) -> bool:
    if approved == ANY:
        return shown not in {None, "None"}
    return approved == ANY_OR_NONE or shown == str(approved)


def require_approved(code: Any, message: Any, field: Any, details: Any) -> None:
    """Raise `Unapproved` unless these are approved words."""
    figures = tuple(
        sorted((name, None if value is None else str(value)) for name, value in dict(details or {}).items())
    )
    if not isinstance(message, str) or not _is_approved(str(code), message, field, figures):
        raise Unapproved(f"not among the approved words: {code}, {message!r}, {field!r}, {sorted(dict(details or {}))}")


def watch() -> None:
    """Look at every refusal and every invalid value that the library makes from now on."""
    whole, raised = Refusal.__init__, InvalidValue.__init__

    def made(self: Refusal, *args: Any, **named: Any) -> None:
        whole(self, *args, **named)
        if _by_library():
            require_approved(self.code, self.message, self.field, self.details)

    def thrown(self: InvalidValue, *args: Any, **named: Any) -> None:
        raised(self, *args, **named)
        if _by_library():
            require_approved(self.code, self.problem, self.field, {})

    Refusal.__init__ = made  # type: ignore[method-assign]
    InvalidValue.__init__ = thrown  # type: ignore[method-assign]


_PACKAGES = tuple(f"oasys_sched.{package}." for package in RULES)


def _by_library() -> bool:
    """Whether one of our rules says it; a test, an example or a rule of somebody's own says what it likes."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals["__name__"] in {"oasys_sched.decisions", "oasys_sched.errors"}:
        frame = frame.f_back
    return str(frame.f_globals["__name__"]).startswith(_PACKAGES)


if __name__ == "__main__":
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in sentences())
    APPROVED.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
