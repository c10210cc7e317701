"""The numbers of a factor graph's tables at one locus, for many families.

Families lie in the last axis ("lanes"), so that one numpy operation serves all families of a shape.
Shapes: n alleles; G = n(n+1)/2 unordered genotypes; L lanes. All numbers are probabilities (float64).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_graph import FEMALE, MALE, Factor

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class LocusModel:
    """One locus: allele frequencies (n,) and mutation matrices (n, n), rows from, columns to."""

    alleles: tuple[str, ...]
    frequencies: Array
    male: Array
    female: Array

    @cached_property
    def size(self) -> int:
        return len(self.alleles)

    @cached_property
    def index(self) -> dict[str, int]:
        return {allele: i for i, allele in enumerate(self.alleles)}

    @cached_property
    def first(self) -> Index:
        """Smaller allele index of every unordered genotype (G,)."""
        return np.triu_indices(self.size)[0].astype(np.int64)

    @cached_property
    def second(self) -> Index:
        """Larger allele index of every unordered genotype (G,)."""
        return np.triu_indices(self.size)[1].astype(np.int64)

    @cached_property
    def genotype(self) -> Index:
        """(n, n): index of the unordered genotype of two alleles."""
        found = np.zeros((self.size, self.size), dtype=np.int64)
        found[self.first, self.second] = np.arange(len(self.first))
        found[self.second, self.first] = np.arange(len(self.first))
        return found

    @cached_property
    def hardy_weinberg(self) -> Array:
        """(G,): genotype probabilities of an unrelated person when theta is 0."""
        product = self.frequencies[self.first] * self.frequencies[self.second]
        return np.where(self.first == self.second, product, 2 * product)

    @cached_property
    def inverse_hardy_weinberg(self) -> Array:
        """(G,): 1 / hardy_weinberg; 0 for genotypes that nobody has."""
        known = self.hardy_weinberg > 0
        return np.divide(1.0, self.hardy_weinberg, out=np.zeros(len(known)), where=known)

    def matrix(self, sex: str) -> Array:
        return {MALE: self.male, FEMALE: self.female}[sex]

    @cached_property
    def _known(self) -> dict[tuple[str | int, ...], Array]:
        return {}

    def known(self, key: tuple[str | int, ...], make: Callable[[], Array]) -> Array:
        """A table that all families share, made when it is first asked for."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def shared(self, kind: str, sex: str) -> Array:
        """A gamete table before any typed child picks its columns: (parent's axes..., n)."""
        return self.known((kind, sex), lambda: self._make(kind, sex))

    def _make(self, kind: str, sex: str) -> Array:
        if kind == "prior":
            return self.hardy_weinberg
        if kind == "frequency":
            return self.frequencies
        if kind == "copy":
            return np.eye(self.size)
        m = self.matrix(sex)
        if kind == "from lone":
            return np.asarray(self.frequencies @ m)
        if kind == "from allele":
            return m
        if kind == "from genotype":
            return 0.5 * (m[self.first] + m[self.second])
        if kind == "from typed":
            return np.ascontiguousarray(0.5 * (m[self.first] + m[self.second]).T)
        if kind == "from alleles":
            return 0.5 * (m[:, None, :] + m[None, :, :])
        raise ValueError(kind)


@dataclass(frozen=True)
class Lanes:
    """The families of one shape at one locus: alleles[i] is (2, L) for the typed person i of the shape.

    `urn` is (n, L) under theta: what the next founder allele is, given the typed founders' alleles.
    `frequencies` is (n, L) where the lanes are different loci; the model then gives the matrices only.
    """

    count: int
    alleles: Mapping[int, Index]
    urn: Array | None = None
    frequencies: Array | None = None

    def part(self, start: int, stop: int) -> "Lanes":
        alleles = {i: pair[:, start:stop] for i, pair in self.alleles.items()}
        urn = None if self.urn is None else self.urn[:, start:stop]
        own = None if self.frequencies is None else self.frequencies[:, start:stop]
        return Lanes(min(stop, self.count) - start, alleles, urn, own)


def table(factor: Factor, model: LocusModel, lanes: Lanes) -> Array:
    """The numbers of one factor; the last axis is L if it differs between families."""
    if factor.kind == "urn":
        assert lanes.urn is not None
        return lanes.urn
    if factor.kind == "weight":
        pair = lanes.alleles[factor.child]
        weight = np.where(pair[0] == pair[1], 0.5, 1.0)
        return np.stack([weight, weight])
    # which column of the gamete table each phase picks: the father's side the allele, the mother's the other
    columns = None
    if factor.child >= 0:
        pair = lanes.alleles[factor.child]
        columns = pair if factor.sex == MALE else pair[::-1]
    if factor.kind == "from typed":
        return from_typed(factor, model, lanes, columns)
    if lanes.frequencies is not None and factor.kind in FROM_FREQUENCIES:
        return from_frequencies(factor, model, lanes.frequencies, columns)
    whole = model.shared(factor.kind, factor.sex)
    return whole if columns is None else whole.take(columns, axis=-1)


FROM_FREQUENCIES = frozenset({"prior", "frequency", "from lone"})


def from_frequencies(factor: Factor, model: LocusModel, own: Array, columns: Index | None) -> Array:
    """The tables that hold allele frequencies, where every lane has its own."""
    if factor.kind == "prior":
        product = own[model.first] * own[model.second]
        return np.where((model.first == model.second)[:, None], product, 2 * product)
    passed = own if factor.kind == "frequency" else model.matrix(factor.sex).T @ own
    return np.asarray(passed if columns is None else passed[columns, np.arange(own.shape[1])])


def from_typed(factor: Factor, model: LocusModel, lanes: Lanes, columns: Index | None) -> Array:
    """What a typed parent passes on: (n, L), or (2, L) over the phases of a typed child."""
    a, b = lanes.alleles[factor.parent]
    m = model.matrix(factor.sex)
    if columns is None:
        whole = model.shared("from typed", factor.sex)
        return np.asarray(whole.take(model.genotype[a, b], axis=1))
    return np.asarray(0.5 * (m[a, columns] + m[b, columns]))
