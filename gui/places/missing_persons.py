"""The list of missing persons and the page of one: who is sought, and how the search stands."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

from forensics.domain.families import MissingPerson
from forensics.domain.lines import MissingLine
from forensics.domain.people import Permission
from forensics.services import auditing, families
from forensics.services.families import FamilyRecord
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.missing_forms import change_person, change_state
from gui.places.missing_history import happenings
from gui.places.missing_pedigree import STEM, draw
from gui.places.missing_power import WhoNext
from gui.places.missing_words import (
    age_words,
    candidates_word,
    family_title,
    full_title,
    joined,
    name_of,
    pedigree_mark,
    references_mark,
    references_short,
    sex_word,
    sexes,
    state_mark,
    states,
)
from gui.places.papers import ask_papers_ahead, papers
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lines import text
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage, Value
from gui.widgets.svgview import SvgView


class PersonsPlace(ListPlace):
    """Everybody who is sought."""

    name = "missing-persons"
    subjects = frozenset(
        {
            "attachment",
            "external_identifier",
            "missing_person",
            "family",
            "relative",
            "donor",
            "profile",
            "hypothesis",
            "consent",
        }
    )

    def __init__(self, context: Context, report: Action) -> None:
        self._report = report
        self._names = context.has(Permission.IDENTITY_READ)
        super().__init__(context)
        self.next = WhoNext(context, self, self.show_if_seen)
        if QSettings().value(f"places/{self.name}/splitter") is None:
            self.splitter.setSizes([620, 540])

    def make_list(self) -> RecordList:
        name = Column("name", self.tr("Name"), stretch=True, value=name_of)
        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 134),
            *([name] if self._names else [Column("token", self.tr("Token"), Kind.TOKEN, stretch=True)]),
            Column("references", self.tr("References"), Kind.MARK, 100, value=_references),
            Column("candidates", self.tr("Candidates"), Kind.NUMBER, 90),
            Column("state", self.tr("State"), Kind.MARK, 132, value=lambda row: state_mark(row.state)),
            Column("original_name", self.tr("In its own script"), width=150, shown=self._names),
            Column("last_seen", self.tr("Last seen"), width=112),
            Column("sex", self.tr("Sex"), width=76, value=lambda row: sex_word(row.sex)),
            Column("last_place", self.tr("Where"), width=130, shown=False),
            Column("family_number", self.tr("Family"), Kind.TOKEN, 138, shown=False),
        ]
        filters = [
            Filter("state", self.tr("State"), states()),
            Filter("sex", self.tr("Sex"), sexes()),
            Filter(
                "confirmed",
                self.tr("Pedigree"),
                [(True, self.tr("confirmed")), (False, self.tr("to be confirmed"))],
            ),
        ]
        words = self.tr("Report the first person who is sought, or import the families of a partner's file.")
        empty = EmptyState("missing", self.tr("Nobody is reported missing yet"), words, self._report)
        return RecordList(
            self.tr("Missing persons"),
            columns,
            lambda query: self.context.lab.run(families.missing_persons, self.context.here(query)),
            filters,
            empty,
            sort="number",
            runner=self.context.tasks.quietly,
        )

    def make_nothing(self) -> QWidget:
        words = self.tr("Choose a person to read what is known and how the search stands.")
        return EmptyState("missing", self.tr("Nobody chosen"), words)

    def refresh(self) -> None:
        super().refresh()
        self.show_if_seen()

    def show_if_seen(self) -> None:
        """Write the page anew if somebody looks at it."""
        if self.current is not None and self.isVisible():
            self.show_again()

    def ask_ahead(self, ahead: Ahead, row: MissingLine) -> None:
        ahead.ask(families.missing_person, row.id)
        ahead.ask(families.family_record, row.family)
        ahead.ask(auditing.history, frozenset({row.id}))
        if self._names:
            ask_papers_ahead(ahead, "missing_person", row.id)

    def fill(self, page: RecordPage, row: MissingLine) -> None:
        person = self.context.query(families.missing_person, row.id)
        record = self.context.query(families.family_record, row.family)
        if person is None or record is None:
            return
        marks = [
            state_mark(person.state),
            references_mark(row.references, row.donors),
            pedigree_mark(row.confirmed),
        ]
        page.header(
            person.number,
            full_title(person),
            self.tr("Missing person · token {0}").format(person.token),
            marks,
            actions=self._actions(person, row),
        )
        if self._names:
            self._identity(page, person)
        else:
            words = self.tr(
                "Names and particulars are read by those who speak with families. You work with the token; "
                "nothing that the comparison needs is missing here."
            )
            page.notice(words, Meaning.NEUTRAL)
        self._person(page, person)
        self._search(page, row, record)
        self.next.write(page, person.id)
        self._family(page, person, record)
        if self._names:
            papers(page, self.context, self, "missing_person", person.id)
        told = self.context.query(auditing.history, frozenset({person.id})) or []
        page.section(self.tr("History")).timeline(happenings(told))

    def _actions(self, person: MissingPerson, row: MissingLine) -> list[Action]:
        why = (
            ""
            if self.context.may(families.change_missing_person)
            else self.tr("Your role does not record families.")
        )
        ref = Ref("family", row.family, row.family_number)
        actions = [
            Action(
                self.tr("Change…"),
                lambda: change_person(self.context, person, self),
                "edit",
                "quiet",
                "Ctrl+E",
                why,
            ),
            Action(self.tr("State…"), lambda: change_state(self.context, person, self), "tag", why_not=why),
            Action(self.tr("Family"), lambda: self.context.go("missing", ref), "family", "plain"),
        ]
        if row.candidates and self.context.has(Permission.MATCH_READ):
            here = Ref("missing_person", person.id, person.number)
            words = candidates_word(row.candidates)
            actions.append(Action(words, lambda: self.context.go("matching", here), "matching", "plain"))
        return actions

    def _identity(self, page: RecordPage, person: MissingPerson) -> None:
        latin = " ".join(part for part in (person.given_names, person.family_names) if part)
        page.section(self.tr("Names")).facts(
            [
                (self.tr("In its own script"), _own_script(person.original_name)),
                (self.tr("In Latin letters"), latin or None),
                (self.tr("Also called"), joined(person.aliases) or Fact(self.tr("no other name recorded"))),
            ]
        )

    def _person(self, page: RecordPage, person: MissingPerson) -> None:
        born = Fact(str(person.birth), age_words(person)) if person.birth else None
        height = (
            Fact(f"{person.height_cm:g} cm", person.height_source or self.tr("source not recorded"))
            if person.height_cm is not None
            else None
        )
        about = page.section(self.tr("The person"))
        facts = [(self.tr("Sex"), sex_word(person.sex)), (self.tr("Born"), born), (self.tr("Height"), height)]
        seen = [(self.tr("When"), str(person.last_seen) if person.last_seen else None)]
        if self._names:
            facts += [(self.tr("Marks"), person.marks or None), (self.tr("Teeth"), person.dental or None)]
            seen += [
                (self.tr("Where"), person.last_place or None),
                (self.tr("Clothing"), person.clothing or None),
                (self.tr("Circumstances"), person.circumstances or None),
            ]
        about.facts(facts)
        page.section(self.tr("Last seen")).facts(seen)

    def _search(self, page: RecordPage, row: MissingLine, record: FamilyRecord) -> None:
        section = page.section(self.tr("How the search stands"))
        reached = self.tr("Takes part in searches.")
        if not row.confirmed:
            reached = self.tr("Not searched: the pedigree waits for a person who stands for it.")
        elif not record.typed:
            reached = self.tr("Not searched: no relative has a profile and a consent that stands.")
        section.facts(
            [
                (self.tr("References"), references_mark(row.references, row.donors)),
                (self.tr("Pedigree"), pedigree_mark(row.confirmed)),
                (self.tr("Search"), reached),
                (self.tr("Candidates"), candidates_word(row.candidates)),
            ]
        )

    def _family(self, page: RecordPage, person: MissingPerson, record: FamilyRecord) -> None:
        ref = Ref("family", record.family.id, record.family.number)
        go = Action(
            self.tr("Open the family"), lambda: self.context.go("missing", ref), "arrow-right", "link"
        )
        section = page.section(self.tr("Family {0}").format(family_title(record.family)), [go])
        view = SvgView()
        draw(view, record)
        own = next((r.code for r in record.relatives if r.missing_person == person.id), "")
        view.select(frozenset({f"{STEM}{own}"}))
        view.clicked.connect(lambda _: self.context.go("missing", ref))
        section.widget(view)


def _references(row: MissingLine) -> Mark:
    return references_short(row.references, row.donors)


def _own_script(name: str) -> Value:
    """A name that may be written from right to left, yet stands below the other values."""
    if not name:
        return None
    label = text(name, selectable=True)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    return label
