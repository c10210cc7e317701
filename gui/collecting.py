"""Python's garbage is collected on the window's thread alone.

The collector of cycles otherwise runs on whichever thread happens to allocate. On the thread of the
database it would destroy the widgets and timers of what was closed, which Qt forbids outside their own thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000
"""Milliseconds between two collections of what is young."""

OLD = 60
"""Every so many collections take in what is old too."""


class Collecting(QObject):
    """Collects from now on; lives as long as its parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._times = 0
        gc.disable()
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """What is young; now and then everything."""
        self._times += 1
        gc.collect(2 if self._times % OLD == 0 else 1)
