"""A page's questions are asked ahead, one page at a time: who runs down a list gets the last row's page."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, current_thread, main_thread
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from forensics.domain.people import Permission
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, query
from gui.ahead import Ahead
from gui.context import Context
from gui.look import Meaning
from gui.place import ListPlace
from gui.widgets.lists import Column, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.record import RecordPage

ROWS = [SimpleNamespace(id=n, number=f"R-{n:02}") for n in range(30)]
asked: list[tuple[int, bool]] = []


@query(Permission.CASE_READ)
def twice(tx: Transaction, number: int) -> int:
    asked.append((number, current_thread() is main_thread()))
    return 2 * number


@query(Permission.IDENTIFICATION_CONFIRM)
def not_for_me(tx: Transaction) -> int:
    return 1


class Rows(ListPlace):
    """A list whose pages ask one question; the answer can be held back."""

    def __init__(self, context: Context) -> None:
        self.may_answer = Event()
        self.may_answer.set()
        self.written: list[tuple[int, int | None]] = []
        super().__init__(context)

    def make_list(self) -> RecordList:
        columns = [Column("number", "Number")]
        return RecordList("Rows", columns, MemorySource(lambda: ROWS, columns))

    def ask_ahead(self, ahead: Ahead, row: Any) -> None:
        ahead.ask(twice, row.id)
        assert self.may_answer.wait(10)

    def fill(self, page: RecordPage, row: Any) -> None:
        self.written.append((row.id, self.context.query(twice, row.id)))


@pytest.fixture
def rows(qtbot: QtBot, context: Context) -> Iterator[Rows]:
    made = Rows(context)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    qtbot.waitUntil(lambda: not made.is_writing and len(made.written) == 1)
    asked.clear()
    made.written.clear()
    yield made
    made.may_answer.set()


def test_a_page_is_written_from_what_was_asked_on_another_thread(qtbot: QtBot, rows: Rows) -> None:
    QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
    assert rows.is_writing
    qtbot.waitUntil(lambda: not rows.is_writing)
    assert rows.written == [(1, 2)]
    assert asked == [(1, False)]


def test_who_runs_down_the_list_gets_the_last_page_only(qtbot: QtBot, rows: Rows) -> None:
    for _ in range(20):
        QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not rows.is_writing)
    assert rows.written == [(20, 40)]
    assert asked == [(20, False)]


def test_while_one_page_is_asked_for_no_other_is(qtbot: QtBot, rows: Rows) -> None:
    rows.may_answer.clear()
    QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(asked) == 1)
    for _ in range(5):
        QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
        qtbot.wait(60)  # long enough for each to begin, if it were not for the first
    assert asked == [(1, False)]
    assert rows.written == []
    rows.may_answer.set()
    qtbot.waitUntil(lambda: not rows.is_writing)
    assert rows.written == [(6, 12)]
    assert asked == [(1, False), (6, False)]


def test_a_page_that_was_written_meanwhile_is_not_written_again(qtbot: QtBot, rows: Rows) -> None:
    rows.may_answer.clear()
    QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(asked) == 1)
    rows.show_again()
    assert rows.written == [(1, 2)]
    assert asked[1:] == [(1, True)]  # nothing was known yet
    rows.may_answer.set()
    qtbot.wait(80)
    assert rows.written == [(1, 2)]


def test_what_was_asked_ahead_serves_one_page_only(qtbot: QtBot, rows: Rows, context: Context) -> None:
    QTest.keyClick(rows.list.view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not rows.is_writing)
    assert context.query(twice, 1) == 2
    assert asked == [(1, False), (1, True)]


def test_beside_a_list_where_nothing_is_yet_nothing_can_be_chosen(
    qtbot: QtBot, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.gui.test_ahead.ROWS", [])
    place = Rows(context)
    qtbot.addWidget(place)
    place.show()
    assert place.right.isHidden()
    assert place.list.empty.isVisible()
    monkeypatch.undo()
    place.refresh()
    assert place.right.isVisible()
    place.list.search.setText("nothing that there is")
    place.list.load()
    assert place.list.nothing.isVisible()
    assert place.right.isVisible()


def test_a_refusal_is_said_when_the_page_asks(laboratory: Laboratory, context: Context) -> None:
    said: list[Meaning] = []
    context.noticed.connect(lambda _, meaning: said.append(meaning))
    ahead = Ahead(laboratory)
    assert ahead.ask(not_for_me) is None
    assert said == []
    context.ahead = ahead
    assert context.query(not_for_me) is None
    assert said == [Meaning.REFUSED]
