"""A scan moves, hands over, opens, and says at the foot what happened; a move can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from forensics.domain.remains import CustodyState
from forensics.services import storage
from gui.look import Meaning
from gui.scan_to_act import ScanToAct
from tests.support.desk import Desk
from tests.support.dialogs import Answers, sworn, told
from tests.support.laboratories import PASSWORD
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


class Scans:
    """A custodian's window as scans see it."""

    def __init__(self, qtbot: QtBot, room: Storeroom) -> None:
        self.desk = Desk(qtbot, room.custodian)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.said: list[tuple[str, Meaning]] = []
        self.unknown: list[str] = []
        self.acting = ScanToAct(self.desk.context, self.window, self._say)
        self.acting.unknown.connect(self.unknown.append)

    def _say(self, words: str, meaning: Meaning = Meaning.NEUTRAL, action: Any = None) -> None:
        self.said.append((words, meaning))

    def scan(self, *codes: str) -> None:
        """Each after the one before was answered."""
        for code in codes:
            before = len(self.said) + len(self.unknown) + len(self.desk.gone) + len(self.desk.said)
            self.acting.scanned(code)
            self.desk.wait(
                lambda before=before: (
                    len(self.said) + len(self.unknown) + len(self.desk.gone) + len(self.desk.said) > before
                )
            )
            self.desk.qtbot.wait(20)


@pytest.fixture
def scans(qtbot: QtBot, storeroom: Storeroom) -> Iterator[Scans]:
    made = Scans(qtbot, storeroom)
    yield made
    made.desk.close()


def test_an_item_and_then_a_place(scans: Scans, storeroom: Storeroom) -> None:
    scans.scan(storeroom.item().number, storeroom.box.number)
    assert scans.desk.gone[0][0] == "remains"
    assert storeroom.item().position == "A1"
    words, meaning = scans.said[-1]
    assert words == f"{storeroom.item().number} moved to House › Room 1 › Shelf 2 › Box 7 A1."
    assert meaning is Meaning.GOOD
    scans.acting.take_back()
    assert storeroom.item().place == storeroom.shelf.id
    assert scans.said[-1][0] == "Put back where it was."


def test_several_things_go_together(scans: Scans, storeroom: Storeroom) -> None:
    codes = [storeroom.item(at).number for at in range(3)]
    scans.scan(*codes, storeroom.samples[0].token.lower(), storeroom.box.number.replace("-", ""))
    assert [ref.number for _, ref in scans.desk.gone if ref] == [*codes, storeroom.samples[0].token]
    assert len(storeroom.custodian.run(storage.lying_in, storeroom.box.id)) == 4
    assert scans.said[-1][0].startswith("4 things moved to House")


def test_who_was_slower_is_told_in_a_sentence(scans: Scans, storeroom: Storeroom) -> None:
    scans.scan(storeroom.item().number)
    storeroom.technician.run(storage.move_things, storeroom.items[:1], storeroom.room.id)
    scans.scan(storeroom.box.number)
    words, meaning = scans.said[-1]
    assert "changed by Tamara Lindqvist after you scanned it" in words
    assert meaning is Meaning.REFUSED
    assert storeroom.item().place == storeroom.room.id


def test_a_handover_needs_the_other_one_s_password(
    scans: Scans, storeroom: Storeroom, answers: Answers
) -> None:
    asked: list[str] = []

    def wrong(ceremony: Any) -> None:
        asked.append(ceremony.password.label.text())
        ceremony.password.set_value("guessed")
        ceremony.carry_out()
        assert "not Tamara Lindqvist's" in told(ceremony)[0]
        ceremony.reject()

    badges = storeroom.custodian.person.number, storeroom.technician.person.number
    codes = badges[0], storeroom.item().number, badges[1]
    answers.then(wrong)
    scans.acting.scanned(codes[0])
    scans.desk.wait(lambda: scans.said)
    scans.scan(codes[1])
    scans.acting.scanned(codes[2])
    scans.desk.wait(lambda: not answers.waiting and asked)
    answers.demand()
    assert asked == ["Password of Tamara Lindqvist"]
    assert storeroom.item().custody is CustodyState.IN_STORAGE
    answers.then(sworn(PASSWORD))
    scans.scan(*codes)
    answers.demand()
    assert (storeroom.item().holder, storeroom.item().custody) == (
        storeroom.technician.person.id, CustodyState.CHECKED_OUT,
    )  # fmt: skip


def test_one_person_s_badge_twice_is_refused(scans: Scans, storeroom: Storeroom) -> None:
    mine = storeroom.custodian.person.number
    scans.scan(mine, storeroom.item().number, mine)
    assert "a handover needs two people" in scans.said[-1][0]


def test_a_mistyped_number_is_told_and_another_goes_to_the_search(scans: Scans, storeroom: Storeroom) -> None:
    scans.scan(storeroom.item().number.replace("0001", "0010"))
    assert "check character" in scans.desk.said[-1][0]
    scans.scan("MORT-7")
    assert scans.unknown == ["MORT-7"]
