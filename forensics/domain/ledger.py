"""The ledger of a sample: what was used of its mass or volume, what was put back, what is left."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, link


class Quantity(StrEnum):
    """What is weighed or measured; the value is its unit."""

    MASS = "mg"
    VOLUME = "µl"


class LedgerKind(StrEnum):
    """Why the amount changed."""

    USE = "used"
    RETURN = "put back"
    CORRECTION = "corrected"


@dataclass(frozen=True, kw_only=True)
class LedgerEntry(Record):
    """`amount` was added (negative: taken), `remaining` is what is left then, both in the quantity's unit."""

    sample: UUID = link("sample")
    quantity: Quantity
    kind: LedgerKind
    amount: float
    remaining: float
    reason: str
