"""The desk and what the pages show of it. Nothing here decides anything: it asks, and puts answers into words."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from examples.clinic import practice as example
from examples.clinic.settings import Settings
from oasys_sched import (
    Accepted,
    Actor,
    Appointment,
    AsyncDesk,
    Calendar,
    ChangeRequest,
    Client,
    Code,
    Diary,
    Mode,
    Money,
    Note,
    Quote,
    Refused,
    Schedule,
    Session,
    Slots,
    Span,
    diary_calendar,
)
from oasys_sched.aio.counter import AsyncCounter
from oasys_sched.calendar.entries import Entry
from oasys_sched.errors import InvalidValue, StaleWrite
from oasys_sched.ports import AsyncRepository, Commit, Query, Snapshot, Wanted
from oasys_sched.times import find_zone

MODE_NAMES = {Mode.TELEHEALTH: "Video call", Mode.IN_PERSON: "In person", Mode.PHONE: "Phone"}
SERVICE_NAMES = {service.id: service.name for service in example.SERVICES}
CLIENT_NAMES = {id: name for id, name, _ in example.CLIENTS}
DAYS_SHOWN = 7
# What a refusal means to somebody on the web; anything else is a request that cannot be right.
HTTP = {
    Code.NOT_FOUND: 404,
    Code.FORBIDDEN: 403,
    Code.SLOT_UNAVAILABLE: 409,
    Code.CONFLICT: 409,
    Code.CLIENT_DOUBLE_BOOKED: 409,
    Code.INVALID_TRANSITION: 409,
    Code.REQUEST_ALREADY_OPEN: 409,
    Code.STALE_REVISION: 409,
    Code.IDEMPOTENCY_MISMATCH: 409,
    Code.QUOTE_CHANGED: 409,
}


def status_of(refused: Refused) -> int:
    """Return the HTTP status of a refusal."""
    return HTTP.get(refused.code, 422)


def sentence(refused: Refused) -> str:
    """Return every reason as one line."""
    said = "; ".join(refusal.message for refusal in refused.refusals)
    return said[:1].upper() + said[1:] + "."


def as_shown(quote: Quote, *, late: bool, fee: str) -> Quote:
    """Return the quote as somebody saw it, for the library to hold the price to; `fee` as in '50.00 USD', or empty."""
    amount, _, currency = fee.partition(" ")
    return replace(quote, late=late, fee=Money.of(amount, currency) if fee else None)


def zone_of(name: str) -> ZoneInfo:
    """Return the visitor's zone, or the clinician's where the visitor's is unknown."""
    try:
        return find_zone(name or example.ZONE)
    except InvalidValue:
        return find_zone(example.ZONE)


def shown(when: datetime, zone: ZoneInfo) -> str:
    """Return a time in words."""
    return f"{when.astimezone(zone):%A %d %B %Y, %H:%M}"


