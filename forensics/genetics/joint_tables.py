"""Numbers of a family's pieces: tables with an axis for the loci and one for each member's candidates.

Loci with equally many alleles and the same people typed are computed together, the loci (L) in the first
axis; a plan (see `joint_graph`, `compile_plan`) is carried out with matrix products. n alleles,
G = n(n+1)/2 unordered genotypes, C candidates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_graph import MALE, Factor
from forensics.genetics.compile_tensors import Array, Index, LocusModel
from forensics.genetics.joint_graph import Piece

Labelled = tuple[Array, tuple[str, ...]]
LOCUS = "Z"
"""The axis of the loci."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be placed on a member: alleles (L, 2, C), 0 where there are no data, and where there are
    (L, C); nobody is a candidate without data."""

    alleles: Index
    known: NDArray[np.bool_]


@dataclass
class Loci:
    """Some loci of the same number of alleles, as stacks: frequencies (L, n), mutation matrices (L, n, n)."""

    models: Sequence[LocusModel]
    _gametes: dict[tuple[str, str], Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.models)

    @cached_property
    def frequencies(self) -> Array:
        return np.stack([m.frequencies for m in self.models])

    @cached_property
    def prior(self) -> Array:
        """(L, G): probability of each genotype in the population."""
        return np.stack([m.hardy_weinberg for m in self.models])

    @cached_property
    def each(self) -> Index:
        """(L,): the loci's numbers."""
        return np.arange(len(self.models))

    def matrix(self, sex: str) -> Array:
        """(L, n, n): rows from, columns to."""
        return self.gametes("from allele", sex)

    def gametes(self, kind: str, sex: str) -> Array:
        """What a parent passes on: (L, n to, axes of the parent...)."""
        key = (kind, sex)
        if key not in self._gametes:
            self._gametes[key] = np.ascontiguousarray(self._made(kind, sex))
        return self._gametes[key]

    def _made(self, kind: str, sex: str) -> Array:
        if kind == "frequency":
            return self.frequencies
        if kind == "from allele":
            return np.stack([m.male if sex == MALE else m.female for m in self.models])
        m = self.matrix(sex)
        if kind == "from lone":
            return np.asarray(np.einsum("za,zab->zb", self.frequencies, m))
        to = m.transpose(0, 2, 1)
        if kind == "from genotype":
            model = self.models[0]
            return 0.5 * (to[:, :, model.first] + to[:, :, model.second])
        if kind == "from alleles":
            return 0.5 * (to[:, :, :, None] + to[:, :, None, :])
        raise ValueError(kind)


def piece_table(
    piece: Piece, loci: Loci, relatives: Mapping[str, Index], candidates: Mapping[int, Candidates]
) -> Array:
    """P(relatives of the piece, candidates placed): (L, an axis for each of the piece's members).

    `relatives` are alleles (L, 2) by name. Founders' own genotypes are not in it, but those of candidates are.
    """
    alleles = {i: relatives[name] for i, name in enumerate(piece.people) if name in relatives}
    tables: list[Labelled | None] = [
        (numbers(f, loci, alleles, candidates.get(k)), (LOCUS, *f.variables))
        for f, k in zip(piece.plan.graph.factors, piece.chosen, strict=True)
    ]
    for step in piece.plan.steps:
        left = tables[step.left]
        right = tables[step.right] if step.right >= 0 else None
        assert left is not None
        tables[step.left] = None
        if step.right >= 0:
            tables[step.right] = None
        out = (LOCUS, *step.out)
        tables.append((contract(left, right, out), out))
    answer = tables[-1]
    assert answer is not None
    return answer[0]


def numbers(factor: Factor, loci: Loci, alleles: Mapping[int, Index], own: Candidates | None) -> Array:
    """One factor: (L, its variables); the last axis are the candidates, if it belongs to a member."""
    if factor.kind == "prior":
        return loci.prior
    if factor.kind == "evidence":
        assert own is not None
        return evidence(factor, loci, own)
    shown = own.alleles if own is not None else alleles.get(factor.child)  # (L, 2, ...)
    if factor.kind == "weight":
        assert shown is not None
        weight = np.where(shown[:, 0] == shown[:, 1], 0.5, 1.0)
        found = np.stack([weight, weight], axis=1)
    else:
        found = gamete(factor, loci, alleles, shown)
    if own is not None:  # gametes sum to one, so one phase of 1 stands for any genotype
        flat = found if found.ndim == 3 else np.moveaxis(found, (-2, -1), (1, 2))
        flat[:, 0][~own.known] = 1.0
        flat[:, 1][~own.known] = 0.0
    return found


