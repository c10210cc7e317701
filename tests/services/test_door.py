"""The one door: permission, one transaction, one sealed entry, and listeners who hear what changed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.operations import Operation, OperationKind
from forensics.services import operations, people, samples
from forensics.services.door import Receipt
from tests.support.laboratories import Staffed

NEW = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=20)


def test_without_the_permission_nothing_happens(staffed: Staffed) -> None:
    technician = staffed["tamara"]
    assert not technician.may(operations.create_operation)
    with pytest.raises(Refused, match="Tamara Lindqvist may not manage operations"):
        technician.run(operations.create_operation, NEW)
    assert staffed["manager"].run(operations.operations) == []


def test_an_administrator_sees_no_case_data(staffed: Staffed) -> None:
    from forensics.domain.lists import ListQuery

    with pytest.raises(Refused):
        staffed.admin.run(samples.samples, ListQuery())


def test_listeners_hear_what_changed_after_the_commit(staffed: Staffed) -> None:
    heard: list[Receipt] = []
    manager = staffed["manager"]
    stop = manager.subscribe(heard.append)
    made = manager.run(operations.create_operation, NEW)
    assert heard[0].subjects == {"operation"}
    assert heard[0].act == "operations.create_operation"
    stop()
    manager.run(operations.change_operation, made, {"title": "Another"})
    assert len(heard) == 1


def test_listeners_hear_of_a_colleague_at_the_same_store(staffed: Staffed) -> None:
    heard: list[Receipt] = []
    staffed.admin.subscribe(heard.append)
    manager = staffed.admin.colleague(staffed.person("manager"))
    manager.run(operations.create_operation, NEW)
    assert [receipt.act for receipt in heard] == ["operations.create_operation"]
    assert not staffed.admin.may(operations.create_operation)  # the roles stay each one's own


def test_a_failing_command_tells_nobody_and_seals_nothing(staffed: Staffed) -> None:
    heard: list[Receipt] = []
    manager = staffed["manager"]
    manager.subscribe(heard.append)
    with pytest.raises(Invalid, match="At least one person"):
        manager.run(
            operations.create_operation, Operation(title="x", kind=OperationKind.ROUTINE, number_sought=0)
        )
    assert heard == []


def test_a_command_sent_twice_happens_once(staffed: Staffed) -> None:
    manager, request = staffed["manager"], uuid4()
    first = manager.repeatable(request, operations.create_operation, NEW)
    again = manager.repeatable(request, operations.create_operation, NEW)
    assert again == first
    assert len(manager.run(operations.operations)) == 1


def test_a_query_can_not_write(staffed: Staffed) -> None:
    from forensics.domain.people import Permission
    from forensics.persistence.transaction import Transaction
    from forensics.services.door import query

    @query(Permission.SIGN_IN)
    def sneaky(tx: Transaction) -> None:
        tx.add(NEW)

    with pytest.raises(Exception, match=r"can't be written|read-?only"):
        staffed["manager"].run(sneaky)
    assert staffed["manager"].run(operations.operations) == []


def test_a_role_holds_from_a_day_until_a_day(staffed: Staffed) -> None:
    person = staffed.person("manager")
    yesterday = date.today() - timedelta(days=1)
    manager = staffed["manager"]
    staffed.admin.run(people.set_roles, person.id, list(manager.roles), yesterday)
    manager.refresh_roles()
    assert manager.roles == frozenset()
