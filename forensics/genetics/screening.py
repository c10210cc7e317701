"""Screening: every profile of remains against every missing member of every family, exactly.

    screen(inputs, progress)   the pairs at or above a threshold, with their LR per locus
    log10_matrix(inputs)       all LRs, for small questions and tests

Screening only what is new is screening a part: `inputs.only(profiles=...)`; whoever searches again and again
keeps what is prepared (`Prepared.with_profiles`, `with_families`) and passes it to `Search`. P(LR >= t |
unrelated) <= 1/t, so that a search of N pairs finds at most N/t by chance; every result says so.
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
from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.kernel import choose, passing
from forensics.genetics.screening_bounds import blocks, parts, passing_panel
from forensics.genetics.screening_consistent import inconsistent
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_recipes import groups, portions
from forensics.genetics.screening_rows import Words
from forensics.genetics.screening_tables import Chunk, chunk
from forensics.genetics.uncollected import uncollected

ENGINE = "nomina-screening 2"
CHUNK = 3000  # columns whose tables are held at a time
LARGEST = 8_000_000  # numbers of those tables, at most
DEFAULT_THRESHOLD = 2.0  # log10 of the least LR that is reported
SLACK = 1e-9  # log10 by which a sum in another order may differ before it is looked at exactly
MANY = 64  # loci above which they are added up in parts
SLAB = 4_000_000  # numbers that are looked up at a time when pairs are summed exactly
WHAT = "Comparing profiles with families"


def log10_matrix(inputs: ScreeningInputs, progress: Progress | None = None) -> Array:
    """log10 LR, (profiles, missing members) in the order of `inputs.profiles` and `inputs.missing`.

    Minus infinity: LR 0. Not a number: the sexes differ, nothing informative in common, or refused.
    Raises Invalid for a question that makes no sense, Cancelled from `progress`.
    """
    prepared = prepare(inputs, traces=True)
    place = {pair: i for i, pair in enumerate(inputs.missing)}
    row = {profile.id: i for i, profile in enumerate(inputs.profiles)}
    matrix = np.full((len(inputs.profiles), len(inputs.missing)), np.nan)
    mine = np.array([row[p.id] for p in prepared.profiles], dtype=np.int64)
    for made in chunks(prepared, progress or Silent()):
        total = log10_totals(prepared, made)
        total[~comparable(prepared, made)] = np.nan
        names = [(prepared.columns[c].family, prepared.columns[c].missing) for c in made.columns]
        matrix[np.ix_(mine, np.array([place[name] for name in names], dtype=np.int64))] = total
    return matrix


def log10_totals(prepared: Prepared, made: Chunk) -> Array:
    """(prepared profiles, columns of the chunk): log10 LR, whether or not a pair can be compared."""
    where = prepared.where
    total = np.zeros((len(where.order), len(made.columns)))
    for locus, table in enumerate(made.tables):
        with np.errstate(divide="ignore"):
            log10 = np.log10(table.ratio)
        total += log10[where.local[:, locus]][:, table.place]
    found = np.empty_like(total)
    found[where.order] = total
    return found


def comparable(prepared: Prepared, made: Chunk) -> NDArray[np.bool_]:
    """(prepared profiles, columns): the sexes may agree, something informative is in common, not refused."""
    fits = informed(prepared, made) & ~prepared.sex_mismatch(made.columns)
    fits[:, list(made.refused)] = False
    return np.asarray(fits)


def informed(prepared: Prepared, made: Chunk) -> NDArray[np.bool_]:
    """(prepared profiles, columns): some locus has data in the profile and tells something in the family."""
    where = prepared.where
    found = np.empty((len(where.order), len(made.columns)), dtype=bool)
    found[where.order] = ((where.typed[:, None] & made.informative[None]) != 0).any(axis=-1)
    return found


def chunks(prepared: Prepared, progress: Progress) -> Iterator[Chunk]:
    """The tables of all columns, some at a time; every chunk is one step of progress."""
    total, done = len(prepared.columns), 0
    where, question = prepared.where, prepared.inputs
    size = max(1, min(CHUNK, LARGEST // max(where.count, 1)))
    for portion in portions(groups(prepared.columns), size):
        progress.step(done, total, WHAT)
        with single_threaded():
            made = chunk(prepared.columns, portion, prepared.kit, where, question.theta, question.convention)
        yield made
        done += len(made.columns)
    progress.step(total, total, WHAT)


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
    with uncollected():
        search = Search(prepare(inputs, traces=True), threshold_log10)
        search.run(progress or Silent())
        return search.result()


@dataclass
class Search:
    """One search in progress."""

    prepared: Prepared
    threshold: float
    pairs: int = 0  # how many are expected, if more than those of `prepared`
    hits: list[ScreeningHit] = field(default_factory=list)
    refused: dict[str, NotScreened] = field(default_factory=dict)
    comparisons: int = 0
    mismatches: int = 0
    not_evaluable: int = 0

    def __post_init__(self) -> None:
        self.where = self.prepared.where
        self.panel = parts(self.where) if len(self.prepared.loci) > MANY else None
        self.compiled = choose(max(self.pairs, len(self.where.order) * len(self.prepared.columns)))

    def run(self, progress: Progress) -> None:
        """All families of what was prepared."""
        refused = {item.id: item for item in self.prepared.refused}
        for made in chunks(self.prepared, progress):
            for lane, reason in made.refused.items():
                family = self.prepared.columns[made.columns[lane]].family
                refused.setdefault(family, NotScreened(family, f"Family {family}: {reason}"))
            self.count(made)
            self.search(made)
        if refused:
            order = {family.id: i for i, family in enumerate(self.prepared.inputs.families)}
            self.refused |= {name: refused[name] for name in sorted(refused, key=order.__getitem__)}

    def more(self, prepared: Prepared, progress: Progress) -> None:
        """Other families against the same profiles (`Prepared.with_families`), into the same result."""
        self.prepared = prepared
        self.run(progress)

    def count(self, made: Chunk) -> None:
        """How many pairs were compared, or why not."""
        kinds: dict[tuple[Sex, bytes], int] = {}
        for lane, c in enumerate(made.columns):
            if lane not in made.refused:
                kind = self.prepared.columns[c].sex, made.informative[lane].tobytes()
                kinds[kind] = kinds.get(kind, 0) + 1
        for (sex, words), columns in kinds.items():
            self.add(sex, np.frombuffer(words, dtype=np.uint64), columns)

    def add(self, sex: Sex, informative: Words, columns: int) -> None:
        """Count so many columns of a sex with these informative loci."""
        compared, differ, nothing = self.where.pairs(sex, informative)
        self.comparisons += columns * compared
        self.mismatches += columns * differ
        self.not_evaluable += columns * nothing

    def search(self, made: Chunk) -> None:
        """Who passes the upper bounds of each block of lanes, and then exactly."""
        found = [np.empty((0, 2), dtype=np.int64)]
        if self.panel:
            found += passing_panel(made, self.where, self.panel, self.threshold - SLACK, self.compiled)
        else:
            found += self.passing(made)
        self.keep(made, np.concatenate(found))

    def passing(self, made: Chunk) -> Iterator[NDArray[np.int64]]:
        """Pairs (k, 2) of profile and lane, block by block."""
        sexes = [self.prepared.columns[c].sex for c in made.columns]
        for start, block in blocks(made, self.threshold - SLACK, self.compiled):
            here = set(sexes[start : start + block.lanes])
            fitting = self.where.fitting(here.pop() if len(here) == 1 else Sex.UNKNOWN)
            pairs = passing(block, self.where.rows[fitting], self.compiled)
            pairs += (fitting.start or 0, start)
            yield pairs[pairs[:, 1] < len(made.columns)]

    def keep(self, made: Chunk, pairs: NDArray[np.int64]) -> None:
        """Hits in full: the total is the exactly rounded sum over the loci in their order."""
        profiles, lanes = pairs.T
        fits = ((self.where.typed[profiles] & made.informative[lanes]) != 0).any(axis=1)
        fits &= ~np.isin(lanes, list(made.refused)) & self.sexes_fit(made, profiles, lanes)
        profiles, lanes = profiles[fits], lanes[fits]
        step = max(1, SLAB // max(len(made.tables), 1))
        for start in range(0, len(profiles), step):
            self.weigh(made, profiles[start : start + step], lanes[start : start + step])

    def sexes_fit(self, made: Chunk, profiles: Index, lanes: Index) -> NDArray[np.bool_]:
        ends = {sex: self.where.fitting(sex) for sex in Sex}
        fitting = [ends[self.prepared.columns[c].sex] for c in made.columns]
        first = np.array([part.start or 0 for part in fitting], dtype=np.int64)[lanes]
        end = np.array([len(self.where.order) if p.stop is None else p.stop for p in fitting], dtype=np.int64)
        return np.asarray((profiles >= first) & (profiles < end[lanes]))

    def weigh(self, made: Chunk, profiles: Index, lanes: Index) -> None:
        """The exact LRs of pairs that may be hits."""
        with np.errstate(divide="ignore"):
            values = np.log10(made.ratios(self.where.local[profiles], lanes))
        near = values.sum(axis=1) >= self.threshold - SLACK
        profiles, lanes, values = profiles[near], lanes[near], values[near]
        columns = np.array(made.columns, dtype=np.int64)[lanes]
        odd = inconsistent(self.prepared, profiles, columns)
        compared = np.bitwise_count(self.where.typed[profiles] & made.compared[lanes]).sum(axis=1)
        found = zip(
            self.where.order[profiles].tolist(),
            columns.tolist(),
            values.tolist(),
            compared.tolist(),
            odd.tolist(),
            strict=True,
        )
        for p, c, row, loci, strange in found:
            total = math.fsum(row)
            if total >= self.threshold:
                column, name = self.prepared.columns[c], self.prepared.profiles[p].id
                self.hits.append(
                    ScreeningHit(name, column.family, column.missing, total, tuple(row), loci, strange)
                )

    def result(self, digest: str | None = None) -> ScreeningResult:
        """What was found. `digest` is that of the question, where it is more than what was prepared last."""
        self.hits.sort(key=lambda h: (-h.log10_lr, h.profile, h.family, h.missing))
        return ScreeningResult(
            inputs_digest=digest or self.prepared.digest,
            threshold_log10=self.threshold,
            hits=tuple(self.hits),
            comparisons=self.comparisons,
            expected_chance_hits=self.comparisons * 10.0**-self.threshold,
            sex_mismatches=self.mismatches,
            not_evaluable=self.not_evaluable,
            refused=tuple(self.refused.values()),
            refused_profiles=tuple(self.prepared.refused_profiles),
            engine=ENGINE,
        )
