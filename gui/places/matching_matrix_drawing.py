"""How the matrix is laid out and painted: only what is in sight, names beside it where there is room for them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from forensics.domain.joint import PairState
from gui.look import Size, font, look, on_look_changed
from gui.places.matching_matrix_paint import SIGNS, CellPainter
from gui.places.matching_matrix_sheet import Sheet

COMFORTABLE = 36  # pixels of a cell
NAMES = 13  # pixels of a cell from which all rows and columns are named
PAD = 8

Place = tuple[int, int]


class MatrixDrawing(QAbstractScrollArea):
    """The sheet as a picture with a cursor; positions are (i, j) of the sheet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.cursor_at: Place = (0, 0)
        self.cell = COMFORTABLE
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers and grids read from the left
        self.viewport().setMouseTracking(True)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        on_look_changed(self, lambda own: own.viewport().update())

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
            if i in rows and j in columns and row not in sheet.pairs.decided.held:
                drawn.placed(self.box_of(i, j), posterior)
        self._paint_decided(drawn, rows, columns)
        if self.hasFocus():
            painter.setPen(QPen(look().color("accent"), 3))
        else:
            painter.setPen(QPen(look().color("line_strong"), 2))
        painter.drawRect(here.adjusted(-1, -1, 1, 1))
        painter.restore()

    def _paint_decided(self, drawn: CellPainter, rows: range, columns: range) -> None:
        """Identifications that stand, and pairs that were excluded in review."""
        assert self.sheet is not None
        sheet, decided = self.sheet, self.sheet.pairs.decided
        marks = [(r, one.column, drawn.held) for r, one in decided.held.items() if one.column is not None]
        marks += [(r, c, drawn.excluded) for r, c in decided.excluded]
        for row, column, mark in marks:
            i, j = sheet.at_row.get(row, -1), sheet.at_column.get(column, -1)
            if i in rows and j in columns:
                mark(self.box_of(i, j))

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
        thin, strong = look().color("line"), look().color("line_strong")
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
