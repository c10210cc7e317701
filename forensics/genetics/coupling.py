"""The sum of a network in which θ couples the unknown genes of founders: two exact ways, the cheaper taken.

One joint table over all coupled genes; or one gene after another into a table over what the urn has given so
far (`multisets`). Where the genes of typed people are few, `descent` needs neither.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

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
)
from forensics.genetics.multisets import MultisetPlan, plan_multisets, sum_multisets
from forensics.genetics.mutation import Matrix

CHEAP = 2_000_000
"""A single table that costs less than this is taken without looking further."""


@dataclass(slots=True)
class Network:
    """Factors under construction; `free` are unknown genes drawn from the population.

    `known` are alleles of founders that are certain.
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
    """The way that avoids a table over all coupled genes, if there are any and it is not too large."""
    multisets = _multiset_plan(network, keep) if network.free else None
    return (
        [] if multisets is None else [Way(multisets.work, multisets.largest, "multisets", network, multisets)]
    )


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


def _with_joint_table(network: Network, urn: Urn, keep: Scope) -> Scaled:
    table = joint_table(urn, [domain for _, domain in network.free])
    genes = tuple(v for v, _ in network.free)
    return total([*network.factors, Factor(genes, table)], network.sizes, keep)
