"""Blind search: profiles among themselves, without a pedigree.

Same person re-associates parts of one body; parent and child and siblings point at families inside a
grave. Each relation is one genotype × genotype table per locus, made by the same exact engine as a
family's table (theta and mutation included), so that a pair is a sum of one number per locus.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid, NominaError
from forensics.domain.kinship import FrequencyTable, Genotype, Member, MutationModel, Pedigree, Sex
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import BlindHit, BlindRelation, BlindResult, NotScreened, ScreeningProfile
from forensics.genetics.compile import related, unrelated
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_graph import Person, Shape, place
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel
from forensics.genetics.compile_theta import founders_probability
from forensics.genetics.kernel import LANES, Block, choose, passing, steps
from forensics.genetics.screening_check import check_genotypes
from forensics.genetics.screening_kit import Kit

ENGINE = "nomina-blind 1"
BLOCK = 256  # profiles between two steps of progress

FIRST, SECOND = "first", "second"
PEDIGREES: Mapping[BlindRelation, tuple[Member, ...]] = {
    BlindRelation.SAME_PERSON: (
        Member(FIRST, Sex.UNKNOWN, twins="same"),
        Member(SECOND, Sex.UNKNOWN, twins="same"),
    ),
    BlindRelation.PARENT_CHILD: (Member(FIRST, Sex.UNKNOWN), Member(SECOND, Sex.UNKNOWN, FIRST)),
    BlindRelation.FULL_SIBLINGS: (
        Member("father", Sex.MALE),
        Member("mother", Sex.FEMALE),
        Member(FIRST, Sex.UNKNOWN, "father", "mother"),
        Member(SECOND, Sex.UNKNOWN, "father", "mother"),
    ),
    BlindRelation.HALF_SIBLINGS: (
        Member("father", Sex.MALE),
        Member(FIRST, Sex.UNKNOWN, "father"),
        Member(SECOND, Sex.UNKNOWN, "father"),
    ),
}
"""One stated parent stands for either; its unnamed partner is untyped."""


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
    good, refused = usable(profiles, kit)
    if len({p.id for p in good}) < len(good):
        raise Invalid("Two profiles have the same name; rename one before they are compared.")
    search = _Search(good, kit, tuple(relations), theta, progress or Silent())
    hits = sorted(search.hits(threshold_log10), key=lambda h: (-h.log10_lr, h.first, h.second))
    pairs = len(good) * (len(good) - 1) // 2
    chance = pairs * len(search.relations) * 10.0**-threshold_log10
    return BlindResult(tuple(hits), pairs, chance, tuple(refused), ENGINE)


def genotype_rows(genotypes: Sequence[Genotype | None], model: LocusModel) -> NDArray[np.int64]:
    """Row of each genotype in a relation's table; no data is the last row."""
    missing = len(model.first)
    return np.array(
        [missing if not g else model.genotype[model.index[g[0]], model.index[g[1]]] for g in genotypes],
        dtype=np.int64,
    )


def usable(
    profiles: Sequence[ScreeningProfile], kit: Kit
) -> tuple[list[ScreeningProfile], list[NotScreened]]:
    good: list[ScreeningProfile] = []
    refused: list[NotScreened] = []
    for profile in profiles:
        try:
            check_genotypes(f"Profile {profile.id}", profile.genotypes, kit)
            good.append(profile)
        except NominaError as error:
            refused.append(NotScreened(profile.id, str(error)))
    return good, refused


