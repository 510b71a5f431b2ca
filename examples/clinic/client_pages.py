"""What a client sees: book, my appointments, ask to move, cancel with the cost shown first."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request, Response

from examples.clinic import practice as example
from examples.clinic.clinic import DAYS_SHOWN, MODE_NAMES, SERVICE_NAMES, Clinic, as_shown, shown
from examples.clinic.pages import ClientVisitor, TheClinic, day_of, go, page
from examples.clinic.visitor import Visitor, sign_in, sign_out, visitor_of
from oasys_sched import Action, Appointment, AppointmentStatus, ChangeRequest, Quote, Refused, Service, Source
from oasys_sched.policies.reasons import REASONS, Initiator

router = APIRouter()
Text = Annotated[str, Form()]
# Which of the library's actions the page has a button for.
BUTTONS = {Action.REQUEST_RESCHEDULE: "move", Action.CLIENT_CANCEL: "cancel", Action.WITHDRAW: "withdraw",
           Action.WITHDRAW_REQUEST: "withdraw-request", Action.DECLINE_ALTERNATIVE: "decline"}  # fmt: skip
ASKED = {
    ("reschedule", "open"): "move asked for",
    ("reschedule", "alternative_suggested"): "other times offered",
    ("cancel", "open"): "cancellation asked for",
}


@router.get("/")
async def front(request: Request) -> Response:
    who = visitor_of(request)
    if who is not None:
        return go("/book" if who.kind == "client" else "/week")
    people = [{"kind": "client", "id": id, "name": name} for id, name, _ in example.CLIENTS]
    people.append({"kind": "clinician", "id": example.CLINICIAN, "name": example.CLINICIAN_NAME})
    return page(request, "sign_in.html", {"people": people})


@router.post("/sign-in")
async def come_in(request: Request, who: Text) -> Response:
    clinic: Clinic = request.app.state.clinic
    response = go("/week" if who.startswith("clinician") else "/book")
    sign_in(response, clinic.settings, who, clinic.desk.now())
    return response


@router.post("/sign-out")
async def leave() -> Response:
    response = go("/")
    sign_out(response)
    return response


@router.get("/book")
async def choose(
    request: Request, clinic: TheClinic, who: ClientVisitor, service: str = "", mode: str = "", day: str = ""
) -> Response:
    return await _choose(request, clinic, who, service=service, mode=mode, day=day)


@router.post("/book")
async def book(
    request: Request,
    clinic: TheClinic,
    who: ClientVisitor,
    service: Text,
    mode: Text,
    starts_at: Annotated[datetime, Form()],
    key: Text,
    day: Text = "",
) -> Response:
    source = Source.WIDGET if clinic.settings.embed else Source.CLIENT
    # The same page sent twice books once; another time chosen on it is another request.
    decision = await clinic.acting_as("client", who.id).book(
        service=service, mode=mode, starts_at=starts_at, source=source, key=f"{key} {service} {mode} {starts_at}"
    )
    if isinstance(decision, Refused):
        return await _choose(
            request, clinic, who, service=service, mode=mode, day=day, refused=decision, wanted=starts_at
        )
    return go("/mine", "asked" if decision.value.status is AppointmentStatus.PENDING else "booked")


async def _choose(
    request: Request,
    clinic: Clinic,
    who: Visitor,
    *,
    service: str,
    mode: str,
    day: str,
    refused: Refused | None = None,
    wanted: datetime | None = None,
) -> Response:
    chosen = next((row for row in example.SERVICES if row.id == service), example.SERVICES[0])
    how = mode if mode in chosen.modes else chosen.modes[0]
    today = clinic.today(who.zone)
    first = max(day_of(day, today), today)
    days = await clinic.slots(clinic.acting_as("client", who.id), chosen.id, how, first, who.zone)
    starts = [start for _, listed in days for start in listed] if wanted is not None else []
    near = sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:4])  # type: ignore[operator]
    return page(
        request,
        "book.html",
        {
            "services": example.SERVICES,
            "service": chosen,
            "mode": how,
            "mode_names": MODE_NAMES,
            "day": first,
            "today": today,
            "days": days,
            "nearest": [(start, shown(start, who.zone)) for start in near],
            "zone": who.zone.key,
            "earlier": _address(chosen, how, first - timedelta(days=DAYS_SHOWN)) if first > today else "",
            "later": _address(chosen, how, first + timedelta(days=DAYS_SHOWN)),
            "approval": clinic.settings.approval,
            "key": secrets.token_hex(8),
        },
        who=who,
        refused=refused,
        hint="These are the nearest that are:" if near else "",
    )


def _address(service: Service, mode: str, day: date) -> str:
    return "/book?" + urlencode({"service": service.id, "mode": mode, "day": day.isoformat()}) + "#times"


@router.get("/mine")
async def mine(request: Request, clinic: TheClinic, who: ClientVisitor) -> Response:
    return await _mine(request, clinic, who)


async def _mine(request: Request, clinic: Clinic, who: Visitor, refused: Refused | None = None) -> Response:
    appointments, requests = await clinic.of_client(who.id)
    counter, rows = clinic.acting_as("client", who.id), []
    for row in appointments:
        actions = (await counter.actions(row.id)).or_raise().value
        asked = requests.get(row.id)
        offers = asked.proposed if asked is not None and asked.status == "alternative_suggested" else ()
        rows.append(
            {
                "id": row.id,
                "starts_at": row.starts_at,
                "label": shown(row.starts_at, who.zone),
                "service": SERVICE_NAMES[row.service],
                "mode": MODE_NAMES[row.mode],
                "status": row.status,
                "status_label": _status(row),
                "request": _request(asked),
                "wanted": "" if asked is None else ", ".join(shown(start, who.zone) for start in asked.proposed),
                "offers": [(start, shown(start, who.zone)) for start in offers],
                "actions": [BUTTONS[one.action] for one in actions if one.enabled and one.action in BUTTONS],
            }
        )
    return page(request, "mine.html", {"rows": rows, "zone": who.zone.key}, who=who, refused=refused)


def _status(row: Appointment) -> str:
    return "waiting for an answer" if row.status is AppointmentStatus.PENDING else row.status.replace("_", " ")


def _request(asked: ChangeRequest | None) -> str:
    return "" if asked is None else ASKED.get((asked.asks, asked.status), "")


async def _own(clinic: Clinic, who: Visitor, id: str) -> Appointment:
    found = await clinic.appointment(id)
    if found is None or found.client != who.id:
        raise HTTPException(404, "no such appointment")
    return found


@router.get("/mine/{id}/move")
async def choose_move(request: Request, clinic: TheClinic, who: ClientVisitor, id: str, day: str = "") -> Response:
    return await _choose_move(request, clinic, who, id, day)


@router.post("/mine/{id}/move")
async def move(
    request: Request, clinic: TheClinic, who: ClientVisitor, id: str, starts_at: Annotated[datetime, Form()]
) -> Response:
    decision = await clinic.acting_as("client", who.id).request_reschedule(id, to=starts_at)
    if isinstance(decision, Refused):
        return await _choose_move(request, clinic, who, id, "", decision)
    return go("/mine", "asked-move")


async def _choose_move(
    request: Request, clinic: Clinic, who: Visitor, id: str, day: str, refused: Refused | None = None
) -> Response:
    row = await _own(clinic, who, id)
    today = clinic.today(who.zone)
    first = max(day_of(day, today), today)
    counter = clinic.acting_as("client", who.id)
    context = {
        "starts_at": row.starts_at,
        "label": shown(row.starts_at, who.zone),
        "zone": who.zone.key,
        "days": await clinic.slots(counter, row.service, row.mode, first, who.zone),
        "earlier": f"?day={first - timedelta(days=DAYS_SHOWN)}" if first > today else "",
        "later": f"?day={first + timedelta(days=DAYS_SHOWN)}",
    }
    return page(request, "move.html", context, who=who, refused=refused)


@router.get("/mine/{id}/cancel")
async def show_quote(request: Request, clinic: TheClinic, who: ClientVisitor, id: str) -> Response:
    return await _show_quote(request, clinic, who, id)


@router.post("/mine/{id}/cancel")
async def cancel(
    request: Request, clinic: TheClinic, who: ClientVisitor, id: str, reason: Text, late: Text = "", fee: Text = ""
) -> Response:
    counter = clinic.acting_as("client", who.id)
    quote = await counter.quote(id)
    if isinstance(quote, Refused):
        return await _show_quote(request, clinic, who, id, quote)
    shown_then = as_shown(quote.value, late=late == "late", fee=fee)
    decision = await counter.client_cancel(id, reason=reason, quote=shown_then)
    if isinstance(decision, Refused):
        return await _show_quote(request, clinic, who, id, decision)
    return go("/mine", "asked-cancel" if isinstance(decision.value, ChangeRequest) else "cancelled")


async def _show_quote(
    request: Request, clinic: Clinic, who: Visitor, id: str, refused: Refused | None = None
) -> Response:
    row = await _own(clinic, who, id)
    quote = (await clinic.acting_as("client", who.id).quote(id)).or_raise().value
    context = {
        "starts_at": row.starts_at,
        "label": shown(row.starts_at, who.zone),
        "quote": quote,
        "quote_text": _quote_text(quote, who),
        "reasons": [
            (code, code.removeprefix("client_").replace("_", " ").capitalize())
            for code, found in REASONS.items()
            if found.initiator is Initiator.CLIENT
        ],
    }
    return page(request, "cancel.html", context, who=who, refused=refused)


def _quote_text(quote: Quote, who: Visitor) -> str:
    cost = f"It may cost {quote.fee}." if quote.fee else "It costs nothing."
    if quote.cut_off is None:
        return cost
    until = shown(quote.cut_off, who.zone)
    return (
        f"This is a late cancellation: it was free until {until}. {cost}"
        if quote.late
        else f"{cost} Free until {until}."
    )


@router.post("/mine/{id}/accept")
async def accept(
    request: Request, clinic: TheClinic, who: ClientVisitor, id: str, starts_at: Annotated[datetime, Form()]
) -> Response:
    _, requests = await clinic.of_client(who.id)
    if id not in requests:
        return go("/mine")
    decision = await clinic.acting_as("client", who.id).accept_alternative(requests[id].id, starts_at=starts_at)
    return await _mine(request, clinic, who, decision) if isinstance(decision, Refused) else go("/mine", "moved")


@router.post("/mine/{id}/{act}")
async def withdraw(request: Request, clinic: TheClinic, who: ClientVisitor, id: str, act: str) -> Response:
    counter = clinic.acting_as("client", who.id)
    if act == "withdraw":
        decision = await counter.withdraw(id)
    else:
        _, requests = await clinic.of_client(who.id)
        acts = {"withdraw-request": counter.withdraw_request, "decline": counter.decline_alternative}
        if act not in acts or id not in requests:
            raise HTTPException(404, "no such thing here")
        decision = await acts[act](requests[id].id)
    said = "declined" if act == "decline" else "withdrawn"
    return await _mine(request, clinic, who, decision) if isinstance(decision, Refused) else go("/mine", said)
