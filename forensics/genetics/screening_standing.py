"""Families compiled once and kept, so that a new profile meets all of them at once.

The tables are kept with 32-bit logarithms of every genotype: a hundred megabytes for twenty thousand
families and 24 loci. They only say which families may reach the threshold; those are computed again, exactly.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Sex
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import NotScreened, ScreeningProfile, ScreeningResult
from forensics.genetics.compile_tensors import Index
from forensics.genetics.screening import DEFAULT_THRESHOLD, Search, chunks
from forensics.genetics.screening_prepare import Prepared
from forensics.genetics.screening_rows import layout
from forensics.genetics.screening_tables import Chunk

ROUNDING = 1e-4  # log10 by which the kept logarithms may miss, a locus


@dataclass(frozen=True)
class Kept:
    """One chunk: by locus log10 LRs (genotypes and no data, distinct relatives), and the place of each column."""

    columns: Index
    tables: tuple[NDArray[np.float32], ...]
    places: NDArray[np.int32]  # (loci, columns)
    kinds: Counter[tuple[Sex, bytes]]  # how many columns of a sex have which informative loci

    def may_reach(self, numbers: Index, threshold_log10: float) -> Index:
        """Columns that may reach the threshold with these genotypes (loci,), -1 where untyped."""
        total = np.zeros(len(self.columns))
        for table, place, number in zip(self.tables, self.places, numbers.tolist(), strict=True):
            total += table[number][place]  # the last row is no data
        return np.asarray(self.columns[total >= threshold_log10 - ROUNDING * len(self.tables)])


class Standing:
    """All families of a question, compiled. Searching does not change it."""

    def __init__(self, prepared: Prepared, progress: Progress | None = None) -> None:
        self.prepared = prepared.with_profiles(())
        nothing = np.zeros((0, len(prepared.loci)), dtype=np.int32)
        self.prepared.where = layout((), nothing, prepared.kit, whole=True)
        self.refused = {item.id: item for item in prepared.refused}
        self.kept = [self.keep(made) for made in chunks(self.prepared, progress or Silent())]

    @property
    def nbytes(self) -> int:
        """Memory of what is kept."""
        return sum(k.places.nbytes + sum({id(t): t.nbytes for t in k.tables}.values()) for k in self.kept)

    def keep(self, made: Chunk) -> Kept:
        kinds: Counter[tuple[Sex, bytes]] = Counter()
        for lane, c in enumerate(made.columns):
            column = self.prepared.columns[c]
            if lane in made.refused:
                reason = f"Family {column.family}: {made.refused[lane]}"
                self.refused.setdefault(column.family, NotScreened(column.family, reason))
            else:
                kinds[column.sex, made.informative[lane].tobytes()] += 1
        with np.errstate(divide="ignore"):
            logs = {id(t.ratio): np.log10(t.ratio).astype(np.float32) for t in made.tables}
        columns = np.array(made.columns, dtype=np.int64)
        places = np.stack([t.place for t in made.tables])
        return Kept(columns, tuple(logs[id(t.ratio)] for t in made.tables), places, kinds)

    def search(
        self,
        profiles: Iterable[ScreeningProfile],
        *,
        threshold_log10: float = DEFAULT_THRESHOLD,
    ) -> ScreeningResult:
        """What `screen` finds for these profiles against all the families. For few profiles at a time."""
        question = self.prepared.with_profiles(profiles)
        odd = np.flatnonzero((question.numbers == -2).any(axis=1))
        found: set[int] = set(range(len(question.columns))) if len(odd) else set()
        for numbers in () if found else question.numbers:
            for kept in self.kept:
                found.update(kept.may_reach(numbers, threshold_log10).tolist())
        near = replace(question, columns=[question.columns[c] for c in sorted(found)])
        search = Search(near, threshold_log10)
        search.run(Silent())
        search.comparisons = search.mismatches = search.not_evaluable = 0
        for kept in self.kept:
            for (sex, words), columns in kept.kinds.items():
                search.add(sex, np.frombuffer(words, dtype=np.uint64), columns)
        order = {family.id: i for i, family in enumerate(question.inputs.families)} if self.refused else {}
        search.refused = {name: self.refused[name] for name in sorted(self.refused, key=order.__getitem__)}
        return search.result(question.digest)
