"""Receiving, items, samples and their people, re-association and undoing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from forensics.domain.anthropology import Side
from forensics.domain.errors import Invalid, Refused
from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import (
    Association,
    AssociationState,
    Basis,
    Description,
    ItemKind,
    ItemState,
    RemainsCase,
)
from forensics.domain.samples import SampleKind, SampleState
from forensics.services import custody, operations, remains, samples
from tests.support.laboratories import Staffed

BONES = (
    remains.NewItem(ItemKind.BONE, "femur", Side.LEFT),
    remains.NewItem(ItemKind.BONE, "femur", Side.RIGHT),
    remains.NewItem(ItemKind.BONE, "tibia", Side.LEFT),
    remains.NewItem(ItemKind.BONE, "mandible", Side.MIDLINE),
)


@pytest.fixture
def items(staffed: Staffed) -> list[UUID]:
    """Four bones of one delivery."""
    new = Operation(title="Search", kind=OperationKind.ROUTINE, number_sought=9)
    operation = staffed["manager"].run(operations.create_operation, new)
    technician = staffed["tamara"]
    case = RemainsCase(
        operation=operation.id,
        received_at=datetime.now(UTC) - timedelta(hours=1),
        received_from="City mortuary",
        received_by=technician.person.id,
        seals="S-1",
        description=Description.COMMINGLED,
    )
    technician.run(remains.receive_case, case, BONES)
    return [line.id for line in technician.run(remains.items, ListQuery()).rows]


def test_one_intake_many_items_each_with_its_first_leg(staffed: Staffed, items: list[UUID]) -> None:
    lines = staffed["tamara"].run(remains.items, ListQuery()).rows
    assert [(line.element, line.side) for line in lines] == [(b.element, b.side) for b in BONES]
    story = staffed["tamara"].run(custody.item_story, items[0])
    assert [(leg.what, leg.who, leg.detail) for leg in story] == [
        ("Received from City mortuary", "Tamara Lindqvist", "seal S-1")
    ]


def test_what_can_not_be_is_refused(staffed: Staffed, items: list[UUID]) -> None:
    technician = staffed["tamara"]
    case = technician.run(remains.item_record, items[0]).case
    with pytest.raises(Invalid, match="mass"):
        technician.run(remains.add_items, case.id, [remains.NewItem(ItemKind.BONE, mass_g=-2)])
    from dataclasses import replace

    from forensics.domain.records import new_id

    later = replace(case, id=new_id(), number="", received_at=datetime.now(UTC) + timedelta(days=2))
    with pytest.raises(Invalid, match="future"):
        technician.run(remains.receive_case, later)


def test_sampling_needs_authorisation_a_witness_and_another_receiver(
    staffed: Staffed, items: list[UUID]
) -> None:
    technician, custodian = staffed["tamara"], staffed["custodian"]
    planned = technician.run(samples.plan_sample, items[0], SampleKind.BONE)
    with pytest.raises(Refused, match="case manager must authorise"):
        technician.run(samples.take_sample, planned.id, custodian.person.id)
    staffed["manager"].run(samples.authorise_sample, planned.id)
    with pytest.raises(Refused, match="witness"):
        technician.run(samples.take_sample, planned.id, technician.person.id)
    taken = technician.run(samples.take_sample, planned.id, custodian.person.id, 1500.0)
    assert taken.state is SampleState.TAKEN
    with pytest.raises(Refused, match="received by another person"):
        technician.run(samples.receive_sample, planned.id)
    received = custodian.run(samples.receive_sample, planned.id)
    assert received.state is SampleState.ACCESSIONED
    assert technician.run(remains.item_record, items[0]).item.state is ItemState.SAMPLED
    found = technician.run(samples.sample_of_token, received.token.lower())
    assert found.id == received.id
    with pytest.raises(Invalid, match="check character"):
        technician.run(samples.sample_of_token, received.token[1] + received.token[0] + received.token[2:])


def _propose(lab: Staffed, a: UUID, b: UUID) -> Association:
    return lab["analyst"].run(remains.propose_association, a, b, Basis.DNA, "LR 10^12", 12.0)


def _individuals(lab: Staffed, items: list[UUID]) -> list[UUID | None]:
    return [lab["tamara"].run(remains.item_record, item).item.individual for item in items]


def test_accepted_associations_unite_and_undoing_tells_apart(staffed: Staffed, items: list[UUID]) -> None:
    a, b, c, d = items
    links = [_propose(staffed, a, b), _propose(staffed, c, d), _propose(staffed, b, c)]
    with pytest.raises(Refused, match="decided by another person"):
        staffed["analyst"].run(remains.decide_association, links[0].id, True)
    for link in links:
        staffed["reviewer"].run(remains.decide_association, link.id, True)
    assert len(set(_individuals(staffed, items))) == 1
    staffed["reviewer"].run(remains.undo_association, links[2].id, "different sex")
    first = _individuals(staffed, items)
    assert first[0] == first[1] != first[2] == first[3]
    staffed["reviewer"].run(remains.undo_association, links[0].id, "wrong side")
    assert _individuals(staffed, items)[:2] == [None, None]


def test_a_pair_is_proposed_once(staffed: Staffed, items: list[UUID]) -> None:
    link = _propose(staffed, items[0], items[1])
    with pytest.raises(Invalid, match="already proposed"):
        _propose(staffed, items[1], items[0])
    with pytest.raises(Invalid, match="itself"):
        _propose(staffed, items[0], items[0])
    rejected = staffed["reviewer"].run(remains.decide_association, link.id, False, "two right femora")
    assert rejected.state is AssociationState.REJECTED
    assert _individuals(staffed, items[:2]) == [None, None]
