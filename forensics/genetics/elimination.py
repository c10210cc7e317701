"""Sums of products over many variables, exactly: variable elimination with a searched order.

A network is a list of factors; a factor is a table over a few variables. The sum over all variables is
taken one variable at a time (peeling of Cannings, Thompson & Skolnick, Adv Appl Probab 1978,
doi:10.2307/1426718, generalised to any graph). The order decides the cost, so that it is searched, its
cost is known before anything is computed, and a network that would not fit is refused.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Refused

Table = NDArray[np.float64]
Scope = tuple[int, ...]

TABLE_LIMIT = 60_000_000
"""Entries of the largest table that is allowed (480 MB)."""

WORK_LIMIT = 4_000_000_000
"""Multiplications that one network may cost."""

WORK_PER_TRY = 500_000
"""Another order is tried for every so many multiplications; a search must not cost more than it saves."""

MOST_TRIES = 60


@dataclass(frozen=True, slots=True)
class Factor:
    """A table whose axes are the variables of `scope`; a variable stands in a scope once."""

    scope: Scope
    table: Table


@dataclass(frozen=True, slots=True)
class Scaled:
    """table · 2^exponent: the powers of two are set apart so that nothing underflows."""

    table: Table
    exponent: int

    @property
    def zero(self) -> bool:
        return not self.table.any()

    def log(self) -> float:
        """Natural logarithm of a single number; minus infinity for 0."""
        value = float(self.table)
        return math.log(value) + self.exponent * math.log(2) if value > 0 else -math.inf


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps (factors that are taken, the einsum of each pairwise product) and what they cost."""

    steps: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]
    last: tuple[tuple[int, ...], tuple[str, ...]]
    work: int
    largest: int


def total(factors: Sequence[Factor], sizes: Sequence[int], keep: Scope = (), searched: bool = True) -> Scaled:
    """Sum over every variable that is not in `keep`; axes of the answer are `keep` in that order.

    `searched` false takes the greedy order at once, for one of many small networks.
    """
    squeezed = [_squeezed(factor, sizes) for factor in factors]
    number, exponent = _product_of_numbers([float(f.table) for f in squeezed if not f.scope])
    live = [Factor((), np.array(number)), *(f for f in squeezed if f.scope)]
    kept = tuple(v for v in keep if sizes[v] > 1)
    plan = plan_for(tuple(f.scope for f in live), tuple(sizes), kept, searched)
    refuse_if_too_large(plan.work, plan.largest)
    tables: list[Table | None] = [f.table for f in live]
    for taken, products in plan.steps:
        table, shift = _multiply(tables, taken, products)
        exponent += shift
        tables.append(table)
    table, shift = _multiply(tables, *plan.last)
    return Scaled(table.reshape([sizes[v] for v in keep]), exponent + shift)


def _product_of_numbers(numbers: Sequence[float]) -> tuple[float, int]:
    """Mantissa and binary exponent of a product, however small."""
    mantissa, exponent = 1.0, 0
    for number in numbers:
        mantissa, shift = math.frexp(mantissa * number)
        exponent += shift
    return mantissa, exponent


def refuse_if_too_large(work: float, largest: int, reason: str = "") -> None:
    """Raises `Refused` instead of filling the memory or never coming back."""
    if largest > TABLE_LIMIT or work > WORK_LIMIT:
        raise Refused(
            "This family is too entangled to be computed exactly"
            + (f" ({reason})" if reason else "")
            + f": it would need {work:.0e} multiplications and a table of {largest:.0e} entries; simplify "
            "the pedigree, or choose a mutation model without steps (proportional)"
            + (" or theta 0." if reason else ".")
        )


def _squeezed(factor: Factor, sizes: Sequence[int]) -> Factor:
    scope = tuple(v for v in factor.scope if sizes[v] > 1)
    return factor if scope == factor.scope else Factor(scope, factor.table.reshape([sizes[v] for v in scope]))


def _multiply(
    tables: list[Table | None], taken: tuple[int, ...], products: tuple[str, ...]
) -> tuple[Table, int]:
    """Take tables out of the list and contract them pairwise; the result and its power of two."""
    result = tables[taken[0]]
    tables[taken[0]] = None
    assert result is not None
    if len(taken) == 1:
        return rescale(np.asarray(np.einsum(products[0], result)))
    exponent = 0
    for index, product in zip(taken[1:], products, strict=True):
        other = tables[index]
        tables[index] = None
        assert other is not None
        result = np.asarray(np.einsum(product, result, other, optimize=result.size * other.size > 200_000))
        result, shift = rescale(result)
        exponent += shift
    return result, exponent


