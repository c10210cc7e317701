"""A stock-take: every finding, every way to settle it, resumable, and finished only when all is settled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.remains import CustodyState
from forensics.domain.stock_take import Finding, Resolution, StockTake, StockTakeState
from forensics.services import custody, disposal, stock_taking, storage
from tests.support.storeroom import Storeroom, either_storeroom, storeroom

__all__ = ["either_storeroom", "storeroom"]

F, R = Finding, Resolution


def begin(room: Storeroom, place: UUID | None = None) -> StockTake:
    return room.custodian.run(stock_taking.begin_stock_take, place or room.shelf.id)


def scan(room: Storeroom, count: StockTake, code: str, place: UUID | None = None) -> Finding:
    return room.custodian.run(stock_taking.record_scan, count.id, code, place).finding


def numbers(room: Storeroom) -> list[str]:
    return [room.item(at).number for at in range(4)]


def test_each_scan_is_held_against_the_records(either_storeroom: Storeroom) -> None:
    room = either_storeroom
    run = room.custodian.run
    other = run(storage.create_location, "Shelf 9", room.room.id)
    run(storage.move_things, room.items[1:2], other.id)  # lies on another shelf by the records
    run(disposal.mark_missing, room.items[2], "not found in spring")
    run(disposal.inter, room.items[3:4], disposal.Grave("Cemetery", "D 14", 45.0, 11.0))
    count = begin(room)
    first, second, third, fourth = numbers(room)
    assert scan(room, count, first.lower()) is F.CONFIRMED
    assert scan(room, count, second) is F.MISPLACED
    assert scan(room, count, third) is F.FOUND_AGAIN
    assert scan(room, count, fourth) is F.NOT_HERE
    assert scan(room, count, "B-77") is F.UNKNOWN
    assert scan(room, count, room.samples[0].token) is F.MISPLACED  # by the records it lies nowhere
    told = run(stock_taking.stock_take_record, count.id)
    assert told.tally == {
        F.CONFIRMED: 1, F.MISPLACED: 2, F.FOUND_AGAIN: 1, F.NOT_HERE: 1, F.UNKNOWN: 1, F.MISSING: 0,
    }  # fmt: skip
    why = {line.code: line.why for line in told.lines}
    assert why[second] == "recorded in House › Room 1 › Shelf 9"
    assert why[fourth] == "recorded as interred unidentified: interred unidentified"


def test_a_second_scan_counts_once_and_nothing_is_lost_between(storeroom: Storeroom) -> None:
    room, count = storeroom, begin(storeroom)
    number = numbers(room)[0]
    for code in (number, number.replace("-", ""), "X 1", "X 1"):
        scan(room, count, code)
    again = room.technician.run(stock_taking.stock_take_record, count.id)  # somebody else goes on, later
    assert [line.code for line in again.lines] == ["X 1", number]
    assert len(again.missing) == 3
    with pytest.raises(Refused, match="still open; go on with it"):
        begin(room)


def test_what_two_people_scan_at_once_counts_once(either_storeroom: Storeroom) -> None:
    room, count = either_storeroom, begin(either_storeroom)
    number = numbers(room)[0]
    with ThreadPoolExecutor(2) as threads:
        labs = [room.custodian, room.technician] * 3
        lines = list(threads.map(lambda lab: lab.run(stock_taking.record_scan, count.id, number).id, labs))
    assert len(set(lines)) == 1
    assert len(room.custodian.run(stock_taking.stock_take_record, count.id).lines) == 1


def test_every_discrepancy_is_settled_before_the_end(storeroom: Storeroom) -> None:
    room = storeroom
    run = room.custodian.run
    other = run(storage.create_location, "Shelf 9", room.room.id)
    run(storage.move_things, room.items[1:2], other.id)
    count = begin(room)
    first, second, *_ = numbers(room)
    for code in (first, second, "B-77"):
        scan(room, count, code)
    with pytest.raises(Refused, match="4 discrepancies are not settled"):
        run(stock_taking.finish_stock_take, count.id)
    lines = {line.code: line for line in run(stock_taking.stock_take_record, count.id).lines}
    run(stock_taking.resolve, count.id, lines[second].id, R.RECORD_MOVED)
    with pytest.raises(Invalid, match="Say why"):
        run(stock_taking.resolve, count.id, lines["B-77"].id, R.LEFT)
    with pytest.raises(Invalid, match="can be settled as: left as it is"):
        run(stock_taking.resolve, count.id, lines["B-77"].id, R.LOCATED)
    run(stock_taking.resolve, count.id, lines["B-77"].id, R.LEFT, "label of the mortuary")
    assert run(stock_taking.resolve_all, count.id, F.MISSING, R.MARKED_MISSING) == 2
    done = run(stock_taking.finish_stock_take, count.id)
    assert done.state is StockTakeState.FINISHED
    assert [room.item(at).custody for at in range(4)] == [CustodyState.IN_STORAGE] * 2 + [
        CustodyState.MISSING
    ] * 2
    assert room.item(1).place == room.shelf.id
    kinds = [line.what for line in run(custody.item_story, room.items[0])]
    assert kinds[-1] == "Confirmed at stock-take"
    with pytest.raises(Refused, match="is finished"):
        scan(room, count, first)
    (line,) = run(stock_taking.stock_takes)
    assert (line.scanned, line.discrepancies) == (3, 4)


def test_what_was_marked_missing_and_turns_up_is_located(storeroom: Storeroom) -> None:
    room, count = storeroom, begin(storeroom)
    run = room.custodian.run
    run(stock_taking.resolve, count.id, room.items[0], R.MARKED_MISSING)
    assert scan(room, count, numbers(room)[0]) is F.FOUND_AGAIN
    (line,) = [x for x in run(stock_taking.stock_take_record, count.id).lines if x.finding is F.FOUND_AGAIN]
    run(stock_taking.resolve, count.id, line.id, R.LOCATED)
    assert room.item().place == room.shelf.id


def test_a_whole_room_is_counted_shelf_by_shelf(storeroom: Storeroom) -> None:
    room = storeroom
    count = begin(room, room.room.id)
    run = room.custodian.run
    run(storage.move_things, [s.id for s in room.samples], room.box.id)
    assert scan(room, count, room.samples[0].token, room.box.id) is F.CONFIRMED
    assert scan(room, count, room.samples[1].token, room.shelf.id) is F.MISPLACED
    assert scan(room, count, room.samples[2].token) is F.CONFIRMED  # somewhere in the room is good enough
    stranger = run(storage.create_location, "Annex")
    with pytest.raises(Refused, match="not in what is being counted"):
        scan(room, count, numbers(room)[0], stranger.id)


def test_it_can_be_given_up_with_a_reason(storeroom: Storeroom) -> None:
    count = begin(storeroom)
    with pytest.raises(Invalid, match="Say why"):
        storeroom.custodian.run(stock_taking.give_up_stock_take, count.id, " ")
    storeroom.custodian.run(stock_taking.give_up_stock_take, count.id, "power cut")
    assert begin(storeroom).number != count.number
