"""Mutation matrices: from the name of a model and its rates to the probabilities of each step.

Every matrix is n × n, rows the parent's allele, columns the child's, in ladder order, rows summing to 1.
A silent allele neither mutates nor arises by mutation: the model runs over the visible alleles only.

Sources: Egeland, Pinto & Amorim, Forensic Sci Int Genet 2017, doi:10.1016/j.fsigen.2017.04.018 (equal,
proportional, stepwise); Simonsson & Mostad, Forensic Sci Int Genet 2016, doi:10.1016/j.fsigen.2016.04.005
(stationary transform PM); Dawid, Mortera & Pascali, Forensic Sci Int 2001,
doi:10.1016/S0379-0738(01)00525-1 (stationary stepwise).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import Allele, MutationKind, MutationModel, Sex

Matrix = NDArray[np.float64]

ROW_SUM_TOLERANCE = 1e-6
"""Stated matrices are rounded in files; a row may miss 1 by this much."""


def mutation_matrix(
    model: MutationModel,
    alleles: Sequence[Allele],
    frequencies: Matrix,
    parent: Sex,
    silent: Allele | None = None,
) -> Matrix | None:
    """The matrix that a parent of this sex transmits with; None where nothing can mutate.

    `frequencies` has shape (n,), in the order of `alleles`. Raises `Invalid` where the model does not
    fit the alleles, `Refused` where it has no fixed numbers.
    """
    visible = [i for i, allele in enumerate(alleles) if allele != silent]
    if model.kind is MutationKind.MATRIX or model.matrix_male:
        matrix = _stated(model, alleles, parent, silent)
    else:
        male = parent is Sex.MALE
        ladder = _Ladder(
            [alleles[i] for i in visible],
            frequencies[visible],
            model.rate_male if male else model.rate_female,
            model.rate2_male if male else model.rate2_female,
            model.range_male if male else model.range_female,
        )
        inner = _BUILDERS[model.kind](ladder)
        matrix = np.eye(len(alleles))
        matrix[np.ix_(visible, visible)] = inner
    if model.transform is not None:
        if model.transform != "PM":
            raise Refused(f"The mutation transform {model.transform!r} is not known; use 'PM' or none.")
        block = np.ix_(visible, visible)
        matrix[block] = stationary_transform(matrix[block], frequencies[visible])
    if (matrix < 0).any() or not np.isfinite(matrix).all():
        raise Invalid(
            f"The {model.kind.value} mutation model has rates too high for these allele frequencies: "
            "a probability would be negative; lower the rate or choose another model."
        )
    return None if np.array_equal(matrix, np.eye(len(alleles))) else matrix


@dataclass(frozen=True, slots=True)
class _Ladder:
    """The visible alleles, their frequencies (n,), and one sex's parameters."""

    alleles: Sequence[Allele]
    p: Matrix
    rate: float
    rate2: float
    base: float

    def __len__(self) -> int:
        return len(self.alleles)


def _equal(ladder: _Ladder) -> Matrix:
    n, rate = len(ladder), ladder.rate
    if n == 1:
        return np.eye(1)
    matrix = np.full((n, n), rate / (n - 1))
    np.fill_diagonal(matrix, 1 - rate)
    return matrix


def _proportional(ladder: _Ladder) -> Matrix:
    p = ladder.p / ladder.p.sum()  # a silent allele takes its share of the table, not of the model
    heterozygosity = float((p * (1 - p)).sum())
    a = ladder.rate / heterozygosity if heterozygosity > 0 else 0.0
    matrix: Matrix = (1 - a) * np.eye(len(p)) + a * p[None, :]
    return matrix


def _onestep(ladder: _Ladder) -> Matrix:
    sizes, rate = repeat_numbers(ladder.alleles), ladder.rate
    near = np.abs(np.abs(sizes[:, None] - sizes[None, :]) - 1) < 1e-6
    neighbours = near.sum(axis=1)
    matrix = np.where(near, rate / np.maximum(neighbours, 1)[:, None], 0.0)
    np.fill_diagonal(matrix, np.where(neighbours > 0, 1 - rate, 1.0))
    return np.asarray(matrix)


