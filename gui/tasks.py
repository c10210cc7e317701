"""Long work beside the window: it shows how far it is, can be stopped, and never freezes anything.

A `Task` lives in the window's thread, owns its signals and outlives its future; the worker only posts
to it. One thread serves the database in order, two compute (the kernels release the interpreter).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from forensics.domain.errors import Cancelled

R = TypeVar("R")
EVERY = 0.05  # seconds between two reports of progress


class Task(QObject):
    """One piece of work. Fulfils `forensics.domain.progress.Progress`: hand it to the work as its progress."""

    progressed = Signal(int, int, str)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _posted = Signal(str, object)

    def __init__(self, title: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.future: Future[Any] | None = None
        self._stop = Event()
        self._last = 0.0
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step; what has not begun never will."""
        self._stop.set()
        if self.future is not None and self.future.cancel():
            self._posted.emit("cancelled", None)

    def step(self, done: int, total: int, what: str = "") -> None:
        """Called by the work, on its own thread."""
        if self._stop.is_set():
            raise Cancelled(self.tr("Stopped."))
        now = monotonic()
        if now - self._last >= EVERY or done >= total:
            self._last = now
            self._posted.emit("progressed", (done, total, what))

    def carry_out(self, work: Callable[[], Any]) -> None:
        """Run on the worker; whatever happens is posted to the window's thread."""
        try:
            result = work()
        except Cancelled:
            self._posted.emit("cancelled", None)
        except BaseException as error:  # noqa: BLE001 - the window decides: a sentence or a bug report
            self._posted.emit("failed", error)
        else:
            self._posted.emit("done", result)

    @Slot(str, object)
    def _deliver(self, what: str, value: Any) -> None:
        if what == "progressed":
            self.progressed.emit(*value)
            return
        try:
            if what == "done":
                self.done.emit(value)
            elif what == "failed":
                self.failed.emit(value)
            else:
                self.cancelled.emit()
        finally:
            self.ended.emit()


class Tasks(QObject):
    """Starts tasks and keeps them until they have ended."""

    started = Signal(object)  # Task, only for those shown to the person

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = ThreadPoolExecutor(1, "database")
        self._computing = ThreadPoolExecutor(2, "computing")
        self._alive: set[Task] = set()
        self._closed = False

    def start(
        self,
        title: str,
        work: Callable[..., R],
        *args: Any,
        then: Callable[[R], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Task:
        """Long work `work(*args, task)`; the person sees it in the task strip."""
        task = self._task(title, then, failed)
        self.started.emit(task)
        self._submit(self._computing, task, lambda: work(*args, task))
        return task

    def quietly(
        self,
        work: Callable[[], R],
        then: Callable[[R], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Task:
        """A question to the database that takes milliseconds; not shown."""
        task = self._task("", then, failed)
        self._submit(self._database, task, work)
        return task

    def aside(
        self,
        work: Callable[[], R],
        then: Callable[[R], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
    ) -> Task:
        """Computing that the person need not watch (pages of a preview); not shown."""
        task = self._task("", then, failed)
        self._submit(self._computing, task, work)
        return task

    @property
    def running(self) -> list[Task]:
        return [task for task in self._alive if task.title]

    def close(self) -> None:
        """Ask everything to stop and wait for it; what is asked later never begins."""
        self._closed = True
        for task in list(self._alive):
            task.cancel()
        self._database.shutdown(wait=True, cancel_futures=True)
        self._computing.shutdown(wait=True, cancel_futures=True)

    def _task(
        self,
        title: str,
        then: Callable[[Any], None] | None,
        failed: Callable[[BaseException], None] | None,
    ) -> Task:
        task = Task(title, self)
        self._alive.add(task)
        if then is not None:
            task.done.connect(then)
        if failed is not None:
            task.failed.connect(failed)
        task.ended.connect(lambda: self._forget(task))
        return task

    def _submit(self, pool: ThreadPoolExecutor, task: Task, work: Callable[[], Any]) -> None:
        if self._closed:  # a list's timer may still fire while its window goes; nobody waits any more
            self._alive.discard(task)
        else:
            task.future = pool.submit(task.carry_out, work)

    def _forget(self, task: Task) -> None:
        self._alive.discard(task)
        task.deleteLater()
