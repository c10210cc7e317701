"""Marginal posteriors of components too wide for an exact sum, between two rigorous bounds.

Units are families or parts of them; each takes one of its options (a set of victims with a weight) or none, and no
victim is taken twice. With Z(H) the sum over all assignments of a part H,

    free(v, H)  = Z(H − v) / Z(H) = 1 / (1 + Σ over options o of v:  weight · Z(H − unit(o) − victims(o)) / Z(H − v))
    empty(u, H) = Z(H − u) / Z(H) = 1 / (1 + Σ over options o of u:  weight · Z(H − u − victims(o)) / Z(H − u))

and the ratios on the right are products of free and empty in smaller parts. Each is decreasing in those below it, so
that bounds of them bound it; a branch ends where what it could still change is below the tolerance, with the trivial
bounds 1/(1 + Σ weights) and 1. Weak claims cost next to nothing and strong ones settle at once.
Source of the recursion: Weitz 2006, doi:10.1145/1132516.1132538; for matchings Bayati et al. 2007,
doi:10.1145/1250790.1250809.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_order import TooWide

TOLERANCE = 1e-7  # of a posterior; the bounds that come out are what counts
MOST_STEPS = 500_000
"""Of the recursion; then its trivial bounds are taken, and the result says how wide they are."""
LARGEST_LN = 600.0  # of a weight; sums of larger ones would leave the range of numbers

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its unit, the victims it takes, its weight against taking none."""

    unit: int
    victims: tuple[int, ...]
    weight: float


@dataclass(frozen=True)
class Ranked:
    """Options, heaviest first, with the weight of each and all lighter ones (one more: 0)."""

    choices: tuple[Choice, ...]
    tail: tuple[float, ...]


def ranked(choices: Sequence[Choice]) -> Ranked:
    order = sorted(choices, key=lambda c: -c.weight)
    tail = np.cumsum([0.0, *(c.weight for c in reversed(order))])[::-1]
    return Ranked(tuple(order), tuple(tail.tolist()))


