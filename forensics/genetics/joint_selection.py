"""From what each family may hold to posteriors: exact sums, else rigorous bounds, else sampling.

Units are families, or parts of families that are independent of each other. Options that can't matter are
left out; what that may cost is bounded rigorously and stated.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_assign import MOST_WORK, Component, component
from forensics.genetics.joint_bounded import LARGEST_HALF_WIDTH, Bounded
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import TooWide, groups, order, victims_of
from forensics.genetics.joint_sampled import sampled_part
from forensics.genetics.joint_solved import Part, Placement, Policy, Ranked, Selection, Solved, ln_lost_of
from forensics.genetics.joint_units import Asked
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


def select(units: Sequence[Options | Asked], policy: Policy, progress: Progress) -> Selection:
    """Leaves out the fewest options that make sums feasible; bounds or samples what remains too wide."""
    found = Solved(list(units))
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


def summed_apart(
    found: Solved, group: Sequence[int], levels: Sequence["Budget"], policy: Policy
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
    found: Solved,
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
