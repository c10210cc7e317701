"""Notices in the page, kind words where a list is empty, and the sentence at the foot of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from gui.icons import pixmap
from gui.look import GRID, Meaning, on_look_changed
from gui.widgets.buttons import Action, Button, IconButton
from gui.widgets.lines import column, row, text


def glyph(name: str, tone: str, size: int) -> QLabel:
    """An icon that stands for itself; it follows the look and is silent for screen readers."""
    label = QLabel()
    label.setFixedSize(QSize(size, size))
    on_look_changed(
        label,
        lambda own: own.setPixmap(pixmap(name, tone, size, QApplication.primaryScreen().devicePixelRatio())),
    )
    return label


class Banner(QFrame):
    """A notice with its remedy: what happened, and a button for what mends it."""

    def __init__(
        self,
        words: str,
        meaning: Meaning = Meaning.ATTENTION,
        actions: list[Action] | tuple[Action, ...] = (),
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self.setProperty("meaning", meaning.value)
        self.label = text(words, selectable=True)
        self.setAccessibleName(words)
        line = row(
            glyph(meaning.icon if meaning is not Meaning.NEUTRAL else "info", meaning.ink, 18), self.label
        )
        line.setContentsMargins(12, 8, 8, 8)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        line.setSpacing(10)
        for action in actions:
            line.addWidget(Button.of(action))
        if closable:
            line.addWidget(IconButton("close", self.tr("Close this notice"), self.hide))
        self.setLayout(line)


class EmptyState(QWidget):
    """What stands where nothing is yet: what this is for, and the first step."""

    def __init__(
        self, icon: str, title: str, words: str, action: Action | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        heading = text(title, "large")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body = text(words, "muted")
        body.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body.setMaximumWidth(440)
        picture = glyph(icon, "faint", 48)
        layout = column(None, picture, heading, row(None, body, None), gap=12, margin=24)
        layout.setAlignment(picture, Qt.AlignmentFlag.AlignHCenter)
        body.setMinimumWidth(min(440, body.fontMetrics().horizontalAdvance(words) + 8, 280))
        self.button: Button | None = None
        if action is not None:
            self.button = Button.of(action)
            layout.addSpacing(GRID)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        layout.addStretch()
        self.setLayout(layout)


class Toast(QFrame):
    """One sentence at the foot of the window that leaves by itself; a refusal stays until it is closed."""

    closed = Signal()

    def __init__(self, words: str, meaning: Meaning, parent: QWidget, action: Action | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self.setProperty("meaning", meaning.value)
        self.words = words
        label = text(words, selectable=True)
        label.setMinimumWidth(min(420, label.fontMetrics().horizontalAdvance(words) + 4))
        label.setMaximumWidth(460)
        shape = meaning.icon if meaning is not Meaning.NEUTRAL else "info"
        line = row(glyph(shape, meaning.ink, 18), label, gap=10)
        line.setContentsMargins(14, 8, 6, 8)
        if action is not None:
            button = Button.of(action)
            button.clicked.connect(self.leave)
            line.addWidget(button)
        line.addWidget(IconButton("close", self.tr("Close this notice"), self.leave))
        self.setLayout(line)
        self.setAccessibleName(words)
        lasting = meaning in (Meaning.REFUSED, Meaning.ATTENTION) or action is not None
        QTimer.singleShot(12000 if lasting else 4000, self, self.leave)

    def leave(self) -> None:
        self.hide()
        self.closed.emit()
        self.deleteLater()


class Toasts(QObject):
    """Stacks the toasts of a window at its lower right (lower left in right-to-left languages)."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.shown: list[Toast] = []
        window.installEventFilter(self)

    def say(self, words: str, meaning: Meaning = Meaning.NEUTRAL, action: Action | None = None) -> Toast:
        for old in [toast for toast in self.shown if toast.words == words]:
            old.leave()
        toast = Toast(words, meaning, self._window, action)
        self.shown.append(toast)
        toast.closed.connect(lambda: self._gone(toast))
        toast.adjustSize()
        toast.show()
        self._place()
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))
        return toast

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _gone(self, toast: Toast) -> None:
        if toast in self.shown:
            self.shown.remove(toast)
            self._place()

    def _place(self) -> None:
        bottom = self._window.height() - 24
        for toast in reversed(self.shown):
            toast.adjustSize()
            bottom -= toast.height()
            mirrored = self._window.layoutDirection() is Qt.LayoutDirection.RightToLeft
            toast.move(24 if mirrored else self._window.width() - toast.width() - 24, bottom)
            toast.raise_()
            bottom -= GRID


def tell(words: str) -> None:
    """Say a refusal in whatever window is in front."""
    window = QApplication.activeWindow()
    notify = getattr(window, "say", None)
    if callable(notify):
        notify(words, Meaning.REFUSED)
        return
    from PySide6.QtWidgets import QMessageBox

    QMessageBox.warning(window, QApplication.applicationName(), words)


__all__ = ["Banner", "EmptyState", "Toast", "Toasts", "glyph", "tell"]
