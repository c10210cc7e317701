"""Missing persons and their families: who is sought, who seeks them, who gives samples."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtWidgets import QStackedWidget, QWidget

from forensics.domain.families import MissingPerson
from forensics.services import families
from gui.context import Context, Ref
from gui.place import ListPlace, Place
from gui.places import missing_forms as forms
from gui.places.missing_families import FamiliesPlace
from gui.places.missing_persons import PersonsPlace
from gui.widgets.buttons import Action, Button
from gui.widgets.lines import column, row, rule
from gui.widgets.switch import Switch

PERSONS, FAMILIES = "persons", "families"


class MissingPlace(Place):
    """Two lists, of which one is shown."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        actions = self.actions_offered()
        self.persons = PersonsPlace(context, replace(actions[0], shortcut="", kind="quiet"))
        self.families = FamiliesPlace(context, replace(actions[1], shortcut=""))
        self.switch = Switch(
            self.tr("What is listed"),
            [(PERSONS, self.tr("Missing persons")), (FAMILIES, self.tr("Families"))],
        )
        self.switch.chosen.connect(self.show_list)
        self.stack = QStackedWidget()
        self.front = QStackedWidget()  # the lists, or an import that covers them
        self.stack.addWidget(self.persons)
        self.stack.addWidget(self.families)
        buttons = [Button.of(action) for action in reversed(actions)]
        top = row(self.switch, None, *buttons)
        top.setContentsMargins(16, 10, 16, 10)
        layout = column(top, rule(), self.stack, gap=0)
        layout.setStretch(2, 1)
        self.lists = QWidget()
        self.lists.setLayout(layout)
        self.front.addWidget(self.lists)
        self.setLayout(column(self.front, gap=0))

    @property
    def shown(self) -> ListPlace:
        """The list that is in front."""
        return self.persons if self.switch.current == PERSONS else self.families

    def actions_offered(self) -> list[Action]:
        why = (
            ""
            if self.context.may(families.create_family)
            else self.tr("Interviewers and case managers record families.")
        )
        return [
            Action(self.tr("Report a missing person"), self.report, "plus", "primary", "Ctrl+N", why),
            Action(self.tr("New family"), self.new_family, "family", "quiet", "Ctrl+Shift+N", why),
            Action(
                self.tr("Import families…"),
                self.import_file,
                "import",
                why_not="" if self._may_import else self.tr("Technicians and DNA analysts import profiles."),
            ),
        ]

    def show_list(self, key: str) -> None:
        """Bring the missing persons or the families to the front."""
        self.switch.show_current(key)
        self.stack.setCurrentWidget(self.shown)
        self.shown.begin()

    def open(self, ref: Ref) -> None:
        if ref.kind == "donor" and isinstance(ref.id, UUID):
            found = self.context.query(families.family_of_donor, ref.id)
            if found is None:
                return
            ref = Ref("family", found.id, found.number)
        self.front.setCurrentWidget(self.lists)
        self.show_list(FAMILIES if ref.kind == "family" else PERSONS)
        self.shown.open(ref)

    def refresh(self) -> None:
        for place in (getattr(self, "persons", None), getattr(self, "families", None)):
            if place is not None:
                place.refresh()

    def begin(self) -> None:
        self.shown.begin()

    # -- acting ------------------------------------------------------------------------------------------

    def report(self) -> None:
        made = forms.report_missing(self.context, self)
        if isinstance(made, MissingPerson):
            self.open(Ref("missing_person", made.id, made.number))

    def new_family(self) -> None:
        made = forms.new_family(self.context, self)
        if made is not None:
            self.open(Ref("family", made.id, made.number))

    def import_file(self) -> None:
        """The file of a partner: a dry run with its problems, the consent, then all of it or nothing."""
        from gui.places.samples_import import ImportPage

        page = ImportPage(self.context)
        page.left.connect(lambda: self._leave(page))
        page.imported.connect(lambda: self._imported(page))
        self.front.addWidget(page)
        self.front.setCurrentWidget(page)
        page.begin()

    def _leave(self, page: QWidget) -> None:
        self.front.setCurrentWidget(self.lists)
        self.front.removeWidget(page)
        page.deleteLater()
        self.shown.begin()

    def _imported(self, page: QWidget) -> None:
        """What was imported waits at the top: families whose pedigree nobody has confirmed yet."""
        self._leave(page)
        self.show_list(FAMILIES)
        self.families.list.show_only(confirmed=(False,))

    @property
    def _may_import(self) -> bool:
        from forensics.services import profiles

        return self.context.may(profiles.import_reading)
