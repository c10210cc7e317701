"""The plate of a batch: arrow keys and clicks go from well to well, a scan puts a tube in the offered one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from forensics.domain.laboratory import POSITIONS, ROWS, BatchState, WellState
from gui.look import look, on_look_changed
from gui.places.laboratory_words import drawn, plate_words, quantities, said, say, well_mark, well_title
from gui.places.remains_parts import open_link
from gui.widgets.lines import clear, column, row, text
from gui.widgets.marks import Chip
from gui.widgets.svgview import SvgView
from reports.figures.plate import plate_figure

if TYPE_CHECKING:
    from forensics.services.batches import BatchRecord, PlateWell

_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: len(ROWS),
    Qt.Key.Key_Left: -len(ROWS),
}


class PlateView(SvgView):
    """The figure; `chosen` tells the position where the cursor stands."""

    chosen = Signal(str)

    def __init__(self, record: BatchRecord, position: str = "") -> None:
        super().__init__()
        self.record = record
        self.position = position
        self.clicked.connect(self.choose)
        on_look_changed(self, lambda own: own.draw())

    def draw(self) -> None:
        record = self.record
        words = plate_words(record.batch.number, record.wells)
        figure = plate_figure(drawn(record.wells), look().palette, offered=record.offered or "", words=words)
        names = {position: words.empty.format(position=position) for position in POSITIONS}
        names |= {one.well.position: well_title(one) for one in record.wells}
        self.show_figure(figure.svg, words.title, names)
        self.select(frozenset({self.position} - {""}))

    def choose(self, position: str) -> None:
        self.position = position
        self.select(frozenset({position}))
        self.setAccessibleDescription(next((w for p, w in self._names.items() if p == position), position))
        self.chosen.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        at = POSITIONS.index(self.position) if self.position else -step
        self.choose(POSITIONS[(at + step) % len(POSITIONS)])


class PlatePanel(QWidget):
    """The plate, the field for scans while the batch is a draft, and what stands in the chosen well.

    `scan(token, position)` puts or verifies a tube and says whether it was taken; `opened(well)` shows its sample.
    """

    def __init__(
        self,
        record: BatchRecord,
        position: str,
        scan: Callable[[str, str], bool],
        opened: Callable[[PlateWell], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self._scan = scan
        self._open = opened
        self.plate = PlateView(record, position)
        self.plate.chosen.connect(self._tell)
        self.field = QLineEdit()
        self.field.setPlaceholderText(say("Scan or type the token of the tube"))
        self.field.setAccessibleName(say("Token of the tube for the offered position"))
        self.field.returnPressed.connect(self._entered)
        self.field.setMaximumWidth(320)
        self.offer = text("", "strong", wrap=False)
        self.told = QVBoxLayout()
        self.told.setContentsMargins(0, 0, 0, 0)
        self.told.setSpacing(4)
        parts: list[QWidget] = []
        if record.batch.state is BatchState.DRAFT and record.offered:
            self.offer.setText(say("Next: {0}").format(record.offered))
            holder = QWidget()
            holder.setLayout(row(self.offer, self.field, None, gap=12))
            parts.append(holder)
        self.setLayout(column(*parts, self.told, self.plate, gap=10))
        self._tell(position)

    def begin(self) -> None:
        """Put the cursor into the field, for the next scan."""
        QTimer.singleShot(0, self.field, self.field.setFocus)

    @property
    def well(self) -> PlateWell | None:
        """The chosen well; None where the position is empty."""
        at = self.plate.position
        return next((one for one in self.record.wells if one.well.position == at), None)

    def _entered(self) -> None:
        token = self.field.text().strip()
        if token and not self._scan(token, self.record.offered or ""):
            self.field.selectAll()

    def _tell(self, position: str) -> None:
        clear(self.told)
        one = self.well
        if one is None:
            words = say("{position}, empty").format(position=position) if position else ""
            self.told.addWidget(text(words or say("Choose a well to read it here."), "muted"))
            return
        well = one.well
        name = one.token or f"{said(well.role)} {well.control}".strip()
        named = open_link(name, partial(self._open, one)) if one.token else text(name, wrap=False)
        head = row(text(well.position, "strong", wrap=False), named, None)
        head.insertWidget(2, Chip(well_mark(well.state)))
        holder = QWidget()
        holder.setLayout(head)
        self.told.addWidget(holder)
        why = well.finding or (self.record.batch.failure if well.state is WellState.BLOCKED else "")
        for words, kind in ((quantities(well), ""), (why, "muted")):
            if words:
                self.told.addWidget(text(words, kind, selectable=True))
