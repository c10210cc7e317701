"""Facts of a report ↔ canonical JSON; the SHA-256 of that JSON is what a report's code carries.

Canonical: UTF-8, fields in their declared order and mappings in their own (the order of alleles in a table is
the ladder), no spaces, floats in Python's shortest exact form; what was read is written again byte for byte.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from forensics.domain.errors import Invalid
from forensics.domain.facts import ExclusionFacts, FamilyFacts, IdentificationFacts, MatchFacts, ReportFacts

SCHEMA = "nomina-report-facts/1"
KINDS: dict[str, type[ReportFacts]] = {
    "match": MatchFacts,
    "identification": IdentificationFacts,
    "exclusion": ExclusionFacts,
    "family": FamilyFacts,
}


def kind_of(facts: ReportFacts) -> str:
    """The registered name of the facts' kind."""
    return next(name for name, cls in KINDS.items() if type(facts) is cls)


def write(facts: ReportFacts) -> bytes:
    """Canonical JSON of a report's facts."""
    content = {"schema": SCHEMA, "kind": kind_of(facts), "facts": _plain(facts)}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(facts: ReportFacts) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(write(facts)).hexdigest()


def read(data: bytes) -> ReportFacts:
    """Facts from JSON; `Invalid` says what is wrong when the text is not a report's facts."""
    try:
        content = json.loads(data)
    except ValueError as error:
        raise Invalid("The attached facts are not readable JSON; ask the laboratory for a copy.") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA or content.get("kind") not in KINDS:
        raise Invalid(f"The attached facts are not {SCHEMA}; a newer program may read them.")
    try:
        facts: ReportFacts = _value(KINDS[content["kind"]], content["facts"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Invalid(
            f"The attached facts are malformed ({error}); ask the laboratory for a copy."
        ) from error
    return facts


def _plain(value: Any) -> Any:
    """Dataclasses, enums and dates as JSON values."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _value(kind: Any, plain: Any) -> Any:
    """The JSON value `plain` as the annotated type `kind`."""
    origin = get_origin(kind)
    if kind is object or kind is Any:
        return plain
    if origin in (Union, types.UnionType):
        return None if plain is None else _value(_not_none(kind), plain)
    if origin is tuple:
        return _tuple(get_args(kind), plain)
    if origin is not None:
        return {key: _value(get_args(kind)[1], item) for key, item in plain.items()}
    return _scalar(kind, plain)


def _not_none(kind: Any) -> Any:
    """The only other member of an optional type."""
    return next(part for part in get_args(kind) if part is not type(None))


def _tuple(parts: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_value(parts[0], item) for item in plain)
    return tuple(_value(part, item) for part, item in zip(parts, plain, strict=True))


def _scalar(kind: Any, plain: Any) -> Any:
    if is_dataclass(kind):
        known = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _value(known[name], item) for name, item in plain.items()})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(plain)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if not isinstance(plain, kind):
        raise TypeError(f"{plain!r} is not {kind.__name__}")
    return plain
