"""The alleles of one locus as numbers: frequencies, mutation matrices, and exact lumping.

Alleles that nobody in the family shows may be treated as one allele only if the mutation model can't
tell them apart (strong lumpability: Kemeny & Snell 1976, § 6.3). Which may, is computed from the matrices
themselves, so that stepwise models keep every allele and proportional ones keep only what was seen.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.kinship import Allele, FrequencyTable, MutationModel, Sex
from forensics.genetics.mutation import Matrix, mutation_matrix

SUM_TOLERANCE = 1e-6
"""Published frequencies are rounded; their sum may miss 1 by this much."""


@dataclass(frozen=True, slots=True)
class AlleleSpace:
    """One locus: n alleles in ladder order, p of shape (n,), matrices n × n or None (no mutation)."""

    names: tuple[Allele, ...]
    p: Matrix
    male: Matrix | None
    female: Matrix | None
    silent: int | None = None

    def __len__(self) -> int:
        return len(self.names)

    def matrix(self, parent: Sex) -> Matrix | None:
        """How a parent of this sex passes alleles on."""
        return self.male if parent is Sex.MALE else self.female

    def index(self, allele: Allele) -> int:
        return self.names.index(allele)


@dataclass(frozen=True, slots=True)
class Lumped:
    """A smaller space and, for each allele of the large one, its number in the small one."""

    space: AlleleSpace
    of: NDArray[np.intp]


def allele_space(
    table: FrequencyTable,
    locus: str,
    seen: Collection[Allele],
    mutation: MutationModel | None,
    silent: Allele | None = None,
    minimum_frequency: float = 0.0,
) -> AlleleSpace:
    """The alleles of `locus`; an allele in `seen` that the table lacks gets the minimum frequency.

    Added alleles take their place in the ladder by repeat number, and all frequencies are then divided
    by their new sum. Raises `Invalid` for an allele that the table lacks when there is no minimum.
    """
    frequencies = completed_frequencies(table, locus, seen, silent, minimum_frequency)
    names = tuple(frequencies)
    p = np.array([frequencies[name] for name in names], dtype=np.float64)
    if silent is not None and silent not in frequencies:
        silent = None
    male = female = None
    if mutation is not None:
        try:
            male = _matrix(mutation, names, tuple(p.tolist()), Sex.MALE, silent)
            female = _matrix(mutation, names, tuple(p.tolist()), Sex.FEMALE, silent)
        except Invalid as error:
            raise Invalid(f"Locus {locus}: {error}") from None
    return AlleleSpace(names, p, male, female, names.index(silent) if silent is not None else None)


@lru_cache(maxsize=2_000)
def _matrix(
    model: MutationModel, names: tuple[Allele, ...], p: tuple[float, ...], parent: Sex, silent: Allele | None
) -> Matrix | None:
    """The matrix of a model, made once for each table."""
    matrix = mutation_matrix(model, names, np.array(p), parent, silent)
    if matrix is not None:
        matrix.setflags(write=False)
    return matrix


def completed_frequencies(
    table: FrequencyTable, locus: str, seen: Collection[Allele], silent: Allele | None, minimum: float
) -> dict[Allele, float]:
    """Frequencies of a locus with every seen allele in them, in ladder order."""
    listed = dict(table.loci[locus])
    missing = [a for a in dict.fromkeys(seen) if listed.get(a, 0.0) <= 0]
    if not missing:
        return listed
    if minimum <= 0:
        raise Invalid(
            f"Allele {missing[0]} at locus {locus} is not in the frequency table {table.name!r}; correct the "
            "genotype, take a table that has it, or state a minimum frequency."
        )
    order = [a for a in listed if a not in missing]
    for allele in missing:
        listed[allele] = minimum
        order.insert(_ladder_place(allele, order, silent), allele)
    scale = math.fsum(listed.values())
    return {allele: listed[allele] / scale for allele in order}


def _ladder_place(allele: Allele, order: list[Allele], silent: Allele | None) -> int:
    """Before the first allele with more repeats; else last, but before the silent allele."""
    repeats = _repeats(allele)
    for place, other in enumerate(order):
        if other == silent or (repeats is not None and (_repeats(other) or -math.inf) > repeats):
            return place
    return len(order)


def _repeats(allele: Allele) -> float | None:
    try:
        return float(allele)
    except ValueError:
        return None


def lump(space: AlleleSpace, seen: Collection[int]) -> Lumped:
    """Merge what can't be told apart, keeping every allele in `seen` and the silent one by itself."""
    alone = sorted(set(seen) | ({space.silent} if space.silent is not None else set()))
    label = np.zeros(len(space), dtype=np.intp)
    label[alone] = np.arange(1, len(alone) + 1)
    matrices = [m for m in (space.male, space.female) if m is not None]
    label = _refine(_in_order(label), matrices)
    size = int(label.max()) + 1
    if size == len(space):
        return Lumped(space, np.arange(size))
    first = np.unique(label, return_index=True)[1]
    sums = np.zeros((len(space), size))
    sums[np.arange(len(space)), label] = 1.0
    small = AlleleSpace(
        tuple(space.names[i] for i in first),
        space.p @ sums,
        None if space.male is None else (space.male @ sums)[first],
        None if space.female is None else (space.female @ sums)[first],
        None if space.silent is None else int(label[space.silent]),
    )
    return Lumped(small, label)


def _refine(label: NDArray[np.intp], matrices: list[Matrix]) -> NDArray[np.intp]:
    """Split blocks until all rows of a block lead to every block with the same probability."""
    while matrices and int(label.max()) + 1 < len(label):
        size = int(label.max()) + 1
        sums = np.zeros((len(label), size))
        sums[np.arange(len(label)), label] = 1.0
        flows = np.hstack([matrix @ sums for matrix in matrices])
        mantissa, exponent = np.frexp(flows)
        flows = np.ldexp(np.round(np.ldexp(mantissa, 46)), exponent - 46)  # 14 digits: matrices are rounded
        keys: dict[tuple[int, bytes], int] = {}
        refined = np.array(
            [
                keys.setdefault((int(k), row.tobytes()), len(keys))
                for k, row in zip(label, flows, strict=True)
            ],
            dtype=np.intp,
        )
        if len(keys) == size:
            break
        label = refined
    return label


def _in_order(label: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number blocks by their first member."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(int(x), len(numbers)) for x in label], dtype=np.intp)
