"""Upper bounds of a chunk's tables in 16 bits, in blocks of lanes, for the kernel."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.compile_tensors import Array
from forensics.genetics.kernel import LANES, Block, Tables, steps
from forensics.genetics.screening_rows import Layout
from forensics.genetics.screening_tables import Chunk, LocusTable

LEAST = 1e-37  # smaller LRs count as this one in a bound, which stays an upper bound


def natural_log(ratio: Array) -> NDArray[np.float32]:
    return np.log(np.maximum(ratio, LEAST).astype(np.float32))


def peaks(tables: list[LocusTable]) -> Array:
    """(loci,): the largest ln LR that any column has at a locus."""
    with np.errstate(divide="ignore"):
        return np.array([np.log(t.ratio.max(initial=0.0)) for t in tables])


def blocks(made: Chunk, where: Layout, threshold_log10: float, compiled: bool) -> Iterator[tuple[int, Block]]:
    """The first lane of each block, and its bounds; nothing if no pair of the chunk can reach the threshold."""
    chosen = steps(peaks(made.tables), threshold_log10)
    if chosen is None:
        return
    bounds = [
        chosen.bounds(natural_log(t.ratio), share)
        for t, share in zip(made.tables, chosen.shares, strict=True)
    ]
    tables = Tables(bounds, where.offsets, where.count)
    place = np.stack([t.place for t in made.tables])
    for start in range(0, len(made.columns), LANES):
        yield start, tables.block(np.ascontiguousarray(place[:, start : start + LANES]), compiled)
