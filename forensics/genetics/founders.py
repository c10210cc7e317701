"""Alleles that come into a family from its population, coupled by θ (the Pólya urn).

The n-th allele drawn is a with probability (θ·c + (1−θ)·p) / (1 + (n−2)·θ), c of the n−1 before being a
(Balding & Nichols, Forensic Sci Int 1994, doi:10.1016/0379-0738(94)90222-4). The order of drawing does not
matter, so the alleles of typed founders are drawn first, as numbers. What remains couples the unknown genes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
