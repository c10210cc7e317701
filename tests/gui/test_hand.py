"""What scans mean together."""

from __future__ import annotations

from uuid import UUID

import pytest

from forensics.domain.records import new_id
from forensics.services.scanning import Scanned
from gui.hand import PATIENCE, Hand, Step

ME, OTHER = new_id(), new_id()


def scanned(entity: str, id: UUID | None = None) -> Scanned:
    return Scanned(entity, id or new_id(), "N-1", "what", "where", 1)


THING, SAMPLE, PLACE = scanned("remains_item"), scanned("sample"), scanned("storage_location")
MINE, THEIRS = scanned("person", ME), scanned("person", OTHER)


@pytest.mark.parametrize(
    ("scans", "steps"),
    [
        ([PLACE], [Step.OPEN]),
        ([THING, PLACE], [Step.TAKEN, Step.MOVE]),
        ([THING, SAMPLE, PLACE], [Step.TAKEN, Step.TAKEN, Step.MOVE]),
        ([MINE, THING, SAMPLE, THEIRS], [Step.GIVER, Step.TAKEN, Step.TAKEN, Step.HAND_OVER]),
        ([THING, THEIRS], [Step.TAKEN, Step.HAND_OVER]),
        ([THING, MINE], [Step.TAKEN, Step.SAME]),
        ([THEIRS, THING, THEIRS], [Step.GIVER, Step.TAKEN, Step.SAME]),
        ([MINE, THEIRS], [Step.GIVER, Step.NOTHING_IN_HAND]),
        ([MINE, MINE], [Step.GIVER, Step.SAME]),
        ([THEIRS, THING, PLACE], [Step.GIVER, Step.TAKEN, Step.OPEN]),
        ([scanned("remains_case")], [Step.OPEN]),
    ],
)
def test_scans_in_a_row(scans: list[Scanned], steps: list[Step]) -> None:
    hand = Hand(ME)
    assert [hand.take(one, float(at)) for at, one in enumerate(scans)] == steps


def test_what_was_scanned_long_ago_is_not_meant_any_more() -> None:
    hand = Hand(ME)
    hand.take(THING, 0.0)
    assert hand.take(PLACE, PATIENCE + 1) is Step.OPEN
    hand.take(THING, PATIENCE + 2)
    assert hand.take(PLACE, PATIENCE * 2) is Step.MOVE


def test_the_same_thing_scanned_twice_is_in_hand_once() -> None:
    hand = Hand(ME)
    hand.take(THING, 0.0)
    hand.take(THING, 1.0)
    assert list(hand.things) == [THING.id]
