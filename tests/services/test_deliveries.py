"""Several cases received at once, what does not agree with the paper, and what may be the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forensics.domain.anthropology import Side
from forensics.domain.deliveries import Delivery, DeliveryState, DiscrepancyKind, SealFinding
from forensics.domain.errors import Invalid, NominaError, Refused
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import Description, ItemKind, ItemState, RemainsItem
from forensics.domain.samples import SampleKind
from forensics.services import deliveries, examinations, external_numbers, operations, remains, samples
from forensics.services.deliveries import NewCase
from forensics.services.door import Laboratory
from tests.support.laboratories import Staffed, create

LOT = remains.NewItem(ItemKind.FRAGMENTS, count=3)
FEMUR = remains.NewItem(ItemKind.BONE, "femur", Side.LEFT)


def paper(staffed: Staffed, **fields: Any) -> Delivery:
    """A delivery as it is filled in, of a new operation."""
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9)
    operation = fields.pop("operation", None) or staffed["manager"].run(operations.create_operation, new).id
    given: dict[str, Any] = {
        "received_at": datetime.now(UTC) - timedelta(hours=1),
        "received_by": staffed["custodian"].person.id,
        "delivered_by": "Sgt. Okafor",
        "institution": "Harbour police",
        "authority": "Prosecutor's office",
        "order_reference": "KT-204/24",
    }
    return Delivery(operation=operation, **given | fields)


def received(staffed: Staffed, *cases: NewCase, **fields: Any) -> Delivery:
    remarks = fields.pop("remarks", ())
    return staffed["custodian"].run(
        deliveries.receive_delivery, paper(staffed, **fields), cases, None, remarks
    )


def items_of(lab: Laboratory, delivery: Delivery) -> list[list[RemainsItem]]:
    """The items of a delivery, case by case."""
    record = lab.run(deliveries.delivery_record, delivery.id)
    cases = [lab.run(remains.case_record, line.id) for line in record.cases]
    return [[lab.run(remains.item_record, line.id).item for line in case.items] for case in cases]


def test_what_agrees_is_accepted_at_once(staffed: Staffed) -> None:
    first = NewCase(Description.BODY_PART, "H-1", (FEMUR,), 1, "A-1", "a-1")
    second = NewCase(Description.COMMINGLED, "H-2", (LOT, FEMUR), 4)
    delivery = received(staffed, first, second)
    assert delivery.number.startswith("DL-")
    assert delivery.state is DeliveryState.AGREES
    (line,) = staffed["custodian"].run(deliveries.deliveries, ListQuery(text="okafor")).rows
    assert (line.cases, line.items, line.open) == (2, 3, 0)
    found = items_of(staffed["custodian"], delivery)
    assert {item.state for case in found for item in case} == {ItemState.ACCEPTED}
    record = staffed["custodian"].run(deliveries.delivery_record, delivery.id)
    assert [seal.finding for seal in record.seals] == [SealFinding.INTACT]
    assert sorted(record.stated.values()) == [1, 4]


def test_what_does_not_agree_freezes_its_case_until_it_is_settled(staffed: Staffed) -> None:
    custodian, technician = staffed["custodian"], staffed["tamara"]
    odd = NewCase(Description.COMMINGLED, "H-2", (FEMUR, LOT), 5, "A-2, A-3", "A-2 broken, B-9")
    delivery = received(staffed, NewCase(Description.BODY_PART, "H-1", (FEMUR,)), odd)
    assert delivery.state is DeliveryState.DISCREPANT
    whole, frozen = items_of(custodian, delivery)
    assert {item.state for item in whole} == {ItemState.ACCEPTED}
    assert {item.state for item in frozen} == {ItemState.DISCREPANT}
    record = custodian.run(deliveries.delivery_record, delivery.id)
    assert [one.what for one in record.discrepancies] == [
        "Seals: A-2 broken; A-3 missing; B-9 not on the paper.",
        "The paper states 5 pieces, 4 were found.",
    ]
    with pytest.raises(Refused, match="frozen by a discrepancy"):
        technician.run(samples.plan_sample, frozen[0].id, SampleKind.BONE)
    with pytest.raises(Refused, match="frozen"):
        custodian.run(remains.set_item_state, frozen[0].id, ItemState.ACCEPTED)
    with pytest.raises(Refused, match="frozen"):
        staffed["anthropologist"].run(examinations.begin_examination, frozen[0].case)
    with pytest.raises(Invalid, match="what was found out"):
        custodian.run(deliveries.settle_discrepancy, record.discrepancies[0], " ")
    custodian.run(deliveries.settle_discrepancy, record.discrepancies[0], "Opened by customs, note of 3 May.")
    assert {item.state for item in items_of(custodian, delivery)[1]} == {ItemState.DISCREPANT}
    (later,) = custodian.run(remains.add_items, frozen[0].case, [FEMUR])
    assert later.state is ItemState.DISCREPANT
    custodian.run(deliveries.settle_discrepancy, record.discrepancies[1], "Two fragments belong together.")
    assert {item.state for item in items_of(custodian, delivery)[1]} == {ItemState.ACCEPTED}
    settled = custodian.run(deliveries.delivery_record, delivery.id)
    assert settled.delivery.state is DeliveryState.SETTLED
    with pytest.raises(NominaError):
        custodian.run(deliveries.settle_discrepancy, settled.discrepancies[0], "Once more.")


def test_a_discrepancy_found_later_returns_items_to_where_they_were(staffed: Staffed) -> None:
    custodian = staffed["custodian"]
    delivery = received(staffed, NewCase(Description.BODY_PART, contents=(FEMUR, FEMUR)))
    ((first, _second),) = items_of(custodian, delivery)
    custodian.run(remains.set_item_state, first.id, ItemState.INVENTORIED)
    raised = custodian.run(
        deliveries.raise_discrepancy,
        delivery.id,
        None,
        DiscrepancyKind.PAPERS,
        "The order names another grave.",
    )
    ((one, two),) = items_of(custodian, delivery)
    assert one.state is two.state is ItemState.DISCREPANT
    custodian.run(deliveries.settle_discrepancy, raised, "The prosecutor corrected the order.")
    ((one, two),) = items_of(custodian, delivery)
    assert (one.state, two.state) == (ItemState.INVENTORIED, ItemState.ACCEPTED)


def test_what_may_be_the_same_is_told_before_saving(staffed: Staffed) -> None:
    custodian = staffed["custodian"]
    case = NewCase(Description.BODY_PART, "H-1", (FEMUR,), None, "A-1", "A-1")
    delivery = received(staffed, case)
    again = paper(staffed, operation=delivery.operation)
    told = [one.why for one in custodian.run(deliveries.alike, again, [case])]
    assert told == [
        "Order KT-204/24 of the same authority was received before",
        "The number H-1 is known already",
        "The seal A-1 was received before",
        "Body part came from the same giver on the same day",
    ]
    (line,) = custodian.run(deliveries.delivery_record, delivery.id).cases
    custodian.run(external_numbers.add_number, "remains_case", line.id, "M 77", "City mortuary")
    other = paper(staffed, order_reference="", delivered_by="Customs", institution="")
    found = custodian.run(deliveries.alike, other, [NewCase(Description.CREMAINS, "M 77")])
    assert [(one.why, one.number) for one in found] == [("The number M 77 is known already", line.number)]


def test_what_can_not_be_a_delivery_is_refused_whole(staffed: Staffed) -> None:
    case = NewCase(Description.BODY_PART, seals_found="A-1")
    with pytest.raises(Invalid, match="at least one case"):
        received(staffed)
    with pytest.raises(Invalid, match="who brought"):
        received(staffed, case, delivered_by=" ")
    with pytest.raises(Invalid, match="stands in two cases"):
        received(staffed, case, case)
    with pytest.raises(Invalid, match="twice"):
        received(staffed, NewCase(Description.BODY_PART, seals_found="A-1, a-1"))
    with pytest.raises(Invalid, match="future"):
        received(staffed, case, received_at=datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(Refused):
        staffed["analyst"].run(deliveries.receive_delivery, paper(staffed), [case])
    assert staffed["custodian"].run(deliveries.deliveries, ListQuery()).total == 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_who_settle_at_once_leave_nothing_frozen(
    database: str, staffed: Staffed, request: pytest.FixtureRequest
) -> None:
    if database == "postgresql":
        staffed = create(request.getfixturevalue("fresh_database")())
        request.addfinalizer(staffed.close)
    odd = NewCase(Description.COMMINGLED, contents=(FEMUR, LOT), pieces_stated=9, seals_stated="A-2")
    delivery = received(staffed, odd)
    people = staffed["custodian"], staffed["tamara"]
    found = people[0].run(deliveries.delivery_record, delivery.id).discrepancies

    def settle(at: int, of: int) -> bool:
        try:
            people[at].run(deliveries.settle_discrepancy, found[of], "Found out.")
        except NominaError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(settle, (0, 1), (0, 1))) == [True, True]
    ((one, two),) = items_of(people[0], delivery)
    assert one.state is two.state is ItemState.ACCEPTED
    record = people[0].run(deliveries.delivery_record, delivery.id)
    assert record.delivery.state is DeliveryState.SETTLED
    assert not settle(0, 0)
