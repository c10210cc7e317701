"""The matrix of remains × missing persons, drawn by itself so that hundreds × hundreds stay fast.

Arrow keys move the cursor, N and P go to the next and the previous strong pair, Enter opens it, + and − zoom.
Only what is seen is drawn; at small sizes names give way to those of the cursor's row and column.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from forensics.domain.joint import PairState
from gui.look import Size, font, look, on_look_changed
from gui.places.matching_matrix_paint import NUMBERS, SIGNS, CellPainter
from gui.places.matching_matrix_sheet import Sheet

SMALLEST, LARGEST, COMFORTABLE = 4, 48, 36
NAMES = 13  # pixels of a cell from which all rows and columns are named
PAD = 8

Place = tuple[int, int]


class MatrixView(QAbstractScrollArea):
    """Shows a sheet. `pointed` tells the words of the pair at the cursor, `opened` that it is wanted."""

    pointed = Signal(str)
    opened = Signal(int, int)  # row and column of the comparison

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.cursor_at: Place = (0, 0)
        self.cell = COMFORTABLE
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers and grids read from the left
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setAccessibleName(self.tr("Matrix of remains and missing persons"))
        on_look_changed(self, lambda own: own.viewport().update())

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
        self.cell = max(NUMBERS if self._count() < 20_000 else NAMES, min(COMFORTABLE, fitting))
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

    def place_at(self, point: QPoint) -> Place | None:
        """The pair at a point of the viewport."""
        if self.sheet is None or point.x() < self._left() or point.y() < self._top():
            return None
        j = (point.x() - self._left() + self.horizontalScrollBar().value()) // self.cell
        i = (point.y() - self._top() + self.verticalScrollBar().value()) // self.cell
        inside = 0 <= i < len(self.sheet.rows) and 0 <= j < len(self.sheet.columns)
        return (i, j) if inside else None

    def box_of(self, i: int, j: int) -> QRectF:
        """Where a pair lies in the viewport."""
        x = self._left() + j * self.cell - self.horizontalScrollBar().value()
        y = self._top() + i * self.cell - self.verticalScrollBar().value()
        return QRectF(x, y, self.cell, self.cell)

    # -- measuring -----------------------------------------------------------------------------------------

    def _count(self) -> int:
        return len(self.sheet.rows) * len(self.sheet.columns) if self.sheet is not None else 0

    def _name_width(self) -> int:
        """Pixels of the longest name; they are of one form, so that the first tell."""
        assert self.sheet is not None
        metrics = QFontMetrics(font(Size.SMALL, mono=True))
        names = [self.sheet.row_name(i) for i in range(min(60, len(self.sheet.rows)))]
        names += [self.sheet.column_name(j) for j in range(min(60, len(self.sheet.columns)))]
        return max(metrics.horizontalAdvance(name) for name in names) + 2 * PAD

    def _left(self) -> int:
        return self._name_width() if self._count() else 0

    def _top(self) -> int:
        return self._name_width() if self._count() else 0

    def _arrange(self) -> None:
        if self.sheet is None or not self._count():
            return
        shown = self.viewport().size() - QSize(self._left(), self._top())
        for bar, count, room in (
            (self.horizontalScrollBar(), len(self.sheet.columns), shown.width()),
            (self.verticalScrollBar(), len(self.sheet.rows), shown.height()),
        ):
            bar.setRange(0, max(0, count * self.cell - room + 2))
            bar.setPageStep(max(1, room))
            bar.setSingleStep(self.cell)
        self.viewport().update()

    def _see_cursor(self) -> None:
        box = self.box_of(*self.cursor_at)
        right, bottom = self.viewport().width() - 2, self.viewport().height() - 2
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(
            across.value() + round(min(0, box.left() - self._left()) + max(0, box.right() - right))
        )
        down.setValue(down.value() + round(min(0, box.top() - self._top()) + max(0, box.bottom() - bottom)))

    def _seen(self) -> tuple[range, range]:
        """Rows and columns that are in sight."""
        assert self.sheet is not None
        found = []
        for bar, count, room in (
            (self.verticalScrollBar(), len(self.sheet.rows), self.viewport().height() - self._top()),
            (self.horizontalScrollBar(), len(self.sheet.columns), self.viewport().width() - self._left()),
        ):
            first = bar.value() // self.cell
            found.append(range(first, min(count, (bar.value() + room) // self.cell + 1)))
        return found[0], found[1]

    # -- drawing -------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), look().color("surface"))
        if self.sheet is not None and self._count():
            rows, columns = self._seen()
            self._paint_cells(painter, rows, columns)
            self._paint_names(painter, rows, columns)
        painter.end()

    def _paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        assert self.sheet is not None
        left, top = self._left(), self._top()
        painter.save()
        painter.setClipRect(QRect(left, top, self.viewport().width() - left, self.viewport().height() - top))
        here, end = self.box_of(*self.cursor_at), self._end()
        for band in (
            QRectF(left, here.y(), end.x() - left, self.cell),
            QRectF(here.x(), top, self.cell, end.y() - top),
        ):
            painter.fillRect(band, look().color("raised"))
        self._paint_rules(painter, rows, columns)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawn, sheet = CellPainter(painter, self.cell), self.sheet
        for i in rows:
            for column, log10 in sheet.pairs.table.best(sheet.rows[i]):
                j = sheet.at_column.get(column)
                if j is not None and j in columns:
                    drawn.lr(self.box_of(i, j), log10)
            if self.cell >= SIGNS:
                self._paint_states(drawn, i, columns)
        for (row, column), posterior in sheet.placed.items():
            i, j = sheet.at_row.get(row, -1), sheet.at_column.get(column, -1)
            if i in rows and j in columns:
                drawn.placed(self.box_of(i, j), posterior)
        if self.hasFocus():
            painter.setPen(QPen(look().color("accent"), 3))
        else:
            painter.setPen(QPen(look().color("line_strong"), 2))
        painter.drawRect(here.adjusted(-1, -1, 1, 1))
        painter.restore()

    def _paint_states(self, drawn: CellPainter, i: int, columns: range) -> None:
        assert self.sheet is not None
        table, row = self.sheet.pairs.table, self.sheet.rows[i]
        for j in columns:
            state = table.state(row, self.sheet.columns[j])
            if state is not PairState.EVALUATED:
                drawn.state(self.box_of(i, j), state)

    def _paint_rules(self, painter: QPainter, rows: range, columns: range) -> None:
        """Thin rules between cells, stronger ones between families."""
        assert self.sheet is not None
        end = self._end()
        thin, strong = QColor(look().color("line")), QColor(look().color("line_strong"))
        painter.setPen(thin)
        if self.cell >= 8:
            for i in rows:
                y = self.box_of(i, 0).bottom()
                painter.drawLine(QPointF(self._left(), y), QPointF(end.x(), y))
        for j in columns:
            if self.cell >= 8:
                edge = self.cell >= NAMES and self.sheet.is_edge(j)
                painter.setPen(strong if edge else thin)
                x = self.box_of(0, j).left()
                painter.drawLine(QPointF(x, self._top()), QPointF(x, end.y()))

    def _end(self) -> QPointF:
        """The lower right corner of the last cell."""
        assert self.sheet is not None
        return self.box_of(len(self.sheet.rows) - 1, len(self.sheet.columns) - 1).bottomRight()

    def _paint_names(self, painter: QPainter, rows: range, columns: range) -> None:
        """Names of rows at the left, of columns upright above; the cursor's ones strong."""
        left, top = self._left(), self._top()
        painter.fillRect(QRect(0, 0, self.viewport().width(), top), look().color("surface"))
        painter.fillRect(QRect(0, top, left, self.viewport().height()), look().color("surface"))
        painter.setPen(look().color("line_strong"))
        painter.drawLine(0, top - 1, self.viewport().width(), top - 1)
        painter.drawLine(left - 1, 0, left - 1, self.viewport().height())
        at_i, at_j = self.cursor_at
        for i in rows if self.cell >= NAMES else [n for n in rows if n == at_i]:
            self._paint_row_name(painter, i, i == at_i)
        for j in columns if self.cell >= NAMES else [n for n in columns if n == at_j]:
            self._paint_column_name(painter, j, j == at_j)
        painter.fillRect(QRect(0, 0, left - 1, top - 1), look().color("surface"))
        self._paint_corner(painter, left, top)

    def _paint_corner(self, painter: QPainter, left: int, top: int) -> None:
        painter.setFont(font(Size.SMALL))
        painter.setPen(look().color("muted"))
        side = Qt.AlignmentFlag.AlignRight
        painter.drawText(
            QRectF(0, 0, left - PAD, top / 2 - 2), side | Qt.AlignmentFlag.AlignBottom, self.tr("Missing →")
        )
        painter.drawText(
            QRectF(0, top / 2 + 2, left - PAD, top / 2 - PAD), side | Qt.AlignmentFlag.AlignBottom,
            self.tr("Remains ↓"),
        )  # fmt: skip

    def _paint_row_name(self, painter: QPainter, i: int, strong: bool) -> None:
        assert self.sheet is not None
        middle = self.box_of(i, 0).center().y()
        box = QRectF(0, middle - 10, self._left() - PAD, 20)
        if box.center().y() > self._top():
            self._ink(painter, strong)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, side, self.sheet.row_name(i))

    def _paint_column_name(self, painter: QPainter, j: int, strong: bool) -> None:
        assert self.sheet is not None
        middle = self.box_of(0, j).center().x()
        if middle < self._left():
            return
        self._ink(painter, strong)
        painter.save()
        painter.translate(middle, self._top() - PAD)
        painter.rotate(-90)
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, -10, self._top(), 20), side, self.sheet.column_name(j))
        painter.restore()

    def _ink(self, painter: QPainter, strong: bool) -> None:
        painter.setFont(font(Size.SMALL, strong=strong, mono=True))
        painter.setPen(look().color("text" if strong else "muted"))

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
