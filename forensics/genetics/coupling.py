"""The sum of a network in which θ couples the unknown genes of founders: three exact ways, the cheapest taken.

One joint table over all coupled genes; a mixture over the ways in which they can be copies of each other
(partitions, weighted as by Ewens, Theor Popul Biol 1972, doi:10.1016/0040-5809(72)90035-4); or one gene
after another into a table over what the urn has given so far (`multisets`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from forensics.genetics.alleles import AlleleSpace
from forensics.genetics.elimination import (
    TABLE_LIMIT,
    Factor,
    Scaled,
    Scope,
    plan_for,
    refuse_if_too_large,
    total,
)
from forensics.genetics.founders import (
    Domain,
    Urn,
    draw_known,
    joint_table,
    partition_weight,
    partitions,
)
from forensics.genetics.multisets import MultisetPlan, plan_multisets, sum_multisets
from forensics.genetics.mutation import Matrix

PARTITION_OVERHEAD = 400_000
"""Multiplications that one more network costs in fixed effort; measured, only the choice depends on it."""

CHEAP = 2_000_000
"""A single table that costs less than this is taken without looking further."""

SAMPLED_PARTITIONS = 12
"""Partitions whose cost is looked at before the mixture is chosen."""

MOST_FREE_GENES = 9
"""Bell(9) = 21,147 partitions; beyond that the mixture is not considered."""


@dataclass(slots=True)
class Network:
    """Factors under construction; `free` are unknown genes drawn from the population.

    `known` are alleles of founders that are certain, `pairs` free genes (by place) that may be swapped.
    With `selectors`, which gene an unseen parent passes on is a variable of its own: more variables, but
    tables over fewer genes.
    """

    space: AlleleSpace
    theta: float
    selectors: bool = False
    sizes: list[int] = field(default_factory=list)
    factors: list[Factor] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    free: list[tuple[int, Domain]] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def variable(self, size: int) -> int:
        """A new variable of that many values."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def add(self, scope: Scope, table: Matrix) -> None:
        """A new factor."""
        self.factors.append(Factor(scope, np.asarray(table, dtype=np.float64)))

    def squeezed(self, scope: Scope) -> Scope:
        """The variables that have a choice."""
        return tuple(v for v in scope if self.sizes[v] > 1)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to sum a network, and what it costs."""

    work: int
    largest: int
    name: str
    network: Network
    plan: MultisetPlan | None = None

    @property
    def possible(self) -> bool:
        return self.largest <= TABLE_LIMIT


def simplest_way(network: Network, keep: Scope) -> Way:
    """One network; where θ couples founders, with one table over all coupled genes."""
    if network.free:
        return Way(*_table_work(network, keep), "table", network)
    scopes = tuple(network.squeezed(f.scope) for f in network.factors)
    plan = plan_for(scopes, tuple(network.sizes), network.squeezed(keep))
    return Way(plan.work, plan.largest, "table", network)


def other_ways(network: Network, keep: Scope) -> list[Way]:
    """The ways that avoid a table over all coupled genes."""
    ways = []
    if network.free:
        multisets = _multiset_plan(network, keep)
        if multisets is not None:
            ways.append(Way(multisets.work, multisets.largest, "multisets", network, multisets))
        if len(network.free) <= MOST_FREE_GENES:
            _, urn = draw_known(network.space.p, network.theta, network.known)
            ways.append(Way(*_mixture_work(network, urn, keep), "mixture", network))
    return ways


def cheapest(ways: Sequence[Way]) -> Way:
    """The way with the least work among those that fit into memory; of none does, the smallest."""
    possible = [way for way in ways if way.possible]
    return min(possible, key=lambda w: w.work) if possible else min(ways, key=lambda w: w.largest)


def carry_out(way: Way, keep: Scope) -> Scaled:
    """Sum over everything but `keep`; `Refused` if the way is too long or too large."""
    network = way.network
    tied = f"theta ties {len(network.free)} alleles of unseen founders together" if network.free else ""
    refuse_if_too_large(way.work, way.largest, tied)
    chances, urn = draw_known(network.space.p, network.theta, network.known)
    network.factors += [Factor((), np.array(chance)) for chance in chances]
    if not network.free:
        return total(network.factors, network.sizes, keep)
    if way.name == "table":
        return _with_joint_table(network, urn, keep)
    if way.name == "mixture":
        return _mixture(network, urn, keep)
    assert way.plan is not None
    return sum_multisets(way.plan, network.factors, network.sizes, dict(network.free), urn, keep)


def _table_work(network: Network, keep: Scope) -> tuple[int, int]:
    """Multiplications and largest table of the joint table over all free genes."""
    genes = tuple(v for v, _ in network.free)
    size = math.prod(network.sizes[v] for v in genes)
    if size > TABLE_LIMIT:
        return size * len(genes) ** 2, size
    scopes = (*(network.squeezed(f.scope) for f in network.factors), network.squeezed(genes))
    plan = plan_for(scopes, tuple(network.sizes), network.squeezed(keep), searched=False)
    return plan.work + size * len(genes) ** 2, max(plan.largest, size)


def _multiset_plan(network: Network, keep: Scope) -> MultisetPlan | None:
    scopes = [f.scope for f in network.factors]
    return plan_multisets(scopes, network.sizes, dict(network.free), len(network.space), keep)


def _mixture_work(network: Network, urn: Urn, keep: Scope) -> tuple[int, int]:
    """What a sample of the partitions costs, scaled up to all of them."""
    listed = partitions(len(network.free), tuple(network.pairs))
    sample = listed[:: max(1, len(listed) // SAMPLED_PARTITIONS)]
    plans = []
    for partition, _ in sample:
        merged = _merged(network, urn, partition)
        if merged is not None:
            sizes, factors = merged
            scopes = tuple(tuple(v for v in f.scope if sizes[v] > 1) for f in factors if f.scope)
            plans.append(plan_for(scopes, tuple(sizes), tuple(v for v in keep if sizes[v] > 1)))
    each = sum(plan.work for plan in plans) // max(len(plans), 1)
    return len(listed) * (PARTITION_OVERHEAD + each), max((plan.largest for plan in plans), default=1)


def _with_joint_table(network: Network, urn: Urn, keep: Scope) -> Scaled:
    table = joint_table(urn, [domain for _, domain in network.free])
    genes = tuple(v for v, _ in network.free)
    return total([*network.factors, Factor(genes, table)], network.sizes, keep)


def _mixture(network: Network, urn: Urn, keep: Scope) -> Scaled:
    """Sum over the ways in which the free genes can be copies of each other."""
    parts = []
    for partition, multiplicity in partitions(len(network.free), tuple(network.pairs)):
        merged = _merged(network, urn, partition)
        if merged is None:
            continue
        sizes, factors = merged
        part = total(factors, sizes, keep)
        if not part.zero:
            parts.append(Scaled(part.table * multiplicity, part.exponent))
    return added(parts, tuple(network.sizes[v] for v in keep))


def _merged(network: Network, urn: Urn, partition: tuple[int, ...]) -> tuple[list[int], list[Factor]] | None:
    """Sizes and factors of the network in which the free genes of a class are one variable."""
    weight, classes = partition_weight(urn, partition)
    sizes, factors = list(network.sizes), [Factor((), np.array(weight))]
    place: dict[int, tuple[int, Domain | None]] = {}
    for block, weights in enumerate(classes):
        members = [gene for gene, label in zip(network.free, partition, strict=True) if label == block]
        domain = reduce(np.intersect1d, [d for _, d in members])
        if domain.size == 0:
            return None
        sizes.append(len(domain))
        for v, old in members:
            place[v] = (len(sizes) - 1, None if len(old) == len(domain) else np.searchsorted(old, domain))
        factors.append(Factor((len(sizes) - 1,), weights[domain]))
    return sizes, factors + [_renamed(factor, place) for factor in network.factors]


def _renamed(factor: Factor, place: Mapping[int, tuple[int, Domain | None]]) -> Factor:
    if not any(v in place for v in factor.scope):
        return factor
    table, names = factor.table, []
    for axis, v in enumerate(factor.scope):
        new, positions = place.get(v, (v, None))
        table = table if positions is None else np.take(table, positions, axis=axis)
        names.append(new)
    distinct = tuple(dict.fromkeys(names))
    if len(distinct) < len(names):
        letters = "".join(chr(97 + distinct.index(v)) for v in names)
        table = np.einsum(f"{letters}->{''.join(dict.fromkeys(letters))}", table)
    return Factor(distinct, table)


def added(parts: Sequence[Scaled], shape: tuple[int, ...]) -> Scaled:
    """Sum of scaled tables, in the order given."""
    if not parts:
        return Scaled(np.zeros(shape), 0)
    exponent = max(part.exponent for part in parts)
    table = np.zeros(shape)
    for part in parts:
        table = table + np.ldexp(part.table, part.exponent - exponent)
    return Scaled(table, exponent)
