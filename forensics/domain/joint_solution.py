"""What a whole operation is solved into: victims, missing persons, every pair's LR, and all at once.

Rows are victims: remains that were re-associated are one. Columns are missing persons. A pair is (row, column).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from forensics.domain.joint import JointMethod, Missing, PairState, weight_of_number
from forensics.domain.kinship import Genotype, Sex
from forensics.domain.screening import NotScreened

Cell = tuple[int, int]
"""Row (victim) and column (missing person)."""

LN10 = math.log(10)

CODES = tuple(PairState)
"""What a byte of `PairTable.codes` stands for."""


@dataclass(frozen=True, slots=True)
class Victim:
    """One person among the dead, as far as is known: an item, or the items of one individual."""

    number: str  # of the individual where there is one, else of the item
    items: tuple[UUID, ...]
    item_numbers: tuple[str, ...]
    individual: UUID | None
    sex: Sex
    genotypes: Mapping[str, Genotype]
    profiles: tuple[str, ...]  # tokens of the samples
    left_out: tuple[str, ...] = ()  # loci at which the items' profiles differ: not compared


@dataclass(frozen=True, slots=True)
class Sought:
    """A missing person as a column."""

    key: Missing
    person: UUID
    number: str
    family: UUID
    family_number: str
    sex: Sex


@dataclass(frozen=True, slots=True)
class Held:
    """An identification that stands: its number, and of whom."""

    identification: str
    missing: str  # number of the missing person
    column: int | None  # None: that person is not compared here


@dataclass(frozen=True)
class Decided:
    """What people have decided before: it is not computed again, everything else is computed given it."""

    held: Mapping[int, Held] = field(default_factory=dict)  # by row
    taken: Mapping[int, str] = field(
        default_factory=dict
    )  # column -> identification of remains not compared here
    excluded: Mapping[Cell, str] = field(default_factory=dict)  # pair -> match that a reviewer excluded

    def identification(self, column: int) -> str | None:
        """The number of the identification as this missing person, if there is one."""
        return self.by_column.get(column)

    @cached_property
    def by_column(self) -> Mapping[int, str]:
        held = {one.column: one.identification for one in self.held.values() if one.column is not None}
        return {**self.taken, **held}


@dataclass(frozen=True)
class PairTable:
    """Every pair's LR in compact form: exact from `floor_log10` on; of the others only that they are below.

    `codes` holds a byte for each pair, row by row: its place in `CODES`.
    """

    rows: int
    columns: int
    floor_log10: float
    codes: bytes
    log10_lr: Mapping[Cell, float]  # pairs at or above the floor
    refused: tuple[NotScreened, ...] = ()  # families and profiles that can't be computed exactly

    def state(self, row: int, column: int) -> PairState:
        return CODES[self.codes[row * self.columns + column]]

    def states(self, row: int) -> frozenset[PairState]:
        """All states that occur in a row."""
        return frozenset(CODES[c] for c in set(self.codes[row * self.columns : (row + 1) * self.columns]))

    def count(self, state: PairState) -> int:
        """How many pairs are of this state."""
        return self.codes.count(CODES.index(state))

    def best(self, row: int) -> tuple[tuple[int, float], ...]:
        """Columns of a row at or above the floor with their log10 LR, strongest first."""
        return self._by_row.get(row, ())

    def best_of_column(self, column: int) -> tuple[tuple[int, float], ...]:
        """Rows of a column at or above the floor with their log10 LR, strongest first."""
        return self._by_column.get(column, ())

    @cached_property
    def _by_row(self) -> dict[int, tuple[tuple[int, float], ...]]:
        return ranked((r, c, value) for (r, c), value in self.log10_lr.items())

    @cached_property
    def _by_column(self) -> dict[int, tuple[tuple[int, float], ...]]:
        return ranked((c, r, value) for (r, c), value in self.log10_lr.items())


def ranked(found: Iterable[tuple[int, int, float]]) -> dict[int, tuple[tuple[int, float], ...]]:
    """(key, other, value) by key, the largest value first."""
    by_key: dict[int, list[tuple[int, float]]] = {}
    for key, other, value in found:
        by_key.setdefault(key, []).append((other, value))
    return {key: tuple(sorted(rest, key=lambda one: (-one[1], one[0]))) for key, rest in by_key.items()}


@dataclass(frozen=True)
class PairComparison:
    """Every victim against every missing person of an operation, and what that rested on."""

    operation: UUID
    title: str
    victims: tuple[Victim, ...]
    sought: tuple[Sought, ...]
    table: PairTable
    number_sought: int
    threshold: float  # posterior that an identification needs
    engine: str
    digests: Mapping[str, str]  # SHA-256 of "question" and of its parts
    parameters: Mapping[str, object]
    decided: Decided = field(default_factory=Decided)

    def pairwise_posterior(self, log10_lr: float) -> float:
        """LR / (LR + N - 1): this pair alone, each of the N sought equally likely before testing."""
        against = math.log10(self.number_sought - 1) - log10_lr if self.number_sought > 1 else -math.inf
        return 1 / (1 + math.exp(min(against, 300.0) * LN10))

    @property
    def pair_weight(self) -> float:
        """Prior weight of a listed missing person against nobody on the list.

        With one on the list the joint posterior of a pair alone is the pairwise one.
        """
        return weight_of_number(self.number_sought, len(self.sought))


@dataclass(frozen=True)
class JointSolution:
    """All victims to all missing persons at once, beside the pairs."""

    pairs: PairComparison
    posterior: tuple[Mapping[int, float], ...]  # by row: column -> marginal posterior, where it is not 0
    unplaced: tuple[float | None, ...]  # by row: posterior of nobody on the list; None: not computed
    best: tuple[tuple[float, Mapping[int, int]], ...]  # posterior, row -> column
    lost_mass: float  # upper bound of the posterior mass that was left out
    sampled: tuple[str, ...]  # families that were sampled instead of summed
    standard_error: float  # largest of a sampled posterior; 0 when all is exact
    components: int  # groups of families that share no victim
    refused: tuple[NotScreened, ...]
    engine: str
    method: JointMethod = JointMethod.EXACT  # of several ways the least exact one
    half_width: float = 0.0  # no bounded posterior is further from the exact one

    def answer(self, row: int) -> tuple[int | None, float]:
        """The likeliest column of a row with its posterior; None: nobody on the list."""
        column, p = max(self.posterior[row].items(), key=lambda one: one[1], default=(None, 0.0))
        nobody = self.unplaced[row]
        return (column, p) if nobody is None or p > nobody else (None, nobody)

    def claims(self, column: int) -> tuple[tuple[int, float], ...]:
        """Rows with their posterior of being this missing person, likeliest first."""
        return self._by_column.get(column, ())

    def placed_in(self, family: UUID) -> dict[int, float]:
        """Rows that are more likely than not somebody of this family."""
        columns = {c for c, one in enumerate(self.pairs.sought) if one.family == family}
        sums = {
            row: math.fsum(p for c, p in found.items() if c in columns)
            for row, found in enumerate(self.posterior)
        }
        return {row: p for row, p in sums.items() if p > 0.5}

    @cached_property
    def _by_column(self) -> dict[int, tuple[tuple[int, float], ...]]:
        return ranked((c, r, p) for r, found in enumerate(self.posterior) for c, p in found.items())
