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
from forensics.genetics.compile_graph import Graph, build, parts, place
from forensics.genetics.compile_plan import plan
from forensics.genetics.compile_tensors import Index, Lanes
from forensics.genetics.joint_parts import still_model
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
    apart: list[tuple[int, int, int, NDArray[np.bool_]]] = []
    for number, family in enumerate(families):
        graphs: dict[tuple[frozenset[str], int], list[tuple[Graph, tuple[str, ...]]]] = {}
        for locus, relatives in enumerate(family.relatives):
            typed = frozenset(relatives)
            for member, person in enumerate(family.people):
                if person in typed:
                    own = np.sort(relatives[person])[:, None]
                    differs = (np.sort(shown[locus].alleles, axis=0) != own).any(axis=0)
                    apart.append((number, member, locus, differs))
                key = (typed, member)
                if key not in graphs:
                    graphs[key] = graphs_of(family.pedigree, typed | {person})
                for graph, names in graphs[key]:
                    alleles = tuple(
                        shown[locus].alleles
                        if name == person and person not in typed
                        else relatives[name][:, None]
                        for name in names
                    )
                    jobs[graph].append(_Job(number, member, locus, alleles))
    count = len(shown[0].of) if shown else 0
    found = [np.zeros((count, len(f.people)), dtype=np.int64) for f in families]
    wrong: dict[tuple[int, int, int], NDArray[np.bool_]] = {}

    def add(family: int, member: int, locus: int, bad: NDArray[np.bool_]) -> None:
        before = wrong.get((family, member, locus))
        wrong[family, member, locus] = bad if before is None else before | bad

    for graph, mine in jobs.items():
        for job, possible in zip(mine, all_possible(graph, mine), strict=True):
            if not possible.all():
                add(job.family, job.member, job.locus, ~possible)
    for item in apart:
        add(*item)
    for (number, member, locus), bad in wrong.items():
        every = np.broadcast_to(bad, (len(shown[locus]),)) if len(bad) == 1 else bad
        found[number][:, member] += (every[shown[locus].of] & shown[locus].known).astype(np.int64)
    return found


def graphs_of(pedigree: Pedigree, typed: frozenset[str]) -> list[tuple[Graph, tuple[str, ...]]]:
    """The parts of a family's graph, with the names of their people."""
    placed = place(pedigree, typed, None, None)
    return [(part.graph, tuple(placed.names[i] for i in part.people)) for part in parts(build(placed.shape))]


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
    patterns, of = np.unique(pattern(alleles), axis=1, return_inverse=True)
    possible = np.zeros(patterns.shape[1], dtype=bool)
    sizes = patterns.max(axis=0, initial=-1) + 1
    for size in np.unique(sizes):
        mine = np.flatnonzero(sizes == size)
        own = {i: patterns[2 * i : 2 * i + 2, mine].astype(np.int64) for i in range(people)}
        same = np.full((int(size), len(mine)), 1 / max(int(size), 1))
        possible[mine] = blocks(plan(graph, 0), still_model(int(size)), Lanes(len(mine), own, None, same)) > 0
    return np.split(possible[of.reshape(-1)], np.cumsum(widths)[:-1])


def pattern(alleles: Index) -> NDArray[np.int8]:
    """Alleles of each column numbered from 0 in ascending order."""
    order = np.argsort(alleles, axis=0, kind="stable")
    ranked = np.take_along_axis(alleles, order, axis=0)
    rank = np.zeros(alleles.shape, dtype=np.int8)
    rank[1:] = np.cumsum(ranked[1:] != ranked[:-1], axis=0)
    found = np.empty_like(rank)
    np.put_along_axis(found, order, rank, axis=0)
    return found
