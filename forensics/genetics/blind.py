"""Blind search: profiles among themselves, without a pedigree.

Same person re-associates parts of one body; parent and child and siblings point at families inside a
grave. A pair of profiles is a sum of one number per locus (`blind_tables`); upper bounds of 32 profiles at a
time against all the others decide which pairs are summed exactly (`blind_pairs`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.kinship import FrequencyTable, MutationModel
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import BlindHit, BlindRelation, BlindResult, ScreeningProfile
from forensics.genetics.blind_pairs import Pairs
from forensics.genetics.blind_tables import FIRST, PEDIGREES, SECOND, relation_table
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_tensors import Array, Index, LocusModel
from forensics.genetics.kernel import choose
from forensics.genetics.screening_check import check_loci
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_read import read_profiles

__all__ = ["FIRST", "PEDIGREES", "SECOND", "blind_search", "matching_profiles"]

ENGINE = "nomina-blind 2"
SLACK = 1e-9  # log10 by which a sum in another order may differ before it is looked at exactly
WORTH_HASHING = 20_000  # profiles from which on equal ones are found by hashing
SLAB = 2_000_000  # numbers that are looked up at a time
WHAT = "Comparing profiles with each other"


def blind_search(
    profiles: Sequence[ScreeningProfile],
    frequencies: FrequencyTable,
    relations: Sequence[BlindRelation] = tuple(BlindRelation),
    *,
    loci: Sequence[str] | None = None,
    theta: float = 0.0,
    threshold_log10: float = 4.0,
    mutation: Mapping[str, MutationModel] | None = None,
    minimum_frequency: float = 0.0,
    progress: Progress | None = None,
) -> BlindResult:
    """Pairs whose log10 LR against unrelated reaches the threshold for some relation, best first.

    `loci` default to those of the table. A pair is reported once, with its best relation, and the LRs of
    all relations searched; loci typed in both count. Parent and child are tried both ways round, and the
    larger LR counts. Alleles that the table lacks get the minimum frequency, once for all pairs. Raises
    Invalid, Cancelled.
    """
    chosen = tuple(loci if loci is not None else frequencies.loci)
    kit = Kit(chosen, frequencies, mutation or {}, minimum_frequency)
    check_loci(chosen)
    good, numbers, refused, _ = read_profiles(profiles, kit, None, traces=False)
    if len({p.id for p in good}) < len(good):
        raise Invalid("Two profiles have the same name; rename one before they are compared.")
    search = _Search(good, numbers, kit, tuple(dict.fromkeys(relations)), theta, progress or Silent())
    hits = sorted(search.hits(threshold_log10), key=lambda h: (-h.log10_lr, h.first, h.second))
    pairs = len(good) * (len(good) - 1) // 2
    chance = pairs * len(search.relations) * 10.0**-threshold_log10
    return BlindResult(tuple(hits), pairs, chance, tuple(refused), ENGINE)


def whole_locus(
    profiles: Sequence[ScreeningProfile], numbers: NDArray[np.int32], kit: Kit, locus: int
) -> tuple[LocusModel, Index]:
    """A locus with every allele that some profile shows, and each profile's genotype in it; no data is last."""
    name, base = kit.loci[locus], kit.model(kit.loci[locus])
    odd = np.flatnonzero(numbers[:, locus] == -2).tolist()
    model = kit.model(name, kit.unseen(name, (a for p in odd for a in profiles[p].genotypes[name])))
    renumber = np.full(len(base.first) + 2, len(model.first), dtype=np.int64)  # untyped and odd ones are last
    place = np.array([model.index[a] for a in base.alleles])
    renumber[:-2] = model.genotype[place[base.first], place[base.second]]
    found = renumber[numbers[:, locus]]
    for p in odd:
        a, b = profiles[p].genotypes[name]
        found[p] = model.genotype[model.index[a], model.index[b]]
    return model, found


