"""Remains: cases, items and individuals, one list at a time, and the bench of the first examination."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from forensics.domain.deliveries import Delivery
from forensics.domain.people import Permission
from forensics.domain.records import Record
from gui.context import Context, Ref, Some
from gui.place import ListPlace, Place
from gui.places.remains_cases import CasesList
from gui.places.remains_deliveries import DeliveriesList
from gui.places.remains_individuals import IndividualsList
from gui.places.remains_items import ItemsList
from gui.widgets.buttons import Action, Button
from gui.widgets.lines import column, row

KINDS = {"remains_case": 0, "remains_item": 1, "individual": 2, "delivery": 3}


class RemainsPlace(Place):
    """Four lists behind one switch; opens an examination or the receipt of a delivery in their stead."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.cases = CasesList(context, self.examine)
        self.items = ItemsList(context)
        self.individuals = IndividualsList(context)
        self.deliveries = DeliveriesList(
            context, self.receive, replace(self._importing(), text=self.tr("Import"))
        )
        self.lists: list[ListPlace] = [self.cases, self.items, self.individuals, self.deliveries]
        self.stack = QStackedWidget()
        for at, one in enumerate(self.lists):
            self.stack.addWidget(one)
            self._put_switch(one, at)
        self.setLayout(column(self.stack))

    @property
    def titles(self) -> list[str]:
        return [self.tr("Cases"), self.tr("Items"), self.tr("Individuals"), self.tr("Deliveries")]

    def _put_switch(self, place: ListPlace, at: int) -> None:
        """The switch stands above each list, with its own entry pressed."""
        buttons = []
        for number, title in enumerate(self.titles):
            button = Button(title, "chip", run=partial(self.show_list, number))
            button.setToolTip(self.tr("Ctrl+{0}").format(number + 1))
            button.setProperty("active", "true" if number == at else "false")
            button.setAccessibleName(
                self.tr("{0}, shown now").format(title) if number == at else self.tr("Show {0}").format(title)
            )
            buttons.append(button)
        line = row(*buttons, None, gap=6)
        line.setContentsMargins(16, 12, 16, 0)
        holder = QWidget()
        holder.setLayout(line)
        layout = place.list.layout()
        assert layout is not None
        layout.insertWidget(0, holder)  # type: ignore[attr-defined]

    # -- what the window asks ------------------------------------------------------------------------------

    @property
    def current(self) -> ListPlace:
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, ListPlace) else self.cases

    def show_list(self, at: int) -> None:
        """One of the lists; an examination is saved and closed first, and stays where that is refused."""
        from gui.places.examination import ExaminationPage

        shown = self.stack.currentWidget()
        if isinstance(shown, ExaminationPage) and not shown.save(quiet=True):
            return
        if shown is not None and not isinstance(shown, ListPlace):
            self.stack.removeWidget(shown)
            shown.deleteLater()
        self.stack.setCurrentIndex(at)
        self.lists[at].begin()

    def begin(self) -> None:
        super().begin()
        shown = self.stack.currentWidget()
        if isinstance(shown, ListPlace):
            shown.begin()
        elif shown is not None:
            shown.setFocus()

    def refresh(self) -> None:
        """The lists hear of changes themselves."""

    def open(self, ref: Ref) -> None:
        if ref.kind in KINDS:
            self.show_list(KINDS[ref.kind])
            if not isinstance(self.stack.currentWidget(), ListPlace):
                return  # the examination could not be saved, and says why
            self.current.open(self._numbered(ref))
        elif ref.kind == "examination":
            self._open_examination(ref)

    def open_some(self, some: Some) -> None:
        self.show_list(KINDS.get(some.kind, 0))
        self.current.open_some(some)

    def actions_offered(self) -> list[Action]:
        turns = [
            Action(
                self.tr("Show {0}").format(title),
                partial(self.show_list, at),
                "table",
                shortcut=f"Ctrl+{at + 1}",
            )
            for at, title in enumerate(self.titles)
        ]
        return [*self.current.actions_offered(), self._importing(), *turns]

    def _importing(self) -> Action:
        from forensics.services.legacy_import import import_missing, import_remains

        may = self.context.may(import_remains) or self.context.may(import_missing)
        why = "" if may else self.tr("Your role takes neither remains nor missing persons in.")
        return Action(self.tr("Import a spreadsheet"), self.import_sheet, "import", "quiet", why_not=why)

    def keyPressEvent(self, event: object) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QKeyEvent

        assert isinstance(event, QKeyEvent)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and Qt.Key.Key_1 <= event.key() < Qt.Key.Key_1 + len(self.lists):
            self.show_list(int(event.key() - Qt.Key.Key_1))
        else:
            super().keyPressEvent(event)

    # -- a delivery ------------------------------------------------------------------------------------------

    def receive(self) -> None:
        """The page of a new delivery, until it is saved or left."""
        from gui.places.remains_intake import IntakePage

        page = IntakePage(self.context)
        page.left.connect(partial(self.show_list, 3))
        page.received.connect(self._received)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    def import_sheet(self) -> None:
        """The import of an earlier system's spreadsheet, until it is taken in or left."""
        from gui.places.remains_legacy import LegacyPage

        page = LegacyPage(self.context)
        page.left.connect(partial(self.show_list, 0))
        page.imported.connect(lambda _record: self.show_list(0))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    def _received(self, delivery: Delivery) -> None:
        self.open(Ref("delivery", delivery.id, delivery.number))

    # -- the examination -------------------------------------------------------------------------------------

    def examine(self, id: UUID) -> None:
        """Show an examination in the stead of the lists, until the person goes back."""
        from gui.places.examination import ExaminationPage

        page = ExaminationPage(self.context, id)
        page.left.connect(partial(self._leave, page))
        page.another.connect(partial(self._instead, page))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    def _leave(self, page: QWidget) -> None:
        if self.stack.currentWidget() is page:
            self.show_list(0)

    def _instead(self, page: QWidget, another: UUID) -> None:
        self._leave(page)
        self.examine(another)

    def _open_examination(self, ref: Ref) -> None:
        self.show_list(0)
        if isinstance(ref.id, UUID) and self.context.has(Permission.EXAMINATION_READ):
            self.examine(ref.id)

    def _numbered(self, ref: Ref) -> Ref:
        """A reference with its number, so that the list finds it on any of its pages."""
        if ref.number or not isinstance(ref.id, UUID):
            return ref
        from forensics.services import remains as service
        from forensics.services.deliveries import delivery_record

        record: Record | None = None
        if ref.kind == "remains_case" and (case := self.context.query(service.case_record, ref.id)):
            record = case.case
        elif ref.kind == "remains_item" and (item := self.context.query(service.item_record, ref.id)):
            record = item.item
        elif ref.kind == "delivery" and (delivery := self.context.query(delivery_record, ref.id)):
            record = delivery.delivery
        elif individual := self.context.query(service.individual_record, ref.id):
            record = individual.individual
        return Ref(ref.kind, ref.id, record.number) if record is not None else ref
