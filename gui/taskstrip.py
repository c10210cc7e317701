"""The strip at the foot of the window: what is being computed, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from gui.tasks import Task
from gui.widgets.buttons import Button
from gui.widgets.lines import text


class TaskLine(QFrame):
    """One task; it leaves when the task has ended."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(220)
        self.bar.setAccessibleName(task.title)
        self.words = text("", "small", wrap=False)
        stop = Button(self.tr("Stop"), "plain", run=self._stop)
        stop.setAccessibleName(self.tr("Stop: {0}").format(task.title))
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 2, 16, 2)
        line.setSpacing(12)
        line.addWidget(text(task.title, wrap=False))
        line.addWidget(self.bar)
        line.addWidget(self.words, 1)
        line.addWidget(stop)
        self._stop_button = stop
        task.progressed.connect(self._show)

    def _show(self, done: int, total: int, what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        share = f"{100 * done // total} %" if total else ""
        self.words.setText(" · ".join(part for part in (share, what) if part))

    def _stop(self) -> None:
        self._stop_button.setEnabled(False)
        self.words.setText(self.tr("Stopping…"))
        self.task.cancel()


class TaskStrip(QFrame):
    """All tasks below each other; hidden when there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "tasks")
        self.setAccessibleName(self.tr("What is being computed"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self.lines: list[TaskLine] = []
        self.hide()

    def add(self, task: Task) -> None:
        line = TaskLine(task)
        self.lines.append(line)
        self._column.addWidget(line)
        task.ended.connect(lambda: self._remove(line))
        self.show()

    def _remove(self, line: TaskLine) -> None:
        self.lines.remove(line)
        line.hide()
        line.deleteLater()
        self.setVisible(bool(self.lines))
