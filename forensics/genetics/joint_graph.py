"""The factor graph of a family in which any victim, or nobody, may be placed on each missing member.

Who is placed on a member is a variable of its own, its *choice*: the tables that belong to the member have
one more axis with an entry for each candidate. One sum over the pedigree then gives the probability of all
placements at once. Typed people cut the graph, so that members fall apart into pieces that are multiplied.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forensics.domain.kinship import Pedigree
from forensics.genetics.compile_graph import Factor, Graph, assemble, renamed
from forensics.genetics.compile_plan import Plan, Search
from forensics.genetics.compile_shape import merge_twins, place

CHOICE = "C"
"""First letter of the variables of choices."""

TRIES = 6
"""Orders that are tried where a piece is dear."""

WORTH_SEARCHING = 30_000.0
"""Multiply-adds below which the first order found is good enough."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A connected part of the graph. Its answer has one axis for each of `members`, in that order.

    `people` are the names behind the graph's numbers, `chosen` the member whose choice a factor has (-1: none).
    """

    plan: Plan
    people: tuple[str, ...]
    members: tuple[int, ...]
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A family's graph when certain people are typed: its pieces, and the typed founders.

    `effects` are members who are typed themselves (a personal effect, an identified twin), with the name
    of the genetic person; `apart` members whom nobody in the graph is related to.
    """

    pieces: tuple[Piece, ...]
    founders: tuple[str, ...]
    effects: tuple[tuple[int, str], ...]
    apart: tuple[int, ...]


@lru_cache(maxsize=4096)
def pieces_of(
    pedigree: Pedigree,
    typed: frozenset[str],
    members: tuple[tuple[int, str], ...],
    pruned_by: frozenset[str] | None,
    alleles: int,
    counts: tuple[tuple[int, int], ...],
) -> Pieces:
    """The graph for `members` (number, genetic person), `typed` having data at the locus; remembered.

    `alleles` and `counts` (candidates by member) are the numbers of states that the order of summing is made for.
    """
    candidates = dict(counts)
    effects = tuple((k, name) for k, name in members if name in typed)
    open_members = [(k, name) for k, name in members if name not in typed]
    people = [name for _, name in open_members]
    kept = place(pedigree, typed | frozenset(people), None, pruned_by)
    parents = {i for p in kept.shape.people for i in (p.father, p.mother)}
    childless = {n for i, n in enumerate(kept.names) if i not in parents}
    leaves = frozenset(n for n in people if n in childless and people.count(n) == 1)
    placed = place(pedigree, typed | leaves, None, pruned_by)
    shape, number = placed.shape, {n: i for i, n in enumerate(placed.names)}
    assert set(placed.names) == set(kept.names)
    own: dict[int, list[int]] = {}
    for k, name in open_members:
        own.setdefault(number[name], []).append(k)
    evident = frozenset(i for i in own if placed.names[i] not in leaves)
    waiting = [
        (replaced(f, k), k)
        for f in assemble(shape, None, (), evident).factors
        for k in own.get(f.child, [-1])
    ]
    founders = tuple(
        n for n, p in zip(placed.names, shape.people, strict=True) if p.founder and p.typed and n in typed
    )
    found = []
    while waiting:
        mine, waiting = connected(waiting)
        found.append(piece([f for f, _ in mine], [k for _, k in mine], placed.names, alleles, candidates))
    reached = {k for one in found for k in one.members}
    apart = tuple(k for k, _ in open_members if k not in reached)
    return Pieces(tuple(found), founders, effects, apart)


def replaced(factor: Factor, member: int) -> Factor:
    """The factor with its member's choice as one more variable."""
    if member < 0:
        return factor
    return Factor(
        factor.kind, (*factor.variables, f"{CHOICE}{member}"), factor.sex, factor.parent, factor.child
    )


Chosen = tuple[Factor, int]


def connected(waiting: Sequence[Chosen]) -> tuple[list[Chosen], list[Chosen]]:
    """The factors that hang together with the first one, and the others."""
    reached = set(waiting[0][0].variables)
    before = -1
    while len(reached) > before:
        before = len(reached)
        for factor, _ in waiting:
            if reached & set(factor.variables):
                reached |= set(factor.variables)
    mine = [item for item in waiting if reached & set(item[0].variables)]
    return mine, [item for item in waiting if not reached & set(item[0].variables)]


def piece(
    factors: Sequence[Factor],
    chosen: Sequence[int],
    names: Sequence[str],
    alleles: int,
    candidates: Mapping[int, int],
) -> Piece:
    part = renamed(factors)
    new = {
        old: fresh
        for before, after in zip(factors, part.graph.factors, strict=True)
        for old, fresh in zip(before.variables, after.variables, strict=True)
    }
    members = tuple(sorted({k for k in chosen if k >= 0}))
    graph = Graph(part.graph.factors, tuple(new[f"{CHOICE}{k}"] for k in members))
    chosen_plan = planned(graph, bucket(alleles), tuple(bucket(candidates[k]) for k in members))
    return Piece(chosen_plan, tuple(names[i] for i in part.people), members, tuple(chosen))


def bucket(count: int) -> int:
    """A number of states rounded up, so that like problems share a plan."""
    return count if count <= 4 else 1 << (count - 1).bit_length() if count <= 8 else -(-count // 8) * 8


@lru_cache(maxsize=16384)
def planned(graph: Graph, alleles: int, candidates: tuple[int, ...]) -> Plan:
    """The cheapest order found for these numbers of states."""
    search = _Sized(graph, alleles, dict(zip(graph.output, candidates, strict=True)))
    best = search.run(None)
    dice = random.Random(20261121)
    for _ in range(TRIES if best.cost > WORTH_SEARCHING else 0):
        other = search.run(lambda: dice.uniform(0.25, 4.0))
        best = min(best, other, key=lambda found: (found.cost, found.peak))
    return best


class _Sized(Search):
    """The search with the numbers of states there are instead of typical ones."""

    def __init__(self, graph: Graph, alleles: int, candidates: Mapping[str, int]) -> None:
        super().__init__(graph)
        letters = {"G": alleles * (alleles + 1) / 2, "A": float(alleles), "P": 2.0}
        self.states = [float(candidates.get(name, 0)) or letters[name[0]] for name in self.names]

    def size(self, mask: int) -> float:
        if mask not in self._sizes:
            low = mask & -mask
            self._sizes[mask] = self.size(mask ^ low) * self.states[low.bit_length() - 1]
        return self._sizes[mask]


@lru_cache(maxsize=4096)
def genetic_people(pedigree: Pedigree, missing: tuple[str, ...]) -> tuple[str, ...]:
    """The genetic person of each missing member: monozygotic twins are one."""
    same = merge_twins(pedigree)
    return tuple(same[name] for name in missing)


def largest(one: Piece, alleles: int, candidates: Mapping[int, int]) -> float:
    """Entries of the largest table that a piece needs; `candidates` by member."""
    sizes = {"G": alleles * (alleles + 1) / 2, "A": alleles, "P": 2}
    output = dict(zip(one.plan.graph.output, one.members, strict=True))
    most = 0.0
    for step in one.plan.steps:
        out = [candidates[output[v]] if v in output else sizes[v[0]] for v in step.out]
        most = max(most, float(np.prod(out)) if out else 1.0)
    return most
