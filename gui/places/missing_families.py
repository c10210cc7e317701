"""The list of families and the page of one: the pedigree, who is missing, who gives samples."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QWidget

from forensics.domain.lines import FamilyLine
from forensics.domain.people import Permission
from forensics.services import auditing, families
from forensics.services.families import FamilyRecord
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places import missing_forms as forms
from gui.places.missing_donors import donor_card, new_donor
from gui.places.missing_history import happenings
from gui.places.missing_pedigree import PedigreePanel, PedigreeWindow
from gui.places.missing_power import WhoNext
from gui.places.missing_words import (
    confirmed_short,
    family_title,
    pedigree_mark,
    person_title,
    references_mark,
    references_short,
    state_mark,
)
from gui.places.papers import ask_papers_ahead, papers
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import RecordPage


class FamiliesPlace(ListPlace):
    """Everybody who seeks somebody."""

    name = "families"
    subjects = frozenset(
        {
            "attachment",
            "external_identifier",
            "family",
            "missing_person",
            "relative",
            "donor",
            "consent",
            "sample",
            "profile",
            "hypothesis",
        }
    )

    def __init__(self, context: Context, new: Action) -> None:
        self._new = new
        self.panel: PedigreePanel | None = None
        self._chosen: dict[UUID, str] = {}  # who was chosen in a family's drawing
        super().__init__(context)
        self.next = WhoNext(context, self, self.show_if_seen)
        if QSettings().value(f"places/{self.name}/splitter") is None:
            self.splitter.setSizes([620, 540])

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 134),
            Column("title", self.tr("Family"), stretch=True, value=family_title),
            Column("missing", self.tr("Missing"), Kind.NUMBER, 76),
            Column("typed", self.tr("References"), Kind.MARK, 100, value=_references),
            Column("candidates", self.tr("Candidates"), Kind.NUMBER, 90),
            Column("confirmed", self.tr("Pedigree"), Kind.MARK, 116, value=_confirmed),
            Column("external_number", self.tr("Elsewhere"), width=96, shown=False),
        ]
        confirmed = [(True, self.tr("confirmed")), (False, self.tr("to be confirmed"))]
        words = self.tr("Make the first family, or import the families of a partner's file.")
        empty = EmptyState("family", self.tr("No families yet"), words, self._new)
        return RecordList(
            self.tr("Families"),
            columns,
            lambda query: self.context.lab.run(families.families, self.context.here(query)),
            [Filter("confirmed", self.tr("Pedigree"), confirmed)],
            empty,
            sort="number",
            runner=self.context.tasks.quietly,
        )

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose a family to see its pedigree, its missing and its donors.")
        return EmptyState("family", self.tr("No family chosen"), words)

    def refresh(self) -> None:
        super().refresh()
        self.show_if_seen()

    def show_if_seen(self) -> None:
        """Write the page anew if somebody looks at it."""
        if self.current is not None and self.isVisible():
            self.show_again()

    def ask_ahead(self, ahead: Ahead, row: FamilyLine) -> None:
        record = ahead.ask(families.family_record, row.id)
        if record is not None:
            ahead.ask(auditing.history, _records(record))
        if self.context.has(Permission.IDENTITY_READ):
            ask_papers_ahead(ahead, "family", row.id)

    def fill(self, page: RecordPage, row: FamilyLine) -> None:
        record = self.context.query(families.family_record, row.id)
        if record is None:
            return
        family = record.family
        typed = sum(1 for d in record.donors if d.profile is not None and d.consent is not None)
        marks = [pedigree_mark(family.confirmed_by is not None), references_mark(typed, len(record.donors))]
        page.header(
            family.number,
            family_title(family),
            self.tr("Family") + (f" · {family.external_number}" if family.external_number else ""),
            marks,
            actions=self._actions(record),
        )
        if family.confirmed_by is None:
            words = self.tr(
                "The pedigree waits: until a person has looked at the drawing and stands for it, "
                "this family takes no part in searches."
            )
            page.notice(words, Meaning.WAITING)
        self._pedigree(page, record)
        self._missing(page, record)
        self._donors(page, record)
        for person in record.missing:
            self.next.write(page, person.id, person.number if len(record.missing) > 1 else "")
        self._candidates(page, record)
        self._rest(page, record)

    def open_row(self, row: FamilyLine) -> None:
        """Enter on a family: the keys go into its drawing."""
        super().open_row(row)
        self.to_drawing()

    # -- sections --------------------------------------------------------------------------------------

    def _actions(self, record: FamilyRecord) -> list[Action]:
        why = self._why_not
        family = record.family
        nobody = "" if record.missing else self.tr("Nobody in this family is missing yet.")
        confirm = Action(
            self.tr("Confirm the pedigree…"),
            lambda: self._after(forms.confirm_pedigree(self.context, record, self)),
            "verify",
            "quiet",
            "Ctrl+Return",
            why or nobody,
        )
        change = Action(
            self.tr("Change…"),
            lambda: forms.change_family(self.context, family, self),
            "edit",
            "quiet",
            "Ctrl+E",
            why,
        )
        return [change] if family.confirmed_by is not None else [confirm, change]

    @property
    def _why_not(self) -> str:
        may = self.context.may(families.add_relative)
        return "" if may else self.tr("Interviewers and case managers draw families; your role reads them.")

    def _pedigree(self, page: RecordPage, record: FamilyRecord) -> None:
        if not record.relatives:
            section = page.section(self.tr("Pedigree"))
            section.text(self.tr("Nobody is drawn yet. Begin with the person who is sought."), "muted")
            first = Action(
                self.tr("Add the missing person…"),
                lambda: self._after(forms.missing_in_drawing(self.context, record, "", self)),
                "missing",
                why_not=self._why_not,
            )
            section.widget(_left(Button.of(first)))
            return
        larger = Action(self.tr("Larger"), partial(self._enlarge, record), "zoom-in", "link")
        section = page.section(self.tr("Pedigree"), [larger])
        self.panel = PedigreePanel(record, self._chosen.get(record.family.id, ""), self._why_not)
        self.panel.chosen.connect(lambda code, id=record.family.id: self._chosen.__setitem__(id, code))
        self.panel.wanted.connect(partial(self._do, record))
        section.widget(self.panel)
        asked = forms.questions(record)
        if asked:
            words = (
                self.tr("The import left these questions to a person:")
                if record.family.confirmed_by is None
                else self.tr("Questions of the import, settled when the pedigree was confirmed:")
            )
            section.text(words, "small")
            for question in asked:
                section.text(f"– {question}", "small")

    def _missing(self, page: RecordPage, record: FamilyRecord) -> None:
        section = page.section(self.tr("Missing"))
        rows = []
        for person in record.missing:
            ref = Ref("missing_person", person.id, person.number)
            link = Button(person_title(person), "link", run=partial(self.context.go, "missing", ref))
            rows.append((link, person.original_name or "", state_mark(person.state)))
        if rows:
            section.table([self.tr("Person"), self.tr("In its own script"), self.tr("State")], rows)
        else:
            section.text(self.tr("Nobody yet."), "muted")

    def _donors(self, page: RecordPage, record: FamilyRecord) -> None:
        section = page.section(self.tr("Donors"))
        for donor in record.donors:
            section.widget(donor_card(self.context, record, donor, self))
        if not record.donors:
            words = self.tr(
                "No relative gives a sample yet. Choose one in the drawing, then “Gives a sample”."
            )
            section.text(words, "muted")

    def _candidates(self, page: RecordPage, record: FamilyRecord) -> None:
        if not self.context.has(Permission.MATCH_READ):
            return
        section = page.section(self.tr("Candidates"))
        if not record.hypotheses:
            section.text(self.tr("No screening has found a candidate for this family."), "muted")
            return
        from gui.places.matching_words import hypothesis_mark
        from reports.wording import times

        rows = []
        for line in record.hypotheses:
            ref = Ref("hypothesis", line.id, line.number)
            link = Button(line.item_number, "link", run=partial(self.context.go, "matching", ref))
            rows.append(
                (
                    link,
                    times(line.log10_lr) if line.log10_lr is not None else "0",
                    str(line.loci_compared),
                    hypothesis_mark(line.state),
                )
            )
        section.table(
            [self.tr("Remains"), self.tr("LR"), self.tr("Loci compared"), self.tr("State")], rows, (1, 2)
        )

    def _rest(self, page: RecordPage, record: FamilyRecord) -> None:
        family = record.family
        if self.context.has(Permission.IDENTITY_READ):
            page.section(self.tr("Contact")).facts(
                [
                    (self.tr("Contact"), family.contact or None),
                ]
            )
            papers(page, self.context, self, "family", family.id)
        told = self.context.query(auditing.history, _records(record)) or []
        page.section(self.tr("History")).timeline(happenings(told))

    # -- acting ------------------------------------------------------------------------------------------

    def _do(self, record: FamilyRecord, what: str, code: str) -> None:
        """What the drawing was asked for."""
        context = self.context
        if what == "relative":
            added = forms.add_relative(context, record, code, self)
            if added is not None:
                self._chosen[record.family.id] = added.code
        elif what == "edit":
            forms.change_relative(context, record, code, self)
        elif what == "missing":
            forms.missing_in_drawing(context, record, code, self)
        elif what == "donor":
            new_donor(context, record, code, self)
        elif context.act(families.remove_relative, record.family.id, code) is not None:
            self._chosen.pop(record.family.id, None)
        self._after(True)

    def _after(self, _done: object) -> None:
        """Show what has become of the family and give the keys back to the drawing."""
        if self.isVisible():
            self.show_again()
        QTimer.singleShot(0, self, self.to_drawing)

    def to_drawing(self) -> None:
        """Put the cursor into the drawing."""
        if self.panel is not None:
            self.panel.view.setFocus()

    def _enlarge(self, record: FamilyRecord) -> None:
        PedigreeWindow(record, family_title(record.family), self).exec()
        self._after(None)


def _left(button: QWidget) -> QWidget:
    from gui.widgets.flow import Flow

    return Flow([button])


def _records(record: FamilyRecord) -> frozenset[UUID]:
    """Whose history is the family's."""
    relatives, donors = (r.id for r in record.relatives), (d.donor.id for d in record.donors)
    return frozenset({record.family.id, *relatives, *donors})


def _references(row: FamilyLine) -> Mark:
    return references_short(row.typed, row.donors)


def _confirmed(row: FamilyLine) -> Mark:
    return confirmed_short(row.confirmed)
