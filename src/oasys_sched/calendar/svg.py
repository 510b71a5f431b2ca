"""The few pieces of SVG that the pictures are made of. Everything from outside is escaped."""

from __future__ import annotations

from typing import Final

from oasys_sched.calendar.colours import PALETTE, STATUS_COLORS
from oasys_sched.markup import escape

__all__ = ["clipped", "document", "hatch", "line", "number", "rect", "text"]

# Light by default; dark where the reader's system is; paper is always light.
_LIGHT: Final = (
    "--paper:#ffffff;--ink:#1d2433;--soft:#5b6475;--line:#d9dee7;--open:#ffffff;--shut:#edf0f4;--hatch:#c3c9d4;"
    "--mark:#b42318;--free:#e9f6ef"
)
_DARK: Final = (
    "--paper:#12161f;--ink:#e8ecf4;--soft:#a3adbf;--line:#3a4557;--open:#1f2836;--shut:#0c0f15;--hatch:#465063;"
    "--mark:#ff8a7a;--free:#163326"
)
_FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


def _stylesheet() -> str:
    chips = "".join(f".os-{c.token}{{fill:{c.background}}}.os-t-{c.token}{{fill:{c.ink}}}" for c in PALETTE)
    status = "".join(f".os-{c.token}{{fill:{c.background}}}" for c in STATUS_COLORS.values())
    return (
        f".os{{{_LIGHT};font:12px {_FONT};-webkit-print-color-adjust:exact;print-color-adjust:exact}}"
        f"@media(prefers-color-scheme:dark){{.os{{{_DARK}}}}}"
        f"@media print{{.os{{{_LIGHT}}}}}"
        ".os-paper{fill:var(--paper)}.os-open{fill:var(--open)}.os-shut{fill:var(--shut)}"
        ".os-hatch{fill:none;stroke:var(--hatch);stroke-width:1}.os-line{stroke:var(--line);stroke-width:1}"
        ".os-strong{stroke:var(--soft);stroke-width:1.5}.os-mark{stroke:var(--mark);stroke-width:2}"
        ".os-ink{fill:var(--ink)}.os-soft{fill:var(--soft)}.os-warn{fill:var(--mark)}"
        ".os-edge{stroke:var(--paper);stroke-width:1}.os-b{font-weight:600}.os-s{font-size:11px}.os-xs{font-size:10px}"
        ".os-plain{fill:var(--paper);stroke:var(--soft);stroke-width:1}.os-dash{stroke-dasharray:4 3}"
        ".os-slot{fill:var(--free);stroke:#1b8a5a;stroke-width:1}.os-end{text-anchor:end}.os-mid{text-anchor:middle}.os-struck{text-decoration:line-through}"
        f"{chips}{status}"
    )


def number(value: float) -> str:
    """Return a coordinate, at most one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def rect(x: float, y: float, width: float, height: float, css: str, radius: float = 0) -> str:
    """A box."""
    rounded = f' rx="{number(radius)}"' if radius else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"{rounded}'
        f' class="{css}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, css: str = "os-line") -> str:
    """A straight line."""
    return f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" class="{css}"/>'


def text(x: float, y: float, value: str, css: str = "os-ink") -> str:
    """One line of text, its baseline at `y`."""
    return f'<text x="{number(x)}" y="{number(y)}" class="{css}">{escape(value)}</text>'


def hatch(x: float, y: float, width: float, height: float) -> str:
    """A box of slanting lines: time that does not exist."""
    step, path = 8.0, []
    offset = step
    while offset < width + height:
        x1, y1 = (x + offset, y) if offset <= width else (x + width, y + offset - width)
        x2, y2 = (x, y + offset) if offset <= height else (x + offset - height, y + height)
        path.append(f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}")
        offset += step
    return f'<path d="{"".join(path)}" class="os-hatch"/>'


def clipped(x: float, y: float, width: float, height: float, body: str) -> str:
    """Draw in a box of its own, from its corner; what does not fit is cut off."""
    return (
        f'<svg x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        f' overflow="hidden">{body}</svg>'
    )


def document(width: float, height: float, title: str, body: str, description: str = "") -> str:
    """A whole picture: scales to its place, light and dark, with a title for those who hear it."""
    about = f"<desc>{escape(description)}</desc>" if description else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}"'
        f' width="{number(width)}" height="{number(height)}" class="os" role="img" aria-label="{escape(title)}"'
        f' style="max-width:100%;height:auto"><title>{escape(title)}</title>{about}'
        f"<style>{_stylesheet()}</style>{rect(0, 0, width, height, 'os-paper')}{body}</svg>\n"
    )
