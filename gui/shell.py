"""The window: the rail of places, the header, the place in front, what is being computed, and toasts.

Keys everywhere: Alt+1…9 places, Ctrl+K or Ctrl+F or / find anything, F5 look again, Ctrl+L lock.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gui.commands import CommandPalette
from gui.context import Context, Hit, Ref, Some
from gui.header import Header
from gui.idle import Idle
from gui.lock import LockScreen
from gui.look import Meaning, look
from gui.place import Place
from gui.places import PLACES, Entry
from gui.rail import Rail
from gui.rescreening import Rescreening
from gui.scan_to_act import ScanToAct
from gui.scanner import Scanner
from gui.taskstrip import TaskStrip
from gui.widgets.banner import EmptyState, Toasts
from gui.widgets.buttons import Action

NARROW = 1240  # pixels of window below which the rail folds by itself


class MainWindow(QMainWindow):
    """One per signed-in person. `left` tells that somebody else shall sign in."""

    left = Signal()
    closed = Signal()

    def __init__(self, context: Context, entries: Sequence[Entry] | None = None) -> None:
        super().__init__()
        self.context = context
        self.entries = [e for e in (PLACES if entries is None else entries) if context.has(e.permission)]
        self.places: dict[str, Place] = {}
        self.current = ""
        self._folded: bool | None = None  # what the person chose; None: by width
        self.rail = Rail(self.entries)
        self.header = Header(context)
        self.stack = QStackedWidget()
        self.strip = TaskStrip()
        self._lay_out()
        self.toasts = Toasts(self)
        self.palette_overlay = CommandPalette(self, context, self.local_hits)
        self.scanner = Scanner(self)
        self.acting = ScanToAct(context, self, self.toasts.say)
        self.lock_screen = LockScreen(self, context)
        self.idle = Idle(self)
        Rescreening.of(context).start()
        self._connect()
        self._keys()
        self.setWindowTitle(f"{context.name} – Nomina" if context.name else "Nomina")
        self.resize(1366, 768)
        kept = QSettings().value("window/geometry")
        if kept is not None:
            self.restoreGeometry(kept)
        if self.entries:
            self.go(self.entries[0].id)

    # -- going -------------------------------------------------------------------------------------------

    def go(self, place: str, ref: Ref | Some | None = None) -> None:
        """Bring a place to the front, made when it is first asked for, and show the record or records in it."""
        entry = next((entry for entry in self.entries if entry.id == place), None)
        if entry is None:
            self.say(self.tr("Your role does not open this place; ask an administrator."), Meaning.REFUSED)
            return
        if place not in self.places:
            self.places[place] = entry.make(self.context)
            self.stack.addWidget(self.places[place])
        shown = self.places[place]
        self.stack.setCurrentWidget(shown)
        self.rail.show_current(place)
        self.header.show_place(entry.title)
        self.current = place
        shown.begin()
        if isinstance(ref, Some):
            shown.open_some(ref)
        elif ref is not None:
            shown.open(ref)

    def say(self, words: str, meaning: Meaning = Meaning.NEUTRAL, action: Action | None = None) -> None:
        """One sentence at the foot of the window, with a button where there is something to do."""
        self.toasts.say(words, meaning, action)

    def local_hits(self) -> list[Hit]:
        """Places, what can be done in the place in front, and what can be done everywhere."""
        place = self.places.get(self.current)
        offered = place.actions_offered() if place is not None else []
        hits = [Hit(a.text, a.shortcut, a.icon or "play", run=a.run) for a in offered if not a.why_not]  # type: ignore[arg-type]
        hits += [Hit(entry.title, self.tr("Place"), entry.icon, place=entry.id) for entry in self.entries]
        return [
            *hits,
            *self._scanning_hits(),
            Hit(self.tr("Light or dark"), self.tr("Look"), "dark", run=look().toggle),
            Hit(self.tr("Lock"), "Ctrl+L", "lock", run=self._lock),
            Hit(self.tr("Switch person"), self.tr("Session"), "switch", run=lambda: self.left.emit()),
            Hit(self.tr("Sign out"), self.tr("Session"), "logout", run=lambda: self.left.emit()),
        ]

    def _scanning_hits(self) -> list[Hit]:
        """What has to do with codes."""
        from gui.scan_picture import read_picture
        from gui.scanner import adjust

        kind = self.tr("Scanner")
        hits = [
            Hit(self.tr("Scan from picture…"), kind, "photo", run=lambda: read_picture(self, self._scanned)),
            Hit(
                self.tr("Prefix and suffix of the scanner…"),
                kind,
                "barcode",
                run=lambda: adjust(self.scanner),
            ),
        ]
        if self.acting.hand.things or self.acting.hand.giver:
            hits.append(Hit(self.tr("Forget what was scanned"), kind, "close", run=self.acting.forget))
        if self.acting.undo is not None:
            hits.append(Hit(self.tr("Undo the last move"), kind, "undo", run=self.acting.take_back))
        return hits

    # -- building ----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(self.stack, 1)
        right.addWidget(self.strip)
        central = QWidget()
        whole = QHBoxLayout(central)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.rail)
        whole.addLayout(right, 1)
        self.setCentralWidget(central)
        self.setMinimumSize(900, 560)
        if not self.entries:
            words = self.tr("None of your roles opens a place; an administrator can give you one.")
            self.stack.addWidget(EmptyState("lock", self.tr("Nothing to open"), words))

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go)
        self.header.rail.connect(self._fold)
        self.header.search.connect(lambda: self.palette_overlay.open())
        self.header.switch_person.connect(lambda: self.left.emit())
        self.header.lock.connect(self._lock)
        self.context.navigated.connect(self.go)
        self.context.noticed.connect(self.say)
        self.context.offered.connect(self.say)
        self.context.tasks.started.connect(self.strip.add)
        self.scanner.scanned.connect(self._scanned)
        self.acting.unknown.connect(self._search_scanned)
        self.lock_screen.locked.connect(self._covered)
        self.idle.expired.connect(self._lock)
        self.lock_screen.switch.connect(lambda: self.left.emit())

    def _keys(self) -> None:
        # A list takes "/" for its own search; elsewhere it finds anything.
        find = self.palette_overlay.open
        act = {"Ctrl+K": find, "Ctrl+F": find, "/": find, "Ctrl+L": self._lock, "F5": self._look_again}
        self._shortcuts = [QShortcut(QKeySequence(keys), self, run) for keys, run in act.items()]

    def _look_again(self) -> None:
        if self.current in self.places:
            self.places[self.current].refresh()

    def _scanned(self, token: str) -> None:
        """The place in front may take it for its own work (a stock-take); else it opens, moves or hands over."""
        place = self.places.get(self.current)
        if place is None or not place.scanned(token):
            self.acting.scanned(token)

    def _search_scanned(self, token: str) -> None:
        """One record with this token: open it. None or several: show what was found."""
        self.context.tasks.quietly(
            lambda: [hit for search in self.context.searches for hit in search(token)],
            lambda hits: self._open_scanned(token, hits),
            self.context.failed,
        )

    def _open_scanned(self, token: str, hits: list[Hit]) -> None:
        exact = [hit for hit in hits if hit.ref is not None and hit.ref.number.casefold() == token.casefold()]
        carrying = [hit for hit in hits if token.casefold() in hit.text.casefold()]  # a token is no number
        found = exact or carrying
        if len(found) == 1:
            self.go(found[0].place, found[0].ref)
        elif hits:
            self.palette_overlay.open(token)
        else:
            self.say(self.tr("Nothing here carries the code {0}.").format(token), Meaning.ATTENTION)

    def _lock(self) -> None:
        self.lock_screen.lock()

    def _covered(self, covered: bool) -> None:
        """While the window is locked no key and no scan reaches what lies below."""
        self.palette_overlay.hide()
        for widget in (self.rail, self.header, self.stack, self.strip):
            widget.setEnabled(not covered)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(not covered)
        self.scanner.set_listening(not covered)

    def _fold(self) -> None:
        self._folded = not self.rail.narrow
        self.rail.set_narrow(self._folded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._folded is None:
            self.rail.set_narrow(self.width() < NARROW)

    def closeEvent(self, event: QCloseEvent) -> None:
        QSettings().setValue("window/geometry", self.saveGeometry())
        self.scanner.stop()
        self.idle.stop()
        self.context.close()
        self.closed.emit()
        super().closeEvent(event)
