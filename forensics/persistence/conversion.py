"""Field types to column types, values to what a column holds, and back; derived from annotations."""

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from forensics.domain.auditing import canonical
from forensics.domain.dates import UncertainDate


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC instants on both databases; SQLite would silently drop the offset."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


_PLAIN: dict[type, TypeEngine[Any]] = {
    UUID: sa.Uuid(),
    str: sa.Text(),
    bool: sa.Boolean(create_constraint=False),
    int: sa.BigInteger(),
    float: sa.Double(),
    bytes: sa.LargeBinary(),
    datetime: UtcDateTime(),
    date: sa.Date(),
}


_hints: dict[type, dict[str, Any]] = {}


def hints(entity: type) -> dict[str, Any]:
    """The annotations of a dataclass, resolved once."""
    if entity not in _hints:
        _hints[entity] = get_type_hints(entity)
    return _hints[entity]


def optional(annotation: Any) -> tuple[Any, bool]:
    """The annotation without `None`, and whether `None` was allowed."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [a for a in get_args(annotation) if a is not type(None)]
        if len(rest) == 1:
            return rest[0], True
    return annotation, False


def column_type(annotation: Any) -> TypeEngine[Any]:
    """The column type of a field; whatever is neither plain nor an enum is kept as JSON text."""
    kind, _ = optional(annotation)
    return _PLAIN.get(kind, sa.Text())


def encode(annotation: Any, value: Any) -> Any:
    """A field's value as its column holds it."""
    kind, _ = optional(annotation)
    if value is None or kind in _PLAIN:
        return value
    if isinstance(value, StrEnum | UncertainDate):
        return str(value)
    return canonical(plain(value))


def decode(annotation: Any, value: Any) -> Any:
    """A column's content as the field's value."""
    kind, _ = optional(annotation)
    if value is None or kind in _PLAIN:
        return value
    if kind is UncertainDate or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(value)
    return restore(kind, json.loads(value))


def plain(value: Any) -> Any:
    """Dataclasses, enums, ids and times as JSON has them; bytes as their digest would not restore, so no."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, UncertainDate):
            return value.text
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum | UUID):
        return str(value)
    return value


def restore(annotation: Any, value: Any) -> Any:
    """JSON back into the annotated type: dataclasses, tuples, dicts, enums."""
    kind, _ = optional(annotation)
    origin = get_origin(kind)
    if value is None or kind is Any:
        return value
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(restore(inner[0], v) for v in value)
        return tuple(restore(a, v) for a, v in zip(inner, value, strict=True))
    if origin in (dict, Mapping):
        return {k: restore(get_args(kind)[1], v) for k, v in value.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        inner_hints = hints(kind)
        return kind(**{k: restore(inner_hints[k], v) for k, v in value.items()})
    if kind in (UUID, UncertainDate) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(value)
    return value
