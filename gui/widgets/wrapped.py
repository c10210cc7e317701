"""A table to read whose words wrap in the columns that have a share of the width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui.widgets.lines import rule, text
from gui.widgets.record import Value, value_widget


class WrappedTable(QWidget):
    """`shares` are the parts of the width; a column with 0 is as wide as its longest word or mark."""

    def __init__(self, titles: Sequence[str], rows: Sequence[Sequence[Value]], shares: Sequence[int]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        for place, title in enumerate(titles):
            grid.addWidget(text(title, "label", wrap=False), 0, place)
        for number, values in enumerate(rows):
            grid.addWidget(rule(), 2 * number + 1, 0, 1, len(titles))
            for place, value in enumerate(values):
                wraps = place < len(shares) and shares[place] > 0
                shown = value_widget(value, "–")
                if isinstance(shown, QLabel):
                    shown.setAlignment(Qt.AlignmentFlag.AlignTop)
                    shown.setWordWrap(wraps)
                grid.addWidget(shown, 2 * number + 2, place, Qt.AlignmentFlag(0) if wraps else top)
        for place, share in enumerate(shares):
            grid.setColumnStretch(place, share)
