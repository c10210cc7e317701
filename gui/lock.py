"""The locked window: nothing of the case is to be seen until the person proves to be there again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from forensics.domain.errors import NominaError
from gui.context import Context
from gui.look import Meaning, look
from gui.widgets.banner import Banner, glyph
from gui.widgets.buttons import Button
from gui.widgets.fields import PasswordField
from gui.widgets.lines import boxed, clear, column, row, text


class LockScreen(QWidget):
    """Covers the window. `switch` asks for somebody else; nothing that was entered is lost."""

    switch = Signal()
    locked = Signal(bool)

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window)
        self._window, self._context = window, context
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
        self.setLayout(column(None, row(None, card, None), None, None))
        window.installEventFilter(self)
        self.hide()

    def lock(self) -> None:
        """Cover everything."""
        if self.isVisible():
            return
        self._before = self.window().focusWidget()
        self.setGeometry(self._window.rect())
        self.locked.emit(True)
        self.show()
        self.raise_()
        self.password.editor.setFocus()

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
        self.password.set_value("")
        self.hide()
        self.locked.emit(False)
        if self._before is not None:
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
