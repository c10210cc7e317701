"""The pedigree of a family in the window: chosen with the mouse or the keys, and what can be done to a person."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from forensics.domain.kinship import Pedigree
from forensics.domain.relations import is_unnamed
from forensics.services.families import FamilyRecord
from gui.look import look, on_look_changed
from gui.places.missing_words import member_label, member_words, say
from gui.widgets.buttons import Action, Button
from gui.widgets.flow import Flow
from gui.widgets.lines import clear, column, text
from gui.widgets.svgview import SvgView

WIDEST = 820.0
STEM = "person-"


def draw(view: SvgView, record: FamilyRecord, pedigree: Pedigree | None = None, codes: bool = False) -> None:
    """Draw the family's pedigree (or another version of it) into the view; `codes` adds the codes."""
    from reports.figures.pedigree import PedigreeWords, pedigree_figure

    drawn = pedigree or record.pedigree
    known = {r.code: r for r in record.relatives}
    labels: dict[str, tuple[str, ...]] = {}
    for id in drawn.ids:
        lines = member_label(record, known[id]) if id in known else (() if is_unnamed(id) else (id,))
        labels[id] = (*lines, id) if codes and lines and id not in lines else lines
    figure = pedigree_figure(
        drawn,
        labels,
        record.typed,
        {r.code for r in record.relatives if r.missing_person},
        {r.code for r in record.relatives if r.deceased},
        None,
        look().palette,
        words=PedigreeWords(
            say("Pedigree"),
            say("reference profile"),
            say("missing person"),
            say("deceased"),
            say("no profile"),
            say("union of relatives"),
        ),
        legend=True,
    )
    names = {
        f"{STEM}{id}": member_words(record, known[id]) if id in known else say("new: {0}").format(id)
        for id in drawn.ids
    }
    view.show_figure(figure.svg, say("Pedigree of {0} people").format(len(drawn.ids)), names)


class PedigreeView(SvgView):
    """The drawing with keys of its own: A add a relative, E change, M is missing, D gives a sample, Delete."""

    wanted = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        what = {
            Qt.Key.Key_A: "relative",
            Qt.Key.Key_E: "edit",
            Qt.Key.Key_M: "missing",
            Qt.Key.Key_D: "donor",
            Qt.Key.Key_Delete: "remove",
        }.get(Qt.Key(event.key()))
        if what is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.wanted.emit(what)
        else:
            super().keyPressEvent(event)


class PedigreePanel(QWidget):
    """The drawing, who is chosen in it, and what can be done to that person.

    `wanted(what, code)` with what = relative, edit, remove, missing, donor; `chosen(code)`.
    """

    wanted = Signal(str, str)
    chosen = Signal(str)

    def __init__(
        self, record: FamilyRecord, code: str = "", why_not: str = "", parent: QWidget | None = None
    ) -> None:
        """`why_not` says why the person may not change the drawing; "" where they may."""
        super().__init__(parent)
        self.record = record
        self.code = ""
        self._why_not = why_not
        self.view = PedigreeView()
        self.view.clicked.connect(lambda id: self.choose(id.removeprefix(STEM)))
        self.view.wanted.connect(self._by_key)
        self._below = column(gap=6)
        self.setLayout(column(self.view, self._below, gap=12))
        on_look_changed(self, lambda panel: panel._draw())
        self.choose(code if code in record.pedigree.ids else self._first())

    def choose(self, code: str) -> None:
        """Ring a person and offer what can be done."""
        self.code = code
        self.view.select(frozenset({f"{STEM}{code}"} if code else ()))
        self._offer()
        self.chosen.emit(code)

    def offered(self) -> list[Action]:
        """What can be done to the person who is chosen."""
        relative = next((r for r in self.record.relatives if r.code == self.code), None)
        if relative is None:
            return []
        is_missing = relative.missing_person is not None
        gives = any(d.relative.id == relative.id for d in self.record.donors)
        why = self._why_not
        named = is_missing or gives
        stays = say("A missing person or a donor stays in the drawing.") if named else ""
        lies = say("Draw this relative by a word first.") if is_unnamed(self.code) else ""
        sought = say("This person is the one who is sought.") if is_missing else ""
        return [
            Action(say("Add a relative…"), lambda: self._want("relative"), "plus", why_not=why),
            Action(say("Change…"), lambda: self._want("edit"), "edit", why_not=why),
            Action(
                say("Gives a sample…"),
                lambda: self._want("donor"),
                "sample",
                why_not=why or sought or lies or (say("This person is a donor already.") if gives else ""),
            ),
            Action(
                say("Is missing too…"),
                lambda: self._want("missing"),
                "missing",
                why_not=why or sought or (say("A donor is not missing.") if gives else ""),
            ),
            Action(say("Remove"), lambda: self._want("remove"), "minus", "plain", why_not=why or stays),
        ]

    def _first(self) -> str:
        return next((r.code for r in self.record.relatives if r.missing_person), "")

    def _draw(self) -> None:
        draw(self.view, self.record)
        self.view.select(frozenset({f"{STEM}{self.code}"} if self.code else ()))

    def _offer(self) -> None:
        clear(self._below)
        relative = next((r for r in self.record.relatives if r.code == self.code), None)
        if relative is None:
            words = say("Choose a person in the drawing: with the mouse, or with the arrow keys and Enter.")
            self._below.addWidget(text(words, "small"))
            return
        self._below.addWidget(text(say("Chosen: {0}").format(member_words(self.record, relative)), "strong"))
        self._below.addWidget(Flow([Button.of(action) for action in self.offered()], gap=8))

    def _want(self, what: str) -> None:
        self.wanted.emit(what, self.code)

    def _by_key(self, what: str) -> None:
        """A key does what its button does, and nothing where the button is off."""
        order: Mapping[str, int] = {"relative": 0, "edit": 1, "donor": 2, "missing": 3, "remove": 4}
        actions = self.offered()
        if actions and not actions[order[what]].why_not:
            actions[order[what]].run()


class PedigreeWindow(QDialog):
    """The drawing alone, as large as the screen allows; Ctrl+wheel or + and - zoom."""

    def __init__(self, record: FamilyRecord, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.view = SvgView()
        draw(self.view, record)
        area = QScrollArea()
        area.setProperty("kind", "surface")
        area.setWidgetResizable(True)
        area.setWidget(self.view)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        hint = text(
            say("Ctrl and the wheel, or + and −, make it larger and smaller. Escape closes."), "small"
        )
        layout = column(area, hint, margin=16, gap=8)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        screen = self.screen().availableGeometry()
        self.resize(int(screen.width() * 0.9), int(screen.height() * 0.85))
        self.view.fit(QSize(self.width() - 60, self.height() - 90))
        self.view.setFocus()
