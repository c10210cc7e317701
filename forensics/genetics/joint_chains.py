"""Sampling from the posterior over assignments where an exact sum is too wide.

Many independent Markov chains side by side: each sweep draws every family's placement anew given all others
(Gibbs; Geman & Geman 1984, doi:10.1109/TPAMI.1984.4767596), and exchanges the victims of two places with
the acceptance of Metropolis & Hastings (Hastings 1970, doi:10.1093/biomet/57.1.97). Half of the chains start
from the best placements taken greedily, half from nobody placed. Posteriors are averages of the conditional
probabilities, with the standard error between chains. The same seed gives the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.progress import Progress
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_units import Computed, Listed, Unit, neighbours
from forensics.genetics.joint_victims import NOBODY

CHAINS = 64
BURN_IN = 60  # sweeps that are not counted
FIRST = 120  # counted sweeps before the error is looked at; then twice as many, and so on
MOST = 1_920  # counted sweeps at most
ENOUGH = 0.003  # standard error of a posterior that is small enough to stop
MOST_STATES = 200_000  # different assignments that are remembered


@dataclass(frozen=True)
class Drawn:
    """What the chains found. Posteriors (V, members) by unit, assignments as one row of victims for each
    unit with ln of their weight and how often they were visited."""

    posteriors: list[Array]
    standard_error: float
    sweeps: int
    states: list[tuple[tuple[Index, ...], float, int]]


class Chains:
    """The chains' states: victims by unit (C, members), and who is placed anywhere (C, V + 1)."""

    def __init__(
        self, units: Sequence[Unit], victims: Sequence[frozenset[int]], people: int, seed: Sequence[int]
    ) -> None:
        self.units, self.people = units, people
        self.dice = np.random.default_rng(list(seed))
        self.near = neighbours(victims)
        self.each = np.arange(CHAINS)
        self.held: list[Index] = [np.full((CHAINS, u.members), NOBODY, dtype=np.int64) for u in units]
        self.taken: NDArray[np.bool_] = np.zeros((CHAINS, people + 1), dtype=bool)
        self.sums: list[Array] = [np.zeros((CHAINS, people + 1, u.members)) for u in units]
        self.visited: dict[bytes, tuple[tuple[Index, ...], float, int]] = {}
        self.greedy(CHAINS // 2)

    def run(self, progress: Progress) -> Drawn:
        """Sweeps until the error is small enough."""
        for number in range(BURN_IN):
            progress.step(number, BURN_IN, "Sampling what is too wide to sum")
            self.sweep(counted=False)
        done, aim = 0, FIRST
        while True:
            while done < aim:
                progress.step(done, aim, "Sampling what is too wide to sum")
                self.sweep(counted=True)
                done += 1
            # what has about one chance in all sweeps may not have been seen at all
            error = max(
                [1 / (CHAINS * done), *(float(error_of(s / done).max()) for s in self.sums if s.size)]
            )
            if error <= ENOUGH or done >= MOST:
                posteriors = [(s[:, :-1] / done).mean(axis=0) for s in self.sums]
                return Drawn(posteriors, error, done, list(self.visited.values()))
            aim = 2 * done

    def greedy(self, chains: int) -> None:
        """The first chains start with the heaviest placements that go together."""
        heaviest: list[tuple[float, int, Index]] = []
        for i, unit in enumerate(self.units):
            if isinstance(unit, Listed):
                top = np.argsort(-unit.ln_weights)[:50]
                heaviest += [(float(unit.ln_weights[t]), i, unit.rows[t]) for t in top]
        free, filled = np.ones(self.people + 1, dtype=bool), set[int]()
        for ln, i, row in sorted(heaviest, key=lambda item: -item[0]):
            if ln > 0 and i not in filled and free[row[row != NOBODY]].all():
                free[row[row != NOBODY]] = False
                filled.add(i)
                self.held[i][:chains] = row
                self.taken[:chains, row[row != NOBODY]] = True

    def sweep(self, counted: bool) -> None:
        for i in self.dice.permutation(len(self.units)).tolist():
            unit = self.units[i]
            if isinstance(unit, Listed):
                self.draw(i, unit, counted)
            else:
                for member in range(unit.members):
                    self.place(i, unit, member)
            if self.near[i]:
                self.exchange(i, int(self.dice.choice(self.near[i])))
            if self.units[i].members > 1:
                self.exchange(i, i)
        if counted:
            for i, unit in enumerate(self.units):
                if isinstance(unit, Computed):
                    for member in range(unit.members):
                        self.sums[i][self.each, self.held[i][:, member], member] += 1
            self.remember()

    def draw(self, i: int, unit: Listed, counted: bool) -> None:
        """A unit's placement given all others."""
        self.release(i)
        rows, chances = unit.drawn(self.taken, self.dice)
        self.held[i] = rows
        self.occupy(i)
        if counted:
            for member, column in enumerate(unit.rows.T):
                add_columns(self.sums[i][:, :, member], column, chances)

    def place(self, i: int, unit: Computed, member: int) -> None:
        """Another victim, or nobody, on one place; whoever is placed elsewhere is exchanged or left."""
        before = self.held[i]
        proposed = unit.proposed(member, CHAINS, self.dice)
        after = before.copy()
        after[:, member] = proposed
        own = before[:, member]
        elsewhere = self.taken[self.each, proposed] & (proposed != own)
        ln = unit.ln_weight(np.where(elsewhere[:, None], before, after)) - unit.ln_weight(before)
        ln += unit.ln_chance(member, own) - unit.ln_chance(member, proposed)
        self.accept(i, after, ~elsewhere & (np.log(self.dice.random(CHAINS)) < ln))

    def exchange(self, i: int, j: int) -> None:
        """The victims of a place of unit i and of one of unit j change places."""
        a = int(self.dice.integers(self.units[i].members))
        b = int(self.dice.integers(self.units[j].members))
        one, other = self.held[i].copy(), self.held[j].copy()
        if i == j:
            one[:, [a, b]] = one[:, [b, a]]
            ln = self.units[i].ln_weight(one) - self.units[i].ln_weight(self.held[i])
            self.accept(i, one, np.log(self.dice.random(CHAINS)) < ln)
            return
        one[:, a], other[:, b] = self.held[j][:, b], self.held[i][:, a]
        ln = self.units[i].ln_weight(one) + self.units[j].ln_weight(other)
        ln -= self.units[i].ln_weight(self.held[i]) + self.units[j].ln_weight(self.held[j])
        good = np.log(self.dice.random(CHAINS)) < ln
        self.held[i] = np.where(good[:, None], one, self.held[i])
        self.held[j] = np.where(good[:, None], other, self.held[j])

    def accept(self, i: int, rows: Index, good: NDArray[np.bool_]) -> None:
        self.release(i)
        self.held[i] = np.where(good[:, None], rows, self.held[i])
        self.occupy(i)

    def release(self, i: int) -> None:
        self.taken[self.each[:, None], self.held[i]] = False

    def occupy(self, i: int) -> None:
        self.taken[self.each[:, None], self.held[i]] = True
        self.taken[:, NOBODY] = False

    def remember(self) -> None:
        """The assignments that the chains are at."""
        weights = np.zeros(CHAINS)
        for unit, held in zip(self.units, self.held, strict=True):
            weights += unit.ln_weight(held)
        whole = np.concatenate(self.held, axis=1).astype(np.int32)
        for c in range(CHAINS):
            key = whole[c].tobytes()
            known = self.visited.get(key)
            if known is not None:
                self.visited[key] = (known[0], known[1], known[2] + 1)
            elif len(self.visited) < MOST_STATES:
                self.visited[key] = (tuple(held[c] for held in self.held), float(weights[c]), 1)


def add_columns(total: Array, column: Index, chances: Array) -> None:
    """Add (C, N) chances to the column that each of the N options stands for."""
    order = np.argsort(column, kind="stable")
    ranked = column[order]
    starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
    total[:, ranked[starts]] += np.add.reduceat(chances[:, order], starts, axis=1)


def error_of(means: Array) -> Array:
    """Standard error of the mean over independent chains, from their own means (C, ...)."""
    return np.asarray(means[:, :-1].std(axis=0, ddof=1) / np.sqrt(len(means)))
