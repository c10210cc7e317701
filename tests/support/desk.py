"""A person at a place of the window, over a real laboratory; answers dialogs as that person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from forensics.services.door import Laboratory
from forensics.services.people import prove
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import Place
from gui.widgets.buttons import Action
from gui.widgets.ceremony import Ceremony
from gui.widgets.forms import FormDialog
from tests.support.laboratories import PASSWORD, Staffed

P = TypeVar("P", bound=Place)


class Desk:
    """One person's window: what was said at its foot, where it was asked to go."""

    def __init__(self, qtbot: QtBot, lab: Laboratory) -> None:
        self.qtbot, self.lab = qtbot, lab
        self.context = Context(lab, "Test laboratory")
        self.context.prove = lambda password: _prove(lab, password)
        self.said: list[tuple[str, Meaning]] = []
        self.gone: list[tuple[str, Ref | None]] = []
        self.context.noticed.connect(lambda words, meaning: self.said.append((words, meaning)))
        self.offered: list[Action] = []  # what notices offered to do
        self.context.offered.connect(self._offered)
        self.context.navigated.connect(lambda place, ref: self.gone.append((place, ref)))
        self.places: list[Place] = []
        self.refused: list[str] = []  # what dialogs said instead of closing

    def _offered(self, words: str, meaning: Meaning, action: Action) -> None:
        self.said.append((words, meaning))
        self.offered.append(action)

    def sit(self, make: Callable[[Context], P]) -> P:
        """Open a place, with its list loaded."""
        place = make(self.context)
        self.qtbot.addWidget(place)
        self.places.append(place)
        place.resize(1300, 760)
        place.show()
        return place

    def wait(self, until: Callable[[], Any], seconds: float = 30) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=round(seconds * 1000))

    def answer(self, **values: Any) -> None:
        """Fill the next form with these values and save it; what it refuses with is kept."""

        def act(dialog: QDialog) -> None:
            assert isinstance(dialog, FormDialog)
            dialog.fill(values)
            if not dialog.save():
                self.refused += _words(dialog)
                dialog.reject()

        self._next(FormDialog, act)

    def hold(self, reason: str = "", password: str = PASSWORD) -> None:
        """Carry out the next ceremony; a wrong password leaves it open, and it is given up."""

        def act(dialog: QDialog) -> None:
            assert isinstance(dialog, Ceremony)
            if dialog.affirmation is not None:
                dialog.affirmation.set_value(True)
            if dialog.reason is not None:
                dialog.reason.set_value(reason)
            dialog.password.set_value(password)
            dialog.carry_out()
            if dialog.isVisible():
                self.refused += _words(dialog)
                dialog.reject()

        self._next(Ceremony, act)

    def _next(self, kind: type[QDialog], act: Callable[[QDialog], None]) -> None:
        timer = QTimer(self.context, interval=15)

        def look() -> None:
            shown = QApplication.activeModalWidget()
            if isinstance(shown, kind):
                timer.stop()
                act(shown)

        timer.timeout.connect(look)
        timer.start()

    def close(self) -> None:
        for place in self.places:
            place.close()
        self.context.close()


Desks = Callable[[str], Desk]
"""The desk of the person with this login."""


@contextmanager
def desks_of(qtbot: QtBot, labs: Staffed) -> Iterator[Desks]:
    """Desks of the people of a laboratory, closed at the end."""
    made: list[Desk] = []

    def sit(login: str) -> Desk:
        made.append(Desk(qtbot, labs[login]))
        return made[-1]

    yield sit
    for desk in made:
        desk.close()


def _prove(lab: Laboratory, password: str) -> None:
    prove(lab, password)


def _words(dialog: QWidget) -> list[str]:
    from gui.widgets.banner import Banner

    return [banner.label.text() for banner in dialog.findChildren(Banner)]


def said_on(page: QWidget) -> str:
    """All words of a page, for finding a sentence in it."""
    from PySide6.QtWidgets import QLabel

    from gui.widgets.marks import Chip

    words = [label.text() for label in page.findChildren(QLabel)]
    said = "\n".join([*words, *(chip.mark.word for chip in page.findChildren(Chip))])
    return said.replace("\u00a0", " ")  # where a line must not break
