"""Where θ ties the alleles of many unseen founders together: the sum over who inherited what from whom.

Only genes that were passed on to somebody typed say anything, and they are few, however many founders the
drawing has. So the genes of typed people are followed upwards, from children to parents (the descent graphs
of Sobel & Lange, Am J Hum Genet 1996, PMC1914694). A *strand* is such a gene with all that is known below
it: a vector, P(what is seen below | allele of the strand). Strands that meet in one gene are multiplied; in
an unseen person each strand comes from one of the two genes; in a typed person it ends as a number. What
reaches the population is a product of vectors under the urn (`strands`). Equal states are taken together, so
that the states stay few; where they do not, the caller is told and takes another way.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.elimination import Scaled
from forensics.genetics.mutation import Matrix
from forensics.genetics.pedigrees import Graph, Node
from forensics.genetics.strands import Strands, TooDear, expectation

STATE_COST = 20_000
"""What one state costs, in multiplications of another way; measured, only the choice depends on it."""

MOST_WORK = 4_000_000_000
"""Beyond this the other ways are asked, however long they would take."""

FEW_GENOTYPES = 12
"""Up to this many possible ordered genotypes are followed one by one; one person may have all of them."""

LEAST = 1e-200
"""A probability below this may have lost something to underflow; it is left to the other ways."""

POPULATION = -1

Strand = tuple[int, int]
"""The node whose gene it is (POPULATION: drawn), and the number of its vector."""

State = tuple[Strand, ...]

Chance = float | Matrix
"""A probability, or one for each genotype of the person who is spread, shape (b,)."""


@dataclass(slots=True)
class _Descent:
    """One sum under way: `states` with the probability of each."""

    nodes: Graph
    evidence: Mapping[int, Matrix]
    space: AlleleSpace
    single: Sequence[bool]
    spread: int | None
    strands: Strands
    most: int
    states: dict[State, Chance]

    def follow(self, i: int) -> None:
        """Take node i, whose children have all been taken, out of the states."""
        ways: dict[tuple[int, ...], list[tuple[Chance, State]]] = {}
        found: dict[State, Chance] = {}
        for state, chance in self.states.items():
            here = tuple(vector for place, vector in state if place == i)
            elsewhere = tuple(strand for strand in state if strand[0] != i) if here else state
            if here not in ways:
                ways[here] = self._ways(i, here)
            for factor, above in ways[here]:
                following = tuple(sorted(elsewhere + above)) if above else elsewhere
                found[following] = found.get(following, 0.0) + chance * factor
            if len(found) > self.most:
                raise TooDear
        self.states = found

    def _ways(self, i: int, here: tuple[int, ...]) -> list[tuple[Chance, State]]:
        """What becomes of the strands that end at node i, with its probability; the impossible left out."""
        unseen = i not in self.evidence and i != self.spread
        found: dict[State, Chance] = {}
        for factor, above in self._unseen(i, here) if unseen else self._typed(i, here):
            if None not in above:
                state = tuple(sorted(strand for strand in above if strand is not None))
                found[state] = found.get(state, 0.0) + factor
        return [(factor, state) for state, factor in found.items()]

    def _unseen(self, i: int, here: tuple[int, ...]) -> Iterator[tuple[Chance, list[Strand | None]]]:
        """Each strand that ends here comes from the father's or the mother's gene."""
        if not here:
            yield 1.0, []
            return
        if self.single[i]:
            yield 1.0, [self._above(i, "mother", here)]
            return
        free = range(1 if self.nodes[i].founder else 0, len(here))
        chance = 0.5 ** len(free)
        for many in range(len(free) + 1):
            for chosen in combinations(free, many):
                mothers = [here[k] for k in chosen]
                fathers = [vector for k, vector in enumerate(here) if k not in chosen]
                yield (
                    chance,
                    [
                        self._above(i, side, vectors)
                        for side, vectors in (("father", fathers), ("mother", mothers))
                        if vectors
                    ],
                )

    def _typed(self, i: int, here: tuple[int, ...]) -> Iterator[tuple[Chance, list[Strand | None]]]:
        """Each possible genotype; the strands that end here become numbers."""
        for weight, *genes in self._genotypes(i):
            factor: Chance = weight
            for vector in here:
                factor = factor * sum(self.strands.at(vector, gene) for gene in genes) / len(genes)
            if np.any(factor):
                sides = ("father", "mother")[-len(genes) :]
                yield (
                    factor,
                    [self._above(i, side, [gene]) for side, gene in zip(sides, genes, strict=True)],
                )

    def _genotypes(self, i: int) -> Iterator[tuple[Chance, *tuple[int, ...]]]:
        """Weight and vectors of each gene."""
        table = self.evidence.get(i)
        if i == self.spread:
            dims = 1 if self.single[i] else 2
            every = np.ones(len(self.space) ** dims) if table is None else table.ravel()
            yield (every, *(self.strands.every(axis, dims) for axis in range(dims)))
            return
        assert table is not None
        alike = table.ndim == 2 and self.nodes[i].founder
        for place in np.argwhere(table):
            a, b = int(place[0]), int(place[-1])
            if not alike or a <= b:
                weight = float(table[tuple(place)]) * (2 if alike and a < b else 1)
                yield (weight, *(self.strands.one(int(allele)) for allele in place))

    def _above(self, i: int, side: str, vectors: Sequence[int]) -> Strand | None:
        """Where a gene of node i comes from, with all that is known below; None: impossible."""
        node = self.nodes[i]
        parent = node.father if side == "father" else node.mother
        vector = self.strands.product(tuple(sorted(vectors)))
        if parent is not None:
            vector = self.strands.mutated(vector, self.nodes[parent].sex)
        if self.strands.impossible(vector):
            return None
        return (POPULATION if parent is None else parent, vector)


def sum_descents(
    nodes: Graph,
    evidence: Mapping[int, Matrix],
    space: AlleleSpace,
    theta: float,
    single: Sequence[bool],
    target: int | None = None,
    work: float = MOST_WORK,
) -> Scaled | None:
    """P(evidence), or with a target P(evidence and its genes); None where this way does not reach.

    `single` tells who has one gene only, `work` what another way would cost (multiplications).
    """
    spread = _spread(evidence, target)
    if len(spread) > 1 or theta == 1:
        return None
    strands = Strands(space)
    work = min(work, MOST_WORK)
    person = spread[0] if spread else None
    descent = _Descent(nodes, evidence, space, single, person, strands, int(work / STATE_COST), {(): 1.0})
    try:
        for i in _children_first(nodes):
            descent.follow(i)
        summed = expectation(descent.states, strands, space.p, theta, work)
    except TooDear:
        return None
    largest = float(summed.max())
    if 0 < largest < LEAST or (largest == 0 and strands.tiny):
        return None
    if target is None:
        return Scaled(np.asarray(summed.sum()), 0)
    shape = (len(space),) * (1 if single[target] else 2)
    return Scaled(np.broadcast_to(summed, math.prod(shape)).reshape(shape).copy(), 0)


def _spread(evidence: Mapping[int, Matrix], target: int | None) -> list[int]:
    """The people all of whose genotypes are followed at once; the sum can have one."""
    many = {i for i, table in evidence.items() if np.count_nonzero(table) > FEW_GENOTYPES}
    return sorted(many | ({target} if target is not None else set()))


def _children_first(nodes: Graph) -> list[int]:
    """Nodes in an order in which every child stands before its parents."""
    waiting = [0] * len(nodes)
    for node in nodes:
        for parent in _parents(node):
            waiting[parent] += 1
    ready = [i for i, count in enumerate(waiting) if count == 0]
    order = []
    while ready:
        i = ready.pop()
        order.append(i)
        for parent in _parents(nodes[i]):
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
    return order


def _parents(node: Node) -> list[int]:
    return [parent for parent in (node.father, node.mother) if parent is not None]
