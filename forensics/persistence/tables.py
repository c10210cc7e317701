"""The tables: one for each entity, derived from its fields, with the domain's rules as constraints."""

import dataclasses
from collections.abc import Collection
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from forensics.domain.entities import ENTITIES
from forensics.domain.records import Record, table_name
from forensics.domain.rules import DIFFERENT, NEEDED, NEVER_NEGATIVE
from forensics.persistence.conversion import UtcDateTime, column_type, hints, optional

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _column(field: dataclasses.Field[Any], annotation: Any) -> sa.Column[Any]:
    target = field.metadata.get("references")
    arguments: list[Any] = [sa.ForeignKey(f"{target}.id")] if target else []
    return sa.Column(
        field.name,
        column_type(annotation),
        *arguments,
        primary_key=field.name == "id",
        nullable=optional(annotation)[1],
        unique=field.metadata.get("unique"),
        index=field.metadata.get("indexed") or _worth_an_index(target, field.name) or None,
    )


def _worth_an_index(target: str | None, name: str) -> bool:
    return target is not None and target != "person" and name not in ("supersedes", "operation")


def _checks(entity: type[Record]) -> list[sa.CheckConstraint]:
    checks = []
    for name, annotation in hints(entity).items():
        kind, _ = optional(annotation)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            values = ", ".join("'" + value.value.replace("'", "''") + "'" for value in kind)
            checks.append(sa.CheckConstraint(f"{name} IN ({values})", name=f"{name}_known"))
    for rule in DIFFERENT:
        if rule.entity is entity:
            pairs = [(a, b) for i, a in enumerate(rule.fields) for b in rule.fields[i + 1 :]]
            checks += [sa.CheckConstraint(f"{a} <> {b}", name=f"{a}_is_not_{b}") for a, b in pairs]
    for need in NEEDED:
        if need.entity is entity:
            filled = " AND ".join(_is_filled(entity, name) for name in need.fields)
            other = f"{need.field} <> '{need.value}'"
            if need.only:
                other = f"NOT {need.only} OR {other}"
            checks.append(sa.CheckConstraint(f"{other} OR ({filled})", name=need.name))
    for amount in NEVER_NEGATIVE:
        if amount.entity is entity:
            checks.append(sa.CheckConstraint(f'"{amount.field}" >= 0', name=amount.name))
    return checks


def _is_filled(entity: type[Record], name: str) -> str:
    kind, _ = optional(hints(entity)[name])
    return f"{name} <> ''" if kind is str else f"{name} IS NOT NULL"


def _table(entity: type[Record]) -> sa.Table:
    annotations = hints(entity)
    columns = [_column(field, annotations[field.name]) for field in dataclasses.fields(entity)]
    name = table_name(entity)
    return sa.Table(name, metadata, *columns, *_checks(entity), *_orders(name, annotations))


def _orders(name: str, fields: Collection[str]) -> list[sa.Index]:
    """Lists run through a table by number, mostly within one operation, and leave out what was voided.

    Each of these indexes answers all of that alone.
    """
    listed = ("number", "id", "voided_at")
    orders = [sa.Index(f"ix_{name}_number", *listed)]
    if "operation" in fields:
        orders.append(sa.Index(f"ix_{name}_operation", "operation", *listed))
    if "holder" in fields:  # two things can't lie in one position of a box
        taken = sa.text("\"position\" <> ''")
        pair = ("place", "position")
        orders.append(
            sa.Index(f"ix_{name}_stored", "custody", "voided_at", "place")
        )  # the tree of places counts by it
        orders.append(
            sa.Index(f"uq_{name}_position", *pair, unique=True, sqlite_where=taken, postgresql_where=taken)
        )
    return orders


TABLES: dict[type[Record], sa.Table] = {entity: _table(entity) for entity in ENTITIES}

audit_entry = sa.Table(
    "audit_entry",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("person", sa.Uuid),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("request", sa.Uuid, nullable=False, unique=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("result_entity", sa.Text),
    sa.Column("result_id", sa.Uuid),
)

audit_change = sa.Table(
    "audit_change",
    metadata,
    sa.Column("sequence", sa.BigInteger, sa.ForeignKey("audit_entry.sequence"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("record", sa.Uuid, nullable=False, index=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("key", sa.LargeBinary),
    sa.Column("commitment", sa.Text, nullable=False),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("prefix", sa.Text, primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

search_entry = sa.Table(
    "search_entry",
    metadata,
    sa.Column("entry", sa.Integer, primary_key=True),
    sa.Column("record", sa.Uuid, nullable=False, unique=True),
    sa.Column("entity", sa.Text, nullable=False),  # an index would lure the database away from that of words
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("related", sa.Text, nullable=False),
)
