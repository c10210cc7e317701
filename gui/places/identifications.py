"""Identifications: the person beside the remains, the evidence line by line, three people, the way home."""

from __future__ import annotations

from uuid import UUID

from forensics.domain.identifications import GridLine, IdentificationState
from forensics.domain.lines import IdentificationLine
from forensics.domain.people import Permission
from forensics.services import auditing, custody, identifications, people, report_facts
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places import identifications_forms as forms
from gui.places.identifications_page import IdentificationPage, audited
from gui.places.identifications_words import next_step, state_mark, unexplained, whole_name
from gui.places.matching_words import moment
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.record import RecordPage

_D = IdentificationState
_BEFORE = (_D.PROPOSED, _D.REJECTED)  # nothing is decided for the family yet


class IdentificationsPlace(ListPlace):
    """The list of decisions and the page of one."""

    name = "identifications"
    subjects = frozenset({"identification", "notification", "handover", "remains_item"})

    def __init__(self, context: Context) -> None:
        self.record: identifications.IdentificationRecord | None = None
        self.people: dict[UUID, str] = context.query(people.names) or {}
        super().__init__(context)

    def make_list(self) -> RecordList:
        columns = [
            Column("state", self.tr("State"), Kind.MARK, 150, value=lambda row: state_mark(row.state)),
            Column("name", self.tr("Person"), width=150, value=self._name, stretch=True),
            Column("missing_number", self.tr("Missing person"), Kind.TOKEN, 138),
            Column("item_number", self.tr("Remains"), Kind.TOKEN, 138),
            Column("category", self.tr("Category"), width=120, value=lambda row: str(row.category)),
            Column("created_at", self.tr("Proposed"), width=150, value=lambda row: moment(row.created_at)),
            Column("proposed_by", self.tr("By"), width=130, shown=False),
            Column("confirmed_by", self.tr("Confirmed by"), width=130, shown=False),
            Column("number", self.tr("Number"), Kind.TOKEN, 138, shown=False),
        ]
        empty = EmptyState(
            "identification",
            self.tr("No identifications yet"),
            self.tr(
                "When a reviewer supports a match, a case manager proposes the identification from the place "
                "Matching, and a third person decides here."
            ),
        )
        states = [(state, state_mark(state).word) for state in IdentificationState]
        return RecordList(
            self.tr("Identifications"), columns,
            lambda query: self.context.lab.run(identifications.identifications, self.context.here(query)),
            [Filter("state", self.tr("State"), states)], empty, (),
            sort="created_at", descending=True, runner=self.context.tasks.quietly,
        )  # fmt: skip

    def _name(self, row: IdentificationLine) -> str:
        return row.name if self.context.has(Permission.IDENTITY_READ) else self.tr("not shown to your role")

    def actions_offered(self) -> list[Action]:
        return self._acts(self.record) if self.record else []

    # -- the page ----------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: IdentificationLine) -> None:
        record = ahead.ask(identifications.identification_record, row.id)
        if record is not None:
            for item in record.items:
                ahead.ask(custody.item_story, item.id)
            ahead.ask(auditing.history, audited(record))

    def fill(self, page: RecordPage, row: IdentificationLine) -> None:
        record = self.record = self.context.query(identifications.identification_record, row.id)
        if record is None:
            return
        found = record.identification
        page.header(
            found.number, whole_name(record.missing), self.tr("Identification"), [state_mark(found.state)],
            outstanding=next_step(found, self.people), actions=self._acts(record),
        )  # fmt: skip
        written = IdentificationPage(page, record, self.people, self.context)
        written.beside()
        written.grid(self._judging(record), self._judge)
        written.decision()
        written.three_people()
        written.family()
        written.story()

    def _judging(self, record: identifications.IdentificationRecord) -> str:
        """Why the lines can't be judged; empty where they can."""
        if not self.context.may(identifications.judge):
            return self.tr("A case manager judges and explains lines.")
        if record.identification.state is not _D.PROPOSED:
            return self.tr("The decision is taken; its evidence stays as it was.")
        return ""

    def _acts(self, record: identifications.IdentificationRecord) -> list[Action]:
        """The step that is due, what else is possible, and the links to what it rests on."""
        state = record.identification.state
        acts = []
        if state is _D.PROPOSED:
            why = self._why_not_decide(record)
            first = unexplained(record.identification.grid)
            blocked = why or (
                self.tr("First to be explained: {0}.").format(", ".join(first)) if first else ""
            )
            acts = [
                Action(self.tr("Confirm…"), self.confirm, "sign", "primary", "Ctrl+P", blocked),
                Action(self.tr("Reject…"), self.reject, "no", "quiet", "Ctrl+J", why),
            ]
        elif state not in _BEFORE and state is not _D.ANNULLED:
            acts = self._return_acts(state)
        open_match = Action(self.tr("The match"), self._open_match, "matching", shortcut="Ctrl+M")
        return [*acts, self._report_act(state), open_match]

    def _why_not_decide(self, record: identifications.IdentificationRecord) -> str:
        found, me = record.identification, self.context.lab.person.id
        if not self.context.may(identifications.record_confirmation):
            return self.tr("An identification coordinator confirms or rejects.")
        if me == found.proposed_by:
            return self.tr("You proposed this identification; a third person decides.")
        if me == found.reviewed_by:
            return self.tr("You reviewed the match; a third person decides.")
        return ""

    def _return_acts(self, state: IdentificationState) -> list[Action]:
        may = self.context.may(identifications.record_handover)
        role = "" if may else self.tr("A case manager speaks with the family and returns the remains.")
        tell = "primary" if state is _D.CONFIRMED else "quiet"
        give = "primary" if state in (_D.NOTIFIED, _D.PARTLY_HANDED_OVER) else "quiet"
        first = self.tr("The family is told before the remains are returned.")
        nothing = self.tr("Everything has been returned.")
        why_give = first if state is _D.CONFIRMED else nothing if give == "quiet" else ""
        acts = [
            Action(self.tr("Family told…"), self.notify_family, "family", tell, "Ctrl+T", role),
            Action(self.tr("Return remains…"), self.hand_over, "handover", give, "Ctrl+H", role or why_give),
        ]
        if state is _D.HANDED_OVER:
            acts.append(Action(self.tr("Close the file"), self.close_file, "check", "primary", why_not=role))
        return acts

    def _report_act(self, state: IdentificationState) -> Action:
        why = ""
        if not self.context.may(report_facts.identification_facts):
            why = self.tr("Your role does not write reports.")
        elif state in _BEFORE:
            why = self.tr("Only a confirmed identification is reported.")
        return Action(self.tr("Write the report"), self.report, "report", "quiet", "Ctrl+D", why)

    # -- acting --------------------------------------------------------------------------------------------

    def _judge(self, line: GridLine) -> None:
        if self.record:
            forms.judge_form(self.context, self.record.identification, line, self).ask()

    def confirm(self) -> None:
        if self.record and forms.confirm_ceremony(self.context, self.record, self.people, self).ask():
            self.context.notify(self.tr("Confirmed. The family can be told."), Meaning.GOOD)

    def reject(self) -> None:
        if self.record and forms.reject_form(self.context, self.record.identification, self).ask():
            self.context.notify(self.tr("Rejected; the remains are in comparison again."))

    def notify_family(self) -> None:
        if self.record and forms.notification_form(self.context, self.record, self).ask():
            self.context.notify(self.tr("The conversation is recorded."), Meaning.GOOD)

    def hand_over(self) -> None:
        if self.record and forms.handover_form(self.context, self.record, self).ask():
            self.context.notify(self.tr("The handover is recorded."), Meaning.GOOD)

    def close_file(self) -> None:
        if self.record:
            self.context.act(identifications.close, self.record.identification)

    def report(self) -> None:
        if self.record:
            found = self.record.identification
            self.context.go("reports", Ref("identification", found.id, found.number))

    def _open_match(self) -> None:
        if self.record:
            h = self.record.hypothesis
            self.context.go("matching", Ref("hypothesis", h.id, h.number))
