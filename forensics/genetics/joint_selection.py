"""From what each family may hold to posteriors: exact sums, else rigorous bounds, else sampling.

Units are families, or parts of families that are independent of each other. Options that can't matter are
left out; what that may cost is bounded rigorously and stated.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_assign import MOST_WORK, Component, component
from forensics.genetics.joint_bounded import LARGEST_HALF_WIDTH, Bounded
from forensics.genetics.joint_chains import CHAINS, Chains, Drawn
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import TooWide, claims, groups, order, victims_of
from forensics.genetics.joint_units import Asked, Computed, Listed, Unit
from forensics.genetics.joint_victims import NOBODY

FEW_VICTIMS = 10
"""Up to here nothing is left out as long as the sum is feasible."""

LARGEST_LOSS = 1e-5
"""Posterior mass that may be left out so that sums become feasible."""

COARSE = ((1e-9, 1e-10), (1e-6, 1e-8), (1e-5, 1e-7), (1e-4, 1e-6), (1e-3, 1e-6), (1e-2, 1e-6))
"""Budgets of options, against each family's best one, and of states."""

SHORT_WORK = 2_000_000
"""How long a sum may take (see `MOST_WORK`) before bounds are tried."""

QUICK = 60_000
"""Steps of bounding before coarser sums are tried."""

NARROW = 1e-6
"""Half a width of bounds that is as good as a sum."""

LEAST_SHARE = 0.05
"""Part of it that even a small component may take."""


MOST_RANKED = 1_000
"""Assignments that are remembered of a sampled component."""


