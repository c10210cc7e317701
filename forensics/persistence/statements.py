"""Statements that are asked for again and again, built once: building one costs more than running it.

Each is made for a table and the shape of a question, with parameters in place of the values.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa

from forensics.domain.records import Record
from forensics.persistence.conversion import encode
from forensics.persistence.tables import TABLES, audit_entry, counter


class How(Enum):
    """How a field is asked for: by its value, by several of them, or that it is empty."""

    IS = "is"
    AMONG = "among"
    EMPTY = "empty"


Shape = tuple[tuple[str, How], ...]


def shape(equals: Mapping[str, Any]) -> Shape:
    """What is asked, without the values; a list means one of, None means empty."""
    return tuple((name, _how(value)) for name, value in equals.items())


def values(entity: type[Record], equals: Mapping[str, Any]) -> dict[str, Any]:
    """The values that were asked for, by the names of their parameters."""
    found: dict[str, Any] = {}
    for name, value in equals.items():
        if isinstance(value, list | set | frozenset):
            found[_parameter(name)] = [encode(entity, name, one) for one in value]
        elif value is not None:
            found[_parameter(name)] = encode(entity, name, value)
    return found


def conditions(entity: type[Record], equals: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    """The conditions of a question with their values, for statements that are built anew."""
    given = values(entity, equals)
    return [
        _condition(TABLES[entity].c[name], how, given.get(_parameter(name))) for name, how in shape(equals)
    ]


def _open_conditions(table: sa.Table, asked: Shape) -> list[sa.ColumnElement[bool]]:
    """The same with parameters in place of the values."""
    found = []
    for name, how in asked:
        column = table.c[name]
        parameter = sa.bindparam(_parameter(name), expanding=how is How.AMONG, type_=column.type)
        found.append(_condition(column, how, parameter))
    return found


@cache
def selection(table: sa.Table, asked: Shape, order: str, limit: int | None) -> sa.Select[Any]:
    """Whole records, their columns in the order of their fields; an order with a minus falls."""
    column = table.c[order.removeprefix("-")]
    by = column.desc() if order.startswith("-") else column
    return sa.select(table).where(*_open_conditions(table, asked)).order_by(by).limit(limit)


@cache
def count(table: sa.Table, asked: Shape) -> sa.Select[Any]:
    """How many records there are."""
    return sa.select(sa.func.count()).select_from(table).where(*_open_conditions(table, asked))


@cache
def insertion(table: sa.Table) -> sa.Insert:
    """New rows of a table; every row gives every column."""
    return sa.insert(table)


@cache
def change(table: sa.Table) -> sa.Update:
    """New content, for the columns that are given, of the record `seen_id` if it is still at `seen_revision`."""
    seen = (table.c[n] == sa.bindparam(f"seen_{n}", type_=table.c[n].type) for n in ("id", "revision"))
    return sa.update(table).where(*seen)


@cache
def next_numbers(dialect: str) -> Any:
    """Move the counter of `prefix` on by `wanted` and give where it stands."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]

    wanted = sa.bindparam("wanted", type_=counter.c.last.type)
    first = insert(counter).values(prefix=sa.bindparam("prefix"), last=wanted)
    moved = first.on_conflict_do_update(
        index_elements=[counter.c.prefix], set_={"last": counter.c.last + wanted}
    )
    return moved.returning(counter.c.last)


NEWEST_ENTRY = (
    sa.select(audit_entry.c.sequence, audit_entry.c.digest).order_by(audit_entry.c.sequence.desc()).limit(1)
)
ENTRY_OF_REQUEST = sa.select(audit_entry).where(
    audit_entry.c.request == sa.bindparam("asked_request", type_=audit_entry.c.request.type)
)


def _how(value: Any) -> How:
    if isinstance(value, list | set | frozenset):
        return How.AMONG
    return How.EMPTY if value is None else How.IS


def _condition(column: sa.Column[Any], how: How, content: Any) -> sa.ColumnElement[bool]:
    if how is How.EMPTY:
        return column.is_(None)
    return column.in_(content) if how is How.AMONG else column == content


def _parameter(field: str) -> str:
    return f"asked_{field}"
