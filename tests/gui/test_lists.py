"""Lists of any length: only what is shown is fetched, the keyboard does everything, emptiness is kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Unavailable
from forensics.domain.lists import ListQuery, Page
from gui.look import Meaning
from gui.widgets.banner import Banner, EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import PAGE, MemorySource, PagedModel, Role
from gui.widgets.views import SavedViews

COUNT = 100_000


@dataclass(frozen=True)
class Bone:
    id: int
    number: str
    side: str
    state: Mark


def bone(n: int) -> Bone:
    return Bone(n, f"R-{n:06d}", ("left", "right")[n % 2], Mark(Meaning.GOOD, "Sampled"))


class Database:
    """Answers like a database, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[ListQuery] = []
        self.numbers = range(COUNT)

    def __call__(self, query: ListQuery) -> Page[Bone]:
        self.asked.append(query)
        found = self.numbers
        if query.text:
            found = range(*(int(query.text), int(query.text) + 1) if query.text.isdigit() else (0, 0))
        if query.filters:
            sides = query.filters["side"]
            found = [n for n in self.numbers[:50] if bone(n).side in sides]  # type: ignore[assignment]
        if query.descending:
            found = found[::-1]
        return Page(tuple(map(bone, found[query.offset : query.offset + query.limit])), len(found))


COLUMNS = [
    Column("number", "Number", Kind.TOKEN),
    Column("side", "Side", stretch=True),
    Column("state", "State", Kind.MARK),
]


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def bones(qtbot: QtBot, database: Database) -> Iterator[RecordList]:
    empty = EmptyState("remains", "No remains yet", "Receive a case.")
    made = RecordList(
        "Remains", COLUMNS, database, [Filter("side", "Side", [("left", "Left"), ("right", "Right")])], empty
    )
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.load()
    return made