def relation_table(relation: BlindRelation, model: LocusModel, theta: float) -> Array:
    """(G + 1, G + 1): log10 LR of two genotypes; the last row and column are no data."""
    genotypes = np.stack([model.first, model.second])
    count = len(model.first)
    alone, own = Shape((Person(-1, -1, True),), -1), Lanes(count, {0: genotypes})
    single = founders_probability(alone, model, own, theta)
    strangers = unrelated(alone, model, own, theta) * single
    if relation is BlindRelation.SAME_PERSON:
        together = np.diag(single)
    else:
        placed = place(Pedigree(PEDIGREES[relation]), frozenset({FIRST}), SECOND, None)
        lanes = Lanes(count, {placed.names.index(FIRST): genotypes})
        founders = founders_probability(placed.shape, model, lanes, theta)
        together = related(placed.shape, model, lanes, theta) * founders
    table = np.zeros((count + 1, count + 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        table[:-1, :-1] = np.log10(together / strangers).T  # rows: the first profile, columns: the second
    table[np.isnan(table)] = -np.inf  # genotypes that nobody has
    return table


Bounds = NDArray[np.uint16]


def block_of(tables: Sequence[Bounds], lanes: NDArray[np.int64], rows: int) -> Block:
    """The block (rows, LANES) in which each profile of `lanes` (<= LANES, loci) is one lane."""
    bounds = np.zeros((rows, LANES), dtype=np.uint16)
    start = 0
    for table, column in zip(tables, lanes.T, strict=True):
        bounds[start : start + len(table), : len(lanes)] = np.take(table, column, axis=1)
        start += len(table)
    return Block(bounds, 1.0)


class _Search:
    """All pairs, a block of rows at a time."""

    def __init__(
        self,
        profiles: Sequence[ScreeningProfile],
        kit: Kit,
        relations: tuple[BlindRelation, ...],
        theta: float,
        progress: Progress,
    ) -> None:
        self.profiles, self.kit, self.relations, self.progress = profiles, kit, relations, progress
        self.models = [
            kit.model(x, kit.unseen(x, (a for p in profiles for a in p.genotypes.get(x, ()))))
            for x in kit.loci
        ]
        self.rows = [
            genotype_rows([p.genotypes.get(x) for p in profiles], model)
            for x, model in zip(kit.loci, self.models, strict=True)
        ]
        with single_threaded():
            self.tables = {r: [relation_table(r, model, theta) for model in self.models] for r in relations}

    def hits(self, threshold: float) -> Iterator[BlindHit]:
        """Pairs of which some relation passes its upper bounds and then, exactly, the threshold."""
        total = len(self.profiles)
        bounds = [self.bounds(r, way, threshold) for r in self.relations for way in self.ways(r)]
        sizes = [len(model.first) + 1 for model in self.models]
        offsets = np.cumsum([0, *sizes[:-1]]).astype(np.int64)
        stacked = np.stack(self.rows, axis=1) if self.rows else np.zeros((total, 0), dtype=np.int64)
        rows = (stacked + offsets).astype(np.uint32)
        compiled = choose(total * total * len(bounds) // 2)
        for start in range(0, total, LANES):
            if start % BLOCK == 0:
                self.progress.step(start, total, "Comparing profiles with each other")
            lanes = stacked[start : start + LANES]
            near = set[tuple[int, int]]()
            for tables in bounds:
                if tables is not None:
                    pairs = passing(block_of(tables, lanes, int(sum(sizes))), rows[start:], compiled)
                    pairs = pairs[(pairs[:, 1] < len(lanes)) & (pairs[:, 0] > pairs[:, 1])] + start
                    near |= set(map(tuple, pairs[:, ::-1].tolist()))
            for i, j in sorted(near):
                hit = self.hit(i, j)
                if hit.log10_lr >= threshold:
                    yield hit
        self.progress.step(total, total, "Comparing profiles with each other")

    def ways(self, relation: BlindRelation) -> tuple[bool, ...]:
        """Whether the first profile may also be the second person of the relation."""
        return (False, True) if self.two_ways(relation) else (False,)

    def bounds(self, relation: BlindRelation, swapped: bool, threshold: float) -> list[Bounds] | None:
        """Upper bounds of each locus's table, (genotypes of the other, genotypes of the one in the lane)."""
        ln = [(t if swapped else t.T) * np.log(10) for t in self.tables[relation]]
        chosen = steps(np.array([table.max() for table in ln]), threshold - 1e-9)
        if chosen is None:
            return None
        return [chosen.bounds(t, share) for t, share in zip(ln, chosen.shares, strict=True)]

    def two_ways(self, relation: BlindRelation) -> bool:
        """Who is the parent matters only where mutation changes allele frequencies."""
        return relation is BlindRelation.PARENT_CHILD and bool(self.kit.mutation)

    def lr(self, relation: BlindRelation, i: int, j: int) -> float:
        """Exactly rounded sum over the loci in their order."""
        tables = list(zip(self.rows, self.tables[relation], strict=True))
        total = math.fsum(float(table[rows[i], rows[j]]) for rows, table in tables)
        if not self.two_ways(relation):
            return total
        return max(total, math.fsum(float(table[rows[j], rows[i]]) for rows, table in tables))

    def hit(self, i: int, j: int) -> BlindHit:
        lrs = {r: self.lr(r, i, j) for r in self.relations}
        best = max(self.relations, key=lambda r: lrs[r])
        compared = [
            (locus, rows)
            for locus, rows, model in zip(self.kit.loci, self.rows, self.models, strict=True)
            if max(rows[i], rows[j]) < len(model.first)
        ]
        return BlindHit(
            self.profiles[i].id,
            self.profiles[j].id,
            best,
            lrs[best],
            {r: None if lr == -math.inf else lr for r, lr in lrs.items()},
            len(compared),
            tuple(locus for locus, rows in compared if rows[i] != rows[j]),
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
    common = np.zeros((len(profiles), len(profiles)), dtype=np.int16)
    differ = np.zeros_like(common)
    for locus in chosen:
        genotypes = [tuple(sorted(p.genotypes.get(locus, ()))) for p in profiles]
        numbers = {g: i for i, g in enumerate(dict.fromkeys(genotypes))}
        codes = np.array([numbers[g] if g else -1 for g in genotypes])
        both = (codes[:, None] >= 0) & (codes[None, :] >= 0)
        common += both
        differ += both & (codes[:, None] != codes[None, :])
    found = (common >= least_loci) & (differ <= most_differing)
    return np.argwhere(np.triu(found, 1))
