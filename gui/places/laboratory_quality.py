"""Nonconformities: the list, the page of one, reporting, investigating, closing by another person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from forensics.domain.profiles import ProfileState
from forensics.domain.quality import (
    NonconformityKind,
    NonconformityState,
)
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.place import ListPlace
from gui.places.laboratory_deciding import decisions
from gui.places.laboratory_words import nonconformity_mark, said, say
from gui.places.remains_parts import actions, fact_link, history, why_not
from gui.places.remains_words import choices, day, moment
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import Fact, RecordPage, Value

if TYPE_CHECKING:
    from forensics.domain.lines import NonconformityLine
    from forensics.domain.quality import Nonconformity
    from forensics.services.nonconformities import NonconformityRecord


def report_form(context: Context, parent: QWidget, batch: UUID | None = None, number: str = "") -> FormDialog:
    """Somebody noticed something; about a batch or by itself."""
    from forensics.services.nonconformities import report_nonconformity

    form = FormDialog(
        say("Nonconformity in {0}").format(number) if number else say("Report a nonconformity"),
        lambda values: context.lab.run(report_nonconformity, values["kind"], values["what"], batch=batch),
        parent,
        save=say("Report"),
    )
    form.choice("kind", say("Kind"), choices(NonconformityKind), required=True)
    form.lines("what", say("What was not as it should be"), required=True)
    return form


class NonconformitiesList(ListPlace):
    """Open ones first."""

    name = "nonconformities"
    subjects = frozenset({"nonconformity", "profile"})

    def make_list(self) -> RecordList:
        from forensics.services.nonconformities import nonconformities

        columns = [
            Column("number", self.tr("Number"), Kind.TOKEN, 138),
            Column("state", self.tr("State"), Kind.MARK, 122, lambda line: nonconformity_mark(line.state)),
            Column("kind", self.tr("Kind"), width=150, value=lambda line: said(line.kind)),
            Column("what", self.tr("What"), width=240, stretch=True),
            Column("batch_number", self.tr("Batch"), Kind.TOKEN, 138),
            Column("created_at", self.tr("Found"), width=108, value=lambda line: day(line.created_at)),
        ]
        states = [(state, nonconformity_mark(state).word) for state in NonconformityState]
        empty = EmptyState(
            "good",
            self.tr("No nonconformities"),
            self.tr("A failed control opens one by itself; anybody in the laboratory can report one."),
            self.new_action(),
        )
        return RecordList(
            self.tr("Nonconformities"),
            columns,
            lambda query: self.context.lab.run(nonconformities, query),
            [
                Filter("state", self.tr("State"), states),
                Filter("kind", self.tr("Kind"), choices(NonconformityKind)),
            ],
            empty,
            [self.new_action()],
            sort="number",
            descending=True,
            runner=self.context.tasks.quietly,
        )

    def new_action(self) -> Action:
        from forensics.services.nonconformities import report_nonconformity

        why = why_not(
            self.context, report_nonconformity, self.tr("Your role does not record nonconformities.")
        )
        return Action(
            self.tr("Report"), lambda: report_form(self.context, self).ask(), "plus", "quiet", "", why
        )

    def actions_offered(self) -> list[Action]:
        return [self.new_action()]

    def ask_ahead(self, ahead: Ahead, row: NonconformityLine) -> None:
        from forensics.services.nonconformities import nonconformity_record
        from forensics.services.people import names

        ahead.ask(nonconformity_record, row.id)
        ahead.ask(names)

    def fill(self, page: RecordPage, row: NonconformityLine) -> None:
        from forensics.services.nonconformities import nonconformity_record
        from forensics.services.people import names

        record = self.context.query(nonconformity_record, row.id)
        people = self.context.query(names) or {}
        if record is None:
            return
        one = record.nonconformity
        page.header(
            one.number,
            said(one.kind),
            self.tr("Nonconformity"),
            [nonconformity_mark(one.state)],
            self._outstanding(one),
            self._acts(one) + self._quarantine(record),
        )
        page.section(self.tr("What was found")).text(one.what)
        about: list[tuple[str, Value]] = [
            (self.tr("Found by"), Fact(people.get(one.found_by, ""), moment(one.created_at) or "")),
        ]
        if record.batch is not None:
            ref = Ref("batch", record.batch.id, record.batch.number)
            about.append((self.tr("Batch"), fact_link(record.batch.number, self.context, "laboratory", ref)))
        if record.sample is not None:
            ref = Ref("sample", record.sample.id, record.sample.number)
            about.append((self.tr("Sample"), fact_link(record.sample.token, self.context, "samples", ref)))
        if record.profile is not None:
            about.append(
                (self.tr("Profile"), Fact(record.profile.number, said(record.profile.state), mono=True))
            )
        if one.caused_by is not None:
            about.append((self.tr("Whose work"), people.get(one.caused_by)))
        page.section(self.tr("Where")).facts(about)
        self._investigation(page, one, people)
        history(page, self.context, frozenset({one.id}))

    def _investigation(self, page: RecordPage, one: Nonconformity, people: dict[UUID, str]) -> None:
        found: list[tuple[str, Value]] = [
            (self.tr("Cause"), one.cause),
            (self.tr("Action"), one.action),
            (self.tr("Investigated by"), people.get(one.investigated_by) if one.investigated_by else ""),
            (self.tr("Conclusion"), one.conclusion),
            (self.tr("Closed by"), people.get(one.closed_by) if one.closed_by else ""),
        ]
        section = page.section(self.tr("Investigation"))
        section.facts([(label, value) for label, value in found if value])
        if not one.cause:
            section.text(self.tr("Nobody has investigated it yet."), "muted")

    def _outstanding(self, one: Nonconformity) -> str:
        return {
            NonconformityState.OPEN: self.tr("Waits for its cause, and for what is done about it."),
            NonconformityState.INVESTIGATED: self.tr("Waits for the quality manager to close it."),
        }.get(one.state, "")

    def _acts(self, one: Nonconformity) -> list[Action]:
        from forensics.services import nonconformities as service

        recorder = why_not(self.context, service.investigate, self.tr("Your role does not record it."))
        closer = why_not(
            self.context, service.close_nonconformity, self.tr("The quality manager closes nonconformities.")
        )
        if not closer and self.context.lab.person.id in (one.found_by, one.caused_by):
            closer = self.tr("You reported it, or it concerns your work; another person closes it.")
        if one.state is NonconformityState.OPEN:
            return [
                Action(
                    self.tr("Investigate"),
                    partial(self.investigate, one),
                    "edit",
                    "primary",
                    "Ctrl+Return",
                    recorder,
                )
            ]
        if one.state is NonconformityState.INVESTIGATED:
            return actions(
                Action(
                    self.tr("Close"), partial(self.close_it, one), "check", "primary", "Ctrl+Return", closer
                ),
                Action(self.tr("Send back"), partial(self.send_back, one), "undo", why_not=closer),
            )
        return []

    def _quarantine(self, record: NonconformityRecord) -> list[Action]:
        profile, sample = record.profile, record.sample
        if profile is None or sample is None or profile.state is not ProfileState.QUARANTINED:
            return []
        return decisions(self.context, self, profile.id, sample.token, record.nonconformity.what)

    def investigate(self, one: Nonconformity) -> Any:
        from forensics.services.nonconformities import investigate

        form = FormDialog(
            self.tr("Investigation of {0}").format(one.number),
            lambda v: self.context.lab.run(investigate, one.id, v["cause"], v["action"]),
            self,
            one.what,
        )
        form.lines("cause", self.tr("Cause"), required=True, hint=self.tr("As far as it is known"))
        form.lines("action", self.tr("What was done about it"), required=True)
        form.fill({"cause": one.cause, "action": one.action})
        return form.ask()

    def close_it(self, one: Nonconformity) -> Any:
        from forensics.services.nonconformities import close_nonconformity

        return self._conclude(one, self.tr("Close {0}"), self.tr("Close"), close_nonconformity)

    def send_back(self, one: Nonconformity) -> Any:
        from forensics.services.nonconformities import send_back

        return self._conclude(one, self.tr("Send {0} back"), self.tr("Send back"), send_back)

    def _conclude(self, one: Nonconformity, title: str, verb: str, act: Any) -> Any:
        form = FormDialog(
            title.format(one.number),
            lambda v: self.context.lab.run(act, one.id, v["words"]),
            self,
            f"{one.cause}\n{one.action}",
            save=verb,
        )
        form.lines("words", self.tr("Why"), required=True)
        return form.ask()
