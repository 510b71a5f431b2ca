"""The JSON API of the example clinic: it shows what the library answers, and adds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.examples.conftest import Served

WEEK = {"service": "therapy-50", "mode": "telehealth", "from": "2026-03-03", "days": 4}
START = "2026-03-05T15:00:00-05:00"
# What a browser says of a form on our own page.
SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def ana(served: Served) -> Iterator[httpx.Client]:
    with served.visitor("client:ana") as client:
        yield client


@pytest.fixture
def bjorn(served: Served) -> Iterator[httpx.Client]:
    with served.visitor("client:bjorn") as client:
        yield client


@pytest.fixture
def rivera(served: Served) -> Iterator[httpx.Client]:
    with served.visitor("clinician:rivera") as client:
        yield client


def book(client: httpx.Client, start: str = START, **more: str) -> httpx.Response:
    asked = {"service": "therapy-50", "mode": "telehealth", "starts_at": start}
    return client.post("/api/appointments", json=asked, headers=more)


def test_every_listed_slot_can_be_booked_and_is_then_gone(ana: httpx.Client, bjorn: httpx.Client) -> None:
    listed = ana.get("/api/slots", params=WEEK).json()["slots"]

    made = book(ana, listed[0])

    assert made.status_code == 201
    assert made.json()["status"] == "pending"
    assert listed[0] not in bjorn.get("/api/slots", params=WEEK).json()["slots"]


def test_slots_are_shown_in_the_visitors_zone(ana: httpx.Client) -> None:
    here, there = (
        ana.get("/api/slots", params=WEEK | {"zone": zone}).json() for zone in ("America/New_York", "Asia/Kolkata")
    )

    assert there["zone"] == "Asia/Kolkata"
    assert {datetime.fromisoformat(slot).utcoffset() for slot in there["slots"]} == {timedelta(hours=5, minutes=30)}
    assert set(map(datetime.fromisoformat, here["slots"])) & set(map(datetime.fromisoformat, there["slots"]))


def test_a_booking_is_approved_moved_started_signed_and_billed(
    served: Served, ana: httpx.Client, rivera: httpx.Client
) -> None:
    id = book(ana).json()["id"]
    assert rivera.post(f"/api/appointments/{id}/approve").json()["status"] == "upcoming"

    asked = ana.post(f"/api/appointments/{id}/move", json={"to": "2026-03-06T09:00:00-05:00"}).json()
    assert (asked["asks"], asked["status"]) == ("reschedule", "open")
    assert [row["id"] for row in rivera.get("/api/requests").json()] == [asked["id"]]
    moved = rivera.post(f"/api/requests/{asked['id']}/approve", json={}).json()
    assert moved["starts_at"] == "2026-03-06T14:00:00Z"

    served.now = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    with served.visitor("clinician:rivera") as later:
        session = later.post(f"/api/appointments/{id}/start").json()
        note = later.put(f"/api/sessions/{session['id']}/note", json={"text": "slept better"}).json()
        assert later.post(f"/api/sessions/{session['id']}/end").json()["status"] == "ended"
        signed = later.post(f"/api/sessions/{session['id']}/sign", params={"revision": note["revision"]}).json()
        assert signed["status"] == "locked"
        assert "slept better" not in str(signed)
        refused = later.put(f"/api/sessions/{session['id']}/note", json={"text": "x", "revision": signed["revision"]})
        assert refused.json()["refusals"][0]["code"] == "note_locked"
        assert [row["amount"] for row in later.get("/api/billable").json()] == ["140.00 USD"]


def test_the_clinician_suggests_and_the_client_accepts(ana: httpx.Client, rivera: httpx.Client) -> None:
    id = book(ana).json()["id"]
    rivera.post(f"/api/appointments/{id}/approve")
    asked = ana.post(f"/api/appointments/{id}/move", json={"to": "2026-03-06T09:00:00-05:00"}).json()["id"]

    offered = rivera.post(f"/api/requests/{asked}/suggest", json={"starts": ["2026-03-06T11:00:00-05:00"]}).json()
    taken = ana.post(f"/api/requests/{asked}/accept", json={"starts": offered["proposed"]}).json()

    assert offered["status"] == "alternative_suggested"
    assert taken["starts_at"] == "2026-03-06T16:00:00Z"


def test_a_cancellation_is_quoted_first_and_never_costs_more(served: Served, ana: httpx.Client) -> None:
    id = book(ana).json()["id"]
    with served.visitor("clinician:rivera") as rivera:
        rivera.post(f"/api/appointments/{id}/approve")
    assert ana.get(f"/api/appointments/{id}/quote").json()["late"] is False

    served.now = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    with served.visitor("client:ana") as later:
        quote = later.get(f"/api/appointments/{id}/quote").json()
        asked = later.post(f"/api/appointments/{id}/cancel", json={"reason": "client_illness"}).json()

    assert (quote["late"], quote["fee"], quote["needs_approval"]) == (True, "50.00 USD", True)
    assert asked["asks"] == "cancel"
    with served.visitor("clinician:rivera") as rivera:
        done = rivera.post(f"/api/requests/{asked['id']}/approve", json={"apply_fee": True}).json()
        assert done["status"] == "cancelled"
        assert [row["amount"] for row in rivera.get("/api/billable").json()] == ["50.00 USD"]


def test_a_page_that_lay_open_past_the_deadline_cancels_nothing_at_a_price_it_did_not_show(
    served: Served, ana: httpx.Client
) -> None:
    id = book(ana).json()["id"]
    with served.visitor("clinician:rivera") as rivera:
        rivera.post(f"/api/appointments/{id}/approve")
    page = ana.get(f"/mine/{id}/cancel").text
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    quoted = ana.get(f"/api/appointments/{id}/quote").json()

    served.now = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    with served.visitor("client:ana") as later:
        clicked = later.post(f"/mine/{id}/cancel", data={"reason": "client_illness", **shown}, headers=SAME_SITE)
        posted = later.post(f"/api/appointments/{id}/cancel", json={"reason": "client_illness", "quoted": quoted})
        assert later.get("/api/appointments").json()[0]["status"] == "upcoming"
        assert later.get("/api/requests").json() == []
        again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', clicked.text))
        agreed = later.post(f"/mine/{id}/cancel", data={"reason": "client_illness", **again}, headers=SAME_SITE)
        assert len(later.get("/api/requests").json()) == 1

    assert (clicked.status_code, posted.status_code, agreed.status_code) == (409, 409, 303)
    assert posted.json()["refusals"][0]["code"] == "quote_changed"
    assert "It may cost 50.00 USD" in clicked.text


def test_a_note_that_was_typed_is_kept_when_the_session_ends(served: Served, ana: httpx.Client) -> None:
    id = book(ana).json()["id"]
    with served.visitor("clinician:rivera") as rivera:
        rivera.post(f"/api/appointments/{id}/approve")
    served.now = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
    with served.visitor("clinician:rivera") as rivera:
        at = f"/clinician/appointment/{id}"
        rivera.post(f"{at}/start", headers=SAME_SITE)
        assert f'formaction="{at}/end"' in rivera.get("/week").text
        rivera.post(f"{at}/end", data={"text": "slept better"}, headers=SAME_SITE)
        week = rivera.get("/week").text

    assert "slept better" in week
    assert "Sign and lock" in week


def test_people_are_told_on_a_page_and_programs_in_json(served: Served, ana: httpx.Client) -> None:
    id = book(ana).json()["id"]
    with served.visitor("clinician:rivera") as rivera:
        rivera.post(f"/api/appointments/{id}/approve")
        unread = rivera.post(f"/clinician/appointment/{id}/move", data={"to": ""}, headers=SAME_SITE)
    missing, program = ana.get("/mine/nothing/move"), ana.get("/api/appointments/nothing/quote")

    assert (unread.status_code, missing.status_code, program.status_code) == (422, 404, 404)
    nowhere = ana.get("/nowhere")
    for told, words in ((unread, "give a date and a time"), (missing, "no such appointment"), (nowhere, "not found")):
        assert told.headers["content-type"].startswith("text/html")
        assert words in told.text.casefold()
        assert 'role="alert"' in told.text
    assert program.json()["refusals"][0]["code"] == "not_found"


def test_of_many_who_want_one_time_one_gets_it_and_the_others_hear_of_other_times(served: Served) -> None:
    def attempt(number: int) -> httpx.Response:
        with served.visitor(("client:ana", "client:bjorn", "client:chloe")[number % 3]) as client:
            return book(client, **{"Idempotency-Key": f"attempt-{number}"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(12)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 11
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert {reason["code"] for reason in problem["refusals"]} <= {"slot_unavailable", "client_double_booked"}
            if problem["refusals"][0]["code"] == "slot_unavailable":
                assert len(problem["other_slots"]) == 5
                assert START not in problem["other_slots"]


def test_the_same_key_books_once(ana: httpx.Client) -> None:
    first, second = (book(ana, **{"Idempotency-Key": "k"}).json() for _ in range(2))
    other = book(ana, "2026-03-05T16:00:00-05:00", **{"Idempotency-Key": "k"})

    assert first == second
    assert len(ana.get("/api/appointments").json()) == 1
    assert other.json()["refusals"][0]["code"] == "idempotency_mismatch"


def test_a_client_learns_nothing_of_another(ana: httpx.Client, bjorn: httpx.Client) -> None:
    id = book(ana).json()["id"]

    for answer in (
        bjorn.get(f"/api/appointments/{id}/quote"),
        bjorn.post(f"/api/appointments/{id}/withdraw"),
        bjorn.post(f"/api/appointments/{id}/approve"),
        bjorn.get("/api/appointments/no-such-id/quote"),
        bjorn.get(f"/mine/{id}/cancel", headers={"cookie": "zone=Europe%2FBerlin"}),
    ):
        assert answer.status_code in (404, 303)
    assert bjorn.get("/api/appointments").json() == []
    assert bjorn.get("/api/billable").status_code == 403


def test_nobody_gets_in_with_a_forged_or_an_old_cookie(served: Served, ana: httpx.Client) -> None:
    good = ana.cookies["visitor"]
    with served.visitor() as stranger:
        assert stranger.get("/api/appointments").status_code == 401
        stranger.cookies.set("visitor", good[:-4] + "AAAA")
        assert stranger.get("/api/appointments").status_code == 401
        stranger.cookies.set("visitor", "nonsense")
        assert stranger.get("/mine").status_code == 303
        assert stranger.post("/api/visitor", json={"who": "clinician:mallory"}).status_code == 422
    served.now += timedelta(hours=13)
    assert ana.get("/api/appointments").status_code == 401


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.example"}, False),
        ({}, False),
    ],
)
def test_a_form_of_another_site_changes_nothing(ana: httpx.Client, headers: dict[str, str], allowed: bool) -> None:
    form = {"service": "therapy-50", "mode": "phone", "starts_at": START, "key": "k"}

    answer = ana.post("/book", data=form, headers=headers)

    assert answer.status_code == (303 if allowed else 403)
    assert len(ana.get("/api/appointments").json()) == allowed


def test_an_own_form_says_so_by_its_origin(served: Served, ana: httpx.Client) -> None:
    form = {"service": "therapy-50", "mode": "phone", "starts_at": START, "key": "k"}

    assert ana.post("/book", data=form, headers={"origin": served.url}).status_code == 303


def test_cookie_and_pages_are_guarded(served: Served) -> None:
    with served.visitor() as client:
        cookie = client.post("/api/visitor", json={"who": "client:ana"}).headers["set-cookie"]
        page = client.get("/book")

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


def test_the_widget_may_be_framed_by_the_one_site_that_is_named(tmp_path: Path) -> None:
    with (
        Served(tmp_path / "widget.sqlite", embed="https://dr-rivera.example", approval=False) as served,
        served.visitor() as client,
    ):
        response = client.post("/api/visitor", json={"who": "client:ana"})
        cookie = response.headers["set-cookie"]
        client.headers["cookie"] = cookie.partition(";")[0]
        policy = client.get("/book").headers["content-security-policy"]
        form = {"service": "therapy-50", "mode": "phone", "starts_at": START, "key": "k"}
        done = client.post("/book", data=form, headers={"sec-fetch-site": "same-origin"})
        status = client.get("/api/appointments").json()[0]["status"]

    assert "SameSite=None; Partitioned; Secure" in cookie
    assert policy.endswith("frame-ancestors 'self' https://dr-rivera.example")
    assert done.headers["location"] == "/mine?told=booked"
    assert status == "upcoming"


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"service": "therapy-50", "mode": "telehealth", "starts_at": "2026-03-05T15:00:00"}, 422, "starts_at"),
        ({"service": "no-such", "mode": "telehealth", "starts_at": START}, 422, "service"),
        ({"service": "therapy-50", "starts_at": START}, 422, "mode"),
        ({"service": "therapy-50", "mode": "carrier-pigeon", "starts_at": START}, 422, "mode"),
    ],
)
def test_bad_input_is_named(ana: httpx.Client, asked: dict[str, str], status: int, field: str) -> None:
    answer = ana.post("/api/appointments", json=asked)

    assert answer.status_code == status
    assert field in answer.text


def test_the_openapi_document_names_every_journey(served: Served) -> None:
    with served.visitor() as client:
        document = client.get("/openapi.json").json()

    assert document["openapi"].startswith("3.")
    assert {"/api/slots", "/api/appointments", "/api/appointments/{id}/quote", "/api/requests/{id}/{act}",
            "/api/sessions/{id}/sign", "/api/billable"} <= set(document["paths"])  # fmt: skip
    assert "409" in document["paths"]["/api/appointments"]["post"]["responses"]


def test_the_style_sheet_keeps_text_readable_in_light_and_dark() -> None:
    css = (Path(__file__).parents[2] / "examples" / "clinic" / "static" / "style.css").read_text()
    pairs = (("ink", "paper"), ("accent", "paper"), ("on-accent", "accent"), ("ink", "soft"), ("accent", "soft"))

    for block in re.findall(r":root \{([^}]*)\}", css):
        found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block))
        for ink, paper in pairs:
            assert _contrast(found[ink], found[paper]) >= 4.5, (ink, paper)


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
