"""Individuals: unknown persons reconstructed from several items, and what says that the items belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.domain.lists import ListQuery
from gui.ahead import Ahead
from gui.place import ListPlace
from gui.places import remains_associations as joining
from gui.places.remains_parts import candidates_table, history, items_table
from gui.places.remains_words import group_strip
from gui.widgets.banner import EmptyState
from gui.widgets.lists import Column, Kind, RecordList
from gui.widgets.record import RecordPage

if TYPE_CHECKING:
    from forensics.domain.lines import IndividualLine


class IndividualsList(ListPlace):
    """Those that accepted associations have made."""

    name = "remains-individuals"
    subjects = frozenset({"individual", "remains_item", "association", "sample", "profile", "hypothesis"})

    def make_list(self) -> RecordList:
        from forensics.services.remains import individuals

        columns = [
            Column("number", self.tr("Individual"), Kind.TOKEN, 150),
            Column("items", self.tr("Items"), Kind.NUMBER, 70),
            Column("exists", self.tr("What exists"), Kind.MARKS, 128, group_strip, sortable=False),
            Column("label", self.tr("Called"), width=160, stretch=True),
        ]
        words = self.tr("When two items are accepted as one person, the individual stands here.")
        empty = EmptyState("skull", self.tr("No individuals yet"), words)

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(individuals, self.context.here(query))

        return RecordList(
            self.tr("Individuals"),
            columns,
            source,
            empty=empty,
            sort="number",
            runner=self.context.tasks.quietly,
        )

    def ask_ahead(self, ahead: Ahead, row: IndividualLine) -> None:
        from forensics.services.remains import individual_record

        ahead.ask(individual_record, row.id)

    def fill(self, page: RecordPage, row: IndividualLine) -> None:
        from forensics.services.remains import individual_record

        record = self.context.query(individual_record, row.id)
        if record is None:
            return
        who = record.individual
        count = len(record.items)
        title = who.label or self.tr("Reconstructed from {0} items").format(count)
        page.header(who.number, title, self.tr("Individual"), list(group_strip(row)))
        items_table(page.section(self.tr("Items")), self.context, record.items)
        if record.hypotheses:
            candidates_table(page.section(self.tr("Candidates")), self.context, record.hypotheses)
        if record.associations:
            section = page.section(self.tr("Why these items belong together"))
            joining.show(section, self.context, self, record.associations, None)
        if who.note:
            page.section(self.tr("Note")).text(who.note)
        ids = frozenset({who.id, *(a.id for a in record.associations)})
        history(page, self.context, ids)
