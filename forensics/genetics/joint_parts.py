"""Likelihoods of one family under many placements of victims, part by part (theta = 0).

Typed people cut a family's factor graph into parts; a part depends on a few people only and comes back
under many placements, so that each is computed once for each distinct choice of its victims. Where
nothing mutates, all loci share the tables' shape and lie in the lanes together with the placements.
Alleles that nobody concerned shows are lumped where that is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Genotype, Pedigree
from forensics.genetics.alleles import AlleleSpace, lump
from forensics.genetics.compile import blocks
from forensics.genetics.compile_graph import Graph, build, parts
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_shape import place
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel
from forensics.genetics.joint_victims import completed

LARGEST_STORE = 4_000_000
"""Numbers that are remembered of one part; a part with more combinations is computed where it is needed."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The parts of a family with certain people typed: (graph, names of its people) and typed founders."""

    parts: tuple[tuple[Graph, tuple[str, ...]], ...]
    founders: tuple[str, ...]


@lru_cache(maxsize=65536)
def structure(pedigree: Pedigree, typed: frozenset[str], pruned_by: frozenset[str] | None) -> Structure:
    """Shared by all loci and placements with the same people typed."""
    placed = place(pedigree, typed, None, pruned_by)
    people = placed.shape.people
    found = tuple((p.graph, tuple(placed.names[i] for i in p.people)) for p in parts(build(placed.shape)))
    founders = tuple(n for n, p in zip(placed.names, people, strict=True) if p.founder and p.typed)
    return Structure(found, founders)


@dataclass
class LocusGroup:
    """Loci that are computed together: alone, or all at once where nothing mutates.

    `frequencies` (n, loci) and `alleles` are in the numbering of `model`: victims (loci, 2, V), relatives
    by name (loci, 2), -1 where there are no data.
    """

    loci: Index
    model: LocusModel
    frequencies: Array | None
    victims: Index
    relatives: Mapping[str, Index]
    stores: dict[tuple[Graph, tuple[str, ...], tuple[int, ...]], Array] = field(default_factory=dict)

    def values(self, graph: Graph, names: tuple[str, ...], own: Mapping[str, Index], loci: Index) -> Array:
        """(N,): ln of a part for N entries; `own` are the victims (N,) on some of its people."""
        placed = tuple(i for i, name in enumerate(names) if name in own)
        columns = [own[names[i]] for i in placed]
        count = self.victims.shape[2]
        size = len(self.loci) * count ** len(placed)
        if size > LARGEST_STORE:
            return self.compute(graph, names, dict(zip(placed, columns, strict=True)), loci)
        code = loci.copy()
        for column in columns:
            code = code * count + column
        store = self.stores.setdefault((graph, names, placed), np.full(size, np.nan))
        absent = np.unique(code[np.isnan(store[code])])
        if len(absent):
            rest, chosen = absent, {}
            for i in reversed(placed):
                rest, chosen[i] = np.divmod(rest, count)
            store[absent] = self.compute(graph, names, chosen, rest)
        return np.asarray(store[code])

    def compute(self, graph: Graph, names: Sequence[str], chosen: Mapping[int, Index], loci: Index) -> Array:
        alleles = {
            i: self.victims[loci, :, chosen[i]].T if i in chosen else self.relatives[name][loci].T
            for i, name in enumerate(names)
        }
        if self.frequencies is not None:
            return by_size(graph, alleles, self.frequencies[:, loci])
        with np.errstate(divide="ignore"):
            return np.log(blocks(plan(graph), self.model, Lanes(len(loci), alleles)))


def by_size(graph: Graph, alleles: Mapping[int, Index], frequencies: Array) -> Array:
    """(L,): ln of a part; lanes with equally many different alleles together, so that tables stay small."""
    shown = np.sort(np.concatenate(list(alleles.values())), axis=0)
    sizes = (shown[1:] != shown[:-1]).sum(axis=0)
    result = np.empty(len(sizes))
    for size in np.unique(sizes):
        mine = np.flatnonzero(sizes == size)
        model, lanes = compacted({i: pair[:, mine] for i, pair in alleles.items()}, frequencies[:, mine])
        with np.errstate(divide="ignore"):
            result[mine] = np.log(blocks(plan(graph, 0), model, lanes))
    return result


