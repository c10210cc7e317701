"""What a code names, and that a mistyped one is told."""

from __future__ import annotations

import pytest

from forensics.domain.errors import Invalid
from forensics.domain.remains import CustodyState
from forensics.domain.samples import SampleKind
from forensics.services import samples, scanning
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


def test_items_samples_places_and_badges_are_known_by_their_codes(storeroom: Storeroom) -> None:
    room, run = storeroom, storeroom.custodian.run
    badge = storeroom.technician.person.number
    codes = [room.item().number, room.samples[0].token, room.box.number, badge]
    found = [run(scanning.identify, code.lower()) for code in codes]
    assert [one[0].entity for one in found] == ["remains_item", "sample", "storage_location", "person"]
    item, _sample, place, person = (one[0] for one in found)
    assert (item.where, item.custody, item.is_thing) == (
        "House › Room 1 › Shelf 2",
        CustodyState.IN_STORAGE,
        True,
    )
    assert (place.where, place.is_thing) == ("House › Room 1 › Shelf 2 › Box 7", False)
    assert person.called == "Tamara Lindqvist"


def test_a_mistyped_number_of_ours_is_told_and_a_foreign_one_is_just_unknown(storeroom: Storeroom) -> None:
    number = storeroom.item().number
    wrong = number[:-3] + ("1" if number[-3] != "1" else "2") + number[-2:]
    with pytest.raises(Invalid, match="check character"):
        storeroom.custodian.run(scanning.identify, wrong)
    assert storeroom.custodian.run(scanning.identify, "NOBODY'S-17") == []


def test_who_may_not_read_cases_finds_no_items(storeroom: Storeroom) -> None:
    assert storeroom.labs["admin"].run(scanning.identify, storeroom.item().number) == []


def test_our_own_number_goes_before_one_that_another_institution_gave(storeroom: Storeroom) -> None:
    room, number = storeroom, storeroom.item().number
    room.technician.run(
        samples.accession_sample,
        SampleKind.BONE,
        item=room.items[1],
        taken_outside="elsewhere",
        external_number=number,
    )
    assert [one.entity for one in room.custodian.run(scanning.identify, number)] == ["remains_item"]
    room.technician.run(
        samples.accession_sample,
        SampleKind.BONE,
        item=room.items[1],
        taken_outside="elsewhere",
        external_number="X/7",
    )
    assert [one.entity for one in room.custodian.run(scanning.identify, "X/7")] == ["sample"]
