"""Pairs of a label and a value outside a section, and links from one record to another."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.look import GRID
from gui.places.missing_words import say
from gui.widgets.lines import text
from gui.widgets.marks import Mark
from gui.widgets.record import FACT_LABEL, Value, value_widget


def facts_grid(facts: Iterable[tuple[str, Value]]) -> QWidget:
    """The pairs below each other, as a section shows them."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for line, (label, value) in enumerate(facts):
        name = text(label, "muted")
        name.setFixedWidth(FACT_LABEL - 16)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        shown = value_widget(value, say("not known"))
        top = Qt.AlignmentFlag.AlignTop
        side = top | Qt.AlignmentFlag.AlignLeft if isinstance(value, Mark) else Qt.AlignmentFlag(0)
        grid.addWidget(name, line, 0)
        grid.addWidget(shown, line, 1, side)
    return holder
