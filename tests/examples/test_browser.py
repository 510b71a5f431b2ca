"""The example clinic in a real browser: Debian's Chromium, driven from outside, on a phone and at a desk."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.examples.conftest import Served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1180, "height": 820}}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)")


class Visit:
    """One person's browser window."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    async def sign_in(self, name: str) -> None:
        await self.page.goto(self.url)
        await self.page.get_by_role("button", name=name).click()

    async def see(self, name: str) -> None:
        """Keep what is seen; a page that has to be pushed sideways is not for phones."""
        await self.page.wait_for_load_state()
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"
        if os.environ.get("OASYS_SCREENSHOTS"):
            await self.page.evaluate("window.scrollTo(0, 0)")
            IMAGES.mkdir(exist_ok=True)
            await self.page.screenshot(path=IMAGES / f"{name}.png")


Open = Callable[..., Awaitable[Visit]]


def drive(served: Served, story: Callable[[Open], Awaitable[None]]) -> None:
    """Run a story in a fresh browser."""

    async def run() -> None:
        async with async_playwright() as playwright:
            browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            contexts: list[BrowserContext] = []

            async def open(zone: str = "America/New_York", **options: Any) -> Visit:
                context = await browser.new_context(timezone_id=zone, locale="en-GB", **(options or DESK))
                context.set_default_timeout(15_000)
                contexts.append(context)
                return Visit(await context.new_page(), served.url)

            await story(open)
            for context in contexts:
                await context.close()
            await browser.close()

    asyncio.run(run())


async def choose(page: Page, day: str, time: str) -> None:
    await page.get_by_role("button", name=f"{day}, {time}", exact=True).click()


def test_a_client_books_the_clinician_approves_the_client_asks_to_move(served: Served) -> None:
    async def story(open: Open) -> None:
        # Ana sits in Los Angeles, three hours behind the clinician.
        ana, rivera = await open("America/Los_Angeles", **PHONE), await open()
        await ana.sign_in("Ana Ruiz")
        await expect(ana.page.locator(".zone-name")).to_have_text("America/Los_Angeles")
        await ana.see("book-phone")
        await choose(ana.page, "Thursday 05 March", "12:00")
        await expect(ana.page.get_by_role("status")).to_contain_text("Asked for.")
        await expect(ana.page.get_by_text("waiting for an answer")).to_be_visible()

        await rivera.sign_in("Dr Rivera")
        await expect(rivera.page.get_by_text("Ana Ruiz asks for Thursday 05 March 2026, 15:00")).to_be_visible()
        await rivera.page.get_by_role("button", name="Approve: Ana Ruiz", exact=True).click()
        await expect(rivera.page.get_by_text("Nothing does.")).to_be_visible()
        await expect(rivera.page.locator("figure svg").first).to_contain_text("Ana Ruiz")

        await ana.page.reload()
        await expect(ana.page.locator(".status", has_text="upcoming")).to_be_visible()
        await ana.page.get_by_role("link", name="Ask to move").click()
        await expect(ana.page.get_by_role("heading", name="Ask to move")).to_be_visible()
        await ana.see("move-phone")
        await choose(ana.page, "Friday 06 March", "06:00")
        await expect(ana.page.get_by_text("move asked for")).to_be_visible()
        await ana.see("mine-phone")

        await rivera.page.goto(rivera.url + "/week")
        asked = "Ana Ruiz asks to move Thursday 05 March 2026, 15:00 to Friday 06 March 2026, 09:00."
        await expect(rivera.page.get_by_text(asked)).to_be_visible()
        await rivera.see("week-asked")
        await rivera.page.get_by_role("button", name="Approve: Ana Ruiz").click()
        await ana.page.reload()
        await expect(ana.page.get_by_role("heading", name="Friday 06 March 2026, 06:00")).to_be_visible()

    drive(served, story)


def test_two_browsers_race_for_one_slot_and_the_loser_is_shown_other_times(served: Served) -> None:
    async def story(open: Open) -> None:
        ana, bjorn = await open(**PHONE), await open(**PHONE)
        for visit, name in ((ana, "Ana Ruiz"), (bjorn, "Björn Ødegård")):
            await visit.sign_in(name)
            await expect(visit.page.get_by_role("button", name="Wednesday 04 March, 10:00")).to_be_visible()

        await asyncio.gather(*(choose(visit.page, "Wednesday 04 March", "10:00") for visit in (ana, bjorn)))

        for visit in (ana, bjorn):
            await visit.page.wait_for_load_state()
        told = [await visit.page.locator(".told").get_attribute("role") for visit in (ana, bjorn)]
        assert sorted(told) == ["alert", "status"]
        loser = (ana, bjorn)[told.index("alert")]
        await expect(loser.page.get_by_role("alert")).to_contain_text("This time is not available.")
        await expect(loser.page.get_by_role("button", name="Wednesday 04 March, 10:00")).to_have_count(0)
        await loser.see("taken-phone")
        await loser.page.get_by_role("button", name="Wednesday 04 March 2026, 11:00").click()
        await expect(loser.page.get_by_role("status")).to_contain_text("Asked for.")

    drive(served, story)


