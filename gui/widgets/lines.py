"""Small pieces of text and rules, and the layouts that hold them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.look import GRID, is_mirrored

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


def text(words: str, kind: str = "", wrap: bool = True, selectable: bool = False) -> QLabel:
    """A label; `kind` is large, strong, muted, small, label, error, mono, unknown or nothing."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if is_mirrored():
        # Else a label that can be selected follows its own script instead of the page.
        label.setAlignment(_RIGHT | Qt.AlignmentFlag.AlignVCenter)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    if kind:
        label.setProperty("kind", kind)
    if selectable:
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return label


class Elided(QLabel):
    """One line that is cut with "…" where there is no room, and says the whole as a tool tip."""

    def __init__(self, words: str, kind: str = "") -> None:
        super().__init__()
        self._words = ""
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(words)

    def say(self, words: str) -> None:
        self._words = words
        self.setToolTip(words)
        self.setAccessibleName(words)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        room = max(self.width(), 12)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))


def rule(upright: bool = False) -> QFrame:
    """A thin line between things."""
    line = QFrame()
    line.setProperty("kind", "upright" if upright else "rule")
    line.setSizePolicy(
        QSizePolicy.Policy.Fixed if upright else QSizePolicy.Policy.Expanding,
        QSizePolicy.Policy.Expanding if upright else QSizePolicy.Policy.Fixed,
    )
    return line


def column(*parts: QWidget | QLayout | None, margin: int = 0, gap: int = GRID) -> QVBoxLayout:
    """Parts below each other; None is a stretch."""
    layout = QVBoxLayout()
    _fill(layout, parts, margin, gap)
    return layout


def row(*parts: QWidget | QLayout | None, margin: int = 0, gap: int = GRID) -> QHBoxLayout:
    """Parts beside each other; None is a stretch."""
    layout = QHBoxLayout()
    _fill(layout, parts, margin, gap)
    return layout


def boxed(layout: QLayout, kind: str = "") -> QFrame:
    """A frame around a layout; `kind` is card, well, surface or nothing."""
    frame = QFrame()
    frame.setProperty("kind", kind)
    frame.setLayout(layout)
    return frame


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        inner = item.layout()
        if inner is not None:
            clear(inner)
            inner.deleteLater()


def _fill(
    layout: QVBoxLayout | QHBoxLayout, parts: tuple[QWidget | QLayout | None, ...], margin: int, gap: int
) -> None:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    for part in parts:
        if part is None:
            layout.addStretch()
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
