"""The header: which laboratory and operation, the search that reaches everything, who is signed in."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton

from gui.context import Context
from gui.icons import icon
from gui.look import Mode, Size, font, look
from gui.widgets.buttons import Button, IconButton
from gui.widgets.lines import Elided, text


def initials(name: str) -> str:
    """The first letters of the first and the last part of a name."""
    parts = [part for part in name.replace(".", " ").split() if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


class PersonButton(QToolButton):
    """A disc with the initials; the name stands beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(self.tr("Signed in: {0}").format(name))
        self.setToolTip(self.accessibleName())
        self.setFixedSize(36, 36)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look().color("accent"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(self.rect().adjusted(3, 3, -3, -3))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(look().color("text"))
            painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
        face: QFont = font(Size.SMALL, strong=True)
        painter.setFont(face)
        painter.setPen(look().color("on_accent"))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), initials(self._name))
        painter.end()


class Header(QFrame):
    """Asks for the search, for another person, for the lock."""

    search = Signal()
    switch_person = Signal()
    lock = Signal()
    rail = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "header")
        self.setFixedHeight(56)
        self._context = context
        self.place = text("", "large", wrap=False)
        self.where = Elided(context.name, "muted")
        self.operation = Button("", "plain", run=self._choose_operation)
        self.box = Button(self.tr("Find anything, or say what to do"), icon="search", run=self.search.emit)
        self.box.setProperty("kind", "searchbox")
        self.box.setToolTip(self.tr("Numbers, names, places, actions (Ctrl+K)"))
        self.box.setMinimumWidth(180)
        self.box.setMaximumWidth(380)
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.person = PersonButton(context.lab.person.name)
        self.person.setMenu(self._menu())
        self._lay_out()
        context.operation_changed.connect(self.show_operation)
        self.show_operation()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 16, 0)
        line.setSpacing(12)
        fold = IconButton("menu", self.tr("Fold or unfold the places"), self.rail.emit)
        line.addWidget(fold)
        line.addWidget(self.place)
        line.addWidget(self.where, 1)
        line.addWidget(self.operation)
        line.addWidget(self.box, 2)
        line.addWidget(self.person)

    def show_place(self, title: str) -> None:
        self.place.setText(title)

    def show_operation(self) -> None:
        operation = self._context.operation
        title = operation.title if operation is not None else self.tr("All operations")
        short = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, 260)
        self.operation.setText(f"{short}  ▾")
        self.operation.setAccessibleName(self.tr("Operation: {0}").format(title))
        self.operation.setToolTip(self.operation.accessibleName())

    def _choose_operation(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("All operations"), lambda: self._context.set_operation(None))
        for operation in self._context.operations():
            menu.addAction(operation.title, partial(self._context.set_operation, operation))
        menu.exec(self.operation.mapToGlobal(self.operation.rect().bottomLeft()))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        person = self._context.lab.person
        name = menu.addAction(person.name)
        name.setEnabled(False)
        roles = ", ".join(sorted(role.value for role in self._context.lab.roles))
        if roles:
            menu.addAction(roles).setEnabled(False)
        menu.addSeparator()
        menu.addAction(icon("switch"), self.tr("Switch person…"), self.switch_person.emit)
        menu.addAction(icon("lock"), self.tr("Lock"), self.lock.emit)
        menu.addSeparator()
        self._looks(menu)
        menu.aboutToShow.connect(self._tick_looks)
        return menu

    def _looks(self, menu: QMenu) -> None:
        words = {
            Mode.SYSTEM: self.tr("As the system"),
            Mode.LIGHT: self.tr("Light"),
            Mode.DARK: self.tr("Dark"),
        }
        self._modes = {}
        for mode, word in words.items():
            tick = menu.addAction(word, partial(look().set_mode, mode))
            tick.setCheckable(True)
            self._modes[mode] = tick
        menu.addSeparator()
        menu.addAction(self.tr("Larger type"), lambda: look().set_scale(look().scale + 0.1))
        menu.addAction(self.tr("Smaller type"), lambda: look().set_scale(look().scale - 0.1))

    def _tick_looks(self) -> None:
        for mode, tick in self._modes.items():
            tick.setChecked(look().mode is mode)


__all__ = ["Header", "PersonButton", "initials"]
