"""The same clinic as JSON: each journey one address, each refusal its stable code. See /docs for all of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, HTTPException, Path, Query, Response
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie
from pydantic import AwareDatetime, BaseModel
from starlette.requests import Request

from examples.clinic import practice as example
from examples.clinic.clinic import Clinic, as_shown, local_days, status_of, zone_of
from examples.clinic.visitor import COOKIE, Visitor, sign_in, visitor_of
from oasys_sched import (
    Accepted,
    Appointment,
    ChangeRequest,
    Code,
    Decision,
    Mode,
    Note,
    Quote,
    Refused,
    Session,
    Span,
)
from oasys_sched.aio.counter import AsyncCounter
from oasys_sched.booking.own_view import own_booking

COOKIE_AUTH = APIKeyCookie(name=COOKIE, auto_error=False, description="POST /api/visitor sets it")
router = APIRouter(prefix="/api", dependencies=[Depends(COOKIE_AUTH)])


class Reason(BaseModel):
    """Why not: `code` is stable, `message` is for people."""

    code: str
    message: str
    field: str | None = None


class Problem(BaseModel):
    """A refusal. After a lost race for a time, `other_slots` are free ones nearby."""

    refusals: list[Reason]
    other_slots: list[datetime] = []


class ServiceOut(BaseModel):
    id: str
    name: str
    minutes: int
    modes: list[Mode]


class SlotsOut(BaseModel):
    zone: str
    slots: list[datetime]


class AppointmentOut(BaseModel):
    """What a client sees of an own appointment; the clinician sees the client too."""

    id: str
    starts_at: datetime
    ends_at: datetime
    service: str
    mode: Mode
    status: str
    client: str | None = None


class RequestOut(BaseModel):
    id: str
    appointment: str
    asks: str
    status: str
    proposed: list[datetime]


class QuoteOut(BaseModel):
    late: bool
    cut_off: datetime | None
    fee: str | None
    allowed: bool
    needs_approval: bool


class SessionOut(BaseModel):
    id: str
    appointment: str | None
    mode: Mode
    status: str


class NoteOut(BaseModel):
    """A note without its text: that is read on the page of its author only."""

    id: str
    session: str
    revision: int
    status: str


class BillItem(BaseModel):
    kind: str
    client: str
    at: datetime
    amount: str | None
    payer: str


class SignIn(BaseModel):
    who: str


class Booking(BaseModel):
    service: str
    mode: str | None = None
    starts_at: AwareDatetime


class NewTime(BaseModel):
    to: AwareDatetime
    text: str = ""


class Cancel(BaseModel):
    """`quoted` is the quote the client saw: cancelling never costs more."""

    reason: str
    text: str = ""
    quoted: QuoteOut | None = None


class Answer(BaseModel):
    """`apply_fee` decides a late cancellation's fee; `starts` are the times to suggest or the one to accept."""

    apply_fee: bool | None = None
    starts: list[AwareDatetime] = []


class NoteIn(BaseModel):
    text: str
    revision: int = 0


def _clinic(request: Request) -> Clinic:
    clinic: Clinic = request.app.state.clinic
    return clinic


def _visitor(request: Request) -> Visitor:
    found = visitor_of(request)
    if found is None:
        raise HTTPException(401, "sign in first: POST /api/visitor")
    return found


TheClinic = Annotated[Clinic, Depends(_clinic)]
Who = Annotated[Visitor, Depends(_visitor)]


def _counter(clinic: TheClinic, who: Who) -> AsyncCounter:
    return clinic.acting_as(who.kind, who.id)


Counter = Annotated[AsyncCounter, Depends(_counter)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", description="the same key gives the first answer again")]
Id = Annotated[str, Path(max_length=100)]
PROBLEMS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (403, 404, 409, 422, 503)}


def _answer(decision: Decision[Any], status: int = 200, others: list[datetime] | None = None) -> Response:
    if isinstance(decision, Refused):
        reasons = [Reason(code=r.code, message=r.message, field=r.field) for r in decision.refusals]
        problem = Problem(refusals=reasons, other_slots=others or [])
        return JSONResponse(problem.model_dump(mode="json"), status_of(decision))
    return JSONResponse(_shape(decision.value).model_dump(mode="json"), status)


