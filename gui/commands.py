"""The command palette (Ctrl+K): reaches every place, every action and every record from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.context import Context, Hit
from gui.icons import icon, pixmap
from gui.look import Size, font, look, on_look_changed
from gui.widgets.lines import column, rule, text

WIDTH, LINE = 640, 44
HIT = Qt.ItemDataRole.UserRole


def matches(words: str, hit: Hit) -> bool:
    """Every word typed begins or stands within a word of the hit."""
    said = f"{hit.text} {hit.detail}".casefold()
    return all(word in said for word in words.casefold().split())


class CommandPalette(QWidget):
    """Covers the window while it is open. `local()` gives places and actions, `context.searches` records."""

    def __init__(self, window: QWidget, context: Context, local: Callable[[], Sequence[Hit]]) -> None:
        super().__init__(window)
        self._window, self._context, self._local = window, context, local
        self._asked = 0
        self._before: QWidget | None = None
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("A number, a name, a place, something to do"))
        self.words.setAccessibleName(self.tr("Find anything"))
        glass = self.words.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        on_look_changed(self.words, lambda _: glass.setIcon(icon("search")))
        self.hits = QListWidget()
        self.hits.setItemDelegate(_HitDelegate(self.hits))
        self.hits.setAccessibleName(self.tr("What was found"))
        self.hits.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.itemClicked.connect(self._take)
        self.none = text(self.tr("Nothing found. Try fewer letters, or a number."), "muted")
        self.none.setContentsMargins(16, 12, 16, 12)
        self.frame = QFrame(self)
        self.frame.setProperty("kind", "palette")
        layout = column(self.words, rule(), self.hits, self.none, gap=0)
        layout.setContentsMargins(8, 2, 8, 8)
        self.frame.setLayout(layout)
        self._pause = QTimer(self, singleShot=True, interval=120)
        self._pause.timeout.connect(self._ask)
        self.words.textChanged.connect(self._typed)
        self.words.installEventFilter(self)
        window.installEventFilter(self)
        self.hide()

    def open(self, words: str = "") -> None:
        """Show it with these words; the focus comes back afterwards to where it was."""
        self._before = self.window().focusWidget()
        self.words.setText(words)
        self.words.selectAll()
        self._typed()
        self._place()
        self.show()
        self.raise_()
        self.words.setFocus()

    def close_up(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    # -- finding -----------------------------------------------------------------------------------------

    def _typed(self) -> None:
        words = self.words.text().strip()
        self._asked += 1
        self.hits.clear()
        self._add([hit for hit in self._local() if matches(words, hit)])
        if len(words) >= 2:
            self._pause.start()

    def _ask(self) -> None:
        words, mine = self.words.text().strip(), self._asked
        for search in self._context.searches:
            self._context.tasks.quietly(
                partial(search, words),
                lambda hits: self._found(mine, hits),
                self._context.failed,
            )

    def _found(self, asked: int, hits: Sequence[Hit]) -> None:
        if asked == self._asked:
            self._add(hits, first=True)

    def _add(self, hits: Sequence[Hit], first: bool = False) -> None:
        for place, hit in enumerate(hits):
            item = QListWidgetItem(hit.text)
            item.setData(HIT, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.text}, {hit.detail}")
            self.hits.insertItem(place if first else self.hits.count(), item)
        if self.hits.count():
            self.hits.setCurrentRow(0)
        self.none.setVisible(not self.hits.count())
        self.hits.setVisible(bool(self.hits.count()))
        self._place()

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        hit: Hit = item.data(HIT)
        self.close_up()
        if hit.run is not None:
            hit.run()
        elif hit.place:
            self._context.go(hit.place, hit.ref)

    # -- Qt ------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.parent() and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.hits.currentItem())
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.hits.count():
            step = 1 if key == Qt.Key.Key_Down else -1
            self.hits.setCurrentRow((self.hits.currentRow() + step) % self.hits.count())
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.frame.geometry().contains(event.position().toPoint()):
            self.close_up()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = look().color("window")
        veil.setAlpha(170)
        painter.fillRect(self.rect(), veil)
        painter.end()

    def _place(self) -> None:
        parent = self._window
        self.setGeometry(parent.rect())
        wide = min(WIDTH, parent.width() - 48)
        lines = min(9, self.hits.count())
        self.hits.setFixedHeight(max(1, lines * LINE + 4))
        self.frame.setGeometry((parent.width() - wide) // 2, 72, wide, 100)
        self.frame.resize(wide, self.frame.sizeHint().height() if lines else 110)


class _HitDelegate(QStyledItemDelegate):
    """Icon, words, and small at the right what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, LINE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(HIT)
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, look().color("selection"))
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(box.left() + 10, box.center().y() - 9, pixmap(hit.icon, "muted", 18, ratio))
        small = font(Size.SMALL)
        wide = min(box.width() // 2, QFontMetrics(small).horizontalAdvance(hit.detail) + 8)
        inner = box.adjusted(40, 0, -12, 0)
        painter.setFont(small)
        painter.setPen(look().color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        said = QFontMetrics(small).elidedText(hit.detail, Qt.TextElideMode.ElideRight, wide)
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), said)
        painter.setFont(font())
        painter.setPen(look().color("text"))
        words = QFontMetrics(font()).elidedText(
            hit.text, Qt.TextElideMode.ElideRight, inner.width() - wide - 8
        )
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), words)
        painter.restore()
