"""What the clinician sees: the week in colours, what needs an answer, what can be done, what to bill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from examples.clinic import practice as example
from examples.clinic.clinic import MODE_NAMES, SERVICE_NAMES, Clinic, local_days, shown, zone_of
from examples.clinic.pages import ClinicianVisitor, TheClinic, day_of, go, page
from examples.clinic.visitor import Visitor
from oasys_sched import Action, Appointment, ChangeRequest, Decision, Refused, week_picture
from oasys_sched.aio.counter import AsyncCounter
from oasys_sched.booking.table import APPOINTMENT, AppointmentAct
from oasys_sched.calendar.colours import color_of
from oasys_sched.calendar.entries import appointment_entry
from oasys_sched.errors import InvalidValue
from oasys_sched.sessions.table import NOTE, SESSION, NoteAct, SessionAct
from oasys_sched.times import wall_to_utc

router = APIRouter()
ZONE = zone_of(example.ZONE)
# Which of the library's actions have a button here, and what it says.
BUTTONS = {Action.APPROVE: ("approve", "Approve"), Action.DECLINE: ("decline", "Decline"),
           Action.RESCHEDULE: ("move", "Move"), Action.CANCEL: ("cancel", "Cancel"),
           Action.MARK_NO_SHOW: ("no-show", "No-show"), Action.UNDO_NO_SHOW: ("undo-no-show", "Undo no-show"),
           Action.WAIVE_FEE: ("waive", "Waive fee")}  # fmt: skip


@router.get("/week")
async def week(request: Request, clinic: TheClinic, who: ClinicianVisitor, day: str = "") -> Response:
    return await _week(request, clinic, who, day_of(day, clinic.today(ZONE)))


async def _week(request: Request, clinic: Clinic, who: Visitor, day: date, refused: Refused | None = None) -> Response:
    counter, names = clinic.acting_as("clinician", who.id), await clinic.clients()
    first = day - timedelta(days=day.weekday())
    within = local_days(first, ZONE)
    rows = (await counter.agenda(within)).or_raise().value
    hours = await clinic.open_hours(who.id, within)
    requests, work = await clinic.requests(who.id), await clinic.work(who.id)
    grid = clinic.calendar(hours, rows, requests.values(), names).week(first)
    waiting = await clinic.pending(who.id)
    context = {
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "day": first,
        "picture": week_picture(grid),
        "asks": [
            *(_pending(row, names) for row in waiting),
            *[_asked(asked, names) for asked in requests.values()],
        ],
        "rows": [await _row(row, counter, names, work.get(row.id)) for row in rows],
    }
    return page(request, "week.html", context, who=who, refused=refused)


def _pending(row: Appointment, names: Mapping[str, str]) -> dict[str, Any]:
    name, when = names[row.client], shown(row.starts_at, ZONE)
    return {
        "kind": "appointment",
        "id": row.id,
        "who": name,
        "text": f"{name} asks for {when}: {SERVICE_NAMES[row.service]}, {MODE_NAMES[row.mode]}.",
        "actions": [("approve", "Approve"), ("decline", "Decline")],
    }


def _asked(asked: ChangeRequest, names: Mapping[str, str]) -> dict[str, Any]:
    name, old = names[asked.client], shown(asked.old_start, ZONE)
    wanted = " or ".join(shown(start, ZONE) for start in asked.proposed)
    fee = asked.quote.fee if asked.quote else None
    decline = ("decline", "Decline")
    found: dict[str, Any] = {"kind": "request", "id": asked.id, "who": name}
    if asked.asks == "cancel" and fee:
        actions = [("approve-fee", f"Cancel, {fee} fee"), ("approve-free", "Cancel, no fee"), decline]
        return found | {"text": f"{name} asks to cancel {old}. It is late.", "actions": actions}
    if asked.asks == "cancel":
        return found | {"text": f"{name} asks to cancel {old}.", "actions": [("approve", "Cancel"), decline]}
    if asked.status == "alternative_suggested":
        return found | {"text": f"{name} has been offered {wanted} instead of {old}.", "actions": []}
    return found | {
        "text": f"{name} asks to move {old} to {wanted}.",
        "local": f"{asked.proposed[0].astimezone(ZONE):%Y-%m-%dT%H:%M}",
        "actions": [("approve", "Approve"), ("suggest", "Suggest this time"), decline],
    }


async def _row(row: Appointment, counter: AsyncCounter, names: Mapping[str, str], work: Any | None) -> dict[str, Any]:
    states = (await counter.actions(row.id)).or_raise().value
    actions = [BUTTONS[one.action] for one in states if one.enabled and one.action in BUTTONS]
    session, note = work or (None, None)
    # Whether a button is there is read from the library's own state tables.
    if AppointmentAct.START in APPOINTMENT[row.status]:
        actions.append(("start", "Start"))
    if session is not None and SessionAct.END in SESSION[session.status]:
        actions.append(("note", "Save note"))
    elif session is not None and (note is None or NoteAct.SIGN_AND_LOCK in NOTE[note.status]):
        actions.append(("sign", "Sign and lock"))
    entry = appointment_entry(row)
    local = row.starts_at.astimezone(ZONE)
    return {
        "id": row.id,
        "label": f"{local:%a %d %b %H:%M}",
        "local": f"{local:%Y-%m-%dT%H:%M}",
        "client": names[row.client],
        "colour": color_of(entry.client_color or "").background,
        "service": SERVICE_NAMES[row.service],
        "mode": MODE_NAMES[row.mode],
        "status": entry.status,
        "status_label": "awaiting approval" if entry.awaiting_approval else str(entry.status).replace("_", " "),
        "charge": f"{row.charge.amount} {row.charge.state.replace('_', ' ')}" if row.charge else "",
        "locked": note is not None and note.locked,
        "note": note.section("note").reveal() if note is not None and session is not None else "",
        "actions": actions,
    }


@router.post("/clinician/{kind}/{id}/{act}")
async def do(request: Request, clinic: TheClinic, who: ClinicianVisitor, kind: str, id: str, act: str) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    decision = await _done(clinic, clinic.acting_as("clinician", who.id), kind, id, act, form)
    day = day_of(form.get("day", ""), clinic.today(ZONE))
    if isinstance(decision, Refused):
        return await _week(request, clinic, who, day, decision)
    return go(f"/week?day={day}", "done")


async def _done(
    clinic: Clinic, counter: AsyncCounter, kind: str, id: str, act: str, form: Mapping[str, str]
) -> Decision[Any]:
    match kind, act:
        case "appointment", "approve":
            return await counter.approve(id)
        case "appointment", "decline":
            return await counter.decline(id)
        case "appointment", "move":
            return await counter.reschedule(id, to=_local(form))
        case "appointment", "cancel":
            return await counter.cancel(id, reason="clinician_unavailable")
        case "appointment", "no-show":
            return await counter.mark_no_show(id)
        case "appointment", "undo-no-show":
            return await counter.undo_no_show(id, reason="marked in error")
        case "appointment", "waive":
            return await counter.waive_fee(id, reason="clinician_discretion")
        case "appointment", "start":
            return await counter.start(id)
        case "appointment", "note" | "end" | "sign":
            return await _in_session(clinic, counter, id, act, form.get("text", ""))
        case "request", "approve":
            return await counter.approve_request(id)
        case "request", "approve-fee" | "approve-free":
            return await counter.approve_request(id, apply_fee=act == "approve-fee")
        case "request", "suggest":
            return await counter.suggest(id, starts=[_local(form)])
        case "request", "decline":
            return await counter.decline_request(id)
    raise HTTPException(404, "no such thing here")


def _local(form: Mapping[str, str]) -> datetime:
    try:
        return wall_to_utc(datetime.fromisoformat(form.get("to", "")).replace(tzinfo=None), ZONE)
    except ValueError:
        raise InvalidValue("give a date and a time", field="to") from None


async def _in_session(clinic: Clinic, counter: AsyncCounter, id: str, act: str, text: str) -> Decision[Any]:
    found = (await clinic.work(counter.actor.id)).get(id)
    if found is None:
        raise HTTPException(404, "no session")
    session, note = found
    if act == "end" and not text:
        return await counter.end(session.id)
    written = await counter.write_note(session.id, text, revision=note.revision if note else 0)
    if act == "note" or isinstance(written, Refused):
        return written
    if act == "end":
        return await counter.end(session.id)
    return await counter.sign_and_lock(session.id, revision=written.value.revision)


@router.get("/bill")
async def bill(request: Request, clinic: TheClinic, who: ClinicianVisitor) -> Response:
    items = (await clinic.acting_as("clinician", who.id).billable()).or_raise().value
    names = await clinic.clients()
    rows = [
        {
            "client": names[item.client],
            "what": f"{item.kind.replace('_', ' ').capitalize()}: {SERVICE_NAMES[item.service]}",
            "when": shown(item.at, ZONE),
            "payer": str(item.payer),
            "amount": str(item.amount or "no price"),
        }
        for item in items
    ]
    return page(request, "bill.html", {"items": rows}, who=who)
