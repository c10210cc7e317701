"""Remains cases, their items, and the individuals that are reconstructed from items.

Which items belong to an individual is itself evidence (`Association`): it has a basis, a statistic, a
proposer and another person who decides, and can be undone.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.anthropology import Side
from forensics.domain.records import Record, indexed, link


class Description(StrEnum):
    """How a delivery is described on receipt."""

    COMPLETE_BODY = "complete body"
    INCOMPLETE_BODY = "incomplete body"
    BODY_PART = "body part"
    SKELETAL = "skeletal remains"
    CREMAINS = "cremains"
    COMMINGLED = "commingled remains"


class ItemKind(StrEnum):
    """What a remains item physically is."""

    BODY = "body"
    BONE = "bone"
    TOOTH = "tooth"
    TISSUE = "tissue"
    HAIR = "hair"
    CREMAINS = "cremains"
    FRAGMENTS = "lot of fragments"


class ItemState(StrEnum):
    """Where the examination of an item stands."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    UNDER_EXAMINATION = "under examination"
    INVENTORIED = "inventoried"
    REVIEWED = "reviewed"
    SAMPLED = "sampled"
    IN_COMPARISON = "in comparison"
    PRESUMPTIVE = "presumptive"
    ASSOCIATED = "associated"
    IDENTIFIED = "identified"
    NON_HUMAN = "non-human"
    ARCHAEOLOGICAL = "archaeological"
    NOT_OF_INTEREST = "not of interest"
    INSUFFICIENT = "insufficient"
    DISCREPANT = "discrepant"


class CustodyState(StrEnum):
    """Where a physical thing is; goes on after release."""

    IN_STORAGE = "in storage"
    CHECKED_OUT = "checked out"
    IN_TRANSIT = "in transit"
    ELSEWHERE = "at another laboratory"
    RELEASED = "released to family"
    INTERRED = "interred unidentified"
    DESTROYED = "destroyed"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Thing(Record):
    """What lies somewhere: an item or a sample; `holder` has it while it is checked out.

    Two people authorise a destruction, whoever then carries it out.
    """

    custody: CustodyState = indexed(default=CustodyState.IN_STORAGE)
    place: UUID | None = link("storage_location", default=None)
    position: str = ""
    holder: UUID | None = link("person", default=None)
    destruction_first: UUID | None = link("person", default=None, indexed=True)
    destruction_second: UUID | None = link("person", default=None)


@dataclass(frozen=True, kw_only=True)
class RemainsCase(Record):
    """An accession: what was delivered, by whom, under which order, in which condition."""

    operation: UUID = link("operation")
    delivery: UUID | None = link("delivery", default=None)
    site: UUID | None = link("site", default=None)
    received_at: datetime
    received_from: str
    received_by: UUID = link("person")
    authority: str = ""
    order_reference: str = ""
    seals: str = ""
    seals_intact: bool | None = None
    pieces_stated: int | None = None  # on the paper
    description: Description
    condition: str = ""
    external_number: str = indexed(default="")
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Individual(Record):
    """An unknown person reconstructed from items."""

    operation: UUID = link("operation")
    label: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RemainsItem(Thing):
    """A physical thing: a bone, a tooth, a body; element as in the list of bones, mass in grams.

    `operation` is its case's; it is kept here too because every list asks for it. `held_state` is where its
    examination goes on when the discrepancies that freeze it are settled.
    """

    operation: UUID = link("operation")
    case: UUID = link("remains_case")
    parent: UUID | None = link("remains_item", default=None)
    individual: UUID | None = link("individual", default=None)
    kind: ItemKind
    element: str = ""
    side: Side = Side.UNSIDED
    completeness: str = ""
    preservation: str = ""
    mass_g: float | None = None
    count: int = 1
    state: ItemState = indexed(default=ItemState.REGISTERED)
    held_state: ItemState | None = None
    external_number: str = indexed(default="")
    note: str = ""


class Basis(StrEnum):
    """What an association of items rests on."""

    DNA = "DNA"
    ARTICULATION = "articulation"
    PAIR = "pair match"
    REFIT = "refit"
    MORPHOLOGY = "morphology"
    CONTEXT = "context"
    OSTEOMETRIC = "osteometric"


class AssociationState(StrEnum):
    """Whether an association stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDONE = "undone"


@dataclass(frozen=True, kw_only=True)
class Association(Record):
    """Two items belong to one individual; the statistic is a log10 LR where the basis is DNA."""

    first: UUID = link("remains_item")
    second: UUID = link("remains_item")
    basis: Basis
    statistic: float | None = None
    explanation: str = ""
    state: AssociationState = indexed(default=AssociationState.PROPOSED)
    proposed_by: UUID = link("person")
    decided_by: UUID | None = link("person", default=None)
    decision: str = ""
