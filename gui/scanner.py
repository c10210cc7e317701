"""A scan anywhere opens the thing: recognises a barcode scanner that types like a keyboard.

A scanner types its code within milliseconds and ends with Enter. One that can be set to put a character
before and after each code may be slower: what begins with that prefix is a scan, whatever its speed. While a
dialog is open, or where a field is marked `takes_scan`, the code belongs to the field; elsewhere it is taken
out of the search box that it fell into and told by `scanned`.
"""

from __future__ import annotations

import re
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

GAP = 0.035  # seconds between two keys; nobody types that fast for long
SHORTEST = 5
SUFFIXES = {"enter": (Qt.Key.Key_Return, Qt.Key.Key_Enter), "tab": (Qt.Key.Key_Tab,)}
LONGEST = 64
TOKEN = re.compile(r"(?=.*\d|\w{4}-\w{4}-\w$)[A-Za-z0-9][A-Za-z0-9./:_*\-]{4,63}")
"""A word without a digit is no code, unless it is written as our tokens are: one in fifteen of them has none."""


class Scanner(QObject):
    """Listens where the focus is, for the window `owner`.

    It goes with the focus instead of filtering the events of the whole application: each event would be
    handed to Python, and there are thousands whenever a page is written.
    """

    scanned = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.prefix = str(QSettings().value("scanner/prefix") or "")
        self.suffix = str(QSettings().value("scanner/suffix") or "enter")
        self._typed = ""
        self._last = 0.0
        self._listening = True
        self._field: QLineEdit | None = None
        self._before = ""
        self._followed: QWidget | None = None
        owner.installEventFilter(self)  # which gets the keys where no widget has the focus
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._link = app.focusChanged.connect(lambda _old, now: self._follow(now))
        self._follow(app.focusWidget())

    def set_marks(self, prefix: str, suffix: str) -> None:
        """What the scanner puts before each code (nothing: it is told by its speed) and after it."""
        self.prefix, self.suffix = prefix, suffix if suffix in SUFFIXES else "enter"
        QSettings().setValue("scanner/prefix", self.prefix)
        QSettings().setValue("scanner/suffix", self.suffix)

    def set_listening(self, listening: bool) -> None:
        self._listening = listening

    def stop(self) -> None:
        QObject.disconnect(self._link)
        self._follow(None)
        self._owner.removeEventFilter(self)

    def _follow(self, now: QWidget | None) -> None:
        """Listen to the widget that has the focus now, and no longer to the one before it."""
        if self._followed is not None and isValid(self._followed) and self._followed is not self._owner:
            self._followed.removeEventFilter(self)
        self._followed = now if now is not None and now.window() is self._owner else None
        if self._followed is not None:
            self._followed.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A key that nobody takes climbs from widget to widget: it counts once, where the focus is.
        if (
            event.type() is not QEvent.Type.KeyPress
            or not isinstance(watched, QWidget)
            or not self._listening
        ):
            return False
        if watched is not (QApplication.focusWidget() or self._owner):
            return False
        if not isinstance(event, QKeyEvent) or event.isAutoRepeat() or watched.window() is not self._owner:
            return False
        if watched.property("takes_scan"):
            return False
        return self._key(watched, event)

    def _key(self, watched: QWidget, event: QKeyEvent) -> bool:
        if event.key() in SUFFIXES[self.suffix]:
            return self._end()
        letter = event.text()
        if len(letter) != 1 or not letter.isprintable():
            return False
        now = monotonic()
        begins = letter == self.prefix[:1] and not self._is_marked
        if begins or (now - self._last > GAP and not self._is_marked) or len(self._typed) > LONGEST:
            self._begin(watched)
        self._last = now
        self._typed += letter
        return False

    @property
    def _is_marked(self) -> bool:
        """Whether what was typed since begins with the prefix, as far as it goes."""
        begun = self._typed[: len(self.prefix)]
        return bool(begun) and self.prefix.startswith(begun)

    def _begin(self, watched: QWidget) -> None:
        self._typed = ""
        self._field = watched if isinstance(watched, QLineEdit) else None
        self._before = self._field.text() if self._field is not None else ""

    def _end(self) -> bool:
        typed, self._typed = self._typed, ""
        quick = monotonic() - self._last <= GAP
        if self.prefix and typed.startswith(self.prefix):
            typed, quick = typed[len(self.prefix) :], True
        if not quick or len(typed) < SHORTEST or not TOKEN.fullmatch(typed):
            return False
        if self._field is not None:
            self._field.setText(self._before)
        self.scanned.emit(typed)
        return True


def adjust(scanner: Scanner) -> None:
    """Ask what the scanner puts around its codes."""
    from gui.widgets.forms import FormDialog

    def say(words: str) -> str:
        return QCoreApplication.translate("Scanner", words)

    def submit(values: dict[str, str]) -> bool:
        scanner.set_marks(values["prefix"], values["suffix"])
        return True

    form = FormDialog(
        say("Scanner"),
        submit,
        scanner.parent(),  # type: ignore[arg-type]  # the window that owns it
        say("Told by its speed; a slow scanner can be set to put a character before each code."),
    )
    form.text("prefix", say("Prefix"), mono=True, hint=say("For example ~; empty where there is none."))
    form.choice("suffix", say("Ends with"), [("enter", say("Enter")), ("tab", say("Tab"))], required=True)
    form.fill({"prefix": scanner.prefix, "suffix": scanner.suffix})
    form.ask()
