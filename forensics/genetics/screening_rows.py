"""Rows of the tables of a search, and where each profile stands in them.

A row is a genotype at a locus: each one that some profile shows, then "no data", then genotypes with an
allele that the table lacks and what traces show. Profiles are kept in an order in which neighbours share
rows, men before those of unknown sex before women, so that a column meets only profiles that may fit, and the
cache is used twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Allele, Sex
from forensics.domain.screening import ScreeningProfile
from forensics.genetics.compile_tensors import Index
from forensics.genetics.screening_kit import Kit
from forensics.genetics.screening_traces import Shown

Extra = frozenset[Allele]
Words = NDArray[np.uint64]
"""A bit for each locus, 64 to a word; the last axis is the word."""

SEXES = (Sex.MALE, Sex.UNKNOWN, Sex.FEMALE)
SORTED_BY = 3  # loci by which profiles are put next to their like


@dataclass(frozen=True)
class Layout:
    """Rows of the tables, and the profiles in their order."""

    wanted: tuple[Index, ...]  # by locus: numbers of the table's genotypes that have a row
    odd: tuple[dict[Extra, list[tuple[Shown, int]]], ...]  # by locus: rows of unseen alleles and of traces
    order: Index  # (profiles,): which profile stands at a place
    local: NDArray[np.uint16]  # (profiles in order, loci): rows counted within the locus
    typed: Words  # (profiles in order, words)
    ends: tuple[int, int]  # where the men end, where those of unknown sex end

    @cached_property
    def sizes(self) -> Index:
        """(loci,): rows of each locus."""
        more = [sum(map(len, odd.values())) for odd in self.odd]
        return np.array([len(w) + 1 + m for w, m in zip(self.wanted, more, strict=True)], dtype=np.int64)

    @cached_property
    def offsets(self) -> Index:
        """(loci,): first row of each locus."""
        return np.cumsum(self.sizes) - self.sizes

    @cached_property
    def count(self) -> int:
        return int(self.sizes.sum())

    @cached_property
    def rows(self) -> NDArray[Any]:
        """(profiles in order, loci): rows counted over all loci, in as few bytes as they need."""
        kind = np.uint16 if self.count <= 1 << 16 else np.uint32
        return np.ascontiguousarray((self.local + self.offsets).astype(kind))

    def fitting(self, sex: Sex) -> slice:
        """The places of the profiles whose sex may be this one."""
        men, unknown = self.ends
        return {Sex.MALE: slice(0, unknown), Sex.FEMALE: slice(men, None), Sex.UNKNOWN: slice(None)}[sex]

    @cached_property
    def patterns(self) -> dict[Sex, tuple[Words, Index]]:
        """By sex of the column: distinct sets of typed loci of the profiles that fit, and how many have each."""
        found = {}
        for sex in SEXES:
            typed = self.typed[self.fitting(sex)]
            found[sex] = (
                distinct(typed)
                if len(typed)
                else (np.zeros((0, self.typed.shape[1]), dtype=np.uint64), np.zeros(0, dtype=np.int64))
            )
        return found

    def pairs(self, sex: Sex, informative: Words) -> tuple[int, int, int]:
        """How many profiles a column is compared with; differ in sex; have nothing informative in common."""
        words, counts = self.patterns[sex]
        fitting = int(counts.sum())
        compared = int(counts[((words & informative) != 0).any(axis=1)].sum())
        return compared, len(self.order) - fitting, fitting - compared


def distinct(typed: Words) -> tuple[Words, Index]:
    if typed.shape[1] == 1:
        words, counts = np.unique(typed[:, 0], return_counts=True)
        return words[:, None], counts
    words, counts = np.unique(typed, axis=0, return_counts=True)
    return words, counts


def bits(flags: NDArray[np.bool_]) -> Words:
    """(..., loci) of booleans as (..., words)."""
    packed = np.packbits(flags, axis=-1, bitorder="little")
    words = max(1, -(-packed.shape[-1] // 8))
    filled = np.zeros((*packed.shape[:-1], 8 * words), dtype=np.uint8)
    filled[..., : packed.shape[-1]] = packed
    return filled.view(np.uint64)


def layout(
    profiles: Sequence[ScreeningProfile], numbers: NDArray[np.int32], kit: Kit, whole: bool = False
) -> Layout:
    """Rows that these profiles need, or those of the `whole` table; `numbers` (profiles, loci) are genotypes,
    -1 untyped, -2 with an allele that the table lacks or of a trace."""
    local = np.zeros(numbers.shape, dtype=np.uint16)
    wanted: list[Index] = []
    odd: list[dict[Extra, list[tuple[Shown, int]]]] = []
    for locus, name in enumerate(kit.loci):
        here = numbers[:, locus]
        count = len(kit.model(name).first)
        shown = np.zeros(count + 2, dtype=bool)
        shown[here] = True  # untyped and odd ones fall on the two last
        if whole or count <= PANEL_GENOTYPES:
            shown[:] = True
        found = np.flatnonzero(shown[:count])
        place = np.full(count + 2, len(found), dtype=np.uint16)
        place[found] = np.arange(len(found), dtype=np.uint16)
        local[:, locus] = place[here]
        strange: dict[Shown, int] = {}
        for p in np.flatnonzero(here == -2).tolist():
            what = Shown(tuple(sorted(profiles[p].genotypes[name])), profiles[p].drop_out)
            local[p, locus] = strange.setdefault(what, len(found) + 1 + len(strange))
        wanted.append(found)
        odd.append(by_extra(strange, name, kit))
    order, ends = sorted_profiles(profiles, local)
    return Layout(
        tuple(wanted), tuple(odd), order, np.ascontiguousarray(local[order]), bits(numbers[order] != -1), ends
    )


PANEL_GENOTYPES = 3
"""Loci of so few genotypes keep all of them, so that many loci can share one table."""


def by_extra(strange: dict[Shown, int], locus: str, kit: Kit) -> dict[Extra, list[tuple[Shown, int]]]:
    found: dict[Extra, list[tuple[Shown, int]]] = defaultdict(list)
    for what, row in strange.items():
        found[kit.unseen(locus, what.genotype)].append((what, row))
    return dict(found)


def sorted_profiles(
    profiles: Sequence[ScreeningProfile], local: NDArray[np.uint16]
) -> tuple[Index, tuple[int, int]]:
    """The order of the profiles: by sex, then by the first loci; and where each sex ends."""
    place = {sex: i for i, sex in enumerate(SEXES)}
    sexes = np.array([place[p.sex] for p in profiles], dtype=np.int64)
    keys = [local[:, locus].astype(np.int64) for locus in range(min(SORTED_BY, local.shape[1]))]
    order = np.lexsort(np.stack([*keys[::-1], sexes])).astype(np.int64)
    men, unknown = (int((sexes <= i).sum()) for i in range(2))
    return order, (men, unknown)
