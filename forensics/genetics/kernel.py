"""The inner loop of screening: profiles against blocks of families that lie in the lanes.

A block is one table of unsigned 16-bit numbers, (rows, LANES): row = genotype of a locus, lane = family;
one row is one cache line. A profile is one row number per locus, its LR against all lanes of a block is the
sum of those rows. The numbers are rounded up and shifted so that the threshold is the top bit: the sum is
an upper bound and nothing is lost; who passes is summed again in float64. Four lanes share a 64-bit word
and are added at once, no sum can run over into the next lane. Without numba numpy does the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint16] | NDArray[np.uint32]

LANES = 32
LARGE_PAGE = 1 << 21
TOP = 1 << 15  # a sum reaches the threshold if and only if this bit is set
FULL = (1 << 16) - 1
FINEST = 1000.0  # steps per unit of log10 LR, at most
WORTH_COMPILING = 3_000_000  # pairs below which numpy is quicker than importing numba
NUMPY_SLAB = 512


@dataclass(frozen=True, slots=True)
class Block:
    """`bounds` (rows, LANES): for each locus steps of log10 LR, rounded up, and its share of the shift, at least 0."""

    bounds: NDArray[np.uint16]
    lanes: int = LANES  # in use; the others can't pass


@dataclass(frozen=True, slots=True)
class Steps:
    """How log10 LRs become whole numbers: `scale` steps to the unit, and each locus's share of the shift."""

    scale: float
    shares: NDArray[np.int64]

    def bounds(self, ln_ratio: NDArray[Any], share: int) -> NDArray[np.uint16]:
        """Upper bounds of a locus's ln LRs."""
        kind = ln_ratio.dtype.type
        scaled = ln_ratio * kind(self.scale / np.log(10))
        scaled += kind(0.05 if kind is np.float32 else 1e-6)  # more than rounding can have taken away
        np.ceil(scaled, out=scaled)
        scaled += kind(share)
        return np.asarray(np.clip(scaled, 0, FULL).astype(np.uint16))


