"""What others did since a moment: their acts, counted by act and person, without the contents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from forensics.persistence.tables import audit_change, audit_entry
from forensics.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Acts:
    """How often somebody did something to one kind of record, and when last; the record when it was one."""

    act: str
    person: UUID
    entity: str
    times: int
    last: datetime
    only: UUID | None


def acts_of_others(tx: Transaction, since: datetime, limit: int = 12) -> list[Acts]:
    """Newest first; each act is told once, by the kind of the first record that it touched."""
    entry, change = audit_entry.c, audit_change.c
    among = audit_entry.join(audit_change, sa.and_(change.sequence == entry.sequence, change.position == 0))
    last, records = sa.func.max(entry.at), sa.func.count(sa.distinct(change.record))
    query = (
        sa.select(
            entry.act,
            entry.person,
            change.entity,
            sa.func.count().label("times"),
            sa.type_coerce(last, audit_entry.c.at.type).label("last"),
            records.label("records"),
            # PostgreSQL knows no least UUID; as text there is one.
            sa.func.min(sa.cast(change.record, sa.Text)).label("first"),
        )
        .select_from(among)
        .where(entry.at > since, entry.person != tx.me, entry.person.is_not(None))
        .group_by(entry.act, entry.person, change.entity)
        .order_by(sa.desc("last"))
        .limit(limit)
    )
    return [
        Acts(
            row.act,
            row.person,
            row.entity,
            row.times,
            row.last,
            UUID(row.first) if row.records == 1 else None,
        )
        for row in tx.connection.execute(query)
    ]


def kinds_changed_since(tx: Transaction, sequence: int) -> frozenset[str]:
    """Kinds of records (as tables are named) that an act after this entry of the audit added or changed."""
    query = sa.select(audit_change.c.entity).where(audit_change.c.sequence > sequence).distinct()
    return frozenset(tx.connection.execute(query).scalars())
