"""Remains × missing persons of a whole operation as a heat map: every pair's LR, and what all say together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from gui.context import Context
from gui.look import Meaning
from gui.place import Place
from gui.places.matching_joint_work import JointWork
from gui.places.matching_matrix_paint import legend
from gui.places.matching_matrix_sheet import Sheet, sheet_of
from gui.places.matching_matrix_view import MatrixView
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Action, Button, IconButton
from gui.widgets.lines import Elided, boxed, clear, column, row, rule, text
from gui.widgets.lists import Filter, FilterChip
from reports.figures.axis import power_label

BOUNDS = (0.0, 2.0, 4.0, 6.0)
"""log10 LRs from which a row or a column can be asked for."""


class Matrix(Place):
    """The heat map with what is asked of it; a pair is opened by the place around it."""

    def __init__(self, context: Context, work: JointWork, opened: Callable[[int, int], None]) -> None:
        super().__init__(context)
        self.work, self.bound, self.whole = work, BOUNDS[1], False
        self.view = MatrixView()
        self.view.opened.connect(opened)
        self.view.pointed.connect(self._point)
        self.said = text("", "strong", wrap=False)
        self.at_cursor = Elided("")
        self._head, self._notices = row(), column(gap=0)
        bounds = [(low, self.tr("LR {0} or more").format(power_label(low))) for low in BOUNDS]
        self.chip = FilterChip(Filter("bound", self.tr("Rows and columns with"), bounds))
        self.chip.choose((self.bound,))
        self.chip.chosen_changed.connect(self._choose)
        self._stack = QStackedWidget()
        self._none = EmptyState(
            "filter", self.tr("No pair is as strong as that"),
            self.tr("Ask for a smaller LR, or for all rows and columns."),
            Action(self.tr("Show all"), self.show_whole),
        )  # fmt: skip
        self._empty = self._nothing_yet()
        for widget in (self._empty, self._none, self._shown()):
            self._stack.addWidget(widget)
        self.setLayout(column(boxed(column(self._stack), "surface")))
        self._draw_head()
        work.changed.connect(self.refresh)
        self.refresh()

    def _nothing_yet(self) -> EmptyState:
        begin = self.work.compare_action()
        return EmptyState(
            "grid",
            self.tr("The whole operation in one picture"),
            self.tr(
                "Every victim against every missing person: strong pairs, rivals for one place, and families "
                "that several victims fit. It is computed from what is accepted now."
            ),
            Action(begin.text, begin.run, begin.icon, "primary", why_not=begin.why_not),
        )

    def _shown(self) -> QStackedWidget:
        """The matrix below its head, above the words of the pair at the cursor and the legend."""
        self._frame = QStackedWidget()
        foot = row(self.at_cursor, Button(self.tr("Open the pair"), run=self.view.open_current))
        foot.setStretch(0, 1)
        below = column(foot, legend(), gap=8)
        below.setContentsMargins(16, 8, 16, 12)
        head = column(self._head, self._notices, gap=8)
        head.setContentsMargins(16, 10, 16, 8)
        body = row(self.view)
        body.setContentsMargins(16, 0, 8, 0)
        layout = column(
            boxed(head, "surface"), boxed(body, "surface"), rule(), boxed(below, "surface"), gap=0
        )
        layout.setStretch(1, 1)
        self._frame.addWidget(boxed(layout, "surface"))
        return self._frame

    def _draw_head(self) -> None:
        clear(self._head)
        for part in (self.said, None, self.chip):
            if part is None:
                self._head.addStretch()
            else:
                self._head.addWidget(part)
        self.all_button = Button(self.tr("All rows and columns"))
        self.all_button.setCheckable(True)
        self.all_button.clicked.connect(self._turn_whole)
        self._head.addWidget(self.all_button)
        self._head.addWidget(IconButton("zoom-out", self.tr("Smaller"), lambda: self.view.zoom(False)))
        self._head.addWidget(IconButton("zoom-in", self.tr("Larger"), lambda: self.view.zoom(True)))
        self._again = Button(self.tr("Compare again"), run=self.work.compare)
        self._head.addWidget(self._again)

    # -- showing -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what is at hand for the operation."""
        pairs = self.work.pairs
        clear(self._notices)
        why = self.work.compare_action().why_not
        for button in (self._again, self._empty.button):
            if button is not None:
                button.setEnabled(not why)
                button.setToolTip(why)
        if pairs is None:
            self._stack.setCurrentWidget(self._empty)
            return
        if self.work.is_outdated:
            again = Action(self.tr("Compare again"), self.work.compare, why_not=why)
            self._notices.addWidget(Banner(self.work.outdated_words, Meaning.ATTENTION, [again]))
        elif self.work.made:
            self._notices.addWidget(text(self.work.made, "small", wrap=False))
        sheet = sheet_of(pairs, self.work.solution, self.bound, self.whole)
        if not sheet.rows or not sheet.columns:
            self._stack.setCurrentWidget(self._none)
            return
        self.said.setText(self._words(sheet))
        self._stack.setCurrentWidget(self._frame)
        self.view.show_sheet(sheet)

    def _words(self, sheet: Sheet) -> str:
        """How much there is and how much of it is shown."""
        pairs = sheet.pairs
        whole = self.tr("{0} victims × {1} missing persons").format(len(pairs.victims), len(pairs.sought))
        if len(sheet.rows) == len(pairs.victims) and len(sheet.columns) == len(pairs.sought):
            return whole
        return self.tr("{0}, {1} × {2} of them shown").format(whole, len(sheet.rows), len(sheet.columns))

    def _point(self, words: str) -> None:
        self.at_cursor.say(words)

    def _choose(self) -> None:
        self.bound = min(self.chip.chosen, default=BOUNDS[1])
        self.refresh()

    def _turn_whole(self) -> None:
        self.whole = self.all_button.isChecked()
        self.refresh()

    def show_whole(self) -> None:
        self.all_button.setChecked(True)
        self._turn_whole()

    def actions_offered(self) -> list[Action]:
        return [self.work.compare_action(), Action(self.tr("All rows and columns"), self.show_whole, "grid")]

    def begin(self) -> None:
        self.work.recall()
        super().begin()
        if self.work.pairs is not None:
            self.view.setFocus()
