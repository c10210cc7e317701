"""A delivery through the window: typed, warned about, received, its discrepancy settled, papers attached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.attachments import Sensitivity
from forensics.domain.deliveries import DeliveryState
from forensics.domain.lists import ListQuery
from forensics.services import attachments, deliveries, remains
from gui.context import Ref
from gui.places.papers import PictureDialog
from gui.places.remains import RemainsPlace
from gui.places.remains_intake import IntakePage
from gui.places.remains_legacy import LegacyPage
from tests.formats.test_pictures import picture
from tests.support.desk import Desk, Desks
from tests.support.laboratories import Staffed


@pytest.fixture
def desk(desks: Desks) -> Desk:
    return desks("custodian")


@pytest.fixture
def place(qtbot: QtBot, desk: Desk) -> RemainsPlace:
    found = desk.sit(RemainsPlace)
    qtbot.waitUntil(lambda: found.cases.current is not None)
    return found


def begun(place: RemainsPlace) -> IntakePage:
    place.show_list(3)
    place.receive()
    page = place.stack.currentWidget()
    assert isinstance(page, IntakePage)
    return page


def typed(qtbot: QtBot, page: IntakePage, name: str, words: str) -> None:
    qtbot.keyClicks(page.fields[name].editor, words)


def press(place: Any, words: str) -> None:
    QApplication.processEvents()
    found = [b for b in place.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, f"no button {words}"
    found[0].click()


def latest(lab: Staffed) -> Any:
    query = ListQuery(limit=1, sort="number", descending=True)
    return lab["custodian"].run(deliveries.deliveries, query).rows[0]


def test_a_delivery_is_typed_line_by_line_and_warned_about_once(
    qtbot: QtBot, desk: Desk, place: RemainsPlace, small_lab: Staffed
) -> None:
    page = begun(place)
    for name, words in (
        ("delivered_by", "Sgt. Okafor"),
        ("authority", "Public prosecutor, Marsala"),
        ("order_reference", "KT-311/24"),
    ):
        typed(qtbot, page, name, words)
    first = page.rows.rows[0]
    qtbot.keyClicks(first.fields["contents"].editor, "3 ribs, L fem")
    qtbot.keyClicks(first.fields["pieces"].editor, "5")
    qtbot.keyClicks(first.fields["stated"].editor, "B-1")
    qtbot.keyClicks(first.fields["found"].editor, "B-1")
    assert first.told.text().startswith(
        "4 items: 3 × rib, unspecified; left femur. 1 seal intact. The paper states 5"
    )
    qtbot.keyClick(first.fields["found"].editor, Qt.Key.Key_Return)
    second = page.rows.rows[1]
    qtbot.waitUntil(lambda: second.fields["external_number"].editor.hasFocus())
    qtbot.keyClicks(second.fields["contents"].editor, "mandible")
    before = latest(small_lab).id
    page.receive()
    assert latest(small_lab).id == before  # the order is known: asked about once
    assert any("KT-311/24" in label.text() for label in page.findChildren(QLabel))
    page.receive()
    line = latest(small_lab)
    assert (line.cases, line.items, line.open, line.state) == (2, 5, 1, DeliveryState.DISCREPANT)
    qtbot.waitUntil(lambda: place.deliveries.page.key == line.id)
    desk.answer(resolution="Counted again with the sergeant: four it is.")
    press(place, "Settle")
    qtbot.waitUntil(lambda: latest(small_lab).state is DeliveryState.SETTLED)


def test_what_is_wrong_is_said_at_its_line_and_nothing_is_saved(
    qtbot: QtBot, place: RemainsPlace, small_lab: Staffed
) -> None:
    page = begun(place)
    before = latest(small_lab).id
    page.receive()
    assert not page.fields["delivered_by"].error.isHidden()
    typed(qtbot, page, "delivered_by", "Customs")
    qtbot.keyClicks(page.rows.rows[0].fields["contents"].editor, "wing")
    page.receive()
    assert "wing" in page.rows.rows[0].told.text()
    assert latest(small_lab).id == before
    page.left.emit()
    assert place.stack.currentWidget() is place.deliveries


def test_a_photograph_is_attached_veiled_and_saved_out(
    qtbot: QtBot, desk: Desk, place: RemainsPlace, small_lab: Staffed, tmp_path: Path
) -> None:
    line = latest(small_lab)
    place.open(Ref("delivery", line.id, line.number))
    qtbot.waitUntil(lambda: place.deliveries.page.key == line.id)
    path = tmp_path / "seal.jpg"
    path.write_bytes(picture("JPEG"))
    desk.answer(path=path, caption="Seal", sensitivity=Sensitivity.GRAPHIC)
    press(place, "Attach")
    found = small_lab["custodian"].run(attachments.attachments, "delivery", line.id)
    one = found[-1]
    assert (one.file_name, str(one.place)) == ("seal.jpg", "removed")
    dialog = PictureDialog(desk.context, one)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.veil.isVisible()
    assert dialog.picture.pixmap().isNull()
    dialog.unveil()
    assert not dialog.picture.pixmap().isNull()


SHEET = "Case number;Date received;From;Bone;Weight\nC-1;13/07/1995;Police;L fem;12,5\nC-1;13/07/1995;Police;{0};\n"


def sheet(qtbot: QtBot, place: RemainsPlace, path: Path, bone: str) -> LegacyPage:
    """The import with a file chosen and tried out."""
    path.write_text(SHEET.format(bone))
    place.import_sheet()
    page = place.stack.currentWidget()
    assert isinstance(page, LegacyPage)
    page.fields["path"].set_value(str(path))
    page.read_file()
    qtbot.waitUntil(lambda: page.plan is not None, timeout=20_000)
    return page


def test_a_spreadsheet_is_mapped_tried_out_and_taken_in(
    qtbot: QtBot, place: RemainsPlace, small_lab: Staffed, tmp_path: Path
) -> None:
    page = sheet(qtbot, place, tmp_path / "old.csv", "wing")
    assert {title: field.value() for title, field in page.columns.items()} == {
        "Case number": "case",
        "Date received": "received",
        "From": "received_from",
        "Bone": "bones",
        "Weight": "mass_g",
    }
    assert not page.go.isEnabled()
    assert any("Line 3, column Bone" in label.text() for label in page.findChildren(QLabel))
    page.left.emit()
    page = sheet(qtbot, place, tmp_path / "old.csv", "R fem")
    assert page.go.isEnabled()
    before = small_lab["custodian"].run(remains.cases, ListQuery()).total
    page.take_in()
    qtbot.waitUntil(lambda: place.stack.currentWidget() is place.cases, timeout=20_000)
    assert small_lab["custodian"].run(remains.cases, ListQuery()).total == before + 1


def test_a_file_that_is_no_table_says_where(qtbot: QtBot, place: RemainsPlace, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("a,b\n1,2,3\n")
    place.import_sheet()
    page = place.stack.currentWidget()
    assert isinstance(page, LegacyPage)
    page.fields["path"].set_value(str(tmp_path / "odd.csv"))
    page.read_file()
    qtbot.waitUntil(lambda: any("odd.csv, line 2, column 3" in b.text() for b in page.findChildren(QLabel)))
