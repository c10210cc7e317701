"""Records that a service reads whole again and again, kept, and brought up to date by what the audit tells.

Every change of a record is sealed into the audit with its kind and id. What was read at one entry of the audit
is therefore what the database holds at a later one, but for the records named in between; these are read again.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeVar
from uuid import UUID

from forensics.domain.auditing import AuditHead
from forensics.domain.profiles import Profile
from forensics.domain.records import Record, table_name
from forensics.persistence import recent
from forensics.persistence.transaction import Transaction

R = TypeVar("R", bound=Record)
Key = tuple[type[Record], tuple[tuple[str, Any], ...]]

MOST = 200_000  # records that are kept at a time, of all kinds together
MANY = 5_000  # changed records from which a kind is read whole again
SLIM: dict[type[Record], dict[str, Any]] = {Profile: {"calls": {}}}
"""Large fields that nobody asks for here; they are left out of what is kept."""


class RecordMemory:
    """The records of one store. Threads take turns."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.lock = most, RLock()
        self.head: AuditHead | None = None  # what is kept is as of this entry
        self.kept: dict[Key, dict[UUID, Any]] = {}

    @contextmanager
    def at(self, tx: Transaction) -> Iterator["Reader"]:
        """Read as of this transaction; nobody else reads meanwhile.

        Where it sees less than is kept already (an older moment), it reads for itself alone.
        """
        with self.lock:
            now = tx.audit_head()
            if self.head is not None and not recent.continues(tx, self.head):
                if now.sequence < self.head.sequence:
                    yield Reader(tx, {}, self.most)
                    return
                self.kept.clear()  # another history: what is kept never happened
            self._renew(tx, now)
            yield Reader(tx, self.kept, self.most)

    def _renew(self, tx: Transaction, now: AuditHead) -> None:
        before, self.head = self.head, None  # whoever fails half-way leaves nothing to go on from
        kept, self.kept = self.kept, {}
        if before is not None and before.sequence < now.sequence and kept:
            changed = recent.records_changed_since(
                tx, before.sequence, {table_name(kind) for kind, _ in kept}
            )
            for key in list(kept):
                ids = changed.get(table_name(key[0]))
                if ids and len(ids) > MANY:
                    del kept[key]
                elif ids:
                    kept[key] = _renewed(tx, key, kept[key], ids)
        self.head, self.kept = now, kept


class Reader:
    """Finds records for one transaction, in what is kept or in the database."""

    def __init__(self, tx: Transaction, kept: dict[Key, dict[UUID, Any]], most: int) -> None:
        self.tx, self.kept, self.most = tx, kept, most

    def find(self, entity: type[R], **equals: Any) -> list[R]:
        """As `Transaction.find`, ordered by id; the values are ones that can be compared, no lists."""
        key = entity, tuple(sorted(equals.items(), key=lambda pair: pair[0]))
        rows = self.kept.pop(key, None)
        if rows is None:
            rows = {one.id: one for one in _read(self.tx, entity, equals)}
        self.kept[key] = rows  # the last one asked for is the last to be forgotten
        while self.kept and sum(map(len, self.kept.values())) > self.most:
            del self.kept[next(iter(self.kept))]
        return list(rows.values())


def _renewed(tx: Transaction, key: Key, rows: dict[UUID, Any], ids: set[UUID]) -> dict[UUID, Any]:
    """The rows with these records as they are now, in the order of their ids."""
    entity, equals = key
    left = {id: row for id, row in rows.items() if id not in ids}
    left |= {one.id: one for one in _read(tx, entity, {**dict(equals), "id": ids})}
    return dict(sorted(left.items()))


def _read(tx: Transaction, entity: type[R], equals: dict[str, Any]) -> list[R]:
    found, slim = tx.find(entity, **equals), SLIM.get(entity)
    return [dataclasses.replace(one, **slim) for one in found] if slim else found


class Memo:
    """Values made from sources: one is made again only where its source is another."""

    def __init__(self) -> None:
        self._kept: dict[Any, tuple[Any, Any]] = {}

    def all(self, sources: dict[Any, Any], make: Callable[[Any, Any], Any]) -> dict[Any, Any]:
        """By key, `make(key, source)`; what is no longer asked for is forgotten."""
        found = {}
        for key, source in sources.items():
            known = self._kept.get(key)
            found[key] = known if known and known[0] == source else (source, make(key, source))
        self._kept = found
        return {key: value for key, (_, value) in found.items()}
