"""Stock-takes: the list of them, what each found, and the way into an open one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from forensics.domain.stock_take import Finding, StockTakeState
from forensics.services import stock_taking, storage
from forensics.services.stock_taking import Count, StockTakeLine
from gui.ahead import Ahead
from gui.place import ListPlace
from gui.places.remains_parts import why_not
from gui.places.remains_words import day, moment
from gui.places.storage_printing import print_count
from gui.places.storage_words import count_mark, finding_mark, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lines import unbroken
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.record import RecordPage
from gui.widgets.wrapped import WrappedTable


class StockTakes(ListPlace):
    """`go_on(id)` opens the counting of an open one."""

    name = "samples-counts"
    subjects = frozenset({"stock_take", "stock_line"})

    def __init__(self, context: Any, go_on: Callable[[UUID], None]) -> None:
        self.go_on = go_on
        super().__init__(context)

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Stock-take"), Kind.TOKEN, 138),
            Column("where", self.tr("Where"), stretch=True, value=_short),
            Column("begun", self.tr("Begun"), width=104, value=lambda row: day(row.stock_take.created_at)),
            Column("begun_by", self.tr("By"), width=130, shown=False),
            Column("state", self.tr("State"), Kind.MARK, 104, value=lambda row: count_mark(row.stock_take.state)),
            Column("discrepancies", self.tr("To settle"), Kind.NUMBER, 84),
            Column("scanned", self.tr("Scanned"), Kind.NUMBER, 82, shown=False),
        ]  # fmt: skip
        words = self.tr("Choose a room or a shelf, scan everything in it, and settle what does not agree.")
        return RecordList(
            self.tr("Stock-takes"),
            columns,
            MemorySource(lambda: self.context.lab.run(stock_taking.stock_takes), columns),
            (),
            EmptyState("clipboard", self.tr("No stock-take yet"), words),
            self.actions_offered(),
            runner=self.context.tasks.quietly,
        )

    @property
    def _why_not(self) -> str:
        words = self.tr("Custodians, technicians, anthropologists and case managers take stock.")
        return why_not(self.context, stock_taking.begin_stock_take, words)

    def actions_offered(self) -> list[Action]:
        return [
            Action(
                self.tr("Begin a stock-take"),
                self.start_count,
                "clipboard",
                "primary",
                "Ctrl+N",
                self._why_not,
            )
        ]

    def start_count(self) -> None:
        """Choose what is counted, and begin."""
        tree = self.context.query(storage.storage_tree) or []
        form = FormDialog(
            self.tr("Begin a stock-take"),
            lambda v: self.context.lab.run(stock_taking.begin_stock_take, v["place"], v["note"]),
            self,
            self.tr("Everything that the records have there is expected; then scan what is there."),
            save=self.tr("Begin"),
        )
        places = [
            (line.id, self.tr("{0} ({1} things)").format(" › ".join(line.path), f"{line.inside:,}"))
            for line in tree
        ]
        form.choice("place", self.tr("What is counted"), places, required=True)
        form.text("note", self.tr("Note"))
        made = form.ask()
        if made is not None:
            self.go_on(made.id)

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: StockTakeLine) -> None:
        ahead.ask(stock_taking.stock_take_record, row.id)

    def open_row(self, row: StockTakeLine) -> None:
        if row.stock_take.state is StockTakeState.OPEN and not self._why_not:
            self.go_on(row.id)
        else:
            super().open_row(row)

    def fill(self, page: RecordPage, row: StockTakeLine) -> None:
        count = self.context.query(stock_taking.stock_take_record, row.id)
        if count is None:
            return
        taken = count.stock_take
        is_open = taken.state is StockTakeState.OPEN
        outstanding = self.tr("It still goes on: {0} are not scanned or not settled.").format(count.open)
        page.header(
            taken.number,
            count.where,
            self.tr("Stock-take"),
            [count_mark(taken.state)],
            outstanding if is_open else "",
            self._acts(count),
        )
        page.section(self.tr("The count")).facts(
            [
                (self.tr("Begun"), f"{moment(taken.created_at)}, {count.begun_by}"),
                *(
                    [(self.tr("Ended"), f"{moment(taken.finished_at)}, {count.finished_by}")]
                    if taken.finished_at
                    else []
                ),
                *(
                    (str(finding_mark(one).word), f"{number:,}")
                    for one, number in count.tally.items()
                    if number
                ),
                *([(self.tr("Note"), taken.note)] if taken.note else []),
            ]
        )
        odd = [line for line in count.lines if line.finding is not Finding.CONFIRMED]
        if odd:
            titles = (self.tr("Code"), self.tr("Finding"), self.tr("By the records"), self.tr("Settled"))
            lines = [
                (
                    unbroken(line.code),
                    finding_mark(line.finding),
                    line.why,
                    "; ".join(part for part in (say(line.resolution), line.note) if part),
                )
                for line in odd
            ]
            page.section(self.tr("Discrepancies")).widget(WrappedTable(titles, lines, (0, 0, 1, 1)))

    def _acts(self, count: Count) -> list[Action]:
        printing = Action(self.tr("Print"), partial(print_count, self.context, self, count), "print")
        if count.stock_take.state is not StockTakeState.OPEN:
            return [printing]
        id, why = count.stock_take.id, self._why_not
        return [
            Action(self.tr("Go on counting"), partial(self.go_on, id), "play", "primary", why_not=why),
            printing,
            Action(self.tr("Give it up…"), partial(self._give_up, id), "void", why_not=why),
        ]

    def _give_up(self, id: UUID) -> None:
        form = FormDialog(
            self.tr("Give up the stock-take"),
            lambda v: self.context.lab.run(stock_taking.give_up_stock_take, id, v["why"]),
            self,
        )
        form.lines("why", self.tr("Why"), required=True)
        form.ask()


def _short(row: StockTakeLine) -> str:
    """The end of the path, which tells the places apart."""
    return " › ".join(row.where.split(" › ")[-2:])
