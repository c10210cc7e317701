"""Upper bounds of a chunk's tables, for the kernel: 16 bits, in blocks of lanes.

With many loci, as in a panel of SNPs, four biallelic markers are one locus of 256 rows. The rows of some such units
fill the cache; their sums fit 16 bits and are added up in 32. Marker by marker the bounds are rounded up, and what
lies below `CLIP` counts as `CLIP`: they remain upper bounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array, Index
from forensics.genetics.kernel import FINEST, LANES, Block, added, bound_tables, in_one_page
from forensics.genetics.screening_rows import PANEL_GENOTYPES, Layout
from forensics.genetics.screening_tables import Chunk, LocusTable

TOGETHER = 4  # markers of one unit
ROWS = 4096  # of the units that are added at a time: a quarter of a megabyte
CLIP = 2.0  # log10 by which one locus speaks against a pair at most, in a bound
ROOM = 60_000  # steps that the sum over the units of one group may reach; 16 bits hold 65,535
LEAST = 1e-37  # smaller LRs count as this one in a bound, which stays an upper bound


def natural_log(ratio: Array) -> NDArray[np.float32]:
    found = ratio.astype(np.float32)
    np.maximum(found, LEAST, out=found)
    return np.log(found, out=found)


def peaks(tables: list[LocusTable]) -> Array:
    """(loci,): the largest ln LR that any column has at a locus."""
    with np.errstate(divide="ignore"):
        return np.array([np.log(t.ratio.max(initial=0.0)) for t in tables])


def blocks(made: Chunk, threshold_log10: float, compiled: bool) -> Iterator[tuple[int, Block]]:
    """The first lane of each block, and its bounds; nothing if no pair of the chunk can reach the threshold."""
    tables = bound_tables([natural_log(t.ratio) for t in made.tables], threshold_log10)
    if tables is None:
        return
    place = np.stack([t.place for t in made.tables])
    for start in range(0, len(made.columns), LANES):
        yield start, tables.block(np.ascontiguousarray(place[:, start : start + LANES]), compiled)


@dataclass(frozen=True, slots=True)
class Part:
    """Units that are added at a time, and the profiles' rows (profiles in order, units) among theirs."""

    units: tuple[tuple[int, ...], ...]  # loci
    rows: NDArray[np.uint16]
    count: int


def parts(where: Layout) -> list[Part]:
    """All loci in units, and the units in parts that fill the cache."""
    loci = range(len(where.sizes))
    small = [x for x, size in enumerate(where.sizes.tolist()) if size == PANEL_GENOTYPES + 1]
    units = [tuple(small[i : i + TOGETHER]) for i in range(0, len(small), TOGETHER)]
    units += [(x,) for x in sorted(set(loci) - set(small))]
    found: list[list[tuple[int, ...]]] = [[]]
    room = ROWS
    for unit in units:
        size = int(where.sizes[list(unit)].prod())
        if size > room and found[-1]:
            found.append([])
            room = ROWS
        found[-1].append(unit)
        room -= size
    return [part(where, mine) for mine in found]


def part(where: Layout, units: list[tuple[int, ...]]) -> Part:
    rows = np.zeros((len(where.order), len(units)), dtype=np.int64)
    start = 0
    for number, unit in enumerate(units):
        for locus in unit:
            rows[:, number] = rows[:, number] * int(where.sizes[locus]) + where.local[:, locus]
        rows[:, number] += start
        start += int(where.sizes[list(unit)].prod())
    return Part(tuple(units), rows.astype(np.uint16), start)


class Scale(NamedTuple):
    """Steps per unit of ln LR, by how many steps each locus is shifted, and the least sum of a hit."""

    steps: float
    shift: int
    least: int


def scale_of(made: Chunk, found: list[Part], threshold_log10: float) -> Scale | None:
    """None if no pair can reach the threshold."""
    high = np.maximum(peaks(made.tables), 0.0) / np.log(10)
    if high.sum() < threshold_log10 - 1e-6:
        return None
    widest = max(float((high[[x for unit in p.units for x in unit]] + CLIP).sum()) for p in found)
    most = max(sum(map(len, p.units)) for p in found)
    steps = min(FINEST, (ROOM - 2 * most) / widest)
    shift = int(np.floor(CLIP * steps))
    least = int(np.floor(threshold_log10 * steps - 1e-6)) + shift * len(made.tables)
    return Scale(steps / np.log(10), shift, least)


def passing_panel(
    made: Chunk, where: Layout, found: list[Part], threshold_log10: float, compiled: bool
) -> Iterator[Index]:
    """Pairs (k, 2) of profile, by its place, and lane of the chunk whose upper bound reaches the threshold."""
    scale = scale_of(made, found, threshold_log10)
    if scale is None:
        return
    numbers: dict[int, NDArray[np.uint16]] = {}  # many loci share one table
    for table in made.tables:
        if id(table.ratio) not in numbers:
            numbers[id(table.ratio)] = rounded(natural_log(table.ratio), scale)
    memory = in_one_page(max(one.count for one in found))
    for start in range(0, len(made.columns), LANES):
        lanes = slice(start, min(start + LANES, len(made.columns)))
        total = np.zeros((len(where.order), LANES), dtype=np.int32)
        for one in found:
            bounds = memory[: one.count]
            row = 0
            for unit in one.units:
                tables = [made.tables[x] for x in unit]
                own = sums([numbers[id(t.ratio)][:, t.place[lanes]] for t in tables])
                bounds[row : row + len(own), : own.shape[1]] = own
                row += len(own)
            total += added(bounds, one.rows, compiled)
        pairs = np.argwhere(total >= scale.least)
        pairs[:, 1] += start
        yield pairs[pairs[:, 1] < len(made.columns)]


def rounded(ln_ratio: NDArray[np.float32], scale: Scale) -> NDArray[np.uint16]:
    """Steps, rounded up, of ln LRs; more than rounding can have taken away is added before."""
    steps = np.ceil(ln_ratio * np.float32(scale.steps) + np.float32(0.05)) + scale.shift
    return np.asarray(np.maximum(steps, 0).astype(np.uint16))


def sums(tables: list[NDArray[np.uint16]]) -> NDArray[np.uint16]:
    """(product of the rows, lanes): every sum of one row of each table."""
    found = tables[0]
    for table in tables[1:]:
        found = (found[:, None] + table[None]).reshape(-1, table.shape[1])
    return found