def compacted(alleles: Mapping[int, Index], frequencies: Array) -> tuple[LocusModel, Lanes]:
    """Lanes in which each has its own alleles numbered from 0, all others being one (no mutation)."""
    shown = (
        np.concatenate(list(alleles.values())) if alleles else np.zeros((0, frequencies.shape[1]), np.int64)
    )
    order = np.argsort(shown, axis=0, kind="stable")
    ranked = np.take_along_axis(shown, order, axis=0)
    rank = np.zeros_like(shown)
    rank[1:] = np.cumsum(ranked[1:] != ranked[:-1], axis=0)
    size = int(rank[-1].max()) + 2 if len(rank) else 1
    lanes = np.arange(frequencies.shape[1])
    own = np.zeros((size, len(lanes)))
    own[rank, lanes] = frequencies[ranked, lanes]
    rest = frequencies.sum(axis=0) - own.sum(axis=0)
    own[(rank[-1] if len(rank) else -1) + 1, lanes] = np.where(rest > 1e-14, rest, 0.0)
    numbers = np.empty_like(shown)
    np.put_along_axis(numbers, order, rank, axis=0)
    parts_of = np.split(numbers, len(alleles)) if alleles else []
    return still_model(size), Lanes(len(lanes), dict(zip(alleles, parts_of, strict=True)), None, own)


@lru_cache(maxsize=256)
def still_model(size: int) -> LocusModel:
    """A locus of some size where nothing mutates; its frequencies are those of the lanes."""
    same = np.eye(size)
    return LocusModel(tuple(str(i) for i in range(size)), np.zeros(size), same, same)


def locus_groups(
    models: Sequence[LocusModel],
    names: Sequence[str],
    victims: Sequence[Index],
    typed: Sequence[NDArray[np.bool_]],
    relatives: Mapping[str, Mapping[str, Genotype]],
) -> list[LocusGroup]:
    """The loci of a family, lumped; one group if nothing mutates, else one for each locus."""
    single = [
        lumped_group(place, model, name, victims[place], typed[place], relatives)
        for place, (model, name) in enumerate(zip(models, names, strict=True))
    ]
    still = all(np.array_equal(g.model.male, g.model.female) and is_identity(g.model.male) for g in single)
    return [stacked(single)] if still and single else single


def is_identity(matrix: Array) -> bool:
    return np.array_equal(matrix, np.eye(len(matrix)))


def lumped_group(
    place: int,
    model: LocusModel,
    name: str,
    victims: Index,
    typed: NDArray[np.bool_],
    relatives: Mapping[str, Mapping[str, Genotype]],
) -> LocusGroup:
    shown = {person: [model.index[a] for a in g[name]] for person, g in relatives.items() if g.get(name)}
    seen = {a for pair in shown.values() for a in pair} | set(victims[:, typed].ravel().tolist())
    small = lump(AlleleSpace(model.alleles, model.frequencies, model.male, model.female), seen)
    of, p = small.of.astype(np.int64), completed(small.space.p, {int(small.of[a]) for a in seen})
    male, female = small.space.male, small.space.female
    assert male is not None
    assert female is not None
    compact = LocusModel(small.space.names, p, male, female)
    nobody = np.full((1, 2), -1, dtype=np.int64)
    own = {person: of[shown[person]][None] if person in shown else nobody for person in relatives}
    return LocusGroup(np.array([place]), compact, None, np.where(typed, of[victims], -1)[None], own)


def stacked(single: Sequence[LocusGroup]) -> LocusGroup:
    """All loci as lanes of one model without mutation; shorter ladders get alleles of frequency 0."""
    size = max(g.model.size for g in single)
    frequencies = np.zeros((size, len(single)))
    for i, group in enumerate(single):
        frequencies[: group.model.size, i] = group.model.frequencies
    people = single[0].relatives
    return LocusGroup(
        np.arange(len(single)),
        still_model(size),
        frequencies,
        np.concatenate([g.victims for g in single]),
        {person: np.concatenate([g.relatives[person] for g in single]) for person in people},
    )
