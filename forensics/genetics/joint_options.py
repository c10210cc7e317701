"""Which placements of victims in a family are worth keeping, and a bound on those that are not."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Convention
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_placements import Block, FamilyTables, TooMany
from forensics.genetics.joint_victims import NOBODY

if TYPE_CHECKING:
    from forensics.genetics.joint_units import Asked

FEW = 1_000
"""Placements of one family below which none is left out for being hopeless."""

MANY = 5_000
"""Placements of one family beyond which light ones are left out by the heaviest one."""

MOST_SUBSETS = 64
"""Sets of missing members that are looked at one by one where people are pruned."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a family, or a part of one, may hold: victims on each of its missing members (N, missing), NOBODY
    where a place stays empty, and ln LR (N,). That nobody is placed is not among them. `ln_lost` bounds ln
    of the total weight of all placements left out (minus infinity: none).
    """

    family: int
    rows: Index
    ln_lr: Array
    ln_lost: float = -math.inf

    def __len__(self) -> int:
        return len(self.ln_lr)

    def weights(self, ln_weight: float) -> Array:
        """(N,): ln of prior times LR, against nobody placed."""
        return np.asarray(self.ln_lr + ln_weight * (self.rows != NOBODY).sum(axis=1))

    def trimmed(self, ln_budget: float, relative: bool, ln_weight: float) -> "Options":
        """Without the lightest options, whose weights together stay below the budget.

        `relative`: the budget is a part of the heaviest option, if that weighs more than nobody placed.
        """
        if not len(self):
            return self
        weights = self.weights(ln_weight)
        order = np.argsort(weights, kind="stable")
        together = ln_running_total(weights[order])
        budget = ln_budget + (max(0.0, float(weights.max())) if relative else 0.0)
        dropped = int(np.searchsorted(together, budget, side="right"))
        if not dropped:
            return self
        kept = np.sort(order[dropped:])
        lost = float(np.logaddexp(self.ln_lost, together[dropped - 1]))
        return Options(self.family, self.rows[kept], self.ln_lr[kept], lost)


def ln_running_total(ascending: Array) -> Array:
    """ln of the running sum of exp(values); each stretch is summed against its own largest value."""
    return np.asarray(np.logaddexp.accumulate(ascending))


@dataclass(frozen=True)
class Wanted:
    """What is asked of a family. Arrays are (V, missing).

    `fitting`: the sexes agree; `possible`: and the victim is looked at there; `forbidden`: it may not be placed
    there, though its LR is told. What weighs less than exp(ln_accepted) need not be kept; placing somebody
    weighs exp(ln_weight).
    """

    family: int
    fitting: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]
    ln_accepted: float
    ln_weight: float

    @property
    def missing(self) -> int:
        return int(self.fitting.shape[1])

    @cached_property
    def candidates(self) -> list[Index]:
        """For each member the victims who are looked at."""
        return [np.flatnonzero(column) for column in self.possible.T]

    def no_lr(self) -> Array:
        """(V, missing): nan where the sexes differ, elsewhere minus infinity."""
        return np.where(self.fitting, -np.inf, np.nan)


def of_blocks(wanted: Wanted, found: Iterable[Block], who: dict[int, Index]) -> list[Options]:
    """The placements of each block (as drawn; the first candidate of each member is NOBODY)."""
    return [kept_rows(wanted, [(b.members, [who[k] for k in b.members], b.ln_lr)]) for b in found]


Grid = tuple[tuple[int, ...], list[Index], Array]
"""Members, the candidates of each, and ln LR of all combinations."""


def kept_rows(wanted: Wanted, grids: Sequence[Grid]) -> Options:
    """The placements in which nobody is in two places or in a forbidden one, and that may matter.

    Left out, and added to the bound, is what weighs less than exp(ln_accepted); where that keeps many, what
    weighs less than that part of the heaviest one.
    """
    missing = wanted.missing
    for members, who, ln in grids:
        forbid(wanted.forbidden, members, who, ln)
        forbid_twice(who, ln)
    everything = sum(ln.size for _, _, ln in grids) <= FEW
    heavy = [weighted(who, ln, wanted.ln_weight) for _, who, ln in grids]
    floor = -math.inf
    if not everything:
        floor = wanted.ln_accepted
        if sum(int((w >= floor).sum()) for w in heavy) > MANY:
            floor += max([0.0, *(float(w.max()) for w in heavy if w.size)])
    rows, ln_lr, lost = [np.zeros((0, missing), dtype=np.int64)], [np.zeros(0)], [-math.inf]
    for (members, who, ln), weights in zip(grids, heavy, strict=True):
        cells = np.nonzero((weights >= floor) & (ln > -np.inf))
        own = np.full((len(cells[0]), missing), NOBODY, dtype=np.int64)
        for k, candidates, place in zip(members, who, cells, strict=True):
            own[:, k] = candidates[place]
        allowed = (own != NOBODY).any(axis=1)
        rows.append(own[allowed])
        ln_lr.append(ln[cells][allowed])
        light = (weights < floor) & (weights > -np.inf)
        if all(len(own) and own[0] == NOBODY for own in who):
            light[(0,) * light.ndim] = False  # nobody placed is never left out
        lost.append(ln_sum(weights[light]))
    ln_lost = float(np.logaddexp.reduce(lost))
    return Options(wanted.family, np.concatenate(rows), np.concatenate(ln_lr), ln_lost)


def weighted(who: Sequence[Index], ln: Array, ln_weight: float) -> Array:
    """ln LR with the prior weight of everybody who is placed."""
    if ln_weight == 0:
        return ln
    total = ln.copy()
    for axis, candidates in enumerate(who):
        shape = [1] * ln.ndim
        shape[axis] = -1
        total += (ln_weight * (candidates != NOBODY)).reshape(shape)
    return total


def ln_sum(values: Array) -> float:
    if not len(values):
        return -math.inf
    most = float(values.max())
    return most + math.log(float(np.exp(values - most).sum()))


def forbid(forbidden: NDArray[np.bool_], members: Sequence[int], who: Sequence[Index], ln: Array) -> None:
    """ln LR of minus infinity where a victim would be where it may not be."""
    for axis, (member, candidates) in enumerate(zip(members, who, strict=True)):
        not_here = forbidden[candidates, member] & (candidates != NOBODY)
        np.moveaxis(ln, axis, 0)[not_here] = -np.inf


def forbid_twice(who: Sequence[Index], ln: Array) -> None:
    """ln LR of minus infinity where a victim would be in two places."""
    for i, j in combinations(range(len(who)), 2):
        a, b = np.nonzero((who[i][:, None] == who[j]) & (who[i] != NOBODY)[:, None])
        np.moveaxis(ln, (i, j), (0, 1))[a, b] = -np.inf


@dataclass(frozen=True)
class Placed:
    """A family settled: ln LR of each single pair (V, missing), nan where sexes differ, and its options."""

    ln_pairs: Array
    options: "Sequence[Options | Asked]"


def settle(tables: FamilyTables, wanted: Wanted) -> Placed:
    """All placements of a family. Raises TooMany where they are too many for tables."""
    ln, own = wanted.no_lr(), wanted.candidates
    if tables.convention is Convention.PRUNED:
        return Placed(ln, [pruned(tables, wanted, ln)])
    who = {k: np.concatenate([[NOBODY], candidates]) for k, candidates in enumerate(own)}
    found = tables.blocks(who)
    for block in found:
        for axis, k in enumerate(block.members):
            alone = tuple(slice(1, None) if i == axis else 0 for i in range(block.ln_lr.ndim))
            ln[own[k], k] = block.ln_lr[alone]
    return Placed(ln, of_blocks(wanted, found, who))


def pruned(tables: FamilyTables, wanted: Wanted, ln: Array) -> Options:
    """The same where who is cut depends on who is placed: each set of members by itself. Fills `ln`."""
    if 2**wanted.missing > MOST_SUBSETS:
        raise TooMany
    grids: list[Grid] = []
    for members in subsets(wanted.missing):
        who = [wanted.candidates[k] for k in members]
        if not all(len(own) for own in who):
            continue
        (block,) = tables.blocks(dict(zip(members, who, strict=True)))
        grids.append((members, who, block.ln_lr))
        if len(members) == 1:
            ln[who[0], members[0]] = block.ln_lr
    return kept_rows(wanted, grids)


def subsets(count: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, count + 1):
        yield from combinations(range(count), size)
