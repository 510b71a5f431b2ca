"""What `Notifier` promises: a row is handed over, or an error says so; hostile text changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import SkipTest

from oasys_sched.notices import NOTICES
from oasys_sched.ports import Notifier
from oasys_sched.testing.conformance.flags import asked
from oasys_sched.testing.rows import NOW, message

__all__ = ["NotifierConformance"]

# Every message there is, and one that only a later version knows.
_TEMPLATES = (*sorted({row.template for rows in NOTICES.values() for row in rows}), "reminder", "one_of_tomorrow")
_HOSTILE = "x\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script> {{ 7 * 7 }} \u2028 \u0007"
_FIELDS = ("location", "video_link", "video_links", "mode", "reason")


class NotifierConformance:
    """Give it a fixture `notifier`, and say in `delivered` which rows arrived where it can be seen (ids, in order).

    `break_down` makes the transport fail. Both are functions of the notifier, or methods of the suite that take it.
    What cannot be proven without them is skipped; a notifier that does nothing would pass it.
    """

    delivered: Callable[..., Any] | None = None
    break_down: Callable[..., Any] | None = None

    def _arrived(self, notifier: Notifier) -> list[str]:
        if self.delivered is None:
            raise SkipTest("nothing was raised; say in `delivered` how to see which rows arrived")
        return list(asked(self, "delivered", notifier))

    def test_every_template_is_delivered(self, notifier: Notifier) -> None:
        for number, template in enumerate(_TEMPLATES):
            starts = (NOW + timedelta(days=1)).isoformat()
            fields = {"starts_at": starts, "old_starts_at": starts, "times": [starts], "mode": "telehealth"}
            notifier.deliver(message(f"m{number}", template=template, fields=fields))
        assert self._arrived(notifier) == [f"m{n}" for n in range(len(_TEMPLATES))]

    def test_a_row_without_fields_is_delivered(self, notifier: Notifier) -> None:
        notifier.deliver(message("bare", template="booking_declined"))
        assert self._arrived(notifier) == ["bare"]

    def test_hostile_fields_are_delivered_or_refused(self, notifier: Notifier) -> None:
        acknowledged = []
        for name in _FIELDS:
            row = message(f"hostile-{name}", fields={"starts_at": NOW.isoformat(), name: _HOSTILE})
            try:
                notifier.deliver(row)
                acknowledged.append(row.id)
            except Exception as error:  # noqa: BLE001 - raising anything means it was not handed over
                assert "eve@" not in str(error), "an error quotes a field"
        assert self._arrived(notifier) == acknowledged

    def test_a_failing_transport_is_told(self, notifier: Notifier) -> None:
        if self.break_down is None:
            raise SkipTest("say in `break_down` how to make the transport fail")
        asked(self, "break_down", notifier)
        try:
            notifier.deliver(message("lost", fields={"location": "marker"}))
        except Exception as error:  # noqa: BLE001 - raising anything means it was not handed over
            assert "marker" not in str(error), "an error quotes a field"
        else:
            raise AssertionError("it says that it delivered, and did not")
