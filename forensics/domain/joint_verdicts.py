"""How the joint answer for a victim stands to the pairwise one.

An answer is a missing person who is more likely than not; where nobody is, that is the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from forensics.domain.joint import PairState
from forensics.domain.joint_solution import JointSolution

LIKELY = 0.5
ALIKE_LOG10 = 0.3  # LRs within a factor of two can't tell two missing persons apart
NEAR = 0.5  # a second missing person within a factor of two of the first leaves it open
CLAIM = 0.05  # posterior from which another victim is named as a rival


class Verdict(StrEnum):
    """What whoever looks at both answers has to know."""

    IDENTIFIED = "identified"
    SAME = "same answer"
    NOBODY = "nobody likely"
    MOVED = "somebody else"
    TAKEN = "place taken"
    EXCLUDED = "excluded in review"
    CONTESTED = "contested"
    TOLD_APART = "told apart"
    UNDECIDED = "undecided"
    ONLY_JOINTLY = "only jointly"
    STRONGER = "surer"
    WEAKER = "less sure"
    NOT_EVALUABLE = "not evaluable"
    NOT_COMPUTED = "not computed"

    @property
    def differs(self) -> bool:
        """Whether somebody who looked at pairs alone would conclude something else."""
        return self not in AGREEING


AGREEING = (
    Verdict.IDENTIFIED,
    Verdict.SAME,
    Verdict.NOBODY,
    Verdict.NOT_EVALUABLE,
    Verdict.NOT_COMPUTED,
)


@dataclass(frozen=True)
class Answers:
    """Both answers for the victim of a row; columns are missing persons."""

    solution: JointSolution
    row: int

    @property
    def fits(self) -> Sequence[tuple[int, float]]:
        """Columns with log10 LR, strongest pair first."""
        return self.solution.pairs.table.best(self.row)

    @property
    def pairwise(self) -> tuple[int, float] | None:
        """The strongest pair and its posterior alone."""
        if not self.fits:
            return None
        column, log10 = self.fits[0]
        return column, self.solution.pairs.pairwise_posterior(log10)

    @property
    def ranking(self) -> Sequence[tuple[int, float]]:
        """Columns with joint posterior, likeliest first."""
        return sorted(self.solution.posterior[self.row].items(), key=lambda one: (-one[1], one[0]))

    @property
    def joint(self) -> int | None:
        """The missing person who is jointly more likely than not."""
        return self.ranking[0][0] if self.ranking and self.ranking[0][1] >= LIKELY else None

    @property
    def tied(self) -> Sequence[int]:
        """Several between whom it stays open jointly, together likelier than not; else empty."""
        near = [(c, p) for c, p in self.ranking if p >= NEAR * self.ranking[0][1]]
        return [c for c, _ in near] if len(near) > 1 and sum(p for _, p in near) >= LIKELY else []

    @property
    def alike(self) -> Sequence[int]:
        """Other missing persons whom pairs can't tell from the one that fits best, if that one is likely."""
        if self.pairwise is None or self.pairwise[1] < LIKELY:
            return []
        return [c for c, log10 in self.fits[1:] if log10 >= self.fits[0][1] - ALIKE_LOG10]

    @property
    def verdict(self) -> Verdict:
        if self.row in self.solution.pairs.decided.held:
            return Verdict.IDENTIFIED
        if self.solution.unplaced[self.row] is None:
            return Verdict.NOT_COMPUTED
        if self.tied:
            return Verdict.UNDECIDED
        likely = self.pairwise is not None and self.pairwise[1] >= LIKELY
        if self.joint is None:
            return self._nobody(likely)
        if not likely:
            return Verdict.ONLY_JOINTLY
        if self.alike and self.joint in (self.fits[0][0], *self.alike):
            return Verdict.TOLD_APART
        return Verdict.MOVED if self.joint != self.fits[0][0] else self._policy()

    def _nobody(self, likely: bool) -> Verdict:
        """Jointly nobody is likely."""
        if likely:
            return self._lost(self.fits[0][0])
        says = {PairState.EVALUATED, PairState.EXCLUDED}
        evaluated = self.solution.pairs.table.states(self.row) & says
        return Verdict.NOBODY if evaluated else Verdict.NOT_EVALUABLE

    def _lost(self, column: int) -> Verdict:
        """Pairs make this missing person likely, all together don't."""
        decided, rivals = self.solution.pairs.decided, self.claims(column)
        if (self.row, column) in decided.excluded:
            return Verdict.EXCLUDED
        if decided.identification(column):
            return Verdict.TAKEN
        if not rivals:
            return Verdict.WEAKER
        own = self.solution.posterior[self.row].get(column, 0.0)
        return Verdict.CONTESTED if NEAR * rivals[0][1] <= own else Verdict.TAKEN

    def _policy(self) -> Verdict:
        """The same missing person both ways: does it change what the policy makes of it?"""
        assert self.pairwise is not None
        threshold = self.solution.pairs.threshold
        alone, jointly = self.pairwise[1] >= threshold, self.ranking[0][1] >= threshold
        if alone == jointly:
            return Verdict.SAME
        return Verdict.STRONGER if jointly else Verdict.WEAKER

    def claims(self, column: int, least: float = CLAIM) -> Sequence[tuple[int, float]]:
        """Other victims who may be this missing person, likeliest first."""
        return [(r, p) for r, p in self.solution.claims(column) if r != self.row and p >= least]

    def relatives(self, column: int) -> Sequence[int]:
        """Other victims who are placed in this missing person's family."""
        placed = self.solution.placed_in(self.solution.pairs.sought[column].family)
        return [row for row in placed if row != self.row]
