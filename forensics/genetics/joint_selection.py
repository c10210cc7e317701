"""From what each family may hold to posteriors: exact sums, else rigorous bounds, else sampling.

Units are families, or parts of families that are independent of each other. Options that can't matter are
left out; what that may cost is bounded rigorously and stated.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_assign import Component, TooWide, component, groups, order, victims_of
from forensics.genetics.joint_bounded import LARGEST_HALF_WIDTH, Bounded
from forensics.genetics.joint_chains import CHAINS, Chains, Drawn
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_units import Asked, Computed, Listed, Unit
from forensics.genetics.joint_victims import NOBODY

FEW_VICTIMS = 10
"""Up to here nothing is left out as long as the sum is feasible."""

LARGEST_LOSS = 1e-5
"""Posterior mass that may be left out so that a sum becomes feasible; beyond it a component is sampled."""


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
    """Leaves out the fewest options that make everything feasible; samples what remains too wide."""
    listed = [u for u in units if isinstance(u, Options)]
    if len(listed) == len(units):
        exact = exactly(listed, policy)
        if exact is not None:
            return exact
    share = math.log(max(min(policy.accepted_loss, LARGEST_LOSS), 1e-300)) - math.log(max(1, len(units)))
    kept = [u.trimmed(share, False, policy.ln_weight) if isinstance(u, Options) else u for u in units]
    used = [u.victims if isinstance(u, Asked) else victims_of(u) for u in kept]
    parts, sampled, ln_lost = [], list[int](), 0.0
    for group in groups(used):
        own = [kept[u] for u in group]
        part: Part | None = None
        if all(isinstance(u, Options) for u in own):
            with suppress(TooWide):
                part, lost = summed(group, kept, used, policy)
                ln_lost += lost
        if part is None:
            # no assignment gains more than this factor from what was left out of its empty families
            ln_lost += sum(float(np.logaddexp(0.0, u.ln_lost)) for u in own if isinstance(u, Options))
            part = bounded_part(group, kept, policy, progress)
        if part is None:
            part = sampled_part(group, kept, used, policy, progress)
            sampled += group
        parts.append(part)
    return Selection(kept, parts, ln_lost, tuple(sampled))


def exactly(units: Sequence[Options], policy: Policy) -> Selection | None:
    """The first budget under which everything can be summed; None if none keeps the loss small."""
    best: Selection | None = None
    for ln_budget, relative in budgets(policy):
        share = ln_budget - math.log(max(1, len(units)))
        kept = [u.trimmed(share, relative, policy.ln_weight) for u in units]
        used = [victims_of(u) for u in kept]
        with suppress(TooWide):
            solved = [summed(group, kept, used, policy) for group in groups(used)]
            found = Selection(kept, [part for part, _ in solved], math.fsum(lost for _, lost in solved))
            if best is None or found.ln_lost < best.ln_lost:
                best = found
            if best.ln_lost <= LARGEST_LOSS:
                return best
    return None


def budgets(policy: Policy) -> Iterator[tuple[float, bool]]:
    """ln of the weight that may be left out, and whether it counts against each family's best option."""
    if policy.victims <= FEW_VICTIMS:
        yield -math.inf, False
    accepted = max(policy.accepted_loss, 1e-300)
    yield math.log(accepted), False
    yield from ((math.log(accepted * 10.0**k), True) for k in range(0, 10, 3))
    yield math.log(LARGEST_LOSS), True
    yield math.log(LARGEST_LOSS), False


def summed(
    group: Sequence[int],
    units: Sequence[Options | Asked],
    used: Sequence[frozenset[int]],
    policy: Policy,
) -> tuple[Part, float]:
    """A component exactly, and -ln(1 - mass left out of it). Raises TooWide.

    The bound: the total with, in every unit, all that was left out added to "nobody placed", where it uses
    no victims and so weighs at least as much as it can.
    """
    options = [u if isinstance(u, Options) else Options.nothing(u.family) for u in units]
    found = component(order(group, used), options, used, policy.ln_weight)
    empty = [float(np.logaddexp(0.0, options[s.options].ln_lost)) for s in found.stages]
    lost = found.ln_total(empty) - found.ln_total() if any(empty) else 0.0
    ln_total = found.ln_total()
    return Part(marginals(found, options, policy), lambda count: best(found, options, ln_total, count)), lost


def marginals(
    found: Component | Bounded, options: Sequence[Options], policy: Policy
) -> list[tuple[int, Array]]:
    """(V, members) by unit: posterior of each victim on each member."""
    _, by_stage = found.marginals()
    tables = []
    for unit, weights in zip([stage.options for stage in found.stages], by_stage, strict=True):
        rows = options[unit].rows
        table = np.zeros((policy.victims, rows.shape[1]))
        for m, column in enumerate(rows.T):
            at = np.flatnonzero(column != NOBODY)
            np.add.at(table[:, m], column[at], weights[1:][at])
        tables.append((unit, table))
    return tables


def best(found: Component | Bounded, options: Sequence[Options], ln_total: float, count: int) -> list[Ranked]:
    return [
        (
            weight - ln_total,
            tuple(
                Placement(u, tuple(options[u].rows[row].tolist()), float(options[u].ln_lr[row]))
                for u, row in chosen
            ),
        )
        for weight, chosen in found.best(count)
    ]


def bounded_part(
    group: Sequence[int], units: Sequence[Options | Asked], policy: Policy, progress: Progress
) -> Part | None:
    """A component between rigorous bounds; None where they are too far apart or it can't be listed."""
    if any(isinstance(units[u], Asked) for u in group):
        return None
    options = [u if isinstance(u, Options) else Options.nothing(u.family) for u in units]
    found = Bounded(options, group, policy.ln_weight, progress)
    if found.half_width > LARGEST_HALF_WIDTH:
        return None
    ln_total, _ = found.marginals()
    tables = marginals(found, options, policy)
    return Part(tables, lambda count: best(found, options, ln_total, count), found.half_width)


def sampled_part(
    group: Sequence[int],
    units: Sequence[Options | Asked],
    used: Sequence[frozenset[int]],
    policy: Policy,
    progress: Progress,
) -> Part:
    """A component by Markov chains."""
    own: list[Unit] = [
        Listed(u, policy.ln_weight, policy.victims)
        if isinstance(u, Options)
        else Computed(u, policy.ln_weight)
        for u in (units[number] for number in group)
    ]
    chains = Chains(own, [used[number] for number in group], policy.victims, (policy.seed, min(group)))
    drawn = chains.run(progress)
    tables = list(zip(group, drawn.posteriors, strict=True))
    ranked = visited(group, own, drawn, policy)
    return Part(tables, lambda count: ranked[:count], 0.0, drawn.standard_error, drawn.sweeps)


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