def _shape(value: object) -> BaseModel:
    match value:
        case Appointment():
            own = own_booking(value)
            return AppointmentOut(
                id=own.id,
                starts_at=own.starts_at,
                ends_at=own.ends_at,
                service=own.service,
                mode=own.mode,
                status=own.status,
                client=value.client,
            )
        case ChangeRequest(id=id, appointment=about, asks=asks, status=status, proposed=proposed):
            return RequestOut(id=id, appointment=about, asks=asks, status=status, proposed=list(proposed))
        case Quote(late=late, cut_off=cut_off, fee=fee, allowed=allowed, needs_approval=needs):
            cost = str(fee) if fee else None
            return QuoteOut(late=late, cut_off=cut_off, fee=cost, allowed=allowed, needs_approval=needs)
        case Session(id=id, appointment=about, mode=mode, status=status):
            return SessionOut(id=id, appointment=about, mode=mode, status=status)
        case Note(id=id, session=session, revision=revision, status=status):
            return NoteOut(id=id, session=session, revision=revision, status=status)
    raise TypeError(type(value).__name__)


@router.post("/visitor", status_code=204, dependencies=[])
async def be(clinic: TheClinic, who: SignIn) -> Response:
    """Sign in as `client:ana` or `clinician:rivera`. The example has no passwords."""
    response = Response(status_code=204)
    sign_in(response, clinic.settings, who.who, clinic.desk.now())
    return response


