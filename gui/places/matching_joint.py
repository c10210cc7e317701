"""All victims to all missing persons together, beside the pairs: who differs, and why, in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from forensics.domain.evidence import power_of_ten
from forensics.domain.joint import PairState
from forensics.domain.joint_solution import JointSolution
from forensics.domain.joint_verdicts import CLAIM, Verdict
from forensics.domain.joint_words import VictimLine, share
from gui.context import Context
from gui.look import Meaning
from gui.place import ListPlace
from gui.places.matching_joint_basis import write_basis
from gui.places.matching_joint_work import JointWork
from gui.places.matching_words import cell, lay_out, posterior_words, say
from gui.widgets.banner import EmptyState
from gui.widgets.buttons import Action, Button
from gui.widgets.lists import Column, Filter, Kind, RecordList
from gui.widgets.marks import Mark
from gui.widgets.model import MemorySource
from gui.widgets.record import Fact, RecordPage, Value

SHOWN = 8  # missing persons of the table beside each other
POSSIBLE = 1e-4  # joint posterior from which one is in it


def verdict_mark(verdict: Verdict) -> Mark:
    """How the joint answer stands to the pairwise one."""
    return {
        Verdict.IDENTIFIED: Mark(Meaning.GOOD, say("Identified"), "lock"),
        Verdict.SAME: Mark(Meaning.GOOD, say("Same answer")),
        Verdict.NOBODY: Mark(Meaning.NEUTRAL, say("Nobody likely")),
        Verdict.MOVED: Mark(Meaning.ATTENTION, say("Somebody else"), "switch"),
        Verdict.TAKEN: Mark(Meaning.ATTENTION, say("Place taken"), "people"),
        Verdict.EXCLUDED: Mark(Meaning.NO, say("Excluded in review")),
        Verdict.CONTESTED: Mark(Meaning.ATTENTION, say("Contested"), "gavel"),
        Verdict.TOLD_APART: Mark(Meaning.WAITING, say("Told apart"), "balance"),
        Verdict.UNDECIDED: Mark(Meaning.ATTENTION, say("Undecided"), "balance"),
        Verdict.ONLY_JOINTLY: Mark(Meaning.WAITING, say("Only jointly"), "link"),
        Verdict.STRONGER: Mark(Meaning.WAITING, say("Surer"), "chevron-up"),
        Verdict.WEAKER: Mark(Meaning.ATTENTION, say("Less sure"), "chevron-down"),
        Verdict.NOT_EVALUABLE: Mark(Meaning.UNKNOWN, say("Not evaluable")),
        Verdict.NOT_COMPUTED: Mark(Meaning.REFUSED, say("Not computed")),
    }[verdict]


class Together(ListPlace):
    """Victims with both answers; those that differ come first."""

    name = "together"

    def __init__(self, context: Context, work: JointWork, opened: Callable[[int, int], None]) -> None:
        self.work, self.opened = work, opened
        super().__init__(context)
        work.changed.connect(self.refresh)
        lay_out(self, 650, 510)

    def make_list(self) -> RecordList:
        columns = [
            Column("verdict", self.tr("Verdict"), Kind.MARK, 142, value=lambda row: verdict_mark(row.verdict)),
            Column("number", self.tr("Victim"), Kind.TOKEN, 134, stretch=True),
            Column("pairwise", self.tr("Best pair"), Kind.TOKEN, 134, value=lambda row: self._name(row.pairwise)),
            Column("log10_lr", self.tr("LR"), Kind.NUMBER, 92,
                   value=lambda row: cell(row.log10_lr) if row.log10_lr is not None else ""),
            Column("joint", self.tr("Jointly"), Kind.TOKEN, 134, value=self._answer),
            Column("joint_posterior", self.tr("Joint posterior"), Kind.NUMBER, 122, value=_likeliest),
            Column("unplaced", self.tr("Nobody on the list"), Kind.NUMBER, 136,
                   value=lambda row: "" if row.verdict is Verdict.IDENTIFIED else short(row.unplaced)),
            Column("pairwise_posterior", self.tr("Pair alone"), Kind.NUMBER, 106,
                   value=lambda row: short(row.pairwise_posterior) if row.pairwise_posterior is not None else ""),
        ]  # fmt: skip
        begin = self.work.solve_action()
        empty = EmptyState(
            "people",
            self.tr("Nothing is solved together yet"),
            self.tr(
                "Pairs look at one victim and one missing person at a time. Together, nobody is two people: a "
                "brother who is found makes room for the other, and relatives among the dead count as relatives. "
                "Confirmed identifications are held. Nobody is identified by it."
            ),
            Action(begin.text, begin.run, begin.icon, "primary", why_not=begin.why_not),
        )
        differs = [(True, self.tr("they differ")), (False, self.tr("they agree"))]
        verdicts = [(one, verdict_mark(one).word) for one in Verdict]
        return RecordList(
            self.tr("Together"), columns, MemorySource(self._rows, columns),
            [Filter("differs", self.tr("Only where"), differs), Filter("verdict", self.tr("Verdict"), verdicts)],
            empty, [Action(self.tr("Solve together"), self.work.solve, "people")],
            key=lambda row: row.number,
        )  # fmt: skip

    def _rows(self) -> list[VictimLine]:
        """Differences first, then the strongest."""
        return sorted(
            self.work.lines,
            key=lambda line: (
                not line.differs,
                -(line.joint_posterior or 0.0),
                -(line.log10_lr or 0.0),
                line.number,
            ),
        )

    def refresh(self) -> None:
        super().refresh()
        if self.current is not None:
            self.show_again()

    def begin(self) -> None:
        self.work.recall()
        super().begin()

    def actions_offered(self) -> list[Action]:
        return [self.work.solve_action()]

    def _name(self, column: int | None) -> str:
        solution = self.work.solution
        return "" if column is None or solution is None else solution.pairs.sought[column].number

    def _answer(self, row: VictimLine) -> str:
        solution = self.work.solution
        held = solution.pairs.decided.held.get(row.row) if solution else None
        if held is not None:
            return held.missing
        if row.unplaced is None:
            return ""
        likely = row.joint_posterior is not None and row.joint_posterior > row.unplaced
        return self._name(row.joint) if likely else self.tr("nobody")

    # -- the page ------------------------------------------------------------------------------------------

    def fill(self, page: RecordPage, row: VictimLine) -> None:
        solution = self.work.solution
        if solution is None:
            return
        page.header(row.number, self._title(solution, row), self.tr("Victim"), [verdict_mark(row.verdict)])
        if self.work.is_outdated:
            again = self.work.solve_action()
            page.notice(
                self.work.outdated_words,
                Meaning.ATTENTION,
                [Action(self.tr("Solve again"), again.run, why_not=again.why_not)],
            )
        section = page.section(self.tr("In words"))
        section.text(row.words)
        if row.verdict is not Verdict.IDENTIFIED:
            words = self.tr(
                "A reason to look, not an identification: two people weigh and review the pair as always."
            )
            section.text(words, "muted")
        if self.work.made:
            section.text(f"{self.work.made}.", "muted")
        self._beside(page, solution, row)
        self._rivals(page, solution, row)
        self._victim(page, solution, row)
        write_basis(page, solution)

    def _title(self, solution: JointSolution, row: VictimLine) -> str:
        """The joint answer."""
        held = solution.pairs.decided.held.get(row.row)
        if held is not None:
            return self.tr("Identified as {0}").format(held.missing)
        if row.unplaced is None:
            return self.tr("Not computed with the others")
        if row.joint_posterior is None or row.joint_posterior <= row.unplaced:
            return self.tr("Jointly nobody on the list, {0}").format(short(row.unplaced))
        name = self._name(row.joint)
        return self.tr("Jointly {0}, {1}").format(name, short(row.joint_posterior))

    def _beside(self, page: RecordPage, solution: JointSolution, row: VictimLine) -> None:
        """Missing persons who fit, by the pair alone and jointly."""
        joint = solution.posterior[row.row]
        strongest = [c for c, _ in solution.pairs.table.best(row.row)[:SHOWN]]
        likeliest = [c for c, p in sorted(joint.items(), key=lambda one: -one[1])[:SHOWN] if p >= POSSIBLE]
        section = page.section(self.tr("Beside each other"))
        listed = list(dict.fromkeys([*likeliest, *strongest]))
        if not listed:
            section.text(self.tr("No missing person has an LR of 1 or more, or a place jointly."), "muted")
            return
        lines: list[tuple[Value, ...]] = []
        for column in listed:
            one = solution.pairs.sought[column]
            held = row.verdict is Verdict.IDENTIFIED and joint.get(column, 0.0) == 1.0
            log10 = solution.pairs.table.log10_lr.get((row.row, column))
            lines.append(
                (
                    Button(one.number, "inline", run=partial(self.opened, row.row, column)),
                    power_of_ten(log10) if log10 is not None else self._no_lr(solution, row.row, column),
                    short(solution.pairs.pairwise_posterior(log10)) if log10 is not None else None,
                    self.tr("identified") if held else short(joint.get(column, 0.0)),
                )
            )
        if row.verdict is not Verdict.IDENTIFIED:
            nobody = short(row.unplaced) if row.unplaced is not None else None
            lines.append((self.tr("nobody on the list"), "", "", nobody))
        titles = (self.tr("Missing person"), self.tr("LR"), self.tr("Pair alone"), self.tr("Jointly"))
        section.table(titles, lines, numbers=(1, 2, 3))

    def _no_lr(self, solution: JointSolution, row: int, column: int) -> str:
        return {
            PairState.EVALUATED: self.tr("below 1"),
            PairState.EXCLUDED: "0",
            PairState.NOT_EVALUABLE: self.tr("not evaluable"),
            PairState.SEX_MISMATCH: self.tr("sexes differ"),
            PairState.REFUSED: self.tr("not computed"),
        }[solution.pairs.table.state(row, column)]

    def _rivals(self, page: RecordPage, solution: JointSolution, row: VictimLine) -> None:
        """Other victims with a claim to the same missing persons."""
        wanted = [c for c, p in solution.posterior[row.row].items() if p >= CLAIM]
        wanted += [row.pairwise] if row.pairwise is not None and row.pairwise not in wanted else []
        lines = [
            (
                Button(solution.pairs.victims[r].number, "inline", run=partial(self._go, r)),
                solution.pairs.sought[c].number,
                cell(solution.pairs.table.log10_lr.get((r, c)))
                if (r, c) in solution.pairs.table.log10_lr
                else self._no_lr(solution, r, c),
                self.tr("identified") if r in solution.pairs.decided.held else short(p),
            )
            for c in wanted
            for r, p in solution.claims(c)
            if r != row.row and p >= CLAIM
        ]
        if lines:
            titles = (self.tr("Victim"), self.tr("Could be"), self.tr("LR"), self.tr("Jointly"))
            page.section(self.tr("Others for the same place")).table(titles, lines, numbers=(2, 3))

    def _go(self, row: int) -> None:
        solution = self.work.solution
        if solution is not None:
            self.list.show_only()
            self.list.select(solution.pairs.victims[row].number)

    def _victim(self, page: RecordPage, solution: JointSolution, row: VictimLine) -> None:
        victim = solution.pairs.victims[row.row]
        facts: list[tuple[str, Value]] = [
            (self.tr("Remains"), Fact(", ".join(victim.item_numbers), "", True)),
            (self.tr("Loci"), len(victim.genotypes)),
        ]
        if len(victim.items) > 1:
            words = self.tr("re-associated, so they count as one victim with the loci of all")
            facts[0] = (self.tr("Remains"), Fact(", ".join(victim.item_numbers), words, True))
        if victim.left_out:
            why = self.tr("the profiles of the remains differ there")
            facts.append((self.tr("Not compared"), Fact(", ".join(victim.left_out), why)))
        page.section(self.tr("The victim")).facts(facts)


def _likeliest(row: VictimLine) -> str:
    """The posterior of the joint answer."""
    if row.unplaced is None:
        return ""
    if row.verdict is Verdict.IDENTIFIED:
        return say("identified")
    return short(max(row.joint_posterior or 0.0, row.unplaced))


def short(posterior: float | None) -> str:
    """A posterior for a column: neither rounded up to certainty nor down to 0."""
    return share(posterior, say) if posterior is not None and posterior < 0.5 else posterior_words(posterior)
