"""Likelihood ratios of kinship cases, and the exact distribution of an unknown person's genotype.

LR = P(all genotypes | numerator) / P(all genotypes | denominator), the product over independent loci.
Exact for any pedigree; what can't be computed exactly is refused in a sentence.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forensics.domain.errors import Invalid
from forensics.domain.kinship import (
    Allele,
    Chromosome,
    Convention,
    DropOut,
    FrequencyTable,
    Genotype,
    KinshipCase,
    LikelihoodRatio,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.genetics.alleles import AlleleSpace, Lumped, allele_space, lump
from forensics.genetics.elimination import Scaled
from forensics.genetics.linked import pair_likelihood
from forensics.genetics.mutation import Matrix
from forensics.genetics.network import likelihood
from forensics.genetics.observations import copies_are_independent, genotype_weights, trace_weights
from forensics.genetics.pedigrees import Graph, graph, relevant
from forensics.genetics.validation import check_case


@dataclass(frozen=True)
class LocusData:
    """What is known at one locus: the alleles, and who was seen to have which."""

    locus: str
    space: AlleleSpace
    genotypes: Mapping[str, Genotype]
    trace: DropOut | None = None  # only where it was read at this locus

    @cached_property
    def seen(self) -> frozenset[Allele]:
        """Every allele that somebody shows."""
        return seen_alleles(self.locus, self.genotypes, self.trace)

    @cached_property
    def lumped(self) -> Lumped:
        """The alleles with those merged that nobody shows and nothing tells apart."""
        if self.trace is not None and not copies_are_independent(self.trace):
            return Lumped(self.space, np.arange(len(self.space)))
        return lump(self.space, {self.space.index(allele) for allele in self.seen})


def seen_alleles(locus: str, genotypes: Mapping[str, Genotype], trace: DropOut | None) -> frozenset[Allele]:
    """The alleles that genotypes and trace show at a locus."""
    observed = trace.observed[locus] if trace else ()
    return frozenset(allele for genotype in genotypes.values() for allele in genotype) | frozenset(observed)


def likelihood_ratio(case: KinshipCase) -> LikelihoodRatio:
    """The LR of a case, per locus and in total, as log10 (None: LR 0).

    Raises `Invalid` where the case can't be right and `Refused` where it can't be computed exactly.
    """
    check_case(case)
    graphs = tuple(graph(p, informative(case), case.convention) for p in (case.numerator, case.denominator))
    loci = [locus_data(case, locus) for locus in case.loci]
    per_locus: dict[str, float | None] = {}
    for data in loci:
        over, under = (locus_likelihood(nodes, data, case.theta, case.chromosome) for nodes in graphs)
        per_locus[data.locus] = log10_ratio(over, under, f"at locus {data.locus}")
    warnings = _warnings(case, loci, per_locus)
    if case.recombination is None:
        return LikelihoodRatio(per_locus, _sum(per_locus.values()), warnings)
    over, under = (linked_pair(nodes, loci, case.recombination, case.chromosome) for nodes in graphs)
    both = " and ".join(case.loci)
    linked = (
        f"Loci {both} are linked: the total is the likelihood ratio of the pair, "
        "the values per locus hold for each locus alone and must not be multiplied."
    )
    return LikelihoodRatio(per_locus, log10_ratio(over, under, f"at loci {both}"), (linked, *warnings))


def informative(case: KinshipCase) -> set[str]:
    """People with data at any locus of the case."""
    people = {p for p, loci in case.genotypes.items() if any(loci.get(locus) for locus in case.loci)}
    if case.drop_out and any(locus in case.drop_out.observed for locus in case.loci):
        people.add(case.drop_out.person)
    return people


def locus_data(case: KinshipCase, locus: str) -> LocusData:
    """The data of one locus of a case; `Invalid` for an allele that the table lacks."""
    genotypes = {p: tuple(loci[locus]) for p, loci in case.genotypes.items() if loci.get(locus)}
    trace = case.drop_out if case.drop_out and locus in case.drop_out.observed else None
    space = allele_space(
        case.frequencies,
        locus,
        sorted(seen_alleles(locus, genotypes, trace)),
        case.mutation.get(locus),
        case.silent_allele,
        case.minimum_frequency,
    )
    return LocusData(locus, space, genotypes, trace)


def locus_likelihood(
    nodes: Graph, data: LocusData, theta: float = 0.0, chromosome: Chromosome = Chromosome.AUTOSOMAL
) -> Scaled:
    """P(genotypes at one locus | pedigree), heterozygote factor 2 included."""
    x_linked = chromosome is Chromosome.X
    weights = _weights(nodes, data, data.lumped, x_linked)
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
    evidence = [_weights(nodes, data, data.lumped, x_linked) for data in loci]
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
    weights = _weights(nodes, LocusData("", space, others), Lumped(space, np.arange(len(space))), x_linked)
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


def _weights(nodes: Graph, data: LocusData, lumped: Lumped, x_linked: bool) -> dict[int, Matrix]:
    """Weight tables by node; twins must fit both, so that theirs are multiplied."""
    of = [int(i) for i in lumped.of]
    small = lumped.space
    result: dict[int, Matrix] = {}
    for i, node in enumerate(nodes):
        hemizygous = x_linked and node.sex is Sex.MALE
        for name in node.names:
            if name in data.genotypes:
                result[i] = result.get(i, 1.0) * genotype_weights(
                    data.genotypes[name], data.space, small, of, hemizygous
                )
            if data.trace is not None and data.trace.person == name:
                observed = data.trace.observed[data.locus]
                table = trace_weights(observed, data.trace, data.space, of, len(small), hemizygous)
                result[i] = result.get(i, 1.0) * table
    return result


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


def _warnings(
    case: KinshipCase, loci: Sequence[LocusData], per_locus: Mapping[str, float | None]
) -> tuple[str, ...]:
    excluded = [locus for locus, value in per_locus.items() if value is None]
    found = [f"The numerator is impossible at {', '.join(excluded)}."] if excluded else []
    for data in loci:
        rare = sorted(a for a in data.seen if case.frequencies.loci[data.locus].get(a, 0) <= 0)
        if rare:
            found.append(
                f"Allele {', '.join(rare)} at {data.locus} is not in the frequency table and was given "
                f"the minimum frequency {case.minimum_frequency:g}."
            )
    return tuple(found)


def space_of(
    frequencies: Mapping[Allele, float], mutation: MutationModel | None = None, silent: Allele | None = None
) -> AlleleSpace:
    """The allele space of one locus, from plain frequencies."""
    return allele_space(FrequencyTable("", {"": frequencies}), "", (), mutation, silent)
