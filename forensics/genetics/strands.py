"""Vectors of strands (genes with all that is known below them), and their expectation under the urn.

A strand that comes from the population has the allele a with the urn's probability and then shows what is
seen below with v[a]. For k strands the expectation of the product of all v is the sum over the ways in which
they can be copies of one another: a block B of copies has the weight θ^(|B|−1) (|B|−1)! Σ_a w_a Π v[a], w
the weight of a new draw (Ewens, Theor Popul Biol 1972, doi:10.1016/0040-5809(72)90035-4). All terms are
positive, and the sum over partitions is taken over subsets.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Sex
from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.founders import Urn, draw_known
from forensics.genetics.mutation import Matrix

TINY = 1e-150
"""Entries below this may underflow in a product."""

CHUNK = 2_000_000
"""Numbers that one step of the expectation holds."""


MOST_STRANDS = 15
"""Beyond this many the tables of subsets are too slow to make."""


class TooDear(Exception):
    """This way would take too long; another must be taken."""


Group = list[tuple[tuple[int, ...], float | Matrix]]
"""Strands that come from the population, and the probability of getting there."""


@dataclass(slots=True)
class Strands:
    """Vectors, each made once: shape (n, 1), or (n, b) where they depend on the person who is spread."""

    space: AlleleSpace
    vectors: list[Matrix] = field(default_factory=list)
    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    tiny: bool = False

    def one(self, allele: int) -> int:
        """The strand of a gene that is known."""
        key = ("one", allele)
        if key not in self.numbers:
            self._add(key, np.eye(len(self.space))[:, [allele]])
        return self.numbers[key]

    def every(self, axis: int, dims: int) -> int:
        """The strand of one of the genes of the person who is spread."""
        n = len(self.space)
        key = ("every", axis)
        if key not in self.numbers:
            index = np.indices((n,) * dims)[axis].ravel()
            self._add(key, (np.arange(n)[:, None] == index).astype(np.float64))
        return self.numbers[key]

    def product(self, vectors: tuple[int, ...]) -> int:
        """The strand of a gene from which several strands come."""
        if len(vectors) == 1:
            return vectors[0]
        key = ("product", *vectors)
        if key not in self.numbers:
            value = self.vectors[vectors[0]]
            for vector in vectors[1:]:
                value = value * self.vectors[vector]
            self._add(key, value)
        return self.numbers[key]

    def mutated(self, vector: int, sex: Sex) -> int:
        """The strand one generation up: the gene of a parent of that sex."""
        matrix = self.space.matrix(sex)
        if matrix is None:
            return vector
        key = ("mutated", id(matrix), vector)
        if key not in self.numbers:
            self._add(key, matrix @ self.vectors[vector])
        return self.numbers[key]

    def at(self, vector: int, gene: int) -> float | Matrix:
        """The number (or one for each genotype of the person who is spread) where a strand meets a gene."""
        both: Matrix = (self.vectors[vector] * self.vectors[gene]).sum(axis=0)
        return float(both[0]) if len(both) == 1 else both

    def impossible(self, vector: int) -> bool:
        """Whether no allele can have led to what is seen."""
        return not self.vectors[vector].any()

    def known(self) -> list[int | None]:
        """Of each vector the allele, if it is a known gene."""
        alleles: list[int | None] = [None] * len(self.vectors)
        for key, number in self.numbers.items():
            if key[0] == "one":
                alleles[number] = int(np.argmax(self.vectors[number]))
        return alleles

    def _add(self, key: tuple[object, ...], value: Matrix) -> None:
        self.tiny = self.tiny or bool(((value > 0) & (value < TINY)).any())
        self.numbers[key] = len(self.vectors)
        self.vectors.append(value)


def expectation(
    states: Mapping[tuple[tuple[int, int], ...], float | Matrix],
    strands: Strands,
    p: Matrix,
    theta: float,
    most_work: float,
) -> Matrix:
    """Σ over states of probability · E[product of the strands' vectors], shape (1,) or (b,).

    Raises `TooDear` where that needs more multiplications than `most_work`.
    """
    groups: dict[tuple[tuple[int, ...], int], Group] = defaultdict(list)
    alleles = strands.known()
    for state, chance in states.items():
        certain = tuple(sorted(a for _, v in state if (a := alleles[v]) is not None))
        rest = tuple(v for _, v in state if alleles[v] is None)
        groups[certain, len(rest)].append((rest, chance))
    wide = max((vector.shape[1] for vector in strands.vectors), default=1)
    work = sum(len(g) * wide * (len(p) * 2**many + 3**many / 3) for (_, many), g in groups.items())
    if work > most_work or max((many for _, many in groups), default=0) > MOST_STRANDS:
        raise TooDear
    total = np.zeros(1)
    for (certain, many), members in groups.items():
        chances, urn = draw_known(p, theta, certain)
        part = _group(members, many, strands, urn)
        total = total + math.prod(chances) * part
    return total


def _group(members: Group, many: int, strands: Strands, urn: Urn) -> Matrix:
    """States with the same known draws and as many unknown ones."""
    total = np.zeros(1)
    if many == 0:
        for _, chance in members:
            total = total + chance
        return total
    used = sorted({v for rest, _ in members for v in rest})
    place = {v: i for i, v in enumerate(used)}
    stack = np.stack(np.broadcast_arrays(*(strands.vectors[v] for v in used)), axis=1)
    step = max(1, CHUNK // (stack.shape[2] * max(len(stack) * many, 1 << many)))
    for start in range(0, len(members), step):
        part = members[start : start + step]
        numbers = np.array([[place[v] for v in rest] for rest, _ in part])
        vectors = [np.take(stack, numbers[:, k], axis=1) for k in range(many)]
        values = copies_of_each_other(vectors, urn)
        for (_, chance), value in zip(part, values, strict=True):
            total = total + chance * value
    return total


def copies_of_each_other(vectors: Sequence[Matrix], urn: Urn) -> Matrix:
    """E[Π_k v_k[a_k]] for draws a_1, a_2, … from the urn; k vectors (n, states, b), result (states, b)."""
    many, states = len(vectors), vectors[0].shape[1:]
    weights = urn.weights if urn.drawn else (1 - urn.theta) * urn.p
    blocks = np.empty((1 << many, *states))

    def fill(mask: int, size: int, product: Matrix) -> None:
        weight = urn.theta**size * math.factorial(size)
        for k in range(mask.bit_length(), many):
            if k == many - 1:
                blocks[mask | 1 << k] = weight * np.einsum("nsb,nsb->sb", product, vectors[k])
            else:
                joined = product * vectors[k]
                blocks[mask | 1 << k] = weight * joined.sum(axis=0)
                fill(mask | 1 << k, size + 1, joined)

    fill(0, 0, np.broadcast_to(weights[:, None, None], (len(weights), *states)))
    sums = np.empty_like(blocks)
    sums[0] = 1.0
    for mask, block, rest in _subsets(many):
        sums[mask] = np.einsum("msb,msb->sb", blocks[block], sums[rest])
    denominator = math.prod(1 + (urn.drawn + i - 1) * urn.theta for i in range(many))
    return np.asarray(sums[-1] / denominator)


@lru_cache(maxsize=16)
def _subsets(many: int) -> tuple[tuple[int, NDArray[np.intp], NDArray[np.intp]], ...]:
    """For each set of strands, every block with its first strand, and what is left."""
    result = []
    full = (1 << many) - 1
    for mask in [*range(2, full, 2), full]:
        first = mask & -mask
        others = mask ^ first
        block, chosen = [], others
        while True:
            block.append(first | chosen)
            if chosen == 0:
                break
            chosen = (chosen - 1) & others
        taken = np.array(block, dtype=np.intp)
        result.append((mask, taken, mask ^ taken))
    return tuple(result)
