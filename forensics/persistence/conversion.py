"""Field types to column types, values to what a column holds, and back; derived from annotations."""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from forensics.domain.auditing import canonical
from forensics.domain.dates import UncertainDate
from forensics.domain.errors import Invalid

T = TypeVar("T")


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


Converter = Callable[[Any], Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Codec:
    """How the fields of an entity go into columns and come back; made once for each entity.

    A field without a converter is kept as it is.
    """

    names: tuple[str, ...]
    encoders: tuple[Converter | None, ...]
    decoders: tuple[Converter | None, ...]


_codecs: dict[type, Codec] = {}


def codec(entity: type) -> Codec:
    """The codec of a dataclass, derived from its annotations."""
    if entity not in _codecs:
        annotations = hints(entity)
        names = tuple(field.name for field in dataclasses.fields(entity))
        encoders = tuple(encoder(annotations[name]) for name in names)
        _codecs[entity] = Codec(names, encoders, tuple(decoder(annotations[name]) for name in names))
    return _codecs[entity]


def encode(entity: type, name: str, value: Any) -> Any:
    """One field's value as its column holds it."""
    found = codec(entity)
    convert = found.encoders[found.names.index(name)]
    return value if convert is None or value is None else convert(value)


def to_columns(value: Any) -> dict[str, Any]:
    """All fields of a value as its columns hold them."""
    found, row = codec(type(value)), {}
    for name, convert in zip(found.names, found.encoders, strict=True):
        content = getattr(value, name)
        row[name] = content if convert is None or content is None else convert(content)
    return row


def from_columns(entity: type[T], row: Any) -> T:
    """A value from columns that are named as its fields."""
    found = codec(entity)
    fields = {}
    for name, convert in zip(found.names, found.decoders, strict=True):
        content = row[name]
        fields[name] = content if convert is None or content is None else convert(content)
    return entity(**fields)


def from_row(entity: type[T], row: Sequence[Any]) -> T:
    """A value from its columns in the order of its fields."""
    found = codec(entity)
    content = zip(found.names, found.decoders, row, strict=True)
    return entity(**{n: c if f is None or c is None else f(c) for n, f, c in content})


def encoder(annotation: Any) -> Converter | None:
    """How a field's value goes into its column."""
    kind, _ = optional(annotation)
    if kind is str:
        return _kept_text
    if kind is int:
        return _kept_number
    if kind in _PLAIN:
        return None
    if _is_text(kind):
        return str
    return lambda value: _kept_text(canonical(plain(value)))


def _kept_text(value: str) -> str:
    """The text, if both databases can keep it: no zero character, no half of a pair of UTF-16."""
    if "\0" in value or not (value.isascii() or _is_utf8(value)):
        shown = value[:40].replace("\0", "").encode("ascii", "replace").decode()
        raise Invalid(f"“{shown}” holds characters that can't be kept; type it again.")
    return value


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kept_number(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise Invalid("A number is larger than the database can keep; check what was typed.")
    return value


def decoder(annotation: Any) -> Converter | None:
    """How a column's content becomes the field's value."""
    kind, _ = optional(annotation)
    if kind in _PLAIN:
        return None
    if _is_text(kind):
        return kind  # type: ignore[no-any-return]  # the class itself converts
    restore = restorer(kind)
    return json.loads if restore is None else lambda text: restore(json.loads(text))


def _is_text(kind: Any) -> bool:
    return kind is UncertainDate or (isinstance(kind, type) and issubclass(kind, StrEnum))


_AS_JSON = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """Dataclasses, enums, ids and times as JSON has them; bytes as their digest would not restore, so no."""
    if type(value) in _AS_JSON:  # first, because most of what is kept is numbers and words
        return value
    if isinstance(value, list | tuple | frozenset | set):
        return [v if type(v) in _AS_JSON else plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, UncertainDate):
            return value.text
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, StrEnum | UUID):
        return str(value)
    return value


def restorer(annotation: Any) -> Converter | None:
    """How plain JSON becomes the annotated type; None where it is that type already."""
    kind, _ = optional(annotation)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_restorer(get_args(kind))
    if origin in (dict, Mapping):
        inner = restorer(get_args(kind)[1])
        return None if inner is None else lambda value: {k: inner(v) for k, v in value.items()}
    if kind is UUID or _is_text(kind):
        return lambda value: None if value is None else kind(value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_restorer(kind)
    return None


def _tuple_restorer(inner: tuple[Any, ...]) -> Converter:
    if len(inner) == 2 and inner[1] is Ellipsis:
        each = restorer(inner[0])
        return tuple if each is None else lambda value: tuple(each(v) for v in value)
    parts = [restorer(part) for part in inner]
    if not any(parts):
        return tuple
    return lambda value: tuple(v if f is None else f(v) for f, v in zip(parts, value, strict=True))


def _dataclass_restorer(kind: type) -> Converter:
    fields = {name: restorer(annotation) for name, annotation in hints(kind).items()}

    def restore(value: dict[str, Any]) -> Any:
        found = {k: v if (f := fields[k]) is None or v is None else f(v) for k, v in value.items()}
        return kind(**found)

    return restore
