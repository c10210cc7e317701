"""The tree of places, positions in boxes, moving with undo, and two people who are faster than each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from forensics.domain.custody import CustodyKind, PlaceKind
from forensics.domain.errors import Conflict, Invalid, NominaError, Refused
from forensics.services import custody, disposal, storage
from forensics.services.storage import move_things
from tests.support.storeroom import Storeroom, either_storeroom, storeroom

__all__ = ["either_storeroom", "storeroom"]


def test_the_tree_counts_what_lies_there_and_below(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(move_things, [s.id for s in room.samples], room.box.id)
    lines = {line.path[-1]: line for line in room.custodian.run(storage.storage_tree)}
    assert {name: (line.items, line.samples, line.inside) for name, line in lines.items()} == {
        "House": (0, 0, 7), "Room 1": (0, 0, 7), "Shelf 2": (4, 0, 7), "Box 7": (0, 3, 3),
    }  # fmt: skip
    assert lines["Box 7"].path == ("House", "Room 1", "Shelf 2", "Box 7")


def test_a_box_gives_each_thing_the_next_free_position(storeroom: Storeroom) -> None:
    room, box = storeroom, storeroom.box.id
    first, second, third = (s.id for s in room.samples)
    room.custodian.run(move_things, [first], box, "a2")
    room.custodian.run(move_things, [second, third], box)
    lying = room.custodian.run(storage.lying_in, box)
    assert {one.id: one.position for one in lying} == {first: "A2", second: "A1", third: "A3"}
    with pytest.raises(Refused, match="already lies in Box 7 A2"):
        room.custodian.run(move_things, [room.items[0]], box, "A2")
    with pytest.raises(Invalid, match="no position D1"):
        room.custodian.run(move_things, [room.items[0]], box, "D1")
    with pytest.raises(Refused, match="2 free positions from C3"):
        room.custodian.run(move_things, room.items, box, "C3")


def test_a_shelf_over_its_capacity_is_remarked_and_a_full_box_refuses(storeroom: Storeroom) -> None:
    room = storeroom
    tight = room.custodian.run(storage.create_location, "Drawer", room.shelf.id, 1, PlaceKind.BOX)
    assert room.custodian.run(move_things, room.items[:1], tight.id).remark == ""
    assert "2, more than its 1" in room.custodian.run(move_things, room.items[1:2], tight.id).remark
    small = room.custodian.run(
        storage.create_location, "Tray", room.shelf.id, kind=PlaceKind.BOX, rows=1, columns=2
    )
    with pytest.raises(Refused, match="2 free positions"):
        room.custodian.run(move_things, [s.id for s in room.samples], small.id)


def test_a_box_keeps_the_positions_that_are_filled(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(move_things, [room.samples[0].id], room.box.id, "C4")
    with pytest.raises(Refused, match="lies in C4"):
        room.custodian.run(storage.change_location, room.box, {"rows": 2})
    with pytest.raises(Invalid, match="shelf does not stand in a box"):
        room.custodian.run(storage.create_location, "Shelf", room.box.id, kind=PlaceKind.SHELF)


def test_a_box_moves_with_everything_in_it(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(move_things, [s.id for s in room.samples], room.box.id)
    other = room.custodian.run(storage.create_location, "Shelf 3", room.room.id, kind=PlaceKind.SHELF)
    room.custodian.run(storage.move_place, room.box, other.id, "defrosting")
    lines = {line.path[-1]: line for line in room.custodian.run(storage.storage_tree)}
    assert lines["Box 7"].path[-2] == "Shelf 3"
    assert lines["Shelf 3"].inside == 3
    for sample in room.samples:
        last = room.technician.run(custody.sample_story, sample.id)[-1]
        assert (last.event.kind, last.where) == (CustodyKind.MOVE, "Box 7 " + last.event.position)
        assert last.detail == "with Box 7 to Shelf 3; defrosting"
    with pytest.raises(Refused, match="into itself"):
        room.custodian.run(storage.move_place, room.room, room.shelf.id)


def test_a_move_can_be_undone_and_both_stay_in_the_story(storeroom: Storeroom) -> None:
    room = storeroom
    before = room.item()
    (moved,) = room.custodian.run(move_things, [before.id], room.box.id).things
    back = room.custodian.run(
        storage.put_back, before.id, moved.revision, before.place, before.position, before.holder
    )
    assert (back.place, back.position) == (room.shelf.id, "")
    story = room.custodian.run(custody.item_story, before.id)
    moves = [line.where for line in story if line.event.kind is CustodyKind.MOVE]
    assert moves == ["Box 7 A1", "Shelf 2"]


def test_what_is_recorded_elsewhere_is_not_simply_put_somewhere(storeroom: Storeroom) -> None:
    room = storeroom
    grave = disposal.Grave("Municipal cemetery", "D 14", 45.4, 11.9)
    room.custodian.run(disposal.inter, room.items[:1], grave)
    with pytest.raises(Refused, match="record the exhumation first"):
        room.custodian.run(move_things, room.items[:1], room.box.id)


def test_who_scanned_before_somebody_else_moved_it_is_told(storeroom: Storeroom) -> None:
    room = storeroom
    seen = {room.items[0]: room.item().revision}
    room.technician.run(move_things, room.items[:1], room.box.id)
    with pytest.raises(Conflict, match=r"Tamara Lindqvist after you scanned it; scan it again"):
        room.custodian.run(move_things, room.items[:1], room.room.id, revisions=seen)


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All acts in threads of their own; what they returned or refused with."""

    def tried(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except NominaError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(tried, acts))


def test_of_two_who_move_the_same_tube_at_once_one_is_told(either_storeroom: Storeroom) -> None:
    room = either_storeroom
    tube = room.sample()
    seen = {tube.id: tube.revision}
    answers = _at_once(
        lambda: room.custodian.run(move_things, [tube.id], room.box.id, revisions=seen),
        lambda: room.technician.run(move_things, [tube.id], room.shelf.id, revisions=seen),
    )
    told = [one for one in answers if isinstance(one, Conflict)]
    assert len(told) == 1, answers
    assert "changed by" in str(told[0])
    assert room.sample().revision == tube.revision + 1


def test_of_two_who_fill_the_same_position_at_once_one_is_told(either_storeroom: Storeroom) -> None:
    room = either_storeroom
    answers = _at_once(
        lambda: room.custodian.run(move_things, [room.items[0]], room.box.id, "B2"),
        lambda: room.technician.run(move_things, [room.samples[1].id], room.box.id, "B2"),
    )
    told = [one for one in answers if isinstance(one, NominaError)]
    assert [type(one) for one in told] == [Refused], answers
    assert "choose a free position" in str(told[0])
    assert len(room.custodian.run(storage.lying_in, room.box.id)) == 1


def test_boxes_take_room_on_their_shelf(storeroom: Storeroom) -> None:
    room = storeroom
    drawer = room.custodian.run(storage.create_location, "Drawer", room.room.id, 1, PlaceKind.SHELF)
    room.custodian.run(storage.create_location, "Box 8", drawer.id)
    line = next(x for x in room.custodian.run(storage.storage_tree) if x.id == drawer.id)
    assert (line.held, line.taken) == (0, 1)
    assert "2, more than its 1" in room.custodian.run(move_things, room.items[:1], drawer.id).remark
