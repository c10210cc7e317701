"""The page of an identification, section by section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from forensics.domain.examinations import Examination
from forensics.domain.identifications import GridLine, IdentificationState
from forensics.domain.lines import ItemLine
from forensics.domain.people import Permission
from forensics.domain.remains import CustodyState
from forensics.services import auditing, custody
from forensics.services.identifications import IdentificationRecord
from gui.context import Context
from gui.look import Meaning
from gui.places.identifications_words import grid_words, names_of, sex_words, verdict_mark
from gui.places.matching_words import happenings, item_words, moment, someone
from gui.widgets.banner import Banner
from gui.widgets.buttons import Button
from gui.widgets.lines import text
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage, Value
from gui.widgets.timeline import Happening
from gui.widgets.wrapped import WrappedTable


class IdentificationPage(QObject):
    """Writes the sections; `people` are names of colleagues by id."""

    def __init__(
        self, page: RecordPage, record: IdentificationRecord, people: dict[UUID, str], context: Context
    ) -> None:
        super().__init__(page)
        self.page, self.record, self.people, self.context = page, record, people, context

    # -- the person beside the remains ---------------------------------------------------------------------

    def beside(self) -> None:
        """Who is sought and what was found, one beside the other."""
        section = self.page.section(self.tr("The person and the remains"))
        sides = (
            self._side(self.tr("Missing person"), *self._person()),
            self._side(self.tr("Remains"), *self._remains()),
        )
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for place, side in enumerate(sides):
            grid.setColumnStretch(place, 1)
            for line, (words, kind) in enumerate(side):
                label = text(words, kind, selectable=True)
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                grid.addWidget(label, line, place)
        section.widget(holder)

    def _side(self, kind: str, title: str, number: str, facts: Sequence[str]) -> list[tuple[str, str]]:
        """Lines of one side with their kinds of text; what is not known takes no room."""
        head = [(kind, "label"), (title, "strong"), (number, "mono")]
        return [line for line in [*head, *((words, "muted") for words in facts)] if line[0]]

    def _person(self) -> tuple[str, str, list[str]]:
        p = self.record.missing
        name, other = names_of(p)
        if not self.context.has(Permission.IDENTITY_READ):
            return self.tr("Name not shown to your role"), p.number, []
        born = self.tr("born {0}").format(p.birth) if p.birth else ""
        sex = sex_words(p.sex) or self.tr("sex not known")
        seen = ", ".join(part for part in (str(p.last_seen or ""), p.last_place) if part)
        height = self.tr("{0} cm").format(f"{p.height_cm:g}") if p.height_cm else ""
        if height and p.height_source:
            height = f"{height}, {p.height_source}"
        return (
            "\u200e" + name if name else p.number,
            p.number,
            [
                other,
                ", ".join(part for part in (sex, born) if part),
                self.tr("last seen {0}").format(seen) if seen else "",
                height,
                p.marks,
                p.clothing,
            ],
        )

    def _remains(self) -> tuple[str, str, list[str]]:
        items = self.record.items
        title = ", ".join(item_words(item) for item in items) or self.tr("no item")
        places = [f"{item.number}: {where(item)}" for item in items]
        return (
            title,
            ", ".join(dict.fromkeys(item.case_number for item in items)),
            [*places, *self._examined()],
        )

    def _examined(self) -> list[str]:
        exam = self.record.examination
        if exam is None:
            return [self.tr("no signed examination of this individual alone")]
        return [
            exam.sex,
            _range(self.tr("{0} years"), exam.age_minimum, exam.age_maximum),
            _range(self.tr("{0} cm"), exam.stature_minimum, exam.stature_maximum),
            exam.marks,
            self.tr("examined by {0}, {1}").format(
                someone(self.people, exam.examiner) or "", moment(_day(exam))
            ),
        ]

    # -- the evidence ---------------------------------------------------------------------------------------

    def grid(self, why_not: str, judge: Callable[[GridLine], None]) -> None:
        """Line by line: what the remains say, what is known of the person, the verdict and its reason."""
        found = self.record.identification
        section = self.page.section(self.tr("Evidence"))
        section.text(grid_words(found.grid), "muted")
        rows: list[tuple[Value, ...]] = []
        for line in found.grid:
            aspect = Fact(line.aspect[:1].upper() + line.aspect[1:], line.explanation)
            cells: tuple[Value, ...] = (aspect, line.remains, line.ante_mortem, verdict_mark(line.verdict))
            rows.append(cells if why_not else (*cells, self._judge_button(line, judge)))
        titles = [self.tr("Aspect"), self.tr("Remains"), self.tr("Missing person"), self.tr("Verdict")]
        section.widget(WrappedTable(titles if why_not else [*titles, ""], rows, (5, 3, 3)))
        if why_not and found.state is IdentificationState.PROPOSED:
            section.text(why_not, "small")

    def _judge_button(self, line: GridLine, judge: Callable[[GridLine], None]) -> QWidget:
        explain = line.verdict == "inconsistent"
        button = Button(
            self.tr("Explain…") if explain else self.tr("Judge…"), "inline", run=partial(judge, line)
        )
        button.setAccessibleName(f"{button.text()} {line.aspect}")
        return button

    def decision(self) -> None:
        found = self.record.identification
        proposed = Fact(found.proposal or self.tr("no words"), self._by(found.proposed_by, found.created_at))
        facts: list[tuple[str, Value]] = [
            (self.tr("Category"), str(found.category)),
            (self.tr("Proposal"), proposed),
        ]
        if found.confirmed_by is not None:
            words = found.decision or self.tr("no words")
            facts.append((self.tr("Decision"), Fact(words, self._by(found.confirmed_by, found.confirmed_at))))
        self.page.section(self.tr("Proposal and decision")).facts(facts)

    def _by(self, who: UUID, at: datetime | None) -> str:
        return ", ".join(part for part in (someone(self.people, who) or "", moment(at)) if part)

    def three_people(self) -> None:
        """Nobody decides alone: who has done their part, and who is still needed."""
        found = self.record.identification
        section = self.page.section(self.tr("Three people"))
        done = Mark(Meaning.GOOD, self.tr("done"))
        confirmer: tuple[Value, ...]
        if found.confirmed_by is not None:
            rejected = found.state is IdentificationState.REJECTED
            verb = self.tr("Rejected") if rejected else self.tr("Confirmed")
            confirmer = (verb, someone(self.people, found.confirmed_by), done)
        else:
            confirmer = (
                self.tr("To confirm"),
                self.tr("an identification coordinator, neither of the two"),
                Mark(Meaning.WAITING, self.tr("needed")),
            )
        section.table(
            (self.tr("Part"), self.tr("Person"), self.tr("State")),
            [
                (self.tr("Proposed the identification"), someone(self.people, found.proposed_by), done),
                (self.tr("Reviewed the match"), someone(self.people, found.reviewed_by), done),
                confirmer,
            ],
        )

    # -- the family and the return ------------------------------------------------------------------------------

    def family(self) -> None:
        """The conversations and the return."""
        if not (self.record.notifications or self.record.handovers):
            return
        section = self.page.section(self.tr("The family and the return"))
        facts: list[tuple[str, Value]] = []
        for told in self.record.notifications:
            more = (told.shown, told.questions, told.next_contact)
            facts.append(
                (
                    self.tr("Told, {0}").format(moment(told.on)),
                    Fact(told.present, " · ".join(part for part in more if part)),
                )
            )
        for given in self.record.handovers:
            place = given.burial_place
            if given.latitude is not None:
                place = f"{place} ({given.latitude:g}, {given.longitude:g})"
            more = ("; ".join(given.inventory), given.documents, place)
            words = self.tr("Returned, {0}") if given.complete else self.tr("Partly returned, {0}")
            facts.append(
                (
                    words.format(moment(given.at.date())),
                    Fact(given.receiver, " · ".join(part for part in more if part)),
                )
            )
        section.facts(facts)

    def story(self) -> None:
        """Custody of the items and the audit of the decision, in the order in which they happened."""
        section = self.page.section(self.tr("Custody and history"))
        told: list[tuple[datetime, Happening]] = []
        for item in self.record.items:
            for leg in self.context.query(custody.item_story, item.id) or []:
                detail = " · ".join(part for part in (leg.where, leg.detail) if part)
                what = f"{item.number}: {leg.what}"
                told.append((leg.at, Happening(moment(leg.at), what, leg.who, detail, icon="custody")))
        history = self.context.query(auditing.history, audited(self.record))
        told += happenings(history or [])
        if told:
            section.timeline([one for _, one in sorted(told, key=lambda pair: pair[0])])
        else:
            section.widget(Banner(self.tr("No history yet."), Meaning.NEUTRAL))


def audited(record: IdentificationRecord) -> frozenset[UUID]:
    """Whose history is that of the decision."""
    return frozenset({record.identification.id, record.hypothesis.id})


def where(item: ItemLine) -> str:
    """Its custody; the shelf only while it lies there."""
    here = item.custody is CustodyState.IN_STORAGE and item.place
    return f"{item.custody}, {item.place}" if here else str(item.custody)


def _range(words: str, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    ends = f"{low:g}–{high:g}" if low is not None and high is not None else f"{(low or high):g}"
    return words.format(ends)


def _day(exam: Examination) -> datetime | None:
    return exam.signed_at
