"""Answers dialogs that a test's click opens: finds the modal dialog and fills it in while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from gui.widgets.forms import FormDialog


def when_asked(answer: Callable[[Any], None]) -> list[str]:
    """Call `answer(dialog)` as soon as a dialog is open; what it says in red is collected in the list."""
    said: list[str] = []

    def look(tries: int = 60) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog):
            if tries:
                QTimer.singleShot(25, lambda: look(tries - 1))
            return
        try:
            answer(dialog)
        finally:
            said.extend(_complaints(dialog))
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, look)
    return said


def filled(**values: Any) -> Callable[[FormDialog], None]:
    """Fill the fields of a form and save it."""

    def answer(form: FormDialog) -> None:
        form.fill(values)
        form.save()

    return answer


def _complaints(dialog: QDialog) -> list[str]:
    from PySide6.QtWidgets import QLabel

    from gui.widgets.banner import Banner

    found = [banner.label.text() for banner in dialog.findChildren(Banner)]
    errors = [label for label in dialog.findChildren(QLabel) if label.property("kind") == "error"]
    return found + [label.text() for label in errors if label.text()]
