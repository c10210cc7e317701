"""Samples: the list by token with what became of each, storage, what was sent out, stock-takes; import of profiles."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from forensics.domain.people import Permission
from gui.context import Context, Ref, Some
from gui.place import Place
from gui.places.samples_list import SamplesList
from gui.places.storage_counting import CountingPage
from gui.widgets.buttons import Action
from gui.widgets.lines import boxed, column, row, rule
from gui.widgets.switch import Switch

VIEWS = {"storage_location": "storage", "consignment": "sent", "stock_take": "counts"}
"""Which view shows a record of this kind; all others are of the list of samples."""


class SamplesPlace(Place):
    """Four views behind one switch; in their stead, while it lasts, an import or a count."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.list = SamplesList(context, self.import_file, self.read_profile)
        self.views: dict[str, Place] = {"samples": self.list}
        titles = [("samples", self.tr("Samples"))]
        if context.has(Permission.CASE_READ):
            titles += [
                ("storage", self.tr("Storage")),
                ("sent", self.tr("Sent out")),
                ("counts", self.tr("Stock-takes")),
            ]
        if context.has(Permission.PROFILE_READ):
            titles.append(("works", self.tr("What works")))
        self.switch = Switch(self.tr("What is shown"), titles)
        self.switch.chosen.connect(self.show_view)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        head = row(self.switch, None)
        head.setContentsMargins(16, 8, 16, 8)
        self._head = boxed(head, "surface")
        layout = column(self._head, rule(), self.stack, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def begin(self) -> None:
        super().begin()
        shown = self.stack.currentWidget()
        if isinstance(shown, Place | CountingPage):
            shown.begin()
        elif shown is not None:
            shown.setFocus()

    def show_view(self, key: str) -> None:
        """Samples, storage places, what was sent out, or stock-takes; made when first asked for."""
        self._leave_page()
        if key not in self.views:
            self.views[key] = self._made(key)
            self.stack.addWidget(self.views[key])
        self.switch.show_current(key)
        self.stack.setCurrentWidget(self.views[key])
        self.views[key].begin()

    def _made(self, key: str) -> Place:
        from gui.places.samples_works import WhatWorksPlace
        from gui.places.storage import StoragePlaces
        from gui.places.storage_counts import StockTakes
        from gui.places.storage_sent import SentOut

        if key == "works":
            return WhatWorksPlace(self.context)
        if key == "counts":
            return StockTakes(self.context, self.count)
        return StoragePlaces(self.context) if key == "storage" else SentOut(self.context)

    @property
    def shown(self) -> Place:
        return self.views[self.switch.current]

    def open(self, ref: Ref) -> None:
        """A sample, the sample of a profile, a storage place, a consignment or a stock-take."""
        key = VIEWS.get(ref.kind, "samples")
        if key != "samples" and key in self.switch.buttons:
            self.show_view(key)
            self.shown.open(ref)
            return
        self.show_view("samples")
        self.list.open(self._of_profile(ref) if ref.kind == "profile" else self._numbered(ref))

    def open_some(self, some: Some) -> None:
        key = VIEWS.get(some.kind, "samples")
        self.show_view(key if key in self.switch.buttons else "samples")
        self.shown.open_some(some)

    def actions_offered(self) -> list[Action]:
        turns = [
            Action(button.text(), partial(self.show_view, key), "arrow-right", shortcut=f"Ctrl+{at}")
            for at, (key, button) in enumerate(self.switch.buttons.items(), 1)
        ]
        return [*self.shown.actions_offered(), *turns]

    def scanned(self, code: str) -> bool:
        """While things are counted each scan is counted."""
        shown = self.stack.currentWidget()
        if isinstance(shown, CountingPage):
            shown.scanned(code)
            return True
        return False

    def count(self, id: UUID) -> None:
        """Go on with a stock-take until the person leaves it."""
        page = CountingPage(self.context, id)
        page.left.connect(partial(self.show_view, "counts"))
        self._show_page(page)
        page.begin()

    def _show_page(self, page: QWidget) -> None:
        self._head.hide()
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def _leave_page(self) -> None:
        """Back to the views; an import that was not carried out has changed nothing, a count is saved."""
        self._head.show()
        shown = self.stack.currentWidget()
        if shown is not None and not isinstance(shown, Place):
            self.stack.removeWidget(shown)
            shown.deleteLater()

    def import_file(self) -> None:
        """Show the import until it is done or left."""
        from gui.places.samples_import import ImportPage

        page = ImportPage(self.context)
        page.left.connect(partial(self._leave, page))
        page.imported.connect(partial(self._imported, page))
        self._show_page(page)
        page.begin()

    def read_profile(self, id: UUID) -> None:
        """Show the reading of a profile until it is finished or left."""
        from gui.places.samples_reads import page_of

        page = page_of(self.context, id)
        if page is not None:
            page.left.connect(partial(self._leave, page))
            self._show_page(page)
            page.begin()

    def show_list(self) -> None:
        """Back to the list of samples."""
        self.show_view("samples")

    def _leave(self, _page: QWidget) -> None:
        self.show_list()

    def _imported(self, page: QWidget) -> None:
        from forensics.domain.profiles import ProfileState

        self._leave(page)
        self.list.open_some(Some("sample", {"profile": (ProfileState.IMPORTED,)}))

    def _numbered(self, ref: Ref) -> Ref:
        from forensics.services.samples import sample_record

        if ref.number or not isinstance(ref.id, UUID):
            return ref
        record = self.context.query(sample_record, ref.id)
        return Ref(ref.kind, ref.id, record.sample.number) if record is not None else ref

    def _of_profile(self, ref: Ref) -> Ref:
        from forensics.services.profiles import profile

        found = self.context.query(profile, ref.id) if isinstance(ref.id, UUID) else None
        return self._numbered(Ref("sample", found.sample)) if found is not None else ref
