"""A component too wide for an exact sum, with the same questions answered between rigorous bounds.

Stands where `joint_assign.Component` stands: marginals are the middles of their bounds, and `half_width` says how
far they may be from the truth. The heaviest assignment is exact where the likely options alone can be summed.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_assign import Chosen, components
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import TooWide, groups, victims_of
from forensics.genetics.joint_victims import NOBODY
from forensics.genetics.joint_wide import Wide

LARGEST_HALF_WIDTH = 1e-3
"""Of a posterior; what can't be bounded better is not said."""


@dataclass(frozen=True)
class BoundedStage:
    """Which of the families' options its marginals are of."""

    options: int


class Bounded:
    """Families that share victims; `half_width` bounds the error of every marginal (infinite: no bounds)."""

    def __init__(
        self,
        held: Sequence[Options],
        members: Sequence[int],
        ln_weight: float,
        progress: Progress,
        most_steps: int | None = None,
    ) -> None:
        self.held, self.members, self.ln_weight = held, members, ln_weight
        self.stages = [BoundedStage(o) for o in members]
        ln = [held[o].weights(ln_weight) for o in members]
        who = [[tuple(v for v in row if v != NOBODY) for row in held[o].rows.tolist()] for o in members]
        self._ln_total = 0.0, 0.0
        bounds = [(np.zeros(len(own)), np.full(len(own), math.inf)) for own in ln]  # no bounds
        with suppress(TooWide):
            wide = Wide(list(zip(who, ln, strict=True)), most_steps=most_steps)
            bounds = wide.marginals(progress)
            self._ln_total = wide.ln_total(progress)
        self._middle: list[Array] = [(low + high) / 2 for low, high in bounds]
        self.half_width = max(
            (float((high - low).max()) / 2 for low, high in bounds if len(low)), default=0.0
        )

    def marginals(self) -> tuple[float, list[Array]]:
        """ln of the total weight, and for each family the posterior of nobody placed and of each option."""
        found = [np.concatenate([[max(0.0, 1 - own.sum())], own]) for own in self._middle]
        return sum(self._ln_total) / 2, found

    def best(self, count: int) -> list[tuple[float, Chosen]]:
        """The heaviest assignment: an option lighter than nobody placed is never in it."""
        kept = [np.flatnonzero(self.held[o].weights(self.ln_weight) > 0) for o in self.members]
        likely = [
            Options(self.held[o].family, self.held[o].rows[own], self.held[o].ln_lr[own])
            for o, own in zip(self.members, kept, strict=True)
        ]
        ln, chosen = 0.0, list[tuple[int, int]]()
        with suppress(TooWide):
            for group in components(likely, self.ln_weight):
                ((weight, choices),) = group.best(1)
                ln += weight
                chosen += [(self.members[o], int(kept[o][row])) for o, row in choices]
            return [(ln, tuple(chosen))]
        return [self._greedy()]

    def _greedy(self) -> tuple[float, Chosen]:
        """One heavy assignment, where not even the likely options can be summed."""
        every = [
            (float(ln), o, row)
            for o in self.members
            for row, ln in enumerate(self.held[o].weights(self.ln_weight))
            if ln > 0
        ]
        used, full = set[int](), set[int]()
        total, chosen = 0.0, list[tuple[int, int]]()
        for ln, o, row in sorted(every, reverse=True):
            victims = {v for v in self.held[o].rows[row].tolist() if v != NOBODY}
            if o not in full and not victims & used:
                full.add(o)
                used |= victims
                total += ln
                chosen.append((o, row))
        return total, tuple(chosen)


def bounded(held: Sequence[Options], ln_weight: float, progress: Progress) -> tuple[list[Bounded], float]:
    """All components between bounds, and ln of the posterior mass that families left out before."""
    found = [Bounded(held, g, ln_weight, progress) for g in groups([victims_of(o) for o in held])]
    return found, sum(float(np.logaddexp(0.0, o.ln_lost)) for o in held)
