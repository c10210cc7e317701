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
from forensics.genetics.compile import Question, answer
from forensics.genetics.compile_graph import place
from forensics.genetics.compile_tensors import Array, Lanes, LocusModel
from forensics.genetics.screening_prepare import Kit, check_genotypes

ENGINE = "nomina-blind 1"
BLOCK = 256  # profiles compared with all later ones at a time

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
    all relations searched. Parent and child are tried both ways round and the larger LR counts. Alleles
    that the table lacks get the minimum frequency, once for all pairs. Raises Invalid, Cancelled.
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
    pedigree = Pedigree(PEDIGREES[relation])
    asked = place(pedigree, frozenset({FIRST}), SECOND, None)
    unasked = place(pedigree, frozenset({FIRST}), None, None)
    genotypes = np.stack([model.first, model.second])
    count = len(model.first)
    known = relation is BlindRelation.SAME_PERSON
    found = answer(
        Question(asked.shape, unasked.shape, known),
        model,
        Lanes(count, {asked.names.index(FIRST): genotypes}),
        Lanes(count, {unasked.names.index(FIRST): genotypes}),
        theta,
    )
    table = np.zeros((count + 1, count + 1))
    table[:-1, :-1] = found.log10.T  # rows: the first profile, columns: the second
    return table


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
        self.tables = {r: [relation_table(r, model, theta) for model in self.models] for r in relations}

    def hits(self, threshold: float) -> Iterator[BlindHit]:
        total = len(self.profiles)
        for start in range(0, total, BLOCK):
            self.progress.step(start, total, "Comparing profiles with each other")
            stop = min(start + BLOCK, total)
            values = {r: self.block(r, start, stop) for r in self.relations}
            best = np.max(np.stack(list(values.values())), axis=0)
            later = np.arange(start, total)[None, :] > np.arange(start, stop)[:, None]
            for i, j in zip(*np.nonzero((best >= threshold - 1e-9) & later), strict=True):
                hit = self.hit(start + int(i), start + int(j))
                if hit.log10_lr >= threshold:
                    yield hit
        self.progress.step(total, total, "Comparing profiles with each other")

    def block(self, relation: BlindRelation, start: int, stop: int) -> Array:
        """(rows, later profiles): log10 LR of the relation."""
        total = np.zeros((stop - start, len(self.profiles) - start))
        other = np.zeros_like(total) if self.two_ways(relation) else None
        for rows, table in zip(self.rows, self.tables[relation], strict=True):
            total += table[rows[start:stop, None], rows[None, start:]]
            if other is not None:
                other += table[rows[None, start:], rows[start:stop, None]]
        return total if other is None else np.maximum(total, other)

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
