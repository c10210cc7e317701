"""Counting: scan everything, see at once what does not agree, settle it, finish. Each scan is saved when it is made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from forensics.domain.errors import NominaError
from forensics.domain.stock_take import Finding, Resolution, StockLine
from gui.context import Context
from gui.look import Meaning
from gui.places.storage_printing import print_count
from gui.places.storage_words import finding_mark, resolution_words, say
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.fields import TextField
from gui.widgets.forms import FormDialog
from gui.widgets.lines import boxed, clear, column, row, rule, text
from gui.widgets.marks import Chip
from gui.widgets.switch import Switch

if TYPE_CHECKING:
    from forensics.services.stock_taking import Count

NEWEST = 12  # scans that are shown while counting
MOST = 100  # discrepancies of one kind that stand on the page at once
_ORDER = (Finding.MISPLACED, Finding.FOUND_AGAIN, Finding.NOT_HERE, Finding.UNKNOWN, Finding.MISSING)


class CountingPage(QWidget):
    """`left` when the person goes back to the list; the stock-take waits meanwhile."""

    left = Signal()

    def __init__(self, context: Context, id: UUID) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.context, self.id = context, id
        self.here: UUID | None = None  # the shelf or box that was scanned last
        self.here_words = ""
        self.count: Count | None = None
        self.switch = Switch(
            self.tr("What is done"), [("scan", self.tr("Scan")), ("settle", self.tr("Settle"))]
        )
        self.switch.chosen.connect(self.show_step)
        self.title = text("", "strong", wrap=False)
        self.done = text("", "large", wrap=False)
        self.place = text("", "muted")
        self.code = TextField(
            "code", self.tr("Scan, or type a number and press Enter"), mono=True, required=True
        )
        self.code.editor.returnPressed.connect(self._typed)  # type: ignore[attr-defined]
        self.newest = QGridLayout()
        self.tally = QGridLayout()
        self.trouble = column(gap=0)
        self.odd = QVBoxLayout()
        self.finish_button = Button(self.tr("Finish"), "primary", "check", self.finish)
        self.stack = QStackedWidget()
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=400)
        self._soon.timeout.connect(self.refresh)
        self.refresh()

    def begin(self) -> None:
        self.code.editor.setFocus()

    # -- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        back = Button(self.tr("Back"), "plain", "arrow-left", self.left.emit)
        printing = Button(self.tr("Print"), "quiet", "print", self._print)
        bar = row(back, self.title, self.switch, None, printing, self.finish_button, gap=12)
        bar.setContentsMargins(16, 8, 24, 8)
        for grid in (self.newest, self.tally):
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(6)
        self.newest.setColumnStretch(2, 1)
        left = column(self.done, self.place, self.code, self.trouble, rule(), self.newest, None, gap=12)
        right = column(text(self.tr("So far"), "strong"), self.tally, None, gap=12)
        both = row(left, right, gap=48)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        both.setContentsMargins(32, 24, 32, 24)
        self.stack.addWidget(boxed(both, "surface"))
        self.odd.setContentsMargins(32, 20, 32, 32)
        self.odd.setSpacing(10)
        page = QWidget()
        page.setProperty("kind", "page")
        page.setLayout(self.odd)
        area = QScrollArea()
        area.setProperty("kind", "surface")
        area.setWidgetResizable(True)
        area.setWidget(page)
        self.stack.addWidget(area)
        layout = column(boxed(bar, "header"), self.stack, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def show_step(self, key: str) -> None:
        """Scanning or settling."""
        self.switch.show_current(key)
        self.stack.setCurrentIndex(0 if key == "scan" else 1)
        self.refresh()
        if key == "scan":
            self.begin()

    # -- scanning ------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        written = str(self.code.editor.text())  # type: ignore[attr-defined]
        self.code.set_value("")
        if written.strip():
            self.scanned(written)

    def scanned(self, code: str) -> None:
        """A place is where the next things lie; anything else is counted there."""
        from forensics.services.scanning import identify
        from forensics.services.stock_taking import record_scan

        clear(self.trouble)
        try:
            found = self.context.lab.run(identify, code)
            place = next((one for one in found if one.entity == "storage_location"), None)
            if place is not None:
                self.here, self.here_words = place.id, place.where
                self._say_where()
                return
            line = self.context.lab.run(record_scan, self.id, code, self.here)
        except NominaError as error:
            self.trouble.addWidget(Banner(str(error), Meaning.REFUSED))
            return
        self._show_newest(line)
        self._soon.start()  # the whole count is read again when the scanner rests

    def _say_where(self) -> None:
        where = self.here_words or (self.count.where if self.count else "")
        words = self.tr("Scanning in {0}. Scan the label of a shelf or box to go on there.")
        self.place.setText(words.format(where))

    def _show_newest(self, line: StockLine) -> None:
        if self.count is not None:
            lines = (line, *(one for one in self.count.lines if one.id != line.id))
            self._fill_newest(lines)

    def _fill_newest(self, lines: Sequence[StockLine]) -> None:
        clear(self.newest)
        for at, line in enumerate(lines[:NEWEST]):
            self.newest.addWidget(Chip(finding_mark(line.finding)), at, 0)
            self.newest.addWidget(text(line.code, "mono", wrap=False), at, 1)
            self.newest.addWidget(text(line.why, "small"), at, 2)

    # -- what is known so far ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the whole count again."""
        from forensics.services.stock_taking import stock_take_record

        count = self.context.query(stock_take_record, self.id)
        if count is None:
            return
        self.count = count
        found = sum(line.finding is not Finding.MISSING for line in count.lines)
        self.title.setText(self.tr("{0} · {1}").format(count.stock_take.number, count.where))
        words = self.tr("{0} scanned, {1} still expected")
        self.done.setText(words.format(f"{found:,}", f"{len(count.missing):,}"))
        self.finish_button.setEnabled(count.open == 0)
        hint = self.tr("{0} are not settled yet").format(count.open) if count.open else ""
        self.finish_button.setToolTip(hint)
        self._say_where()
        self._fill_newest(count.lines)
        clear(self.tally)
        for at, (finding, number) in enumerate(count.tally.items()):
            self.tally.addWidget(Chip(finding_mark(finding)), at, 0)
            self.tally.addWidget(text(f"{number:,}", "strong", wrap=False), at, 1)
        self._fill_odd(count)

    def _fill_odd(self, count: Count) -> None:
        """One group for each kind of discrepancy that is not settled."""
        clear(self.odd)
        if not count.open:
            words = self.tr("Everything that was scanned agrees with the records or is settled.")
            self.odd.addWidget(Banner(words, Meaning.GOOD))
        for finding in _ORDER:
            lines = [x for x in count.lines if x.finding is finding and x.resolution is Resolution.OPEN]
            rows = [(line.id, line.code, line.why) for line in lines]
            if finding is Finding.MISSING:
                words = self.tr("{0}, expected in {1}")
                rows += [(one.id, one.number, words.format(one.called, one.where)) for one in count.missing]
            if rows:
                self._group(finding, rows)
        self.odd.addStretch()

    def _group(self, finding: Finding, rows: Sequence[tuple[UUID, str, str]]) -> None:
        from forensics.services.stock_taking import WAYS

        ways = WAYS[finding]
        all_ = [
            Button(
                self.tr("All: {0}").format(resolution_words(way).lower()),
                "quiet",
                run=partial(self._settle_all, finding, way),
            )
            for way in ways
        ]
        head = row(
            Chip(finding_mark(finding)), text(f"{len(rows):,}", "strong", wrap=False), None, *all_, gap=10
        )
        self.odd.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        for at, (id, code, why) in enumerate(rows[:MOST]):
            grid.addWidget(text(code, "mono", wrap=False), at, 0)
            grid.addWidget(text(why, "small"), at, 1)
            for place, way in enumerate(ways):
                button = Button(resolution_words(way), "link", run=partial(self._settle, id, way))
                button.setAccessibleName(f"{code}: {resolution_words(way)}")
                grid.addWidget(button, at, 2 + place)
        self.odd.addLayout(grid)
        if len(rows) > MOST:
            self.odd.addWidget(text(self.tr("and {0} more").format(f"{len(rows) - MOST:,}"), "muted"))
        self.odd.addWidget(rule())

    # -- settling ------------------------------------------------------------------------------------------------

    def _settle(self, id: UUID, way: Resolution) -> None:
        from forensics.services.stock_taking import resolve

        if way is Resolution.LEFT:
            self._with_reason(lambda note: self.context.lab.run(resolve, self.id, id, way, note))
        else:
            self.context.act(resolve, self.id, id, way)
        self.refresh()

    def _settle_all(self, finding: Finding, way: Resolution) -> None:
        from forensics.services.stock_taking import resolve_all

        if way is Resolution.LEFT:
            self._with_reason(lambda note: self.context.lab.run(resolve_all, self.id, finding, way, note))
        else:
            self.context.act(resolve_all, self.id, finding, way)
        self.refresh()

    def _with_reason(self, act: object) -> None:
        form = FormDialog(say("leave it as it is"), lambda v: act(v["note"]), self)  # type: ignore[operator]
        form.lines("note", say("why"), required=True)
        form.ask()

    def finish(self) -> None:
        """All is settled: the count ends, and what was found stands in the story of each thing."""
        from forensics.services.stock_taking import finish_stock_take

        if self.context.act(finish_stock_take, self.id) is not None:
            self.left.emit()

    def _print(self) -> None:
        self.refresh()
        if self.count is not None:
            print_count(self.context, self, self.count)
