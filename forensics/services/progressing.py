"""Taking items forward: an act further on implies the steps before it."""

from collections.abc import Iterable
from uuid import UUID

from forensics.domain.remains import ItemState, RemainsItem
from forensics.persistence.transaction import Transaction

_ORDER = tuple(ItemState)  # the declaration order is the order of work


def advance(tx: Transaction, items: Iterable[RemainsItem], state: ItemState) -> None:
    """Take the items to `state` where they have not come so far yet."""
    for item in items:
        if _ORDER.index(item.state) < _ORDER.index(state):
            tx.change(item, state=state)


def advance_item(tx: Transaction, id: UUID, state: ItemState) -> None:
    """As `advance`, for one item by its id."""
    advance(tx, [tx.get(RemainsItem, id)], state)
