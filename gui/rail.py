"""The rail of places at the left: icon and word, or only icons where the window is narrow; Alt+1 to Alt+9."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from gui.icons import icon
from gui.look import RAIL_NARROW, RAIL_WIDTH, look, on_look_changed
from gui.places import Entry


class PlaceButton(QToolButton):
    """One place; the icon takes the accent when it is the current one."""

    def __init__(self, entry: Entry, shortcut: str) -> None:
        super().__init__()
        self.entry = entry
        self.setProperty("kind", "place")
        self.setCheckable(True)
        self.setText(f"  {entry.title}")
        self.setAccessibleName(entry.title)
        self.setToolTip(f"{entry.title}  {shortcut}".strip())
        self.setIconSize(QSize(20, 20))
        self.setFixedHeight(38)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        on_look_changed(self, lambda own: own.draw())
        self.toggled.connect(lambda _: self.draw())

    def draw(self) -> None:
        self.setIcon(icon(self.entry.icon, "accent" if self.isChecked() else "muted", 20))


class Rail(QFrame):
    """`chosen` tells the id of a place."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.setProperty("kind", "rail")
        self.setAccessibleName(self.tr("Places"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, PlaceButton] = {}
        self.mark = QLabel("Nomina")
        self.mark.setProperty("kind", "wordmark")
        self.mark.setFixedHeight(40)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(2)
        self.mark.setContentsMargins(10, 0, 0, 0)
        layout.addWidget(self.mark)
        layout.addSpacing(8)
        for number, entry in enumerate(entries, start=1):
            layout.addWidget(self._button(entry, number))
        layout.addStretch()
        self.set_narrow(False)

    def _button(self, entry: Entry, number: int) -> PlaceButton:
        keys = QKeySequence(f"Alt+{number}") if number <= 9 else QKeySequence()
        button = PlaceButton(entry, keys.toString(QKeySequence.SequenceFormat.NativeText))
        button.clicked.connect(lambda: self.chosen.emit(entry.id))
        if number <= 9:
            QShortcut(keys, self, lambda: self.chosen.emit(entry.id))
        self._group.addButton(button)
        self.buttons[entry.id] = button
        return button

    def show_current(self, place: str) -> None:
        if place in self.buttons:
            self.buttons[place].setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        """Only icons, or icons and words."""
        self.narrow = narrow
        self.setFixedWidth(RAIL_NARROW if narrow else round(RAIL_WIDTH * max(1.0, look().scale)))
        self.mark.setText("N" if narrow else "Nomina")
        style = (
            Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        for button in self.buttons.values():
            button.setToolButtonStyle(style)
