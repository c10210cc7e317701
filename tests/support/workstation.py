"""A workstation as a person sits at it: signs in, presses keys and buttons, fills forms by typing, reads.

Everything goes through the real windows; nothing is put past the widgets into the laboratory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from forensics.services.workstation import state_folder
from gui.app import Application
from gui.laboratories import Real
from gui.look import Meaning, look
from gui.place import ListPlace, Place
from gui.shell import MainWindow
from gui.start import StartWindow
from gui.widgets.banner import Banner
from gui.widgets.ceremony import Ceremony
from gui.widgets.forms import FormDialog
from gui.widgets.lists import RecordList
from gui.widgets.marks import Chip
from tests.support.dialogs import Answers
from tests.support.laboratories import PASSPHRASE, PASSWORD


class Workstation:
    """One screen with its keyboard; people take turns at it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.application = Application(Real())
        self.application.ask()
        self.answers = Answers()
        self.said: list[tuple[str, Meaning]] = []  # at the foot of the window, since the person came

    # -- coming and going --------------------------------------------------------------------------------

    @property
    def start(self) -> StartWindow:
        assert self.application.start is not None
        return self.application.start

    @property
    def window(self) -> MainWindow:
        window = self.application.window
        assert isinstance(window, MainWindow)
        return window

    def entered(self) -> None:
        """The window of whoever has just signed in."""
        self.wait(lambda: self.application.window is not None and self.application.start is None, 60)
        self.window.resize(1366, 768)
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.said = []
        self.window.context.noticed.connect(lambda words, meaning: self.said.append((words, meaning)))

    def sign_in(self, login: str, password: str) -> None:
        """Whoever sits there leaves; somebody else signs in with the keyboard."""
        if self.application.start is None:
            self.leave()
        page = self.start.sign_in
        self.write(page.login.editor, login)
        self.write(page.password.editor, password)
        self.application.window = None
        self.key(page.password.editor, Qt.Key.Key_Return)
        self.entered()

    def leave(self) -> None:
        """Switch person, from the command palette."""
        self.run("Switch person")
        self.wait(lambda: self.application.start is not None)

    def close(self) -> None:
        if self.application.start is not None:
            self.application.start.finish()
        elif self.application.window is not None:
            self.window.close()

    # -- keys --------------------------------------------------------------------------------------------

    def key(self, widget: QWidget, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(widget, key, modifier)

    def keys(self, words: str) -> None:
        """A shortcut such as Ctrl+N, pressed in the window."""
        window = self.fronted()
        QTest.keySequence(window.focusWidget() or window, QKeySequence(words))
        QApplication.processEvents()

    def fronted(self) -> MainWindow:
        """The window with the focus: without a window manager nobody gives it back after a dialog."""
        if QApplication.activeWindow() is not self.window:
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
        return self.window

    def write(self, editor: QWidget, words: str) -> None:
        """Type over what stands there, letter by letter, in any script."""
        editor.setFocus()
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            editor.selectAll()
        if not words:
            self.key(editor, Qt.Key.Key_Delete)
        for letter in words:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(editor, event)
        suggestions = QApplication.activePopupWidget()
        if suggestions is not None:
            self.key(suggestions, Qt.Key.Key_Escape)

    def press(self, words: str, inside: QWidget | None = None) -> None:
        """Press the visible button with this word, with the space bar."""
        QApplication.processEvents()
        found = self.buttons(words, inside)
        assert found, f"no button “{words}” among {sorted(b.text().strip() for b in self._buttons(inside))}"
        assert found[0].isEnabled(), f"“{words}” is off: {found[0].toolTip()}"
        self.key(found[0], Qt.Key.Key_Space)

    def buttons(self, words: str, inside: QWidget | None = None) -> list[QAbstractButton]:
        return [b for b in self._buttons(inside) if b.text().strip() == words]

    def _buttons(self, inside: QWidget | None) -> list[QAbstractButton]:
        return [b for b in (inside or self.window).findChildren(QAbstractButton) if b.isVisible()]

    def why_off(self, words: str) -> str:
        """What a disabled button says."""
        (button,) = self.buttons(words)[:1]
        assert not button.isEnabled()
        return button.toolTip()

    # -- the window --------------------------------------------------------------------------------------

    def run(self, words: str) -> None:
        """A place or an action by its name, from the command palette."""
        palette = self.window.palette_overlay
        self.keys("Ctrl+K")
        assert palette.isVisible()
        self.write(palette.words, words)
        item = palette.hits.currentItem()
        assert item is not None, f"the palette offers nothing for “{words}”"
        assert item.text() == words, f"the palette offers “{item.text()}” for “{words}”"
        self.key(palette.words, Qt.Key.Key_Return)

    def find(self, words: str) -> None:
        """A record by its number or name, from the command palette."""
        palette = self.window.palette_overlay
        self.keys("Ctrl+K")
        self.write(palette.words, words)
        self.wait(lambda: palette.hits.currentItem() is not None)
        self.qtbot.wait(160)  # what the laboratory knows comes after what the window offers
        self.wait(lambda: palette.hits.currentItem() is not None)
        self.key(palette.words, Qt.Key.Key_Return)

    @property
    def place(self) -> Any:
        """The place in front."""
        shown = self.window.stack.currentWidget()
        assert isinstance(shown, Place)
        return shown

    def row(self, rows: RecordList, words: str = "") -> Any:
        """Find a row of a list by typing, and open it with Enter; without words the one the cursor is on."""
        if words:
            self.key(rows.view, Qt.Key.Key_Slash)
            self.write(rows.search, words)
            self.key(rows.search, Qt.Key.Key_Return)
        self.wait(lambda: not rows.model.is_waiting and rows.current is not None)
        if words:
            self.wait(lambda: not rows._pause.isActive() and rows.model.query.text == words)
            self.wait(lambda: not rows.model.is_waiting and rows.current is not None)
        self.qtbot.wait(60)  # the page is written a moment after the cursor has come to rest
        self.wait(lambda: not _is_writing(rows))
        return rows.current

    # -- dialogs -----------------------------------------------------------------------------------------

    def fill(self, form: Any, values: dict[str, Any]) -> None:
        """Type into the fields of a form, a page or a bench."""
        for name, value in values.items():
            self.enter(form.fields[name].editor, value)

    def enter(self, editor: QWidget, value: Any) -> None:
        """One field: words, a tick, or the words of a choice."""
        editor.setFocus()
        if isinstance(editor, QCheckBox):
            if editor.isChecked() != value:
                self.key(editor, Qt.Key.Key_Space)
        elif isinstance(editor, QComboBox):
            at = next(
                (
                    n
                    for n in range(editor.count())
                    if editor.itemText(n).casefold().startswith(value.casefold())
                ),
                None,
            )
            assert at is not None, (
                f"“{value}” is not among {[editor.itemText(n) for n in range(editor.count())]}"
            )
            self.key(editor, Qt.Key.Key_Home)
            while editor.currentIndex() < at:
                self.key(editor, Qt.Key.Key_Down)
        else:
            self.write(editor, str(value))

    def typed(self, **values: Any) -> Callable[[FormDialog], None]:
        """The answer to a form: typed and saved; what it refuses with fails the test."""

        def answer(form: FormDialog) -> None:
            assert isinstance(form, FormDialog), type(form)
            self.fill(form, values)
            self.key(form.save_button, Qt.Key.Key_Space)
            assert not form.isVisible(), f"{form.windowTitle()}: {complaints(form)}"

        return answer

    def refused(self, heard: list[str], **values: Any) -> Callable[[FormDialog], None]:
        """The answer to a form that will not be taken; what it says is kept."""

        def answer(form: FormDialog) -> None:
            self.fill(form, values)
            self.key(form.save_button, Qt.Key.Key_Space)
            heard.extend(complaints(form))
            assert form.isVisible()
            self.key(form, Qt.Key.Key_Escape)

        return answer

    def sworn(self, password: str, reason: str = "") -> Callable[[Ceremony], None]:
        """The answer to a ceremony: affirmed, with the reason and the password, and Enter."""

        def answer(ceremony: Ceremony) -> None:
            assert isinstance(ceremony, Ceremony), type(ceremony)
            if ceremony.reason is not None:
                self.write(ceremony.reason.editor, reason)
            if ceremony.affirmation is not None:
                self.enter(ceremony.affirmation.editor, True)
            self.write(ceremony.password.editor, password)
            self.key(ceremony.password.editor, Qt.Key.Key_Return)
            assert not ceremony.isVisible(), complaints(ceremony)

        return answer

    def asked(self, act: Callable[[], object], *answers: Callable[[Any], None]) -> None:
        """Do something that opens dialogs, and answer them in turn."""
        for answer in answers:
            self.answers.then(answer)
        act()
        # A shortcut presses its button for a tenth of a second before the dialog opens.
        self.qtbot.wait(1)
        self.wait(lambda: self.answers.trouble or not self.answers.waiting, 5)
        self.answers.demand()

    def click(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)

    # -- waiting and reading -----------------------------------------------------------------------------

    def wait(self, until: Callable[[], Any], seconds: float = 30) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=round(seconds * 1000))

    def words(self, inside: QWidget | None = None) -> str:
        """All visible words of the window, or of a part of it."""
        return words_of(inside or self.window)

    def sees(self, words: str, seconds: float = 30) -> None:
        """Wait until these words stand in the window."""
        try:
            self.wait(lambda: words in words_of(self.window), seconds)
        except TimeoutError as error:
            raise AssertionError(
                f"“{words}” is not among: {words_of(self.window)}; said: {self.said}"
            ) from error


