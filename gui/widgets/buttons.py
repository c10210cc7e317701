"""Buttons: primary (one on a screen), quiet, danger, plain, link; and a button that is only an icon."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QPushButton, QToolButton, QWidget

from gui.icons import set_icon
from gui.look import CONTROL_HEIGHT, ICON, on_look_changed

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do, as a button, a menu line and a line of the command palette.

    `why_not` says in one sentence why it can't be done now; an action with it is shown disabled.
    """

    text: str
    run: Run
    icon: str = ""
    kind: str = "quiet"
    shortcut: str = ""
    why_not: str = ""


class Button(QPushButton):
    """A button with a word; `kind` is primary, quiet, danger, plain, link or inline.

    An inline one is a number in a table that leads to its record.
    """

    def __init__(
        self,
        text: str,
        kind: str = "quiet",
        icon: str = "",
        run: Run | None = None,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if icon:
            tones = {"primary": "on_accent", "danger": "refused", "link": "accent"}
            set_icon(self, icon, tones.get(kind, "muted"))
        if shortcut:
            self.setShortcut(QKeySequence(shortcut))
            self.setToolTip(QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText))
        if run is not None:
            self.clicked.connect(lambda: run())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it too; in a dialog Enter belongs to the button that saves."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not isinstance(self.window(), QDialog):
            self.click()
        else:
            super().keyPressEvent(event)

    @classmethod
    def of(cls, action: Action, parent: QWidget | None = None) -> "Button":
        """The button of an action; disabled with the reason as its tool tip where it can't be done."""
        button = cls(action.text, action.kind, action.icon, action.run, action.shortcut, parent)
        if action.why_not:
            button.setEnabled(False)
            button.setToolTip(action.why_not)
            button.setAccessibleDescription(action.why_not)
        return button


class IconButton(QToolButton):
    """A square button that is only an icon; its name is read aloud and shown as a tool tip."""

    def __init__(
        self, icon: str, name: str, run: Run | None = None, tone: str = "muted", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_icon(self, icon, tone)
        self.setIconSize(QSize(ICON, ICON))
        self.setFixedSize(CONTROL_HEIGHT, CONTROL_HEIGHT)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if run is not None:
            self.clicked.connect(lambda: run())


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the stylesheet knows and have the widget drawn anew."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


__all__ = ["Action", "Button", "IconButton", "on_look_changed", "restyle"]
