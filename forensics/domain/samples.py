"""Samples: what was cut from an item or given by a donor, known in the laboratory by a token alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import indexed, link, unique
from forensics.domain.remains import Thing


class SampleKind(StrEnum):
    """What a sample is made of."""

    BONE = "bone"
    TOOTH = "tooth"
    TISSUE = "tissue"
    BLOOD_CARD = "blood card"
    BUCCAL = "buccal swab"
    HAIR = "hair"
    OBJECT = "personal object"


class SampleState(StrEnum):
    """How far a sample has come."""

    PLANNED = "planned"
    AUTHORISED = "authorised"
    TAKEN = "taken"
    RECEIVED = "received"
    ACCESSIONED = "accessioned"
    PROFILED = "profiled"
    FAILED = "failed"
    RETAINED = "retained"
    RETURNED = "returned"
    CONSUMED = "consumed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, kw_only=True)
class Sample(Thing):
    """Of one item or of one donor, never both, in the operation of these; masses in mg, volumes in µl."""

    operation: UUID = link("operation")
    token: str = unique()
    item: UUID | None = link("remains_item", default=None)
    donor: UUID | None = link("donor", default=None)
    kind: SampleKind
    mass_mg: float | None = None
    mass_left_mg: float | None = None
    volume_ul: float | None = None
    volume_left_ul: float | None = None
    state: SampleState = indexed(default=SampleState.PLANNED)
    authorised_by: UUID | None = link("person", default=None)
    taken_at: datetime | None = None
    taken_by: UUID | None = link("person", default=None)
    witness: UUID | None = link("person", default=None)
    taken_outside: str = ""  # who took it, when it was not one of ours (a relative's swab, an old sample)
    received_by: UUID | None = link("person", default=None)
    failure: str = ""
    external_number: str = indexed(default="")
    labels_printed: int = 0
