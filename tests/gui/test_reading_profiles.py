"""Reading a profile with the keyboard: the first read, the blind second, the settlement, the review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.profiles import ProfileState
from forensics.services import profiles
from gui.context import Ref
from gui.places.samples import SamplesPlace
from gui.places.samples_reads import ReadPage
from gui.places.samples_reads_grid import PEAKS, STANDING
from tests.support.answering import filled, when_asked
from tests.support.laboratories import Staffed
from tests.support.reading import imported, second_people

RUN = (
    "Sample File\tSample Name\tD3S1358\tHeight\tTH01\tHeight\tvWA\tHeight\tAMEL\tHeight\n"
    "a.fsa\tB1\t15, 16\t310, 290\t9.3, 10\t200, 60\t17\t500\tX, Y\t400, 380\n"
)
At = Callable[[str], tuple[SamplesPlace, ReadPage]]


@pytest.fixture
def waiting(staffed: Staffed, tmp_path: Path) -> UUID:
    (id,) = imported(staffed, tmp_path, RUN)
    second_people(staffed)
    return id


def _place(qtbot: QtBot, staffed: Staffed, login: str, id: UUID) -> SamplesPlace:
    from tests.support.desk import Desk

    place = Desk(qtbot, staffed[login]).sit(SamplesPlace)
    qtbot.waitUntil(lambda: place.list.current is not None)
    place.open(Ref("profile", id))
    qtbot.waitUntil(lambda: place.list.current is not None)
    place.list.show_again()
    return place


def _press(place: SamplesPlace, words: str) -> None:
    QApplication.processEvents()
    button = next(b for b in place.findChildren(QPushButton) if b.text() == words and b.isVisible())
    assert button.isEnabled()
    button.click()


def _reading(qtbot: QtBot, staffed: Staffed, login: str, id: UUID, words: str) -> ReadPage:
    place = _place(qtbot, staffed, login, id)
    _press(place, words)
    page = place.stack.currentWidget()
    assert isinstance(page, ReadPage)
    return page


def _type(qtbot: QtBot, page: ReadPage, words: str) -> None:
    """Typed into the current cell, and Enter."""
    qtbot.keyClicks(page.grid, words[0])
    editor = next(one for one in page.grid.findChildren(QLineEdit) if one.isVisible())
    qtbot.keyClicks(editor, words[1:])
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()  # Qt takes over what was typed a turn later


def _standing(page: ReadPage) -> list[str]:
    column = [one.key for one in page.model.columns].index(STANDING)
    return [
        mark.word if (mark := page.model.data(page.model.index(r, column), 256)) else "" for r in range(4)
    ]


def _state(staffed: Staffed, id: UUID) -> ProfileState:
    return staffed["analyst"].run(profiles.profile, id).state


def test_a_profile_is_read_twice_settled_and_reviewed_by_keyboard(
    qtbot: QtBot, staffed: Staffed, waiting: UUID
) -> None:
    first = _reading(qtbot, staffed, "analyst", waiting, "First read")
    assert [line.locus for line in first.model.lines] == ["AMEL", "D3S1358", "TH01", "vWA"]
    for _ in range(2):
        qtbot.keyClick(first.grid, Qt.Key.Key_Space)
    assert not first.go.isEnabled()
    _type(qtbot, first, "9.3 ?")
    qtbot.keyClick(first.grid, Qt.Key.Key_Space)
    assert _standing(first) == ["Read"] * 4
    first.go.click()
    assert _state(staffed, waiting) is ProfileState.FIRST_READ

    second = _reading(qtbot, staffed, "analyst2", waiting, "Second read")
    assert all(line.first == "" for line in second.model.lines)
    for _ in range(4):
        qtbot.keyClick(second.grid, Qt.Key.Key_Space)
    second.go.click()
    assert _state(staffed, waiting) is ProfileState.DISCORDANT

    third = _reading(qtbot, staffed, "analyst3", waiting, "Settle reads")
    assert _standing(third) == ["Agree", "Agree", "Differs", "Agree"]
    (line,) = [line for line in third.model.lines if line.open]
    assert (line.locus, line.first, line.second) == ("TH01", "9.3, ?", "9.3, 10")
    _type(qtbot, third, "9.3 10")
    _type(qtbot, third, "Both stand above the threshold")
    third.go.click()
    assert _state(staffed, waiting) is ProfileState.CONCORDANT

    place = _place(qtbot, staffed, "reviewer", waiting)
    when_asked(filled())
    _press(place, "Technical review")
    assert _state(staffed, waiting) is ProfileState.REVIEWED
    place.list.show_again()
    qtbot.waitUntil(lambda: any(b.text() == "Accept profile" for b in place.findChildren(QPushButton)))
    _press(place, "Accept profile")
    assert _state(staffed, waiting) is ProfileState.ACCEPTED


def test_what_is_no_allele_keeps_the_read_open_and_says_why(
    qtbot: QtBot, staffed: Staffed, waiting: UUID
) -> None:
    page = _reading(qtbot, staffed, "analyst", waiting, "First read")
    _type(qtbot, page, "Z")
    assert _standing(page)[0] == "No allele"
    assert "no amelogenin call" in page.said.text()
    for _ in range(3):
        qtbot.keyClick(page.grid, Qt.Key.Key_Space)
    assert not page.go.isEnabled()


def test_every_cell_says_its_locus_aloud(qtbot: QtBot, staffed: Staffed, waiting: UUID) -> None:
    page = _reading(qtbot, staffed, "analyst", waiting, "First read")
    model, peaks = page.model, [one.key for one in page.model.columns].index(PEAKS)
    said = model.data(model.index(1, peaks), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "D3S1358: 15: 310 RFU, 16: 290 RFU"


def test_the_first_reader_is_told_who_goes_on(qtbot: QtBot, staffed: Staffed, waiting: UUID) -> None:
    from forensics.services import reads

    staffed["analyst"].run(reads.read_profile, waiting, {"TH01": "9.3"})
    place = _place(qtbot, staffed, "analyst", waiting)
    QApplication.processEvents()
    button = next(b for b in place.findChildren(QPushButton) if b.text() == "Second read")
    assert not button.isEnabled()
    assert "another person" in button.toolTip()
