"""The victims of a joint identification as numbers, by locus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Genotype, Sex
from forensics.domain.screening import ScreeningProfile
from forensics.genetics.alleles import AlleleSpace, lump
from forensics.genetics.compile_tensors import Array, Index, LocusModel
from forensics.genetics.joint_tables import Candidates, Loci
from forensics.genetics.screening_kit import Kit

NOBODY = -1
"""Stands for a victim where a place stays empty."""


MOST_REMEMBERED = 500
"""Sets of candidates whose genotypes are remembered."""

ROUND = 4
"""Loci get alleles of frequency 0 up to a multiple of this, so that more of them have equally many."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The different genotypes at one locus: alleles (2, D), which of them each victim has (V,), and who has
    data there (V,)."""

    alleles: Index
    of: Index
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return int(self.alleles.shape[1])


@dataclass(frozen=True)
class Victims:
    """All victims as numbers: per locus their alleles (2, V), and who has data there (V,)."""

    profiles: tuple[ScreeningProfile, ...]
    models: tuple[LocusModel, ...]
    alleles: tuple[Index, ...]
    typed: tuple[NDArray[np.bool_], ...]
    ln_unrelated: Array  # (loci, V): ln P(genotype of an unrelated person) when theta is 0; 0 without data
    _loci: dict[tuple[int, ...], Loci] = field(default_factory=dict, repr=False)
    _different: dict[tuple[tuple[int, ...], bytes], tuple[Candidates, Index]] = field(
        default_factory=dict, repr=False
    )

    @cached_property
    def ln_null(self) -> Array:
        """(V,): over all loci."""
        return np.asarray(self.ln_unrelated.sum(axis=0))

    @cached_property
    def stacked(self) -> tuple[Index, NDArray[np.bool_]]:
        """Alleles (loci, 2, V + 1) and who has data (loci, V + 1); the last is nobody."""
        count = len(self.profiles)
        alleles = np.zeros((len(self.models), 2, count + 1), dtype=np.int64)
        known = np.zeros((len(self.models), count + 1), dtype=bool)
        for locus, (pairs, has) in enumerate(zip(self.alleles, self.typed, strict=True)):
            alleles[locus, :, :count], known[locus, :count] = pairs, has
        return alleles, known

    def loci(self, numbers: tuple[int, ...]) -> Loci:
        """Some loci of equally many alleles, as stacks; made once."""
        if numbers not in self._loci:
            self._loci[numbers] = Loci([self.models[locus] for locus in numbers])
        return self._loci[numbers]

    def different(self, loci: tuple[int, ...], who: Index) -> tuple[Candidates, Index]:
        """The different genotypes of some candidates, no data first, and which of them each has (L, C)."""
        key = (loci, who.tobytes())
        if key not in self._different:
            if len(self._different) > MOST_REMEMBERED:
                self._different.clear()
            self._different[key] = self._made_different(loci, who)
        return self._different[key]

    def _made_different(self, loci: tuple[int, ...], who: Index) -> tuple[Candidates, Index]:
        _, known = self.stacked
        found = []
        for locus in loci:
            shown = self.shown[locus]
            genotype = np.where(known[locus, who], np.append(shown.of, 0)[who], -1)
            distinct, of = np.unique(np.append(genotype, -1), return_inverse=True)
            found.append((shown.alleles[:, np.maximum(distinct, 0)], distinct >= 0, of.reshape(-1)[:-1]))
        most = max(len(shows) for _, shows, _ in found)
        pairs = np.zeros((len(loci), 2, most), dtype=np.int64)
        has = np.zeros((len(loci), most), dtype=bool)
        for number, (pair, shows, _) in enumerate(found):
            pairs[number, :, : len(shows)], has[number, : len(shows)] = np.where(shows, pair, 0), shows
        return Candidates(pairs, has), np.stack([of for _, _, of in found])

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        found = []
        for pairs, known, model in zip(self.alleles, self.typed, self.models, strict=True):
            low, high = np.sort(pairs, axis=0)
            codes = np.where(known, low * model.size + high, -1)
            distinct, of = np.unique(codes, return_inverse=True)
            alleles = np.stack(np.divmod(np.maximum(distinct, 0), model.size))
            found.append(Shown(alleles, of.reshape(-1), known))
        return tuple(found)

    def fitting(self, sex: Sex) -> Index:
        """Victims whose sex does not speak against it."""
        return self._by_sex[sex]

    @cached_property
    def _by_sex(self) -> dict[Sex, Index]:
        return {
            sex: np.flatnonzero([sexes_agree(p.sex, sex) for p in self.profiles]).astype(np.int64)
            for sex in Sex
        }


def encode(
    profiles: Sequence[ScreeningProfile], kit: Kit, family: Sequence[Mapping[str, Genotype]]
) -> Victims:
    """Victims in the alleles of the whole question; alleles that nobody shows are lumped where that is exact."""
    models, alleles, typed, null = [], [], [], []
    for locus in kit.loci:
        genotypes = [g for x in (*(p.genotypes for p in profiles), *family) if (g := x.get(locus))]
        shown = {a for g in genotypes for a in g}
        model = lumped(kit.model(locus, kit.unseen(locus, shown)), shown)
        has = np.array([bool(p.genotypes.get(locus)) for p in profiles], dtype=bool)
        pairs = np.zeros((2, len(profiles)), dtype=np.int64)
        for v, profile in enumerate(profiles):
            if has[v]:
                pairs[:, v] = [model.index[a] for a in profile.genotypes[locus]]
        own = np.log(model.hardy_weinberg[model.genotype[pairs[0], pairs[1]]])
        models.append(model)
        alleles.append(pairs)
        typed.append(has)
        null.append(np.where(has, own, 0.0))
    return Victims(tuple(profiles), tuple(models), tuple(alleles), tuple(typed), np.array(null))


def lumped(model: LocusModel, shown: set[str]) -> LocusModel:
    """The locus with the alleles that nobody shows as one, as far as that changes nothing.

    Where a rounded table misses 1 by a trace, an allele that nobody has takes what is missing. Alleles of
    frequency 0 round the number up (see `ROUND`).
    """
    seen = {model.index[a] for a in shown}
    small = lump(AlleleSpace(model.alleles, model.frequencies, model.male, model.female), seen)
    names, male, female = small.space.names, small.space.male, small.space.female
    assert male is not None
    assert female is not None
    p = completed(small.space.p, {int(small.of[a]) for a in seen})
    missing = 1 - float(p.sum())
    rest = missing if 1e-14 < missing <= 1e-6 else 0.0
    added = -(len(p) + (rest > 0)) % ROUND + (rest > 0)
    if not added:
        return LocusModel(tuple(names), p, male, female)
    unnamed = [f"\0{i}" for i in range(added)]
    frequencies = np.concatenate([p, [rest], np.zeros(added - 1)])
    return LocusModel((*names, *unnamed), frequencies, enlarged(male, added), enlarged(female, added))


def enlarged(matrix: Array, added: int) -> Array:
    """The matrix with more alleles, which never mutate."""
    larger = np.eye(len(matrix) + added)
    larger[: len(matrix), : len(matrix)] = matrix
    return larger


def completed(p: Array, seen: set[int]) -> Array:
    """Frequencies whose one class of unseen alleles has what is missing to one (tables are rounded)."""
    rest = [i for i in range(len(p)) if i not in seen]
    if len(rest) != 1 or abs(p.sum() - 1) > 1e-6:
        return p
    others = float(np.delete(p, rest[0]).sum())
    return np.where(np.arange(len(p)) == rest[0], 1 - others, p) if others < 1 else p


def sexes_agree(one: Sex, other: Sex) -> bool:
    return Sex.UNKNOWN in (one, other) or one is other
