"""Clients, clinicians, the practice: what the rules need to know of them, and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import ClassVar, final

from oasys_sched.aggregates import Index, Occupancy
from oasys_sched.errors import InvalidPolicy
from oasys_sched.fees.payers import NO_FEE_RULES, FeeRules
from oasys_sched.formats import require_format
from oasys_sched.ids import require_id
from oasys_sched.times import find_zone

__all__ = ["BillingType", "Client", "ClientStatus", "Clinician", "ClinicianStatus", "Location", "Practice"]


@unique
class BillingType(StrEnum):
    """Who pays, chosen when a client is added (O1, S107)."""

    CASH_PAY = "cash_pay"
    INSURANCE = "insurance"
    NOT_BILLED = "not_billed"


@unique
class ClientStatus(StrEnum):
    """A pending client can be scheduled but cannot book (O2); an archived one neither."""

    ACTIVE = "active"
    PENDING = "pending"
    ARCHIVED = "archived"


@unique
class ClinicianStatus(StrEnum):
    """Only an active clinician appears in scheduling (O7)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ON_HOLD = "on_hold"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client of the practice. Contact data and names never appear in `repr`.

    `clinicians` is the caseload this client is on, the primary one first (S2); `guardian` gets every notice (O3).
    """

    kind: ClassVar[str] = "client"

    practice: str
    id: str
    revision: int = 0
    name: str = field(default="", repr=False)
    status: ClientStatus = ClientStatus.ACTIVE
    billing_type: BillingType = BillingType.CASH_PAY
    clinicians: tuple[str, ...] = ()
    guardian: str | None = None
    zone: str | None = None
    email: str | None = field(default=None, repr=False)
    guardian_email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    reminders_opted_out: tuple[str, ...] = ()
    reminder_consent: tuple[str, ...] = ("email",)
    has_payment_method: bool = False
    payer: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        require_id(self.practice, "practice")
        require_id(self.id, "id")
        if self.zone is not None:
            find_zone(self.zone)

    @property
    def contact(self) -> str | None:
        """The address every notice goes to: the guardian's for a child account (O3)."""
        return self.guardian_email if self.guardian is not None else self.email

    @property
    def index(self) -> Index:
        """Found by the primary clinician, by status, and by guardian as parent."""
        return Index(
            clinician=self.clinicians[0] if self.clinicians else None,
            client=self.id,
            parent=self.guardian,
            status=self.status,
        )

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """A clinician, the zone of the schedule, and who supervises the notes (S59, O7)."""

    kind: ClassVar[str] = "clinician"

    practice: str
    id: str
    revision: int = 0
    name: str = field(default="", repr=False)
    zone: str
    status: ClinicianStatus = ClinicianStatus.ACTIVE
    supervisor: str | None = None
    email: str | None = field(default=None, repr=False)
    jurisdictions: tuple[str, ...] = ()
    note_format: str = "progress"
    billing_modifier: str | None = None

    def __post_init__(self) -> None:
        require_id(self.practice, "practice")
        require_id(self.id, "id")
        find_zone(self.zone)
        require_format(self.note_format, "note_format")

    @property
    def index(self) -> Index:
        """Found by own id, by status, and by supervisor as parent."""
        return Index(clinician=self.id, parent=self.supervisor, status=self.status)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place of the practice, with the clinicians who work there; nobody named means everybody (O6)."""

    id: str
    name: str = ""
    clinicians: tuple[str, ...] = ()
    default: bool = False

    def __post_init__(self) -> None:
        require_id(self.id, "id")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """The practice itself: its locations, the rules of payers (B6), and the word it uses for whom it serves (O6)."""

    kind: ClassVar[str] = "practice"

    id: str
    revision: int = 0
    name: str = ""
    locations: tuple[Location, ...] = ()
    terminology: str = "clients"
    fee_rules: FeeRules = NO_FEE_RULES

    def __post_init__(self) -> None:
        require_id(self.id, "id")
        if len({place.id for place in self.locations}) != len(self.locations):
            raise InvalidPolicy("one entry per location", field="locations")
        if sum(place.default for place in self.locations) > 1:
            raise InvalidPolicy("one default location", field="locations")

    @property
    def practice(self) -> str:
        """Its own id."""
        return self.id

    @property
    def index(self) -> Index:
        """Found by id alone."""
        return Index()

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """Nothing."""
        return ()
