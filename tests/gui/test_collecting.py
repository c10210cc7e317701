"""Garbage of the window is never collected on another thread, where Qt can't destroy it."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui import collecting
from gui.collecting import Collecting

destroyed_on: list[int] = []


class Knot:
    """Refers to itself, so that only the collector can free it; says on which thread that happened."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        destroyed_on.append(threading.get_ident())


def _churn() -> None:
    """Allocate on this thread until an automatic collector would have run many times."""
    for _ in range(20):
        kept = [[i] for i in range(5_000)]
        kept.clear()


def test_what_is_closed_is_collected_on_the_window_s_thread(qtbot: QtBot) -> None:
    destroyed_on.clear()
    gc.enable()  # as in the program before its window is there
    parent = QObject()
    collector = Collecting(parent)
    Knot()
    worker = threading.Thread(target=_churn)
    worker.start()
    worker.join()
    assert destroyed_on == []
    qtbot.waitUntil(lambda: bool(destroyed_on), timeout=5 * collecting.EVERY)
    assert destroyed_on == [threading.get_ident()]
    assert collector.parent() is parent


def test_the_old_is_collected_now_and_then(qtbot: QtBot) -> None:
    destroyed_on.clear()
    parent = QObject()
    collector = Collecting(parent)
    knot: Knot | None = Knot()
    gc.collect()  # old from now on
    gc.collect()
    del knot
    for _ in range(collecting.OLD):
        collector.collect()
    assert len(destroyed_on) == 1
