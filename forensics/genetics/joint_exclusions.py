"""At how many loci each victim is impossible on each missing member when nothing mutates.

Whether genotypes are possible depends only on which alleles are the same, not on which they are or how
frequent. So all families, loci and victims with the same graph are reduced to patterns, and each different
pattern is computed once.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Pedigree
from forensics.genetics.compile import blocks
from forensics.genetics.compile_graph import Graph
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_tensors import Index, Lanes
from forensics.genetics.joint_parts import still_model, structure
from forensics.genetics.joint_victims import Shown

Counts = NDArray[np.int64]
Relatives = Sequence[Mapping[str, Index]]
"""By locus: the alleles (2,) of each typed relative."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family: its missing as genetic people, and its relatives' alleles."""

    pedigree: Pedigree
    people: tuple[str, ...]
    relatives: Relatives


EVERYBODY = -1
"""In the place of a member: the relatives by themselves."""

FEW = 256
"""Patterns that are computed together whatever their number of alleles."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Lanes of one graph: for family and member, at one locus, one lane for each genotype."""

    family: int
    member: int
    locus: int
    alleles: tuple[Index, ...]  # by person of the graph: (2, genotypes) or (2, 1)


def inconsistent(families: Sequence[Family], shown: Sequence[Shown]) -> list[Counts]:
    """For each family (V, missing): loci where the victim is impossible there. `shown` is by locus."""
    jobs: dict[Graph, list[_Job]] = defaultdict(list)
    bad = _Wrong(families, shown)
    for number, family in enumerate(families):
        graphs: dict[tuple[frozenset[str], int], tuple[tuple[Graph, tuple[str, ...]], ...]] = {}
        for locus, relatives in enumerate(family.relatives):
            typed, alone = frozenset(relatives), set[tuple[str, ...]]()
            for member, person in enumerate(family.people):
                if person in typed:
                    own = np.sort(relatives[person])[:, None]
                    same = (np.sort(shown[locus].alleles, axis=0) == own).all(axis=0)
                    bad.add(_Job(number, member, locus, ()), same)
                key = (typed, member)
                if key not in graphs:
                    graphs[key] = structure(family.pedigree, typed | {person}, None).parts
                for graph, names in graphs[key]:
                    asked = person in names and person not in typed
                    if not asked and names in alone:
                        continue  # relatives by themselves: looked at with an earlier member
                    if not asked:
                        alone.add(names)
                    alleles = tuple(
                        shown[locus].alleles if asked and name == person else relatives[name][:, None]
                        for name in names
                    )
                    jobs[graph].append(_Job(number, member if asked else EVERYBODY, locus, alleles))
    for graph, mine in jobs.items():
        for job, possible in zip(mine, all_possible(graph, mine), strict=True):
            bad.add(job, possible)
    return bad.counted()


class _Wrong:
    """Which genotypes are impossible, collected."""

    def __init__(self, families: Sequence[Family], shown: Sequence[Shown]) -> None:
        self.families, self.shown = families, shown
        self.found: dict[tuple[int, int, int], NDArray[np.bool_]] = {}

    def add(self, job: _Job, possible: NDArray[np.bool_]) -> None:
        if possible.all():
            return
        everybody = range(len(self.families[job.family].people))
        for member in everybody if job.member == EVERYBODY else (job.member,):
            key = (job.family, member, job.locus)
            before = self.found.get(key, np.zeros(len(self.shown[job.locus]), dtype=bool))
            self.found[key] = before | ~possible

    def counted(self) -> list[Counts]:
        count = len(self.shown[0].of) if self.shown else 0
        total = [np.zeros((count, len(f.people)), dtype=np.int64) for f in self.families]
        for (family, member, locus), wrong in self.found.items():
            shown = self.shown[locus]
            total[family][:, member] += wrong[shown.of] & shown.known
        return total


def all_possible(graph: Graph, jobs: Sequence[_Job]) -> list[NDArray[np.bool_]]:
    """For each job (genotypes,) or (1,): whether the genotypes are possible."""
    widths = [max((a.shape[1] for a in job.alleles), default=1) for job in jobs]
    people = len(jobs[0].alleles)
    alleles = np.empty((2 * people, sum(widths)), dtype=np.int64)
    start = 0
    for job, width in zip(jobs, widths, strict=True):
        for i, pair in enumerate(job.alleles):
            alleles[2 * i : 2 * i + 2, start : start + width] = pair
        start += width
    patterns, of = distinct(pattern(alleles))
    possible = np.zeros(patterns.shape[1], dtype=bool)
    sizes = patterns.max(axis=0, initial=-1) + 1
    if len(sizes) <= FEW:
        sizes[:] = sizes.max()
    for size in np.unique(sizes):
        mine = np.flatnonzero(sizes == size)
        own = {i: patterns[2 * i : 2 * i + 2, mine].astype(np.int64) for i in range(people)}
        same = np.full((int(size), len(mine)), 1 / max(int(size), 1))
        possible[mine] = blocks(plan(graph, 0), still_model(int(size)), Lanes(len(mine), own, None, same)) > 0
    return np.split(possible[of], np.cumsum(widths)[:-1])


def distinct(patterns: NDArray[np.int8]) -> tuple[NDArray[np.int8], Index]:
    """The different columns, and which of them each column is."""
    if len(patterns) > 15:
        found, of = np.unique(patterns, axis=1, return_inverse=True)
        return found, of.reshape(-1)
    codes = np.zeros(patterns.shape[1], dtype=np.int64)
    for row in patterns:
        codes = codes * 16 + row
    _, first, of = np.unique(codes, return_index=True, return_inverse=True)
    return patterns[:, first], of.reshape(-1)


def pattern(alleles: Index) -> NDArray[np.int8]:
    """Alleles of each column numbered from 0 in ascending order."""
    order = np.argsort(alleles, axis=0, kind="stable")
    ranked = np.take_along_axis(alleles, order, axis=0)
    rank = np.zeros(alleles.shape, dtype=np.int8)
    rank[1:] = np.cumsum(ranked[1:] != ranked[:-1], axis=0)
    found = np.empty_like(rank)
    np.put_along_axis(found, order, rank, axis=0)
    return found
