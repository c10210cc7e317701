"""What a family may hold, as a sampler asks for it: listed placements, or LRs computed when they are needed.

Arrays are over chains (C): the present placement of a unit is a row of victims (C, members), NOBODY where a
place is empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.joint_family import FamilyModel
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_victims import NOBODY

MOST_APART = 600.0
"""ln of a weight that a double still holds beside the 1 of nobody placed."""


@dataclass(frozen=True)
class Asked:
    """A family with too many placements to list. `ln_pairs` (V, missing) are ln LRs of single pairs, nan or
    minus infinity where a victim can't be."""

    family: int
    model: FamilyModel
    ln_pairs: Array

    @property
    def victims(self) -> frozenset[int]:
        return frozenset(np.flatnonzero((self.ln_pairs > -np.inf).any(axis=1)).tolist())


class Listed:
    """A unit whose placements are listed; the first is nobody placed."""

    def __init__(self, options: Options, ln_weight: float, people: int) -> None:
        self.people = people
        empty = np.full((1, options.rows.shape[1]), NOBODY, dtype=np.int64)
        self.rows: Index = np.concatenate([empty, options.rows])
        self.ln_weights: Array = np.concatenate([[0.0], options.weights(ln_weight)])
        self.close = float(self.ln_weights.max()) < MOST_APART
        self.weights: Array = np.exp(np.minimum(self.ln_weights, MOST_APART))
        self.order = np.argsort(self.codes(self.rows), kind="stable")
        self.sorted = self.codes(self.rows)[self.order]

    @property
    def members(self) -> int:
        return int(self.rows.shape[1])

    def codes(self, rows: Index) -> Index:
        """A number for each row; with many members it wraps around, like a hash of 64 bits."""
        code = np.zeros(len(rows), dtype=np.int64)
        for column in rows.T:
            code = code * np.int64(self.people + 1) + column + 1
        return code

    def ln_weight(self, rows: Index) -> Array:
        """(C,): minus infinity where a row is not listed."""
        code = self.codes(rows)
        place = np.minimum(np.searchsorted(self.sorted, code), len(self.sorted) - 1)
        found = self.order[place]
        same = (self.rows[found] == rows).all(axis=1)
        return np.where(same, self.ln_weights[found], -np.inf)

    def drawn(self, taken: NDArray[np.bool_], dice: np.random.Generator) -> tuple[Index, Array]:
        """A new row for each chain, given who is `taken` elsewhere (C, V + 1), and its distribution (C, N)."""
        free = ~taken[:, self.rows].any(axis=2)
        if self.close:
            chances = self.weights * free
        else:
            ln = np.where(free, self.ln_weights, -np.inf)
            chances = np.exp(ln - ln.max(axis=1, keepdims=True))
        together = chances.cumsum(axis=1)
        total = together[:, -1:]
        at = (together <= dice.random((len(taken), 1)) * total).sum(axis=1)
        chances /= total
        return self.rows[np.minimum(at, len(self.rows) - 1)], chances


@dataclass
class Computed:
    """A unit whose LRs are computed when they are asked for, and remembered."""

    asked: Asked
    ln_prior: float
    known: dict[bytes, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ln = np.where(np.isnan(self.asked.ln_pairs), -np.inf, self.asked.ln_pairs)
        self.allowed = np.concatenate([ln > -np.inf, np.ones((1, ln.shape[1]), dtype=bool)])  # last: nobody
        self.choices: list[Index] = [np.flatnonzero(column > -np.inf) for column in ln.T]
        self.chances: list[Array] = []
        for own, column in zip(self.choices, ln.T, strict=True):
            good = np.exp(0.5 * (column[own] - column[own].max())) if len(own) else np.zeros(0)
            mixed = 0.5 * good / good.sum() + 0.5 / len(own) if len(own) else good
            self.chances.append(np.concatenate([[0.2], 0.8 * mixed]))  # the first: nobody

    @property
    def members(self) -> int:
        return len(self.choices)

    def ln_weight(self, rows: Index) -> Array:
        """(C,): ln of prior times LR; minus infinity where a victim can't be on a place by itself."""
        possible = self.allowed[rows, np.arange(self.members)].all(axis=1)
        found = np.full(len(rows), -np.inf)
        found[possible] = self._remembered(rows[possible])
        return found

    def _remembered(self, rows: Index) -> Array:
        keys = [row.tobytes() for row in np.ascontiguousarray(rows)]
        fresh = {key: row for key, row in zip(keys, rows, strict=True) if key not in self.known}
        groups: dict[tuple[int, ...], list[tuple[bytes, Index]]] = {}
        for key, row in fresh.items():
            groups.setdefault(tuple(np.flatnonzero(row != NOBODY).tolist()), []).append((key, row))
        for places, mine in groups.items():
            ln = np.zeros(len(mine))
            if places:
                listed = np.array([row[list(places)] for _, row in mine])
                ln = self.asked.model.ln_lr(places, listed) + self.ln_prior * len(places)
            self.known.update(zip((key for key, _ in mine), ln.tolist(), strict=True))
        return np.array([self.known[key] for key in keys])

    def proposed(self, member: int, count: int, dice: np.random.Generator) -> Index:
        """(C,): victims, or NOBODY, for one place."""
        at = dice.choice(len(self.chances[member]), size=count, p=self.chances[member] / self.total(member))
        return np.concatenate([[NOBODY], self.choices[member]])[at]

    def total(self, member: int) -> float:
        return float(self.chances[member].sum())

    def ln_chance(self, member: int, victims: Index) -> Array:
        """(C,): ln of the chance that `proposed` gives these."""
        table = np.zeros(len(self.asked.ln_pairs) + 1)
        table[self.choices[member]] = self.chances[member][1:]
        table[-1] = self.chances[member][0]
        with np.errstate(divide="ignore"):
            return np.log(table[victims] / self.total(member))


Unit = Listed | Computed


def neighbours(victims: Sequence[frozenset[int]]) -> list[list[int]]:
    """For each unit the others that could hold one of its victims."""
    return [[j for j, other in enumerate(victims) if j != i and own & other] for i, own in enumerate(victims)]
