"""Who a message goes to: a safe address, and how that person reads times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

from oasys_sched.adapters.safe_text import one_line, require_address
from oasys_sched.people import Client, Clinician
from oasys_sched.ports import OutboxRow, Query, Repository, Wanted
from oasys_sched.times import find_zone

__all__ = ["Contact", "Contacts", "Mailbox", "stored_contacts"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mail address with an optional name, both safe to stand in a header. Neither appears in `repr`.

    Raises:
        InvalidValue: naming `address`.
    """

    address: str = field(repr=False)
    name: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", require_address(self.address, "address"))
        object.__setattr__(self, "name", one_line(self.name, 100))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A recipient: the mailbox, the zone times are shown in, the language the words are in."""

    mailbox: Mailbox
    zone: str
    language: str = "en"

    def __post_init__(self) -> None:
        find_zone(self.zone)


Contacts = Callable[[OutboxRow], Contact | None]


def stored_contacts(repository: Repository, *, zone: str, language: str = "en") -> Contacts:
    """Return a look-up of recipients in a repository; a child's messages go to the guardian, all of them (O3).

    `zone` is for clients of whom none is known.
    """

    def find(row: OutboxRow) -> Contact | None:
        query = {
            "clinician": Query(kind="clinician", ids=(row.recipient,)),
            "supervisor": Query(kind="clinician", ids=(row.recipient,)),
            "guardian": Query(kind="client", parent=row.recipient),
        }.get(row.role, Query(kind="client", ids=(row.recipient,)))
        found = repository.load(Wanted(practice=row.practice, queries=(query,)))
        for person in found.all(Clinician):
            return _contact(person.email, person.zone)
        # A guardian is known by the children; any of them with an address will do.
        contacts = (_contact(client.contact, client.zone) for client in found.all(Client))
        return next((contact for contact in contacts if contact is not None), None)

    def _contact(address: str | None, own_zone: str | None) -> Contact | None:
        if address is None:
            return None
        return Contact(mailbox=Mailbox(address=address), zone=own_zone or zone, language=language)

    return find
