"""Untyped founders summed beforehand: what one passes on to all of their children is one table of the locus.

    T[a, b, ...] = sum over genotypes g of P(g) · P(a child receives a | g) · P(another receives b | g) ...

depends on the children's alleles only. So it is made once for a locus, for every multiset of the alleles of typed
children, and each family looks its numbers up. Frequencies and mutation must be those of the locus; theta is 0.
"""

import math
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np

from forensics.genetics.compile_graph import MALE, Factor, Graph
from forensics.genetics.compile_tensors import Array, Index, Lanes, LocusModel

MOST_CHILDREN = 4
LARGEST = 250_000  # numbers of one table


def merged(graph: Graph) -> Graph:
    """The same sum with one factor for each untyped founder of a typed child, of whom nothing else is asked."""
    factors = list(graph.factors)
    for prior in graph.factors:
        founder = prior.variables[:1]
        if prior.kind != "prior" or founder[0] in graph.output:
            continue
        mine = [f for f in factors if founder[0] in f.variables and f != prior]
        children = [f.variables[1:] for f in mine]
        if {f.kind for f in mine} != {"from genotype"} or len({f.sex for f in mine}) > 1:
            continue
        typed = any(f.child >= 0 for f in mine)
        if typed and len(mine) <= MOST_CHILDREN and len(set(children)) == len(mine):
            factors = [f for f in factors if f != prior and f not in mine]
            factors.append(summed(mine))
    return Graph(tuple(factors), graph.output)


def summed(passed: list[Factor]) -> Factor:
    """One factor over all that a founder passes on: untyped children first."""
    ordered = sorted(passed, key=lambda f: f.child >= 0)
    typed = tuple(f.child for f in ordered if f.child >= 0)
    return Factor("from founder", tuple(f.variables[1] for f in ordered), ordered[0].sex, children=typed)


def worthwhile(graph: Graph, model: LocusModel, lanes: int) -> bool:
    """Whether the tables of a merged graph fit, and are not larger than what they save for so many families."""
    for f in graph.factors:
        if f.kind == "from founder":
            typed = len(f.children)
            count = math.comb(model.size + typed - 1, typed)
            size = model.size ** (len(f.variables) - typed) * count
            if size > LARGEST or count > lanes * 2**typed:
                return False
    return True


def from_founder(factor: Factor, model: LocusModel, lanes: Lanes) -> Array:
    """(n for each untyped child, 2 for the phases of each typed one, L)."""
    typed = len(factor.children)
    untyped = len(factor.variables) - typed
    whole = model.known(
        ("founder", factor.sex, untyped, typed), lambda: founder_table(model, factor.sex, untyped, typed)
    )
    code = np.zeros((1, lanes.count), dtype=np.int64)
    for child in factor.children:
        pair = lanes.alleles[child]
        picked = pair if factor.sex == MALE else pair[::-1]  # what each phase takes from this parent
        code = (code[:, None] * model.size + picked).reshape(-1, lanes.count)
    found = whole.take(multisets(model.size, typed)[1][code], axis=1)
    return found.reshape((model.size,) * untyped + (2,) * typed + (-1,))


def founder_table(model: LocusModel, sex: str, untyped: int, typed: int) -> Array:
    """(n ** untyped, multisets of `typed` alleles)."""
    passed = model.shared("from genotype", sex)  # (G, n)
    left = model.hardy_weinberg[:, None]
    for _ in range(untyped):
        left = (left[:, :, None] * passed[:, None, :]).reshape(len(passed), -1)
    right = np.ones((len(passed), len(multisets(model.size, typed)[0])))
    for alleles in multisets(model.size, typed)[0].T:
        right *= passed[:, alleles]
    return np.asarray(left.T @ right)


@lru_cache(maxsize=256)
def multisets(alleles: int, drawn: int) -> tuple[Index, Index]:
    """The multisets (m, drawn) in order, and the number of that of each sequence, (alleles ** drawn,)."""
    listed = np.array(list(combinations_with_replacement(range(alleles), drawn)), dtype=np.int64).reshape(
        -1, drawn
    )
    weights = alleles ** np.arange(drawn)[::-1]
    number = np.zeros(alleles**drawn, dtype=np.int64)
    number[listed @ weights] = np.arange(len(listed))
    sequences = np.indices((alleles,) * drawn).reshape(drawn, -1)
    return listed, number[weights @ np.sort(sequences, axis=0)]
