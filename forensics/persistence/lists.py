"""Lists: what each shows, searches, filters and sorts by, as data; the database does the work."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from forensics.domain.lists import ListQuery, Page
from forensics.domain.records import Record
from forensics.persistence.conversion import from_columns
from forensics.persistence.searching import MOST_WORDS, records_with
from forensics.persistence.tables import TABLES
from forensics.persistence.transaction import Transaction

Row = TypeVar("Row")


@dataclass(frozen=True)
class ListSpec(Generic[Row]):
    """`columns` give the fields of `row`, in order; `joined` is what they are selected from."""

    row: type[Row]
    columns: Mapping[str, sa.ColumnElement[Any]]
    joined: sa.FromClause
    search: Sequence[sa.ColumnElement[Any]]
    filters: Mapping[str, sa.ColumnElement[Any]] = field(default_factory=dict)
    where: Sequence[sa.ColumnElement[bool]] = ()
    sort: str = "number"
    entries: Sequence[sa.ColumnElement[Any]] = ()
    """The records whose words are searched too, in any script (`persistence.searching`)."""

    def page(self, tx: Transaction, query: ListQuery) -> Page[Row]:
        """The rows of one window and the number of all."""
        if (
            query.text.strip()
        ):  # the words are sought once: all ids that have them, then the rows of the window
            ids = list(tx.connection.execute(self.which(query, window=False)).scalars())
            shown = ids[query.offset : query.offset + query.limit]
            return Page(tuple(self._rows(tx, shown)), len(ids))
        conditions = self._conditions(query)
        count = sa.select(sa.func.count()).select_from(self._among(conditions)).where(*conditions)
        ids = list(tx.connection.execute(self.which(query)).scalars())
        return Page(tuple(self._rows(tx, ids)), tx.connection.execute(count).scalar_one())

    def _rows(self, tx: Transaction, ids: Sequence[UUID]) -> list[Row]:
        """All that is shown of these few rows, in this order."""
        own = self.columns["id"]
        labelled = [column.label(name) for name, column in self.columns.items()]
        rows = tx.connection.execute(
            sa.select(*labelled).select_from(self.joined).where(own.in_(ids))
        ).mappings()
        found = {row["id"]: from_columns(self.row, row) for row in rows}
        return [found[id] for id in ids]

    def which(self, query: ListQuery, *, window: bool = True) -> sa.Select[Any]:
        """The ids of one window's rows, or of all, by the sorting column alone: most need no other table for that."""
        own, conditions = self.columns["id"], self._conditions(query)
        order = self.columns.get(query.sort or self.sort, own)
        chosen = (
            sa.select(own)
            .select_from(self._among([*conditions, order]))
            .where(*conditions)
            .order_by(order.desc() if query.descending else order.asc(), own)
        )
        return chosen.limit(query.limit).offset(query.offset) if window else chosen

    def _among(self, expressions: Sequence[sa.ColumnElement[Any]]) -> sa.FromClause:
        """`joined` without the tables that neither these expressions nor a kept join speak of.

        Every inner join follows a reference that is never empty, so that leaving it out loses no row.
        """
        base, joins = self.joined, []
        while isinstance(base, sa.Join):
            joins.append((base.right, base.onclause, base.isouter))
            base = base.left
        needed = _tables(expressions)
        kept = []
        for right, on, outer in joins:
            if right in needed:
                needed |= _tables([on]) if on is not None else set()
                kept.append((right, on, outer))
        for right, on, outer in reversed(kept):
            base = base.join(right, on, isouter=outer)
        return base

    def _conditions(self, query: ListQuery) -> list[Any]:
        conditions: list[Any] = list(self.where)
        for name, values in query.filters.items():
            if values:
                conditions.append(self.filters[name].in_([_bare(v) for v in values]))
        for word in query.text.replace("\0", "").split()[:MOST_WORDS]:
            found = [column.icontains(word, autoescape=True) for column in self.search]
            if self.entries:
                found.append(self.columns["id"].in_(sa.union_all(*map(self._with(word), self.entries))))
            conditions.append(sa.or_(*found))
        return conditions

    def _with(self, word: str) -> Callable[[sa.ColumnElement[Any]], sa.Select[Any]]:
        """For a column of `entries`: the ids of the list's own records whose entry there has the word."""
        own = self.columns["id"]

        def ids(column: sa.ColumnElement[Any]) -> sa.Select[Any]:
            records = records_with(word, _kind(column))
            if column is own:
                return records
            table = own.table.alias()
            return sa.select(table.c.id).where(table.c[column.key].in_(records))

        return ids


def _kind(column: sa.ColumnElement[Any]) -> str:
    """The kind of record that a column names by its id: its own table's, or the one it refers to."""
    assert isinstance(column, sa.Column)
    for key in column.foreign_keys:
        return key.column.table.name
    return str(column.table.name)


def _tables(expressions: Sequence[Any]) -> set[Any]:
    """Every table that the expressions name."""
    return {
        part.table
        for expression in expressions
        for part in visitors.iterate(expression)
        if isinstance(part, sa.Column)
    }


def _bare(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def columns_of(row: type[Any], table: sa.FromClause, **others: sa.ColumnElement[Any]) -> dict[str, Any]:
    """Columns for the fields of `row`: the named ones, else the column of `table` with that name."""
    return {f.name: others[f.name] if f.name in others else table.c[f.name] for f in dataclasses.fields(row)}


def tally(tx: Transaction, entity: type[Record], field: str, **equals: Any) -> dict[Any, int]:
    """How many records have each value of a field, among those whose other fields equal the values."""
    column = TABLES[entity].c[field]
    query = sa.select(column, sa.func.count()).where(*tx.conditions(entity, equals)).group_by(column)
    return {row[0]: row[1] for row in tx.connection.execute(query)}
