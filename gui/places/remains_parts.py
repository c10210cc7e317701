"""What the pages of remains and samples have in common: links, tables, the history, the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from forensics.domain.people import Permission
from gui.context import Context, Ref
from gui.places.remains_words import (
    history_story,
    item_mark,
    item_strip,
    sample_mark,
    say,
    thing,
)
from gui.widgets.buttons import Action, Button
from gui.widgets.lines import row
from gui.widgets.marks import Mark, paint_strip
from gui.widgets.record import Fact, RecordPage, Section

if TYPE_CHECKING:
    from forensics.domain.lines import HypothesisLine, ItemLine, SampleLine


def why_not(context: Context, use_case: Any, sentence: str) -> str:
    """Nothing when the person may do it, else the sentence that says why not."""
    return "" if context.may(use_case) else sentence


class Strip(QWidget):
    """Small marks beside each other, read aloud and explained by their words."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        super().__init__()
        self._marks = marks
        words = ", ".join(mark.word for mark in marks)
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.setFixedSize(len(marks) * 22 + 4, 24)

    def paintEvent(self, event: object) -> None:
        from PySide6.QtGui import QPainter

        painter = QPainter(self)
        paint_strip(painter, self.rect(), self._marks)
        painter.end()


def link(words: str, context: Context, place: str, ref: Ref) -> Button:
    """A number that leads to its record."""
    return open_link(words, partial(context.go, place, ref))


def fact_link(words: str, context: Context, place: str, ref: Ref) -> QWidget:
    """A link as the value of a fact: it keeps to its side of the column."""
    holder = QWidget()
    holder.setLayout(row(link(words, context, place, ref), None))
    return holder


def open_link(words: str, run: Callable[[], object]) -> Button:
    """A number that does something, no wider than its words."""
    button = Button(words, "inline", run=run)
    button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return button


def items_table(section: Section, context: Context, items: Sequence[ItemLine]) -> None:
    """Items with their state, what exists for them and where they are."""
    titles = [say("Item"), say("What it is"), say("Examination"), say("What exists"), say("Where")]
    section.table(
        titles,
        (
            (
                link(line.number, context, "remains", Ref("remains_item", line.id, line.number)),
                Fact(thing(line), line.external_number),
                item_mark(line.state),
                Strip(item_strip(line)),
                line.place,
            )
            for line in items
        ),
    )


def samples_table(section: Section, context: Context, samples: Sequence[SampleLine]) -> None:
    """Samples by their token."""
    section.table(
        [say("Token"), say("Kind"), say("State"), say("Profile"), say("Where")],
        (
            (
                link(line.token, context, "samples", Ref("sample", line.id, line.number)),
                str(line.kind),
                sample_mark(line.state),
                None if line.loci is None else say("{0} loci, {1}").format(line.loci, line.profile),
                line.place,
            )
            for line in samples
        ),
    )


def candidates_table(section: Section, context: Context, found: Iterable[HypothesisLine]) -> None:
    """Candidates with their LR, strongest first; who may not read names sees numbers only."""
    from forensics.domain.evidence import power_of_ten
    from gui.places.matching_words import hypothesis_mark

    section.table(
        [say("Candidate"), say("Missing person"), say("LR"), say("Loci"), say("Weighing")],
        (
            (
                link(line.number, context, "matching", Ref("hypothesis", line.id, line.number)),
                Fact(line.missing_number, line.family_external or line.family_number),
                power_of_ten(line.log10_lr),
                line.loci_compared,
                hypothesis_mark(line.state),
            )
            for line in found
        ),
        numbers=(2, 3),
    )


def history(page: RecordPage, context: Context, records: frozenset[UUID]) -> None:
    """A section that tells on request who did what to these records."""
    if not context.has(Permission.CASE_READ):
        return
    section: Section

    def show() -> None:
        from forensics.services.auditing import history as told

        button.hide()
        lines = context.query(told, records)
        section.timeline(history_story(lines or []))

    section = page.section(say("History"))
    button = Button(say("Show who did what, and when"), "link", "history", show)
    section.widget(button)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


def actions(*offered: Action | None) -> list[Action]:
    """Those that there are."""
    return [action for action in offered if action is not None]
