"""What solving the components of a joint identification leaves: parts with posteriors, and what was lost."""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import claims
from forensics.genetics.joint_units import Asked
from forensics.genetics.joint_victims import NOBODY


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


@dataclass
class Solved:
    """Components solved so far, the options that are kept, and what was lost."""

    kept: list[Options | Asked]
    parts: list[Part] = field(default_factory=list)
    ln_lost: float = 0.0
    sampled: list[int] = field(default_factory=list)


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
