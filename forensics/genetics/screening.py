"""Screening: every profile of remains against every missing member of every family, exactly.

    screen(inputs, progress)   the pairs at or above a threshold, with their LR per locus
    log10_matrix(inputs)       all LRs, for small questions and tests

Screening only what is new is screening a part: `inputs.only(profiles=...)`. P(LR >= t | unrelated) <= 1/t,
so that a search of N pairs finds at most N/t by chance; every result says so.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened, ScreeningHit, ScreeningInputs, ScreeningResult
from forensics.genetics.compile_tensors import Array
from forensics.genetics.screening_prepare import Column, Kit, Prepared, prepare
from forensics.genetics.screening_tables import Extra, LocusTable, genotype_rows, locus_table, refusals

ENGINE = "nomina-screening 1"
BLOCK = 256  # columns whose tables are held at a time
DEFAULT_THRESHOLD = 2.0  # log10 of the least LR that is reported
SLAB = 4096  # profiles whose LRs are held at a time


def log10_matrix(inputs: ScreeningInputs, progress: Progress | None = None) -> Array:
    """log10 LR, (profiles, missing members) in the order of `inputs.profiles` and `inputs.missing`.

    Minus infinity: LR 0. Not a number: the sexes differ, nothing informative in common, or refused.
    Raises Invalid for a question that makes no sense, Cancelled from `progress`.
    """
    prepared = prepare(inputs)
    place = {pair: i for i, pair in enumerate(inputs.missing)}
    row = {profile.id: i for i, profile in enumerate(inputs.profiles)}
    rows = np.array([row[p.id] for p in prepared.profiles], dtype=np.int64)
    matrix = np.full((len(inputs.profiles), len(inputs.missing)), np.nan)
    for block in blocks(prepared, progress or Silent()):
        for part in block.slabs():
            values = np.where(part.evaluable, part.log10, np.nan)
            columns = np.array([place[c.family, c.missing] for c in block.columns], dtype=np.int64)
            matrix[np.ix_(rows[part.profiles], columns)] = values
    return matrix


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
    prepared = prepare(inputs)
    hits: list[ScreeningHit] = []
    refused: list[NotScreened] = list(prepared.refused)
    comparisons = mismatches = not_evaluable = 0
    for block in blocks(prepared, progress or Silent()):
        refused += block.refused
        for part in block.slabs():
            comparisons += int(part.evaluable.sum())
            mismatches += int((part.mismatch & ~part.out).sum())
            not_evaluable += int((~part.evaluable & ~part.mismatch & ~part.out).sum())
            found = part.evaluable & (part.log10 >= threshold_log10 - 1e-9)
            hits += [
                hit
                for p, c in zip(*np.nonzero(found), strict=True)
                if (hit := block.hit(int(part.profiles[p]), int(c))).log10_lr >= threshold_log10
            ]
    hits.sort(key=lambda h: (-h.log10_lr, h.profile, h.family, h.missing))
    return ScreeningResult(
        inputs_digest=inputs.digest,
        threshold_log10=threshold_log10,
        hits=tuple(hits),
        comparisons=comparisons,
        expected_chance_hits=comparisons * 10.0**-threshold_log10,
        sex_mismatches=mismatches,
        not_evaluable=not_evaluable,
        refused=tuple(unique(refused)),
        refused_profiles=tuple(prepared.refused_profiles),
        engine=ENGINE,
    )


def unique(refused: list[NotScreened]) -> list[NotScreened]:
    return list({item.id: item for item in reversed(refused)}.values())[::-1]


@dataclass
class Slab:
    """A stretch of profiles against a block of columns; all arrays (profiles, columns)."""

    profiles: NDArray[np.int64]
    log10: Array
    evaluable: NDArray[np.bool_]
    mismatch: NDArray[np.bool_]
    out: NDArray[np.bool_]  # the column was refused


@dataclass
class Block:
    """Some columns with the tables of all loci, one table per set of unseen alleles among the profiles."""

    prepared: Prepared
    columns: list[Column]
    offset: int
    tables: list[dict[Extra, LocusTable]]
    rows: list[tuple[list[Extra], NDArray[np.int64], NDArray[np.int64]]]

    @property
    def refused(self) -> list[NotScreened]:
        return refusals(self.columns, [t for by_extra in self.tables for t in by_extra.values()])

    def row(self, locus: int, profile: int) -> Array:
        """(C,): log10 LR of a profile at a locus, in all columns."""
        extras, which, rows = self.rows[locus]
        return np.asarray(self.tables[locus][extras[which[profile]]].values[rows[profile]])

    def slabs(self) -> Iterator[Slab]:
        out = np.zeros(len(self.columns), dtype=bool)
        bad = {item.id for item in self.refused} | {item.id for item in self.prepared.refused}
        out[[c for c, column in enumerate(self.columns) if column.family in bad]] = True
        total = len(self.prepared.profiles)
        for start in range(0, total, SLAB):
            yield self.slab(np.arange(start, min(start + SLAB, total)), out)

    def slab(self, profiles: NDArray[np.int64], out: NDArray[np.bool_]) -> Slab:
        log10 = np.zeros((len(profiles), len(self.columns)))
        evaluable = np.zeros(log10.shape, dtype=bool)
        for (extras, which, rows), by_extra in zip(self.rows, self.tables, strict=True):
            for e, extra in enumerate(extras):
                mine = np.flatnonzero(which[profiles] == e)
                table = by_extra[extra]
                log10[mine] += table.values[rows[profiles[mine]]]
                has_data = rows[profiles[mine]] < len(table.values) - 1
                evaluable[mine] |= has_data[:, None] & table.informative[None, :]
        span = slice(self.offset, self.offset + len(self.columns))
        mismatch = self.prepared.sex_mismatch[profiles, span]
        return Slab(
            profiles, log10, evaluable & ~mismatch & ~out, mismatch, np.broadcast_to(out, log10.shape)
        )

    def hit(self, profile: int, c: int) -> ScreeningHit:
        """A pair in full; the total is the exactly rounded sum over the loci in their order."""
        column, found = self.columns[c], self.prepared.profiles[profile]
        per_locus = tuple(float(self.row(place, profile)[c]) for place in range(len(self.prepared.loci)))
        compared = [
            locus
            for locus in self.prepared.loci
            if found.genotypes.get(locus) and any(g.get(locus) for g in column.genotypes.values())
        ]
        return ScreeningHit(
            profile=found.id,
            family=column.family,
            missing=column.missing,
            log10_lr=math.fsum(per_locus),
            log10_per_locus=per_locus,
            loci_compared=len(compared),
            inconsistent_loci=inconsistent_loci(self.prepared, column, profile),
        )


def inconsistent_loci(prepared: Prepared, column: Column, profile: int) -> int:
    """At how many loci the profile could not be the missing member if nothing mutated."""
    kit = prepared.kit.without_mutation()
    return sum(
        bool(impossible(prepared, kit, column, profile, locus))
        for locus in prepared.loci
        if prepared.profiles[profile].genotypes.get(locus)
    )


def impossible(prepared: Prepared, kit: Kit, column: Column, profile: int, locus: str) -> bool:
    """Whether the LR at a locus is 0 without mutation (also when the family alone would be impossible)."""
    genotype = prepared.profiles[profile].genotypes[locus]
    extra = kit.unseen(locus, genotype)
    # Whether something is impossible does not depend on theta, and without it the table is quick.
    table = locus_table([column], kit, locus, prepared.inputs.convention, 0.0, extra)
    row = genotype_rows([genotype], kit.model(locus, extra))[0]
    return bool(table.refused) or table.values[row, 0] == -np.inf


def blocks(prepared: Prepared, progress: Progress) -> Iterator[Block]:
    """The columns in blocks, each with its tables; every block is one step of progress."""
    rows = [profile_rows(prepared, locus) for locus in prepared.loci]
    total = len(prepared.columns)
    for start in range(0, total, BLOCK):
        progress.step(start, total, "Comparing profiles with families")
        columns = prepared.columns[start : start + BLOCK]
        tables = [
            {
                extra: locus_table(
                    columns, prepared.kit, locus, prepared.inputs.convention, prepared.inputs.theta, extra
                )
                for extra in extras
            }
            for locus, (extras, _, _) in zip(prepared.loci, rows, strict=True)
        ]
        yield Block(prepared, columns, start, tables, rows)
    progress.step(total, total, "Comparing profiles with families")


def profile_rows(prepared: Prepared, locus: str) -> tuple[list[Extra], NDArray[np.int64], NDArray[np.int64]]:
    """Sets of unseen alleles among the profiles, which of them each profile has, and its row in the table."""
    genotypes = [p.genotypes.get(locus) for p in prepared.profiles]
    sets = [prepared.kit.unseen(locus, g or ()) for g in genotypes]
    extras = list(dict.fromkeys([frozenset[str](), *sets]))
    which = np.array([extras.index(s) for s in sets], dtype=np.int64)
    rows = np.zeros(len(genotypes), dtype=np.int64)
    for e, extra in enumerate(extras):
        mine = np.flatnonzero(which == e)
        rows[mine] = genotype_rows([genotypes[i] for i in mine], prepared.kit.model(locus, extra))
    return extras, which, rows