@contextmanager
def reopened(qtbot: QtBot, qapp: QApplication, location: str, login: str) -> Iterator[Workstation]:
    """A workstation that remembers nothing, at which somebody opens a laboratory with its passphrase."""
    qapp.setOrganizationName("Nomina")
    qapp.setApplicationName("Nomina tests")
    QSettings().clear()
    (state_folder() / "last-laboratory").unlink(missing_ok=True)
    look().start(qapp)
    made = Workstation(qtbot)
    made.press("Open a laboratory that exists", made.start)
    page = made.start.sign_in
    made.write(page.path.editor, location)
    made.press("Use the laboratory's passphrase", made.start)
    made.write(page.passphrase.editor, PASSPHRASE)
    made.write(page.login.editor, login)
    made.write(page.password.editor, PASSWORD)
    made.key(page.password.editor, Qt.Key.Key_Return)
    made.entered()
    yield made
    made.close()


def _is_writing(rows: RecordList) -> bool:
    """Whether the place of this list still owes the page of the row where the cursor is."""
    above = rows.parentWidget()
    while above is not None and not isinstance(above, ListPlace):
        above = above.parentWidget()
    return above is not None and above.is_writing


def complaints(dialog: QWidget) -> list[str]:
    """What a dialog says in red."""
    found = [banner.label.text() for banner in dialog.findChildren(Banner)]
    errors = [label for label in dialog.findChildren(QLabel) if label.property("kind") == "error"]
    return found + [label.text() for label in errors if label.text()]


def words_of(widget: QWidget) -> str:
    """All visible words of a widget."""
    QApplication.processEvents()
    words = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    words += [button.text() for button in widget.findChildren(QPushButton) if button.isVisible()]
    words += [chip.mark.word for chip in widget.findChildren(Chip) if chip.isVisible()]
    return "\n".join(words)
