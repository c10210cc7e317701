"""The order in which a factor graph is summed: searched once a shape, then run for all its families.

The order decides the cost by orders of magnitude, so a greedy search is repeated with seeded noise and
the cheapest plan is kept. A plan is a straight line of pairwise products and sums.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from forensics.domain.errors import Refused
from forensics.genetics.compile_graph import Graph

SIZES = {"G": 171, "A": 18, "Z": 18, "P": 2}  # typical numbers of states; a plan holds for any number
LANES = 16.0  # how much dearer a table is that differs between families
WORTH_SEARCHING = 20_000.0  # multiply-adds below which the first order found is good enough
LARGEST = 3e7  # states of one intermediate table of one family: beyond it a family is refused


@dataclass(frozen=True, slots=True)
class Step:
    """Multiply tables `left` and `right` (-1: none), sum what is not in `out`, append the result."""

    left: int
    right: int
    out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps over the factors of `graph`; the last table is the answer, its axes are `output`."""

    graph: Graph
    output: tuple[str, ...]  # distinct variables of the graph's output
    steps: tuple[Step, ...]
    cost: float  # multiply-adds of one family, at typical sizes
    peak: float  # states of the largest table


@lru_cache(maxsize=16384)
def plan(graph: Graph, tries: int = 8) -> Plan:
    """The cheapest order found. Raises Refused if even that needs tables too large for exactness."""
    search = Search(graph)
    best = search.run(None)
    rng = random.Random(20261121)
    for _ in range(tries if best.cost > WORTH_SEARCHING else 0):
        other = search.run(lambda: rng.uniform(0.25, 4.0))
        best = min(best, other, key=lambda found: (found.cost, found.peak))
    if best.peak > LARGEST:
        raise Refused(
            "The pedigree has too many untyped people in loops to be computed exactly; simplify it, or type "
            "one of them."
        )
    return best


class Search:
    """Greedy elimination over sets of variables held as bits."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.wanted = tuple(dict.fromkeys(graph.output))
        self.names = sorted({v for f in graph.factors for v in f.variables} | set(self.wanted))
        bit = {name: 1 << i for i, name in enumerate(self.names)}
        self.masks = [sum({bit[v] for v in f.variables}) for f in graph.factors]
        self.output = sum(bit[v] for v in self.wanted)
        self._sizes: dict[int, float] = {0: 1.0}

    def size(self, mask: int) -> float:
        """Number of states of the variables in a mask."""
        if mask not in self._sizes:
            low = mask & -mask
            self._sizes[mask] = self.size(mask ^ low) * SIZES[self.names[low.bit_length() - 1][0]]
        return self._sizes[mask]

    def variables(self, mask: int) -> tuple[str, ...]:
        return tuple(name for i, name in enumerate(self.names) if mask >> i & 1)

    def run(self, noise: Callable[[], float] | None) -> Plan:
        """One pass: always the pair of tables whose product costs least (times noise)."""
        tables = {
            i: (m, f.by_family) for i, (m, f) in enumerate(zip(self.masks, self.graph.factors, strict=True))
        }
        steps: list[Step] = []
        cost = peak = 0.0
        following = len(tables)
        for i in list(tables):
            kept = self.surviving(tables, i, i)
            if kept != tables[i][0]:
                steps.append(Step(i, -1, self.variables(kept)))
                tables[following] = (kept, tables.pop(i)[1])
                following += 1
        while len(tables) > 1:
            left, right, kept = self.absorbable(tables) or self.cheapest(tables, noise)
            (a, lanes_a), (b, lanes_b) = tables.pop(left), tables.pop(right)
            steps.append(Step(left, right, self.variables(kept)))
            tables[following] = (kept, lanes_a or lanes_b)
            following += 1
            if lanes_a or lanes_b:
                cost += self.size(a | b)
            peak = max(peak, self.size(kept))
        if tables:
            steps.append(Step(following - 1, -1, self.wanted))
        return Plan(self.graph, self.wanted, tuple(steps), cost, peak)

    def absorbable(self, tables: dict[int, tuple[int, bool]]) -> tuple[int, int, int] | None:
        """Two tables of which one has no variable that the other lacks: their product costs next to nothing."""
        order = sorted(tables.items(), key=lambda item: item[1][0].bit_count())
        for position, (i, (a, lanes)) in enumerate(order):
            for j, (b, other) in order[position + 1 :]:
                if not a & ~b and (other or not lanes):
                    return i, j, self.surviving(tables, i, j)
        return None

    def surviving(self, tables: dict[int, tuple[int, bool]], left: int, right: int) -> int:
        """Variables of two tables that some other table, or the answer, still needs."""
        needed = self.output
        for i, (mask, _) in tables.items():
            if i not in (left, right):
                needed |= mask
        return (tables[left][0] | tables[right][0]) & needed

    def cheapest(
        self, tables: dict[int, tuple[int, bool]], noise: Callable[[], float] | None
    ) -> tuple[int, int, int]:
        """The next pair to multiply, preferring small results among those that share a variable."""
        best: tuple[bool, float] | None = None
        chosen = (-1, -1, 0)
        seen_once, seen_twice, seen_thrice = self.output, self.output, self.output
        for mask, _ in tables.values():
            seen_thrice |= seen_twice & mask
            seen_twice |= seen_once & mask
            seen_once |= mask
        keys = list(tables)
        for position, i in enumerate(keys):
            a, lanes_a = tables[i]
            for j in keys[position + 1 :]:
                b, lanes_b = tables[j]
                apart = not a & b and bool(a) and bool(b)
                if apart and best is not None and not best[0]:
                    continue
                union = a | b
                kept = union & ~(a & b & ~seen_thrice) & ~((a ^ b) & ~seen_twice)
                weight = LANES if lanes_a or lanes_b else 1.0
                score = (self.size(union) + 4 * self.size(kept)) * weight * (noise() if noise else 1.0)
                if best is None or (apart, score) < best:
                    best, chosen = (apart, score), (i, j, kept)
        return chosen
