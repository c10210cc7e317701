"""The list of a place: search, filters, columns, sorting, counting, keyboard; kind when it is empty.

Keys: arrows move, Enter opens, / goes to the search, Escape leaves it, Ctrl+C copies the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from forensics.domain.errors import NominaError
from forensics.domain.lists import ListQuery
from gui.icons import icon
from gui.look import ROW_HEIGHT, Meaning, on_look_changed
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Action, Button, IconButton, restyle
from gui.widgets.delegates import CellDelegate
from gui.widgets.flow import Flow
from gui.widgets.lines import clear, column, row, text
from gui.widgets.model import Column, Kind, PagedModel, Source, words_of
from gui.widgets.views import SavedView, SavedViews

STRETCH_LEAST = 130  # pixels that the stretching column keeps


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter chip: its key in `ListQuery.filters`, its name, the choices (value, words)."""

    key: str
    title: str
    choices: Sequence[tuple[Any, str]]


class FilterChip(Button):
    """One filter as a chip; its menu ticks any number of choices."""

    chosen_changed = Signal()

    def __init__(self, filter: Filter) -> None:
        super().__init__(filter.title, "chip")
        self.filter = filter
        self.chosen: tuple[Any, ...] = ()
        menu = QMenu(self)
        self._ticks = [self._tick(menu, value, words) for value, words in filter.choices]
        menu.addSeparator()
        menu.addAction(self.tr("Any"), lambda: self.choose(()))
        self.setMenu(menu)
        self._draw()

    @property
    def words(self) -> list[str]:
        """The words of what is chosen."""
        return [words for value, words in self.filter.choices if value in self.chosen]

    def values_of(self, words: Sequence[str]) -> list[Any]:
        """The values that these words stand for."""
        return [value for value, known in self.filter.choices if known in words]

    def choose(self, values: Sequence[Any]) -> None:
        """Set the filter; nothing chosen is any."""
        before = self.chosen
        self.chosen = tuple(value for value, _ in self.filter.choices if value in values)
        for value, tick in self._ticks:
            tick.setChecked(value in self.chosen)
        self._draw()
        if self.chosen != before:
            self.chosen_changed.emit()

    def _tick(self, menu: QMenu, value: Any, words: str) -> tuple[Any, QAction]:
        tick = menu.addAction(words)
        tick.setCheckable(True)
        tick.triggered.connect(lambda on: self._turn(value, on))
        return value, tick

    def _turn(self, value: Any, on: bool) -> None:
        self.choose((*self.chosen, value) if on else [v for v in self.chosen if v != value])

    def _draw(self) -> None:
        words = self.words
        said = ", ".join(words) if len(words) < 3 else self.tr("{0} chosen").format(len(words))
        self.setText(f"{self.filter.title}: {said}" if words else f"{self.filter.title}  ▾")
        restyle(self, active="true" if words else "false")


