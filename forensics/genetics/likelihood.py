"""Likelihood ratios of kinship cases, and the exact distribution of an unknown person's genotype.

LR = P(all genotypes | numerator) / P(all genotypes | denominator), the product over independent loci.
Exact for any pedigree; what can't be computed exactly is refused in a sentence.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from forensics.domain.errors import Invalid
from forensics.domain.kinship import (
    Allele,
    Chromosome,
    Convention,
    FrequencyTable,
    Genotype,
    KinshipCase,
    LikelihoodRatio,
    LinkedPair,
    MutationModel,
    Pedigree,
)
from forensics.genetics.alleles import AlleleSpace, Lumped, allele_space
from forensics.genetics.elimination import Scaled
from forensics.genetics.linked import pair_likelihood
from forensics.genetics.loci_at_once import loci_at_once
from forensics.genetics.locus_data import LocusData, informative, locus_data, weights_of
from forensics.genetics.mutation import Matrix
from forensics.genetics.network import likelihood
from forensics.genetics.pedigrees import Graph, graph, relevant
from forensics.genetics.validation import check_case
from forensics.genetics.warnings import warnings

ENGINE = "nomina-likelihood 2"
"""Goes up whenever a number may come out differently."""


def likelihood_ratio(case: KinshipCase) -> LikelihoodRatio:
    """The LR of a case, per locus and in total, as log10 (None: LR 0).

    Raises `Invalid` where the case can't be right and `Refused` where it can't be computed exactly.
    """
    check_case(case)
    graphs = tuple(graph(p, informative(case), case.convention) for p in (case.numerator, case.denominator))
    loci = [locus_data(case, locus) for locus in case.loci]
    per_locus: dict[str, float | None] = {}
    together = loci_at_once(case, loci)
    for data in loci:
        if data.locus in together:
            over, under = (Scaled(np.array(value), 0) for value in together[data.locus])
        else:
            over, under = (locus_likelihood(nodes, data, case.theta, case.chromosome) for nodes in graphs)
        per_locus[data.locus] = log10_ratio(over, under, f"at locus {data.locus}")
    terms = {**per_locus}
    for pair in linked_pairs(case):
        joint = [data for data in loci if data.locus in (pair.first, pair.second)]
        over, under = (linked_pair(nodes, joint, pair.recombination, case.chromosome) for nodes in graphs)
        terms[pair.first] = log10_ratio(over, under, f"at loci {pair.first} and {pair.second}")
        del terms[pair.second]
    return LikelihoodRatio(per_locus, _sum(terms.values()), warnings(case, loci, per_locus))


def linked_pairs(case: KinshipCase) -> tuple[LinkedPair, ...]:
    """The pairs of loci that are computed jointly."""
    if case.recombination is None:
        return case.linked_pairs
    return (LinkedPair(case.loci[0], case.loci[1], case.recombination), *case.linked_pairs)


def locus_likelihood(
    nodes: Graph, data: LocusData, theta: float = 0.0, chromosome: Chromosome = Chromosome.AUTOSOMAL
) -> Scaled:
    """P(genotypes at one locus | pedigree), heterozygote factor 2 included."""
    x_linked = chromosome is Chromosome.X
    weights = weights_of(nodes, data, data.lumped, x_linked)
    kept, old = relevant(nodes, weights, x_linked)
    evidence = {k: weights[i] for k, i in enumerate(old) if i in weights}
    return likelihood(kept, evidence, data.lumped.space, theta, x_linked)


def linked_pair(
    nodes: Graph,
    loci: Sequence[LocusData],
    recombination: float,
    chromosome: Chromosome = Chromosome.AUTOSOMAL,
) -> Scaled:
    """P(genotypes at two linked loci | pedigree), phase unknown, founders in linkage equilibrium."""
    x_linked = chromosome is Chromosome.X
    evidence = [weights_of(nodes, data, data.lumped, x_linked) for data in loci]
    kept, old = relevant(nodes, {i for tables in evidence for i in tables}, x_linked)
    new = {i: k for k, i in enumerate(old)}
    renumbered = [{new[i]: table for i, table in tables.items()} for tables in evidence]
    return pair_likelihood(kept, renumbered, [data.lumped.space for data in loci], recombination, x_linked)


def log_likelihood(
    pedigree: Pedigree,
    genotypes: Mapping[str, Genotype],
    space: AlleleSpace,
    theta: float = 0.0,
    chromosome: Chromosome = Chromosome.AUTOSOMAL,
    convention: Convention = Convention.AS_DRAWN,
) -> float:
    """ln P(genotypes of one locus | pedigree); minus infinity where they are impossible.

    `genotypes` by member id, `space` from `alleles.allele_space`. The pedigree is taken as valid
    (see `validation.check_pedigree`).
    """
    data = LocusData("", space, genotypes)
    return locus_likelihood(graph(pedigree, set(genotypes), convention), data, theta, chromosome).log()


def conditional_genotypes(
    pedigree: Pedigree,
    genotypes: Mapping[str, Genotype],
    target: str,
    space: AlleleSpace,
    theta: float = 0.0,
    chromosome: Chromosome = Chromosome.AUTOSOMAL,
    convention: Convention = Convention.AS_DRAWN,
) -> Matrix:
    """P(genotype of `target` | genotypes of the others), symmetric (n, n); (n,) for the X of a male.

    Entry [a, b] and [b, a] of a heterozygote hold half of its probability each; the sum is 1. An observed
    genotype of the target itself is left out. Raises `Invalid` where the others are impossible.
    """
    x_linked = chromosome is Chromosome.X
    others = {person: g for person, g in genotypes.items() if person != target}
    nodes = graph(pedigree, set(genotypes) | {target}, convention)
    weights = weights_of(nodes, LocusData("", space, others), Lumped(space, np.arange(len(space))), x_linked)
    number = next(i for i, node in enumerate(nodes) if target in node.names)
    kept, old = relevant(nodes, {*weights, number}, x_linked)
    evidence = {k: weights[i] for k, i in enumerate(old) if i in weights}
    table = likelihood(kept, evidence, space, theta, x_linked, target=old.index(number)).table
    if not table.any():
        raise Invalid(
            "The genotypes of these relatives are impossible together; check them and the pedigree."
        )
    table = table / table.sum()
    return table if table.ndim == 1 else np.asarray((table + table.T) / 2)


def genotypes_of(space: AlleleSpace) -> Iterable[tuple[Allele, Allele]]:
    """Every unordered genotype, in ladder order."""
    return ((a, b) for i, a in enumerate(space.names) for b in space.names[i:])


def log10_ratio(over: Scaled, under: Scaled, where: str) -> float | None:
    """log10 of a ratio; None for 0, `Invalid` where the denominator is impossible."""
    if under.zero:
        both = "both hypotheses" if over.zero else "the hypothesis of the denominator"
        raise Invalid(
            f"The genotypes {where} are impossible under {both}, so that no likelihood ratio exists; "
            "check the pedigree and the genotypes, or allow for mutation."
        )
    if over.zero:
        return None
    return math.log10(float(over.table) / float(under.table)) + (over.exponent - under.exponent) * math.log10(
        2
    )


def _sum(values: Iterable[float | None]) -> float | None:
    """Sum in the order given, exactly rounded; None as soon as one locus excludes."""
    listed = list(values)
    known = [value for value in listed if value is not None]
    return math.fsum(known) if len(known) == len(listed) else None


def space_of(
    frequencies: Mapping[Allele, float], mutation: MutationModel | None = None, silent: Allele | None = None
) -> AlleleSpace:
    """The allele space of one locus, from plain frequencies."""
    return allele_space(FrequencyTable("", {"": frequencies}), "", (), mutation, silent)
