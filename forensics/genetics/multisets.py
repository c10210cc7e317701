"""The θ coupling of many founder genes, carried as how often each allele has been drawn so far.

The urn only asks how many copies of each allele are out. So genes of founders are summed one at a time into
a table whose first axis is the multiset of alleles drawn before; with few distinct alleles there are few
multisets, however many founders there are.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.elimination import TABLE_LIMIT, Factor, Scaled, Scope, rescale, tries
from forensics.genetics.founders import Domain, Urn, urn_weights
from forensics.genetics.mutation import Matrix

MOST_MULTISETS = 60_000
"""Beyond this many the index tables themselves are too slow to make."""

SCATTER_COST = 6
"""Time of one entry against one multiplication; measured."""

SLOW_PLANNING = 20
"""How much longer than a plan without multisets one more order takes."""

MULTISET_AXIS = -1
"""The name of the first axis of the carrier among variable numbers."""


@dataclass(frozen=True, slots=True)
class MultisetPlan:
    """Variables in the order in which they are summed, and what that costs."""

    order: tuple[int, ...]
    work: int
    largest: int


def level_size(alleles: int, drawn: int) -> int:
    """Number of multisets of `drawn` out of `alleles`."""
    return math.comb(alleles + drawn - 1, drawn)


@lru_cache(maxsize=64)
def _level(alleles: int, drawn: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Counts of each multiset, shape (m, alleles); and its number at the next level after one more draw."""
    here = list(combinations_with_replacement(range(alleles), drawn))
    above = {s: i for i, s in enumerate(combinations_with_replacement(range(alleles), drawn + 1))}
    counts = np.zeros((len(here), alleles), dtype=np.intp)
    for i, multiset in enumerate(here):
        for allele in multiset:
            counts[i, allele] += 1
    following = [[above[tuple(sorted((*s, a)))] for a in range(alleles)] for s in here]
    return counts, np.array(following, dtype=np.intp).reshape(len(here), alleles)


def plan_multisets(
    scopes: Sequence[Scope], sizes: Sequence[int], free: Mapping[int, Domain], alleles: int, keep: Scope
) -> MultisetPlan | None:
    """The best order that was found; None where there would be too many multisets."""
    if level_size(alleles, len(free)) > MOST_MULTISETS:
        return None
    best = _plan(scopes, sizes, frozenset(free), alleles, keep, None)
    for seed in range(tries(best.work // SLOW_PLANNING, len(sizes))):
        other = _plan(scopes, sizes, frozenset(free), alleles, keep, random.Random(seed))
        if (other.largest > TABLE_LIMIT, other.work) < (best.largest > TABLE_LIMIT, best.work):
            best = other
    return best


def _plan(
    scopes: Sequence[Scope],
    sizes: Sequence[int],
    free: frozenset[int],
    alleles: int,
    keep: Scope,
    dice: random.Random | None,
) -> MultisetPlan:
    live = [frozenset(scope) for scope in scopes]
    carrier: frozenset[int] = frozenset()
    waiting = ({v for scope in scopes for v in scope} | free) - set(keep)
    order, work, largest, drawn = [], 0, 1, 0

    def size_of(v: int) -> int:
        union = frozenset({v}).union(*(scope for scope in live if v in scope))
        carried = v in free or v in carrier
        states = level_size(alleles, drawn) if carried else 1
        return states * math.prod(sizes[u] for u in (union | carrier if carried else union))

    while waiting:
        costs = [
            (math.log(size_of(v)) + (dice.expovariate(1.0) if dice else 0.0), v) for v in sorted(waiting)
        ]
        v = min(costs)[1]
        size = size_of(v)
        order.append(v)
        largest = max(largest, size)
        union = frozenset({v}).union(*(scope for scope in live if v in scope))
        live = [scope for scope in live if v not in scope]
        if v in free or v in carrier:
            work += size * (SCATTER_COST if v in free else 2)
            carrier = (carrier | union) - {v}
            drawn += v in free
        else:
            work += size
            live.append(union - {v})
        waiting.discard(v)
    return MultisetPlan(tuple(order), work, largest)


def sum_multisets(
    plan: MultisetPlan,
    factors: Sequence[Factor],
    sizes: Sequence[int],
    free: Mapping[int, Domain],
    urn: Urn,
    keep: Scope,
) -> Scaled:
    """Carry out a plan; axes of the answer are `keep`."""
    live = list(factors)
    carrier, exponent, drawn = Factor((MULTISET_AXIS,), np.ones(1)), 0, 0
    for v in plan.order:
        touched = [factor for factor in live if v in factor.scope]
        live = [factor for factor in live if v not in factor.scope]
        if v in free:
            joined = _product([carrier, *touched], first=(MULTISET_AXIS, v))
            if v not in joined.scope:  # nothing depends on this gene
                wide = np.repeat(np.expand_dims(joined.table, 1), len(free[v]), axis=1)
                joined = Factor((MULTISET_AXIS, v, *joined.scope[1:]), wide)
            carrier = Factor((MULTISET_AXIS, *joined.scope[2:]), _draw(joined.table, free[v], urn, drawn))
            drawn += 1
        elif v in carrier.scope:
            carrier = _product([carrier, *touched], first=(MULTISET_AXIS,), gone=v)
        else:
            live.append(_product(touched, first=(), gone=v))
            continue
        table, shift = rescale(carrier.table)
        carrier, exponent = Factor(carrier.scope, table), exponent + shift
    summed = Factor(carrier.scope[1:], carrier.table.sum(axis=0))
    last = _product([summed, *live], first=keep)
    table, shift = rescale(last.table.reshape([sizes[v] for v in keep]))
    return Scaled(table, exponent + shift)


def _draw(table: Matrix, domain: Domain, urn: Urn, drawn: int) -> Matrix:
    """Move the second axis (a gene) into the multiset, weighted by the urn."""
    alleles = len(urn.p)
    counts, following = _level(alleles, drawn)
    weights = (urn_weights(urn, drawn) + urn.theta * counts) / urn.denominator(drawn)
    result = np.zeros((level_size(alleles, drawn + 1), *table.shape[2:]))
    ones = (1,) * (table.ndim - 2)
    for position, allele in enumerate(domain):
        # Adding one allele makes different multisets different, so that no target occurs twice.
        result[following[:, allele]] += table[:, position] * weights[:, allele].reshape(-1, *ones)
    return result


def _product(factors: Sequence[Factor], first: Scope, gone: int | None = None) -> Factor:
    """Product of factors, axes in `first` before the others, the variable `gone` summed away."""
    current = factors[0]
    for position, factor in enumerate(factors[1:], start=2):
        union = tuple(dict.fromkeys(current.scope + factor.scope))
        last = position == len(factors)
        current = _contract(current, factor, tuple(v for v in union if not (last and v == gone)))
    if len(factors) == 1 and gone is not None:
        current = _contract(current, Factor((), np.array(1.0)), tuple(v for v in current.scope if v != gone))
    scope = tuple(v for v in first if v in current.scope) + tuple(v for v in current.scope if v not in first)
    return Factor(scope, np.transpose(current.table, [current.scope.index(v) for v in scope]))


def _contract(one: Factor, other: Factor, out: Scope) -> Factor:
    letters = {v: chr(97 + i) for i, v in enumerate(dict.fromkeys(one.scope + other.scope))}
    text = ["".join(letters[v] for v in scope) for scope in (one.scope, other.scope, out)]
    large = one.table.size * other.table.size > 200_000
    return Factor(
        out, np.asarray(np.einsum(f"{text[0]},{text[1]}->{text[2]}", one.table, other.table, optimize=large))
    )
