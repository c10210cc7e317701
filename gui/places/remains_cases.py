"""The list of remains cases, and the page of a case: what came, what exists for it, what is outstanding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.lists import ListQuery
from forensics.domain.people import Permission
from forensics.domain.remains import Description, ItemState, RemainsCase
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.papers import ask_papers_ahead, papers
from gui.places.remains_forms import add_items, correct_case, receive_case
from gui.places.remains_moving import move_things
from gui.places.remains_parts import candidates_table, fact_link, history, items_table, samples_table, why_not
from gui.places.remains_words import (
    choices,
    custody_story,
    day,
    group_strip,
    moment,
    said,
    thing,
    where,
)
from gui.places.samples_acts import SampleActs
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import CaseLine
    from forensics.services.remains import CaseRecord


class CasesList(ListPlace):
    """`examine(id)` opens an examination."""

    name = "remains-cases"
    subjects = frozenset(
        {
            "attachment",
            "external_identifier",
            "remains_case",
            "remains_item",
            "sample",
            "profile",
            "examination",
            "hypothesis",
            "custody_event",
        }
    )

    def __init__(self, context: Context, examine: Callable[[UUID], None]) -> None:
        self.examine = examine
        super().__init__(context)
        self.acts = SampleActs(context, self)

    def make_list(self) -> RecordList:
        from forensics.services.remains import cases

        columns = [
            Column("number", self.tr("Case"), Kind.TOKEN, 138),
            Column("external_number", self.tr("Their number"), width=112),
            Column("exists", self.tr("What exists"), Kind.MARKS, 124, group_strip, sortable=False),
            Column("place", self.tr("Where"), width=110, value=where, stretch=True),
            Column("items", self.tr("Items"), Kind.NUMBER, 64),
            Column("received_at", self.tr("Received"), width=112, value=lambda line: day(line.received_at)),
            Column("site", self.tr("Site"), width=180),
            Column("description", self.tr("Described as"), value=lambda line: said(line.description), shown=False),
        ]  # fmt: skip
        filters = [
            Filter("description", self.tr("Described as"), choices(Description)),
            Filter("draft", self.tr("Examination"), [(True, self.tr("In draft"))]),
        ]
        words = self.tr("A case is what was delivered together: a body, bones of a grave, one bone.")
        empty = EmptyState("archive", self.tr("No remains yet"), words, self._receiving())

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(cases, self.context.here(query))

        return RecordList(
            self.tr("Remains cases"),
            columns,
            source,
            filters,
            empty,
            [replace(self._receiving(), kind="quiet")],  # the record has the one thing to do next
            sort="number",
            descending=True,
            runner=self.context.tasks.quietly,
        )

    # -- acts ------------------------------------------------------------------------------------------------

    def actions_offered(self) -> list[Action]:
        return [self._receiving()]

    def _receiving(self) -> Action:
        from forensics.services.remains import receive_case as act

        why = why_not(self.context, act, self.tr("Your role does not receive remains."))
        return Action(self.tr("Receive"), self.receive, "plus", "primary", "Ctrl+N", why)

    def receive(self) -> None:
        saved = receive_case(self.context, self)
        if saved is not None:
            self.list.show_only()
            self.list.select(saved.id)

    def begin_examination(self, case: UUID) -> None:
        from forensics.services.examinations import begin_examination

        draft = self.context.act(begin_examination, case)
        if draft is not None:
            self.examine(draft.id)

    def print_labels(self, record: CaseRecord) -> None:
        from reports.labels import Label

        own = self.context.name
        labels = [Label(line.number, own, thing(line)) for line in record.items]
        self.acts.print_labels(labels)

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: CaseLine) -> None:
        from forensics.services.custody import case_story
        from forensics.services.people import names
        from forensics.services.remains import case_record

        ahead.ask(case_record, row.id)
        ahead.ask(names)
        ahead.ask(case_story, row.id)
        ask_papers_ahead(ahead, "remains_case", row.id)

    def fill(self, page: RecordPage, row: CaseLine) -> None:
        from forensics.services.remains import case_record

        record = self.context.query(case_record, row.id)
        if record is None:
            return
        case = record.case
        title = f"{said(case.description)}, {case.external_number}".rstrip(", ")
        page.header(
            case.number,
            title,
            self.tr("Remains case"),
            self._marks(row),
            self._outstanding(record),
            self._offered(record),
        )
        self._items(page, record)
        self._examinations(page, record)
        if record.samples:
            samples_table(page.section(self.tr("Samples")), self.context, record.samples)
        if record.hypotheses:
            candidates_table(page.section(self.tr("Candidates")), self.context, record.hypotheses)
        self._delivery(page, record)
        self._custody(page, case.id)
        papers(page, self.context, self, "remains_case", case.id)
        history(page, self.context, frozenset({case.id, *(line.id for line in record.items)}))

    def _marks(self, row: CaseLine) -> list[Mark]:
        """Only what there is to say of the whole case."""
        return [mark for mark in group_strip(row) if mark.meaning is not Meaning.NO]

    def _outstanding(self, record: CaseRecord) -> str:
        """What is missing before the case is complete, in sentences."""
        words = []
        if not record.items:
            words.append(self.tr("No item is recorded yet."))
        frozen = sum(line.state is ItemState.DISCREPANT for line in record.items)
        if frozen:
            one = self.tr("One item is frozen until a discrepancy of the delivery is settled.")
            many = self.tr("{0} items are frozen until a discrepancy of the delivery is settled.")
            words.append(one if frozen == 1 else many.format(frozen))
        if record.case.seals_intact is False:
            words.append(self.tr("The seals were not intact on receipt."))
        drafts = [e for e in record.examinations if e.state is ExaminationState.DRAFT]
        if drafts:
            words.append(self.tr("The examination {0} is a draft.").format(drafts[0].number))
        elif self.context.has(Permission.EXAMINATION_READ) and record.items and not record.examinations:
            words.append(self.tr("The remains are not examined yet."))
        without = [line for line in record.items if not line.samples]
        if without and len(without) == len(record.items):
            words.append(self.tr("Nothing is sampled yet."))
        elif without:
            words.append(
                self.tr("{0} of {1} items are not sampled yet.").format(len(without), len(record.items))
            )
        return " ".join(words)

    def _offered(self, record: CaseRecord) -> list[Action]:
        from forensics.services import remains as service
        from forensics.services import storage

        case, ids = record.case, [line.id for line in record.items]
        receives = why_not(self.context, service.add_items, self.tr("Your role does not receive remains."))
        moves = why_not(self.context, storage.move_things, self.tr("Your role does not move things."))
        empty = "" if ids else self.tr("The case has no items yet.")
        return [
            *self._examining(record),
            Action(
                self.tr("Add items"), partial(add_items, self.context, self, case), "plus", why_not=receives
            ),
            Action(
                self.tr("Move all"),
                partial(move_things, self.context, self, ids, case.number),
                "custody",
                why_not=moves or empty,
            ),
            Action(self.tr("Labels"), partial(self.print_labels, record), "print", why_not=empty),
            Action(
                self.tr("Correct"), partial(correct_case, self.context, self, case), "edit", why_not=receives
            ),
        ]

    def _examining(self, record: CaseRecord) -> list[Action]:
        """Go on with my draft, or begin; only for those who may read examinations."""
        from forensics.services.examinations import begin_examination

        if not self.context.has(Permission.EXAMINATION_READ):
            return []
        draft = next((e for e in record.examinations if e.state is ExaminationState.DRAFT), None)
        if draft is not None:
            mine = draft.examiner == self.context.lab.person.id
            title = self.tr("Go on examining") if mine else self.tr("Read the draft")
            return [
                Action(title, partial(self.examine, draft.id), "examination", "primary" if mine else "quiet")
            ]
        why = why_not(self.context, begin_examination, self.tr("Your role does not record examinations."))
        title = self.tr("New version") if record.examinations else self.tr("Examine")
        kind = "quiet" if record.examinations else "primary"
        return [
            Action(title, partial(self.begin_examination, record.case.id), "examination", kind, "Ctrl+E", why)
        ]

    def _items(self, page: RecordPage, record: CaseRecord) -> None:
        section = page.section(self.tr("Items"))
        if record.items:
            items_table(section, self.context, record.items)
        else:
            section.text(self.tr("Add the bones, teeth or the body that were delivered."), "muted")

    def _examinations(self, page: RecordPage, record: CaseRecord) -> None:
        if not record.examinations:
            return
        from forensics.services.people import names
        from gui.places.remains_parts import open_link

        people = self.context.query(names) or {}
        titles = [self.tr("Examination"), self.tr("State"), self.tr("Examiner"), self.tr("Conclusion")]
        page.section(self.tr("Examinations")).table(
            titles,
            (
                (
                    open_link(e.number, partial(self.examine, e.id)),
                    examination_mark(e),
                    Fact(people.get(e.examiner, ""), self.tr("version {0}").format(e.version)),
                    conclusion(e),
                )
                for e in reversed(record.examinations)
            ),
        )

    def _delivery(self, page: RecordPage, record: CaseRecord) -> None:
        from forensics.services.people import names

        case = record.case
        people = self.context.query(names) or {}
        intact = {
            True: Mark(Meaning.GOOD, self.tr("Intact")),
            False: Mark(Meaning.ATTENTION, self.tr("Not intact")),
        }
        received = Fact(
            moment(case.received_at) or "", self.tr("by {0}").format(people.get(case.received_by, ""))
        )
        page.section(self.tr("Delivery")).facts(
            [
                (self.tr("Operation"), record.operation.title),
                (self.tr("Site"), record.site.title if record.site else None),
                *self._of_delivery(case),
                (self.tr("Received"), received),
                (self.tr("Received from"), case.received_from),
                (self.tr("Authority"), case.authority),
                (self.tr("Order"), case.order_reference),
                (self.tr("Seals"), Fact(case.seals, mono=True) if case.seals else None),
                (
                    self.tr("Seals on receipt"),
                    intact[case.seals_intact] if case.seals_intact is not None else None,
                ),
                (self.tr("Condition"), case.condition),
                *([(self.tr("Note"), case.note)] if case.note else []),
            ]
        )

    def _of_delivery(self, case: RemainsCase) -> list[tuple[str, Value]]:
        """The delivery that it came with, where there is one."""
        if case.delivery is None:
            return []
        to = fact_link(self.tr("To the delivery"), self.context, "remains", Ref("delivery", case.delivery))
        return [(self.tr("Came with"), to)]

    def _custody(self, page: RecordPage, case: UUID) -> None:
        from forensics.services.custody import case_story

        story = self.context.query(case_story, case)
        if story:
            page.section(self.tr("Custody")).timeline(custody_story(story))


def examination_mark(examination: Examination) -> Mark:
    """Whether an examination can still change."""
    return {
        ExaminationState.DRAFT: Mark(Meaning.WAITING, said("draft"), "edit"),
        ExaminationState.SIGNED: Mark(Meaning.GOOD, said("signed"), "sign"),
        ExaminationState.SUPERSEDED: Mark(Meaning.NO, said("superseded")),
    }[examination.state]


def conclusion(e: Examination) -> str | None:
    """Sex, age and stature in one line; None where nothing is concluded yet."""
    from gui.places.examination_words import range_words

    parts = (
        said(e.sex) if e.sex else "",
        range_words(e.age_minimum, e.age_maximum, "years"),
        range_words(e.stature_minimum, e.stature_maximum, "cm"),
    )
    return ", ".join(part for part in parts if part) or None