def steps(peaks_ln: NDArray[Any], threshold_log10: float) -> Steps | None:
    """The finest steps at which neither the largest sum nor the threshold leaves 16 bits.

    `peaks_ln` (loci,) is the largest ln LR of each locus. None if the threshold can't be reached.
    """
    loci = len(peaks_ln)
    most = float(np.maximum(peaks_ln, 0).sum() / np.log(10))
    if not loci or most < threshold_log10 - 1e-6:
        return None
    room = TOP - 1 - 4 * loci
    scale = min(FINEST, room / max(most - threshold_log10, 1e-9), 30000 / max(abs(threshold_log10), 1e-9))
    shift = TOP - int(np.floor(threshold_log10 * scale - 1e-6))
    shares = np.full(loci, shift // loci)
    shares[: shift % loci] += 1
    return Steps(scale, shares)


def in_one_page(rows: int) -> NDArray[np.uint16]:
    """Zeros (rows, LANES) at the beginning of a large memory page, where the system has them.

    A block on pages of 4 KB needs more of them than the processor keeps the addresses of, and is read at half
    the speed. numpy asks the system for large pages from 4 MB on; only what is touched is used.
    """
    size = rows * LANES * 2
    memory = np.empty(max(size, 2 * LARGE_PAGE) + LARGE_PAGE, dtype=np.uint8)
    start = -memory.ctypes.data % LARGE_PAGE
    found = memory[start : start + size].view(np.uint16).reshape(rows, LANES)
    found[:] = 0
    return found


@dataclass(frozen=True)
class Tables:
    """One table a locus, (rows, distinct) of bounds, of which every lane of a block has one column."""

    parts: Sequence[NDArray[np.uint16]]

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """(loci,): first row of each locus in a block."""
        rows = np.array([len(part) for part in self.parts], dtype=np.int64)
        return np.cumsum(rows) - rows

    @property
    def count(self) -> int:
        """Rows of a block."""
        return sum(map(len, self.parts))

    @cached_property
    def flat(self) -> NDArray[np.uint16]:
        """Column after column, so that what a lane takes lies together."""
        found = np.empty(sum(part.size for part in self.parts), dtype=np.uint16)
        for part, begin in zip(self.parts, self.layout[:, 0].tolist(), strict=True):
            found[begin : begin + part.size].reshape(part.shape[::-1])[:] = part.T
        return found

    @cached_property
    def layout(self) -> NDArray[np.int64]:
        """(loci, 3): where each table begins in `flat`, its rows, its first row in a block."""
        rows = np.array([len(part) for part in self.parts], dtype=np.int64)
        sizes = np.array([part.size for part in self.parts], dtype=np.int64)
        return np.stack([np.cumsum(sizes) - sizes, rows, self.offsets], axis=1)

    @cached_property
    def memory(self) -> NDArray[np.uint16]:
        return in_one_page(self.count)

    def block(self, place: NDArray[np.int32], compiled: bool) -> Block:
        """The block of the columns `place` (loci, lanes); it is overwritten by the next one."""
        bounds = self.memory
        bounds[:, place.shape[1] :] = 0
        if compiled:
            from forensics.genetics.kernel_numba import fill

            fill(self.flat, self.layout, place, bounds)
        else:
            for part, first, mine in zip(self.parts, self.offsets.tolist(), place, strict=True):
                bounds[first : first + len(part), : len(mine)] = part[:, mine]
        return Block(bounds, place.shape[1])


def bound_tables(ln_ratios: Sequence[NDArray[Any]], threshold_log10: float) -> Tables | None:
    """Upper bounds of ln LRs (rows, distinct), float32 or float64, of each locus; None if nothing can pass."""
    chosen = steps(np.array([table.max(initial=-np.inf) for table in ln_ratios]), threshold_log10)
    if chosen is None:
        return None
    shares = chosen.shares.tolist()
    return Tables([chosen.bounds(table, share) for table, share in zip(ln_ratios, shares, strict=True)])


def passing(block: Block, rows: Rows, compiled: bool) -> NDArray[np.int64]:
    """Pairs (k, 2) of profile and lane whose upper bound reaches the threshold; `rows` (profiles, loci)."""
    return _compiled_passing(block, rows) if compiled else _plain_passing(block, rows)


def _compiled_passing(block: Block, rows: Rows) -> NDArray[np.int64]:
    from forensics.genetics.kernel_numba import scan

    words, room = block.bounds.view(np.uint64), 1 << 12
    while True:
        found = np.empty(room, dtype=np.int64)
        count = int(scan(words, rows, found))
        if count <= room:
            profiles = found[:count]
            break
        room = count
    pairs = np.argwhere(added(block.bounds, rows[profiles], True) >= TOP)
    pairs[:, 0] = profiles[pairs[:, 0]]
    return pairs


def _plain_passing(block: Block, rows: Rows) -> NDArray[np.int64]:
    parts = [np.empty((0, 2), dtype=np.int64)]
    for start in range(0, len(rows), NUMPY_SLAB):
        slab = rows[start : start + NUMPY_SLAB]
        total = np.zeros((len(slab), LANES), dtype=np.uint16)
        for column in slab.T:
            total += block.bounds[column]
        pairs = np.argwhere(total >= TOP)
        pairs[:, 0] += start
        parts.append(pairs)
    return np.concatenate(parts)


def added(bounds: NDArray[np.uint16], rows: Rows, compiled: bool) -> NDArray[np.uint16]:
    """(profiles, LANES): sums of rows of a table (rows, LANES), for those who add up several tables."""
    if not compiled:
        total = np.zeros((len(rows), LANES), dtype=np.uint16)
        for column in rows.T:
            total += bounds[column]
        return total
    from forensics.genetics.kernel_numba import add

    words = np.empty((len(rows), LANES // 4), dtype=np.uint64)
    add(bounds.view(np.uint64), rows, words)
    return words.view(np.uint16)


@lru_cache(maxsize=1)
def can_compile() -> bool:
    """Whether numba is there and works."""
    try:
        from forensics.genetics import kernel_numba
    except Exception:  # noqa: BLE001 - whatever stops numba, numpy gives the same numbers
        return False
    return bool(kernel_numba.WORKS)


def choose(pairs: int) -> bool:
    """Whether a job of this size is worth compiled code."""
    return pairs >= WORTH_COMPILING and can_compile()
