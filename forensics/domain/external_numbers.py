"""Numbers that other institutions use for our records: any number for each record, each with its institution."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.records import Record, indexed


@dataclass(frozen=True, kw_only=True)
class ExternalIdentifier(Record):
    """What another institution calls a record; the one it was delivered under stands in the record itself."""

    entity: str
    record: UUID = indexed()
    value: str = indexed()
    institution: str
