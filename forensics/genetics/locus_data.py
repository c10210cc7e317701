"""What is known at one locus of a case: its alleles, and a weight table for everybody who was typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forensics.domain.kinship import Allele, DropOut, Genotype, KinshipCase, Sex
from forensics.genetics.alleles import AlleleSpace, Lumped, allele_space, lump
from forensics.genetics.mutation import Matrix
from forensics.genetics.observations import copies_are_independent, genotype_weights, trace_weights
from forensics.genetics.pedigrees import Graph


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


def weights_of(nodes: Graph, data: LocusData, lumped: Lumped, x_linked: bool) -> dict[int, Matrix]:
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
