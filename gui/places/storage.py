"""Storage places: the tree with what lies in each, and the page of a place with a picture of its free positions."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from forensics.domain.custody import PlaceKind
from forensics.services import storage
from forensics.services.storage import StorageLine, Stored
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.matching_figures import drawn
from gui.places.remains_parts import link, why_not
from gui.places.storage_forms import StorageForms
from gui.places.storage_words import indented, room_mark, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage
from reports.figures.storage import Fill, box_figure, fill_figure
from reports.palette import Palette

SHOWN = 200  # things in the table of a place
CHILDREN = 40  # bars in the picture


class StoragePlaces(ListPlace):
    """Where things lie."""

    name = "samples-storage"
    subjects = frozenset({"storage_location", "remains_item", "sample"})

    def __init__(self, context: Context) -> None:
        self.forms = StorageForms(context, self)
        super().__init__(context)

    def make_list(self) -> RecordList:
        columns = [
            Column("name", self.tr("Place"), stretch=True, sortable=False, value=indented),
            Column("kind", self.tr("Kind"), width=84, sortable=False, value=_kind, shown=False),
            Column("held", self.tr("Here"), Kind.NUMBER, 66, sortable=False),
            Column("inside", self.tr("In all"), Kind.NUMBER, 72, sortable=False),
            Column("full", self.tr("Room left"), Kind.MARK, 150, sortable=False, value=room_mark),
            Column("number", self.tr("Number"), Kind.TOKEN, 134, value=lambda row: row.place.number, shown=False),
            Column("path", self.tr("Whole path"), width=240, value=lambda row: " › ".join(row.path), shown=False),
        ]  # fmt: skip
        words = self.tr("Begin with the building, then rooms, shelves and boxes; each gets a number to scan.")
        first = replace(self.actions_offered()[0], shortcut="", kind="quiet")
        return RecordList(
            self.tr("Storage places"),
            columns,
            MemorySource(
                lambda: self.context.lab.run(storage.storage_tree),
                columns,
                {"kind": lambda row: row.place.kind},
            ),
            [Filter("kind", self.tr("Kind"), [(kind, say(kind)) for kind in PlaceKind])],
            EmptyState("archive", self.tr("No storage places yet"), words, first),
            self.actions_offered()[:1],
            runner=self.context.tasks.quietly,
        )

    def actions_offered(self) -> list[Action]:
        why = self._why_not
        offered = [
            Action(self.tr("New place"), lambda: self.forms.add(self.current), "plus", "primary", "Ctrl+N", why),
        ]  # fmt: skip
        labels = Action(self.tr("Labels of all places below…"), self._labels_below, "print", why_not=why)
        return [*offered, labels] if self.shown_row is not None else offered

    @property
    def shown_row(self) -> StorageLine | None:
        row = getattr(self, "_row", None)
        return row if isinstance(row, StorageLine) else None

    @property
    def _why_not(self) -> str:
        words = self.tr("Custodians, technicians and case managers arrange the storage.")
        return why_not(self.context, storage.create_location, words)

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose a place to see what lies there and what is free.")
        return EmptyState("archive", self.tr("No place chosen"), words)

    def _labels_below(self) -> None:
        row = self.shown_row
        if row is not None:
            tree = self.context.query(storage.storage_tree) or []
            self.forms.labels([one for one in tree if one.path[: len(row.path)] == row.path])

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: StorageLine) -> None:
        ahead.ask(storage.storage_tree)
        ahead.ask(storage.lying_in, row.id)

    def fill(self, page: RecordPage, row: StorageLine) -> None:
        place, lying = row.place, self.context.query(storage.lying_in, row.id) or []
        marks = [room_mark(row)] if place.room is not None else []
        page.header(place.number, place.name, say(place.kind), marks, actions=self._actions(row, lying))
        page.section(self.tr("The place")).facts(
            [
                (self.tr("Where"), " › ".join(row.path)),
                (self.tr("Lies here"), f"{row.held:,}"),
                *([(self.tr("In all"), f"{row.inside:,}")] if row.inside != row.held else []),
                (self.tr("Room for"), f"{place.room:,}" if place.room else Fact(self.tr("no limit set"))),
                (self.tr("Label"), Fact(place.number, self.tr("scan it to move a thing here"), mono=True)),
            ]
        )
        self._picture(page, row, lying)
        self._contents(page, lying)

    def _actions(self, row: StorageLine, lying: list[Stored]) -> list[Action]:
        why, forms = self._why_not, self.forms
        empty = not row.inside
        offered = [
            Action(self.tr("Put here…"), partial(forms.put_in, row), "custody", "quiet", "Ctrl+M", why),
            Action(self.tr("Add inside…"), partial(forms.add, row), "plus", "quiet", "Ctrl+Shift+N", why),
            Action(self.tr("Change…"), partial(forms.change, row.place), "edit", "quiet", "Ctrl+E", why),
            Action(self.tr("Move with contents…"), partial(forms.move, row), "truck", why_not=why),
            Action(self.tr("Label"), partial(forms.labels, [row]), "print", why_not=why),
        ]
        if empty:
            offered.append(
                Action(self.tr("No longer used…"), partial(forms.give_up, row), "void", why_not=why)
            )
        return offered

    def _picture(self, page: RecordPage, row: StorageLine, lying: list[Stored]) -> None:
        place = row.place
        if place.rows and place.columns:
            filled = {one.position: one.number for one in lying if one.position}
            names = {
                spot: self.tr("{0}: {1}").format(spot, filled.get(spot, self.tr("free")))
                for spot in place.positions
            }
            title = self.tr("{0}: {1} of {2} positions are free").format(
                place.name, len(place.positions) - len(filled), len(place.positions)
            )

            def grid(palette: Palette) -> object:
                return box_figure(place.rows or 0, place.columns or 0, filled, palette, title)

            view = drawn(grid, title, names)  # type: ignore[arg-type]
            view.clicked.connect(partial(self._position, row, {one.position: one for one in lying}))
            section = page.section(self.tr("Free positions"))
            section.text(self.tr("{0}. Choose a free one to put something there.").format(title), "muted")
            section.widget(view)
            return
        tree = self.context.query(storage.storage_tree) or []
        inside = [one for one in tree if one.place.parent == row.id][:CHILDREN]
        if inside:
            fills = [_fill(one) for one in inside]
            title = self.tr("What is inside {0}").format(place.name)
            names = {str(one.id): f"{one.place.name}: {one.inside}" for one in inside}
            view = drawn(lambda palette: fill_figure(fills, palette, title), title, names)
            rows = {str(one.id): one for one in inside}
            view.clicked.connect(lambda id: self.open(Ref("storage_location", rows[id].id)))
            page.section(self.tr("Inside")).widget(view)

    def _position(self, row: StorageLine, lying: dict[str, Stored], spot: str) -> None:
        """What lies in a position is opened; into a free one something is put."""
        if spot in lying:
            one = lying[spot]
            place = "samples" if one.entity == "sample" else "remains"
            self.context.go(place, Ref(one.entity, one.id, one.number))
        elif self._why_not:
            self.context.notify(self._why_not, Meaning.REFUSED)
        else:
            self.forms.put_in(row, spot)

    def _contents(self, page: RecordPage, lying: list[Stored]) -> None:
        if not lying:
            return
        section = page.section(self.tr("What lies here"))
        rows = [
            (
                link(one.number, self.context, "samples" if one.entity == "sample" else "remains",
                     Ref(one.entity, one.id, one.number)),
                one.what,
                one.position or None,
            )
            for one in lying[:SHOWN]
        ]  # fmt: skip
        section.table([self.tr("Number"), self.tr("What it is"), self.tr("Position")], rows)
        if len(lying) > SHOWN:
            section.text(self.tr("and {0} more").format(f"{len(lying) - SHOWN:,}"), "muted")

    def open(self, ref: Ref) -> None:
        if ref.number:
            self.list.show_only(text=ref.number)
        super().open(ref)


def _fill(row: StorageLine) -> Fill:
    """Against its room where that is known, else all that lies in it."""
    held = row.inside if row.place.room is None else row.taken
    return Fill(str(row.id), row.place.name, held, row.place.room)


def _kind(row: StorageLine) -> str:
    return say(row.place.kind)
