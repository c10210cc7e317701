"""Who should give a sample next: the power of a family now, and with each further sample.

The genotype of somebody who has given no sample is averaged over its exact distribution given the typed
relatives: every genotype of theirs with every genotype of the remains is computed. Pairs of further samples
have too many outcomes for that; worlds are drawn for them, with a seed and a standard error.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Convention
from forensics.domain.power import Candidate, Power, PowerQuestion, Prospect, Ranking, Simulation
from forensics.domain.progress import Progress, Silent
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.power import check_question, power_of
from forensics.genetics.power_simulation import simulated
from forensics.genetics.power_tables import Kits, graphs, locus_question, standing, tells

ENGINE = "nomina-power 1"

WORLDS, WORLDS_WITH_THETA = 500, 120
"""Worlds that are drawn where not everything is computed; θ makes each of them dear."""

MOST_OUTCOMES = 5_000_000
"""Combinations of genotypes at one locus, beyond which a single further sample is drawn too."""

MOST_GRAPHS = 100
"""Ways in which θ lets founder alleles be copies of each other, beyond which worlds are drawn."""

PAIRED = 3
"""Pairs are made of so many of the best."""

ENOUGH = 0.99
"""Where one further sample reaches the goal this often, no pair is looked at."""


@single_threaded()
def rank(
    question: PowerQuestion,
    simulation: Simulation | None = None,
    progress: Progress | None = None,
    pairs: bool = True,
) -> Ranking:
    """The power now, with each candidate of the question, and with pairs of the best; the best first.

    The order goes by the chance to reach the question's goal, then by the expected log10 LR. Raises
    `Invalid` or `Refused` if the power now can't be told; a candidate whose power can't be computed keeps
    its place at the end with the reason.
    """
    check_question(question)
    simulation = simulation or Simulation(worlds_for(question), 1)
    kits, loci = Kits(question.case), len(question.case.loci)
    most = (1 + len(question.candidates) + (PAIRED * (PAIRED - 1) // 2 if pairs else 0)) * loci
    watch = _Steps(progress or Silent(), most)
    now = power_of(question, question.available, kits, simulation, watch)
    singles: list[Prospect] = []
    alike: dict[tuple[object, ...], Prospect] = {}
    for number, candidate in enumerate(question.candidates, start=1):
        watch.begin(number * loci, candidate.id)
        if not _tells(question, candidate.id):
            singles.append(Prospect((candidate,), replace(now, people=(candidate.id, *now.people))))
            continue
        place = _place(question, candidate.id, kits)
        if place not in alike:
            alike[place] = _prospect(question, (candidate,), kits, simulation, watch)
        singles.append(_renamed(alike[place], candidate))
    singles.sort(key=lambda one: _order(one, question.goal))
    best = [one.candidates[0] for one in _paired(singles, question.goal)] if pairs else []
    couples = []
    for number, couple in enumerate(combinations(best, 2), start=1 + len(singles)):
        watch.begin(number * loci, " + ".join(one.id for one in couple))
        couples.append(_prospect(question, couple, kits, simulation, watch))
    couples.sort(key=lambda one: _order(one, question.goal))
    return Ranking(question.goal, now, tuple(singles), tuple(couples), _notes(now), ENGINE, question.digest)


def worlds_for(question: PowerQuestion) -> int:
    """How many worlds are drawn when nothing is said."""
    return WORLDS_WITH_THETA if question.case.theta > 0 else WORLDS


class _Steps:
    """Progress over several questions, each of which counts its own loci."""

    def __init__(self, watch: Progress, total: int) -> None:
        self._watch, self._total, self._done, self._what = watch, total, 0, ""

    def begin(self, done: int, what: str) -> None:
        """The next question, after so many steps."""
        self._done, self._what = done, what

    def step(self, done: int, total: int, what: str = "") -> None:
        self._watch.step(self._done + done, self._total, self._what or what)


def _paired(singles: Sequence[Prospect], goal: float) -> list[Prospect]:
    """The best of which pairs are made; none where one sample is enough, or where there are no two."""
    able = [one for one in singles if one.power is not None and one.candidates[0].can_be_asked]
    enough = any(one.power and one.power.reaching(goal).if_true.value >= ENOUGH for one in able)
    return [] if enough else able[:PAIRED]


def _prospect(
    question: PowerQuestion,
    candidates: Sequence[Candidate],
    kits: Kits,
    simulation: Simulation,
    watch: Progress,
) -> Prospect:
    """The power with the samples of these in addition."""
    available = (*(one.id for one in candidates), *question.available)
    try:
        if len(candidates) == 1 and not _dear(question, available, kits):
            excluded = not (question.case.theta > 0 and question.case.mutation)  # a second sum as dear
            found = power_of(question, available, kits, simulation, watch, MOST_OUTCOMES, excluded)
        else:
            found = simulated(question, available, kits, simulation, watch, both=False)
    except (Invalid, Refused) as error:
        return Prospect(tuple(candidates), None, str(error))
    return Prospect(tuple(candidates), found)


def _dear(question: PowerQuestion, available: Sequence[str], kits: Kits) -> bool:
    """Whether θ couples so many unseen founders that not all outcomes are computed."""
    case = question.case
    return case.theta > 0 and any(
        graphs(locus_question(case, locus, available, kits.stated), available) > MOST_GRAPHS
        for locus in case.loci
    )


def _place(question: PowerQuestion, person: str, kits: Kits) -> tuple[object, ...]:
    """Where a candidate stands at every locus; a child that is drawn and a further one tell the same."""
    available = (person, *question.available)
    asked = (locus_question(question.case, locus, available, kits.stated) for locus in question.case.loci)
    return tuple(standing(one, person, question.available) for one in asked)


def _renamed(found: Prospect, candidate: Candidate) -> Prospect:
    """What another who stands alike could show, under this candidate's name."""
    power = found.power and replace(found.power, people=(candidate.id, *found.power.people[1:]))
    return replace(found, candidates=(candidate,), power=power)


def _tells(question: PowerQuestion, person: str) -> bool:
    """Whether a sample of this person could change anything; where that is not plain, it is computed."""
    case = question.case
    if not question.missing or case.theta > 0 or case.convention is Convention.PRUNED:
        return True
    typed = {frozenset(p for p, g in case.genotypes.items() if g.get(locus)) for locus in case.loci}
    return any(tells(case.numerator, some, person, question.available[-1]) for some in typed)


def _order(prospect: Prospect, goal: float) -> tuple[float, float]:
    """Best first; whoever could not be computed comes last. A simulated chance counts less its error."""
    if prospect.power is None:
        return 1.0, 0.0
    reached, mean = prospect.power.reaching(goal).if_true, prospect.power.if_true.mean
    return -round(reached.value - (reached.standard_error or 0.0), 6), -(mean or 0.0)


def _notes(now: Power) -> tuple[str, ...]:
    """What a reader must know besides the numbers."""
    impossible = [locus for locus, value in now.exclusion.per_locus.items() if value is None]
    if not impossible:
        return ()
    return (
        f"At {', '.join(impossible)} the typed relatives already need a mutation; exclusion is not counted there.",
    )