def _stepwise(ladder: _Ladder) -> Matrix:
    rate, rate2, base = ladder.rate, ladder.rate2, ladder.base
    sizes = repeat_numbers(ladder.alleles)
    group = np.round(10 * (sizes - np.round(sizes)))
    same = group[:, None] == group[None, :]
    other_steps = same & ~np.eye(len(sizes), dtype=bool)
    steps = np.where(other_steps, np.round(np.abs(sizes[:, None] - sizes[None, :])), 0.0)
    weights = np.where(other_steps, base**steps, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    outside = (~same).sum(axis=1, keepdims=True)
    matrix = rate * np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    matrix += np.where(same, 0.0, rate2 / np.maximum(outside, 1))
    inside = other_steps.any(axis=1)
    stay = 1 - np.where(inside, rate, 0.0) - np.where(outside[:, 0] > 0, rate2, 0.0)
    np.fill_diagonal(matrix, stay)
    return np.asarray(matrix)


def _dawid(ladder: _Ladder) -> Matrix:
    n, p, rate, g = len(ladder), ladder.p, ladder.rate, ladder.base
    if n == 1:
        return np.eye(1)
    if not 0 < g < 1 or (p <= 0).any():
        raise Invalid("The dawid mutation model needs a range between 0 and 1 and positive frequencies.")
    a = (1 - g**n) / (1 - g)
    index = np.arange(n)
    matrix = rate * (1 - g) / (2 * g * (n - a)) * g ** np.abs(index[:, None] - index[None, :]) / p[:, None]
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, 1 - matrix.sum(axis=1))
    return np.asarray(matrix)


def _random(_: _Ladder) -> Matrix:
    raise Refused(
        "A random mutation matrix can't be repeated from its rates; state the matrices themselves "
        "(matrix_male, matrix_female and their alleles)."
    )


def _stated(model: MutationModel, alleles: Sequence[Allele], parent: Sex, silent: Allele | None) -> Matrix:
    rows = model.matrix_male if parent is Sex.MALE else model.matrix_female
    names = model.alleles or tuple(alleles)
    if (
        len(set(names)) != len(names)
        or len(rows) != len(names)
        or any(len(row) != len(names) for row in rows)
    ):
        raise Invalid("A stated mutation matrix must be square, with one row and column per allele it names.")
    matrix = np.array(rows, dtype=np.float64)
    if not np.isfinite(matrix).all() or (matrix < 0).any() or (matrix > 1 + ROW_SUM_TOLERANCE).any():
        raise Invalid("A stated mutation matrix holds something that is not a probability.")
    if (np.abs(matrix.sum(axis=1) - 1) > ROW_SUM_TOLERANCE).any():
        raise Invalid("A row of a stated mutation matrix does not sum to 1.")
    result = np.eye(len(alleles))
    known = [i for i, allele in enumerate(alleles) if allele in names]
    missing = [allele for allele in alleles if allele not in names and allele != silent]
    if missing:
        raise Invalid(f"The stated mutation matrix has no row for allele {missing[0]}.")
    order = [names.index(alleles[i]) for i in known]
    unused = [i for i in range(len(names)) if i not in order]
    if unused and (matrix[np.ix_(order, unused)] > 0).any():
        raise Invalid(
            f"The stated mutation matrix leads to allele {names[unused[0]]}, which the table lacks."
        )
    result[np.ix_(known, known)] = matrix[np.ix_(order, order)]
    return result


_BUILDERS: dict[MutationKind, Callable[[_Ladder], Matrix]] = {
    MutationKind.EQUAL: _equal,
    MutationKind.PROPORTIONAL: _proportional,
    MutationKind.ONESTEP: _onestep,
    MutationKind.STEPWISE: _stepwise,
    MutationKind.DAWID: _dawid,
    MutationKind.RANDOM: _random,
}


def repeat_numbers(alleles: Sequence[Allele]) -> Matrix:
    """Designations as repeat numbers, for models that count steps; `Invalid` names what is no number."""
    sizes = []
    for allele in alleles:
        try:
            sizes.append(float(allele))
        except ValueError:
            raise Invalid(
                f"A mutation model that counts steps needs repeat numbers, and allele {allele!r} is none."
            ) from None
    return np.array(sizes)


def stationary_transform(matrix: Matrix, frequencies: Matrix) -> Matrix:
    """The model nearest in kind whose stationary distribution is `frequencies`, mean rate kept ("PM")."""
    p = frequencies / frequencies.sum()
    rate = 1 - float((p * np.diag(matrix)).sum())
    if rate == 0:
        return matrix
    if (p <= 0).any():
        raise Invalid("The PM transform needs positive frequencies of all alleles.")
    v = stationary_distribution(matrix)
    d = rate * v / ((1 - float((np.diag(matrix) * v).sum())) * p)
    result: Matrix = d[:, None] * (matrix - np.eye(len(p))) + np.eye(len(p))
    return result


def stationary_distribution(matrix: Matrix) -> Matrix:
    """The vector v with v·M = v, by elimination without subtraction, so that small entries stay exact.

    Grassmann, Taksar & Heyman, Oper Res 1985, doi:10.1287/opre.33.5.1107.
    """
    a = matrix.copy()
    n = len(a)
    for k in range(n - 1, 0, -1):
        leaving = a[k, :k].sum()
        if leaving <= 0:
            raise Invalid(
                "The mutation model never leaves a group of alleles, so PM can't make it stationary."
            )
        a[:k, k] /= leaving
        a[:k, :k] += np.outer(a[:k, k], a[k, :k])
    v = np.zeros(n)
    v[0] = 1.0
    for k in range(1, n):
        v[k] = v[:k] @ a[:k, k]
    return np.asarray(v / v.sum())