class Wide:
    """Units with their options; removed units and victims are bits of two whole numbers."""

    def __init__(
        self,
        units: Sequence[tuple[Sequence[tuple[int, ...]], Array]],
        tolerance: float = TOLERANCE,
        most_steps: int | None = None,
    ) -> None:
        """`units`: the victims of each option, and ln of the weight of each. Raises TooWide for a huge one."""
        if any(len(ln) and ln.max() > LARGEST_LN for _, ln in units):
            raise TooWide
        self.tolerance, self.steps = tolerance, 0
        self.most_steps = MOST_STEPS if most_steps is None else most_steps
        self.units: list[list[Choice]] = [
            [Choice(u, who, math.exp(ln)) for who, ln in zip(victims, ln_weights.tolist(), strict=True)]
            for u, (victims, ln_weights) in enumerate(units)
        ]
        by_victim: dict[int, list[Choice]] = {}
        for choices in self.units:
            for choice in choices:
                for v in choice.victims:
                    by_victim.setdefault(v, []).append(choice)
        self.of_unit = [ranked(choices) for choices in self.units]
        self.of_victim = {v: ranked(choices) for v, choices in by_victim.items()}

    def marginals(self, progress: Progress) -> list[tuple[Array, Array]]:
        """For each unit the lower and the upper bound of the posterior of each of its options."""
        found = []
        for u in range(len(self.units)):
            progress.step(u, len(self.units), "Bounding what is too wide to sum")
            found.append(self.of_options(u))
        return found

    def ln_total(self, progress: Progress) -> Bounds:
        """Bounds of ln Z: one unit after the other is taken away."""
        low = high = 0.0
        removed = 0
        for u in range(len(self.units)):
            progress.step(u, len(self.units), "Bounding what is too wide to sum")
            lo, hi = self.empty(u, removed, 0, self.tolerance / (1 + self.of_unit[u].tail[0]))
            low, high = low - math.log(hi), high - math.log(lo)
            removed |= 1 << u
        return low, high

    def of_options(self, u: int) -> tuple[Array, Array]:
        """Bounds of the posterior of each option of a unit, in their order."""
        low, high = np.zeros(len(self.units[u])), np.zeros(len(self.units[u]))
        for i, choice in enumerate(self.units[u]):
            high[i] = choice.weight
            if choice.weight > self.tolerance:
                wanted = self.tolerance / self.sensitivity(choice, self.of_unit[u].tail[0])
                lo, hi = self.all_free(choice, 1 << u, 0, -1, wanted)
                low[i], high[i] = choice.weight * lo, choice.weight * hi
        rest_low, rest_high = 1 + low.sum() - low, 1 + high.sum() - high
        return low / (low + rest_high), high / (high + rest_low)

    def sensitivity(self, choice: Choice, total: float) -> float:
        """How much a posterior of the unit can change with the ratio of this option, at most."""
        least = self.least(choice, 1 << choice.unit, 0, -1)
        own, rest = choice.weight * least, max(0.0, total - choice.weight)
        rest = min(rest, max(0.0, own - 1))  # where (1 + rest) / (1 + own + rest)² is largest
        return choice.weight / (1 + own + rest) * ((1 + rest) / (1 + own + rest))

    def free(self, v: int, units: int, victims: int, tolerance: float) -> Bounds:
        """That nobody takes the victim, without the removed."""
        found = self.of_victim.get(v)
        return (1.0, 1.0) if found is None else self.reciprocal(found, units, victims | 1 << v, v, tolerance)

    def empty(self, u: int, units: int, victims: int, tolerance: float) -> Bounds:
        """That the unit takes nobody, without the removed."""
        return self.reciprocal(self.of_unit[u], units, victims, -1, tolerance)

    def reciprocal(self, found: Ranked, units: int, victims: int, of: int, tolerance: float) -> Bounds:
        """1 / (1 + Σ weight · ratio) over the options that are left; `of` is the victim they are of, or -1.

        `victims` holds `of` already, but it does not count against its own options.
        """
        self.steps += 1
        low = high = 0.0
        for k, choice in enumerate(found.choices):
            if found.tail[k] / (1 + low) <= tolerance / 4 * (1 + low) or self.steps > self.most_steps:
                high += found.tail[k]
                break
            if units >> choice.unit & 1 or any(v != of and victims >> v & 1 for v in choice.victims):
                continue
            least = self.least(choice, units, victims, of)
            reach = 1 + low + choice.weight * least
            wanted = tolerance * (reach / choice.weight) * reach / 4
            lo, hi = self.ratio(choice, units, victims, of, wanted) if wanted < 1 - least else (least, 1.0)
            low, high = low + choice.weight * lo, high + choice.weight * hi
        return 1 / (1 + high), 1 / (1 + low)

    def ratio(self, choice: Choice, units: int, victims: int, of: int, tolerance: float) -> Bounds:
        """Z without the option's unit and victims, to Z without `of`."""
        if of < 0:
            return self.all_free(choice, units | 1 << choice.unit, victims, of, tolerance)
        lo, hi = self.empty(choice.unit, units, victims, tolerance / len(choice.victims))
        others = self.all_free(choice, units | 1 << choice.unit, victims, of, tolerance)
        return lo * others[0], hi * others[1]

    def all_free(self, choice: Choice, units: int, victims: int, of: int, tolerance: float) -> Bounds:
        """That all victims of an option but `of` are free, taken away one after the other."""
        low = high = 1.0
        for v in choice.victims:
            if v != of:
                lo, hi = self.free(v, units, victims, tolerance / len(choice.victims))
                low, high = low * lo, high * hi
                victims |= 1 << v
        return low, high

    def least(self, choice: Choice, units: int, victims: int, of: int) -> float:
        """A lower bound of the ratio without going deeper."""
        units_after = units | 1 << choice.unit
        found = 1.0
        if of >= 0:
            found /= 1 + self.left(self.of_unit[choice.unit], units, victims)
        for v in choice.victims:
            if v != of:
                found /= 1 + self.left(self.of_victim[v], units_after, victims, v)
        return found

    def left(self, found: Ranked, units: int, victims: int, of: int = -1) -> float:
        """The weight of the options that are left; of the light ones, all."""
        total = 0.0
        for k, choice in enumerate(found.choices):
            if found.tail[k] < 1e-3:
                return total + found.tail[k]
            if not (units >> choice.unit & 1 or any(v != of and victims >> v & 1 for v in choice.victims)):
                total += choice.weight
        return total