class _Search:
    """All pairs of the profiles."""

    def __init__(
        self,
        profiles: Sequence[ScreeningProfile],
        numbers: NDArray[np.int32],
        kit: Kit,
        relations: tuple[BlindRelation, ...],
        theta: float,
        progress: Progress,
    ) -> None:
        self.profiles, self.kit, self.relations, self.progress = profiles, kit, relations, progress
        whole = [whole_locus(profiles, numbers, kit, locus) for locus in range(len(kit.loci))]
        self.models = [model for model, _ in whole]
        self.rows = np.zeros((len(profiles), len(whole)), dtype=np.int64)
        for locus, (_, found) in enumerate(whole):
            self.rows[:, locus] = found
        self.sizes = np.array([len(model.first) + 1 for model in self.models], dtype=np.int64)
        with single_threaded():
            self.tables = {r: [relation_table(r, model, theta) for model in self.models] for r in relations}

    def hits(self, threshold: float) -> Iterator[BlindHit]:
        """Pairs of which some relation passes its upper bounds and then, exactly, the threshold."""
        total = len(self.profiles)
        pairs = Pairs(self.rows, self.sizes, choose(total * total * len(self.relations) // 2))
        alike = np.empty((0, 2), dtype=np.int64)
        tables: list[list[Array]] = []
        for relation in self.relations:
            if relation is BlindRelation.SAME_PERSON and total >= WORTH_HASHING:
                alike = pairs.alike(self.tables[relation], threshold - SLACK)
                yield from self.exact(alike, threshold)
                continue
            tables.append(self.tables[relation])
            if self.two_ways(relation):
                tables.append([table.T for table in self.tables[relation]])
        known = alike @ (total, 1)
        for near in pairs.passing(tables, threshold - SLACK, self.watch):
            yield from self.exact(near[~np.isin(near @ (total, 1), known)], threshold)

    def watch(self, done: int, total: int) -> None:
        self.progress.step(done, total, WHAT)

    def two_ways(self, relation: BlindRelation) -> bool:
        """Who is the parent matters only where mutation changes allele frequencies."""
        return relation is BlindRelation.PARENT_CHILD and bool(self.kit.mutation)

    def exact(self, near: Index, threshold: float) -> Iterator[BlindHit]:
        """The hits among pairs (k, 2), the smaller place first."""
        step = max(1, SLAB // max(1, len(self.models) * len(self.relations)))
        for start in range(0, len(near), step):
            i, j = near[start : start + step].T
            lrs = {r: self.per_locus(r, i, j) for r in self.relations}
            back = {r: self.per_locus(r, j, i) for r in self.relations if self.two_ways(r)}
            sums = [v.sum(axis=1) for v in (*lrs.values(), *back.values())]
            if not sums:
                return
            for k in np.flatnonzero(np.max(sums, axis=0) >= threshold - SLACK).tolist():
                totals = {r: math.fsum(values[k].tolist()) for r, values in lrs.items()}
                totals |= {r: max(totals[r], math.fsum(v[k].tolist())) for r, v in back.items()}
                hit = self.hit(int(i[k]), int(j[k]), totals)
                if hit.log10_lr >= threshold:
                    yield hit

    def per_locus(self, relation: BlindRelation, i: Index, j: Index) -> Array:
        """(pairs, loci): log10 LR at each locus."""
        found = np.zeros((len(i), len(self.models)))
        for locus, table in enumerate(self.tables[relation]):
            found[:, locus] = table[self.rows[i, locus], self.rows[j, locus]]
        return found

    def hit(self, i: int, j: int, totals: Mapping[BlindRelation, float]) -> BlindHit:
        best = max(self.relations, key=lambda r: totals[r])
        one, other = self.rows[i], self.rows[j]
        both = np.maximum(one, other) < self.sizes - 1
        return BlindHit(
            self.profiles[i].id,
            self.profiles[j].id,
            best,
            totals[best],
            {r: None if lr == -math.inf else lr for r, lr in totals.items()},
            int(both.sum()),
            tuple(self.kit.loci[x] for x in np.flatnonzero(both & (one != other)).tolist()),
        )


def matching_profiles(
    profiles: Sequence[ScreeningProfile],
    frequencies: FrequencyTable,
    *,
    loci: Sequence[str] | None = None,
    least_loci: int = 5,
    most_differing: int = 0,
) -> NDArray[np.int64]:
    """Pairs (k, 2) of indices that agree at their common loci but for at most `most_differing`.

    Needs no frequencies of the alleles: it also finds pairs that differ by drop-out or a typing error,
    for which the LR of one person is 0.
    """
    chosen = tuple(loci if loci is not None else frequencies.loci)
    rows = np.zeros((len(profiles), len(chosen)), dtype=np.int64)
    sizes = np.zeros(len(chosen), dtype=np.int64)
    for number, locus in enumerate(chosen):
        genotypes = [tuple(sorted(p.genotypes.get(locus, ()))) for p in profiles]
        numbers = {g: i for i, g in enumerate(dict.fromkeys(g for g in genotypes if g))}
        rows[:, number] = [numbers[g] if g else len(numbers) for g in genotypes]
        sizes[number] = len(numbers) + 1
    pairs = Pairs(rows, sizes, choose(len(profiles) ** 2 // 2))
    found = [np.empty((0, 2), dtype=np.int64), *pairs.close(least_loci, most_differing)]
    return np.unique(np.concatenate(found), axis=0)
