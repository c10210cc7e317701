"""The list of batches and the page of one: its plate, its controls, results, what is to be done next."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from forensics.domain.errors import NominaError
from forensics.domain.laboratory import BatchState, WellRole, WellState
from forensics.domain.lists import ListQuery
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.laboratory_acts import BatchActs
from gui.places.laboratory_plate import PlatePanel
from gui.places.laboratory_words import (
    batch_mark,
    lot_mark,
    measured,
    nonconformity_mark,
    plain_day,
    said,
    service_mark,
    stages,
    well_mark,
)
from gui.places.remains_parts import fact_link, history
from gui.places.remains_words import day
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.laboratory import Batch
    from forensics.domain.lines import BatchLine
    from forensics.services.batches import BatchRecord, PlateWell


TUBE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[0-9A-Z]")
"""What a tube carries; numbers of records are scanned to be opened."""


class BatchesList(ListPlace):
    """Batches, newest first."""

    name = "batches"
    subjects = frozenset({"batch", "well", "nonconformity", "profile", "reagent_lot", "instrument"})

    def __init__(self, context: Context) -> None:
        self.acts = BatchActs(context, self)
        self.record: BatchRecord | None = None
        self.panel: PlatePanel | None = None
        self._position: dict[UUID, str] = {}  # where the cursor stands on each plate
        self._scanned = False  # the page is written anew after a scan: the field gets the cursor again
        super().__init__(context)
        self.splitter.setSizes([430, 690])

    def make_list(self) -> RecordList:
        from forensics.services.batches import batches

        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 138),
            Column("stage", self.tr("Stage"), width=116, value=lambda line: said(line.stage)),
            Column(
                "state", self.tr("State"), Kind.MARK, 140, lambda line: batch_mark(line.state), stretch=True
            ),
            Column("samples", self.tr("Samples"), Kind.NUMBER, 78),
            Column("blocked", self.tr("Blocked"), Kind.NUMBER, 78),
            Column("created_at", self.tr("Set up"), width=108, value=lambda line: day(line.created_at)),
            Column("set_up_by", self.tr("By"), width=130),
            Column("released_by", self.tr("Released by"), width=130),
            Column("kit", self.tr("Kit"), width=120, shown=False),
            Column("protocol", self.tr("Protocol"), width=120, shown=False),
        ]
        states = [(state, batch_mark(state).word) for state in BatchState]
        empty = EmptyState(
            "laboratory",
            self.tr("No batches yet"),
            self.tr(
                "A batch is one plate at one stage: extraction, quantification, amplification, detection. "
                "Scan its tubes, run it, and another person releases it."
            ),
            self.acts.new_action(self.draw_up),
        )

        def source(query: ListQuery) -> Any:
            return self.context.lab.run(batches, self.context.here(query))

        return RecordList(
            self.tr("Batches"),
            columns,
            source,
            [Filter("stage", self.tr("Stage"), stages()), Filter("state", self.tr("State"), states)],
            empty,
            [self.acts.new_action(self.draw_up)],
            sort="number",
            descending=True,
            runner=self.context.tasks.quietly,
        )

    def actions_offered(self) -> list[Action]:
        mine = self.acts.of(self.record) if self.record is not None else []
        return [self.acts.new_action(self.draw_up), *mine]

    def draw_up(self) -> None:
        """A new batch stands open at once: its tubes are scanned next."""
        drawn = self.acts.draw_up()
        if drawn is not None:
            self.list.show_only()
            self.list.select(drawn.id)

    def open_row(self, row: Any) -> None:
        """Enter: the next tube, or the plate."""
        super().open_row(row)
        if self.panel is not None:
            self._to_work(self.panel)

    # -- the page --------------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: BatchLine) -> None:
        from forensics.services.batches import batch_record

        ahead.ask(batch_record, row.id)

    def fill(self, page: RecordPage, row: BatchLine) -> None:
        from forensics.services.batches import batch_record

        record = self.record = self.context.query(batch_record, row.id)
        self.panel = None
        if record is None:
            return
        batch = record.batch
        title = said(batch.stage) if not batch.kit else f"{said(batch.stage)}, {batch.kit}"
        page.header(
            batch.number,
            title,
            self.tr("Batch"),
            [batch_mark(batch.state)],
            self._outstanding(record),
            self.acts.of(record),
        )
        self._trouble(page, record)
        self._plate(page, record)
        self._findings(page, record)
        self._basis(page, record)
        self._results(page, record)
        history(page, self.context, frozenset({batch.id}))

    def _outstanding(self, record: BatchRecord) -> str:
        batch = record.batch
        waiting = sum(one.well.state is WellState.PLACED for one in record.wells)
        if batch.state is BatchState.DRAFT:
            if waiting:
                return self.tr("{0} tubes wait to be scanned; the next is {1}.").format(
                    waiting, record.offered
                )
            return self.tr("Scan the tubes one after the other; then lock the layout.")
        if batch.state is BatchState.EVALUATED:
            if any(one.well.state is WellState.QUARANTINED for one in record.wells):
                return self.tr("Every well waits until the quality manager has decided of the quarantine.")
            return self.tr(
                "The controls are in order. Waits for its release by another person than {0}."
            ).format(record.set_up_by)
        return {
            BatchState.LOCKED: self.tr("The layout is frozen. Start the batch when the plate goes on."),
            BatchState.RUNNING: self.tr("Runs; its results are to be taken in."),
        }.get(batch.state, "")

    def _trouble(self, page: RecordPage, record: BatchRecord) -> None:
        """Why it failed, what waits in quarantine, and the repeat."""
        batch = record.batch
        if batch.failure:
            leads = [
                Action(self.tr("Repeat {0}").format(one.number), partial(self._go, one), "refresh")
                for one in record.repeated_by
            ]
            page.notice(self.tr("Every well is blocked. {0}").format(batch.failure), Meaning.REFUSED, leads)
        held = [one for one in record.wells if one.well.state is WellState.QUARANTINED]
        for one in held:
            page.notice(
                self.tr("In quarantine: {0}").format(one.well.finding),
                Meaning.ATTENTION,
                self.acts.quarantine(one),
            )

    def _plate(self, page: RecordPage, record: BatchRecord) -> None:
        batch = record.batch
        at = self._position.get(batch.id, "")
        panel = self.panel = PlatePanel(record, at, partial(self._scan, batch.id), self._open_sample)
        panel.plate.chosen.connect(lambda position: self._position.__setitem__(batch.id, position))
        offered: list[Action] = []
        if batch.state is BatchState.DRAFT:
            remove = Action(self.tr("Take off the plate"), self._clear, "minus", shortcut="Ctrl+Backspace")
            offered = [remove]
        page.section(self.tr("Plate"), offered).widget(panel)
        if self._scanned:
            self._scanned = False
            panel.begin()

    def _to_work(self, panel: PlatePanel) -> None:
        if panel.record.batch.state is BatchState.DRAFT:
            panel.begin()
        else:
            panel.plate.setFocus()

    def scanned(self, token: str) -> bool:
        """A scan while a draft is shown is its next tube, wherever the cursor stands."""
        panel = self.panel
        if panel is None or not panel.record.offered or TUBE.fullmatch(token.strip().upper()) is None:
            return False
        self._scan(panel.record.batch.id, token, panel.record.offered)
        return True

    def _scan(self, batch: UUID, token: str, position: str) -> bool:
        """A tube at the offered position; the refusal says which tube belongs there."""
        from forensics.services.batch_plates import scan_tube

        self._scanned = True
        try:
            well = self.context.lab.run(scan_tube, batch, token, position)
        except NominaError as error:
            self._scanned = False
            self.context.notify(str(error), Meaning.REFUSED)
            return False
        self._position[batch] = well.position  # the page says there that it was scanned
        return True

    def _open_sample(self, one: PlateWell) -> None:
        """The sample of a well, with its profile."""
        assert one.well.sample is not None
        self.context.go("samples", Ref("sample", one.well.sample, one.token))

    def _clear(self) -> None:
        one = self.panel.well if self.panel is not None else None
        if one is None:
            self.context.notify(self.tr("Choose the well on the plate first."), Meaning.ATTENTION)
        else:
            self.acts.clear_well(one)

    def _findings(self, page: RecordPage, record: BatchRecord) -> None:
        """Controls first, then the samples of which something is to be said."""
        telling = [one for one in record.wells if one.well.role is not WellRole.SAMPLE or one.well.finding]
        if not telling or record.batch.state in (BatchState.DRAFT, BatchState.LOCKED):
            return
        telling.sort(key=lambda one: one.well.role is WellRole.SAMPLE)
        page.section(self.tr("Controls and findings")).table(
            [self.tr("What"), self.tr("Well"), self.tr("State"), self.tr("Finding")],
            [
                (self._named(one), one.well.position, well_mark(one.well.state), one.well.finding or None)
                for one in telling
            ],
        )

    def _named(self, one: PlateWell) -> Value:
        if one.token:
            return Fact(one.token, mono=True)
        return said(one.well.role) + (f" {one.well.control}" if one.well.control else "")

    def _basis(self, page: RecordPage, record: BatchRecord) -> None:
        batch = record.batch
        facts: list[tuple[str, Value]] = [
            (self.tr("Protocol"), Fact(batch.protocol, self.tr("version {0}").format(batch.protocol_version))),
            (self.tr("Set up by"), record.set_up_by),
        ]  # fmt: skip
        if batch.released_by is not None:
            facts.append((self.tr("Released by"), Fact(record.released_by, day(batch.released_at) or "")))
        section = page.section(self.tr("How it is worked"))
        if record.repeats is not None:
            facts.append((self.tr("Repeats"), self._batch_link(record.repeats)))
        for other in record.repeated_by:
            facts.append((self.tr("Repeated by"), self._batch_link(other)))
        section.facts(facts)
        rows: list[tuple[Value, ...]] = [
            (lot.name, said(lot.kind), lot.lot, plain_day(lot.expires), lot_mark(lot.state, lot.expires))
            for lot in record.lots
        ]
        if record.instrument is not None:
            tool = record.instrument
            mark = service_mark(tool.service_due, tool.retired)
            rows.append((tool.name, said(tool.kind), tool.serial, plain_day(tool.service_due), mark))
        if rows:
            titles = [self.tr("Lot or instrument"), self.tr("Kind"), self.tr("Number"), self.tr("Until")]
            section.table([*titles, self.tr("Standing")], rows)
        else:
            section.text(self.tr("No lots and no instrument are named yet."), "muted")
        for line in record.nonconformities:
            ref = Ref("nonconformity", line.id, line.number)
            section.facts([(self.tr("Nonconformity"), fact_link(line.number, self.context, "laboratory", ref)),
                           ("", Fact(line.what, nonconformity_mark(line.state).word))])  # fmt: skip

    def _go(self, batch: Batch) -> None:
        self.context.go("laboratory", Ref("batch", batch.id, batch.number))

    def _batch_link(self, batch: Batch) -> Any:
        return fact_link(batch.number, self.context, "laboratory", Ref("batch", batch.id, batch.number))

    def _results(self, page: RecordPage, record: BatchRecord) -> None:
        """What was measured of each well, as one text: 96 lines of widgets would keep the window waiting."""
        table = measured(record.wells)
        if table:
            page.section(self.tr("Results")).text(table, "mono")
