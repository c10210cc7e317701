"""A scanner is told from a person by its speed; in a dialog the code belongs to the field."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.scanner import GAP, Scanner


@pytest.fixture
def scanned() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, scanned: list[str]) -> Iterator[QWidget]:
    made = QWidget()
    layout = QVBoxLayout(made)
    made.field = QLineEdit()  # type: ignore[attr-defined]
    layout.addWidget(made.field)  # type: ignore[attr-defined]
    scanner = Scanner(made)
    scanner.scanned.connect(scanned.append)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.field.setFocus()  # type: ignore[attr-defined]
    yield made
    scanner.stop()


def scan(qtbot: QtBot, widget: QWidget, code: str, pause: int = 0) -> None:
    for letter in code:
        qtbot.keyClick(widget, letter)
        if pause:
            qtbot.wait(pause)
    qtbot.keyClick(widget, Qt.Key.Key_Return)


def test_a_scan_is_told_and_leaves_no_trace_in_the_search(
    qtbot: QtBot, window: QWidget, scanned: list[str]
) -> None:
    field: QLineEdit = window.field  # type: ignore[attr-defined]
    field.setText("femur")
    scan(qtbot, field, "S-000123-4")
    assert scanned == ["S-000123-4"]
    assert field.text() == "femur"


def test_the_scanner_goes_with_the_focus(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    other = QLineEdit(window)
    other.show()
    other.setFocus()
    scan(qtbot, other, "S-000123-4")
    other.clearFocus()
    scan(qtbot, window, "S-000124-2")  # where nothing has the focus the window gets the keys
    window.field.setFocus()  # type: ignore[attr-defined]
    other.deleteLater()
    scan(qtbot, window.field, "S-000125-9")  # type: ignore[attr-defined]
    assert scanned == ["S-000123-4", "S-000124-2", "S-000125-9"]


def test_only_the_widget_with_the_focus_is_listened_to(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []

    def hear(_self: Scanner, watched: object, _event: object) -> bool:
        heard.append(watched)
        return False

    monkeypatch.setattr(Scanner, "eventFilter", hear)
    others = [QWidget(window) for _ in range(50)]
    for other in others:
        other.setGeometry(10, 10, 50, 50)
        other.show()
        other.update()
    qtbot.wait(20)
    assert not set(map(id, heard)) & set(map(id, others))
    assert len(heard) < 60


def test_a_person_s_typing_is_left_alone(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    field: QLineEdit = window.field  # type: ignore[attr-defined]
    entered: list[bool] = []
    field.returnPressed.connect(lambda: entered.append(True))
    scan(qtbot, field, "S-0001", pause=int(GAP * 1000) + 30)
    assert scanned == []
    assert field.text() == "S-0001"
    assert entered == [True]


@pytest.mark.parametrize("words", ["abc", "femur", "left femur 1"])
def test_what_is_no_code_is_left_alone(qtbot: QtBot, window: QWidget, scanned: list[str], words: str) -> None:
    scan(qtbot, window.field, words)  # type: ignore[attr-defined]
    assert scanned == []


def test_in_a_dialog_the_code_goes_into_the_field(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    dialog = QDialog(window)
    field = QLineEdit(dialog)
    dialog.open()
    scan(qtbot, field, "S-000123-4")
    assert scanned == []
    assert field.text() == "S-000123-4"
    dialog.close()


def test_a_field_that_takes_scans_keeps_them(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    field: QLineEdit = window.field  # type: ignore[attr-defined]
    field.setProperty("takes_scan", True)
    scan(qtbot, field, "S-000123-4")
    assert scanned == []
    assert field.text() == "S-000123-4"


def test_a_token_without_any_digit_is_a_scan_and_a_quick_word_is_none(
    qtbot: QtBot, window: QWidget, scanned: list[str]
) -> None:
    scan(qtbot, window.field, "ANBV-XTJH-Y")  # type: ignore[attr-defined]
    scan(qtbot, window.field, "left-femur")  # type: ignore[attr-defined]
    assert scanned == ["ANBV-XTJH-Y"]


def test_a_number_whose_check_character_is_a_star_is_a_scan(
    qtbot: QtBot, window: QWidget, scanned: list[str]
) -> None:
    scan(qtbot, window.field, "RI-26-00042-*")  # type: ignore[attr-defined]
    assert scanned == ["RI-26-00042-*"]


def test_a_slow_scanner_is_told_by_its_prefix(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    scanner = window.findChild(Scanner)
    assert isinstance(scanner, Scanner)
    scanner.set_marks("~~", "enter")
    field: QLineEdit = window.field  # type: ignore[attr-defined]
    field.setText("femur")
    scan(qtbot, field, "~~S-000123-4", pause=int(GAP * 1000) + 20)
    assert scanned == ["S-000123-4"]
    assert field.text() == "femur"
    scan(qtbot, field, "S-0001", pause=int(GAP * 1000) + 20)  # a person, who types no prefix
    assert scanned == ["S-000123-4"]


def test_a_scanner_may_end_its_codes_with_tab(qtbot: QtBot, window: QWidget, scanned: list[str]) -> None:
    scanner = window.findChild(Scanner)
    assert isinstance(scanner, Scanner)
    scanner.set_marks("", "tab")
    field: QLineEdit = window.field  # type: ignore[attr-defined]
    for letter in "S-000123-4":
        qtbot.keyClick(field, letter)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert scanned == ["S-000123-4"]
    assert QSettings().value("scanner/suffix") == "tab"
