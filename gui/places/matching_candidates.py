"""Candidates and weighed matches: best first, with what the policy requires beside what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from forensics.domain.lines import HypothesisLine
from forensics.domain.matching import Hypothesis, HypothesisState, Screening
from forensics.services import (
    auditing,
    identifications,
    matching,
    people,
    report_facts,
    screening_plans,
    screening_records,
    sensitivity,
)
from gui.ahead import Ahead
from gui.context import Context, Ref
from gui.look import Meaning
from gui.place import ListPlace
from gui.places import matching_forms as forms
from gui.places.matching_changes import chance_words
from gui.places.matching_page import MatchPage
from gui.places.matching_words import (
    cell,
    happenings,
    hypothesis_mark,
    lay_out,
    outdated_mark,
    policy_mark,
    posterior_words,
    someone,
)
from gui.rescreening import Rescreening
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.record import RecordPage

REPORTED = (HypothesisState.SUPPORTED, HypothesisState.INCONCLUSIVE, HypothesisState.EXCLUDED)
WEIGHABLE = (HypothesisState.CANDIDATE, HypothesisState.RETURNED, HypothesisState.INCONCLUSIVE)


class Candidates(ListPlace):
    """The list of matches and the page of one."""

    name = "candidates"
    subjects = frozenset({"hypothesis", "screening", "identification"})

    def __init__(self, context: Context) -> None:
        self.record: matching.HypothesisRecord | None = None
        self.people = context.query(people.names) or {}
        self.varied: dict[object, tuple[sensitivity.SensitivityLine, ...]] = {}  # computed in this session
        self.jointly: Callable[[Hypothesis], float | None] = lambda _: None  # if the operation is solved
        super().__init__(context)
        lay_out(self, 650, 510)

    def make_list(self) -> RecordList:
        columns = [
            Column("state", self.tr("State"), Kind.MARK, 134, value=_state),
            Column("item_number", self.tr("Remains"), Kind.TOKEN, 138),
            Column("missing_number", self.tr("Missing person"), Kind.TOKEN, 138, stretch=True),
            Column("log10_lr", self.tr("LR"), Kind.NUMBER, 92, value=lambda row: cell(row.log10_lr)),
            Column("required_log10_lr", self.tr("Required"), Kind.NUMBER, 92, value=_required),
            Column("posterior", self.tr("Posterior"), Kind.NUMBER, 106, value=_posterior),
            Column("loci_compared", self.tr("Loci"), Kind.NUMBER, 58),
            Column("loci_inconsistent", self.tr("Inconsistent"), Kind.NUMBER, 104),
            Column("family_number", self.tr("Family"), Kind.TOKEN, 138),
            Column("item_external", self.tr("Their number"), Kind.TOKEN, 110, shown=False),
            Column("number", self.tr("Number"), Kind.TOKEN, 138),
        ]  # fmt: skip
        screen = self.screen_action()
        empty = EmptyState(
            "matching",
            self.tr("No candidates yet"),
            self.tr(
                "A screening compares every accepted profile of remains with every family whose pedigree is "
                "confirmed, and brings the pairs worth a person's look."
            ),
            replace(screen, kind="primary", shortcut="") if not screen.why_not else None,
        )
        states = [(state, hypothesis_mark(state).word) for state in HypothesisState]
        return RecordList(
            self.tr("Candidates"), columns,
            lambda query: self.context.lab.run(matching.hypotheses, self.context.here(query)),
            [Filter("state", self.tr("State"), states)], empty, [screen],
            sort="log10_lr", descending=True, runner=self.context.tasks.quietly,
        )  # fmt: skip

    def screen_action(self) -> Action:
        may = self.context.may(screening_records.record_screening)
        why = "" if may else self.tr("A DNA analyst screens; your role reads the candidates.")
        return Action(self.tr("Screen"), self.run_screening, "matching", "quiet", "Ctrl+N", why)

    def run_screening(self) -> None:
        """Compare everything with everything; the result is said when it is there."""
        forms.screen(self.context, self._screened)

    def changes_action(self) -> Action:
        why = self.screen_action().why_not
        return Action(self.tr("Compare what changed"), self.run_changes, "refresh", "quiet", "Ctrl+U", why)

    def run_changes(self) -> None:
        """Compare only what is new or changed since the last screening."""
        forms.screen_changes(self.context, self._compared)

    def _compared(self, done: Screening | None) -> None:
        self.refresh()
        if done is None:
            self.context.notify(self.tr("Nothing that is compared has changed since the last screening."))
            return
        told = self.context.query(screening_plans.contents, done.id)
        watcher = Rescreening.of(self.context)
        words = watcher.summary(list(told.differences) if told else [])
        parts = (chance_words(done.comparisons, done.expected_chance_hits), watcher.threshold(done))
        compared = "; ".join(part for part in parts if part)
        found = words or self.tr("no candidate is new, changed or gone")
        self.context.notify(self.tr("{0}: {1} ({2}).").format(done.number, found, compared), Meaning.GOOD)

    def _screened(self, done: Screening) -> None:
        from gui.places.matching_screenings import summary_dialog

        self.refresh()
        summary_dialog(done, self).ask()

    def actions_offered(self) -> list[Action]:
        return [self.screen_action(), *(self._acts(self.record) if self.record else [])]

    # -- the page ----------------------------------------------------------------------------------------

    def ask_ahead(self, ahead: Ahead, row: HypothesisLine) -> None:
        ahead.ask(matching.hypothesis_record, row.id)
        ahead.ask(auditing.history, frozenset({row.id}))

    def fill(self, page: RecordPage, row: HypothesisLine) -> None:
        record = self.record = self.context.query(matching.hypothesis_record, row.id)
        if record is None:
            return
        h = record.hypothesis
        policy = policy_mark(h.log10_lr, h.required_log10_lr)
        marks = [hypothesis_mark(h.state), outdated_mark() if h.outdated else policy]
        page.header(
            h.number, self.tr("{0} and {1}").format(record.item.number, record.missing.number), self.tr("Match"),
            marks,
            outstanding=self._outstanding(record), actions=self._acts(record),
        )  # fmt: skip
        written = MatchPage(page, record, self.people)
        written.hypotheses()
        written.weight(self.jointly(h))
        written.judgement()
        written.family()
        written.loci()
        written.sensitivity(self.varied.get(h.case_digest), Action(self.tr("Compute"), self.vary, "pulse"))
        written.parameters()
        written.others(self._open_other)
        story = self.context.query(auditing.history, frozenset({h.id})) or []
        page.section(self.tr("History")).timeline([told for _, told in happenings(story)])

    def _outstanding(self, record: matching.HypothesisRecord) -> str:
        h = record.hypothesis
        if h.outdated:
            return self.tr("No longer rests on the data of today: {0}.").format(h.outdated)
        if h.state is HypothesisState.PROPOSED:
            who = someone(self.people, h.weighed_by) or self.tr("the analyst")
            return self.tr("Waits for a DNA reviewer who is not {0}.").format(who)
        if h.state is HypothesisState.RETURNED:
            return self.tr("Returned to the analyst: {0}").format(h.review)
        if h.state is HypothesisState.CANDIDATE:
            return self.tr("Waits for a DNA analyst to weigh it and put it before a reviewer.")
        return ""

    def _acts(self, record: matching.HypothesisRecord) -> list[Action]:
        """The step that is due, then what can be made of the result."""
        state = record.hypothesis.state
        weigh, review, identify = self._why_not(record)
        report = ""
        if not self.context.may(report_facts.match_facts):
            report = self.tr("Your role does not write reports.")
        elif record.hypothesis.outdated:
            report = self.tr(
                "Its data changed since it was reviewed; a report would not rest on those of today."
            )
        elif state not in REPORTED:
            report = self.tr("A report needs a reviewed conclusion.")
        steps = {
            HypothesisState.PROPOSED: Action(
                self.tr("Review"), self.review, "verify", "primary", "Ctrl+R", review
            ),
            HypothesisState.SUPPORTED: Action(
                self.tr("Propose identification"),
                self.identify,
                "identification",
                "primary",
                "Ctrl+I",
                identify,
            ),
        }
        propose = Action(self.tr("Propose for review"), self.propose, "check", "primary", "Ctrl+P", weigh)
        due = [steps.get(state, propose)] if state is not HypothesisState.EXCLUDED else []
        return [
            *due,
            Action(self.tr("Write the DNA report"), self.report, "report", "quiet", "Ctrl+D", report),
            Action(self.tr("Save case file…"), self.save_case, "save", "quiet", "Ctrl+E"),
        ]

    def _why_not(self, record: matching.HypothesisRecord) -> tuple[str, str, str]:
        """Why it can't be proposed, reviewed, identified; empty where it can."""
        h, state = record.hypothesis, record.hypothesis.state
        weigh = review = identify = ""
        if not self.context.may(matching.propose_match):
            weigh = self.tr("A DNA analyst weighs a match and proposes it.")
        elif h.outdated:
            weigh = self.tr("Its data changed since it was weighed; go on with the candidate in its place.")
        elif state not in WEIGHABLE:
            weigh = self.tr("It has been put before a reviewer already.")
        if not self.context.may(matching.review_match):
            review = self.tr("A DNA reviewer decides on a match.")
        elif state is not HypothesisState.PROPOSED:
            review = self.tr("There is nothing to review: the analyst proposes it first, or it is decided.")
        elif h.weighed_by == self.context.lab.person.id:
            review = self.tr("You weighed this match; another person reviews it.")
        if not self.context.may(identifications.propose):
            identify = self.tr("A case manager proposes identifications.")
        elif h.outdated:
            identify = self.tr("Its data changed since it was reviewed; it must be weighed anew first.")
        elif state is not HypothesisState.SUPPORTED:
            identify = self.tr("A reviewer must support the match first.")
        elif h.reviewed_by == self.context.lab.person.id:
            identify = self.tr("You reviewed this match; another person proposes the identification.")
        return weigh, review, identify

    # -- acting --------------------------------------------------------------------------------------------

    def propose(self) -> None:
        if self.record and forms.propose_form(self.context, self.record.hypothesis, self).ask():
            self.context.notify(self.tr("Proposed; another person reviews it now."))

    def review(self) -> None:
        if self.record:
            h = self.record.hypothesis
            analyst = someone(self.people, h.weighed_by) or self.tr("the analyst")
            if forms.review_form(self.context, h, analyst, self).ask():
                self.context.notify(self.tr("The review is recorded."))

    def identify(self) -> None:
        if self.record:
            made = forms.identification_form(self.context, self.record, self).ask()
            if made is not None:
                self.context.go("identifications", Ref("identification", made.id, made.number))

    def report(self) -> None:
        if self.record:
            h = self.record.hypothesis
            self.context.go("reports", Ref("hypothesis", h.id, h.number))

    def save_case(self) -> None:
        if self.record:
            h = self.record.hypothesis
            name, _ = QFileDialog.getSaveFileName(
                self, self.tr("Save the case file"), f"{h.number.replace('*', 'x')}.json",
                self.tr("Case files (*.json)"),
            )  # fmt: skip
            if name:
                forms.save_case(self.context, h, Path(name))

    def vary(self) -> None:
        """Compute how much the LR depends on θ, population and each relative."""
        if self.record is None:
            return
        h = self.record.hypothesis

        def done(found: tuple[sensitivity.SensitivityLine, ...]) -> None:
            self.varied[h.case_digest] = found
            if self.record is not None and self.record.hypothesis.id == h.id:
                self.show_again()

        self.context.start(
            self.tr("Sensitivity of {0}").format(h.number),
            lambda progress: sensitivity.sensitivity_of(self.context.lab, h.id, progress),  # type: ignore[arg-type]
            then=done,
        )

    def _open_other(self, line: HypothesisLine) -> None:
        self.open(Ref("hypothesis", line.id, line.number))


def _state(row: HypothesisLine) -> Mark:
    return outdated_mark() if row.outdated else hypothesis_mark(row.state)


def _required(row: HypothesisLine) -> str:
    return cell(row.required_log10_lr, up=True) if row.required_log10_lr is not None else ""


def _posterior(row: HypothesisLine) -> str:
    return posterior_words(row.posterior)
