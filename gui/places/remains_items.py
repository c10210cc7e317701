"""The list of remains items, and the page of an item: what it is, how far, where, with what it belongs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.domain.lists import ListQuery
from forensics.domain.remains import CustodyState, ItemKind, ItemState
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.place import ListPlace
from gui.places import remains_associations as joining
from gui.places.custody_acts import CustodyActs
from gui.places.papers import ask_papers_ahead, papers
from gui.places.remains_forms import correct_item
from gui.places.remains_moving import move_things
from gui.places.remains_parts import candidates_table, fact_link, history, items_table, samples_table, why_not
from gui.places.remains_words import (
    choices,
    custody_mark,
    custody_story,
    item_mark,
    item_strip,
    number,
    said,
    thing,
)
from gui.places.samples_acts import SampleActs
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage

if TYPE_CHECKING:
    from forensics.domain.lines import ItemLine
    from forensics.services.remains import ItemRecord


class ItemsList(ListPlace):
    """Bones, teeth, bodies: the physical things."""

    name = "remains-items"
    subjects = frozenset(
        {
            "attachment",
            "external_identifier",
            "remains_item",
            "sample",
            "profile",
            "examination",
            "hypothesis",
            "association",
            "custody_event",
        }
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.acts = SampleActs(context, self)
        self.custody = CustodyActs(context, self)

    def make_list(self) -> RecordList:
        from forensics.services.remains import items

        columns = [
            Column("number", self.tr("Item"), Kind.TOKEN, 138),
            Column("element", self.tr("What it is"), width=150, value=thing, stretch=True),
            Column("exists", self.tr("What exists"), Kind.MARKS, 124, item_strip, sortable=False),
            Column("place", self.tr("Where"), width=110),
            Column("external_number", self.tr("Their number"), width=112),
            Column("state", self.tr("Examination"), Kind.MARK, 150, lambda line: item_mark(line.state)),
            Column("custody", self.tr("Custody"), Kind.MARK, 140, lambda line: custody_mark(line.custody), shown=False),
            Column("individual", self.tr("Individual"), Kind.TOKEN, 142, shown=False),
            Column("case_number", self.tr("Case"), Kind.TOKEN, 142, shown=False),
        ]  # fmt: skip
        filters = [
            Filter("state", self.tr("Examination"), choices(ItemState)),
            Filter("custody", self.tr("Custody"), choices(CustodyState)),
            Filter("kind", self.tr("Kind"), choices(ItemKind)),
        ]
        words = self.tr("Each bone, tooth or body of a received case stands here with what exists for it.")
        empty = EmptyState("remains", self.tr("No items yet"), words)

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(items, self.context.here(query))

        return RecordList(
            self.tr("Remains items"),
            columns,
            source,
            filters,
            empty,
            sort="number",
            runner=self.context.tasks.quietly,
        )

    def ask_ahead(self, ahead: Ahead, row: ItemLine) -> None:
        from forensics.services.custody import item_story
        from forensics.services.remains import item_record

        ahead.ask(item_record, row.id)
        ahead.ask(item_story, row.id)
        ask_papers_ahead(ahead, "remains_item", row.id)

    def fill(self, page: RecordPage, row: ItemLine) -> None:
        from forensics.services.remains import item_record

        record = self.context.query(item_record, row.id)
        if record is None:
            return
        item = record.item
        page.header(
            item.number,
            thing(item),
            self.tr("Remains item"),
            [item_mark(item.state), custody_mark(item.custody)],
            self._outstanding(row),
            self._offered(record),
        )
        self._description(page, record, row)
        self._samples(page, record)
        if record.hypotheses:
            candidates_table(page.section(self.tr("Candidates")), self.context, record.hypotheses)
        self._individual(page, record)
        self._custody(page, record)
        papers(page, self.context, self, "remains_item", item.id)
        ids = frozenset(
            {item.id, *(line.id for line in record.samples), *(a.id for a in record.associations)}
        )
        history(page, self.context, ids)

    def _outstanding(self, row: ItemLine) -> str:
        if row.state is ItemState.DISCREPANT:
            return self.tr("The item is frozen until its discrepancy is settled.")
        if row.custody is CustodyState.MISSING:
            return self.tr("The item was not found at the last count.")
        return "" if row.samples or row.state not in _TO_SAMPLE else self.tr("Not sampled yet.")

    def _offered(self, record: ItemRecord) -> list[Action]:
        from forensics.services import remains as service
        from forensics.services import samples, storage

        item, context = record.item, self.context
        takes = why_not(context, samples.plan_sample, self.tr("Your role does not take samples."))
        receives = why_not(context, service.change_item, self.tr("Your role does not receive remains."))
        moves = why_not(context, storage.move_things, self.tr("Your role does not move things."))
        joins = why_not(
            context, service.propose_association, self.tr("Your role does not associate remains.")
        )
        title = f"{item.number}, {thing(item)}"
        return [
            Action(
                self.tr("Plan a sample"), partial(self.acts.plan, item.id, title), "sample", why_not=takes
            ),
            Action(
                self.tr("Accession a sample"),
                partial(self.acts.accession, item.id, title),
                "download",
                why_not=receives,
            ),
            Action(
                self.tr("Move"),
                partial(move_things, context, self, [item.id], item.number),
                "custody",
                shortcut="Ctrl+M",
                why_not=moves,
            ),
            Action(
                self.tr("Same individual as…"),
                partial(joining.propose, context, self, item),
                "link",
                why_not=joins,
            ),
            self.custody.action(item),
            Action(self.tr("Correct"), partial(correct_item, context, self, item), "edit", why_not=receives),
        ]

    def _description(self, page: RecordPage, record: ItemRecord, row: ItemLine) -> None:
        item, case = record.item, record.case
        page.section(self.tr("Description")).facts(
            [
                (
                    self.tr("Case"),
                    fact_link(
                        case.number, self.context, "remains", Ref("remains_case", case.id, case.number)
                    ),
                ),
                (self.tr("Kind"), said(item.kind)),
                (
                    self.tr("Their number"),
                    Fact(item.external_number, mono=True) if item.external_number else None,
                ),
                (self.tr("Completeness"), said(item.completeness) if item.completeness else None),
                (self.tr("Preservation"), item.preservation),
                (self.tr("Mass"), number(item.mass_g, "g")),
                (self.tr("Pieces"), item.count),
                (self.tr("Where"), row.place or self._holder(record)),
                *([(self.tr("Note"), item.note)] if item.note else []),
            ]
        )

    def _holder(self, record: ItemRecord) -> str | None:
        """Who has it while it is checked out."""
        from forensics.services.people import names

        if record.item.holder is None:
            return None
        return self.tr("with {0}").format((self.context.query(names) or {}).get(record.item.holder, ""))

    def _samples(self, page: RecordPage, record: ItemRecord) -> None:
        section = page.section(self.tr("Samples"))
        if record.samples:
            samples_table(section, self.context, record.samples)
        else:
            section.text(self.tr("No sample was taken from it."), "muted")

    def _individual(self, page: RecordPage, record: ItemRecord) -> None:
        if record.individual is None and not record.associations:
            return
        section = page.section(self.tr("Individual"))
        if record.individual is not None:
            who = record.individual
            ref = Ref("individual", who.id, who.number)
            section.facts([(self.tr("Belongs to"), fact_link(who.number, self.context, "remains", ref))])
            items_table(section, self.context, record.together)
        joining.show(section, self.context, self, record.associations, record.item.id)

    def _custody(self, page: RecordPage, record: ItemRecord) -> None:
        from forensics.services.custody import item_story

        story = self.context.query(item_story, record.item.id)
        if story:
            page.section(self.tr("Custody")).timeline(custody_story(story))


_TO_SAMPLE = (
    ItemState.REGISTERED,
    ItemState.ACCEPTED,
    ItemState.UNDER_EXAMINATION,
    ItemState.INVENTORIED,
    ItemState.REVIEWED,
)
