"""Long work: progress, stopping, failing, and always back in the window's thread."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, current_thread, main_thread

import pytest
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Refused
from forensics.domain.progress import Progress
from gui.tasks import Task, Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def test_the_result_arrives_in_the_window_s_thread(qtbot: QtBot, tasks: Tasks) -> None:
    arrived: list[tuple[int, bool]] = []

    def work(progress: Progress) -> int:
        assert current_thread() is not main_thread()
        progress.step(1, 1)
        return 42

    task = tasks.start("Work", work, then=lambda n: arrived.append((n, current_thread() is main_thread())))
    with qtbot.waitSignals([task.progressed, task.ended], timeout=5000):
        pass
    assert arrived == [(42, True)]


def test_a_stopped_task_says_so_and_nothing_else(qtbot: QtBot, tasks: Tasks) -> None:
    began, told = Event(), []

    def work(progress: Progress) -> None:
        while True:
            began.set()
            progress.step(0, 10)

    task = tasks.start(
        "Work", work, then=lambda _: told.append("done"), failed=lambda _: told.append("failed")
    )
    task.cancelled.connect(lambda: told.append("cancelled"))
    assert began.wait(5)
    with qtbot.waitSignal(task.ended, timeout=5000):
        task.cancel()
    assert told == ["cancelled"]


def test_what_has_not_begun_is_stopped_at_once(qtbot: QtBot, tasks: Tasks) -> None:
    hold = Event()
    first = tasks.quietly(lambda: hold.wait(5))
    second = tasks.quietly(lambda: pytest.fail("ran after all"))
    with qtbot.waitSignal(second.cancelled, timeout=5000):
        second.cancel()
    with qtbot.waitSignal(first.ended, timeout=5000):
        hold.set()


def test_a_failure_reaches_whoever_started_it(qtbot: QtBot, tasks: Tasks) -> None:
    def work(_: Progress) -> None:
        raise Refused("The plate is blocked.")

    heard: list[BaseException] = []
    task = tasks.start("Work", work, failed=heard.append)
    with qtbot.waitSignal(task.ended, timeout=5000):
        pass
    assert [str(error) for error in heard] == ["The plate is blocked."]


def test_progress_is_not_told_more_often_than_a_person_can_see(qtbot: QtBot) -> None:
    task = Task("Work")
    told: list[int] = []
    task.progressed.connect(lambda done, *_: told.append(done))
    for done in range(10_000):
        task.step(done, 10_000)
    task.step(10_000, 10_000)
    qtbot.waitUntil(lambda: told[-1:] == [10_000], timeout=5000)
    assert len(told) < 20


def test_the_database_is_asked_in_order(qtbot: QtBot, tasks: Tasks) -> None:
    order: list[int] = []
    last = [tasks.quietly(lambda n=n: order.append(n)) for n in range(20)][-1]
    with qtbot.waitSignal(last.ended, timeout=5000):
        pass
    assert order == list(range(20))


def test_what_is_asked_after_closing_never_begins(qtbot: QtBot, tasks: Tasks) -> None:
    told: list[str] = []
    tasks.close()
    task = tasks.quietly(lambda: told.append("ran"))
    assert task.future is None
    assert tasks.running == []
    assert told == []