def test_only_the_pages_that_are_shown_are_fetched(bones: RecordList, database: Database) -> None:
    assert bones.model.rowCount() == COUNT
    bones.view.scrollToBottom()
    bones.view.viewport().repaint()
    pages = {query.offset // PAGE for query in database.asked}
    assert COUNT // PAGE - 1 in pages
    assert len(pages) <= 3


def test_scrolling_through_everything_keeps_memory_bounded(bones: RecordList) -> None:
    for line in range(0, COUNT, PAGE):
        bones.model.row(line)
    assert len(bones.model._pages) <= 60


def test_a_late_answer_to_an_earlier_question_is_dropped(qtbot: QtBot) -> None:
    waiting: list[Callable[[], None]] = []

    def runner(work: Callable[[], Any], then: Callable[[Any], None], failed: object) -> None:
        waiting.append(lambda: then(work()))

    model = PagedModel(COLUMNS, Database(), runner)
    model.ask(ListQuery(text="7"))
    model.ask(ListQuery(text="9"))
    waiting[1]()
    waiting[0]()
    assert model.rowCount() == 1
    assert model.row(0).number == "R-000009"
    assert not model.is_waiting


def test_a_row_on_its_way_reads_as_such(qtbot: QtBot) -> None:
    waiting: list[Callable[[], None]] = []
    model = PagedModel(COLUMNS, Database(), lambda work, then, _: waiting.append(lambda: then(work())))
    model.ask(ListQuery())
    waiting.pop()()
    far = model.index(5 * PAGE, 0)
    assert far.data() == "…"
    waiting.pop()()
    assert far.data() == "R-000500"
    assert far.data(Role.ROW).id == 500


def test_words_narrow_the_list_and_the_count_says_of_how_many(qtbot: QtBot, bones: RecordList) -> None:
    assert bones.count.text() == "100,000 records"
    qtbot.keyClick(bones.view, "/")
    assert bones.search.hasFocus() or bones.focusWidget() is bones.search
    qtbot.keyClicks(bones.search, "123")
    qtbot.waitUntil(lambda: bones.model.rowCount() == 1, timeout=2000)
    assert bones.count.text() == "1 of 100,000"


def test_a_filter_chip_says_what_it_keeps(bones: RecordList, database: Database) -> None:
    (chip,) = bones.chips
    chip.choose(["left"])
    assert chip.text() == "Side: Left"
    assert database.asked[-1].filters == {"side": ("left",)}
    assert bones.model.rowCount() == 25
    chip.choose(())
    assert bones.model.rowCount() == COUNT


def test_enter_opens_and_arrows_move(qtbot: QtBot, bones: RecordList) -> None:
    opened: list[Bone] = []
    selected: list[Bone] = []
    bones.opened.connect(opened.append)
    bones.selected.connect(selected.append)
    qtbot.keyClick(bones.view, Qt.Key.Key_Down)
    qtbot.keyClick(bones.view, Qt.Key.Key_Down)
    qtbot.keyClick(bones.view, Qt.Key.Key_Return)
    assert [b.id for b in selected] == [1, 2]
    assert [b.id for b in opened] == [2]


def test_one_match_is_opened_by_enter_in_the_search(qtbot: QtBot, bones: RecordList) -> None:
    opened: list[Bone] = []
    bones.opened.connect(opened.append)
    qtbot.keyClicks(bones.search, "4711")
    qtbot.keyClick(bones.search, Qt.Key.Key_Return)
    assert [b.id for b in opened] == [4711]


def test_a_click_on_a_title_sorts_and_turns_the_order(bones: RecordList, database: Database) -> None:
    bones.view.horizontalHeader().sectionClicked.emit(0)
    assert (database.asked[-1].sort, database.asked[-1].descending) == ("number", False)
    bones.view.horizontalHeader().sectionClicked.emit(0)
    assert database.asked[-1].descending
    assert bones.model.row(0).id == COUNT - 1
    assert bones.model.headerData(0, Qt.Orientation.Horizontal) == "Number ↓"


def test_a_refresh_keeps_the_person_s_place(bones: RecordList, database: Database) -> None:
    bones.select(40)
    assert bones.current.id == 40
    database.numbers = range(1, COUNT)  # one before it is gone
    bones.refresh()
    assert bones.current.id == 40


def test_a_changed_row_is_told_again(bones: RecordList, database: Database) -> None:
    told: list[Bone] = []
    bones.selected.connect(told.append)
    bones.refresh()
    assert told == []
    bones.model.source = lambda _: Page((Bone(0, "R-000000", "right", Mark(Meaning.GOOD, "Sampled")),), 1)
    bones.refresh()
    assert [b.side for b in told] == ["right"]


def test_an_empty_list_is_kind_and_one_that_is_filtered_empty_offers_all(bones: RecordList) -> None:
    bones.search.setText("nothing like this")
    bones.load()
    assert bones.stack.currentWidget() is bones.nothing
    bones.nothing.button.click()
    assert bones.stack.currentWidget() is bones.view
    bones.model.source = lambda _: Page((), 0)
    bones.load()
    assert bones.stack.currentWidget() is bones.empty
    assert bones.current is None


def test_the_key_of_the_first_step_works_though_its_button_stands_twice(qtbot: QtBot) -> None:
    pressed: list[str] = []
    act = Action("Receive", lambda: pressed.append("received"), shortcut="Ctrl+N")
    empty = EmptyState("remains", "No remains yet", "Receive a case.", act)
    made = RecordList("Remains", COLUMNS, MemorySource(list, COLUMNS), [], empty, [act])
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.load()
    qtbot.waitUntil(lambda: made.stack.currentWidget() is empty and empty.isVisible())
    QTest.qWaitForWindowActive(made)
    QTest.keySequence(made.search, QKeySequence("Ctrl+N"))
    qtbot.waitUntil(lambda: pressed == ["received"], timeout=2000)


def banners(within: RecordList) -> list[str]:
    QCoreApplication.processEvents()
    return [banner.label.text() for banner in within.findChildren(Banner) if not banner.isHidden()]


def test_a_refusal_stands_in_the_list_and_can_be_tried_again(bones: RecordList) -> None:
    good = bones.model.source

    def broken(query: ListQuery) -> Page[Bone]:
        raise Unavailable("The server does not answer; check the network.")

    bones.model.source = broken
    bones.load()
    assert banners(bones) == ["The server does not answer; check the network."]
    bones.model.source = good
    bones.load()
    assert banners(bones) == []


def test_rows_can_be_copied_as_a_table(qtbot: QtBot, bones: RecordList) -> None:
    qtbot.keyClick(bones.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "R-000000\tleft\tSampled"


def test_a_mark_is_read_aloud_by_its_word(bones: RecordList) -> None:
    assert bones.model.index(0, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "Sampled"
    assert QAccessible.queryAccessibleInterface(bones.view).text(QAccessible.Text.Name) == "Remains"


def test_typing_a_letter_in_the_rows_does_not_walk_through_them(
    qtbot: QtBot, bones: RecordList, database: Database
) -> None:
    before = len(database.asked)
    qtbot.keyClicks(bones.view, "zz")
    assert len(database.asked) == before


def test_a_short_list_is_searched_filtered_and_sorted_in_memory() -> None:
    source = MemorySource(lambda: [bone(n) for n in range(10)], COLUMNS)
    page = source(
        ListQuery(text="r-00000", filters={"side": ("left",)}, sort="number", descending=True, limit=2)
    )
    assert page.total == 5
    assert [b.id for b in page.rows] == [8, 6]


def test_where_it_is_narrow_the_last_columns_give_way_and_come_back(qtbot: QtBot, bones: RecordList) -> None:
    def hidden() -> list[bool]:
        return [bones.view.isColumnHidden(place) for place in range(3)]

    bones.resize(330, 500)
    qtbot.waitUntil(lambda: hidden() == [False, False, True], timeout=2000)
    bones.resize(700, 500)
    qtbot.waitUntil(lambda: hidden() == [False, False, False], timeout=2000)
    assert QSettings().value("columns/Remains/3") is None


def test_a_column_drawn_wider_stays_so(qtbot: QtBot, bones: RecordList, database: Database) -> None:
    header = bones.view.horizontalHeader().viewport()
    edge = QPoint(bones.view.columnWidth(0) - 1, 10)
    qtbot.mousePress(header, Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(header, edge + QPoint(40, 0))
    qtbot.mouseRelease(header, Qt.MouseButton.LeftButton, pos=edge + QPoint(40, 0))
    wide = bones.view.columnWidth(0)
    assert wide > COLUMNS[0].width + 20
    again = RecordList("Remains", COLUMNS, database)
    qtbot.addWidget(again)
    assert again.view.columnWidth(0) == wide


def test_hidden_columns_are_remembered(qtbot: QtBot, database: Database, bones: RecordList) -> None:
    bones._show_column(1, False)
    again = RecordList("Remains", COLUMNS, database)
    qtbot.addWidget(again)
    assert again.view.isColumnHidden(1)
    assert again.view.rowAt(QPoint(0, 0).y()) == -1


def test_a_saved_view_brings_back_words_filters_and_order(bones: RecordList, database: Database) -> None:
    bones.chips[0].choose(["right"])
    bones.view.horizontalHeader().sectionClicked.emit(1)
    views = SavedViews("Remains")
    views.keep("Right ones", bones.view_saved)
    bones.show_only()
    assert bones.model.rowCount() == COUNT
    bones.show_view(SavedViews("Remains")["Right ones"])
    assert bones.chips[0].chosen == ("right",)
    assert (database.asked[-1].sort, database.asked[-1].filters) == ("side", {"side": ("right",)})
    views.forget("Right ones")
    assert SavedViews("Remains").titles == []


def test_all_chosen_rows_are_handed_over_though_few_have_arrived(
    qtbot: QtBot, bones: RecordList, database: Database
) -> None:
    """Ctrl+A in a long list: what is done with the chosen is done with all of them."""
    database.numbers = range(730)
    bones.refresh()
    bones.view.setFocus()
    qtbot.keyClick(bones.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(bones.view.selectionModel().selectedRows()) == 730
    handed: list[list[Bone]] = []
    bones.with_chosen(handed.append)
    qtbot.waitUntil(lambda: len(handed) == 1)
    assert [one.id for one in handed[0]] == list(range(730))


def test_what_is_chosen_far_down_is_asked_for_once_and_in_order(
    qtbot: QtBot, qapp: QCoreApplication, database: Database
) -> None:
    later: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    rows = RecordList("Remains", COLUMNS, database, runner=lambda *asked: later.append(asked[:2]))
    qtbot.addWidget(rows)

    def answer() -> None:
        while later:
            work, then = later.pop(0)
            then(work())

    rows.load()
    answer()
    pick = rows.view.selectionModel()
    for line in (50_007, 50_001, 49_990):
        pick.select(rows.model.index(line, 0), pick.SelectionFlag.Select | pick.SelectionFlag.Rows)
    handed: list[list[Bone]] = []
    rows.with_chosen(handed.append)
    assert handed == []
    answer()
    assert [one.id for one in handed[0]] == [0, 49_990, 50_001, 50_007]
    rows.with_chosen(handed.append)
    answer()
    assert len(handed) == 2