def test_a_full_week_is_worked_through_from_start_to_bill(served: Served) -> None:
    booked = [
        ("client:ana", "telehealth", "2026-03-03T09:00:00-05:00"),
        ("client:bjorn", "in_person", "2026-03-03T10:00:00-05:00"),
        ("client:chloe", "phone", "2026-03-03T14:00:00-05:00"),
        ("client:ana", "in_person", "2026-03-04T11:00:00-05:00"),
        ("client:chloe", "telehealth", "2026-03-04T15:30:00-05:00"),
        ("client:bjorn", "telehealth", "2026-03-05T13:00:00-05:00"),
        ("client:ana", "phone", "2026-03-06T10:00:00-05:00"),
    ]
    with served.visitor("clinician:rivera") as desk:
        for who, mode, start in booked:
            asked = {"service": "therapy-50", "mode": mode, "starts_at": start}
            with served.visitor(who) as client:
                made = client.post("/api/appointments", json=asked).json()
            if start < "2026-03-05":
                desk.post(f"/api/appointments/{made['id']}/approve")
    served.now = datetime(2026, 3, 3, 15, 5, tzinfo=UTC)

    async def story(open: Open) -> None:
        rivera, page = await open(), None
        await rivera.sign_in("Dr Rivera")
        page = rivera.page
        ana, bjorn = (
            page.get_by_role("row").filter(has_text=when) for when in ("Tue 03 Mar 09:00", "Tue 03 Mar 10:00")
        )
        await ana.get_by_role("button", name="Start").click()
        await expect(ana.locator(".status")).to_have_text("in progress")
        await ana.get_by_label("Note about Ana Ruiz").fill("slept better")
        await ana.get_by_role("button", name="Save note").click()
        await ana.get_by_role("button", name="End session").click()
        await expect(ana.get_by_label("Note about Ana Ruiz")).to_have_value("slept better")
        await ana.get_by_role("button", name="Sign and lock").click()
        await expect(ana).to_contain_text("note signed")
        await bjorn.get_by_role("button", name="No-show").click()
        await expect(bjorn.locator(".status")).to_have_text("no show")
        await rivera.see("week-desktop")
        phone = await open(**PHONE)
        await phone.sign_in("Dr Rivera")
        await expect(phone.page.get_by_role("heading", name="Needs an answer")).to_be_visible()
        await phone.see("week-phone")
        await page.get_by_role("link", name="Bill sessions").click()
        await expect(page.get_by_role("row")).to_have_count(3)
        await expect(page.get_by_role("row").filter(has_text="Ana Ruiz")).to_contain_text("140.00 USD")
        await expect(page.get_by_role("row").filter(has_text="Björn Ødegård")).to_contain_text("70.00 USD")
        await rivera.see("bill-desktop")

    drive(served, story)


def test_an_appointment_is_booked_and_cancelled_by_keyboard_alone(served: Served) -> None:
    async def story(open: Open) -> None:
        visit = await open()
        await visit.sign_in("Chloé Martin")
        page = visit.page
        await expect(page.get_by_role("heading", name="Free times")).to_be_visible()
        await page.locator("body").focus()
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Skip to content")
        await page.keyboard.press("Enter")
        label = None
        for _ in range(30):
            await page.keyboard.press("Tab")
            label = await page.evaluate("document.activeElement.getAttribute('aria-label')")
            if label:
                break
        assert label == "Tuesday 03 March, 09:00"
        outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Asked for.")
        await visit.see("mine-desktop")
        await page.get_by_role("button", name="Withdraw").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text("Withdrawn.")

    drive(served, story)


def test_what_a_screen_reader_hears_has_names_headings_and_landmarks(served: Served) -> None:
    async def story(open: Open) -> None:
        visit = await open()
        await visit.sign_in("Ana Ruiz")
        page = visit.page
        for address in ("/book", "/mine"):
            await page.goto(visit.url + address)
            heard = await page.locator("body").aria_snapshot()
            assert "- main:" in heard
            assert 'navigation "Main"' in heard
            assert heard.count("[level=1]") == 1
            assert "- textbox\n" not in heard
            assert "- button\n" not in heard
        await page.goto(visit.url + "/book")
        heard = await page.locator("main").aria_snapshot()
        assert 'group "Service"' in heard
        assert 'radio "Individual therapy, 50 minutes" [checked]' in heard
        assert await page.locator("html").get_attribute("lang") == "en"
        # Without script the page still works, in the clinician's zone.
        plain = await open(java_script_enabled=False, **DESK)
        await plain.sign_in("Ana Ruiz")
        await expect(plain.page.locator(".zone-name")).to_have_text("America/New_York")

    drive(served, story)


def test_a_client_sees_the_cost_before_cancelling(served: Served) -> None:
    with served.visitor("client:ana") as client, served.visitor("clinician:rivera") as desk:
        asked = {"service": "therapy-50", "mode": "phone", "starts_at": "2026-03-05T15:00:00-05:00"}
        id = client.post("/api/appointments", json=asked).json()["id"]
        desk.post(f"/api/appointments/{id}/approve")
    served.now = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

    async def story(open: Open) -> None:
        ana, rivera = await open(**PHONE), await open()
        await ana.sign_in("Ana Ruiz")
        await ana.page.goto(ana.url + "/mine")
        await ana.page.get_by_role("link", name="Cancel").click()
        await expect(ana.page.get_by_text("It may cost 50.00 USD.")).to_be_visible()
        await ana.see("cancel-phone")
        await ana.page.get_by_role("button", name="Ask to cancel").click()
        await expect(ana.page.get_by_text("cancellation asked for")).to_be_visible()
        await rivera.sign_in("Dr Rivera")
        await rivera.page.get_by_role("button", name="Cancel, 50.00 USD fee").click()
        await expect(rivera.page.locator(".status", has_text="cancelled")).to_be_visible()

    drive(served, story)
