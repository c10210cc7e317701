"""Laboratory: batches on their plates, nonconformities, reagent lots, instruments, the elimination database."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from gui.context import Context, Ref, Some
from gui.place import ListPlace, Place
from gui.places.laboratory_batches import BatchesList
from gui.places.laboratory_elimination import EliminationList
from gui.places.laboratory_quality import NonconformitiesList
from gui.places.laboratory_stock import InstrumentsList, LotsList
from gui.widgets.buttons import Action
from gui.widgets.lines import column, row, rule
from gui.widgets.switch import Switch

BATCH, NONCONFORMITY, LOT = "batch", "nonconformity", "reagent_lot"
INSTRUMENT, ELIMINATION = "instrument", "elimination_profile"


class LaboratoryPlace(Place):
    """Lists by the kind of record; a list is made when it is first looked at."""

    def __init__(self, context: Context) -> None:
        from forensics.services.elimination import elimination_profiles

        super().__init__(context)
        self._make: dict[str, Callable[[Context], ListPlace]] = {
            BATCH: BatchesList,
            NONCONFORMITY: NonconformitiesList,
            LOT: LotsList,
            INSTRUMENT: InstrumentsList,
        }
        names = [
            (BATCH, self.tr("Batches")),
            (NONCONFORMITY, self.tr("Nonconformities")),
            (LOT, self.tr("Lots")),
            (INSTRUMENT, self.tr("Instruments")),
        ]
        if context.may(elimination_profiles):
            self._make[ELIMINATION] = EliminationList
            names.append((ELIMINATION, self.tr("Elimination database")))
        self.lists: dict[str, ListPlace] = {}
        self.switch = Switch(self.tr("What is listed"), names)
        self.switch.chosen.connect(self.show_list)
        self.stack = QStackedWidget()
        top = row(self.switch, None)
        top.setContentsMargins(16, 10, 16, 10)
        layout = column(top, rule(), self.stack, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.stack.setCurrentWidget(self._list(BATCH))

    @property
    def shown(self) -> ListPlace:
        """The list that is in front."""
        return self._list(self.switch.current)

    def _list(self, kind: str) -> ListPlace:
        if kind not in self.lists:
            self.lists[kind] = self._make[kind](self.context)
            self.stack.addWidget(self.lists[kind])
        return self.lists[kind]

    def scanned(self, token: str) -> bool:
        shown = self.shown
        return isinstance(shown, BatchesList) and shown.scanned(token)

    def actions_offered(self) -> list[Action]:
        return self.shown.actions_offered()

    def show_list(self, kind: str) -> None:
        """Bring a list to the front."""
        self.switch.show_current(kind)
        self.stack.setCurrentWidget(self.shown)
        self.shown.begin()

    def open(self, ref: Ref) -> None:
        if ref.kind in self._make:
            self.show_list(ref.kind)
            self.shown.open(ref)

    def open_some(self, some: Some) -> None:
        if some.kind in self._make:
            self.show_list(some.kind)
            self.shown.open_some(some)

    def begin(self) -> None:
        self.shown.begin()
