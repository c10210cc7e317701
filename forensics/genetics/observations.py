"""What was seen of a person at a locus, as a weight for each true genotype.

A weight table has shape (n, n) over ordered genotypes (from father, from mother), or (n,) for the X of a
male. A clear genotype has weight 1 at its two orders and 0 elsewhere; an apparent homozygote may hide a
silent allele; a trace has a probability for every true genotype (drop-out and drop-in after
Haned, Forensic Sci Int Genet 2011, doi:10.1016/j.fsigen.2010.06.003, as in relMix: Hernandis et al.
2019, doi:10.1016/j.fsigen.2018.11.005).
"""

import math
from collections.abc import Sequence

import numpy as np

from forensics.domain.kinship import Allele, DropOut, Genotype
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.mutation import Matrix


def genotype_weights(
    genotype: Genotype, full: AlleleSpace, small: AlleleSpace, of: Sequence[int], hemizygous: bool
) -> Matrix:
    """Weights of a genotype that was read without doubt (but for a silent allele), in the lumped space."""
    n = len(small)
    a, b = of[full.index(genotype[0])], of[full.index(genotype[-1])]
    if hemizygous:
        single = np.zeros(n)
        single[a] = 1.0
        return single
    weights = np.zeros((n, n))
    weights[a, b] = weights[b, a] = 1.0
    if a == b and small.silent is not None:
        weights[a, small.silent] = weights[small.silent, a] = 1.0
    return weights


def trace_weights(
    observed: Sequence[Allele], trace: DropOut, full: AlleleSpace, of: Sequence[int], n: int, hemizygous: bool
) -> Matrix:
    """Probability of the observed set given each true genotype, in the lumped space of n alleles.

    Per allele x of the locus: it stays unseen with probability q = (1 − c·p) · (1, d or d2 for none, one
    or two copies) and is seen with 1 − q. A silent allele is never seen and tells nothing.
    """
    seen = {full.index(allele) for allele in observed}
    c, d, d2 = trace.drop_in, trace.heterozygous, trace.homozygous
    visible = [i for i in range(len(full)) if i != full.silent]
    unseen = math.prod(1 - c * float(full.p[i]) for i in visible if i not in seen)
    none, one, two = np.ones(n), np.ones(n), np.ones(n)
    for i in visible:
        place = of[i]
        if i in seen:
            added = 1 - c * float(full.p[i])
            none[place], one[place], two[place] = c * float(full.p[i]), 1 - added * d, 1 - added * d2
        else:
            one[place], two[place] = d, d2
    return unseen * (_hemizygous(none, one) if hemizygous else _diploid(none, one, two))


def _hemizygous(none: Matrix, one: Matrix) -> Matrix:
    n = len(none)
    return np.array([math.prod(one[i] if i == g else none[i] for i in range(n)) for g in range(n)])


def _diploid(none: Matrix, one: Matrix, two: Matrix) -> Matrix:
    n = len(none)
    without = np.array([[_product_without(none, g, h) for h in range(n)] for g in range(n)])
    weights = without * one[:, None] * one[None, :]
    weights[np.diag_indices(n)] = np.diag(without) * two
    return weights


def _product_without(none: Matrix, g: int, h: int) -> float:
    return math.prod(float(none[i]) for i in range(len(none)) if i not in (g, h))


def copies_are_independent(trace: DropOut) -> bool:
    """Whether two copies drop out like two single ones, so that unseen alleles may be lumped."""
    return math.isclose(trace.homozygous, trace.heterozygous**2, rel_tol=1e-12, abs_tol=1e-300)
