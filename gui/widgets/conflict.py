"""Somebody else changed the record first: both versions side by side, and the person chooses."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QScrollArea, QWidget

from forensics.domain.errors import Conflict
from gui.look import GRID
from gui.widgets.buttons import Button
from gui.widgets.lines import boxed, column, row, text

SILENT = {"id", "revision", "created_at", "created_by", "changed_at", "changed_by"}


class Choice(Enum):
    """What the person decided."""

    MINE = "mine"
    THEIRS = "theirs"


def differences(mine: Any, theirs: Any) -> list[tuple[str, str, str]]:
    """Names of the fields that differ, with both values in words; bookkeeping is left out."""
    ours, others = _values(mine), _values(theirs)
    names = [name for name in (ours | others) if name not in SILENT]
    return [
        (name.replace("_", " "), _said(ours.get(name)), _said(others.get(name)))
        for name in names
        if ours.get(name) != others.get(name)
    ]


class ConflictDialog(QDialog):
    """`ask` gives MINE, THEIRS or None when the person wants to think."""

    def __init__(self, lines: list[tuple[str, str, str]], words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice: Choice | None = None
        self.setWindowTitle(self.tr("Changed by somebody else"))
        self.setMinimumSize(640, 320)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 3)
        grid.setVerticalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for place, title in enumerate((self.tr("Field"), self.tr("Yours"), self.tr("Theirs, already saved"))):
            grid.addWidget(text(title, "label"), 0, place)
        for number, line in enumerate(lines, start=1):
            for place, said in enumerate(line):
                shown = text(said, "muted" if place == 0 else "", selectable=True)
                grid.addWidget(shown, number, place, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(len(lines) + 1, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(boxed(grid))
        keep = Button(self.tr("Keep mine"), run=lambda: self._choose(Choice.MINE))
        take = Button(self.tr("Take theirs"), "primary", run=lambda: self._choose(Choice.THEIRS))
        later = Button(self.tr("Decide later"), run=self.reject)
        head = text(self.tr("Somebody else changed this record first"), "large")
        note = text(words or self.tr("Nothing of yours has been saved yet, and nothing is lost."), "muted")
        self.setLayout(column(head, note, area, row(later, None, keep, take), margin=24, gap=16))

    @classmethod
    def for_error(cls, conflict: Conflict, parent: QWidget | None = None) -> ConflictDialog:
        return cls(differences(conflict.mine, conflict.theirs), str(conflict), parent)

    def ask(self) -> Choice | None:
        """Show both versions; what the person chose."""
        self.exec()
        self.deleteLater()
        return self.choice

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self.accept()


def _values(value: Any) -> dict[str, Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return dict(value) if isinstance(value, dict) else {}


def _said(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, Enum):
        return str(value.value)
    return ", ".join(map(_said, value)) if isinstance(value, tuple) else str(value)
