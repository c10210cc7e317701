"""Answering the dialogs that a place opens, in the real widgets and without a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from gui.widgets.ceremony import Ceremony
from gui.widgets.conflict import Choice, ConflictDialog
from gui.widgets.forms import FormDialog


class Answers:
    """What was said to each dialog that came, in order; what went wrong is raised by `demand`."""

    def __init__(self) -> None:
        self.seen: list[QDialog] = []
        self.waiting: list[Callable[[QDialog], None]] = []
        self.trouble: list[BaseException] = []
        self._looking = False

    def then(self, answer: Callable[[Any], None]) -> Answers:
        """The next dialog is handed to `answer`, which has to close it."""
        self.waiting.append(answer)
        if not self._looking:
            self._looking = True
            QTimer.singleShot(10, self._look)
        return self

    def demand(self) -> None:
        """Every answer was needed, and nothing went wrong."""
        if self.trouble:
            raise self.trouble[0]
        assert not self.waiting, f"{len(self.waiting)} dialogs never came"

    def _look(self) -> None:
        self._looking = bool(self.waiting)
        if not self.waiting:
            return
        # Asked for before the answer: an answer may open a dialog of its own, and stay in it.
        QTimer.singleShot(10, self._look)
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or any(dialog is old for old in self.seen):
            return
        self.seen.append(dialog)
        try:
            self.waiting.pop(0)(dialog)
        except BaseException as error:  # noqa: BLE001 - a slot of Qt swallows it; `demand` raises it
            self.trouble.append(error)
            dialog.reject()


def filled(**values: Any) -> Callable[[FormDialog], None]:
    """Fill the fields of a form as a person does, and save; a refusal fails the test."""

    def answer(form: FormDialog) -> None:
        assert isinstance(form, FormDialog), type(form)
        for name, value in values.items():
            form.fields[name].set_value(value)
            form.fields[name].edited.emit()
        if not form.save():
            words = [field.error.text() for field in form.fields.values() if field.error.text()]
            raise AssertionError(f"not saved: {words or told(form)}")

    return answer


def told(dialog: QDialog) -> list[str]:
    """The words of the notices in a dialog."""
    from gui.widgets.banner import Banner

    return [banner.label.text() for banner in dialog.findChildren(Banner)]


def sworn(password: str, reason: str = "") -> Callable[[Ceremony], None]:
    """Hold a ceremony: reason and password."""

    def answer(ceremony: Ceremony) -> None:
        assert isinstance(ceremony, Ceremony), type(ceremony)
        ceremony.password.set_value(password)
        if ceremony.reason is not None:
            ceremony.reason.set_value(reason)
        ceremony.carry_out()
        assert ceremony.result_value is not None, told(ceremony)

    return answer


def chosen(choice: Choice) -> Callable[[ConflictDialog], None]:
    """Decide a conflict."""

    def answer(dialog: ConflictDialog) -> None:
        assert isinstance(dialog, ConflictDialog), type(dialog)
        dialog._choose(choice)

    return answer
