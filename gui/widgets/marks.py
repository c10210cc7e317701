"""Marks: a shape, a word and a colour that say how something stands. Unknown never looks like no."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui.icons import pixmap
from gui.look import HALF, Meaning, Size, font, is_mirrored, look, on_look_changed

HEIGHT = 22
SHAPE = 14
PAD = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said: `word` is always there (it is read aloud); `icon` replaces the usual shape."""

    meaning: Meaning
    word: str
    icon: str = ""
    tip: str = ""

    @property
    def shape(self) -> str:
        return self.icon or self.meaning.icon


def mark_width(mark: Mark) -> int:
    """Pixels that the chip of a mark takes."""
    return PAD + SHAPE + HALF + QFontMetrics(font(Size.SMALL)).horizontalAdvance(mark.word) + PAD


def paint_chip(painter: QPainter, box: QRect, mark: Mark, ground: bool = True) -> None:
    """Draw the mark as a chip at the left of `box`, vertically centred; the word is cut if it must be."""
    skin = look()
    wide = min(mark_width(mark), box.width())
    left = box.right() + 1 - wide if is_mirrored() else box.left()
    rect = QRectF(left, box.center().y() - HEIGHT / 2 + 1, wide, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ground:
        unknown = mark.meaning is Meaning.UNKNOWN
        pen = QPen(skin.color("line_strong"), 1, Qt.PenStyle.DashLine if unknown else Qt.PenStyle.SolidLine)
        plain = mark.meaning in (Meaning.UNKNOWN, Meaning.NO, Meaning.NEUTRAL)
        painter.setPen(pen if plain else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if unknown else skin.color(mark.meaning.ground))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), HEIGHT / 2, HEIGHT / 2)
    _paint_shape_and_word(painter, rect, mark)
    painter.restore()


def _paint_shape_and_word(painter: QPainter, rect: QRectF, mark: Mark) -> None:
    ratio = painter.device().devicePixelRatioF()
    top = int(rect.top() + (HEIGHT - SHAPE) / 2)
    left = int(rect.right()) - PAD - SHAPE if is_mirrored() else int(rect.left()) + PAD
    painter.drawPixmap(left, top, pixmap(mark.shape, mark.meaning.ink, SHAPE, ratio))
    face = font(Size.SMALL)
    face.setItalic(mark.meaning is Meaning.UNKNOWN)
    painter.setFont(face)
    painter.setPen(look().color(mark.meaning.ink))
    before, after = (HALF, PAD + SHAPE + HALF) if is_mirrored() else (PAD + SHAPE + HALF, HALF)
    words = rect.adjusted(before, 0, -after, 0)
    cut = QFontMetrics(face).elidedText(mark.word, Qt.TextElideMode.ElideRight, int(words.width()) + 2)
    side = Qt.AlignmentFlag.AlignRight if is_mirrored() else Qt.AlignmentFlag.AlignLeft
    painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute, cut)


def paint_strip(painter: QPainter, box: QRect, marks: tuple[Mark, ...], words: bool = False) -> None:
    """Draw a row of marks: small shapes, or whole chips when there is room for words."""
    used = 0
    ratio = painter.device().devicePixelRatioF()
    for mark in marks:
        wide = mark_width(mark) if words else 17
        room = box.adjusted(0, 0, -used, 0) if is_mirrored() else box.adjusted(used, 0, 0, 0)
        if words:
            paint_chip(painter, room, mark)
        else:
            left = room.right() - wide if is_mirrored() else room.left()
            painter.drawPixmap(left, box.center().y() - 8, pixmap(mark.shape, mark.meaning.ink, 17, ratio))
        used += wide + 5
        if used > box.width() - 12:
            break


class Chip(QWidget):
    """A mark as a widget of its own."""

    def __init__(self, mark: Mark, ground: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = ground
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_mark(mark)
        on_look_changed(self, lambda chip: chip.updateGeometry())

    @property
    def mark(self) -> Mark:
        return self._mark

    def set_mark(self, mark: Mark) -> None:
        self._mark = mark
        self.setAccessibleName(mark.word)
        self.setToolTip(mark.tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(mark_width(self._mark) + 2, HEIGHT + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._mark, self._ground)
        painter.end()


class Marks(QWidget):
    """A row of chips."""

    def __init__(self, marks: tuple[Mark, ...] | list[Mark] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for mark in marks:
            row.addWidget(Chip(mark))
        row.addStretch()
