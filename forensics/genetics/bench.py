"""Measured speed of screening, as ratios within one run: only they carry over from machine to machine.

CPU seconds of this process (all threads); the best of a few repetitions. The data are invented: ladders of
8 to 20 alleles, families of thirteen shapes, genotypes dropped through the pedigrees.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from forensics.domain.kinship import (
    FrequencyTable,
    Genotype,
    Member,
    MutationKind,
    MutationModel,
    Pedigree,
    Sex,
)
from forensics.domain.screening import ScreeningFamily, ScreeningInputs, ScreeningProfile
from forensics.genetics.compile_blas import single_threaded
from forensics.genetics.kernel import LANES, bound_block, can_compile, passing
from forensics.genetics.screening import CHUNK, Search, screen
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_recipes import groups, portions
from forensics.genetics.screening_tables import chunk

LOCI = 24
SHAPES: tuple[tuple[str, str], ...] = (
    # members in order "child<father,mother"; capitals are typed, x is missing
    ("both parents", "F M x<F,M"),
    ("father", "F m x<F,m"),
    ("mother and sibling", "f M x<f,M S<f,M"),
    ("one sibling", "f m x<f,m S<f,m"),
    ("two siblings", "f m x<f,m S<f,m T<f,m"),
    ("three siblings", "f m x<f,m S<f,m T<f,m U<f,m"),
    ("child and spouse", "x W C<x,W"),
    ("two children", "x w C<x,w D<x,w"),
    ("child", "x w C<x,w"),
    ("sibling and child", "f m x<f,m S<f,m w C<x,w"),
    ("half sibling", "f m n x<f,m H<f,n"),
    ("uncle and mother", "g h f<g,h U<g,h M x<f,M"),
    ("grandparents", "G H f<G,H M x<f,M"),
)


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


def invented(size: int, seed: int, loci: int = LOCI) -> ScreeningInputs:
    """`size` families of mixed shapes, and the profile of each one's missing member."""
    rng = np.random.default_rng(seed)
    names = tuple(f"L{i:02d}" for i in range(loci))
    frequencies = {name: ladder(rng, 8 + (5 * i) % 13) for i, name in enumerate(names)}
    families: list[ScreeningFamily] = []
    profiles: list[ScreeningProfile] = []
    for number in range(size):
        text = SHAPES[number % len(SHAPES)][1]
        members, typed = shape(text)
        drawn = drop(rng, members, frequencies)
        genotypes = {person: drawn[person] for person in typed}
        families.append(ScreeningFamily(f"F{number}", Pedigree(members), ("x",), genotypes))
        profiles.append(ScreeningProfile(f"P{number}", Sex.UNKNOWN, drawn["x"]))
    model = MutationModel(MutationKind.STEPWISE, 0.002, 0.001, 1e-6, 1e-6)
    return ScreeningInputs(
        names,
        FrequencyTable("invented", frequencies),
        tuple(families),
        tuple(profiles),
        dict.fromkeys(names, model),
    )


def ladder(rng: np.random.Generator, count: int) -> dict[str, float]:
    weights = rng.gamma(1.0, 1.0, count) + 0.02
    return {str(8 + i): float(w) for i, w in enumerate(weights / weights.sum())}


def shape(text: str) -> tuple[tuple[Member, ...], tuple[str, ...]]:
    """Members and typed people of a line of SHAPES."""
    members = []
    for word in text.split():
        child, _, pair = word.partition("<")
        father, _, mother = pair.partition(",")
        members.append(Member(child, Sex.UNKNOWN, father or None, mother or None))
    return tuple(members), tuple(m.id for m in members if m.id.isupper())


def drop(
    rng: np.random.Generator, members: tuple[Member, ...], frequencies: dict[str, dict[str, float]]
) -> dict[str, dict[str, Genotype]]:
    """Genotypes of all members, founders by Hardy-Weinberg, children by Mendel."""
    drawn: dict[str, dict[str, Genotype]] = {}
    tables = [(name, list(p), np.cumsum(list(p.values()))) for name, p in frequencies.items()]
    for m in members:
        if m.father and m.mother:
            picks = rng.integers(0, 2, (len(tables), 2))
            father, mother = drawn[m.father], drawn[m.mother]
            drawn[m.id] = {
                name: (father[name][i], mother[name][j])
                for (name, _, _), (i, j) in zip(tables, picks.tolist(), strict=True)
            }
        else:
            draws = rng.random((len(tables), 2))
            drawn[m.id] = {
                name: tuple(alleles[min(int(k), len(alleles) - 1)] for k in np.searchsorted(total, pair))
                for (name, alleles, total), pair in zip(tables, draws, strict=True)
            }
    return drawn
