"""A record as a page: who or what this is, how it stands, then sections to read, with thin rules.

page = RecordPage()
page.header("R-2026-000123-7", "Left femur", marks=[Mark(Meaning.GOOD, "Inventoried")])
section = page.section("Sampling")
section.facts([("Taken by", "A. Horvat"), ("Mass", "2.4 g"), ("Witness", None)])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.look import GRID, READING_WIDTH, Meaning, is_mirrored
from gui.widgets.banner import Banner
from gui.widgets.buttons import Action, Button
from gui.widgets.flow import Flow
from gui.widgets.lines import clear, column, row, rule, text
from gui.widgets.marks import Chip, Mark
from gui.widgets.timeline import Happening, Timeline


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that knows where it comes from: the words, and below them small the source or kind."""

    words: str
    source: str = ""
    mono: bool = False


FACT_LABEL = 152  # pixels

Value = str | int | Fact | Mark | QWidget | None


def value_widget(value: Value, unknown: str) -> QWidget:
    """The widget of one value; None is shown as not known, which is not the same as no."""
    if isinstance(value, QWidget):
        return value
    if isinstance(value, Mark):
        return Chip(value)
    if value is None or value == "":
        return text(unknown, "unknown")
    if isinstance(value, Fact):
        words = text(value.words, "mono" if value.mono else "", selectable=True)
        if not value.source:
            return words
        holder = QWidget()
        holder.setLayout(column(words, text(value.source, "small"), gap=0))
        return holder
    return text(str(value), selectable=True)


def _side(value: Value) -> Qt.AlignmentFlag:
    """Chips keep their own width; everything else takes the column and wraps in it."""
    top = Qt.AlignmentFlag.AlignTop
    return top | Qt.AlignmentFlag.AlignLeft if isinstance(value, Mark) else Qt.AlignmentFlag(0)


class Section(QFrame):
    """A heading, its actions and what stands below it."""

    def __init__(self, title: str, actions: Sequence[Action] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        heading = text(title, "strong")
        buttons = [Button.of(action) for action in actions]
        several = (
            [Flow(buttons)] if len(buttons) > 2 else []
        )  # a row of their own, which breaks where it is narrow
        top = row(heading, *([] if several else buttons))
        top.setStretch(0, 1)
        top.setContentsMargins(0, 0, 0, 0)
        self._body = column(gap=12)
        self.setLayout(column(rule(), top, *several, self._body, gap=12))
        self.setAccessibleName(title)

    def facts(self, facts: Iterable[tuple[str, Value]]) -> None:
        """Pairs of a label and a value, below each other."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for line, (label, value) in enumerate(facts):
            name = text(label, "muted")
            name.setFixedWidth(FACT_LABEL)
            name.setAlignment(name.alignment() & ~Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignTop)
            shown = value_widget(value, self.tr("not known"))
            if not isinstance(value, QWidget):
                shown.setAccessibleDescription(label)
            grid.addWidget(name, line, 0)
            grid.addWidget(shown, line, 1, _side(value))
        self._body.addLayout(grid)

    def text(self, words: str, kind: str = "") -> QLabel:
        label = text(words, kind, selectable=True)
        self._body.addWidget(label)
        return label

    def table(
        self, titles: Sequence[str], rows: Iterable[Sequence[Value]], numbers: Sequence[int] = ()
    ) -> None:
        """A short table to read (not a list to work in); `numbers` are the columns set flush right."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(6)
        for place, title in enumerate(titles):
            grid.addWidget(text(title, "label", wrap=False), 0, place, self._side(place, numbers))
        for line, values in enumerate(rows, start=1):
            for place, value in enumerate(values):
                shown = value_widget(value, "–")
                if isinstance(shown, QLabel):
                    shown.setWordWrap(place == 0 or place == len(titles) - 1)
                    shown.setAlignment(self._side(place, numbers))
                    grid.addWidget(shown, line, place)
                else:
                    grid.addWidget(shown, line, place, self._side(place, numbers))
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(len(titles) - (len(titles) - 1 not in numbers), 2)
        self._body.addLayout(grid)

    def timeline(self, happenings: Sequence[Happening]) -> Timeline:
        story = Timeline(happenings)
        self._body.addWidget(story)
        return story

    def widget(self, widget: QWidget) -> None:
        self._body.addWidget(widget)

    @staticmethod
    def _side(place: int, numbers: Sequence[int]) -> Qt.AlignmentFlag:
        right = (place in numbers) is not is_mirrored()
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignAbsolute


class RecordPage(QWidget):
    """The page itself: a header that stays, and sections that scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._head = QWidget()
        self._top = QVBoxLayout(self._head)
        self._top.setContentsMargins(24, 20, 36, 12)
        self._top.setSpacing(8)
        self._page = QWidget()
        self._page.setProperty("kind", "page")
        self._page.setMaximumWidth(READING_WIDTH + 160)
        self._sections = QVBoxLayout(self._page)
        self._sections.setContentsMargins(24, 4, 24, 32)
        self._sections.setSpacing(20)
        self._area = QScrollArea()
        self._area.setProperty("kind", "surface")
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._page)
        self._sections.addStretch()
        self.setLayout(column(self._head, self._area, gap=0))
        self.setFocusProxy(self._area)
        self.key: Any = None  # of the record that is shown

    @property
    def position(self) -> int:
        """How far the page is scrolled."""
        return self._area.verticalScrollBar().value()

    def scroll_to(self, position: int) -> None:
        self._area.verticalScrollBar().setValue(position)

    def clear(self) -> None:
        """Empty the page, to be written anew; it is shown again by `written`, or when the window lives on.

        Qt lays out a visible page anew for each widget that is put on it, and a hidden one only once.
        """
        self._head.hide()
        self._page.hide()
        QTimer.singleShot(0, self, self.written)
        clear(self._top)
        clear(self._sections)
        self._sections.addStretch()
        self._area.verticalScrollBar().setValue(0)

    def written(self) -> None:
        """Show what was written since `clear`."""
        self._head.show()
        self._page.show()

    def header(
        self,
        number: str,
        title: str,
        kind: str = "",
        marks: Sequence[Mark] = (),
        outstanding: str = "",
        actions: Sequence[Action] = (),
    ) -> None:
        """Which person or item this is, how it stands, what is outstanding, what can be done."""
        named = [text(number, "mono", wrap=False, selectable=True)] if number else []
        named += [text(kind, "small", wrap=False)] if kind else []
        if named:
            self._top.addLayout(row(*named, None))
        self._top.addWidget(text(title, "large", selectable=True))
        if marks:
            self._top.addWidget(Flow([Chip(mark) for mark in marks], gap=6))
        if outstanding:
            self._top.addWidget(Banner(outstanding, Meaning.WAITING))
        if actions:
            self._top.addWidget(Flow([Button.of(action) for action in actions], gap=8))
        self.setAccessibleName(f"{number} {title}")

    def section(self, title: str, actions: Sequence[Action] = ()) -> Section:
        """Begin a section at the end of the page."""
        section = Section(title, actions)
        self._sections.insertWidget(self._sections.count() - 1, section)
        return section

    def notice(
        self, words: str, meaning: Meaning = Meaning.ATTENTION, actions: Sequence[Action] = ()
    ) -> Banner:
        """A notice at this point of the page."""
        banner = Banner(words, meaning, list(actions))
        self._sections.insertWidget(self._sections.count() - 1, banner)
        return banner
