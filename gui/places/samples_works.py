"""What works: how often bones of each kind gave a profile here, with intervals, and which bone to cut next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from forensics.domain.proportions import Proportion
from gui.context import Context, Ref
from gui.look import look, on_look_changed
from gui.place import Place
from gui.places.remains_parts import fact_link
from gui.places.remains_words import said
from gui.widgets.banner import EmptyState
from gui.widgets.lines import column
from gui.widgets.record import RecordPage, Section, Value

if TYPE_CHECKING:
    from forensics.services.what_works import Candidate, Rate, WhatWorks

WIDE, TALL = 150, 18


class Span(QWidget):
    """A share between nothing and everything: the interval as a bar, what was seen as a line in it."""

    def __init__(self, found: Proportion) -> None:
        super().__init__()
        self._found = found
        self.setFixedSize(WIDE, TALL)
        words = percent(found)
        self.setAccessibleName(words)
        self.setToolTip(words)
        on_look_changed(self, lambda own: own.update())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        low, high = self._found.interval
        painter.fillRect(QRectF(0, TALL / 2 - 1, WIDE, 1), look().color("line_strong"))
        painter.fillRect(
            QRectF(low * WIDE, TALL / 2 - 4, max(2.0, (high - low) * WIDE), 8), look().color("selection")
        )
        painter.fillRect(QRectF(self._found.share * (WIDE - 3), 2, 3, TALL - 4), look().color("accent"))
        painter.end()


def percent(found: Proportion) -> str:
    """`70 % (49–86 %)`."""
    low, high = (round(end * 100) for end in found.interval)
    return f"{found.share * 100:.0f} % ({low}–{high} %)"


class WhatWorksPlace(Place):
    """One page of short tables, read anew when samples, profiles or batches have changed."""

    subjects = frozenset({"sample", "profile", "batch", "remains_item"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.page = RecordPage()
        self.setLayout(column(self.page))
        self.setFocusProxy(self.page)
        self.refresh()

    def refresh(self) -> None:
        """Ask on the database's thread, then write the page."""
        from forensics.services.what_works import what_works

        operation = self.context.operation
        self.context.ask(self.show_figures, what_works, operation.id if operation is not None else None)

    def show_figures(self, found: WhatWorks) -> None:
        """The figures as tables; kind words while there are none."""
        from forensics.services.what_works import ENOUGH_LOCI

        page = self.page
        page.clear()
        if not found.whole.success.tried:
            words = self.tr("As soon as samples of remains have a profile or failed, they are counted here.")
            page.section("").widget(EmptyState("sample", self.tr("Nothing was tried yet"), words))
            page.written()
            return
        success = found.whole.success
        words = self.tr("{0} of {1} samples of remains gave a profile of {2} loci or more: {3}")
        whole = words.format(success.worked, success.tried, ENOUGH_LOCI, percent(success))
        page.header("", self.tr("What works here"))
        page.section("").text(whole)
        self._next(page.section(self.tr("Which bone next?")), found.next)
        for title, name, rates in (
            (self.tr("By element"), self.tr("Element"), found.elements),
            (self.tr("By preservation"), self.tr("Preservation"), found.preservations),
            (self.tr("By extraction method"), self.tr("Protocol"), found.methods),
        ):
            self._rates(page.section(title), name, rates)
        page.written()

    def _rates(self, section: Section, name: str, rates: Sequence[Rate]) -> None:
        titles = [
            name,
            self.tr("Tried"),
            self.tr("Profiles"),
            self.tr("Success (95 %)"),
            "",
            self.tr("Mass a profile"),
        ]
        rows: list[list[Value]] = [
            [
                said(rate.name) if rate.name else self.tr("not recorded"),
                f"{rate.success.tried}",
                f"{rate.success.worked}",
                percent(rate.success),
                Span(rate.success),
                self._mass(rate.mass_each),
            ]
            for rate in rates
        ]
        section.table(titles, rows, numbers=(1, 2))

    def _next(self, section: Section, found: Sequence[Candidate]) -> None:
        if not found:
            section.text(self.tr("Every item with a named bone was sampled."), "muted")
            return
        titles = [self.tr("Item"), self.tr("Bone"), self.tr("Promise (95 %)"), "", self.tr("Mass to cut")]
        rows: list[list[Value]] = [
            [
                fact_link(one.number, self.context, "remains", Ref("remains_item", one.id, one.number)),
                said(one.element) if one.own else self.tr("{0} (tried too little)").format(said(one.element)),
                percent(one.rate.success),
                Span(one.rate.success),
                self._mass(one.rate.mass),
            ]
            for one in found
        ]
        section.table(titles, rows)
        words = self.tr("Ordered by what is surely reached: the lower end of the interval.")
        section.text(words, "small")

    def _mass(self, milligrams: float | None) -> str | None:
        return f"{milligrams:,.0f} mg" if milligrams is not None else None
