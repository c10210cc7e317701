"""Graves with coordinates, exhumations, destruction by two people, missing and located."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from forensics.domain.errors import Invalid, Refused
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.persistence.tables import TABLES
from forensics.persistence.trouble import explain
from forensics.services import custody, disposal, storage
from tests.support.storeroom import Storeroom, either_storeroom, storeroom

__all__ = ["either_storeroom", "storeroom"]

GRAVE = disposal.Grave("Municipal cemetery", "D 14", 45.40612, 11.87341)


def test_a_grave_and_the_way_back_from_it(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(disposal.inter, room.items[:2], GRAVE)
    assert room.item().custody is CustodyState.INTERRED
    line = room.custodian.run(custody.item_story, room.items[0])[-1]
    assert (line.where, line.detail) == ("Municipal cemetery, D 14", "45.40612, 11.87341")
    with pytest.raises(Invalid, match="order"):
        room.custodian.run(disposal.bring_back, room.items[:1], room.shelf.id, " ")
    room.custodian.run(disposal.bring_back, room.items[:1], room.shelf.id, "Order 12/26")
    assert room.item().place == room.shelf.id
    assert not any(line.joint for line in room.custodian.run(custody.item_story, room.items[0]))


@pytest.mark.parametrize(
    "grave", [disposal.Grave("Cemetery", " ", 45.0, 11.0), disposal.Grave("Cemetery", "D 14", 145.0, 11.0)]
)
def test_a_grave_needs_its_number_and_possible_coordinates(
    storeroom: Storeroom, grave: disposal.Grave
) -> None:
    with pytest.raises(Invalid):
        storeroom.custodian.run(disposal.inter, storeroom.items[:1], grave)


def test_two_people_authorise_and_a_third_may_destroy(storeroom: Storeroom) -> None:
    room, item = storeroom, storeroom.items[0]
    with pytest.raises(Refused, match="two different people"):
        room.custodian.run(disposal.destroy, item, "incinerated")
    room.labs["manager"].run(disposal.authorise_destruction, item, "order 7")
    with pytest.raises(Refused, match="two different people"):
        room.labs["manager"].run(disposal.authorise_destruction, item, "order 7")
    with pytest.raises(Refused, match="two different people"):
        room.custodian.run(disposal.destroy, item, "incinerated")
    room.labs["coordinator"].run(disposal.authorise_destruction, item, "order 7")
    room.custodian.run(disposal.destroy, item, "incinerated, hospital")
    assert room.item().custody is CustodyState.DESTROYED
    with pytest.raises(Refused, match="may not authorise destructions"):
        room.custodian.run(disposal.authorise_destruction, room.items[1], "order 8")


def test_a_destruction_can_be_withdrawn(storeroom: Storeroom) -> None:
    room, item = storeroom, storeroom.items[0]
    room.labs["manager"].run(disposal.authorise_destruction, item, "order 7")
    room.labs["quality"].run(disposal.withdraw_destruction, item, "wrong item")
    room.labs["coordinator"].run(disposal.authorise_destruction, item, "order 9")
    with pytest.raises(Refused, match="two different people"):
        room.custodian.run(disposal.destroy, item, "incinerated")


def _write(room: Storeroom, **values: Any) -> str:
    """What another program could try, and what the database says."""
    table = TABLES[RemainsItem]
    statement = (
        sa.update(table)
        .where(table.c.id == room.items[0])
        .values(revision=room.item().revision + 1, **values)
    )
    engine = room.labs.admin.store.engine.connect().execution_options(nomina_writes=True)
    with engine as connection, pytest.raises(exc.IntegrityError) as caught, connection.begin():
        connection.execute(statement)
    return str(explain(caught.value))


def test_the_database_destroys_nothing_without_two_people(either_storeroom: Storeroom) -> None:
    storeroom = either_storeroom
    me = storeroom.labs["manager"].person.id
    assert "two different people" in _write(storeroom, custody="destroyed", destruction_first=me)
    assert "two different people" in _write(storeroom, destruction_first=me, destruction_second=me)


def test_what_is_missing_is_located_by_putting_it_somewhere(storeroom: Storeroom) -> None:
    room = storeroom
    room.custodian.run(disposal.mark_missing, room.items[0], "whole room searched")
    assert (room.item().custody, room.item().place) == (CustodyState.MISSING, None)
    room.custodian.run(storage.move_things, room.items[:1], room.shelf.id, note="behind the radiator")
    last = room.custodian.run(custody.item_story, room.items[0])[-1]
    assert last.what == "Located"
    assert last.joint is not None
    assert last.joint.broken
