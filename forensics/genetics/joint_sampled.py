"""A component that is too wide for sums and for bounds, by Markov chains."""

import math
from collections.abc import Sequence

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Index
from forensics.genetics.joint_chains import CHAINS, Chains, Drawn
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import victims_of
from forensics.genetics.joint_solved import Part, Placement, Policy, Ranked, Solved, ln_lost_of
from forensics.genetics.joint_units import Asked, Computed, Listed, Unit
from forensics.genetics.joint_victims import NOBODY

MOST_RANKED = 1_000
"""Assignments that are remembered of a sampled component."""


def sampled_part(found: Solved, group: Sequence[int], policy: Policy, progress: Progress) -> None:
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
