"""Reading the audit: the whole chain checked, and the story of one record."""

from collections import defaultdict
from uuid import UUID

import sqlalchemy as sa

from forensics.domain.auditing import GENESIS, AuditChange, AuditEntry, AuditHead, AuditVerdict, seal
from forensics.persistence.tables import audit_change, audit_entry
from forensics.persistence.transaction import Transaction

_PAGE = 2000


def verify_chain(tx: Transaction) -> AuditVerdict:
    """Every entry's digest, sequence and commitments; the first ten problems in words."""
    problems: list[str] = []
    head, count = AuditHead(0, GENESIS), 0
    while entries := _entries(tx, audit_entry.c.sequence > head.sequence, limit=_PAGE):
        for entry in entries:
            problems += _faults(entry, head)
            head, count = AuditHead(entry.sequence, entry.digest), count + 1
    return AuditVerdict(count, head, tuple(problems[:10]))


def _faults(entry: AuditEntry, before: AuditHead) -> list[str]:
    faults = []
    if entry.sequence != before.sequence + 1:
        faults.append(f"Between entries {before.sequence} and {entry.sequence} some are missing.")
    if entry.previous != before.digest:
        faults.append(f"Entry {entry.sequence} does not follow the one before it.")
    marks = tuple(change.commitment for change in entry.changes)
    made = seal(
        entry.previous, entry.sequence, entry.at, entry.person, entry.act, entry.request, entry.reason, marks
    )
    if made != entry.digest:
        faults.append(f"Entry {entry.sequence} ({entry.act}) was altered.")
    faults += [
        f"A change of {change.entity.replace('_', ' ')} in entry {entry.sequence} was altered."
        for change in entry.changes
        if not change.holds()
    ]
    return faults


def story(tx: Transaction, records: set[UUID]) -> list[AuditEntry]:
    """The entries that touched any of the records, oldest first, with only those changes."""
    sequences = sa.select(audit_change.c.sequence).where(audit_change.c.record.in_(records))
    return _entries(tx, audit_entry.c.sequence.in_(sequences), records=records)


def latest(tx: Transaction, limit: int = 200) -> list[AuditEntry]:
    """The newest entries, newest first."""
    head = tx.audit_head().sequence
    return _entries(tx, audit_entry.c.sequence > head - limit)[::-1]


def _entries(
    tx: Transaction,
    condition: sa.ColumnElement[bool],
    limit: int | None = None,
    records: set[UUID] | None = None,
) -> list[AuditEntry]:
    query = sa.select(audit_entry).where(condition).order_by(audit_entry.c.sequence).limit(limit)
    rows = tx.connection.execute(query).mappings().all()
    changes = _changes(tx, [row["sequence"] for row in rows], records)
    shown = [c.name for c in audit_entry.columns if not c.name.startswith("result_")]
    return [AuditEntry(**{n: row[n] for n in shown}, changes=tuple(changes[row["sequence"]])) for row in rows]


def _changes(
    tx: Transaction, sequences: list[int], records: set[UUID] | None = None
) -> dict[int, list[AuditChange]]:
    """The changes of these acts, or only those of these records: an import touches thousands of others."""
    found: dict[int, list[AuditChange]] = defaultdict(list)
    if not sequences:
        return found
    table = audit_change
    for start in range(0, len(sequences), 500):
        some = sequences[start : start + 500]
        wanted: sa.ColumnElement[bool] = table.c.sequence.in_(some)
        if records is not None:
            wanted &= table.c.record.in_(records)
        query = sa.select(table).where(wanted).order_by(table.c.sequence, table.c.position)
        for row in tx.connection.execute(query).mappings():
            shown = ("entity", "record", "revision", "content", "key", "commitment")
            found[row["sequence"]].append(AuditChange(**{n: row[n] for n in shown}))
    return found
