"""Screening: every profile of remains against every missing member of every family, exactly.

    screen(inputs, progress)   the pairs at or above a threshold, with their LR per locus
    log10_matrix(inputs)       all LRs, for small questions and tests

Screening only what is new is screening a part: `inputs.only(profiles=...)`. P(LR >= t | unrelated) <= 1/t,
so that a search of N pairs finds at most N/t by chance; every result says so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Sex
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened, ScreeningHit, ScreeningInputs, ScreeningResult
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.compile_tensors import Array
from forensics.genetics.kernel import LANES, bound_block, choose, passing
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_tables import Batch, Chunk, Layout, batches, chunk, consistent, layout

ENGINE = "nomina-screening 1"
CHUNK = 8 * LANES  # columns whose tables are held at a time
DEFAULT_THRESHOLD = 2.0  # log10 of the least LR that is reported
SLACK = 1e-9  # log10 by which a sum in another order may differ before it is looked at exactly


def log10_matrix(inputs: ScreeningInputs, progress: Progress | None = None) -> Array:
    """log10 LR, (profiles, missing members) in the order of `inputs.profiles` and `inputs.missing`.

    Minus infinity: LR 0. Not a number: the sexes differ, nothing informative in common, or refused.
    Raises Invalid for a question that makes no sense, Cancelled from `progress`.
    """
    prepared = prepare(inputs)
    where = layout(prepared.profiles, prepared.kit)
    place = {pair: i for i, pair in enumerate(inputs.missing)}
    row = {profile.id: i for i, profile in enumerate(inputs.profiles)}
    mine = np.array([row[p.id] for p in prepared.profiles], dtype=np.int64)
    matrix = np.full((len(inputs.profiles), len(inputs.missing)), np.nan)
    for group, made in chunks(prepared, where, progress or Silent()):
        with np.errstate(divide="ignore"):
            table = np.log10(made.ratio)
        total = np.zeros((len(mine), len(made.columns)))
        for rows in where.rows.T:
            total += table[rows]
        total[~comparable(prepared, where, group, made)] = np.nan
        names = [(prepared.columns[c].family, prepared.columns[c].missing) for c in made.columns]
        matrix[np.ix_(mine, np.array([place[name] for name in names], dtype=np.int64))] = total
    return matrix


def comparable(prepared: Prepared, where: Layout, group: Batch, made: Chunk) -> NDArray[np.bool_]:
    """(profiles, columns): the sexes may agree, something informative is in common, not refused."""
    fits = ((where.typed & group.informative) != 0)[:, None] & ~prepared.sex_mismatch(made.columns)
    fits[:, list(made.refused)] = False
    return np.asarray(fits)


def chunks(prepared: Prepared, where: Layout, progress: Progress) -> Iterator[tuple[Batch, Chunk]]:
    """The tables of all columns, some at a time; every chunk is one step of progress."""
    total, done = len(prepared.columns), 0
    for group in batches(prepared.columns, prepared.inputs.convention):
        for members in group.chunks(CHUNK):
            progress.step(done, total, "Comparing profiles with families")
            theta = prepared.inputs.theta
            with single_threaded():
                made = chunk(prepared.columns, group, members, prepared.kit, where, theta)
            yield group, made
            done += len(members)
    progress.step(total, total, "Comparing profiles with families")


def screen(
    inputs: ScreeningInputs,
    progress: Progress | None = None,
    *,
    threshold_log10: float = DEFAULT_THRESHOLD,
) -> ScreeningResult:
    """All pairs whose log10 LR is at least the threshold, best first.

    Families and profiles that can't be computed exactly are named with the reason; the others go on.
    Raises Invalid for a question that makes no sense, Cancelled from `progress`; then nothing is half done.
    """
    search = Search(prepare(inputs), threshold_log10)
    search.run(progress or Silent())
    return search.result()


@dataclass
class Search:
    """One search in progress."""

    prepared: Prepared
    threshold: float
    hits: list[ScreeningHit] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    comparisons: int = 0
    mismatches: int = 0
    not_evaluable: int = 0

    def __post_init__(self) -> None:
        self.where = layout(self.prepared.profiles, self.prepared.kit)
        self.compiled = choose(len(self.prepared.profiles) * len(self.prepared.columns))
        self.sexes = np.array([str(p.sex) for p in self.prepared.profiles])

    def run(self, progress: Progress) -> None:
        for group, made in chunks(self.prepared, self.where, progress):
            for lane, reason in made.refused.items():
                family = self.prepared.columns[made.columns[lane]].family
                self.reasons.setdefault(family, f"Family {family}: {reason}")
            self.count(group, made)
            self.search(group, made)

    def count(self, group: Batch, made: Chunk) -> None:
        """How many pairs were compared, or why not."""
        evaluable = (self.where.typed & group.informative) != 0
        for lane, c in enumerate(made.columns):
            if lane in made.refused:
                continue
            differs = self.differs(self.prepared.columns[c].sex)
            self.mismatches += int(differs.sum())
            self.not_evaluable += int((~differs & ~evaluable).sum())
            self.comparisons += int((~differs & evaluable).sum())

    def differs(self, sex: Sex) -> NDArray[np.bool_]:
        """(profiles,): both sexes known and different."""
        if sex is Sex.UNKNOWN:
            return np.zeros(len(self.sexes), dtype=bool)
        return np.asarray((self.sexes != str(sex)) & (self.sexes != str(Sex.UNKNOWN)))

    def search(self, group: Batch, made: Chunk) -> None:
        """Who passes the upper bounds of each block of lanes, and then exactly."""
        with np.errstate(divide="ignore"):
            ln = np.log(made.ratio.astype(np.float32))
        found = [np.empty((0, 2), dtype=np.int64)]
        for start in range(0, len(made.columns), LANES):
            block = bound_block(ln[:, start : start + LANES], self.where.offsets, self.threshold - SLACK)
            if block is not None:
                pairs = passing(block, self.where.rows, self.compiled)
                pairs[:, 1] += start
                found.append(pairs[pairs[:, 1] < len(made.columns)])
        self.keep(group, made, np.concatenate(found))

    def keep(self, group: Batch, made: Chunk, pairs: NDArray[np.int64]) -> None:
        """Hits in full: the total is the exactly rounded sum over the loci in their order."""
        profiles, lanes = pairs.T
        with np.errstate(divide="ignore"):
            values = np.log10(made.ratio[self.where.rows[profiles], lanes[:, None]])
        near = (values.sum(axis=1) >= self.threshold - SLACK) & (
            (self.where.typed[profiles] & group.informative) != 0
        )
        near &= ~np.isin(lanes, list(made.refused))
        profiles, lanes, values = profiles[near], lanes[near], values[near]
        inconsistent = self.inconsistent(group, made, profiles, lanes)
        for p, lane, row, loci in zip(profiles, lanes, values.tolist(), inconsistent, strict=True):
            total, c = math.fsum(row), made.columns[lane]
            if total < self.threshold or self.differs(self.prepared.columns[c].sex)[p]:
                continue
            compared = int(self.where.typed[p] & group.compared).bit_count()
            column, name = self.prepared.columns[c], self.prepared.profiles[p].id
            self.hits.append(
                ScreeningHit(name, column.family, column.missing, total, tuple(row), compared, int(loci))
            )

    def inconsistent(
        self, group: Batch, made: Chunk, profiles: NDArray[np.int64], lanes: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """(hits,): at how many loci a hit could not be true if nothing mutated.

        Theta does not decide what is possible; a locus at which the family alone would be impossible counts.
        """
        prepared = self.prepared
        if not prepared.inputs.mutation or not len(profiles):
            return np.zeros(len(profiles), dtype=np.int64)
        kit = prepared.kit.without_mutation()
        rows = self.where.rows[profiles].astype(np.int64)
        columns = np.array(made.columns)[lanes]
        if any(self.where.odd):  # alleles beside the table: the whole table of those columns
            used, place = np.unique(lanes, return_inverse=True)
            members = tuple(made.columns[lane] for lane in used)
            still = chunk(prepared.columns, group, members, kit, self.where, 0.0, keep=True)
            possible = still.ratio[rows, place[:, None]] > 0
        else:
            with single_threaded():
                possible = consistent(prepared.columns, group, columns, rows - self.where.offsets, kit)
        bits = self.where.typed[profiles, None] >> np.arange(len(prepared.loci), dtype=np.uint64)
        return np.asarray((~possible & (bits & np.uint64(1)).astype(bool)).sum(axis=1))

    def result(self) -> ScreeningResult:
        self.hits.sort(key=lambda h: (-h.log10_lr, h.profile, h.family, h.missing))
        refused = [*self.prepared.refused, *(NotScreened(f, r) for f, r in self.reasons.items())]
        order = {family.id: i for i, family in enumerate(self.prepared.inputs.families)}
        return ScreeningResult(
            inputs_digest=self.prepared.inputs.digest,
            threshold_log10=self.threshold,
            hits=tuple(self.hits),
            comparisons=self.comparisons,
            expected_chance_hits=self.comparisons * 10.0**-self.threshold,
            sex_mismatches=self.mismatches,
            not_evaluable=self.not_evaluable,
            refused=tuple(sorted(refused, key=lambda item: order[item.id])),
            refused_profiles=tuple(self.prepared.refused_profiles),
            engine=ENGINE,
        )
