"""A figure (SVG text) in the window: it can be pointed at, clicked, walked with the keys, and is read aloud.

Figures come from `reports.figures`; an element with an id is a thing. Arrow keys go from thing to thing,
Enter or Space clicks, Ctrl+wheel or + and - zoom.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look import look

IDS = re.compile(r'\bid="([^"]+)"')


class SvgView(QWidget):
    """Shows a figure at its shape; `names` gives the words for an id, and only named ids are things."""

    clicked = Signal(str)
    hovered = Signal(str)  # "" when nothing

    def __init__(
        self,
        svg: str = "",
        title: str = "",
        names: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._renderer = QSvgRenderer(self)
        self._names: dict[str, str] = {}
        self._things: list[str] = []
        self._hover = self._focus = ""
        self.selected: frozenset[str] = frozenset()
        self._zoom = 1.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if svg:
            self.show_figure(svg, title, names)

    def show_figure(self, svg: str, title: str = "", names: Mapping[str, str] | None = None) -> None:
        """Show another figure. Without `names` every id is a thing called by its id."""
        self._renderer.load(QByteArray(svg.encode()))
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        found = [id for id in dict.fromkeys(IDS.findall(svg)) if names is None or id in names]
        self._names = {id: id for id in found} if names is None else dict(names)
        self._things = [id for id in found if self._renderer.elementExists(id)]
        self._hover = self._focus = ""
        self.setAccessibleName(title)
        self.setAccessibleDescription(self.tr("A figure; arrow keys go from part to part."))
        self.updateGeometry()
        self.update()

    @property
    def things(self) -> list[str]:
        return list(self._things)

    def select(self, ids: frozenset[str]) -> None:
        """Ring these things."""
        self.selected = ids
        self.update()

    def thing_at(self, point: QPointF) -> str:
        """The id of the uppermost thing at a point of the widget, or ""."""
        for id in reversed(self._things):
            if self.box_of(id).adjusted(-2, -2, 2, 2).contains(point):
                return id
        return ""

    def box_of(self, id: str) -> QRectF:
        """Where a thing lies in the widget."""
        bounds = self._renderer.transformForElement(id).mapRect(self._renderer.boundsOnElement(id))
        view, frame = self._renderer.viewBoxF(), self._frame()
        if view.isEmpty():
            return QRectF()
        k = frame.width() / view.width()
        return QRectF(
            frame.x() + (bounds.x() - view.x()) * k,
            frame.y() + (bounds.y() - view.y()) * k,
            bounds.width() * k,
            bounds.height() * k,
        )

    # -- Qt --------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        size = self._renderer.defaultSize()
        return (size if size.isValid() else QSize(320, 200)) * self._zoom

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def hasHeightForWidth(self) -> bool:
        return not self._renderer.viewBoxF().isEmpty()

    def heightForWidth(self, width: int) -> int:
        view = self._renderer.viewBoxF()
        if view.isEmpty():
            return 60
        wide = min(width, int(self._renderer.defaultSize().width() * self._zoom))
        return int(wide * view.height() / view.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._renderer.isValid():
            self._renderer.render(painter, self._frame())
        for id in self.selected:
            self._ring(painter, id, "accent", 2, Qt.PenStyle.SolidLine)
        if self._hover and self._hover not in self.selected:
            self._ring(painter, self._hover, "line_strong", 1.5, Qt.PenStyle.SolidLine)
        if self.hasFocus():
            if self._focus:
                self._ring(painter, self._focus, "text", 2, Qt.PenStyle.DashLine)
            else:
                painter.setPen(QPen(look().color("accent"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        id = self.thing_at(event.position())
        if id != self._hover:
            self._hover = id
            self.setCursor(Qt.CursorShape.PointingHandCursor if id else Qt.CursorShape.ArrowCursor)
            QToolTip.showText(event.globalPosition().toPoint(), self._names.get(id, ""), self)
            self.hovered.emit(id)
            self.update()

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        if self._hover:
            self._hover = ""
            self.hovered.emit("")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        id = self.thing_at(event.position())
        if id and event.button() is Qt.MouseButton.LeftButton:
            self._focus = id
            self.clicked.emit(id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(key)
        )
        if step and self._things:
            at = self._things.index(self._focus) if self._focus in self._things else (-1 if step > 0 else 0)
            self._focus = self._things[(at + step) % len(self._things)]
            self.setAccessibleDescription(self._names.get(self._focus, self._focus))
            self.hovered.emit(self._focus)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._focus:
            self.clicked.emit(self._focus)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(0.8 if key == Qt.Key.Key_Minus else 1.25)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.1 if event.angleDelta().y() > 0 else 1 / 1.1)
        else:
            event.ignore()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.update()

    def zoom(self, factor: float) -> None:
        self._zoom = min(6.0, max(0.4, self._zoom * factor))
        self.setMinimumWidth(int(self._renderer.defaultSize().width() * self._zoom) if self._zoom > 1 else 0)
        self.updateGeometry()

    def fit(self, room: QSize, most: float = 3.0) -> None:
        """As large as fits into the room, at most `most` times its own size."""
        own = self._renderer.defaultSize()
        if own.isEmpty():
            return
        factor = min(room.width() / own.width(), room.height() / own.height(), most)
        self.zoom(factor / self._zoom)

    def _frame(self) -> QRectF:
        view = self._renderer.viewBoxF()
        if view.isEmpty():
            return QRectF(self.rect())
        natural = self._renderer.defaultSize().width() * self._zoom
        k = min(self.width() / view.width(), self.height() / view.height(), natural / view.width())
        wide, tall = view.width() * k, view.height() * k
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return QRectF(self.width() - wide if mirrored else 0.0, 0, wide, tall)

    def _ring(self, painter: QPainter, id: str, tone: str, width: float, style: Qt.PenStyle) -> None:
        painter.setPen(QPen(look().color(tone), width, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.box_of(id).adjusted(-3, -3, 3, 3), 4, 4)
