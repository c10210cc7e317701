"""A bug opens a report that names nobody; a refusal is a sentence."""

from __future__ import annotations

import sys
from threading import Thread

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from gui.errors import BugDialog, Hook, show_bug


def fail() -> None:
    name = "Fatima Hodžić"
    raise ValueError(f"no such person: {name}")


def test_the_report_says_where_and_names_nobody(qtbot: QtBot) -> None:
    with pytest.raises(ValueError) as caught:
        fail()
    dialog = BugDialog(caught.value)
    qtbot.addWidget(dialog)
    assert "ValueError" in dialog.report
    assert "fail" in dialog.report
    assert "Fatima" not in dialog.report
    assert "Hodžić" not in dialog.report


def test_what_nobody_caught_opens_one_dialog_also_from_a_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[BaseException] = []
    monkeypatch.setattr("gui.errors.show_bug", shown.append)
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    hook = Hook()
    hook.install()
    thread = Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(shown) == 1, timeout=3000)
    sys.excepthook(ValueError, ValueError("x"), None)
    qtbot.waitUntil(lambda: len(shown) == 2, timeout=3000)


def test_a_second_bug_does_not_open_a_second_dialog(qtbot: QtBot) -> None:
    with capture_exceptions():
        show_bug(ValueError("a"))
        show_bug(ValueError("b"))
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, BugDialog) and w.isVisible()]
    assert len(dialogs) == 1
    dialogs[0].close()
