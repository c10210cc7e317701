"""The audit as people read it: of a record only what happened to it, of an act all that it changed."""

from __future__ import annotations

from datetime import UTC, datetime

from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import Description, ItemKind, RemainsCase
from forensics.services import auditing, operations, remains
from tests.support.laboratories import Staffed


def test_the_history_of_one_item_does_not_tell_that_of_the_others_it_came_with(staffed: Staffed) -> None:
    manager, technician = staffed["manager"], staffed["tamara"]
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9)
    operation = manager.run(operations.create_operation, new)
    case = RemainsCase(
        operation=operation.id, received_at=datetime.now(UTC), received_from="mortuary",
        received_by=technician.person.id, description=Description.COMMINGLED,
    )  # fmt: skip
    made = technician.run(remains.receive_case, case)
    bones = [remains.NewItem(ItemKind.BONE, external_number=f"B{n}") for n in range(5)]
    items = technician.run(remains.add_items, made.id, bones)
    technician.run(remains.change_item, items[2], {"note": "washed"})

    told = manager.run(auditing.history, frozenset({items[2].id}))
    assert [line.what for line in told] == ["Add items", "Change item"]
    words = " ".join(change for line in told for change in line.changes)
    assert items[2].number in words
    assert not any(other.number in words for other in items if other.id != items[2].id)
    assert "more changes" not in words

    both = manager.run(auditing.history, frozenset({items[0].id, items[2].id}))
    words = " ".join(change for line in both for change in line.changes)
    assert items[0].number in words
    assert items[1].number not in words
