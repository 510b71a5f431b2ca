"""Small HTML tables for notebooks and pages; everything from outside is escaped."""

from __future__ import annotations

from typing import Final

from oasys_sched.calendar.colours import STATUS_COLORS
from oasys_sched.calendar.listing import Listing
from oasys_sched.markup import escape, html_table
from oasys_sched.times import find_zone

__all__ = ["FLAGS", "listing_table"]

# What else there is to say about an entry.
FLAGS: Final = (("awaiting_approval", "awaiting approval"), ("needs_outcome", "needs an outcome"), ("late", "late"))


def listing_table(listing: Listing) -> str:
    """Return one page of the list as an HTML table, coloured by status (A13)."""
    zone = find_zone(listing.zone)
    rows = []
    for entry in listing.entries:
        status = ""
        if entry.status is not None:
            color = STATUS_COLORS[entry.status]
            chip = f"background:{color.background};color:{color.ink};padding:0 .5em;border-radius:.3em"
            status = f'<span style="{chip}">{color.sign} {entry.status.replace("_", " ")}</span>'
        flags = ", ".join(said for flag, said in FLAGS if getattr(entry, flag))
        start = entry.starts_at.astimezone(zone)
        cells = (f"{start:%a %d %b %Y %H:%M}", entry.label, entry.service_name, entry.mode or "")
        rows.append((*(escape(cell) for cell in cells), f"{status} {flags}".strip()))
    of = f"page {listing.page} of {listing.pages}, {listing.total} in all, times in {escape(listing.zone)}"
    return html_table(("start", "who or what", "service", "mode", "status"), rows, of)
