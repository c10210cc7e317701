"""Searches end to end: families and profiles are read, checked, digested, compiled, compared, weighed exactly."""

import time
from dataclasses import dataclass

from forensics.genetics.bench_data import LOCI, Invention
from forensics.genetics.bench_timing import Aside, peak_megabytes, ready
from forensics.genetics.screening_stream import screen_stream

THRESHOLD = 6.0  # log10


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """One search. Inventing the data is not counted, loading compiled code neither; everything else is."""

    profiles: int
    families: int
    loci: int
    seconds: float
    hits: int
    comparisons: int
    expected_chance_hits: float
    peak_megabytes: float | None


def whole_search(size: int, seed: int = 1) -> SearchFigures:
    """`size` profiles against `size` families of mixed shapes, 24 loci, stepwise mutation."""
    return search(Invention(seed, LOCI), size)


def panel_search(size: int, markers: int, seed: int = 1) -> SearchFigures:
    """The same with biallelic markers."""
    return search(Invention(seed, markers, biallelic=True), size)


def search(made: Invention, size: int) -> SearchFigures:
    ready()
    next(made.families(1))  # frequencies and the like are made
    profiles, families = Aside(made.profiles(size)), Aside(made.families(size))
    started = time.process_time()
    found = screen_stream(made.rules, profiles, families, threshold_log10=THRESHOLD, expected_families=size)
    seconds = time.process_time() - started - profiles.seconds - families.seconds
    return SearchFigures(
        size,
        size,
        made.loci,
        seconds,
        len(found.hits),
        found.comparisons,
        found.expected_chance_hits,
        peak_megabytes(),
    )
