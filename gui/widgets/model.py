"""A table of any length: the database sorts, filters and pages; the window holds the pages it shows.

The source is called on the database's thread when a runner is given; until a page has arrived its rows
read "…". Rows are values of any kind; a `Column` says how to read them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from forensics.domain.lists import ListQuery, Page
from gui.look import Size, font
from gui.widgets.marks import Mark

PAGE = 100
KEPT = 60  # pages held in memory
Index = QModelIndex | QPersistentModelIndex


Source = Callable[[ListQuery], Page[Any]]
"""Where a list gets its rows: one page of those that match, in order, and how many match in all."""


class MemorySource:
    """A source for a list short enough to be held whole (people, kits, places of storage)."""

    def __init__(
        self,
        rows: Callable[[], Sequence[Any]],
        columns: Sequence[Column],
        filters: Mapping[str, Callable[[Any], Any]] | None = None,
    ) -> None:
        """`filters` says how a filter's value is read from a row where it is not called as the filter."""
        self._rows, self._columns, self._filters = rows, columns, filters or {}

    def __call__(self, query: ListQuery) -> Page[Any]:
        words = query.text.casefold().split()
        rows = [row for row in self._rows() if self._matches(row, query, words)]
        column = next((c for c in self._columns if c.key == query.sort), None)
        if column is not None:
            rows.sort(key=lambda row: _sortable(column.of(row)), reverse=query.descending)
        return Page(tuple(rows[query.offset : query.offset + query.limit]), len(rows))

    def _matches(self, row: Any, query: ListQuery, words: list[str]) -> bool:
        everything = " ".join(words_of(column.of(row)) for column in self._columns).casefold()
        if not all(word in everything for word in words):
            return False
        return all(self._value(row, key) in chosen for key, chosen in query.filters.items())

    def _value(self, row: Any, key: str) -> Any:
        return self._filters[key](row) if key in self._filters else read(row, key)


class Kind(StrEnum):
    """How a cell is drawn."""

    TEXT = "text"
    TOKEN = "token"  # mono: numbers of records, alleles
    NUMBER = "number"  # flush right
    MARK = "mark"  # a Mark, as a chip
    MARKS = "marks"  # a tuple of Marks, as a strip of small shapes
    CHIPS = "chips"  # a tuple of Marks with their words


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key (also the sort key), title and how a cell is read from a row."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 140
    value: Callable[[Any], Any] | None = None
    sortable: bool = True
    shown: bool = True
    stretch: bool = False

    def of(self, row: Any) -> Any:
        return self.value(row) if self.value is not None else read(row, self.key)


class Role(IntEnum):
    """Our own roles of a cell."""

    VALUE = Qt.ItemDataRole.UserRole
    ROW = Qt.ItemDataRole.UserRole + 1


