"""How much of a kind of work waits, since when, and which is the only one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from forensics.domain.records import Record
from forensics.persistence.conversion import UtcDateTime
from forensics.persistence.tables import TABLES
from forensics.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number of records, the oldest's time, and the id when there is but one."""

    count: int
    oldest: datetime | None
    only: UUID | None


def waiting(
    tx: Transaction,
    entity: type[Record],
    equals: Mapping[str, Any],
    field: str = "",
    *,
    by_me: bool | None = None,
) -> Waiting:
    """Standing records with these values whose `field` names somebody; `by_me`: it must, or must not, be me."""
    table = TABLES[entity]
    conditions = tx.conditions(entity, {**equals, "voided_at": None})
    if field:
        conditions.append(table.c[field].is_not(None))
    if field and by_me is not None:
        conditions.append(table.c[field] == tx.me if by_me else table.c[field] != tx.me)
    since = sa.func.coalesce(table.c.changed_at, table.c.created_at, type_=UtcDateTime)
    query = sa.select(sa.func.count(), sa.type_coerce(sa.func.min(since), UtcDateTime)).where(*conditions)
    count, oldest = tx.connection.execute(query).one()
    only = tx.connection.execute(sa.select(table.c.id).where(*conditions)).scalar() if count == 1 else None
    return Waiting(count, oldest, only)
