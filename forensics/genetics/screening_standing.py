"""Families compiled once and kept, so that a new profile meets all of them at once.

    standing = Standing.of(prepare(inputs))     all families of a question
    standing = standing.renewed(inputs)         compiling only those that are new or differ
    standing.search(profiles)                   what `screen` finds for these profiles

The tables are kept with 32-bit logarithms of every genotype: a hundred megabytes for twenty thousand
families and 24 loci. They only say which families may reach the threshold; those are computed again, exactly.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forensics.domain.kinship import Sex
from forensics.domain.progress import Progress, Silent
from forensics.domain.screening import (
    NotScreened,
    ScreeningFamily,
    ScreeningInputs,
    ScreeningProfile,
    ScreeningResult,
)
from forensics.genetics.compile_tensors import Index
from forensics.genetics.screening import DEFAULT_THRESHOLD, Search, chunks
from forensics.genetics.screening_prepare import Prepared, prepare
from forensics.genetics.screening_rows import layout
from forensics.genetics.screening_tables import Chunk

ROUNDING = 1e-4  # log10 by which the kept logarithms may miss, a locus
PIECES = 40  # chunks beyond which all is compiled anew: each costs a little at every search

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Kept:
    """One chunk: by locus log10 LRs (genotypes and no data, distinct relatives), and the place of each column."""

    columns: Index
    tables: tuple[NDArray[np.float32], ...]
    places: NDArray[np.int32]  # (loci, columns)
    informative: tuple[bytes, ...]  # informative loci of each column
    refused: dict[int, str]  # column -> reason

    def may_reach(self, numbers: Index, threshold_log10: float) -> Index:
        """Columns that may reach the threshold with these genotypes (loci,), -1 where untyped."""
        total = np.zeros(len(self.columns))
        for table, place, number in zip(self.tables, self.places, numbers.tolist(), strict=True):
            total += table[number][place]  # the last row is no data
        return np.asarray(self.columns[total >= threshold_log10 - ROUNDING * len(self.tables)])


class Standing:
    """All families of a question, compiled. Neither searching nor renewing changes it."""

    def __init__(self, prepared: Prepared, kept: Sequence[Kept], current: Flags) -> None:
        """`current` tells which columns belong to the families of `prepared.inputs`; the others are left over."""
        self.prepared, self.kept, self.current = prepared, kept, current
        self.refused = {item.id: item for item in prepared.refused}
        self.kinds: Counter[tuple[Sex, bytes]] = (
            Counter()
        )  # how many columns of a sex have which informative loci
        for one in kept:
            for number, informative in zip(one.columns.tolist(), one.informative, strict=True):
                column = prepared.columns[number]
                if not current[number]:
                    continue
                if number in one.refused:
                    reason = f"Family {column.family}: {one.refused[number]}"
                    self.refused.setdefault(column.family, NotScreened(column.family, reason))
                else:
                    self.kinds[column.sex, informative] += 1

    @classmethod
    def of(cls, prepared: Prepared, progress: Progress | None = None) -> "Standing":
        """The families of what was prepared; its profiles play no part. Raises as `screen` does."""
        families = prepared.with_profiles(())
        nothing = np.zeros((0, len(prepared.loci)), dtype=np.int32)
        families.where = layout((), nothing, prepared.kit, whole=True)
        return cls(families, compiled(families, 0, progress), np.ones(len(families.columns), dtype=bool))

    def renewed(self, inputs: ScreeningInputs, progress: Progress | None = None) -> "Standing":
        """The families of this question: those that are here stand, the others are compiled.

        All are compiled where the rules differ, or where much of what is kept is left over.
        """
        own = self.prepared.inputs
        before = {family.id: family for family in own.families}
        new = [f for f in inputs.families if (b := before.get(f.id)) is not f and b != f]
        other = {f.id for f in new} | (before.keys() - {f.id for f in inputs.families})
        current = self.current & np.array([c.family not in other for c in self.prepared.columns], dtype=bool)
        same_rules = replace(inputs, profiles=(), families=own.families) == own
        if not same_rules or len(self.kept) >= PIECES or 2 * current.sum() < len(current):
            return Standing.of(prepare(replace(inputs, profiles=())), progress)
        if not other and [f.id for f in inputs.families] == list(before):
            return self
        return self._with(inputs, new, current, progress)

    def _with(
        self,
        inputs: ScreeningInputs,
        new: Sequence[ScreeningFamily],
        current: Flags,
        progress: Progress | None,
    ) -> "Standing":
        """With some families read and compiled; `current` are the columns that stay."""
        old, added = self.prepared, self.prepared.with_families(new)
        digests = dict(zip((f.id for f in old.inputs.families), old.family_digests, strict=True))
        digests |= zip((f.id for f in new), added.family_digests, strict=True)
        refused = {r.id: r for r in old.refused if r.id not in {f.id for f in new}}
        refused |= {r.id: r for r in added.refused}
        families = replace(
            old,
            inputs=replace(inputs, profiles=()),
            columns=[*old.columns, *added.columns],
            refused=[refused[f.id] for f in inputs.families if f.id in refused],
            family_digests=[digests[f.id] for f in inputs.families],
        )
        families.where = old.where
        kept = [*self.kept, *compiled(added, len(old.columns), progress)]
        return Standing(families, kept, np.append(current, np.ones(len(added.columns), dtype=bool)))

    @property
    def nbytes(self) -> int:
        """Memory of what is kept."""
        return sum(k.places.nbytes + sum({id(t): t.nbytes for t in k.tables}.values()) for k in self.kept)

    def search(
        self,
        profiles: Iterable[ScreeningProfile],
        *,
        threshold_log10: float = DEFAULT_THRESHOLD,
    ) -> ScreeningResult:
        """What `screen` finds for these profiles against all the families. For few profiles at a time."""
        question = self.prepared.with_profiles(profiles)
        odd = bool((question.numbers == -2).any())
        near = self.current.copy() if odd else np.zeros_like(self.current)
        for numbers in () if odd else question.numbers:
            for kept in self.kept:
                near[kept.may_reach(numbers, threshold_log10)] = True
        columns = np.flatnonzero(near & self.current).tolist()
        search = Search(replace(question, columns=[question.columns[c] for c in columns]), threshold_log10)
        search.run(Silent())
        search.comparisons = search.mismatches = search.not_evaluable = 0
        for (sex, words), count in self.kinds.items():
            search.add(sex, np.frombuffer(words, dtype=np.uint64), count)
        order = {family.id: i for i, family in enumerate(question.inputs.families)} if self.refused else {}
        search.refused = {name: self.refused[name] for name in sorted(self.refused, key=order.__getitem__)}
        return search.result(question.digest)


def compiled(prepared: Prepared, first: int, progress: Progress | None) -> list[Kept]:
    """The columns of what was prepared, counted from `first`."""
    return [_kept(made, first) for made in chunks(prepared, progress or Silent())]


def _kept(made: Chunk, first: int) -> Kept:
    with np.errstate(divide="ignore"):
        logs = {id(t.ratio): np.log10(t.ratio).astype(np.float32) for t in made.tables}
    columns = np.array(made.columns, dtype=np.int64) + first
    return Kept(
        columns,
        tuple(logs[id(t.ratio)] for t in made.tables),
        np.stack([t.place for t in made.tables]),
        tuple(row.tobytes() for row in made.informative),
        {int(columns[lane]): reason for lane, reason in made.refused.items()},
    )
