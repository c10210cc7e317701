"""The locked window: nothing of the case is to be seen until the person proves to be there again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from forensics.domain.errors import NominaError
from gui.context import Context
from gui.look import Meaning, look
from gui.widgets.banner import Banner, glyph
from gui.widgets.buttons import Button
from gui.widgets.fields import PasswordField
from gui.widgets.lines import boxed, clear, column, row, text


class LockScreen(QWidget):
    """Covers the window, and every dialog that is open over it; nothing that was entered is lost.

    `switch` asks for somebody else; not offered in a dialog, whose entries would go with it.
    """

    switch = Signal()
    locked = Signal(bool)

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window)
        self._window, self._context = window, context
        self._below: list[QWidget] = []  # what was enabled in a dialog
        self._dialogs: list[LockScreen] = []
        self._before: QWidget | None = None
        name = context.lab.person.name
        self.password = PasswordField("password", self.tr("Password of {0}").format(name))
        self._trouble = column(gap=0)
        go = Button(self.tr("Unlock"), "primary", run=self.unlock)
        other = Button(self.tr("Switch person"), "link", run=self.switch.emit)
        inner = column(
            row(glyph("lock", "accent", 24), text(self.tr("Locked"), "large"), None),
            self.password, self._trouble, go, other, margin=32, gap=16,
        )  # fmt: skip
        card = boxed(inner, "card")
        card.setFixedWidth(400)
        other.setHidden(isinstance(window, QDialog))
        self.setLayout(column(None, row(None, card, None), None, None))
        window.installEventFilter(self)
        self.hide()

    def lock(self) -> None:
        """Cover everything."""
        if self.isVisible():
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._before = self.window().focusWidget()
        if isinstance(self._window, QDialog):
            self._below = [w for w in _children(self._window) if w.isEnabled() and w is not self]
            for widget in self._below:
                widget.setEnabled(False)
        else:
            self._cover_dialogs()
        self.setGeometry(self._window.rect())
        self.locked.emit(True)
        self.show()
        self.raise_()
        self.password.editor.setFocus()
        if self._dialogs:
            self._dialogs[-1].password.editor.setFocus()  # a dialog in front takes the keys

    def _cover_dialogs(self) -> None:
        """Each open dialog gets a cover of its own, the one in front last; one password uncovers all."""
        modal = QApplication.activeModalWidget()
        opened = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
        for dialog in sorted(opened, key=lambda one: one is modal):
            cover = LockScreen(dialog, self._context)
            cover.locked.connect(lambda covered: None if covered else self._uncover())
            self._dialogs.append(cover)
            cover.lock()

    def unlock(self) -> None:
        """Uncover when the password is right."""
        clear(self._trouble)
        try:
            self._context.prove(self.password.value())
        except NominaError as error:
            self._trouble.addWidget(Banner(str(error), Meaning.REFUSED))
            self.password.set_value("")
            self.password.editor.setFocus()
            return
        self._uncover()

    def _uncover(self) -> None:
        if self.isHidden():
            return
        self.password.set_value("")
        self.hide()
        for widget in self._below:
            if isValid(widget):
                widget.setEnabled(True)
        for cover in self._dialogs:
            if isValid(cover):
                cover._uncover()
                cover.deleteLater()
        self._below, self._dialogs = [], []
        self.locked.emit(False)
        if self._before is not None and isValid(self._before):
            self._before.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.unlock()

    def focusNextPrevChild(self, next: bool) -> bool:
        """The keyboard can't walk out of the lock."""
        here = [
            w
            for w in self.findChildren(QWidget)
            if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()
        ]
        current = self.focusWidget()
        at = here.index(current) if current in here else -1
        if here:
            here[(at + (1 if next else -1)) % len(here)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().color("window"))
        painter.end()


def _children(dialog: QDialog) -> list[QWidget]:
    """The widgets that lie directly in a dialog."""
    return [child for child in dialog.children() if isinstance(child, QWidget) and not child.isWindow()]
