"""Small pieces of text and rules, and the layouts that hold them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QEnterEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.look import GRID, is_mirrored

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


_ABSOLUTE = _RIGHT | Qt.AlignmentFlag.AlignVCenter
_WRAPPING = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
_WRAPPING.setHeightForWidth(True)


def text(words: str, kind: str = "", wrap: bool = True, selectable: bool = False) -> QLabel:
    """A label; `kind` is large, strong, muted, small, label, error, mono, unknown or nothing."""
    label = Selectable() if selectable else QLabel()
    if kind:
        label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(_WRAPPING)
    if is_mirrored():
        # Else a label that can be selected follows its own script instead of the page.
        label.setAlignment(_ABSOLUTE)
    label.setText(unbroken(words))  # last: each of the above would measure it anew
    return label


def unbroken(words: str) -> str:
    """A power of ten stays on one line: 1.8 × 10⁶ is one number."""
    return words.replace(" × 10", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10")


class Selectable(QLabel):
    """A label whose words can be marked and copied with the mouse.

    Qt makes a whole document for that, ten times the work of a label; so it is made when the mouse comes
    near. The label keeps the size that it wished for before, else the page would move below the mouse.
    """

    _wish: tuple[str, QSize] | None = None

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._wish is None:
            self._wish = self.text(), super().sizeHint()
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        super().enterEvent(event)

    def sizeHint(self) -> QSize:
        if self._wish is None or self._wish[0] != self.text():
            return super().sizeHint()
        return self._wish[1]


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
