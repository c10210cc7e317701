"""The grid in which a profile is read: peaks as bars, alleles typed, two reads side by side, by keyboard alone.

Arrows move, typing replaces what stands in a cell, Enter goes to the next locus that is still to be read, the
space bar takes over what the file has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from forensics.domain.errors import Invalid
from gui.look import Meaning, look
from gui.places.remains_words import say
from gui.places.samples_genotypes import SCALE, Peak, paint_peaks, peaks_words
from gui.widgets.delegates import PAD, CellDelegate
from gui.widgets.marks import Mark
from gui.widgets.model import Column, Kind, Role

Index = QModelIndex | QPersistentModelIndex
HEIGHT = SCALE + 12
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PEAKS, READ, REASON, STANDING = "peaks", "read", "reason", "standing"


@dataclass(slots=True)
class Line:
    """One locus: what the file has, what others read, what is typed here."""

    locus: str
    peaks: tuple[Peak, ...]
    called: str  # as the file has it, with what is no allele
    first: str = ""
    second: str = ""
    differs: bool = False
    open: bool = True  # whether something is to be typed
    read: str | None = None  # None until it was touched
    reason: str = ""
    settled: bool = False  # by somebody, earlier
    fault: str = ""
    accepted: str = ""  # the alleles that the file has


class ReadsModel(QAbstractTableModel):
    """The loci as lines; `changed` after every entry."""

    changed = Signal()

    def __init__(
        self, lines: Sequence[Line], columns: Sequence[Column], understand: Callable[[str, str], str]
    ) -> None:
        super().__init__()
        self.lines, self.columns, self._understand = list(lines), list(columns), understand
        self.highest = max((peak[1] or 0.0 for line in lines for peak in line.peaks), default=1.0) or 1.0

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        return len(self.lines)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and way is Qt.Orientation.Horizontal:
            return self.columns[section].title
        return None

    def key(self, index: Index) -> str:
        return self.columns[index.column()].key

    def editable(self, index: Index) -> bool:
        return self.key(index) in (READ, REASON) and self.lines[index.row()].open

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if self.editable(index) else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, key = self.lines[index.row()], self.key(index)
        if role == Role.VALUE:
            return self._standing(line) if key == STANDING else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.fault or (peaks_words(line.peaks) if key == PEAKS else None)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._aloud(line, key)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._words(line, key)
        return None

    def _words(self, line: Line, key: str) -> str:
        if key in (PEAKS, STANDING):
            return ""
        return str(getattr(line, key) or "")

    def _aloud(self, line: Line, key: str) -> str:
        """What a screen reader says: the locus first, because a cell is heard alone."""
        mark = self._standing(line)
        words = {PEAKS: peaks_words(line.peaks), STANDING: mark.word if mark else ""}
        return f"{line.locus}: {words.get(key, self._words(line, key)) or say('nothing')}"

    def _standing(self, line: Line) -> Mark | None:
        if line.fault:
            return Mark(Meaning.REFUSED, say("No allele"), tip=line.fault)
        if line.differs and line.settled:
            return Mark(Meaning.GOOD, say("Settled"))
        if line.differs and line.open and line.read is not None and line.reason.strip():
            return Mark(Meaning.GOOD, say("Settled"))
        if line.differs:
            return Mark(Meaning.ATTENTION, say("Differs"))
        if line.open:
            return (
                Mark(Meaning.GOOD, say("Read"))
                if line.read is not None
                else Mark(Meaning.WAITING, say("To read"))
            )
        return Mark(Meaning.NEUTRAL, say("Agree"))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.editable(index):
            return False
        line, words = self.lines[index.row()], str(value).strip()
        if self.key(index) == REASON:
            line.reason = words
        else:
            self._type(line, words)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), self.columnCount() - 1))
        self.changed.emit()
        return True

    def _type(self, line: Line, words: str) -> None:
        try:
            line.read, line.fault = self._understand(line.locus, words), ""
        except Invalid as error:
            line.read, line.fault = words, str(error)

    def take_called(self, row: int) -> None:
        """The alleles as the file has them."""
        column = next(i for i, one in enumerate(self.columns) if one.key == READ)
        line = self.lines[row]
        self.setData(self.index(row, column), line.accepted)

    @property
    def typed(self) -> Mapping[str, str]:
        return {line.locus: line.read for line in self.lines if line.open and line.read is not None}

    @property
    def reasons(self) -> Mapping[str, str]:
        return {line.locus: line.reason for line in self.lines if line.open and line.reason}

    @property
    def waiting(self) -> list[Line]:
        """What is still to be typed."""
        settling = any(column.key == REASON for column in self.columns)
        return [
            line
            for line in self.lines
            if line.open and (line.read is None or line.fault or (settling and not line.reason))
        ]


class _Delegate(CellDelegate):
    """Bars of peaks; a cell to type in has a line below it; the current one an edge all round."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ReadsModel)
        if model.key(index) == PEAKS:
            self._ground(painter, option, index)
            box = option.rect.adjusted(PAD, 6, -PAD, -6)
            painter.save()
            painter.translate(box.topLeft())
            paint_peaks(painter, model.lines[index.row()].peaks, model.highest)
            painter.restore()
        else:
            super().paint(painter, option, index)
        if model.editable(index):
            current = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.save()
            ink: QColor = look().color("accent" if current else "line_strong")
            painter.setPen(QPen(ink, 2 if current else 1))
            box = option.rect.adjusted(2, 3, -3, -4)
            painter.drawRect(box) if current else painter.drawLine(box.bottomLeft(), box.bottomRight())
            painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(80, HEIGHT)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor: QWidget = super().createEditor(parent, option, index)
        model = index.model()
        assert isinstance(model, ReadsModel)
        title, locus = model.columns[index.column()].title, model.lines[index.row()].locus
        editor.setAccessibleName(f"{title}, {locus}")
        return editor


