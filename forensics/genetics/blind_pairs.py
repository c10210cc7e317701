"""All pairs of many profiles: those whose sum over the loci may reach a threshold.

Tables hold one number for two genotypes at a locus; 32 profiles are the lanes of a block, the others are
compared with it by the kernel of screening. Equal profiles are found by hashing blocks of loci.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.kernel import LANES, Rows, Tables, bound_tables, passing

STEP = 256  # profiles between two steps of progress
BLOCK = 6  # loci that are hashed together: by chance two profiles in millions agree there
DIFFERENT = -2.0  # what a differing locus counts when close pairs are sought; an equal one counts 1
SORTED_BY = 3  # loci by which profiles are put next to their like


class Pairs:
    """Profiles as rows (profiles, loci) of genotypes; the last of `sizes` (loci,) rows is no data."""

    def __init__(self, rows: Index, sizes: Index, compiled: bool) -> None:
        self.compiled, self.loci = compiled, rows.shape[1]
        self.empty, self.unsorted = sizes - 1, rows
        keys = [rows[:, x] for x in range(min(SORTED_BY, self.loci))]
        self.order = np.lexsort(np.stack(keys[::-1])) if keys else np.arange(len(rows))
        self.rows = rows[self.order]
        self.present = [np.unique(column) for column in self.rows.T]  # genotypes that anybody shows
        self.counts = np.array([len(p) for p in self.present], dtype=np.int64)
        self.offsets = np.cumsum(self.counts) - self.counts
        local = [np.searchsorted(p, column) for p, column in zip(self.present, self.rows.T, strict=True)]
        self.local = np.ascontiguousarray(np.array(local, dtype=np.int32).reshape(self.loci, len(rows)))
        kind = np.uint16 if self.counts.sum() <= 1 << 16 else np.uint32
        self.stacked = np.ascontiguousarray((self.local.T + self.offsets).astype(kind))

    def named(self, pairs: Index) -> Index:
        """Pairs of places in the order here as pairs of profiles, the smaller first, none twice."""
        return np.unique(np.sort(self.order[pairs], axis=1), axis=0)

    def passing(
        self, tables: Sequence[Sequence[Array]], threshold_log10: float, watch: Callable[[int, int], None]
    ) -> Iterator[Index]:
        """Pairs (k, 2) whose upper bound reaches the threshold with some of the `tables`, none twice.

        A table is one array (genotypes of one, genotypes of the other) of log10 for each locus.
        """
        total = len(self.rows)
        bounds = [made for one in tables if (made := self.bounds(one, threshold_log10)) is not None]
        for start in range(0, total, LANES):
            if start % STEP == 0:
                watch(start, total)
            lanes, rest = np.arange(start, min(start + LANES, total)), self.stacked[start:]
            found = [self.against(one, lanes, rest) for one in bounds]
            if found:
                near = np.concatenate(found) + start
                near = near[near[:, 0] < near[:, 1]]
                if len(near):
                    yield self.named(near)
        watch(total, total)

    def bounds(self, tables: Sequence[Array], threshold_log10: float) -> Tables | None:
        """Upper bounds of the genotypes that are present; None where no pair can reach the threshold."""
        ln = [t[np.ix_(p, p)].T * np.log(10) for t, p in zip(tables, self.present, strict=True)]
        return bound_tables(ln, threshold_log10)

    def against(self, tables: Tables, lanes: Index, others: Rows) -> Index:
        """Pairs (k, 2), number among the lanes and number among the others, that may reach the threshold."""
        block = tables.block(np.ascontiguousarray(self.local[:, lanes]), self.compiled)
        pairs = passing(block, others, self.compiled)
        return pairs[pairs[:, 1] < len(lanes)][:, ::-1]

    def alike(self, tables: Sequence[Array], threshold_log10: float) -> Index:
        """Pairs (k, 2) of profiles that are equal wherever both are typed, and may reach the threshold.

        Whoever has a whole block of loci in common is found by its hash; the others are compared.
        """
        blocks = [range(x, min(x + BLOCK, self.loci)) for x in range(0, self.loci, BLOCK)]
        typed = self.rows != self.empty
        whole = np.stack([typed[:, list(b)].all(axis=1) for b in blocks], axis=1)
        found = [np.empty((0, 2), dtype=np.int64)]
        for number, block in enumerate(blocks):
            mine = np.flatnonzero(whole[:, number])
            found.append(mine[equal_rows(self.rows[mine][:, list(block)])])
        found += self.without_block(whole, tables, threshold_log10)
        pairs = np.concatenate(found)
        one, other = self.rows[pairs[:, 0]], self.rows[pairs[:, 1]]
        same = ((one == other) | (one == self.empty) | (other == self.empty)).all(axis=1)
        return self.named(pairs[same & (pairs[:, 0] != pairs[:, 1])])

    def without_block(
        self, whole: NDArray[np.bool_], tables: Sequence[Array], threshold_log10: float
    ) -> Iterator[Index]:
        """Pairs that have no whole block in common, and may reach the threshold."""
        bounds = self.bounds(tables, threshold_log10)
        masks, kind = np.unique(whole, axis=0, return_inverse=True)
        for a, b in combinations_with_replacement(range(len(masks)), 2):
            if bounds is None or (masks[a] & masks[b]).any():
                continue
            mine, others = np.flatnonzero(kind.reshape(-1) == a), np.flatnonzero(kind.reshape(-1) == b)
            if len(mine) > len(others):
                mine, others = others, mine
            rows = self.stacked[others]
            for start in range(0, len(mine), LANES):
                found = self.against(bounds, mine[start : start + LANES], rows)
                yield np.stack([mine[start + found[:, 0]], others[found[:, 1]]], axis=1)

    def close(self, least: int, most_differing: int) -> Iterator[Index]:
        """Pairs (k, 2) of profiles typed at `least` loci in common, of which at most so many differ."""
        tables: list[Array] = []
        for size in self.empty.tolist():
            table = np.full((size + 1, size + 1), DIFFERENT)
            np.fill_diagonal(table, 1.0)
            table[size], table[:, size] = 0.0, 0.0
            tables.append(table)
        for near in self.passing([tables], least - most_differing * (1 - DIFFERENT), unwatched):
            one, other = self.unsorted[near[:, 0]], self.unsorted[near[:, 1]]
            both = (one != self.empty) & (other != self.empty)
            differ = (both & (one != other)).sum(axis=1)
            yield near[(both.sum(axis=1) >= least) & (differ <= most_differing)]


def unwatched(_done: int, _total: int) -> None:
    """Nobody watches."""


def equal_rows(rows: Index) -> Index:
    """Pairs (k, 2) of equal rows, each with each of its like."""
    _, kind, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    kind = kind.reshape(-1)
    found = [np.empty((0, 2), dtype=np.int64)]
    order = np.argsort(kind, kind="stable")
    starts = np.cumsum(counts) - counts
    for start, count in zip(starts[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True):
        one, other = np.triu_indices(count, 1)
        members = order[start : start + count]
        found.append(np.stack([members[one], members[other]], axis=1))
    return np.concatenate(found)