def local_days(first: date, zone: ZoneInfo, days: int = DAYS_SHOWN) -> Span:
    """Return whole local days as a span."""
    ends = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, first + timedelta(days=days)))
    return Span(*ends)


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """The practice behind the pages."""

    settings: Settings
    repository: AsyncRepository
    desk: AsyncDesk

    @classmethod
    async def open(cls, settings: Settings, repository: AsyncRepository) -> Clinic:
        """Open the desk; store the example practice if it is not there yet."""
        desk = AsyncDesk(repository, clinician=example.CLINICIAN, clock=settings.clock)
        with suppress(StaleWrite):  # it was there already
            await repository.commit(
                Commit(practice=example.PRACTICE, changes=example.people(approval=settings.approval))
            )
        return cls(settings=settings, repository=repository, desk=desk)

    def acting_as(self, kind: str, id: str) -> AsyncCounter:
        """Return the desk's methods for whoever is signed in."""
        make = Actor.clinician if kind == "clinician" else Actor.client
        return self.desk.acting_as(make(id, practice=example.PRACTICE))

    def today(self, zone: ZoneInfo) -> date:
        """Return the visitor's date."""
        return self.desk.now().astimezone(zone).date()

    async def _load(self, *queries: Query) -> Snapshot:
        return await self.repository.load(Wanted(practice=example.PRACTICE, queries=queries))

    async def of_client(self, client: str) -> tuple[tuple[Appointment, ...], dict[str, ChangeRequest]]:
        """Return a client's appointments, and the open request about each."""
        found = await self._load(Query(kind="appointment", client=client), Query(kind="request", client=client))
        rows = sorted(found.all(Appointment), key=lambda row: (row.starts_at, row.id))
        return tuple(rows), _open(found.all(ChangeRequest))

    async def requests(self, clinician: str) -> dict[str, ChangeRequest]:
        """Return every open request to a clinician, by appointment."""
        return _open((await self._load(Query(kind="request", clinician=clinician))).all(ChangeRequest))

    async def pending(self, clinician: str) -> tuple[Appointment, ...]:
        """Return every booking that waits for the clinician, whenever it is."""
        query = Query(kind="appointment", clinician=clinician, statuses=("pending",))
        return tuple(sorted((await self._load(query)).all(Appointment), key=lambda row: (row.starts_at, row.id)))

    async def work(self, clinician: str) -> dict[str, tuple[Session, Note | None]]:
        """Return the session and the note of each appointment that has them."""
        found = await self._load(Query(kind="session", clinician=clinician), Query(kind="note", clinician=clinician))
        notes = {note.session: note for note in found.all(Note)}
        return {row.appointment: (row, notes.get(row.id)) for row in found.all(Session) if row.appointment}

    async def appointment(self, id: str) -> Appointment | None:
        """Return one appointment."""
        return (await self._load(Query(kind="appointment", ids=(id,)))).get(Appointment, id)

    async def clients(self) -> dict[str, str]:
        """Return the clients' names by id."""
        return {client.id: client.name for client in (await self._load(Query(kind="client"))).all(Client)}

    async def slots(
        self, counter: AsyncCounter, service: str, mode: str, first: date, zone: ZoneInfo
    ) -> list[tuple[str, list[datetime]]]:
        """Return free starts, a list for each local day that has any."""
        decision = await counter.slots(service=service, mode=mode, within=local_days(first, zone))
        return by_day(decision.value, zone) if isinstance(decision, Accepted) else []

    async def open_hours(self, clinician: str, within: Span) -> tuple[Span, ...]:
        """Return the clinician's working hours."""
        found = (await self._load(Query(kind="schedule", clinician=clinician))).one(Schedule, clinician)
        return diary_calendar(Diary(hours=found.hours, overrides=found.overrides), within).open

    def calendar(
        self,
        hours: tuple[Span, ...],
        rows: tuple[Appointment, ...],
        requests: Iterable[ChangeRequest],
        names: dict[str, str],
    ) -> Calendar:
        """Return what the clinician's week shows: appointments, and times held for an answer."""
        holds = tuple(
            Entry.hold(f"{request.id}-{number}", span, client=request.client, client_name=names.get(request.client, ""))
            for request in requests
            for number, span in enumerate(request.holds)
        )
        return Calendar(
            open=hours,
            zone=example.ZONE,
            appointments=rows,
            others=holds,
            client_names=names,
            service_names=SERVICE_NAMES,
            now=self.desk.now(),
        )


def by_day(slots: Slots, zone: ZoneInfo) -> list[tuple[str, list[datetime]]]:
    """Group starts by the visitor's own days."""
    days: dict[str, list[datetime]] = {}
    for slot in slots.in_zone(zone.key):
        days.setdefault(f"{slot.starts_at:%A %d %B}", []).append(slot.starts_at)
    return list(days.items())


def _open(requests: Iterable[ChangeRequest]) -> dict[str, ChangeRequest]:
    return {request.appointment: request for request in requests if request.is_open}
