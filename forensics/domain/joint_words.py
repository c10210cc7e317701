"""What the joint solution says about each victim beside the pairs, in words.

    explained(solution)   a line for every victim: both answers, whether they differ, and why

Templates go through `say`, which translates them; no number is rounded up to certainty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forensics.domain.evidence import percent, power_of_ten, stated_ratio
from forensics.domain.joint import PairState
from forensics.domain.joint_solution import JointSolution, Victim
from forensics.domain.joint_verdicts import Answers, Verdict

Say = Callable[[str], str]

PLAIN = 4.0  # log10 of the LR from which it is said as a power of ten
NAMED = 3  # relatives that are named; of more the number is said
WORTH_NAMING = 1e-4  # posterior of a rival who explains a difference
SAME_LOCI = 6  # loci in common from which equal profiles are said to look like one person


@dataclass(frozen=True, slots=True)
class VictimLine:
    """Both answers for one victim; columns are places in `sought`."""

    row: int
    number: str
    verdict: Verdict
    pairwise: int | None  # the strongest pair; None: no LR of 1 or more
    log10_lr: float | None
    pairwise_posterior: float | None
    joint: int | None  # the likeliest missing person; None: nobody has a posterior
    joint_posterior: float | None
    unplaced: float | None  # posterior of nobody on the list; None: not computed
    identified: bool  # the joint posterior reaches the policy
    words: str

    @property
    def differs(self) -> bool:
        return self.verdict.differs


def explained(solution: JointSolution, say: Say = str) -> tuple[VictimLine, ...]:
    """A line for every victim, in order."""
    return tuple(_line(solution, row, say) for row in range(len(solution.pairs.victims)))


def _line(solution: JointSolution, row: int, say: Say) -> VictimLine:
    answers = Answers(solution, row)
    best, log10 = answers.fits[0] if answers.fits else (None, None)
    joint, posterior = answers.ranking[0] if answers.ranking else (None, None)
    verdict = answers.verdict
    return VictimLine(
        row,
        solution.pairs.victims[row].number,
        verdict,
        best,
        log10,
        answers.pairwise[1] if answers.pairwise else None,
        joint,
        posterior,
        solution.unplaced[row],
        posterior is not None and posterior >= solution.pairs.threshold,
        _Sentences(answers, say).of(verdict),
    )


def share(posterior: float, say: Say = str) -> str:
    """A posterior as people read it; a very small one is not 0."""
    return say("under 0.01 %") if posterior < 1e-4 else percent(posterior)


def agreement(one: Victim, other: Victim) -> tuple[int, int]:
    """(loci that both have, those at which they differ)."""
    both = [x for x in one.genotypes if x in other.genotypes]
    differing = [x for x in both if sorted(one.genotypes[x]) != sorted(other.genotypes[x])]
    return len(both), len(differing)


class _Sentences:
    """The words for one victim."""

    def __init__(self, answers: Answers, say: Say) -> None:
        self.answers, self.say = answers, say
        self.solution, self.row = answers.solution, answers.row
        self.pairs = answers.solution.pairs

    def of(self, verdict: Verdict) -> str:
        """A sentence or two: both answers, the reason, and what to look at first."""
        written = {
            Verdict.IDENTIFIED: self.identified,
            Verdict.SAME: self.same,
            Verdict.NOBODY: self.nobody,
            Verdict.MOVED: self.moved,
            Verdict.TAKEN: self.taken,
            Verdict.CONTESTED: self.taken,
            Verdict.EXCLUDED: self.taken,
            Verdict.TOLD_APART: self.told_apart,
            Verdict.UNDECIDED: self.undecided,
            Verdict.ONLY_JOINTLY: self.only_jointly,
            Verdict.STRONGER: self.surer,
            Verdict.WEAKER: self.less_sure,
            Verdict.NOT_EVALUABLE: self.not_evaluable,
            Verdict.NOT_COMPUTED: self.not_computed,
        }
        return written[verdict]()

    def identified(self) -> str:
        """Decided by people; what that means for the others."""
        held = self.pairs.decided.held[self.row]
        if held.column is None:
            words = self.say(
                "Identified as {0} ({1}), who is not compared here; it is looked for nowhere else."
            )
        else:
            family = self.pairs.sought[held.column].family
            words = self.say("Identified as {0} ({1}) and held there: nobody else can be {0}.")
            if sum(one.family == family for one in self.pairs.sought) > 1:
                words = self.say(
                    "Identified as {0} ({1}) and held there: nobody else can be {0}, and the others of the family are "
                    "computed given its genotypes."
                )
        return words.format(held.missing, held.identification)

    # -- where both agree ----------------------------------------------------------------------------------

    def same(self) -> str:
        words = self.say("Both ways {0}: LR {1}, pairwise {2}, jointly {3}.")
        column = self.best
        return self.told(
            words.format(self.name(column), self.lr(column), self.alone, self.jointly(column)), column
        )

    def nobody(self) -> str:
        unplaced = share(self.solution.unplaced[self.row] or 0.0, self.say)
        if self.answers.fits:
            words = self.say(
                "Nobody is likely either way: {0} fits best with LR {1}, pairwise {2}, jointly {3}."
            )
            column = self.best
            return words.format(self.name(column), self.lr(column), self.alone, self.jointly(column))
        if PairState.EVALUATED in self.pairs.table.states(self.row):
            return self.say("No pair has an LR of 1 or more; jointly nobody on the list, {0}.").format(
                unplaced
            )
        return self.say("Excluded from everybody with whom it could be compared.")

    def not_evaluable(self) -> str:
        return self.say(
            "No pair could be evaluated: the sexes differ, or no relative tells anything about a locus that was "
            "typed here. That is not an exclusion."
        )

    def not_computed(self) -> str:
        number = self.pairs.victims[self.row].number
        reasons = [item.reason for item in self.solution.refused if item.id == number]
        return " ".join(reasons) or self.say("It could not be computed with the others.")

    # -- where they differ -----------------------------------------------------------------------------------

    def moved(self) -> str:
        column, joint = self.best, self.answers.ranking[0][0]
        words = self.say("Pairwise {0} fits best, LR {1}; jointly it is {2}, {3}{4}.")
        reason = self.because(column, joint)
        return self.told(
            words.format(self.name(column), self.lr(column), self.name(joint), self.jointly(joint), reason),
            column,
        )

    def taken(self) -> str:
        column = self.best
        words = self.say("Pairwise {0} fits best, LR {1}; jointly that is only {2}{3}.")
        reason = self.because(column)
        return self.told(
            words.format(self.name(column), self.lr(column), self.jointly(column), reason), column
        )

    def told_apart(self) -> str:
        joint = self.answers.ranking[0][0]
        others = [c for c in (self.best, *self.answers.alike) if c != joint]
        words = self.say("Pairs can't tell {0} from {1} (LR {2}); jointly it is {0}, {3}{4}.")
        reason = self.because(others[0], joint)
        names = self.listed([self.name(c) for c in others])
        return self.told(
            words.format(self.name(joint), names, self.lr(joint), self.jointly(joint), reason), others[0]
        )

    def undecided(self) -> str:
        tied = self.answers.tied
        names = self.listed([self.name(c) for c in tied])
        shares = " : ".join(f"{100 * self.solution.posterior[self.row][c]:.0f}" for c in tied)
        fits = [self.pairs.table.log10_lr.get((self.row, c)) for c in tied]
        alike = None not in fits and len({round(value, 1) for value in fits if value is not None}) == 1
        families = {self.pairs.sought[c].family_number for c in tied}
        if alike and len(families) == 1:
            words = self.say(
                "{0} of family {1} can't be told apart: each pair alone has LR {2}, {3}; jointly they share it, "
                "{4}. Another relative's sample, age or sex may decide."
            )
            return words.format(names, *families, self.lr(tied[0]), self.alone, shares)
        words = self.say(
            "Jointly it stays open between {0}, {1} in a hundred; the strongest pair is {2}, LR {3}."
        )
        strongest = self.name(self.best) if self.answers.fits else self.say("none")
        return words.format(names, shares, strongest, self.lr(self.best) if self.answers.fits else "–")

    def only_jointly(self) -> str:
        joint = self.answers.ranking[0][0]
        log10 = self.pairs.table.log10_lr.get((self.row, joint))
        state = self.pairs.table.state(self.row, joint)
        reason = self.because(None, joint)
        if log10 is not None:
            words = self.say("By itself {0} has LR {1}, {2}; jointly it is {3}{4}.")
            alone = share(self.pairs.pairwise_posterior(log10), self.say)
            return words.format(self.name(joint), self.lr(joint), alone, self.jointly(joint), reason)
        if state is PairState.NOT_EVALUABLE:
            words = self.say(
                "By itself {0} could not be evaluated, which is not an exclusion; jointly it is {1}{2}."
            )
        else:
            words = self.say("By itself {0} has an LR below 1; jointly it is {1}{2}.")
        return words.format(self.name(joint), self.jointly(joint), reason)

    def surer(self) -> str:
        column = self.best
        words = self.say(
            "{0} both ways, but only jointly enough for the policy: pairwise {1}, jointly {2}{3}."
        )
        return words.format(self.name(column), self.alone, self.jointly(column), self.because(None, column))

    def less_sure(self) -> str:
        column = self.best
        words = self.say("Pairwise {0} fits best, LR {1}, {2}; jointly only {3}{4}.")
        reason = self.because(column)
        return self.told(
            words.format(self.name(column), self.lr(column), self.alone, self.jointly(column), reason), column
        )

    # -- parts -----------------------------------------------------------------------------------------------

    @property
    def best(self) -> int:
        return self.answers.fits[0][0]

    @property
    def alone(self) -> str:
        """The posterior of the strongest pair by itself."""
        return share(self.answers.pairwise[1] if self.answers.pairwise else 0.0, self.say)

    def name(self, column: int) -> str:
        return self.pairs.sought[column].number

    def lr(self, column: int) -> str:
        log10 = self.pairs.table.log10_lr.get((self.row, column))
        if log10 is None:
            return self.say("below 1")
        return stated_ratio(log10) if log10 < PLAIN else power_of_ten(log10)

    def jointly(self, column: int) -> str:
        return share(self.solution.posterior[self.row].get(column, 0.0), self.say)

    def because(self, lost: int | None, won: int | None = None) -> str:
        """Why: what was decided, who takes the place that is lost, or who counts as a relative of the one that is
        won."""
        decided = self._decided(lost) if lost is not None else ""
        if decided:
            return decided
        claims = self.answers.claims(lost, WORTH_NAMING) if lost is not None else []
        if claims and lost is not None:
            taker, p = claims[0]
            words = self.say(", because {0} takes the place of {1} ({2})")
            if p < 0.5:
                words = self.say(", because {0} may be {1} as well ({2})")
            return words.format(self.pairs.victims[taker].number, self.name(lost), share(p, self.say))
        relatives = self.answers.relatives(won) if won is not None else []
        if relatives:
            names = self.listed(self.few([self.pairs.victims[r].number for r in relatives]))
            words = self.say(", because {0}, placed in the same family, counts as a relative too")
            if len(relatives) > 1:
                words = self.say(", because {0}, placed in the same family, count as relatives too")
            return words.format(names)
        if won is not None and lost is None:
            return self.say(", because the other missing persons on the list hardly fit")
        return ""

    def _decided(self, lost: int) -> str:
        """What people decided that takes a missing person from this victim."""
        decided = self.pairs.decided
        match, identification = decided.excluded.get((self.row, lost)), decided.identification(lost)
        if match:
            return self.say(", because a reviewer excluded the pair ({0})").format(match)
        if not identification:
            return ""
        who = [self.pairs.victims[r].number for r, one in decided.held.items() if one.column == lost]
        if not who:
            words = self.say(
                ", because {0} is identified already ({1}), by remains that are not compared here"
            )
            return words.format(self.name(lost), identification)
        return self.say(", because {0} is identified as {1} ({2})").format(
            self.listed(who), self.name(lost), identification
        )

    def told(self, words: str, column: int) -> str:
        """The sentence, and a second one where a rival looks like the same person."""
        for taker, _ in self.answers.claims(column, WORTH_NAMING):
            one, other = self.pairs.victims[self.row], self.pairs.victims[taker]
            both, differing = agreement(one, other)
            if both >= SAME_LOCI and not differing:
                hint = self.say(
                    "{0} and {1} agree at all {2} loci that both have: if they are one person, re-associate "
                    "them first."
                )
                return f"{words} {hint.format(one.number, other.number, both)}"
        return words

    def few(self, names: Sequence[str]) -> list[str]:
        """The first of many names and how many there are beside them."""
        if len(names) <= NAMED:
            return list(names)
        return [*names[:NAMED], self.say("{0} more").format(len(names) - NAMED)]

    def listed(self, names: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(names) < 2:
            return "".join(names)
        return self.say("{0} and {1}").format(", ".join(names[:-1]), names[-1])
