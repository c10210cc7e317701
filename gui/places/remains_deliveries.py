"""The list of deliveries, and the page of one: its cases, its seals, and what did not agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from forensics.domain.deliveries import (
    DeliverySeal,
    DeliveryState,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    SealFinding,
)
from forensics.domain.lists import ListQuery
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.papers import ask_papers_ahead, papers
from gui.places.printing import print_pdf
from gui.places.remains_parts import history, link, why_not
from gui.places.remains_words import choices, day, moment, said, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.forms import FormDialog
from gui.widgets.lines import row
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import DeliveryLine
    from forensics.services.deliveries import DeliveryRecord

STATES = {
    DeliveryState.AGREES: Meaning.GOOD,
    DeliveryState.DISCREPANT: Meaning.ATTENTION,
    DeliveryState.SETTLED: Meaning.GOOD,
}
FOUND = {
    SealFinding.INTACT: Meaning.GOOD,
    SealFinding.BROKEN: Meaning.REFUSED,
    SealFinding.MISSING: Meaning.ATTENTION,
    SealFinding.OTHER: Meaning.ATTENTION,
}


class DeliveriesList(ListPlace):
    """`receive()` opens the page of a new delivery, `importing` the import of a spreadsheet."""

    name = "remains-deliveries"
    subjects = frozenset(
        {
            "attachment",
            "external_identifier",
            "delivery",
            "remains_case",
            "remains_item",
            "discrepancy",
        }
    )

    def __init__(self, context: Context, receive: Callable[[], None], importing: Action) -> None:
        self.receive, self.importing = receive, importing
        super().__init__(context)

    def make_list(self) -> RecordList:
        from forensics.services.deliveries import deliveries

        columns = [
            Column("number", self.tr("Delivery"), Kind.TOKEN, 138),
            Column("state", self.tr("Found"), Kind.MARK, 140, lambda line: state_mark(line.state)),
            Column("received_at", self.tr("Received"), width=112, value=lambda line: day(line.received_at)),
            Column("institution", self.tr("For"), width=160, stretch=True),
            Column("cases", self.tr("Cases"), Kind.NUMBER, 64),
            Column("items", self.tr("Items"), Kind.NUMBER, 64),
            Column("order_reference", self.tr("Order"), width=110),
            Column("delivered_by", self.tr("Brought by"), width=140),
        ]
        words = self.tr("What one person brings at one time: one case or many, with their seals and papers.")
        empty = EmptyState("archive", self.tr("No delivery yet"), words, self._receiving("primary"))

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(deliveries, self.context.here(query))

        return RecordList(
            self.tr("Deliveries"),
            columns,
            source,
            [Filter("state", self.tr("Against the paper"), choices(DeliveryState))],
            empty,
            [replace(self._receiving("quiet"), text=self.tr("Receive")), self.importing],
            sort="number",
            descending=True,
            runner=self.context.tasks.quietly,
        )

    def actions_offered(self) -> list[Action]:
        return [self._receiving("primary")]

    def _receiving(self, kind: str) -> Action:
        from forensics.services.deliveries import receive_delivery as act

        why = why_not(self.context, act, self.tr("Your role does not receive remains."))
        return Action(self.tr("Receive a delivery"), self.receive, "plus", kind, "Ctrl+N", why)

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: DeliveryLine) -> None:
        from forensics.services.deliveries import delivery_record
        from forensics.services.people import names

        ahead.ask(delivery_record, row.id)
        ahead.ask(names)
        ask_papers_ahead(ahead, "delivery", row.id)

    def fill(self, page: RecordPage, row: DeliveryLine) -> None:
        from forensics.services.deliveries import delivery_record

        record = self.context.query(delivery_record, row.id)
        if record is None:
            return
        delivery = record.delivery
        page.header(
            delivery.number,
            delivery.institution or delivery.delivered_by,
            self.tr("Delivery"),
            [state_mark(delivery.state)],
            self._outstanding(record),
            [Action(self.tr("Receipt"), partial(self.print_receipt, record), "print"), self._raising(record)],
        )
        if record.discrepancies:
            self._discrepancies(page, record)
        self._cases(page, record)
        if record.seals:
            self._seals(page, record)
        self._paper(page, record)
        papers(page, self.context, self, "delivery", delivery.id)
        history(page, self.context, frozenset({delivery.id, *(d.id for d in record.discrepancies)}))

    def _outstanding(self, record: DeliveryRecord) -> str:
        count = sum(one.state is DiscrepancyState.OPEN for one in record.discrepancies)
        if not count:
            return ""
        one = self.tr("One discrepancy is not settled; the items that it concerns are frozen.")
        many = self.tr("{0} discrepancies are not settled; the items that they concern are frozen.")
        return one if count == 1 else many.format(count)

    def _raising(self, record: DeliveryRecord) -> Action:
        from forensics.services.deliveries import raise_discrepancy

        why = why_not(self.context, raise_discrepancy, self.tr("Your role does not receive remains."))
        title = self.tr("Note a discrepancy")
        return Action(title, partial(self.raise_one, record), "attention", "quiet", why_not=why)

    def print_receipt(self, record: DeliveryRecord) -> None:
        """For the one who brought it."""
        from reports.delivery import render_receipt

        number = record.delivery.number
        print_pdf(self.context, self, number, "receipt", lambda: render_receipt(record, self.context.name))

    def raise_one(self, record: DeliveryRecord) -> None:
        """Something that was noticed after the receipt."""
        from forensics.services.deliveries import raise_discrepancy

        form = FormDialog(
            self.tr("Note a discrepancy"),
            lambda v: self.context.lab.run(
                raise_discrepancy, record.delivery.id, v["case"], v["kind"], v["what"]
            ),
            self,
            self.tr("The items that it concerns are frozen until it is settled."),
        )
        whole = self.tr("The whole delivery")
        form.choice("case", self.tr("Concerns"), [(c.id, c.number) for c in record.cases], nothing=whole)
        form.choice("kind", self.tr("About"), choices(DiscrepancyKind), required=True)
        form.lines("what", self.tr("What does not agree"), required=True, lines=3)
        form.ask()

    def settle(self, discrepancy: Discrepancy) -> None:
        """Say what was found out; the frozen items go on."""
        from forensics.services.deliveries import settle_discrepancy

        form = FormDialog(
            self.tr("Settle {0}").format(discrepancy.number),
            lambda values: self.context.lab.run(settle_discrepancy, discrepancy, values["resolution"]),
            self,
            discrepancy.what,
            save=self.tr("Settle"),
        )
        form.lines(
            "resolution", self.tr("What was found out, and how it was settled"), required=True, lines=4
        )
        form.ask()

    def _discrepancies(self, page: RecordPage, record: DeliveryRecord) -> None:
        from forensics.services.deliveries import settle_discrepancy
        from forensics.services.people import names

        people = self.context.query(names) or {}
        numbers = {line.id: line.number for line in record.cases}
        may = self.context.may(settle_discrepancy)
        section = page.section(self.tr("What does not agree"))
        for one in record.discrepancies:
            about = numbers.get(one.case, "") if one.case else self.tr("the whole delivery")
            found = self.tr("found by {0}").format(people.get(one.found_by, ""))
            told: list[tuple[str, Value]] = [(one.number, Fact(one.what, f"{about}, {found}"))]
            if one.state is DiscrepancyState.SETTLED:
                by = people.get(one.settled_by, "") if one.settled_by else ""
                told.append((self.tr("Settled"), Fact(one.resolution, f"{by}, {moment(one.settled_at)}")))
            else:
                told.append(("", Mark(Meaning.ATTENTION, self.tr("Open"))))
            section.facts(told)
            if one.state is DiscrepancyState.OPEN and may:
                holder = QWidget()
                holder.setLayout(
                    row(Button(self.tr("Settle"), "quiet", "check", partial(self.settle, one)), None)
                )
                section.widget(holder)

    def _cases(self, page: RecordPage, record: DeliveryRecord) -> None:
        section = page.section(self.tr("Cases"))
        section.table(
            [self.tr("Case"), self.tr("Described as"), self.tr("Items"), self.tr("Pieces stated")],
            (
                (
                    link(line.number, self.context, "remains", Ref("remains_case", line.id, line.number)),
                    Fact(said(line.description), line.external_number),
                    line.items,
                    record.stated.get(line.id),
                )
                for line in record.cases
            ),
            numbers=(2, 3),
        )

    def _seals(self, page: RecordPage, record: DeliveryRecord) -> None:
        numbers = {line.id: line.number for line in record.cases}
        page.section(self.tr("Seals")).table(
            [self.tr("Seal"), self.tr("Found"), self.tr("Case")],
            ((Fact(one.seal, mono=True), seal_mark(one), numbers.get(one.case)) for one in record.seals),
        )

    def _paper(self, page: RecordPage, record: DeliveryRecord) -> None:
        delivery = record.delivery
        received = Fact(moment(delivery.received_at) or "", self.tr("by {0}").format(record.receiver))
        page.section(self.tr("Papers")).facts(
            [
                (self.tr("Operation"), record.operation.title),
                (self.tr("Brought by"), delivery.delivered_by),
                (self.tr("For"), delivery.institution),
                (self.tr("Received"), received),
                (self.tr("Handed in at"), delivery.place),
                (self.tr("Authority"), delivery.authority),
                (
                    self.tr("Order"),
                    Fact(delivery.order_reference, mono=True) if delivery.order_reference else None,
                ),
                *([(self.tr("Note"), delivery.note)] if delivery.note else []),
            ]
        )


def state_mark(state: DeliveryState) -> Mark:
    """How a delivery stands against its paper."""
    return Mark(STATES[state], said(state))


def seal_mark(seal: DeliverySeal) -> Mark:
    """How a seal was found."""
    return Mark(FOUND[seal.finding], say(str(seal.finding)).capitalize())