class RecordList(QWidget):
    """A list over a source. `selected` tells the current row (None: there is none) whenever it or its values
    change; `opened` fires on Enter or double click."""

    selected = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        source: Source,
        filters: Sequence[Filter] = (),
        empty: EmptyState | None = None,
        actions: Sequence[Action] = (),
        sort: str = "",
        descending: bool = False,
        runner: Callable[..., Any] | None = None,
        key: Callable[[Any], Any] = lambda row: getattr(row, "id", row),
        parent: QWidget | None = None,
    ) -> None:
        """`name` is for settings and screen readers ("Remains"); `key` identifies a row across refreshes."""
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = name
        self.key_of = key
        self._wanted: Any = None
        self._told: Any = None  # the row last said to be selected
        self._total: int | None = None
        self.model = PagedModel(columns, source, runner, self)
        self.model.query = ListQuery(sort=sort, descending=descending)
        self.chips = [FilterChip(filter) for filter in filters]
        self._build(empty or EmptyState("search", self.tr("Nothing here yet"), ""), actions)
        self._connect()
        self._restore()

    # -- what places use -----------------------------------------------------------------------------

    @property
    def current(self) -> Any | None:
        """The row that the cursor stands on."""
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    @property
    def chosen(self) -> list[Any]:
        """All selected rows that have arrived."""
        lines = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [row for row in map(self.model.row, lines) if row is not None]

    def with_chosen(self, then: Callable[[list[Any]], None]) -> None:
        """Call `then` with all selected rows, asking first for those that have not arrived."""
        lines = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        rows = [self.model.row(line) for line in lines]
        if not lines or None not in rows:
            then(rows)
            return
        query = replace(self.model.query, offset=lines[0], limit=lines[-1] - lines[0] + 1)
        self.model.run(
            lambda: self.model.source(query),
            lambda page: then([page.rows[n - lines[0]] for n in lines if n - lines[0] < len(page.rows)]),
            self._failed,
        )

    def load(self) -> None:
        """Ask for the first time, or with what the person has typed and chosen."""
        self.model.ask(self._query())

    def refresh(self) -> None:
        """Ask again and keep the person's place."""
        self._wanted = self.key_of(self.current) if self.current is not None else self._wanted
        self.model.refresh()

    def show_only(self, text: str = "", **filters: Sequence[Any]) -> None:
        """Set the search and the filters, as a saved view or a link does."""
        self.search.setText(text)
        for chip in self.chips:
            chip.choose(filters.get(chip.filter.key, ()))
        self.load()

    def select(self, key: Any) -> None:
        """Put the cursor on the row with this key, now or as soon as it has arrived."""
        self._wanted = key
        self._settle()

    # -- building --------------------------------------------------------------------------------------

    def _build(self, empty: EmptyState, actions: Sequence[Action]) -> None:
        self.search = QLineEdit()
        self.search.setProperty("kind", "search")
        self.search.setPlaceholderText(self.tr("Find in this list"))
        self.search.setAccessibleName(self.tr("Find in {0}").format(self.name))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(420)
        look_glass = self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        on_look_changed(self.search, lambda _: look_glass.setIcon(icon("search")))
        self._views = IconButton("saved-view", self.tr("Saved views"), self._choose_view)
        self._columns = IconButton("columns", self.tr("Choose columns"), self._choose_columns)
        self.view = _View(self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.name)
        self.count = text("", "small", wrap=False)
        buttons = [Button.of(action) for action in actions]
        beside = buttons if len(buttons) == 1 else []  # several have a row of their own
        top = row(self.search, None, *beside, self._views, self._columns)
        top.setStretch(0, 4)
        self._trouble = column(gap=0)
        head = column(top, gap=10)
        if len(buttons) > 1:
            head.addWidget(Flow(buttons))
        if self.chips:
            head.addWidget(Flow(self.chips, gap=6))
        head.addLayout(self._trouble)
        head.setContentsMargins(16, 16, 16, 8)
        nothing = EmptyState(
            "filter", self.tr("Nothing matches"), self.tr("Change the words or the filters to see more."),
            Action(self.tr("Show all"), self.show_only),
        )  # fmt: skip
        self.empty, self.nothing = empty, nothing
        if empty.button is not None and empty.button.shortcut() in [one.shortcut() for one in buttons]:
            empty.button.setShortcut("")  # of two buttons with one key Qt presses neither
        self.stack = QStackedWidget()
        for widget in (self.view, empty, nothing):
            self.stack.addWidget(widget)
        foot = row(self.count, None)
        foot.setContentsMargins(16, 4, 16, 8)
        layout = column(head, self.stack, foot, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=180)
        self._pause.timeout.connect(self.load)
        self.search.textChanged.connect(lambda: self._pause.start())
        self.search.returnPressed.connect(self._to_rows)
        for chip in self.chips:
            chip.chosen_changed.connect(self.load)
        self.model.counted.connect(self._counted)
        self.model.arrived.connect(self._settle)
        self.model.failed.connect(self._failed)
        self.view.selectionModel().currentRowChanged.connect(self._moved)
        self.view.doubleClicked.connect(lambda _: self.open_current())
        self.view.horizontalHeader().sectionClicked.connect(self._sort)
        self.view.header.arranged.connect(self._keep_layout)

    # -- living ------------------------------------------------------------------------------------------

    def _query(self) -> ListQuery:
        filters = {chip.filter.key: chip.chosen for chip in self.chips if chip.chosen}
        return replace(self.model.query, text=self.search.text().strip(), filters=filters)

    @property
    def is_narrowed(self) -> bool:
        """Whether words or filters leave something out."""
        return bool(self.model.query.text or self.model.query.filters)

    def _counted(self, count: int) -> None:
        clear(self._trouble)
        if not self.is_narrowed:
            self._total = count
        self.stack.setCurrentWidget(self.view if count else self.nothing if self.is_narrowed else self.empty)
        QTimer.singleShot(0, self, self._fit)  # the rows may be seen for the first time
        if self.is_narrowed and self._total is not None and self._total >= count:
            self.count.setText(self.tr("{0} of {1}").format(f"{count:,}", f"{self._total:,}"))
        else:
            one = count == 1
            self.count.setText(self.tr("1 record") if one else self.tr("{0} records").format(f"{count:,}"))

    def _failed(self, error: BaseException) -> None:
        clear(self._trouble)
        if not isinstance(error, NominaError):
            raise error
        again = Action(self.tr("Try again"), self.load)
        self._trouble.addWidget(Banner(str(error), Meaning.REFUSED, [again]))

    def _settle(self) -> None:
        """Find the wanted row among those that have arrived; else keep a cursor on the first row."""
        if self._wanted is not None:
            line = self.model.line_of(self._wanted, self.key_of)
            if line is not None:
                self._wanted = None
                self._go(line)
                return
            if not self.model.is_waiting:
                self._wanted = None
        current = self.view.currentIndex()
        if not self.model.rowCount():
            self._told = None
            self.selected.emit(None)
        elif current.isValid():
            self._moved(current)  # its values may have changed
        elif self._wanted is None:
            self._go(0)

    def _go(self, line: int) -> None:
        index = self.model.index(line, 0)
        self.view.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
        )
        self.view.scrollTo(index)
        self._moved(index)

    def _moved(self, index: QModelIndex, _old: QModelIndex | None = None) -> None:
        found = self.model.row(index.row()) if index.isValid() else None
        if found is not None and found != self._told:
            self._told = found
            self.selected.emit(found)

    def open_current(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    def _sort(self, section: int) -> None:
        chosen = self.model.columns[section]
        if chosen.sortable:
            again = self.model.query.sort == chosen.key
            self.model.query = replace(
                self.model.query, sort=chosen.key, descending=again and not self.model.query.descending
            )
            self.load()

    def to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _to_rows(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self.load()
        self.view.setFocus()
        if self.model.rowCount() == 1:
            self._go(0)
            self.open_current()

    # -- saved views ---------------------------------------------------------------------------------

    @property
    def view_saved(self) -> SavedView:
        """What is asked for now, to be kept under a name."""
        chosen = {chip.filter.key: chip.words for chip in self.chips if chip.chosen}
        return SavedView(
            self.search.text().strip(), chosen, self.model.query.sort, self.model.query.descending
        )

    def show_view(self, view: SavedView) -> None:
        """Ask for what a saved view asks for."""
        self.model.query = replace(self.model.query, sort=view.sort, descending=view.descending)
        chosen = {
            chip.filter.key: chip.values_of(view.filters.get(chip.filter.key, [])) for chip in self.chips
        }
        self.show_only(view.text, **chosen)

    def _choose_view(self) -> None:
        views = SavedViews(self.name)
        menu = QMenu(self)
        menu.addAction(self.tr("Everything"), self.show_only)
        for title in views.titles:
            menu.addAction(title, partial(self.show_view, views[title]))
        menu.addSeparator()
        menu.addAction(self.tr("Save this view…"), lambda: self._save_view(views))
        if views.titles:
            forget = menu.addMenu(self.tr("Forget"))
            for title in views.titles:
                forget.addAction(title, partial(views.forget, title))
        menu.exec(self._views.mapToGlobal(self._views.rect().bottomLeft()))

    def _save_view(self, views: SavedViews) -> None:
        from gui.widgets.forms import FormDialog

        form = FormDialog(self.tr("Save this view"), lambda v: views.keep(v["title"], self.view_saved), self)
        form.text("title", self.tr("Name of the view"), required=True)
        form.ask()

    # -- columns -----------------------------------------------------------------------------------------

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        for place, chosen in enumerate(self.model.columns):
            tick = menu.addAction(chosen.title)
            tick.setCheckable(True)
            tick.setChecked(not self.view.isColumnHidden(place))
            tick.setEnabled(place > 0)
            tick.toggled.connect(lambda on, at=place: self._show_column(at, on))
        menu.exec(self._columns.mapToGlobal(self._columns.rect().bottomLeft()))

    def _show_column(self, place: int, on: bool) -> None:
        self.view.setColumnHidden(place, not on)
        self._keep_layout()

    def _keep_layout(self) -> None:
        self._chosen_layout = True
        state = self.view.horizontalHeader().saveState()
        QSettings().setValue(f"columns/{self.name}/{len(self.model.columns)}", state)

    def _restore(self) -> None:
        columns = self.model.columns
        for place, chosen in enumerate(columns):
            self.view.setColumnWidth(place, chosen.width)
            self.view.setColumnHidden(place, not chosen.shown)
        header = self.view.horizontalHeader()
        state = QSettings().value(f"columns/{self.name}/{len(columns)}")
        self._chosen_layout = state is not None
        if state is not None:
            header.restoreState(state)
        self._stretch = next((n for n, c in enumerate(columns) if c.stretch), len(columns) - 1)
        header.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)

    def _fit(self) -> None:
        """Where the person has chosen nothing: as many columns as there is room for, the first ones first."""
        if self._chosen_layout:
            return
        columns = self.model.columns
        room = self.view.viewport().width() - columns[0].width - STRETCH_LEAST * (self._stretch > 0)
        for place, column_ in enumerate(columns):
            if place not in (0, self._stretch) and column_.shown:
                room -= column_.width
                self.view.setColumnHidden(place, room < 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)


class _Header(QHeaderView):
    """Tells when the person has moved columns or drawn them wider or narrower."""

    arranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._before: list[tuple[int, int]] = []
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setFixedHeight(ROW_HEIGHT)

    def _arrangement(self) -> list[tuple[int, int]]:
        return [(self.visualIndex(n), self.sectionSize(n)) for n in range(self.count())]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._before = self._arrangement()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._arrangement() != self._before:
            self.arranged.emit()


class _View(QTableView):
    """A table view with our keys and without the platform's furniture."""

    def __init__(self, owner: RecordList) -> None:
        super().__init__(owner)
        self._owner = owner
        self.setItemDelegate(CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.header = _Header(self)
        self.setHorizontalHeader(self.header)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text() == "/"
        ):
            event.accept()  # ours, before the window's shortcut of the same key
            return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """Off: Qt would walk through every row, and fetch them all."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner.open_current()
        elif event.text() == "/":
            self._owner.to_search()
        elif event.matches(QKeySequence.StandardKey.Copy):
            rows = self._owner.chosen
            columns = self._owner.model.columns
            lines = ["\t".join(words_of(one.of(row)) for one in columns) for row in rows]
            QGuiApplication.clipboard().setText("\n".join(lines))
        else:
            super().keyPressEvent(event)


__all__ = ["Column", "Filter", "FilterChip", "Kind", "ListQuery", "RecordList"]
