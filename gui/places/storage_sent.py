"""Outstanding elsewhere: what was sent to other laboratories, for how long, what is overdue, and taking it back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.domain.custody import Consignment, ConsignmentKind, ConsignmentState
from forensics.domain.errors import Invalid
from forensics.services import consignments
from forensics.services.consignments import Outstanding, SentThing
from gui.ahead import Ahead
from gui.context import Ref
from gui.place import ListPlace
from gui.places.remains_moving import fill_places, place_chosen
from gui.places.remains_parts import link, why_not
from gui.places.remains_words import as_written, moment, written_moment
from gui.places.storage_forms import scanned_things
from gui.places.storage_words import say, sent_mark
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage

if TYPE_CHECKING:
    from collections.abc import Sequence


class SentOut(ListPlace):
    """Consignments, what is still out first."""

    name = "samples-sent"
    subjects = frozenset({"consignment", "custody_event", "remains_item", "sample"})

    def make_list(self) -> RecordList:
        columns = [
            Column("number", self.tr("Consignment"), Kind.TOKEN, 138),
            Column("to", self.tr("At"), stretch=True, value=lambda row: row.consignment.to_party),
            Column(
                "kind", self.tr("Why"), width=130, value=lambda row: say(row.consignment.kind), shown=False
            ),
            Column("out", self.tr("Out"), Kind.NUMBER, 56),
            Column("days", self.tr("Days"), Kind.NUMBER, 64),
            Column("due", self.tr("Due"), width=104, value=lambda row: _day(row.consignment.due)),
            Column("state", self.tr("State"), Kind.MARK, 160, value=sent_mark),
        ]
        words = self.tr("Loans and analyses at other laboratories stand here until everything is back.")
        return RecordList(
            self.tr("Sent out"),
            columns,
            MemorySource(
                lambda: self.context.lab.run(consignments.sent_out), columns, {"waits": lambda row: row.waits}
            ),
            [Filter("waits", self.tr("Still out"), [(True, self.tr("Yes")), (False, self.tr("No"))])],
            EmptyState("truck", self.tr("Nothing was sent out"), words),
            self.actions_offered(),
            runner=self.context.tasks.quietly,
        )

    @property
    def _why_not(self) -> str:
        words = self.tr("Custodians, technicians, anthropologists and case managers send things out.")
        return why_not(self.context, consignments.send, words)

    def actions_offered(self) -> list[Action]:
        return [Action(self.tr("Send out"), self.send, "truck", "primary", "Ctrl+N", self._why_not)]

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: Outstanding) -> None:
        ahead.ask(consignments.contents, row.id)

    def fill(self, page: RecordPage, row: Outstanding) -> None:
        sent = row.consignment
        things = self.context.query(consignments.contents, row.id) or []
        out = self.tr("{0} of {1} things are still out, sent {2} days ago.")
        waiting = out.format(row.out, row.things, row.days) if row.waits else ""
        page.header(
            sent.number, sent.to_party, say(sent.kind), [sent_mark(row)], waiting, self._acts(row, things)
        )
        there = Fact(moment(sent.accepted_at) or "", sent.accepted_by) if sent.accepted_at else None
        page.section(self.tr("Consignment")).facts(
            [
                (self.tr("Purpose"), sent.purpose),
                (self.tr("Sent"), moment(sent.sent_at)),
                (self.tr("Expected back"), _day(sent.due) or Fact(self.tr("sent for good"))),
                (self.tr("Carried by"), sent.carrier or None),
                (self.tr("Seal"), Fact(sent.seal, mono=True) if sent.seal else None),
                *([(self.tr("Taken over there"), there)] if there else []),
                *(
                    [(self.tr("Seal found there"), Fact(sent.seal_found, mono=True))]
                    if sent.seal_found
                    else []
                ),
                *([(self.tr("All back"), moment(sent.returned_at))] if sent.returned_at else []),
                *([(self.tr("Note"), sent.note)] if sent.note else []),
            ]
        )
        page.section(self.tr("What was sent")).table(
            [self.tr("Number"), self.tr("Where")],
            [
                (
                    link(one.number, self.context, "samples" if one.entity == "sample" else "remains",
                         Ref(one.entity, one.thing.id, one.number)),
                    self.tr("back") if one.is_back else say(one.thing.custody),
                )
                for one in things
            ],
        )  # fmt: skip

    def _acts(self, row: Outstanding, things: Sequence[SentThing]) -> list[Action]:
        why, sent = self._why_not, row.consignment
        offered = []
        if sent.state is ConsignmentState.IN_TRANSIT:
            arrived = partial(self._accept, sent)
            offered.append(Action(self.tr("It arrived there…"), arrived, "check", why_not=why))
        if row.waits:
            back = partial(self._back, sent, [one for one in things if not one.is_back])
            offered.append(Action(self.tr("It came back…"), back, "download", "primary", "Ctrl+R", why))
        return offered

    # -- acts ------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Scan what goes out, to whom, until when."""

        def submit(values: dict[str, Any]) -> Any:
            things = scanned_things(self.context, values.pop("codes"))
            new = Consignment(
                sent_by=self.context.lab.person.id, **{name: v for name, v in values.items() if v is not None}
            )
            return self.context.lab.run(consignments.send, new, [one.id for one in things])

        form = FormDialog(self.tr("Send out"), submit, self, save=self.tr("Sent"))
        hint = self.tr("Scan one after the other, each on a line.")
        form.lines("codes", self.tr("Items and samples"), required=True, hint=hint, lines=4)
        kinds = [(kind, say(kind)) for kind in ConsignmentKind]
        form.choice("kind", self.tr("Why"), kinds, required=True, prompt=False)
        form.text("to_party", self.tr("To"), required=True, hint=self.tr("Laboratory or institution"))
        form.text("purpose", self.tr("Purpose"), required=True)
        form.text("sent_at", self.tr("Sent"), parse=written_moment, required=True)
        form.text("due", self.tr("Expected back"), parse=_written_day, hint="2026-12-31")
        form.text("carrier", self.tr("Carried by"))
        form.text("seal", self.tr("Seal"), mono=True)
        form.fill({"sent_at": as_written(datetime.now(UTC))})
        form.ask()

    def _accept(self, sent: Consignment) -> None:
        def submit(values: dict[str, Any]) -> Any:
            return self.context.lab.run(
                consignments.accept, sent, values["by"], values["at"], values["seal"], values["note"]
            )

        form = FormDialog(self.tr("{0} arrived").format(sent.number), submit, self)
        form.text("by", self.tr("Taken over by"), required=True, hint=self.tr("The person there"))
        form.text("at", self.tr("When"), parse=written_moment, required=True)
        form.text(
            "seal", self.tr("Seal found"), mono=True, hint=self.tr("Sent with {0}").format(sent.seal or "–")
        )
        form.text("note", self.tr("Note"))
        form.fill({"at": as_written(datetime.now(UTC)), "seal": sent.seal})
        form.ask()

    def _back(self, sent: Consignment, out: Sequence[SentThing]) -> None:
        def submit(values: dict[str, Any]) -> Any:
            things = [one.id for one in scanned_things(self.context, values["codes"])]
            place = place_chosen(self.context, values, required=True)
            return self.context.lab.run(
                consignments.take_back, sent, things, place, values["seal"], values["condition"]
            )

        form = FormDialog(self.tr("Back from {0}").format(sent.to_party), submit, self, save=self.tr("Back"))
        hint = self.tr("All that is still out; take away what did not come.")
        form.lines("codes", self.tr("What came back"), required=True, hint=hint, lines=4)
        fill_places(form, self.context)
        form.text("seal", self.tr("Seal found"), mono=True)
        form.text("condition", self.tr("Condition"))
        form.fill({"codes": "\n".join(one.number for one in out)})
        form.ask()


def _day(day: date | None) -> str | None:
    return f"{day:%Y-%m-%d}" if day else None


def _written_day(words: str) -> date:
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(say("“{0}” is not a date; write it as 2026-12-31.").format(words)) from None
