"""Drawing a page: one place that knows the templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates

from examples.clinic import practice
from examples.clinic.clinic import Clinic, sentence, status_of
from examples.clinic.visitor import Visitor, visitor_of
from oasys_sched import Refused

TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
# What a page says after something worked; the address carries only the word.
TOLD = {
    "booked": "Booked. The appointment is confirmed.",
    "asked": f"Asked for. The time is held for you until {practice.CLINICIAN_NAME} answers.",
    "asked-move": f"Asked for. Your appointment stays as it is until {practice.CLINICIAN_NAME} answers.",
    "asked-cancel": f"Asked for. {practice.CLINICIAN_NAME} will answer.",
    "moved": "Moved.",
    "cancelled": "Cancelled.",
    "withdrawn": "Withdrawn.",
    "declined": "Declined. The appointment stays as it was.",
    "done": "Done.",
}


def _client(request: Request) -> Visitor:
    return _signed_in(request, "client")


def _clinician(request: Request) -> Visitor:
    return _signed_in(request, "clinician")


def _signed_in(request: Request, kind: str) -> Visitor:
    visitor = visitor_of(request)
    if visitor is None or visitor.kind != kind:
        raise HTTPException(303, headers={"location": "/"})
    return visitor


def _clinic(request: Request) -> Clinic:
    clinic: Clinic = request.app.state.clinic
    return clinic


ClientVisitor = Annotated[Visitor, Depends(_client)]
ClinicianVisitor = Annotated[Visitor, Depends(_clinician)]
TheClinic = Annotated[Clinic, Depends(_clinic)]


def page(
    request: Request,
    name: str,
    context: dict[str, Any],
    *,
    who: Visitor | None = None,
    refused: Refused | None = None,
    hint: str = "",
) -> Response:
    """Draw a template; after a refusal with its reason on top and its status."""
    told = None
    if refused is not None:
        told = {"bad": True, "text": f"{sentence(refused)} {hint}".strip()}
    elif said := TOLD.get(request.query_params.get("told", "")):
        told = {"bad": False, "text": said}
    known = {
        "practice": practice.NAME,
        "who": who,
        "told": told,
        "clinician_name": practice.CLINICIAN_NAME,
        "here": name.removesuffix(".html"),
    }
    status = 200 if refused is None else status_of(refused)
    return TEMPLATES.TemplateResponse(request, name, known | context, status_code=status)


def problem(request: Request, text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Tell a person what went wrong where there is no page to say it on."""
    told = {"bad": True, "text": f"{text[:1].upper()}{text[1:]}."}
    response = page(request, "problem.html", {"told": told}, who=visitor_of(request))
    response.status_code = status
    response.headers.update(headers or {})
    return response


def go(path: str, told: str = "") -> Response:
    """Send the browser on after a form (so that reloading repeats nothing)."""
    sign = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{sign}told={told}" if told else path, 303)


def day_of(text: str, otherwise: date) -> date:
    """Return the date in an address, or another one where there is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
