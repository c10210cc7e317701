"""Samples: the list by token with what became of each, the page of a sample, and the import of profiles."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.context import Context, Ref, Some
from gui.place import Place
from gui.places.samples_list import SamplesList
from gui.widgets.buttons import Action
from gui.widgets.lines import column


class SamplesPlace(Place):
    """The list; in its stead, while it lasts, the import of a file."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.list = SamplesList(context, self.import_file)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.setLayout(column(self.stack))

    def begin(self) -> None:
        super().begin()
        shown = self.stack.currentWidget()
        if shown is self.list:
            self.list.begin()
        elif shown is not None:
            shown.setFocus()

    def open(self, ref: Ref) -> None:
        """A sample, or the sample of a profile."""
        self.show_list()
        self.list.open(self._of_profile(ref) if ref.kind == "profile" else self._numbered(ref))

    def open_some(self, some: Some) -> None:
        self.show_list()
        self.list.open_some(some)

    def actions_offered(self) -> list[Action]:
        return self.list.actions_offered()

    def import_file(self) -> None:
        """Show the import until it is done or left."""
        from gui.places.samples_import import ImportPage

        page = ImportPage(self.context)
        page.left.connect(partial(self._leave, page))
        page.imported.connect(partial(self._imported, page))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        page.begin()

    def show_list(self) -> None:
        """Back to the list; an import that was not carried out has changed nothing."""
        shown = self.stack.currentWidget()
        self.stack.setCurrentWidget(self.list)
        if shown is not None and shown is not self.list:
            self.stack.removeWidget(shown)
            shown.deleteLater()

    def _leave(self, _page: QWidget) -> None:
        self.show_list()
        self.list.begin()

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
