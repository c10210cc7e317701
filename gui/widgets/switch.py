"""Two or three views of one place, side by side, of which one is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from gui.widgets.buttons import Button


class Switch(QWidget):
    """`chosen(key)` tells what the person wants to see; Ctrl+1, Ctrl+2… choose too."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`choices` are (key, words); the first is shown at the beginning."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for place, (key, words) in enumerate(choices, start=1):
            button = Button(words, shortcut=f"Ctrl+{place}")
            button.setCheckable(True)
            button.setChecked(place == 1)
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self.buttons[key] = button
            line.addWidget(button)

    @property
    def current(self) -> str:
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def show_current(self, key: str) -> None:
        """Mark what is shown, without telling anybody."""
        self.buttons[key].setChecked(True)
