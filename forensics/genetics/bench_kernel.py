"""The inner loop of screening beside a plain numpy gather and beside the speed at which memory can be read."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forensics.genetics.bench_data import LOCI
from forensics.genetics.bench_timing import best_of
from forensics.genetics.kernel import LANES, bound_tables, can_compile, passing

GATHERED = 4  # families that numpy gathers
REPEATED = 25
GENOTYPES = 150  # of an invented locus: the table then has a quarter of a megabyte


@dataclass(frozen=True, slots=True)
class KernelFigures:
    """Per CPU second."""

    pairs_per_second: float
    gather_pairs_per_second: float
    over_gather: float
    bytes_per_second: float
    limit_bytes_per_second: float  # the same table read in order, nothing else done
    over_limit: float


def kernel(seed: int = 1, profiles: int = 20_000) -> KernelFigures:
    """Pairs per second of the kernel and of a plain numpy gather; bytes per second of kernel and cache."""
    rng = np.random.default_rng(seed)
    offsets = np.arange(LOCI) * (GENOTYPES + 1)
    log10 = rng.normal(-1.0, 1.0, (LOCI * (GENOTYPES + 1), LANES))
    rows = (rng.integers(0, GENOTYPES, (profiles, LOCI)) + offsets).astype(np.uint16)
    compiled = can_compile()
    bounds = bound_tables(np.split((log10 * np.log(10)).astype(np.float32), offsets[1:]), 4.0)
    assert bounds is not None
    block = bounds.block(np.tile(np.arange(LANES, dtype=np.int32), (LOCI, 1)), compiled)
    tables, places = np.ascontiguousarray(log10.T), rows.astype(np.intp)
    moved = profiles * LOCI * LANES * 2
    times = max(1, moved // block.bounds.nbytes)
    work: tuple[Callable[[], object], ...] = (
        lambda: passing(block, rows, compiled),
        lambda: gather(tables[:GATHERED], places),
        lambda: read(block.bounds, times),
    )
    best = [best_of(1, one) for one in work]
    for _ in range(REPEATED):  # in turn, so that a busy moment hits all of them
        best = [min(least, best_of(1, one)) for least, one in zip(best, work, strict=True)]
    kernel_rate = profiles * LANES / best[0]
    gather_rate = profiles * GATHERED / best[1]
    used, limit = moved / best[0], block.bounds.nbytes * times / best[2]
    return KernelFigures(kernel_rate, gather_rate, kernel_rate / gather_rate, used, limit, used / limit)


def gather(tables: NDArray[np.float64], rows: NDArray[np.intp]) -> None:
    """The LRs of all profiles against some families, as one would write it in numpy."""
    for family in tables:
        total = np.zeros(len(rows))
        for locus in range(rows.shape[1]):
            total += family[rows[:, locus]]


def read(table: NDArray[np.uint16], times: int) -> None:
    """Read a whole table in order, over and over: the most that the kernel could reach."""
    if not can_compile():
        for _ in range(times):
            table.max()
        return
    from forensics.genetics.kernel_numba import read as compiled

    compiled(table.view(np.uint64).ravel(), times)
