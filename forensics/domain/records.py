"""What every record has in common, and how a field says what it refers to.

An entity is one frozen dataclass derived from `Record`. Its table is derived from its fields, so a
field's meaning is written once, here in the domain: `link` names the record it refers to, `unique`
says that no two records share the value.
"""

import re
import secrets
import time
from dataclasses import MISSING, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by age."""
    value = int(time.time() * 1000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def link(table: str, default: Any = MISSING) -> Any:
    """A field that holds the id of a record of `table`."""
    return field(default=default, metadata={"references": table})


def unique(default: Any = MISSING) -> Any:
    """A field whose value belongs to one record alone."""
    return field(default=default, metadata={"unique": True})


def indexed(default: Any = MISSING) -> Any:
    """A field that lists are filtered by."""
    return field(default=default, metadata={"indexed": True})


@dataclass(frozen=True, kw_only=True)
class Record:
    """Identity, human number, revision for optimistic locking, and who did what when.

    `created_*` and `changed_*` are filled when the record is saved. Nothing is deleted: a record is
    voided with a reason.
    """

    id: UUID = field(default_factory=new_id)
    number: str = field(default="", metadata={"indexed": True})
    revision: int = 1
    created_at: datetime | None = None
    created_by: UUID | None = link("person", default=None)
    changed_at: datetime | None = None
    changed_by: UUID | None = link("person", default=None)
    voided_at: datetime | None = None
    voided_by: UUID | None = link("person", default=None)
    void_reason: str | None = None


def table_name(entity: type[Record]) -> str:
    """`RemainsCase` is kept in the table `remains_case`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", entity.__name__).lower()
