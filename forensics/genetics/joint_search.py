"""Placements of victims in a family that is too large for tables, or under theta: one more victim at a time.

By the chain rule a placement is extended only where it may still matter; what is given up is bounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_family import FamilyModel, Places
from forensics.genetics.joint_options import FEW, Options
from forensics.genetics.joint_placements import TooMany
from forensics.genetics.joint_victims import NOBODY

LOOKED_AT = 8
"""Victims tried for each place when a good placement is sought."""

MOST_PLACEMENTS = 300_000
"""Placements of one family that are looked at."""


def search(model: FamilyModel, family: int, ln_pairs: Array, ln_accepted: float, ln_weight: float) -> Options:
    """Placements worth keeping. `ln_pairs` (V, missing) are ln LRs of single pairs, nan where not allowed.

    A placement S is left out, with all that extend it, when LR(S) times the largest factor that further
    victims could bring, prod 1/P(victim), is below exp(ln_accepted) of a good placement; what is left out is
    added to the bound. Raises TooMany where that leaves too many.
    """
    allowed = [np.flatnonzero(~np.isnan(row) & (row > -np.inf)) for row in ln_pairs.T]
    everything = count_placements(allowed) <= FEW
    return _Search(model, family, allowed, ln_accepted, ln_weight, everything).run(ln_pairs)


def count_placements(allowed: Sequence[Index]) -> float:
    total = 1.0
    for victims in allowed:
        total *= 1 + len(victims)
    return total


@dataclass
class _Search:
    model: FamilyModel
    family: int
    allowed: list[Index]
    ln_accepted: float
    ln_weight: float
    everything: bool
    lost: list[float] = field(default_factory=lambda: [-np.inf])

    def run(self, ln_pairs: Array) -> Options:
        rows_kept = [np.zeros((0, len(self.allowed)), dtype=np.int64)]
        ln_kept = [np.zeros(0)]
        self.floor = self.ln_accepted + (0.0 if self.everything else self.likely(ln_pairs))
        level: dict[Places, tuple[Index, Array]] = {
            (m,): (v[:, None], ln_pairs[v, m]) for m, v in enumerate(self.allowed) if len(v)
        }
        seen = 0
        while level:
            grown: dict[Places, tuple[Index, Array]] = {}
            for places, (rows, ln_lr) in level.items():
                alive = self.hopeful(places, ln_lr)
                whole = np.full((int(alive.sum()), len(self.allowed)), NOBODY, dtype=np.int64)
                whole[:, places] = rows[alive]
                rows_kept.append(whole)
                ln_kept.append(ln_lr[alive])
                seen += len(rows)
                if seen > MOST_PLACEMENTS:
                    raise TooMany
                grown |= dict(self.extended(places, rows[alive]))
            level = grown
        lost = float(np.logaddexp.reduce(self.lost))
        return Options(self.family, np.concatenate(rows_kept), np.concatenate(ln_kept), lost)

    def likely(self, ln_pairs: Array) -> float:
        """ln weight of a good placement, at least 0 (nobody): the best pair, extended greedily."""
        first = np.where(np.isnan(ln_pairs), -np.inf, ln_pairs)
        v, m = np.unravel_index(int(first.argmax()), first.shape)
        best, chosen = float(first[v, m]) + self.ln_weight, {int(m): int(v)}
        while best > 0:
            tried = [
                self.extension(chosen, m, first[:, m]) for m in range(len(self.allowed)) if m not in chosen
            ]
            ln, member, victim = max(tried, default=(-np.inf, -1, -1))
            if ln <= best:
                break
            best, chosen = ln, {**chosen, member: victim}
        return max(best, 0.0)

    def extension(self, chosen: dict[int, int], member: int, ln: Array) -> tuple[float, int, int]:
        """The best of a few likely victims for one more member, with the ln weight of all together."""
        order = [int(v) for v in np.argsort(-ln)[: LOOKED_AT + len(chosen)] if v not in chosen.values()]
        order = [v for v in order if ln[v] > -np.inf]
        if not order:
            return -np.inf, member, -1
        at = tuple(sorted((*chosen, member)))
        rows = np.array([[chosen.get(m, v) for m in at] for v in order])
        found = self.model.ln_lr(at, rows) + len(at) * self.ln_weight
        return float(found.max()), member, order[int(found.argmax())]

    def hopeful(self, places: Places, ln_lr: Array) -> NDArray[np.bool_]:
        """Which placements may matter, themselves or extended; the others go to the bound."""
        alive = ln_lr > -np.inf
        if self.everything:
            return alive
        after = [self.allowed[m] for m in range(places[-1] + 1, len(self.allowed)) if len(self.allowed[m])]
        gains = [float((-self.model.victims.ln_null[v]).max()) + self.ln_weight for v in after]
        bound = ln_lr + len(places) * self.ln_weight
        for gain, v in zip(gains, after, strict=True):
            bound = np.logaddexp(bound, bound + np.log(len(v)) + gain)
        hopeless = alive & (bound < self.floor)
        if hopeless.any():
            self.lost.append(float(np.logaddexp.reduce(bound[hopeless])))
        return np.asarray(alive & ~hopeless)

    def extended(self, places: Places, placements: Index) -> Iterator[tuple[Places, tuple[Index, Array]]]:
        """Placements with one more victim in a later place."""
        for m in range(places[-1] + 1, len(self.allowed)):
            if not len(self.allowed[m]) or not len(placements):
                continue
            if len(placements) * len(self.allowed[m]) > MOST_PLACEMENTS:
                raise TooMany
            rows = np.repeat(placements, len(self.allowed[m]), axis=0)
            added = np.tile(self.allowed[m], len(placements))
            fresh = (rows != added[:, None]).all(axis=1)
            larger = np.column_stack([rows[fresh], added[fresh]])
            if len(larger):
                yield (*places, m), (larger, self.model.ln_lr((*places, m), larger))
