"""What `Notifier` promises: a row is handed over, or an error says so; hostile text changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from oasys_sched.errors import PortFailed
from oasys_sched.notices import NOTICES
from oasys_sched.ports import Notifier
from oasys_sched.testing.rows import NOW, message

__all__ = ["NotifierConformance"]

# Every message there is, and one that only a later version knows.
_TEMPLATES = (*sorted({row.template for rows in NOTICES.values() for row in rows}), "reminder", "one_of_tomorrow")
_HOSTILE = "x\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script> {{ 7 * 7 }} \u2028 \u0007"


class NotifierConformance:
    """Give it a fixture `notifier`, and say in `delivered` which rows arrived where it can be seen (ids, in order).

    `break_down(notifier)` makes the transport fail; leave it None if that cannot be done.
    """

    delivered: Callable[[Notifier], Sequence[str]] | None = None
    break_down: Callable[[Notifier], None] | None = None

    def test_every_template_is_delivered(self, notifier: Notifier) -> None:
        for number, template in enumerate(_TEMPLATES):
            starts = (NOW + timedelta(days=1)).isoformat()
            fields = {"starts_at": starts, "old_starts_at": starts, "times": [starts], "mode": "telehealth"}
            notifier.deliver(message(f"m{number}", template=template, fields=fields))
        if self.delivered is not None:
            assert list(type(self).delivered(notifier)) == [f"m{n}" for n in range(len(_TEMPLATES))]  # type: ignore[misc]

    def test_a_row_without_fields_is_delivered(self, notifier: Notifier) -> None:
        notifier.deliver(message("bare", template="booking_declined"))

    def test_hostile_fields_are_delivered_or_refused_by_type(self, notifier: Notifier) -> None:
        for name in ("location", "video_link", "video_links", "mode", "reason"):
            row = message(f"hostile-{name}", fields={"starts_at": NOW.isoformat(), name: _HOSTILE})
            try:
                notifier.deliver(row)
            except PortFailed as error:
                assert "eve@" not in str(error)

    def test_a_failing_transport_is_a_failing_port(self, notifier: Notifier) -> None:
        if self.break_down is None:
            return
        type(self).break_down(notifier)  # type: ignore[misc]
        try:
            notifier.deliver(message("lost", fields={"location": "marker"}))
        except PortFailed as error:
            assert "marker" not in str(error)
        else:
            raise AssertionError("it says that it delivered, and did not")
