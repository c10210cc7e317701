"""How well the genotypes of two people fit the relation that a pedigree states between them: many pairs at once.

LR = P(both genotypes | related as drawn) / P(both | unrelated), per locus and multiplied, exactly. Pairs that stand
alike in their drawings are computed together, locus by locus.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forensics.domain.errors import NominaError
from forensics.domain.kinship import Convention, FrequencyTable, Genotype, MutationModel, Pedigree
from forensics.genetics.compile import probability
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_shape import Person, Shape, place
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability
from forensics.genetics.screening_kit import Kit

APART = Shape((Person(-1, -1, True), Person(-1, -1, True)), -1)


@dataclass(frozen=True, slots=True)
class Stated:
    """Two members of a pedigree with their genotypes by locus."""

    pedigree: Pedigree
    first: str
    second: str
    genotypes: Mapping[str, Mapping[str, Genotype]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the laboratory assumes of every pair; the fields are those of a kinship case."""

    loci: tuple[str, ...]
    frequencies: FrequencyTable
    mutation: Mapping[str, MutationModel]
    theta: float
    convention: Convention
    minimum_frequency: float


def stated_ratios(pairs: Sequence[Stated], rules: Rules) -> list[float]:
    """log10 LR of each pair; minus infinity for 0, not a number for a pair that has to be computed by itself.

    The latter are those with an allele that the table lacks, twins of one egg, and drawings too entangled here.
    """
    kit = Kit(rules.loci, rules.frequencies, rules.mutation, rules.minimum_frequency)
    numbers = np.array(
        [[kit.numbered(pair.genotypes[name]) for name in (pair.first, pair.second)] for pair in pairs],
        dtype=np.int64,
    ).reshape(len(pairs), 2, len(rules.loci))
    found = np.full(len(pairs), math.nan)
    with single_threaded():
        for (shape, swapped), members in _alike(pairs, rules.convention).items():
            usable = np.array([k for k in members if (numbers[k] >= -1).all()], dtype=np.int64)
            seen = numbers[usable][:, ::-1] if swapped else numbers[usable]
            try:
                found[usable] = _sums(shape, seen, kit, rules.theta)
            except NominaError:
                continue  # too entangled
    return found.tolist()


def _alike(pairs: Sequence[Stated], convention: Convention) -> dict[tuple[Shape, bool], list[int]]:
    """Pairs by the shape that they stand in, and whether the second of them comes first in it."""
    groups: dict[tuple[Shape, bool], list[int]] = {}
    for k, pair in enumerate(pairs):
        both = frozenset((pair.first, pair.second))
        placed = place(pair.pedigree, both, None, both if convention is Convention.PRUNED else None)
        if both <= set(placed.names):
            swapped = placed.names.index(pair.first) > placed.names.index(pair.second)
            groups.setdefault((placed.shape, swapped), []).append(k)
    return groups


def _sums(shape: Shape, seen: Index, kit: Kit, theta: float) -> Array:
    """(pairs,): the sum over the loci that both are typed at; `seen` (pairs, 2, loci) are numbers of genotypes."""
    places = [i for i, person in enumerate(shape.people) if person.typed]
    total: list[list[float]] = [[] for _ in seen]
    for number, locus in enumerate(kit.loci):
        here = np.flatnonzero((seen[:, :, number] >= 0).all(axis=1))
        if len(here):
            values = _at_locus(shape, places, kit.model(locus), seen[here, :, number].T, theta)
            for k, value in zip(here.tolist(), values.tolist(), strict=True):
                total[k].append(value)
    return np.array([math.fsum(values) if -math.inf not in values else -math.inf for values in total])


def _at_locus(
    shape: Shape, places: Sequence[int], model: LocusModel, genotypes: Index, theta: float
) -> Array:
    """(pairs,) log10 LR at one locus; `genotypes` (2, pairs)."""
    count = genotypes.shape[1]
    alleles = np.stack([model.first[genotypes], model.second[genotypes]], axis=1)  # (2 people, 2, pairs)
    drawn = Lanes(count, dict(zip(places, alleles, strict=True)))
    above = probability(shape, model, drawn, theta) * founders_probability(shape, model, drawn, theta)
    below = founders_probability(APART, model, Lanes(count, {0: alleles[0], 1: alleles[1]}), theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log10(above / below))
