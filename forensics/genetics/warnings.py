"""What a reader of a likelihood ratio must know: exclusions, rare alleles, linked markers."""

from collections.abc import Mapping, Sequence

from forensics.domain.kinship import Chromosome, KinshipCase
from forensics.genetics.locus_data import LocusData

CLOSE_PAIRS = {
    frozenset({"vWA", "D12S391"}): 11.4,
    frozenset({"D5S818", "CSF1PO"}): 26.2,
    frozenset({"SE33", "D6S1043"}): 4.8,
    frozenset({"SE33", "D6S474"}): 23.4,
    frozenset({"D6S1043", "D6S474"}): 18.6,
    frozenset({"D21S11", "Penta D"}): 45.7,
    frozenset({"D21S11", "D21S2055"}): 33.3,
    frozenset({"D21S2055", "Penta D"}): 12.3,
    frozenset({"D8S1132", "D8S1179"}): 16.3,
    frozenset({"D18S51", "D18S1364"}): 3.5,
    frozenset({"D19S253", "D19S433"}): 12.0,
    frozenset({"D5S2500", "D5S2800"}): 0.0,
    frozenset({"D10S1435", "D10S2325"}): 26.1,
}
"""Distances in centimorgan, sex-averaged, of forensic STRs that are clearly linked.

Positions as interpolated on the deCODE map (Halldorsson et al., Science 2019, doi:10.1126/science.aau1043).
"""

INDISTINGUISHABLE = 1e-12
"""A log10 LR this small is rounding."""


def warnings(
    case: KinshipCase, loci: Sequence[LocusData], per_locus: Mapping[str, float | None]
) -> tuple[str, ...]:
    """One sentence for each thing that the numbers alone don't tell."""
    return (
        *_linked(case),
        *_excluded(per_locus),
        *_empty(per_locus),
        *_rare(case, loci),
        *_multiplied(case, per_locus),
    )


def _linked(case: KinshipCase) -> list[str]:
    pairs = [(pair.first, pair.second) for pair in case.linked_pairs]
    if case.recombination is not None:
        pairs.append((case.loci[0], case.loci[1]))
    return [
        f"Loci {first} and {second} are linked: the total has the likelihood ratio of the pair; "
        "their values per locus hold for each alone and must not be multiplied."
        for first, second in pairs
    ]


def _excluded(per_locus: Mapping[str, float | None]) -> list[str]:
    excluded = [locus for locus, value in per_locus.items() if value is None]
    return [f"The numerator is impossible at {', '.join(excluded)}."] if excluded else []


def _empty(per_locus: Mapping[str, float | None]) -> list[str]:
    if all(value is not None and abs(value) < INDISTINGUISHABLE for value in per_locus.values()):
        return ["No locus tells the hypotheses apart: this pair can't be evaluated; it is not an exclusion."]
    return []


def _rare(case: KinshipCase, loci: Sequence[LocusData]) -> list[str]:
    found = []
    for data in loci:
        rare = sorted(a for a in data.seen if case.frequencies.loci[data.locus].get(a, 0) <= 0)
        if rare:
            found.append(
                f"Allele {', '.join(rare)} at {data.locus} is not in the frequency table and was given "
                f"the minimum frequency {case.minimum_frequency:g}."
            )
    return found


def _multiplied(case: KinshipCase, per_locus: Mapping[str, float | None]) -> list[str]:
    """Linked loci that were taken as independent; no warning where one of them tells nothing."""
    telling = [
        locus for locus, value in per_locus.items() if value is None or abs(value) >= INDISTINGUISHABLE
    ]
    joint = {frozenset({pair.first, pair.second}) for pair in case.linked_pairs}
    if case.recombination is not None:
        return []
    if case.chromosome is Chromosome.X and len(telling) > 1:
        return ["X-chromosomal loci are linked and were multiplied as if they were independent."]
    place = {locus: i for i, locus in enumerate(telling)}
    close = sorted(
        (min(places), max(places), distance)
        for pair, distance in CLOSE_PAIRS.items()
        if pair <= place.keys() and pair not in joint
        for places in [[place[locus] for locus in pair]]
    )
    return [
        f"Loci {telling[first]} and {telling[second]} are linked ({distance:g} cM) and were multiplied as if they "
        "were independent; state their recombination rate where more than parents and children are compared."
        for first, second, distance in close
    ]
