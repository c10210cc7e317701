"""What every record has in common, and how a field says what it refers to.

An entity is one frozen dataclass derived from `Record`. Its table is derived from its fields, so a
field's meaning is written once, here in the domain: `link` names the record it refers to, `unique`
says that no two records share the value.
"""

import re
import secrets
import threading
import time
from dataclasses import MISSING, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, method 3): milliseconds, then a finer clock, then random bits.

    Ids made by one process rise strictly, so that sorting by id is sorting by age.
    """
    global _last
    with _lock:
        _last = max(time.time_ns(), _last + 245)  # a little more than 1/4096 of a millisecond
        milliseconds, rest = divmod(_last, 1_000_000)
    fine = rest * 4096 // 1_000_000
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fine << 64 | 0x2 << 62 | secrets.randbits(62))


def link(table: str, default: Any = MISSING, *, indexed: bool = False) -> Any:
    """A field that holds the id of a record of `table`; `indexed` where lists are filtered by a person."""
    return field(default=default, metadata={"references": table, "indexed": indexed})


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
    number: str = ""
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
