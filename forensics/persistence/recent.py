"""What others did since a moment: their acts, counted by act and person, without the contents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from forensics.domain.auditing import AuditHead
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


def records_changed_since(tx: Transaction, sequence: int, kinds: Collection[str]) -> dict[str, set[UUID]]:
    """By kind, the records that an act after this entry of the audit added or changed."""
    change = audit_change.c
    query = sa.select(change.entity, change.record).where(
        change.sequence > sequence, change.entity.in_(kinds)
    )
    found: dict[str, set[UUID]] = {}
    for kind, record in tx.connection.execute(query.distinct()):
        found.setdefault(kind, set()).add(record)
    return found


def continues(tx: Transaction, head: AuditHead) -> bool:
    """Whether the audit as this transaction sees it has that entry: it goes on from there, or ends there."""
    query = sa.select(audit_entry.c.digest).where(audit_entry.c.sequence == head.sequence)
    return head.sequence == 0 or tx.connection.execute(query).scalar() == head.digest