@router.get("/services")
async def services() -> list[ServiceOut]:
    """List what can be booked."""
    return [
        ServiceOut(id=row.id, name=row.name, minutes=row.duration.seconds // 60, modes=list(row.modes))
        for row in example.SERVICES
    ]


@router.get("/slots", responses=PROBLEMS | {200: {"model": SlotsOut}})
async def slots(
    counter: Counter,
    service: str,
    first: Annotated[date, Query(alias="from")],
    days: Annotated[int, Query(ge=1, le=90)] = 7,
    mode: str | None = None,
    zone: str = "",
    client: str | None = None,
) -> Response:
    """List free starts of a service, in a zone, from a local day on."""
    place = zone_of(zone)
    decision = await counter.slots(service=service, mode=mode, within=local_days(first, place, days), client=client)
    if isinstance(decision, Refused):
        return _answer(decision)
    found = SlotsOut(zone=place.key, slots=[slot.starts_at for slot in decision.value.in_zone(place.key)])
    return JSONResponse(found.model_dump(mode="json"))


@router.post("/appointments", status_code=201, responses=PROBLEMS | {201: {"model": AppointmentOut}})
async def book(clinic: TheClinic, counter: Counter, wanted: Booking, key: Key = None) -> Response:
    """Book a time: confirmed at once, or pending approval, as the practice has it."""
    start = wanted.starts_at
    decision = await counter.book(service=wanted.service, mode=wanted.mode, starts_at=start, key=key)
    others: list[datetime] = []
    if isinstance(decision, Refused) and decision.code is Code.SLOT_UNAVAILABLE:
        place = zone_of("")
        within = local_days(max(start.astimezone(place).date(), clinic.today(place)), place)
        free = await counter.slots(service=wanted.service, mode=wanted.mode, within=within)
        if isinstance(free, Accepted):
            near = sorted((slot.starts_at for slot in free.value), key=lambda other: (abs(other - start), other))
            others = sorted(near[:5])
    return _answer(decision, 201, others)


@router.get("/appointments")
async def listing(
    clinic: TheClinic, who: Who, first: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> list[AppointmentOut]:  # fmt: skip
    """List a client's own appointments, or the clinician's between two instants."""
    if who.kind == "client":
        rows, _ = await clinic.of_client(who.id)
    elif first is None or until is None:
        raise HTTPException(422, "give from and to")
    else:
        rows = (await clinic.acting_as(who.kind, who.id).agenda(Span(first, until))).or_raise().value
    return [_shape(row) for row in rows]  # type: ignore[misc]


@router.get("/appointments/{id}/quote", responses=PROBLEMS | {200: {"model": QuoteOut}})
async def quote(counter: Counter, id: Id) -> Response:
    """Say what cancelling would mean right now."""
    return _answer(await counter.quote(id))


@router.post("/appointments/{id}/cancel", responses=PROBLEMS | {200: {"model": AppointmentOut | RequestOut}})
async def cancel(counter: Counter, who: Who, id: Id, why: Cancel, key: Key = None) -> Response:
    """Cancel; for a client it may become a request, and never costs more than what was quoted."""
    if who.kind == "clinician":
        return _answer(await counter.cancel(id, reason=why.reason, text=why.text, key=key))
    quoted = await counter.quote(id)
    if isinstance(quoted, Refused):
        return _answer(quoted)
    shown = (
        quoted.value if why.quoted is None else as_shown(quoted.value, late=why.quoted.late, fee=why.quoted.fee or "")
    )
    return _answer(await counter.client_cancel(id, reason=why.reason, text=why.text, quote=shown, key=key))


@router.post("/appointments/{id}/move", responses=PROBLEMS | {200: {"model": AppointmentOut | RequestOut}})
async def move(counter: Counter, who: Who, id: Id, wanted: NewTime, key: Key = None) -> Response:
    """Move it as the clinician, or ask to as the client."""
    if who.kind == "clinician":
        return _answer(await counter.reschedule(id, to=wanted.to, text=wanted.text, key=key))
    return _answer(await counter.request_reschedule(id, to=wanted.to, text=wanted.text, key=key))


@router.post("/appointments/{id}/{act}", responses=PROBLEMS | {200: {"model": AppointmentOut | SessionOut}})
async def act_on(
    counter: Counter, id: Id, act: Literal["approve", "decline", "withdraw", "no-show", "start"], key: Key = None
) -> Response:
    """Answer, withdraw, mark, start."""
    acts = {"approve": counter.approve, "decline": counter.decline, "withdraw": counter.withdraw,
            "no-show": counter.mark_no_show, "start": counter.start}  # fmt: skip
    return _answer(await acts[act](id, key=key))  # type: ignore[operator]


@router.get("/requests")
async def requests(clinic: TheClinic, who: Who) -> list[RequestOut]:
    """List open requests to the clinician, or the client's own."""
    found = await clinic.requests(who.id) if who.kind == "clinician" else (await clinic.of_client(who.id))[1]
    return [_shape(asked) for asked in found.values()]  # type: ignore[misc]


@router.post("/requests/{id}/{act}", responses=PROBLEMS | {200: {"model": AppointmentOut | RequestOut}})
async def act_on_request(
    counter: Counter,
    id: Id,
    act: Literal["approve", "decline", "suggest", "accept", "withdraw"],
    answer: Answer,
    key: Key = None,
) -> Response:
    """Grant, decline, suggest other times; accept one of them, or take the request back."""
    match act:
        case "approve":
            return _answer(await counter.approve_request(id, apply_fee=answer.apply_fee, key=key))
        case "suggest":
            return _answer(await counter.suggest(id, starts=answer.starts, key=key))
        case "accept":
            if len(answer.starts) != 1:
                raise HTTPException(422, "give the one start to accept")
            return _answer(await counter.accept_alternative(id, starts_at=answer.starts[0], key=key))
        case "decline":
            return _answer(await counter.decline_request(id, key=key))
        case "withdraw":
            return _answer(await counter.withdraw_request(id, key=key))


@router.post("/sessions/{id}/end", responses=PROBLEMS | {200: {"model": SessionOut}})
async def end(counter: Counter, id: Id) -> Response:
    """End a session."""
    return _answer(await counter.end(id))


@router.put("/sessions/{id}/note", responses=PROBLEMS | {200: {"model": NoteOut}})
async def write(counter: Counter, id: Id, note: NoteIn) -> Response:
    """Save the note's draft; `revision` is the one the text is based on."""
    return _answer(await counter.write_note(id, note.text, revision=note.revision))


@router.post("/sessions/{id}/sign", responses=PROBLEMS | {200: {"model": NoteOut}})
async def sign(counter: Counter, id: Id, revision: int) -> Response:
    """Sign and lock the note: permanent, and every transcript of the session is erased."""
    return _answer(await counter.sign_and_lock(id, revision=revision))


@router.get("/billable", responses=PROBLEMS | {200: {"model": list[BillItem]}})
async def billable(counter: Counter) -> Response:
    """List what can be billed."""
    decision = await counter.billable()
    if isinstance(decision, Refused):
        return _answer(decision)
    items = [
        BillItem(kind=i.kind, client=i.client, at=i.at, amount=str(i.amount) if i.amount else None, payer=i.payer)
        for i in decision.value
    ]
    return JSONResponse([item.model_dump(mode="json") for item in items])
