"""One outbox row as one mail: words, invite, and headers nobody can add to (S7, S30, S32, B20; RFC 6047).

The row's `fields` that are read, all optional: `starts_at`, `old_starts_at` (instants), `times` (instants), `mode`,
`location`, `video_link`, of a series `video_links` (pairs of an instant and a link), and `invite`, a mapping that makes
the mail carry a calendar invite:

- `id`: whose entry it is, the appointment's or the series' id (the row's aggregate when absent); `sequence`;
- `method`: `REQUEST`, `CANCEL` or `DECLINECOUNTER`; `tentative`; `minutes` of duration; `zone` of the clinician;
- of a series `rule` (RFC 5545), `excluded` (wall-clock times); of one occurrence `recurrence_id`, `onwards`;
- `starts_at`, when it is not the row's own; `split_from`, the id of the series this one continues; `summary`;
- `occurrences`, mappings with what differs for single ones: `recurrence_id`, `starts_at`, `sequence`, `minutes`.

`also` is a list of further invites, sent along as attachments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from oasys_sched.adapters.mail_templates import MailText, instant_of
from oasys_sched.adapters.mailbox import Contact, Mailbox
from oasys_sched.adapters.uids import invite_uid
from oasys_sched.errors import InvalidValue
from oasys_sched.ports import OutboxRow

if TYPE_CHECKING:
    from oasys_sched.adapters.ical import Invite

__all__ = ["compose", "invites_of", "message_id"]


_MOST_MESSAGES: Final = 10


def message_id(row: OutboxRow, sender: Mailbox) -> str:
    """Return the Message-ID of a row: the same at each attempt, so that a receiver can drop a second copy."""
    digest = sha256(f"{row.practice}\0{row.id}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.address.rpartition('@')[2]}>"


def compose(
    row: OutboxRow,
    text: MailText,
    contact: Contact,
    sender: Mailbox,
    *,
    now: datetime,
    invites: Sequence[Sequence[Invite]] = (),
) -> EmailMessage:
    """Return the mail of one row; only its Date differs between attempts.

    The first message of `invites` is what the mail is; others follow as attachments.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _mail_address(sender)
    message["To"] = _mail_address(contact.mailbox)
    message["Subject"] = text.subject
    message["Date"] = now
    message["Message-ID"] = message_id(row, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.text, cte="quoted-printable")
    message.add_alternative(text.html, subtype="html", cte="quoted-printable")
    for number, invite in enumerate(invites):
        from oasys_sched.adapters.ical import render_invite

        calendar = render_invite(*invite).decode()
        kind = {"method": invite[0].method.value, "component": "VEVENT"}
        if number:
            name = f"invite-{number}.ics"
            message.add_attachment(calendar, subtype="calendar", cte="base64", params=kind, filename=name)
        else:
            message.add_alternative(calendar, subtype="calendar", cte="base64", params=kind)
    return message


def _mail_address(mailbox: Mailbox) -> Address:
    return Address(display_name=mailbox.name, addr_spec=mailbox.address)


def invites_of(row: OutboxRow, contact: Contact, sender: Mailbox) -> tuple[tuple[Invite, ...], ...]:
    """Return the calendar messages a row carries, each as the events in it.

    Raises:
        InvalidValue: naming the field of `invite` or `also` that is not what its name promises.
    """
    also = row.fields.get("also") or ()
    if not isinstance(also, list | tuple) or len(also) > _MOST_MESSAGES:
        raise InvalidValue(f"expected up to {_MOST_MESSAGES} invites", field="also")
    given = [("invite", row.fields.get("invite")), *(("also", one) for one in also)]
    return tuple(_message(one, row, contact, sender, field) for field, one in given if one is not None)


def _message(given: object, row: OutboxRow, contact: Contact, sender: Mailbox, field: str) -> tuple[Invite, ...]:
    if not isinstance(given, Mapping):
        raise InvalidValue("expected a mapping", field=field)
    try:
        plain = {name: value for name, value in given.items() if name != "occurrences"}
        occurrences = [{**plain, "rule": None, "excluded": (), **one} for one in given.get("occurrences", ())]
        own = [plain] if given.get("rule") is not None or not occurrences else []
        return tuple(_invite(one, row, contact, sender) for one in (*own, *occurrences))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        inner = error.field if isinstance(error, InvalidValue) else None
        raise InvalidValue("not an invite", field=f"{field}.{inner}" if inner else field) from None


def _invite(given: Mapping[str, Any], row: OutboxRow, contact: Contact, sender: Mailbox) -> Invite:
    from oasys_sched.adapters.ical import Invite, InviteMethod

    split_from = given.get("split_from")
    return Invite(
        method=InviteMethod(str(given.get("method", "REQUEST"))),
        uid=invite_uid(row.practice, str(given.get("id", row.aggregate.id))),
        sequence=given.get("sequence", 0),
        starts_at=instant_of(given.get("starts_at", row.fields.get("starts_at")), "starts_at"),
        duration=timedelta(minutes=given["minutes"]),
        zone=str(given["zone"]),
        stamped_at=row.due,
        organizer=sender,
        attendee=contact.mailbox,
        tentative=given.get("tentative") is True,
        summary=str(given.get("summary", "Appointment")),
        location=str(row.fields.get("location") or ""),
        link=_text(row.fields.get("video_link")),
        rule=_text(given.get("rule")),
        excluded=tuple(_wall(value) for value in given.get("excluded", ())),
        recurrence_id=_wall(given["recurrence_id"]) if given.get("recurrence_id") is not None else None,
        onwards=given.get("onwards") is True,
        split_from=None if split_from is None else invite_uid(row.practice, str(split_from)),
    )


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def _wall(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
