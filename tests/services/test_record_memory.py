"""What is kept of the records is always what the database holds at that moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forensics.domain.families import Family
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.people import Permission
from forensics.persistence.transaction import Transaction
from forensics.services import families, operations, record_memory
from forensics.services.door import query
from forensics.services.record_memory import Memo, RecordMemory
from tests.support.laboratories import Staffed, create

ONE = Operation(title="One", kind=OperationKind.ROUTINE, number_sought=9)


@query(Permission.FAMILY_READ)
def both(tx: Transaction, memory: RecordMemory) -> tuple[list[Family], list[Family]]:
    """Families from the memory and from the database."""
    with memory.at(tx) as reader:
        return reader.find(Family, voided_at=None), tx.find(Family, voided_at=None)


@pytest.fixture(params=["a file", "a server"])
def labs(request: pytest.FixtureRequest) -> Iterator[Staffed]:
    if request.param == "a file":
        yield request.getfixturevalue("staffed")
        return
    made = create(request.getfixturevalue("fresh_database")())
    yield made
    made.close()


def found(labs: Staffed, memory: RecordMemory) -> list[Family]:
    kept, there = labs["manager"].run(both, memory)
    assert kept == there
    return kept


def test_what_is_added_changed_and_struck_out_is_read_again_and_nothing_else(labs: Staffed) -> None:
    memory, manager = RecordMemory(), labs["manager"]
    operation = manager.run(operations.create_operation, ONE)
    first = manager.run(families.create_family, operation.id, "First")
    assert found(labs, memory) == [first]
    second = manager.run(families.create_family, operation.id, "Second")
    kept = found(labs, memory)
    assert kept[1] == second
    changed = manager.run(families.change_family, second, {"title": "Other"})
    again = found(labs, memory)
    assert again == [first, changed]
    assert again[0] is kept[0], "what nobody touched is not read again"


def test_an_older_moment_is_read_from_the_database_and_leaves_the_memory_alone(staffed: Staffed) -> None:
    memory, manager = RecordMemory(), staffed["manager"]
    operation = manager.run(operations.create_operation, ONE)
    first = manager.run(families.create_family, operation.id, "First")
    with manager.store.reading(manager.person, "look") as early:
        assert early.find(Family) == [first]  # the file is seen as of now until the end of this transaction
        second = manager.run(families.create_family, operation.id, "Second")
        assert found(staffed, memory) == [first, second]
        assert both(early, memory) == ([first], [first])
    assert found(staffed, memory) == [first, second]


def test_another_history_empties_the_memory(staffed: Staffed) -> None:
    memory, manager = RecordMemory(), staffed["manager"]
    operation = manager.run(operations.create_operation, ONE)
    with pytest.raises(ZeroDivisionError), manager.store.together():
        manager.run(families.create_family, operation.id, "Never was")
        assert [f.title for f in found(staffed, memory)] == ["Never was"]
        raise ZeroDivisionError
    assert found(staffed, memory) == []
    with pytest.raises(ZeroDivisionError), manager.store.together():
        manager.run(families.create_family, operation.id, "Never was either")
        assert len(found(staffed, memory)) == 1
        raise ZeroDivisionError
    manager.run(families.create_family, operation.id, "Is")
    assert [f.title for f in found(staffed, memory)] == ["Is"]


def test_little_memory_keeps_what_was_asked_for_last(labs: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, manager = RecordMemory(most=2), labs["manager"]
    operation = manager.run(operations.create_operation, ONE)
    for title in ("A", "B"):
        manager.run(families.create_family, operation.id, title)
    found(labs, memory)
    assert len(memory.kept) == 1
    monkeypatch.setattr(record_memory, "MANY", 0)
    manager.run(families.create_family, operation.id, "C")
    assert len(found(labs, memory)) == 3
    assert memory.kept == {}


def test_a_value_is_made_again_where_its_source_is_another() -> None:
    made: list[tuple[str, int]] = []

    def make(key: str, source: int) -> int:
        made.append((key, source))
        return -source

    memo = Memo()
    assert memo.all({"a": 1, "b": 2}, make) == {"a": -1, "b": -2}
    assert memo.all({"b": 2, "a": 3}, make) == {"b": -2, "a": -3}
    assert memo.all({"a": 3}, make) == {"a": -3}
    memo.all({"b": 2}, make)
    assert made == [("a", 1), ("b", 2), ("a", 3), ("b", 2)]
