"""Spreadsheets of an earlier system: which column means what, and what was taken in from which file."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, link, unique


class LegacyKind(StrEnum):
    """What the rows of a spreadsheet become."""

    REMAINS = "remains cases and items"
    MISSING = "missing persons and families"


class DateOrder(StrEnum):
    """How `03/04/1999` is meant."""

    DAY_FIRST = "day, month, year"
    MONTH_FIRST = "month, day, year"


@dataclass(frozen=True, kw_only=True)
class LegacyMapping(Record):
    """A mapping with a name: column headers to what they mean."""

    name: str = unique()
    kind: LegacyKind
    columns: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LegacyImport(Record):
    """A spreadsheet that was taken in whole; its digest keeps it from being taken in twice."""

    operation: UUID = link("operation")
    kind: LegacyKind
    file_name: str
    digest: str = unique()
    rows: int
    columns: dict[str, str]
