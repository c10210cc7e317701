"""Seals, graves, destruction and the ledger, as they are done on the pages of things."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Invalid
from forensics.domain.ledger import Quantity
from forensics.domain.remains import CustodyState
from forensics.services import auditing, custody, ledger, samples
from gui.context import Ref
from gui.places.custody_acts import CustodyActs
from gui.places.samples import SamplesPlace
from gui.places.samples_acts import SampleActs
from gui.places.samples_ledger import _ask
from tests.support.desk import Desk, said_on
from tests.support.dialogs import Answers, filled, sworn
from tests.support.laboratories import PASSWORD
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


def acts(qtbot: QtBot, room: Storeroom, login: str) -> tuple[Desk, CustodyActs]:
    desk = Desk(qtbot, room.labs[login])
    place = desk.sit(SamplesPlace)
    return desk, CustodyActs(desk.context, place)


def test_what_is_offered_depends_on_where_the_thing_is(qtbot: QtBot, storeroom: Storeroom) -> None:
    desk, offered = acts(qtbot, storeroom, "custodian")
    here = {one.text: one.why_not for one in offered.of(storeroom.item())}
    assert set(here) == {
        "Seal opened or put on…", "It is missing…", "Laid into a grave…", "Authorise destruction, first of two…",
    }  # fmt: skip
    assert "Case managers, coordinators" in here["Authorise destruction, first of two…"]
    assert "Laid into a grave…" not in {one.text for one in offered.of(storeroom.sample())}
    desk.close()


def test_a_grave_with_its_coordinates(qtbot: QtBot, storeroom: Storeroom, answers: Answers) -> None:
    desk, done = acts(qtbot, storeroom, "custodian")
    answers.then(filled(cemetery="Municipal", grave="D 14", latitude="45.4061", longitude="11.8734"))
    done.inter(storeroom.item())
    answers.demand()
    assert storeroom.item().custody is CustodyState.INTERRED
    answers.then(filled(order="Order 12", place=storeroom.shelf.id))
    done.back(storeroom.item())
    answers.demand()
    assert storeroom.item().custody is CustodyState.IN_STORAGE
    desk.close()


def test_two_people_and_then_it_is_destroyed(qtbot: QtBot, storeroom: Storeroom, answers: Answers) -> None:
    manager, first = acts(qtbot, storeroom, "manager")
    answers.then(sworn(PASSWORD, "order 7"))
    first.authorise(storeroom.item())
    answers.demand()
    again = next(one for one in first.of(storeroom.item()) if "second person" in one.text)
    assert "another person is the second" in again.why_not
    coordinator, second = acts(qtbot, storeroom, "coordinator")
    answers.then(sworn(PASSWORD, "order 7"))
    second.authorise(storeroom.item())
    answers.demand()
    answers.then(filled(method="incinerated"))
    first.destroy(storeroom.item())
    answers.demand()
    assert storeroom.item().custody is CustodyState.DESTROYED
    manager.close()
    coordinator.close()


def test_a_gap_is_seen_on_the_page(qtbot: QtBot, storeroom: Storeroom, answers: Answers) -> None:
    desk, done = acts(qtbot, storeroom, "custodian")
    for before, after in (("S-1", "S-2"), ("S-9", "S-3")):
        answers.then(filled(before=before, after=after, why="weighed"))
        done.seal(storeroom.item())
        answers.demand()
    words = [line.joint.words for line in desk.lab.run(custody.item_story, storeroom.items[0]) if line.joint]
    assert words == ["Gap: it was closed with seal S-2 and found with seal S-9."]
    desk.close()


def test_the_ledger_on_the_page_of_a_sample(qtbot: QtBot, storeroom: Storeroom, answers: Answers) -> None:
    desk = Desk(qtbot, storeroom.technician)
    place = desk.sit(SamplesPlace)
    sample = storeroom.sample()
    answers.then(filled(quantity=Quantity.MASS, amount="120", reason="extraction"))
    _ask(desk.context, place, sample, "use")
    answers.demand()
    assert [one.remaining for one in desk.lab.run(ledger.ledger, sample.id)] == [380.0]
    place.list.open(Ref("sample", sample.id, sample.number))
    desk.wait(lambda: "380 of 500 mg" in said_on(place.list.page))
    assert "−120 mg" in said_on(place.list.page)
    desk.close()


@pytest.mark.parametrize("reason", ["", "label came off"])
def test_another_label_needs_a_reason_that_the_audit_keeps(
    qtbot: QtBot, storeroom: Storeroom, tmp_path: Path, answers: Answers, reason: str
) -> None:
    desk = Desk(qtbot, storeroom.technician)
    place = desk.sit(SamplesPlace)
    done = SampleActs(desk.context, place)
    path = tmp_path / "labels.pdf"
    answers.then(filled(path=str(path), open=False))
    done.labels([storeroom.sample()])
    answers.demand()
    assert storeroom.sample().labels_printed == 1
    if reason:
        answers.then(filled(path=str(path), open=False, reason=reason))
        done.labels([storeroom.sample()])
        answers.demand()
        assert storeroom.sample().labels_printed == 2
        told = storeroom.labs["manager"].run(auditing.history, frozenset({storeroom.sample().id}))
        assert "reason: label came off" in told[-1].changes
    else:
        with pytest.raises(Invalid, match="say why another is printed"):
            desk.lab.run(samples.note_labels, [storeroom.sample().id])
    desk.close()
