"""Alleles that come into a family from its population, coupled by θ (the Pólya urn).

The n-th allele drawn is a with probability (θ·c + (1−θ)·p) / (1 + (n−2)·θ), c of the n−1 before being a
(Balding & Nichols, Forensic Sci Int 1994, doi:10.1016/0379-0738(94)90222-4). The order of drawing does not
matter, so the alleles of typed founders are drawn first, as numbers. What remains couples the unknown
genes, either in one table or as a mixture over the ways in which they can be copies of each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.mutation import Matrix

Domain = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Urn:
    """State of the urn after `drawn` known alleles: weight (n,) of a new draw of each allele."""

    theta: float
    p: Matrix
    counts: Matrix
    drawn: int

    @property
    def weights(self) -> Matrix:
        """Unnormalised weight of each allele at the next draw."""
        if self.drawn == 0:
            return self.p
        result: Matrix = self.theta * self.counts + (1 - self.theta) * self.p
        return result

    def denominator(self, further: int) -> float:
        """What the weight is divided by after `further` more draws."""
        n = self.drawn + further
        return 1.0 if n == 0 else 1 + (n - 1) * self.theta


def draw_known(p: Matrix, theta: float, alleles: Sequence[int]) -> tuple[list[float], Urn]:
    """Probability of each of these draws, one after another, and the urn afterwards."""
    chances = []
    urn = Urn(theta, p, np.zeros(len(p)), 0)
    for allele in alleles:
        chances.append(float(urn.weights[allele]) / urn.denominator(0))
        counts = urn.counts.copy()
        counts[allele] += 1
        urn = Urn(theta, p, counts, urn.drawn + 1)
    return chances, urn


def joint_table(urn: Urn, domains: Sequence[Domain]) -> Matrix:
    """Joint probability of further draws, one axis per gene over the alleles of its domain."""
    dims = len(domains)
    table = np.ones([len(domain) for domain in domains])
    for i, domain in enumerate(domains):
        axis = _along(urn_weights(urn, i)[domain], i, dims)
        copies = np.zeros([1] * dims)
        for j in range(i):
            same = (domains[j][:, None] == domain[None, :]).astype(np.float64)
            copies = copies + _across(same, j, i, dims)
        table *= (axis + urn.theta * copies) / urn.denominator(i)
    return table


def urn_weights(urn: Urn, further: int) -> Matrix:
    """Weight of a new allele at a later draw, before copies of the draws in between."""
    if urn.drawn == 0 and further > 0:
        result: Matrix = (1 - urn.theta) * urn.p
        return result
    return urn.weights


def _along(values: Matrix, axis: int, dims: int) -> Matrix:
    shape = [1] * dims
    shape[axis] = len(values)
    return values.reshape(shape)


def _across(values: Matrix, first: int, second: int, dims: int) -> Matrix:
    shape = [1] * dims
    shape[first], shape[second] = values.shape
    return values.reshape(shape)


Partition = tuple[int, ...]
"""Class of each gene, classes numbered by first appearance."""


def partition_weight(urn: Urn, partition: Partition) -> tuple[float, list[Matrix]]:
    """Weight of a partition, and the distribution weights (n,) of the allele of each of its classes."""
    weight, classes, sizes = 1.0, [], [0] * (max(partition) + 1)
    for i, block in enumerate(partition):
        if sizes[block] == 0:
            classes.append(urn_weights(urn, i))
        else:
            weight *= urn.theta * sizes[block]
        weight /= urn.denominator(i)
        sizes[block] += 1
    return weight, classes


@lru_cache(maxsize=256)
def partitions(genes: int, pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[Partition, int], ...]:
    """Partitions of the genes with their multiplicity, those alike under swapping a pair taken together."""
    counted: dict[Partition, int] = {}
    for partition in _all_partitions(genes):
        least = min(_swapped(partition, pairs))
        counted[least] = counted.get(least, 0) + 1
    return tuple(sorted(counted.items()))


@lru_cache(maxsize=64)
def bell(genes: int) -> int:
    """How many partitions there are."""
    row = [1]
    for _ in range(genes - 1):
        following = [row[-1]]
        for value in row:
            following.append(following[-1] + value)
        row = following
    return row[-1]


def _all_partitions(genes: int) -> Iterator[Partition]:
    def extend(prefix: Partition, classes: int) -> Iterator[Partition]:
        if len(prefix) == genes:
            yield prefix
            return
        for block in range(classes + 1):
            yield from extend((*prefix, block), max(classes, block + 1))

    yield from extend((), 0)


def _swapped(partition: Partition, pairs: tuple[tuple[int, int], ...]) -> Iterator[Partition]:
    for choice in range(1 << len(pairs)):
        labels = list(partition)
        for bit, (a, b) in enumerate(pairs):
            if choice >> bit & 1:
                labels[a], labels[b] = labels[b], labels[a]
        numbers: dict[int, int] = {}
        yield tuple(numbers.setdefault(label, len(numbers)) for label in labels)
