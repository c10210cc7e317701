"""What a place is: a page of the window with its list, its record and its actions.

A place shows, and calls use cases through its `Context`; it opens no transaction and sets no colour.
`ListPlace` is the usual one: the list in the middle, the record on the right.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from gui.ahead import Ahead
from gui.context import Context, Ref, Some
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lines import column
from gui.widgets.lists import RecordList
from gui.widgets.record import RecordPage


class Place(QWidget):
    """Base of the places. `subjects` are the tables whose changes concern it (`{"remains_item"}`)."""

    subjects: frozenset[str] = frozenset()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._stale = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        context.changed.connect(self._hear)
        context.operation_changed.connect(self.refresh)

    def actions_offered(self) -> list[Action]:
        """What can be done here, for the command palette too."""
        return []

    def open(self, ref: Ref) -> None:
        """Show this record."""

    def open_some(self, some: Some) -> None:
        """Show the records of this kind that match."""

    def scanned(self, code: str) -> bool:
        """Take a scan for the work that is done here; False: it acts as anywhere."""
        return False

    def refresh(self) -> None:
        """Show again what may have changed."""

    def begin(self) -> None:
        """Put the cursor where work begins; called whenever the place comes to the front."""
        if self._stale:
            self._stale = False
            self.refresh()
        self.setFocus()

    def _hear(self, subjects: frozenset[str]) -> None:
        if not subjects & self.subjects:
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True


class ListPlace(Place):
    """A list and the record of its current row. Write `make_list` and `fill`.

    `name` keeps the person's splitter and columns; `fill` writes the page of a row, and may ask the
    laboratory with `self.context.query`. What `ask_ahead` asks before on the database's thread, `fill` does
    not wait for. While one page is asked for no other is: who runs down a list gets the page of the row
    where the cursor comes to rest.
    """

    name = "list"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.page = RecordPage()
        self.list = self.make_list()
        self.list.selected.connect(self._selected)
        self.list.opened.connect(self.open_row)
        self.right = QStackedWidget()
        self.right.addWidget(self.make_nothing())
        self.right.addWidget(self.page)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.right)
        self.list.setMinimumWidth(320)
        self.right.setMinimumWidth(380)
        self.splitter.setSizes([540, 600])
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 1)
        kept = QSettings().value(f"places/{self.name}/splitter")
        if kept is not None:
            self.splitter.restoreState(kept)
        self.splitter.splitterMoved.connect(self._keep)
        self.setLayout(column(self.splitter))
        self.list.model.counted.connect(self._counted)
        self._row: Any = None
        self._pause = QTimer(self, singleShot=True, interval=40)
        self._pause.timeout.connect(self._begin_page)
        self._asking = False  # something is asked ahead
        self._owed = False  # a page is to be written when that is answered
        self.list.load()

    # -- to write --------------------------------------------------------------------------------------

    def make_list(self) -> RecordList:
        """The list; give it `runner=self.context.tasks.quietly` to be loaded beside the window."""
        raise NotImplementedError

    def fill(self, page: RecordPage, row: Any) -> None:
        """Write the (emptied) page of a row."""
        raise NotImplementedError

    def ask_ahead(self, ahead: Ahead, row: Any) -> None:
        """Ask with `ahead.ask(use_case, …)` what `fill` will; not in the window's thread: touch no widget."""

    def make_nothing(self) -> QWidget:
        """What stands on the right while nothing is chosen."""
        return EmptyState("open", self.tr("Nothing chosen"), self.tr("Choose a line to read it here."))

    def open_row(self, row: Any) -> None:
        """Enter or double click on a row: the record gets the focus."""
        self._show()
        self.page.setFocus()

    # -- what is given -----------------------------------------------------------------------------------

    @property
    def current(self) -> Any | None:
        """The row whose record is shown."""
        return self._row

    @property
    def is_writing(self) -> bool:
        """Whether the page of the current row is still to come."""
        return self._pause.isActive() or self._owed

    def open(self, ref: Ref) -> None:
        """Put the cursor on the record; where the list does not hold it yet, find it by its number."""
        self.list.select(ref.id)
        if self.list.current is None or self.list.key_of(self.list.current) != ref.id:
            self.list.show_only(text=ref.number)

    def open_some(self, some: Some) -> None:
        self.list.show_only(some.text, **some.filters)

    def refresh(self) -> None:
        self.list.refresh()

    def show_again(self) -> None:
        """Write the page anew, for example after a change of what it shows."""
        self._show()

    def begin(self) -> None:
        super().begin()
        self.list.view.setFocus()

    def _counted(self, count: int) -> None:
        """Beside a list where nothing is yet nothing can be chosen: its first step has the whole place."""
        self.right.setHidden(count == 0 and not self.list.is_narrowed)

    def _selected(self, row: Any) -> None:
        self._row = row
        self._pause.start()

    def _begin_page(self) -> None:
        """Ask ahead for the row where the cursor rests; one question at a time."""
        self._owed = True
        if self._row is None or type(self).ask_ahead is ListPlace.ask_ahead:
            self._show()
        elif not self._asking:
            self._asking = True
            ahead, row = Ahead(self.context.lab), self._row
            arrived = partial(self._arrived, ahead, row)
            self.context.tasks.quietly(lambda: self.ask_ahead(ahead, row), arrived, arrived)

    def _arrived(self, ahead: Ahead, row: Any, _answer: object) -> None:
        """Write the page, unless it was written meanwhile or the cursor went on."""
        self._asking = False
        if not self._owed or self._pause.isActive():
            return
        if row is not self._row:
            self._begin_page()
            return
        self.context.ahead = ahead
        try:
            self._show()
        finally:
            self.context.ahead = None

    def _show(self) -> None:
        self._pause.stop()
        self._owed = False
        if self._row is None:
            self.right.setCurrentIndex(0)
            return
        where = self.page.position
        same = self.page.key == self.list.key_of(self._row)
        self.page.clear()
        self.page.key = self.list.key_of(self._row)
        self.fill(self.page, self._row)
        self.page.written()
        self.right.setCurrentWidget(self.page)
        if same:
            QTimer.singleShot(0, self.page, lambda: self.page.scroll_to(where))

    def _keep(self) -> None:
        QSettings().setValue(f"places/{self.name}/splitter", self.splitter.saveState())
