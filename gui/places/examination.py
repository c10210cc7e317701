"""The first examination at the bench: skeleton and inventory beside the conclusions; draft, signature, version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from forensics.domain.errors import Conflict, NominaError
from forensics.domain.examinations import Examination, ExaminationState
from gui.context import Context
from gui.look import Meaning
from gui.places.examination_form import ExaminationForm
from gui.places.examination_inventory import InventoryPanel
from gui.places.examination_reading import reading_page
from gui.places.examination_words import persons, range_words
from gui.places.remains_cases import examination_mark
from gui.places.remains_words import moment, said
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.lines import boxed, clear, row, text
from gui.widgets.marks import Chip

if TYPE_CHECKING:
    from forensics.services.door import Laboratory

AUTOSAVE = 4_000  # milliseconds after the last change


class ExaminationPage(QWidget):
    """`left` when the person goes back; `another(id)` when a new version shall be shown instead."""

    left = Signal()
    another = Signal(object)

    def __init__(self, context: Context, id: UUID) -> None:
        super().__init__()
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.seen: Examination | None = None
        self.form: ExaminationForm | None = None
        self.panel: InventoryPanel | None = None
        self.dirty = False
        self._pause = QTimer(self, singleShot=True, interval=AUTOSAVE)
        self._pause.timeout.connect(partial(self.save, quiet=True))
        back = QShortcut(QKeySequence("Escape"), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.leave)
        self._load(id)

    # -- showing -----------------------------------------------------------------------------------------

    def _load(self, id: UUID) -> None:
        from forensics.services.examinations import examination

        found = self.context.query(examination, id)
        if found is not None:
            self.show_examination(found)
        else:
            back = Action(self.tr("Back"), self.left.emit, "arrow-left")
            words = self.tr("It may belong to somebody else's work.")
            self._layout.addWidget(EmptyState("examination", self.tr("Not to be shown"), words, back))

    @property
    def editable(self) -> bool:
        """A draft, mine, and my role records examinations."""
        from forensics.services.examinations import change_examination

        seen = self.seen
        return (
            seen is not None
            and seen.state is ExaminationState.DRAFT
            and seen.examiner == self.context.lab.person.id
            and self.context.may(change_examination)
        )

    def show_examination(self, seen: Examination) -> None:
        """Show this version, to be written or to be read."""
        self.seen, self.dirty = seen, False
        clear(self._layout)
        self.panel = InventoryPanel(self.context, seen.inventory, self.editable)
        self.form = ExaminationForm(self.context, seen) if self.editable else None
        self.state = text("", "small", wrap=False)
        self._layout.addWidget(self._bar(seen))
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.panel)
        splitter.addWidget(self.form or reading_page(self.context, seen))
        splitter.setSizes([520, 620])
        splitter.setStretchFactor(1, 1)
        self._layout.addWidget(splitter, 1)
        if self.form is not None:
            self.form.edited.connect(self._edited)
            self.panel.changed.connect(self._counted)
            self._count()

    def _bar(self, seen: Examination) -> QWidget:
        case = self._case_number(seen.case)
        back = Button(self.tr("Back"), "plain", "arrow-left", self.leave)
        title = text(self.tr("Examination of {0}").format(case), "strong", wrap=False)
        number = text(seen.number, "mono", wrap=False, selectable=True)
        version = text(self.tr("version {0}").format(seen.version), "muted", wrap=False)
        parts = row(back, title, number, version, Chip(examination_mark(seen)), None, self.state, gap=12)
        for action in self._offered(seen):
            parts.addWidget(Button.of(action))
        parts.setContentsMargins(16, 8, 24, 8)
        return boxed(parts, "header")

    def _offered(self, seen: Examination) -> list[Action]:
        from forensics.services.examinations import begin_examination

        if self.editable:
            return [
                Action(self.tr("Save draft"), self.save, "save", shortcut="Ctrl+S"),
                Action(self.tr("Sign…"), self.sign, "sign", "primary", "Ctrl+Return"),
            ]
        if seen.state is ExaminationState.SIGNED:
            role = self.tr("Your role does not record examinations.")
            why = "" if self.context.may(begin_examination) else role
            return [Action(self.tr("New version"), self.new_version, "plus", why_not=why)]
        return []

    def _case_number(self, case: UUID) -> str:
        from forensics.services.remains import case_record

        record = self.context.query(case_record, case)
        if record is None:
            return ""
        if self.panel is not None:
            from forensics.domain.anthropology import Side

            cut = tuple(
                (line.element, Side(line.side)) for line in record.items if line.samples and line.element
            )
            self.panel.skeleton.sampled = cut
            self.panel.show_inventory()
        return record.case.number

    def begin(self) -> None:
        """Where work begins: the line of bones."""
        if self.editable and self.panel is not None:
            self.panel.line.setFocus()
        else:
            self.setFocus()

    # -- writing -----------------------------------------------------------------------------------------

    def _edited(self) -> None:
        self.dirty = True
        self.state.setText(self.tr("Not saved yet"))
        self._pause.start()

    def _counted(self) -> None:
        self._count()
        self._edited()

    def _count(self) -> None:
        """The least number of persons that the inventory shows."""
        from forensics.services.anthropology import number_of_individuals

        assert self.panel is not None
        assert self.form is not None
        lines = [line for line in self.panel.inventory.lines if line.completeness != "absent"]
        if not lines:
            self.form.counted.setText("")
            return
        found = self.context.query(number_of_individuals, lines)
        if found is None:
            return
        deciding = ", ".join(dict.fromkeys(line.element.name for line in found.deciding[:4]))
        one = self.tr("The inventory shows at least 1 person.")
        many = self.tr("The inventory shows at least {0} persons, by: {1}.").format(found.number, deciding)
        self.form.counted.setText(one if found.number == 1 else many)
        field = self.form.fields["minimum_individuals"]
        known = field.value_or(None)
        if known is None or known < found.number:
            field.set_value(found.number)

    def _content(self) -> dict[str, Any] | None:
        assert self.panel is not None
        assert self.form is not None
        values = self.form.values()
        return None if values is None else values | {"inventory": tuple(self.panel.inventory.lines)}

    def save(self, quiet: bool = False) -> bool:
        """Write the draft; "Saved" only when the database has confirmed. False: it was refused."""
        if not self.editable or (quiet and not self.dirty):
            return True
        content = self._content()
        return content is not None and self._write(content, quiet)

    def _write(self, content: dict[str, Any], quiet: bool) -> bool:
        from forensics.services.examinations import change_examination

        assert self.seen is not None
        try:
            self.seen = self.context.lab.run(change_examination, self.seen, content)
        except Conflict as conflict:
            return self._settle(conflict, content)
        except NominaError as error:
            self.context.notify(str(error), Meaning.REFUSED)
            return False
        self.dirty = False
        self._pause.stop()
        self.state.setText(self.tr("Saved {0}").format(moment(self.seen.changed_at or self.seen.created_at)))
        if not quiet:
            self.context.notify(self.tr("Draft saved"), Meaning.GOOD)
        return True

    def _settle(self, conflict: Conflict, content: dict[str, Any]) -> bool:
        """Somebody else (or I, elsewhere) wrote first: both versions, and the person chooses."""
        from gui.widgets.conflict import Choice, ConflictDialog

        theirs = cast(Examination, conflict.theirs)
        choice = ConflictDialog.for_error(conflict, self).ask()
        if choice is Choice.MINE:
            self.seen = theirs
            return self._write(content, quiet=False)
        if choice is Choice.THEIRS:
            self.show_examination(theirs)
            return True
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Going to another place is no reason to lose a word."""
        super().hideEvent(event)
        if self.dirty and self.window().isVisible():
            self.save(quiet=True)

    def leave(self) -> None:
        """Go back; what was written is saved first."""
        if self.save(quiet=True):
            self.left.emit()

    # -- signing -----------------------------------------------------------------------------------------

    def sign(self) -> None:
        """Ask for the password over exactly what is signed."""
        from forensics.services.examinations import sign_examination
        from gui.widgets.ceremony import Ceremony

        if not self.save(quiet=False) or self.seen is None:
            return
        seen = self.seen
        laboratory = cast("Laboratory", self.context.lab)
        signed = Ceremony(
            self.tr("Sign the examination"),
            self.tr("I examined these remains myself, and this is what I found."),
            self._facts(seen),
            [(self.tr("signs as the examiner"), self.context.lab.person.name)],
            self.tr("Sign"),
            lambda password: sign_examination(laboratory, seen, password),
            self,
        ).ask()
        if signed is not None:
            self.context.notify(self.tr("Signed"), Meaning.GOOD)
            self.show_examination(signed)

    def _facts(self, seen: Examination) -> list[tuple[str, Any]]:
        assert self.panel is not None
        age = range_words(seen.age_minimum, seen.age_maximum, "years")
        stature = range_words(seen.stature_minimum, seen.stature_maximum, "cm")
        return [
            (self.tr("Examination"), f"{seen.number}, {self.tr('version {0}').format(seen.version)}"),
            (self.tr("Inventory"), self.panel.inventory.in_words()),
            (self.tr("At least"), persons(seen.minimum_individuals)),
            (
                self.tr("Sex"),
                ", ".join(p for p in (said(seen.sex) if seen.sex else "", seen.sex_method) if p),
            ),
            (self.tr("Age"), ", ".join(p for p in (age, seen.age_method) if p)),
            (self.tr("Stature"), ", ".join(p for p in (stature, seen.stature_method) if p)),
            (self.tr("Findings"), seen.marks or self.tr("nothing written")),
            (self.tr("Teeth"), seen.dental or self.tr("nothing written")),
            (self.tr("Weighing"), seen.rationale or self.tr("nothing written")),
        ]

    def new_version(self) -> None:
        from forensics.services.examinations import begin_examination

        assert self.seen is not None
        draft = self.context.act(begin_examination, self.seen.case)
        if draft is not None:
            self.another.emit(draft.id)