@dataclass(frozen=True)
class Policy:
    """What the question demands; `ln_weight` is the prior weight of placing a victim."""

    accepted_loss: float
    ln_weight: float
    victims: int
    seed: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Victims on the members of one unit (NOBODY: empty), with ln LR."""

    unit: int
    victims: tuple[int, ...]
    ln_lr: float


Ranked = tuple[float, tuple[Placement, ...]]
"""ln posterior of an assignment, and who is placed."""


@dataclass(frozen=True)
class Part:
    """One component solved: posteriors (V, members) by unit, and its best assignments."""

    marginals: list[tuple[int, Array]]
    best: Callable[[int], list[Ranked]]
    half_width: float = 0.0
    standard_error: float = 0.0
    sweeps: int = 0


@dataclass(frozen=True)
class Selection:
    """All components. `ln_lost`: -ln(1 - posterior mass left out), an upper bound; `sampled` are units."""

    units: Sequence[Options | Asked]
    parts: list[Part]
    ln_lost: float
    sampled: tuple[int, ...] = ()


def select(units: Sequence[Options | Asked], policy: Policy, progress: Progress) -> Selection:
    """Leaves out the fewest options that make sums feasible; bounds or samples what remains too wide."""
    found = _Solved(list(units))
    for group in groups([u.victims if isinstance(u, Asked) else victims_of(u) for u in units]):
        wide: list[Sequence[int]] = [group]
        if all(isinstance(units[u], Options) for u in group):
            wide = summed_apart(found, group, list(fine_budgets(policy)), policy)
        for own in wide:
            if bounded_part(found, own, policy, progress, QUICK, NARROW):
                continue
            for rest in summed_apart(found, own, list(coarse_budgets(policy)), policy):
                if not bounded_part(found, rest, policy, progress, None, LARGEST_HALF_WIDTH):
                    sampled_part(found, rest, policy, progress)
    return Selection(found.kept, found.parts, found.ln_lost, tuple(found.sampled))


@dataclass
class _Solved:
    """Components solved so far, the options that are kept, and what was lost."""

    kept: list[Options | Asked]
    parts: list[Part] = field(default_factory=list)
    ln_lost: float = 0.0
    sampled: list[int] = field(default_factory=list)


def summed_apart(
    found: _Solved, group: Sequence[int], levels: Sequence["Budget"], policy: Policy
) -> list[Sequence[int]]:
    """Sums a component under the finest budget that is feasible; what is too wide under it and falls apart
    under a coarser one is taken apart. Returns what remains too wide under all of them."""
    if any(isinstance(found.kept[u], Asked) for u in group):
        return [group]
    kept, ln_units, wide = found.kept, math.log(len(found.kept)), list[Sequence[int]]()
    waiting: list[tuple[Sequence[int], int]] = [(group, 0)]
    while waiting:
        own, level = waiting.pop()
        if level == len(levels):
            wide.append(own)
            continue
        budget = levels[level]
        before = [unit for u in own if isinstance(unit := kept[u], Options)]
        trimmed = [u.trimmed(budget.ln_options - ln_units, budget.relative, policy.ln_weight) for u in before]
        apart = groups([victims_of(u) for u in trimmed])
        for places in apart:
            some = [own[i] for i in places]
            for i in places:
                kept[own[i]] = trimmed[i]
            try:
                part, lost = summed(some, kept, policy, budget)
                if lost > LARGEST_LOSS * max(len(some) / len(kept), LEAST_SHARE):
                    raise TooWide
                found.parts.append(part)
                found.ln_lost += lost
            except TooWide:
                if len(apart) == 1:
                    for i in places:
                        kept[own[i]] = before[i]  # the next budget is against all that there was
                waiting.append((some, level + 1))
    return wide


@dataclass(frozen=True, slots=True)
class Budget:
    """ln of the weight that options left out may have, whether it counts against each family's best option,
    ln of the part of a sum that dropped states may cost, and how long a sum may take."""

    ln_options: float
    relative: bool
    ln_states: float
    work: int


def fine_budgets(policy: Policy) -> Iterator[Budget]:
    """What costs no more than the policy accepts."""
    if policy.victims <= FEW_VICTIMS:
        yield Budget(-math.inf, False, -math.inf, MOST_WORK)
    ln = math.log(max(policy.accepted_loss, 1e-300))
    yield Budget(ln, False, ln, SHORT_WORK)
    yield Budget(ln, True, ln, SHORT_WORK)


def coarse_budgets(policy: Policy) -> Iterator[Budget]:
    """What may cost more, up to the largest loss."""
    for options, states in COARSE:
        if options > policy.accepted_loss:
            yield Budget(math.log(options), True, math.log(states), MOST_WORK)
    yield Budget(math.log(LARGEST_LOSS), False, math.log(LARGEST_LOSS / 10), MOST_WORK)


def summed(
    group: Sequence[int], units: Sequence[Options | Asked], policy: Policy, budget: Budget
) -> tuple[Part, float]:
    """A component exactly, and -ln(1 - mass left out of it). Raises TooWide.

    The bound: the total with, in every unit, all that was left out added to "nobody placed", where it uses
    no victims and so weighs at least as much as it can.
    """
    own = _Own(group, units)
    used = [victims_of(options) for options in own.listed]
    families = order(range(len(used)), used)
    found = component(families, own.listed, used, policy.ln_weight, budget.ln_states, budget.work)
    lost = found.ln_lost([float(np.logaddexp(0.0, own.listed[s.options].ln_lost)) for s in found.stages])
    ln_total = found.ln_total()
    tables = own.marginals(found, policy)
    return Part(tables, lambda count: own.best(found, ln_total, count)), lost


def ln_lost_of(options: Sequence[Options], policy: Policy) -> float:
    """-ln(1 - posterior mass left out) of a component that isn't summed, an upper bound.

    What a family lost, e, is set against an option o that it kept: the others' sum with o's victims free is
    at most prod (1 + claims of the others on v) times that with them taken, so that the total grows by at most
    e / weight of o times that product (o: the best one, or nobody).
    """
    own = [claims(unit, policy.ln_weight) for unit in options]
    together: dict[int, float] = {}
    for found in own:
        for v, ln in found.items():
            together[v] = together.get(v, 0.0) + math.exp(min(ln, 600.0))
    total = 0.0
    for unit, mine in zip(options, own, strict=True):
        factor = 0.0  # nobody
        for row, weight in zip(unit.rows.tolist(), unit.weights(policy.ln_weight).tolist(), strict=True):
            others = [together[v] - math.exp(min(mine[v], 600.0)) for v in row if v != NOBODY]
            factor = min(factor, sum(math.log1p(max(0.0, x)) for x in others) - weight)
        total += float(np.logaddexp(0.0, unit.ln_lost + factor))
    return total


class _Own:
    """The units of a component, numbered by their place in it."""

    def __init__(self, group: Sequence[int], units: Sequence[Options | Asked]) -> None:
        self.group = group
        self.listed = [unit for u in group if isinstance(unit := units[u], Options)]

    def marginals(self, found: Component | Bounded, policy: Policy) -> list[tuple[int, Array]]:
        """(V, members) by unit: posterior of each victim on each member."""
        _, by_stage = found.marginals()
        tables = []
        for own, weights in zip([stage.options for stage in found.stages], by_stage, strict=True):
            rows = self.listed[own].rows
            table = np.zeros((policy.victims, rows.shape[1]))
            for m, column in enumerate(rows.T):
                at = np.flatnonzero(column != NOBODY)
                np.add.at(table[:, m], column[at], weights[1:][at])
            tables.append((self.group[own], table))
        return tables

    def best(self, found: Component | Bounded, ln_total: float, count: int) -> list[Ranked]:
        return [
            (weight - ln_total, tuple(self.placement(own, row) for own, row in chosen))
            for weight, chosen in found.best(count)
        ]

    def placement(self, own: int, row: int) -> Placement:
        options = self.listed[own]
        return Placement(self.group[own], tuple(options.rows[row].tolist()), float(options.ln_lr[row]))


def bounded_part(
    found: _Solved,
    group: Sequence[int],
    policy: Policy,
    progress: Progress,
    most_steps: int | None,
    half_width: float,
) -> bool:
    """A component between rigorous bounds; false where they are too far apart or it can't be listed."""
    if any(isinstance(found.kept[u], Asked) for u in group):
        return False
    own = _Own(group, found.kept)
    solved = Bounded(own.listed, range(len(own.listed)), policy.ln_weight, progress, most_steps)
    if solved.half_width > half_width:
        return False
    ln_total, _ = solved.marginals()
    tables = own.marginals(solved, policy)
    found.parts.append(Part(tables, lambda count: own.best(solved, ln_total, count), solved.half_width))
    found.ln_lost += ln_lost_of(own.listed, policy)
    return True


