"""How the cells of a list are drawn: chips, strips of marks, tokens; one focus line for the whole row."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.look import ROW_HEIGHT, Size, font, look
from gui.widgets.marks import Mark, paint_chip, paint_strip
from gui.widgets.model import Column, Kind, Role

PAD = 10


class CellDelegate(QStyledItemDelegate):
    """Draws every cell itself: the platform style knows neither marks nor our selection."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        self._ground(painter, option, index)
        box: QRect = option.rect.adjusted(PAD, 0, -PAD, 0)
        value = index.data(Role.VALUE)
        if isinstance(value, Mark):
            paint_chip(painter, box, value)
        elif isinstance(value, tuple) and all(isinstance(part, Mark) for part in value):
            paint_strip(painter, box, value, words=self._column(index).kind is Kind.CHIPS)
        else:
            self._words(painter, box, index)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)

    def _ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        state: QStyle.StateFlag = option.state
        rect: QRect = option.rect
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look().color("selection"))
            if state & QStyle.StateFlag.State_Active and index.column() == 0:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), look().color("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look().color("raised"))
        painter.setPen(look().color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _words(self, painter: QPainter, box: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        kind = self._column(index).kind
        face = font(Size.BASE, mono=kind is Kind.TOKEN)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        painter.setFont(face)
        empty = words in ("", "…")
        painter.setPen(look().color("faint" if empty else "text"))
        side = Qt.AlignmentFlag.AlignRight if kind is Kind.NUMBER else Qt.AlignmentFlag.AlignLeft
        cut = QFontMetrics(face).elidedText(words or "–", Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), cut)

    @staticmethod
    def _column(index: QModelIndex | QPersistentModelIndex) -> Column:
        columns: list[Column] = index.model().columns  # type: ignore[attr-defined]
        return columns[index.column()]
