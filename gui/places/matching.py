"""Matching: candidates, what changed, the whole operation as a matrix and together, re-association, screenings."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QStackedWidget

from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery
from forensics.domain.remains import AssociationState
from forensics.services import associations, matching
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import Place
from gui.places.matching_associations import Reassociation
from gui.places.matching_candidates import Candidates
from gui.places.matching_changes import Changes
from gui.places.matching_joint import Together
from gui.places.matching_joint_work import JointWork
from gui.places.matching_matrix import Matrix
from gui.places.matching_screenings import Screenings
from gui.widgets.buttons import Action
from gui.widgets.lines import boxed, column, row, rule
from gui.widgets.switch import Switch


class MatchingPlace(Place):
    """Six views of one place."""

    subjects = frozenset({"association"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.candidates = Candidates(context)
        self.joint = JointWork(context, self)
        self.candidates.jointly = lambda h: self.joint.posterior_of(h.operation, h.item, h.missing_person)
        self.joint.changed.connect(self.candidates.show_again)
        self.matrix = Matrix(context, self.joint, self.open_pair)
        self.together = Together(context, self.joint, self.open_pair)
        self.reassociation = Reassociation(context)
        self.changes = Changes(context, self._open_number, self.candidates.changes_action())
        self.screenings = Screenings(context, self._open_line, self.candidates.screen_action())
        self.stack = QStackedWidget()
        self.views: dict[str, Place] = {
            "hypothesis": self.candidates,
            "changes": self.changes,
            "matrix": self.matrix,
            "together": self.together,
            "association": self.reassociation,
            "screening": self.screenings,
        }
        titles = (
            self.tr("Candidates"),
            self.tr("What changed"),
            self.tr("Matrix"),
            self.tr("Together"),
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
    def shown(self) -> Place:
        return self.views[self.switch.current]

    def show_view(self, key: str) -> None:
        """Candidates, what changed, the whole operation as a matrix or together, associations or screenings."""
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
        key = {"blind_search": "screening"}.get(ref.kind, ref.kind)
        key = key if key in self.views else "hypothesis"
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

    def open_pair(self, row: int, column: int) -> None:
        """The candidate of a pair of the whole operation; where there is none, say why."""
        pairs = self.joint.pairs
        if pairs is None:
            return
        victim, one = pairs.victims[row], pairs.sought[column]
        filters = {"item": victim.items, "missing_person": (one.person,), "operation": (pairs.operation,)}
        best = ListQuery(filters=filters, sort="log10_lr", descending=True, limit=1)
        found = self.context.query(matching.hypotheses, best)
        if found is not None and found.rows:
            self._open_line(found.rows[0])
            return
        words = self.tr(
            "{0} and {1} are not among the candidates: the last screening did not find them, or was made before."
        )
        self.context.notify(words.format(victim.number, one.number), Meaning.ATTENTION)

    def _open_line(self, line: HypothesisLine) -> None:
        self.open(Ref("hypothesis", line.id, line.number))
