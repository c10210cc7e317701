"""Storage places as a tree: building, room, shelf, box; what lies in each, and how full it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.custody import StorageLocation
from forensics.services import storage
from forensics.services.storage import StorageLine
from gui.context import Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.settings_words import say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage

STEP = "\N{NO-BREAK SPACE}" * 5


class StoragePart(ListPlace):
    """Where things lie."""

    name = "settings-storage"
    subjects = frozenset({"storage_location", "remains_item", "sample"})

    def make_list(self) -> RecordList:
        columns = [
            Column("name", self.tr("Place"), stretch=True, sortable=False, value=_indented),
            Column("items", self.tr("Items"), Kind.NUMBER, 72, sortable=False),
            Column("samples", self.tr("Samples"), Kind.NUMBER, 88, sortable=False),
            Column("full", self.tr("Room left"), Kind.MARK, 132, sortable=False, value=_room),
            Column(
                "number", self.tr("Number"), Kind.TOKEN, 134, value=lambda row: row.place.number, shown=False
            ),
        ]
        words = self.tr(
            "Begin with the building, then its rooms, shelves and boxes; each gets a number to scan."
        )
        return RecordList(
            self.tr("Storage places"),
            columns,
            MemorySource(lambda: self.context.lab.run(storage.storage_tree), columns),
            (),
            EmptyState(
                "archive",
                self.tr("No storage places yet"),
                words,
                replace(self.actions_offered()[0], shortcut="", kind="quiet"),
            ),
            self.actions_offered(),
        )

    def actions_offered(self) -> list[Action]:
        return [
            Action(self.tr("New place"), lambda: self.add(None), "plus", "primary", "Ctrl+N", self._why_not),
        ]

    @property
    def _why_not(self) -> str:
        may = self.context.may(storage.create_location)
        return "" if may else self.tr("Custodians, technicians and case managers arrange the storage.")

    def make_nothing(self) -> QWidget:
        return EmptyState(
            "archive", self.tr("No place chosen"), self.tr("Choose a place to see what lies there.")
        )

    def fill(self, page: RecordPage, row: StorageLine) -> None:
        place = row.place
        actions = [
            Action(
                self.tr("Add inside…"), lambda: self.add(row), "plus", "quiet", "Ctrl+Shift+N", self._why_not
            ),
            Action(self.tr("Change…"), lambda: self._change(place), "edit", "quiet", "Ctrl+E", self._why_not),
        ]
        page.header(place.number, place.name, self.tr("Storage place"), [_room(row)], actions=actions)
        inside = [r for r in self.context.query(storage.storage_tree) or [] if r.place.parent == place.id]
        page.section(self.tr("The place")).facts(
            [
                (self.tr("Where"), " → ".join(row.path)),
                (self.tr("Items"), str(row.items)),
                (self.tr("Samples"), str(row.samples)),
                (
                    self.tr("Capacity"),
                    Fact(f"{place.capacity:,}", self.tr("things"))
                    if place.capacity
                    else Fact(self.tr("no limit set")),
                ),
                (self.tr("Label"), Fact(place.number, self.tr("scan it to move a thing here"), mono=True)),
            ]
        )
        if inside:
            rows = [(r.place.name, str(r.items), str(r.samples)) for r in inside]
            titles = [self.tr("Place"), self.tr("Items"), self.tr("Samples")]
            page.section(self.tr("Inside")).table(titles, rows, (1, 2))

    def add(self, inside: StorageLine | None) -> None:
        """A new place, inside another or at the top."""
        known = self.context.query(storage.storage_tree) or []
        here = inside or self.current
        form = FormDialog(
            self.tr("New storage place"),
            lambda values: self.context.lab.run(storage.create_location, **values),
            self,
            again=True,
        )
        form.text(
            "name",
            self.tr("Name"),
            hint=self.tr("As it is written on the door, the shelf or the box."),
            required=True,
        )
        choices: list[tuple[UUID | None, str]] = [(r.id, " → ".join(r.path)) for r in known]
        if choices:
            form.choice("parent", self.tr("Inside"), choices, keep=True, nothing=self.tr("no other place"))
            form.fields["parent"].editor.setItemText(0, self.tr("nothing: it stands at the top"))  # type: ignore[attr-defined]
            form.fill({"parent": here.id if here is not None else None})
        form.number("capacity", self.tr("Capacity"), unit=self.tr("things"), whole=True, keep=True)
        made: Any = form.ask()
        if isinstance(made, StorageLocation):
            self.open(Ref("storage_location", made.id, made.name))

    def _change(self, place: StorageLocation) -> None:
        form = FormDialog(
            self.tr("Change {0}").format(place.number),
            lambda values: self.context.lab.run(storage.change_location, place, values),
            self,
        )
        form.text("name", self.tr("Name"), required=True)
        form.number("capacity", self.tr("Capacity"), unit=self.tr("things"), whole=True)
        form.fill({"name": place.name, "capacity": place.capacity})
        form.ask()


def _indented(row: StorageLine) -> str:
    return STEP * (len(row.path) - 1) + row.place.name


def _room(row: StorageLine) -> Mark:
    """How much room is left, where a capacity was given."""
    if row.place.capacity is None:
        return Mark(Meaning.UNKNOWN, say("no capacity set"))
    left = row.place.capacity - row.items - row.samples
    if left <= 0:
        return Mark(Meaning.ATTENTION, say("full"))
    return Mark(Meaning.GOOD, say("{0} of {1} free").format(left, row.place.capacity))
