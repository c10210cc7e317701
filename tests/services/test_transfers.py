"""A handover has two people, and both prove who they are."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from forensics.domain.custody import CustodyEvent, CustodyKind
from forensics.domain.errors import Refused
from forensics.domain.records import new_id
from forensics.domain.remains import CustodyState
from forensics.persistence.tables import TABLES
from forensics.persistence.trouble import explain
from forensics.services import custody, storage
from forensics.services.transfers import hand_over, record_transfer
from tests.support.laboratories import PASSWORD
from tests.support.storeroom import Storeroom, either_storeroom, storeroom

__all__ = ["either_storeroom", "storeroom"]


def test_both_parties_stand_in_the_story(storeroom: Storeroom) -> None:
    giver, taker = storeroom.custodian.person, storeroom.technician.person
    things = [*storeroom.items[:2], storeroom.samples[2].id]
    hand_over(storeroom.custodian, giver.id, taker.id, things, PASSWORD)
    item = storeroom.item()
    assert (item.custody, item.holder, item.place) == (CustodyState.CHECKED_OUT, taker.id, None)
    leg = storeroom.custodian.run(custody.item_story, item.id)[-1]
    assert (leg.event.from_person, leg.event.to_person) == (giver.id, taker.id)
    assert leg.what == "Handed over from Nuno Carvalho to Tamara Lindqvist"


def test_the_taker_may_be_signed_in_and_the_giver_prove(storeroom: Storeroom) -> None:
    giver, taker = storeroom.custodian.person, storeroom.technician.person
    hand_over(storeroom.technician, giver.id, taker.id, storeroom.items[:1], PASSWORD)
    assert storeroom.item().holder == taker.id
    # and on, from who has it
    with pytest.raises(Refused, match="only Tamara Lindqvist can hand it over"):
        hand_over(
            storeroom.custodian, giver.id, storeroom.labs.person("analyst").id, storeroom.items[:1], PASSWORD
        )


def test_a_wrong_password_hands_nothing_over(storeroom: Storeroom) -> None:
    giver, taker = storeroom.custodian.person, storeroom.technician.person
    with pytest.raises(Refused, match="not Tamara Lindqvist's; nothing was handed over"):
        hand_over(storeroom.custodian, giver.id, taker.id, storeroom.items[:1], "guessed")
    assert storeroom.item().custody is CustodyState.IN_STORAGE


def test_nobody_hands_over_to_themselves_or_for_two_others(storeroom: Storeroom) -> None:
    me, other = storeroom.custodian.person.id, storeroom.technician.person.id
    with pytest.raises(Refused, match="nobody hands a thing over to themselves"):
        hand_over(storeroom.custodian, me, me, storeroom.items[:1], PASSWORD)
    with pytest.raises(Refused, match="must be signed in here"):
        storeroom.labs["manager"].run(record_transfer, me, other, storeroom.items[:1])


@pytest.mark.parametrize(
    ("giver", "sentence"), [(True, "two people"), (False, "gives and the one who takes")]
)
def test_the_database_keeps_two_parties(either_storeroom: Storeroom, giver: bool, sentence: str) -> None:
    storeroom = either_storeroom
    me = storeroom.custodian.person.id
    row = {
        **dict.fromkeys(TABLES[CustodyEvent].c.keys()), "id": new_id(), "number": "", "revision": 1, "from_party": "",
        "to_party": "", "position": "", "place_text": "", "seal_before": "", "seal_after": "", "condition": "",
        "note": "", "kind": CustodyKind.TRANSFER, "at": storeroom.item().created_at, "item": storeroom.items[0],
        "from_person": me if giver else None, "to_person": me,
    }  # fmt: skip
    engine = storeroom.labs.admin.store.engine.connect().execution_options(nomina_writes=True)
    with engine as connection, pytest.raises(exc.IntegrityError) as caught, connection.begin():
        connection.execute(sa.insert(TABLES[CustodyEvent]), [row])
    assert sentence in str(explain(caught.value))


def test_what_somebody_has_and_another_puts_away_leaves_a_gap(storeroom: Storeroom) -> None:
    giver, taker = storeroom.custodian.person, storeroom.technician.person
    hand_over(storeroom.custodian, giver.id, taker.id, storeroom.items[:2], PASSWORD)
    storeroom.technician.run(storage.move_things, storeroom.items[:1], storeroom.shelf.id)
    storeroom.labs["manager"].run(storage.move_things, storeroom.items[1:2], storeroom.shelf.id)
    good = storeroom.custodian.run(custody.item_story, storeroom.items[0])
    gap = [line for line in storeroom.custodian.run(custody.item_story, storeroom.items[1]) if line.joint]
    assert not any(line.joint for line in good)
    assert [line.joint.words for line in gap if line.joint] == [
        "Gap: Tamara Lindqvist had it; no handover to the next is recorded."
    ]
