"""What a person names on the command line: an operation, a case, a match, a report, by number or title.

Numbers carry a check character, so a mistyped one is told at once and never names another record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.lists import ListQuery, Page
from forensics.domain.numbers import demand_sound

if TYPE_CHECKING:
    from forensics.domain.operations import Operation
    from forensics.services.door import Laboratory


class Numbered(Protocol):
    """A row of a list that has a human number."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> str: ...


Row = TypeVar("Row", bound=Numbered)


def operation(lab: Laboratory, wanted: str | None) -> Operation:
    """The operation with this number or title; without one, the only open operation there is."""
    from forensics.services.operations import operations

    found = lab.run(operations)
    return _named(found, wanted) if wanted else _only([op for op in found if not op.closed])


def _only(found: Sequence[Operation]) -> Operation:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Invalid("This laboratory has no open operation yet: create one in the window first.")
    raise Invalid(f"There are several operations: choose one with --operation ({_list(found)}).")


def _named(found: Sequence[Operation], wanted: str) -> Operation:
    plain = wanted.strip().casefold()
    fitting = [op for op in found if plain in (op.number.casefold(), op.title.casefold())]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Invalid(f"Several operations are called {wanted!r}: give the number ({_list(fitting)}).")
    raise Invalid(f"There is no operation {wanted!r}; there are: {_list(found) or 'none'}.")


def _list(found: Sequence[Operation]) -> str:
    return ", ".join(f"{op.number} {op.title}" for op in found)


def numbered(ask: Callable[[ListQuery], Page[Row]], number: str, what: str) -> Row:
    """The row of a list with this number; `Invalid` when it was mistyped or is not there."""
    sound = demand_sound(number)
    for row in ask(ListQuery(text=sound, limit=50)).rows:
        if row.number == sound:
            return row
    raise Invalid(f"There is no {what} {sound} here, or not for you to see.")
