"""Which rows and columns of a whole operation are shown, in which order, and what a cell says in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from forensics.domain.evidence import Strength, power_of_ten, verbal_equivalent
from forensics.domain.joint import PairState
from forensics.domain.joint_solution import Cell, JointSolution, PairComparison
from forensics.domain.joint_words import share
from gui.places.matching_words import say

LISTED = 0.05  # joint posterior from which a placement is marked


@dataclass(frozen=True)
class Sheet:
    """Rows and columns by their places in the comparison, so ordered that strong pairs stand together."""

    pairs: PairComparison
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    bound: float  # log10 LR from which a pair counts as strong here
    placed: Mapping[Cell, float] = field(default_factory=dict)  # joint posterior

    @cached_property
    def at_row(self) -> dict[int, int]:
        return {row: i for i, row in enumerate(self.rows)}

    @cached_property
    def at_column(self) -> dict[int, int]:
        return {column: j for j, column in enumerate(self.columns)}

    @cached_property
    def strong(self) -> list[Cell]:
        """Positions (i, j) of strong or placed pairs, row by row."""
        cells = {cell for cell, value in self.pairs.table.log10_lr.items() if value >= self.bound}
        places = [(self.at_row.get(r), self.at_column.get(c)) for r, c in cells | self.placed.keys()]
        return sorted((i, j) for i, j in places if i is not None and j is not None)

    def cell(self, i: int, j: int) -> Cell:
        return self.rows[i], self.columns[j]

    def row_name(self, i: int) -> str:
        return self.pairs.victims[self.rows[i]].number

    def column_name(self, j: int) -> str:
        return self.pairs.sought[self.columns[j]].number

    def is_edge(self, j: int) -> bool:
        """Whether a family of several columns begins or ends before this one."""
        families = self.families
        edge = 0 < j < len(families) and families[j] != families[j - 1]
        several = (
            families[j - 2 : j - 1] == families[j - 1 : j] or families[j : j + 1] == families[j + 1 : j + 2]
        )
        return edge and several

    @cached_property
    def families(self) -> list[UUID]:
        """The family of each column."""
        return [self.pairs.sought[column].family for column in self.columns]

    def words(self, i: int, j: int) -> str:
        """What a pair says, for the eye and for a screen reader."""
        row, column = self.cell(i, j)
        one = self.pairs.sought[column]
        who = say("{0} as {1} of family {2}: {3}").format(
            self.row_name(i), one.number, one.family_number, self._weight(row, column)
        )
        said = self._decided(row, column)
        if said:
            return f"{who}; {said}"
        p = self.placed.get((row, column))
        return who if p is None else say("{0}; jointly {1}").format(who, share(p, say))

    def _decided(self, row: int, column: int) -> str:
        """What people have decided about a pair, or about one of the two."""
        decided, name = self.pairs.decided, self.pairs.sought[column].number
        held, match = decided.held.get(row), decided.excluded.get((row, column))
        if held is not None and held.column == column:
            return say("identified ({0})").format(held.identification)
        if held is not None:
            return say("the remains are identified as {0} ({1})").format(held.missing, held.identification)
        other = decided.identification(column)
        if other:
            return say("{0} is identified already ({1})").format(name, other)
        return say("excluded in review ({0})").format(match) if match else ""

    def _weight(self, row: int, column: int) -> str:
        log10 = self.pairs.table.log10_lr.get((row, column))
        if log10 is not None:
            strength = verbal_equivalent(log10).strength
            if strength is Strength.NONE:
                return say("LR {0}, no support either way").format(power_of_ten(log10))
            return say("LR {0}, {1} support").format(power_of_ten(log10), say(strength.word))
        return {
            PairState.EVALUATED: say("LR below 1"),
            PairState.EXCLUDED: say("LR 0, excluded"),
            PairState.NOT_EVALUABLE: say("could not be evaluated, which is not an exclusion"),
            PairState.SEX_MISMATCH: say("not compared, the sexes differ"),
            PairState.REFUSED: say("could not be computed"),
        }[self.pairs.table.state(row, column)]


def sheet_of(
    pairs: PairComparison, solution: JointSolution | None, bound: float, whole: bool = False
) -> Sheet:
    """Rows and columns with a pair of `bound` or more, or a joint placement; `whole`: the others after them."""
    placed: dict[Cell, float] = {}
    if solution is not None:
        placed = {
            (r, c): p for r, found in enumerate(solution.posterior) for c, p in found.items() if p >= LISTED
        }
    weights = {cell: value for cell, value in pairs.table.log10_lr.items() if value >= bound}
    held = {(r, one.column) for r, one in pairs.decided.held.items() if one.column is not None}
    weights |= {cell: max(weights.get(cell, 0.0), 0.0) for cell in placed.keys() | held}
    rows, columns = ordered(weights, [one.family.int for one in pairs.sought])
    if whole:
        rows += [r for r in range(len(pairs.victims)) if r not in set(rows)]
        columns += [c for c in range(len(pairs.sought)) if c not in set(columns)]
    return Sheet(pairs, tuple(rows), tuple(columns), bound, placed)


def ordered(weights: Mapping[Cell, float], families: Sequence[int]) -> tuple[list[int], list[int]]:
    """Rows and columns cluster by cluster, those with rivals first; a family's columns stay together.

    A cluster are victims and families that strong pairs connect, so that the strong pairs lie along a diagonal.
    """
    best_row: dict[int, tuple[float, int]] = {}
    by_family: dict[int, dict[int, float]] = {}
    for (r, c), value in weights.items():
        best_row[r] = max(best_row.get(r, (-1.0, 0)), (value, -c))
        own = by_family.setdefault(families[c], {})
        own[c] = max(own.get(c, -1.0), value)
    order: list[int] = []
    for cluster in _clusters(weights, families):
        for family in sorted(cluster, key=lambda f: (-max(by_family[f].values()), f)):
            order += sorted(by_family[family], key=lambda c: (-by_family[family][c], c))
    at = {c: j for j, c in enumerate(order)}
    rows = sorted(best_row, key=lambda r: (at[-best_row[r][1]], -best_row[r][0], r))
    return rows, order


def _clusters(weights: Mapping[Cell, float], families: Sequence[int]) -> list[set[int]]:
    """Families that share a victim, directly or through others; those with rivals first, then the strongest."""
    of_row: dict[int, set[int]] = {}
    best: dict[int, float] = {}
    pairs: Counter[int] = Counter()
    for (r, c), value in weights.items():
        of_row.setdefault(r, set()).add(families[c])
        best[families[c]] = max(best.get(families[c], -1.0), value)
        pairs[families[c]] += 1
    neighbours: dict[int, set[int]] = {family: set() for family in best}
    for together in of_row.values():
        for family in together:
            neighbours[family] |= together
    found: list[set[int]] = []
    left = set(best)
    while left:
        cluster = {left.pop()}
        waiting = list(cluster)
        while waiting:
            new = neighbours[waiting.pop()] - cluster
            cluster |= new
            waiting += new
        left -= cluster
        found.append(cluster)
    found.sort(
        key=lambda cluster: (-sum(pairs[f] for f in cluster), -max(best[f] for f in cluster), min(cluster))
    )
    return found
