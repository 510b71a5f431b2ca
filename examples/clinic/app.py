"""The app: `create_app(Settings(...))`, or `python -m examples.clinic`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from examples.clinic import api, client_pages, clinician_pages, practice
from examples.clinic.clinic import Clinic
from examples.clinic.pages import problem
from examples.clinic.settings import Settings
from examples.clinic.storage import open_repository
from examples.clinic.visitor import from_elsewhere
from oasys_sched.errors import InvalidValue, NotFound, OutcomeUnknown, PortFailed, StaleWrite

HERE = Path(__file__).parent


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the app; its OpenAPI document is at /openapi.json, a page to try it at /docs."""
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        repository, close = await open_repository(settings.database, settings.clock)
        app.state.clinic = await Clinic.open(settings, repository)
        yield
        await close()

    app = FastAPI(title=practice.NAME, version="1", lifespan=lifespan)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.include_router(api.router)
    app.include_router(client_pages.router, include_in_schema=False)
    app.include_router(clinician_pages.router, include_in_schema=False)
    frames = f"'self' {settings.embed}".strip()
    # Pictures carry their own styles; there is no script but our own file.
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {frames}"
    )

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        if from_elsewhere(request):
            return PlainTextResponse("this request came from another site", 403)
        response = await call_next(request)
        if not request.url.path.startswith(("/docs", "/static")):
            response.headers["content-security-policy"] = policy
            response.headers["cache-control"] = "no-store"
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["referrer-policy"] = "same-origin"
        return response

    @app.exception_handler(InvalidValue)
    async def invalid(request: Request, error: InvalidValue) -> Response:
        return told(request, 422, error.code, str(error), error.field)

    @app.exception_handler(NotFound)
    async def missing(request: Request, _: NotFound) -> Response:
        return told(request, 404, "not_found", "no such thing here")

    @app.exception_handler(StaleWrite)
    @app.exception_handler(OutcomeUnknown)
    @app.exception_handler(PortFailed)
    async def busy(request: Request, _: Exception) -> Response:
        again = "please try again, with the same key" if for_a_program(request) else "please try again"
        return told(request, 503, "port_failed", again, headers={"retry-after": "1"})

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if for_a_program(request) or error.status_code < 400:
            return await http_exception_handler(request, error)
        return problem(request, str(error.detail), error.status_code, error.headers)

    return app


def for_a_program(request: Request) -> bool:
    """Tell whether JSON is what is waited for."""
    return request.url.path.startswith("/api/")


def told(
    request: Request, status: int, code: str, message: str, field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """Say what went wrong: to a program in JSON, to a person on a page."""
    if not for_a_program(request):
        return problem(request, message, status, headers)
    reason = {"code": code, "message": message, "field": field}
    return JSONResponse({"refusals": [reason]}, status, headers=headers)
