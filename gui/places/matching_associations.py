"""Re-association: pairs of remains whose profiles look like one person, for another person to decide."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from forensics.domain.blind import SERIOUS
from forensics.domain.evidence import power_of_ten
from forensics.domain.lines import AssociationLine, ItemLine
from forensics.domain.operations import Operation
from forensics.domain.remains import AssociationState, Individual
from forensics.services import associations, auditing, blind, blind_questions, people, remains
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.matching_forms import with_operation
from gui.places.matching_words import cell, happenings, item_words, lay_out, moment, someone, thing
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.forms import FormDialog
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import Fact, RecordPage, Value


class Reassociation(ListPlace):
    """Associations, the strongest first, and the two profiles side by side."""

    name = "associations"
    subjects = frozenset({"association", "remains_item"})

    def __init__(self, context: Context) -> None:
        self.record: associations.AssociationRecord | None = None
        self.people = context.query(people.names) or {}
        super().__init__(context)
        lay_out(self, 640, 520)

    def make_list(self) -> RecordList:
        columns = [
            Column("state", self.tr("State"), Kind.MARK, 128, value=lambda row: self.mark(row.state)),
            Column("first_number", self.tr("First item"), Kind.TOKEN, 138),
            Column("second_number", self.tr("Second item"), Kind.TOKEN, 138),
            Column("statistic", self.tr("LR"), Kind.NUMBER, 92,
                   value=lambda row: cell(row.statistic) if row.statistic is not None else ""),
            Column("first_element", self.tr("First is"), width=120, stretch=True,
                   value=lambda row: thing(row.first_element, row.first_side)),
            Column("second_element", self.tr("Second is"), width=120,
                   value=lambda row: thing(row.second_element, row.second_side)),
            Column("basis", self.tr("Basis"), width=90, value=lambda row: str(row.basis)),
            Column("proposed_by", self.tr("Proposed by"), width=130),
            Column("decided_by", self.tr("Decided by"), width=130),
        ]  # fmt: skip
        search = self.search_action()
        empty = EmptyState(
            "link",
            self.tr("No associations yet"),
            self.tr(
                "All profiles of remains and references are compared with each other, without any pedigree. "
                "Remains that look like one person are proposed here, and another person decides."
            ),
            replace(search, kind="primary", shortcut="") if not search.why_not else None,
        )
        states = [(state, self.mark(state).word) for state in AssociationState]
        return RecordList(
            self.tr("Associations"), columns,
            lambda query: self.context.lab.run(associations.association_list, self.context.here(query)),
            [Filter("state", self.tr("State"), states)], empty, [search],
            sort="statistic", descending=True, runner=self.context.tasks.quietly,
        )  # fmt: skip

    def mark(self, state: AssociationState) -> Mark:
        return {
            AssociationState.PROPOSED: Mark(Meaning.WAITING, self.tr("To be decided")),
            AssociationState.ACCEPTED: Mark(Meaning.GOOD, self.tr("Accepted")),
            AssociationState.REJECTED: Mark(Meaning.NO, self.tr("Rejected")),
            AssociationState.UNDONE: Mark(Meaning.ATTENTION, self.tr("Undone"), "undo"),
        }[state]

    def search_action(self) -> Action:
        may = self.context.may(blind.record_blind) and self.context.may(blind_questions.blind_question)
        why = "" if may else self.tr("A DNA analyst or reviewer compares all with all.")
        return Action(
            self.tr("Compare all with all"),
            self.compare_all,
            "search",
            "quiet",
            "Ctrl+Shift+N",
            why,
        )

    def actions_offered(self) -> list[Action]:
        return [self.search_action(), *(self._acts(self.record) if self.record else [])]

    def compare_all(self) -> None:
        """Compare all profiles of remains and references with each other beside the window."""

        def begin(operation: Operation) -> None:
            self.context.start(
                self.tr("Comparing all with all in {0}").format(operation.title),
                lambda progress: blind.compare_all(self.context.lab, operation.id, progress),  # type: ignore[arg-type]
                then=self._found,
            )

        with_operation(self.context, self.tr("Search in which operation?"), begin)

    def _found(self, done: blind.Compared) -> None:
        self.refresh()
        serious = sum(one.kind in SERIOUS for one in done.search.open)
        if done.proposed:
            words = self.tr("{0} new pairs look like one person; another person decides on each.")
            self.context.notify(words.format(len(done.proposed)), Meaning.GOOD)
        if serious:
            words = self.tr("{0} findings speak of a sample or a drawing that is not what it should be.")
            self.context.notify(words.format(serious), Meaning.ATTENTION)
        if not done.search.findings:
            self.context.notify(
                self.tr("No pair that is not known already looks like one person or related.")
            )
        else:
            self.context.go("matching", Ref("blind_search", done.search.id, done.search.number))

    # -- the page ----------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: AssociationLine) -> None:
        ahead.ask(associations.association_record, row.id)
        ahead.ask(auditing.history, frozenset({row.id}))

    def fill(self, page: RecordPage, row: AssociationLine) -> None:
        record = self.record = self.context.query(associations.association_record, row.id)
        if record is None:
            return
        a = record.association
        title = self.tr("{0} and {1}: one person?").format(record.first.number, record.second.number)
        waiting = ""
        if a.state is AssociationState.PROPOSED:
            words = self.tr("Waits for somebody who is not {0} to accept or reject it.")
            waiting = words.format(someone(self.people, a.proposed_by))
        page.header(
            a.number, title, self.tr("Association"), [self.mark(a.state)], waiting, self._acts(record)
        )
        self._evidence(page, record)
        self._items(page, record)
        self._profiles(page, record)
        story = self.context.query(auditing.history, frozenset({a.id})) or []
        page.section(self.tr("History")).timeline([told for _, told in happenings(story)])

    def _evidence(self, page: RecordPage, record: associations.AssociationRecord) -> None:
        a = record.association
        facts: list[tuple[str, Value]] = [(self.tr("Basis"), str(a.basis))]
        if a.statistic is not None:
            source = self.tr("one person, against two unrelated people")
            facts.append((self.tr("LR"), Fact(power_of_ten(a.statistic), source)))
        if record.loci:
            differing = ", ".join(record.differing) or self.tr("none")
            facts += [
                (self.tr("Loci compared"), record.compared),
                (self.tr("Differing loci"), differing),
            ]
        facts += [
            (self.tr("Explanation"), a.explanation),
            (self.tr("Proposed by"), Fact(someone(self.people, a.proposed_by) or "", moment(a.created_at))),
            (self.tr("Decided by"), Fact(someone(self.people, a.decided_by) or "", a.decision)
             if a.decided_by else self.tr("nobody yet")),
        ]  # fmt: skip
        page.section(self.tr("Evidence")).facts(facts)

    def _items(self, page: RecordPage, record: associations.AssociationRecord) -> None:
        both = zip((record.first, record.second), record.cases, record.individuals, strict=True)
        rows = [
            (
                Button(
                    item.number, "inline",
                    run=partial(self._open_item, item),
                ),
                item_words(item), case.number, self._individual(person),
            )
            for item, case, person in both
        ]  # fmt: skip
        titles = (self.tr("Item"), self.tr("What"), self.tr("Case"), self.tr("Individual so far"))
        page.section(self.tr("The two items")).table(titles, rows)

    def _open_item(self, item: ItemLine) -> None:
        self.context.go("remains", Ref("remains_item", item.id, item.number))

    def _individual(self, person: Individual | None) -> str:
        return person.number if person else self.tr("none")

    def _profiles(self, page: RecordPage, record: associations.AssociationRecord) -> None:
        if not record.loci:
            return
        rows = [
            (
                pair.locus,
                ", ".join(pair.first) if pair.first else None,
                ", ".join(pair.second) if pair.second else None,
                Mark(Meaning.UNKNOWN, self.tr("not compared"))
                if not pair.compared
                else Mark(Meaning.REFUSED, self.tr("differs"))
                if pair.differs
                else Mark(Meaning.GOOD, self.tr("same")),
            )
            for pair in record.loci
        ]
        titles = (self.tr("Locus"), record.first.number, record.second.number, self.tr("Comparison"))
        page.section(self.tr("Profiles side by side")).table(titles, rows)

    def _acts(self, record: associations.AssociationRecord) -> list[Action]:
        state, why, undo = record.association.state, "", ""
        if not self.context.may(remains.decide_association):
            why = undo = self.tr("Your role does not decide on associations.")
        elif state is not AssociationState.PROPOSED:
            why = self.tr("It is decided already.")
        elif record.association.proposed_by == self.context.lab.person.id:
            why = self.tr("You proposed this association; another person decides.")
        acts = [
            Action(self.tr("Accept"), lambda: self.decide(True), "check", "primary", "Ctrl+P", why),
            Action(self.tr("Reject"), lambda: self.decide(False), "no", "quiet", "Ctrl+J", why),
        ]
        if state is AssociationState.ACCEPTED:
            acts = [Action(self.tr("Undo…"), self.undo, "undo", why_not=undo)]
        return acts

    def decide(self, accept: bool) -> None:
        """Accept or reject the association that is shown."""
        if self.record is None:
            return
        a = self.record.association
        title = self.tr("Accept {0}") if accept else self.tr("Reject {0}")
        intro = (
            self.tr("The items become one individual, with all that each is connected to. It can be undone.")
            if accept
            else self.tr("The pair is not proposed again.")
        )
        form = FormDialog(
            title.format(a.number),
            lambda values: self.context.lab.run(remains.decide_association, a.id, accept, values["decision"]),
            self,
            intro=intro,
            save=self.tr("Accept") if accept else self.tr("Reject"),
        )
        form.lines("decision", self.tr("Reasons"), required=not accept, lines=3)
        if form.ask():
            self.context.notify(self.tr("The decision is recorded."), Meaning.GOOD)

    def undo(self) -> None:
        if self.record is None:
            return
        a = self.record.association
        form = FormDialog(
            self.tr("Undo {0}").format(a.number),
            lambda values: self.context.lab.run(remains.undo_association, a.id, values["reason"]),
            self,
            intro=self.tr("The items are told apart again; the association stays readable."),
            save=self.tr("Undo the association"),
        )
        form.lines("reason", self.tr("Reason"), required=True, lines=3)
        form.ask()
