"""Reagent lots and instruments: what may be used in a batch, and until when."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from forensics.domain.laboratory import InstrumentKind, LotKind, LotState
from gui.place import ListPlace
from gui.places.laboratory_words import lot_mark, plain_day, said, service_mark, written_day
from gui.places.remains_parts import actions, history, why_not
from gui.places.remains_words import choices
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage

if TYPE_CHECKING:
    from forensics.domain.laboratory import Instrument, ReagentLot
    from forensics.domain.lines import InstrumentLine, LotLine


class LotsList(ListPlace):
    """Lots, those that expire first at the top."""

    name = "lots"
    subjects = frozenset({"reagent_lot"})

    def make_list(self) -> RecordList:
        from forensics.services.reagents import lots

        columns = [
            Column("name", self.tr("Reagent"), width=190, stretch=True),
            Column("lot", self.tr("Lot"), Kind.TOKEN, 110),
            Column("expires", self.tr("Expires"), width=110, value=lambda line: plain_day(line.expires)),
            Column(
                "state", self.tr("Standing"), Kind.MARK, 130, lambda line: lot_mark(line.state, line.expires)
            ),
            Column("kind", self.tr("Kind"), width=150, value=lambda line: said(line.kind)),
            Column("opened_on", self.tr("Opened"), width=110, value=lambda line: plain_day(line.opened_on)),
            Column("number", self.tr("Number"), Kind.TOKEN, 138, shown=False),
        ]
        empty = EmptyState(
            "tag",
            self.tr("No reagent lots yet"),
            self.tr("Enter each lot when it is delivered; an expired one can't be used in a batch."),
            self.new_action(),
        )
        return RecordList(
            self.tr("Reagent lots"),
            columns,
            lambda query: self.context.lab.run(lots, query),
            [
                Filter("kind", self.tr("Kind"), choices(LotKind)),
                Filter("state", self.tr("State"), choices(LotState)),
            ],
            empty,
            [self.new_action()],
            sort="expires",
            runner=self.context.tasks.quietly,
        )

    @property
    def _why_not(self) -> str:
        from forensics.services.reagents import register_lot

        return why_not(self.context, register_lot, self.tr("A laboratory technician keeps the lots."))

    def new_action(self) -> Action:
        return Action(self.tr("New lot"), self.register, "plus", "quiet", "", self._why_not)

    def actions_offered(self) -> list[Action]:
        return [self.new_action()]

    def fill(self, page: RecordPage, row: LotLine) -> None:
        from forensics.services.reagents import lot

        one = self.context.query(lot, row.id)
        if one is None:
            return
        page.header(
            one.number,
            one.name,
            self.tr("Reagent lot"),
            [lot_mark(one.state, one.expires)],
            actions=self._acts(one),
        )
        page.section(self.tr("Lot")).facts(
            [
                (self.tr("Kind"), said(one.kind)),
                (self.tr("Lot number"), Fact(one.lot, mono=True)),
                (self.tr("Expires"), plain_day(one.expires)),
                (self.tr("Opened"), plain_day(one.opened_on) or self.tr("not yet")),
                (self.tr("State"), said(one.state)),
            ]
        )
        history(page, self.context, frozenset({one.id}))

    def _acts(self, one: ReagentLot) -> list[Action]:
        from forensics.services.reagents import open_lot

        why = self._why_not
        end = partial(self._end, one)
        if one.state is not LotState.IN_USE:
            return [Action(self.tr("In use after all"), partial(end, LotState.IN_USE), "undo", why_not=why)]
        opening = partial(self.context.act, open_lot, one.id)
        return actions(
            None
            if one.opened_on or one.why_not(date.today())
            else Action(self.tr("Opened today"), opening, "open", "primary", "", why),
            Action(self.tr("Used up"), partial(end, LotState.USED_UP), "check", why_not=why),
            Action(self.tr("Withdraw"), partial(end, LotState.WITHDRAWN), "void", "danger", "", why),
        )

    def _end(self, one: ReagentLot, state: LotState) -> Any:
        from forensics.services.reagents import end_lot

        return self.context.act(end_lot, one.id, state)

    def register(self) -> Any:
        from forensics.services.reagents import register_lot

        form = FormDialog(
            self.tr("New lot"),
            lambda v: self.context.lab.run(
                register_lot, v["kind"], v["name"], v["lot"], v["expires"], v["opened"] or None
            ),
            self,
            again=True,
        )
        form.choice("kind", self.tr("Kind"), choices(LotKind), required=True, keep=True)
        form.text("name", self.tr("Name"), required=True, keep=True)
        form.text("lot", self.tr("Lot number"), required=True, mono=True)
        form.text("expires", self.tr("Expires"), required=True, parse=written_day, placeholder="2027-03-31")
        form.text("opened", self.tr("Opened"), parse=written_day, hint=self.tr("Left empty: not yet"))
        return form.ask()


class InstrumentsList(ListPlace):
    """Instruments, those whose service comes first at the top."""

    name = "instruments"
    subjects = frozenset({"instrument"})

    def make_list(self) -> RecordList:
        from forensics.services.reagents import instruments

        columns = [
            Column("name", self.tr("Instrument"), width=190, stretch=True),
            Column("serial", self.tr("Serial"), Kind.TOKEN, 120),
            Column(
                "service_due",
                self.tr("Service due"),
                width=116,
                value=lambda line: plain_day(line.service_due),
            ),
            Column(
                "retired",
                self.tr("Standing"),
                Kind.MARK,
                140,
                lambda line: service_mark(line.service_due, line.retired),
            ),
            Column("kind", self.tr("Kind"), width=160, value=lambda line: said(line.kind)),
            Column("number", self.tr("Number"), Kind.TOKEN, 138, shown=False),
        ]
        empty = EmptyState(
            "pulse",
            self.tr("No instruments yet"),
            self.tr("Enter each with the day of its next service; an overdue one can't be used in a batch."),
            self.new_action(),
        )
        return RecordList(
            self.tr("Instruments"),
            columns,
            lambda query: self.context.lab.run(instruments, query),
            [Filter("kind", self.tr("Kind"), choices(InstrumentKind))],
            empty,
            [self.new_action()],
            sort="service_due",
            runner=self.context.tasks.quietly,
        )

    @property
    def _why_not(self) -> str:
        from forensics.services.reagents import register_instrument

        why = self.tr("A laboratory technician keeps the instruments.")
        return why_not(self.context, register_instrument, why)

    def new_action(self) -> Action:
        return Action(self.tr("New instrument"), self.register, "plus", "quiet", "", self._why_not)

    def actions_offered(self) -> list[Action]:
        return [self.new_action()]

    def fill(self, page: RecordPage, row: InstrumentLine) -> None:
        from forensics.services.reagents import instrument

        one = self.context.query(instrument, row.id)
        if one is None:
            return
        page.header(
            one.number,
            one.name,
            self.tr("Instrument"),
            [service_mark(one.service_due, one.retired)],
            actions=self._acts(one),
        )
        page.section(self.tr("Instrument")).facts(
            [
                (self.tr("Kind"), said(one.kind)),
                (self.tr("Serial number"), Fact(one.serial, mono=True)),
                (self.tr("Next service"), plain_day(one.service_due)),
            ]
        )
        history(page, self.context, frozenset({one.id}))

    def _acts(self, one: Instrument) -> list[Action]:
        from forensics.services.reagents import retire_instrument

        turn = partial(self.context.act, retire_instrument, one.id, not one.retired)
        words = self.tr("In use again") if one.retired else self.tr("Out of use")
        serviced = partial(self.serviced, one)
        return [
            Action(self.tr("Serviced"), serviced, "check", "primary", "", self._why_not),
            Action(words, turn, "undo" if one.retired else "void", why_not=self._why_not),
        ]

    def serviced(self, one: Instrument) -> Any:
        from forensics.services.reagents import note_service

        form = FormDialog(
            self.tr("Service of {0}").format(one.name),
            lambda v: self.context.lab.run(note_service, one.id, v["due"]),
            self,
        )
        form.text(
            "due", self.tr("Next service due"), required=True, parse=written_day, placeholder="2027-11-30"
        )
        return form.ask()

    def register(self) -> Any:
        from forensics.services.reagents import register_instrument

        form = FormDialog(
            self.tr("New instrument"),
            lambda v: self.context.lab.run(register_instrument, v["kind"], v["name"], v["serial"], v["due"]),
            self,
            again=True,
        )
        form.choice("kind", self.tr("Kind"), choices(InstrumentKind), required=True)
        form.text("name", self.tr("Name"), required=True)
        form.text("serial", self.tr("Serial number"), required=True, mono=True)
        form.text("due", self.tr("Service due"), required=True, parse=written_day, placeholder="2027-11-30")
        return form.ask()
