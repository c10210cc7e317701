"""Families compiled once and kept, so that a new profile meets all of them at once.

    standing = Standing.of(prepare(inputs))     all families of a question
    standing = standing.renewed(inputs)         compiling only those that are new or differ
    standing.search(profiles)                   what `screen` finds for these profiles

The tables are kept with 32-bit logarithms of every genotype: a hundred megabytes for twenty thousand
families and 24 loci. They only say which families may reach the threshold; those are computed again, exactly.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
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
from forensics.genetics.screening_read import Column
from forensics.genetics.screening_rows import layout
from forensics.genetics.screening_tables import Chunk

ROUNDING = 1e-4  # log10 by which the kept logarithms may miss, a locus
BLOCKS = (
    40  # of families read together, beyond which all is compiled anew: each costs a little at every search
)


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


@dataclass(frozen=True)
class Block:
    """Families that were read and compiled together; those that are no longer asked for are left over."""

    columns: Sequence[Column]
    kept: Sequence[Kept]
    current: NDArray[np.bool_]  # (columns,): still asked for

    @classmethod
    def of(cls, prepared: Prepared, progress: Progress | None) -> "Block":
        """The columns of what was prepared."""
        kept = [_kept(made) for made in chunks(prepared, progress or Silent())]
        return cls(prepared.columns, kept, np.ones(len(prepared.columns), dtype=bool))

    def without(self, families: Collection[str]) -> "Block":
        here = np.array([column.family not in families for column in self.columns], dtype=bool)
        return replace(self, current=self.current & here)

    def near(self, numbers: NDArray[np.int32], threshold_log10: float) -> list[Column]:
        """Columns that may reach the threshold with one of these profiles (profiles, loci)."""
        found = np.full(len(self.columns), bool((numbers == -2).any()))  # odd ones are looked at exactly
        for own in numbers if not found.all() else ():
            for kept in self.kept:
                found[kept.may_reach(own, threshold_log10)] = True
        return [self.columns[c] for c in np.flatnonzero(found & self.current).tolist()]


class Standing:
    """All families of a question, compiled. Neither searching nor renewing changes it."""

    def __init__(self, prepared: Prepared, blocks: Sequence[Block]) -> None:
        """`prepared` knows the question, `blocks` have its columns."""
        self.prepared, self.blocks = prepared, blocks
        self.refused = {item.id: item for item in prepared.refused}
        self.kinds: Counter[tuple[Sex, bytes]] = (
            Counter()
        )  # how many columns of a sex have these informative loci
        for block in blocks:
            for kept in block.kept:
                self._count(block, kept)

    def _count(self, block: Block, kept: Kept) -> None:
        for number, informative in zip(kept.columns.tolist(), kept.informative, strict=True):
            column = block.columns[number]
            if not block.current[number]:
                continue
            if number in kept.refused:
                reason = f"Family {column.family}: {kept.refused[number]}"
                self.refused.setdefault(column.family, NotScreened(column.family, reason))
            else:
                self.kinds[column.sex, informative] += 1

    @classmethod
    def of(cls, prepared: Prepared, progress: Progress | None = None) -> "Standing":
        """The families of what was prepared; its profiles play no part. Raises as `screen` does."""
        families = prepared.with_profiles(())
        nothing = np.zeros((0, len(prepared.loci)), dtype=np.int32)
        families.where = layout((), nothing, prepared.kit, whole=True)
        return cls(families, [Block.of(families, progress)])

    def renewed(self, inputs: ScreeningInputs, progress: Progress | None = None) -> "Standing":
        """The families of this question: those that are here stand, the others are compiled.

        All are compiled where the rules differ, or where much of what is kept is left over.
        """
        own = self.prepared.inputs
        before = {family.id: family for family in own.families}
        new = [f for f in inputs.families if (b := before.get(f.id)) is not f and b != f]
        other = {f.id for f in new} | (before.keys() - {f.id for f in inputs.families})
        blocks = [block.without(other) for block in self.blocks]
        current, all_kept = (sum(b.current.sum() for b in blocks), sum(len(b.columns) for b in blocks))
        same_rules = replace(inputs, profiles=(), families=own.families) == own
        if not same_rules or len(blocks) >= BLOCKS or 2 * current < all_kept:
            return Standing.of(prepare(replace(inputs, profiles=())), progress)
        if not other and [f.id for f in inputs.families] == list(before):
            return self
        return self._with(inputs, new, blocks, progress)

    def _with(
        self,
        inputs: ScreeningInputs,
        new: Sequence[ScreeningFamily],
        blocks: list[Block],
        progress: Progress | None,
    ) -> "Standing":
        """With some families read and compiled, beside the blocks of those that stay."""
        old, added = self.prepared, self.prepared.with_families(new)
        digests = dict(zip((f.id for f in old.inputs.families), old.family_digests, strict=True))
        digests |= zip((f.id for f in new), added.family_digests, strict=True)
        refused = {r.id: r for r in old.refused if r.id not in {f.id for f in new}}
        refused |= {r.id: r for r in added.refused}
        families = replace(
            old,
            inputs=replace(inputs, profiles=()),
            columns=[],
            refused=[refused[f.id] for f in inputs.families if f.id in refused],
            family_digests=[digests[f.id] for f in inputs.families],
        )
        families.where = old.where
        return Standing(families, [*blocks, Block.of(added, progress)] if new else blocks)

    @property
    def nbytes(self) -> int:
        """Memory of what is kept."""
        kept = [k for block in self.blocks for k in block.kept]
        return sum(k.places.nbytes + sum({id(t): t.nbytes for t in k.tables}.values()) for k in kept)

    def search(
        self,
        profiles: Iterable[ScreeningProfile],
        *,
        threshold_log10: float = DEFAULT_THRESHOLD,
    ) -> ScreeningResult:
        """What `screen` finds for these profiles against all the families. For few profiles at a time."""
        question = replace(self.prepared.with_profiles(profiles), columns=[])
        search = Search(question, threshold_log10)
        for block in self.blocks:
            near = replace(question, columns=block.near(question.numbers, threshold_log10))
            near.where = question.where
            search.more(near, Silent())
        search.comparisons = search.mismatches = search.not_evaluable = 0
        for (sex, words), count in self.kinds.items():
            search.add(sex, np.frombuffer(words, dtype=np.uint64), count)
        order = {family.id: i for i, family in enumerate(question.inputs.families)} if self.refused else {}
        search.refused = {name: self.refused[name] for name in sorted(self.refused, key=order.__getitem__)}
        return search.result(question.digest)


def _kept(made: Chunk) -> Kept:
    with np.errstate(divide="ignore"):
        logs = {id(t.ratio): np.log10(t.ratio).astype(np.float32) for t in made.tables}
    return Kept(
        np.array(made.columns, dtype=np.int64),
        tuple(logs[id(t.ratio)] for t in made.tables),
        np.stack([t.place for t in made.tables]),
        tuple(row.tobytes() for row in made.informative),
        {made.columns[lane]: reason for lane, reason in made.refused.items()},
    )
