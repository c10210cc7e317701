"""The matrix of remains × missing persons, drawn by itself so that hundreds × hundreds stay fast.

Arrow keys move the cursor, N and P go to the next and the previous strong pair, Enter opens it, + and − zoom.
Only what is seen is drawn; at small sizes names give way to those of the cursor's row and column.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.places.matching_matrix_drawing import COMFORTABLE, NAMES, MatrixDrawing
from gui.places.matching_matrix_paint import NUMBERS
from gui.places.matching_matrix_sheet import Sheet

SMALLEST, LARGEST = 4, 48  # pixels of a cell
MANY = 20_000  # pairs from which numbers in the cells are not worth the scrolling


class MatrixView(MatrixDrawing):
    """Shows a sheet. `pointed` tells the words of the pair at the cursor, `opened` that it is wanted."""

    pointed = Signal(str)
    opened = Signal(int, int)  # row and column of the comparison

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Matrix of remains and missing persons"))

    # -- what it shows -------------------------------------------------------------------------------------

    def show_sheet(self, sheet: Sheet) -> None:
        """Another sheet; the cursor stays on its pair where that is still there."""
        before = self.sheet.cell(*self.cursor_at) if self.sheet is not None and self._count() else None
        self.sheet = sheet
        at = sheet.strong[0] if sheet.strong else (0, 0)
        if before is not None and before[0] in sheet.at_row and before[1] in sheet.at_column:
            at = sheet.at_row[before[0]], sheet.at_column[before[1]]
        self.fit()
        self.go(*at)

    def fit(self) -> None:
        """As large as there is room for, within what is legible; what does not fit is scrolled to."""
        if self.sheet is None or not self._count():
            return
        self.cell = COMFORTABLE
        room = self.viewport().size() - QSize(self._left(), self._top())
        fitting = min(room.width() // len(self.sheet.columns), room.height() // len(self.sheet.rows))
        self.cell = max(NUMBERS if self._count() < MANY else NAMES, min(COMFORTABLE, fitting))
        self._arrange()

    def zoom(self, larger: bool) -> None:
        """One step larger or smaller, with the cursor kept in sight."""
        step = max(1, self.cell // 5)
        self.cell = max(SMALLEST, min(LARGEST, self.cell + (step if larger else -step)))
        self._arrange()
        self._see_cursor()

    def go(self, i: int, j: int) -> None:
        """Put the cursor on a pair, and say it."""
        if self.sheet is None or not self._count():
            return
        self.cursor_at = (
            max(0, min(len(self.sheet.rows) - 1, i)),
            max(0, min(len(self.sheet.columns) - 1, j)),
        )
        self._see_cursor()
        words = self.sheet.words(*self.cursor_at)
        self.setAccessibleDescription(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.pointed.emit(words)
        self.viewport().update()

    def next_strong(self, step: int) -> None:
        """The next (1) or the previous (-1) strong pair, row by row, round and round."""
        if self.sheet is None or not self.sheet.strong:
            return
        strong = self.sheet.strong
        if step > 0:
            self.go(*next((place for place in strong if place > self.cursor_at), strong[0]))
        else:
            self.go(*next((place for place in reversed(strong) if place < self.cursor_at), strong[-1]))

    # -- hands ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        i, j = self.cursor_at
        page = max(1, self.verticalScrollBar().pageStep() // self.cell - 1)
        last = len(self.sheet.columns) - 1 if self.sheet is not None else 0
        moves = {
            Qt.Key.Key_Left: (i, j - 1), Qt.Key.Key_Right: (i, j + 1), Qt.Key.Key_Up: (i - 1, j),
            Qt.Key.Key_Down: (i + 1, j), Qt.Key.Key_Home: (i, 0), Qt.Key.Key_End: (i, last),
            Qt.Key.Key_PageUp: (i - page, j), Qt.Key.Key_PageDown: (i + page, j),
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in moves:
            self.go(*moves[key])
        elif key in (Qt.Key.Key_N, Qt.Key.Key_P):
            self.next_strong(1 if key == Qt.Key.Key_N else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_current()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(key != Qt.Key.Key_Minus)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self.go(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self.go(*place)
            self.open_current()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        words = self.sheet.words(*place) if place is not None and self.sheet is not None else ""
        QToolTip.showText(event.globalPosition().toPoint(), words, self.viewport())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(event.angleDelta().y() > 0)
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def open_current(self) -> None:
        """The pair at the cursor is wanted."""
        if self.sheet is not None and self._count():
            self.opened.emit(*self.sheet.cell(*self.cursor_at))
