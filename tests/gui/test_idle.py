"""A workstation that nobody touches locks itself; who works at it is left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gui import idle
from gui.idle import KEY, USUAL, Idle, lock_minutes, set_lock_minutes


class Clock:
    """The clock on the wall, set forward by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def passes(self, minutes: float) -> None:
        self.now += minutes * 60


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(idle, "time", made)
    return made


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    QLineEdit(made)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made).__enter__()
    return made


@pytest.fixture
def expired(qtbot: QtBot, clock: Clock, window: QWidget) -> Iterator[tuple[Idle, list[int]]]:
    watch, times = Idle(), []
    watch.expired.connect(lambda: times.append(1))
    yield watch, times
    watch.stop()


def test_after_the_minutes_of_the_setting_it_expires_once(
    expired: tuple[Idle, list[int]], clock: Clock
) -> None:
    watch, times = expired
    clock.passes(USUAL - 0.1)
    watch.look()
    assert times == []
    clock.passes(0.2)
    watch.look()
    watch.look()
    assert times == [1]


def test_a_key_or_a_move_begins_the_wait_anew(
    expired: tuple[Idle, list[int]], clock: Clock, window: QWidget
) -> None:
    watch, times = expired
    handle = window.windowHandle()
    assert handle is not None
    clock.passes(USUAL - 1)
    QTest.keyClick(handle, Qt.Key.Key_A)
    clock.passes(USUAL - 1)
    QTest.mouseMove(handle, QPoint(5, 5))
    clock.passes(USUAL - 1)
    watch.look()
    assert times == []
    clock.passes(2)
    watch.look()
    assert times == [1]


def test_the_workstation_decides_and_may_never_lock(expired: tuple[Idle, list[int]], clock: Clock) -> None:
    watch, times = expired
    set_lock_minutes(0)
    clock.passes(10_000)
    watch.look()
    assert times == []
    set_lock_minutes(5)
    watch.look()
    assert times == [1]
    QSettings().setValue(KEY, "soon")
    assert lock_minutes() == USUAL
