"""Custody: where a thing is, who held it, and what was done with its seals; storage places; what was sent out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.records import Record, indexed, link

LARGEST_GRID = 26  # rows are letters; no box has more columns either


class CustodyKind(StrEnum):
    """What happened to the thing."""

    RECEIVE = "received"
    MOVE = "moved"
    TRANSFER = "handed over"
    SEND = "sent"
    ACCEPT = "accepted elsewhere"
    RETURN = "returned"
    SAMPLE = "sampled"
    OPEN_SEAL = "seal opened"
    RESEAL = "sealed again"
    RELEASE = "released"
    INTER = "interred"
    EXHUME = "exhumed"
    AUTHORISE_DESTRUCTION = "destruction authorised"
    DESTROY = "destroyed"
    COUNT_CONFIRMED = "confirmed at stock-take"
    COUNT_MISSING = "missing at stock-take"
    LOCATED = "located"


class PlaceKind(StrEnum):
    """What a storage place is, from the largest to the smallest."""

    BUILDING = "building"
    ROOM = "room"
    UNIT = "unit"  # a freezer, a refrigerator, a cupboard
    SHELF = "shelf"
    BOX = "box"


@dataclass(frozen=True, kw_only=True)
class StorageLocation(Record):
    """A node of building → room → unit → shelf → box; a box with rows and columns has positions `A1`, `A2`…

    `capacity` counts what is right there, things and places; a box with positions holds one thing in each.
    """

    name: str
    parent: UUID | None = link("storage_location", default=None)
    kind: PlaceKind = PlaceKind.SHELF
    capacity: int | None = None
    rows: int | None = None
    columns: int | None = None

    @property
    def positions(self) -> tuple[str, ...]:
        """Row by row; none where the place has no grid."""
        return positions(self.rows or 0, self.columns or 0)

    @property
    def room(self) -> int | None:
        """How many things it may hold; None: no limit was set."""
        return len(self.positions) or self.capacity


def positions(rows: int, columns: int) -> tuple[str, ...]:
    """`A1` to the last of a grid, row by row; rows are letters, columns numbers."""
    if not (0 <= rows <= LARGEST_GRID and 0 <= columns <= LARGEST_GRID):
        raise Invalid(f"A box has at most {LARGEST_GRID} rows and {LARGEST_GRID} columns.")
    return tuple(f"{chr(ord('A') + r)}{c + 1}" for r in range(rows) for c in range(columns))


class ConsignmentKind(StrEnum):
    """Why things were sent out."""

    ANALYSIS = "analysis elsewhere"
    LOAN = "loan"
    TRANSFER = "transfer for good"


class ConsignmentState(StrEnum):
    """How far a consignment has come."""

    IN_TRANSIT = "in transit"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CLOSED = "closed"  # what was sent for good has arrived


@dataclass(frozen=True, kw_only=True)
class Consignment(Record):
    """Things sent to another laboratory or institution together, with the seal they travel under."""

    kind: ConsignmentKind
    to_party: str
    purpose: str
    sent_by: UUID = link("person")
    sent_at: datetime
    carrier: str = ""
    seal: str = ""
    due: date | None = None
    state: ConsignmentState = indexed(default=ConsignmentState.IN_TRANSIT)
    accepted_at: datetime | None = None
    accepted_by: str = ""  # the person of the other institution
    seal_found: str = ""
    returned_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CustodyEvent(Record):
    """One leg of custody of an item or a sample; parties are people of ours or named outsiders.

    Latitude and longitude in degrees (WGS 84), where the thing was laid down outside the laboratory.
    """

    kind: CustodyKind
    at: datetime
    item: UUID | None = link("remains_item", default=None)
    sample: UUID | None = link("sample", default=None)
    from_person: UUID | None = link("person", default=None)
    to_person: UUID | None = link("person", default=None)
    from_party: str = ""
    to_party: str = ""
    place: UUID | None = link("storage_location", default=None)
    position: str = ""
    place_text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    consignment: UUID | None = link("consignment", default=None)
    seal_before: str = ""
    seal_after: str = ""
    condition: str = ""
    note: str = indexed(default="")
