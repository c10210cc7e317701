"""Measured speed of the engine, as ratios within one run: only they carry over from machine to machine.

CPU seconds of this process, all threads, the best of a few repetitions; what is searched end to end runs in a
process of its own, so that its memory can be told. The data are invented (`bench_data`).

    measure(size, seed, ...)   everything about screening, as one value that goes into JSON
    in_words(figures)          a line for each figure
"""

import platform
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import Any, TypeVar

import numpy as np

from forensics.genetics.bench_blind import BlindFigures, blind_pairs
from forensics.genetics.bench_compile import CompileFigures, compiling
from forensics.genetics.bench_data import invented
from forensics.genetics.bench_kernel import KernelFigures, kernel
from forensics.genetics.bench_new import NewFigures, new_ones
from forensics.genetics.bench_search import SearchFigures, panel_search, whole_search
from forensics.genetics.kernel import can_compile

__all__ = ["Figures", "in_words", "invented", "measure"]

LARGE = 100_000
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured in one run."""

    machine: dict[str, Any]
    kernel: KernelFigures
    compiling: CompileFigures
    searches: tuple[SearchFigures, ...]
    panel: SearchFigures
    new: NewFigures
    blind: tuple[BlindFigures, ...]

    def plain(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self)


def measure(
    size: int = 20_000,
    seed: int = 1,
    *,
    large: bool = False,
    markers: int = 1000,
    watch: Callable[[str], None] = lambda _what: None,
) -> Figures:
    """Run everything once: `size` profiles and families, and 100,000 of each if `large`; panels of `markers`."""
    sizes = [size, LARGE] if large else [size]
    watch("kernel")
    first = kernel(seed, min(size, 20_000))
    watch("compiling")
    second = compiling(min(size, 20_000), seed)
    watch("new profiles and families")
    new = apart(new_ones, size, seed)
    watch("whole searches")
    searches = tuple(apart(whole_search, one, seed) for one in sizes)
    watch("panel")
    panel = apart(panel_search, max(13, size // 40), markers, seed)
    watch("pairs of profiles")
    blind = tuple(apart(blind_pairs, one, seed) for one in sizes)
    return Figures(machine(), first, second, searches, panel, new, blind)


def machine() -> dict[str, Any]:
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "compiled": can_compile(),
    }


def apart(work: Callable[..., R], *arguments: Any) -> R:
    """The same in a new process, whose largest memory is that of the work."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def in_words(found: Figures) -> list[str]:
    """A line for each figure."""
    k, c, new = found.kernel, found.compiling, found.new
    numpy_only = "" if found.machine["compiled"] else " (numpy: numba is not available)"
    lines = [
        f"kernel               {k.pairs_per_second:.3g} pairs per CPU second{numpy_only}",
        f"plain numpy gather   {k.gather_pairs_per_second:.3g} pairs per CPU second",
        f"  kernel / gather    {k.over_gather:.0f}",
        f"  kernel / cache     {k.over_limit:.0%} of the bandwidth at which the same table can be read at all",
        f"families compiled    {c.mixed:,.0f} per CPU second, {c.loci} loci, stepwise mutation, mixed shapes",
        *(f"  {name:18} {rate:,.0f}" for name, rate in c.by_shape.items()),
    ]
    for s in (*found.searches, found.panel):
        memory = f", {s.peak_megabytes:,.0f} MB at most" if s.peak_megabytes else ""
        lines.append(
            f"{'whole search' if s is not found.panel else 'panel of markers':20} {s.seconds:.2f} CPU seconds, "
            f"{s.profiles:,} × {s.families:,}, {s.loci} loci, {s.hits:,} hits (chance at most "
            f"{s.expected_chance_hits:,.1f}){memory}"
        )
    lines += [
        f"one new profile      {new.profile_seconds:.3f} CPU seconds against {new.families:,} families "
        f"(kept in {new.kept_megabytes:,.0f} MB, made in {new.keeping_seconds:.1f} s)",
        f"one new family       {new.family_seconds:.3f} CPU seconds against {new.profiles:,} profiles",
    ]
    for b in found.blind:
        lines.append(
            f"pairs of profiles    {b.seconds:.2f} CPU seconds, {b.profiles:,} profiles, {b.pairs:,} pairs, "
            f"{b.relations} relations, {b.hits:,} hits (chance at most {b.expected_chance_hits:,.1f})"
        )
    return lines
