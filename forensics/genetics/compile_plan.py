"""The order in which a factor graph is summed: searched once a shape, then run for all its families.

The order decides the cost by orders of magnitude, so a greedy search is repeated with seeded noise and
the cheapest plan is kept. A plan is a straight line of pairwise products and sums.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forensics.domain.errors import Refused
from forensics.genetics.compile_graph import Graph

SIZES = {"G": 171, "A": 18, "Z": 18, "P": 2}  # typical numbers of states; a plan holds for any number
LANES = 16  # how much dearer a table is that differs between families
TRIES = 24
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
    peak: float  # states of the largest table that differs between families


def size(variables: Sequence[str]) -> float:
    product = 1.0
    for variable in variables:
        product *= SIZES[variable[0]]
    return product


@lru_cache(maxsize=4096)
def plan(graph: Graph) -> Plan:
    """The cheapest order found. Raises Refused if even that needs tables too large for exactness."""
    rng = random.Random(20261121)
    best = search(graph, lambda: 1.0)
    for _ in range(TRIES if len(graph.factors) > 3 else 0):
        other = search(graph, lambda: rng.uniform(0.25, 4.0))
        best = min(best, other, key=lambda found: (found.cost, found.peak))
    if best.peak > LARGEST:
        raise Refused("The pedigree has too many untyped people in loops to be computed exactly.")
    return best


def search(graph: Graph, noise: Callable[[], float]) -> Plan:
    """One greedy pass: always the pair of tables whose product costs least (times noise)."""
    wanted = tuple(dict.fromkeys(graph.output))
    tables: dict[int, tuple[frozenset[str], bool]] = {
        i: (frozenset(f.variables), f.by_family) for i, f in enumerate(graph.factors)
    }
    steps: list[Step] = []
    cost = peak = 0.0
    following = len(graph.factors)
    for i in list(tables):
        kept = surviving(tables, (i,), wanted)
        if kept != tables[i][0]:
            steps.append(Step(i, -1, tuple(sorted(kept))))
            tables[following] = (kept, tables.pop(i)[1])
            following += 1
    while len(tables) > 1:
        left, right, price = cheapest(tables, wanted, noise)
        kept, lanes = surviving(tables, (left, right), wanted), tables[left][1] or tables[right][1]
        steps.append(Step(left, right, tuple(sorted(kept))))
        del tables[left], tables[right]
        tables[following] = (kept, lanes)
        following += 1
        cost += price
        peak = max(peak, size(tuple(kept)))
    if tables:
        steps.append(Step(following - 1, -1, wanted))
    return Plan(graph, wanted, tuple(steps), cost, peak)


Tables = dict[int, tuple[frozenset[str], bool]]


def surviving(tables: Tables, merged: tuple[int, ...], wanted: tuple[str, ...]) -> frozenset[str]:
    """Variables of the merged tables that some other table, or the answer, still needs."""
    union = frozenset[str]().union(*(tables[i][0] for i in merged))
    needed = set(wanted).union(*(variables for i, (variables, _) in tables.items() if i not in merged))
    return union & needed


def cheapest(tables: Tables, wanted: tuple[str, ...], noise: Callable[[], float]) -> tuple[int, int, float]:
    """The next pair to multiply, preferring small results among those that share a variable."""
    choices = []
    keys = sorted(tables)
    for position, i in enumerate(keys):
        for j in keys[position + 1 :]:
            (a, lanes_a), (b, lanes_b) = tables[i], tables[j]
            shared = bool(a & b) or not a or not b
            price = size(tuple(a | b)) * (LANES if lanes_a or lanes_b else 1)
            growth = size(tuple(surviving(tables, (i, j), wanted))) * (LANES if lanes_a or lanes_b else 1)
            choices.append(((not shared, (price + 4 * growth) * noise()), i, j, price))
    _, i, j, price = min(choices)
    return i, j, price / (LANES if tables[i][1] or tables[j][1] else LANES * 1e3)
