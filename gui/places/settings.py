"""Laboratory settings: its name, operations with their policies, tables, places, people, audit, backup."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QStackedWidget

from forensics.domain.people import Permission
from gui.context import Context, Ref
from gui.look import look
from gui.place import Place
from gui.places import QT_TRANSLATE_NOOP, Entry
from gui.rail import PlaceButton
from gui.widgets.buttons import Action
from gui.widgets.lines import column, row

SUBLIST = 216
KINDS = {"operation": "operations", "event": "sites", "site": "sites", "person": "people",
         "frequency_data": "frequencies", "section": ""}  # fmt: skip
"""Which section shows a record of this kind."""


class SettingsPlace(Place):
    """The sections on the left, the one that is shown on the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.parts = [part for part in PARTS if context.has(part.permission)]
        self.made: dict[str, Place] = {}
        self.current = ""
        self.buttons: dict[str, PlaceButton] = {}
        self._group = QButtonGroup(self)
        self.stack = QStackedWidget()
        layout = row(self._sections(), self.stack, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        kept = str(QSettings().value("places/settings/section") or "")
        self.show_part(kept if kept in self.buttons and not self._is_empty else self._first())

    @property
    def shown(self) -> Place:
        """The section in front."""
        return self.made[self.current]

    def show_part(self, id: str) -> None:
        """Bring a section to the front, made when it is first asked for."""
        if id not in self.made:
            self.made[id] = next(part for part in self.parts if part.id == id).make(self.context)
            self.stack.addWidget(self.made[id])
        self.current = id
        self.stack.setCurrentWidget(self.made[id])
        self.buttons[id].setChecked(True)
        self.made[id].begin()
        QSettings().setValue("places/settings/section", id)

    def open(self, ref: Ref) -> None:
        """A record in its section, or (kind `section`) the section whose id is the reference's."""
        id = str(ref.id) if ref.kind == "section" else KINDS.get(ref.kind, "")
        if id in self.buttons:
            self.show_part(id)
            if ref.kind != "section":
                self.shown.open(ref)

    def actions_offered(self) -> list[Action]:
        return self.shown.actions_offered()

    def refresh(self) -> None:
        for place in self.made.values():
            place.refresh()

    def begin(self) -> None:
        self.shown.begin()
        self.buttons[self.current].setFocus(Qt.FocusReason.TabFocusReason)

    @property
    def _is_empty(self) -> bool:
        from forensics.services.operations import operations

        return not self.context.query(operations)

    def _first(self) -> str:
        """An empty laboratory begins with its first operation."""
        return "operations" if self._is_empty else "laboratory"

    def _sections(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "rail")
        frame.setAccessibleName(self.tr("Sections of the settings"))
        frame.setFixedWidth(round(SUBLIST * max(1.0, look().scale)))
        lines = column(gap=2, margin=8)
        for part in self.parts:
            button = PlaceButton(part, "")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(partial(self._choose, part.id))
            button.installEventFilter(self)
            self._group.addButton(button)
            self.buttons[part.id] = button
            lines.addWidget(button)
        lines.addStretch()
        frame.setLayout(lines)
        return frame

    def _choose(self, id: str, _checked: bool = False) -> None:
        """A click or Enter goes into the section; arrows only look at it."""
        self.show_part(id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        key = event.key() if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress else 0
        if not isinstance(watched, PlaceButton) or not key:
            return False
        ids = list(self.buttons)
        at = ids.index(watched.entry.id)
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            there = ids[(at + (1 if key == Qt.Key.Key_Down else -1)) % len(ids)]
            self.show_part(there)
            self.buttons[there].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(watched.entry.id)
            return True
        return False


def _laboratory(context: Context) -> Place:
    from gui.places.settings_laboratory import LaboratoryPart

    return LaboratoryPart(context)


def _operations(context: Context) -> Place:
    from gui.places.settings_operations import OperationsPart

    return OperationsPart(context)


def _frequencies(context: Context) -> Place:
    from gui.places.settings_frequencies import FrequenciesPart

    return FrequenciesPart(context)


def _sites(context: Context) -> Place:
    from gui.places.settings_sites import SitesPart

    return SitesPart(context)


def _people(context: Context) -> Place:
    from gui.places.settings_people import PeoplePart

    return PeoplePart(context)


def _account(context: Context) -> Place:
    from gui.places.settings_account import AccountPart

    return AccountPart(context)


def _audit(context: Context) -> Place:
    from gui.places.settings_audit import AuditPart

    return AuditPart(context)


def _backup(context: Context) -> Place:
    from gui.places.settings_backup import BackupPart

    return BackupPart(context)


def _about(context: Context) -> Place:
    from gui.places.settings_about import AboutPart

    return AboutPart(context)


PARTS: list[Entry] = [
    Entry("laboratory", QT_TRANSLATE_NOOP("Places", "Laboratory"), "laboratory", None, _laboratory),
    Entry(
        "operations", QT_TRANSLATE_NOOP("Places", "Operations"), "tag", Permission.SETTINGS_READ, _operations
    ),
    Entry("frequencies", QT_TRANSLATE_NOOP("Places", "Frequency tables"), "table", None, _frequencies),
    Entry("sites", QT_TRANSLATE_NOOP("Places", "Events and sites"), "sites", Permission.CASE_READ, _sites),
    Entry("people", QT_TRANSLATE_NOOP("Places", "People and roles"), "people", None, _people),
    Entry("account", QT_TRANSLATE_NOOP("Places", "My account"), "person", None, _account),
    Entry("audit", QT_TRANSLATE_NOOP("Places", "Audit"), "history", Permission.AUDIT_READ, _audit),
    Entry("backup", QT_TRANSLATE_NOOP("Places", "Backup"), "save", Permission.BACKUP, _backup),
    Entry("about", QT_TRANSLATE_NOOP("Places", "About Nomina"), "info", None, _about),
]
"""In the order of the list."""
