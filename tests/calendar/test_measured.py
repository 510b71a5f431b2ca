"""How wide words are said to be, held to how wide a real browser draws them."""

from __future__ import annotations

import shutil

import pytest

from oasys_sched.calendar.fitting import cut

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)")

NAMES = (
    "Mwamba Mwamba", "GWENDOLYN WOODWARD", "Bartholomew Ruiz", "Björn Ødegård", "illicit fiji", "Wilhelmina Ammann",
    "王小明", "Дмитрий Щукин", "Ιωάννης Παπαδόπουλος", "محمد عبد الله", "मीरा राम", "😀😀😀 party",
    "Zoë O'Brien-Ångström", "○ Ana Ruiz", "?⚑ Grace Lee", "✓ MMM WWW", "✕ Ana", "! Ana", "@@@ %%% mmm www", "ﬀﬁﬂ ÆŒæœ",
    "ภาษาไทย ที่นี่", "10:30-11:20",
)  # fmt: skip
FONTS = ("system-ui, sans-serif", "DejaVu Sans", "Liberation Sans", "Noto Sans")
MEASURE = """([rows, font]) => {
    const svg = document.querySelector("svg");
    return rows.map(([words, , weight]) => {
        const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
        text.setAttribute("style", `font: ${weight} 11px ${font}`);
        text.textContent = words;
        svg.appendChild(text);
        const width = text.getComputedTextLength();
        text.remove();
        return width;
    });
}"""


def test_no_words_are_wider_than_the_room_they_were_cut_for() -> None:
    from playwright.sync_api import sync_playwright

    rows = [
        (cut(name, room, 11, bold=weight == 600), room, weight)
        for name in NAMES
        for room in range(8, 170, 9)
        for weight in (400, 600)
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<svg></svg>")
        for font in FONTS:
            widths = page.evaluate(MEASURE, [rows, font])
            if sum(widths) < 1000:
                pytest.skip("the browser has no fonts")
            assert [(font, *row) for row, width in zip(rows, widths, strict=True) if width > row[1]] == []
        browser.close()
