"""Custody: where a thing is, who held it, and what was done with its seals; also storage places."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, indexed, link


class CustodyKind(StrEnum):
    """What happened to the thing."""

    RECEIVE = "received"
    MOVE = "moved"
    TRANSFER = "transferred"
    SEND = "sent"
    ACCEPT = "accepted"
    SAMPLE = "sampled"
    OPEN_SEAL = "seal opened"
    RESEAL = "sealed again"
    RELEASE = "released"
    INTER = "interred"
    EXHUME = "exhumed"
    DESTROY = "destroyed"
    COUNT_CONFIRMED = "count confirmed"
    COUNT_MISSING = "count: missing"


@dataclass(frozen=True, kw_only=True)
class StorageLocation(Record):
    """A node of building → room → unit → shelf → box → position."""

    name: str
    parent: UUID | None = link("storage_location", default=None)
    capacity: int | None = None


@dataclass(frozen=True, kw_only=True)
class CustodyEvent(Record):
    """One leg of custody of an item or a sample; parties are people of ours or named outsiders."""

    kind: CustodyKind
    at: datetime
    item: UUID | None = link("remains_item", default=None)
    sample: UUID | None = link("sample", default=None)
    from_person: UUID | None = link("person", default=None)
    to_person: UUID | None = link("person", default=None)
    from_party: str = ""
    to_party: str = ""
    place: UUID | None = link("storage_location", default=None)
    place_text: str = ""
    seal_before: str = ""
    seal_after: str = ""
    condition: str = ""
    note: str = indexed(default="")