def rescale(table: Table) -> tuple[Table, int]:
    """The table times a power of two that keeps it far from under- and overflow, and that power."""
    largest = float(table.max())
    if largest == 0.0 or 1e-30 < largest < 1e30:
        return table, 0
    shift = math.frexp(largest)[1]
    return np.ldexp(table, -shift), shift


@lru_cache(maxsize=20_000)
def plan_for(scopes: tuple[Scope, ...], sizes: tuple[int, ...], keep: Scope, searched: bool = True) -> Plan:
    """The cheapest plan that was found; always the same for the same network."""
    best = _plan(scopes, sizes, keep, None)
    if searched:
        for seed in range(tries(best.work, len(sizes))):
            other = _plan(scopes, sizes, keep, random.Random(seed))
            if (other.work, other.largest) < (best.work, best.largest):
                best = other
    return best


def tries(work: int, variables: int) -> int:
    """How many other orders are worth trying: few for little work, and few where each takes long."""
    return min(work // WORK_PER_TRY, MOST_TRIES, 6_000 // max(variables, 1))


def _plan(scopes: tuple[Scope, ...], sizes: tuple[int, ...], keep: Scope, dice: random.Random | None) -> Plan:
    """Greedy: always the variable whose elimination makes the smallest table; with dice, nearly always."""
    live = dict(enumerate(scopes))
    touching: dict[int, set[int]] = {}
    for i, scope in live.items():
        for v in scope:
            touching.setdefault(v, set()).add(i)
    costs: dict[int, tuple[float, int]] = {}

    def reckon(variables: Iterable[int]) -> None:
        for v in variables:
            union = {u for i in touching[v] for u in live[i]}
            noise = dice.expovariate(1.5) if dice else 0.0
            costs[v] = (math.log(math.prod(sizes[u] for u in union)) + noise, v)

    reckon(v for v in sorted(touching) if v not in keep)
    steps: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
    work = largest = 0
    while costs:
        v = min(costs.values())[1]
        taken = sorted(touching[v], key=lambda i: (math.prod(sizes[u] for u in live[i]), i))
        union = {u for i in taken for u in live[i]}
        # Variables that live in these factors only are summed in the same step.
        gone = {u for u in union if u in costs and touching[u] <= touching[v]}
        out = tuple(sorted(union - gone))
        products, cost, wide = _products([live[i] for i in taken], out, sizes)
        work += cost
        largest = max(largest, wide)
        number = len(scopes) + len(steps)
        steps.append((tuple(taken), products))
        for i in taken:
            del live[i]
        for u in gone:
            del costs[u]
        live[number] = out
        for u in out:
            touching[u] = touching[u].difference(taken) | {number}
        reckon(u for u in out if u in costs)
    remaining = sorted(live)
    products, cost, wide = _products([live[i] for i in remaining], keep, sizes)
    return Plan(tuple(steps), (tuple(remaining), products), work + cost, max(largest, wide))


def _products(scopes: list[Scope], out: Scope, sizes: tuple[int, ...]) -> tuple[tuple[str, ...], int, int]:
    """Einsum texts of the pairwise products, their multiplications, and the largest table."""
    if not scopes:
        return (), 0, 1
    if len(scopes) == 1:
        letters = _letters(scopes[0])
        text = "".join(letters[v] for v in scopes[0]) + "->" + "".join(letters[v] for v in out)
        return (text,), math.prod(sizes[v] for v in scopes[0]), 1
    products, work, largest = [], 0, 1
    current = scopes[0]
    for position, scope in enumerate(scopes[1:], start=2):
        needed = set(out).union(*scopes[position:])
        union = tuple(dict.fromkeys(current + scope))
        result = out if position == len(scopes) else tuple(v for v in union if v in needed)
        letters = _letters(union)
        products.append(
            "".join(letters[v] for v in current)
            + ","
            + "".join(letters[v] for v in scope)
            + "->"
            + "".join(letters[v] for v in result)
        )
        work += math.prod(sizes[v] for v in union)
        largest = max(largest, math.prod(sizes[v] for v in result))
        current = result
    return tuple(products), work, largest


def _letters(variables: Scope) -> dict[int, str]:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if len(variables) > len(alphabet):
        raise Refused("This family is too entangled to be computed exactly; simplify the pedigree.")
    return dict(zip(variables, alphabet, strict=False))
