"""Identification: a decision that links remains to a missing person, taken by three people."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.facts import Category
from forensics.domain.records import Record, indexed, link


class IdentificationState(StrEnum):
    """From the proposal to the family and the grave."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    NOTIFIED = "family notified"
    PARTLY_HANDED_OVER = "partly handed over"
    HANDED_OVER = "handed over"
    CLOSED = "closed"
    ANNULLED = "annulled"

    @property
    def stands(self) -> bool:
        """Whether it is decided that the remains are the missing person."""
        undecided = (IdentificationState.PROPOSED, IdentificationState.REJECTED, IdentificationState.ANNULLED)
        return self not in undecided


@dataclass(frozen=True, kw_only=True)
class GridLine:
    """One aspect of the comparison; `verdict` is a value of `domain.consistency.Consistency`."""

    aspect: str
    remains: str
    ante_mortem: str
    verdict: str
    explanation: str = ""


@dataclass(frozen=True, kw_only=True)
class Identification(Record):
    """Proposer, reviewer (of the hypothesis) and confirmer are three people."""

    operation: UUID = link("operation")
    hypothesis: UUID = link("hypothesis")
    item: UUID = link("remains_item")
    individual: UUID | None = link("individual", default=None)
    missing_person: UUID = link("missing_person")
    category: Category = Category.IDENTIFIED
    grid: tuple[GridLine, ...] = ()
    state: IdentificationState = indexed(default=IdentificationState.PROPOSED)
    proposed_by: UUID = link("person")
    proposal: str = ""
    reviewed_by: UUID = link("person")
    confirmed_by: UUID | None = link("person", default=None)
    confirmed_at: datetime | None = None
    decision: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Notification(Record):
    """The conversation with the family: who was there, what was said and left."""

    identification: UUID = link("identification")
    on: date
    by: UUID = link("person")
    present: str
    shown: str = ""
    questions: str = ""
    next_contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Handover(Record):
    """The return of remains: what, to whom, with which documents, where they will rest."""

    identification: UUID = link("identification")
    at: datetime
    by: UUID = link("person")
    receiver: str
    receiver_document: str = ""
    inventory: tuple[str, ...]
    complete: bool
    documents: str = ""
    burial_place: str = ""
    latitude: float | None = None
    longitude: float | None = None
