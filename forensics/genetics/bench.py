"""Measured speed of screening, as ratios within one run: only they carry over from machine to machine.

CPU seconds of this process (all threads); the best of a few repetitions. The data are invented: ladders of
8 to 20 alleles, families of thirteen shapes, genotypes dropped through the pedigrees.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from forensics.domain.screening import ScreeningInputs
from forensics.genetics.bench_data import LOCI, invented
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.kernel import LANES, bound_block, can_compile, passing
from forensics.genetics.screening import CHUNK, Search, screen
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_recipes import groups, portions
from forensics.genetics.screening_tables import chunk


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; rates are per CPU second."""

    pairs: int
    compiled: bool
    kernel_pairs_per_second: float
    gather_pairs_per_second: float
    kernel_over_gather: float
    kernel_bytes_per_second: float
    cache_bytes_per_second: float  # the same table read in order, nothing else done
    kernel_over_cache_limit: float
    families_compiled_per_second: float
    screen_seconds: float
    screen_profiles: int
    screen_families: int
    screen_hits: int
    new_profile_seconds: float  # one profile against all families

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def measure(size: int = 2000, seed: int = 1) -> Figures:
    """Run everything once with `size` profiles and families. Takes seconds to minutes."""
    inputs = invented(size, seed)
    screen(inputs.only(profiles={"P0"}, families={"F0"}))  # plans and compiled code are not timed
    kernel, gather, table_bytes, limit = kernel_figures(seed)
    compiled_rate = compile_rate(inputs)
    started = time.process_time()
    search = Search(prepare(inputs), 6.0)
    search.run(_Silent())
    seconds = time.process_time() - started
    one = inputs.only(profiles={"P0"})
    started = time.process_time()
    Search(prepare(one), 6.0).run(_Silent())
    return Figures(
        pairs=size * size,
        compiled=can_compile(),
        kernel_pairs_per_second=kernel,
        gather_pairs_per_second=gather,
        kernel_over_gather=kernel / gather,
        kernel_bytes_per_second=table_bytes,
        cache_bytes_per_second=limit,
        kernel_over_cache_limit=table_bytes / limit,
        families_compiled_per_second=compiled_rate,
        screen_seconds=seconds,
        screen_profiles=size,
        screen_families=size,
        screen_hits=len(search.hits),
        new_profile_seconds=time.process_time() - started,
    )


class _Silent:
    def step(self, done: int, total: int, what: str = "") -> None:
        """Nobody watches."""


def best_of(times: int, work: Callable[[], object]) -> float:
    """Least CPU seconds of a few runs."""
    least = np.inf
    for _ in range(times):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return float(max(least, 1e-9))


def kernel_figures(seed: int) -> tuple[float, float, float, float]:
    """Pairs per second of the kernel and of a plain numpy gather; bytes per second of kernel and cache."""
    rng = np.random.default_rng(seed)
    genotypes, profiles = 150, 20_000
    offsets = np.arange(LOCI) * (genotypes + 1)
    log10 = rng.normal(-1.0, 1.0, (LOCI * (genotypes + 1), LANES))
    rows = (rng.integers(0, genotypes, (profiles, LOCI)) + offsets).astype(np.uint32)
    block = bound_block((log10 * np.log(10)).astype(np.float32), offsets, 4.0)
    assert block is not None
    compiled = can_compile()
    passing(block, rows, compiled)
    seconds = best_of(7, lambda: passing(block, rows, compiled))
    tables = np.ascontiguousarray(log10.T)

    def gather() -> None:
        for family in tables[:4]:
            total = np.zeros(profiles)
            for locus in range(LOCI):
                total += family[rows[:, locus]]

    plain = best_of(3, gather) / 4
    moved = profiles * LOCI * LANES * 2
    return profiles * LANES / seconds, profiles / plain, moved / seconds, cache_limit(block.bounds, moved)


def cache_limit(table: np.ndarray[Any, Any], moved: int) -> float:
    """Bytes per second at which a table of this size is read over and over."""
    if not can_compile():
        return float(
            moved / best_of(3, lambda: [table.sum(dtype=np.int64) for _ in range(moved // table.nbytes)])
        )
    from forensics.genetics.kernel_numba import read

    words, times = table.view(np.uint64), max(1, moved // table.nbytes)
    read(words, 1)
    return float(words.nbytes * times / best_of(7, lambda: read(words, times)))


def compile_rate(inputs: ScreeningInputs) -> float:
    """Families per second from genotypes to exact tables over all loci, plans being known."""
    prepared = prepare(inputs)
    where = prepared.where

    def work() -> None:
        with single_threaded():
            for portion in portions(groups(prepared.columns), CHUNK):
                chunk(prepared.columns, portion, prepared.kit, where, 0.0)

    return len(prepared.columns) / best_of(2, work)