class ReadsGrid(QTableView):
    """The view; it holds the focus in the cells that can be typed in."""

    def __init__(self, model: ReadsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.reads = model
        self.setAccessibleName(say("Loci with their peaks and alleles"))
        self.setItemDelegate(_Delegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed
            | triggers.EditKeyPressed
            | triggers.DoubleClicked
            | triggers.SelectedClicked
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, column in enumerate(model.columns):
            self.setColumnWidth(place, column.width)
            if column.stretch:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def begin(self) -> None:
        """To the first cell that waits."""
        self.setFocus()
        self.go_on(from_top=True)

    def go_on(self, *, from_top: bool = False) -> None:
        """To the next cell to type in: the reason after the alleles, then the next locus; round to the first."""
        at = self.currentIndex()
        order = [
            self.reads.index(row, column)
            for row in range(self.reads.rowCount())
            for column in range(self.reads.columnCount())
            if self.reads.editable(self.reads.index(row, column))
        ]
        if not order:
            return
        after = [i for i in order if (i.row(), i.column()) > (at.row(), at.column())]
        self.setCurrentIndex(order[0] if from_top or not after else after[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, key = self.currentIndex(), event.key()
        typing = self.state() is QAbstractItemView.State.EditingState
        if typing or not self.reads.editable(at) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if (
                not typing or key not in _ENTER
            ):  # the editor hands its Enter on; it is answered when it closes
                super().keyPressEvent(event)
        elif key in _ENTER:
            if self.reads.key(at) == READ and self.reads.lines[at.row()].read is None:
                self.reads.setData(at, "")  # looked at, and nothing there
            self.go_on()
        elif key == Qt.Key.Key_Space and self.reads.key(at) == READ:
            self.reads.take_called(at.row())
            self.go_on()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reads.setData(at, "")
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: Any) -> None:
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self.go_on()


def reading_columns(*, side_by_side: bool) -> list[Column]:
    """The columns of a first or second read, or of two reads side by side with what holds."""
    locus, peaks = Column("locus", say("Locus"), width=112), Column(PEAKS, say("Peaks"), width=130)
    if not side_by_side:
        return [
            locus,
            peaks,
            Column("called", say("In the file"), Kind.TOKEN, 190),
            Column(READ, say("Your read"), Kind.TOKEN, 200),
            Column(STANDING, say("Standing"), Kind.MARK, 130, stretch=True),
        ]
    return [
        locus,
        peaks,
        Column("first", say("First read"), Kind.TOKEN, 130),
        Column("second", say("Second read"), Kind.TOKEN, 130),
        Column(STANDING, say("Standing"), Kind.MARK, 120),
        Column(READ, say("What holds"), Kind.TOKEN, 130),
        Column(REASON, say("Because"), width=220, stretch=True),
    ]
