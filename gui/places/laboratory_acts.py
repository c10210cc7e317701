"""What can be done with a batch, in its order: drawn up, filled, locked, started, results in, released; or failed.

Each act says beside its button why it can't be done now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from forensics.domain.errors import Invalid
from forensics.domain.laboratory import (
    BatchState,
    Stage,
    WellRole,
    WellState,
)
from gui.context import Context
from gui.look import Meaning
from gui.places.laboratory_deciding import ceremony, decisions
from gui.places.laboratory_details import details_form
from gui.places.laboratory_words import said, say, stages
from gui.places.remains_parts import actions, why_not
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.record import Value

if TYPE_CHECKING:
    from forensics.domain.laboratory import Batch
    from forensics.services.batches import BatchDetails, BatchRecord, PlateWell


class BatchActs:
    """Dialogs over the use cases; `parent` is the place that they belong to."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        self.context = context
        self.parent = parent

    # -- which can be done now -----------------------------------------------------------------------------

    def of(self, record: BatchRecord) -> list[Action]:
        """The next step first; then what can be done besides."""
        batch, runs = record.batch, self._no_runs
        draft, running = batch.state is BatchState.DRAFT, batch.state is BatchState.RUNNING
        over = batch.state in (BatchState.DRAFT, BatchState.RELEASED, BatchState.FAILED, BatchState.REPEATED)
        return actions(
            self._next(record),
            Action(say("Fill"), partial(self.fill, batch), "download", why_not=runs) if draft else None,
            Action(say("Details"), partial(self.detail, record), "edit", why_not=runs) if draft else None,
            Action(say("Give up"), partial(self.give_up, batch), "void", why_not=runs) if draft else None,
            Action(say("Paste results"), partial(self.paste, batch), "table", why_not=runs)
            if running and batch.stage in (Stage.EXTRACTION, Stage.QUANTIFICATION)
            else None,
            Action(say("Nonconformity"), partial(self.report, batch), "attention", why_not=self._no_report),
            None
            if over
            else Action(say("Fail"), partial(self.fail, record), "void", "danger", why_not=self._no_release),
        )

    def _next(self, record: BatchRecord) -> Action | None:
        batch, runs = record.batch, self._no_runs
        if batch.state is BatchState.DRAFT:
            return Action(say("Lock"), partial(self.lock, batch), "lock", "primary", "Ctrl+Return", runs)
        if batch.state is BatchState.LOCKED:
            return Action(say("Start"), partial(self.start, batch), "play", "primary", "Ctrl+Return", runs)
        if batch.state is BatchState.RUNNING and batch.stage is Stage.DETECTION:
            return Action(
                say("Take in the run"), partial(self.take_in, batch), "import", "primary", "Ctrl+Return", runs
            )
        if batch.state is BatchState.RUNNING:
            return Action(say("Done"), partial(self.finish, batch), "check", "primary", "Ctrl+Return", runs)
        if batch.state is BatchState.EVALUATED:
            why = self._no_release
            if batch.set_up_by == self.context.lab.person.id:
                why = say("You set up this batch; another person releases it.")
            elif any(one.well.state is WellState.QUARANTINED for one in record.wells):
                why = say("A well is in quarantine; the quality manager decides first.")
            return Action(
                say("Release…"), partial(self.release, record), "sign", "primary", "Ctrl+Return", why
            )
        return None

    @property
    def _no_runs(self) -> str:
        from forensics.services.batches import draw_up

        return why_not(self.context, draw_up, say("A laboratory technician runs batches."))

    @property
    def _no_release(self) -> str:
        from forensics.services.batches import release_batch

        return why_not(
            self.context, release_batch, say("A DNA reviewer or another technician releases batches.")
        )

    @property
    def _no_report(self) -> str:
        from forensics.services.nonconformities import report_nonconformity

        return why_not(self.context, report_nonconformity, say("Your role does not record nonconformities."))

    def new_action(self, run: Callable[[], None]) -> Action:
        """A new batch; `run` shows what `draw_up` gives."""
        return Action(say("New batch"), run, "plus", "primary", "Ctrl+N", self._no_runs)

    # -- drafts ----------------------------------------------------------------------------------------------

    def draw_up(self) -> Any:
        """The stage first; what it needs follows."""
        operation = self.context.operation
        if operation is None:
            self.context.notify(
                say("Choose the operation at the top; a batch belongs to one."), Meaning.ATTENTION
            )
            return None
        form = self._form(say("New batch"), lambda values: values["stage"], save=say("Next"))
        form.choice("stage", say("Stage"), stages(), required=True, prompt=False)
        stage = form.ask()
        if stage is None:
            return None
        from forensics.services.batches import draw_up, offered_to_detail

        usual = self.context.query(offered_to_detail, operation.id, stage)
        title = say("New batch: {0}").format(said(stage))

        def save(details: BatchDetails) -> Batch:
            return self.context.lab.run(draw_up, operation.id, stage, details)

        return details_form(self.context, self.parent, title, stage, usual, save).ask()

    def detail(self, record: BatchRecord) -> Any:
        from forensics.services.batches import BatchDetails, detail_batch

        batch = record.batch
        positive = next((one.well.control for one in record.wells if one.well.role is WellRole.POSITIVE), "")
        now = BatchDetails(
            batch.protocol, batch.protocol_version, batch.kit, batch.lots, batch.instrument, positive
        )
        return details_form(
            self.context,
            self.parent,
            say("Details of {0}").format(batch.number),
            batch.stage,
            now,
            lambda details: self.context.lab.run(detail_batch, batch, details),
        ).ask()

    def fill(self, batch: Batch) -> Any:
        """Everything that waits, in its positions; each tube is then scanned there."""
        from forensics.services.batch_plates import fill_plate

        placed = self.context.act(fill_plate, batch.id)
        if placed is not None:
            words = say("{0} wells filled; scan each tube at its position.").format(len(placed))
            self.context.notify(words, Meaning.GOOD)
        return placed

    def clear_well(self, one: PlateWell) -> Any:
        from forensics.services.batch_plates import clear_well

        return self.context.act(clear_well, one.well.id)

    def give_up(self, batch: Batch) -> Any:
        from forensics.services.batches import give_up

        form = self._form(
            say("Give up {0}").format(batch.number),
            lambda values: self.context.lab.run(give_up, batch.id, values["reason"]),
            say("Its tubes are free for another batch."),
            save=say("Give up"),
        )
        form.lines("reason", say("Why"), required=True, lines=2)
        return form.ask()

    # -- steps -----------------------------------------------------------------------------------------------

    def lock(self, batch: Batch) -> Any:
        from forensics.services.batches import lock_batch

        return self.context.act(lock_batch, batch.id)

    def start(self, batch: Batch) -> Any:
        from forensics.services.batches import start_batch

        return self.context.act(start_batch, batch.id)

    def finish(self, batch: Batch) -> Any:
        from forensics.services.batch_runs import finish_batch

        return self._told(self.context.act(finish_batch, batch.id))

    def paste(self, batch: Batch) -> Any:
        """Volumes or quantities as a table; nothing is taken in while a line has a problem."""
        form = self._form(
            say("Results of {0}").format(batch.number),
            partial(self._take_table, batch),
            say(
                "Copy the table from the instrument, with its header line: Well, and Volume or Small, Large, Y, IPC."
            ),
            save=say("Take in"),
            width=640,
        )
        form.lines("table", say("Table"), required=True, lines=12)
        return form.ask()

    def _take_table(self, batch: Batch, values: dict[str, Any]) -> Any:
        from forensics.services.batch_runs import enter_quantities, quantities_of

        rows, problems = quantities_of(values["table"])
        if problems:
            more = say(" ({0} more problems)").format(len(problems) - 1) if len(problems) > 1 else ""
            raise Invalid(f"{problems[0]}{more}")
        return self.context.lab.run(enter_quantities, batch.id, rows)

    def take_in(self, batch: Batch) -> Any:
        """The run file, evaluated at once."""
        form = self._form(
            say("Run of {0}").format(batch.number),
            partial(self._take_run, batch),
            say("Controls are evaluated at once; the profiles wait for the release."),
            save=say("Take in"),
        )
        form.path(
            "path", say("Run file"), files=say("Exports (*.txt *.tsv *.csv *.xlsx *.xml);;All files (*)")
        )
        return self._told(form.ask())

    def _take_run(self, batch: Batch, values: dict[str, Any]) -> Any:
        from forensics.services.batch_runs import take_in_run
        from forensics.services.profiles import read

        path = values["path"]
        return self.context.lab.run(take_in_run, batch.id, read(path), path.name)

    def _told(self, batch: Batch | None) -> Batch | None:
        """Say at the foot how the evaluation ended."""
        if batch is not None and batch.state is BatchState.FAILED:
            words = say("{0} has failed: {1}").format(batch.number, batch.failure)
            self.context.notify(words, Meaning.REFUSED)
        elif batch is not None:
            words = say("The controls of {0} are in order; another person releases it.").format(batch.number)
            self.context.notify(words, Meaning.GOOD)
        return batch

    def release(self, record: BatchRecord) -> Any:
        """The second person stands for it."""
        from forensics.services.batches import release_batch

        batch = record.batch
        samples = [one for one in record.wells if one.well.role is WellRole.SAMPLE]
        blocked = [one.well.position for one in samples if one.well.state is WellState.BLOCKED]
        noted = [f"{one.well.position}: {one.well.finding}" for one in record.wells if one.well.finding]
        facts: list[tuple[str, Value]] = [
            (say("Batch"), f"{batch.number}, {batch.stage}"),
            (say("Protocol"), f"{batch.protocol}, {say('version')} {batch.protocol_version}"),
            (say("Samples"), len(samples)),
            (say("Blocked"), ", ".join(blocked) or say("none")),
            (say("Noted"), "\n".join(noted[:12]) or say("nothing")),
        ]
        return ceremony(
            self.context,
            self.parent,
            say("Release {0}").format(batch.number),
            say("I have looked at the controls and the findings; the results may be used."),
            facts,
            [
                (say("releases now"), self.context.lab.person.name),
                (say("set it up"), record.set_up_by),
            ],
            say("Release"),
            lambda: self.context.lab.run(release_batch, batch.id),
        ).ask()

    def fail(self, record: BatchRecord) -> Any:
        from forensics.services.batches import fail_batch

        batch = record.batch
        return ceremony(
            self.context,
            self.parent,
            say("Fail {0}").format(batch.number),
            say("The batch can't be trusted: every well is blocked, and the repeat is drawn up."),
            [(say("Batch"), f"{batch.number}, {batch.stage}")],
            [(say("decides now"), self.context.lab.person.name), (say("set it up"), record.set_up_by)],
            say("Fail"),
            lambda reason: self.context.lab.run(fail_batch, batch.id, reason),
            danger=True,
            reason=True,
        ).ask()

    # -- quality ---------------------------------------------------------------------------------------------

    def quarantine(self, one: PlateWell) -> list[Action]:
        """What the quality manager decides about a well in quarantine; nothing for other roles."""
        if one.well.state is not WellState.QUARANTINED or one.well.profile is None:
            return []
        return decisions(self.context, self.parent, one.well.profile, one.token, one.well.finding)

    def report(self, batch: Batch) -> Any:
        from gui.places.laboratory_quality import report_form

        return report_form(self.context, self.parent, batch.id, batch.number).ask()

    # -- helpers -----------------------------------------------------------------------------------------------

    def _form(
        self, title: str, submit: Callable[[dict[str, Any]], Any], intro: str = "", **options: Any
    ) -> FormDialog:
        return FormDialog(title, submit, self.parent, intro, **options)
