"""Storage, what was sent out, and stock-takes, at a real desk."""

from __future__ import annotations

from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from forensics.domain.custody import PlaceKind
from forensics.domain.remains import CustodyState
from forensics.domain.stock_take import StockTakeState
from forensics.services import consignments, stock_taking, storage
from gui.places.samples import SamplesPlace
from gui.places.storage import StoragePlaces
from gui.places.storage_counting import CountingPage
from gui.places.storage_counts import StockTakes
from gui.places.storage_sent import SentOut
from gui.widgets.svgview import SvgView
from tests.support.desk import Desk, said_on
from tests.support.dialogs import Answers, filled
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


@pytest.fixture
def desk(qtbot: QtBot, storeroom: Storeroom) -> Desk:
    return Desk(qtbot, storeroom.custodian)


@pytest.fixture
def place(desk: Desk) -> SamplesPlace:
    return desk.sit(SamplesPlace)


def test_places_of_storage_are_a_tree(desk: Desk, place: SamplesPlace, answers: Answers) -> None:
    place.show_view("storage")
    shown = cast(StoragePlaces, place.shown)
    answers.then(filled(name="Annex", kind=PlaceKind.BUILDING))
    shown.forms.add(None)
    answers.demand()
    tree = desk.lab.run(storage.storage_tree)
    annex = next(line for line in tree if line.path == ("Annex",))
    for name in ("Room 10", "Room 2"):
        answers.then(filled(name=name, kind=PlaceKind.ROOM, parent=annex.id))
        shown.forms.add(annex)
        answers.demand()
    paths = [line.path for line in desk.lab.run(storage.storage_tree) if line.path[0] == "Annex"]
    assert paths == [("Annex",), ("Annex", "Room 2"), ("Annex", "Room 10")]


def test_a_free_position_is_clicked_and_filled(
    desk: Desk, place: SamplesPlace, storeroom: Storeroom, answers: Answers
) -> None:
    place.show_view("storage")
    shown = cast(StoragePlaces, place.shown)
    desk.wait(lambda: shown.list.model.rowCount() == 4)
    shown.list.select(storeroom.box.id)
    desk.wait(lambda: "12 of 12 positions are free" in said_on(shown.page))
    figure = shown.page.findChild(SvgView)
    assert isinstance(figure, SvgView)
    assert figure.things[:2] == ["A1", "A2"]
    token = storeroom.samples[0].token
    answers.then(filled(codes=token.lower()))
    figure.clicked.emit("B3")
    answers.demand()
    (lying,) = desk.lab.run(storage.lying_in, storeroom.box.id)
    assert (lying.number, lying.position) == (token, "B3")
    desk.wait(lambda: "11 of 12 positions are free" in said_on(shown.page))
    shown._position(desk.lab.run(storage.storage_tree)[3], {"B3": lying}, "B3")
    assert desk.gone[-1][0] == "samples"


def test_what_goes_out_stands_there_until_it_is_back(
    desk: Desk, place: SamplesPlace, storeroom: Storeroom, answers: Answers
) -> None:
    place.show_view("sent")
    shown = cast(SentOut, place.shown)
    answers.then(
        filled(
            codes=f"{storeroom.samples[0].token}\n{storeroom.item().number}",
            to_party="Vienna",
            purpose="dating",
            due="2099-01-31",
            seal="S-1",
        )
    )
    shown.send()
    answers.demand()
    (line,) = desk.lab.run(consignments.sent_out)
    assert (line.out, line.consignment.to_party, line.consignment.seal) == (2, "Vienna", "S-1")
    desk.wait(lambda: "2 of 2 things are still out" in said_on(shown.page))
    out = desk.lab.run(consignments.contents, line.id)
    answers.then(filled(place=storeroom.shelf.id, seal="S-1"))
    shown._back(line.consignment, out)
    answers.demand()
    assert storeroom.item().custody is CustodyState.IN_STORAGE
    assert not desk.lab.run(consignments.sent_out)[0].waits


def test_a_stock_take_is_scanned_settled_and_finished(
    desk: Desk, place: SamplesPlace, storeroom: Storeroom, answers: Answers
) -> None:
    place.show_view("counts")
    answers.then(filled(place=storeroom.room.id))
    cast(StockTakes, place.shown).start_count()
    answers.demand()
    page = place.stack.currentWidget()
    assert isinstance(page, CountingPage)
    assert place.scanned(storeroom.shelf.number)  # the label of the shelf: what follows lies there
    for at in range(3):
        assert place.scanned(storeroom.item(at).number)
    place.scanned("MORT-7")
    number = storeroom.item(0).number
    place.scanned(number.replace("0001", "0007"))
    assert "check character" in said_on(page)
    page.refresh()
    assert page.done.text() == "4 scanned, 1 still expected"
    assert not page.finish_button.isEnabled()
    page.show_step("settle")
    answers.then(filled(note="empty bag"))
    page._settle(next(x.id for x in page.count.lines if x.code == "MORT-7"), stock_taking.Resolution.LEFT)  # type: ignore[union-attr]
    answers.demand()
    page._settle(storeroom.items[3], stock_taking.Resolution.MARKED_MISSING)
    assert page.finish_button.isEnabled()
    page.finish()
    (line,) = desk.lab.run(stock_taking.stock_takes)
    assert line.stock_take.state is StockTakeState.FINISHED
    assert storeroom.item(3).custody is CustodyState.MISSING
    assert place.stack.currentWidget() is place.views["counts"]
    assert not place.scanned(storeroom.item().number)  # nothing is counted any more


def test_a_count_that_was_left_goes_on(desk: Desk, place: SamplesPlace, storeroom: Storeroom) -> None:
    begun = desk.lab.run(stock_taking.begin_stock_take, storeroom.shelf.id)
    place.count(begun.id)
    place.scanned(storeroom.item().number)
    place.show_view("samples")
    place.count(begun.id)
    page = place.stack.currentWidget()
    assert isinstance(page, CountingPage)
    assert page.done.text() == "1 scanned, 3 still expected"


def test_who_does_not_arrange_the_storage_is_told_who_does(qtbot: QtBot, storeroom: Storeroom) -> None:
    desk = Desk(qtbot, storeroom.labs["analyst"])
    shown = desk.sit(SamplesPlace)
    shown.show_view("storage")
    assert "Custodians" in cast(StoragePlaces, shown.shown).actions_offered()[0].why_not
    desk.close()
