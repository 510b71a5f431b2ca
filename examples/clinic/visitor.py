"""Who is visiting: a signed cookie says who, another one in which zone; a request from another site is turned away.

This example has no passwords. A real app authenticates people in its own way and keeps the rest of this as it is.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import HTTPException, Request, Response

from examples.clinic.clinic import Clinic, zone_of
from examples.clinic.practice import CLIENTS, CLINICIAN
from examples.clinic.settings import Settings

COOKIE = "visitor"
HOURS = 12
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
KNOWN = {("client", id) for id, _, _ in CLIENTS} | {("clinician", CLINICIAN)}


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in."""

    kind: str
    id: str
    zone: ZoneInfo


def _signature(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), sha256).hexdigest()


def sign_in(response: Response, settings: Settings, who: str, now: datetime) -> None:
    """Set the cookie for `kind:id`: not readable by script, not sent by other sites, over in half a day."""
    kind, _, id = who.partition(":")
    if (kind, id) not in KNOWN:
        raise HTTPException(422, "nobody of that name")
    text = f"{kind}:{id}:{int(now.timestamp()) + HOURS * 3600}"
    value = urlsafe_b64encode(f"{text}:{_signature(settings.secret, text)}".encode()).decode()
    # In a frame on another site a cookie has to be partitioned, and secure, to be sent at all.
    site = "None; Partitioned" if settings.embed else "Lax"
    secure = "; Secure" if settings.https or settings.embed else ""
    response.headers.append(
        "set-cookie", f"{COOKIE}={value}; Path=/; HttpOnly; Max-Age={HOURS * 3600}; SameSite={site}{secure}"
    )


def sign_out(response: Response) -> None:
    """Forget who it was."""
    response.delete_cookie(COOKIE)


def visitor_of(request: Request) -> Visitor | None:
    """Return who is signed in, or None: also for a cookie that is forged or over."""
    clinic: Clinic = request.app.state.clinic
    zone = zone_of(unquote(request.cookies.get("zone", "")))
    try:
        text, _, given = urlsafe_b64decode(request.cookies.get(COOKIE, "").encode()).decode().rpartition(":")
        kind, id, until = text.split(":")
        fresh = clinic.desk.now().timestamp() < int(until)
    except ValueError:
        return None
    genuine = hmac.compare_digest(_signature(clinic.settings.secret, text), given)
    return Visitor(kind, id, zone) if genuine and fresh and (kind, id) in KNOWN else None


def from_elsewhere(request: Request) -> bool:
    """Tell whether a request that changes things was caused by another site (CSRF).

    Browsers say so themselves; whoever says nothing may send anything but a form, which is all another site could.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc != request.headers.get("host")
    return request.headers.get("content-type", "").startswith(FORMS)
