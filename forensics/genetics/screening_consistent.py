"""At how many loci a hit could not be true if nothing mutated.

Without mutation only equality of alleles matters, not which they are: a pair at a locus is a pattern such as
(0 1)(0 2)(1 1), there are few of them, and each is computed once. Untyped people never need an allele that
nobody shows. Theta does not decide what is possible; a locus at which the family alone would be impossible
counts.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile import probability
from forensics.genetics.compile_shape import Shape
from forensics.genetics.compile_tensors import Index, Lanes, LocusModel
from forensics.genetics.screening_distinct import by_column, distinct
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_prepare import Prepared
from forensics.genetics.screening_read import Column, genotype_numbers
from forensics.genetics.screening_recipes import Group, groups, nameless_place
from forensics.genetics.screening_rows import Extra, Layout

NONE: Extra = frozenset()


def inconsistent(prepared: Prepared, profiles: Index, columns: Index) -> NDArray[np.int64]:
    """(pairs,): for pairs of a profile (by its place in the order of the rows) and a column."""
    counts = np.zeros(len(profiles), dtype=np.int64)
    if not prepared.inputs.mutation or not len(profiles):
        return counts
    used, inverse = np.unique(columns, return_inverse=True)
    found = [prepared.columns[c] for c in used.tolist()]
    shown = profile_alleles(prepared.kit, prepared.where, profiles)
    for group in groups(found):
        slot = np.full(len(used), -1)
        slot[list(group.columns)] = np.arange(len(group.columns))
        mine = np.flatnonzero(slot[inverse] >= 0)
        relatives = relatives_alleles(prepared.kit, [found[c] for c in group.columns])
        counts[mine] = impossible(group, relatives[..., slot[inverse[mine]]], shown[..., mine])
    return counts


def impossible(group: Group, relatives: NDArray[np.int32], own: NDArray[np.int32]) -> NDArray[np.int64]:
    """(pairs,): loci at which `relatives` (typed, 2, loci, pairs) exclude `own` (2, loci, pairs); -1 untyped."""
    counts = np.zeros(own.shape[-1], dtype=np.int64)
    loci, pairs = np.nonzero(own[0] >= 0)
    shown, seen = relatives[:, :, loci, pairs], own[:, loci, pairs]
    missing = str(group.structure[group.missing][2])
    for pattern, mine in by_column(shown[:, 0] >= 0):
        names = [str(p) for p, here in zip(group.typed, pattern, strict=True) if here]
        people = {n: shown[i][:, mine] for n, i in zip(names, np.flatnonzero(pattern), strict=True)}
        if missing in people:
            bad = (np.sort(people[missing], axis=0) != np.sort(seen[:, mine], axis=0)).any(axis=0)
        else:
            people[missing] = seen[:, mine]
            placed = nameless_place(group.structure, frozenset(people))
            typed = [people[n] for n in placed.names if n in people]
            bad = ~possible(placed.shape, np.concatenate(typed))
        np.add.at(counts, pairs[mine[bad]], 1)
    return counts


def possible(shape: Shape, alleles: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(lanes,): whether the typed people of a shape can have these alleles (2 × people, lanes), in its order."""
    labels = relabelled(alleles)
    first, inverse = distinct(labels, range(1, len(labels) + 1))
    known = known_patterns(shape)
    patterns = [tuple(pattern) for pattern in labels[:, first].T.tolist()]
    new = [i for i, pattern in zip(first.tolist(), patterns, strict=True) if pattern not in known]
    if new:
        typed = [i for i, person in enumerate(shape.people) if person.typed]
        pairs = labels[:, new].astype(np.int64).reshape(len(typed), 2, -1)
        model, lanes = still(int(pairs.max()) + 1), Lanes(len(new), dict(zip(typed, pairs, strict=True)))
        answers = probability(shape, model, lanes, 0.0) > 0
        known |= zip(map(tuple, labels[:, new].T.tolist()), answers.tolist(), strict=True)
    return np.array([known[pattern] for pattern in patterns], dtype=bool)[inverse]


@lru_cache(maxsize=1024)
def known_patterns(_shape: Shape) -> dict[tuple[int, ...], bool]:
    """What was found of a shape before: whether a pattern is possible."""
    return {}


def relabelled(alleles: NDArray[np.int32]) -> NDArray[np.int8]:
    """Alleles (m, lanes), each numbered by where it first appears in its lane."""
    labels = np.empty(alleles.shape, dtype=np.int8)
    for i, row in enumerate(alleles):
        labels[i] = i
        for before in range(i - 1, -1, -1):
            np.copyto(labels[i], before, where=row == alleles[before])
    return labels


@lru_cache(maxsize=64)
def still(size: int) -> LocusModel:
    """A locus of so many alleles at which nothing mutates."""
    same = np.eye(size)
    return LocusModel(tuple(map(str, range(size))), np.full(size, 1 / size), same, same)


def relatives_alleles(kit: Kit, columns: Sequence[Column]) -> NDArray[np.int32]:
    """(typed, 2, loci, columns): alleles by number, -1 untyped; unseen ones by a number that no other has."""
    genotypes = genotype_numbers(columns)
    found = kit.alleles(genotypes.reshape(-1, len(kit.loci))).reshape(*genotypes.shape[:2], 2, -1)
    for c, column in enumerate(columns):
        for locus, extra in column.extras:
            wide = kit.model(kit.loci[locus], extra)
            renumber = np.array([kit.number(locus, a) for a in wide.alleles])
            own = genotypes[c, :, locus]
            pair = np.stack([wide.first[own], wide.second[own]], axis=1)
            found[c, :, :, locus] = np.where(own[:, None] < 0, -1, renumber[pair])
    return np.ascontiguousarray(found.transpose(1, 2, 3, 0))


def profile_alleles(kit: Kit, where: Layout, profiles: Index) -> NDArray[np.int32]:
    """(2, loci, pairs): the same of the profiles."""
    local = where.local[profiles]
    numbers = np.full(local.shape, -1, dtype=np.int32)
    for locus, wanted in enumerate(where.wanted):
        here = local[:, locus] < len(wanted)
        numbers[here, locus] = wanted[local[here, locus]]
    found = np.ascontiguousarray(kit.alleles(numbers).transpose(1, 2, 0))
    for locus, odd in enumerate(where.odd):
        for what, row in (item for listed in odd.values() for item in listed):
            for side, allele in enumerate(
                what.genotype if what.level is None else ()
            ):  # a trace fits anything
                found[side, locus, local[:, locus] == row] = kit.number(locus, allele)
    return found
