"""The clinical note of a session: a draft with revisions, then a permanent record with addenda."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import ClassVar, final

from oasys_sched.aggregates import ALL_TIME, Index, Occupancy
from oasys_sched.errors import InvalidValue
from oasys_sched.formats import require_format
from oasys_sched.ids import require_id
from oasys_sched.sessions.sensitive import Sensitive
from oasys_sched.sessions.table import NoteStatus
from oasys_sched.times import as_utc

__all__ = [
    "Addendum",
    "AddendumStatus",
    "Attachment",
    "Meaning",
    "Note",
    "NoteKind",
    "Passage",
    "Signature",
]


@unique
class NoteKind(StrEnum):
    """Psychotherapy notes are kept apart: nobody but the author reads them (45 CFR 164.501)."""

    PROGRESS = "progress"
    PSYCHOTHERAPY = "psychotherapy"


@unique
class Meaning(StrEnum):
    """What a signature stands for (21 CFR 11.50)."""

    AUTHORSHIP = "authorship"
    APPROVAL = "approval"
    ADDENDUM = "addendum"


@unique
class AddendumStatus(StrEnum):
    """An addendum is a draft, in review under the supervisor rule, or signed for good (B7)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The text of one section."""

    section: str
    text: Sensitive[str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a note: its generated name, what its bytes are, and their SHA-256. The app keeps the bytes."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    width: int | None = None
    height: int | None = None
    added_at: datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signed what, when and in which sense. `seal` covers all of it and the seal before (21 CFR 11.70).

    `late` flags a signature given after the note was due (B17).
    """

    signer: str
    name: str = field(repr=False)
    meaning: Meaning
    at: datetime
    digest: str
    late: bool = False
    seal: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """A later addition to a locked note. Signed ones are append-only; the note's own digest never changes."""

    id: str
    author: str
    written_at: datetime
    text: Sensitive[str]
    status: AddendumStatus = AddendumStatus.DRAFT
    comment: Sensitive[str] | None = None
    signatures: tuple[Signature, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note of one session. `nonce` keeps its digest from being guessed from a short text.

    `digest` is what was signed; `signatures` are the author's and, under supervision, the approval. `pending` is the
    one addendum not yet signed.
    """

    kind: ClassVar[str] = "note"

    practice: str
    id: str
    revision: int = 0
    session: str
    clinician: str
    client: str
    purpose: NoteKind = NoteKind.PROGRESS
    nonce: str = field(repr=False)
    format: str = "progress"
    body: tuple[Passage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    status: NoteStatus = NoteStatus.DRAFT
    created_at: datetime
    saved_at: datetime
    comment: Sensitive[str] | None = None
    digest: str | None = None
    signatures: tuple[Signature, ...] = ()
    locked_at: datetime | None = None
    addenda: tuple[Addendum, ...] = ()
    pending: Addendum | None = None

    def __post_init__(self) -> None:
        for name in ("practice", "id", "session", "clinician", "client"):
            require_id(getattr(self, name), name)
        require_format(self.format, "format")
        try:
            object.__setattr__(self, "purpose", NoteKind(self.purpose))
        except ValueError:
            raise InvalidValue("give progress or psychotherapy", field="purpose") from None
        if not isinstance(self.nonce, str) or len(self.nonce) < 16:
            raise InvalidValue("give at least 16 random characters, so that no digest can be guessed", field="nonce")
        for name in ("created_at", "saved_at"):
            object.__setattr__(self, name, as_utc(getattr(self, name), name))

    @property
    def empty(self) -> bool:
        """Whether there is neither text nor an attachment."""
        return not self.attachments and all(not row.text.reveal().strip() for row in self.body)

    @property
    def late_entry(self) -> bool:
        """Whether the author signed it later than it was due (B17)."""
        return bool(self.signatures) and self.signatures[0].late

    @property
    def locked(self) -> bool:
        """Whether it is a permanent record."""
        return self.status is NoteStatus.LOCKED

    def section(self, name: str) -> Sensitive[str]:
        """Return the text of one section, empty when nothing is written there."""
        return next((row.text for row in self.body if row.section == name), Sensitive(""))

    @property
    def index(self) -> Index:
        """Found by author as clinician, client, session as parent and status."""
        return Index(clinician=self.clinician, client=self.client, parent=self.session, status=self.status)

    @property
    def occupancies(self) -> tuple[Occupancy, ...]:
        """One note of each kind a session (S50)."""
        return (Occupancy(resource=f"note:{self.purpose}:{self.session}", span=ALL_TIME),)
