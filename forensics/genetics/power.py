"""What the samples of some people could show: power of a family, computed before anybody is tested.

The LR of every possible outcome, its distribution when the numerator holds and when the denominator holds,
the chance of reaching a threshold, and the chance that an unrelated person is excluded. Exclusion power:
Egeland, Pinto & Vigeland, Forensic Sci Int Genet 2014, doi:10.1016/j.fsigen.2013.05.001. LR distributions given
the typed relatives: Vigeland, Marsico, Herrera Piñero & Egeland, Forensic Sci Int Genet 2020,
doi:10.1016/j.fsigen.2020.102376.

Every outcome of every locus is computed where there are not too many of them; else `power_simulation` draws
worlds, with a seed and a standard error.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Chromosome, KinshipCase
from forensics.domain.power import Chance, Exclusion, Power, PowerQuestion, Reach, Simulation
from forensics.domain.progress import Progress, Silent
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.power_simulation import simulated
from forensics.genetics.power_sums import Sum, add_up, mean_of, product, spread, terms
from forensics.genetics.power_tables import Kits, Outcomes, all_outcomes, exclusion, locus_question
from forensics.genetics.validation import check_case

MOST_OUTCOMES = 20_000_000
"""Combinations of genotypes at one locus that are all computed; with more, worlds are drawn."""

SIMULATION = Simulation(10_000, 1)


@single_threaded()
def power(
    question: PowerQuestion, simulation: Simulation = SIMULATION, progress: Progress | None = None
) -> Power:
    """What the available people could show.

    Raises `Invalid` where the question can't be right, `Refused` where it can't be computed.
    """
    check_question(question)
    return power_of(question, question.available, Kits(question.case), simulation, progress)


def power_of(
    question: PowerQuestion,
    available: Sequence[str],
    kits: Kits,
    simulation: Simulation,
    progress: Progress | None = None,
    most: int = MOST_OUTCOMES,
    excluded: bool = True,
) -> Power:
    """The power with these people available, of a checked question; exclusion power only if `excluded`."""
    case, progress = question.case, progress or Silent()
    outcomes = max(len(kits.stated.model(locus).first) for locus in case.loci) ** len(available)
    if outcomes > most:
        return simulated(question, available, kits, simulation, progress, excluded)
    found: list[Outcomes] = []
    impossible: dict[str, float | None] = {}
    for number, locus in enumerate(case.loci):
        progress.step(number, len(case.loci), locus)
        found.append(all_outcomes(locus_question(case, locus, available, kits.stated), available))
        if kits.still is kits.stated:
            impossible[locus] = found[-1].zero
        elif excluded:
            impossible[locus] = exclusion(locus_question(case, locus, available, kits.still), available)
    return _computed(question, available, found, impossible)


def _computed(
    question: PowerQuestion,
    available: Sequence[str],
    loci: Sequence[Outcomes],
    impossible: Mapping[str, float | None],
) -> Power:
    true, false = terms(loci, True), terms(loci, False)
    over, under = add_up(true), add_up(false)
    infinite, zero = at_least_one([x.infinite for x in loci]), at_least_one([x.zero for x in loci])
    factor = product([x.factor for x in loci])
    names = question.case.loci
    return Power(
        tuple(available),
        names,
        spread(true, over, 0.0, infinite),
        spread(false, under, zero, 0.0),
        tuple(Reach(t, *_reach(over, under, t, infinite, factor)) for t in question.asked),
        total_exclusion(impossible),
        {locus: mean_of(own) for locus, own in zip(names, true, strict=True)},
    )


def _reach(
    over: Sum | None, under: Sum | None, threshold: float, infinite: float, factor: float
) -> tuple[Chance, Chance]:
    """The chance of at least this LR if true and if false."""
    if over is None:  # every outcome is one that the denominator can't explain
        return Chance(infinite, infinite, infinite), Chance(0.0, 0.0, 0.0)
    true = over.at_least(threshold, infinite)
    if under is None:
        return true, Chance(0.0, 0.0, 0.0)
    return true, over.by_chance(threshold, factor) if threshold > 0 else under.at_least(threshold)


def total_exclusion(per_locus: Mapping[str, float | None]) -> Exclusion:
    """From the loci: that at least one excludes, and how many do on average."""
    known = [value for value in per_locus.values() if value is not None]
    return Exclusion(dict(per_locus), at_least_one(known), math.fsum(known))


def at_least_one(chances: Sequence[float]) -> float:
    """P(at least one of independent events), exact also where it is very small."""
    if any(chance >= 1 for chance in chances):
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-chance) for chance in chances)) + 0.0


def check_question(question: PowerQuestion) -> None:
    """Raises `Invalid` naming what is wrong, `Refused` for what can't be computed."""
    case = question.case
    if not question.available:
        raise Invalid("Name at least one person whose sample could be taken.")
    if len(set(question.available)) != len(question.available):
        raise Invalid("A person is named twice among those whose samples could be taken; name each once.")
    for person in question.available:
        if any(person not in pedigree.ids for pedigree in (case.numerator, case.denominator)):
            raise Invalid(
                f"{person} is in one hypothesis only; whoever gives a sample must stand in both of them."
            )
        if any(case.genotypes.get(person, {}).get(locus) for locus in case.loci):
            raise Invalid(f"{person} has genotypes already; ask for people who have not been typed.")
    for threshold in question.asked:
        if not math.isfinite(threshold):
            raise Invalid(f"A threshold of log10 LR {threshold} can't be asked for; name a number.")
    _refuse(case)
    check_case(
        replace(case, genotypes={p: g for p, g in case.genotypes.items() if p not in question.available})
    )


def _refuse(case: KinshipCase) -> None:
    reasons = [
        (case.chromosome is Chromosome.X, "X-chromosomal markers"),
        (case.silent_allele is not None, "silent alleles"),
        (case.drop_out is not None, "traces with drop-out"),
        (case.recombination is not None or bool(case.linked_pairs), "linked pairs of loci"),
    ]
    found = next((what for applies, what in reasons if applies), None)
    if found:
        raise Refused(
            f"Power is computed for independent autosomal loci that are read without doubt, not for {found}; "
            "leave them out."
        )
