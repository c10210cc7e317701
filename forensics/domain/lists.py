"""How a list is asked for: text, filters, order, a window of rows. The database does the work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Row = TypeVar("Row", covariant=True)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """`filters` maps a filter's name to the chosen values (any of them); `limit` rows from `offset`."""

    text: str = ""
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and how many there are in all."""

    rows: tuple[Row, ...]
    total: int
