"""One act on the database: reading, adding and changing records, sealed into the audit when it ends."""

import dataclasses
import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from forensics.domain.auditing import GENESIS, AuditHead, canonical, commitment, seal
from forensics.domain.entities import NUMBERED
from forensics.domain.errors import Conflict, Invalid
from forensics.domain.numbers import with_check
from forensics.domain.people import Permission, Person
from forensics.domain.records import Record, new_id, table_name
from forensics.domain.rules import demand_lawful
from forensics.persistence import searching, statements
from forensics.persistence.conversion import encode, from_row, to_columns
from forensics.persistence.tables import TABLES, audit_change, audit_entry

R = TypeVar("R", bound=Record)
_AUDIT_LOCK = 0x4E6F6D  # one writer of the chain at a time on PostgreSQL


class Transaction:
    """Handed to every use case; `person` acts, at `now`. Nothing else writes to the database."""

    def __init__(
        self,
        connection: Connection,
        person: Person | None,
        act: str,
        now: datetime,
        request: UUID | None = None,
    ) -> None:
        self.connection = connection
        self.person = person
        self.act = act
        self.request = request or new_id()
        self._may_be_done = request is not None
        self.reason = ""
        self.permissions: frozenset[Permission] = frozenset()  # of the person, set by the door
        self.now = now
        self.subjects: set[str] = set()
        self._changes: list[tuple[str, UUID, int, str]] = []

    @property
    def me(self) -> UUID:
        """The id of the person who acts."""
        if self.person is None:
            raise Invalid("Sign in first.")
        return self.person.id

    def alone(self) -> None:
        """Wait until no other act is being sealed; then none is until this one is over.

        What is read from now on can't be changed by somebody else before the commit.
        """
        if self.connection.dialect.name == "postgresql":  # on SQLite a writing act is alone from its start
            self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_AUDIT_LOCK)))

    # reading

    def get(self, entity: type[R], id: UUID) -> R:
        """The record; `Invalid` when there is none."""
        found = self.one(entity, id=id)
        if found is None:
            raise Invalid(
                f"There is no {table_name(entity).replace('_', ' ')} with this id; it may belong elsewhere."
            )
        return found

    def one(self, entity: type[R], **equals: Any) -> R | None:
        """The first record whose fields equal the values, or None."""
        rows = self.find(entity, limit=1, **equals)
        return rows[0] if rows else None

    def find(self, entity: type[R], *, order: str = "id", limit: int | None = None, **equals: Any) -> list[R]:
        """Records whose fields equal the values; a list means one of, None means empty.

        An `order` with a minus before it begins with the greatest.
        """
        query = statements.selection(TABLES[entity], statements.shape(equals), order, limit)
        rows = self.connection.execute(query, statements.values(entity, equals))
        return [from_row(entity, row) for row in rows]

    def count(self, entity: type[Record], **equals: Any) -> int:
        query = statements.count(TABLES[entity], statements.shape(equals))
        found: int = self.connection.execute(query, statements.values(entity, equals)).scalar_one()
        return found

    def conditions(self, entity: type[Record], equals: Mapping[str, Any]) -> list[Any]:
        """Fields that equal their values, as SQL; a list means one of, None means empty."""
        return statements.conditions(entity, equals)

    # writing

    def add(self, value: R) -> R:
        """The record as saved: with its number, its author and its time."""
        return self.add_all([value])[0]

    def add_all(self, values: Iterable[R]) -> list[R]:
        """Records of one kind, saved together."""
        values = list(values)
        if not values:
            return []
        entity = type(values[0])
        numbers = iter(self.numbers(entity, sum(not v.number for v in values)))
        saved = [self._stamped(value, value.number or next(numbers, "")) for value in values]
        rows = [to_columns(value) for value in saved]
        for value, row in zip(saved, rows, strict=True):
            demand_lawful(None, value)
            self._note(value, row)
        self.connection.execute(statements.insertion(TABLES[entity]), rows)
        searching.enter(self.connection, saved)
        return saved

    def change(self, value: R, **fields: Any) -> R:
        """The record with the fields changed; `Conflict` when somebody else changed it first."""
        if all(getattr(value, name) == new for name, new in fields.items()):
            return value
        new = dataclasses.replace(
            value,
            **fields,
            revision=value.revision + 1,
            changed_at=self.now,
            changed_by=self.person.id if self.person else None,
        )
        demand_lawful(value, new)
        entity = type(value)
        stamps = ("revision", "changed_at", "changed_by")
        written = {name: encode(entity, name, getattr(new, name)) for name in (*fields, *stamps)}
        seen = {"seen_id": value.id, "seen_revision": value.revision}
        if self.connection.execute(statements.change(TABLES[entity]), written | seen).rowcount != 1:
            self._conflict(value, new)
        self._note(new, {n: [encode(entity, n, getattr(value, n)), written[n]] for n in fields})
        searching.reenter(self.connection, new, fields)
        return new

    def void(self, value: R, reason: str) -> R:
        """Nothing is deleted: the record stays, marked with who, when and why."""
        if not reason.strip():
            raise Invalid("Say why the record is voided.")
        return self.change(value, voided_at=self.now, voided_by=self.me, void_reason=reason.strip())

    def _stamped(self, value: R, number: str) -> R:
        author = self.person.id if self.person else None
        return dataclasses.replace(
            value,
            number=number,
            revision=1,
            created_at=self.now,
            created_by=author,
            changed_at=None,
            changed_by=None,
        )

    def numbers(self, entity: type[Record], wanted: int) -> list[str]:
        """The next human numbers of a kind; none for kinds without."""
        prefix = NUMBERED.get(entity)
        if prefix is None or not wanted:
            return []
        prefix = f"{prefix}-{self.now:%y}"
        statement = statements.next_numbers(self.connection.dialect.name)
        last = self.connection.execute(statement, {"prefix": prefix, "wanted": wanted}).scalar_one()
        return [with_check(f"{prefix}-{n:05d}") for n in range(last - wanted + 1, last + 1)]

    def _conflict(self, value: Record, mine: Record) -> None:
        theirs = self.get(type(value), value.id)
        who = self.one(Person, id=theirs.changed_by) if theirs.changed_by else None
        raise Conflict(
            f"{value.number or 'The record'} was changed by {who.name if who else 'somebody else'} "
            "in the meantime; compare both versions and choose.",
            mine,
            theirs,
        )

    # audit

    def _note(self, value: Record, content: dict[str, Any]) -> None:
        shown = {name: _auditable(name, item) for name, item in content.items()}
        self.subjects.add(table_name(type(value)))
        self._changes.append((table_name(type(value)), value.id, value.revision, canonical(shown)))

    def audit_head(self) -> AuditHead:
        """The newest sealed entry."""
        row = self.connection.execute(statements.NEWEST_ENTRY).first()
        return AuditHead(row.sequence, row.digest) if row else AuditHead(0, GENESIS)

    def seal(self, result: object) -> AuditHead:
        """Write the entry of this act; called once, by the door, just before the commit."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_AUDIT_LOCK)))
        head = self.audit_head()
        person = self.person.id if self.person else None
        keys = [os.urandom(16) for _ in self._changes]
        marks = tuple(commitment(key, change[3]) for key, change in zip(keys, self._changes, strict=True))
        sequence = head.sequence + 1
        digest = seal(head.digest, sequence, self.now, person, self.act, self.request, self.reason, marks)
        self._write_entry(sequence, head.digest, digest, result if isinstance(result, Record) else None)
        self._write_changes(sequence, keys, marks)
        return AuditHead(sequence, digest)

    def _write_entry(self, sequence: int, previous: str, digest: str, result: Record | None) -> None:
        entry = {
            "sequence": sequence,
            "at": self.now,
            "person": self.person.id if self.person else None,
            "act": self.act,
            "request": self.request,
            "reason": self.reason,
            "previous": previous,
            "digest": digest,
            "result_entity": table_name(type(result)) if result else None,
            "result_id": result.id if result else None,
        }
        self.connection.execute(statements.insertion(audit_entry), entry)

    def _write_changes(self, sequence: int, keys: Sequence[bytes], marks: Sequence[str]) -> None:
        rows = [
            {
                "sequence": sequence,
                "position": position,
                "entity": change[0],
                "record": change[1],
                "revision": change[2],
                "content": change[3],
                "key": keys[position],
                "commitment": marks[position],
            }
            for position, change in enumerate(self._changes)
        ]
        if rows:
            self.connection.execute(statements.insertion(audit_change), rows)

    def earlier_result(self) -> tuple[bool, Record | None]:
        """Whether this request was already done, and the record that it returned then."""
        if not self._may_be_done:
            return False, None  # the request was made up just now
        asked = {"asked_request": self.request}
        row = self.connection.execute(statements.ENTRY_OF_REQUEST, asked).mappings().first()
        if row is None:
            return False, None
        entity = next((e for e in TABLES if table_name(e) == row["result_entity"]), None)
        return True, self.get(entity, row["result_id"]) if entity else None


_SECRET = {"password_hash"}


def _auditable(name: str, value: Any) -> Any:
    """A column's content as the audit keeps it: secrets and bytes as digests, a pair by its parts."""
    if isinstance(value, list):
        return [_auditable(name, part) for part in value]
    if isinstance(value, bytes):
        return "sha256:" + hashlib.sha256(value).hexdigest()
    if name in _SECRET and value:
        return "sha256:" + hashlib.sha256(str(value).encode()).hexdigest()
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
