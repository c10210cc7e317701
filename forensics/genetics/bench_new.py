"""One new profile against all families, and one new family against all profiles, the others being known."""

import time
from dataclasses import dataclass, replace

import numpy as np

from forensics.domain.progress import Silent
from forensics.genetics.bench_data import invented
from forensics.genetics.bench_search import THRESHOLD
from forensics.genetics.screening import Search
from forensics.genetics.screening_prepare import prepare
from forensics.genetics.screening_standing import Standing

TRIED = 13  # one of every shape


@dataclass(frozen=True, slots=True)
class NewFigures:
    """Medians of CPU seconds, from the profile or family to the result with its digest."""

    profiles: int
    families: int
    profile_seconds: float
    family_seconds: float
    keeping_seconds: float  # to compile the families that are kept, once
    kept_megabytes: float


def new_ones(size: int, seed: int = 1) -> NewFigures:
    """`size` profiles and families, of which thirteen come one by one."""
    inputs = invented(size, seed)
    families = prepare(replace(inputs, profiles=()))
    started = time.process_time()
    standing = Standing.of(families)
    keeping = time.process_time() - started
    standing.search(inputs.profiles[:1], threshold_log10=THRESHOLD)
    one, other = [], []
    for profile in inputs.profiles[:TRIED]:
        started = time.process_time()
        standing.search([profile], threshold_log10=THRESHOLD)
        one.append(time.process_time() - started)
    profiles = prepare(replace(inputs, families=()))
    profiles = profiles.with_families(())  # everything about the profiles is known now
    for family in inputs.families[:TRIED]:
        started = time.process_time()
        search = Search(profiles.with_families([family]), THRESHOLD)
        search.run(Silent())
        search.result()
        other.append(time.process_time() - started)
    return NewFigures(
        size, size, float(np.median(one)), float(np.median(other)), keeping, standing.nbytes / 1e6
    )
