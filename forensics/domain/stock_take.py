"""Stock-take: everything in a room is scanned; what was found is held against what the records say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, indexed, link


class StockTakeState(StrEnum):
    """Whether it still goes on."""

    OPEN = "open"
    FINISHED = "finished"
    GIVEN_UP = "given up"


class Finding(StrEnum):
    """What a scan means beside the records; `MISSING` is what was not scanned."""

    CONFIRMED = "confirmed"
    MISPLACED = "misplaced here"
    FOUND_AGAIN = "found again"
    NOT_HERE = "recorded as not here"
    UNKNOWN = "unknown code"
    MISSING = "missing"


class Resolution(StrEnum):
    """What was done about a discrepancy."""

    OPEN = "open"
    NONE_NEEDED = "none needed"
    RECORD_MOVED = "record moved here"
    MARKED_MISSING = "marked missing"
    LOCATED = "located"
    LEFT = "left as it is"


@dataclass(frozen=True, kw_only=True)
class StockTake(Record):
    """A count of one place with everything below it."""

    place: UUID = link("storage_location")
    state: StockTakeState = indexed(default=StockTakeState.OPEN)
    begun_by: UUID = link("person")
    finished_by: UUID | None = link("person", default=None)
    finished_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StockLine(Record):
    """One scan, or one thing that was expected and not scanned; `why` explains the finding in words."""

    stock_take: UUID = link("stock_take")
    code: str
    finding: Finding
    item: UUID | None = link("remains_item", default=None)
    sample: UUID | None = link("sample", default=None)
    place: UUID | None = link("storage_location", default=None)
    why: str = ""
    resolution: Resolution = Resolution.NONE_NEEDED
    resolved_by: UUID | None = link("person", default=None)
    note: str = ""