class PagedModel(QAbstractTableModel):
    """The model. Ask `row(i)` for a value that has arrived, connect `counted` and `failed`."""

    counted = Signal(int)
    arrived = Signal()
    failed = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column],
        source: Source,
        runner: Callable[..., Any] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`runner(work, then, failed)` carries out work elsewhere; None: at once, here."""
        super().__init__(parent)
        self.columns = list(columns)
        self.source = source
        self.query = ListQuery()
        self.run = runner or _at_once
        self._count = 0
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        self._asked: set[int] = set()
        self._generation = 0
        self._counting = False

    # -- asking --------------------------------------------------------------------------------------

    def ask(self, query: ListQuery) -> None:
        """Show what another query finds."""
        self.query = replace(query, offset=0, limit=PAGE)
        self._count_again(keep=False)

    def refresh(self) -> None:
        """Ask again for what is shown; what was there stays visible until the answer comes."""
        self._count_again(keep=True)

    def row(self, line: int) -> Any | None:
        """The value of a line, or None while it is on its way."""
        page = self._pages.get(line // PAGE)
        if page is None:
            self._want(line // PAGE)
            page = self._pages.get(line // PAGE)
            if page is None:
                return None
        at = line % PAGE
        return page[at] if at < len(page) else None

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still on its way."""
        return bool(self._asked) or self._counting

    def line_of(self, key: Any, of: Callable[[Any], Any]) -> int | None:
        """The line whose row has this key, if it has arrived."""
        for number, page in self._pages.items():
            for at, row in enumerate(page):
                if of(row) == key:
                    return number * PAGE + at
        return None

    def _count_again(self, keep: bool) -> None:
        self._generation += 1
        mine, query = self._generation, self.query
        self._counting = True
        self._asked.clear()

        self.run(
            lambda: self.source(query),
            lambda page: self._start(mine, keep, page),
            lambda e: self._fail(mine, e),
        )

    def _start(self, generation: int, keep: bool, answer: Page[Any]) -> None:
        if generation != self._generation:
            return
        self._counting = False
        count, first = answer.total, answer.rows
        if keep and count == self._count:
            for number in [n for n in self._pages if n]:
                self._want(number, again=True)
            self._pages[0] = first
            self._tell(0)
        else:
            self.beginResetModel()
            self._pages.clear()
            self._pages[0] = first
            self._count = count
            self.endResetModel()
        self.counted.emit(count)
        self.arrived.emit()

    def _want(self, number: int, again: bool = False) -> None:
        if number in self._asked or (number in self._pages and not again):
            return
        self._asked.add(number)
        mine = self._generation
        query = replace(self.query, offset=number * PAGE)
        self.run(
            lambda: self.source(query),
            lambda page: self._store(mine, number, page.rows),
            lambda e: self._fail(mine, e),
        )

    def _store(self, generation: int, number: int, rows: Sequence[Any]) -> None:
        if generation != self._generation:
            return
        self._asked.discard(number)
        self._pages[number] = rows
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self._tell(number)
        self.arrived.emit()

    def _fail(self, generation: int, error: BaseException) -> None:
        if generation == self._generation:
            self._counting = False
            self.failed.emit(error)

    def _tell(self, number: int) -> None:
        last = min(self._count, (number + 1) * PAGE) - 1
        if last >= number * PAGE:
            self.dataChanged.emit(self.index(number * PAGE, 0), self.index(last, len(self.columns) - 1))

    # -- Qt --------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = column.kind is Kind.NUMBER
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and column.kind is Kind.TOKEN:
            return font(Size.BASE, mono=True)
        wanted = (Qt.ItemDataRole.DisplayRole, Role.VALUE, Role.ROW, Qt.ItemDataRole.AccessibleTextRole,
                  Qt.ItemDataRole.ToolTipRole)  # fmt: skip
        if role not in wanted:
            return None
        row = self.row(index.row())
        if role == Role.ROW:
            return row
        value = None if row is None else column.of(row)
        if role == Role.VALUE:
            return value
        if role == Qt.ItemDataRole.ToolTipRole and column.kind not in (Kind.MARK, Kind.MARKS):
            return None
        return "…" if row is None else words_of(value)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = "" if column.key != self.query.sort else (" ↓" if self.query.descending else " ↑")
            return column.title + arrow
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.kind is Kind.NUMBER else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


def read(row: Any, key: str) -> Any:
    """A value of a row by its key: of a mapping or of an object."""
    return row.get(key) if isinstance(row, Mapping) else getattr(row, key, None)


def words_of(value: Any) -> str:
    """How a cell is said in words; marks by theirs, nothing by nothing."""
    if value is None:
        return ""
    if isinstance(value, Mark):
        return value.word
    if isinstance(value, tuple):
        return ", ".join(words_of(part) for part in value)
    return str(value)


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return (2, "")
    return (0, value) if isinstance(value, int | float) else (1, words_of(value).casefold())


def _at_once(
    work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[BaseException], None]
) -> None:
    from forensics.domain.errors import NominaError

    try:
        answer = work()
    except NominaError as error:
        failed(error)
    else:
        then(answer)
