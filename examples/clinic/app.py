"""The app: `create_app(Settings(...))`, or `python -m examples.clinic`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from examples.clinic import api, client_pages, clinician_pages, practice
from examples.clinic.clinic import Clinic
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
    async def invalid(_: Request, error: InvalidValue) -> JSONResponse:
        reason = {"code": error.code, "message": str(error), "field": error.field}
        return JSONResponse({"refusals": [reason]}, 422)

    @app.exception_handler(NotFound)
    async def missing(_: Request, __: NotFound) -> JSONResponse:
        return JSONResponse({"refusals": [{"code": "not_found", "message": "no such thing here", "field": None}]}, 404)

    @app.exception_handler(StaleWrite)
    @app.exception_handler(OutcomeUnknown)
    @app.exception_handler(PortFailed)
    async def busy(_: Request, __: Exception) -> JSONResponse:
        reason = {"code": "port_failed", "message": "please try again, with the same key", "field": None}
        return JSONResponse({"refusals": [reason]}, 503, headers={"retry-after": "1"})

    return app