def gamete(factor: Factor, loci: Loci, alleles: Mapping[int, Index], shown: Index | None) -> Array:
    """What the child got from one parent: (L, axes of the parent..., the child's allele or phase...)."""
    if factor.kind == "from typed":
        m, pair = loci.matrix(factor.sex), alleles[factor.parent]
        whole = 0.5 * (m[loci.each, pair[:, 0]] + m[loci.each, pair[:, 1]])
    else:
        whole = loci.gametes(factor.kind, factor.sex)
        if factor.kind == "from allele":
            whole = whole.transpose(0, 2, 1)
    if (
        shown is not None
    ):  # each phase picks a column: the father's side the first allele, the mother's the other
        columns = shown if factor.sex == MALE else shown[:, ::-1]
        each = loci.each.reshape(-1, *([1] * (columns.ndim - 1)))
        whole = whole[each, columns]  # (L, 2, candidates?, axes of the parent...)
        picked = columns.ndim - 1
    else:
        picked = 1
    axes = list(range(1, whole.ndim))
    return whole.transpose(0, *axes[picked:], *axes[:picked])


def evidence(factor: Factor, loci: Loci, own: Candidates) -> Array:
    """1 for the genotype that each candidate has, and for all where there are no data."""
    model, (count, candidates) = loci.models[0], own.known.shape
    a, b = own.alleles[:, 0], own.alleles[:, 1]  # (L, C)
    where = loci.each[:, None], np.arange(candidates)[None, :]
    if len(factor.variables) == 2:  # unordered genotype, choice
        found = np.zeros((count, candidates, len(model.first)))
        found[*where, model.genotype[a, b]] = 1.0
        found[~own.known] = 1.0
        return found.transpose(0, 2, 1)
    found = np.zeros((count, candidates, model.size, model.size))
    found[*where, a, b] = found[*where, b, a] = 1.0
    found[~own.known] = 1.0
    return found.transpose(0, 2, 3, 1)


def contract(left: Labelled, right: Labelled | None, out: tuple[str, ...]) -> Array:
    """The product of two tables summed over what is not in `out`, as a matrix product; axes as in `out`."""
    if right is None:
        data, own = summed(left, out)
        return data.transpose([own.index(v) for v in out])
    a, in_a = summed(left, (*out, *right[1]))
    b, in_b = summed(right, (*out, *left[1]))
    both = [v for v in in_a if v in in_b and v in out]
    gone = [v for v in in_a if v in in_b and v not in out]
    only_a = [v for v in in_a if v not in in_b]
    only_b = [v for v in in_b if v not in in_a]
    a = a.transpose([in_a.index(v) for v in both + only_a + gone])
    b = b.transpose([in_b.index(v) for v in both + gone + only_b])
    lanes, rows = a.shape[: len(both)], a.shape[len(both) : len(both) + len(only_a)]
    columns = b.shape[len(both) + len(gone) :]
    if gone:
        batch = int(np.prod(lanes))
        one = a.reshape(batch, int(np.prod(rows)), -1)
        other = b.reshape(batch, -1, int(np.prod(columns)))
        product = np.matmul(one, other).reshape(*lanes, *rows, *columns)
    else:
        product = a.reshape(*a.shape, *([1] * len(only_b))) * b.reshape(
            *lanes, *([1] * len(only_a)), *columns
        )
    order = both + only_a + only_b
    return np.asarray(product.transpose([order.index(v) for v in out]))


def summed(one: Labelled, needed: Sequence[str]) -> Labelled:
    """A table without the axes that nothing needs; an axis that stands twice becomes its diagonal."""
    data, own = one
    if len(set(own)) < len(own):
        letters = {v: chr(97 + i) for i, v in enumerate(dict.fromkeys(own))}
        text = "".join(letters[v] for v in own)
        own = tuple(dict.fromkeys(own))
        data = np.einsum(f"{text}->{''.join(letters[v] for v in own)}", data)
    useless = tuple(i for i, v in enumerate(own) if v not in needed)
    if useless:
        data, own = data.sum(axis=useless), tuple(v for v in own if v in needed)
    return data, own
