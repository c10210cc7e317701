"""Locks the window when nobody has touched keyboard or mouse for some minutes.

Input is heard at the native windows: they get keys, moves and touches alone, not the thousands of events of
the widgets below them. How many minutes is a setting of this workstation; a shared bench wants few.
"""

from __future__ import annotations

from time import time
from weakref import WeakSet

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

USUAL = 15  # minutes
KEY = "lock/minutes"
CHOICES = (5, 10, 15, 30, 60, 0)  # 0: never by itself
INPUT = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletMove,
}


def lock_minutes() -> int:
    """After how many minutes this workstation locks by itself; 0 is never."""
    try:
        minutes = int(str(QSettings().value(KEY, USUAL)))
    except ValueError:
        minutes = USUAL
    return max(0, minutes)


def set_lock_minutes(minutes: int) -> int:
    """Keep it for everybody at this workstation."""
    QSettings().setValue(KEY, minutes)
    return minutes


class Idle(QObject):
    """`expired` when nothing was touched for as long as the setting says.

    Time is that of the clock on the wall: a laptop that slept over lunch locks when it wakes.
    """

    expired = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard: WeakSet[QWindow] = WeakSet()
        self._touched = time()
        self._timer = QTimer(self, interval=5_000)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._link = app.focusWindowChanged.connect(self._follow)
        self._follow(app.focusWindow())

    def stop(self) -> None:
        QObject.disconnect(self._link)
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = time()

    def look(self) -> None:
        """Has it been long enough?"""
        minutes = lock_minutes()
        if minutes and time() - self._touched >= minutes * 60:
            self.touch()
            self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in INPUT:
            self.touch()
        return False

    def _follow(self, window: QWindow | None) -> None:
        """A window or dialog that comes to the front is heard from now on."""
        if window is not None and window not in self._heard:
            self._heard.add(window)
            window.installEventFilter(self)
            self.touch()
