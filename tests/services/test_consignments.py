"""Sent out: in transit, accepted elsewhere, overdue, and back again; seals that don't fit are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from forensics.domain.custody import Consignment, ConsignmentKind, ConsignmentState
from forensics.domain.errors import Invalid, Refused
from forensics.domain.remains import CustodyState
from forensics.services import consignments, custody, storage
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]

SENT = datetime.now(UTC) - timedelta(days=40)


def send(room: Storeroom, things: list[Any], **fields: Any) -> Consignment:
    given = {
        "kind": ConsignmentKind.ANALYSIS,
        "to_party": "University of Vienna",
        "purpose": "radiocarbon",
        "seal": "S-1",
        "due": (SENT + timedelta(days=30)).date(),
    }
    new = Consignment(sent_by=room.custodian.person.id, sent_at=SENT, **{**given, **fields})
    return room.custodian.run(consignments.send, new, things)


def test_what_is_sent_is_in_transit_then_there_then_back(storeroom: Storeroom) -> None:
    room = storeroom
    sent = send(room, [room.items[0], room.samples[0].id])
    assert (room.item().custody, room.item().place) == (CustodyState.IN_TRANSIT, None)
    (line,) = room.custodian.run(consignments.sent_out)
    assert (line.things, line.out, line.days, line.overdue, line.waits) == (2, 2, 40, 10, True)
    with pytest.raises(Refused, match="in transit; record its arrival"):
        room.custodian.run(storage.move_things, room.items[:1], room.shelf.id)
    sent = room.custodian.run(consignments.accept, sent, "Dr Huber", SENT + timedelta(days=2), "S-1")
    assert room.item().custody is CustodyState.ELSEWHERE
    half = room.custodian.run(consignments.take_back, sent, room.items[:1], room.shelf.id, "S-9")
    assert half.state is ConsignmentState.ACCEPTED
    assert room.custodian.run(consignments.sent_out)[0].out == 1
    with pytest.raises(Invalid, match="no longer, out"):
        room.custodian.run(consignments.take_back, half, room.items[:1], room.shelf.id)
    done = room.custodian.run(consignments.take_back, half, [room.samples[0].id], None)
    assert done.state is ConsignmentState.RETURNED
    assert room.sample().holder == room.custodian.person.id
    (line,) = room.custodian.run(consignments.sent_out)
    assert (line.out, line.overdue, line.waits) == (0, 0, False)


def test_transit_is_told_and_another_seal_is_a_gap(storeroom: Storeroom) -> None:
    room = storeroom
    sent = send(room, room.items[:1])
    room.custodian.run(consignments.accept, sent, "Dr Huber", SENT + timedelta(days=3), "S-2")
    between = [line.joint for line in room.custodian.run(custody.item_story, room.items[0]) if line.joint]
    assert [(j.words, j.broken) for j in between][-1] == (
        "Gap: it was closed with seal S-1 and found with seal S-2.", True,
    )  # fmt: skip
    other = send(room, room.items[3:4])
    room.custodian.run(consignments.accept, other, "Dr Huber", SENT + timedelta(days=3), "S-1")
    joint = room.custodian.run(custody.item_story, room.items[3])[-1].joint
    assert joint is not None
    assert (joint.words, joint.broken) == ("In transit for 3 days.", False)


def test_what_is_sent_for_good_is_not_outstanding_once_it_arrived(storeroom: Storeroom) -> None:
    room = storeroom
    sent = send(room, room.items[:1], kind=ConsignmentKind.TRANSFER, due=None)
    closed = room.custodian.run(consignments.accept, sent, "Clerk", SENT + timedelta(days=1), "")
    assert closed.state is ConsignmentState.CLOSED
    assert not room.custodian.run(consignments.sent_out)[0].waits


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to_party": " "}, "to whom"),
        ({"due": None}, "expected back"),
        ({"due": (SENT - timedelta(days=1)).date()}, "before it is sent"),
    ],
)
def test_a_loan_needs_a_party_a_purpose_and_a_day(
    storeroom: Storeroom, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        send(storeroom, storeroom.items[:1], **fields)


def test_a_seal_that_is_opened_and_put_on_again_stands_in_the_story(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(consignments.note_seal, room.items[0], "S-1", "S-2", "weighed")
    line = room.custodian.run(custody.item_story, room.items[0])[-1]
    assert (line.what, line.detail) == ("Sealed again", "seal S-1 → S-2; weighed")
    with pytest.raises(Invalid, match="number of the seal"):
        room.custodian.run(consignments.note_seal, room.items[0], "", "", "weighed")
