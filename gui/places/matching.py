"""Matching: candidates and weighed matches, what changed among them, re-association, and the screenings."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery
from forensics.domain.remains import AssociationState
from forensics.services import associations
from gui.context import Context, Ref
from gui.place import ListPlace, Place
from gui.places.matching_associations import Reassociation
from gui.places.matching_candidates import Candidates
from gui.places.matching_changes import Changes
from gui.places.matching_screenings import Screenings
from gui.widgets.buttons import Action
from gui.widgets.lines import boxed, column, row, rule
from gui.widgets.switch import Switch


class MatchingPlace(Place):
    """Four views of one place."""

    subjects = frozenset({"association"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.candidates = Candidates(context)
        self.reassociation = Reassociation(context)
        self.changes = Changes(context, self._open_number, self.candidates.changes_action())
        self.screenings = Screenings(context, self._open_line, self.candidates.screen_action())
        self.stack = QStackedWidget()
        self.views: dict[str, ListPlace] = {
            "hypothesis": self.candidates,
            "changes": self.changes,
            "association": self.reassociation,
            "screening": self.screenings,
        }
        titles = (
            self.tr("Candidates"),
            self.tr("What changed"),
            self.tr("Re-association"),
            self.tr("Screenings"),
        )
        self.switch = Switch(self.tr("What is shown"), list(zip(self.views, titles, strict=True)))
        self.switch.chosen.connect(self.show_view)
        for view in self.views.values():
            self.stack.addWidget(view)
        head = row(self.switch, None)
        head.setContentsMargins(16, 8, 16, 8)
        layout = column(boxed(head, "surface"), rule(), self.stack, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._count()

    @property
    def shown(self) -> ListPlace:
        return self.views[self.switch.current]

    def show_view(self, key: str) -> None:
        """Candidates, associations or screenings."""
        self.switch.show_current(key)
        self.stack.setCurrentWidget(self.views[key])
        self.views[key].begin()

    def actions_offered(self) -> list[Action]:
        views = [
            Action(button.text(), button.click, "arrow-right", shortcut=f"Ctrl+{at}")
            for at, button in enumerate(self.switch.buttons.values(), 1)
        ]
        return [*self.shown.actions_offered(), *views]

    def open(self, ref: Ref) -> None:
        """A match, an association or a screening."""
        key = ref.kind if ref.kind in self.views else "hypothesis"
        self.show_view(key)
        if ref.id:
            self.views[key].open(ref)

    def refresh(self) -> None:
        """Look again; the views listen to changes themselves as well."""
        self._count()
        self.shown.refresh()

    def begin(self) -> None:
        super().begin()
        self._count()
        self.shown.begin()

    def _count(self) -> None:
        waiting = ListQuery(filters={"state": (AssociationState.PROPOSED,)}, limit=1)
        found = self.context.query(associations.association_list, self.context.here(waiting))
        words = self.tr("Re-association")
        if found is not None and found.total:
            words = self.tr("Re-association · {0} to decide").format(found.total)
        button = self.switch.buttons["association"]
        keys = button.shortcut()  # a new text takes the shortcut away
        button.setText(words)
        button.setShortcut(keys)

    def _open_number(self, id: UUID, number: str) -> None:
        self.open(Ref("hypothesis", id, number))

    def _open_line(self, line: HypothesisLine) -> None:
        self.open(Ref("hypothesis", line.id, line.number))
