"""Invented families and profiles for measuring: no person stands behind them.

Ladders of 8 to 20 alleles, families of thirteen shapes, genotypes dropped through the pedigrees. Family
number i and the profile of its missing member are always the same for one seed, however many are asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import (
    FrequencyTable,
    Genotype,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile

LOCI = 24
BLOCK = 1300  # families that are drawn at a time
SHAPES: tuple[tuple[str, str], ...] = (
    # members in order "child<father,mother"; capitals are typed, x is missing
    ("both parents", "F M x<F,M"),
    ("father", "F m x<F,m"),
    ("mother and sibling", "f M x<f,M S<f,M"),
    ("one sibling", "f m x<f,m S<f,m"),
    ("two siblings", "f m x<f,m S<f,m T<f,m"),
    ("three siblings", "f m x<f,m S<f,m T<f,m U<f,m"),
    ("child and spouse", "x W C<x,W"),
    ("two children", "x w C<x,w D<x,w"),
    ("child", "x w C<x,w"),
    ("sibling and child", "f m x<f,m S<f,m w C<x,w"),
    ("half sibling", "f m n x<f,m H<f,n"),
    ("uncle and mother", "g h f<g,h U<g,h M x<f,M"),
    ("grandparents", "G H f<G,H M x<f,M"),
)
STEPWISE = MutationModel(MutationKind.STEPWISE, 0.002, 0.001, 1e-6, 1e-6)


def ladder(rng: np.random.Generator, count: int) -> dict[str, float]:
    """Allele frequencies of an invented STR locus."""
    weights = rng.gamma(1.0, 1.0, count) + 0.02
    return {str(8 + i): float(w) for i, w in enumerate(weights / weights.sum())}


def shape(text: str) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """Members and typed people of a line of SHAPES."""
    members = []
    for word in text.split():
        child, _, pair = word.partition("<")
        father, _, mother = pair.partition(",")
        members.append(Member(child, Sex.UNKNOWN, father or None, mother or None))
    return tuple(members), tuple(m.id for m in members if m.id.isupper())


@dataclass(frozen=True)
class Invention:
    """Families and profiles without end."""

    seed: int
    loci: int = LOCI
    biallelic: bool = False

    @cached_property
    def rules(self) -> ScreeningInputs:
        """Loci, frequencies and mutation, without families and profiles."""
        rng = np.random.default_rng(self.seed)
        names = tuple(f"L{i:02d}" for i in range(self.loci))
        if self.biallelic:
            shares = rng.uniform(0.1, 0.9, self.loci).tolist()
            tables = {name: {"A": share, "G": 1 - share} for name, share in zip(names, shares, strict=True)}
            model = MutationModel(MutationKind.EQUAL, 1e-6, 1e-6)
        else:
            tables = {name: ladder(rng, 8 + (5 * i) % 13) for i, name in enumerate(names)}
            model = STEPWISE
        return ScreeningInputs(names, FrequencyTable("invented", tables), (), (), dict.fromkeys(names, model))

    @cached_property
    def genotypes(self) -> list[list[Genotype]]:
        """By locus: every ordered pair of alleles, the same object whoever shows it."""
        tables = self.rules.frequencies.loci.values()
        return [[(a, b) for a in table for b in table] for table in tables]

    def families(self, count: int) -> Iterator[ScreeningFamily]:
        """The first `count` families."""
        drawn = [shape(text) for _, text in SHAPES]
        for number, people in self.people(count):
            members, typed = drawn[number % len(SHAPES)]
            genotypes = {person: self.written(people[person]) for person in typed}
            yield ScreeningFamily(f"F{number}", Pedigree(members), ("x",), genotypes)

    def profiles(self, count: int) -> Iterator[ScreeningProfile]:
        """The profiles of the missing members of the first `count` families."""
        for number, people in self.people(count):
            yield ScreeningProfile(f"P{number}", Sex.UNKNOWN, self.written(people["x"]))

    def written(self, numbers: NDArray[np.int64]) -> dict[str, Genotype]:
        pairs = [own[g] for own, g in zip(self.genotypes, numbers.tolist(), strict=True)]
        return dict(zip(self.rules.loci, pairs, strict=True))

    def people(self, count: int) -> Iterator[tuple[int, dict[str, NDArray[np.int64]]]]:
        """Numbers of the genotypes (loci,) of every member, family by family."""
        block = BLOCK if self.loci <= 64 else len(SHAPES)
        for start in range(0, count, block):
            rng = np.random.default_rng([self.seed, start])
            drawn = [self.drawn(rng, shape(text)[0], block // len(SHAPES)) for _, text in SHAPES]
            for number in range(start, min(start + block, count)):
                own, place = drawn[number % len(SHAPES)], (number - start) // len(SHAPES)
                yield number, {person: found[place] for person, found in own.items()}

    def drawn(
        self, rng: np.random.Generator, members: tuple[Member, ...], count: int
    ) -> dict[str, NDArray[np.int64]]:
        """Genotypes (families, loci) of all members: founders by Hardy-Weinberg, children by Mendel."""
        tables = [np.array(list(p.values())) for p in self.rules.frequencies.loci.values()]
        sizes = np.array([len(p) for p in tables])
        found: dict[str, NDArray[np.int64]] = {}
        for m in members:
            if m.father and m.mother:
                parts = [
                    np.where(rng.random((count, self.loci)) < 0.5, found[p] // sizes, found[p] % sizes)
                    for p in (m.father, m.mother)
                ]
            elif self.biallelic:
                shares = np.array([p[0] for p in tables])
                parts = [(rng.random((count, self.loci)) >= shares).astype(np.int64) for _ in range(2)]
            else:
                draws = [rng.choice(len(p), (2, count), p=p) for p in tables]
                parts = [np.stack([pair[i] for pair in draws], axis=1) for i in range(2)]
            found[m.id] = parts[0] * sizes + parts[1]
        return found


def invented(size: int, seed: int, loci: int = LOCI) -> ScreeningInputs:
    """`size` families of mixed shapes, and the profile of each one's missing member."""
    made = Invention(seed, loci)
    return replace(made.rules, families=tuple(made.families(size)), profiles=tuple(made.profiles(size)))