def sampled_part(found: _Solved, group: Sequence[int], policy: Policy, progress: Progress) -> None:
    """A component by Markov chains."""
    units = [found.kept[u] for u in group]
    used = [u.victims if isinstance(u, Asked) else victims_of(u) for u in units]
    own: list[Unit] = [
        Listed(u, policy.ln_weight, policy.victims)
        if isinstance(u, Options)
        else Computed(u, policy.ln_weight)
        for u in units
    ]
    drawn = Chains(own, used, policy.victims, (policy.seed, min(group))).run(progress)
    tables = list(zip(group, drawn.posteriors, strict=True))
    ranked = visited(group, own, drawn, policy)
    found.parts.append(Part(tables, lambda count: ranked[:count], 0.0, drawn.standard_error, drawn.sweeps))
    found.ln_lost += ln_lost_of([u for u in units if isinstance(u, Options)], policy)
    found.sampled.extend(group)


def visited(group: Sequence[int], own: Sequence[Unit], drawn: Drawn, policy: Policy) -> list[Ranked]:
    """The assignments that the chains were at, heaviest first.

    Their weights are exact against each other; how much they are together is how often they were visited.
    """
    states = sorted(drawn.states, key=lambda state: -state[1])
    visits = sum(count for _, _, count in states)
    ln_all = float(np.logaddexp.reduce([ln for _, ln, _ in states])) if states else 0.0
    found = []
    for rows, ln, _ in states[:MOST_RANKED]:
        placed = tuple(
            Placement(number, tuple(row.tolist()), ln_lr_of(unit, row, policy))
            for number, unit, row in zip(group, own, rows, strict=True)
            if (row != NOBODY).any()
        )
        found.append((ln - ln_all + math.log(visits / (CHAINS * drawn.sweeps)), placed))
    return found


def ln_lr_of(unit: Unit, row: Index, policy: Policy) -> float:
    return float(unit.ln_weight(row[None])[0]) - policy.ln_weight * int((row != NOBODY).sum())


def merge_ranked(one: Sequence[Ranked], other: Sequence[Ranked], count: int) -> list[Ranked]:
    """The heaviest sums of one of each, both lists being sorted."""
    if not other:
        return list(one[:count])
    heap = [(-(one[0][0] + other[0][0]), 0, 0)]
    seen = {(0, 0)}
    found: list[Ranked] = []
    while heap and len(found) < count:
        weight, i, j = heapq.heappop(heap)
        found.append((-weight, one[i][1] + other[j][1]))
        for a, b in ((i + 1, j), (i, j + 1)):
            if a < len(one) and b < len(other) and (a, b) not in seen:
                seen.add((a, b))
                heapq.heappush(heap, (-(one[a][0] + other[b][0]), a, b))
    return found
