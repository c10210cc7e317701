"""Custody, audit and history as a story, one happening below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.icons import pixmap
from gui.look import Meaning, look
from gui.widgets.lines import column, text

TRACK = 28
KNOB = 16


@dataclass(frozen=True, slots=True)
class Happening:
    """When (as it should be read), what, who, and more words below."""

    when: str
    what: str
    who: str = ""
    detail: str = ""
    meaning: Meaning = Meaning.NEUTRAL
    icon: str = ""


class _Track(QWidget):
    """The line at the side with the shape of one happening on it."""

    def __init__(self, happening: Happening, first: bool, last: bool) -> None:
        super().__init__()
        self._happening, self._first, self._last = happening, first, last
        self.setFixedWidth(TRACK)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(look().color("line_strong"), 1))
        middle = TRACK // 2
        if not self._first:
            painter.drawLine(middle, 0, middle, 1)
        if not self._last:
            painter.drawLine(middle, KNOB + 5, middle, self.height())
        shape = self._happening.icon or self._happening.meaning.icon
        ink = self._happening.meaning.ink
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(middle - KNOB // 2, 3, pixmap(shape, ink, KNOB, ratio))
        painter.end()


class Timeline(QWidget):
    """The happenings in the order given."""

    def __init__(self, happenings: Sequence[Happening] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        for line, happening in enumerate(happenings):
            when = text(happening.when, "muted", wrap=False)
            when.setMinimumWidth(124)
            words = [text(happening.what, selectable=True)]
            small = " · ".join(part for part in (happening.who, happening.detail) if part)
            if small:
                words.append(text(small, "small", selectable=True))
            told = column(*words, gap=0)
            told.setContentsMargins(0, 0, 0, 14)
            track = _Track(happening, line == 0, line == len(happenings) - 1)
            grid.addWidget(when, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(track, line, 1)
            grid.addLayout(told, line, 2)
