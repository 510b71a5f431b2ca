"""Reference pages made from the tables that the code runs on."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import oasys_sched
from oasys_sched.decisions import Event
from oasys_sched.notices import NOTICES
from oasys_sched.policies.access import access_table
from oasys_sched.tables import mermaid

# What has states, and the table that says how they change.
TABLES = {
    "Appointment": "booking.table.APPOINTMENT",
    "Change request": "booking.table.REQUEST",
    "Waitlist entry": "booking.waitlist.WAITLIST",
    "Reminder": "booking.reminders.REMINDER",
    "Charge": "fees.charges.CHARGE",
    "Session": "sessions.table.SESSION",
    "Note": "sessions.table.NOTE",
    "Transcript": "sessions.table.TRANSCRIPT",
}
EVENT_MODULES = {
    "Appointments, series and requests": "booking.events",
    "Waitlist": "booking.waitlist_events",
    "Blocked time": "booking.block_events",
    "Sessions and transcripts": "sessions.events",
    "Notes": "sessions.note_events",
}


def table(path: str) -> Mapping[Any, Mapping[Any, Any]]:
    """The literal table itself."""
    module, _, name = path.rpartition(".")
    found: Mapping[Any, Mapping[Any, Any]] = getattr(import_module(f"oasys_sched.{module}"), name)
    return found


def state_tables() -> str:
    """Every state machine: from which state which act leads where."""
    lines = [
        "# State tables",
        "",
        (
            "A row is a state, a column an act, a cell the state it leads to. An empty cell is refused with "
            "`invalid_transition`, and changes nothing; tests try every one. These are the tables the code runs on."
        ),
        "",
    ]
    for name, path in TABLES.items():
        rows = table(path)
        acts = list(dict.fromkeys(act for row in rows.values() for act in row))
        lines += [f"## {name}", "", "| state | " + " | ".join(acts) + " |", "|---" * (len(acts) + 1) + "|"]
        for state, row in rows.items():
            cells = [str(row[act]) if act in row else "" for act in acts]
            lines.append(f"| **{state}** | " + " | ".join(cells) + " |")
        lines += ["", "```mermaid", mermaid(rows), "```", ""]
    return "\n".join(lines)


def access() -> str:
    """Who may do what."""
    return (
        "# Who may do what\n\nOne table, deny by default. A cell names the relations in which an actor of that kind "
        "may act; an empty cell means never. What a client may not know of is `not_found`, not `forbidden`.\n\n"
        f"{access_table()}\n"
    )


def first_sentence(thing: object) -> str:
    """The first line of a docstring, fit for a cell."""
    return (inspect.getdoc(thing) or "").partition("\n")[0].replace("|", "\\|")


def events_of(module: str) -> Iterator[type[Event]]:
    """The events a module publishes, in its order; without the bases they share."""
    found = import_module(f"oasys_sched.{module}")
    for name in found.__all__:
        thing = getattr(found, name)
        if inspect.isclass(thing) and issubclass(thing, Event) and not thing.__subclasses__():
            yield thing


def events() -> str:
    """Every event and its facts."""
    lines = [
        "# Events",
        "",
        (
            "Past-tense facts, returned by decisions in `Accepted.events`. Ids and facts only: no note, no "
            "free text of a reason. Names are added to, never reused."
        ),
        "",
    ]
    for title, module in EVENT_MODULES.items():
        lines += [f"## {title}", "", "| event | what happened | facts |", "|---|---|---|"]
        for event in events_of(module):
            facts = ", ".join(f"`{field.name}`" for field in dataclasses.fields(event))  # type: ignore[arg-type]
            lines.append(f"| `{event.__name__}` | {first_sentence(event)} | {facts} |")
        lines.append("")
    return "\n".join(lines)


def notices() -> str:
    """Which event tells whom what."""
    lines = [
        "# Notices",
        "",
        (
            "Which event makes which message. Messages go into the outbox in the commit of what caused them. An event "
            "that is not here makes none. A guardian hears what the client would. *Immediate* ones ignore quiet hours."
        ),
        "",
        "| event | template | to | invite | immediate |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{event.__name__}` | `{one.template}` | {one.to} | {one.invite or ''} | {'yes' if one.immediate else ''} |"
        for event, made in NOTICES.items()
        for one in made
    ]
    lines += [
        "",
        (
            "Besides: `appointment_cancelled_by_client` tells the clinician at once when a client cancels, "
            "and `reminder` goes to the client before an upcoming appointment, at each of the policy's offsets."
        ),
        "",
    ]
    return "\n".join(lines)


def schemas() -> str:
    """The JSON documents and their schema."""
    lines = [
        "# JSON Schema",
        "",
        (
            "The documents `from_dict` and the command line read and write, as JSON Schema 2020-12. "
            "`oasys-sched schema NAME` prints one; the repository keeps them in `schema/`."
        ),
        "",
    ]
    for name in oasys_sched.SCHEMAS:
        text = json.dumps(oasys_sched.json_schema(name), indent=2, ensure_ascii=False)
        lines += [f"## {name}", "", '??? note "the schema"', "", "    ```json"]
        lines += [f"    {line}" for line in text.splitlines()] + ["    ```", ""]
    return "\n".join(lines)


PAGES = {
    "reference/state-tables.md": state_tables,
    "reference/access.md": access,
    "reference/events.md": events,
    "reference/notices.md": notices,
    "reference/schema.md": schemas,
}
